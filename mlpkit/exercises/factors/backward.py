"""§4: δ is σ′(a) times what the loss says at the output, times what is carried back elsewhere."""
# ruff: noqa: E501 (a line for each form)

import numpy as np

from mlpkit.core.functions import relu, sigmoid, tanh
from mlpkit.exercises.factors.lines import Factor, Line, Option, product
from mlpkit.exercises.factors.names import (
    ADDED_AT_OUTPUT,
    ADDED_IN_HIDDEN,
    AND_THEN_SLOPE,
    BRACKET_AT_OUTPUT,
    BRACKET_IN_HIDDEN,
    KEPT_TOO_EARLY,
    SOFTMAX_SLOPES,
)
from mlpkit.exercises.factors.scales import NUMBERS, OVER_EXAMPLES, OVER_NEURONS, RESHAPED


def _logistic(z):
    return sigmoid.derivative(z)


def _relu_asked_of_o(x, l):
    return (x.o[l] >= 0) * 1.0 if x.net.sigma[l] is relu else x.slope(l)


_SLOPE_AT = "σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied."
_WHATEVER = "It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope."


def _softmax(a):
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _through_softmax(p, e):
    """The matrix of the slopes of p = softmax(a) times e, for each example."""
    return p * (e - (p * e).sum(axis=1, keepdims=True))


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
        Option("σ′(∂L̃/∂o)", lambda x, l: x.slope(l, x.e), 1.1),
        Option(
            "σ′(a) of the neuron before it",
            lambda x, l: x.net.sigma[l].derivative(x.full_a[l][:, :-1]),
            1.1,
            "Each neuron has its own slope. Both are counted from neuron 0.",
        ),
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
        Option(
            "(1 − tanh(a))",
            lambda x, l: 1 - np.tanh(x.a[l]),
            1.1,
            f"The slope of tanh has a square: 1 − tanh²(a). {_WHATEVER}",
        ),
        Option(
            "e^−a / (1 + e^−a)",
            lambda x, l: 1 - sigmoid(x.a[l]),
            1.1,
            f"The slope of the logistic function has a square below: e^−a / (1 + e^−a)². {_WHATEVER}",
        ),
        Option(
            "σ(o) (1 − σ(o))",
            lambda x, l: x.net.sigma[l](x.o[l]) * (1 - x.net.sigma[l](x.o[l])),
            1.1,
            "o is σ(a) already, and o (1 − o) is the slope of the logistic function alone.",
        ),
        Option("σ(o)", lambda x, l: x.net.sigma[l](x.o[l]), 1.1, "o is σ(a) already, and the slope of σ is asked for."),
        Option(
            "o (1 + o)",
            lambda x, l: x.o[l] * (1 + x.o[l]),
            1.1,
            f"The slope of the logistic function is o (1 − o). {_WHATEVER}",
        ),
        Option(
            "o (o − 1)",
            lambda x, l: x.o[l] * (x.o[l] - 1),
            1.1,
            f"The slope of the logistic function is o (1 − o). {_WHATEVER}",
        ),
        Option(
            "o² (1 − o)",
            lambda x, l: x.o[l] ** 2 * (1 - x.o[l]),
            1.2,
            f"The slope of the logistic function is o (1 − o). {_WHATEVER}",
        ),
        Option(
            "o (1 − o)²",
            lambda x, l: x.o[l] * (1 - x.o[l]) ** 2,
            1.2,
            f"The slope of the logistic function is o (1 − o). {_WHATEVER}",
        ),
        Option(
            "o (1 − σ(o))",
            lambda x, l: x.o[l] * (1 - x.net.sigma[l](x.o[l])),
            1.2,
            "o is σ(a) already. The slope of σ is asked for.",
        ),
        Option("e (1 − e) with e = o − D", lambda x, l: x.d * (1 - x.d), why="In o (1 − o) it is the output twice."),
        Option("(1 − e) with e = o − D", lambda x, l: 1 - x.d, 1.4, why="In o (1 − o) it is the output twice."),
        Option("D (1 − D)", lambda x, l: x.D * (1 - x.D)),
        Option("o (1 − o) of the layer before", lambda x, l: x.o[l - 1] * (1 - x.o[l - 1])),
        Option("o (1 − o) of the next layer", lambda x, l: x.o[l + 1] * (1 - x.o[l + 1])),
        Option("[a > 0], whatever σ is,", lambda x, l: (x.a[l] > 0) * 1.0, why=_WHATEVER),
        Option("[a ≥ 0], whatever σ is,", lambda x, l: (x.a[l] >= 0) * 1.0, 1.1, why=_WHATEVER),
        Option("[o ≥ 0], whatever σ is,", lambda x, l: (x.o[l] >= 0) * 1.0, 1.1, why=_WHATEVER),
        Option("[a < 0], whatever σ is,", lambda x, l: (x.a[l] < 0) * 1.0, 1.1, _WHATEVER),
        Option("[a ≤ 0], whatever σ is,", lambda x, l: (x.a[l] <= 0) * 1.0, 1.1, _WHATEVER),
        Option(
            "max(0, a)",
            lambda x, l: np.maximum(x.a[l], 0),
            1.1,
            "This is relu itself. Its slope is asked for, and a network may have another σ.",
        ),
        Option(
            "σ′(a) · [a > 0]",
            lambda x, l: x.slope(l) * (x.a[l] > 0),
            1.1,
            "Nothing is set to 0 where a is negative: σ′(a) knows that by itself.",
        ),
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
        Option("√σ′(a)", lambda x, l: np.sqrt(x.slope(l)), 1.1, "σ′(a) belongs there as it is."),
        Option("σ′ at the mean of a over the layer", lambda x, l: x.slope(l, x.a[l].mean(axis=1, keepdims=True)), 1.1, "Each neuron has its own slope."),
        Option("1/σ′(a)", lambda x, l: 1 / x.slope(l), why="δ is multiplied by σ′(a), not divided by it."),
        Option("(σ′(a) + 1)", lambda x, l: x.slope(l) + 1),
        Option("the mean of σ′(a) over the layer", lambda x, l: x.slope(l).mean(axis=1, keepdims=True)),
        Option("the sum of σ′(a) over the layer", lambda x, l: x.slope(l).sum(axis=1, keepdims=True)),
        Option("σ′(a) of the first example", lambda x, l: x.slope(l)[:1]),
        Option("σ′(a) of the last example", lambda x, l: x.slope(l)[-1:]),
        Option("the mean of σ′(a) over the examples", lambda x, l: x.slope(l).mean(axis=0, keepdims=True)),
        Option("σ′ of the mean of a over the examples", lambda x, l: x.slope(l, x.a[l].mean(axis=0, keepdims=True))),
    ),
)  # fmt: skip

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
        Option("(∂L̃/∂o)³", lambda x, l: x.e**3, 1.15, why="The slope of the loss is taken as it is, without a power."),
        Option("∂L̃/∂o with o and D exchanged", lambda x, l: x.net.loss.gradient(x.D, x.o[-1]), 1.1, why="The loss takes o first, then D: its slope is asked for in o."),
        Option("∂L̃/∂o taken at a", lambda x, l: x.net.loss.gradient(x.a[-1], x.D), 1.1, why="The loss compares D with the output o, after σ."),
        Option("the loss L̃", lambda x, l: x.net.loss.value(x.o[-1], x.D)[:, None]),
        Option("|o − D|", lambda x, l: abs(x.d), why="The sign of o − D says in which direction the loss falls."),
        Option("the sign of (o − D)", lambda x, l: np.sign(x.d)),
        Option("(o − D)/n with n outputs", lambda x, l: x.d / x.d.shape[1], 1.3, why="L̃ is a sum over the outputs, not a mean."),
        Option("2 (o − D)/n with n outputs", lambda x, l: 2 * x.d / x.d.shape[1], 1.4, why="L̃ is a sum over the outputs with ½, not a mean."),
        Option("(a − D)", lambda x, l: x.a[-1] - x.D, why="The loss compares D with the output o, after σ."),
        Option("(σ(o) − D)", lambda x, l: x.net.sigma[-1](x.o[-1]) - x.D, why="o is the output already: σ is applied once."),
        Option("(softmax(a) − D)", lambda x, l: _softmax(x.a[-1]) - x.D, 1.1, "No softmax stands in this network: the output is σ of its own activation."),
        Option(SOFTMAX_SLOPES, lambda x, l: _through_softmax(_softmax(x.a[-1]), x.e)),
        Option(f"{SOFTMAX_SLOPES} written in o", lambda x, l: _through_softmax(x.o[-1], x.e), 1.05),
        Option("(o rounded − D)", lambda x, l: np.round(x.o[-1]) - x.D, 1.1, "The loss compares D with the output as it is. Rounded, a small error is none."),
        Option("o", lambda x, l: x.o[-1]),
        Option("D", lambda x, l: x.D),
        Option("(o + D)", lambda x, l: x.o[-1] + x.D),
        Option("o D", lambda x, l: x.o[-1] * x.D),
        Option("∂L̃/∂o · D", lambda x, l: x.e * x.D, 1.1, "An output whose D is 0 has an error too."),
        Option("∂L̃/∂o · o", lambda x, l: x.e * x.o[-1], 1.2),
        Option("∂L̃/∂o · |∂L̃/∂o|", lambda x, l: x.e * abs(x.e), 1.1, "The slope of the loss is not squared."),
        Option("−D/o", lambda x, l: -x.D / x.o[-1], 1.1, "This is one half of the cross-entropy's slope: −D/o + (1 − D)/(1 − o)."),
        Option("(−D/o − (1 − D)/(1 − o))", lambda x, l: -x.D / x.o[-1] - (1 - x.D) / (1 - x.o[-1]), 1.2, "The second half of the cross-entropy's slope has the other sign: −D/o + (1 − D)/(1 − o)."),
        Option("2 (o − D)", lambda x, l: 2 * x.d, 1.15, "The ½ of the loss cancels the 2 of the square's slope, and o − D is the slope of the half squared error alone."),
        Option("½ (o − D)", lambda x, l: x.d / 2, 1.15, "The ½ of the loss has cancelled the 2 of the square's slope, and o − D is the slope of the half squared error alone."),
        Option("2 (D − o)", lambda x, l: -2 * x.d, 1.2, "D − o has the sign the other way round, and the ½ of the loss cancels the 2."),
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
        Option("∂L̃/∂o of the largest output alone", lambda x, l: np.where(x.o[-1] == x.o[-1].max(axis=1, keepdims=True), x.e, 0), 1.1, "Each output has its own slope of the loss."),
        Option("the largest ∂L̃/∂o", lambda x, l: x.e.max(axis=1, keepdims=True)),
        Option("∂L̃/∂o in the opposite order of the outputs", lambda x, l: x.e[:, ::-1]),
        Option("o − D with D one place on", lambda x, l: x.o[-1] - np.roll(x.D, 1, axis=1)),
        Option("o − D with D one place back", lambda x, l: x.o[-1] - np.roll(x.D, -1, axis=1)),
        Option("∂L̃/∂o of the neuron before it", lambda x, l: x.net.loss.gradient(x.full_o[-1][:, :-1], x.D), 1.1),
        Option("(o − D) with o of the neuron before it", lambda x, l: x.full_o[-1][:, :-1] - x.D, 1.15),
        Option("∂L̃/∂o with D in the opposite order", lambda x, l: x.net.loss.gradient(x.o[-1], x.D[:, ::-1]), 1.1, "D_j belongs to output j."),
        Option("∂L̃/∂o with the D of another example", lambda x, l: x.net.loss.gradient(x.o[-1], x.D[::-1]), 1.1, "Row k of D belongs to row k of I: both are read in the same order."),
        Option("(D − o), divided by n, with n outputs,", lambda x, l: -x.d / x.d.shape[1], 1.4, why="L̃ is a sum over the outputs, not a mean, and its slope has the sign of o − D."),
        Option(ADDED_AT_OUTPUT, lambda x, l: x.slope(l) + x.e, 1.0),
        Option(BRACKET_AT_OUTPUT, lambda x, l: x.d * x.o[-1] - x.o[-1], 1.0),
        Option(f"−{BRACKET_AT_OUTPUT}", lambda x, l: -x.d * x.o[-1] - x.o[-1], 1.0),
        Option("∂L̃/∂o of the first example", lambda x, l: x.e[:1], why="Each example has its own δ."),
        Option("∂L̃/∂o of the last example", lambda x, l: x.e[-1:], why="Each example has its own δ."),
        Option("the mean of ∂L̃/∂o over the examples", lambda x, l: x.e.mean(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
        Option("the sum of ∂L̃/∂o over the examples", lambda x, l: x.e.sum(axis=0, keepdims=True), why="Each example has its own δ; the mean is taken later, of the gradients."),
    ),
)  # fmt: skip


def _later(x, l):
    return x.delta[l + 1]


def _kept_too_early(x, l):
    """What comes back where the layers after this one keep ∂L̃/∂o in the place of δ; the output keeps δ."""
    later = x.delta[l + 1] if l + 2 == x.L else x.delta[l + 1] * x.slope(l + 1)
    return later @ x.w[l].T


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
        Option("δ of the output carried back through w, as far as the two reach,", lambda x, l: x.delta[-1] @ x.w[l][:, : x.delta[-1].shape[1]].T, 1.05, f"{_DELTA_OF_NEXT}."),
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
        Option(AND_THEN_SLOPE, lambda x, l: (_later(x, l) * x.slope(l + 1)) @ x.w[l].T,
               why="δ of the next layer has σ′ of that layer in it already."),
        Option(KEPT_TOO_EARLY, _kept_too_early, 1.05, why="σ′ of a layer is put into its δ before that is kept."),
        Option("δ / σ′ of the next layer carried back through w", lambda x, l: (_later(x, l) / x.slope(l + 1)) @ x.w[l].T, 1.15,
               why=f"{_DELTA_OF_NEXT}."),
        Option("δ · o of the next layer carried back through w", lambda x, l: (_later(x, l) * x.o[l + 1]) @ x.w[l].T),
        Option("δ² of the next layer carried back through w", lambda x, l: _later(x, l) ** 2 @ x.w[l].T),
        Option("|δ| of the next layer carried back through w", lambda x, l: abs(_later(x, l)) @ x.w[l].T),
        Option("the first way alone, wᵢ₁ δ₁,", lambda x, l: x.w[l][:, 0] * _later(x, l)[:, :1], why="A neuron acts on the loss through every neuron of the next layer: the ways are added up."),
        Option("the last way alone, wᵢₖ δₖ with the last k,", lambda x, l: x.w[l][:, -1] * _later(x, l)[:, -1:], why="A neuron acts on the loss through every neuron of the next layer: the ways are added up."),
        Option("all ways but the first", lambda x, l: _later(x, l)[:, 1:] @ x.w[l][:, 1:].T, why="A neuron acts on the loss through every neuron of the next layer: the ways are added up, from k = 1 on."),
        Option("all ways but the last", lambda x, l: _later(x, l)[:, :-1] @ x.w[l][:, :-1].T, why="A neuron acts on the loss through every neuron of the next layer: the ways are added up, to the last k."),
        Option("the sum of wᵢₖ δₖ with those of the neurons before it added up", lambda x, l: np.cumsum(_later(x, l) @ x.w[l].T, axis=1), 1.1, "The sum begins anew, at 0, for each neuron."),
        Option("the sum of wᵢₖ δₖ with those of the neurons before it added up, neuron 0 counted,", lambda x, l: np.cumsum(_later(x, l) @ x.full_w[l][:, 1:].T, axis=1)[:, 1:], 1.15, "The sum begins anew, at 0, for each neuron."),
        Option("δ carried back through w reshaped", lambda x, l: (np.pad(_later(x, l), ((0, 0), (1, 0))) @ x.full_w[l].reshape(x.full_w[l].shape[::-1]))[:, 1:], 1.1, why=RESHAPED),
        Option("δ carried back through w reshaped without neuron 0", lambda x, l: _later(x, l) @ x.w[l].reshape(x.w[l].shape[::-1]), 1.15, why=RESHAPED),
        Option("the product of wᵢₖ δₖ over k", lambda x, l: (x.w[l] * _later(x, l)[:, None]).prod(axis=2), 1.1, f"{_EACH_WEIGHT}."),
        Option("Σₖ (wᵢₖ + δₖ)", lambda x, l: (x.w[l] + _later(x, l)[:, None]).sum(axis=2), 1.1, "Each δₖ of the next layer is multiplied by the weight wᵢₖ, and the products are added up."),
        Option("Σₖ (wᵢₖ + w₀ₖ) δₖ, the biases added to w,", lambda x, l: _later(x, l) @ (x.w[l] + x.full_w[l][:1, 1:]).T, 1.1, "Nothing comes back through the biases: they lead from neuron 0."),
        Option("Σₖ w₀ₖ δₖ, through the biases,", lambda x, l: _later(x, l) @ x.full_w[l][:1, 1:].T, 1.1, "Nothing comes back through the biases: neuron i collects along row i of w."),
        Option("Σₖ wᵢ₋₁ₖ δₖ, through the row before it,", lambda x, l: _later(x, l) @ x.full_w[l][:-1, 1:].T, 1.1, "Neuron i collects along row i of w. Row 0 holds the biases, and leads from neuron 0."),
        Option("Σₖ wᵢₖ δₖ with the sum of the biases", lambda x, l: _later(x, l) @ x.w[l].T + _later(x, l) @ x.full_w[l][:1, 1:].T, 1.2, "Nothing comes back through the biases."),
        Option(ADDED_IN_HIDDEN, lambda x, l: x.slope(l) + _later(x, l) @ x.w[l].T, 1.0),
        Option(BRACKET_IN_HIDDEN, lambda x, l: (_later(x, l) @ x.w[l].T) * x.o[l] - x.o[l], 1.0),
        Option("the sum of δₖ times the w one place before it, wᵢ,ₖ₋₁,", lambda x, l: _later(x, l) @ x.full_w[l][1:, :-1].T, 1.1, why=f"{_EACH_WEIGHT}. Both are counted from neuron 0."),
        Option("the largest of wᵢₖ δₖ", lambda x, l: (x.w[l] * _later(x, l)[:, None]).max(axis=2), why=f"{_EACH_WEIGHT}."),
        Option("the mean of wᵢₖ δₖ over k", lambda x, l: (x.w[l] * _later(x, l)[:, None]).mean(axis=2), why=f"{_EACH_WEIGHT}."),
        Option("the mean of wᵢₖ δₖ over k with neuron 0 counted", lambda x, l: _later(x, l) @ x.w[l].T / (x.w[l].shape[1] + 1), 1.1, why=f"{_EACH_WEIGHT}."),
        Option("(Σₖ δₖ) (Σₖ wᵢₖ)", lambda x, l: _later(x, l).sum(axis=1, keepdims=True) * x.w[l].sum(axis=1), why=f"{_EACH_WEIGHT}."),
        Option("(Σₖ δₖ) wᵢ₁", lambda x, l: _later(x, l).sum(axis=1, keepdims=True) * x.w[l][:, 0], 1.1, f"{_EACH_WEIGHT}."),
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


DELTA_OUT = Line(
    "δ", "δ", SLOPE, RISE, product, (*NUMBERS, *OVER_NEURONS, *OVER_EXAMPLES), 4, "Where it begins: the output"
)
DELTA_HIDDEN = Line(
    "δ", "δ", SLOPE, CARRIED, product, (*NUMBERS, *OVER_NEURONS, *OVER_EXAMPLES), 4, "One layer back"
)  # fmt: skip
