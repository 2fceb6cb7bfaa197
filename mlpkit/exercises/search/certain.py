"""What is certain of a line where no form of its factors gives its numbers."""

from dataclasses import dataclass

import numpy as np

from mlpkit.exercises.compare import RTOL
from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.forward import ACTIVATION, OUTPUT_0
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.lines import Line
from mlpkit.exercises.search.cells import close, ratio
from mlpkit.exercises.search.places import ALONE, IN_A_BATCH, PLACES
from mlpkit.notation import number_text


@dataclass(frozen=True)
class Unknown:
    """A line that fails in a way that no form of its factors gives. certain: what can be said of it.

    of_all: whether all numbers of each network are off by one factor.
    """

    line: Line
    certain: str
    hint: str
    of_all: bool = False


def certain(line, cells):
    """The Unknown of a line: what all its wrong cells have in common."""
    wrong = [cell for cell in cells if not cell.is_right]
    where = _first_holding(line, cells, wrong)
    if line is not OUTPUT_0 and (of := _off_by_factors(wrong)):
        return Unknown(
            line,
            f"{where} In each {of} all of them are off by one and the same factor: look for a mean, or a number too "
            "many.",
            f"Divide your numbers by the kit's. Which quantity of the {of} has this size?",
            of == "network",
        )
    if missing := _missing(wrong):
        return Unknown(
            line,
            f"{where} {missing}",
            "With which neuron does the loop of this line begin, with which does it end, and does it visit each?",
        )
    if limit := _clipped(wrong):
        return Unknown(
            line,
            f"{where} None of them is larger than {number_text(limit)}, and those that need not be are right.",
            "Which line of your code keeps numbers within bounds? There are none in the notes.",
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
    return Unknown(line, where, _which_factor(line))


def _off_by_factors(wrong):
    """ "network" or "layer" where in each all numbers are off by one factor, else ""."""
    factors = {}
    for cell in wrong:
        factors.setdefault(cell.x.case, set()).add(ratio(cell))
    if None in set().union(*factors.values()) or all(cell.theirs.size == 1 for cell in wrong):
        return ""
    alike = all(max(of) - min(of) <= 1e-4 * abs(max(of)) for of in factors.values())
    return "network" if alike else "layer"


def _which_factor(line):
    """Where to look where nothing tells which factor it is."""
    factors = [factor.name for factor in (line.first, line.second) if factor.name]
    if len(factors) < 2:
        return line.first.hint.replace("{place}", "")
    return (
        f"Print the two factors of this line, {' and '.join(factors)}, for the case above, and work each out by hand "
        "from its formula. Which of them is another one?"
    )


def _first_holding(line, cells, wrong):
    place = next(
        (
            p
            for p in PLACES[line]
            if not p.kind
            and all(p.holds(c.x, c.l) for c in wrong)
            and not any(p.holds(c.x, c.l) for c in cells if c.is_right)
        ),
        None,
    )
    batches = ""
    if len({bool(c.batch) for c in wrong}) == 1 < len({bool(c.batch) for c in cells}):
        batches = f" {IN_A_BATCH if wrong[0].batch else ALONE}"
    where = f"{place.words} " if place and place.words else ""
    return sentence(f"{where}your {line.what} are not what follows{batches} from your own numbers before them.")


_TERMS = {
    DELTA_OUT: {"o": lambda x, l: x.o[l], "a": lambda x, l: x.a[l]},
    DELTA_HIDDEN: {
        "o": lambda x, l: x.o[l],
        "a": lambda x, l: x.a[l],
        "σ′(a)": lambda x, l: x.slope(l),
        "σ′(a) times the sum of δ of the next layer": lambda x, l: (
            x.slope(l) * x.delta[l + 1].sum(axis=1, keepdims=True)
        ),
    },
    ACTIVATION: {"the bias": lambda x, l: x.b[l - 1][None], "1": lambda x, l: np.ones((1, 1))},
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


def _missing(wrong):
    """In words that some numbers are 0 and all others right; "" if it is not that."""
    last = first = True
    for cell in wrong:
        with np.errstate(all="ignore"):
            far = ~(np.abs(cell.theirs - cell.right) <= RTOL * np.abs(cell.right).max(initial=0) + cell.slack)
        if cell.theirs[far].any() or far.all():
            return ""
        columns = np.flatnonzero(far.any(axis=0))
        last &= list(columns) == [far.shape[1] - 1]
        first &= list(columns) == [0]
    which = "its first neuron is" if first else "its last neuron is" if last else "some of its neurons are"
    return f"The wrong ones are 0, and the others are right: of the layer, {which} left out."


def _clipped(wrong):
    """The size at which all too large numbers are cut off; 0.0 if they are not."""
    limits = set()
    for cell in wrong:
        limit = np.abs(cell.theirs).max()
        if not limit or not close(np.clip(cell.right, -limit, limit), cell.theirs, cell.slack):
            return 0.0
        limits.add(f"{limit:.4g}")
    return float(limits.pop()) if len(limits) == 1 < len(wrong) else 0.0


def _only(cell):
    """The row or the column of a cell in which alone it is wrong, in words."""
    with np.errstate(all="ignore"):
        far = ~(np.abs(cell.theirs - cell.right) <= RTOL * np.abs(cell.right).max(initial=0) + cell.slack)
    rows, columns = (np.flatnonzero(far.any(axis=axis)) for axis in (1, 0))
    found = []
    if len(rows) == 1 and far.shape[0] > 1:
        of_weights = cell.line.combine is GRAD_ROWS.combine
        found.append(f"row {rows[0] + 1}" if of_weights else f"example {rows[0]} of the batch")
    if len(columns) == 1 and far.shape[1] > 1:
        found.append(f"neuron {columns[0] + 1}")
    return found


def sentence(words):
    return words[0].upper() + words[1:]
