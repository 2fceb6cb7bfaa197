"""How a symbol, a number and an equation are written: in LaTeX, on the screen, in plain text and aloud."""

from mlpkit.notation.numbers import number_shown, number_text, spoken_number, two_numbers
from mlpkit.notation.symbols import (
    COLOURS,
    OTHER_ROWS,
    TABLE,
    array_mathml,
    array_text,
    as_html,
    glossary,
    in_parentheses,
    key,
    latex,
    mathml,
    meaning,
    spoken,
    symbol_of,
    text,
)

__all__ = [
    "COLOURS",
    "OTHER_ROWS",
    "TABLE",
    "array_mathml",
    "array_text",
    "as_html",
    "glossary",
    "in_parentheses",
    "key",
    "latex",
    "mathml",
    "meaning",
    "number_shown",
    "number_text",
    "spoken",
    "spoken_number",
    "symbol_of",
    "text",
    "two_numbers",
]
