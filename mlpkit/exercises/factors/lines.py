"""A line of the algorithm as a product of two factors, each with what else could have stood there."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Option:
    """What may stand in the place of a factor. words: it, written. of: (Values, layer) to its array.

    cost: how far from the right one; the smaller explains. why: what belongs there, where the factor's own does not
    say it.
    """

    words: str
    of: Callable
    cost: float = 1.0
    why: str = ""


@dataclass(frozen=True, eq=False)
class Factor:
    """A named factor of a line. options: the right one first. belongs: what belongs there. hint: where to look."""

    name: str
    belongs: str
    hint: str
    options: tuple


@dataclass(frozen=True, eq=False)
class Scale:
    """What is done to a whole product. words: around it, with {}. of: (array, Values, layer) to an array.

    before: the same for the first factor, before the two are put together. hint: where to look, if not for a number.
    """

    words: str
    of: Callable = lambda product, x, l: product
    why: str = "No such factor belongs there."
    before: Callable = lambda first, x: first
    cost: float = 1.0
    hint: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """A line of the algorithm. what: the numbers that it makes, in words; symbol: one of them. form: its two factors in
    words.
    """

    what: str
    symbol: str
    first: Factor
    second: Factor
    combine: Callable
    scales: tuple
    lesson: int
    heading: str
    form: str = "{} · {}"


def product(first, second):
    """(K, m, n) and (J, m, n) to (K, J, m, n)."""
    return first[:, None] * second[None]
