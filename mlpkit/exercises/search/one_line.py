"""What explains the wrong cells of one line."""

from dataclasses import replace

import numpy as np

from mlpkit.exercises.factors.scales import a_number
from mlpkit.exercises.search.cells import candidates_of, ratio
from mlpkit.exercises.search.places import ALONE, IN_A_BATCH, PLACES, Found


def explained(cells, agrees=None, only=None, pairs=True):
    """What explains the wrong cells of one line: a list of lists of Found, of which each list is one fault; or None.

    Several in a list give the same numbers. None: some of the cells are not explained. agrees: whether a Found has
    what is known otherwise on its side; such go first. only: the candidates to be tried, where not all of them.
    pairs: whether two faults at two places are tried.
    """
    wrong = [cell for cell in cells if not cell.is_right]
    if not wrong:
        return []
    line = cells[0].line
    places = [place for place in PLACES[line] if all(place.holds(c.x, c.l) for c in wrong)]
    by_layer = [place for place in places if not place.kind]
    best = _cheapest(line, by_layer, cells, agrees, only)
    if not best and only is None:
        best = _where_it_fits(line, by_layer, cells)
    if best:
        return [best]
    layers = [place for place in PLACES[line] if not place.kind][1:] * pairs
    for one in layers:  # two faults of one line, at two places
        for other in layers:
            if one is other or any(one.holds(c.x, c.l) == other.holds(c.x, c.l) for c in wrong):
                continue
            found = [
                _cheapest(line, [place], [c for c in cells if place.holds(c.x, c.l)], only=only)
                for place in (one, other)
            ]
            if all(found):
                return found
    if only is not None:
        return None
    found = _with_examples_of_one_sort(cells, wrong, agrees)
    if found:
        return found
    of_a_kind = _cheapest(line, [place for place in places if place.kind], cells, agrees)
    return [of_a_kind] if of_a_kind else _as_a_number(line, by_layer, wrong, cells)


def _with_examples_of_one_sort(cells, wrong, agrees):
    """The same for one example alone where all batches are right, or for batches where that is right; or None."""
    sort = [cell for cell in cells if cell.batch == wrong[0].batch]
    if not all(cell in sort for cell in wrong) or len(sort) == len(cells):
        return None
    which = IN_A_BATCH if wrong[0].batch else ALONE
    found = explained(sort, agrees)
    return found and [
        [replace(one, place=replace(one.place, words=f"{one.place.words} {which}".strip())) for one in several]
        for several in found
    ]


def _cheapest(line, places, cells, agrees=None, only=None):
    candidates, cost = candidates_of(line)
    best = []
    for place in places:
        inside = [cell for cell in cells if place.holds(cell.x, cell.l)]
        if all(cell.is_right for cell in inside):
            continue
        shown = sum(int((cell.theirs != 0).sum()) for cell in inside if not cell.is_right)
        if only is None:
            fits = np.logical_and.reduce([cell.fits for cell in inside])
            fits[0] = False
            if shown < (4 if place.kind else 3):  # one number or two may be anything
                fits &= cost < 1.5
            found = np.flatnonzero(fits)
        else:
            found = [c for c in only if all(cell.fit(candidates[c]) for cell in inside)]
        best += [(cost[c] + place.cost, Found(line, candidates[c], place)) for c in found]
    if agrees and len(best) > 1:
        best = [one for one in best if agrees(one[1])] or best
    lowest = min((price for price, _ in best), default=0) + 0.04
    return [found for price, found in best if price <= lowest][:2]


def _where_it_fits(line, places, cells):
    """A single factor exchanged wherever its shape fits, and the right one elsewhere."""
    candidates, cost = candidates_of(line)
    for place in places:
        inside = [cell for cell in cells if place.holds(cell.x, cell.l)]
        fits = np.logical_and.reduce([cell.fits | (cell.lacks & cell.is_right) for cell in inside]) & (cost < 1.25)
        fits[0] = False
        found = np.flatnonzero(fits)
        if len(found):
            where = replace(place, words=f"{place.words}, where the widths are equal".lstrip(", "))
            return [Found(line, candidates[c], where) for c in found[cost[found] == cost[found].min()][:1]]
    return []


def _as_a_number(line, places, wrong, cells):
    """A number of the learner's own that all are multiplied by, the same in every network."""
    factors = [ratio(cell) for cell in wrong]
    if None in factors or len({f"{factor:.4g}" for factor in factors}) > 1 or not places:
        return None
    if all(cell.theirs.size == 1 for cell in wrong):
        return None
    where = places[0]
    if all(cell.batch for cell in wrong) and not all(cell.batch for cell in cells):
        where = replace(where, words=f"{where.words} {IN_A_BATCH}".strip())
    with_it = replace(line, scales=(*line.scales, a_number(factors[0])))
    return [[Found(with_it, (len(line.scales), 0, 0), where)]]
