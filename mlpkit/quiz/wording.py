"""The wording of a question: one text, shown as HTML with MathML, written as plain text and read aloud.

$w-0-2-1$        a symbol of the notation, by its key         w₂₁⁰
$delta^1$        all numbers of one kind in a layer           δ¹
$= o[l][i]$      a formula, in the syntax of derivations.typed
**Forward**  *σ′ left out*  `w`      a button, the name of a switch, code
"""

import re
from html import escape

from mlpkit import notation
from mlpkit.derivations.typed import read

_PART = re.compile(r"\$(?P<maths>[^$]+)\$|\*\*(?P<b>[^*]+)\*\*|\*(?P<em>[^*]+)\*|`(?P<code>[^`]+)`")


def html(words):
    """As HTML. Whatever is not marked is shown as it stands."""
    parts, end = [], 0
    for found in _PART.finditer(words):
        parts.append(escape(words[end : found.start()]))
        kind, inside = found.lastgroup, found[found.lastgroup]
        parts.append(maths(_mathml(inside)) if kind == "maths" else f"<{kind}>{escape(inside)}</{kind}>")
        end = found.end()
    return "".join([*parts, escape(words[end:])])


def plain(words):
    """As plain text."""
    return _PART.sub(lambda found: _text(found[1]) if found["maths"] else found[found.lastgroup], words)


def spoken(words):
    """As it is read aloud."""
    return _PART.sub(lambda found: _speech(found[1]) if found["maths"] else found[found.lastgroup], words)


def maths(mathml):
    """MathML of a row as an element of its own."""
    return f"<math><mrow>{mathml}</mrow></math>"


def _symbol(inside):
    """The symbol of a key; its indices are numbers or letters."""
    kind, *indices = inside.split("-")
    return (kind, *(int(index) if index.isdigit() else index for index in indices))


def _layer(inside):
    kind, _, l = inside.partition("^")
    return (kind, int(l)) if l.isdigit() else None


def _mathml(inside):
    if inside.startswith("="):
        return read(inside[1:]).mathml()
    layer = _layer(inside)
    return notation.array_mathml(*layer) if layer else notation.mathml(_symbol(inside))


def _text(inside):
    if inside.startswith("="):
        return inside[1:].strip()
    layer = _layer(inside)
    return notation.array_text(*layer) if layer else notation.text(_symbol(inside))


def _speech(inside):
    if inside.startswith("="):
        return read(inside[1:]).speech()
    layer = _layer(inside)
    if layer:
        return f"{notation.TABLE[layer[0]].spoken} of layer {layer[1]}"
    return notation.spoken(_symbol(inside))
