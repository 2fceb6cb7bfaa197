"""A function that is called and stopped when its time is up, at the next line that runs; also in the browser.

A trace function (of a debugger, or of coverage) is left as it is. The limit: a call that stays inside C, such as
time.sleep(100) or sum(itertools.repeat(1)), reaches no next line and is waited for.
"""

import sys
import threading
import time
from ctypes import c_ulong, py_object, pythonapi
from queue import Empty, SimpleQueue


class TimeUp(BaseException):
    """A function ran for too long. No Exception, so that few an `except` catches it."""


def at_every_line(f, arguments, seconds):
    """f called, and asked at every line, jump and call whether its time is up: then TimeUp is raised, each time again.

    This needs no thread, since in the browser there is none; and it leaves trace functions alone.
    """
    end = time.perf_counter() + seconds
    monitoring, events = sys.monitoring, sys.monitoring.events
    tool = next(number for number in range(6) if monitoring.get_tool(number) is None)
    own = at_every_line.__code__

    def look(code, *_):
        if time.perf_counter() > end and code is not own:
            raise TimeUp

    asked = (events.LINE, events.JUMP, events.PY_START, events.PY_RESUME)
    monitoring.use_tool_id(tool, "mlpkit")
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


def by_a_thread(f, arguments, seconds):
    """The same for Python 3.11: a second thread raises TimeUp in this one, again and again.

    A loop may catch everything. It ends when it is hit where it does not catch, or in its `except`; so that this comes
    soon, the two threads take turns as quickly as they can.
    """
    here, wake, ended = threading.get_ident(), SimpleQueue(), []
    interval = sys.getswitchinterval()

    def watch():
        wait = seconds
        while True:
            try:
                wake.get(timeout=wait)
                break
            except Empty:
                pythonapi.PyThreadState_SetAsyncExc(c_ulong(here), py_object(TimeUp))
                sys.setswitchinterval(1e-6)
                wait = 1e-5
        ended.append(True)

    threading.Thread(target=watch, daemon=True).start()
    try:
        return f(*arguments)
    finally:
        over = False
        while not over:
            try:  # each of these may be hit by a TimeUp that comes too late
                wake.put(None)
                while not ended:
                    time.sleep(0.0002)
                sys.setswitchinterval(interval)
                over = True
            except TimeUp:
                pass
