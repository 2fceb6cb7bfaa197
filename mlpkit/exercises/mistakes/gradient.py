"""The known mistakes in the gradient (§3)."""

import numpy as np

import mlpkit.exercises.mistakes.phases as phases
from mlpkit.exercises.mistakes.known import Mistake


def _gradient(product, **more):
    return lambda o, delta: phases.gradient(o, delta, product, **more)


def _grad(form):
    """A right gradient, given back in another form."""
    return lambda o, delta: [form(g, o[l]) for l, g in enumerate(phases.gradient(o, delta))]


def with_column_0(g, column):
    g = g.copy()
    g[:, 0] = column
    return g


NO_MEAN = Mistake(
    "one gradient for each example",
    "A batch gives one matrix for each of its examples here. Their mean is asked for.",
    ("Which shape has your first matrix for seven examples, and which has w[0]?",),
    3,
    "Theorem 1",
    (lambda o, delta: [x[..., :, None] * d[..., None, :] for x, d in zip(o[:-1], delta[1:], strict=True)],),
)
FLATTENED = Mistake(
    "batch taken for one long vector",
    "All rows of a batch stand one behind the other here, and every example meets the δ of every other.",
    ("Which shape has your first matrix for seven examples, and which has w[0]?",),
    3,
    "Theorem 1",
    (lambda o, delta: [np.outer(x, d) for x, d in zip(o[:-1], delta[1:], strict=True)],),
)
O_OF_ANOTHER_LAYER = Mistake(
    "o of the wrong layer",
    "A weight from layer l to layer l + 1 takes the output of the neuron that it comes from, and the δ of the one that "
    "it leads to. Here both are of the same layer.",
    ("w_ij of layer l leads from neuron i to neuron j. In which layer is i, and in which j?",),
    3,
    "Theorem 1",
    (_gradient(phases.product, later=1),),
)
GRAD_SWAPPED = Mistake(
    "gradient transposed",
    "The gradient lies on its side: entry (i, j) belongs to the weight from neuron i to neuron j.",
    ("Which shape has w[0], and which your first matrix?",),
    3,
    "Theorem 1",
    (_gradient(lambda o, delta: phases.product(o, delta).T),),
)
BIAS_ROW = Mistake(
    "derivatives of the biases left out",
    "Row 0 is empty. A bias is a weight like the others, from neuron 0, whose output is 1.",
    ("What does the theorem give for i = 0?",),
    3,
    "Theorem 1",
    (
        _grad(lambda g, o: np.vstack([0 * g[:1], g[1:]])),
        _grad(lambda g, o: g[1:]),
        _grad(lambda g, o: g[1:, 1:]),
    ),
)
ELEMENTWISE = Mistake(
    "each with its own instead of each with each",
    "o and δ are multiplied number by number. Every neuron before has a weight to every neuron after.",
    ("How many weights lead from three neurons to four? How many numbers has your product?",),
    3,
    "Theorem 1",
    (
        _gradient(lambda o, delta: (o * delta).mean(axis=0)),
        _gradient(lambda o, delta: (o * delta).sum(axis=1).mean()),
        _gradient(lambda o, delta: np.diag((o * delta).mean(axis=0))),
    ),
)
BATCH_ONLY = Mistake(
    "written for a batch only",
    "One example alone is a vector with a single axis. `np.atleast_2d` makes a row of it.",
    ("How many axes has o[1] for one example, and how many for seven?",),
    2,
    "Many examples, one in each row",
    tuple(
        lambda o, delta, of=of: [of(x, d) for x, d in zip(o[:-1], delta[1:], strict=True)]
        for of in (
            lambda x, d: x.T @ d / len(x),
            lambda x, d: x.T @ d,
            lambda x, d: np.dot(x.T, d) / len(x),
            lambda x, d: np.dot(x.T, d),
            lambda x, d: np.einsum("mi,mj->ij", x, d) / len(x),
            lambda x, d: np.einsum("mi,mj->ij", x, d),
            lambda x, d: (x[:, :, None] * d[:, None, :]).mean(axis=0),
            lambda x, d: (x[..., :, None] * d[..., None, :]).mean(axis=0),
            lambda x, d: (x[..., :, None] * d[..., None, :]).sum(axis=0),
        )
    ),
    everywhere=True,  # one example alone, o @ delta stops with the same words
)
COLUMN_0 = Mistake(
    "fixed column updated",
    "Column 0 of w is fixed at (1, 0, ..., 0), so the derivatives that belong to it are 0.",
    ("What is δ of neuron 0, and so what stands in column 0 of the gradient?",),
    1,
    "Row 0 and column 0",
    (
        _grad(lambda g, o: with_column_0(g, np.arange(len(g)) == 0)),
        _grad(lambda g, o: with_column_0(g, 1)),
    ),
    (_grad(lambda g, o: with_column_0(g, np.nan)),),
)
BACKWARDS = Mistake(
    "list in the order of the way back",
    "The matrix of the last layer comes first here. The list is ordered by layer, as w is.",
    ("Which shape has your first matrix, and which has w[0]?",),
    3,
    "Theorem 1",
    (lambda o, delta: phases.gradient(o, delta)[::-1],),
)
# A step has words of its own for the others.
IN_A_STEP = (
    O_OF_ANOTHER_LAYER,
    GRAD_SWAPPED,
    ELEMENTWISE,
)
GRADIENT = (*IN_A_STEP, NO_MEAN, FLATTENED, BATCH_ONLY, BIAS_ROW, COLUMN_0, BACKWARDS)
