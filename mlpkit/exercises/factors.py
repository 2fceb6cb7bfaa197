"""The lines of the algorithm as products of named factors, each with what else could have stood there.

A line makes one kind of number of a layer out of two factors: δ is σ′(a) times what is carried back, an activation is o
through w, a derivative is o times δ. Each factor has its right form first and then the others that people write there;
what is done to the whole product (a sign, a mean too many) stands in SCALES. explain.py tries them on a learner's
numbers, so the words stand beside the formulas.

The arrays are (examples, neurons), also for one example alone, without neuron 0 where not said otherwise.
"""
# ruff: noqa: E501 (a line for each form)

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mlpkit.core import network
from mlpkit.core.functions import relu, sigmoid, tanh


class Values:
    """All that a line may read, of one case. What the learner's function gives is put in the place of the kit's.

    full_a, full_o: by layer, (m, n) with neuron 0; a, o, delta: the same without it. w: (n, n) without row 0 and column
    0; full_w: with them; b: the biases. e: ∂L̃/∂o. d: o − D. delta, g: the learner's own as far as they are known.
    row_0_apart: by how much row 0 of g is not the δ of its other rows, where it is not. own_o: the layers whose o is their own.
    """

    def __init__(self, case):
        net = self.net = case.net
        self.case, self.alpha, self.L, self.D = case, case.alpha, net.L, np.atleast_2d(case.D)
        a, o = network.forward(net, np.atleast_2d(case.I))
        self.full_a, self.full_o, self.full_w = list(a), list(o), list(net.w)
        self.m = len(self.D)
        self.a, self.o = ([None if layer is None else layer[:, 1:] for layer in layers] for layers in (a, o))
        self.w, self.b = [w[1:, 1:] for w in net.w], [w[0, 1:] for w in net.w]
        self.d = self.o[-1] - self.D
        self.e = net.loss.gradient(self.o[-1], self.D)
        right = network.backward(net, (a, o), self.D)
        self.delta = [None if layer is None else layer[:, 1:] for layer in right]
        self.right_delta = list(self.delta)
        self.g, self.row_0_apart, self.own_o = None, [], []

    def with_forward(self, a, o):
        """Their a and o in the place of the kit's."""
        for l in range(1, self.L):
            self.full_a[l], self.full_o[l] = np.atleast_2d(a[l]), np.atleast_2d(o[l])
            self.a[l], self.o[l] = self.full_a[l][:, 1:], self.full_o[l][:, 1:]
        self.full_o[0] = np.atleast_2d(o[0])
        self.o[0] = self.full_o[0][:, 1:]

    def slope(self, l, at=None):
        return self.net.sigma[l].derivative(self.a[l] if at is None else at)

    def new_w(self, l):
        return self.w[l] - self.alpha * self.g[l][1:, 1:]

    def raw(self, l, start):
        """What begins at the output as `start` and goes back through w alone, with no σ′ on its way."""
        for k in range(self.L - 2, l - 1, -1):
            start = start @ self.w[k].T
        return start


@dataclass(frozen=True, eq=False)
class Option:
    """What may stand in the place of a factor. words: it, written. of: (Values, layer) to its array.

    cost: how far from the right one; the smaller explains. why: what belongs there, where the factor's own does not
    say it.
    """

    words: str
    of: Callable
    cost: float = 1.0
    why: str = ""


@dataclass(frozen=True, eq=False)
class Factor:
    """A named factor of a line. options: the right one first. belongs: what belongs there. hint: where to look."""

    name: str
    belongs: str
    hint: str
    options: tuple


@dataclass(frozen=True, eq=False)
class Scale:
    """What is done to a whole product. words: around it, with {}. of: (array, Values, layer) to an array.

    before: the same for the first factor, before the two are put together.
    """

    words: str
    of: Callable = lambda product, x, l: product
    why: str = "No such factor belongs there."
    before: Callable = lambda first, x: first
    cost: float = 1.0


@dataclass(frozen=True, eq=False)
class Line:
    """A line of the algorithm. what: the numbers that it makes, in words; symbol: one of them. form: its two factors in
    words.
    """

    what: str
    symbol: str
    first: Factor
    second: Factor
    combine: Callable
    scales: tuple
    lesson: int
    heading: str
    form: str = "{} · {}"


def _logistic(z):
    return sigmoid.derivative(z)


def _relu_asked_of_o(x, l):
    return (x.o[l] >= 0) * 1.0 if x.net.sigma[l] is relu else x.slope(l)


_SLOPE_AT = "σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied."
_WHATEVER = "It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope."

SLOPE = Factor(
    "σ′(a)",
    _SLOPE_AT,
    "Look at the factor σ′ in the line that makes δ{place}: of which σ is it, and what stands in its brackets?",
    (
        Option("σ′(a)", lambda x, l: x.slope(l), 0),
        Option(
            "",
            lambda x, l: 1.0,
            0.9,
            "σ′(a) belongs there: δ is the slope against the activation a, not against the output o, and "
            "between the two lies σ, with its own slope.",
        ),
        Option("σ′(o)", lambda x, l: x.slope(l, x.o[l])),
        Option("σ′ of the bias", lambda x, l: x.slope(l, x.b[l - 1])),
        Option("σ′ at the activations of the next layer", lambda x, l: x.slope(l, x.a[l + 1])),
        Option("σ′ at the activations of the layer before", lambda x, l: x.slope(l, x.a[l - 1])),
        Option("σ′ at the outputs of the layer before", lambda x, l: x.slope(l, x.o[l - 1])),
        Option("σ′ at the outputs of the next layer", lambda x, l: x.slope(l, x.o[l + 1])),
        Option("σ′ at the activations of the output layer", lambda x, l: x.slope(l, x.a[-1])),
        Option("σ′(o − D)", lambda x, l: x.slope(l, x.d)),
        Option("σ′(D)", lambda x, l: x.slope(l, x.D)),
        Option("σ′ at what is carried back", lambda x, l: x.slope(l, x.delta[l + 1] @ x.w[l].T)),
        Option("σ′(−a)", lambda x, l: x.slope(l, -x.a[l]), 1.2),
        Option("σ′(2a)", lambda x, l: x.slope(l, 2 * x.a[l]), 1.2),
        Option("σ′(σ(o))", lambda x, l: x.slope(l, x.net.sigma[l](x.o[l])), 1.2),
        Option("σ′ of the activation without its bias", lambda x, l: x.slope(l, x.a[l] - x.b[l - 1])),
        Option("σ′ of the next layer's σ", lambda x, l: x.slope(l + 1, x.a[l])),
        Option("σ′ of the σ of the layer before", lambda x, l: x.slope(l - 1, x.a[l])),
        Option("σ′ of the output layer's σ", lambda x, l: x.slope(x.L - 1, x.a[l]), 1.1),
        Option("σ′ of layer 1's σ", lambda x, l: x.slope(1, x.a[l]), 1.1),
        Option("σ′ of the next layer", lambda x, l: x.slope(l + 1)),
        Option("σ′ of the layer before", lambda x, l: x.slope(l - 1)),
        Option("σ′(a) of this layer · σ′(a) of the next", lambda x, l: x.slope(l) * x.slope(l + 1)),
        Option("σ(a)", lambda x, l: x.o[l], why="σ(a) is the value of σ. Its slope is asked for."),
        Option("a", lambda x, l: x.a[l]),
        Option("(1 − o)", lambda x, l: 1 - x.o[l]),
        Option("o (1 − o)", lambda x, l: x.o[l] * (1 - x.o[l]), why=_WHATEVER),
        Option("(1 − o²)", lambda x, l: 1 - x.o[l] ** 2, why=_WHATEVER),
        Option("a (1 − a)", lambda x, l: x.a[l] * (1 - x.a[l])),
        Option("(1 − a²)", lambda x, l: 1 - x.a[l] ** 2),
        Option("logistic σ′(a), whatever σ is,", lambda x, l: _logistic(x.a[l]), why=_WHATEVER),
        Option(
            "σ(o) (1 − σ(o)), the logistic σ′ at the output,",
            lambda x, l: _logistic(x.o[l]),
            why=f"{_SLOPE_AT} {_WHATEVER}",
        ),
        Option("1 − tanh²(a), whatever σ is,", lambda x, l: tanh.derivative(x.a[l]), why=_WHATEVER),
        Option("1 − tanh²(o)", lambda x, l: tanh.derivative(x.o[l]), why=f"{_SLOPE_AT} {_WHATEVER}"),
        Option("e (1 − e) with e = o − D", lambda x, l: x.d * (1 - x.d), why="In o (1 − o) it is the output twice."),
        Option("(1 − e) with e = o − D", lambda x, l: 1 - x.d, 1.4, why="In o (1 − o) it is the output twice."),
        Option("D (1 − D)", lambda x, l: x.D * (1 - x.D)),
        Option("o (1 − o) of the layer before", lambda x, l: x.o[l - 1] * (1 - x.o[l - 1])),
        Option("o (1 − o) of the next layer", lambda x, l: x.o[l + 1] * (1 - x.o[l + 1])),
        Option("[a > 0], whatever σ is,", lambda x, l: (x.a[l] > 0) * 1.0, why=_WHATEVER),
        Option("[a ≥ 0], whatever σ is,", lambda x, l: (x.a[l] >= 0) * 1.0, 1.1, why=_WHATEVER),
        Option("[o ≥ 0], whatever σ is,", lambda x, l: (x.o[l] >= 0) * 1.0, 1.1, why=_WHATEVER),
        Option(
            "σ′(a), but for relu [o ≥ 0],",
            _relu_asked_of_o,
            why="The output of relu is never below 0, so o ≥ 0 is true for every neuron, also for those whose "
            "activation is negative. Ask it of a, with >.",
        ),
        Option("σ′(a) · a", lambda x, l: x.slope(l) * x.a[l], why="σ′(a) is a factor by itself: a is its argument."),
        Option(
            "σ′(a) · o", lambda x, l: x.slope(l) * x.o[l], why="σ′(a) is a factor by itself; o of the layer is none."
        ),
        Option("σ′(a) · (1 − o)", lambda x, l: x.slope(l) * (1 - x.o[l])),
        Option("σ′(a)²", lambda x, l: x.slope(l) ** 2, why="σ′(a) belongs there once."),
        Option("1/σ′(a)", lambda x, l: 1 / x.slope(l), why="δ is multiplied by σ′(a), not divided by it."),
        Option("(σ′(a) + 1)", lambda x, l: x.slope(l) + 1),
        Option("the mean of σ′(a) over the layer", lambda x, l: x.slope(l).mean(axis=1, keepdims=True)),
        Option("the sum of σ′(a) over the layer", lambda x, l: x.slope(l).sum(axis=1, keepdims=True)),
        Option("σ′(a) of the first example", lambda x, l: x.slope(l)[:1]),
        Option("σ′(a) of the last example", lambda x, l: x.slope(l)[-1:]),
        Option("the mean of σ′(a) over the examples", lambda x, l: x.slope(l).mean(axis=0, keepdims=True)),
        Option("σ′ of the mean of a over the examples", lambda x, l: x.slope(l, x.a[l].mean(axis=0, keepdims=True))),
    ),
)

RISE = Factor(
    "∂L̃/∂o",
    "At the output σ′(a) is multiplied by the slope of the loss, ∂L̃/∂o.",
    "Look at what the loss gives in the line that makes δ of the output: is it the slope of the loss of the network?",
    (
        Option("∂L̃/∂o", lambda x, l: x.e, 0),
        Option("", lambda x, l: 1.0, 0.9),
        Option("(o − D)", lambda x, l: x.d, why="o − D is the slope of the half squared error alone. A network may "
               "have another loss, and net.loss knows its slope."),
        Option("(D − o)", lambda x, l: -x.d, 1.05, why="D − o has the sign the other way round: δ says how the loss moves with the activation, and the minus belongs to the step. And it is of one loss alone: net.loss knows the slope of its own."),
        Option("(o − D)²", lambda x, l: x.d**2, why="The square is the loss, but for ½. Its slope ∂L̃/∂o keeps the sign of o − D."),
        Option("½ (o − D)²", lambda x, l: x.d**2 / 2, why="This is the loss of each output. Its slope is asked for."),
        Option("(∂L̃/∂o)²", lambda x, l: x.e**2, 1.1),
        Option("the loss L̃", lambda x, l: x.net.loss.value(x.o[-1], x.D)[:, None]),
        Option("|o − D|", lambda x, l: abs(x.d), why="The sign of o − D says in which direction the loss falls."),
        Option("the sign of (o − D)", lambda x, l: np.sign(x.d)),
        Option("(o − D)/n with n outputs", lambda x, l: x.d / x.d.shape[1], 1.3, why="L̃ is a sum over the outputs, not a mean."),
        Option("2 (o − D)/n with n outputs", lambda x, l: 2 * x.d / x.d.shape[1], 1.4, why="L̃ is a sum over the outputs with ½, not a mean."),
        Option("(a − D)", lambda x, l: x.a[-1] - x.D, why="The loss compares D with the output o, after σ."),
        Option("(σ(o) − D)", lambda x, l: x.net.sigma[-1](x.o[-1]) - x.D, why="o is the output already: σ is applied once."),
        Option("o", lambda x, l: x.o[-1]),
        Option("D", lambda x, l: x.D),
        Option("(o + D)", lambda x, l: x.o[-1] + x.D),
        Option("o D", lambda x, l: x.o[-1] * x.D),
        Option("D/o", lambda x, l: x.D / x.o[-1]),
        Option("(o − D)/(o (1 − o))", lambda x, l: x.d / (x.o[-1] * (1 - x.o[-1])), why="This is the slope of the "
               "cross-entropy alone. A network may have another loss, and net.loss knows its slope."),
        Option("D · log o", lambda x, l: x.D * np.log(x.o[-1])),
        Option("(o − D) · o", lambda x, l: x.d * x.o[-1], 1.2),
        Option("the sum of ∂L̃/∂o over the outputs", lambda x, l: x.e.sum(axis=1, keepdims=True), why="Each output has its own slope of the loss."),
        Option("the mean of ∂L̃/∂o over the outputs", lambda x, l: x.e.mean(axis=1, keepdims=True), why="Each output has its own slope of the loss."),
        Option("the sum of (o − D) over the outputs", lambda x, l: x.d.sum(axis=1, keepdims=True), 1.2, why="Each output has its own slope of the loss."),
        Option("the mean of (o − D) over the outputs", lambda x, l: x.d.mean(axis=1, keepdims=True), 1.2, why="Each output has its own slope of the loss."),
        Option("∂L̃/∂o of output 1", lambda x, l: x.e[:, :1], why="Each output has its own slope of the loss."),
        Option("∂L̃/∂o of the last output", lambda x, l: x.e[:, -1:], why="Each output has its own slope of the loss."),
        Option("the largest ∂L̃/∂o", lambda x, l: x.e.max(axis=1, keepdims=True)),
        Option("∂L̃/∂o in the opposite order of the outputs", lambda x, l: x.e[:, ::-1]),
        Option("o − D with D one place on", lambda x, l: x.o[-1] - np.roll(x.D, 1, axis=1)),
        Option("o − D with D one place back", lambda x, l: x.o[-1] - np.roll(x.D, -1, axis=1)),
        Option("∂L̃/∂o of the first example", lambda x, l: x.e[:1], why="Each example has its own δ."),
        Option("∂L̃/∂o of the last example", lambda x, l: x.e[-1:], why="Each example has its own δ."),
        Option("the mean of ∂L̃/∂o over the examples", lambda x, l: x.e.mean(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
        Option("the sum of ∂L̃/∂o over the examples", lambda x, l: x.e.sum(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
    ),
)  # fmt: skip


def _later(x, l):
    return x.delta[l + 1]


def _through(x, later, w):
    return later @ w.T


_DELTA_OF_NEXT = "What is carried back is δ of the next layer, which has σ′ of that layer in it"
_EACH_WEIGHT = "Each δₖ of the next layer meets the weight wᵢₖ that leads to it, and the products are added up"

CARRIED = Factor(
    "Σₖ wᵢₖ δₖ",
    f"{_DELTA_OF_NEXT}, through the same w that leads there.",
    "Look at what is multiplied with σ′ in the line that makes δ{place}: what comes back there, and through which weights?",
    (
        Option("Σₖ wᵢₖ δₖ", lambda x, l: _later(x, l) @ x.w[l].T, 0),
        Option("", lambda x, l: 1.0, 0.9),
        Option("the raw error ∂L̃/∂o carried back through w", lambda x, l: x.raw(l, x.e), why=f"{_DELTA_OF_NEXT}."),
        Option("the raw error o − D carried back through w", lambda x, l: x.raw(l, x.d), 1.1,
               why=f"{_DELTA_OF_NEXT}, and o − D is the slope of one loss alone."),
        Option("the error of the output, not carried back through w,", lambda x, l: x.e,
               why="A hidden neuron has an error of its own: δ of the next layer, carried back through w."),
        Option("o − D of the output, not carried back through w,", lambda x, l: x.d, 1.1,
               why="A hidden neuron has an error of its own: δ of the next layer, carried back through w."),
        Option("δ of the next layer, not carried back through w,", _later, why=f"{_EACH_WEIGHT}."),
        Option("the sum of δ of the next layer, without w,", lambda x, l: _later(x, l).sum(axis=1, keepdims=True), why=f"{_EACH_WEIGHT}."),
        Option("the mean of δ of the next layer, without w,", lambda x, l: _later(x, l).mean(axis=1, keepdims=True), why=f"{_EACH_WEIGHT}."),
        Option("Σₖ wᵢₖ, without δ,", lambda x, l: x.w[l].sum(axis=1), why=f"{_EACH_WEIGHT}."),
        Option("Σₖ δₖ wₖᵢ (w not transposed)", lambda x, l: _later(x, l) @ x.w[l], why="wᵢₖ leads from i to k: neuron i "
               "collects along its row of w. A transpose is missing, or one too many."),
        Option("∂L̃/∂o carried back through the last w", lambda x, l: x.e @ x.w[-1].T, 1.1, why=f"{_DELTA_OF_NEXT}."),
        Option("∂L̃/∂o through the w of this layer", lambda x, l: x.e @ x.w[l].T, 1.05, why=f"{_DELTA_OF_NEXT}."),
        Option("δ of the output carried back through w", lambda x, l: x.delta[-1] @ x.w[l].T, why=f"{_DELTA_OF_NEXT}."),
        Option("δ of the output carried back through every w, with no σ′ between,", lambda x, l: x.raw(l, x.delta[-1]), 1.05, why=f"{_DELTA_OF_NEXT}."),
        Option("δ carried back through the w of the layer before", lambda x, l: _later(x, l) @ x.w[l - 1].T),
        Option("δ carried back through the next w", lambda x, l: _later(x, l) @ x.w[l + 1].T),
        Option("δ carried back through the last w", lambda x, l: _later(x, l) @ x.w[-1].T, 1.1),
        Option("δ carried back through the first w", lambda x, l: _later(x, l) @ x.w[0].T, 1.1),
        Option("δ carried back through the gradient of w", lambda x, l: _later(x, l) @ x.g[l][1:, 1:].T,
               why="δ comes back through w itself. The gradient of w is what w is moved by, later."),
        Option("δ carried back through the new w", lambda x, l: _later(x, l) @ x.new_w(l).T,
               why="All δ come first, from the old weights; then all weights move at once."),
        Option("δ carried back through the change Δw", lambda x, l: -x.alpha * _later(x, l) @ x.g[l][1:, 1:].T,
               why="δ comes back through w itself. Δw is what w is moved by, later."),
        Option("δ carried back through |w|", lambda x, l: _later(x, l) @ abs(x.w[l]).T),
        Option("δ carried back through w²", lambda x, l: _later(x, l) @ (x.w[l] ** 2).T),
        Option("δ carried back through the sign of w", lambda x, l: _later(x, l) @ np.sign(x.w[l]).T),
        Option("δ carried back through w divided by the sum of its column (the weights into k)", lambda x, l: _later(x, l) @ (x.w[l] / x.w[l].sum(axis=0)).T, 1.1,
               why="The weights are not shares: δ comes back through w as it is."),
        Option("δ carried back through w divided by the sum of its row", lambda x, l: _later(x, l) @ (x.w[l] / x.w[l].sum(axis=1, keepdims=True)).T, 1.1,
               why="The weights are not shares: δ comes back through w as it is."),
        Option("o of the next layer carried back through w", lambda x, l: x.o[l + 1] @ x.w[l].T, why=f"{_DELTA_OF_NEXT}."),
        Option("a of the next layer carried back through w", lambda x, l: x.a[l + 1] @ x.w[l].T, why=f"{_DELTA_OF_NEXT}."),
        Option("δ · σ′ of the next layer carried back through w", lambda x, l: (_later(x, l) * x.slope(l + 1)) @ x.w[l].T,
               why="δ of the next layer has σ′ of that layer in it already."),
        Option("δ / σ′ of the next layer carried back through w", lambda x, l: (_later(x, l) / x.slope(l + 1)) @ x.w[l].T, 1.15,
               why=f"{_DELTA_OF_NEXT}."),
        Option("δ · o of the next layer carried back through w", lambda x, l: (_later(x, l) * x.o[l + 1]) @ x.w[l].T),
        Option("δ² of the next layer carried back through w", lambda x, l: _later(x, l) ** 2 @ x.w[l].T),
        Option("|δ| of the next layer carried back through w", lambda x, l: abs(_later(x, l)) @ x.w[l].T),
        Option("the first way alone, wᵢ₁ δ₁,", lambda x, l: x.w[l][:, 0] * _later(x, l)[:, :1], why="A neuron acts on the loss through every neuron of the next layer: the ways are added up."),
        Option("the last way alone, wᵢₖ δₖ with the last k,", lambda x, l: x.w[l][:, -1] * _later(x, l)[:, -1:], why="A neuron acts on the loss through every neuron of the next layer: the ways are added up."),
        Option("all ways but the first", lambda x, l: _later(x, l)[:, 1:] @ x.w[l][:, 1:].T, why="A neuron acts on the loss through every neuron of the next layer: the ways are added up, from k = 1 on."),
        Option("all ways but the last", lambda x, l: _later(x, l)[:, :-1] @ x.w[l][:, :-1].T, why="A neuron acts on the loss through every neuron of the next layer: the ways are added up, to the last k."),
        Option("the sum of δₖ times the w one place before it, wᵢ,ₖ₋₁,", lambda x, l: _later(x, l) @ x.full_w[l][1:, :-1].T, 1.1, why=f"{_EACH_WEIGHT}. Both are counted from neuron 0."),
        Option("the largest of wᵢₖ δₖ", lambda x, l: (x.w[l] * _later(x, l)[:, None]).max(axis=2), why=f"{_EACH_WEIGHT}."),
        Option("the mean of wᵢₖ δₖ over k", lambda x, l: (x.w[l] * _later(x, l)[:, None]).mean(axis=2), why=f"{_EACH_WEIGHT}."),
        Option("the mean of wᵢₖ δₖ over k with neuron 0 counted", lambda x, l: _later(x, l) @ x.w[l].T / (x.w[l].shape[1] + 1), 1.1, why=f"{_EACH_WEIGHT}."),
        Option("(Σₖ δₖ) (Σₖ wᵢₖ)", lambda x, l: _later(x, l).sum(axis=1, keepdims=True) * x.w[l].sum(axis=1), why=f"{_EACH_WEIGHT}."),
        Option("(mean of δ) (mean of wᵢₖ)", lambda x, l: _later(x, l).mean(axis=1, keepdims=True) * x.w[l].mean(axis=1), why=f"{_EACH_WEIGHT}."),
        Option("the product of w and δ of its own neuron", lambda x, l: _later(x, l) * x.w[l].sum(axis=1), why=f"{_EACH_WEIGHT}."),
        Option("Σₖ wᵢₖ δₖ with the bias added", lambda x, l: _later(x, l) @ x.w[l].T + x.b[l - 1], 1.1),
        Option("the sum of Σₖ wᵢₖ δₖ over the layer", lambda x, l: (_later(x, l) @ x.w[l].T).sum(axis=1, keepdims=True), why="Each neuron has its own δ."),
        Option("Σₖ wᵢₖ δₖ of the first example", lambda x, l: _later(x, l)[:1] @ x.w[l].T, why="Each example has its own δ."),
        Option("Σₖ wᵢₖ δₖ of the last example", lambda x, l: _later(x, l)[-1:] @ x.w[l].T, why="Each example has its own δ."),
        Option("the mean of Σₖ wᵢₖ δₖ over the examples", lambda x, l: (_later(x, l) @ x.w[l].T).mean(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
        Option("the sum of Σₖ wᵢₖ δₖ over the examples", lambda x, l: (_later(x, l) @ x.w[l].T).sum(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
    ),
)  # fmt: skip

_HALVES = "The ½ of the loss has cancelled the 2 of the square's slope: neither belongs there."
_ONE_MEAN = "The mean over the examples is taken once, in the gradient."
_SUM_OVER = "A sum over neurons has no divisor."
_SIGN = "δ and the gradient have no minus sign: it belongs to the step, which goes downhill."


def _times(words, number, why="No such factor belongs there.", cost=1.0):
    return Scale(words, lambda product, x, l: product * number(x, l), why, cost=cost)


AS_IT_IS = Scale("{}", cost=0.0)
NUMBERS = (
    AS_IT_IS,
    _times("−{}", lambda x, l: -1, _SIGN),
    _times("2 · {}", lambda x, l: 2, _HALVES),
    _times("½ · {}", lambda x, l: 0.5, _HALVES),
    _times("−2 · {}", lambda x, l: -2, f"{_SIGN} {_HALVES}", 1.2),
    _times("−½ · {}", lambda x, l: -0.5, f"{_SIGN} {_HALVES}", 1.2),
    _times("4 · {}", lambda x, l: 4, cost=1.2),
    _times("¼ · {}", lambda x, l: 0.25, cost=1.2),
    _times("3 · {}", lambda x, l: 3, cost=1.2),
    _times("10 · {}", lambda x, l: 10, cost=1.2),
    _times("0", lambda x, l: 0, "Nothing of the line has come into it."),
    _times("{} / m with m examples", lambda x, l: 1 / x.m, _ONE_MEAN),
    _times("{} / m² with m examples", lambda x, l: 1 / x.m**2, _ONE_MEAN, 1.1),
    _times("m · {} with m examples", lambda x, l: x.m, _ONE_MEAN),
    _times("−{} / m with m examples", lambda x, l: -1 / x.m, f"{_SIGN} {_ONE_MEAN}", 1.2),
    _times("−m · {} with m examples", lambda x, l: -x.m, f"{_SIGN} {_ONE_MEAN}", 1.2),
    _times("2 · {} / m with m examples", lambda x, l: 2 / x.m, f"{_HALVES} {_ONE_MEAN}", 1.2),
    _times("½ · {} / m with m examples", lambda x, l: 0.5 / x.m, f"{_HALVES} {_ONE_MEAN}", 1.2),
    _times("{} / n with n outputs", lambda x, l: 1 / x.D.shape[1], _SUM_OVER, 1.05),
    _times("2 · {} / n with n outputs", lambda x, l: 2 / x.D.shape[1], f"L̃ is ½ times a sum over the outputs. {_HALVES} {_SUM_OVER}", 1.15),
    _times("n · {} with n outputs", lambda x, l: x.D.shape[1], _SUM_OVER, 1.1),
    _times("{} / (m n) with m examples and n outputs", lambda x, l: 1 / x.D.size, f"{_ONE_MEAN} {_SUM_OVER}", 1.2),
    _times("2 · {} / (m n) with m examples and n outputs", lambda x, l: 2 / x.D.size, f"{_HALVES} {_ONE_MEAN} {_SUM_OVER}", 1.3),
    _times("α · {}", lambda x, l: x.alpha, "α belongs there once, where the weights move."),
    _times("−α · {}", lambda x, l: -x.alpha, "α belongs there once, where the weights move.", 1.2),
    _times("{} / α", lambda x, l: 1 / x.alpha, "α belongs there, where the weights move."),
    _times("−{} / α", lambda x, l: -1 / x.alpha, f"{_SIGN} α belongs there, where the weights move.", 1.2),
)  # fmt: skip


# Pairs that have a name of their own: {(first, second): (name, why)}.
NAMED = {
    ("", "(o − D)"): (
        "o − D alone",
        "σ′(a) is missing, and o − D is the slope of the half squared error alone. It would be right for the logistic "
        "σ with cross-entropy, where σ′ cancels.",
    ),
    ("", "(D − o)"): (
        "D − o alone",
        "σ′(a) is missing, the sign is the other way round, and the half squared error alone has this slope.",
    ),
    ("o (1 − o)", "(o − D)"): (
        "the notes' formula for every σ and every loss",
        "o (1 − o) (o − D) holds for the logistic σ and the half squared error. A network may have others.",
    ),
    ("e (1 − e) with e = o − D", ""): (
        "e (1 − e) for o (1 − o) times the error",
        "The error e stands where the output belongs: it is o (1 − o) for the logistic σ, and σ′(a) for any. This is then "
        "multiplied by the slope of the loss.",
    ),
}


def _of_layer(x, l):
    return x.net.n[l] - 1


_OWN = "Each neuron has its own δ."
OVER_NEURONS = (
    Scale("the sum over the layer's neurons of {}", lambda p, x, l: np.broadcast_to(p.sum(-1, keepdims=True), p.shape), _OWN),
    Scale("the mean over the layer's neurons of {}", lambda p, x, l: np.broadcast_to(p.mean(-1, keepdims=True), p.shape), _OWN),
    Scale("for every neuron that of neuron 1, {},", lambda p, x, l: np.broadcast_to(p[..., :1], p.shape), _OWN),
    Scale("for every neuron that of the last one, {},", lambda p, x, l: np.broadcast_to(p[..., -1:], p.shape), _OWN),
    Scale("for every neuron the largest of {}", lambda p, x, l: np.broadcast_to(p.max(-1, keepdims=True), p.shape), _OWN),
    Scale("{}, in the opposite order of the neurons,", lambda p, x, l: p[..., ::-1], _OWN),
    Scale("{} / n with n neurons in this layer", lambda p, x, l: p / _of_layer(x, l), _SUM_OVER, cost=1.1),
    Scale("{} / n with n neurons in this layer, neuron 0 counted,", lambda p, x, l: p / x.net.n[l], _SUM_OVER, cost=1.1),
    Scale("the square of {}", lambda p, x, l: p**2, cost=1.1),
    Scale("the size of {}, without its sign,", lambda p, x, l: abs(p), cost=1.1),
)  # fmt: skip
OVER_EXAMPLES = (
    Scale("the mean over the examples of {}", lambda p, x, l: np.broadcast_to(p.mean(-2, keepdims=True), p.shape), _ONE_MEAN),
    Scale("the sum over the examples of {}", lambda p, x, l: np.broadcast_to(p.sum(-2, keepdims=True), p.shape), _ONE_MEAN),
    Scale("for every example that of the first, {},", lambda p, x, l: np.broadcast_to(p[..., :1, :], p.shape), "Each example has its own δ."),
)  # fmt: skip


def _product(first, second):
    """(K, m, n) and (J, m, n) to (K, J, m, n)."""
    return first[:, None] * second[None]


def _through_w(first, second):
    """(K, m, i) and (J, i, j) to (K, J, m, j)."""
    return first[:, None] @ second[None]


def _each_with_each(first, second):
    """(K, m, i) and (J, m, j) to (K, J, i, j): the mean over the examples."""
    return np.swapaxes(first, 1, 2)[:, None] @ second[None] / first.shape[1]


DELTA_OUT = Line(
    "δ", "δ", SLOPE, RISE, _product, (*NUMBERS, *OVER_NEURONS, *OVER_EXAMPLES), 4, "Where it begins: the output"
)
DELTA_HIDDEN = Line(
    "δ",
    "δ", SLOPE, CARRIED, _product, (*NUMBERS, *OVER_NEURONS, *OVER_EXAMPLES), 4, "One layer back"
)  # fmt: skip


# §3, the gradient: rows 1, 2, ... of it, and row 0.


def _without(k):
    def before(first, x):
        kept = np.zeros_like(first)
        kept[:, k] = first[:, k]
        return kept * x.m

    return before


_ALL_EXAMPLES = "The gradient is the mean over all examples."
_OF_GRADIENT = {
    "m · {} with m examples": ("the sum over the examples of {}", _ALL_EXAMPLES.replace("mean", "mean, not the sum,")),
    "{} / m with m examples": ("{}, divided by m once more,", "The mean over the examples is taken once."),
    "−m · {} with m examples": (
        "−{}, summed over the examples,",
        f"{_SIGN} The mean over the examples is asked for, not the sum.",
    ),
    "2 · {}": ("2 · {}", "The gradient has no such factor."),
    "½ · {}": ("½ · {}", "The gradient has no such factor."),
}
REDUCTIONS = (
    *(replace(one, words=words, why=why) for one in NUMBERS for words, why in (_OF_GRADIENT.get(one.words, (one.words, one.why)),)),
    Scale("{} of the first example alone", before=_without(0), why=_ALL_EXAMPLES),
    Scale("{} of the last example alone", before=_without(-1), why=_ALL_EXAMPLES),
    Scale("{} with the mean over the examples taken of o and δ first", before=lambda first, x: np.broadcast_to(first.mean(axis=1, keepdims=True), first.shape),
          why="Each example's o belongs to its own δ: the mean is taken of the products."),
    Scale("{} / n with n neurons in the layer before", lambda p, x, l: p / _of_layer(x, l - 1), "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer before, neuron 0 counted,", lambda p, x, l: p / x.net.n[l - 1], "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer after", lambda p, x, l: p / _of_layer(x, l), "The mean is over the examples.", cost=1.1),
    Scale("{} / n with n neurons in the layer after, neuron 0 counted,", lambda p, x, l: p / x.net.n[l], "The mean is over the examples.", cost=1.1),
    Scale("the square of {}", lambda p, x, l: p**2, cost=1.1),
    Scale("the size of {}, without its sign,", lambda p, x, l: abs(p), cost=1.1),
    Scale("the sign of {}", lambda p, x, l: np.sign(p), cost=1.1),
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
        Option("δⱼ aⱼ", lambda x, l: x.delta[l] * x.a[l]),
        Option("δⱼ bⱼ", lambda x, l: x.delta[l] * x.b[l - 1], why="The bias is the weight itself; its derivative is δ · 1."),
        Option("bⱼ", lambda x, l: x.b[l - 1]),
        Option("oⱼ", lambda x, l: x.o[l]),
        Option("aⱼ", lambda x, l: x.a[l]),
        Option("σ′(aⱼ)", lambda x, l: x.slope(l)),
        Option("|δⱼ|", lambda x, l: abs(x.delta[l])),
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


# §2, forward. Here w and o have neuron 0 in them.


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
        Option("1", lambda x, l: 1.0, 1.1),
    ),
)  # fmt: skip


def _outside_row_0(change):
    def of(x, l):
        w = _cut(x.full_w[l - 1]).copy()
        w[1:] = change(w[1:])
        return w

    return of


def _turned(x, l):
    w = x.full_w[l - 1]
    return np.concatenate([w[:1, 1:], w[1:, 1:].T])


WEIGHT = Factor(
    "wⱼᵢ",
    "The w that leads from the layer before to this one is used as it is: row j belongs to the neuron before, column i to "
    "the neuron after.",
    "Look at the w in the line that makes a: which layers does it join, and is it used as it is?",
    (
        Option("wⱼᵢ", lambda x, l: _cut(x.full_w[l - 1]), 0),
        Option("wᵢⱼ (w transposed)", lambda x, l: _cut(x.full_w[l - 1].T)),
        Option("wᵢⱼ (w transposed, the biases as they are)", _turned, 1.05),
        Option("the next w", lambda x, l: _cut(x.full_w[l])),
        Option("the w before", lambda x, l: _cut(x.full_w[l - 2]) if l > 1 else np.nan),
        Option("the first w", lambda x, l: _cut(x.full_w[0])),
        Option("the last w", lambda x, l: _cut(x.full_w[-1])),
        Option("|w|", _outside_row_0(abs)),
        Option("w²", _outside_row_0(np.square)),
        Option("w with the sign of its biases turned", lambda x, l: _cut(x.full_w[l - 1]) * np.where(np.arange(x.net.n[l - 1]) == 0, -1, 1)[:, None]),
        Option("w with the first bias for all neurons", lambda x, l: np.concatenate([np.broadcast_to(x.b[l - 1][:1], x.b[l - 1].shape)[None], x.w[l - 1]])),
        Option("w with the sum of the biases for each neuron", lambda x, l: np.concatenate([np.broadcast_to(x.b[l - 1].sum(), x.b[l - 1].shape)[None], x.w[l - 1]])),
        Option("w with the biases of the layer before", lambda x, l: np.concatenate([x.b[l - 2][None] if l > 1 else np.nan, x.w[l - 1]])),
        Option("w with the biases of the next layer", lambda x, l: np.concatenate([x.b[l][None], x.w[l - 1]])),
        Option("w with 1 for each bias", lambda x, l: np.concatenate([np.ones((1, x.net.n[l] - 1)), x.w[l - 1]])),
        Option("−w, the biases as they are,", _outside_row_0(np.negative)),
        Option("w/n with n inputs, the biases as they are,", lambda x, l: np.concatenate([x.b[l - 1][None], x.w[l - 1] / len(x.w[l - 1])])),
    ),
)  # fmt: skip
_FORWARD_SCALES = (
    *NUMBERS[:8],
    Scale("{} / n with n neurons before, neuron 0 counted,", lambda p, x, l: p / x.net.n[l - 1], "The products are added up; no mean is taken."),
    Scale("{} / n with n neurons before", lambda p, x, l: p / (x.net.n[l - 1] - 1), "The products are added up; no mean is taken.", cost=1.1),
    Scale("{} less its mean over the examples", lambda p, x, l: p - p.mean(-2, keepdims=True), "Each example goes through the network by itself.", cost=1.2),
    Scale("{} less its mean over the layer", lambda p, x, l: p - p.mean(-1, keepdims=True), cost=1.2),
    Scale("{} / m with m examples", lambda p, x, l: p / x.m, "Each example goes through the network by itself."),
    Scale("the size of {}, without its sign,", lambda p, x, l: abs(p), cost=1.1),
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
OUTPUT = Line("outputs", "o", BENT, NOTHING, _product, _FORWARD_SCALES, 2, "Your turn: the forward phase")
