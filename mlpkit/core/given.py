"""What is given, as numbers; and in few words, for the sentence that says what is wrong with it."""

import re
import reprlib
from numbers import Real

import numpy as np
from numpy.ma import MaskedArray

MOST = 100_000_000  # numbers in lists: NumPy would look at every one, and a few lists inside each other make billions
MOST_AXES = 64  # as in NumPy


def numbers(name, given, dtype=None, finite=True):
    """`given` as a new array of floats, all finite if that is asked for, or ValueError.

    dtype: of the array; None keeps float32 and float64, and takes float64 for all other numbers.
    """
    array = _as_array(name, given)
    if array.dtype.kind == "O":
        array = _of_objects(name, given, array)
    elif array.dtype.kind not in "fiub":
        raise _no_numbers(name, given)
    if dtype is None:
        kept = array.dtype.kind == "f" and array.dtype.itemsize in (4, 8) and array.dtype.isnative
        dtype = array.dtype if kept else float
    if array.dtype == dtype:
        array = array.copy()
    else:
        with np.errstate(over="ignore"):  # what is too large for the dtype becomes inf, and is refused below
            array = array.astype(dtype)
    if finite and not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name}{list(place) if place else ''} is {array[place]}, but every number must be finite: replace it"
        )
    return array


def short(given):
    """`given` as Python writes it, in at most 40 characters and without an address in the memory."""
    try:
        text = _BEGINNINGS.repr(given)
    except Exception:  # of somebody else's making, or a number of more digits than Python writes
        text = ""
    if not text or re.search(" at 0x[0-9a-f]+", text, re.IGNORECASE):
        return f"a thing of the kind {type(given).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."


class _Beginnings(reprlib.Repr):
    """repr; of what is long or deep only its beginning, so that [x, x] made thirty times over costs next to nothing."""

    def __init__(self):
        super().__init__()
        self.maxlevel = 3
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = self.maxdeque = 8
        self.maxarray, self.maxstring, self.maxlong, self.maxother = 8, 80, 80, 80

    def repr_ndarray(self, array, level):
        if array.dtype.kind != "O":
            return repr(array)
        return f"array({self.repr1(array.ravel()[:9].tolist(), level)})"


_BEGINNINGS = _Beginnings()


def _as_array(name, given):
    if _size(given) > MOST:
        raise ValueError(f"{name} has more than {MOST:,} numbers: give fewer examples at a time")
    if isinstance(given, MaskedArray) or (type(given) in (list, tuple) and _masked_within(given, 3)):
        raise ValueError(
            f"{name} has a mask, but every number counts here: fill what is masked, as {name}.filled(0) does, "
            "or leave those examples out"
        )
    try:
        return np.asarray(given)
    except Exception as error:  # an object's own __array__ may raise anything
        if isinstance(error, ValueError) and isinstance(given, (list, tuple)):
            raise ValueError(
                f"{name} has rows of different lengths: give each row the same number of numbers"
            ) from None
        raise _no_numbers(name, given) from None


def _size(rows):
    """How many numbers are in lists of lists, all of one depth as long as the first; beyond MOST it is not told."""
    size = 1
    for _ in range(MOST_AXES):
        if type(rows) not in (list, tuple) or not rows or size > MOST:
            break
        size, rows = size * len(rows), rows[0]
    return size


def _masked_within(rows, depth):
    kinds = set(map(type, rows))
    if kinds <= {float, int}:
        return False
    if any(issubclass(kind, MaskedArray) for kind in kinds):
        return True
    return depth > 0 and any(_masked_within(row, depth - 1) for row in rows if type(row) in (list, tuple))


def _of_objects(name, given, array):
    """Fractions, and whole numbers beyond 64 bits, as floats; what is too large becomes inf."""
    if not all(isinstance(one, Real) for one in array.flat):
        raise _no_numbers(name, given)
    return np.array([_float(one) for one in array.flat], float).reshape(array.shape)


def _float(number):
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf


def _no_numbers(name, given):
    return ValueError(f"{name} is {short(given)}, but numbers are needed: give a list or an array of numbers")
