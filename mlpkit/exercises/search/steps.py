"""A step taken apart: only weights come back, and their changes hold δ and o."""

from dataclasses import replace

import numpy as np

from mlpkit.exercises.factors.backward import DELTA_OUT
from mlpkit.exercises.factors.forward import OUTPUT
from mlpkit.exercises.factors.gradient import GRAD_ROWS
from mlpkit.exercises.factors.values import Values
from mlpkit.exercises.search.answers import delta_cells, gradient_of, row_cells
from mlpkit.exercises.search.batches import agree, cells_of, in_batches_alone
from mlpkit.exercises.search.cells import Cell, close
from mlpkit.exercises.search.certain import Unknown
from mlpkit.exercises.search.changes import of_all_changes
from mlpkit.exercises.search.lines import count_unknown, of_lines
from mlpkit.exercises.search.merged import merged
from mlpkit.exercises.search.places import IN_HIDDEN

# How the changes of one example are read. Its Δw is −α δ_j o_i, so row 0 has δ; where the other rows are not o times
# that, they are o times another δ, which is then taken for it, or δ is that of row 0 and they are wrong, or all δ are
# right and the gradient is not, or the outputs are others already and the rest follows from them.
_READINGS = ("the other rows", "row 0", "right δ", "own o")


def of_steps(answers):
    """The findings of a step, read in the way that leaves the fewest of them."""
    whole = of_all_changes(answers)
    if whole:
        return [whole]
    best = None
    for reading in _READINGS:
        found, right_alone = _read(answers, reading)
        unknown = count_unknown(found)
        price = unknown, unknown + len(merged([one for one in found if not isinstance(one, Unknown)]))
        if best is None or (price < best[0] and not (reading == "right δ" and price[0])):
            best = price, found
        if best[0] <= (0, 1) or right_alone:
            break
    return best[1]


def _read(answers, reading):
    """(the findings, whether one example alone is right)"""
    alone = {case: answer for case, answer in answers.items() if len(np.atleast_2d(case.D)) == 1}
    apart = [_taken_apart(case, answer, reading) for case, answer in alone.items()]
    # Where all of a layer is silent only row 0 is left. If row 0 is wrong elsewhere, nothing is known of δ there.
    if any(row.any() for x, _ in apart for row in x.row_0_apart):
        apart = [(x, slack) for x, slack in apart if all(x.o[l].any() for l in range(x.L - 1))]
    forward = of_lines([Cell(OUTPUT, x, l, x.o[l], slack) for x, slack in apart if x.own_o for l in range(1, x.L - 1)])
    forward = [
        [replace(one, place=IN_HIDDEN) for one in several] if isinstance(several, list) else several
        for several in forward
    ]
    batches = [(case, answer) for case, answer in answers.items() if case not in alone]
    if forward:  # then the o of a batch are not known
        batches = []
    cells = [cell for x, slack in apart for cell in delta_cells(x, slack)]
    deltas = of_lines(
        sorted(cells, key=lambda cell: cell.line is not DELTA_OUT),
        lambda before, found: all(agree([*before, found], case, answer) for case, answer in batches),
    )
    rows = [cell for x, slack in apart for l in range(1, x.L) for cell in row_cells(x, l, x.g[l - 1], slack)]
    if not forward and not deltas and all(cell.is_right for cell in rows):
        return in_batches_alone(batches, cells + rows), True
    if not any(isinstance(one, Unknown) for one in deltas):
        for case, answer in batches:
            rows += cells_of(case, answer, [one for one, *_ in deltas])
    return forward + deltas + of_lines(sorted(rows, key=lambda cell: cell.line is not GRAD_ROWS)), False


def _taken_apart(case, answer, reading):
    """A step on one example taken apart: (Values with the learner's own δ, how far rounding may put it off)."""
    x = Values(case)
    x.g, slack = gradient_of(case, answer)
    if reading == "own o":
        for l in range(2, x.L):
            _take_their_o(x, l, slack)
    if reading == "right δ":
        return x, slack
    for l in range(x.L - 1, 0, -1):
        row, rest, o = x.g[l - 1][0, 1:], x.g[l - 1][1:, 1:], x.o[l - 1][0]
        delta = row
        if reading != "row 0" and not close(np.outer(o, row), rest, slack):
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
