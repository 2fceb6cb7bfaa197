"""An answer of the learner's taken apart into plain lists, arrays and numbers; and whether it is one yet."""

import inspect
from collections.abc import Sequence
from itertools import islice

import numpy as np

from mlpkit.core.network import Network
from mlpkit.core.training import Run
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.words import LONGEST, Other, a_or_an, short, tried

LARGEST = 10**6  # numbers in an answer; there a list, which is looked into, counts as thirty
_DEEPEST = 30  # lists in lists


def plain(value, returned="It is"):
    """A value of the learner's made into one in which nothing runs any more, whatever is done with it.

    Lists and tuples, arrays, numbers, texts, None, `...`, Network and Run stay what they are; of sequences of another
    kind come lists, of what NumPy can read arrays, and of all else an Other. Raises NotRight where a list contains
    itself, and where there are more lists or numbers than any answer needs. returned: the beginning of its sentence.
    """
    left = LARGEST

    def listed(entries, around):
        nonlocal left
        left -= len(entries) + 30
        if left < 0 or len(around) > _DEEPEST:
            what = "more numbers and lists" if left < 0 else "more lists in one another"
            raise NotRight(
                Finding(
                    "unfit",
                    f"{returned} {what} than any answer needs.",
                    hint="Print the length of each list in your function. Which one grows, and on which line?",
                )
            )
        kinds = set(map(type, entries))
        if kinds <= _PLAIN:
            return entries
        if kinds <= _ARRAYS and not any([entry.dtype.hasobject for entry in entries if type(entry) is np.ndarray]):
            return entries
        return [of(entry, around) for entry in entries]

    def of(value, around=()):
        kind = type(value)
        if kind in _PLAIN or isinstance(value, (Network, Run, np.generic)):
            return value
        if kind is str:
            return value[:LONGEST]
        if id(value) in around:
            raise NotRight(
                Finding(
                    "unfit",
                    f"{returned} a list that contains itself: what was appended is the list, not a layer.",
                    hint="Which name stands between the brackets of append?",
                )
            )
        around = (*around, id(value))
        for base in (list, tuple):
            if isinstance(value, base):
                entries = base.__iter__(value)  # not by the ways of a subclass
                return base(listed(list(islice(entries, left + 1)), around))
        if isinstance(value, np.ndarray):
            array = np.asarray(value)  # a subclass has ways of its own
            if array.dtype == object:
                entries = listed(list(islice(array.flat, left + 1)), around)
                array = np.empty(array.shape, object)
                for place, entry in zip(np.ndindex(array.shape), entries, strict=True):
                    array[place] = entry
                return array
            return array
        if any(hasattr(kind, name) for name in ("__array__", "__array_interface__", "__array_struct__")):
            array = tried(np.asarray, value, None)
            if array is not None:
                return of(array, around)
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview)):
            return listed(list(islice(value, left + 1)), around)
        if isinstance(value, dict):
            return Other(f"{a_or_an(kind.__name__)} of {dict.__len__(value)}")
        if inspect.iscoroutine(value):
            value.close()
        return Other(short(value))

    return of(value)


_PLAIN = {type(None), type(...), bool, int, float, complex, np.float64, np.float32}
_ARRAYS = _PLAIN | {np.ndarray}


def unwritten(answer):
    """Whether an answer is empty: nothing, `...`, or a list that holds `...` or nothing else than None."""
    if answer is None or answer is ...:
        return True
    entries = _entries(answer)
    return _holds_dots(answer) or (bool(entries) and all(unwritten(entry) for entry in entries))


def _holds_dots(answer):
    return answer is ... or any(_holds_dots(entry) for entry in _entries(answer))


def _entries(answer):
    if isinstance(answer, np.ndarray) and answer.dtype == object and answer.ndim:
        return answer.tolist()
    return answer if isinstance(answer, (list, tuple)) else ()


def nothing(answer):
    if answer is None:
        return "nothing yet"
    if answer is ...:
        return "`...`"
    return "a list in which `...` still stands" if _holds_dots(answer) else "a list that is not filled yet"
