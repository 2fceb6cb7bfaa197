"""The writers of expressions: LaTeX, MathML, words and plain text, each in symbols or with the numbers put in.

A node of a tree (expressions.py) calls a writer with its parts already written. What a writer returns is text, and it
knows nothing of nodes.
"""

import re
from xml.etree import ElementTree

from mlpkit.notation import numbers, symbols

# How tightly an operation binds: a part is put in parentheses inside one that binds more tightly.
SUM, PRODUCT, POWER, ATOM = range(4)

# name: (LaTeX, on the screen, spoken)
_FUNCTIONS = {
    "sigma": (r"\sigma", "σ", "sigma"),
    "sigma_prime": (r"\sigma'", "σ′", "sigma prime"),
    "delta_of_layer": (r"\delta", "δ", "the error signal"),
    "tanh": (r"\tanh", "tanh", "tanh"),
    "ln": (r"\ln", "ln", "the natural logarithm"),
    "max": (r"\max", "max", "the maximum"),
    "loss": (r"\tilde{L}", "L\u0303", "the loss"),
    "loss_slope": (r"\partial\tilde{L}/\partial o", "∂L\u0303/∂o", "the derivative of the loss by the output"),
}


class Writer:
    """What the writers share. values: a mapping of symbols to the numbers that are put in, or None for symbols."""

    over, under = SUM, SUM  # what binds less tightly than this needs parentheses in a fraction

    def __init__(self, values=None):
        self.values = values

    def ref(self, symbol):
        return self.symbol(symbol) if self.values is None else self.value_of(symbol)

    def value_of(self, symbol):
        return self.value(self.values[symbol])

    result = value_of  # the number that an equation is about

    def added(self, terms):
        """terms: (whether it is taken away, the written term) of each."""
        (taken, first), *more = terms
        signed = [(self.minus if taken else self.plus) + term for taken, term in more]
        return (self.negative(first) if taken else first) + "".join(signed)

    def negative(self, term):
        return self.sign + term

    def product(self, factors, dotted):
        """dotted: for each factor but the first, whether a dot has to stand before it."""
        if len(set(dotted)) == 1:
            return (self.dot if dotted[0] else self.beside).join(factors)
        signed = [(self.dot if dot else self.beside) + factor for dot, factor in zip(dotted, factors[1:], strict=True)]
        return factors[0] + "".join(signed)

    def equals(self, exactly):
        return self.equal if exactly else self.about


class Latex(Writer):
    """stretched: parentheses that grow with what stands in them."""

    plus, minus, sign, dot, beside, ellipsis = " + ", " - ", "-", r" \cdot ", r" \, ", r"\cdots"
    equal, about = " = ", r" \approx "

    def __init__(self, values=None, stretched=False):
        super().__init__(values)
        self.stretched = stretched

    symbol, layer = staticmethod(symbols.latex), staticmethod(symbols.layer_latex)

    def number(self, number):
        return f"{number:g}"

    def value(self, number):
        written = numbers.number_text(number).replace("−", "-").replace("∞", r"\infty")
        if "·10" in written:
            digits, exponent = written.split("·10")
            plain = exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
            return rf"{digits} \cdot 10^{{{plain}}}"
        return written

    def fraction(self, top, bottom):
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base, exponent):
        return f"{{{base}}}^{exponent}"

    def exponential(self, term):
        return f"e^{{{term}}}"

    def call(self, name, terms):
        return f"{_FUNCTIONS[name][0]}({', '.join(terms)})"

    def sum(self, letter, low, layer, high, body):
        if layer is None and high is None:
            return rf"\sum_{{{letter}}} {body}"
        last = rf"n^{{{self.layer(layer)}}}-1" if high is None else high
        return rf"\sum_{{{letter}={low}}}^{{{last}}} {body}"

    def partial(self, top, bottom, simple):
        if simple:
            return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"
        return rf"\frac{{\partial}}{{\partial {bottom}}} {top}"

    def kronecker(self, one, other):
        return f"[{one} = {other}]"

    def parenthesised(self, written):
        return rf"\left({written}\right)" if self.stretched else f"({written})"


def _mo(operator):
    return f"<mo>{operator}</mo>"


class Mathml(Writer):
    plus, minus, sign, dot = _mo("+"), _mo("−"), '<mo form="prefix">−</mo>', _mo("·")
    beside, ellipsis = '<mspace width="0.17em"></mspace>', "<mi>⋯</mi>"
    equal, about = _mo("="), _mo("≈")

    symbol, parenthesised = staticmethod(symbols.mathml), staticmethod(symbols.in_parentheses)

    def layer(self, layer):
        return symbols.index_mathml(str(layer))

    def number(self, number):
        return f"<mn>{number:g}</mn>"

    def value_of(self, symbol, state="number"):
        colour = symbols.TABLE[symbol[0]].colour
        shown = numbers.number_text(self.values[symbol])
        return f'<mn data-symbol="{symbols.key(symbol)}" class="mlpkit-{colour} mlpkit-{state}">{shown}</mn>'

    def result(self, symbol):
        """Shown like the other numbers, but there is nothing more to open."""
        return self.value_of(symbol, "result")

    def fraction(self, top, bottom):
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def power(self, base, exponent):
        return f"<msup><mrow>{base}</mrow><mn>{exponent}</mn></msup>"

    def exponential(self, term):
        return f"<msup><mi>e</mi><mrow>{term}</mrow></msup>"

    def call(self, name, terms):
        return f"<mi>{_FUNCTIONS[name][1]}</mi>{self.parenthesised(_mo(',').join(terms))}"

    def sum(self, letter, low, layer, high, body):
        if layer is None and high is None:
            return f"<munder>{_mo('∑')}<mi>{letter}</mi></munder>{body}"
        below = f"<mrow><mi>{letter}</mi>{_mo('=')}<mn>{low}</mn></mrow>"
        last = f"<mn>{high}</mn>"
        if high is None:
            last = f"<mrow><msup><mi>n</mi>{self.layer(layer)}</msup>{_mo('−')}<mn>1</mn></mrow>"
        return f"<munderover>{_mo('∑')}{below}{last}</munderover>{body}"

    def partial(self, top, bottom, simple):
        below = f"<mrow>{_mo('∂')}{bottom}</mrow>"
        if simple:
            return f"<mfrac><mrow>{_mo('∂')}{top}</mrow>{below}</mfrac>"
        return f"<mfrac>{_mo('∂')}{below}</mfrac>{top}"

    def kronecker(self, one, other):
        inside = _mo("=").join(symbols.index_mathml(str(index)) for index in (one, other))
        return f'<mrow><mo stretchy="false">[</mo>{inside}<mo stretchy="false">]</mo></mrow>'


_TAG = re.compile("<[^>]*>")
_LINE = 34  # characters; a longer right side is broken before a plus or a dot


def lines(mathml):
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


class Speech(Writer):
    plus, minus, sign, dot, beside, ellipsis = " plus ", " minus ", "minus ", " times ", " times ", "and so on"
    equal, about = " equals ", " is about "

    symbol, value = staticmethod(symbols.spoken), staticmethod(numbers.spoken_number)

    def number(self, number):
        return f"{number:g}"

    def fraction(self, top, bottom):
        return f"{top} over {bottom}"

    def power(self, base, exponent):
        return f"{base} squared" if exponent == 2 else f"{base} to the power of {exponent}"

    def exponential(self, term):
        return f"e to the power of {term}"

    def call(self, name, terms):
        return f"{_FUNCTIONS[name][2]} of {' and '.join(terms)}"

    def sum(self, letter, low, layer, high, body):
        if layer is None and high is None:
            return f"the sum over {letter} of {body}"
        last = f"n of layer {symbols.layer_spoken(layer)} minus 1" if high is None else high
        return f"the sum over {letter} from {low} to {last} of {body}"

    def partial(self, top, bottom, simple):
        return f"the derivative of {top} by {bottom}"

    def kronecker(self, one, other):
        return f"the Kronecker delta of {one} and {other}"

    def parenthesised(self, written):
        return f"open bracket {written} close bracket"


class Text(Writer):
    """Plain text, as in a printed message. The bounds of a sum do not fit beside its Σ and are left out."""

    plus, minus, sign, dot, beside, ellipsis = " + ", " − ", "−", " · ", " ", "…"
    equal, about = " = ", " ≈ "
    over, under = PRODUCT, POWER

    symbol, value = staticmethod(symbols.text), staticmethod(numbers.number_text)

    def number(self, number):
        return f"{number:g}"

    def product(self, factors, dotted):
        # beside a fraction in one line it would not be seen where it begins and ends
        slashed = ["/" in factor for factor in factors]
        return super().product(factors, [dot or any(slashed[k : k + 2]) for k, dot in enumerate(dotted)])

    def fraction(self, top, bottom):
        return f"{top} / {bottom}"

    def power(self, base, exponent):
        return base + symbols.raised(exponent)

    def exponential(self, term):
        return f"exp({term})"

    def call(self, name, terms):
        return f"{_FUNCTIONS[name][1]}({', '.join(terms)})"

    def sum(self, letter, low, layer, high, body):
        return f"Σ{symbols.lowered(letter)} {body}"

    def partial(self, top, bottom, simple):
        return f"∂{top}/∂{bottom}" if simple else f"∂/∂{bottom} {top}"

    def kronecker(self, one, other):
        return f"[{one} = {other}]"

    def parenthesised(self, written):
        return f"({written})"
