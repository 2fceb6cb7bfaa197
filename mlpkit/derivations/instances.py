"""Small networks on which lines of proofs are tried, with derivatives that use no formula of any proof.

A derivative is found by nudging one number and running forward again. Where σ and L̃ can be worked out for complex
numbers the nudge is i h, and the imaginary part of what comes out, over h, is the derivative to the last digit: no
difference is taken, so nothing is lost to rounding (the complex step). Elsewhere it is a central difference.

Nothing here uses forward or backward of network.py: forward is written once more, one number at a time.
"""

import cmath
from functools import cache

import numpy as np

from mlpkit.core.functions import cross_entropy, half_squared_error, identity, relu, sigmoid, softplus, tanh
from mlpkit.core.network import Network
from mlpkit.derivations.formulas import LOSS
from mlpkit.notation import array_text, text
from mlpkit.notation.expressions import Undefined
from mlpkit.tracing.sigmas import SIGMAS

STEP = 1e-20  # of the complex step: its square is nothing beside 1
EPS = 1e-5  # of central differences


class ForwardPass:
    """One forward pass (§2), number by number, in whatever arithmetic its instance has.

    nudged, to: a symbol such as ("w", 0, 1, 2) and the value that it has in this run. A neuron's o_0 is set to 1 and
    so does not follow its a_0.
    """

    def __init__(self, instance, nudged=None, to=None):
        self.instance = instance
        # What a tree asks for beside the numbers of its symbols.
        self.size, self.sigma, self.derivative = instance.size, instance.sigma, instance.derivative
        self._nudged, self._to = nudged, to
        self._a, self._o = [None], [[instance.number(1), *instance.I]]
        for l in range(instance.L - 1):
            n, after = instance.n[l], instance.n[l + 1]
            before = [self._or_nudged(("o", l, i), self._o[l][i]) for i in range(n)]
            a = [sum(before[i] * self._w(l, i, j) for i in range(n)) for j in range(after)]
            a = [self._or_nudged(("a", l + 1, j), one) for j, one in enumerate(a)]
            self._a.append(a)
            self._o.append([instance.number(1), *(instance.sigma(l + 1, one) for one in a[1:])])
        last = instance.L - 1
        self._o[last] = [self._or_nudged(("o", last, j), one) for j, one in enumerate(self._o[last])]
        self.loss = instance.loss_of(self._o[last][1:])

    def _or_nudged(self, symbol, value):
        return self._to if symbol == self._nudged else value

    def _w(self, l, i, j):
        return self._or_nudged(("w", l, i, j), self.instance.w[l][i][j])

    def __getitem__(self, symbol):
        if symbol == ("loss",):
            return self.loss
        if symbol == ("alpha",):
            return self.instance.alpha
        self._check(symbol)
        kind, *indices = symbol
        if kind == "D":
            return self.instance.D[indices[0] - 1]
        l, *indices = indices
        if kind == "delta":  # §1, with the sign that the rest of the notes uses
            return self.derivative(LOSS, ("a", l, *indices), {})
        if kind == "dw":  # §5
            return -self.instance.alpha * self.derivative(LOSS, ("w", l, *indices), {})
        if kind == "w":
            return self._w(l, *indices)
        if kind == "o":
            return self._or_nudged(symbol, self._o[l][indices[0]])
        return self._a[l][indices[0]]

    def _check(self, symbol):
        instance = self.instance
        kind, l, *indices = symbol if symbol[0] != "D" else ("D", instance.L - 1, *symbol[1:])
        first = kind in ("a", "delta")  # layer 0 has no activation
        last = instance.L - (2 if kind in ("w", "dw") else 1)
        if not first <= l <= last:
            raise Undefined(f"{text(symbol)} does not exist: the layers of {_LETTER[kind]} are {int(first)} to {last}")
        low = int(kind == "D")
        if all(low <= index < size for index, size in zip(indices, instance.n[l:], strict=False)):
            return
        if kind in ("w", "dw"):
            name = array_text(kind, l)
            has = f"{name} has the rows 0 to {instance.n[l] - 1} and the columns 0 to {instance.n[l + 1] - 1}"
        else:
            has = f"the neurons of layer {l} are {low} to {instance.n[l] - 1}"
        raise Undefined(f"{text(symbol)} does not exist: {has}")


_LETTER = {"a": "a", "delta": "δ", "w": "w", "dw": "Δw", "o": "o", "D": "D"}


class Shape:
    """What cases of numbers and cases of SymPy's symbols share. sizes: neurons per layer, without the bias neurons."""

    def __init__(self, sizes):
        self.sizes = tuple(sizes)
        self.n = [size + 1 for size in sizes]
        self.L = len(sizes)
        self.name = "-".join(map(str, sizes))
        self._known = {}

    def size(self, l):
        if not 0 <= l < self.L:
            raise Undefined(f"there is no layer {l}: the layers are 0 to {self.L - 1}")
        return self.n[l]

    def derivative(self, top, symbol, places):
        """∂top/∂symbol by nudging `symbol` alone. top: a tree; symbol: such as ("a", 1, 2); places: its indices."""
        letters = {letter: places[letter] for letter in top.free()}
        if "l" in places:
            letters["l"] = places["l"]
        letters["L"] = self.L
        key = (top, symbol, *sorted(letters.items()))
        if key not in self._known:
            self._known[key] = self._derivative(lambda to: top.value(ForwardPass(self, symbol, to), letters), symbol)
        return self._known[key]


class Instance(Shape):
    """A network of numbers with one example.

    w, I, D: as in a Network, one example. sigmas: one formula for each layer from 1 on, of one number. loss: of the
    outputs and of D. analytic: whether the formulas take complex numbers, so that the complex step can be used.
    """

    def __init__(self, w, I, D, sigmas, loss, alpha=0.5, analytic=True):
        super().__init__([len(I), *(len(array[0]) - 1 for array in w)])
        self.w = [[[float(one) for one in row] for row in array] for array in w]
        self.I, self.D, self.alpha = [float(one) for one in I], [float(one) for one in D], alpha
        self._sigmas, self._loss, self.analytic = sigmas, loss, analytic
        self.forward = ForwardPass(self)

    @classmethod
    def of(cls, net, I, D, alpha=0.5):
        """The instance of a Network. Its own σ and L̃ are used as they are given, and then by central differences."""
        analytic = _have_formulas(net.sigma[1:]) and net.loss in LOSSES
        sigmas = [_of_one_number(one) for one in net.sigma[1:]]
        loss = LOSSES.get(net.loss) or (lambda o, D: float(net.loss.value(np.array(o), np.array(D))))
        return cls(net.w, I, D, sigmas, loss, alpha, analytic)

    @staticmethod
    def number(value):
        return float(value)

    def sigma(self, l, a, prime=False):
        sigma = self._sigmas[l - 1]
        if not prime:
            return _real(sigma(a))
        return _slope(sigma, a, self.analytic)

    def loss_of(self, outputs):
        return _real(self._loss(outputs, self.D))

    def _derivative(self, f, symbol):
        return _slope(f, self.forward[symbol], self.analytic)

    def agree(self, left, right):
        """Whether two numbers are equal, up to what the derivatives of this instance may be off."""
        room = 1e-9 if self.analytic else 1e-5
        return abs(left - right) <= room * max(abs(left), abs(right)) + room * 1e-3


def _slope(f, at, analytic):
    if analytic:
        return complex(f(complex(at, STEP))).imag / STEP
    return complex(f(at + EPS) - f(at - EPS)).real / (2 * EPS)


def _real(value):
    """A float where nothing imaginary is left of a complex number."""
    return value.real if isinstance(value, complex) and value.imag == 0 else value


# σ and L̃ of one number, complex where they have a formula for that.


def _have_formulas(sigmas):
    return all(one in SIGMAS and SIGMAS[one].formula for one in sigmas)


def _of_one_number(sigma):
    return (SIGMAS[sigma].formula or SIGMAS[sigma].value) if sigma in SIGMAS else sigma.value


LOSSES = {
    half_squared_error: lambda o, D: sum((one - d) ** 2 for one, d in zip(o, D, strict=True)) / 2,
    cross_entropy: lambda o, D: (
        -sum(d * cmath.log(one) + (1 - d) * cmath.log(1 - one) for one, d in zip(o, D, strict=True))
    ),
}


def _mixed(o, D):
    """A loss in which every output stands in every term, and nothing is a square."""
    return cmath.exp(sum((k + 1) * one for k, one in enumerate(o)) / 4) + sum(
        one**3 * d for one, d in zip(o, D, strict=True)
    )


def _random(sizes, sigmas, loss, seed):
    net = Network.random(sizes, seed=seed)
    inputs, wanted = ((0.5, -1.0, 0.75, 0.25)[: sizes[0]], (1.0, 0.0, 0.3, 0.6)[: sizes[-1]])
    w = [array.round(2) for array in net.w]
    return Instance(w, inputs, wanted, [*map(_of_one_number, sigmas)], loss, analytic=_have_formulas(sigmas))


@cache
def instances(which="any"):
    """The networks on which lines are tried, of unequal widths.

    which: "any" σ and L̃, "half": logistic outputs with the half squared error, "cross": logistic outputs with the
    cross-entropy.
    """
    if which == "half":
        half = LOSSES[half_squared_error]
        return (_random([2, 3, 2], [sigmoid] * 2, half, 3), _random([3, 2, 4, 3], [tanh, softplus, sigmoid], half, 4))
    if which == "cross":
        cross = LOSSES[cross_entropy]
        return (_random([2, 3, 2], [sigmoid] * 2, cross, 3), _random([3, 2, 4, 3], [tanh, softplus, sigmoid], cross, 4))
    lesson = Network.random([2, 3, 2], sigma=tanh, seed=3)  # the network of lesson 3
    return (
        Instance.of(lesson, (0.5, -1.0), (1.0, 0.0)),
        _random([3, 2, 4, 2], [softplus, tanh, sigmoid], _mixed, 5),
        _random([2, 4, 3, 1], [relu, sigmoid, identity], LOSSES[half_squared_error], 6),
        _random([4, 2, 3], [tanh, sigmoid], LOSSES[cross_entropy], 7),
    )
