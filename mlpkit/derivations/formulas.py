"""What the lines of a proof have beside the nodes of every expression: derivatives, any σ, misprints, and ranges.

A line holds index letters, not numbers: o("i") is o_i^ℓ, and only a network and a choice of ℓ and i make a number of
it. What works it out is a ForwardPass (instances.py), with floats or, for SymPy, with symbols; nothing here knows
which.

    Sum("k", mul(delta("k", ELL + 1), w("i", "k")))         Σ_k δ_k^{ℓ+1} w_ik^ℓ
"""

from dataclasses import dataclass

from mlpkit.notation.expressions import ELL, LATEX, MATHML, NOWHERE, Layer, Node, Ref, index_at
from mlpkit.notation.writers import POWER, PRODUCT


def a(i, layer=ELL):
    return Ref(("a", layer, i))


def o(i, layer=ELL):
    return Ref(("o", layer, i))


def delta(i, layer=ELL):
    return Ref(("delta", layer, i))


def w(i, j, layer=ELL):
    return Ref(("w", layer, i, j))


def D(j):
    return Ref(("D", j))


LOSS, ALPHA = Ref(("loss",)), Ref(("alpha",))


@dataclass(frozen=True, slots=True)
class Sigma(Node):
    """σ of an activation, or σ′ of it; σ is that of the activation's layer."""

    of: Ref
    prime: bool = False

    def value(self, values, places=NOWHERE):
        return values.sigma(index_at(self.of.layer, places), self.of.value(values, places), self.prime)

    def write(self, out):
        return out.call("sigma_prime" if self.prime else "sigma", [self.of.write(out)])


def slope(i, layer=ELL):
    """σ′(a_i)."""
    return Sigma(a(i, layer), prime=True)


@dataclass(frozen=True, slots=True)
class Partial(Node):
    """∂top/∂bottom. It is worked out by nudging `bottom`, never by a formula of a proof."""

    top: Node
    bottom: Ref

    def value(self, values, places=NOWHERE):
        return values.derivative(self.top, self.bottom.symbol_at(places), places)

    def write(self, out):
        return out.partial(self.top.write(out), self.bottom.write(out), self._is_fraction())

    def _is_fraction(self):
        return isinstance(self.top, Ref)

    @property
    def binds(self):
        return POWER if self._is_fraction() else PRODUCT

    @property
    def reaches_on(self):
        return not self._is_fraction()


@dataclass(frozen=True, slots=True)
class Misprint(Node):
    """A node that the notes print in another way. complaint: what is to be said against it."""

    meant: Node
    in_latex: str
    in_mathml: str
    complaint: str

    def value(self, values, places=NOWHERE):
        return self.meant.value(values, places)

    def write(self, out):
        return {LATEX: self.in_latex, MATHML: self.in_mathml}.get(out) or self.meant.write(out)


@dataclass(frozen=True, slots=True)
class Range:
    """low <= letter < n of a layer."""

    letter: str
    low: int
    layer: Layer | int = ELL

    def latex(self):
        return rf"{self.low} \le {self.letter} < n^{{{LATEX.layer(self.layer)}}}"

    def mathml(self):
        above = MATHML.layer(self.layer)
        return f"<mn>{self.low}</mn><mo>≤</mo><mi>{self.letter}</mi><mo>&lt;</mo><msup><mi>n</mi>{above}</msup>"


@dataclass(frozen=True, slots=True)
class Layers:
    """low <= ℓ <= L - below: the layers for which a statement is made."""

    low: int
    below: int

    def latex(self):
        return rf"{self.low} \le \ell \le L-{self.below}"

    def mathml(self):
        ends = f"<mn>{self.low}</mn><mo>≤</mo><mi>ℓ</mi><mo>≤</mo>"
        return f"{ends}<mi>L</mi><mo>−</mo><mn>{self.below}</mn>"
