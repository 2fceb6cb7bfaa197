"""What to say of a function that stopped with an exception: where, why in the learner's words, and what to look at."""

import inspect
import linecache
import re

import numpy as np

from mlpkit.core.network import Network
from mlpkit.exercises import time_limit
from mlpkit.exercises.finding import Finding
from mlpkit.exercises.words import LONGEST, attribute, cut, name_of, tried

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
    (
        "can be converted to Python scalars",
        " It is given a whole array, and takes one number alone: take np.tanh for math.tanh.",
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


ONE_STILL_HOLDS_NEURON_0 = " One of them may still hold neuron 0, and the other not."


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


def _no_room(message):
    """How many numbers are written where there is room for how many, of a message that has it as two shapes."""
    found = re.search(r"could not broadcast input array from shape \((\d+),\) into shape \((\d+),\)", message)
    if not found:
        return ""
    numbers = f"{found[1]} number{'s' * (found[1] != '1')}"
    return f" The right side has {numbers}, the place on the left has room for {found[2]}."


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


def stopped(f, error, raw, arguments, seconds):
    """The Finding of a function that stopped with an error. raw: its message. seconds: how long a call may take."""
    line, within, code = _own_line(f, error)
    where = (f" in line {line}" if line else "") + (f" of `{within}`" if within else "")
    where += f", `{code}`," if code else ""
    if isinstance(error, time_limit.TimeUp):
        return Finding(
            "stopped",
            f"{name_of(f)} was stopped after {seconds:g} seconds{where.rstrip(',')}: it had not ended. If a loop runs "
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
        hint += ONE_STILL_HOLDS_NEURON_0
    hint += _no_room(raw)
    shapes = _shapes(arguments)
    stop = "" if said.endswith((".", "!", "?")) else "."
    sentence = f"{name_of(f)} stops{where} with {type(error).__name__}{said}{stop}{hint}"
    return Finding(
        "stopped", sentence + (f"\nIt was given {shapes}." if shapes else ""), said=raw, hint=_to_do(error, raw)
    )


def said_by(error):
    return " ".join(tried(str, error, "")[:LONGEST].split())


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
