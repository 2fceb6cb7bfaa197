"""The way to a state of the stepper as a short text that can be read out in class, typed and followed.

    I1=0.7 n3 @21>delta1.2

A way is a list of moves, one word each, from the start on:
    I1=0.7  alpha=1.5  w0.2.1=-0.3      a value is set: of an input or desired output of the example, of α, of a weight
    e2                                  the second example is looked at
    !slope,sign                         these mistakes are made on purpose from here on; ! is for none
    n3                                  the step is taken three times, each with the next example
and where one stands at the end: @21 is micro-step 21, >delta1.2 the number that was opened there.
"""

import math
import re

from mlpkit import notation
from mlpkit.core.given import short

_SET = re.compile(r"(I|D|alpha|w)([\d.]*)=(.+)")
_SYMBOL = re.compile(r"([A-Za-z_]+?)(\d{1,6}(?:\.\d{1,6})*)?")


def name_of(symbol):
    """("w", 0, 2, 1) as w0.2.1."""
    kind, *place = symbol
    return kind + ".".join(map(str, place))


def symbol_named(name):
    """w0.2.1 as ("w", 0, 2, 1). Raises ValueError where it is no name of a symbol."""
    found = _SYMBOL.fullmatch(name)
    kind, place = found.groups() if found else ("", None)
    if kind not in notation.TABLE:
        raise ValueError(f"{short(name)} is no number of the stepper: write its letter and its indices, such as w0.2.1")
    return (kind, *map(int, place.split("."))) if place else (kind,)


def moved(way, symbol, number):
    """The way with a value set at its end. What the same value was since the last step is forgotten."""
    name = name_of(symbol)
    start = max((k + 1 for k, move in enumerate(way) if "=" not in move), default=0)
    kept = [move for move in way[start:] if move.partition("=")[0] != name]
    return (*way[:start], *kept, f"{name}={number}".removesuffix(".0"))


def looked_at(way, example):
    """The way with another example (its row) at its end."""
    before = way[:-1] if way and way[-1][0] == "e" else way
    return (*before, f"e{example + 1}")


def broken(way, mistakes):
    """The way with the mistakes that are made on purpose, where they are not those that it has already."""
    word = "!" + ",".join(mistakes)
    last = next((move for move in reversed(way) if move[0] == "!"), "!")
    return way if last == word else (*way, word)


def stepped(way):
    """The way with one more step taken."""
    if way and way[-1][0] == "n":
        return (*way[:-1], f"n{int(way[-1][1:]) + 1}")
    return (*way, "n1")


def written(way, position, opened):
    """The whole text. opened: the symbols opened one from the other."""
    return " ".join([*way, "@" + ">".join([str(position), *map(name_of, opened)])])


def read(text):
    """A text as [(what to do, with what)]: ("set", (symbol, number)), ("example", row), ("broken", list),
    ("step", times), ("position", k), ("open", symbol). Raises ValueError where it cannot be read."""
    if not isinstance(text, str):
        raise ValueError(f"a code is a text such as 'I1=0.7 n3 @21', but this is {short(text)}")
    found = []
    for word in text.split():
        if word[0] == "@":
            position, *opened = word[1:].split(">")
            found.append(("position", _whole(position, word)))
            found += [("open", symbol_named(name)) for name in opened]
        elif word[0] == "!":
            found.append(("broken", [name for name in word[1:].split(",") if name]))
        elif setting := _SET.fullmatch(word):
            kind, place, number = setting.groups()
            found.append(("set", (symbol_named(kind + place), _number(number, word))))
        elif word[0] == "e":
            found.append(("example", _whole(word[1:], word) - 1))
        elif word[0] == "n":
            found.append(("step", _whole(word[1:], word)))
        else:
            raise ValueError(f"{short(word)} is no move of a code: it is made of words such as I1=0.7, e2, n3 and @21")
    return found


def _whole(digits, word):
    if not digits.isdecimal() or len(digits) > 6:
        raise ValueError(f"{short(word)} needs a whole number after its first sign, such as n3 or @21")
    return int(digits)


def _number(text, word):
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{short(word)} needs a number after the sign =, such as I1=0.7")
    return number
