"""What of a step shows itself in batches alone: no δ is seen there, and a mean or a sum may be one too many."""

from dataclasses import replace

import numpy as np

from mlpkit.core import network
from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.values import Values
from mlpkit.exercises.search.answers import gradient_of, row_cells
from mlpkit.exercises.search.cells import candidates_of, ratio, value_of
from mlpkit.exercises.search.certain import Unknown
from mlpkit.exercises.search.lines import count_unknown, of_lines
from mlpkit.exercises.search.one_line import explained
from mlpkit.exercises.search.places import IN_A_BATCH, PLACES, Found


def cells_of(case, answer, faults):
    """The cells of a step on a batch, with these faults in its δ; [] if they do not fit."""
    x = Values(case)
    x.g, slack = gradient_of(case, answer)
    try:
        for l in range(x.L - 1, 0, -1):
            line = DELTA_OUT if l == x.L - 1 else DELTA_HIDDEN
            fault = next((one for one in faults if _of(one, line) and one.place.holds(x, l)), None)
            x.delta[l] = fault.value(x, l) if fault else value_of(line, (0, 0, 0), x, l)
    except (TypeError, ValueError, IndexError, AttributeError):
        return []
    return [cell for l in range(1, x.L) for cell in row_cells(x, l, x.g[l - 1], slack)]


def _of(found, line):
    """Whether a Found is of this line, or of one made from it."""
    return found.line.second is line.second


def agree(faults, case, answer):
    """Whether these faults of δ give the changes of a batch, but for one factor, in row 0 or outside it."""
    cells = cells_of(case, answer, faults)
    if _of(faults[-1], DELTA_OUT):
        cells = cells[-2:]
    near = [cell.is_right or ratio(cell) is not None for cell in cells]
    return bool(near) and all(map(any, zip(near[::2], near[1::2], strict=True)))


def in_batches_alone(batches, alone):
    """The findings of batches, where one example alone is right. alone: the cells of those.

    Only what is the same for one example comes into question: in the rows, in δ of the output, in hidden δ; one of
    them, then two.
    """
    only = alone and {line: _the_same(line, alone) for line in (DELTA_OUT, DELTA_HIDDEN, GRAD_ROWS, GRAD_ROW_0)}

    def cells(faults):
        found = [cell for case, answer in batches for cell in cells_of(case, answer, faults)]
        return sorted(found, key=lambda cell: cell.line is not GRAD_ROWS)

    best = of_lines(cells([]), only=only)
    if not count_unknown(best) and len(best) < 2:
        return best
    widest = max(batches, key=lambda pair: sum(pair[0].net.n))
    out, hidden = (_in_delta(line, only[line] if only else [], batches) for line in (DELTA_OUT, DELTA_HIDDEN))
    for fault in (*out, *hidden):
        if not all(_may_be(cell, only) for cell in cells_of(*widest, [fault])):
            continue
        rows = _explained_rows(cells([fault]), only)
        if rows is not None and (count_unknown(best) or len(rows) + 1 < len(best)):
            best = [[fault], *rows]
            if len(best) < 2:
                return best
    if not count_unknown(best) and len(best) < 3:
        return best
    for faults in ([one, other] for one in out for other in hidden[: len(hidden) // 3]):
        if all(cell.is_right for cell in cells_of(*widest, faults)) and all(cell.is_right for cell in cells(faults)):
            return [[fault] for fault in faults]
    free = of_lines(cells([]))
    if not count_unknown(free):
        return [
            [replace(one, place=replace(one.place, words=f"{one.place.words} {IN_A_BATCH}".strip())) for one in several]
            for several in free
        ]
    return with_examples(best, [(case, gradient_of(case, answer)[0]) for case, answer in batches])


def _explained_rows(cells, only):
    """What explains the rows of the gradient, at one place each; None if they are not explained."""
    found = []
    for line in (GRAD_ROWS, GRAD_ROW_0):
        faults = explained([cell for cell in cells if cell.line is line], only=only[line], pairs=False)
        if faults is None:
            return None
        found += faults
    return found if cells else None


def _the_same(line, alone):
    """The candidates that give what is right for one example."""
    cells = [cell for cell in alone if cell.line is line]
    fits = np.logical_and.reduce([cell.fits for cell in cells]) & (candidates_of(line)[1] < 1.35)
    fits[0] = False
    return list(np.flatnonzero(fits))


def _in_delta(line, only, batches):
    """The faults of δ that show themselves in the batches, each once, at every place."""
    candidates, _ = candidates_of(line)
    layers = [(x, x.L - 1 if line is DELTA_OUT else x.L - 2) for x in (cells_of(*batch, [])[0].x for batch in batches)]

    def numbers(candidate):
        return np.concatenate(
            [np.broadcast_to(value_of(line, candidate, x, l), x.delta[l].shape).ravel() for x, l in layers if l]
        )

    seen, found = [numbers((0, 0, 0))], []
    for c in only:
        if sum(map(bool, candidates[c])) == 1:
            value = numbers(candidates[c])
            if not any(np.allclose(value, other, rtol=1e-9) for other in seen):
                seen.append(value)
                found.append(candidates[c])
    places = PLACES[line][: 2 if line is DELTA_OUT else 3]
    return [Found(line, candidate, place) for place in places for candidate in found]


def _may_be(cell, only):
    candidates, _ = candidates_of(cell.line)
    return cell.is_right or any(cell.fit(candidates[c]) for c in only[cell.line])


def with_examples(found, gradients):
    """The findings with what is certain of the examples in the place of an Unknown. gradients: (case, theirs)."""
    if not count_unknown(found):
        return found
    which = _which_examples(gradients)
    return [one for one in found if not isinstance(one, Unknown)] + [which] if which else found


def _which_examples(gradients):
    """What is certain where the gradient is made of the examples' own, but not of all of them alike; or None."""
    shares = []
    for case, grad in gradients:
        ones = []
        for I, D in zip(case.I, case.D, strict=True):
            a, o = network.forward(case.net, I)
            ones.append(np.concatenate([g.ravel() for g in network.gradient(o, network.backward(case.net, (a, o), D))]))
        theirs = np.concatenate([g.ravel() for g in grad])
        sides = np.stack(ones, axis=1)
        share, _, rank, _ = np.linalg.lstsq(sides, theirs, rcond=1e-7)
        if rank == len(ones):
            if np.abs(sides @ share - theirs).max() > 1e-5 * np.abs(theirs).max():
                return None
            shares.append(tuple(np.round(share, 3) + 0.0))
    if len(set(shares)) != 1 or len(set(shares[0])) == 1:
        return None  # or all count alike
    line = replace(GRAD_ROWS, what="derivatives")
    return Unknown(line, _shares_in_words(shares[0]), "Which rows of I and D does your function go through?")


def _shares_in_words(shares):
    used = [k for k, share in enumerate(shares) if share]
    if len(used) < len(shares):
        which = ", ".join(map(str, used[:-1])) + " and " * (len(used) > 1) + str(used[-1]) if used else "none"
        return (
            f"Of a batch of {len(shares)}, counted from 0, only the examples {which} come "
            "into your step: the gradient is the mean over all of them."
        )
    return (
        f"In a batch of {len(shares)} the examples do not count alike: "
        f"{', '.join(f'{share:g}' for share in shares)} times. Each counts 1/m, with m examples."
    )
