"""Lesson 3: one weight nudged, and how far the slope of a secant is off."""

import numpy as np

from mlpkit.core.arguments import check_one_example
from mlpkit.core.network import Network, backward, forward, weights_that_move
from mlpkit.derivations.instances import ForwardPass, Instance
from mlpkit.explorers.controls import Exploration, button, choice, markup, maths, slider
from mlpkit.explorers.panels import (
    LOSS,
    axis,
    curve,
    marks,
    numbers,
    panel,
    point,
    room,
    sentence,
    table,
    tangent,
)
from mlpkit.notation import key, mathml, number_text, symbol_of, text

_EPSILON = (1e-12, 1.0)
_ROUNDING = 1.1e-16  # how far a float64 may be off, as a part of it
_EVERY = tuple(10.0 ** -(k / 2) for k in range(25))
_FLOOR = 1e-14  # a smaller difference is drawn there
_EPS = "<mi>ε</mi>"
_HEIGHT = 245
_WAY = 1.5  # how far the curve reaches to each side of the weight


def nudge(net, I, D, weight=None):
    """L̃ against one weight: the slope of a secant beside δ_j o_i. One example. weight: the symbol of the first one."""
    I, D = check_one_example(net, I, D)
    activations = forward(net, I)
    o, delta = activations[1], backward(net, activations, D)
    movable = weights_that_move(net)
    weight = movable[-1] if weight is None else weight
    if weight not in movable:
        raise ValueError(f"{weight!r} is no weight of {net!r} that moves: give one such as {movable[-1]!r}")
    controls = [
        choice("w", "weight", "the weight that is nudged", {key(s): text(s) for s in movable}, key(weight)),
        slider("epsilon", maths("<mi>ε</mi>"), "epsilon, the nudge", *_EPSILON, 0.5, 1, log=True),
        button("all", "Every ε", "Mark the difference for every epsilon from 1 down to 10 to the minus 12"),
        button("forget", "Forget the marks", "Take all marks off the right picture"),
    ]
    known = {}

    def nudged(word):
        if word not in known:
            known[word] = _Nudged(net, I, D, symbol_of(word), o, delta)
        return known[word]

    def remember(memory, values):
        word, epsilon = values["w"], values["epsilon"]
        return memory | {word: sorted({*memory.get(word, ()), epsilon})}

    def every(values, memory):
        tried = {*memory.get(values["w"], ()), *_EVERY}
        return values, memory | {values["w"]: sorted(tried)}

    def show(values, memory):
        return nudged(values["w"]).at(values["epsilon"], memory.get(values["w"], [values["epsilon"]]))

    def forget(values, memory):
        return values, {values["w"]: [values["epsilon"]]}

    return Exploration("One weight nudged", controls, show, remember, {"all": every, "forget": forget}, {})


class _Nudged:
    """One weight of a network, and the loss of one example against it."""

    def __init__(self, net, I, D, symbol, o, delta):
        self.net, self.I, self.D, self.symbol = net, I, D, symbol
        _, self.l, self.i, self.j = symbol
        self.o_symbol, self.delta_symbol = ("o", self.l, self.i), ("delta", self.l + 1, self.j)
        self.value = float(net.w[self.l][self.i, self.j])
        self.o, self.delta = float(o[self.l][self.i]), float(delta[self.l + 1][self.j])
        self.slope = self.delta * self.o
        self.x = np.linspace(self.value - _WAY, self.value + _WAY, 97)
        self.y = np.array([self.loss(w) for w in self.x])
        self.here = self.loss(self.value)
        self.differences = {}
        self.case = Instance.of(net, I, D)  # it can nudge by an imaginary number
        # How far ε = 0.01 is off, as multiples of ε and of ε²: what the bend of the curve does, for the guide lines.
        self.bends = [max(off, 1e-12) / 0.01**power for power, off in enumerate(self.difference(0.01)[:2], 1)]

    def loss(self, w):
        arrays = [array.copy() for array in self.net.w]
        arrays[self.l][self.i, self.j] = w
        changed = Network(arrays, self.net.sigma, self.net.loss)
        return float(self.net.loss.value(forward(changed, self.I)[1][-1][1:], self.D))

    def secants(self, epsilon):
        """The slopes of the forward and of the central secant."""
        up, down = self.loss(self.value + epsilon), self.loss(self.value - epsilon)
        return (up - self.here) / epsilon, (up - down) / (2 * epsilon)

    def complex_step(self, epsilon):
        """The imaginary part of L̃(w + iε), over ε; None where σ or L̃ takes no complex numbers, as ReLU."""
        if not self.case.analytic:
            return None
        return float(complex(ForwardPass(self.case, self.symbol, complex(self.value, epsilon)).loss).imag / epsilon)

    def difference(self, epsilon):
        """How far forward, central and complex step are off δ_j o_i; NaN for what there is not."""
        if epsilon not in self.differences:
            imaginary = self.complex_step(epsilon)
            slopes = (*self.secants(epsilon), np.nan if imaginary is None else imaginary)
            self.differences[epsilon] = tuple(abs(slope - self.slope) for slope in slopes)
        return self.differences[epsilon]

    def with_a_tenth(self, epsilon, why):
        """Of each secant: how much more or less it is off with a tenth of ε, in a sentence. why: and by what.

        The factor is that of the two differences. A cause is named where it decides both; near the turn of the V
        none does, and far out on the right the factor is not that of the leading power of ε.
        """
        parts = []
        for k, name in enumerate(("forward", "central")):
            now, then = self.difference(epsilon)[k], self.difference(epsilon / 10)[k]
            off = f"{name} is off {_times(now, then)}"
            if not why:
                parts.append(off)
                continue
            bend = self.bends[k] * (epsilon / 10) ** (k + 1), self.bends[k] * epsilon ** (k + 1)
            rounding = 10 * _ROUNDING * self.here / epsilon, _ROUNDING * self.here / epsilon
            if bend[0] > 3 * rounding[0]:
                cause = f"the curve bends, and that goes with {('ε', 'ε²')[k]}"
                if now and not 0.5 < then / now * 10 ** (k + 1) < 2:
                    cause = f"the curve bends, but with so large an ε not only with {('ε', 'ε²')[k]}"
            elif rounding[1] > 3 * bend[1]:
                cause = "rounding, which goes with 10⁻¹⁶/ε and jumps about"
            else:
                cause = "near the turn of the V, where both the bend and rounding count"
            parts.append(f"{off}: {cause}")
        return f"With a tenth of this ε, {'; '.join(parts)}."

    def at(self, epsilon, tried):
        """What is shown at an ε. tried: the ε whose differences are marked."""
        whole = set(tried).issuperset(_EVERY)
        said = (
            f"Epsilon {number_text(epsilon)}: the central secant's slope is {number_text(self.secants(epsilon)[1])}, "
            f"delta times o is {number_text(self.slope)}."
        )
        return {
            "panels": [self._loss_panel(epsilon, said), self._difference_panel(epsilon, tried, whole, said)],
            "rows": [
                self._slopes(epsilon),
                numbers(
                    (maths(mathml(self.delta_symbol)), _ten_digits(self.delta)),
                    (maths(mathml(self.o_symbol)), _ten_digits(self.o)),
                    (maths(mathml(self.symbol)), number_text(self.value)),
                ),
                sentence(self.with_a_tenth(epsilon, why=whole)),
            ],
            "spoken": said,
        }

    def _loss_panel(self, epsilon, said):
        """L̃ against the weight, with the tangent and the central secant."""
        name, w = text(self.symbol), self.value
        whole = self.x[0], self.x[-1]
        ends = np.array([w - epsilon, w + epsilon])
        heights = np.array([self.loss(end) for end in ends])
        central = self.secants(epsilon)[1]
        slope = f"tangent with slope {text(self.delta_symbol)} {text(self.o_symbol)}"
        return panel(
            f"{LOSS} against {name}",
            f"The loss against {name}. {said}",
            axis(name, *whole),
            axis(LOSS, *room(self.y, (self.y.min() - 1e-3, self.y.max() + 1e-3))),
            [
                curve(self.x, self.y, "fg", f"{LOSS}({name})"),
                curve(*tangent(w, self.here, self.slope, *whole), "delta", slope, width=3),
                curve(*tangent(w, heights.mean(), central, *whole), "dw", f"secant through {name} ± ε", "dashed"),
            ],
            [marks(ends, heights, "circle", "dw", "", False, 6)],
            [point(w, self.here)],
            height=_HEIGHT,
        )

    def _difference_panel(self, epsilon, tried, whole, said):
        """How far the secants are off, against ε: the V. whole: whether every ε is marked."""
        forwards, central, imaginary = np.maximum([self.difference(one) for one in tried], _FLOOR).T
        now = [max(_FLOOR, one) for one in self.difference(epsilon)]
        guide = np.array(_EPSILON)
        # What the arms' slopes are, and why, is asked for first: that comes with the whole V.
        guides = [
            curve(guide, guide * self.bends[0], "muted", "∝ ε, ∝ ε²: the bend", "dotted", 2),
            curve(guide, guide**2 * self.bends[1], "muted", "", "dotted", 2),
            curve(guide, _ROUNDING * self.here / guide, "muted", "∝ 1/ε: rounding", "dashed", 2),
        ]
        return panel(
            "how far the secant is off",
            f"The difference between the secants and delta times o, for {len(tried)} values of epsilon. {said}",
            axis("ε", 3e-13, 3, log=True, ticks=7),
            axis("|difference|, at the bottom 10⁻¹⁴ or less", _FLOOR / 3, 10, log=True, ticks=6),
            curves=guides if whole else [],
            marks=[
                marks(tried, forwards, "square", "fg", "forward", False, 5),
                marks(tried, central, "circle", "dw", "central", True, 5),
                marks(tried, imaginary, "circle", "delta", "complex step", False, 5),
            ],
            points=[
                point(epsilon, now[0], "", "square", "fg"),
                point(epsilon, now[1], "now", colour="dw", place="right"),
            ],
            height=_HEIGHT,
        )

    def _slopes(self, epsilon):
        """The table of the slopes: of two secants, of the complex step and of the tangent."""
        product = maths(mathml(self.delta_symbol), "⁢", mathml(self.o_symbol))
        w, more, less = maths("<mi>w</mi>"), maths("<mi>w</mi>", "+", _EPS), maths("<mi>w</mi>", "−", _EPS)
        forwards, central = self.secants(epsilon)
        body = [
            [
                name,
                "—" if slope is None else _ten_digits(slope),
                "" if slope is None else number_text(slope - self.slope),
            ]
            for name, slope in (
                (markup("the secant from ", w, " to ", more), forwards),
                (markup("the secant from ", less, " to ", more), central),
                (
                    markup("the complex step to ", maths("<mi>w</mi>", "+", "<mi>i</mi>", _EPS)),
                    self.complex_step(epsilon),
                ),
            )
        ]
        body.append([markup("the tangent, ", product), _ten_digits(self.slope), ""])
        return table(
            ["slope of", "number", markup("minus ", product)], body, f"Slopes of the loss against {text(self.symbol)}"
        )


def _times(now, then):
    """By how much the second of two differences is larger or smaller, in words."""
    if not now or not then:
        return f"by {number_text(then)}, here by {number_text(now)}"
    ratio = then / now
    if ratio < 1:
        return f"1/{_two_digits(1 / ratio)} as much"
    return f"{_two_digits(ratio)} times as much"


def _two_digits(value):
    return f"{value:.0f}" if value >= 9.5 else f"{value:.1f}"


def _ten_digits(value):
    return f"{value:.10f}".replace("-", "−")
