"""The faults of some lines, one line after the other."""

from dataclasses import replace
from functools import partial

from mlpkit.exercises.factors.gradient import GRAD_ROW_0
from mlpkit.exercises.search.certain import Unknown, certain
from mlpkit.exercises.search.one_line import explained
from mlpkit.exercises.search.places import BIAS_HIDDEN, BIAS_OUT


def of_lines(cells, agrees=None, only=None):
    """A list of lists of Found, or an Unknown for a line. agrees: (the faults before, a Found) to whether it agrees.

    only: {line: the candidates to be tried}, where not all of them.
    """
    found = []
    for line in dict.fromkeys(cell.line for cell in cells):
        of_line = [cell for cell in cells if cell.line is line]
        before = [one[0] for one in found if not isinstance(one, Unknown)]
        faults = explained(of_line, partial(agrees, before) if agrees else None, only and only[line])
        if faults is None and line is GRAD_ROW_0 and only is None:
            faults = _as_delta(of_line)
        found += [certain(line, of_line)] if faults is None else faults
    return found


def count_unknown(found):
    return sum(isinstance(one, Unknown) for one in found)


def _as_delta(cells):
    """Row 0 of one example looked at as a δ of its own."""
    alone = [
        replace(cell, line=BIAS_OUT if cell.l == cell.x.L - 1 else BIAS_HIDDEN) for cell in cells if not cell.batch
    ]
    found = of_lines(sorted(alone, key=lambda cell: cell.line is not BIAS_OUT))
    return None if not found or count_unknown(found) else found
