"""The questions of lesson 6: softmax, and back-propagation to the inputs."""

import numpy as np

from mlpkit.core.functions import categorical_cross_entropy, softmax
from mlpkit.core.network import Network, backward, forward
from mlpkit.quiz.kinds import Choice, Number

_A = np.log([1.0, 2.0, 3.0])  # softmax makes 1/6, 2/6 and 3/6 of it
_FIRST, _SECOND, _ALL = "that of the first neuron", "that of the second neuron", "all three"


def _below_0():
    """Which δ is below 0 where the second neuron is the right one, by back-propagation."""
    w = np.column_stack([[1.0, 0.0], np.vstack([_A, np.zeros(3)])])  # the activations are the biases
    net = Network([w], softmax, categorical_cross_entropy)
    delta = backward(net, forward(net, [0.0]), [0.0, 1.0, 0.0])[-1][1:]
    return (_FIRST, _SECOND, "that of the third neuron")[int(np.flatnonzero(delta < 0)[0])]


LESSON_6 = (
    Number(
        name="the largest share",
        prompt="The activations are 0, ln 2 and ln 3. What is the largest of the three outputs of softmax?",
        decimals=2,
        answer=lambda: softmax(_A)[2],
        why="e to the power of them is 1, 2 and 3, and their sum is 6: the outputs are 1/6, 2/6 and 3/6.",
        slips=(
            (
                lambda: _A[2] / _A.sum(),
                "The activations were divided by their sum. First comes e to the power of each.",
            ),
            (lambda: np.exp(_A[2]), "That is e to the power of the activation. It is divided by the sum of all three."),
        ),
    ),
    Choice(
        name="the δ below 0",
        prompt="The outputs are 1/6, 2/6 and 3/6, and the second neuron is the right one. Which δ of the last layer is "
        "below 0?",
        options=(_FIRST, _SECOND, _ALL),
        answer=_below_0,
        why="δ is o − D, and D is 1 only at the right neuron: its activation is to grow, the others are to shrink.",
    ),
    Choice(
        name="a picture that was moved",
        prompt="The pixels of a 3 are moved down the loss for another digit until the network reads that. What "
        "will the picture look like to you?",
        options=("like the other digit", "like nothing", "still like a 3"),
        answer=lambda: "still like a 3",
        why="Each pixel moves a little, and all of them the way in which the weights multiply it: 64 small changes add "
        "up to another answer.",
        slips=(("like the other digit", "So one would think. Look at the pixels after a few steps."),),
    ),
)
