"""The lines of a proof as trees: one tree is written as LaTeX, MathML or speech, and worked out on a network.

A tree holds index letters, not numbers: o("i") is o_i^ℓ, and only a network and a choice of ℓ and i make a number of
it. What works it out is a Run (cases.py), with floats or, for SymPy, with symbols; nothing here knows which.

    Sum("k", Mul(delta("k", ELL + 1), w("i", "k")))         Σ_k δ_k^{ℓ+1} w_ik^ℓ
"""

from dataclasses import dataclass, fields, replace
from math import prod

from mlpkit.notation import TABLE

_SUM, _PRODUCT, _ATOM = range(3)  # how tightly a node binds


class Undefined(LookupError):
    """A line reads a number that the network does not have, such as w_13 of a matrix with columns 0 to 2."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: base "l", "L" or "" (for 0), and how many layers further on. Layer("l", 1) is ℓ + 1."""

    base: str
    shift: int = 0

    def __add__(self, more):
        return Layer(self.base, self.shift + more)

    def __sub__(self, less):
        return self + -less

    def at(self, places):
        return (places[self.base] if self.base else 0) + self.shift

    def text(self, ell="ℓ"):
        letter = ell if self.base == "l" else self.base
        if not letter:
            return str(self.shift)
        return letter + (f"{self.shift:+d}" if self.shift else "")


ELL = Layer("l")
LAST = Layer("L", -1)


def _index(index, places):
    return index if isinstance(index, int) else places[index]


class Node:
    """What all nodes share. A node's parts are the fields that are nodes; `letters` are its own index letters."""

    __slots__ = ()
    binds = _ATOM
    letters = ()

    def parts(self):
        for one in fields(self):
            part = getattr(self, one.name)
            yield from (part,) if isinstance(part, Node) else part if isinstance(part, tuple) else ()

    def nodes(self):
        """This node and all below it."""
        yield self
        for part in self.parts():
            if isinstance(part, Node):
                yield from part.nodes()

    def free(self):
        """The letters that no sum below binds, in the order of reading."""
        found = dict.fromkeys(letter for letter in self.letters if isinstance(letter, str))
        for part in self.parts():
            if isinstance(part, Node):
                found |= dict.fromkeys(part.free())
        return tuple(found)

    def uses_ell(self):
        layers = (node.layer for node in self.nodes() if isinstance(node, (Symbol, Sum)))
        return any(layer is not None and layer.base == "l" for layer in layers)

    def latex(self):
        """The tree as LaTeX."""
        return self.write(LATEX)

    def mathml(self):
        """The tree as a MathML row."""
        return f"<mrow>{self.write(MATHML)}</mrow>"

    def speech(self):
        """The tree read aloud."""
        return self.write(SPEECH)

    def swapped(self, old, new):
        """The same tree with another letter or number for an index, wherever it stands in this tree."""
        changed = {}
        for one in fields(self):
            part = getattr(self, one.name)
            if isinstance(part, Node):
                changed[one.name] = part.swapped(old, new)
            elif isinstance(part, tuple):
                changed[one.name] = tuple(
                    item.swapped(old, new) if isinstance(item, Node) else new if item == old else item for item in part
                )
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """a, o, delta: one index. w, dw: two. D: one, of the last layer. An index is a letter or a number."""

    kind: str
    indices: tuple
    layer: Layer = ELL

    @property
    def letters(self):
        return self.indices

    def layers(self):
        """The layer that each of its indices counts the neurons of."""
        return (self.layer,) if len(self.indices) == 1 else (self.layer, self.layer + 1)

    def at(self, places):
        """Its symbol with numbers, such as ("w", 0, 1, 2)."""
        return (self.kind, self.layer.at(places), *(_index(index, places) for index in self.indices))

    def value(self, run, places):
        return run[self.at(places)]

    def write(self, out):
        return out.symbol(self.kind, self.indices, self.layer)


def a(i, layer=ELL):
    return Symbol("a", (i,), layer)


def o(i, layer=ELL):
    return Symbol("o", (i,), layer)


def delta(i, layer=ELL):
    return Symbol("delta", (i,), layer)


def w(i, j, layer=ELL):
    return Symbol("w", (i, j), layer)


def D(j):
    return Symbol("D", (j,), LAST)


@dataclass(frozen=True, slots=True)
class Loss(Node):
    """L̃, the loss of one example."""

    def value(self, run, places):
        return run.loss

    def write(self, out):
        return out.loss()


@dataclass(frozen=True, slots=True)
class Alpha(Node):
    """α, the learning rate."""

    def value(self, run, places):
        return run.alpha

    def write(self, out):
        return out.alpha()


@dataclass(frozen=True, slots=True)
class Number(Node):
    number: float

    def value(self, run, places):
        return run.number(self.number)

    def write(self, out):
        return out.number(self.number)


@dataclass(frozen=True, slots=True)
class Kronecker(Node):
    """1 where the two indices are equal, else 0. printed: "k" or "kroncker", where it is written as in the notes."""

    indices: tuple
    printed: str = ""

    @property
    def letters(self):
        return self.indices

    @property
    def complaint(self):
        if self.printed == "k":
            return "the k at the top of δ is no index: meant is the Kronecker delta, which is not the error signal"
        return "a Kronecker delta written like the error signal: [j = k] keeps the two apart" if self.printed else ""

    def value(self, run, places):
        first, second = (_index(index, places) for index in self.indices)
        return run.number(int(first == second))

    def write(self, out):
        return out.kronecker(self.indices, self.printed)


@dataclass(frozen=True, slots=True)
class Sigma(Node):
    """σ of an activation, or σ′ of it; σ is that of the activation's layer."""

    of: Symbol
    prime: bool = False
    printed: str = ""  # "sigma", where the name is written out

    @property
    def complaint(self):
        return "the name of σ is spelled out: σ' is meant" if self.printed else ""

    def value(self, run, places):
        at = self.of.value(run, places)
        return run.case.sigma(self.of.layer.at(places), at, self.prime)

    def write(self, out):
        return out.sigma(self.of.write(out), self.prime, self.printed)


def slope(i, layer=ELL):
    """σ′(a_i)."""
    return Sigma(a(i, layer), prime=True)


@dataclass(frozen=True, slots=True)
class Partial(Node):
    """∂top/∂bottom. It is worked out by nudging `bottom`, never by a formula of a proof."""

    top: Node
    bottom: Symbol

    def value(self, run, places):
        return run.case.derivative(self.top, self.bottom.at(places), places)

    def write(self, out):
        simple = isinstance(self.top, (Loss, Symbol))
        return out.partial(self.top.write(out), self.bottom.write(out), simple)

    @property
    def binds(self):
        return _ATOM if isinstance(self.top, (Loss, Symbol)) else _PRODUCT


@dataclass(frozen=True, slots=True)
class Add(Node):
    terms: tuple
    binds = _SUM

    def value(self, run, places):
        return sum(term.value(run, places) for term in self.terms)

    def write(self, out):
        return out.added([(isinstance(term, Neg), out.inside(_bare(term), _PRODUCT)) for term in self.terms])


def _bare(term):
    return term.term if isinstance(term, Neg) else term


@dataclass(frozen=True, slots=True)
class Neg(Node):
    term: Node
    binds = _SUM

    def value(self, run, places):
        return -self.term.value(run, places)

    def write(self, out):
        return out.negative(out.inside(self.term, _PRODUCT))


@dataclass(frozen=True, slots=True)
class Mul(Node):
    factors: tuple
    binds = _PRODUCT

    def value(self, run, places):
        return prod(factor.value(run, places) for factor in self.factors)

    def write(self, out):
        last = len(self.factors) - 1
        # A sum reaches as far as it can: only as the last factor it needs no parentheses.
        written = [out.inside(factor, _PRODUCT, k < last) for k, factor in enumerate(self.factors)]
        # Side by side, α and a 0 after it would be read as one name, and two numbers as one: they get a dot.
        numbers = [k > 0 and isinstance(_leftmost(factor), Number) for k, factor in enumerate(self.factors)]
        dotted = [numbers[k] or numbers[k - 1] for k in range(1, last + 1)]
        return out.product(written, dotted)


def _leftmost(node):
    return _leftmost(node.base) if isinstance(node, Power) else node


def mul(*factors):
    """A product, its factors' own products flattened."""
    flat = [part for factor in factors for part in (factor.factors if isinstance(factor, Mul) else (factor,))]
    return Mul(tuple(flat))


@dataclass(frozen=True, slots=True)
class Div(Node):
    top: Node
    bottom: Node

    def value(self, run, places):
        return self.top.value(run, places) / self.bottom.value(run, places)

    def write(self, out):
        return out.fraction(self.top.write(out), self.bottom.write(out))


@dataclass(frozen=True, slots=True)
class Power(Node):
    base: Node
    exponent: int

    def value(self, run, places):
        return self.base.value(run, places) ** self.exponent

    def write(self, out):
        return out.power(out.inside(self.base, _ATOM), self.exponent)


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Σ over `letter`: over all neurons of the layer in which it is used, or, if given, from `low` in `layer` on."""

    letter: str
    body: Node
    low: int = 0
    layer: Layer | None = None
    binds = _PRODUCT

    def over(self):
        """The layer that the letter counts the neurons of, or None if the summand has no symbol with it."""
        if self.layer:
            return self.layer
        for node in self.body.nodes():
            if isinstance(node, Symbol) and self.letter in node.indices:
                return node.layers()[node.indices.index(self.letter)]
        return None

    def free(self):
        return tuple(letter for letter in self.body.free() if letter != self.letter)

    def value(self, run, places):
        over = self.over()
        if over is None:
            raise Undefined(f"the sum runs over {self.letter}, but no symbol in it has the index {self.letter}")
        last = run.case.size(over.at(places))
        return sum((self.body.value(run, {**places, self.letter: k}) for k in range(self.low, last)), run.number(0))

    def write(self, out):
        return out.sum(self.letter, self.low, self.layer, out.inside(self.body, _PRODUCT))


class _Writer:
    def inside(self, node, binds, then_more=False):
        """A node inside another one, in parentheses where it binds less tightly or would reach too far."""
        written = node.write(self)
        greedy = then_more and (isinstance(node, (Sum, Partial)) and node.binds == _PRODUCT)
        return self.parentheses(written) if node.binds < binds or greedy else written


def _joined(factors, between):
    return factors[0] + "".join(sign + factor for sign, factor in zip(between, factors[1:], strict=True))


class _Latex(_Writer):
    def symbol(self, kind, indices, layer):
        letter = TABLE[kind].latex
        if kind == "D":
            return f"{letter}_{{{self._lower(indices)}}}"
        return f"{letter}_{{{self._lower(indices)}}}^{{{self.layer(layer)}}}"

    def _lower(self, indices):
        return "".join(map(str, indices))

    def layer(self, layer):
        return layer.text(r"\ell")

    def loss(self):
        return TABLE["loss"].latex

    def alpha(self):
        return r"\alpha"

    def number(self, number):
        return f"{number:g}"

    def kronecker(self, indices, printed):
        if printed:
            top = "k" if printed == "k" else r"(\text{kroncker})"
            return rf"\delta_{{{self._lower(indices)}}}^{{{top}}}"
        return rf"[{indices[0]} = {indices[1]}]"

    def sigma(self, of, prime, printed):
        return (r"\text{sigma}" if printed else r"\sigma") + ("'" if prime else "") + f"({of})"

    def partial(self, top, bottom, simple):
        if simple:
            return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"
        return rf"\frac{{\partial}}{{\partial {bottom}}} {top}"

    def added(self, terms):
        return "".join((" - " if minus else " + " if k else "") + term for k, (minus, term) in enumerate(terms)).strip()

    def negative(self, term):
        return f"-{term}"

    def product(self, factors, dotted):
        return _joined(factors, [r" \cdot " if dot else r" \, " for dot in dotted])

    def fraction(self, top, bottom):
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base, exponent):
        return f"{{{base}}}^{{{exponent}}}"

    def sum(self, letter, low, layer, body):
        if layer is None:
            return rf"\sum_{{{letter}}} {body}"
        return rf"\sum_{{{letter}={low}}}^{{n^{{{self.layer(layer)}}}-1}} {body}"

    def parentheses(self, written):
        return rf"\left({written}\right)"


def _mo(operator):
    return f"<mo>{operator}</mo>"


class _Mathml(_Writer):
    def symbol(self, kind, indices, layer):
        letter = f"<mi>{TABLE[kind].text}</mi>" if kind != "dw" else "<mrow><mo>Δ</mo><mi>w</mi></mrow>"
        mark = f' class="mlpkit-{TABLE[kind].colour}"'
        if kind == "D":
            return f"<msub{mark}>{letter}{self._lower(indices)}</msub>"
        return f"<msubsup{mark}>{letter}{self._lower(indices)}{self.layer(layer)}</msubsup>"

    def _one(self, part):
        return f"<mn>{part}</mn>" if str(part).isdigit() else f"<mi>{part}</mi>"

    def _lower(self, indices):
        return f"<mrow>{''.join(self._one(index) for index in indices)}</mrow>"

    def layer(self, layer):
        base = "" if not layer.base else "<mi>ℓ</mi>" if layer.base == "l" else "<mi>L</mi>"
        if not base:
            return f"<mn>{layer.shift}</mn>"
        more = f"{_mo('+' if layer.shift > 0 else '−')}<mn>{abs(layer.shift)}</mn>" if layer.shift else ""
        return f"<mrow>{base}{more}</mrow>"

    def loss(self):
        return '<mover accent="true"><mi>L</mi><mo>~</mo></mover>'

    def alpha(self):
        return "<mi>α</mi>"

    def number(self, number):
        return f"<mn>{number:g}</mn>"

    def kronecker(self, indices, printed):
        if printed:
            top = "<mi>k</mi>" if printed == "k" else "<mtext>(kroncker)</mtext>"
            return f"<msubsup><mi>δ</mi>{self._lower(indices)}{top}</msubsup>"
        first, second = map(self._one, indices)
        inside = f"{first}{_mo('=')}{second}"
        return f'<mrow><mo stretchy="false">[</mo>{inside}<mo stretchy="false">]</mo></mrow>'

    def sigma(self, of, prime, printed):
        name = ("sigma" if printed else "σ") + ("′" if prime else "")
        return (f"<mtext>{name}</mtext>" if printed else f"<mi>{name}</mi>") + self.parentheses(of)

    def partial(self, top, bottom, simple):
        below = f"<mrow>{_mo('∂')}{bottom}</mrow>"
        if simple:
            return f"<mfrac><mrow>{_mo('∂')}{top}</mrow>{below}</mfrac>"
        return f"<mfrac>{_mo('∂')}{below}</mfrac>{top}"

    def added(self, terms):
        signs = ("−" if minus else "+" if k else "" for k, (minus, _) in enumerate(terms))
        return "".join((_mo(sign) if sign else "") + term for sign, (_, term) in zip(signs, terms, strict=True))

    def negative(self, term):
        return f'<mo form="prefix">−</mo>{term}'

    def product(self, factors, dotted):
        return _joined(factors, [_mo("·") if dot else '<mspace width="0.17em"></mspace>' for dot in dotted])

    def fraction(self, top, bottom):
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def power(self, base, exponent):
        return f"<msup><mrow>{base}</mrow><mn>{exponent}</mn></msup>"

    def sum(self, letter, low, layer, body):
        if layer is None:
            return f"<munder><mo>∑</mo><mi>{letter}</mi></munder>{body}"
        below = f"<mrow><mi>{letter}</mi><mo>=</mo><mn>{low}</mn></mrow>"
        above = f"<mrow><msup><mi>n</mi>{self.layer(layer)}</msup>{_mo('−')}<mn>1</mn></mrow>"
        return f"<munderover><mo>∑</mo>{below}{above}</munderover>{body}"

    def parentheses(self, written):
        return f'<mo stretchy="false">(</mo>{written}<mo stretchy="false">)</mo>'


class _Speech(_Writer):
    def symbol(self, kind, indices, layer):
        words = f"{TABLE[kind].spoken} {' '.join(map(str, indices))}"
        return words if kind == "D" else f"{words} of layer {self.layer(layer)}"

    def layer(self, layer):
        text = layer.text("l")
        return text.replace("+", " plus ").replace("-", " minus ")

    def loss(self):
        return "the loss"

    def alpha(self):
        return "alpha"

    def number(self, number):
        return f"{number:g}"

    def kronecker(self, indices, printed):
        return f"the Kronecker delta of {indices[0]} and {indices[1]}"

    def sigma(self, of, prime, printed):
        return f"sigma {'prime ' if prime else ''}of {of}"

    def partial(self, top, bottom, simple):
        return f"the derivative of {top} by {bottom}"

    def added(self, terms):
        return "".join((" minus " if minus else " plus " if k else "") + term for k, (minus, term) in enumerate(terms))

    def negative(self, term):
        return f"minus {term}"

    def product(self, factors, dotted):
        return " times ".join(factors)

    def fraction(self, top, bottom):
        return f"{top} over {bottom}"

    def power(self, base, exponent):
        return f"{base} to the power of {exponent}"

    def sum(self, letter, low, layer, body):
        run = "" if layer is None else f" from {low} to n of layer {self.layer(layer)} minus 1"
        return f"the sum over {letter}{run} of {body}"

    def parentheses(self, written):
        return f"open bracket {written} close bracket"


LATEX, MATHML, SPEECH = _Latex(), _Mathml(), _Speech()


@dataclass(frozen=True, slots=True)
class Range:
    """low <= letter < n of a layer."""

    letter: str
    low: int
    layer: Layer = ELL

    def latex(self):
        return rf"{self.low} \le {self.letter} < n^{{{LATEX.layer(self.layer)}}}"

    def mathml(self):
        above = MATHML.layer(self.layer)
        return f"<mn>{self.low}</mn>{_mo('≤')}<mi>{self.letter}</mi>{_mo('&lt;')}<msup><mi>n</mi>{above}</msup>"


@dataclass(frozen=True, slots=True)
class Layers:
    """low <= ℓ <= L - below: the layers for which a statement is made."""

    low: int
    below: int

    def latex(self):
        return rf"{self.low} \le \ell \le L-{self.below}"

    def mathml(self):
        ends = f"<mn>{self.low}</mn>{_mo('≤')}<mi>ℓ</mi>{_mo('≤')}"
        return f"{ends}<mi>L</mi>{_mo('−')}<mn>{self.below}</mn>"
