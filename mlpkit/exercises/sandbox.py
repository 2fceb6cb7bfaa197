"""Running a stranger's function, so that nothing that it does gets out.

It is called with copies, what it prints is kept, and it is stopped after SECONDS (time_limit.py says how, and where
not).
"""

import inspect
import io
import linecache
import re
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import numpy as np

from mlpkit.core.network import Network
from mlpkit.exercises import time_limit as watching

SECONDS = 2.0  # for one call
_PRINTED = 10_000  # characters that are kept of what a function prints


class Finding(Exception):
    """Why a function is not right; raised where it is found.

    kind: 'unwritten', 'stopped', 'unfit', 'changed' or 'number'. sentence: it in words. A number that differs from the
    kit's also has its symbol, its place in code, the example of the batch or (), theirs and right.
    time_up: whether the function did not end. said: the message of the exception that it stopped with. mark: a mistake
    that is seen at once ('whole numbers', 'sigma lost' or 'run returned'), or ''. hint: where the usual one of its kind
    does not fit. printed: what it printed.
    """

    def __init__(
        self,
        kind,
        sentence="",
        *,
        symbol=None,
        place="",
        example=(),
        theirs=None,
        right=None,
        time_up=False,
        said="",
        mark="",
        hint="",
    ):
        super().__init__(sentence)
        self.kind, self.sentence, self.symbol = kind, sentence, symbol
        self.place, self.example, self.theirs, self.right = place, example, theirs, right
        self.time_up, self.said, self.mark, self.hint, self.printed = time_up, said, mark, hint, ""


@dataclass(frozen=True)
class Ran:
    """What a call gave: its answer, and what it printed."""

    answer: object
    printed: str


def run(f, arguments):
    """f called with copies of the arguments, a {name: value}: a Ran, or a Finding where there is nothing to compare."""
    given = {name: copied(value) for name, value in arguments.items()}
    printed = _Printed()
    try:
        answer = _called(f, tuple(given.values()), printed)
        if _holds_itself(answer):
            raise Finding(
                "unfit",
                f"{name_of(f)} returns a list that contains itself: what was appended is the list, not a layer.",
                hint="Which name stands between the brackets of append?",
            )
        if unwritten(answer):
            raise Finding("unwritten", f"{name_of(f)} returns {_nothing(answer)}.")
        for name, value in arguments.items():
            changed = _changed(name, value, given[name])
            if changed:
                raise Finding(
                    "changed", f"{name_of(f)} changed {changed}, which it is given to read: let it use a copy."
                )
    except Finding as finding:
        finding.printed = printed.text
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        finding = _stopped(f, error, arguments)
        finding.printed = printed.text
        raise finding from None
    return Ran(answer, printed.text)


def answer_of(f, arguments):
    """What f gives. What it prints is printed."""
    try:
        ran = run(f, arguments)
    except Finding as finding:
        print(finding.printed, end="")
        raise
    print(ran.printed, end="")
    return ran.answer


def _called(f, arguments, printed):
    """The answer of f, or its exception, or watching.TimeUp."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        redirect_stdout(printed),
        redirect_stderr(printed),
    ):
        warnings.simplefilter("ignore")
        watched = watching.at_every_line if hasattr(sys, "monitoring") else watching.by_a_thread
        answer = watched(f, arguments, SECONDS)
    if inspect.iscoroutine(answer):
        answer.close()
    return answer


class _Printed(io.TextIOBase):
    """Takes what is printed, and keeps the beginning."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[: _PRINTED - len(self.text)]
        return len(text)


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
    same = before is after or (np.shape(before) == np.shape(after) and np.array_equal(before, after))
    return None if same else f"`{name}`"


# Nothing yet.


def unwritten(answer):
    """Whether an answer is empty: nothing, `...`, or a list that holds `...` or nothing else than None."""
    if answer is None or answer is ...:
        return True
    entries = _entries(answer)
    return _holds_dots(answer) or (bool(entries) and all(unwritten(entry) for entry in entries))


def _holds_dots(answer):
    return answer is ... or any(_holds_dots(entry) for entry in _entries(answer))


def _holds_itself(answer, around=()):
    around = (*around, id(answer))
    return any(id(entry) in around or _holds_itself(entry, around) for entry in _entries(answer))


def _entries(answer):
    if isinstance(answer, np.ndarray) and answer.dtype == object and answer.ndim:
        return answer.tolist()
    return answer if isinstance(answer, (list, tuple)) else ()


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


def _to_do(error):
    if "read-only" in _said_by(error):
        return "Which line writes into an array that the function was given? Let it make a new one."
    if "NoneType" in _said_by(error):
        return "Which layer does the line that stopped ask for, and what is there of it?"
    if _one_apart(_said_by(error)):
        return "Are the two arrays of one layer, and does one of them still hold neuron 0? `[..., 1:]` leaves it out."
    return next((words for kind, words in _TO_DO if isinstance(error, kind)), "")


def _stopped(f, error, arguments):
    line, within, code = _own_line(f, error)
    where = (f" in line {line}" if line else "") + (f" of `{within}`" if within else "")
    where += f", `{code}`," if code else ""
    if isinstance(error, watching.TimeUp):
        return Finding(
            "stopped",
            f"{name_of(f)} was stopped after {SECONDS:g} seconds{where.rstrip(',')}: it had not ended. If a loop runs "
            "there, which number decides when it ends, and does it change on every turn?",
            time_up=True,
            hint="Print, in each turn of the loop that was stopped, what decides when it ends.",
        )
    raw = message = _said_by(error)
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
    return Finding("stopped", sentence + (f"\nIt was given {shapes}." if shapes else ""), said=raw, hint=_to_do(error))


def _said_by(error):
    try:
        return " ".join(str(error).split())
    except Exception:  # a message that cannot be written
        return ""


def _shapes(arguments):
    """The shapes of what a function was given, also of the arrays in its lists."""
    given = []
    for name, value in arguments.items():
        if isinstance(value, Network):
            given.append(f"`{name}` with n = {value.n}")
        elif isinstance(value, np.ndarray):
            given.append(f"`{name}` of shape {value.shape}")
        elif isinstance(value, (list, tuple)) and not isinstance(value[-1], (list, tuple)):
            given.append(f"`{name}` of shapes {', '.join('None' if x is None else str(x.shape) for x in value)}")
    return ", ".join(given)


def _own_line(f, error):
    """The last line that was running in the learner's own code: (number, name of another function than f or '', text).

    (None, '', '') if there is none.
    """
    f = inspect.unwrap(getattr(f, "func", f))
    own = getattr(f, "__globals__", None) or getattr(type(f).__dict__.get("__call__"), "__globals__", None)
    line = None, "", ""
    frame = error.__traceback__
    while frame:
        if own is not None and frame.tb_frame.f_globals is own:
            number, code = frame.tb_lineno, frame.tb_frame.f_code
            within = code.co_name if code.co_name.isidentifier() and code is not getattr(f, "__code__", code) else ""
            line = number, within, cut(linecache.getline(code.co_filename, number), 80)
        frame = frame.tb_next
    return line


# Words for what is the learner's.


def name_of(f):
    """Its name between backticks, or 'Your function'."""
    name = getattr(f, "__name__", "<")
    return f"`{name}`" if isinstance(name, str) and name.isidentifier() else "Your function"


def short(value):
    """A value in a few words."""
    try:
        written = repr(value)
    except Exception:  # a repr that cannot be written
        written = " at 0x"
    return a_or_an(type(value).__name__) if " at 0x" in written else cut(written, 60)


def a_or_an(word):
    return f"an {word}" if word[0] in "aeiouAEIOU" else f"a {word}"


def cut(written, length):
    """A text on one line, to stand between backticks."""
    written = " ".join(written.split()).replace("`", "'")
    return written if len(written) <= length else written[: length - 3] + "..."
