"""The one tree of terms that every equation and every line of a proof is, written by the writers of writers.py.

    Ref(symbol)                  a symbol of the notation, or the number that it stands for
    Num(number)                  a number that belongs to the formula, such as the 1 in o (1 - o)
    Add, Neg, Mul, Div, Power    what their names say; sub(x, y) is Add((x, Neg(y)))
    Exp, Call(name, terms, f)    e to the power of a term; a function of terms, such as σ(a) or ln(o)
    Sum(letter, body, ...)       over an index, written with Σ in symbols and term by term in numbers
    Kronecker(one, other)        1 where two indices are equal, else 0

An index is a number or a letter, and so is a layer: Ref(("w", 0, 1, 2)), Ref(("w", 0, "j", 2)), or
Ref(("w", ELL, "i", "j")). A letter gets its number from `places`, {"l": 1, "i": 2}: `value` works a tree out with it,
`at` writes it into the tree. A tree is worked out on a mapping of its symbols to numbers, so that what is shown can be
compared with what was computed.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from mlpkit.notation import numbers
from mlpkit.notation.symbols import TABLE
from mlpkit.notation.writers import ATOM, POWER, PRODUCT, SUM, Latex, Mathml, Speech, Text, lines

_SHOWN_TERMS = 9  # a longer sum is written with its first terms, an ellipsis, and its last one

NOWHERE = MappingProxyType({})


class Undefined(LookupError):
    """A tree reads a number that is not there, such as w_13 of a matrix with columns 0 to 2."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer with a letter: base "l" or "L", and how many layers further on. Layer("l", 1) is ℓ + 1."""

    base: str
    shift: int = 0

    def __add__(self, more):
        return Layer(self.base, self.shift + more)

    def __sub__(self, less):
        return self + -less

    def __str__(self):
        return self.base + (f"{self.shift:+d}" if self.shift else "")


ELL = Layer("l")
LAST = Layer("L", -1)


def index_at(index, places):
    """The number of an index or of a layer. Raises KeyError where its letter has none."""
    if type(index) is int:
        return index
    return places[index.base] + index.shift if isinstance(index, Layer) else places[index]


def _filled(index, places):
    """The same, but a letter that has no number stays."""
    if type(index) is int or (index.base if isinstance(index, Layer) else index) not in places:
        return index
    return index_at(index, places)


class Node:
    """What all nodes share. A node's parts are the fields that are nodes, and the nodes in its tuples.

    Each node has value(values, places) and write(out), out being a writer. `letters` are its own index letters.
    """

    __slots__ = ()
    binds = ATOM
    reaches_on = False  # whether what stands after it in symbols would be taken for a part of it
    begins_with_number = False  # in symbols
    letters = ()

    def parts(self):
        for name in self.__match_args__:
            part = getattr(self, name)
            if isinstance(part, Node):
                yield part
            elif isinstance(part, tuple):
                yield from (one for one in part if isinstance(one, Node))

    def mapped(self, change):
        """The same node with change(part) in the place of each part."""
        fields = []
        for name in self.__match_args__:
            part = getattr(self, name)
            if isinstance(part, Node):
                part = change(part)
            elif isinstance(part, tuple):
                part = tuple([change(one) if isinstance(one, Node) else one for one in part])
            fields.append(part)
        return type(self)(*fields)

    def at(self, places):
        """The same tree with what `places` has for its letters: numbers, or other letters."""
        return self.mapped(lambda part: part.at(places))

    def nodes(self):
        """This node and all below it."""
        yield self
        for part in self.parts():
            yield from part.nodes()

    def refs(self):
        """The symbols that are read, in the order of reading."""
        for part in self.parts():
            yield from part.refs()

    def free(self):
        """The letters that no sum below binds, in the order of reading."""
        found = dict.fromkeys(self.letters)
        for part in self.parts():
            found |= dict.fromkeys(part.free())
        return tuple(found)

    def uses_ell(self):
        layers = (node.layer for node in self.nodes() if isinstance(node, (Ref, Sum)))
        return any(isinstance(layer, Layer) and layer.base == "l" for layer in layers)

    def inside(self, out, binds, first=False):
        """Written inside an operation: in parentheses where it binds less tightly, or is negative and not first."""
        written = self.write(out)
        if self.binds < binds or (out.values is not None and not first and self.negative(out)):
            return out.parenthesised(written)
        return written

    def negative(self, out):
        """Whether it is written as one number with a minus, where numbers are put in."""
        return False

    def latex(self):
        """The tree as LaTeX."""
        return self.write(LATEX)

    def mathml(self):
        """The tree as a MathML row."""
        return f"<mrow>{self.write(MATHML)}</mrow>"

    def speech(self):
        """The tree read aloud."""
        return self.write(_SPEECH)

    def text(self):
        """The tree as plain text."""
        return self.write(_TEXT)


LATEX, MATHML, _SPEECH, _TEXT = Latex(stretched=True), Mathml(), Speech(), Text()


@dataclass(frozen=True, slots=True)
class Ref(Node):
    symbol: tuple

    @property
    def kind(self):
        return self.symbol[0]

    @property
    def layer(self):
        """Its layer, that of I being 0 and that of D the last one; None for what belongs to no layer, such as α."""
        if TABLE[self.kind].indices.startswith("l"):
            return self.symbol[1]
        return {"I": 0, "D": LAST}.get(self.kind)

    @property
    def indices(self):
        """Its neurons: one, two for what belongs to a weight, or none."""
        return self.symbol[2:] if TABLE[self.kind].indices.startswith("l") else self.symbol[1:]

    @property
    def letters(self):
        return tuple(index for index in self.indices if isinstance(index, str))

    def layers(self):
        """The layer that each of its indices counts the neurons of."""
        return tuple(self.layer + k for k in range(len(self.indices)))

    def symbol_at(self, places):
        """Its symbol with numbers, such as ("w", 0, 1, 2)."""
        return (self.symbol[0], *[index_at(index, places) for index in self.symbol[1:]])

    def at(self, places):
        return Ref((self.symbol[0], *[_filled(index, places) for index in self.symbol[1:]]))

    def value(self, values, places=NOWHERE):
        return values[self.symbol_at(places) if places else self.symbol]

    def write(self, out):
        return out.ref(self.symbol)

    def refs(self):
        yield self.symbol

    def negative(self, out):
        return numbers.number_text(out.values[self.symbol])[0] == "−"


@dataclass(frozen=True, slots=True)
class Num(Node):
    number: float
    begins_with_number = True

    def value(self, values, places=NOWHERE):
        return self.number

    def write(self, out):
        return out.number(self.number)

    def negative(self, out):
        return self.number < 0


@dataclass(frozen=True, slots=True)
class _Ellipsis(Node):
    """The terms of a long sum that are not written."""

    def write(self, out):
        return out.ellipsis


@dataclass(frozen=True, slots=True)
class Add(Node):
    terms: tuple
    binds = SUM

    def value(self, values, places=NOWHERE):
        return sum(term.value(values, places) for term in self.terms)

    def write(self, out):
        terms = [(isinstance(term, Neg), term) for term in self.terms]
        first = not terms[0][0]  # a number with a minus needs parentheses everywhere else
        written = []
        for taken, term in terms:
            written.append((taken, (term.term if taken else term).inside(out, PRODUCT, first)))
            first = False
        return out.added(written)


def add(*terms):
    """A sum, its terms' own sums flattened."""
    return Add(tuple(part for term in terms for part in (term.terms if isinstance(term, Add) else (term,))))


def sub(left, right):
    """left - right."""
    return add(left, Neg(right))


@dataclass(frozen=True, slots=True)
class Neg(Node):
    term: Node
    binds = SUM

    def value(self, values, places=NOWHERE):
        return -self.term.value(values, places)

    def write(self, out):
        return out.negative(self.term.inside(out, PRODUCT))


@dataclass(frozen=True, slots=True)
class Mul(Node):
    factors: tuple
    binds = PRODUCT

    def value(self, values, places=NOWHERE):
        return math.prod(factor.value(values, places) for factor in self.factors)

    def write(self, out):
        written = [factor.inside(out, PRODUCT) for factor in self.factors]
        if out.values is not None:
            return out.product(written, [True] * (len(written) - 1))
        for k, factor in enumerate(self.factors[:-1]):
            if factor.reaches_on:
                written[k] = out.parenthesised(written[k])
        # Side by side, α and a 0 after it would be read as one name, and two numbers as one: they get a dot.
        number = [factor.begins_with_number for factor in self.factors[1:]]
        return out.product(written, [here or before for here, before in zip(number, [False, *number], strict=False)])


def mul(*factors):
    """A product, its factors' own products flattened; one factor alone is itself."""
    flat = [part for factor in factors for part in (factor.factors if isinstance(factor, Mul) else (factor,))]
    return Mul(tuple(flat)) if len(flat) > 1 else flat[0]


@dataclass(frozen=True, slots=True)
class Div(Node):
    top: Node
    bottom: Node
    binds = POWER

    def value(self, values, places=NOWHERE):
        return self.top.value(values, places) / self.bottom.value(values, places)

    def write(self, out):
        return out.fraction(self.top.inside(out, out.over, True), self.bottom.inside(out, out.under, True))


@dataclass(frozen=True, slots=True)
class Power(Node):
    """exponent: a whole number that is not negative."""

    base: Node
    exponent: int
    binds = POWER

    @property
    def begins_with_number(self):
        return self.base.begins_with_number

    def value(self, values, places=NOWHERE):
        # unlike **, infinite where it overflows
        return math.prod([self.base.value(values, places)] * self.exponent)

    def write(self, out):
        return out.power(self.base.inside(out, ATOM), self.exponent)


@dataclass(frozen=True, slots=True)
class Exp(Node):
    """e to the power of a term."""

    term: Node
    binds = POWER

    def value(self, values, places=NOWHERE):
        try:
            return math.exp(self.term.value(values, places))
        except OverflowError:
            return math.inf

    def write(self, out):
        return out.exponential(self.term.write(out))


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of terms by its name in the writers; f takes their values."""

    name: str
    terms: tuple
    f: Callable

    def value(self, values, places=NOWHERE):
        return self.f(*(term.value(values, places) for term in self.terms))

    def write(self, out):
        return out.call(self.name, [term.write(out) for term in self.terms])


@dataclass(frozen=True, slots=True)
class Kronecker(Node):
    """1 where the two indices are equal, else 0."""

    one: object
    other: object

    @property
    def letters(self):
        return tuple(index for index in (self.one, self.other) if isinstance(index, str))

    def at(self, places):
        return Kronecker(_filled(self.one, places), _filled(self.other, places))

    def value(self, values, places=NOWHERE):
        return int(index_at(self.one, places) == index_at(self.other, places))

    def write(self, out):
        return out.kronecker(self.one, self.other)


@dataclass(frozen=True)
class Sum(Node):
    """Σ over `letter`, from `low` on: up to `high`, or over the neurons of `layer`, or, if neither is given, over all
    neurons of the layer in which the letter is used. How many these are, `values` says: values.size(l)."""

    letter: str
    body: Node
    low: int = 0
    layer: Layer | int | None = None
    high: int | None = None
    binds = PRODUCT
    reaches_on = True

    def over(self):
        """The layer that the letter counts the neurons of, or None if the summand has no symbol with it."""
        if self.layer is not None:
            return self.layer
        for node in self.body.nodes():
            if isinstance(node, Ref) and self.letter in node.indices:
                return node.layers()[node.indices.index(self.letter)]
        return None

    def free(self):
        return tuple(letter for letter in self.body.free() if letter != self.letter)

    def at(self, places):
        free = {letter: index for letter, index in places.items() if letter != self.letter}
        return Sum(self.letter, self.body.at(free), self.low, _filled(self.layer, places), self.high)

    @cached_property
    def terms(self):
        """The summand with each number of the letter up to `high`."""
        return [self.body.at({self.letter: k}) for k in range(self.low, self.high + 1)]

    def refs(self):
        for term in [self.body] if self.high is None else self.terms:
            yield from term.refs()

    def value(self, values, places=NOWHERE):
        if self.high is not None:
            return sum(term.value(values, places) for term in self.terms)
        over = self.over()
        if over is None:
            raise Undefined(f"the sum runs over {self.letter}, but no symbol in it has the index {self.letter}")
        size = values.size(index_at(over, places))
        return sum(self.body.value(values, {**places, self.letter: k}) for k in range(self.low, size))

    def _written_out(self):
        """Term by term."""
        long = len(self.terms) > _SHOWN_TERMS
        terms = [*self.terms[:3], _Ellipsis(), self.terms[-1]] if long else self.terms
        return add(*terms) if len(terms) > 1 else terms[0]

    def write(self, out):
        if out.values is not None:
            return self._written_out().write(out)
        return out.sum(self.letter, self.low, self.layer, self.high, self.body.inside(out, PRODUCT))

    def inside(self, out, binds, first=False):
        if out.values is not None:
            return self._written_out().inside(out, binds, first)
        return Node.inside(self, out, binds, first)


class _Rounded(dict):
    """The values as the screen shows them."""

    def __init__(self, values):
        super().__init__()
        self.of = values

    def __missing__(self, symbol):
        return numbers.number_shown(self.of[symbol])[0]


@dataclass(frozen=True, slots=True)
class Equation:
    """symbol = right[0] = right[1] ...: right sides that are equal, from the general formula to the one that is used.

    values: a mapping of symbols to numbers, which holds the symbol itself and all that the right sides read.
    What is given has no right side.
    """

    symbol: tuple
    right: tuple
    values: Mapping

    @property
    def refs(self) -> tuple[tuple, ...]:
        """The symbols on the right-hand side, each once, in the order of reading."""
        return tuple(dict.fromkeys(symbol for side in self.right for symbol in side.refs()))

    def value(self) -> float:
        """The last right side evaluated on the values, or the value that was given."""
        return self.right[-1].value(self.values) if self.right else self.values[self.symbol]

    def exact(self) -> bool:
        """Whether the shown result is what the shown numbers give, within one unit of its last digit."""
        if not self.right:
            return True
        shown, unit = numbers.number_shown(self.values[self.symbol])
        try:
            again = self.right[-1].value(_Rounded(self.values))
        except (ArithmeticError, ValueError):
            return False
        return again == shown or abs(again - shown) <= unit * (1 + 1e-9) + 1e-12 * abs(shown)

    def latex(self, numbers: bool = False) -> str:
        """LaTeX: in symbols, or with the numbers put in and the result."""
        return self._rendered(Latex, numbers)

    def mathml(self, numbers: bool = False) -> str:
        """A MathML element <math>: in symbols, or with the numbers put in and the result."""
        return f'<math display="block"><mrow>{self._rendered(Mathml, numbers)}</mrow></math>'

    def speech(self) -> str:
        """The equation read aloud, in symbols and then with the result."""
        out = Speech()
        parts = [out.symbol(self.symbol), *(side.write(out) for side in self.right[:1])]
        result = numbers.spoken_number(self.values[self.symbol])
        if self.right and not self.refs:
            return f"{parts[0]} is set to {result}"
        return " equals ".join(parts) + (f", which is {result}" if len(parts) > 1 else f" is {result}")

    def mathml_sides(self):
        """(left side, right sides in symbols, lines of the right side in numbers, result, '=' or '≈'), in MathML."""
        with_numbers = Mathml(self.values)
        return (
            MATHML.symbol(self.symbol),
            [side.write(MATHML) for side in self.right],
            lines(self.right[-1].write(with_numbers)) if self._has_numbers() else [],
            with_numbers.result(self.symbol),
            "=" if self.exact() else "≈",
        )

    def _has_numbers(self):
        return bool(self.right) and not isinstance(self.right[-1], (Ref, Num))

    def _rendered(self, writer, numbers):
        out = writer()
        if not numbers:
            return out.equals(True).join([out.symbol(self.symbol), *(side.write(out) for side in self.right)])
        with_numbers = writer(self.values)
        written = out.symbol(self.symbol)
        if self._has_numbers():
            written += out.equals(True) + self.right[-1].write(with_numbers)
        return written + out.equals(not self._has_numbers() or self.exact()) + with_numbers.result(self.symbol)
