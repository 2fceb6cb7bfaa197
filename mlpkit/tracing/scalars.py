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
_SLOPE_IN_A = {relu: lambda a: float(a > 0), softplus: sigmoid_of_number, identity: lambda a: 1.0}


def scalar_value(sigma):
    return _VALUE.get(sigma) or (lambda a: _of_one_number(sigma.value, a))


def scalar_slope(sigma):
    """σ' of a neuron as a function of (a, o)."""
    if sigma in SLOPE_IN_O:
        return lambda a, o: SLOPE_IN_O[sigma](o)
    in_a = _SLOPE_IN_A.get(sigma) or (lambda a: _of_one_number(sigma.derivative, a))
    return lambda a, o: in_a(a)


def scalar_slope_in_a(sigma):
    """σ' of a neuron as a function of a alone."""
    if sigma in SLOPE_IN_O:
        return lambda a: SLOPE_IN_O[sigma](_VALUE[sigma](a))
    return lambda a: scalar_slope(sigma)(a, None)


def _of_one_number(function, a):
    return float(np.broadcast_to(function(np.array([a])), (1,))[0])


def scalar_loss(loss):
    if loss is half_squared_error:
        return lambda o, D: sum((x - d) * (x - d) for x, d in zip(o, D, strict=True)) / 2
    if loss is cross_entropy:
        return lambda o, D: sum(-d * _ln(x, d) - (1 - d) * _ln(1 - x, 1 - d) for x, d in zip(o, D, strict=True))
    return lambda o, D: float(loss.value(np.array(o), np.array(D)))


def _ln(x, factor):
    """ln x for a term that it is a factor of: 0 ln 0 = 0, and otherwise ln 0 = -∞."""
    if x > 0:
        return math.log(x)
    return 0.0 if factor == 0 else -math.inf
