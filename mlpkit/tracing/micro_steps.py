"""The algorithm as a list of micro-steps: one number each, with the equation that makes it.

It is computed here by scalar loops in the order of the notes, on Python floats, and shares no arithmetic with the
array code of network.py: the two check each other. Each symbol is written once, so going back is reading an earlier
entry, and nothing is ever undone.
"""

from collections.abc import Iterable
from types import NoneType

import numpy as np
from numpy.typing import ArrayLike

from mlpkit.core.arguments import check_alpha, check_desired_outputs, check_inputs
from mlpkit.core.functions import categorical_cross_entropy, cross_entropy, half_squared_error, sigmoid, softmax
from mlpkit.core.given import short
from mlpkit.core.network import Network
from mlpkit.notation.expressions import Equation
from mlpkit.tracing.right_sides import delta_0_computed, k_range, right_sides, weight_back
from mlpkit.tracing.scalars import (
    scalar_loss_behind,
    scalar_rises,
    scalar_slope,
    scalar_slope_in_a,
    scalar_slope_in_layer,
    scalar_value,
    scalar_value_in_layer,
    slope_in_o,
)

# What `trace` can be told to do wrong, so that its cost can be seen.
BREAKS = ("bias", "delta_0", "slope", "sign", "late")


class MicroStep:
    """One number of the algorithm.

    symbol: what is written, a tuple of the notation. reads: the symbols on the right-hand side, each written by an
    earlier step; () for what is given or fixed. value: a float. section: of the notes, a str.
    how: 'given', 'set' (a constant of the notes, such as o_0 = 1) or 'computed'.
    equation: an Equation, made when asked. broken: the mistakes that the trace was told to make.
    """

    __slots__ = ("_net", "_values", "broken", "how", "reads", "section", "symbol")

    symbol: tuple
    reads: tuple[tuple, ...]
    section: str
    how: str
    broken: Iterable[str]

    def __init__(
        self,
        symbol: tuple,
        reads: tuple,
        section: str,
        how: str,
        net: Network,
        values: dict,
        broken: Iterable[str] = (),
    ) -> None:
        self.symbol = symbol
        self.reads = reads
        self.section = section
        self.how = how
        self._net = net
        self._values = values
        self.broken = broken

    @property
    def value(self) -> float:
        return self._values[self.symbol]

    @property
    def equation(self) -> Equation:
        return Equation(self.symbol, right_sides(self._net, self.symbol, self.broken), self._values)

    def __repr__(self):
        return f"MicroStep({self.symbol}, {self.value:.8g}, {self.how}, §{self.section})"


def trace(
    net: Network, I: ArrayLike, D: ArrayLike, alpha: float, broken: Iterable[str] = (), own: dict | None = None
) -> list[MicroStep]:
    """One example carried through forward, backward and step, as a list of MicroStep.

    I: (n[0] - 1,). D: (n[L-1] - 1,). alpha: a number. The order: what is given (I, D, alpha, every w); layer by layer
    a_i, then o_i; the loss; delta from the output back; every grad; every dw; every w_new; by l, then i, then j.
    broken: mistakes to make on purpose: "bias": o_0 is computed as σ(a_0) instead of set to 1. "delta_0": δ_0 of the
    hidden layers is computed instead of set to 0. "slope": σ' is left out. "sign": δ = -∂L̃/∂a, as §1 prints it.
    "late": w^l is moved before δ^l is computed from it, so that the steps of each layer come in another order.
    own: {symbol: number} that somebody else computed; each stands in the place of the number computed here, and all
    that reads it goes on from it.
    Raises ValueError where I, D or alpha does not fit, or is a batch, or a mistake is not known.
    """
    several = isinstance(broken, (list, tuple, set, frozenset))
    if not several or not all(isinstance(one, str) and one in BREAKS for one in broken):
        raise ValueError(
            f"broken is {short(broken)}, but the mistakes that can be made are {', '.join(BREAKS)}: "
            "give a list of some of them"
        )
    if not isinstance(own, (dict, NoneType)):
        raise TypeError(f"own is {short(own)}, but a dict is needed, a number for each symbol in it")
    return _Trace(net, _given(net, I, D, alpha), broken, own or {}).all_steps()


def values_of(steps: list[MicroStep]) -> dict:
    """All numbers of what `trace` returned, {symbol: number}, as they are kept: not to be written to."""
    return steps[0]._values


def loss_by_trace(net: Network, I: ArrayLike, D: ArrayLike, broken: Iterable[str] = ()) -> float:
    """The loss of one example, by the same scalar loops. Of the mistakes only "bias" makes a difference here."""
    run = _Trace(net, _given(net, I, D, 1.0), broken, {})
    run.forward()
    return run.values["loss",]


def _given(net, I, D, alpha):
    I = check_inputs(net, I)
    if I.ndim != 1:
        raise ValueError(
            f"I has the shape {I.shape}, but trace follows one example of shape ({net.n[0] - 1},): give one row, I[0]"
        )
    D = check_desired_outputs(net, D, ())
    given = {("I", i): number for i, number in enumerate(I.tolist(), start=1)}
    given |= {("D", j): number for j, number in enumerate(D.tolist(), start=1)}
    given["alpha",] = check_alpha(alpha)
    for l, array in enumerate(net.w):
        for i, row in enumerate(array.tolist()):
            for j, number in enumerate(row):
                given["w", l, i, j] = number
    return given


class _Trace:
    """Writes every number once, in order."""

    def __init__(self, net, given, broken, own):
        self.net = net
        self.own = own
        self.broken = frozenset(broken)
        self.values = {}
        self.steps = []
        for symbol, number in given.items():
            self.write(symbol, number, (), {"I": "2", "D": "4", "alpha": "5", "w": "1"}[symbol[0]], "given")

    def all_steps(self):
        self.forward()
        self.backward()
        self.step()
        return self.steps

    def write(self, symbol, number, reads, section, how="computed"):
        self.values[symbol] = float(self.own.get(symbol, number))
        self.steps.append(MicroStep(symbol, reads, section, how, self.net, self.values, self.broken))

    def forward(self):
        n, v = self.net.n, self.values
        self.write(("o", 0, 0), 1, (), "2", "set")
        for i in range(1, n[0]):
            self.write(("o", 0, i), v["I", i], (("I", i),), "2")  # §2: o_i^0 = I_i
        for l in range(1, self.net.L):
            whole = [] if self.net.sigma[l].elementwise else [("a", l, i) for i in range(1, n[l])]
            sigma = scalar_value(self.net.sigma[l])
            for i in range(n[l]):
                # §1: a_i^l = Σ_j o_j^{l-1} w_ji^{l-1}, j from 0 to n^{l-1} - 1
                pairs = [(("o", l - 1, j), ("w", l - 1, j, i)) for j in range(n[l - 1])]
                total = sum(v[o] * v[w] for o, w in pairs)
                self.write(("a", l, i), total, tuple(symbol for pair in pairs for symbol in pair), "2")
                if i == 0 and ("bias" not in self.broken or whole):
                    self.write(("o", l, 0), 1, (), "2", "set")  # §2: "where o_0 = 1 always"
                elif not whole:
                    self.write(("o", l, i), sigma(v["a", l, i]), (("a", l, i),), "2")  # §2: o = σ(a)
            for i, _ in enumerate(whole):  # o_i depends on every a of the layer, so it waits for them
                o_i = scalar_value_in_layer(self.net.sigma[l])(i, [v[a] for a in whole])
                self.write(("o", l, i + 1), o_i, tuple(whole), "2")
        o, D = self.outputs()
        reads = tuple(symbol for pair in zip(o, D, strict=True) for symbol in pair)
        a = [("a", *place) for _, *place in o]
        loss = scalar_loss_behind(self.net.sigma[-1], self.net.loss)
        self.write(("loss",), loss(*([v[s] for s in symbols] for symbols in (a, o, D))), reads, "1")

    def outputs(self):
        """The symbols of the outputs and of the desired outputs, without neuron 0."""
        last = self.net.L - 1
        neurons = range(1, self.net.n[last])
        return [("o", last, j) for j in neurons], [("D", j) for j in neurons]

    def backward(self):
        for l in range(self.net.L - 1, 0, -1):
            for i in range(self.net.n[l]):
                if i == 0 and not delta_0_computed(self.net, l, self.broken):
                    self.write(("delta", l, 0), 0, (), "4", "set")  # o_0 is a constant: nothing is its doing
                elif l == self.net.L - 1:
                    self.output_delta(i)
                else:
                    self.hidden_delta(l, i)
            if "late" in self.broken:
                self.step_of(l - 1)

    def slope(self, l, i):
        """(σ'(a_i^l), what it is read from)."""
        net, v = self.net, self.values
        a, o = ("a", l, i), ("o", l, i)
        if "slope" in self.broken:
            return 1.0, ()
        if i == 0 or slope_in_o(net.sigma[l]) is None:  # o_0 is not σ(a_0): σ' has to be taken from a
            return scalar_slope_in_a(net.sigma[l])(v[a]), (a,)
        return scalar_slope(net.sigma[l])(v[a], v[o]), (a, o)

    def hidden_delta(self, l, i):
        """§4: δ_i^l = σ'(a_i^l) Σ_k w_ik^l δ_k^{l+1}; k from 1, since δ_0 = 0."""
        net, v = self.net, self.values
        slope, reads = self.slope(l, i)
        pairs = [(weight_back(l, i, k, self.broken), ("delta", l + 1, k)) for k in k_range(net, l, self.broken)]
        total = sum(v[w] * v[d] for w, d in pairs)
        self.write(("delta", l, i), slope * total, reads + tuple(symbol for pair in pairs for symbol in pair), "4")

    def output_delta(self, j):
        """The base case, §4: δ_j^{L-1} = σ'(a_j^{L-1}) ∂L̃/∂o_j^{L-1}."""
        net, v = self.net, self.values
        last = net.L - 1
        if not net.sigma[last].elementwise:
            self.output_delta_of_layer(j)
            return
        o, D = ("o", last, j), ("D", j)
        slope, reads = self.slope(last, j)
        sign = -1 if "sign" in self.broken else 1
        if net.loss is half_squared_error:
            self.write(("delta", last, j), sign * slope * (v[o] - v[D]), _once(*reads, o, D), "4")
        elif net.loss is cross_entropy and net.sigma[last] is sigmoid and "slope" not in self.broken:
            # o (1 - o) cancels against the derivative of the logarithms, and o - D remains.
            self.write(("delta", last, j), sign * (v[o] - v[D]), _once(*reads, o, D), "4")
        else:
            outputs, desired = self.outputs()
            out, want = np.array([v[s] for s in outputs]), np.array([v[s] for s in desired])
            rise = float(np.asarray(net.loss.gradient(out, want))[j - 1])
            self.write(("delta", last, j), sign * slope * rise, _once(*reads, *outputs, *desired), "4")

    def output_delta_of_layer(self, j):
        """Where every o_k depends on a_j: δ_j^{L-1} = Σ_k ∂o_k/∂a_j ∂L̃/∂o_k."""
        net, v = self.net, self.values
        outputs, desired = self.outputs()
        o, D = [v[s] for s in outputs], [v[s] for s in desired]
        sign, reads = -1 if "sign" in self.broken else 1, (*outputs, *desired)
        if net.sigma[-1] is softmax and net.loss is categorical_cross_entropy and "slope" not in self.broken:
            delta = o[j - 1] * sum(D) - D[j - 1]
        else:
            rises = scalar_rises(net.loss, o, D)
            a = [("a", *place) for _, *place in outputs]
            if "slope" in self.broken:
                delta = rises[j - 1]
            else:
                slope = scalar_slope_in_layer(net.sigma[-1])
                delta = sum(slope(k, j - 1, [v[s] for s in a], o) * rise for k, rise in enumerate(rises))
                known = net.sigma[-1] is softmax and net.loss in (half_squared_error, categorical_cross_entropy)
                reads = reads if known else (*a, *reads)
        self.write(("delta", net.L - 1, j), sign * delta, reads, "4")

    def step(self):
        if "late" not in self.broken:
            self.step_of(*range(self.net.L - 1))

    def step_of(self, *layers):
        n, v = self.net.n, self.values
        places = [(l, i, j) for l in layers for i in range(n[l]) for j in range(n[l + 1])]
        for l, i, j in places:
            delta, o = ("delta", l + 1, j), ("o", l, i)
            self.write(("grad", l, i, j), v[delta] * v[o], (delta, o), "3")  # §3: ∂L̃/∂w_ij^l = δ_j^{l+1} o_i^l
        for place in places:
            grad = ("grad", *place)
            self.write(("dw", *place), -v["alpha",] * v[grad] + 0.0, (grad, ("alpha",)), "5")  # §5; + 0.0: no -0
        for place in places:
            w, dw = ("w", *place), ("dw", *place)
            self.write(("w_new", *place), v[w] + v[dw], (w, dw), "5")


def _once(*symbols):
    return tuple(dict.fromkeys(symbols))
