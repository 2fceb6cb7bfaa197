"""The questions of lesson 3: the derivations (§3)."""

import numpy as np

from mlpkit.core.functions import half_squared_error, sigmoid
from mlpkit.core.network import Network, forward
from mlpkit.quiz.example import example, loss_of, places
from mlpkit.quiz.kinds import GAP, Cells, Choice, Number, Term


def _moved(l, i, j, by):
    """The running network with one weight moved."""
    w = [array.copy() for array in example().net.w]
    w[l][i, j] += by
    return Network(w, sigmoid, half_squared_error)


def _rise_or_fall():
    e = example()
    return "it rises" if loss_of(_moved(1, 2, 1, 0.1), e.I, e.D) > loss_of(e.net, e.I, e.D) else "it falls"


def _activations_that_move():
    e = example()
    return places([forward(_moved(0, 2, 1, 1.0), e.I)[0][1] != e.a[1]])


def _slope(l, i, j, eps=1e-5):
    e = example()
    up, down = (loss_of(_moved(l, i, j, by), e.I, e.D) for by in (eps, -eps))
    return (up - down) / (2 * eps)


def _slope_against_activation(eps=1e-5):
    e = example()
    up, down = (half_squared_error.value(sigmoid(e.a[2][1:] + by), e.D) for by in (eps, -eps))
    return float(up - down) / (2 * eps)


def _sign_of_delta():
    delta = _slope(1, 2, 1) / example().o[1][2]  # what Theorem 1 asks of it
    return _SIGNS[0 if delta * _slope_against_activation() > 0 else 1]


_SIGNS = ("that of the slope", "the opposite one")
_DEEP = (64, 32, 32, 32, 10)

LESSON_3 = (
    Choice(
        name="loss when a weight goes up",
        prompt="If $w-1-2-1$ goes up by 0.1, what does the loss do?",
        options=("it rises", "it falls", "it stays"),
        answer=_rise_or_fall,
        why="$o-1-2$ is positive, so $a-2-1$ goes up with the weight; σ rises, so $o-2-1$ goes up too, towards 1.",
        slips=(("it rises", "The weight's own sign is not asked. What counts is the output that it multiplies."),),
    ),
    Cells(
        name="activations that move",
        prompt="$w-0-2-1$ is raised by 1. Which activations of layer 1 move?",
        rows=("layer 1",),
        columns=("neuron 0", "neuron 1", "neuron 2", "neuron 3"),
        cell=lambda row, column: f"$a-1-{column}$",
        answer=_activations_that_move,
        why="The weight stands in the activation of the neuron at its end, once, times $o-0-2$, and in no other.",
        slips=((frozenset({(0, 2)}), "The second index says where the weight ends: at neuron 1."),),
    ),
    Term(
        name="how an activation depends on one before it",
        prompt="Which factor is missing in the third fact?",
        equation=("partial(a[l+1][j], a[l][i])", "=", "sigma_prime(a[l][i])", "·", GAP),
        options=("w[l][i, j]", "w[l][j, i]", "(i == j)", "o[l][i]"),
        answer=lambda: "w[l][i, j]",
        why="Of the terms of $= a[l+1][j]$ only $= o[l][i] * w[l][i, j]$ depends on $= a[l][i]$.",
        slips=(
            ("w[l][j, i]", "This weight leads from j to i. The one from i to j is needed."),
            ("(i == j)", "Neuron i reaches every neuron j of the next layer, not only the one of its own number."),
            ("o[l][i]", "This would be the derivative by a weight. Here the activation is moved."),
        ),
    ),
    Choice(
        name="sign of δ",
        prompt="$delta-2-1$ times $o-1-2$ was the slope of the loss against $w-1-2-1$, and $o-1-2$ is positive. Does "
        "$delta-2-1$ have the sign of the slope of the loss against $a-2-1$, or the opposite one?",
        options=_SIGNS,
        answer=_sign_of_delta,
        why="The slope against $a-2-1$, times $o-1-2$, is the slope against the weight. No minus is left over for δ.",
    ),
    Number(
        name="paths to the loss",
        prompt="A 64-32-32-32-10 network: how many paths lead from one weight of layer 0 to the loss?",
        answer=lambda: int(np.prod(_DEEP[2:])),
        why="32 neurons in each of two layers to choose from, then ten outputs: 32 · 32 · 10.",
        slips=(
            (lambda: int(np.prod(_DEEP[2:-1])), "Each path goes on through one of the ten outputs."),
            (
                lambda: int(np.prod(_DEEP[1:])),
                "The weight ends at one neuron: there is nothing to choose in its layer.",
            ),
            (lambda: int(np.prod(_DEEP)), "The weight is given: its start and its end are no choices any more."),
            (lambda: sum(_DEEP[2:]), "The choices are multiplied: each way on can follow each way before it."),
        ),
    ),
)
