"""The known mistakes in the backward phase (§4), and in its base case."""

import numpy as np

from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import backward, before, rise, with_0


def _with(**pieces):
    return lambda net, activations, D: backward(net, activations, D, **pieces)


def _set_to_0(index):
    """delta[index] = 0. delta[0] is neuron 0 of one example alone, but the whole first example of a batch."""

    def zero(delta):
        delta = delta.copy()
        delta[index] = 0
        return delta

    return zero


def result(form):
    """A right backward phase, given back in another form."""
    return lambda net, activations, D: form(backward(net, activations, D), *activations)


DELTA_0 = Mistake(
    "δ₀ not set to 0",
    "o₀ is a constant, and nothing acts on the loss through it: δ₀ is 0 in every layer, for every σ. Otherwise column "
    "0 of w would move.",
    ("Which number does the formula give for neuron 0, and why is the formula not for it?",),
    4,
    "The δ of neuron 0",
    (
        _with(zero=lambda delta: delta),
        _with(zero=lambda delta: delta, rise=lambda net, o, D: with_0(1, rise(net, o, D))),
        _with(rise=lambda net, o, D: with_0(1, rise(net, o, D))),
        _with(zero=lambda delta: with_0(1, delta)),
        result(lambda delta, a, o: [None, *(with_0(1, array) for array in delta[1:])]),
        result(lambda delta, a, o: [*delta[:-1], with_0(1, delta[-1])]),
    ),
    (result(lambda delta, a, o: [None, *(with_0(np.nan, array) for array in delta[1:])]),),
)

FIRST_ROW_0 = Mistake(
    "first example set to 0 instead of neuron 0",
    "In a batch the first entry of δ is the whole first example. Neuron 0 is the first entry along the last axis.",
    ("Which shape has the δ of layer 1 for seven examples, and which axis of it counts the neurons?",),
    2,
    "Many examples, one in each row",
    (_with(zero=_set_to_0(0)), _with(zero=_set_to_0(0), rise=lambda net, o, D: _set_to_0(0)(rise(net, o, D)))),
)
FIRST_EXAMPLE_LEFT_OUT = Mistake(
    "first example left out instead of neuron 0",
    "In a batch `[1:]` leaves out the first example. With three dots, `[..., 1:]`, it leaves out neuron 0.",
    ("Which shape has o[-1] for seven examples, and which has what you compare with D?",),
    2,
    "Many examples, one in each row",
    (_with(rise=lambda net, o, D: before(0.0, net.loss.gradient(o[-1][1:], D))),),
)
BATCH_ONLY = Mistake(
    "written for a batch only",
    "One example alone is a vector with a single axis. With three dots, as in `o[..., 0]`, an index fits both.",
    ("How many axes has o[1] for one example, and how many for seven?",),
    2,
    "Many examples, one in each row",
    (
        _with(rise=lambda net, o, D: before(0.0, net.loss.gradient(o[-1][:, 1:], D))),
        _with(zero=_set_to_0((slice(None), 0))),
    ),
)

NUMBERS = (DELTA_0, FIRST_ROW_0, FIRST_EXAMPLE_LEFT_OUT)
