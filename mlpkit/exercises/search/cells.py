"""An array of an answer, held against every form of the line that makes it."""

from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from mlpkit.exercises.compare import RTOL
from mlpkit.exercises.factors.lines import Line
from mlpkit.exercises.factors.values import Values


@dataclass(eq=False)
class Cell:
    """One array of an answer with what makes it: theirs, of layer l. slack: how far rounding may put it off."""

    line: Line
    x: Values
    l: int
    theirs: np.ndarray
    slack: float = 0.0
    _one_by_one: dict = field(default_factory=dict)

    @property
    def batch(self):
        return self.x.m > 1

    @cached_property
    def _tried(self):
        return _tried(self)

    @property
    def fits(self):
        """Which candidates of the line give these numbers; the first one is the right form."""
        return self._tried[0]

    @property
    def lacks(self):
        """Which candidates have no numbers here, by their shape."""
        return self._tried[1]

    @cached_property
    def right(self):
        """What the line gives from the numbers before it."""
        return value_of(self.line, (0, 0, 0), self.x, self.l)

    @cached_property
    def is_right(self):
        return close(self.right, self.theirs, self.slack)

    def fit(self, candidate):
        """Whether one candidate gives these numbers."""
        if candidate not in self._one_by_one:
            try:
                value = value_of(self.line, candidate, self.x, self.l)
                self._one_by_one[candidate] = close(value, self.theirs, self.slack)
            except (TypeError, ValueError, IndexError, AttributeError):  # it has no numbers here
                self._one_by_one[candidate] = False
        return self._one_by_one[candidate]


@cache
def candidates_of(line):
    """[(scale, first, second)] of which no three differ from the right ones, and what each costs."""
    K, J, S = len(line.first.options), len(line.second.options), len(line.scales)
    found = [(0, k, j) for k in range(K) for j in range(J)]
    for s in range(1, S):
        found += [(s, k, 0) for k in range(K)] + [(s, 0, j) for j in range(1, J)]
    cost = [
        line.scales[s].cost
        + line.first.options[k].cost
        + line.second.options[j].cost
        + 0.3 * (bool(s) + bool(k) + bool(j) > 1)
        for s, k, j in found
    ]
    return found, np.array(cost)


def _stack(factor, x, l, shape):
    """The options of a factor, (K, *shape); NaN where one does not fit."""
    stack = np.full((len(factor.options), *shape), np.nan)
    for k, option in enumerate(factor.options):
        try:
            stack[k] = option.of(x, l)
        except (TypeError, ValueError, IndexError, AttributeError):  # no such layer, or of another width
            continue
    return stack


def shape_of(factor, x, l):
    one = np.asarray(factor.options[0].of(x, l), float)
    return one.shape if one.ndim > 1 else (x.m, 1)


def _grids(line, x, l):
    """For each scale the products that it is tried on: of all factors without one, else of one factor exchanged."""
    first = _stack(line.first, x, l, shape_of(line.first, x, l))
    second = _stack(line.second, x, l, shape_of(line.second, x, l))
    grid = line.combine(first, second)
    yield grid.reshape(-1, *grid.shape[2:])
    alone = np.concatenate([grid[:, 0], grid[0, 1:]])
    for scale in line.scales[1:]:
        products = alone
        before = scale.before(first, x)
        if before is not first:
            products = np.concatenate([line.combine(before, second[:1])[:, 0], line.combine(before[:1], second[1:])[0]])
        yield scale.of(products, x, l)


def _tried(cell):
    with np.errstate(all="ignore"):
        grid = np.concatenate([*_grids(cell.line, cell.x, cell.l)])
        return _equal(grid, cell.theirs, cell.slack), np.isnan(grid).reshape(len(grid), -1).all(axis=1)


def _equal(stack, theirs, slack):
    with np.errstate(all="ignore"):
        near = abs(stack - theirs) <= RTOL * np.abs(theirs).max(initial=0) + slack
    return near.reshape(len(stack), -1).all(axis=1)


def close(one, other, slack=0.0):
    return one.shape == other.shape and bool(_equal(one[None], other, slack)[0])


def value_of(line, candidate, x, l):
    s, k, j = candidate
    with np.errstate(all="ignore"):
        first, second = (
            np.broadcast_to(np.asarray(factor.options[of].of(x, l), float), shape_of(factor, x, l))[None]
            for factor, of in ((line.first, k), (line.second, j))
        )
        scale = line.scales[s]
        return scale.of(line.combine(scale.before(first, x), second)[0, 0], x, l)


def ratio(cell):
    """The one factor by which all numbers of a cell are off; None if there is none."""
    right = cell.right
    k = np.unravel_index(np.abs(right).argmax(), right.shape)
    if not right[k] or not cell.theirs[k]:
        return None
    factor = cell.theirs[k] / right[k]
    return float(factor) if close(right * factor, cell.theirs, cell.slack) else None
