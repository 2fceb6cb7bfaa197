"""Faults of two lines that are one: the same form at all places of both."""

from dataclasses import replace

from mlpkit.exercises.factors.backward import CARRIED, DELTA_HIDDEN, DELTA_OUT, SLOPE
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.names import AND_THEN_SLOPE, KEPT_TOO_EARLY
from mlpkit.exercises.search.places import AT_OUTPUT, BIAS_HIDDEN, BIAS_OUT, HIDDEN, Found, Place


def merged(faults):
    """The same form at all places of two lines is one fault: [(Found, ...)], alternatives together."""
    together = []
    for fault in faults:
        for k, other in enumerate(together):
            pair = _both(other[0], fault[0])
            if pair:
                together[k] = (pair,)
                break
        else:
            together.append(tuple(fault))
    return together


def _both(one, other):
    (s, k, j), (s2, k2, j2) = one.candidate, other.candidate
    lines = one.line, other.line
    if lines == (DELTA_OUT, DELTA_HIDDEN) and (s, j, s2) == (0, 0, 0) and other.place in HIDDEN[:1]:
        words = [factor.options[n].words for factor, n in ((SLOPE, k), (SLOPE, k2), (CARRIED, j2))]
        if words == ["", "", AND_THEN_SLOPE]:  # from the output on
            kept = next(n for n, option in enumerate(CARRIED.options) if option.words == KEPT_TOO_EARLY)
            return Found(DELTA_HIDDEN, (0, k2, kept), Place("in every layer", one.place.holds))
    if lines in ((DELTA_OUT, DELTA_HIDDEN), (BIAS_OUT, BIAS_HIDDEN), (BIAS_HIDDEN, BIAS_OUT)):
        same = k == k2 and k and not (s or s2 or j or j2) and other.place in (*HIDDEN[:1], *AT_OUTPUT)
        return same and Found(one.line, one.candidate, Place("in every layer", one.place.holds))
    if lines in ((GRAD_ROWS, GRAD_ROW_0), (GRAD_ROW_0, GRAD_ROWS)):
        same = s == s2 and s and not (k or k2 or j or j2) and one.place.words == other.place.words
        return same and Found(replace(GRAD_ROWS, what="derivatives"), one.candidate, one.place)
    return None
