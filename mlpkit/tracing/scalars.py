"""σ, σ′ and L̃ for one number, written a second time with the math module: the array code is not used."""

import math

import numpy as np

from mlpkit.core.functions import cross_entropy, half_squared_error, identity, relu, sigmoid, softplus, tanh


def sigmoid_of_number(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


_VALUE = {
    sigmoid: sigmoid_of_number,
    tanh: math.tanh,
    relu: lambda a: max(0.0, a),
    softplus: lambda a: max(0.0, a) + math.log1p(math.exp(-abs(a))),
    identity: lambda a: a,
}
SLOPE_IN_O = {sigmoid: lambda o: o * (1 - o), tanh: lambda o: 1 - o * o}
_SLOPE_IN_A = {
    sigmoid: lambda a: sigmoid_of_number(a) * sigmoid_of_number(-a),
    tanh: lambda a: 4 * sigmoid_of_number(2 * a) * sigmoid_of_number(-2 * a),
    relu: lambda a: float(a > 0),
    softplus: sigmoid_of_number,
    identity: lambda a: 1.0,
}


def scalar_value(sigma):
    return _VALUE.get(sigma) or (lambda a: _of_one_number(sigma.value, a))


def scalar_slope(sigma):
    """σ' of a neuron as a function of (a, o).

    Where σ' is known in o, and o is not σ(a) but what somebody else computed, it is computed from that o. Where o is
    σ(a), it is computed from a, which has all its digits: o (1 - o) has none left where o rounds to 1.
    """
    in_a = scalar_slope_in_a(sigma)
    if sigma not in SLOPE_IN_O:
        return lambda a, o: in_a(a)
    return lambda a, o: in_a(a) if o == _VALUE[sigma](a) else SLOPE_IN_O[sigma](o)


def scalar_slope_in_a(sigma):
    """σ' of a neuron as a function of a alone."""
    return _SLOPE_IN_A.get(sigma) or (lambda a: _of_one_number(sigma.derivative, a))


def _of_one_number(function, a):
    return float(np.broadcast_to(function(np.array([a])), (1,))[0])


def scalar_loss(loss):
    """L̃ as a function of two lists, o and D."""
    if loss is half_squared_error:
        return lambda o, D: sum((x - d) * (x - d) for x, d in zip(o, D, strict=True)) / 2
    if loss is cross_entropy:
        return lambda o, D: sum(-d * _ln(x, d) - (1 - d) * _ln(1 - x, 1 - d) for x, d in zip(o, D, strict=True))
    return lambda o, D: float(loss.value(np.array(o), np.array(D)))


def scalar_loss_behind(sigma, loss):
    """L̃ as a function of three lists, a, o and D, where σ is that of the output layer.

    Cross-entropy behind a sigmoid is computed from a, where o is σ(a): o has lost its digits where it rounds to 1.
    """
    of_outputs = scalar_loss(loss)
    if loss is not cross_entropy or sigma is not sigmoid:
        return lambda a, o, D: of_outputs(o, D)

    def value(a, o, D):
        if any(x != sigmoid_of_number(y) for x, y in zip(o, a, strict=True)):
            return of_outputs(o, D)
        rise = _VALUE[softplus]  # -ln σ(a) = ln(1 + e^{-a}) and -ln(1 - σ(a)) = ln(1 + e^a)
        return sum(d * rise(-y) + (1 - d) * rise(y) for y, d in zip(a, D, strict=True))

    return value


def _ln(x, factor):
    """ln x for a term that it is a factor of: 0 ln 0 = 0, and otherwise ln 0 = -∞."""
    if x > 0:
        return math.log(x)
    return 0.0 if factor == 0 else -math.inf
