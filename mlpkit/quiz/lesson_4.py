"""The questions of lesson 4: the backward phase (§4)."""

import numpy as np

from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, cross_entropy, half_squared_error, sigmoid
from mlpkit.core.network import Network, backward, forward
from mlpkit.quiz.example import example, places
from mlpkit.quiz.kinds import Cells, Choice, Number
from mlpkit.quiz.symbols import Symbol


def _output_delta(desired):
    """δ_1^2 of the running network and inputs with another desired output."""
    e = example()
    return backward(e.net, (e.a, e.o), [desired])[2][1]


def _positive_delta():
    [i] = np.flatnonzero(example().delta[1] > 0)
    return ("delta", 1, int(i))


def _zero_slopes():
    one = np.array(1.0)
    return places(
        [
            [sigma.derivative_from_o(one) == 0 for sigma in BUILT_IN_ACTIVATIONS],
            [sigma.derivative(one) == 0 for sigma in BUILT_IN_ACTIVATIONS],
        ]
    )


def _learns_from_its_mistake():
    """The name of the loss with the larger δ where a = 10 and D = 0."""
    w = [np.array([[1.0, 10.0], [0.0, 0.0]])]
    size = {}
    for loss in (half_squared_error, cross_entropy):
        net = Network(w, sigmoid, loss)
        size[loss.name] = abs(backward(net, forward(net, [0.0]), [0.0])[1][1])
    return max(size, key=size.get)


def _weights(of=slice(1, None), rows=slice(None)):
    """How many entries the matrices of a 64-32-10 network have in some rows and columns."""
    return sum(array[rows, of].size for array in Network.random([64, 32, 10]).w)


LESSON_4 = (
    Number(
        name="δ of the output",
        prompt="Estimate $delta-2-1$, with its sign, if $D-1$ were 0. $o-2-1$ is 0.5723.",
        within=0.01,
        answer=lambda: _output_delta(0.0),
        why="0.5723 · 0.4277 is about ¼, times 0.5723. Positive: raise $a-2-1$, and the loss rises.",
        slips=(
            (lambda: -_output_delta(0.0), "The third factor is o − D, and the output is too high."),
            (lambda: _output_delta(1.0), "This is the δ for D = 1."),
            (lambda: example().o[2][1], "This is o − D alone: σ′ is left out."),
            (lambda: example().o[2][1] * (1 - example().o[2][1]), "This is σ′ alone: the factor o − D is left out."),
        ),
    ),
    Symbol(
        name="the positive δ",
        prompt="Which δ of layer 1 is positive?",
        of="delta",
        answer=_positive_delta,
        why="Of the three weights that lead to the output one is negative. Raise its neuron, and the output sinks "
        "further from 1.",
        slips=(
            (("delta", 1, 1), "σ′ and this weight are positive, and the δ of the output is negative."),
            (("delta", 1, 3), "σ′ and this weight are positive, and the δ of the output is negative."),
            (("delta", 1, 0), "Neuron 0 is a constant, and its δ is 0."),
        ),
    ),
    Cells(
        name="σ′ of neuron 0",
        prompt="For which of the five is σ′ of neuron 0 exactly 0, in each of the two ways?",
        rows=("written in o, with o = 1", "computed from a = 1"),
        columns=tuple(sigma.name for sigma in BUILT_IN_ACTIVATIONS),
        cell=lambda row, column: f"{BUILT_IN_ACTIVATIONS[column].name} {('in o', 'from a')[row]}",
        shows=lambda row, column: "σ′",
        answer=_zero_slopes,
        why="o (1 − o) and 1 − o² have a zero at o = 1. No slope of the five is 0 at a = 1.",
        slips=(
            (
                frozenset((row, column) for row in (0, 1) for column in (0, 1)),
                "At a = 1 the slopes of sigmoid and tanh are not 0: their o is 0.73 and 0.76 there.",
            ),
        ),
    ),
    Choice(
        name="the loss that learns from a mistake",
        prompt="a is 10, so o is almost 1, and D is 0. With which loss will the neuron learn from its mistake?",
        options=(half_squared_error.name, cross_entropy.name),
        answer=_learns_from_its_mistake,
        why="With cross-entropy σ′ cancels, and δ is o − D. With half squared error the flat σ lets almost nothing "
        "through.",
    ),
    Number(
        name="forward phases by nudging",
        prompt="How many forward phases does nudging take for all weights of a 64-32-10 network that can move?",
        answer=lambda: 2 * _weights(),
        why="Two for each weight. The biases are weights too, and column 0 does not move.",
        slips=(
            (_weights, "This is the number of weights. Each is nudged up and down."),
            (lambda: 2 * _weights(rows=slice(1, None)), "The biases are missing: they are weights, too."),
            (lambda: _weights(rows=slice(1, None)), "The biases are missing, and each weight is nudged up and down."),
            (lambda: 2 * _weights(of=slice(None)), "Column 0 is fixed and need not be nudged."),
        ),
    ),
)
