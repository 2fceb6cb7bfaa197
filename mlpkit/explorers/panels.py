"""Panels with axes, curves, marks and maps, and rows of numbers and words: plain data, made by short functions."""

from collections.abc import Iterable
from math import ceil, floor, isfinite, log10

import numpy as np
from numpy.typing import ArrayLike

from mlpkit.core.given import short
from mlpkit.explorers.controls import markup
from mlpkit.notation import number_text, text

LOSS = text(("loss",))


# Panels.


def panel(
    title: str,
    spoken: str,
    x: dict,
    y: dict,
    curves: Iterable[dict] = (),
    marks: Iterable[dict] = (),
    points: Iterable[dict] = (),
    heat: dict | None = None,
    square: bool = False,
    wide: bool = False,
    height: int | None = None,
) -> dict:
    """One picture with axes. x, y: what `axis` returns; so with curves, marks, points and heat.

    square: equally wide and high. wide: as wide as it can be. height: in pixels; None for the usual one.
    Raises ValueError where one of them is something else.
    """
    curves = _made("curves", curves, "dash", "curve(...)")
    marks = _made("marks", marks, "size", "marks(...)")
    points = _made("points", points, "place", "point(...)")
    _require_made("x", x, "ticks", "axis(...)")
    _require_made("y", y, "ticks", "axis(...)")
    if heat is not None:
        _require_made("heat", heat, "levels", "heat(...)")
    drawn = {"title": title, "spoken": spoken, "x": x, "y": y, "curves": curves, "marks": marks}
    return drawn | {"points": points, "heat": heat, "square": square, "wide": wide, "height": height}


def _made(what, given, key, call):
    """A list of what one of the functions below returns; each such dict has a key that the others do not have."""
    if isinstance(given, (dict, str)) or not isinstance(given, Iterable):
        found = f"what {call} returns" if _is(given, key) else short(given)
        raise ValueError(f"{what} is {found}, but a list is needed: {what}=[{call}]")
    given = list(given)
    for one in given:
        if not _is(one, key):
            raise ValueError(f"{what} holds {short(one)}, but what {call} returns is needed: {what}=[{call}]")
    return given


def _require_made(what, given, key, call):
    if not _is(given, key):
        raise ValueError(f"{what} is {short(given)}, but what {call} returns is needed")


def _is(given, key):
    return isinstance(given, dict) and key in given


def axis(
    label: str, low: float, high: float, log: bool = False, ticks: int | list[float] | tuple[float, ...] | None = None
) -> dict:
    """An axis from low to high with its ticks [position, text]; ticks: about how many, or their positions.

    Raises ValueError where low is not below high, or where a log axis does not begin above 0.
    """
    if not (isfinite(low) and isfinite(high) and low < high and (low > 0 or not log)):
        above = ", and above 0 where log=True" if log else ""
        raise ValueError(f"the axis {label!r} goes from {low} to {high}, but low below high is needed{above}")
    if not isinstance(ticks, (list, tuple)):
        ticks = (log_ticks if log else nice_ticks)(low, high, ticks or 5)
    else:
        ticks = [[float(at), number_text(at)] for at in ticks]
    return {"label": label, "from": float(low), "to": float(high), "log": log, "ticks": ticks}


def nice_ticks(low, high, count=5):
    """About `count` round numbers from low to high, with their texts, all to the same decimal place."""
    rough = (high - low) / count
    size = 10.0 ** floor(log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough * 0.999)
    decimals = max(0, -floor(log10(step) + 1e-9)) + (round(step / size, 6) == 2.5)
    places = [step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
    return [[round(at, 12), plain(f"{at:.{decimals}f}")] for at in places]


def plain(written):
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written.replace("-", "−")


def log_ticks(low, high, count=6):
    """Powers of ten from low to high, every one or every few; for less than two of them 2 and 5 times as well."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    places = [10.0**k for k in range(first, last + 1) if (k - last) % max(1, ceil((last - first + 1) / count)) == 0]
    if last - first < 1:
        places = [part * 10.0**k for k in range(first - 1, last + 1) for part in (1, 2, 5)]
        places = [at for at in places if low * 0.999 <= at <= high * 1.001]
    return [[at, _power_text(at)] for at in places]


def _power_text(at):
    exponent = round(log10(at))
    if -4 < exponent < 5:
        return f"{at:.{max(0, -floor(log10(at) + 1e-9))}f}"
    return "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] if digit.isdigit() else "⁻" for digit in str(exponent))


def curve(x: ArrayLike, y: ArrayLike, colour: str = "fg", name: str = "", dash: str = "", width: float = 2.5) -> dict:
    """A line through points; where a number is not finite it is interrupted. x, y: (count,).

    colour: "o", "delta", "w", "dw", "fg" (ink) or "muted". dash: "", "dashed", "dotted" or "longdash".
    name: for the legend.
    """
    _require("colour", colour, _COLOURS)
    _require("dash", dash, ("", "dashed", "dotted", "longdash"))
    return {"points": _pairs(x, y), "colour": colour, "name": name, "dash": dash, "width": width}


def marks(
    x: ArrayLike,
    y: ArrayLike,
    shape: str = "circle",
    colour: str = "fg",
    name: str = "",
    filled: bool = True,
    size: float = 5,
) -> dict:
    """The same small shape at many places. x, y: (count,). shape: "circle", "square" or "ring"."""
    _require("colour", colour, _COLOURS)
    _require("shape", shape, _SHAPES)
    return {"points": _pairs(x, y), "shape": shape, "colour": colour, "name": name, "filled": filled, "size": size}


def point(
    x: float,
    y: float,
    label: str = "",
    shape: str = "circle",
    colour: str = "fg",
    filled: bool = True,
    place: str = "above",
) -> dict:
    """One place that is looked at, with its label above, below, left or right. shape "none": the label alone."""
    _require("colour", colour, _COLOURS)
    _require("shape", shape, _SHAPES)
    _require("place", place, ("above", "below", "left", "right"))
    at = {"x": float(x), "y": float(y)} if isfinite(x) and isfinite(y) else {"x": None, "y": None}
    return at | {"label": label, "shape": shape, "colour": colour, "filled": filled, "place": place}


_COLOURS = ("o", "delta", "w", "dw", "fg", "muted")
_SHAPES = ("circle", "square", "ring", "none")


def _require(what, given, known):
    if given not in known:
        raise ValueError(f"{what} is {given!r}, but one of these is needed: {', '.join(map(repr, known))}")


def heat(values: ArrayLike, x: tuple[float, float], y: tuple[float, float], name: str) -> dict:
    """A map of numbers from 0 to 1, row by row from low y to high y; x, y: (low, high).

    name: what it is of, and from which number to which.
    """
    values = np.clip(np.nan_to_num(np.asarray(values, float)), 0, 1)
    rows, columns = values.shape
    levels = np.rint(255 * values).astype(int).ravel().tolist()
    return {"rows": rows, "columns": columns, "levels": levels, "x": list(x), "y": list(y), "name": name}


def _pairs(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    if max(x.ndim, y.ndim) != 1 or (1 != x.size != y.size != 1):
        raise ValueError(f"x has the shape {x.shape} and y the shape {y.shape}, but equally many numbers are needed")
    x, y = np.broadcast_arrays(x, y)
    finite = np.isfinite(x) & np.isfinite(y)
    rounded = zip(_significant(x), _significant(y), finite.tolist(), strict=True)
    return [[a, b] if good else None for a, b, good in rounded]


def _significant(array):
    """The numbers to five significant digits, which is finer than any screen."""
    with np.errstate(all="ignore"):
        unit = 10.0 ** (4 - np.floor(np.log10(np.abs(array))))
        rounded = np.where(np.isfinite(unit), np.round(array * unit) / unit, array)
    return rounded.tolist()


def contour(values, x, y, level):
    """Where the numbers on a grid cross a level: (x, y) of short lines, NaN between two of them."""
    values = np.asarray(values, float)
    across, up = np.linspace(*x, values.shape[1]), np.linspace(*y, values.shape[0])
    above = values > level
    cells = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, :-1] + above[1:, 1:]
    xs, ys = [], []
    for row, column in zip(*np.nonzero((cells > 0) & (cells < 4)), strict=True):
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        ends = []
        for (r, c), (s, d) in zip(corners, corners[1:] + corners[:1], strict=True):
            if above[r, c] != above[s, d]:
                share = (level - values[r, c]) / (values[s, d] - values[r, c])
                ends.append((across[c] + share * (across[d] - across[c]), up[r] + share * (up[s] - up[r])))
        for one, other in zip(ends[::2], ends[1::2], strict=True):
            xs += [one[0], other[0], np.nan]
            ys += [one[1], other[1], np.nan]
    return xs, ys


def tangent(x, y, slope, low, high):
    """The straight line through (x, y) with a slope, from low to high: (xs, ys)."""
    xs = np.array([low, high])
    return xs, y + slope * (xs - x)


def room(values, at_least):
    """(low, high) with room around the numbers, but not for the last few that run away."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return at_least
    low, high = min(at_least[0], finite.min()), max(at_least[1], finite.max())
    if high - low > 40:  # something that runs away: most of it is enough
        low, high = min(at_least[0], np.quantile(finite, 0.1)), max(at_least[1], np.quantile(finite, 0.9))
    margin = 0.06 * (high - low)
    return low - margin, high + margin


# Rows. What stands in them is text, or Markup.


def table(head: Iterable[str], body: Iterable[Iterable[str]], caption: str) -> dict:
    """head: of the columns; body: rows, the first cell of each names the row. caption: a text."""
    return {
        "kind": "table",
        "head": [markup(cell) for cell in head],
        "body": [[markup(cell) for cell in row] for row in body],
        "caption": caption,
    }


def numbers(*pairs: tuple) -> dict:
    """A line of named numbers: (name, number), or (name, number, how many characters wide)."""
    return {"kind": "numbers", "pairs": named(*pairs)}


def named(*pairs):
    return [[markup(name), markup(number), *(width or [10])] for name, number, *width in pairs]


def sentence(*words: str) -> dict:
    """A line of words."""
    return {"kind": "sentence", "text": markup(*words)}
