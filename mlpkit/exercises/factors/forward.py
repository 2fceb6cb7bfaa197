"""§2: an activation is o of the layer before through w, and an output is σ of it. w and o have neuron 0 in them."""
# ruff: noqa: E501 (a line for each form)

from dataclasses import replace

import numpy as np

from mlpkit.core.functions import sigmoid
from mlpkit.exercises.factors.lines import Factor, Line, Option, Scale, product
from mlpkit.exercises.factors.scales import ADDED_UP, AS_IT_IS, NUMBERS, RESHAPED, SIZE, SUM_ANEW


def _through_w(first, second):
    """(K, m, i) and (J, i, j) to (K, J, m, j)."""
    return first[:, None] @ second[None]


def _cut(w):
    return w[:, 1:]


def _with_bias(bias, rest):
    return np.concatenate([np.full((len(rest), 1), float(bias)), rest], axis=1)


_READS_O = "The next layer reads the output o of the layer before, after σ, with o₀ = 1."
READ = Factor(
    "oⱼ",
    _READS_O,
    "Look at what is multiplied with w in the line that makes a: which quantity is it, and of which layer?",
    (
        Option("oⱼ", lambda x, l: x.full_o[l - 1], 0),
        Option("aⱼ, before σ,", lambda x, l: _with_bias(1, x.a[l - 1])),
        Option("aⱼ, before σ, with its own neuron 0", lambda x, l: x.full_a[l - 1], 1.05),
        Option("o without its neuron 0", lambda x, l: _with_bias(0, x.o[l - 1]), why="The bias is the weight of neuron 0, whose output is 1: it is left out here."),
        Option("o with −1 for neuron 0", lambda x, l: _with_bias(-1, x.o[l - 1]), why="The output of neuron 0 is 1: the bias is added."),
        Option("o with 2 for neuron 0", lambda x, l: _with_bias(2, x.o[l - 1]), why="The output of neuron 0 is 1: the bias is added once."),
        Option("the inputs", lambda x, l: x.full_o[0]),
        Option("o of the layer before that", lambda x, l: x.full_o[l - 2]),
        Option("σ(o)", lambda x, l: _with_bias(1, x.net.sigma[l - 1](x.o[l - 1])), why="o is the output already: σ is applied once."),
        Option("o²", lambda x, l: x.full_o[l - 1] ** 2),
        Option("o with neuron 0 computed, σ(a₀)", lambda x, l: np.concatenate([x.net.sigma[l - 1](x.full_a[l - 1][:, :1]), x.o[l - 1]], axis=1)),
        Option("o with its first neuron left out", lambda x, l: np.where(np.arange(x.net.n[l - 1]) == 1, 0, x.full_o[l - 1])),
        Option("o with its last neuron left out", lambda x, l: np.where(np.arange(x.net.n[l - 1]) == x.net.n[l - 1] - 1, 0, x.full_o[l - 1])),
        Option("o of the first example", lambda x, l: x.full_o[l - 1][:1]),
        Option("the mean of o over the examples", lambda x, l: x.full_o[l - 1].mean(axis=0, keepdims=True)),
        Option("o + 1", lambda x, l: _with_bias(1, x.o[l - 1] + 1), 1.1, "The bias is added once, to the whole sum, not to each output before."),
        Option("o divided by its length", lambda x, l: _with_bias(1, x.o[l - 1] / np.linalg.norm(x.o[l - 1], axis=1, keepdims=True)), 1.1),
        Option("o in the opposite order", lambda x, l: _with_bias(1, x.o[l - 1][:, ::-1]), 1.1, "o of neuron j meets row j of w."),
        Option("o with 1 put behind", lambda x, l: np.roll(x.full_o[l - 1], -1, axis=1), 1.1, "The 1 of neuron 0 comes first, as the biases are row 0 of w."),
        Option("σ′(a) of the layer before", lambda x, l: _with_bias(1, x.slope(l - 1)), 1.1),
        Option("1", lambda x, l: 1.0, 1.1),
    ),
)  # fmt: skip


def _rows(biases, rest):
    """w without column 0: row 0, one number for all or one for each neuron, and the rows below it."""
    row_0 = np.full(rest.shape[1], biases) if np.ndim(biases) == 0 else biases
    return np.concatenate([np.atleast_2d(row_0), rest])


WEIGHT = Factor(
    "wⱼᵢ",
    "The w that leads from the layer before to this one is used as it is: row j belongs to the neuron before, column i to "
    "the neuron after.",
    "Look at the w in the line that makes a: which layers does it join, and is it used as it is?",
    (
        Option("wⱼᵢ", lambda x, l: _cut(x.full_w[l - 1]), 0),
        Option("wᵢⱼ (w transposed)", lambda x, l: _cut(x.full_w[l - 1].T)),
        Option("wᵢⱼ (w transposed, the biases as they are)", lambda x, l: _rows(x.b[l - 1], x.w[l - 1].T), 1.05),
        Option("the next w", lambda x, l: _cut(x.full_w[l])),
        Option("the w before", lambda x, l: _cut(x.full_w[l - 2]) if l > 1 else np.nan),
        Option("the first w", lambda x, l: _cut(x.full_w[0])),
        Option("the last w", lambda x, l: _cut(x.full_w[-1])),
        Option("the w from the other end", lambda x, l: _cut(x.full_w[x.L - 1 - l]), 1.05),
        Option("|w|", lambda x, l: _rows(x.b[l - 1], abs(x.w[l - 1]))),
        Option("w²", lambda x, l: _rows(x.b[l - 1], x.w[l - 1] ** 2)),
        Option("w with the first bias for all neurons", lambda x, l: _rows(x.b[l - 1][0], x.w[l - 1])),
        Option("w with the sum of the biases for each neuron", lambda x, l: _rows(x.b[l - 1].sum(), x.w[l - 1])),
        Option("w with the biases of the layer before", lambda x, l: _rows(x.b[l - 2], x.w[l - 1]) if l > 1 else np.nan),
        Option("w with the biases of the next layer", lambda x, l: _rows(x.b[l], x.w[l - 1])),
        Option("w with 1 for each bias", lambda x, l: _rows(1.0, x.w[l - 1])),
        Option("w reshaped", lambda x, l: _cut(x.full_w[l - 1].reshape(x.full_w[l - 1].shape[::-1]).T), 1.1, RESHAPED),
        Option("w reshaped, the biases as they are,", lambda x, l: _rows(x.b[l - 1], x.w[l - 1].reshape(x.w[l - 1].shape[::-1]).T), 1.15, RESHAPED),
        Option("−w, the biases as they are,", lambda x, l: _rows(x.b[l - 1], -x.w[l - 1])),
        Option("w/n with n inputs, the biases as they are,", lambda x, l: _rows(x.b[l - 1], x.w[l - 1] / len(x.w[l - 1]))),
    ),
)  # fmt: skip


def _largest(product, x, l):
    terms = x.o[l - 1][..., None] * x.w[l - 1]
    return np.broadcast_to(terms.max(axis=1) + x.b[l - 1], product.shape)


_FORWARD_SCALES = (
    *(replace(one, why="No such factor belongs there.") for one in NUMBERS[:8]),
    Scale("{} / n with n neurons before, neuron 0 counted,", lambda p, x, l: p / x.net.n[l - 1], "The products are added up; no mean is taken."),
    Scale("{} / n with n neurons before", lambda p, x, l: p / (x.net.n[l - 1] - 1), "The products are added up; no mean is taken.", cost=1.1),
    Scale("{} · bᵢ", lambda p, x, l: (p - x.b[l - 1]) * x.b[l - 1], "The bias is added, not multiplied.", cost=1.1),
    Scale("{} less the bias once more", lambda p, x, l: p - 2 * x.b[l - 1], "The bias is added.", cost=1.4),
    Scale("{} with the largest of the products oⱼ wⱼᵢ in place of their sum", _largest, "The products are added up.", cost=1.1),
    replace(ADDED_UP, why="The sum begins anew, at 0, for each neuron.", cost=1.1),
    Scale("{} with those of the neurons before it added up, neuron 0 counted,", lambda p, x, l: np.cumsum(p, axis=-1) + x.full_o[l - 1][:, :1], "The sum begins anew, at 0, for each neuron.", cost=1.15, hint=SUM_ANEW),
    Scale("max(0, {})", lambda p, x, l: np.maximum(p, 0), cost=1.1),
    Scale("{} divided by its sum over the layer", lambda p, x, l: p / p.sum(-1, keepdims=True), "Nothing is divided by a sum: each neuron stands for itself.", cost=1.1),
    Scale("{} divided by its length over the layer", lambda p, x, l: p / np.linalg.norm(p, axis=-1, keepdims=True), "Nothing is divided by a length: each neuron stands for itself.", cost=1.1),
    Scale("{}, rounded,", lambda p, x, l: np.round(p), cost=1.1),
    Scale("{} less its mean over the examples", lambda p, x, l: p - p.mean(-2, keepdims=True), "Each example goes through the network by itself.", cost=1.2),
    Scale("{} less its mean over the layer", lambda p, x, l: p - p.mean(-1, keepdims=True), cost=1.2),
    Scale("{} / m with m examples", lambda p, x, l: p / x.m, "Each example goes through the network by itself."),
    SIZE,
    Scale("the sum over the layer of {}", lambda p, x, l: np.broadcast_to(p.sum(-1, keepdims=True), p.shape), "Each neuron has its own activation."),
)  # fmt: skip
ACTIVATION = Line(
    "activations", "a", READ, WEIGHT, _through_w, _FORWARD_SCALES, 2, "A whole layer", "the sum over j of {} · {}"
)


def _softmax(x, l):
    e = np.exp(x.a[l] - x.a[l].max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


BENT = Factor(
    "σ(a)",
    "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].",
    "Look at the line that makes o{place}: which σ is it, and what stands in its brackets?",
    (
        Option("σ(a)", lambda x, l: x.net.sigma[l](x.a[l]), 0),
        Option("a", lambda x, l: x.a[l], why="σ is left out: it is applied in every layer from 1 on, the output too."),
        Option("σ(σ(a))", lambda x, l: x.net.sigma[l](x.net.sigma[l](x.a[l])), why="σ is applied once."),
        Option("σ′(a)", lambda x, l: x.slope(l)),
        Option("σ(−a)", lambda x, l: x.net.sigma[l](-x.a[l])),
        Option("σ of the layer before", lambda x, l: x.net.sigma[l - 1](x.a[l])),
        Option("σ of the next layer", lambda x, l: x.net.sigma[l + 1](x.a[l])),
        Option("σ of the output layer", lambda x, l: x.net.sigma[-1](x.a[l]), 1.1),
        Option("σ of layer 1", lambda x, l: x.net.sigma[1](x.a[l]), 1.1),
        Option("the logistic function, whatever σ is,", lambda x, l: sigmoid(x.a[l])),
        Option("tanh, whatever σ is,", lambda x, l: np.tanh(x.a[l])),
        Option("max(0, a), whatever σ is,", lambda x, l: np.maximum(x.a[l], 0)),
        Option("max(0, σ(a))", lambda x, l: np.maximum(x.net.sigma[l](x.a[l]), 0)),
        Option("log(1 + e^a), whatever σ is,", lambda x, l: np.log1p(np.exp(x.a[l]))),
        Option("a logistic function without its brackets, 1/1 + e^−a,", lambda x, l: 1 + np.exp(-x.a[l]), why="A division comes before an addition: 1 / (1 + e^−a) needs brackets around its denominator. And a network brings its own σ."),
        Option("1 / (1 − e^−a)", lambda x, l: 1 / (1 - np.exp(-x.a[l])), why="The denominator of the logistic function is a sum, 1 + e^−a. And a network brings its own σ."),
        Option("e^−a / (1 + e^−a)", lambda x, l: sigmoid(-x.a[l]), 1.25, why="This is 1 − σ(a) for the logistic σ. And a network brings its own σ."),
        Option("e^a", lambda x, l: np.exp(x.a[l]), 1.1),
        Option("σ(a) of the neuron before it", lambda x, l: x.net.sigma[l](x.full_a[l][:, :-1]), 1.2, why="Both are counted from neuron 0."),
        Option("σ(a)²", lambda x, l: x.net.sigma[l](x.a[l]) ** 2, 1.1),
        Option("1 − σ(a)", lambda x, l: 1 - x.net.sigma[l](x.a[l]), 1.1),
        Option("σ(a) where a > 0, else 0,", lambda x, l: np.where(x.a[l] > 0, x.net.sigma[l](x.a[l]), 0), 1.1, why="σ is applied to every activation as it is: nothing is set to 0."),
        Option("|a|", lambda x, l: abs(x.a[l]), 1.1),
        Option("the sign of a", lambda x, l: np.sign(x.a[l]), 1.1),
        Option("1 where a > 0, else 0,", lambda x, l: (x.a[l] > 0) * 1.0, 1.1, why="This is a threshold. σ is applied as it is."),
        Option("softmax(a)", _softmax),
        Option("e^a / (1 + e^−a)", lambda x, l: np.exp(x.a[l]) / (1 + np.exp(-x.a[l])), 1.2),
        Option("1 / (1 + e^a)", lambda x, l: sigmoid(-x.a[l]), 1.2, why="The exponent of the logistic function is −a."),
        Option("σ(a), rounded,", lambda x, l: np.round(x.net.sigma[l](x.a[l]))),
        Option("1 where σ(a) > ½, else 0,", lambda x, l: (x.net.sigma[l](x.a[l]) > 0.5) * 1.0),
        Option("σ of the activation without its bias", lambda x, l: x.net.sigma[l](x.a[l] - x.b[l - 1])),
        Option("σ of the activation with the bias added once more", lambda x, l: x.net.sigma[l](x.a[l] + x.b[l - 1])),
        Option("the bias added after σ", lambda x, l: x.net.sigma[l](x.a[l] - x.b[l - 1]) + x.b[l - 1], 1.1, why="The bias is part of the activation, inside σ."),
        Option("σ of the mean of a over the examples", lambda x, l: x.net.sigma[l](x.a[l].mean(axis=0, keepdims=True))),
    ),
)  # fmt: skip
NOTHING = Factor("", "", "", (Option("", lambda x, l: 1.0, 0),))
ALWAYS_1 = Factor(
    "1",
    "The output of neuron 0 is the constant 1 in every layer: it is put there after σ, before the next layer reads it.",
    "Which line of your code makes the output of neuron 0, and does it stand before σ or after it?",
    (
        Option("1", lambda x, l: np.ones((x.m, 1)), 0),
        Option("σ(1)", lambda x, l: x.net.sigma[l](np.ones((x.m, 1))), 0.95, why="Its activation a₀ is 1 as it should be, and σ then bends it: σ(1) need not be 1. The output of neuron 0 is put to 1 after σ."),
        Option("σ(a₀)", lambda x, l: x.net.sigma[l](x.full_a[l][:, :1])),
        Option("0", lambda x, l: np.zeros((x.m, 1))),
        Option("−1", lambda x, l: -np.ones((x.m, 1)), 1.1),
        Option("σ(0)", lambda x, l: x.net.sigma[l](np.zeros((x.m, 1))), 1.1, why="Its activation a₀ is 0 there, and σ is applied to it."),
    ),
)  # fmt: skip
OUTPUT = Line("outputs", "o", BENT, NOTHING, product, _FORWARD_SCALES, 2, "Your turn: the forward phase")
# Neuron 0 by itself: all other lines are about neurons 1, 2, ...
OUTPUT_0 = Line(
    "outputs of neuron 0",
    "o₀",
    ALWAYS_1,
    NOTHING,
    product,
    (AS_IT_IS,),
    2,
    "The neuron that must not be computed",
)
