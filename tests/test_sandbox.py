"""A learner's function called so that nothing gets out: no print, no warning, no exception, and no time without end."""

import asyncio
import itertools
import subprocess
import sys
import threading
import time
import warnings
from collections import UserList, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from learners_steps import my_step

from mlpkit import Activation, Network, backward, check, data, forward, gradient, step
from mlpkit.exercises import sandbox, time_limit
from mlpkit.widgets import Stepper, playground


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
    while time_limit._hurried:  # the last watcher is on its way out
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
    "one long sleep": (lambda *_: time.sleep(0.3), LIMIT),
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
    "a long text": (lambda *_: "x" * 10**7, "'xxx"),
    # what it returns does not end
    **{
        f"{name} that loops": (lambda *_, name=name: evil(loops, name), None)
        for name in ("__repr__", "__iter__", "__array__", "__len__", "__eq__", "__getattr__", "__float__", "__bool__")
    },
    "__array__ that loops in a list": (lambda *_: [evil(loops, "__array__")] * 3, LIMIT),
    "__repr__ that exits": (lambda *_: evil(exits, "__repr__"), "an Evil"),
    "__repr__ that exits in a list": (lambda *_: [evil(exits, "__repr__")] * 3, None),
    "__array__ that exits": (lambda *_: evil(exits, "__array__"), "an Evil"),
    "__class__ that exits": (lambda *_: evil(exits, "__getattribute__"), "with SystemExit"),
    "a list with ways of its own": (lambda *_: evil(loops, "__iter__", "__len__", "__repr__", base=list), None),
    "a dict with ways of its own": (lambda *_: evil(loops, "__len__", "__repr__", base=dict), "an Evil of 0"),
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
    monkeypatch.setattr(sandbox, "SECONDS", 0.2 if said in (LIMIT, None) else 60)
    for name in CALLED if said != LIMIT else ["forward"]:
        r = getattr(check, name)(lambda *arguments: f(*arguments))
        assert not r.passed
        assert said is None or said in r.message, r.message
        assert len(r.message) < 1000
        assert r.hint()
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out == "" or what == "a loop that prints"


def puts(what):
    def f(o, delta):
        grad = gradient(o, delta)
        delta[0] = what()
        return grad

    return f


@pytest.mark.parametrize(
    "what",
    [
        doubled,
        lambda: evil(loops, "__len__", "__eq__", "__array_function__"),
        lambda: evil(loops, "__array__"),
        lambda: np.zeros((3, 4)),
    ],
)
def test_what_a_function_puts_into_its_arguments_is_looked_at_in_a_time_too(what, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    assert "changed `delta[0]`, which it is given to read" in check.gradient(puts(what)).message


@pytest.mark.parametrize("how", [loops, exits, stops_with])
@pytest.mark.parametrize("ask", [check.forward, check.step, check.activation, check.loss])
def test_what_is_no_function_is_told_whatever_it_does(ask, how, monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "SECONDS", 0.1)
    called = evil(how, "__call__", "__getattr__", "__repr__")
    for given in (evil(how, "__repr__", "__len__", "__array__"), called, doubled(60), 10**5000):
        r = ask(given)
        assert not r.passed
        assert r.message
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("part", ["value", "derivative"])
@pytest.mark.parametrize("what", ["a loop", "a list doubled often", "a huge view", "__repr__ that exits", "SystemExit"])
def test_a_part_of_an_activation_is_stopped_too(part, what, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    parts = {"value": np.tanh, "derivative": lambda a: 1 - np.tanh(a) ** 2} | {part: HOSTILE[what][0]}
    assert check.activation(Activation("s", "", **parts)).message


@pytest.mark.parametrize("name", ["__repr__", "__str__", None])
def test_an_interrupt_always_goes_through(name):
    def interrupts(*_):
        raise KeyboardInterrupt

    f = interrupts if name is None else lambda net, I: evil(interrupts, name)
    if name == "__str__":
        f = lambda net, I: stops_with(evil(interrupts, name, base=Exception))  # noqa: E731
    with pytest.raises(KeyboardInterrupt):
        check.forward(f)


# Several calls at a time


def in_another_thread(*calls):
    """What each call gives, all of them in one other thread; after 60 seconds the test has failed."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: [call() for call in calls]).result(60)


def test_two_calls_of_which_the_first_ends_first(capsys):
    inside, go_on, first_is_over = threading.Event(), threading.Event(), threading.Event()

    def first(net, I):
        inside.set()
        assert go_on.wait(60)
        print("of the first")
        return forward(net, I)

    def second(net, I):
        warnings.warn("of the second", stacklevel=1)
        print("of the second")
        go_on.set()
        assert first_is_over.wait(60)
        print("of the second")
        return forward(net, I)

    net, I, _ = data.running_example()
    running_first = ThreadPoolExecutor(1)
    ran = running_first.submit(sandbox.run, first, {"net": net, "I": I})
    assert inside.wait(60)
    ran.add_done_callback(lambda _: first_is_over.set())
    assert sandbox.run(second, {"net": net, "I": I}).printed == "of the second\n" * 2
    assert ran.result(60).printed == "of the first\n"
    running_first.shutdown()
    print("hello")
    assert capsys.readouterr().out == "hello\n"


def test_what_others_print_and_warn_of_during_a_call_is_theirs(capsys):
    def other():
        print("hello", file=sys.stdout)
        sys.stdout.flush()
        assert sys.stdout.isatty() is False
        with pytest.warns(UserWarning, match="^careful$"):
            warnings.warn("careful", stacklevel=1)

    def f():
        print("of the learner")
        in_another_thread(other)
        warnings.warn("quiet", stacklevel=1)
        return 1.0

    assert sandbox.run(f, {}).printed == "of the learner\n"
    assert capsys.readouterr().out == "hello\n"


def test_a_redirection_that_ends_in_between_leaves_nothing_behind(capsys):
    inside, go_on = threading.Event(), threading.Event()

    def f():
        inside.set()
        assert go_on.wait(60)
        print("of the learner")
        return 1.0

    with ThreadPoolExecutor(1) as pool:
        with redirect_stdout(StringIO()) as caught:
            ran = pool.submit(sandbox.run, f, {})
            assert inside.wait(60)
            print("caught")
        print("hello")
        go_on.set()
        ran.result(60)
    print("hello")
    assert caught.getvalue() == "caught\n"
    assert capsys.readouterr().out.replace("of the learner\n", "") == "hello\n" * 2


def test_a_call_that_ends_as_its_time_is_up_leaves_nothing_behind(monkeypatch):
    ends = []
    for k in range(300):
        monkeypatch.setattr(sandbox, "SECONDS", 2e-5 * (1 + k % 15))
        with suppress(sandbox.NotRight):
            ends.append(sandbox.run(lambda: sum(range(2000)) + 1.0, {}))
        for _ in range(100):
            len(ends)
    monkeypatch.undo()
    assert check.forward(forward).passed


def test_two_loops_in_two_threads_are_both_stopped(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.1)
    with ThreadPoolExecutor(3) as pool:
        for r in pool.map(check.forward, [loops, loops_and_catches, sleeps]):
            assert "was stopped after 0.1 seconds" in r.message


def test_a_widget_that_moves_while_a_check_and_a_training_run(capsys):
    net, I, D = data.running_example()

    async def a_lesson():
        it = playground(Network.random([2, 4, 1], seed=3), *data.two_moons(), step=my_step)
        it.start()
        it.open_stepper()
        own = Stepper(net, I, D, forward=forward, backward=backward, gradient=gradient, step=step)

        def moves(stepper, turn):
            what = {"do": "move", "values": {"I-1": 0.01 * turn}}
            stepper._on_message(stepper, {"turn": turn, "asked": [what]}, [])

        def hand():
            for turn in range(1, 41):
                moves(own, turn)
                moves(it.stepper, turn)

        moving = asyncio.get_running_loop().run_in_executor(None, hand)
        while not moving.done():
            assert check.forward(forward).passed
            await asyncio.sleep(0)
        await moving
        assert it.running
        assert {slider["id"]: slider["value"] for slider in own.shown["sliders"]}["I-1"] == 0.4
        it.close()

    asyncio.run(a_lesson())
    print("hello")
    assert capsys.readouterr().out == "hello\n"


def test_a_printing_function_prints_in_its_own_cell_and_nowhere_else(capsys):
    def prints(net, I):
        print("here")
        return forward(net, I)

    assert check.forward(prints).passed
    assert capsys.readouterr().out == "here\n" * 10
    assert Stepper(*data.running_example(), forward=prints).shown
    assert capsys.readouterr().out == ""


def test_a_profiler_or_debugger_works_after_a_check():
    """Python 3.11 hung in the first function that was profiled after a call that had been watched by a thread."""
    code = """
import sys
from mlpkit import check, forward
assert check.forward(forward).passed
seen = []
sys.setprofile(lambda frame, event, argument: seen.append(event))
(lambda: None)()
sys.setprofile(None)
assert "call" in seen
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=Path(__file__).parents[1])
