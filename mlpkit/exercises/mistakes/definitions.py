"""The known mistakes in what §1 defines: w, made from another book's W and b, and the activations of a layer."""

import numpy as np

from mlpkit.core.functions import sigmoid
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.named import SWAPPED
from mlpkit.exercises.mistakes.phases import with_0


def _column(W, b, column):
    """w with this column 0."""
    return np.column_stack([column, np.vstack([b, W])])


def _right(W, b):
    return _column(W, b, np.eye(len(W) + 1)[0])


WEIGHTS = (
    Mistake(
        "column 0 all ones",
        "Only w_00 is 1 in column 0. With ones below it, neuron 0 would add up what comes before it, and not stay 1.",
        ("What is a_0 of the next layer, with your column 0?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: _column(W, b, np.ones(len(W) + 1)),),
    ),
    Mistake(
        "column 0 all zeros",
        "w_00 is missing. Without it neuron 0 of the next layer gets the activation 0, not 1.",
        ("What is a_0 of the next layer, with your column 0?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: _column(W, b, np.zeros(len(W) + 1)),),
    ),
    Mistake(
        "1 at the wrong end of column 0",
        "The 1 of column 0 belongs to the way from neuron 0 to neuron 0.",
        ("From which neuron does the last row lead?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: _column(W, b, np.eye(len(W) + 1)[-1]),),
    ),
    Mistake(
        "biases in the last row",
        "The biases stand below W. They are the weights from neuron 0, and neuron 0 comes first.",
        ("Which row of w leads from neuron 0?",),
        1,
        "Row 0 and column 0",
        (
            lambda W, b: np.roll(_right(W, b), -1, axis=0),
            lambda W, b: np.column_stack([np.eye(len(W) + 1)[0], np.vstack([W, b])]),
            lambda W, b: np.vstack([W, b]),
        ),
    ),
    Mistake(
        "column 0 last",
        "The fixed column stands on the right. It leads to neuron 0, and neuron 0 comes first.",
        ("Which column of w leads to neuron 0?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: np.roll(_right(W, b), -1, axis=1),),
    ),
    Mistake(
        "biases forgotten",
        "Row 0 holds no biases. They are the weights from the neuron that is always 1.",
        ("Where in w does b stand?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: _right(W, 0 * b), lambda W, b: _right(W, 0 * b)[1:], lambda W, b: _right(W, 0 * b)[:, 1:]),
    ),
    Mistake(
        "column 0 left out",
        "There is a row for the biases, but no column that leads to neuron 0.",
        ("How many neurons has the layer after, neuron 0 included? How many columns has your w?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: np.vstack([b, W]),),
    ),
    Mistake(
        "W alone",
        "Neither row 0 nor column 0 is there.",
        ("How many neurons has each of the two layers, neuron 0 included?",),
        1,
        "Row 0 and column 0",
        (lambda W, b: W,),
    ),
    Mistake(
        "rows and columns of w swapped",
        "The first index of a weight says where it comes from, the second where it leads. Here they are the other way "
        "round: this is the transposed matrix.",
        ("Do the weights that lead to one neuron stand in a row or in a column of w?",),
        1,
        "The matrix w",
        (lambda W, b: _right(W, b).T, lambda W, b: _right(W.T, b)),
    ),
)


# One layer: activations(o_before, w).

ACTIVATIONS = (
    Mistake(
        "σ applied",
        "These are outputs. An activation is the sum alone, before σ.",
        ("What does §1 call a, and what o?",),
        1,
        "Activation and output",
        (
            lambda o_before, w: sigmoid(o_before @ w),
            lambda o_before, w: with_0(1, sigmoid(o_before @ w)),
            lambda o_before, w: np.tanh(o_before @ w),
        ),
    ),
    Mistake(
        "neuron 0 left out",
        "The vector is one number too short: neuron 0 has an activation too, from column 0 of w.",
        ("How many columns has w, and how many numbers has your answer?",),
        2,
        "A whole layer",
        (lambda o_before, w: (o_before @ w)[1:],),
    ),
    Mistake(
        "products not summed",
        "Every product stands for itself here. The activation of a neuron is the sum of those that lead to it.",
        ("Which shape has your answer, and over which of its axes does the sum of §1 run?",),
        2,
        "A whole layer",
        (lambda o_before, w: o_before[:, None] * w, lambda o_before, w: o_before * w),
    ),
    Mistake(
        "sum over the wrong index",
        "The sum runs along a row of w here, over the neurons that are led to. It runs over those before.",
        ("In a_i = Σ_j o_j w_ji, which index is summed, and is it the first or the second of w?",),
        2,
        "A whole layer",
        (lambda o_before, w: o_before * w.sum(axis=1), lambda o_before, w: w.sum(axis=0) * o_before.sum()),
    ),
    Mistake(
        "row 0 of w, the biases, kept out of the product",
        "`o_before` begins with the 1 of neuron 0, so the biases are in the product with the whole of w already: "
        "nothing is to be added.",
        ("How many numbers has o_before, and how many rows has what you multiply it by?",),
        2,
        "A whole layer",
        (lambda o_before, w: o_before @ w[1:], lambda o_before, w: np.dot(o_before, w[1:])),
    ),
    Mistake(
        SWAPPED.name,
        SWAPPED.why,
        SWAPPED.hints,
        2,
        "A whole layer",
        (lambda o_before, w: w @ o_before, lambda o_before, w: w[: len(o_before), : len(o_before)] @ o_before),
    ),
)
