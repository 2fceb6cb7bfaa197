"""The kit held against other libraries, where they are installed: python tests/other_libraries.py

Gradients against PyTorch's automatic differentiation; outputs, loss and gradients against scikit-learn's perceptron
with the same weights; the digits against those that scikit-learn carries. Each prints the worst difference. What every
run of the tests has in their place is the table in oracle.py, test_oracles.py and the digest in test_data.py. Exits
with 1 where something differs.
"""

import sys
from itertools import product

import numpy as np
from networks import examples, pairs

from mlpkit import (
    Network,
    backward,
    cross_entropy,
    data,
    forward,
    gradient,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    tanh,
)
from mlpkit.core.training import mean_loss


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


def perceptrons():
    """(net, scikit-learn's perceptron for it): each hidden σ that both have, either loss, weights of three sizes.

    Its regressor ends in the identity, its classifier of several labels in sigmoids with cross-entropy. The loss that
    the regressor tells is the mean over the outputs too, but its gradient is that of their sum, like ours.
    """
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    hidden = {"logistic": sigmoid, "tanh": tanh, "relu": relu, "identity": identity}
    ends = ((MLPRegressor, identity, half_squared_error), (MLPClassifier, sigmoid, cross_entropy))
    for (name, sigma), size, sizes, (make, last, loss) in product(
        hidden.items(), (0.1, 1.0, 20.0), ([2, 3, 2], [4, 5, 3, 2]), ends
    ):
        drawn = Network.random(sizes, (None, *[sigma] * (len(sizes) - 2), last), loss, seed=4)
        w = [np.column_stack([array[:, 0], size * array[:, 1:]]) for array in drawn.w]
        one_step = {"solver": "sgd", "learning_rate_init": 1.0, "momentum": 0.0, "alpha": 0.0, "shuffle": False}
        yield (
            Network(w, drawn.sigma, loss),
            make(hidden_layer_sizes=sizes[1:-1], activation=name, max_iter=1, **one_step),
        )


def against_scikit_learns_perceptron():
    """The largest difference of an output, a loss or a derivative, as a share of what is allowed: 1e-9 of it, 1e-12."""
    import sklearn

    worst, count, compared = 0.0, 0, 0
    for net, other in perceptrons():
        I, D = examples(net, (7,), seed=3)
        D = np.round(D).astype(int) if net.loss is cross_entropy else D
        a, o = forward(net, I)
        ours = [o[-1][:, 1:], mean_loss(net, I, D), *(g[:, 1:] for g in gradient(o, backward(net, (a, o), D)))]
        other.partial_fit(I, D, **({"classes": [0, 1]} if net.loss is cross_entropy else {}))  # makes its arrays
        for w, weights, biases in zip(net.w, other.coefs_, other.intercepts_, strict=True):
            weights[:], biases[:] = w[1:, 1:], w[0, 1:]
        outputs = other.predict_proba(I) if net.loss is cross_entropy else other.predict(I)
        other.partial_fit(I, D)  # one step with α = 1: the weights before it less those after it are its gradient
        theirs = [outputs, other.loss_ * (1 if net.loss is cross_entropy else D.shape[1])]
        for w, weights, biases in zip(net.w, other.coefs_, other.intercepts_, strict=True):
            theirs.append(w[:, 1:] - np.vstack([biases, weights]))
        if net.loss is cross_entropy and np.abs(a[-1]).max() > 10:  # theirs is of o, cut off at 2e-16 from 0 and 1
            ours[1] = theirs[1] = 0.0
        else:
            compared += 1
        for one, two in zip(ours, theirs, strict=True):
            worst = max(worst, float(np.max(np.abs(one - two) / (1e-12 + 1e-9 * np.abs(two)))))
        count += 1
    return f"scikit-learn {sklearn.__version__}: {count} perceptrons, {compared} losses, the worst number", worst


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
    for library in (against_pytorch, against_scikit_learns_perceptron, against_scikit_learn):
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
