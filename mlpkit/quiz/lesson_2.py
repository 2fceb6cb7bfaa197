"""The questions of lesson 2: the forward phase (§2)."""

import numpy as np

from mlpkit import data
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, sigmoid
from mlpkit.core.network import forward
from mlpkit.quiz.example import example, first_wrong, places
from mlpkit.quiz.kinds import Cells, Choice, Number


def _with_bias_neuron_computed():
    """a_1^2 where the output of neuron 0 in layer 1 is σ(1)."""
    e = example()
    return (sigmoid(e.a[1]) @ e.net.w[1])[1]


def _xor_untrained():
    I, D = data.xor()
    answers = forward(example().net, I)[1][-1][:, 1:]
    if (abs(answers - D) < 0.2).all():
        return "near 0, 1, 1, 0"
    return "all near 0.5" if (abs(answers - 0.5) < 0.2).all() else "all over the place"


LESSON_2 = (
    Number(
        name="activation of neuron 2",
        prompt="What is $a-1-2$, in your head?",
        decimals=2,
        answer=lambda: example().a[1][2],
        why="−0.2 − 0.5 · 0.4 + 1 · 0.6, from column 2 of $w^0$.",
        slips=(
            (
                lambda: example().a[1][2] - example().net.w[0][0, 2],
                "You left out the bias: $o-0-0$ is 1, and its weight is −0.2.",
            ),
            (
                lambda: example().a[1][2] - 2 * example().net.w[0][0, 2],
                "A sign was lost: the bias is −0.2, and $w-0-1-2$ is −0.4.",
            ),
            (lambda: example().o[0] @ abs(example().net.w[0][:, 2]), "Two signs were lost: −0.2 and −0.4."),
            (lambda: example().net.w[0][:, 2].sum(), "You added the weights: each belongs to an output, 1, 0.5 or 1."),
            (
                lambda: np.dot(example().o[0], example().net.w[0][2, 1:]),
                "You went along row 2. What goes into neuron 2 stands in column 2.",
            ),
        ),
    ),
    Choice(
        name="the first to differ",
        prompt="Neuron 0 is computed like all others. Where is the first number that differs from the right ones?",
        options=("in $a^1$", "in $o^1$", "in $a^2$", "in $o^2$"),
        answer=lambda: "in ${}^{}$".format(*first_wrong(["bias"])[:2]),
        why="Only $o-1-0$ is wrong in its layer: σ(1) is not 1. The activations $a^1$ are all right, $a-1-0$ included.",
        slips=(("in $a^1$", "$a-1-0$ is 1 through the fixed column, whatever is computed after it."),),
    ),
    Number(
        name="activation with the bias neuron computed",
        prompt="$a-2-1$ should be 0.2912. What does it come to when $o-1-0$ is 0.731, and its weight is −0.1?",
        decimals=3,
        answer=_with_bias_neuron_computed,
        why="The bias counts for 73 % of what it should. It is negative, so the sum becomes larger.",
        slips=(
            (
                lambda: 2 * example().a[2][1] - _with_bias_neuron_computed(),
                "The bias is negative: where less of it counts, the sum is larger.",
            ),
            (lambda: example().a[2][1], "One of the four products has changed, so the sum has as well."),
            (
                lambda: example().a[2][1] - example().net.w[1][0, 1],
                "The bias is not gone: its product is now 0.731 · (−0.1).",
            ),
            (
                lambda: example().a[2][1] + sigmoid(1.0) * example().net.w[1][0, 1],
                "The new product takes the place of the old one, 1 · (−0.1): it is not added to it.",
            ),
        ),
    ),
    Cells(
        name="σ without harm",
        prompt="For which σ would it do no harm to compute the output of neuron 0?",
        rows=("neuron 0",),
        columns=tuple(sigma.name for sigma in BUILT_IN_ACTIVATIONS),
        cell=lambda row, column: BUILT_IN_ACTIVATIONS[column].name,
        shows=lambda row, column: "$o-1-0$",
        answer=lambda: places([[sigma(1.0) == 1.0 for sigma in BUILT_IN_ACTIVATIONS]]),
        why="The activation of neuron 0 is 1. It does no harm where σ(1) = 1.",
    ),
    Choice(
        name="XOR before any learning",
        prompt="The right answers to the four examples are 0, 1, 1, 0. Where do you expect the four outputs?",
        options=("near 0, 1, 1, 0", "all near 0.5", "all over the place"),
        answer=_xor_untrained,
        why="The weights are small, and so are the activations. σ of a small number is near ½.",
    ),
)
