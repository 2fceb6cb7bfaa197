"""The same lines as SymPy sees them: for an arbitrary σ and an arbitrary L̃. Imported only when it is asked for.

Two ways, and a line says which of them it is. At index level, the trees become SymPy's Sum, Indexed and
KroneckerDelta, the bounds stay letters, and what holds holds for every width. SymPy cannot do this with the chain rule
through a whole network: there a network of given sizes is written out, its weights and inputs as symbols, σ and L̃ as
functions of which nothing is known but that they have a derivative, and both sides are compared for every index.
"""

from dataclasses import dataclass
from functools import cache

import sympy
from sympy import IndexedBase, KroneckerDelta, Symbol

from mlpkit.derivations.formulas import Misprint, Partial, Sigma, a, delta, o, w
from mlpkit.derivations.instances import ForwardPass, Shape
from mlpkit.notation.expressions import Add, Kronecker, Mul, Neg, Num, Ref, Sum, mul

SIZES = {"any": ((2, 3, 2, 1), (3, 2, 4)), "half": ((2, 3, 2), (3, 2, 4)), "cross": ((2, 3, 2), (3, 2, 4))}


class SigmaPrime(sympy.Function):
    """σ′ of a layer: (layer, a). Nothing more is known of it."""


class AnySigma(sympy.Function):
    """An arbitrary differentiable σ of a layer: (layer, a)."""

    def fdiff(self, argindex=2):
        return SigmaPrime(*self.args)


class Logistic(sympy.Function):
    """The logistic function, of which one thing is known: σ′ = σ (1 − σ)."""

    def fdiff(self, argindex=2):
        return self * (1 - self)


class LossSlope(sympy.Function):
    """∂L̃/∂o of one output: (which, the outputs, D). Nothing more is known of it."""


class AnyLoss(sympy.Function):
    """An arbitrary differentiable L̃ of all outputs and of D."""

    def fdiff(self, argindex=1):
        return LossSlope(sympy.Integer(argindex), *self.args)


@dataclass(frozen=True)
class Found:
    """What SymPy found. how: "widths" (every width), "networks" (every index of some), or "no" (not proved)."""

    how: str
    message: str

    @property
    def holds(self):
        return self.how != "no"


class SymbolicInstance(Shape):
    """A network of given sizes whose weights, inputs and D are symbols. which: as in instances()."""

    def __init__(self, sizes, which="any"):
        super().__init__(sizes)
        self.which = which
        self.w = [
            [
                [sympy.Integer(i == 0) if j == 0 else Symbol(f"w{l}_{i}_{j}") for j in range(self.n[l + 1])]
                for i in range(self.n[l])
            ]
            for l in range(self.L - 1)
        ]
        self.I = [Symbol(f"I{i}") for i in range(1, self.n[0])]
        self.D = [Symbol(f"D{j}") for j in range(1, self.n[-1])]
        self.alpha = Symbol("alpha")
        self.forward = ForwardPass(self)

    @staticmethod
    def number(value):
        return sympy.nsimplify(value)

    def sigma(self, l, a, prime=False):
        logistic = self.which != "any" and l == self.L - 1
        function = Logistic if logistic else AnySigma
        if not prime:
            return function(sympy.Integer(l), a)
        return Logistic(sympy.Integer(l), a).fdiff() if logistic else SigmaPrime(sympy.Integer(l), a)

    def loss_of(self, outputs):
        pairs = list(zip(outputs, self.D, strict=True))
        if self.which == "half":
            return sum((one - d) ** 2 for one, d in pairs) / 2
        if self.which == "cross":
            return -sum(d * sympy.log(one) + (1 - d) * sympy.log(1 - one) for one, d in pairs)
        return AnyLoss(*outputs, *self.D)

    def _derivative(self, function, symbol):
        t = sympy.Dummy("t")
        return sympy.diff(function(t), t).subs(t, self.forward[symbol])


@cache
def _instance(sizes, which):
    return SymbolicInstance(sizes, which)


def is_zero(expression):
    """Whether SymPy shows an expression to be 0: by multiplying out, and where there are fractions by cancelling."""
    return sympy.expand(expression) == 0 or sympy.cancel(sympy.together(expression)) == 0


def _exact(node):
    """The tree with fractions for its decimal numbers."""
    return Num(sympy.nsimplify(node.number)) if isinstance(node, Num) else node.mapped(_exact)


def equal_on(left, right, scope, sizes):
    """Whether the difference of two trees is 0 for every index of a network of these sizes."""
    instance = _instance(tuple(sizes), scope.which)
    left, right = _exact(left), _exact(right)
    try:
        numbers = instance.forward
        return all(is_zero(left.value(numbers, at) - right.value(numbers, at)) for at in scope.places(instance))
    except (LookupError, ArithmeticError):  # an index that leaves its matrix, or one that is bound nowhere
        return False


# Index level.


class _NoIndexForm(Exception):
    """A part of a tree that has no form at index level."""


def _n(layer):
    return Symbol(f"n_{layer}", integer=True, positive=True)


def _letter(index):
    return sympy.Integer(index) if isinstance(index, int) else Symbol(index, integer=True)


class _IndexForm:
    """Trees with symbolic indices and bounds. Every activation is a symbol of its own, and δ is ∂L̃/∂a."""

    def __init__(self, scope):
        self.scope = scope
        self.low = {one.letter: one.low for one in scope.ranges}

    def of(self, node):
        match node:
            case Misprint():
                return self.of(node.meant)
            case Ref(kind="a" | "o" | "delta" | "w" | "D"):
                base = IndexedBase(f"{node.kind}_{node.layer}")
                return base[tuple(map(_letter, node.indices))]
            case Num():
                return sympy.nsimplify(node.number)
            case Ref(kind="alpha"):
                return Symbol("alpha")
            case Kronecker():
                return KroneckerDelta(_letter(node.one), _letter(node.other))
            case Sigma():
                name = SigmaPrime if node.prime else AnySigma
                return name(Symbol(f"layer_{node.of.layer}"), self.of(node.of))
            case Add():
                return sympy.Add(*map(self.of, node.terms))
            case Neg():
                return -self.of(node.term)
            case Mul():
                return sympy.Mul(*map(self.of, node.factors))
            case Sum():
                return self._sum(node, self.of)
            case Partial(top=Ref(kind="loss"), bottom=Ref(kind="a")):
                return self.of(delta(node.bottom.indices[0], node.bottom.layer))
            case Partial(top=Ref(kind="loss"), bottom=Ref(kind="o")):
                return IndexedBase("loss_slope")[_letter(node.bottom.indices[0])]
            case Partial(bottom=Ref(kind="w")):
                return sympy.diff(self._written_out(node.top, node.bottom), self.of(node.bottom))
            case Partial(bottom=Ref(kind="a", indices=(index,))) if self.low.get(index, 0) >= 1:
                # not for i = 0: o_0 is set, and its derivative is not σ′(a_0)
                return sympy.diff(self._written_out(node.top, node.bottom), self.of(node.bottom))
        raise _NoIndexForm

    def _sum(self, node, body):
        over = node.over()
        if over is None:
            raise _NoIndexForm
        return sympy.Sum(body(node.body), (_letter(node.letter), node.low, _n(over) - 1))

    def _written_out(self, top, bottom):
        """`top` by its definition, down to the layer of `bottom`: a_k^{ℓ+1} = Σ_m o_m^ℓ w_mk^ℓ, o_m = σ(a_m)."""
        match top:
            case Ref(kind="a") if top.layer == bottom.layer + 1:
                m, k = f"{top.indices[0]}_before", top.indices[0]
                summand = mul(o(m, bottom.layer), w(m, k, bottom.layer))
                return self._written_out(Sum(m, summand), bottom)
            case Ref(kind="o") if top.layer == bottom.layer:
                return self.of(top if bottom.kind == "w" else Sigma(a(top.indices[0], top.layer)))
            case Ref(kind="w"):
                return self.of(top)
            case Sum():
                return self._sum(top, lambda body: self._written_out(body, bottom))
            case Mul():
                return sympy.Mul(*(self._written_out(factor, bottom) for factor in top.factors))
        raise _NoIndexForm


def _inside(expression, scope):
    """Each Piecewise replaced by its first value where its condition is what the ranges say anyway."""
    known = {_letter(one.letter): (one.low, _n(one.layer) - 1) for one in scope.ranges}

    def said(relation):
        gap = sympy.expand(relation.gts - relation.lts)  # is it >= 0?
        for letter, (low, high) in known.items():
            if (rest := sympy.expand(gap - letter)).is_number and rest >= -low:
                return True
            if (rest := sympy.expand(gap - (high - letter))).is_number and rest >= 0:
                return True
        return False

    def first(*pieces):
        value, condition = pieces[0]
        relations = condition.args if isinstance(condition, sympy.And) else (condition,)
        if all(isinstance(one, (sympy.Le, sympy.Ge)) and said(one) for one in relations):
            return value
        return sympy.Piecewise(*pieces)

    return expression.replace(sympy.Piecewise, first)


def _zero_in_every_case(difference):
    """Whether it is 0 both where two indices of a Kronecker delta are equal and where they are not."""
    difference = sympy.factor_terms(sympy.expand(difference).simplify())
    if difference == 0:
        return True
    deltas = sorted(difference.atoms(KroneckerDelta), key=str)
    if not deltas or difference.has(sympy.Sum):
        return False
    one, other = deltas[0].args
    return _zero_in_every_case(difference.subs(deltas[0], 0)) and _zero_in_every_case(difference.subs(other, one))


def _in_its_layer(node, scope, bound=()):
    """Whether every index letter counts the neurons of the layer that its range or its sum says."""
    layers = {one.letter: one.layer for one in scope.ranges} | dict(bound)
    if isinstance(node, Ref):
        pairs = zip(node.indices, node.layers(), strict=True)
        return all(isinstance(index, int) or layers.get(index) == layer for index, layer in pairs)
    if isinstance(node, Sum):
        bound = (*bound, (node.letter, node.over()))
    return all(_in_its_layer(part, scope, bound) for part in node.parts())


def equal_at_index_level(left, right, scope):
    """True if SymPy shows left = right for every width, the bounds of the sums being letters; else False."""
    if not all(_in_its_layer(side, scope) for side in (left, right)):
        return False
    form = _IndexForm(scope)
    try:
        sides = [form.of(side) for side in (left, right)]
    except _NoIndexForm:
        return False
    for _ in range(2):  # an outer sum may collapse only after the inner one has
        sides = [_inside(side.doit(), scope) for side in sides]
    return _zero_in_every_case(sides[0] - sides[1])


def prove(left, right, scope):
    """left = right: at index level where SymPy can do that, else for every index of a few networks."""
    if equal_at_index_level(left, right, scope):
        return Found("widths", "proved with letters for all indices and widths.")
    sizes = SIZES[scope.which]
    names = " and ".join("-".join(map(str, one)) for one in sizes)
    if all(equal_on(left, right, scope, one) for one in sizes):
        return Found("networks", f"proved for every index of networks {names}.")
    return Found("no", f"the two sides are not the same on networks {names}.")
