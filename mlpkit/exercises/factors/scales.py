"""What is done to a whole product: a sign, a number too many, a sum or a mean over the wrong axis."""
# ruff: noqa: E501 (a line for each form)

import numpy as np

from mlpkit.exercises.factors.lines import Scale
from mlpkit.notation import number_text

_HALVES = "The ½ of the loss has cancelled the 2 of the square's slope: neither belongs there."
_ONE_MEAN = "The mean over the examples is taken once, in the gradient."
_SUM_OVER = "A sum over neurons has no divisor."
RESHAPED = (
    "reshape keeps the numbers in their old order, row by row, so that a weight lands in the place of another. The "
    "transpose exchanges rows and columns."
)
SUM_ANEW = "Where is the sum set to 0: before the loop over the neurons, or inside it?"
SIGN = "δ and the gradient have no minus sign: it belongs to the step, which goes downhill."


def _times(words, number, why="No such factor belongs there.", cost=1.0):
    return Scale(words, lambda product, x, l: product * number(x, l), why, cost=cost)


def a_number(factor):
    """A number of the learner's own, before a product."""
    return _times(f"{number_text(factor)} · {{}}", lambda x, l: factor)


AS_IT_IS = Scale("{}", cost=0.0)
NUMBERS = (
    AS_IT_IS,
    _times("−{}", lambda x, l: -1, SIGN),
    _times("2 · {}", lambda x, l: 2, _HALVES),
    _times("½ · {}", lambda x, l: 0.5, _HALVES),
    _times("−2 · {}", lambda x, l: -2, f"{SIGN} {_HALVES}", 1.2),
    _times("−½ · {}", lambda x, l: -0.5, f"{SIGN} {_HALVES}", 1.2),
    _times("4 · {}", lambda x, l: 4, cost=1.2),
    _times("¼ · {}", lambda x, l: 0.25, cost=1.2),
    _times("3 · {}", lambda x, l: 3, cost=1.2),
    _times("10 · {}", lambda x, l: 10, cost=1.2),
    _times("0", lambda x, l: 0, "Nothing of the line has come into it."),
    _times("{} / m with m examples", lambda x, l: 1 / x.m, _ONE_MEAN),
    _times("{} / m² with m examples", lambda x, l: 1 / x.m**2, _ONE_MEAN, 1.1),
    _times("m · {} with m examples", lambda x, l: x.m, _ONE_MEAN),
    _times("−{} / m with m examples", lambda x, l: -1 / x.m, f"{SIGN} {_ONE_MEAN}", 1.2),
    _times("−m · {} with m examples", lambda x, l: -x.m, f"{SIGN} {_ONE_MEAN}", 1.2),
    _times("2 · {} / m with m examples", lambda x, l: 2 / x.m, f"{_HALVES} {_ONE_MEAN}", 1.2),
    _times("½ · {} / m with m examples", lambda x, l: 0.5 / x.m, f"{_HALVES} {_ONE_MEAN}", 1.2),
    _times("{} / n with n outputs", lambda x, l: 1 / x.D.shape[1], _SUM_OVER, 1.05),
    _times("2 · {} / n with n outputs", lambda x, l: 2 / x.D.shape[1], f"L̃ is ½ times a sum over the outputs. {_HALVES} {_SUM_OVER}", 1.15),
    _times("n · {} with n outputs", lambda x, l: x.D.shape[1], _SUM_OVER, 1.1),
    _times("{} / (m n) with m examples and n outputs", lambda x, l: 1 / x.D.size, f"{_ONE_MEAN} {_SUM_OVER}", 1.2),
    _times("2 · {} / (m n) with m examples and n outputs", lambda x, l: 2 / x.D.size, f"{_HALVES} {_ONE_MEAN} {_SUM_OVER}", 1.3),
    _times("α · {}", lambda x, l: x.alpha, "α belongs there once, where the weights move."),
    _times("−α · {}", lambda x, l: -x.alpha, "α belongs there once, where the weights move.", 1.2),
    _times("{} / α", lambda x, l: 1 / x.alpha, "α belongs there, where the weights move."),
    _times("{} / L with L layers", lambda x, l: 1 / x.L, "The mean is over the examples, not over the layers.", 1.15),
    _times("{} / (L − 1) with L − 1 matrices", lambda x, l: 1 / (x.L - 1), "The mean is over the examples, not over the layers.", 1.2),
    _times("−{} / α", lambda x, l: -1 / x.alpha, f"{SIGN} α belongs there, where the weights move.", 1.2),
)  # fmt: skip


def of_layer(x, l):
    return x.net.n[l] - 1


_OWN = "Each neuron has its own δ."
SUM_OVER_LAYER = Scale(
    "the sum over the layer's neurons of {}", lambda p, x, l: np.broadcast_to(p.sum(-1, keepdims=True), p.shape), _OWN
)
MEAN_OVER_LAYER = Scale(
    "the mean over the layer's neurons of {}", lambda p, x, l: np.broadcast_to(p.mean(-1, keepdims=True), p.shape), _OWN
)
SQUARE = Scale("the square of {}", lambda p, x, l: p**2, cost=1.1)
SIGN_OF = Scale("the sign of {}", lambda p, x, l: np.sign(p), "The size counts too, not the sign alone.", cost=1.1)
SIZE = Scale("the size of {}, without its sign,", lambda p, x, l: abs(p), cost=1.1)
ADDED_UP = Scale(
    "{} with those of the neurons before it added up",
    lambda p, x, l: np.cumsum(p, axis=-1),
    "Each neuron has its own δ: a sum begins anew, at 0.",
    cost=1.15,
    hint=SUM_ANEW,
)
OVER_NEURONS = (
    SUM_OVER_LAYER,
    MEAN_OVER_LAYER,
    Scale("for every neuron that of neuron 1, {},", lambda p, x, l: np.broadcast_to(p[..., :1], p.shape), _OWN),
    Scale("for every neuron that of the last one, {},", lambda p, x, l: np.broadcast_to(p[..., -1:], p.shape), _OWN),
    Scale("for every neuron the largest of {}", lambda p, x, l: np.broadcast_to(p.max(-1, keepdims=True), p.shape), _OWN),
    Scale("{}, in the opposite order of the neurons,", lambda p, x, l: p[..., ::-1], _OWN),
    Scale("{} / n with n neurons in this layer", lambda p, x, l: p / of_layer(x, l), _SUM_OVER, cost=1.1),
    Scale("{} / n with n neurons in this layer, neuron 0 counted,", lambda p, x, l: p / x.net.n[l], _SUM_OVER, cost=1.1),
    SQUARE,
    SIGN_OF,
    Scale("{} divided by the length of the vector", lambda p, x, l: p / np.linalg.norm(p, axis=-1, keepdims=True), "Nothing is divided by the length of δ.", cost=1.1),
    Scale("max(0, {})", lambda p, x, l: np.maximum(p, 0), "A δ may be negative.", cost=1.1),
    Scale("{} where it is not the first neuron, else 0,", lambda p, x, l: np.where(np.arange(p.shape[-1]) == 0, 0, p), "Neuron 1 is one of the layer; only neuron 0 has δ = 0.", cost=1.1),
    ADDED_UP,
    SIZE,
)  # fmt: skip
OVER_EXAMPLES = (
    Scale("the mean over the examples of {}", lambda p, x, l: np.broadcast_to(p.mean(-2, keepdims=True), p.shape), _ONE_MEAN),
    Scale("the sum over the examples of {}", lambda p, x, l: np.broadcast_to(p.sum(-2, keepdims=True), p.shape), _ONE_MEAN),
    Scale("for every example that of the first, {},", lambda p, x, l: np.broadcast_to(p[..., :1, :], p.shape), "Each example has its own δ."),
)  # fmt: skip
