"""A function that is called and stopped when its time is up, at the next line that runs; also in the browser.

Stopped is what the call itself runs, and nothing else: no other thread, no event loop that has its turn meanwhile. A
trace function (of a debugger, or of coverage) is left as it is. The limit: a call that stays inside C, such as
time.sleep(100) or sum(itertools.repeat(1)), reaches no next line and is waited for.
"""

import sys
import threading
import time
from _thread import start_new_thread
from ctypes import c_ulong, py_object, pythonapi
from queue import Empty, SimpleQueue


class TimeUp(BaseException):
    """A function ran for too long. No Exception, so that few an `except` catches it."""


_LOCK = threading.Lock()  # around what the calls of several threads share; never held while one runs


def at_every_line(f, arguments, seconds):
    """f called, and asked at every line, jump and call whether its time is up: then TimeUp is raised, each time again.

    This needs no thread, since in the browser there is none; and it leaves trace functions alone.
    """
    monitoring, events = sys.monitoring, sys.monitoring.events
    here, end = sys._getframe(), time.perf_counter() + seconds
    asked = (events.LINE, events.JUMP, events.PY_START, events.PY_RESUME)

    def look(*_):
        # Every thread and every task comes here. Its own is the code that runs below this call.
        if time.perf_counter() > end and _is_below(sys._getframe(1), here):
            raise TimeUp

    tool = _take_tool(monitoring)
    if tool is None:
        return by_a_thread(f, arguments, seconds)
    try:
        for event in asked:
            monitoring.register_callback(tool, event, look)
        monitoring.set_events(tool, sum(asked))
        return f(*arguments)
    finally:
        monitoring.set_events(tool, 0)
        for event in asked:
            monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)
        here = None  # a frame that holds itself would keep all that it names


def _is_below(frame, call):
    """Whether a frame was called, directly or not, from that of a call."""
    while frame is not None and (frame := frame.f_back) is not call:
        pass
    return frame is not None


def _take_tool(monitoring):
    """The number of a tool that nobody has taken, first of those that are nobody's by custom; None if there is none."""
    with _LOCK:
        tool = next((number for number in (3, 4, 5, 2, 1, 0) if monitoring.get_tool(number) is None), None)
        if tool is not None:
            monitoring.use_tool_id(tool, "mlpkit")
        return tool


_hurried = []  # for each call whose time is up: how often the threads took turns before, and sys.unraisablehook


def by_a_thread(f, arguments, seconds):
    """The same for Python 3.11: a second thread raises TimeUp in this one, again and again.

    A loop may catch everything. It ends when it is hit where it does not catch, or in its `except`; so that this comes
    soon, the two threads take turns as quickly as they can.
    """
    here, time_up, sent, over = c_ulong(threading.get_ident()), py_object(TimeUp), False, False
    watching, wake = SimpleQueue(), SimpleQueue()
    send = pythonapi.PyThreadState_SetAsyncExc

    def watch():
        nonlocal sent
        watching.put(None)
        wait, hurries = seconds, False
        while True:
            try:
                wake.get(timeout=wait)
            except Empty:
                wait = 1e-5
                if not hurries:
                    hurries = True
                    _hurry()
            if over:
                break
            sent = True
            send(here, time_up)  # no thread has its turn between `if over` and this line
        if hurries:
            _hurry_no_more()

    try:
        start_new_thread(watch, ())
        watching.get()  # until it runs, a thread goes by the number of the one that started it, and is hit in its place
        return f(*arguments)
    finally:
        # Nothing is raised from outside before a call or a jump back, so `over` is set wherever the last TimeUp hits.
        over = True
        if sent:  # one more may be on its way. To take it back would leave Python looking for it: it is caught here
            try:
                send(here, time_up)
                while True:
                    pass
            except TimeUp:
                pass
        wake.put(None)


def _hurry():
    with _LOCK:
        _hurried.append((sys.getswitchinterval(), sys.unraisablehook))
        sys.setswitchinterval(1e-6)
        sys.unraisablehook = (
            bool  # a TimeUp that hits a finalizer is nothing to tell; and this one cannot be hit itself
        )


def _hurry_no_more():
    with _LOCK:
        interval, hook = _hurried.pop()
        if not _hurried:
            sys.setswitchinterval(interval)
            sys.unraisablehook = hook
