"""What the lessons ask, and whether the learner's function gives the same numbers as the notes' formulas.

    r = check.forward(my_forward)
    r.passed, r.first_difference        # True, or False and a symbol such as ("o", 1, 0)

Four parts, in this order: what is asked (Question), running the learner's function on copies (_run), comparing its
numbers with the kit's in the order of the trace (_compare), and saying what was found (_say). A check never raises.
Its three verdicts: right; not the same, where a number or a shape differs; not yet, where there is nothing to compare.
"""

import html
import inspect
import linecache
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from mlpkit import network
from mlpkit.functions import (
    Activation,
    Loss,
    cross_entropy,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    tanh,
)
from mlpkit.network import Network
from mlpkit.notation import meaning, number_shown, number_text, text

__all__ = [
    "Result",
    "activation",
    "activations",
    "backward",
    "forward",
    "gradient",
    "loss",
    "output_delta",
    "slope",
    "step",
    "train",
    "weights",
]

RTOL = 3e-6  # of the largest number in the same array: room for float32, none for a mistake

RIGHT, NOT_YET, NOT_THE_SAME = "Right.", "Not yet.", "Not the same."

# (colour, line): the verdict is a word first; the line at the box's edge differs in style as well as in colour.
_LOOK = {
    RIGHT: ("var(--jp-success-color1, #388e3c)", "solid"),
    NOT_YET: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    NOT_THE_SAME: ("var(--jp-warn-color1, #d2691e)", "dashed"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a check found.

    passed: bool. mistake: the name of the known mistake, or None. first_difference: the symbol of the first number
    that differs, in the order of the trace, or None. verdict, message: what is shown. arguments: what the function
    was called with when it differed, so that f(*r.arguments) does it again; () if it did not.
    """

    verdict: str
    message: str
    first_difference: tuple | None = None
    mistake: str | None = None
    arguments: tuple = ()

    @property
    def passed(self):
        return self.verdict == RIGHT

    def __repr__(self):
        return f"{self.verdict} {self.message}"

    def _repr_html_(self):
        colour, line = _LOOK[self.verdict]
        first, *others = (
            re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(part, quote=False)) for part in self.message.split("\n")
        )
        paragraphs = [f'<p style="margin:0"><strong>{self.verdict}</strong> {first}</p>']
        paragraphs += [f'<p style="margin:0.4em 0 0">{part}</p>' for part in others]
        return (
            f'<div class="mlpkit-check" style="border-left:4px {line} {colour};padding:0.3em 0.9em;margin:0.3em 0;'
            "max-width:48em;line-height:1.5;color:var(--jp-content-font-color1, inherit);"
            f'font-family:var(--jp-content-font-family, inherit)">{"".join(paragraphs)}</div>'
        )


# By the kind of a Finding. Where a function stops, there is nothing to compare.
_VERDICT_OF = {
    "unwritten": NOT_YET,
    "stopped": NOT_YET,
    "unfit": NOT_THE_SAME,
    "changed": NOT_THE_SAME,
    "number": NOT_THE_SAME,
}


# What is asked.


@dataclass(frozen=True, eq=False)
class Case:
    """A network and its examples, on which a function is tried. label: it in words."""

    net: Network
    I: np.ndarray
    D: np.ndarray
    alpha: float
    label: str
    place: tuple = ()  # of one weight: (l, i, j)
    epochs: int = 1

    @property
    def batch(self):
        return self.I.shape[:-1]

    def with_batch(self):
        """The same network with seven examples: no layer has seven neurons, so no axis is taken for another."""
        rng = np.random.default_rng(len(self.net.n))
        I = np.round(rng.uniform(-1, 1, (7, self.net.n[0] - 1)), 2)
        D = np.round(rng.uniform(0, 1, (7, self.net.n[-1] - 1)), 2)
        return replace(self, I=I, D=D)


@cache
def _cases():
    """One example on each of four networks; the running example of the lessons comes first."""
    running = Network(
        [
            [[1, 0.1, -0.2, 0.3], [0, 0.5, -0.4, 0.2], [0, -0.3, 0.6, 0.8]],
            [[1, -0.1], [0, 0.7], [0, -0.5], [0, 0.4]],
        ]
    )
    cases = [Case(running, np.array([0.5, 1.0]), np.array([1.0]), 0.5, "the running example")]
    for sizes, sigma, loss, alpha in (
        ([3, 2], (softplus,), half_squared_error, 0.3),
        ([4, 2, 3], (relu, identity), half_squared_error, 0.2),
        ([3, 5, 4, 2], (tanh, softplus, sigmoid), cross_entropy, 0.7),
    ):
        net = Network.random(sizes, (None, *sigma), loss, seed=4)
        net = Network([np.round(w, 2) for w in net.w], net.sigma, loss)
        names = ", ".join(one.name for one in sigma)
        label = f"a {'-'.join(map(str, sizes))} network with σ: {names} and L̃: {loss.name}"
        rng = np.random.default_rng(5)
        I, D = np.round(rng.uniform(-1, 1, sizes[0]), 2), np.round(rng.uniform(0, 1, sizes[-1]), 2)
        cases.append(Case(net, I, D, alpha, label))
    return tuple(cases)


def _alone_and_in_batches():
    # All single examples first: what then goes wrong, goes wrong in batches only.
    return (*_cases(), *(case.with_batch() for case in _cases()))


def _single_weights():
    """Two weights in each network for a numerical slope: the first has a bias and the last layer among them."""
    for case in _cases():
        yield replace(case, place=(0, 1, case.net.n[1] - 1))
        yield replace(case, place=(case.net.L - 2, 0, 1))


def _epochs():
    first, *others = _alone_and_in_batches()
    return (first, *(replace(case, epochs=3) for case in (first, *others)))


@dataclass(frozen=True, eq=False)
class Question:
    """What a lesson asks for.

    call: name and arguments as the lessons write them. section: of the notes. needed: what is to be returned, in words.
    cases: () to the cases. arguments: a Case to {name: value}. right: a Case to the kit's answer.
    kinds: the kinds of symbol in the answer, each a list by layer. single: a Case to (kind, l) or to a whole symbol
    where the answer is one array or one number. slack: a Case to how far an answer may be off. like, tried: what a
    right answer agrees with, and on what.
    """

    call: str
    section: str
    needed: str
    arguments: Callable
    right: Callable
    kinds: tuple = ()
    single: Callable | None = None
    cases: Callable = _alone_and_in_batches
    slack: Callable = lambda case: 0.0
    like: str = "the formula of §{section}"
    tried: str = "on {nets} networks of unequal widths, with {sigmas} σ{batches}"

    @property
    def name(self):
        return self.call.split("(")[0]


def _phases(case):
    """(a, o, delta) of a case."""
    a, o = network.forward(case.net, case.I)
    return a, o, network.backward(case.net, (a, o), case.D)


def _trained(case):
    net = case.net
    for _ in range(case.epochs):
        net = network.step(net, case.I, case.D, case.alpha)
    return net


EPS = 1e-4


def _nudged(case, eps):
    """The loss with one weight moved by eps."""
    l, i, j = case.place
    w = [array.copy() for array in case.net.w]
    w[l][i, j] += eps
    _, o = network.forward(Network(w, case.net.sigma, case.net.loss), case.I)
    return case.net.loss.value(o[-1][1:], case.D)


def _secant(case):
    """The slope of the loss by central differences."""
    return (_nudged(case, EPS) - _nudged(case, -EPS)) / (2 * EPS)


def _one_sided_error(case):
    """How far the difference to one side, (L̃(w + ε) - L̃(w)) / ε, is off: half of ε times the second derivative."""
    return abs(_nudged(case, EPS) - 2 * _nudged(case, 0) + _nudged(case, -EPS)) / EPS


QUESTIONS = {
    question.name: question
    for question in (
        Question(
            call="weights(W, b)",
            section="1",
            needed="the matrix w of shape (n, m): one row for each neuron before, the bias neuron included, and one "
            "column for each neuron after, neuron 0 included",
            cases=_cases,
            arguments=lambda case: {"W": case.net.w[0][1:, 1:], "b": case.net.w[0][0, 1:]},
            right=lambda case: case.net.w[0],
            single=lambda case: ("w", 0),
            tried="for {nets} pairs of W and b of unequal widths",
        ),
        Question(
            call="activations(o_before, w)",
            section="2",
            needed="the vector a of the next layer, one number for each of its neurons, neuron 0 included",
            cases=_cases,
            arguments=lambda case: {"o_before": network.forward(case.net, case.I)[1][0], "w": case.net.w[0]},
            right=lambda case: network.forward(case.net, case.I)[0][1],
            single=lambda case: ("a", 1),
            tried="for {nets} pairs of layers of unequal widths",
        ),
        Question(
            call="forward(net, I)",
            section="2",
            needed="the pair (a, o) of two lists, one entry for each layer",
            arguments=lambda case: {"net": case.net, "I": case.I},
            right=lambda case: network.forward(case.net, case.I),
            kinds=("a", "o"),
        ),
        Question(
            call="slope(net, I, D, l, i, j, eps)",
            section="3",
            needed="one number, the slope of the loss against w[l][i, j]",
            cases=_single_weights,
            arguments=lambda case: {
                "net": case.net,
                "I": case.I,
                "D": case.D,
                **dict(zip("lij", case.place, strict=True)),
                "eps": EPS,
            },
            right=_secant,
            single=lambda case: ("grad", *case.place),
            slack=_one_sided_error,
            like="the central difference",
            tried="at two weights in each of {nets} networks, with {sigmas} σ",
        ),
        Question(
            call="output_delta(net, a, o, D)",
            section="4",
            needed="the vector δ of the output layer, one number for each of its neurons, neuron 0 included",
            cases=_cases,
            arguments=lambda case: {"net": case.net, "a": _phases(case)[0], "o": _phases(case)[1], "D": case.D},
            right=lambda case: _phases(case)[2][-1],
            single=lambda case: ("delta", case.net.L - 1),
            tried="on {nets} networks of unequal widths, with {outputs} σ at the output and both losses",
        ),
        Question(
            call="backward(net, (a, o), D)",
            section="4",
            needed="the list delta, one entry for each layer",
            arguments=lambda case: {"net": case.net, "(a, o)": _phases(case)[:2], "D": case.D},
            right=lambda case: _phases(case)[2],
            kinds=("delta",),
        ),
        Question(
            call="gradient(o, delta)",
            section="3",
            needed="the list grad, one matrix for each matrix of w, of the same shape",
            arguments=lambda case: {"o": _phases(case)[1], "delta": _phases(case)[2]},
            right=lambda case: network.gradient(*_phases(case)[1:]),
            kinds=("grad",),
        ),
        Question(
            call="step(net, I, D, alpha)",
            section="5",
            needed="a new Network, or the list of its new weights",
            arguments=lambda case: {"net": case.net, "I": case.I, "D": case.D, "alpha": case.alpha},
            right=lambda case: network.step(case.net, case.I, case.D, case.alpha),
            kinds=("w_new",),
        ),
        Question(
            call="train(net, I, D, alpha, epochs)",
            section="5",
            needed="the Network after that many steps, or the list of its weights",
            cases=_epochs,
            arguments=lambda case: {
                "net": case.net,
                "I": case.I,
                "D": case.D,
                "alpha": case.alpha,
                "epochs": case.epochs,
            },
            right=_trained,
            kinds=("w_new",),
            tried="after 1 and after 3 epochs, on {nets} networks of unequal widths, with {sigmas} σ{batches}",
        ),
    )
}


def weights(f):
    """§1: f(W, b) returns the notes' w, from another book's W of shape (inputs, outputs) and its biases b."""
    return _ask(QUESTIONS["weights"], f)


def activations(f):
    """§2: f(o_before, w) returns a of the next layer, for one example."""
    return _ask(QUESTIONS["activations"], f)


def forward(f):
    """§2: f(net, I) returns (a, o), as mlpkit.forward does."""
    return _ask(QUESTIONS["forward"], f)


def slope(f):
    """§3: f(net, I, D, l, i, j, eps) returns the numerical slope of the loss against w[l][i, j], for one example.

    Central differences are asked for; a difference to one side is right too, within its own larger error.
    """
    result = _ask(QUESTIONS["slope"], f)
    exact = replace(QUESTIONS["slope"], slack=lambda case: 0.0)
    if result.passed and not _ask(exact, f).passed:
        remark = "Halve ε, and its error halves; that of the central difference becomes a quarter."
        to_one_side = replace(
            exact, like="the central difference, within the error of one to one side,", slack=_one_sided_error
        )
        result = _ask(to_one_side, f)
        result = replace(result, message=f"{result.message} {remark}")
    return result


def output_delta(f):
    """§4: f(net, a, o, D) returns δ of the output layer, for one example."""
    return _ask(QUESTIONS["output_delta"], f)


def backward(f):
    """§4: f(net, (a, o), D) returns the list delta, as mlpkit.backward does."""
    return _ask(QUESTIONS["backward"], f)


def gradient(f):
    """§3: f(o, delta) returns a list like w, as mlpkit.gradient does."""
    return _ask(QUESTIONS["gradient"], f)


def step(f):
    """§5: f(net, I, D, alpha) returns a new Network, or the list of its weights."""
    return _ask(QUESTIONS["step"], f)


def train(f):
    """§5: f(net, I, D, alpha, epochs) returns the Network, or its weights, after so many steps on all examples."""
    return _ask(QUESTIONS["train"], f)


def _ask(question, f):
    """The function tried on every case, up to the first that is not right."""
    case = None
    try:
        _require_function(question, f)
        cases = tuple(question.cases())
        for case in cases:
            answer = _run(f, question.arguments(case))
            _compare(question, case, answer)
    except Finding as finding:
        return _say(question, f, finding, case)
    return Result(RIGHT, f"The same as {question.like.format(section=question.section)} {_tried(question, cases)}.")


# Running the learner's function.


class Finding(Exception):
    """Why a function is not right; raised where it is found.

    kind: 'unwritten', 'stopped', 'unfit', 'changed' or 'number'. sentence: it in words. A number that differs from the
    kit's also has its symbol, its place in code, the example of the batch or (), theirs and right.
    """

    def __init__(self, kind, sentence="", symbol=None, place="", example=(), theirs=None, right=None):
        super().__init__(sentence)
        self.kind, self.sentence, self.symbol = kind, sentence, symbol
        self.place, self.example, self.theirs, self.right = place, example, theirs, right


def _require_function(question, f):
    if f is None or f is ...:
        raise Finding("unwritten", "There is no function yet.")
    if not callable(f):
        raise Finding(
            "unwritten",
            f"You gave {_what_it_is(f)}. Give the function itself, without calling it: "
            f"`check.{question.name}({question.name})`.",
        )
    count = len(question.arguments(next(iter(question.cases()))))
    try:
        inspect.signature(f).bind(*range(count))
    except TypeError:
        raise Finding(
            "stopped", f"{_name(f)} takes {inspect.signature(f)}, but it is called as `{question.call}`."
        ) from None
    except ValueError:  # no signature is known
        pass


def _run(f, arguments):
    """The answer of f, called with copies of the arguments."""
    given = {name: _copy(value) for name, value in arguments.items()}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            answer = f(*given.values())
    except (Exception, SystemExit) as error:
        raise _stopped(f, error, arguments) from None
    if _unwritten(answer):
        raise Finding("unwritten", f"{_name(f)} returns {_nothing(answer)}.")
    for name, value in arguments.items():
        changed = _changed(name, value, given[name])
        if changed:
            raise Finding("changed", f"{_name(f)} changed {changed}, which it is given to read: let it use a copy.")
    return answer


def _copy(value):
    if isinstance(value, Network):
        return Network(value.w, value.sigma, value.loss)
    if isinstance(value, (list, tuple)):
        return type(value)(_copy(entry) for entry in value)
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


def _unwritten(answer):
    """Whether an answer is empty: nothing, `...`, or a list that holds `...` or nothing else than None."""
    if answer is None or answer is ...:
        return True
    entries = _entries(answer)
    return _holds_dots(answer) or (bool(entries) and all(_unwritten(entry) for entry in entries))


def _holds_dots(answer):
    return answer is ... or any(_holds_dots(entry) for entry in _entries(answer))


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


# What NumPy says in its own words, said in the learner's.
_HINTS = (
    ("read-only", " The arrays of a Network cannot be written to: make a copy, and a new Network from it."),
    ("truth value of an array", " It is given a whole array: choose number by number, with np.where."),
)


def _stopped(f, error, arguments):
    message = " ".join(str(error).split())
    line, code = _own_line(f, error)
    where = (f" in line {line}" if line else "") + (f", `{code}`," if code else "")
    if "ellipsis" in message:
        return Finding("unwritten", f"In {_name(f)} a `...` still stands{where.rstrip(',')}.")
    said = f": {_cut(message, 240)}" if message else ""
    hint = next((words for mark, words in _HINTS if mark in message), "")
    given = [
        f"`{name}` {f'with n = {value.n}' if isinstance(value, Network) else f'of shape {value.shape}'}"
        for name, value in arguments.items()
        if isinstance(value, (Network, np.ndarray))
    ]
    shapes = f"\nIt was given {', '.join(given)}." if given else ""
    stop = "" if said.endswith((".", "!", "?")) else "."
    return Finding("stopped", f"{_name(f)} stops{where} with {type(error).__name__}{said}{stop}{hint}{shapes}")


def _own_line(f, error):
    """(number, text) of the last line that was running in the learner's own code; (None, '') if there is none."""
    own = getattr(inspect.unwrap(f), "__globals__", None)
    line = None, ""
    frame = error.__traceback__
    while frame:
        if frame.tb_frame.f_globals is own:
            number = frame.tb_lineno
            line = number, _cut(linecache.getline(frame.tb_frame.f_code.co_filename, number), 80)
        frame = frame.tb_next
    return line


def _name(f):
    name = getattr(f, "__name__", "<")
    return "Your function" if name.startswith("<") else f"`{name}`"


def _short(value):
    written = repr(value)
    return f"a {type(value).__name__}" if " at 0x" in written else _cut(written, 60)


def _cut(written, length):
    """A text on one line, to stand between backticks."""
    written = " ".join(written.split()).replace("`", "'")
    return written if len(written) <= length else written[: length - 3] + "..."


# Comparing its numbers.


@dataclass(frozen=True)
class _Piece:
    """One array of an answer. prefix: the symbol without its last indices. code: its name in code, '' if none."""

    prefix: tuple
    code: str
    theirs: np.ndarray
    right: np.ndarray
    batch: tuple

    def symbol(self, index):
        return (*self.prefix, *index[len(self.batch) :])

    def place(self, index):
        return f"{self.code}[{', '.join(map(str, index))}]" if index else ""


def _compare(question, case, answer):
    """Raises a Finding with the first number that differs, in the order of the trace."""
    slack = question.slack(case)
    differing = [
        (_order(piece.symbol(index)), index, piece)
        for piece in _pieces(question, case, answer, question.right(case))
        for index in _differing(piece.theirs, piece.right, slack)
    ]
    if differing:
        _, index, piece = min(differing, key=lambda one: one[:2])
        example = index[: len(piece.batch)]
        numbers = float(piece.theirs[index]), float(piece.right[index])
        raise Finding("number", "", piece.symbol(index), piece.place(index), example, *numbers)


def _differing(theirs, right, slack=0.0):
    """The indices at which two arrays differ, measured by the largest right number."""
    with np.errstate(all="ignore"):
        far = ~(np.abs(theirs - right) <= RTOL * np.abs(right).max() + slack)
    return [tuple(map(int, index)) for index in np.argwhere(far)]


def _order(symbol):
    """Where the trace writes a symbol: forward a_i then o_i, δ from the output back, then by l, i, j."""
    kind, *place = symbol
    if kind == "delta":
        return (-place[0], place[1])
    return (*place, kind)


def _pieces(question, case, answer, right):
    """The arrays of an answer beside the right ones, or _Unfit."""
    if question.single:
        prefix = question.single(case)
        return [_piece(prefix, "", answer, np.asarray(right), "What you return", case)]
    if len(question.kinds) == 1:
        answer, right = (_weights_of(answer),), (_weights_of(right),)
    elif not isinstance(answer, (list, tuple)) or len(answer) != len(question.kinds):
        raise Finding("unfit", f"You return {_what_it_is(answer)}. Needed: {question.needed}.")
    return [
        piece
        for kind, theirs, ours in zip(question.kinds, answer, right, strict=True)
        for piece in _layers(question, kind, theirs, ours, case)
    ]


def _weights_of(answer):
    answer = getattr(answer, "net", answer)  # what a training run returns
    return list(answer.w) if isinstance(answer, Network) else answer


# What the notes do not define, and why.
_UNDEFINED = {"a": "layer 0 has no activation", "delta": "layer 0 has no activation, and so no δ"}


def _layers(question, kind, theirs, right, case):
    code = "w" if kind == "w_new" else kind
    if not isinstance(theirs, (list, tuple)):
        what = question.needed if len(question.kinds) == 1 else f"a list {kind} with one entry for each layer"
        raise Finding("unfit", f"For `{code}` you give {_what_it_is(theirs)}. Needed: {what}.")
    if len(theirs) != len(right):
        count = f"L = {case.net.L}" if len(right) == case.net.L else f"L - 1 = {case.net.L - 1}"
        why = f", with {code}[0] = None, since {_UNDEFINED[kind]}" if kind in _UNDEFINED else ""
        raise Finding("unfit", f"`{code}` has {len(theirs)} entries, but {count} are needed{why}.")
    pieces = []
    for l, (given, ours) in enumerate(zip(theirs, right, strict=True)):
        name = f"{code}[{l}]"
        if ours is not None:
            pieces.append(_piece((kind, l), name, given, ours, f"`{name}`", case))
        elif given is not None:
            raise Finding("unfit", f"`{name}` is {_what_it_is(given)}, but None is needed: {_UNDEFINED[kind]}.")
    return pieces


def _piece(prefix, code, given, right, name, case):
    kind, *place = prefix
    n = case.net.n
    if kind in ("a", "o", "delta"):
        batch, letters = right.shape[:-1], f"n^{place[0]}"
    else:
        batch = ()
        letters = f"n^{place[0]}, n^{place[0] + 1}" if len(place) == 1 else ""
    try:
        theirs = np.asarray(given)
    except (ValueError, TypeError):
        raise Finding("unfit", f"{name} has rows of different lengths, but an array is needed.") from None
    if theirs.dtype.kind not in "fiub":
        raise Finding(
            "unfit", f"{name} is {_what_it_is(given)}, but {'numbers are' if letters else 'one number is'} needed."
        )
    if theirs.shape != right.shape:
        if not letters:
            raise Finding("unfit", f"{name} has the shape {theirs.shape}, but one number is needed.")
        words = ", ".join([*map(str, batch), letters]) + ("," if not batch and kind in ("a", "o", "delta") else "")
        rows = f" for a batch of {batch[0]}" if batch else ""
        raise Finding(
            "unfit",
            f"{name} has the shape {theirs.shape}, but ({words}) = {right.shape} is needed{rows}: "
            f"here n = {n}, and n counts the bias neuron.",
        )
    return _Piece(prefix, code, theirs.astype(float), np.asarray(right, float), batch)


def _what_it_is(value):
    if value is None:
        return "None"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    if isinstance(value, (float, int, np.number)) and not isinstance(value, (bool, complex, np.complexfloating)):
        return f"the number {number_text(float(value))}" if np.isfinite(value) else number_text(float(value))
    return _short(value)


# Saying what was found.


def _say(question, f, finding, case=None):
    arguments = () if case is None else tuple(_copy(value) for value in question.arguments(case).values())
    parts = [finding.sentence]
    if finding.kind == "unwritten":
        return Result(NOT_YET, f"{finding.sentence} Needed: {question.needed} (§{question.section}).")
    if finding.kind == "number":
        parts = [_difference(finding), f"What makes it: {formula(finding.symbol, question, case)}"]
    if case is not None:
        parts.append(_where(question, f, case))
    return Result(_VERDICT_OF[finding.kind], "\n".join(parts), finding.symbol, None, arguments)


def _difference(finding):
    symbol, place = finding.symbol, f" (`{finding.place}`)" if finding.place else ""
    theirs, right = two_numbers(finding.theirs, finding.right)
    example = f" in example {finding.example[0]} of the batch" if finding.example else ""
    return (
        f"The first number that differs is {text(symbol)}{place}, {meaning(symbol)}{example}. "
        f"You have {theirs}, the kit has {right}."
    )


def two_numbers(theirs, right):
    """Two numbers as texts, with as many digits as it takes to see that they differ."""
    if number_shown(theirs)[0] != number_shown(right)[0]:
        return number_text(theirs), number_text(right)
    texts = ("", "")
    for digits in range(5, 18):
        texts = tuple(f"{number:.{digits}g}".replace("-", "−") for number in (theirs, right))
        if texts[0] != texts[1]:
            break
    return texts


def formula(symbol, question, case):
    """The formula that makes a number, with its section, in plain text."""
    kind, l, *place = symbol
    net, left = case.net, text(symbol)
    sigma = net.sigma[l].name if kind in ("o", "delta") and l else ""
    i = place[0]
    if kind == "w":
        return "§1: row 0 of w holds the biases, and column 0 is fixed at (1, 0, ..., 0)."
    if kind == "a":
        terms = f"{text(('o', l - 1, 'j'))} {text(('w', l - 1, 'j', i))}"
        return f"§1: {left} = Σⱼ {terms}, j from 0 to {net.n[l - 1] - 1}."
    if kind == "o":
        if i == 0:
            return f"§2: {left} = 1, as in every layer."
        return f"§2: {left} = " + (f"σ({text(('a', l, i))}), here with σ: {sigma}." if l else f"{text(('I', i))}.")
    if kind == "delta":
        if i == 0:
            return f"§4: {left} = 0, since {text(('o', l, 0))} is a constant."
        slope = f"σ′({text(('a', l, i))})"
        if l == net.L - 1:
            return f"§4: {left} = {slope} · ∂L̃/∂{text(('o', l, i))}, here with σ: {sigma} and L̃: {net.loss.name}."
        back = f"Σₖ {text(('w', l, i, 'k'))} {text(('delta', l + 1, 'k'))}"
        return f"§4: {left} = {slope} {back}, k from 0 to {net.n[l + 1] - 1}, here with σ: {sigma}."
    j = place[1]
    product = f"{text(('delta', l + 1, j))} {text(('o', l, i))}"
    mean = ", the mean of it over the examples" if case.batch else ""
    if kind == "grad":
        if question.name == "slope":
            w = text(("w", *case.place))
            return f"§3: {left} ≈ (L̃({w} + ε) − L̃({w} − ε)) / 2ε, all other weights as they are."
        return f"§3: {left} = {product}{mean}."
    if j == 0:
        return "§5: column 0 is never changed."
    old, change = text(("w", l, i, j)), text(("dw", l, i, j))
    times = f"; here {case.epochs} times, from the new weights each time" if case.epochs > 1 else ""
    return f"§5: {left} = {old} + {change}, where {change} = −α {product}{mean}, all from the old weights{times}."


def _where(question, f, case):
    """On what it was, and how to do it again."""
    name = _name(f).strip("`") if _name(f)[0] == "`" else "f"
    again = f"`r = check.{question.name}({name})` and then `{name}(*r.arguments)` runs it again."
    if case.label == "the running example" and not case.batch:
        given = ", ".join(
            f"`{name} = {value.tolist() if isinstance(value, np.ndarray) else value}`"
            for name, value in question.arguments(case).items()
            if not isinstance(value, (Network, list, tuple))
        )
        return f"This is the running example{': ' + given if given else ''}."
    if not case.batch:
        return f"This is {case.label}; the running example agrees. {again}"
    return (
        f"One example alone is right everywhere; this is a batch of {case.batch[0]}, an example in each row, on "
        f"{case.label.replace('the running example', 'the network of the running example')}. {again}"
    )


def _tried(question, cases):
    nets = {id(case.net): case.net for case in cases}.values()
    return question.tried.format(
        nets=len(nets),
        sigmas=len({sigma for net in nets for sigma in net.sigma[1:]}),
        outputs=len({net.sigma[-1] for net in nets}),
        batches=", one example alone and in batches" if any(case.batch for case in cases) else "",
    )


# An Activation and a Loss: held against their own values, not against the kit's.


def activation(sigma):
    """§1: an Activation whose derivative is the slope of its own value, at many a, for arrays of any shape."""
    # The running example's own a first; none where a piecewise σ is likely to have its corner.
    a = np.array([0.05, 0.2, 1.2, *np.arange(-29.5, 30, 3) / 10])
    try:
        _require_made(sigma, Activation, "Activation(name, latex, value, derivative)")
        _elementwise("σ(a)", sigma.value, a)
        derivatives = {"σ′(a)": sigma.derivative}
        if sigma.derivative_from_o:
            derivatives["σ′ written in o"] = lambda a: sigma.derivative_from_o(sigma.value(a))
        for name, derivative in derivatives.items():
            found = _elementwise(name, derivative, a)
            right = _central(lambda a: _numbers("σ(a)", sigma.value, {"a": a}, a.shape, "one number for each a"), a)
            for at in _differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                raise Finding(
                    "number",
                    f"At a = {number_text(a[at])} your {name} is {theirs}, but the slope of your σ there is {slope}.\n"
                    "The slope is [σ(a + h) − σ(a − h)] / 2h with h = 10⁻⁵: σ′ is the derivative of the same σ (§1).",
                )
    except Finding as finding:
        return Result(_VERDICT_OF[finding.kind], finding.sentence)
    return Result(RIGHT, f"σ′ is the slope of σ at {a.size} values of a from −3 to 3, in arrays of any shape.")


def loss(loss):
    """§1: a Loss whose gradient is the slope of its own value in each output, alone and in batches."""
    rng = np.random.default_rng(3)
    points = [(np.array([0.5723]), np.array([1.0]))]  # the running example's output
    points += [tuple(np.round(rng.uniform(0.1, 0.9, (2, *shape)), 2)) for shape in ((2,), (3,), (1,), (7, 2), (7, 3))]
    try:
        _require_made(loss, Loss, "Loss(name, latex, value, gradient)")
        for o, D in points:

            def value(o, D=D):
                return _numbers("L̃", loss.value, {"o": o, "D": D}, o.shape[:-1], "one number for each example")

            value(o)
            found = _numbers("∂L̃/∂o", loss.gradient, {"o": o, "D": D}, o.shape, "one number for each output")
            directions = np.eye(o.shape[-1])
            right = np.stack([_central(value, o, along) for along in directions], axis=-1)
            for at in _differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                batch = f" (example {at[0]} of a batch of {len(o)})" if o.ndim > 1 else ""
                raise Finding(
                    "number",
                    f"For `o = {o[at[:-1]].tolist()}` and `D = {D[at[:-1]].tolist()}`{batch} your ∂L̃/∂o by output "
                    f"{at[-1] + 1} is {theirs}, but the slope of your L̃ there is {slope}.\nThe slope is the central "
                    "difference with h = 10⁻⁵: ∂L̃/∂o is the derivative of the same L̃ by each output (§1).",
                )
    except Finding as finding:
        return Result(_VERDICT_OF[finding.kind], finding.sentence)
    return Result(RIGHT, "∂L̃/∂o is the slope of L̃ for 1, 2 and 3 outputs, one example alone and in batches.")


_SLACK = 1e-8  # how far rounding may put a central difference off


def _central(f, at, along=1.0):
    """The slope of f by central differences."""
    h = 1e-5
    with np.errstate(all="ignore"):
        return (f(at + h * along) - f(at - h * along)) / (2 * h)


def _require_made(given, kind, call):
    fields = vars(given).values() if isinstance(given, kind) else (given,)
    if given is None or any(value is ... for value in fields):
        raise Finding("unwritten", f"There is nothing to try yet: make it with `{call}` (§1).")
    if not isinstance(given, kind):
        raise Finding("unfit", f"{_short(given)} is no {kind.__name__}: make it with `{call}` (§1).")


def _elementwise(name, f, a):
    """f of each number of a, after a look at whether it is the same in arrays of any shape."""
    needed = "one number for each a"
    alone = np.array([_numbers(name, f, {"a": one}, (1,), needed)[0] for one in a.reshape(-1, 1)])
    for shape in (a.shape, (1, a.size), (a.size, 1)):
        together = _numbers(name, f, {"a": a.reshape(shape)}, shape, needed).ravel()
        for at in _differing(together, alone)[:1]:
            raise Finding(
                "number",
                f"In an array, {name} is {number_text(together[at])} at a = {number_text(a[at])}, and alone it is "
                f"{number_text(alone[at])}: σ takes each number on its own (§1).",
            )
    return alone


def _numbers(name, f, arguments, shape, needed):
    """What a part of an Activation or a Loss gives, as an array of this shape. A constant may be one number."""
    answer = _run(f, arguments)
    try:
        numbers = np.asarray(answer)
    except (ValueError, TypeError):
        numbers = np.array("no numbers")
    constant = numbers.shape == () and name.startswith("σ′")
    if numbers.dtype.kind not in "fiub" or (numbers.shape != shape and not constant):
        given = " and ".join(f"{argument} of shape {value.shape}" for argument, value in arguments.items())
        raise Finding("unfit", f"For {given}, {name} is {_what_it_is(answer)}, but {needed} is needed.")
    if not np.isfinite(numbers).all():
        at = " and ".join(f"`{argument} = {value.ravel()[:3].tolist()}`" for argument, value in arguments.items())
        raise Finding("unfit", f"{name} is {_what_it_is(numbers.ravel()[0].item())} for {at}.")
    return np.broadcast_to(numbers.astype(float), shape)
