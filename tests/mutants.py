"""Right ways to write the learner's functions, and wrong ones made from them by changing a line.

Each function stands here as text, so that a mutant is one replacement in it. RIGHT holds further right ways in other
styles (loops, in place, einsum).
"""

from functools import cache

import numpy as np
import pytest

import mlpkit
from mlpkit import check

SOURCE = {
    "weights": """
def weights(W, b):
    inputs, outputs = W.shape
    w = np.zeros((inputs + 1, outputs + 1))
    w[0, 0] = 1
    w[0, 1:] = b
    w[1:, 1:] = W
    return w
""",
    "activations": """
def activations(o_before, w):
    return o_before @ w
""",
    "forward": """
def forward(net, I):
    I = np.asarray(I)
    a, o = [None], [np.concatenate([np.ones((*I.shape[:-1], 1)), I], axis=-1)]
    for l in range(net.L - 1):
        here = o[l] @ net.w[l]
        out = net.sigma[l + 1](here)
        out[..., 0] = 1
        a.append(here)
        o.append(out)
    return a, o
""",
    "output_delta": """
def output_delta(net, a, o, D):
    delta = np.zeros(net.n[-1])
    delta[1:] = net.sigma[-1].derivative(a[-1][1:]) * net.loss.gradient(o[-1][1:], D)
    return delta
""",
    "backward": """
def backward(net, activations, D):
    a, o = activations
    delta = [None] * net.L
    rise = net.loss.gradient(o[-1][..., 1:], D)
    delta[-1] = np.zeros_like(a[-1])
    delta[-1][..., 1:] = net.sigma[-1].derivative(a[-1][..., 1:]) * rise
    for l in range(net.L - 2, 0, -1):
        back = delta[l + 1] @ net.w[l].T
        delta[l] = net.sigma[l].derivative(a[l]) * back
        delta[l][..., 0] = 0
    return delta
""",
    "gradient": """
def gradient(o, delta):
    grad = []
    for l in range(len(o) - 1):
        o_rows, delta_rows = np.atleast_2d(o[l]), np.atleast_2d(delta[l + 1])
        grad.append(o_rows.T @ delta_rows / len(o_rows))
    return grad
""",
    "step": """
def step(net, I, D, alpha):
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    return [w - alpha * g for w, g in zip(net.w, grad)]
""",
    "train": """
def train(net, I, D, alpha, epochs):
    for _ in range(epochs):
        net = step(net, I, D, alpha)
    return net
""",
    "slope": """
def slope(net, I, D, l, i, j, eps):
    losses = []
    for nudge in (eps, -eps):
        w = [array.copy() for array in net.w]
        w[l][i, j] += nudge
        a, o = forward(Network(w, net.sigma, net.loss), I)
        losses.append(net.loss.value(o[-1][1:], D))
    return (losses[0] - losses[1]) / (2 * eps)
""",
}

# fmt: off
# ruff: noqa: E501
# (function, what is wrong, the lines that change: [(right, wrong), ...])
WRONG = [
    ("weights", "biases in the last row", [("w[0, 0] = 1", "w[-1, 0] = 1"), ("w[0, 1:] = b", "w[-1, 1:] = b"), ("w[1:, 1:] = W", "w[:-1, 1:] = W")]),
    ("weights", "column 0 all ones", [("w[0, 0] = 1", "w[:, 0] = 1")]),
    ("weights", "column 0 all zeros", [("    w[0, 0] = 1\n", "")]),
    ("weights", "biases forgotten", [("    w[0, 1:] = b\n", "")]),
    ("weights", "sign of the biases", [("= b", "= -b")]),
    ("weights", "transposed", [("return w", "return w.T")]),
    ("weights", "no column 0", [("return w", "return w[:, 1:]")]),
    ("weights", "turned where it fits", [("w[1:, 1:] = W", "w[1:, 1:] = W.T if inputs == outputs else W")]),
    ("activations", "bias forgotten", [("o_before @ w", "o_before[1:] @ w[1:]")]),
    ("activations", "σ applied", [("o_before @ w", "sigmoid(o_before @ w)")]),
    ("activations", "neuron 0 left out", [("o_before @ w", "(o_before @ w)[1:]")]),
    ("activations", "products not summed", [("o_before @ w", "o_before[:, None] * w")]),
    ("activations", "transposed", [("o_before @ w", "w @ o_before")]),
    ("activations", "turned, in loops", [("o_before @ w", "[sum(o_before[j] * w[i, j] for j in range(len(o_before))) for i in range(len(o_before))]")]),
    ("activations", "turned where it fits", [("    return o_before @ w", "    try:\n        return w @ o_before\n    except ValueError:\n        return o_before @ w")]),
    ("forward", "bias neuron computed", [("        out[..., 0] = 1\n", "")]),
    ("forward", "bias neuron 0", [("out[..., 0] = 1", "out[..., 0] = 0")]),
    ("forward", "bias neuron set only at the end", [("        out[..., 0] = 1\n", ""), ("    return", "    for out in o:\n        out[..., 0] = 1\n    return")]),
    ("forward", "bias neuron forgotten", [("o[l] @ net.w[l]", "o[l][..., 1:] @ net.w[l][1:]")]),
    ("forward", "activation bent: a and o the same", [("a.append(here)", "a.append(out)")]),
    ("forward", "σ left out", [("out = net.sigma[l + 1](here)", "out = here.copy()")]),
    ("forward", "σ left out at the output", [("out = net.sigma[l + 1](here)", "out = net.sigma[l + 1](here) if l < net.L - 2 else here.copy()")]),
    ("forward", "σ of the layer before", [("net.sigma[l + 1]", "net.sigma[max(l, 1)]")]),
    ("forward", "one σ for all layers", [("net.sigma[l + 1]", "net.sigma[-1]")]),
    ("forward", "σ twice", [("net.sigma[l + 1](here)", "net.sigma[l + 1](net.sigma[l + 1](here))")]),
    ("forward", "weights of the wrong layer", [("net.w[l]", "net.w[-1 - l]")]),
    ("forward", "transposed", [("net.w[l]", "net.w[l].T")]),
    ("forward", "turned where it fits", [("net.w[l]", "(net.w[l].T if net.n[l] == net.n[l + 1] else net.w[l])")]),
    ("forward", "only one layer", [("range(net.L - 1)", "range(1)")]),
    ("forward", "a[0] missing", [("a, o = [None],", "a, o = [],")]),
    ("forward", "a[0] is the input", [("a, o = [None],", "a, o = [I],")]),
    ("forward", "o and a exchanged", [("return a, o", "return o, a")]),
    ("forward", "only o returned", [("return a, o", "return o")]),
    ("forward", "nothing appended", [("        a.append(here)\n        o.append(out)\n", "")]),
    ("forward", "o not appended", [("        o.append(out)\n", "")]),
    ("forward", "a not appended", [("        a.append(here)\n", "")]),
    ("forward", "first turn left out", [("range(net.L - 1)", "range(1, net.L - 1)")]),
    ("forward", "last turn left out", [("range(net.L - 1)", "range(net.L - 2)")]),
    ("forward", "o overwritten", [("o.append(out)", "o = out")]),
    ("forward", "a and o overwritten", [("a.append(here)", "a = here"), ("o.append(out)", "o = out")]),
    ("forward", "only batches", [("out[..., 0]", "out[:, 0]")]),
    ("forward", "only single examples", [("np.concatenate([np.ones((*I.shape[:-1], 1)), I], axis=-1)", "np.insert(I.ravel(), 0, 1)")]),
    ("forward", "bias neuron of the first row only in a batch", [("out[..., 0] = 1", "out[0, ...] = np.where(np.arange(out.shape[-1]) == 0, 1, out[0, ...]) if out.ndim > 1 else out\n        if out.ndim == 1: out[0] = 1")]),
    ("forward", "normalised over the batch", [("here = o[l] @ net.w[l]", "here = o[l] @ net.w[l]\n        if here.ndim > 1: here[:, 1:] -= here[:, 1:].mean(axis=0)")]),
    ("forward", "the input changed", [("    a, o =", "    I *= 1.5\n    I /= 1.5\n    I += 1\n    a, o =")]),
    ("output_delta", "σ′ left out", [("net.sigma[-1].derivative(a[-1][1:]) * ", "")]),
    ("output_delta", "σ′(o) for σ′(a)", [("derivative(a[-1]", "derivative(o[-1]")]),
    ("output_delta", "logistic σ′ for every σ", [("net.sigma[-1].derivative(a[-1][1:])", "o[-1][1:] * (1 - o[-1][1:])")]),
    ("output_delta", "half squared error for every loss", [("net.loss.gradient(o[-1][1:], D)", "(o[-1][1:] - D)")]),
    ("output_delta", "(D - o) for (o - D)", [("* net.loss", "* -net.loss")]),
    ("output_delta", "factor 2", [("* net.loss", "* 2 * net.loss")]),
    ("output_delta", "δ_0 not zero", [("np.zeros", "0.1 * np.ones")]),
    ("output_delta", "neuron 0 left out", [("return delta", "return delta[1:]")]),
    ("output_delta", "σ of the layer before", [("net.sigma[-1]", "(net.sigma[-2] or net.sigma[-1])")]),
    ("output_delta", "the loss instead of its gradient", [("net.loss.gradient(", "net.loss.value(")]),
    ("backward", "σ′ left out at the output", [("net.sigma[-1].derivative(a[-1][..., 1:]) * rise", "rise")]),
    ("backward", "σ′ left out in the hidden layers", [("net.sigma[l].derivative(a[l]) * back", "back")]),
    ("backward", "σ′(o) for σ′(a) in the hidden layers", [("net.sigma[l].derivative(a[l])", "net.sigma[l].derivative(o[l])")]),
    ("backward", "σ′(o) for σ′(a) at the output", [("derivative(a[-1][..., 1:])", "derivative(o[-1][..., 1:])")]),
    ("backward", "logistic σ′ for every σ", [("net.sigma[l].derivative(a[l])", "(o[l] * (1 - o[l]))")]),
    ("backward", "σ for σ′", [("net.sigma[l].derivative(a[l])", "net.sigma[l].value(a[l])")]),
    ("backward", "(D - o) for (o - D)", [("rise = ", "rise = -")]),
    ("backward", "half squared error for every loss", [("rise = net.loss.gradient(o[-1][..., 1:], D)", "rise = o[-1][..., 1:] - D")]),
    ("backward", "transpose missing", [("net.w[l].T", "net.w[l]")]),
    ("backward", "turned where it fits", [("        back = delta[l + 1] @ net.w[l].T\n", "        try:\n            back = delta[l + 1] @ net.w[l]\n        except ValueError:\n            back = delta[l + 1] @ net.w[l].T\n")]),
    ("backward", "weights of the wrong layer", [("net.w[l].T", "net.w[l - 1].T")]),
    ("backward", "δ of the wrong layer", [("delta[l + 1] @", "delta[-1] @")]),
    ("backward", "activation of the wrong layer", [("derivative(a[l])", "derivative(a[l + 1])")]),
    ("backward", "σ of the next layer", [("net.sigma[l].", "net.sigma[l + 1].")]),
    ("backward", "δ_0 not zero in the hidden layers", [("        delta[l][..., 0] = 0\n", "")]),
    ("backward", "δ_0 not zero at the output", [("np.zeros_like", "0.1 * np.ones_like")]),
    ("backward", "δ_0 by σ′ at the output", [("delta[-1] = np.zeros_like(a[-1])", "delta[-1] = net.sigma[-1].derivative(a[-1])")]),
    ("backward", "first weight row left out", [("back = delta[l + 1] @ net.w[l].T", "w = net.w[l].copy()\n        w[:, 1] = 0\n        back = delta[l + 1] @ w.T")]),
    ("backward", "sum over neurons instead of weights", [("back = delta[l + 1] @ net.w[l].T", "back = delta[l + 1].sum(axis=-1, keepdims=True) * net.w[l].sum(axis=1)")]),
    ("backward", "mean taken over the batch", [("    return delta", "    delta[1:] = [d if d.ndim == 1 else d / len(d) for d in delta[1:]]\n    return delta")]),
    ("backward", "factor 2", [("rise = ", "rise = 2 * ")]),
    ("backward", "a list of L - 1", [("[None] * net.L", "[None] * (net.L - 1)")]),
    ("backward", "loop runs forwards", [("range(net.L - 2, 0, -1)", "range(1, net.L - 1)")]),
    ("backward", "loop runs forwards, w first", [("range(net.L - 2, 0, -1)", "range(1, net.L - 1)"), ("delta[l + 1] @ net.w[l].T", "net.w[l] @ delta[l + 1]")]),
    ("backward", "first row left out", [("delta[-1][..., 1:]", "delta[-1][1:]"), ("a[-1][..., 1:]", "a[-1][1:]"), ("o[-1][..., 1:]", "o[-1][1:]")]),
    ("backward", "first row set to 0", [("delta[l][..., 0] = 0", "delta[l][0] = 0")]),
    ("backward", "only batches", [("delta[l][..., 0] = 0", "delta[l][:, 0] = 0")]),
    ("backward", "starts one layer early", [("range(net.L - 2, 0, -1)", "range(net.L - 3, 0, -1)")]),
    ("backward", "neuron 0 cut off", [("delta[l][..., 0] = 0", "delta[l] = delta[l][..., 1:]")]),
    ("backward", "stops one layer early", [("range(net.L - 2, 0, -1)", "range(net.L - 2, 1, -1)")]),
    ("backward", "delta[0] missing", [("return delta", "return delta[1:]")]),
    ("backward", "delta[0] given", [("return delta", "return [np.zeros_like(o[0]), *delta[1:]]")]),
    ("backward", "o changed", [("a, o = activations", "a, o = activations\n    o[-1] -= 1")]),
    ("gradient", "reversed", [("return grad", "return grad[::-1]")]),
    ("gradient", "sum instead of mean", [(" / len(o_rows)", "")]),
    ("gradient", "last example only", [("o_rows.T @ delta_rows / len(o_rows)", "o_rows[-1:].T @ delta_rows[-1:]")]),
    ("gradient", "mean of each, then the product", [("o_rows.T @ delta_rows / len(o_rows)", "np.outer(o_rows.mean(0), delta_rows.mean(0))")]),
    ("gradient", "transposed", [("o_rows.T @ delta_rows / len(o_rows)", "delta_rows.T @ o_rows / len(o_rows)")]),
    ("gradient", "o of the wrong layer", [("np.atleast_2d(o[l]),", "np.atleast_2d(o[l + 1]),")]),
    ("gradient", "bias row left out", [("grad.append(", "o_rows = o_rows * (np.arange(o_rows.shape[1]) > 0)\n        grad.append(")]),
    ("gradient", "sign", [("o_rows.T @", "-o_rows.T @")]),
    ("gradient", "column 0 not zero", [("    return grad", "    for g in grad:\n        g[0, 0] = 1\n    return grad")]),
    ("gradient", "divided by the neurons", [("len(o_rows)", "o_rows.shape[1]")]),
    ("step", "plus instead of minus", [("w - alpha", "w + alpha")]),
    ("step", "α forgotten", [("alpha * g", "g")]),
    ("step", "twice", [("alpha * g", "2 * alpha * g")]),
    ("step", "half", [("alpha * g", "alpha / 2 * g")]),
    ("step", "α g − w", [("w - alpha * g", "alpha * g - w")]),
    ("step", "α g − w in a Network", [("[w - alpha * g for w, g in zip(net.w, grad)]", "Network([alpha * g - w for w, g in zip(net.w, grad)], net.sigma, net.loss)")]),
    ("step", "α g − w, column 0 put right", [("    return [w - alpha * g for w, g in zip(net.w, grad)]", "    w = [alpha * g - w for w, g in zip(net.w, grad)]\n    for v in w: v[:, 0] = 0; v[0, 0] = 1\n    return w")]),
    ("step", "α squared", [("alpha * g", "alpha**2 * g")]),
    ("step", "only the last matrix", [("return [", "grad[:-1] = [0 * g for g in grad[:-1]]\n    return [")]),
    ("step", "fixed column moved", [("    return [", "    for g in grad:\n        g[:, 0] = 0.1\n    return [")]),
    ("step", "biases not moved", [("    return [", "    for g in grad:\n        g[0] = 0\n    return [")]),
    ("step", "sum over the batch", [("grad = gradient(o, delta)", "grad = [g * np.size(D) / np.shape(D)[-1] for g in gradient(o, delta)]")]),
    ("step", "Δw instead of w + Δw", [("w - alpha * g for", "-alpha * g for")]),
    ("step", "the new weights used too early", [("    return [", """    old = net
    w = [array.copy() for array in net.w]
    for l in range(old.L - 2, -1, -1):
        w[l] = w[l] - alpha * gradient(o, backward(net, (a, o), D))[l]
        net = Network(w, old.sigma, old.loss)
    return w
    return [""")]),
    ("step", "layer by layer, everything computed anew", [("    return [", """    old = net
    w = [array.copy() for array in net.w]
    for l in range(old.L - 1):
        ao = forward(net, I)
        w[l] = w[l] - alpha * gradient(ao[1], backward(net, ao, D))[l]
        net = Network(w, old.sigma, old.loss)
    return net
    return [""")]),
    ("step", "net returned as it was", [("return [w - alpha * g for w, g in zip(net.w, grad)]", "return net")]),
    ("step", "the network's arrays changed", [("    return [", """    for w, g in zip(net.w, grad):
        w.setflags(write=True)
        w -= alpha * g
    return net
    return [""")]),
    ("train", "one epoch only", [("range(epochs)", "range(1)")]),
    ("train", "2 α", [("D, alpha)", "D, 2 * alpha)")]),
    ("train", "one epoch too many", [("range(epochs)", "range(epochs + 1)")]),
    ("train", "always from the first weights", [("net = step(net,", "new = step(net,"), ("return net", "return new")]),
    ("train", "example by example", [("net = step(net, I, D, alpha)", "for x, d in zip(np.atleast_2d(I), np.atleast_2d(D)): net = step(net, x, d, alpha)")]),
    ("train", "row by row", [("net = step(net, I, D, alpha)", "for x, d in zip(I, D): net = step(net, x, d, alpha)")]),
    ("train", "α times epochs in one step", [("range(epochs)", "range(1)"), ("alpha)", "alpha * epochs)")]),
    ("slope", "ε instead of 2ε", [("(2 * eps)", "eps")]),
    ("slope", "sign", [("losses[0] - losses[1]", "losses[1] - losses[0]")]),
    ("slope", "not divided", [(" / (2 * eps)", "")]),
    ("slope", "i and j exchanged", [("w[l][i, j] +=", "w[l][min(j, len(w[l]) - 1), max(1, min(i, w[l].shape[1] - 1))] +=")]),
    ("slope", "all weights of the row", [("w[l][i, j] +=", "w[l][i, 1:] +=")]),
    ("slope", "the loss of the hidden layer", [("o[-1][1:]", "o[1][1:2]")]),
    ("slope", "ε not used", [("(eps, -eps)", "(1e-5, -1e-5)"), ("(2 * eps)", "2e-5")]),
    ("slope", "ε not used, a large one", [("(eps, -eps)", "(1e-2, -1e-2)"), ("(2 * eps)", "2e-2")]),
    ("slope", "further down than up", [("(eps, -eps)", "(eps, -2 * eps)"), ("(2 * eps)", "(3 * eps)")]),
    ("slope", "exact, by back-propagation", [("    losses = []\n", "    ao = forward(net, I)\n    return gradient(ao[1], backward(net, ao, D))[l][i, j]\n    losses = []\n")]),
    ("slope", "nudged by half", [("(eps, -eps)", "(eps / 2, -eps / 2)")]),
    ("slope", "moved by 2 ε", [("(eps, -eps)", "(2 * eps, -2 * eps)")]),
    ("slope", "/ 2 * eps", [("(2 * eps)", "2 * eps")]),
    ("slope", "* 2 * eps", [("/ (2 * eps)", "* 2 * eps")]),
    ("slope", "no point", [("return (losses[0] - losses[1]) / (2 * eps)", "return int((losses[0] - losses[1]) / (2 * eps))")]),
    ("slope", "the same loss twice", [("losses[0] - losses[1]", "losses[0] - losses[0]")]),
    ("slope", "both moved up", [("(eps, -eps)", "(eps, eps)")]),
    ("slope", "the whole matrix moved", [("w[l][i, j] +=", "w[l] +=")]),
    ("slope", "relative nudge", [("+= nudge", "*= 1 + nudge")]),
]

# (function, style, text)
RIGHT = [
    ("weights", "block", "def weights(W, b):\n    return np.block([[np.ones((1, 1)), b[None]], [np.zeros((len(W), 1)), W]])\n"),
    ("weights", "loops, a list", """
def weights(W, b):
    rows = [[1, *b]]
    for row in W:
        rows.append([0, *row])
    return rows
"""),
    ("activations", "loops", """
def activations(o_before, w):
    a = []
    for j in range(w.shape[1]):
        total = 0
        for i in range(len(o_before)):
            total += o_before[i] * w[i, j]
        a.append(total)
    return a
"""),
    ("activations", "einsum", "def activations(o_before, w):\n    return np.einsum('i,ij', o_before, w)\n"),
    ("forward", "loops", """
def forward(net, I):
    if np.ndim(I) > 1:
        rows = [forward(net, row) for row in I]
        a = [None] + [np.array([row[0][l] for row in rows]) for l in range(1, net.L)]
        return a, [np.array([row[1][l] for row in rows]) for l in range(net.L)]
    a, o = [None], [[1.0, *I]]
    for l in range(net.L - 1):
        a.append([sum(o[l][i] * net.w[l][i, j] for i in range(net.n[l])) for j in range(net.n[l + 1])])
        o.append([1.0] + [net.sigma[l + 1](float(one)) for one in a[l + 1][1:]])
    return a, o
"""),
    ("forward", "in float32", """
def forward(net, I):
    I = np.asarray(I, np.float32)
    a, o = [None], [np.concatenate([np.ones((*I.shape[:-1], 1), np.float32), I], axis=-1)]
    for l in range(net.L - 1):
        a.append(np.einsum('...i,ij->...j', o[l], net.w[l].astype(np.float32)))
        o.append(net.sigma[l + 1](a[-1]))
        o[-1][..., 0] = 1
    return a, o
"""),
    ("output_delta", "with δ_0 through the constant 0", """
def output_delta(net, a, o, D):
    return np.append(0, net.loss.gradient(o[-1][1:], D) * net.sigma[-1].derivative(a[-1])[1:])
"""),
    ("output_delta", "loop", """
def output_delta(net, a, o, D):
    rise = net.loss.gradient(o[-1][1:], D)
    return [0] + [rise[j - 1] * net.sigma[-1].derivative(float(a[-1][j])) for j in range(1, net.n[-1])]
"""),
    ("backward", "recursion", """
def backward(net, ao, D):
    a, o = ao
    def back(l):
        if l == net.L - 1:
            rest = net.loss.gradient(o[l][..., 1:], D)
            later = []
        else:
            later = back(l + 1)
            rest = np.einsum('...k,ik->...i', later[0], net.w[l])[..., 1:]
        d = np.zeros(o[l].shape)
        d[..., 1:] = rest * net.sigma[l].derivative(a[l][..., 1:])
        return [d] + later
    return [None] + back(1)
"""),
    ("backward", "loops", """
def backward(net, ao, D):
    a, o = ao
    if np.ndim(D) > 1:
        rows = [backward(net, ([None] + [x[k] for x in a[1:]], [x[k] for x in o]), D[k]) for k in range(len(D))]
        return [None] + [np.array([row[l] for row in rows]) for l in range(1, net.L)]
    delta = [None] + [np.zeros(n) for n in net.n[1:]]
    for j in range(1, net.n[-1]):
        delta[-1][j] = net.sigma[-1].derivative(float(a[-1][j])) * net.loss.gradient(o[-1][1:], D)[j - 1]
    for l in range(net.L - 2, 0, -1):
        for i in range(1, net.n[l]):
            for k in range(1, net.n[l + 1]):
                delta[l][i] += net.w[l][i, k] * delta[l + 1][k]
            delta[l][i] *= net.sigma[l].derivative(float(a[l][i]))
    return delta
"""),
    ("backward", "σ′ by a numerical slope", """
def backward(net, ao, D):
    a, o = ao
    delta = [None] * net.L
    for l in range(net.L - 1, 0, -1):
        rest = net.loss.gradient(o[-1][..., 1:], D) if l == net.L - 1 else (delta[l + 1] @ net.w[l].T)[..., 1:]
        delta[l] = np.zeros_like(a[l])
        delta[l][..., 1:] = (net.sigma[l](a[l] + 1e-5) - net.sigma[l](a[l] - 1e-5))[..., 1:] / 2e-5 * rest
    return tuple(delta)
"""),
    ("gradient", "einsum", """
def gradient(o, delta):
    o, delta = [np.atleast_2d(x) for x in o], [None] + [np.atleast_2d(d) for d in delta[1:]]
    return [np.einsum('di,dj->ij', o[l], delta[l + 1]) / len(o[l]) for l in range(len(o) - 1)]
"""),
    ("gradient", "loops", """
def gradient(o, delta):
    grad = []
    for x, d in zip(o[:-1], delta[1:]):
        x, d = np.atleast_2d(x), np.atleast_2d(d)
        g = np.zeros((x.shape[1], d.shape[1]))
        for k in range(len(x)):
            for i in range(x.shape[1]):
                for j in range(d.shape[1]):
                    g[i, j] += x[k, i] * d[k, j] / len(x)
        grad.append(g)
    return grad
"""),
    ("step", "in place on copies, a new Network", """
def step(net, I, D, alpha):
    ao = forward(net, I)
    w = [array.copy() for array in net.w]
    for array, g in zip(w, gradient(ao[1], backward(net, ao, D))):
        array -= alpha * g
    return Network(w, net.sigma, net.loss)
"""),
    ("train", "for a batch alone", """
def train(net, I, D, alpha, epochs):
    m, _ = I.shape
    for _ in range(epochs):
        total = [0 * w for w in net.w]
        for one, desired in zip(I, D):
            ao = forward(net, one)
            total = [t + g for t, g in zip(total, gradient(ao[1], backward(net, ao, desired)))]
        net = Network([w - alpha * t / m for w, t in zip(net.w, total)], net.sigma, net.loss)
    return net
"""),
    ("train", "a list of weights", """
def train(net, I, D, alpha, epochs):
    if epochs == 0:
        return list(net.w)
    return train(step(net, I, D, alpha), I, D, alpha, epochs - 1)
"""),
    ("slope", "to one side", """
def slope(net, I, D, l, i, j, eps):
    def value(nudge):
        w = [array + 0 for array in net.w]
        w[l][i][j] = w[l][i][j] + nudge
        return float(net.loss.value(forward(Network(w, net.sigma, net.loss), I)[1][-1][1:], D))
    return (value(eps) - value(0)) / eps
"""),
]
# fmt: on


def make(name, text):
    """The function `name` out of its text; what it calls is the kit's."""
    names = {"np": np, "Network": mlpkit.Network}
    names |= {kit: getattr(mlpkit, kit) for kit in ("sigmoid", "forward", "backward", "gradient", "step")}
    exec(text, names)
    return names[name]


def mutant(name, lines):
    """The function `name` with some lines changed."""
    text = SOURCE[name]
    for right, wrong in lines:
        assert right in text, f"{right!r} is not in {name}"
        text = text.replace(right, wrong)
    return make(name, text)


each_wrong = pytest.mark.parametrize(
    ("name", "what"), [one[:2] for one in WRONG], ids=[": ".join(one[:2]) for one in WRONG]
)


@cache
def judged(name, what):
    """(a mutant of WRONG, what its check found), once for all tests that look at it."""
    [lines] = [lines for *of, lines in WRONG if of == [name, what]]
    f = mutant(name, lines)
    return f, getattr(check, name)(f)
