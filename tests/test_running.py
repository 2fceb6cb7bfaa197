"""A learner's function called so that nothing gets out: no print, no warning, no exception, and no time without end."""

import asyncio
import itertools
import sys
import threading
import time
import warnings
from collections import UserList, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout, suppress
from io import StringIO

import numpy as np
import pytest
from learners_steps import my_step

import mlpkit
from mlpkit import Activation, Network, backward, check, data, forward, gradient, running, step, watching
from mlpkit.widgets import Stepper, trainer

WAYS = ["at_every_line", "by_a_thread"]  # of Python 3.12 and later, and of Python 3.11


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """Each way of stopping in turn, where this Python has it."""
    if (request.param == "at_every_line") != hasattr(sys, "monitoring"):
        pytest.skip(f"Python {sys.version_info.major}.{sys.version_info.minor} stops a function in the other way")
    return request.param


@pytest.fixture(autouse=True)
def whole():
    """What must be as before after each test; and another thread, which must come to its own end."""
    before = sys.stdout, sys.stderr, warnings.filters[:], sys.getswitchinterval(), np.geterr()
    stop, ended, lines = threading.Event(), [], itertools.count()

    def counts():
        while not stop.is_set():
            next(lines)
            time.sleep(0)
        ended.append(True)

    thread = threading.Thread(target=counts)
    thread.start()
    yield
    stop.set()
    thread.join()
    assert ended
    while running.watching._hurried:  # the last watcher is on its way out
        time.sleep(0)
    assert before == (sys.stdout, sys.stderr, warnings.filters, sys.getswitchinterval(), np.geterr())
    if hasattr(sys, "monitoring"):
        assert "mlpkit" not in map(sys.monitoring.get_tool, range(6))


# Hostile functions


def loops(*_, **__):
    while True:
        pass


def loops_and_catches(*_, **__):
    while True:
        with suppress(BaseException):
            sum(range(10))


def sleeps(*_, **__):
    while True:
        time.sleep(0.01)


def exits(*_, **__):
    raise SystemExit(3)


def evil(how, *names, base=object):
    return type("Evil", (base,), {name: how for name in names})()


def doubled(times=25, base=list):
    entry = base([0.0])
    for _ in range(times):
        entry = base([entry, entry])
    return entry


def deep(levels=100_000):
    entry = [0.0]
    for _ in range(levels):
        entry = [entry]
    return entry


def itself():
    entry = [0.0]
    entry.append(entry)
    return entry


def itself_in_an_array():
    array = np.empty(2, object)
    array[:] = 1.0
    array[1] = array
    return array


def stops_with(error):
    raise error


class Unsayable(Exception):
    def __str__(self):
        loops()


class ExitsWhenSaid(Exception):
    def __str__(self):
        exits()


class Number(float):
    def __float__(self):
        loops()

    __repr__ = __sub__ = __eq__ = __float__
    __hash__ = None


class Fits:
    """As long as it has to be, and never at an end."""

    def __len__(self):
        return 3

    def __getitem__(self, k):
        return Fits()


async def later():
    return 3


def prints_for_ever(*_):
    while True:
        print("x" * 100)


def own_stdout(*_):
    sys.stdout = sys.stderr = StringIO()
    return 3


def closes_stdout(*_):
    sys.stdout.close()
    return 3


def warns(*_):
    warnings.warn("careful", stacklevel=1)
    return np.float64(1) / np.zeros(3)


def checks_itself(*arguments):
    return check.forward(loops)


def of_itself(*arguments):
    return of_itself(*arguments)


LIMIT = "was stopped after 0.2 seconds"
HOSTILE = {
    # it does not end
    "a loop": (loops, LIMIT),
    "a loop that catches everything": (loops_and_catches, LIMIT),
    "a loop that sleeps": (sleeps, LIMIT),
    "a loop that prints": (prints_for_ever, LIMIT),
    "a loop in a comprehension": (lambda *_: [0 for _ in itertools.count()], LIMIT),
    "a loop in a generator": (lambda *_: sum(0 for _ in itertools.count()), LIMIT),
    "a check in it that does not end": (checks_itself, LIMIT),
    "calls itself": (of_itself, "with RecursionError"),
    # it stops
    "SystemExit": (exits, "with SystemExit: 3."),
    "a message that loops": (lambda *_: stops_with(Unsayable()), LIMIT),
    "a message that exits": (lambda *_: stops_with(ExitsWhenSaid()), "with ExitsWhenSaid."),
    "a very long message": (lambda *_: stops_with(ValueError("x " * 10**6)), "with ValueError: x x"),
    # what it returns is large
    "a long list": (lambda *_: [0.0] * 10**7, "returns more numbers and lists than"),
    "a long list in a list": (lambda *_: [[0.0] * 10**7] * 3, "returns more numbers and lists than"),
    "a list doubled": (lambda *_: doubled(), "returns more numbers and lists than"),
    "a tuple doubled": (lambda *_: doubled(base=tuple), "returns more numbers and lists than"),
    "a deque doubled": (lambda *_: doubled(base=deque), "returns more numbers and lists than"),
    "a UserList doubled": (lambda *_: doubled(base=UserList), None),
    "a long range": (lambda *_: range(10**12), "returns more numbers and lists than"),
    "a list doubled often": (lambda *_: doubled(60), "returns more lists in one another than"),
    "a deep list": (lambda *_: deep(), "returns more lists in one another than"),
    "a list in itself": (lambda *_: itself(), "returns a list that contains itself"),
    "an array in itself": (lambda *_: itself_in_an_array(), "returns a list that contains itself"),
    "a long number": (lambda *_: 10**5000, "a whole number of more than 1000 digits"),
    "a long number in a list": (lambda *_: [10**5000] * 3, None),
    "a huge view": (lambda *_: np.broadcast_to(0.0, (10**6, 10**6)), "an array of shape (1000000, 1000000)"),
    "huge views": (lambda *_: [np.broadcast_to(0.0, (10**6, 10**6))] * 3, None),
    "a huge view of objects": (lambda *_: np.broadcast_to(np.array(None), (10**6, 10**6)), "more numbers and lists"),
    "a long text": (lambda *_: "x" * 10**8, "'xxx"),
    # what it returns does not end
    **{
        f"{name} that loops": (lambda *_, name=name: evil(loops, name), None)
        for name in ("__repr__", "__iter__", "__array__", "__len__", "__eq__", "__getattr__", "__float__", "__bool__")
    },
    "__array__ that loops in a list": (lambda *_: [evil(loops, "__array__")] * 3, LIMIT),
    "__repr__ that exits": (lambda *_: evil(exits, "__repr__"), "an Evil"),
    "__repr__ that exits in a list": (lambda *_: [evil(exits, "__repr__")] * 3, None),
    "__array__ that exits": (lambda *_: evil(exits, "__array__"), "with SystemExit"),
    "__class__ that exits": (lambda *_: evil(exits, "__getattribute__"), "with SystemExit"),
    "a list with ways of its own": (lambda *_: evil(loops, "__iter__", "__len__", "__repr__", base=list), None),
    "a dict with ways of its own": (lambda *_: evil(loops, "__iter__", "__len__", "__repr__", base=dict), "an Evil of 0"),
    "a number with ways of its own": (lambda *_: Number(2), LIMIT),
    "an array-like without end": (lambda *_: [Fits()] * 3, None),
    "a generator without end": (lambda *_: itertools.count(), "count(0)"),
    "a coroutine": (later, None),
    "coroutines": (lambda *_: [later()] * 3, None),
    # what it leaves behind
    "another stdout": (own_stdout, None),
    "stdout closed": (closes_stdout, None),
    "a warning": (warns, None),
}  # fmt: skip
CALLED = {"forward": (2, "a"), "backward": (3, "delta"), "gradient": (2, "grad"), "step": (4, "w")}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_a_function_does_there_is_one_sentence(what, capsys, monkeypatch):
    f, said = HOSTILE[what]
    if said in (LIMIT, None):  # where the time is not what ends it, any will do
        monkeypatch.setattr(running, "SECONDS", 0.2)
    for name in CALLED if LIMIT != said else ["forward"]:
        r = getattr(check, name)(lambda *arguments: f(*arguments))
        assert not r.passed
        assert said is None or said in r.message, r.message
        assert len(r.message) < 1000
        assert r.hint()
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == "" or what == "a loop that prints"
