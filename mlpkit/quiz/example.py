"""What the lessons' questions share: the running example with every number of it, and how an answer is put."""

from functools import cache
from types import SimpleNamespace

from mlpkit import data
from mlpkit.core.network import backward, forward, gradient, step
from mlpkit.tracing.micro_steps import trace

ALPHA = 0.5


@cache
def example():
    """net, I, D and what forward, backward, gradient and step with ALPHA make of them: a, o, delta, grad, after."""
    net, I, D = data.running_example()
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    return SimpleNamespace(
        net=net, I=I, D=D, a=a, o=o, delta=delta, grad=gradient(o, delta), after=step(net, I, D, ALPHA)
    )


def micro_steps(broken=()):
    """The example as micro-steps. broken: mistakes made on purpose, as in trace."""
    e = example()
    return trace(e.net, e.I, e.D, ALPHA, broken)


def first_wrong(broken):
    """The symbol of the first number that mistakes make wrong."""
    right = {step.symbol: step.value for step in micro_steps()}
    return next(step.symbol for step in micro_steps(broken) if step.value != right[step.symbol])


def loss_of(net, I, D):
    """The loss of one example. I: (n[0] - 1,), D: (n[L-1] - 1,)."""
    return float(net.loss.value(forward(net, I)[1][-1][1:], D))


def nearest(value, options):
    """The option, a text, whose number is nearest to a value."""
    return min(options, key=lambda option: abs(float(option) - value))


def places(array):
    """The (row, column) where a table of truth values is true, as a frozenset. array: (rows, columns)."""
    return frozenset((row, column) for row, line in enumerate(array) for column, truth in enumerate(line) if truth)
