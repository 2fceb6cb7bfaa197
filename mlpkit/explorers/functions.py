"""Lesson 1: σ beside its slope, and L̃ against one output."""

import numpy as np

from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, cross_entropy, half_squared_error
from mlpkit.explorers.controls import Exploration, Markup, choice, markup, maths, slider
from mlpkit.explorers.panels import LOSS, axis, curve, numbers, panel, point, room, table, tangent
from mlpkit.notation import mathml, number_text

_A, _SIGMA = "<mi>a</mi>", "<mi>σ</mi>"
_PRIME = "<msup><mi>σ</mi><mo>′</mo></msup>"
_LOSS = mathml(("loss",))


# Lesson 1: σ and its slope.

_A_RANGE = 6.0


def sigma(*activations):
    """σ and σ′ side by side, for the built-in activation functions and any others that are given."""
    known = _by_name(activations + BUILT_IN_ACTIVATIONS)
    first = next(iter(known))
    controls = [
        choice("sigma", maths(_SIGMA), "activation function", {name: name for name in known}, first),
        slider("a", maths(_A), "activation a", -_A_RANGE, _A_RANGE, 0.05, -1.5),
    ]
    pictures = {name: _SigmaPicture(one) for name, one in known.items()}
    return Exploration("σ and its derivative σ′", controls, lambda values, _: pictures[values["sigma"]].at(values["a"]))


def _by_name(functions):
    """{name: function}; a name that comes a second time gets a number."""
    named = {}
    for function in functions:
        if function not in named.values():
            count = sum(other.name == function.name for other in named.values())
            named[function.name if not count else f"{function.name} {count + 1}"] = function
    return named


def apply(function, a):
    """function(a) as floats of the shape of a, also where it takes only one number at a time.

    What cannot be computed, or is no number, is NaN.
    """
    a = np.asarray(a, float)
    with np.errstate(all="ignore"):
        try:
            return np.array(function(a), float).reshape(a.shape)
        except Exception:  # a learner's function may raise anything
            return np.array([_one(function, number) for number in a.ravel().tolist()]).reshape(a.shape)


def _one(function, number):
    try:
        return float(function(number))
    except Exception:
        return np.nan


class _SigmaPicture:
    """The curves of one σ, computed once."""

    def __init__(self, activation):
        self.activation = activation
        self.a = np.linspace(-_A_RANGE, _A_RANGE, 241)
        self.value, self.derivative = apply(activation.value, self.a), apply(activation.derivative, self.a)
        self.x = axis("a", -_A_RANGE, _A_RANGE, ticks=6)
        self.y = axis("σ(a)", *room(self.value, (0, 1.15)))
        self.y_slope = axis("σ′(a)", *room(self.derivative, (0, 0.3)))

    def at(self, a):
        name = self.activation.name
        o, slope = float(apply(self.activation.value, a)), float(apply(self.activation.derivative, a))
        along = tangent(a, o, slope, a - 2, a + 2)
        spoken = f"At a = {number_text(a)}, sigma is {number_text(o)} and its slope is {number_text(slope)}."
        left = panel(
            f"σ = {name}",
            f"{name} against a. {spoken}",
            self.x,
            self.y,
            [
                curve(self.a, self.value, "o", "σ(a)"),
                curve(*along, "delta", "tangent", width=3),
            ],
            points=[point(a, o, number_text(o), place=_beside_a_curve(slope))],
        )
        right = panel(
            "σ′, the slope of the tangent",
            f"The derivative of {name} against a. {spoken}",
            self.x,
            self.y_slope,
            [curve(self.a, self.derivative, "delta", "σ′(a)")],
            points=[point(a, slope, number_text(slope), colour="delta")],
        )
        rows = [
            table(
                [Markup("<i>a</i>"), Markup("σ(<i>a</i>)"), Markup("σ′(<i>a</i>)")],
                [[number_text(a), number_text(o), number_text(slope)]],
                f"{name} at a",
            )
        ]
        return {"panels": [left, right], "rows": rows, "spoken": spoken}


# Lesson 1: L̃ against one output.


def loss(*losses):
    """L̃ against one output o for a fixed D: the built-in losses and any others that are given."""
    known = _by_name((half_squared_error, cross_entropy, *losses))
    controls = [
        slider("o", maths("<mi>o</mi>"), "output o", 0.005, 0.995, 0.005, 0.8),
        slider("D", maths("<mi>D</mi>"), "desired output D", 0, 1, 0.05, 0),
    ]
    o = np.linspace(0, 1, 201)
    tops = {}
    for name, one in known.items():
        seen = np.array([apply(_of_one_output(one.value, D), o[1:-1]) for D in (0, 0.5, 1)])
        tops[name] = room(seen.ravel(), (0, 0.5)) if one is not cross_entropy else (-0.3, 6.1)

    def show(values, _):
        at, D = values["o"], values["D"]
        panels, body, said = [], [], []
        for name, one in known.items():
            value, slope = (float(apply(_of_one_output(f, D), at)) for f in (one.value, one.gradient))
            words = f"{name}: the loss is {number_text(value)}, its slope {number_text(slope)}"
            said.append(words)
            panels.append(
                panel(
                    name,
                    f"{words}, at o = {number_text(at)} for D = {number_text(D)}.",
                    axis("o", -0.02, 1.02, ticks=5),
                    axis(LOSS, *tops[name]),
                    [
                        curve([D, D], tops[name], "fg", "D", "dotted", 2),
                        curve(o, apply(_of_one_output(one.value, D), o), "o", f"{LOSS}(o)"),
                        curve(*tangent(at, value, slope, at - 0.2, at + 0.2), "delta", "tangent", width=3),
                    ],
                    points=[point(at, value, number_text(value), place="above")],
                )
            )
            body.append([name, number_text(value), number_text(slope), number_text(at * (1 - at) * slope)])
        head = [
            "at this o and D",
            LOSS,
            markup("slope ", maths(f"<mfrac><mrow><mo>∂</mo>{_LOSS}</mrow><mrow><mo>∂</mo><mi>o</mi></mrow></mfrac>")),
            markup(maths("<mi>δ</mi>"), " = slope · ", maths("<mi>o</mi>", "(", "<mn>1</mn>", "−", "<mi>o</mi>", ")")),
        ]
        return {
            "panels": panels,
            "rows": [
                table(head, body, "The losses and their slopes"),
                numbers(("o − D", number_text(at - D)), ("o (1 − o)", number_text(at * (1 - at)))),
            ],
            "spoken": "; ".join(said) + ".",
        }

    return Exploration("L̃ against o", controls, show)


def _of_one_output(function, D):
    """A Loss's function of (o, D) as one of an array of single outputs."""

    def of_o(o):
        o = np.asarray(o, float)
        with np.errstate(all="ignore"):
            return np.reshape(function(o[..., None], np.full((*o.shape, 1), float(D))), o.shape)

    return of_o


def _beside_a_curve(slope):
    """Where a label is not crossed by a curve of this slope."""
    if abs(slope) < 0.3:
        return "above"
    return "left" if slope > 0 else "right"
