"""The kit held against other libraries, where they are installed: python tests/other_libraries.py

Gradients against PyTorch's automatic differentiation, the digits against those that scikit-learn carries. What
every run of the tests has in their place is the table in oracle.py and the digest in test_data.py. Exits with 1 where
something differs.
"""

import sys

import numpy as np
from networks import examples, pairs

from mlpkit import backward, cross_entropy, data, forward, gradient, identity, relu, sigmoid, softplus, tanh


def gradients(torch, net, I, D):
    """∂L̃/∂w by PyTorch, the mean over the examples: a list like net.w."""
    functions = {
        sigmoid: torch.sigmoid,
        tanh: torch.tanh,
        relu: torch.relu,
        softplus: torch.nn.functional.softplus,
        identity: lambda a: a,
    }
    w = [torch.tensor(array.copy(), requires_grad=True) for array in net.w]
    here, want = torch.tensor(np.atleast_2d(I)), torch.tensor(np.atleast_2d(D))
    for matrix, sigma in zip(w, net.sigma[1:], strict=True):
        with_neuron_0 = torch.cat([torch.ones((len(here), 1), dtype=here.dtype), here], dim=1)
        here = functions[sigma]((with_neuron_0 @ matrix)[:, 1:])
    if net.loss is cross_entropy:
        loss = torch.nn.functional.binary_cross_entropy(here, want, reduction="sum")
    else:
        loss = 0.5 * ((here - want) ** 2).sum()
    (loss / len(here)).backward()
    return [matrix.grad.numpy() for matrix in w]


def against_pytorch():
    """The largest difference of a derivative, as a share of what is allowed: 1e-9 of it, and 1e-13."""
    import torch

    worst = 0.0
    for net in pairs().values():
        for batch in ((), (5,)):
            I, D = examples(net, batch)
            a, o = forward(net, I)
            ours = gradient(o, backward(net, (a, o), D))
            for one, other in zip(ours, gradients(torch, net, I, D), strict=True):
                off = abs(one - other)[:, 1:] / (1e-13 + 1e-9 * abs(other[:, 1:]))
                worst = max(worst, float(off.max()))
    return f"PyTorch {torch.__version__}: {len(pairs())} networks, the worst derivative", worst


def against_scikit_learn():
    """0 where all digits are the same, else infinity."""
    import sklearn
    from sklearn.datasets import load_digits

    theirs, ours = load_digits(), data.digits()
    same = (
        np.array_equal(theirs.data, ours.I * 16)
        and np.array_equal(theirs.target, ours.labels)
        and np.array_equal(theirs.images[7], ours.I[7].reshape(8, 8) * 16)
    )
    return f"scikit-learn {sklearn.__version__}: {len(ours.labels)} digits, the worst", 0.0 if same else np.inf


def main():
    wrong = False
    for library in (against_pytorch, against_scikit_learn):
        try:
            what, worst = library()
        except ImportError as missing:
            print(f"{missing.name} is not installed")
            continue
        print(f"{what} is off by {worst:.2g} of what is allowed")
        wrong |= not worst <= 1
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
