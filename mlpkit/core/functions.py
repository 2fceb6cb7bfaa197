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


class _KeptByName:
    """A built-in function stays the same object when it is copied or pickled, so that `sigma is sigmoid` holds."""

    def __reduce__(self):
        name = self.name.replace(" ", "_").replace("-", "_")
        return name if globals().get(name) is self else super().__reduce__()


@dataclass(frozen=True, eq=False)
class Activation(_KeptByName):
    """An activation function σ (§1), applied to each number on its own.

    name: the word used in texts. latex: the formula of σ(a).
    value: σ, any shape to the same shape. derivative: σ', any shape to the same shape.
    derivative_from_o: σ' written in o = σ(a), only where that is exact; else None. Training uses it, since
    o is at hand and a need not be kept.
    """

    name: str
    latex: str
    value: Callable
    derivative: Callable
    derivative_from_o: Callable | None = None

    def __call__(self, a: ArrayLike) -> Any:
        """σ(a), the shape of a."""
        return self.value(a)

    def __repr__(self):
        return f"Activation({self.name})"


@dataclass(frozen=True, eq=False)
class Loss(_KeptByName):
    """A loss function L̃ (§1) of the outputs o_1, ..., o_{n-1} of the last layer (no bias neuron) and of D.

    name: the word used in texts. latex: the formula.
    value: (o, D), both (..., n^{L-1} - 1), to (...): one number per example.
    gradient: (o, D) to ∂L̃/∂o, the shape of o.
    """

    name: str
    latex: str
    value: Callable
    gradient: Callable

    def __repr__(self):
        return f"Loss({self.name})"


def _elementwise(formula):
    """Let a formula for arrays take a plain number too, and give a plain number back."""

    @wraps(formula)
    def of_numbers_or_arrays(a):
        if isinstance(a, (int, float)):
            return float(formula(np.float64(a)))
        array = np.asarray(a)
        return formula(array if array.dtype.kind == "f" else array.astype(float))

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
    return 1.0 - np.tanh(a) ** 2


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

# Each stands in its own words also where it is computed in place (_IN_PLACE in fast.py), with the math module
# (_VALUE and its slope in tracing/scalars.py), as a term (_o, and _slope if it is written out, in
# tracing/right_sides.py) and with complex numbers (FORMULAS in derivations/instances.py). A test names the place that
# a new one has not got yet.
BUILT_IN_ACTIVATIONS = (sigmoid, tanh, relu, softplus, identity)


def _half_squared_error(o, D):
    return 0.5 * np.square(np.subtract(o, D)).sum(axis=-1)


def _cross_entropy(o, D):
    o, D = np.asarray(o), np.asarray(D)
    with np.errstate(divide="ignore", invalid="ignore"):  # ln 0 = -inf is meant
        if_on = np.where(D == 0, 0.0, D * np.log(o))  # 0 ln 0 = 0
        if_off = np.where(D == 1, 0.0, (1 - D) * np.log1p(-o))
    return 0.0 - (if_on + if_off).sum(axis=-1)  # 0.0 - 0.0 is 0.0, not -0.0


def _cross_entropy_gradient(o, D):
    o, D = np.asarray(o), np.asarray(D)
    with np.errstate(divide="ignore", invalid="ignore"):  # infinite where o is exactly wrong
        return np.where(D == 1, 0.0, (1 - D) / (1 - o)) - np.where(D == 0, 0.0, D / o)


half_squared_error = Loss(
    "half squared error",
    r"\frac{1}{2} \sum_j (o_j - D_j)^2",
    _half_squared_error,
    lambda o, D: np.subtract(o, D),
)
cross_entropy = Loss(
    "cross-entropy",
    r"-\sum_j \left[ D_j \ln o_j + (1 - D_j) \ln(1 - o_j) \right]",
    _cross_entropy,
    _cross_entropy_gradient,
)
