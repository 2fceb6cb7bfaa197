"""The questions of lesson 5: the step and training (§5)."""

import numpy as np

from mlpkit import data
from mlpkit.core.functions import sigmoid
from mlpkit.core.network import Network, backward, forward
from mlpkit.core.training import train
from mlpkit.quiz.example import example, nearest, places
from mlpkit.quiz.kinds import Cells, Choice, Number


def _equal_rows():
    change = example().grad[0]
    return next(
        f"rows {i} and {k}"
        for i, k in ((0, 1), (0, 2), (1, 2))
        if np.allclose(change[i], change[k], rtol=1e-12, atol=0)
    )


def _late_delta():
    """δ^1 from the weights that have been moved already, without neuron 0."""
    e = example()
    return sigmoid.derivative(e.a[1][1:]) * (e.delta[2] @ e.after.w[1].T)[1:]


def _too_large():
    return places([abs(_late_delta()) > abs(example().delta[1][1:])])


_FATES = ("they stay equal", "they part, slowly", "one of them takes over")


def _after_an_equal_start():
    w = [np.full(array.shape, 0.5) for array in example().net.w]
    for array in w:
        array[:, 0] = np.eye(len(array))[0]
    trained = train(Network(w), *data.xor(), alpha=5, epochs=1000).net.w[0]
    return _FATES[0] if np.allclose(trained[:, 1], trained[:, 2]) and np.allclose(trained[:, 2], trained[:, 3]) else ""


def _delta_after_training():
    I, D = data.xor()
    net = train(Network.random([2, 3, 1], seed=2), I, D, alpha=5, epochs=2000).net
    delta = backward(net, forward(net, I[0]), D[0])
    return "smaller" if abs(delta[2][1]) < abs(example().delta[2][1]) else "larger"


LESSON_5 = (
    Number(
        name="the new weight",
        prompt="$w-1-2-1$ is −0.5, $delta-2-1$ is −0.1047, $o-1-2$ is 0.5498 and α is 0.5. What is the weight after "
        "the step?",
        decimals=2,
        answer=lambda: example().after.w[1][2, 1],
        why="Its change is −α δ o, and δ is negative: the weight goes up. A larger weight raises the output, and the "
        "output was too low.",
        slips=(
            (
                lambda: 2 * example().net.w[1][2, 1] - example().after.w[1][2, 1],
                "The minus of the step was lost: −α δ o is positive.",
            ),
            (lambda: example().net.w[1][2, 1] - example().grad[1][2, 1], "α was left out: it halves the change."),
            (
                lambda: example().after.w[1][2, 1] - example().net.w[1][2, 1],
                "This is the change. It is added to the old weight.",
            ),
            (lambda: -example().after.w[1][2, 1], "The old weight is −0.5: its sign was lost."),
        ),
    ),
    Choice(
        name="output after one step",
        prompt="The output was 0.5723 and should be 1. To which number is the new output nearest?",
        options=("0.6", "0.8", "1"),
        answer=lambda: nearest(forward(example().after, example().I)[1][2][1], ("0.6", "0.8", "1")),
        why="Steps are small because slopes change: they are true only near where they were taken.",
    ),
    Choice(
        name="two equal rows",
        prompt="Which two rows of Δw of layer 0 are equal?",
        options=("rows 0 and 1", "rows 0 and 2", "rows 1 and 2"),
        answer=_equal_rows,
        why="Row i is the same δ times $= o[0][i]$, and two of the three outputs are 1. A bias is the weight of an "
        "input that is always 1.",
        slips=(("rows 1 and 2", "The two inputs differ: 0.5 and 1."),),
    ),
    Cells(
        name="δ that come out too large",
        prompt="Computed from the weights already moved, which δ come out larger in size than they should?",
        rows=("layer 1",),
        columns=("neuron 1", "neuron 2", "neuron 3"),
        cell=lambda row, column: f"$delta-1-{column + 1}$",
        answer=_too_large,
        why="All three weights went up. Two were positive and are larger in size now; one was negative and is smaller.",
        slips=(
            (frozenset({(0, 0), (0, 1), (0, 2)}), "One of the weights is negative: going up makes it smaller in size."),
        ),
    ),
    Choice(
        name="after an equal start",
        prompt="Three hidden neurons start with equal weights. What are these weights like after 1000 epochs on XOR?",
        options=_FATES,
        answer=_after_an_equal_start,
        why="Equal neurons have equal δ, get equal Δw, and stay equal for ever.",
        slips=(("they part, slowly", "What should part them? Their δ are equal in every epoch."),),
    ),
    Choice(
        name="δ after training",
        prompt="The first network had a δ of −0.1047 at its output. Is that of the trained network larger or smaller "
        "in size?",
        options=("larger", "smaller"),
        answer=_delta_after_training,
        why="Two factors of it are small: o − D, because the output is nearly right, and σ′, because an output near 0 "
        "or 1 stands where σ is flat.",
    ),
)
