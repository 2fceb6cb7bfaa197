"""The known mistakes in δ of the output layer, the base case of the backward phase (§4)."""

from dataclasses import replace

import mlpkit.exercises.mistakes.backward as phase
from mlpkit.exercises.mistakes.known import Mistake, carried
from mlpkit.exercises.mistakes.phases import backward, rise


def _last(way):
    return lambda net, a, o, D: way(net, (a, o), D)[-1]


def _last_with_slope_of_the_layer_before(net, a, o, D):
    return (net.sigma[-2] or net.sigma[-1]).derivative(a[-1]) * rise(net, o, D)


# Those of the backward phase that act in the base case, and the ways in which they do.
_SLOPES = (phase.SLOPE_LEFT_OUT, phase.SLOPE_AT_O, phase.LOGISTIC_SLOPE, phase.SIGMA_FOR_SLOPE)
_RISES = (
    phase.SIGN,
    phase.OTHER_LOSS,
    phase.PRINTED,
    phase.VALUE_OF_LOSS,
    phase.NO_RISE,
    phase.TWICE,
    phase.HALF,
    phase.D_SHIFTED,
)

OUTPUT_DELTA = (
    *carried((replace(mistake, ways=mistake.ways[:1]) for mistake in _SLOPES), _last),
    *carried(_RISES, _last),
    *carried((replace(phase.DELTA_0, ways=()),), _last),
    Mistake(
        phase.SIGMA_OF_ANOTHER_LAYER.name,
        phase.SIGMA_OF_ANOTHER_LAYER.why,
        phase.SIGMA_OF_ANOTHER_LAYER.hints,
        4,
        "Where it begins: the output",
        (
            _last_with_slope_of_the_layer_before,
            lambda net, a, o, D: net.sigma[1].derivative(a[-1]) * rise(net, o, D),
        ),
    ),
    Mistake(
        "neuron 0 left out",
        "The vector is one number too short: neuron 0 is counted in the output layer too, and its δ is 0.",
        ("How many numbers has o[-1], and how many your δ?",),
        4,
        "The δ of neuron 0",
        (lambda net, a, o, D: backward(net, (a, o), D)[-1][1:],),
    ),
)
