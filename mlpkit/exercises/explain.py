"""A wrong answer explained from its own numbers: which line fails first, and what stands there in the place of what.

Each number is held against what its line gives from the learner's own numbers before it, so that a fault is found
where it is, and what only follows from it is right. For a line that fails, every factor of it is tried in the forms
that factors.py lists, one by one and then two at once. What explains is the simplest form that gives the numbers of all
cases tried, at one place: everywhere, at the output, in hidden layers, in one layer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

import numpy as np

from mlpkit.core import network
from mlpkit.exercises.compare import RTOL
from mlpkit.exercises.factors import (
    ACTIVATION,
    DELTA_HIDDEN,
    DELTA_OUT,
    GRAD_ROW_0,
    GRAD_ROWS,
    NAMED,
    NOTHING,
    OUTPUT,
    Factor,
    Line,
    Option,
    Values,
)
from mlpkit.exercises.mistakes import MISTAKES, Mistake
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
        return _value(self.line, (0, 0, 0), self.x, self.l)

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
        return _value(self.line, self.candidate, x, l)


@cache
def _candidates(line):
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


def _shape(factor, x, l):
    one = np.asarray(factor.options[0].of(x, l), float)
    return one.shape if one.ndim > 1 else (x.m, 1)


def _grids(line, x, l):
    """For each scale the products that it is tried on: of all factors without one, else of one factor exchanged."""
    with np.errstate(all="ignore"):
        first = _stack(line.first, x, l, _shape(line.first, x, l))
        second = _stack(line.second, x, l, _shape(line.second, x, l))
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


def _value(line, candidate, x, l):
    s, k, j = candidate
    with np.errstate(all="ignore"):
        first, second = (
            np.broadcast_to(np.asarray(factor.options[of].of(x, l), float), _shape(factor, x, l))[None]
            for factor, of in ((line.first, k), (line.second, j))
        )
        scale = line.scales[s]
        return scale.of(line.combine(scale.before(first, x), second)[0, 0], x, l)


# Where.

_ALL = Place("", lambda x, l: True)
_HIDDEN = (
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
_OUT = (Place("at the output", lambda x, l: True),)
_PLACES = {
    DELTA_OUT: _OUT,
    BIAS_OUT: _OUT,
    DELTA_HIDDEN: _HIDDEN,
    BIAS_HIDDEN: _HIDDEN,
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
    places = _PLACES[line]
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
    candidates, cost = _candidates(line)
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


_CELLS = {
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
    return _of_lines([cell for case, answer in answers.items() for cell in _CELLS[name](case, answer)])


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
    near = [cell.is_right or _ratio(cell) is not None for cell in cells]
    return bool(near) and all(map(any, zip(near[::2], near[1::2], strict=True)))


def _delta_in_batches(answers):
    """What in δ shows itself in batches alone, as a mean over the examples does: a list of Found, or []."""
    for line in (DELTA_OUT, DELTA_HIDDEN):
        candidates, cost = _candidates(line)
        for place in _PLACES[line]:
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
            x.delta[l] = _value(line, fault.candidate if fault else (0, 0, 0), x, l)
    except (TypeError, ValueError, IndexError, AttributeError):
        return []
    return [cell for l in range(1, x.L) for cell in _row_cells(x, l, x.g[l - 1], slack)]


# What is certain where nothing explains.


def _certain(line, cells):
    """The Unknown of a line: what all its wrong cells have in common."""
    wrong = [cell for cell in cells if not cell.is_right]
    where = _first_holding(line, cells, wrong)
    factors = {_ratio(cell) for cell in wrong}
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
            for p in _PLACES[line]
            if all(p.holds(c.x, c.l) for c in wrong) and not any(p.holds(c.x, c.l) for c in cells if c.is_right)
        ),
        None,
    )
    batches = " in a batch" if all(c.batch for c in wrong) and not all(c.batch for c in cells) else ""
    where = f"{place.words} " if place and place.words else ""
    return _sentence(f"{where}your {line.what} are not what follows{batches} from your own numbers before them.")


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


def _ratio(cell):
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


# In words.


@dataclass(frozen=True)
class Explanation:
    """What explains an answer. known: the mistakes, several where they give the same numbers; () if there is no name.

    said: what is certain all the same, or "". hint: for that. at_the_output: whether the first cause lies there, in a
    step. whole: whether it explains all cases, the batches too.
    """

    known: tuple = ()
    said: str = ""
    hint: str = ""
    at_the_output: bool = False
    whole: bool = True


@np.errstate(all="ignore")
def explain(task, outcomes, right):
    """The Explanation of the outcomes of a function, {case: Outcome}; right: (task, case) to the right Outcome."""
    if task.name not in _CELLS and task.name not in STEPS:
        return Explanation()
    answers = {}
    for case, outcome in outcomes.items():
        answer = fitting(outcome.answer, right(task, case).answer)
        if answer is not None:
            answers[case] = answer
    if not answers:
        return Explanation()
    found, whole = findings(task.name, answers), True
    alone = {case: answer for case, answer in answers.items() if not case.batch}
    if any(isinstance(one, Unknown) for one in found) and 0 < len(alone) < len(answers):
        in_singles = findings(task.name, alone)
        if in_singles and not any(isinstance(one, Unknown) for one in in_singles):
            found, whole = in_singles, False
    faults = [one for one in found if not isinstance(one, Unknown)]
    unknown = [one for one in found if isinstance(one, Unknown)]
    others = [case for case in outcomes if case not in answers and not case.batch]
    if not found or not all(any(_does_not_fit(one, case) for one, *_ in faults) for case in others):
        return Explanation()  # neuron 0 alone is wrong, or what no line says; or it stops where these would not
    before = _what_is_right(task.name, found)
    faults = _merged(faults)
    if task.name in STEPS and not unknown and _is_a_factor_of_all(faults):
        before, faults = "", [tuple(Found(CHANGE, one.candidate, _ALL) for one in faults[0])]
    first = faults[0][0] if faults else None
    return Explanation(
        _told(faults, before, _of_neuron_0(task, answers, right)),
        _all_certain(unknown, "" if faults else before),
        unknown[0].hint if unknown else "",
        task.name in STEPS and bool(first) and first.line is DELTA_OUT and not first.candidate[0],
        whole and not unknown and all(case in answers for case in outcomes if case.batch),
    )


def _all_certain(unknown, before):
    return " ".join(dict.fromkeys([before, *(one.certain for one in unknown)])).strip() if unknown else ""


def _is_a_factor_of_all(faults):
    """Whether δ of the output has a number too many and all else follows: then every Δw has it."""
    return len(faults) == 1 and all(one.line is DELTA_OUT and not any(one.candidate[1:]) for one in faults[0])


def _does_not_fit(found, case):
    """Whether what explains other cases has no number here, or only by an array of one that is spread over a layer."""
    x = Values(case)
    x.g = network.gradient(x.full_o, [None, *(np.pad(delta, ((0, 0), (1, 0))) for delta in x.delta[1:])])
    layers = range(1, x.L) if found.line not in (DELTA_OUT, BIAS_OUT) else (x.L - 1,)
    if found.line in (DELTA_HIDDEN, BIAS_HIDDEN):
        layers = range(1, x.L - 1)
    for l in layers:
        for factor, k in ((found.line.first, found.candidate[1]), (found.line.second, found.candidate[2])):
            try:
                array, needed = np.asarray(factor.options[k].of(x, l)), _shape(factor, x, l)
            except (TypeError, ValueError, IndexError, AttributeError):
                return True
            if array.ndim and array.shape[-1] != needed[-1] and found.place.holds(x, l):
                return True
    return False


def fitting(theirs, right):
    """An answer of the form that is asked for, or of that form without neuron 0, which is then put in; else None."""
    if isinstance(right, tuple):
        if not isinstance(theirs, tuple) or len(theirs) != len(right):
            return None
        entries = tuple(fitting(*pair) if pair[1] is not None else () for pair in zip(theirs, right, strict=True))
        return None if any(entry is None for entry in entries) else tuple(None if len(e) == 0 else e for e in entries)
    if not isinstance(theirs, np.ndarray) or not np.isfinite(theirs).all():
        return None
    if theirs.shape == right.shape:
        return theirs
    if theirs.shape == right[..., 1:].shape and theirs.shape[:-1] == right.shape[:-1]:
        return np.concatenate([right[..., :1], theirs], axis=-1)
    return None


def _of_neuron_0(task, answers, right):
    """The known mistake where neuron 0 is wrong as well; () if it is right."""
    kind = {
        "backward": "δ₀ not set to 0",
        "output_delta": "δ₀ not set to 0",
        "gradient": "fixed column updated",
        "forward": "bias neuron computed",
    }
    if task.name not in kind:
        return ()

    def wrong(theirs, ours):
        if isinstance(ours, tuple):
            return any(map(wrong, theirs, ours))
        return ours is not None and not close(theirs[..., :1], ours[..., :1] + 0 * theirs[..., :1], 1e-9)

    # Of a forward phase o₀ alone: what a₀ is follows from it.
    part = slice(1, None) if task.name == "forward" else slice(None)
    if any(wrong(answer[part], right(task, case).answer[part]) for case, answer in answers.items()):
        return tuple(mistake for mistake in MISTAKES[task.name] if mistake.name == kind[task.name])
    return ()


def _merged(faults):
    """The same form at all places of two lines is one fault: [(Found, ...)], alternatives together."""
    merged = []
    for fault in faults:
        for k, other in enumerate(merged):
            pair = _both(other[0], fault[0])
            if pair:
                merged[k] = (pair,)
                break
        else:
            merged.append(tuple(fault))
    return merged


def _both(one, other):
    (s, k, j), (s2, k2, j2) = one.candidate, other.candidate
    lines = one.line, other.line
    if lines in ((DELTA_OUT, DELTA_HIDDEN), (BIAS_OUT, BIAS_HIDDEN), (BIAS_HIDDEN, BIAS_OUT)):
        same = k == k2 and k and not (s or s2 or j or j2) and other.place in (*_HIDDEN[:1], *_OUT)
        return same and Found(one.line, one.candidate, Place("in every layer", one.place.holds))
    if lines == (GRAD_ROWS, GRAD_ROW_0):
        same = s == s2 and s and not (k or k2 or j or j2) and one.place.words == other.place.words
        return same and Found(replace(GRAD_ROWS, what="derivatives"), one.candidate, one.place)
    return None


def _told(faults, before, extra):
    """The known mistakes of faults, as diagnose gives them: alternatives each alone, several faults as one."""
    if len(faults) == 1 and not extra:
        return tuple(_mistake(found, before) for found in faults[0])
    several = [_mistake(alternatives[0], "") for alternatives in faults]
    if not several:
        return ()
    names, words = _names([alternatives[0] for alternatives in faults]), [before]
    several += extra
    for mistake, after in zip(several, [*several[1:], None], strict=True):
        words.append(mistake.why)
        if after and (after.lesson, after.heading) != (mistake.lesson, mistake.heading):
            words.append(f"Look at lesson {mistake.lesson}, “{mistake.heading}”.")
    last = several[-1]
    return (
        Mistake(
            ", and ".join([*names, *(mistake.name for mistake in extra)]),
            " ".join(dict.fromkeys(filter(None, words))),
            tuple(hint for mistake in several for hint in mistake.hints),
            last.lesson,
            last.heading,
            (),
        ),
    )


def _names(faults):
    """What is exchanged, with its place: once where it is the same at the output and in the hidden layers."""
    names = {}
    for found in faults:
        rows = {GRAD_ROW_0.what: " in row 0, the biases,", GRAD_ROWS.what: " in rows 1, 2, ..."}.get(
            found.line.what, ""
        )
        for name in _exchanged(found):
            names.setdefault(name, []).append(f"{rows} {found.place.words}".rstrip(" ,"))
    hidden, out = " in the hidden layers", " at the output"
    return [
        name + (" in every layer" if {hidden, out} == set(places) else " and".join(dict.fromkeys(places)))
        for name, places in names.items()
    ]


def _exchanged(found):
    """What stands in the place of what, a name for each."""
    line, (s, k, j) = found.line, found.candidate
    scale, first, second = line.scales[s], line.first.options[k], line.second.options[j]
    if not s and (first.words, second.words) in NAMED:
        return [NAMED[first.words, second.words][0]]
    names = [
        _for(option.words, factor.name)
        for factor, option, other in ((line.first, first, k), (line.second, second, j))
        if other
    ]
    return names + [_for(scale.words.format(line.symbol), line.symbol)] * bool(s)


def _for(words, name):
    if not words:
        return f"{name} left out"
    return f"{words.rstrip(',')}, in place of {name}," if "," in words else f"{words} for {name}"


def _mistake(found, before):
    line, (s, k, j) = found.line, found.candidate
    scale, first, second = line.scales[s], line.first.options[k], line.second.options[j]
    exchanged = [(line.first, first)] * bool(k) + [(line.second, second)] * bool(j)
    why = dict.fromkeys([option.why or factor.belongs for factor, option in exchanged] + [scale.why] * bool(s))
    if not s and (first.words, second.words) in NAMED:
        why = [NAMED[first.words, second.words][1]]
    where = f" {found.place.words}" if found.place.words else ""
    is_or_are = "is" if line.what == "δ" else "are"
    product = scale.words.format(_product(line, first.words, second.words))
    said = _sentence(f"{where} your {line.what} {is_or_are} {product}".strip().rstrip(","))
    hints = [factor.hint.replace("{place}", where) for factor, _ in exchanged]
    if s:
        hints.append(
            f"Divide your {line.what} by the kit's: which factor do you find, and where does your code multiply or "
            "divide by it?"
        )
    return Mistake(
        " and ".join(_names([found])),
        " ".join(filter(None, [before, f"{said}.", *why])),
        tuple(hints),
        line.lesson,
        line.heading,
        (),
    )


def _product(line, *words):
    """The factors of a line, one times the other; in words where one of them is."""
    words = [word for word in words if word]
    if len(words) < 2:
        return "".join(words) or "1"
    in_words = any(re.search("[a-z]{3}", word) for word in words)
    return (line.form.replace("·", "times") if in_words else line.form).format(*words)


def _sentence(words):
    return words[0].upper() + words[1:]


def _what_is_right(name, found):
    """What comes before the first fault and is right, or follows from it as it should."""
    lines = {one.line if isinstance(one, Unknown) else one[0].line for one in found}
    rows = lines & {GRAD_ROWS, GRAD_ROW_0, BIAS_OUT, BIAS_HIDDEN}
    if lines == {DELTA_HIDDEN}:
        return "Your δ of the output is right."
    if lines == {DELTA_OUT} and name != "output_delta":
        return "The δ of the hidden layers follow from yours at the output as they should."
    if lines == rows and GRAD_ROWS not in rows:
        return "Rows 1, 2, ... are right: only row 0, the biases, is not."
    if lines == {GRAD_ROWS}:
        return "Row 0, the biases, is right."
    if lines == rows and name in ("step", "train"):
        return "Your δ are right."
    if lines == {ACTIVATION} and name == "forward":
        return "Your outputs are σ of your activations, as they should be."
    if lines == {OUTPUT}:
        return "Your activations follow from your outputs as they should."
    return ""
