"""Running a stranger's function, so that nothing that it does gets out.

It is called with copies, what it prints is kept, and what it answers is taken apart into plain lists, arrays and
numbers. All of that is stopped after SECONDS (time_limit.py says how, and where not). KeyboardInterrupt alone gets out.
"""

import dis
import inspect
import io
import linecache
import re
import sys
import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice

import numpy as np

from mlpkit.core.network import Network
from mlpkit.core.training import Run
from mlpkit.exercises import time_limit

SECONDS = 2.0  # for one call
_PRINTED = 10_000  # characters that are kept of what a function prints
_SAID = 2_000  # characters that are read of a text
LARGEST = 10**6  # numbers in an answer; there a list, which is looked into, counts as thirty
_DEEPEST = 30  # lists in lists


@dataclass(frozen=True)
class Difference:
    """A number that is not the right one.

    symbol: which it is. theirs, right: what stands there, and what belongs there. place: where it stands, in code.
    example: its index in the batch, or ().
    """

    symbol: tuple
    theirs: float
    right: float
    place: str = ""
    example: tuple = ()


@dataclass(frozen=True)
class Finding:
    """Why a function is not right.

    kind: 'unwritten', 'stopped', 'unfit', 'changed', 'memory' or 'number'. sentence: it in words; "" where differs, the
    first number that is not right, says it. hint: where the usual one of its kind does not fit. mark: a mistake that is
    seen at once, a name of BY_MARK in mistakes/, or ''. said: the message of the exception that it stopped with.
    time_up: whether it did not end.
    """

    kind: str
    sentence: str = ""
    differs: Difference | None = None
    hint: str = ""
    mark: str = ""
    said: str = ""
    time_up: bool = False


class NotRight(Exception):
    """Carries a Finding to where it is told. printed: what the function had printed until then."""

    def __init__(self, finding, printed=""):
        super().__init__(finding.sentence)
        self.finding, self.printed = finding, printed


@dataclass(frozen=True)
class Ran:
    """What a call gave: its answer, and what it printed."""

    answer: object
    printed: str


def run(f, arguments):
    """f called with copies of the arguments, a {name: value}: a Ran. Raises NotRight where there is nothing to compare.

    The answer holds nothing of the learner's own making any more: see `plain`.
    """
    given = {name: copied(value) for name, value in arguments.items()}

    def call():
        try:
            return plain(f(*given.values()), f"{name_of(f)} returns")
        except (NotRight, time_limit.TimeUp, KeyboardInterrupt):
            raise
        except BaseException as error:
            return _Stop(error, _said_by(error))

    printed = _Printed()
    try:
        answer = _guarded(call, printed)
        if isinstance(answer, _Stop):
            raise NotRight(_stopped(f, answer.error, answer.said, arguments))
        if unwritten(answer):
            if answer is None and (without := _works_without_return(f, arguments, given)):
                raise NotRight(Finding("unwritten", without, hint=_RETURN))
            raise NotRight(Finding("unwritten", f"{name_of(f)} returns {_nothing(answer)}."))
        for name, value in arguments.items():
            changed = _changed(name, value, given[name])
            if changed:
                raise NotRight(
                    Finding("changed", f"{name_of(f)} changed {changed}, which it is given to read: let it use a copy.")
                )
    except NotRight as problem:
        problem.printed = printed.text
        raise
    except time_limit.TimeUp as error:
        if _printed.get():  # of the call around this one
            raise
        raise NotRight(_stopped(f, error, "", arguments), printed.text) from None
    return Ran(answer, printed.text)


@dataclass(frozen=True)
class _Stop:
    """The exception that a function stopped with, and its message."""

    error: BaseException
    said: str


def answer_of(f, arguments):
    """What f gives. What it prints is printed."""
    try:
        ran = run(f, arguments)
    except NotRight as problem:
        print(problem.printed, end="")
        raise
    print(ran.printed, end="")
    return ran.answer


def seen(value):
    """`plain` of what a learner has given in the place of something else; where that is too long, an Other."""
    try:
        return _guarded(lambda: plain(value), _Printed())
    except KeyboardInterrupt:
        raise
    except BaseException:  # also that of an object that says what it is in its own way
        return Other(a_or_an(type(value).__name__))


# JupyterLab answers a widget in another thread than the one that runs a cell, so that several calls may
# be under way: what is printed and what is warned of belongs to the call in which the code runs.

_printed = ContextVar("what the call prints in which the code runs", default=None)


def _guarded(call, printed):
    """What call() gives; or what it raises, or time_limit.TimeUp."""
    inside = _printed.get() is not None
    token = _printed.set(printed)
    try:
        with np.errstate(all="ignore"):
            if inside:  # the clock of the call around this one goes first
                return call()
            streams = _take_streams()
            try:
                watched = time_limit.at_every_line if hasattr(sys, "monitoring") else time_limit.by_a_thread
                return watched(call, (), SECONDS)
            finally:
                _give_back(streams)
    finally:
        _printed.reset(token)


class _Printed(io.TextIOBase):
    """Takes what is printed, and keeps the beginning."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[: _PRINTED - len(self.text)]
        return len(text)


class _Stream:
    """In the place of sys.stdout or sys.stderr: takes what is printed inside a call, and hands on what others print."""

    def __init__(self, original):
        self.original = original

    def __getattr__(self, name):
        return getattr(_printed.get() or self.original, name)


class _InsideACall(type):
    def __subclasscheck__(cls, category):
        return _printed.get() is not None


class _AnyWarning(Warning, metaclass=_InsideACall):
    """Every warning inside a call, and none outside: warnings.catch_warnings is one for all threads."""


_LOCK = threading.Lock()
_under_way = 0


def _take_streams():
    """Keeps what calls print and warn of, until given back as often. Returns what stands for stdout and stderr."""
    global _under_way
    with _LOCK:
        _under_way += 1
        warnings.simplefilter("ignore", _AnyWarning)
        for name in ("stdout", "stderr"):
            if not isinstance(getattr(sys, name), _Stream):
                setattr(sys, name, _Stream(getattr(sys, name)))
        return sys.stdout, sys.stderr


def _give_back(streams):
    global _under_way
    with _LOCK:
        _under_way -= 1
        if threading.current_thread() is threading.main_thread():  # whatever the function has put there
            sys.stdout, sys.stderr = streams
        if not _under_way:
            with suppress(ValueError):
                warnings.filters.remove(("ignore", None, _AnyWarning, None, 0))
            for name in ("stdout", "stderr"):
                # One that another thread puts back later hands on all that is printed, until the next call ends.
                if isinstance(stream := getattr(sys, name), _Stream):
                    setattr(sys, name, stream.original)


# An answer taken apart.


@dataclass(frozen=True)
class Other:
    """What is no list, array, number or Network: what there is to say of it."""

    words: str


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
            return value[:_SAID]
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
            array = _tried(np.asarray, value, None)
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


def copied(value):
    """A copy of an argument that can be changed without changing it."""
    if isinstance(value, Network):
        return Network(value.w, value.sigma, value.loss)
    if isinstance(value, (list, tuple)):
        return type(value)(copied(entry) for entry in value)
    return value.copy() if isinstance(value, np.ndarray) else value


def _changed(name, before, after):
    """The name of the first argument, or array in it, that is not as it was; else None."""
    if isinstance(before, Network):
        return _changed("net.w", list(before.w), list(after.w))
    if isinstance(before, (list, tuple)):
        names = name.strip("()").split(", ") if name[0] == "(" else [f"{name}[{l}]" for l in range(len(before))]
        if len(before) != len(after):
            return f"the length of `{name}`"
        return next(filter(None, map(_changed, names, before, after)), None)
    if before is after:
        return None
    if not (type(before) is type(after) is np.ndarray and before.dtype == after.dtype):
        after = seen(after)  # the function has put it there
    return None if np.array_equal(before, after) else f"`{name}`"


# Nothing yet.


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


_RETURN = "Which name holds the result in the last line of your function? That one stands behind `return`."


def _works_without_return(f, arguments, given):
    """What is to be said of a function that returns nothing, but puts its result somewhere; "" of one that does not."""
    words = f"{name_of(f)} returns nothing: {{}} What it makes has to stand behind `return`."
    for name, value in arguments.items():
        if changed := _changed(name, value, given[name]):
            return words.format(f"it has written into {changed}, which it is given to read.")
    code = attribute(f, "__code__", None)
    if not inspect.iscode(code):
        return ""
    wrote = {line.opname for line in dis.get_instructions(code)} & {"STORE_ATTR", "STORE_SUBSCR", "STORE_GLOBAL"}
    stars = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    kept = code.co_nlocals > code.co_argcount + code.co_kwonlyargcount + stars
    return words.format("it computes something, and it ends there.") if wrote or kept else ""


def _nothing(answer):
    if answer is None:
        return "nothing yet"
    if answer is ...:
        return "`...`"
    return "a list in which `...` still stands" if _holds_dots(answer) else "a list that is not filled yet"


# Stopped.

# What NumPy and Python say in their own words, said in the learner's.
_HINTS = (
    ("read-only", " The arrays of a Network cannot be written to: make a copy, and a new Network from it."),
    ("truth value of an array", " It is given a whole array: choose number by number, with np.where."),
    ("do not fit", " A sum runs over one shared index."),
    ("could not be broadcast", " The two arrays are of different shapes, so there is no number for number."),
    (
        "multiply sequence",
        " A whole list is multiplied: it has an entry for each layer, so take them one by one.",
    ),
    ("-: 'tuple' and", " `net.w` is a tuple of matrices, one for each layer: go through it layer by layer."),
    ("+: 'tuple' and", " `net.w` is a tuple of matrices, one for each layer: go through it layer by layer."),
    ("dot() missing", " np.dot was given one array alone: a bracket is closed before the second."),
    (
        "tuple indices must be integers or slices, not tuple",
        " A comma outside of all brackets makes a tuple: is one closed too early, in this line or before?",
    ),
    ("inhomogeneous", " The layers differ in width, so no single array holds them all: keep them in a list."),
    (
        "NoneType",
        " A None was used: `a[0]`, `delta[0]` and `net.sigma[0]` are None, since layer 0 has none (§1).",
    ),
)


# The same where the sizes stand in it: (pattern, words).
_IN_WORDS = (
    (
        r"matmul: Input operand 1 has a mismatch in its core dimension 0.*\(size (\d+) is different from (\d+)\)",
        r"the two that @ multiplies do not fit: the left one has \2 numbers along its last axis, and the right one has "
        r"\1 along its first.",
    ),
    (
        r"shapes (\(.*?\)) and (\(.*?\)) not aligned: (\d+) \(dim \d+\) != (\d+) \(dim \d+\)",
        r"the two that np.dot multiplies do not fit: they have the shapes \1 and \2, and \3 is not \4.",
    ),
    (
        r"matmul: Input operand \d does not have enough dimensions.*",
        r"one of the two that @ multiplies is no array. It is None, where a layer is not computed yet, or a single "
        r"number: a number times an array is written with *.",
    ),
    (r"(column 0 is fixed .*): set w\[.*", r"\1. What moved it?"),  # the repair is elsewhere
)


# What to do about it, where printing shapes does not help: the first that fits.
_TO_DO = (
    (NameError, "Is the name in that line written as it is where it is made? Is it an argument, or made further up?"),
    (AttributeError, "Print the type of what stands before the dot in that line, in a line just before it."),
    (RecursionError, "In which case does your function not call itself again?"),
    (IndexError, "Print the index, and the length or the shape of what it looks into, in a line just before."),
    (TypeError, "Print the type of everything that stands in the line that stopped, in a line just before it."),
)


def _one_apart(message):
    """Whether the shapes in NumPy's words differ by one along the last axis, as with neuron 0 and without."""
    found = re.search(r"broadcast together with shapes \((?:\d+,)*?(\d+),?\) \((?:\d+,)*?(\d+),?\)", message)
    return found is not None and abs(int(found[1]) - int(found[2])) == 1


def _to_do(error, said):
    if "read-only" in said:
        return "Which line writes into an array that the function was given? Let it make a new one."
    if "dot() missing" in said or "not tuple" in said:
        return "Count the brackets in the line that stopped, and where its names are made: what stands outside?"
    if "NoneType" in said:
        return "Which layer does the line that stopped ask for, and what is there of it?"
    if _one_apart(said):
        return "Are the two arrays of one layer, and does one of them still hold neuron 0? `[..., 1:]` leaves it out."
    return next((words for kind, words in _TO_DO if isinstance(error, kind)), "")


def _stopped(f, error, raw, arguments):
    """The Finding of a function that stopped with an error. raw: its message."""
    line, within, code = _own_line(f, error)
    where = (f" in line {line}" if line else "") + (f" of `{within}`" if within else "")
    where += f", `{code}`," if code else ""
    if isinstance(error, time_limit.TimeUp):
        return Finding(
            "stopped",
            f"{name_of(f)} was stopped after {SECONDS:g} seconds{where.rstrip(',')}: it had not ended. If a loop runs "
            "there, which number decides when it ends, and does it change on every turn?",
            time_up=True,
            hint="Print, in each turn of the loop that was stopped, what decides when it ends.",
        )
    message = raw
    for pattern, words in _IN_WORDS:
        message = re.sub(pattern, words, message)
    if "'ellipsis'" in message:
        return Finding("unwritten", f"In {name_of(f)} a `...` still stands{where.rstrip(',')}.")
    if isinstance(error, RecursionError):
        message = message or "it calls itself without end"
    said = f": {cut(message, 240)}" if message else ""
    hint = next((words for mark, words in _HINTS if mark in message), "")
    if _one_apart(raw):
        hint += " One of them may still hold neuron 0, and the other not."
    shapes = _shapes(arguments)
    stop = "" if said.endswith((".", "!", "?")) else "."
    sentence = f"{name_of(f)} stops{where} with {type(error).__name__}{said}{stop}{hint}"
    return Finding(
        "stopped", sentence + (f"\nIt was given {shapes}." if shapes else ""), said=raw, hint=_to_do(error, raw)
    )


def _said_by(error):
    return " ".join(_tried(str, error, "")[:_SAID].split())


def _shapes(arguments):
    """The shapes of what a function was given, also of the arrays in its lists."""
    given = []
    for name, value in arguments.items():
        if isinstance(value, Network):
            given.append(f"`{name}` with n = {value.n}")
        elif isinstance(value, np.ndarray):
            given.append(f"`{name}` of shape {value.shape}")
        elif isinstance(value, (list, tuple)) and value and isinstance(value[-1], np.ndarray):
            given.append(f"`{name}` of shapes {', '.join('None' if x is None else str(x.shape) for x in value)}")
    return ", ".join(given)


def _own_line(f, error):
    """The last line that was running in the learner's own code: (number, name of another function than f or '', text).

    (None, '', '') if there is none.
    """
    f = attribute(f, "func", f)
    f = f if hasattr(type(f), "__getattr__") else inspect.unwrap(f)
    own = attribute(f, "__globals__", None) or getattr(type(f).__dict__.get("__call__"), "__globals__", None)
    line = None, "", ""
    frame = error.__traceback__
    while frame:
        if own is not None and frame.tb_frame.f_globals is own:
            number, code = frame.tb_lineno, frame.tb_frame.f_code
            within = code.co_name if code.co_name.isidentifier() and code is not attribute(f, "__code__", code) else ""
            line = number, within, cut(linecache.getline(code.co_filename, number), 80)
        frame = frame.tb_next
    return line


# Words for what is the learner's.


def name_of(f):
    """Its name between backticks, or 'Your function'."""
    name = attribute(f, "__name__", "<")
    return f"`{name}`" if isinstance(name, str) and name.isidentifier() else "Your function"


def attribute(f, name, default):
    """An attribute of a function, without asking what answers to every name in its own way."""
    return default if hasattr(type(f), "__getattr__") else getattr(f, name, default)


def short(value):
    """A value in a few words."""
    if isinstance(value, Other):
        return value.words
    written = _tried(repr, value, " at 0x")[:_SAID]
    return a_or_an(type(value).__name__) if " at 0x" in written else cut(written, 60)


def _tried(how, value, instead):
    """str, repr or another function of a value; what stands instead, whatever is raised there."""
    try:
        return how(value)
    except (time_limit.TimeUp, KeyboardInterrupt):
        raise
    except BaseException:
        return instead


def a_or_an(word):
    return f"an {word}" if word[0] in "aeiouAEIOU" else f"a {word}"


def cut(written, length):
    """A text on one line, to stand between backticks."""
    written = " ".join(written.split()).replace("`", "'")
    return written if len(written) <= length else written[: length - 3] + "..."
