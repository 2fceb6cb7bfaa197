"""Holding an answer against the right one, number by number, in the order of the trace."""

from dataclasses import dataclass

import numpy as np

from mlpkit.core.network import Network
from mlpkit.core.training import Run
from mlpkit.exercises.finding import Difference, Finding, NotRight
from mlpkit.exercises.words import a_or_an, short
from mlpkit.notation import number_text

RTOL = 3e-6  # of the largest number in the same array: room for float32, none for a mistake


@dataclass(frozen=True)
class _Piece:
    """One array of an answer. prefix: the symbol without its last indices. code: its name in code, '' if none.

    whole: whether it is an array that can only hold whole numbers.
    """

    prefix: tuple
    code: str
    theirs: np.ndarray
    right: np.ndarray
    batch: tuple
    whole: bool = False

    def symbol(self, index):
        return (*self.prefix, *index[len(self.batch) :])

    def numbers(self):
        """{symbol: number} of an answer for one example."""
        return {self.symbol(index): float(number) for index, number in np.ndenumerate(self.theirs)}

    def place(self, index):
        return f"{self.code}[{', '.join(map(str, index))}]" if index else ""


def compare(task, case, answer):
    """The Finding of the first number that differs, in the order of the trace, or None.

    Raises NotRight where the answer is of a shape that cannot be compared.
    """
    return _first_difference(pieces(task, case, answer))


def last_matrix_first(task, case, answer):
    """The same in the last matrix alone, where the cause is there. answer: of an Outcome."""
    return _first_difference(pieces(task, case, list(answer))[-1:])  # matrices of one shape have become one array


def _first_difference(arrays):
    found = [
        (order(piece.symbol(index)), index, piece) for piece in arrays for index in differing(piece.theirs, piece.right)
    ]
    if not found:
        return None
    _, index, piece = min(found, key=lambda one: one[:2])
    return Finding(
        "number",
        differs=Difference(
            piece.symbol(index),
            float(piece.theirs[index]),
            float(piece.right[index]),
            piece.place(index),
            index[: len(piece.batch)],
        ),
        mark="whole numbers" if piece.whole and np.array_equal(piece.theirs, np.trunc(piece.right)) else "",
    )


def differing(theirs, right, slack=0.0):
    """The indices at which two arrays differ, measured by the largest right number."""
    with np.errstate(all="ignore"):
        far = ~((theirs == right) | (np.abs(theirs - right) <= RTOL * np.abs(right).max(initial=0) + slack))
    return [tuple(map(int, index)) for index in np.argwhere(far)]


def order(symbol):
    """Where the trace writes a symbol: forward a_i then o_i, δ from the output back, then by l, i, j."""
    kind, *place = symbol
    if kind == "delta":
        return (-place[0], place[1])
    return (*place, kind)


def pieces(task, case, answer):
    """The arrays of an answer beside the right ones. Raises NotRight where they do not fit."""
    right = task.right(case)
    if task.single:
        if task.name == "weights" and isinstance(answer, (list, tuple)) and (apart := _w_and_b_apart(answer, [right])):
            raise NotRight(Finding("unfit", apart, hint=_TOGETHER))
        prefix = task.single(case)
        return [_piece(prefix, "", answer, np.asarray(right), "What you return", case)]
    if len(task.kinds) == 1:
        answer, right = (weights_of(answer, case.net),), (weights_of(right, case.net),)
    elif not isinstance(answer, (list, tuple)) or len(answer) != len(task.kinds):
        raise NotRight(Finding("unfit", f"You return {what_it_is(answer)}. Needed: {task.needed}.", hint=_TYPE))
    return [
        piece
        for kind, theirs, ours in zip(task.kinds, answer, right, strict=True)
        for piece in _layers(task, kind, theirs, ours, case)
    ]


def weights_of(answer, given):
    """The weights of a Network that is like the given one; any other answer as it is."""
    if isinstance(answer, Run):
        raise NotRight(
            Finding("unfit", "You return a whole training run. The Network is asked for.", mark="run returned")
        )
    if not isinstance(answer, Network):
        return answer
    if answer.L == given.L and (answer.sigma, answer.loss) != (given.sigma, given.loss):
        theirs, right = (
            f"σ: {', '.join(sigma.name for sigma in net.sigma[1:])} and L̃: {net.loss.name}" for net in (answer, given)
        )
        raise NotRight(
            Finding(
                "unfit",
                f"The Network that you return has {theirs}; the one that it is made from has {right}.",
                mark="sigma lost",
            )
        )
    return list(answer.w)


_ALL_OF_LAYER_0 = " `o[0]` is all of layer 0. Neuron 0 of the new layer is `o_next[0]`."

_TYPE = "What stands behind return in your function? Print its type just before, and that of each of its entries."

# What the notes do not define, and why.
_UNDEFINED = {"a": "layer 0 has no activation", "delta": "layer 0 has no activation, and so no δ"}


_TOGETHER = "np.vstack puts b above W; column 0 comes before both."


def _w_and_b_apart(theirs, right):
    """What is to be said of W and b that are given apart where w is asked for; "" of anything else."""
    shapes = [np.shape(entry) if isinstance(entry, np.ndarray) else None for entry in _flat(theirs)]
    own = [(rows - 1, columns - 1) for rows, columns in map(np.shape, right)]
    biases = [(columns,) for _, columns in own]
    if sorted(map(str, shapes)) != sorted(map(str, own + biases)):
        return ""
    return (
        "You give W and b apart. The notes' w holds both: b in row 0, W below it, and in front of them column 0, "
        "which is (1, 0, ..., 0) (§1)."
    )


def _flat(entries):
    """The arrays of lists in lists, up to pairs of lists of pairs."""
    if not isinstance(entries, (list, tuple)) or len(entries) > 50:
        return [entries]
    return [array for entry in entries for array in (_flat(entry) if isinstance(entry, (list, tuple)) else [entry])]


def _layers(task, kind, theirs, right, case):
    if kind in ("w_new", "grad") and (apart := _w_and_b_apart(theirs, right)):
        raise NotRight(Finding("unfit", apart, hint=_TOGETHER))
    code = "w" if kind == "w_new" else kind
    if not isinstance(theirs, (list, tuple)):
        what = task.needed if len(task.kinds) == 1 else f"a list {kind} with one entry for each layer"
        raise NotRight(Finding("unfit", f"For `{code}` you give {what_it_is(theirs)}. Needed: {what}.", hint=_TYPE))
    if len(theirs) != len(right):
        count = f"L = {case.net.L}" if len(right) == case.net.L else f"L - 1 = {case.net.L - 1}"
        why = f", with {code}[0] = None, since {_UNDEFINED[kind]}" if kind in _UNDEFINED else ""
        entries = "1 entry" if len(theirs) == 1 else f"{len(theirs)} entries"
        raise NotRight(
            Finding(
                "unfit",
                f"`{code}` has {entries}, but {count} are needed{why}.",
                hint=f"Print the length of {code} before the loop, and again after each of its turns.",
            )
        )
    pieces = []
    for l, (given, ours) in enumerate(zip(theirs, right, strict=True)):
        name = f"{code}[{l}]"
        if ours is not None:
            pieces.append(_piece((kind, l), name, given, ours, f"`{name}`", case))
        elif given is not None:
            raise NotRight(
                Finding(
                    "unfit",
                    f"`{name}` is {what_it_is(given)}, but None is needed: {_UNDEFINED[kind]}."
                    + (
                        " Neuron 0 of layer l is `delta[l][0]`."
                        if kind == "delta" and isinstance(given, (int, float))
                        else ""
                    ),
                    hint=f"What do you put into {code} before the loop?",
                )
            )
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
        raise NotRight(Finding("unfit", f"{name} has rows of different lengths, but an array is needed.")) from None
    except Exception:  # an object that cannot be made an array
        theirs = np.array("?")
    if theirs.dtype.kind not in "fiub":
        needed = "numbers are" if letters else "one number is"
        raise NotRight(Finding("unfit", f"{name} {_no_numbers(given)}, but {needed} needed.", hint=_TYPE))
    if theirs.shape != right.shape:
        one_less = letters and theirs.shape == right[..., 1:].shape and not differing(theirs, right[..., 1:])
        around = theirs.ndim == 2 and theirs.shape == right.shape[::-1]
        if not letters:
            raise NotRight(Finding("unfit", f"{name} has the shape {theirs.shape}, but one number is needed."))
        m = case.batch[0] if case.batch else 1
        if m > 1 and not batch and theirs.ndim == 2 and len(theirs) == len(right) + m - 1:
            raise NotRight(
                Finding(
                    "unfit",
                    f"{name} has {len(theirs)} rows in a batch of {m}, but n^{place[0]} = {len(right)} are needed: one "
                    "too many for each example but the first.",
                    mark="biases of each example",
                )
            )
        words = ", ".join([*map(str, batch), letters]) + ("," if not batch and kind in ("a", "o", "delta") else "")
        rows = f" for a batch of {batch[0]}" if batch else ""
        raise NotRight(
            Finding(
                "unfit",
                f"{name} has the shape {theirs.shape}, but ({words}) = {right.shape} is needed{rows}: "
                f"here n = {n}, and n counts the bias neuron."
                + (" There is one too few: where is neuron 0?" if one_less else "")
                + (" The two axes are exchanged." if around else "")
                + (_ALL_OF_LAYER_0 if prefix == ("o", 0) and theirs.shape == () else ""),
            )
        )
    whole = isinstance(given, np.ndarray) and given.dtype.kind in "iu"
    return _Piece(prefix, code, theirs.astype(float), np.asarray(right, float), batch, whole)


def _no_numbers(given):
    """What cannot be made numbers; of a list, its first entry that cannot."""
    if not isinstance(given, (list, tuple)):
        return f"is {what_it_is(given)}"
    others = [entry for entry in given if not _is_number(entry)]
    return f"holds {what_it_is(others[0])}" if others else f"is {what_it_is(given)}"


def _is_number(entry):
    try:
        return np.asarray(entry).dtype.kind in "fiub"
    except Exception:  # an object that cannot be made an array
        return False


def what_it_is(value):
    if value is None:
        return "None"
    if isinstance(value, (list, tuple, dict)):
        return f"{a_or_an(type(value).__name__)} of {len(value)}"
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"an array of dtype {value.dtype}"
    if isinstance(value, int) and abs(value) > 2**63:
        digits = len(str(abs(value))) if abs(value) < 10**1000 else "more than 1000"
        return f"a whole number of {digits} digits, too long for an array"
    if isinstance(value, (float, int, np.number)) and not isinstance(value, (bool, complex, np.complexfloating)):
        return f"the number {number_text(float(value))}" if np.isfinite(value) else number_text(float(value))
    return short(value)
