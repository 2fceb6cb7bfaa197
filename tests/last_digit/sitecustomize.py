"""Python imports this at its start where this folder is on its path; tests/processors.py says what it is for.

exp, expm1, tanh, log and log1p come out one unit in the last place higher or lower, which of the two by the bits of the
result, so that equal arguments have equal values. What is exact (0, 1) and what is no finite number stays.
"""

import functools
import math

import numpy as np


def with_another_last_digit(function):
    @functools.wraps(function)
    def other(*arguments, **named):
        out = function(*arguments, **named)
        exact = (out == 0) | (out == 1) | ~np.isfinite(out)
        mantissa, _ = np.frexp(np.where(exact, 1, out))
        up = (mantissa * 2**20) % 1 < 0.5
        moved = np.where(exact, out, np.nextafter(out, np.where(up, np.inf, -np.inf).astype(mantissa.dtype)))
        if isinstance(out, np.ndarray):  # which may be the one that `out=` names
            out[...] = moved
            return out
        return moved[()]

    return other


for name in ("exp", "expm1", "tanh", "log", "log1p"):
    setattr(np, name, with_another_last_digit(getattr(np, name)))
    of_a_number = with_another_last_digit(getattr(math, name))
    setattr(math, name, lambda *x, of_a_number=of_a_number: float(of_a_number(*x)))
