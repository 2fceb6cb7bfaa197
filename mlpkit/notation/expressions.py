"""An equation as a small tree of terms, rendered when asked as LaTeX, as MathML, in words or with its numbers put in.

    Ref(symbol)              a symbol of the notation, or the number that it stands for
    Num(value)               a number that belongs to the formula, such as the 1 in o (1 - o)
    Add, Sub, Mul, Div, Neg, Square      what their names say
    Call(name, term, f)      a function of one term, such as σ(a) or ln(o)
    IndexSum(...)            a sum over an index, written with Σ in symbols and term by term in numbers

A tree says what is added, multiplied and read. It is evaluated on the values of its symbols, so that what is shown
can be compared with what was computed.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from mlpkit.notation import numbers, symbols

# How tightly an operation binds: a term is put in parentheses inside one that binds more tightly.
_SUM, _PRODUCT, _POWER, _ATOM = range(4)

_SHOWN_TERMS = 9  # a longer sum is written with its first terms, an ellipsis, and its last one


@dataclass(frozen=True, slots=True)
class Ref:
    symbol: tuple
    binds = _ATOM

    def value(self, values):
        return values[self.symbol]

    def write(self, out):
        return out.ref(self.symbol)

    def refs(self):
        yield self.symbol


@dataclass(frozen=True, slots=True)
class Num:
    number: float
    binds = _ATOM

    def value(self, values):
        return self.number

    def write(self, out):
        return out.number(self.number)

    def refs(self):
        return iter(())


class _Operation:
    """What the operations share: their terms are in `terms`, and `binds` is their own."""

    __slots__ = ()

    def refs(self):
        for term in self.terms:
            yield from term.refs()

    def inside(self, out, binds):
        """The terms written out, in parentheses where they bind less tightly than `binds`."""
        return [out.guarded(term, binds) for term in self.terms]


@dataclass(frozen=True, slots=True)
class Add(_Operation):
    terms: tuple
    binds = _SUM

    def value(self, values):
        return sum(term.value(values) for term in self.terms)

    def write(self, out):
        terms = self.terms
        if len(terms) > _SHOWN_TERMS:
            terms = (*terms[:3], None, terms[-1])
        return out.added(
            [out.ellipsis() if term is None else out.guarded(term, _SUM, first=not k) for k, term in enumerate(terms)]
        )


@dataclass(frozen=True, slots=True)
class Sub(_Operation):
    left: object
    right: object
    binds = _SUM

    @property
    def terms(self):
        return (self.left, self.right)

    def value(self, values):
        return self.left.value(values) - self.right.value(values)

    def write(self, out):
        return out.minus(out.guarded(self.left, _SUM, first=True), out.guarded(self.right, _PRODUCT))


@dataclass(frozen=True, slots=True)
class Neg(_Operation):
    term: object
    binds = _SUM

    @property
    def terms(self):
        return (self.term,)

    def value(self, values):
        return -self.term.value(values)

    def write(self, out):
        return out.negative(out.guarded(self.term, _PRODUCT))


@dataclass(frozen=True, slots=True)
class Mul(_Operation):
    terms: tuple
    binds = _PRODUCT

    def value(self, values):
        return math.prod(term.value(values) for term in self.terms)

    def write(self, out):
        return out.product(self.inside(out, _PRODUCT))


@dataclass(frozen=True, slots=True)
class Div(_Operation):
    top: object
    bottom: object
    binds = _POWER

    @property
    def terms(self):
        return (self.top, self.bottom)

    def value(self, values):
        return self.top.value(values) / self.bottom.value(values)

    def write(self, out):
        return out.fraction(self.top.write(out), self.bottom.write(out))


@dataclass(frozen=True, slots=True)
class Square(_Operation):
    term: object
    binds = _POWER

    @property
    def terms(self):
        return (self.term,)

    def value(self, values):
        number = self.term.value(values)
        return number * number  # unlike ** 2, infinite where it overflows

    def write(self, out):
        return out.squared(out.guarded(self.term, _ATOM))


@dataclass(frozen=True, slots=True)
class Exp(_Operation):
    """e to the power of a term."""

    term: object
    binds = _POWER

    @property
    def terms(self):
        return (self.term,)

    def value(self, values):
        try:
            return math.exp(self.term.value(values))
        except OverflowError:
            return math.inf

    def write(self, out):
        return out.exponential(self.term.write(out))


@dataclass(frozen=True, slots=True)
class Call(_Operation):
    """A function of terms by its name, a key of _FUNCTION_NAMES; f takes their values."""

    name: str
    terms: tuple
    f: Callable
    binds = _ATOM

    def value(self, values):
        return self.f(*(term.value(values) for term in self.terms))

    def write(self, out):
        return out.call(self.name, [term.write(out) for term in self.terms])


@dataclass(frozen=True, slots=True)
class IndexSum(_Operation):
    """Σ over `letter` from `low` to `high` of `pattern`; `terms` are the same, one for each value of the index."""

    letter: str
    low: int
    high: int
    pattern: object
    terms: tuple

    @property
    def binds(self):
        return self.terms[0].binds if len(self.terms) == 1 else _SUM

    def value(self, values):
        return sum(term.value(values) for term in self.terms)

    def write(self, out):
        if out.values is None:
            return out.index_sum(self.letter, self.low, self.high, out.guarded(self.pattern, _PRODUCT))
        return (self.terms[0] if len(self.terms) == 1 else Add(self.terms)).write(out)


# name: (LaTeX, text, spoken)
_FUNCTION_NAMES = {
    "sigma": (r"\sigma", "σ", "sigma"),
    "sigma_prime": (r"\sigma'", "σ′", "sigma prime"),
    "tanh": (r"\tanh", "tanh", "tanh"),
    "ln": (r"\ln", "ln", "the natural logarithm"),
    "max": (r"\max", "max", "the maximum"),
    "loss": (r"\tilde{L}", "L\u0303", "the loss"),
    "loss_slope": (r"\partial\tilde{L}/\partial o", "∂L\u0303/∂o", "the derivative of the loss by the output"),
}


class _Writer:
    """Renders terms: in symbols, or with the numbers of `values` put in."""

    def __init__(self, values=None):
        self.values = values

    def guarded(self, term, binds, first=False):
        written = term.write(self)
        negative = (
            self.values is not None and isinstance(term, (Ref, Num)) and self.shown(term.value(self.values))[0] == "−"
        )
        # An index sum in symbols binds like its Σ: it may close a product, but not stand before a further factor.
        low = term.binds < binds and not (isinstance(term, IndexSum) and self.values is None)
        return self.parenthesised(written) if low or (negative and not first) else written

    shown = staticmethod(numbers.number_text)

    def result(self, symbol):
        return self.value_of(symbol)

    def ref(self, symbol):
        return self.symbol(symbol) if self.values is None else self.value_of(symbol)


class _Latex(_Writer):
    def symbol(self, symbol):
        return symbols.latex(symbol)

    def number(self, value):
        return _latex_number(value)

    def value_of(self, symbol):
        return _latex_number(self.values[symbol])

    def ellipsis(self):
        return r"\cdots"

    def added(self, terms):
        return " + ".join(terms)

    def minus(self, left, right):
        return f"{left} - {right}"

    def negative(self, term):
        return f"-{term}"

    def product(self, factors):
        return r" \, ".join(factors) if self.values is None else r" \cdot ".join(factors)

    def fraction(self, top, bottom):
        return rf"\frac{{{top}}}{{{bottom}}}"

    def squared(self, term):
        return f"{{{term}}}^2"

    def exponential(self, term):
        return f"e^{{{term}}}"

    def call(self, name, terms):
        return f"{_FUNCTION_NAMES[name][0]}({', '.join(terms)})"

    def index_sum(self, letter, low, high, body):
        return rf"\sum_{{{letter}={low}}}^{{{high}}} {body}"

    def parenthesised(self, term):
        return f"({term})"

    def equals(self, exactly):
        return " = " if exactly else r" \approx "


def _latex_number(value):
    written = numbers.number_text(value).replace("−", "-").replace("∞", r"\infty")
    if "·10" in written:
        digits, exponent = written.split("·10")
        plain = exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
        return rf"{digits} \cdot 10^{{{plain}}}"
    return written


def _mo(operator):
    return f"<mo>{operator}</mo>"


class _Mathml(_Writer):
    def symbol(self, symbol):
        return symbols.mathml(symbol)

    def number(self, value):
        return f"<mn>{numbers.number_text(value)}</mn>"

    def value_of(self, symbol):
        colour = symbols.TABLE[symbol[0]].colour
        shown = numbers.number_text(self.values[symbol])
        key = symbols.key(symbol)
        return f'<mn data-symbol="{key}" class="mlpkit-{colour} mlpkit-number">{shown}</mn>'

    def result(self, symbol):
        """The number that the equation is about: shown like the others, but there is nothing more to open."""
        colour = symbols.TABLE[symbol[0]].colour
        shown = numbers.number_text(self.values[symbol])
        return f'<mn data-symbol="{symbols.key(symbol)}" class="mlpkit-{colour} mlpkit-result">{shown}</mn>'

    def ellipsis(self):
        return "<mi>⋯</mi>"

    def added(self, terms):
        return _mo("+").join(terms)

    def minus(self, left, right):
        return left + _mo("−") + right

    def negative(self, term):
        return '<mo form="prefix">−</mo>' + term

    def product(self, factors):
        return ('<mspace width="0.17em"></mspace>' if self.values is None else _mo("·")).join(factors)

    def fraction(self, top, bottom):
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def squared(self, term):
        return f"<msup><mrow>{term}</mrow><mn>2</mn></msup>"

    def exponential(self, term):
        return f"<msup><mi>e</mi><mrow>{term}</mrow></msup>"

    def call(self, name, terms):
        inside = _mo(",").join(terms)
        return f"<mi>{_FUNCTION_NAMES[name][1]}</mi>{symbols.in_parentheses(inside)}"

    def index_sum(self, letter, low, high, body):
        below = f"<mrow><mi>{letter}</mi><mo>=</mo><mn>{low}</mn></mrow>"
        return f"<munderover><mo>∑</mo>{below}<mn>{high}</mn></munderover>{body}"

    def parenthesised(self, term):
        return symbols.in_parentheses(term)

    def equals(self, exactly):
        return _mo("=" if exactly else "≈")


_TAG = re.compile("<[^>]*>")
_LINE = 34  # characters; a longer right side is broken before a plus or a dot


def _lines(mathml):
    """MathML in lines that are not too long, where it has a plus to break at, or else a dot between factors."""
    if len(_TAG.sub("", mathml)) <= _LINE:
        return [mathml]
    elements = list(ElementTree.fromstring(f"<mrow>{mathml}</mrow>"))
    signs = {element.text for element in elements if element.tag == "mo"}
    lines, length = [""], 0
    for chunk in _split_before("+" if "+" in signs else "·", elements):
        more = sum(len(text) for element in chunk for text in element.itertext())
        if length and length + more > _LINE:
            chunk[0].set("form", "infix")  # a sign at the start of a line is still between two terms
            lines.append("")
            length = 0
        lines[-1] += "".join(ElementTree.tostring(element, encoding="unicode") for element in chunk)
        length += more
    return lines


def _split_before(sign, elements):
    chunks = [[]]
    for element in elements:
        if element.tag == "mo" and element.text == sign:
            chunks.append([])
        chunks[-1].append(element)
    return chunks


class _Speech(_Writer):
    def symbol(self, symbol):
        return symbols.spoken(symbol)

    def number(self, value):
        return numbers.spoken_number(value)

    def value_of(self, symbol):
        return numbers.spoken_number(self.values[symbol])

    def ellipsis(self):
        return "and so on"

    def added(self, terms):
        return " plus ".join(terms)

    def minus(self, left, right):
        return f"{left} minus {right}"

    def negative(self, term):
        return f"minus {term}"

    def product(self, factors):
        return " times ".join(factors)

    def fraction(self, top, bottom):
        return f"{top} over {bottom}"

    def squared(self, term):
        return f"{term} squared"

    def exponential(self, term):
        return f"e to the power of {term}"

    def call(self, name, terms):
        return f"{_FUNCTION_NAMES[name][2]} of {' and '.join(terms)}"

    def index_sum(self, letter, low, high, body):
        return f"the sum over {letter} from {low} to {high} of {body}"

    def parenthesised(self, term):
        return f"open bracket {term} close bracket"

    def equals(self, exactly):
        return " equals " if exactly else " is about "


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
    values: object

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
        return self._rendered(_Latex, numbers)

    def mathml(self, numbers: bool = False) -> str:
        """A MathML element <math>: in symbols, or with the numbers put in and the result."""
        return f'<math display="block"><mrow>{self._rendered(_Mathml, numbers)}</mrow></math>'

    def speech(self) -> str:
        """The equation read aloud, in symbols and then with the result."""
        out = _Speech()
        parts = [out.symbol(self.symbol), *(side.write(out) for side in self.right[:1])]
        result = numbers.spoken_number(self.values[self.symbol])
        if self.right and not self.refs:
            return f"{parts[0]} is set to {result}"
        return " equals ".join(parts) + (f", which is {result}" if len(parts) > 1 else f" is {result}")

    def mathml_sides(self):
        """(left side, right sides in symbols, lines of the right side in numbers, result, '=' or '≈'), in MathML."""
        symbols, numbers = _Mathml(), _Mathml(self.values)
        return (
            symbols.symbol(self.symbol),
            [side.write(symbols) for side in self.right],
            _lines(self.right[-1].write(numbers)) if self._has_numbers() else [],
            numbers.result(self.symbol),
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
