"""A wrong answer explained from its own numbers: which line fails first, and what stands there in the place of what.

Each number is held against what its line gives from the learner's own numbers before it, so that a fault is found
where it is, and what only follows from it is right. For a line that fails, every factor of it is tried in the forms
that factors.py lists, one by one and then two at once. What explains is the simplest form that gives the numbers of all
cases tried, at one place: everywhere, at the output, in hidden layers, in one layer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

import numpy as np

from mlpkit.exercises.compare import RTOL
from mlpkit.exercises.factors import (
    ACTIVATION,
    DELTA_HIDDEN,
    DELTA_OUT,
    GRAD_ROW_0,
    GRAD_ROWS,
    NOTHING,
    OUTPUT,
    Factor,
    Line,
    Option,
    Values,
)
from mlpkit.notation import number_text

STEPS = ("step", "train")
# The biases of a step as a δ of their own, which shares nothing with the rest.
BIAS_OUT = replace(DELTA_OUT, what=GRAD_ROW_0.what)
BIAS_HIDDEN = replace(DELTA_HIDDEN, what=GRAD_ROW_0.what)


# All changes of a step. Where its numbers are off by one factor, this may be made in δ of the output as well.
CHANGE = replace(
    DELTA_OUT,
    what="changes Δw",
    symbol="Δw",
    first=Factor("", "", "", (Option("(−α δⱼ oᵢ)", lambda x, l: 1.0, 0),)),
    second=NOTHING,
    scales=tuple(
        replace(
            scale,
            why="Look at the line that moves the weights, or at δ of the output, which hands it on to every layer.",
        )
        for scale in DELTA_OUT.scales
    ),
    lesson=5,
    heading="One weight",
)


@dataclass(eq=False)
class Cell:
    """One array of an answer with what makes it: theirs, of layer l. slack: how far rounding may put it off."""

    line: Line
    x: Values
    l: int
    theirs: np.ndarray
    slack: float = 0.0

    @property
    def batch(self):
        return self.x.m > 1

    @cached_property
    def fits(self):
        """Which candidates of the line give these numbers; the first one is the right form."""
        return _fits(self)

    @cached_property
    def right(self):
        """What the line gives from the numbers before it."""
        return value_of(self.line, (0, 0, 0), self.x, self.l)

    @cached_property
    def is_right(self):
        return close(self.right, self.theirs, self.slack)


@dataclass(frozen=True)
class Place:
    """Where in a network: words, and whether a layer of a Values is there."""

    words: str
    holds: Callable
    cost: float = 0.0


@dataclass(frozen=True)
class Found:
    """What explains the wrong cells of a line: a candidate (scale, first, second) and the place of them."""

    line: Line
    candidate: tuple
    place: Place

    def value(self, x, l):
        """What the line gives with it."""
        return value_of(self.line, self.candidate, x, l)


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
    with np.errstate(all="ignore"):
        first = _stack(line.first, x, l, shape_of(line.first, x, l))
        second = _stack(line.second, x, l, shape_of(line.second, x, l))
        grid = line.combine(first, second)
        yield grid.reshape(-1, *grid.shape[2:])
        alone = np.concatenate([grid[:, 0], grid[0, 1:]])
        for scale in line.scales[1:]:
            products = alone
            before = scale.before(first, x)
            if before is not first:
                products = np.concatenate(
                    [line.combine(before, second[:1])[:, 0], line.combine(before[:1], second[1:])[0]]
                )
            yield scale.of(products, x, l)


def _fits(cell):
    return np.concatenate([_equal(grid, cell.theirs, cell.slack) for grid in _grids(cell.line, cell.x, cell.l)])


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


# Where.

EVERYWHERE = Place("", lambda x, l: True)
HIDDEN = (
    Place("in the hidden layers", lambda x, l: True),
    Place("in layer 1", lambda x, l: l == 1, 0.1),
    Place("in the last hidden layer", lambda x, l: l == x.L - 2, 0.11),
    Place("in the hidden layers before the last", lambda x, l: l < x.L - 2, 0.12),
    Place("in layer 2", lambda x, l: l == 2, 0.13),
)
_MATRICES = (
    Place("", lambda x, l: True),
    Place("in w⁰", lambda x, l: l == 1, 0.1),
    Place("in the last matrix", lambda x, l: l == x.L - 1, 0.11),
    Place("in the matrices before the last", lambda x, l: l < x.L - 1, 0.12),
    Place("in w¹", lambda x, l: l == 2, 0.13),
    Place("in the matrices after w⁰", lambda x, l: l > 1, 0.14),
)
_LAYERS = (
    Place("", lambda x, l: True),
    Place("in layer 1", lambda x, l: l == 1, 0.1),
    Place("at the output", lambda x, l: l == x.L - 1, 0.11),
    Place("in the hidden layers", lambda x, l: l < x.L - 1, 0.12),
    Place("in the layers after the first", lambda x, l: l > 1, 0.13),
    Place("in layer 2", lambda x, l: l == 2, 0.14),
)
AT_OUTPUT = (Place("at the output", lambda x, l: True),)
PLACES = {
    DELTA_OUT: AT_OUTPUT,
    BIAS_OUT: AT_OUTPUT,
    DELTA_HIDDEN: HIDDEN,
    BIAS_HIDDEN: HIDDEN,
    GRAD_ROWS: _MATRICES,
    GRAD_ROW_0: _MATRICES,
    ACTIVATION: _LAYERS,
    OUTPUT: _LAYERS,
}


def _search(cells, agrees=None):
    """What explains the wrong cells of one line: a list of lists of Found, of which each list is one fault; or None.

    Several in a list give the same numbers. None: some of the cells are not explained. agrees: whether a Found has
    what is known otherwise on its side; such go first.
    """
    wrong = [cell for cell in cells if not cell.is_right]
    if not wrong:
        return []
    line = cells[0].line
    places = PLACES[line]
    best = _cheapest(line, [place for place in places if all(place.holds(c.x, c.l) for c in wrong)], cells, agrees)
    if best:
        return [best]
    # Two faults of one line, at two places.
    for one in places[1:]:
        for other in places[1:]:
            if one is other or any(one.holds(c.x, c.l) == other.holds(c.x, c.l) for c in wrong):
                continue
            found = [_cheapest(line, [place], [c for c in cells if place.holds(c.x, c.l)]) for place in (one, other)]
            if all(found):
                return found
    return None


def _cheapest(line, places, cells, agrees=None):
    candidates, cost = candidates_of(line)
    best = []
    for place in places:
        inside = [cell for cell in cells if place.holds(cell.x, cell.l)]
        if all(cell.is_right for cell in inside):
            continue
        shown = sum(int((cell.theirs != 0).sum()) for cell in inside if not cell.is_right)
        fits = np.logical_and.reduce([cell.fits for cell in inside])
        fits[0] = False
        if shown < 3:  # one number or two may be anything
            fits &= cost < 1.5
        best += [(cost[c] + place.cost, Found(line, candidates[c], place)) for c in np.flatnonzero(fits)]
    if agrees and len(best) > 1:
        best = [one for one in best if agrees(one[1])] or best
    lowest = min((price for price, _ in best), default=0) + 0.04
    return [found for price, found in best if price <= lowest][:2]


# What a task's answer is made of.


def _rounding(arrays):
    """How far off a number of size 1 may be: float32 arrays are recognised by their numbers."""
    return 0.0 if any((array != array.astype(np.float32)).any() for array in arrays) else 3e-7


def _own_delta(x, answer):
    x.delta = [None, *(np.atleast_2d(layer)[:, 1:] for layer in answer[1:])]


def _backward_cells(case, answer):
    x = Values(case)
    _own_delta(x, answer)
    return _delta_cells(x)


def _delta_cells(x, slack=0.0):
    return [Cell(DELTA_OUT if l == x.L - 1 else DELTA_HIDDEN, x, l, x.delta[l], slack) for l in range(x.L - 1, 0, -1)]


def _output_delta_cells(case, answer):
    x = Values(case)
    return [Cell(DELTA_OUT, x, x.L - 1, np.atleast_2d(answer)[:, 1:])]


def _forward_cells(case, answer):
    x = Values(case)
    x.with_forward(*answer)
    return [cell for l in range(1, x.L) for cell in (Cell(ACTIVATION, x, l, x.a[l]), Cell(OUTPUT, x, l, x.o[l]))]


def _activations_cells(case, answer):
    return [Cell(ACTIVATION, Values(case), 1, np.atleast_2d(answer)[:, 1:])]


def _gradient_cells(case, answer):
    x = Values(case)
    return [cell for l in range(1, x.L) for cell in _row_cells(x, l, answer[l - 1])]


def _row_cells(x, l, g, slack=0.0):
    return Cell(GRAD_ROW_0, x, l, g[:1, 1:], slack), Cell(GRAD_ROWS, x, l, g[1:, 1:], slack)


def _g_of(case, answer):
    slack = _rounding(answer) / case.alpha
    return [(w - new) / case.alpha for w, new in zip(case.net.w, answer, strict=True)], slack


def _taken_apart(case, answer, with_own_o):
    """A step on one example taken apart: Values with the learner's own δ, its cells, and whether it has such a form.

    Its Δw is −α δ_j o_i. So row 0 has their δ; where the other rows are not o times that, they are o times another one,
    or have their o.
    """
    x = Values(case)
    x.g, slack = _g_of(case, answer)
    x.row_0_apart, x.own_o = [], []
    if with_own_o:
        for l in range(2, x.L):
            _take_their_o(x, l, slack)
    for l in range(x.L - 1, 0, -1):
        row, rest, o = x.g[l - 1][0, 1:], x.g[l - 1][1:, 1:], x.o[l - 1][0]
        delta = row
        if not close(np.outer(o, row), rest, slack):
            from_rest = o @ rest / (o @ o)
            if from_rest.any() and close(np.outer(o, from_rest), rest, slack):
                delta = from_rest
                x.row_0_apart.append(delta - row)
        x.delta[l] = delta[None]
    return x, slack


def _take_their_o(x, l, slack):
    """Puts in their o of the layer before l, where the rows of its g are another o times row 0."""
    row, rest = x.g[l - 1][0, 1:], x.g[l - 1][1:, 1:]
    if len(row) < 2 or not row.any() or close(np.outer(x.o[l - 1][0], row), rest, slack):
        return  # it is theirs, or one column alone, which any o would fit
    theirs, right = rest @ row / (row @ row), x.o[l - 1][0]
    from_right = right @ rest / (right @ right)
    if close(np.outer(right, from_right), rest, slack) or not close(np.outer(theirs, row), rest, slack):
        return  # row 0 is apart, or it has no such form
    x.o[l - 1] = theirs[None]
    x.full_o[l - 1] = np.concatenate([np.ones((1, 1)), x.o[l - 1]], axis=1)
    x.own_o.append(l - 1)
    for k in range(l, x.L):  # what follows from it
        x.full_a[k] = x.full_o[k - 1] @ x.full_w[k - 1]
        x.a[k] = x.full_a[k][:, 1:]
        x.o[k] = x.net.sigma[k](x.a[k])
        x.full_o[k] = np.concatenate([np.ones((1, 1)), x.o[k]], axis=1)
    x.d, x.e = x.o[-1] - x.D, x.net.loss.gradient(x.o[-1], x.D)


CELLS = {
    "activations": _activations_cells,
    "forward": _forward_cells,
    "output_delta": _output_delta_cells,
    "backward": _backward_cells,
    "gradient": _gradient_cells,
}


@dataclass(frozen=True)
class Unknown:
    """A line that fails in a way that no form of its factors gives. certain: what can be said of it."""

    line: Line
    certain: str
    hint: str


def findings(name, answers):
    """The faults in the order of their causes: each a list of Found that give the same numbers, or an Unknown.

    answers: {case: the answer as nested tuples of arrays}, of such as have the form that is asked for.
    """
    if name in STEPS:
        found = _of_steps(answers)
        unknown = _count_unknown(found)
        # Or the outputs are others already, and the rest follows from them.
        other = _of_steps(answers, with_own_o=True) if unknown else found
        return other if _count_unknown(other) < unknown else found
    return _of_lines([cell for case, answer in answers.items() for cell in CELLS[name](case, answer)])


def _count_unknown(found):
    return sum(isinstance(one, Unknown) for one in found)


def _of_lines(cells, agrees=None):
    """The faults of some lines, one line after the other. agrees: (the faults before, a Found) to whether it agrees."""
    found = []
    for line in dict.fromkeys(cell.line for cell in cells):
        of_line = [cell for cell in cells if cell.line is line]
        before = [one[0] for one in found if not isinstance(one, Unknown)]
        explained = _search(of_line, partial(agrees, before) if agrees else None)
        if explained is None and line is GRAD_ROW_0:
            explained = _as_delta(of_line)
        found += [_certain(line, of_line)] if explained is None else explained
    return found


def _as_delta(cells):
    """Row 0 of one example looked at as a δ of its own."""
    alone = [
        replace(cell, line=BIAS_OUT if cell.l == cell.x.L - 1 else BIAS_HIDDEN) for cell in cells if not cell.batch
    ]
    found = _of_lines(sorted(alone, key=lambda cell: cell.line is not BIAS_OUT))
    return None if not found or any(isinstance(one, Unknown) for one in found) else found


def _of_steps(answers, with_own_o=False):
    alone = {case: answer for case, answer in answers.items() if len(np.atleast_2d(case.D)) == 1}
    apart = [_taken_apart(case, answer, with_own_o) for case, answer in alone.items()]
    # Where all of a layer is silent only row 0 is left. If row 0 is wrong elsewhere, nothing is known of δ there.
    if any(row.any() for x, _ in apart for row in x.row_0_apart):
        apart = [(x, slack) for x, slack in apart if all(x.o[l].any() for l in range(x.L - 1))]
    forward = _of_lines([Cell(OUTPUT, x, l, x.o[l], slack) for x, slack in apart if x.own_o for l in range(1, x.L - 1)])
    batches = [(case, answer) for case, answer in answers.items() if case not in alone]
    if forward:  # then the o of a batch are not known
        batches = []
    cells = [cell for x, slack in apart for cell in _delta_cells(x, slack)]
    deltas = _of_lines(
        sorted(cells, key=lambda cell: cell.line is not DELTA_OUT),
        lambda before, found: all(_agrees([*before, found], case, answer) for case, answer in batches),
    )
    cells = [cell for x, slack in apart for l in range(1, x.L) for cell in _row_cells(x, l, x.g[l - 1], slack)]
    right_alone = not forward and not deltas and all(cell.is_right for cell in cells)
    if not any(isinstance(one, Unknown) for one in deltas):
        for case, answer in batches:
            cells += _of_a_batch(case, answer, [one for one, *_ in deltas])
    rows = _of_lines(sorted(cells, key=lambda cell: cell.line is not GRAD_ROWS))
    if right_alone and any(isinstance(one, Unknown) for one in rows):
        in_batches = _delta_in_batches(batches)
        return [in_batches] if in_batches else rows
    return forward + deltas + rows


def _agrees(faults, case, answer):
    """Whether these faults of δ give the changes of a batch, but for one factor, in row 0 or outside it."""
    cells = _of_a_batch(case, answer, faults)
    if faults[-1].line is DELTA_OUT:
        cells = cells[-2:]
    near = [cell.is_right or ratio(cell) is not None for cell in cells]
    return bool(near) and all(map(any, zip(near[::2], near[1::2], strict=True)))


def _delta_in_batches(answers):
    """What in δ shows itself in batches alone, as a mean over the examples does: a list of Found, or []."""
    for line in (DELTA_OUT, DELTA_HIDDEN):
        candidates, cost = candidates_of(line)
        for place in PLACES[line]:
            found = [
                fault
                for candidate, price in zip(candidates, cost, strict=True)
                if sum(map(bool, candidate)) == 1 and price < 1.3
                for fault in (Found(line, candidate, place),)
                if all(_gives(fault, case, answer) for case, answer in answers)
            ]
            if found:
                return found[:2]
    return []


def _gives(fault, case, answer):
    cells = _of_a_batch(case, answer, [fault])
    return bool(cells) and all(cell.is_right for cell in cells)


def _of_a_batch(case, answer, faults):
    """The cells of a step on a batch. No δ is seen there: it has the faults that one example alone has shown.

    [] where these do not fit.
    """
    x = Values(case)
    x.g, slack = _g_of(case, answer)
    try:
        for l in range(x.L - 1, 0, -1):
            line = DELTA_OUT if l == x.L - 1 else DELTA_HIDDEN
            fault = next((one for one in faults if one.line is line and one.place.holds(x, l)), None)
            x.delta[l] = value_of(line, fault.candidate if fault else (0, 0, 0), x, l)
    except (TypeError, ValueError, IndexError, AttributeError):
        return []
    return [cell for l in range(1, x.L) for cell in _row_cells(x, l, x.g[l - 1], slack)]


# What is certain where nothing explains.


def _certain(line, cells):
    """The Unknown of a line: what all its wrong cells have in common."""
    wrong = [cell for cell in cells if not cell.is_right]
    where = _first_holding(line, cells, wrong)
    factors = {ratio(cell) for cell in wrong}
    if None not in factors and any(cell.theirs.size > 1 for cell in wrong):
        if len({f"{factor:.4g}" for factor in factors}) == 1:
            said = f"They are {number_text(factors.pop())} times what they should be, everywhere."
        else:
            said = (
                "In each network all of them are off by one and the same factor: look for a mean, or a number too many."
            )
        return Unknown(
            line, f"{where} {said}", "Divide your numbers by the kit's. Which quantity of the network has this size?"
        )
    if added := _added(line, wrong):
        return Unknown(
            line, f"{where} {added}", "Which term is added in this line of your code, and does the notes' have it?"
        )
    parts = {part for cell in wrong for part in _only(cell)[:1]}
    if len(parts) == 1 and all(_only(cell) for cell in wrong):
        return Unknown(
            line, f"{where} Only {parts.pop()} is wrong.", "Which line of your code makes just these numbers?"
        )
    return Unknown(line, where, line.first.hint.replace("{place}", ""))


def _first_holding(line, cells, wrong):
    place = next(
        (
            p
            for p in PLACES[line]
            if all(p.holds(c.x, c.l) for c in wrong) and not any(p.holds(c.x, c.l) for c in cells if c.is_right)
        ),
        None,
    )
    batches = " in a batch" if all(c.batch for c in wrong) and not all(c.batch for c in cells) else ""
    where = f"{place.words} " if place and place.words else ""
    return sentence(f"{where}your {line.what} are not what follows{batches} from your own numbers before them.")


_TERMS = {
    DELTA_OUT: {"o": lambda x, l: x.o[l], "a": lambda x, l: x.a[l]},
    DELTA_HIDDEN: {"o": lambda x, l: x.o[l], "a": lambda x, l: x.a[l]},
    GRAD_ROWS: {"w": lambda x, l: x.w[l - 1], "w, not multiplied by α": lambda x, l: x.w[l - 1] / x.alpha},
    GRAD_ROW_0: {"the bias": lambda x, l: x.b[l - 1][None]},
}


def _added(line, wrong):
    """What is added to the line, in words: one number times another quantity; "" if it is not that."""
    for name, term in _TERMS.get(line, {}).items():
        times = set()
        for cell in wrong:
            more, of = cell.theirs - cell.right, np.broadcast_to(term(cell.x, cell.l), cell.theirs.shape)
            times.add(f"{(more * of).sum() / (of * of).sum():.4g}")
            if len(times) > 1 or not close(more, float(next(iter(times))) * of, 1e-4 * np.abs(more).max()):
                break
        else:
            return f"What is too much is {number_text(float(times.pop()))} times {name}."
    return ""


def ratio(cell):
    """The one factor by which all numbers of a cell are off; None if there is none."""
    right = cell.right
    k = np.unravel_index(np.abs(right).argmax(), right.shape)
    if not right[k] or not cell.theirs[k]:
        return None
    factor = cell.theirs[k] / right[k]
    return float(factor) if close(right * factor, cell.theirs, cell.slack) else None


def _only(cell):
    """The row or the column of a cell in which alone it is wrong, in words."""
    with np.errstate(all="ignore"):
        far = ~(np.abs(cell.theirs - cell.right) <= RTOL * np.abs(cell.right).max(initial=0) + cell.slack)
    rows, columns = (np.flatnonzero(far.any(axis=axis)) for axis in (1, 0))
    found = []
    if len(rows) == 1 and far.shape[0] > 1 and cell.line.combine is not GRAD_ROWS.combine:
        found.append(f"example {rows[0]} of the batch")
    if len(columns) == 1 and far.shape[1] > 1:
        found.append(f"neuron {columns[0] + 1}")
    return found


def sentence(words):
    return words[0].upper() + words[1:]
