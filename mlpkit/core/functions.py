"""Activation functions σ with their derivatives, and loss functions L̃ with their gradients.

The notes "put no assumptions" on σ and L̃ (§1); one is needed: both are differentiable where they are used
(here ReLU'(0) = 0). Each is a small record of two functions, so a new one takes four lines:

>>> square = Activation("square", r"a^2", lambda a: a**2, lambda a: 2 * a)
>>> square(3.0), square.derivative(3.0)
(9.0, 6.0)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlpkit.core.given import numbers, short


class _KeptByName:
    """A built-in function stays the same object when it is copied or pickled, so that `sigma is sigmoid` holds."""

    @property
    def variable(self):
        """The name in words made into a name of Python: that of a built-in one."""
        return self.name.replace(" ", "_").replace("-", "_")

    def __reduce__(self):
        return self.variable if globals().get(self.variable) is self else super().__reduce__()


@dataclass(frozen=True, eq=False)
class Activation(_KeptByName):
    """An activation function σ (§1), applied to each number on its own.

    name: the word used in texts. latex: the formula of σ(a).
    value: σ, any shape to the same shape. derivative: σ', any shape to the same shape.
    derivative_from_o: σ' written in o = σ(a), or None. Training uses it, since o is at hand and a need not be kept.
    What it is off by must be nothing beside the greatest slope; the derivative itself is exact at any a.
    elementwise: False for a function of the whole output layer, such as softmax: value then takes (..., n) to
    (..., n), and derivative to (..., n, n), its entry k, j being ∂o_k/∂a_j. No hidden layer can have one.

    The built-in ones are right at every a, in float64 and float32: σ to less than 3 ulp, σ' to less than 5, where an
    ulp is the distance to the next number that the computer has. Their derivative_from_o is off by less than 3e-16,
    which for sigmoid and tanh is all of σ' where o has rounded to 1 or -1. tests/test_oracles.py holds them to it.
    Raises TypeError where a function or a text is needed and something else is given.
    """

    name: str
    latex: str
    value: Callable
    derivative: Callable
    derivative_from_o: Callable | None = None
    elementwise: bool = True

    def __post_init__(self):
        _check_record(self, "value and derivative", self.value, self.derivative)
        if self.derivative_from_o is not None and not callable(self.derivative_from_o):
            raise TypeError(
                f"derivative_from_o is {short(self.derivative_from_o)}, but a function of o is needed, or None"
            )

        if not isinstance(self.elementwise, bool):
            raise TypeError(
                f"elementwise is {short(self.elementwise)}, but True is needed for a σ of each number on its own, or "
                "False for one of the whole output layer"
            )

    def __call__(self, a: ArrayLike) -> Any:
        """σ(a), the shape of a."""
        check_written(self)
        return self.value(a)

    def __repr__(self):
        return f"Activation({self.name})"


@dataclass(frozen=True, eq=False)
class Loss(_KeptByName):
    """A loss function L̃ (§1) of the outputs o_1, ..., o_{n-1} of the last layer (no bias neuron) and of D.

    name: the word used in texts. latex: the formula.
    value: (o, D), both (..., n^{L-1} - 1), to (...): one number per example.
    gradient: (o, D) to ∂L̃/∂o, the shape of o.

    The built-in ones are right at every o, with one output to less than 4 ulp (tests/test_oracles.py). cross_entropy is
    infinite where o is exactly wrong, 0 for D = 1 or 1 for D = 0; o may have been rounded to that, so `train` and
    `trace` compute it from a behind a sigmoid. Raises TypeError where a function or a text is needed and something else
    is given, and the built-in ones ValueError where o and D do not fit.
    """

    name: str
    latex: str
    value: Callable
    gradient: Callable

    def __post_init__(self):
        _check_record(self, "value and gradient", self.value, self.gradient)

    def __repr__(self):
        return f"Loss({self.name})"


def _check_record(record, which, *functions):
    """TypeError where the texts are no texts, or the functions no functions."""
    kind = type(record).__name__
    if not (isinstance(record.name, str) and isinstance(record.latex, str)):
        raise TypeError(
            f"{kind} has name {short(record.name)} and latex {short(record.latex)}, but two texts are needed: "
            f'begin with a word and a formula, {kind}("square", "a^2", ...)'
        )
    if not all(callable(function) or function is None or function is ... for function in functions):
        raise TypeError(
            f"{kind} {record.name} has {which} {' and '.join(map(short, functions))}, but two functions are needed: "
            "give them after name and latex, or ... for one that is still to be written"
        )


def check_written(record):
    """TypeError where a function of an Activation or a Loss is still to be written: ... or None."""
    for name, function in vars(record).items():
        if function is ... or (function is None and name != "derivative_from_o"):
            raise TypeError(f"{record} has no {name} yet: write a function in its place")


def _elementwise(formula):
    """Let a formula for arrays take a plain number too, and give a plain number back."""

    @wraps(formula)
    def of_numbers_or_arrays(a):
        if type(a) is np.ndarray and a.dtype.char in "fd":  # float32 or float64
            return formula(a)
        if isinstance(a, float):
            return float(formula(np.float64(a)))
        array = formula(numbers("a", a, finite=False))
        return float(array) if isinstance(a, int) else array

    return of_numbers_or_arrays


@_elementwise
def _sigmoid(a):
    # e^{-|a|} never overflows; which of the two forms of 1 / (1 + e^{-a}) is used depends on the sign of a.
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, e) / (1.0 + e)


@_elementwise
def _sigmoid_derivative(a):
    # σ(a) (1 - σ(a)) with 1 - σ(a) = σ(-a), which does not round to 0 for large a.
    e = np.exp(-np.abs(a))
    return e / (1.0 + e) ** 2


@_elementwise
def _tanh_derivative(a):
    # 1 / cosh²(a) by e^{-|a|}, which never overflows. 1 - tanh²(a) is the same, but has no digit left beyond |a| = 19.
    e = np.exp(-np.abs(a))
    return np.square(2.0 * e / (1.0 + e * e))


@_elementwise
def _softplus(a):
    return np.maximum(a, 0.0) + np.log1p(np.exp(-np.abs(a)))


sigmoid = Activation(
    "sigmoid",
    r"\frac{1}{1 + e^{-a}}",
    _sigmoid,
    _sigmoid_derivative,
    lambda o: o * (1.0 - o),
)
tanh = Activation("tanh", r"\tanh a", _elementwise(np.tanh), _tanh_derivative, lambda o: 1.0 - o * o)
relu = Activation(
    "relu",
    r"\max(0, a)",
    _elementwise(lambda a: np.maximum(a, 0.0)),
    _elementwise(lambda a: (a > 0.0).astype(a.dtype)),  # ReLU'(0) = 0
    lambda o: (o > 0.0).astype(o.dtype),
)
softplus = Activation("softplus", r"\ln(1 + e^{a})", _softplus, _sigmoid, lambda o: -np.expm1(-o))
identity = Activation("identity", "a", _elementwise(np.array), _elementwise(np.ones_like), np.ones_like)


def _of_layer(formula):
    """Let a formula for the activations of one layer, (..., n), take lists too."""

    @wraps(formula)
    def of_lists_or_arrays(a):
        if not (type(a) is np.ndarray and a.dtype.char in "fd"):
            a = numbers("a", a, finite=False)
        if a.ndim == 0 or a.shape[-1] == 0:
            raise ValueError(
                f"a is {'empty' if a.ndim else 'one number'}, but softmax needs all activations of the layer: give a "
                "list, without neuron 0"
            )
        with np.errstate(invalid="ignore"):  # of an infinite a it is nan: a quotient of two infinite numbers
            return formula(a)

    return of_lists_or_arrays


@_of_layer
def _softmax(a):
    # The largest a is taken away from all, which changes no quotient: so e^a never overflows.
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@_of_layer
def _softmax_derivative(a):
    # ∂o_k/∂a_j = o_k ([k = j] - o_j)
    o = _softmax(a)
    return o[..., :, None] * (np.eye(o.shape[-1], dtype=o.dtype) - o[..., None, :])


softmax = Activation("softmax", r"\frac{e^{a_j}}{\sum_k e^{a_k}}", _softmax, _softmax_derivative, elementwise=False)

# A further one stands here, with its name in mlpkit/__init__.py, and once more for one number in tracing/sigmas.py,
# which shares no code with this; a test names what is missing. In fast.py too, training computes it in place.
BUILT_IN_ACTIVATIONS = (sigmoid, tanh, relu, softplus, identity)


def _of_outputs(formula):
    """Let a formula for arrays o and D take lists too; where it overflows, inf is meant."""

    @wraps(formula)
    def of_lists_or_arrays(o, D):
        if not (type(o) is type(D) is np.ndarray and o.dtype.char in "fd" and D.dtype.char in "fd"):
            o, D = numbers("o", o, finite=False), numbers("D", D, finite=False)
        if o.shape != D.shape or o.ndim == 0:
            raise ValueError(
                f"o has the shape {o.shape} and D {D.shape}, but L̃ needs one D_j for each o_j: "
                "give two arrays of the same shape, without neuron 0"
            )
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            return formula(o, D)

    return of_lists_or_arrays


@_of_outputs
def _half_squared_error(o, D):
    return 0.5 * np.square(o - D).sum(axis=-1)


@_of_outputs
def _cross_entropy(o, D):
    _check_from_0_to_1(o, D)
    if_on = np.where(D == 0, 0.0, D * np.log(o))  # 0 ln 0 = 0
    if_off = np.where(D == 1, 0.0, (1 - D) * np.log1p(-o))
    return 0.0 - (if_on + if_off).sum(axis=-1)  # 0.0 - 0.0 is 0.0, not -0.0


@_of_outputs
def _cross_entropy_gradient(o, D):
    _check_from_0_to_1(o, D)
    # (1 - D) / (1 - o) - D / o, over one denominator: so the two do not cancel where o is near D.
    return np.where(D == 1, -1 / o, np.where(D == 0, 1 / (1 - o), (o - D) / (o * (1 - o))))


@_of_outputs
def _categorical_cross_entropy(o, D):
    _check_from_0_to_1(o, D)
    return 0.0 - np.where(D == 0, 0.0, D * np.log(o)).sum(axis=-1)  # 0 ln 0 = 0


@_of_outputs
def _categorical_cross_entropy_gradient(o, D):
    _check_from_0_to_1(o, D)
    return np.where(D == 0, 0.0, -D / o)


def _check_from_0_to_1(o, D):
    for name, array in (("o", o), ("D", D)):
        wrong = (array < 0) | (array > 1)
        if wrong.any():
            raise ValueError(
                f"{name} holds {array[wrong].flat[0]:g}, but cross_entropy needs numbers from 0 to 1: "
                "take outputs of sigmoid or softmax, and desired outputs from 0 to 1"
            )


def cross_entropy_from_a(a, D):
    """The cross-entropy of o = sigmoid(a) and D, one number per example, from a itself. a, D: (..., n^{L-1} - 1).

    -ln σ(a) = ln(1 + e^{-a}) and -ln(1 - σ(a)) = ln(1 + e^a). So no digit is lost where o has rounded to 0 or 1 and
    cross_entropy.value(o, D), which does not know a, must be infinite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs(a)
        wrong = np.where(a < 0, D, 1 - D)  # the share of D on the other side
        return (np.where(wrong == 0, 0.0, wrong * size) + np.log1p(np.exp(-size))).sum(axis=-1)


def categorical_cross_entropy_from_a(a, D):
    """The categorical cross-entropy of o = softmax(a) and D, one number per example, from a itself.

    -ln o_j = ln Σ_k e^{a_k} - a_j. So no digit is lost where o_j has rounded to 0. a, D: (..., n^{L-1} - 1).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        below = a - a.max(axis=-1, keepdims=True)  # from 0 down
        minus_ln_o = np.log(np.exp(below).sum(axis=-1, keepdims=True)) - below
        return np.where(D == 0, 0.0, D * minus_ln_o).sum(axis=-1)


half_squared_error = Loss(
    "half squared error",
    r"\frac{1}{2} \sum_j (o_j - D_j)^2",
    _half_squared_error,
    _of_outputs(lambda o, D: o - D),
)
cross_entropy = Loss(
    "cross-entropy",
    r"-\sum_j \left[ D_j \ln o_j + (1 - D_j) \ln(1 - o_j) \right]",
    _cross_entropy,
    _cross_entropy_gradient,
)
categorical_cross_entropy = Loss(
    "categorical cross-entropy",
    r"-\sum_j D_j \ln o_j",
    _categorical_cross_entropy,
    _categorical_cross_entropy_gradient,
)

# Losses whose slope cancels against that of the σ before them: (L̃ from a and D, δ^{L-1} from o and D). Both hold at
# any a, also where o has rounded to 0 or 1.
_CANCELLING = {
    # o (1 - o) times (o - D) / (o (1 - o)) is o - D
    (sigmoid, cross_entropy): (cross_entropy_from_a, lambda o, D: o - D),
    # Σ_k o_k ([k = j] - o_j) (-D_k / o_k) is o_j Σ_k D_k - D_j: for one class, where D adds up to 1, o_j - D_j
    (softmax, categorical_cross_entropy): (
        categorical_cross_entropy_from_a,
        lambda o, D: o * D.sum(axis=-1, keepdims=True) - D,
    ),
}


def cancelling(sigma, loss):
    """(L̃ as a function of a and D, δ^{L-1} as one of o and D), without neuron 0, or None for any other pair."""
    return _CANCELLING.get((sigma, loss))
