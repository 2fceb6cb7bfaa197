"""Running a stranger's function, so that nothing that it does gets out.

It is called with copies, what it prints is kept, and what it answers is taken apart into plain lists, arrays and
numbers (answers.py). All of that is stopped after SECONDS (time_limit.py says how, and where not). What stops it is
said in words (stops.py); KeyboardInterrupt alone gets out.
"""

import copy
import dis
import inspect
import io
import sys
import threading
import warnings
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from mlpkit.core.network import Network
from mlpkit.exercises import time_limit
from mlpkit.exercises.answers import nothing, plain, unwritten
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.stops import said_by, stopped
from mlpkit.exercises.words import Other, a_or_an, attribute, name_of

SECONDS = 2.0  # for one call
_PRINTED = 10_000  # characters that are kept of what a function prints


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
            return _Stop(error, said_by(error))

    printed = _Printed()
    try:
        answer = _guarded(call, printed)
        if isinstance(answer, _Stop):
            raise NotRight(stopped(f, answer.error, answer.said, arguments, SECONDS))
        if unwritten(answer):
            if answer is None and (without := _works_without_return(f, arguments, given)):
                raise NotRight(Finding("unwritten", without, hint=_RETURN))
            raise NotRight(Finding("unwritten", f"{name_of(f)} returns {nothing(answer)}."))
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
        raise NotRight(stopped(f, error, "", arguments, SECONDS), printed.text) from None
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


CHANCE = (np.random.Generator, np.random.RandomState)  # who draws from one changes it, and may


def copied(value):
    """A copy of an argument that can be changed without changing it. That of a generator draws the same numbers."""
    if isinstance(value, CHANCE):
        return copy.deepcopy(value)
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
    if before is after or isinstance(before, CHANCE):
        return None
    if not (type(before) is type(after) is np.ndarray and before.dtype == after.dtype):
        after = seen(after)  # the function has put it there
    return None if np.array_equal(before, after) else f"`{name}`"


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
