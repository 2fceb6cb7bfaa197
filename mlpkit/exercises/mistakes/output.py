"""The known mistakes in δ of the output layer, the base case of the backward phase (§4)."""

from dataclasses import replace

import mlpkit.exercises.mistakes.backward as phase
from mlpkit.exercises.mistakes.known import Mistake, carried
from mlpkit.exercises.mistakes.phases import backward


def _last(way):
    return lambda net, a, o, D: way(net, (a, o), D)[-1]


OUTPUT_DELTA = (
    *carried((replace(phase.DELTA_0, ways=()), phase.BATCH_ONLY), _last),
    Mistake(
        "neuron 0 left out",
        "The vector is one number too short: neuron 0 is counted in the output layer too, and its δ is 0.",
        ("How many numbers has o[-1], and how many your δ?",),
        4,
        "The δ of neuron 0",
        (lambda net, a, o, D: backward(net, (a, o), D)[-1][1:],),
    ),
)
