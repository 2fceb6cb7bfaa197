"""σ, σ′ and L̃ for one number: of the built-in σ as sigmas.py has them, and the array code is not used."""

import math

import numpy as np

from mlpkit.core.functions import (
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    sigmoid,
    softmax,
    softplus,
)
from mlpkit.tracing.sigmas import SIGMAS


def scalar_value_in_layer(sigma):
    """σ of a whole layer: o_i as a function of i, counted from 0, and the list of all a of the layer but a_0."""
    if sigma is not softmax:
        return lambda i, a: float(sigma.value(np.array(a))[i])
    return lambda i, a: 1 / sum(exp_or_inf(other - a[i]) for other in a)


def exp_or_inf(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def scalar_slope_in_layer(sigma):
    """∂o_k/∂a_j as a function of k and j, counted from 0, and of the lists of all a and all o of the layer."""
    if sigma is not softmax:
        return lambda k, j, a, o: float(sigma.derivative(np.array(a))[k, j])
    return lambda k, j, a, o: o[k] * ((k == j) - o[j])


def scalar_value(sigma):
    return SIGMAS[sigma].value if sigma in SIGMAS else lambda a: _of_one_number(sigma.value, a)


def slope_in_o(sigma):
    """σ' as a function of o, or None where it is taken from a."""
    return SIGMAS[sigma].slope_in_o if sigma in SIGMAS else None


def scalar_slope(sigma):
    """σ' of a neuron as a function of (a, o).

    Where σ' is known in o, and o is not σ(a) but what somebody else computed, it is computed from that o. Where o is
    σ(a), it is computed from a, which has all its digits: o (1 - o) has none left where o rounds to 1.
    """
    value, in_a, in_o = scalar_value(sigma), scalar_slope_in_a(sigma), slope_in_o(sigma)
    if in_o is None:
        return lambda a, o: in_a(a)
    return lambda a, o: in_a(a) if o == value(a) else in_o(o)


def scalar_slope_in_a(sigma):
    """σ' of a neuron as a function of a alone."""
    return SIGMAS[sigma].slope if sigma in SIGMAS else lambda a: _of_one_number(sigma.derivative, a)


def _of_one_number(function, a):
    return float(np.broadcast_to(function(np.array([a])), (1,))[0])


def scalar_loss(loss):
    """L̃ as a function of two lists, o and D."""
    if loss is half_squared_error:
        return lambda o, D: sum((x - d) * (x - d) for x, d in zip(o, D, strict=True)) / 2
    if loss is cross_entropy:
        return lambda o, D: sum(-d * _ln(x, d) - (1 - d) * _ln(1 - x, 1 - d) for x, d in zip(o, D, strict=True))
    if loss is categorical_cross_entropy:
        return lambda o, D: sum(-d * _ln(x, d) for x, d in zip(o, D, strict=True))
    return lambda o, D: float(loss.value(np.array(o), np.array(D)))


def scalar_rises(loss, o, D):
    """∂L̃/∂o_k for each output, a list."""
    if loss is half_squared_error:
        return [x - d for x, d in zip(o, D, strict=True)]
    if loss is categorical_cross_entropy:
        return [-d / x if d else 0.0 for x, d in zip(o, D, strict=True)]
    return np.asarray(loss.gradient(np.array(o), np.array(D))).tolist()


def scalar_loss_behind(sigma, loss):
    """L̃ as a function of three lists, a, o and D, where σ is that of the output layer.

    Cross-entropy behind a sigmoid or softmax is computed from a, where o is σ(a): o has lost its digits where it
    rounds to 0 or 1.
    """
    of_outputs = scalar_loss(loss)
    if loss is categorical_cross_entropy and sigma is softmax:
        return _categorical_behind_softmax
    if loss is not cross_entropy or sigma is not sigmoid:
        return lambda a, o, D: of_outputs(o, D)

    logistic, rise = scalar_value(sigmoid), scalar_value(softplus)

    def value(a, o, D):
        if any(x != logistic(y) for x, y in zip(o, a, strict=True)):
            return of_outputs(o, D)
        # rise(a) = ln(1 + e^a), so that -ln σ(a) = rise(-a) and -ln(1 - σ(a)) = rise(a)
        return sum(d * rise(-y) + (1 - d) * rise(y) for y, d in zip(a, D, strict=True))

    return value


def _categorical_behind_softmax(a, o, D):
    value = scalar_value_in_layer(softmax)
    if any(x != value(i, a) for i, x in enumerate(o)):
        return scalar_loss(categorical_cross_entropy)(o, D)
    top = max(a)
    log_of_sum = top + math.log(sum(math.exp(y - top) for y in a))  # -ln o_j = ln Σ_k e^{a_k} - a_j
    return sum(d * (log_of_sum - y) if d else 0.0 for y, d in zip(a, D, strict=True))


def _ln(x, factor):
    """ln x for a term that it is a factor of: 0 ln 0 = 0, and otherwise ln 0 = -∞."""
    if x > 0:
        return math.log(x)
    return 0.0 if factor == 0 else -math.inf
