"""§3: a derivative is o of the neuron before times δ of the one after, in rows 1, 2, ... and in row 0."""
# ruff: noqa: E501 (a line for each form)

from dataclasses import replace

import numpy as np

from mlpkit.exercises.factors.lines import Factor, Line, Option, Scale
from mlpkit.exercises.factors.scales import (
    MEAN_OVER_LAYER,
    NUMBERS,
    RESHAPED,
    SIGN,
    SIGN_OF,
    SIZE,
    SQUARE,
    SUM_OVER_LAYER,
    of_layer,
)


def _each_with_each(first, second):
    """(K, m, i) and (J, m, j) to (K, J, i, j): the mean over the examples."""
    return np.swapaxes(first, 1, 2)[:, None] @ second[None] / first.shape[1]


def _without(k):
    def before(first, x):
        kept = np.zeros_like(first)
        kept[:, k] = first[:, k]
        return kept * x.m

    return before


def _times_w(product, x, l):
    w = x.full_w[l - 1][:, 1:]
    return product * (w[:1] if product.shape[-2] == 1 else w[1:])


def _reshaped(product, x, l):
    """The whole matrix made on its side, (after, before), and then reshaped: no product of these rows alone."""
    delta = np.pad(x.delta[l], ((0, 0), (1, 0)))
    g = (delta.T @ x.full_o[l - 1] / x.m).reshape(x.net.n[l - 1], x.net.n[l])[:, 1:]
    return np.broadcast_to(g[:1] if product.shape[-2] == 1 else g[1:], product.shape)


_ALL_EXAMPLES = "The gradient is the mean over all examples."
_OF_GRADIENT = {
    "m · {} with m examples": ("the sum over the examples of {}", _ALL_EXAMPLES.replace("mean", "mean, not the sum,")),
    "{} / m with m examples": ("{}, divided by m once more,", "The mean over the examples is taken once."),
    "−m · {} with m examples": (
        "−{}, summed over the examples,",
        f"{SIGN} The mean over the examples is asked for, not the sum.",
    ),
    "2 · {}": ("2 · {}", "The gradient has no such factor."),
    "½ · {}": ("½ · {}", "The gradient has no such factor."),
}
REDUCTIONS = (
    *(replace(one, words=words, why=why) for one in NUMBERS for words, why in (_OF_GRADIENT.get(one.words, (one.words, one.why)),)),
    Scale("{}, divided by m − 1 in place of m,", lambda p, x, l: p * (x.m / (x.m - 1) if x.m > 1 else 1), "The mean over m examples divides by m."),
    Scale("{}, divided by m + 1 in place of m,", lambda p, x, l: p * x.m / (x.m + 1), "The mean over m examples divides by m."),
    Scale("{} of the first example alone", before=_without(0), why=_ALL_EXAMPLES),
    Scale("{} of the last example alone", before=_without(-1), why=_ALL_EXAMPLES),
    Scale("{} of the first example alone, divided by m,", lambda p, x, l: p / x.m, _ALL_EXAMPLES, before=_without(0)),
    Scale("{} of the last example alone, divided by m,", lambda p, x, l: p / x.m, _ALL_EXAMPLES, before=_without(-1)),
    Scale("{} with the mean over the examples taken of o and δ first", before=lambda first, x: np.broadcast_to(first.mean(axis=1, keepdims=True), first.shape),
          why="Each example's o belongs to its own δ: the mean is taken of the products."),
    Scale("{} / n with n neurons in the layer before", lambda p, x, l: p / of_layer(x, l - 1), "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer before, neuron 0 counted,", lambda p, x, l: p / x.net.n[l - 1], "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer after", lambda p, x, l: p / of_layer(x, l), "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer after, neuron 0 counted,", lambda p, x, l: p / x.net.n[l], "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in layer 0", lambda p, x, l: p / of_layer(x, 0), "The mean is over the examples.", cost=1.15),
    Scale("{} / n with n neurons in layer 0, neuron 0 counted,", lambda p, x, l: p / x.net.n[0], "The mean is over the examples.", cost=1.15),
    Scale("{} turned by reshape", _reshaped, RESHAPED, cost=1.1, hint="Which numbers stand in the first row before reshape, and which after it?"),
    Scale("wᵢⱼ · {}", _times_w, "The weight itself is no factor of its own derivative.", cost=1.1),
    Scale("{} divided by the length of the matrix", lambda p, x, l: p / np.linalg.norm(p, axis=(-2, -1), keepdims=True), "Nothing is divided by the length of the gradient.", cost=1.1),
    Scale("{} of the examples in the opposite order", before=lambda first, x: first[:, ::-1], why="Each example's o belongs to its own δ."),
    *(replace(one, why="Each weight has its own derivative.", cost=1.1) for one in (MEAN_OVER_LAYER, SUM_OVER_LAYER)),
    SQUARE,
    SIZE,
    SIGN_OF,
)  # fmt: skip

_O_BEFORE = "A weight takes the output o of the neuron that it comes from, and δ of the neuron that it leads to."
# The layer of a gradient's line is that of its δ, l; w leads there from l − 1.
OUTPUT_BEFORE = Factor(
    "oᵢ",
    _O_BEFORE,
    "Look at what is multiplied with δ in the line of the gradient: of which layer is it, and is it the output?",
    (
        Option("oᵢ", lambda x, l: x.o[l - 1], 0),
        Option("", lambda x, l: 1.0),
        Option("a of the layer before", lambda x, l: x.a[l - 1], why="The next layer reads the output o, after σ."),
        Option("o of the layer after", lambda x, l: x.o[l]),
        Option("a of the layer after", lambda x, l: x.a[l]),
        Option("o of the layer before that", lambda x, l: x.o[l - 2]),
        Option("the inputs", lambda x, l: x.o[0], 1.05),
        Option("oᵢ²", lambda x, l: x.o[l - 1] ** 2),
        Option("σ(oᵢ)", lambda x, l: x.net.sigma[l - 1](x.o[l - 1]), why="o is the output already: σ is applied once."),
        Option("o (1 − o)", lambda x, l: x.o[l - 1] * (1 - x.o[l - 1])),
        Option("(1 − oᵢ)", lambda x, l: 1 - x.o[l - 1]),
        Option("σ′(aᵢ)", lambda x, l: x.slope(l - 1)),
        Option("oᵢ σ′(aᵢ)", lambda x, l: x.o[l - 1] * x.slope(l - 1)),
        Option("δᵢ of the layer before", lambda x, l: x.delta[l - 1]),
        Option("wᵢⱼ", lambda x, l: x.w[l - 1].sum(axis=1)),
        Option("o of the first neuron", lambda x, l: x.o[l - 1][:, :1], 1.1, "Row i belongs to neuron i."),
        Option("o · a", lambda x, l: x.o[l - 1] * x.a[l - 1], 1.2),
        Option("the sign of oᵢ", lambda x, l: np.sign(x.o[l - 1]), 1.2),
        Option("oᵢ + 1", lambda x, l: x.o[l - 1] + 1, 1.2),
        Option("oᵢ rounded", lambda x, l: np.round(x.o[l - 1]), 1.2),
        Option("the sum of o over the layer", lambda x, l: x.o[l - 1].sum(axis=1, keepdims=True)),
        Option("the mean of o over the layer", lambda x, l: x.o[l - 1].mean(axis=1, keepdims=True)),
        Option("o of the neuron before it", lambda x, l: x.full_o[l - 1][:, :-1], why="Row i belongs to neuron i; row 0 is that of the bias."),
        Option("o of the neuron after it", lambda x, l: np.roll(x.o[l - 1], -1, axis=1)),
        Option("o of the first example", lambda x, l: x.o[l - 1][:1], why="Each example's o belongs to its own δ."),
        Option("the mean of o over the examples", lambda x, l: x.o[l - 1].mean(axis=0, keepdims=True), 1.3, why="Each example's o belongs to its own δ."),
    ),
)  # fmt: skip
ONE = Factor(
    "o₀ = 1",
    "Row 0 belongs to the bias neuron, whose output is 1: its derivatives are δ itself, the mean over the examples.",
    "Look at the line that makes row 0, the biases: what is it multiplied by, and is it a mean as in the other rows?",
    (
        Option("", lambda x, l: 1.0, 0),
        Option("o of neuron 1", lambda x, l: x.o[l - 1][:, :1]),
        Option("the sum of o", lambda x, l: x.o[l - 1].sum(axis=1, keepdims=True)),
        Option("the mean of o", lambda x, l: x.o[l - 1].mean(axis=1, keepdims=True)),
        Option("σ(1)", lambda x, l: x.net.sigma[l - 1](np.ones((x.m, 1)))),
        Option("σ′(1)", lambda x, l: x.net.sigma[l - 1].derivative(np.ones((x.m, 1)))),
    ),
)  # fmt: skip
DELTA_AFTER = Factor(
    "δⱼ",
    _O_BEFORE,
    "Look at which δ is used in the line of the gradient: of which layer is it, and which of its numbers?",
    (
        Option("δⱼ", lambda x, l: x.delta[l], 0),
        Option("", lambda x, l: 1.0),
        Option("δ of the layer before", lambda x, l: x.delta[l - 1]),
        Option("δ of the layer after that", lambda x, l: x.delta[l + 1]),
        Option("δ of the output", lambda x, l: x.delta[-1], 1.05),
        Option("the error ∂L̃/∂o of the output", lambda x, l: x.e),
        Option("o − D", lambda x, l: x.d, 1.05),
        Option("δⱼ²", lambda x, l: x.delta[l] ** 2),
        Option("δⱼ σ′(aⱼ)", lambda x, l: x.delta[l] * x.slope(l), why="δ has σ′ in it already."),
        Option("δⱼ o (1 − o)", lambda x, l: x.delta[l] * x.o[l] * (1 - x.o[l]), 1.05, why="δ has σ′ in it already."),
        Option("δⱼ / σ′(aⱼ)", lambda x, l: x.delta[l] / x.slope(l), 1.1, why="σ′ belongs to δ, and is left out here."),
        Option("δⱼ oⱼ", lambda x, l: x.delta[l] * x.o[l]),
        Option("δⱼ (1 − oⱼ)", lambda x, l: x.delta[l] * (1 - x.o[l]), 1.1, why="δ has σ′ in it already."),
        Option("δⱼ aⱼ", lambda x, l: x.delta[l] * x.a[l]),
        Option("δⱼ bⱼ", lambda x, l: x.delta[l] * x.b[l - 1], why="The bias is the weight itself; its derivative is δ · 1."),
        Option("bⱼ", lambda x, l: x.b[l - 1]),
        Option("oⱼ", lambda x, l: x.o[l]),
        Option("aⱼ", lambda x, l: x.a[l]),
        Option("σ′(aⱼ)", lambda x, l: x.slope(l)),
        Option("|δⱼ|", lambda x, l: abs(x.delta[l])),
        Option("the raw error ∂L̃/∂o carried back through w", lambda x, l: x.raw(l, x.e), 1.05, why="A weight takes δ, which has σ′ in it."),
        Option("the raw error o − D carried back through w", lambda x, l: x.raw(l, x.d), 1.15, why="A weight takes δ, which has σ′ in it, and the slope of the network's own loss."),
        Option("the mean of δ of the output", lambda x, l: x.delta[-1].mean(axis=1, keepdims=True), 1.1, why="Each neuron moves by its own δ."),
        Option("the sum of δ of the output", lambda x, l: x.delta[-1].sum(axis=1, keepdims=True), 1.1, why="Each neuron moves by its own δ."),
        Option("the mean of the error ∂L̃/∂o of the output", lambda x, l: x.e.mean(axis=1, keepdims=True), 1.1, why="Each neuron moves by its own δ."),
        Option("the sign of δⱼ", lambda x, l: np.sign(x.delta[l]), 1.1),
        Option("δ of the neuron before it", lambda x, l: np.roll(x.delta[l], 1, axis=1), 1.1),
        Option("δⱼ (1 − δⱼ)", lambda x, l: x.delta[l] * (1 - x.delta[l]), 1.1, why="δ is the factor itself."),
        Option("δⱼ + bⱼ", lambda x, l: x.delta[l] + x.b[l - 1], 1.1, why="The bias is the weight itself; its derivative is δ · 1."),
        Option("the sum of δ over the layer", lambda x, l: x.delta[l].sum(axis=1, keepdims=True), why="Each neuron moves by its own δ."),
        Option("the mean of δ over the layer", lambda x, l: x.delta[l].mean(axis=1, keepdims=True), why="Each neuron moves by its own δ."),
        Option("δ of neuron 1", lambda x, l: x.delta[l][:, :1], why="Each neuron moves by its own δ."),
        Option("δ of the last neuron", lambda x, l: x.delta[l][:, -1:], why="Each neuron moves by its own δ."),
        Option("the largest δ of the layer", lambda x, l: x.delta[l].max(axis=1, keepdims=True), why="Each neuron moves by its own δ."),
        Option("δ of the neuron after it", lambda x, l: np.roll(x.delta[l], -1, axis=1)),
        Option("δ of the first example", lambda x, l: x.delta[l][:1], 1.05, why="Each example has its own δ."),
    ),
)  # fmt: skip
GRAD_ROWS = Line(
    "derivatives in rows 1, 2, ...", "oᵢ δⱼ", OUTPUT_BEFORE, DELTA_AFTER, _each_with_each, REDUCTIONS, 3, "Theorem 1"
)
GRAD_ROW_0 = Line(
    "derivatives in row 0, the biases,", "δⱼ", ONE, DELTA_AFTER, _each_with_each, REDUCTIONS, 3, "Theorem 1"
)
