"""The one table of the notation: how each symbol is named, written, spoken, coloured and explained.

A symbol is a tuple: a kind and its indices, such as ("w", 0, 1, 2) for w_12^0, the weight from neuron 1 of layer 0 to
neuron 2 of layer 1. An index may be a letter where a formula means any: ("w", "l", "i", "j"); a layer may be whatever
str() makes "l", "l+1" or "L-1" of.
The glossary, plot labels, captions and spoken texts all come from here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

_WORD = re.compile("[A-Za-z_]+(-[0-9]{1,6})*")

# Each colour has one meaning, and is never the only sign of it: (on a light ground, on a dark ground).
COLOURS = {
    "o": ("#0067a3", "#63bdf0"),  # what flows forward
    "delta": ("#b84f00", "#ff9657"),  # what flows back
    "w": ("#3d4754", "#b9c2cc"),  # the weights
    "dw": ("#83358a", "#dda3e1"),  # how the weights change
    "fg": ("#1b1f24", "#e7eaee"),  # what is given or asked
    "zero": ("#8a6000", "#e3b341"),  # what goes towards 0, beside what goes towards 1, which has the colour of o
}


@dataclass(frozen=True)
class Entry:
    """One row of the table.

    code: the name in code. letter: the name in LaTeX and on the screen. spoken: the name read aloud.
    indices: which indices the symbol has, in the tuple's order. shape: of the array in code.
    colour: a key of COLOURS. section: of the notes, the one that defines it, or for I and D the first that uses it.
    meaning: with {l}, {i}, {j} for the indices.
    """

    code: str
    latex: str
    text: str
    spoken: str
    indices: str
    shape: str
    colour: str
    section: str
    meaning: str


TABLE = {
    "I": Entry("I[i-1]", "I", "I", "input", "i", "(..., n[0] - 1)", "o", "2", "input {i} of the example"),
    "D": Entry(
        "D[i-1]", "D", "D", "desired output", "i", "(..., n[L-1] - 1)", "fg", "4", "the desired output of neuron {i}"
    ),
    "alpha": Entry(
        "alpha", r"\alpha", "α", "alpha", "", "()", "dw", "5", "the learning rate: how far one step moves the weights"
    ),
    "w": Entry(
        "w[l][i, j]",
        "w",
        "w",
        "w",
        "lij",
        "(n[l], n[l+1])",
        "w",
        "1",
        "the weight from neuron {i} of layer {l} to neuron {j} of layer {next}",
    ),
    "a": Entry("a[l][i]", "a", "a", "a", "li", "(..., n[l])", "o", "1", "the activation of neuron {i} in layer {l}"),
    "o": Entry("o[l][i]", "o", "o", "o", "li", "(..., n[l])", "o", "1", "the output of neuron {i} in layer {l}"),
    "loss": Entry(
        "loss", r"\tilde{L}", "L\u0303", "the loss", "", "(...)", "fg", "1", "the loss: how wrong the outputs are"
    ),
    "delta": Entry(
        "delta[l][i]",
        r"\delta",
        "δ",
        "delta",
        "li",
        "(..., n[l])",
        "delta",
        "1",
        "the error signal of neuron {i} in layer {l}",
    ),
    "grad": Entry(
        "grad[l][i, j]",
        r"\partial\tilde{L}/\partial w",
        "∂L\u0303/∂w",
        "the derivative of the loss by w",
        "lij",
        "(n[l], n[l+1])",
        "dw",
        "3",
        "how fast the loss rises with the weight from neuron {i} of layer {l} to neuron {j} of layer {next}",
    ),
    "dw": Entry(
        "dw[l][i, j]",
        r"\Delta w",
        "Δw",
        "delta w",
        "lij",
        "(n[l], n[l+1])",
        "dw",
        "5",
        "the change of the weight from neuron {i} of layer {l} to neuron {j} of layer {next}",
    ),
    "w_new": Entry(
        "w_new[l][i, j]",
        "w",
        "w",
        "the new w",
        "lij",
        "(n[l], n[l+1])",
        "dw",
        "5",
        "the new weight from neuron {i} of layer {l} to neuron {j} of layer {next}",
    ),
}

# What the formulas use beside the symbols that carry a number of their own.
OTHER_ROWS = (
    ("net.L", "L", "the number of layers, input and output included", "()", "1"),
    ("net.n[l]", r"n^\ell", "the number of neurons of layer ℓ, the bias neuron counted", "()", "1"),
    ("net.sigma[l]", r"\sigma", "the activation function of layer ℓ; σ′ is its derivative", "", "1"),
    ("", "d", "which training example; left out where there is only one", "()", "2"),
)

_SUB = str.maketrans("0123456789ijkl,+-", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗ,₊₋")
_SUPER = str.maketrans("0123456789ijklL+-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱʲᵏˡᴸ⁺⁻")

# The same few symbols, and the numbers that stay, are written again at every move of a slider.
_kept = lru_cache(maxsize=50_000)


def _indices(symbol):
    """(lower, upper): the neurons, as texts, and the layer or None."""
    kind, *indices = symbol
    layered = TABLE[kind].indices.startswith("l")
    lower = [str(index) for index in (indices[1:] if layered else indices)]
    return lower, str(indices[0]) if layered else None


def _comma(lower):
    """w_12 is read as one, two; from ten neurons on a comma is needed: w_{1,12}."""
    return "," if any(len(neuron) > 1 for neuron in lower) else ""


def latex(symbol: tuple) -> str:
    r"""LaTeX of a symbol: ("w", 0, 1, 2) gives w_{12}^{0}."""
    lower, layer = _indices(symbol)
    lower = _comma(lower).join(lower)
    if layer is not None:
        layer = layer_latex(layer)
    kind = symbol[0]
    if kind == "grad":
        return rf"\frac{{\partial \tilde{{L}}}}{{\partial w_{{{lower}}}^{{{layer}}}}}"
    upper = layer if kind != "w_new" else rf"{layer},\,\text{{new}}"
    return TABLE[kind].latex + (f"_{{{lower}}}" if lower else "") + (f"^{{{upper}}}" if upper is not None else "")


@_kept
def text(symbol: tuple) -> str:
    """A symbol as plain text: ("w", 0, 1, 2) gives w₁₂⁰."""
    lower, layer = _indices(symbol)
    written = TABLE[symbol[0]].text + lowered(_comma(lower).join(lower)) + raised(layer or "")
    return written + (" new" if symbol[0] == "w_new" else "")


@_kept
def mathml(symbol: tuple) -> str:
    """Presentation MathML of a symbol; its root carries the symbol and the class of its colour."""
    lower, layer = _indices(symbol)
    kind = symbol[0]
    mark = f' data-symbol="{key(symbol)}" class="mlpkit-{TABLE[kind].colour}"'
    if kind in ("alpha", "loss"):
        letter = "<mi>α</mi>" if kind == "alpha" else '<mover accent="true"><mi>L</mi><mo>~</mo></mover>'
        return f"<mrow{mark}>{letter}</mrow>"
    comma = "<mo>,</mo>" if _comma(lower) else ""
    below = f"<mrow>{comma.join(map(index_mathml, lower))}</mrow>"
    if layer is None:
        return f"<msub{mark}><mi>{TABLE[kind].text}</mi>{below}</msub>"
    above = index_mathml(layer)
    if kind == "w_new":
        above = f"<mrow>{above}<mo>,</mo><mtext>new</mtext></mrow>"
    if kind == "grad":
        top = '<mrow><mo>∂</mo><mover accent="true"><mi>L</mi><mo>~</mo></mover></mrow>'
        return f"<mfrac{mark}>{top}<mrow><mo>∂</mo><msubsup><mi>w</mi>{below}{above}</msubsup></mrow></mfrac>"
    return f"<msubsup{mark}>{_mathml_letter(kind)}{below}{above}</msubsup>"


def array_text(kind: str, l: int) -> str:
    """A whole layer's numbers of one kind, as plain text: ("delta", 1) gives δ¹."""
    return TABLE[kind].text + raised(l) + (" new" if kind == "w_new" else "")


def array_mathml(kind: str, l: int) -> str:
    """A whole layer's numbers of one kind, as MathML in the colour of the kind."""
    above = f"<mn>{l}</mn>" if kind != "w_new" else f"<mrow><mn>{l}</mn><mo>,</mo><mtext>new</mtext></mrow>"
    mark = f' class="mlpkit-{TABLE[kind].colour}"'
    if kind == "grad":
        top = '<mrow><mo>∂</mo><mover accent="true"><mi>L</mi><mo>~</mo></mover></mrow>'
        return f"<mfrac{mark}>{top}<mrow><mo>∂</mo><msup><mi>w</mi>{above}</msup></mrow></mfrac>"
    return f"<msup{mark}>{_mathml_letter(kind)}{above}</msup>"


def _mathml_letter(kind):
    if kind == "dw":
        return '<mrow><mi mathvariant="normal">Δ</mi><mi>w</mi></mrow>'
    return f"<mi>{TABLE[kind].text}</mi>"


def as_html(text: str) -> str:
    """A text as HTML that a notebook shows as it stands: JupyterLab would set what is between two $ as a formula."""
    written = escape(text, quote=False)
    for sign in ("$", "\\"):
        written = written.replace(sign, f'<span class="mathjax_ignore">{sign}</span>')
    return written


def in_parentheses(mathml: str) -> str:
    """MathML in parentheses as high as a letter: without a mathematical font, browsers stretch them too far."""
    return f'<mo stretchy="false">(</mo>{mathml}<mo stretchy="false">)</mo>'


def index_mathml(index):
    """An index or a layer, as a text, in MathML."""
    parts = [_SIGNS.get(part) or f"<m{'n' if part.isdigit() else 'i'}>{part}" for part in re.findall(r"\d+|.", index)]
    written = [f"{part}</{part[1:3]}>" for part in parts]
    return written[0] if len(written) == 1 else f"<mrow>{''.join(written)}</mrow>"


_SIGNS = {"l": "<mi>ℓ", "+": "<mo>+", "-": "<mo>−"}


def layer_latex(layer):
    return str(layer).replace("l", r"\ell")


def layer_spoken(layer):
    return str(layer).replace("+", " plus ").replace("-", " minus ")


def lowered(index):
    """An index below the line, in plain text."""
    return str(index).translate(_SUB)


def raised(index):
    """A layer or an exponent above the line, in plain text."""
    return str(index).translate(_SUPER)


@_kept
def spoken(symbol: tuple) -> str:
    """A symbol read aloud: ("w", 0, 1, 2) gives 'w 1 2 of layer 0'."""
    lower, layer = _indices(symbol)
    where = f" of layer {layer_spoken(layer)}" if layer is not None else ""
    return " ".join([TABLE[symbol[0]].spoken, *lower]) + where


@_kept
def meaning(symbol: tuple) -> str:
    """What a symbol is, in words."""
    kind, *indices = symbol
    named = dict(zip(TABLE[kind].indices, indices, strict=True))
    if "i" in named and named["i"] == 0:
        if kind == "w" and named["j"] != 0:
            return f"the bias of neuron {named['j']} in layer {named['l'] + 1}: its weight from the constant 1"
        if kind == "o":
            return f"the bias neuron of layer {named['l']}: the constant 1"
    if kind == "w" and named["j"] == 0:
        return f"an entry of the fixed column 0 of w of layer {named['l']}"
    if isinstance(named.get("l"), int):
        named["next"] = named["l"] + 1
    else:
        named["next"] = "ℓ+1"
    return TABLE[kind].meaning.format(**named)


def key(symbol: tuple) -> str:
    """A symbol as one word, for an attribute: ("w", 0, 1, 2) gives w-0-1-2."""
    return "-".join(str(part) for part in symbol)


def symbol_of(word: str) -> tuple:
    """The symbol that `key` wrote as one word, or ValueError."""
    if not _WORD.fullmatch(word):
        raise ValueError(f"{word[:40]!r} is no symbol: write its kind and its indices, such as w-0-1-2")
    kind, *indices = word.split("-")
    return (kind, *map(int, indices))


def glossary() -> str:
    """The table as Markdown: symbol, meaning, name in code, shape, section."""
    rows = ["| symbol | meaning | in code | shape | § |", "|:--|:--|:--|:--|:--|"]
    for code, letter, words, shape, section in OTHER_ROWS:
        rows.append(f"| ${letter}$ | {words} | `{code}` | {shape} | {section} |".replace("``", ""))
    for kind, entry in TABLE.items():
        named = {"l": "ℓ", "i": "i", "j": "j", "next": "ℓ+1"}
        symbol = (kind, *entry.indices)
        words = entry.meaning.format(**named)
        rows.append(f"| ${latex(symbol)}$ | {words} | `{entry.code}` | `{entry.shape}` | {entry.section} |")
    return "\n".join(rows)
