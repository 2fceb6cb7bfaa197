"""The running example with every number of it, from which the questions' answers are computed."""

from functools import cache
from types import SimpleNamespace

from mlpkit import data
from mlpkit.core.functions import identity, relu, sigmoid, softplus, tanh
from mlpkit.core.network import backward, forward, gradient, step

ALPHA = 0.5
SIGMAS = (sigmoid, tanh, relu, softplus, identity)


@cache
def example():
    """net, I, D and what forward, backward, gradient and step with ALPHA make of them: a, o, delta, grad, after."""
    net, I, D = data.running_example()
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    return SimpleNamespace(
        net=net, I=I, D=D, a=a, o=o, delta=delta, grad=gradient(o, delta), after=step(net, I, D, ALPHA)
    )


def loss_of(net, I, D):
    """The loss of one example. I: (n[0] - 1,), D: (n[L-1] - 1,)."""
    return float(net.loss.value(forward(net, I)[1][-1][1:], D))


def nearest(value, options):
    """The option, a text, whose number is nearest to a value."""
    return min(options, key=lambda option: abs(float(option) - value))


def places(array):
    """The (row, column) where a table of truth values is true, as a frozenset. array: (rows, columns)."""
    return frozenset((row, column) for row, line in enumerate(array) for column, truth in enumerate(line) if truth)
