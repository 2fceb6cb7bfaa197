"""What the answer of a task is made of."""

import numpy as np

from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.forward import ACTIVATION, OUTPUT, OUTPUT_0
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.values import Values
from mlpkit.exercises.search.cells import Cell


def _rounding(arrays):
    """How far off a number of size 1 may be: float32 arrays are recognised by their numbers."""
    return 0.0 if any((array != array.astype(np.float32)).any() for array in arrays) else 3e-7


def _backward_cells(case, answer):
    x = Values(case)
    x.delta = [None, *(np.atleast_2d(layer)[:, 1:] for layer in answer[1:])]
    return delta_cells(x)


def delta_cells(x, slack=0.0):
    return [Cell(DELTA_OUT if l == x.L - 1 else DELTA_HIDDEN, x, l, x.delta[l], slack) for l in range(x.L - 1, 0, -1)]


def _outputdelta_cells(case, answer):
    x = Values(case)
    return [Cell(DELTA_OUT, x, x.L - 1, np.atleast_2d(answer)[:, 1:])]


def _forward_cells(case, answer):
    x = Values(case)
    x.with_forward(*answer)
    cells = [cell for l in range(1, x.L) for cell in (Cell(ACTIVATION, x, l, x.a[l]), Cell(OUTPUT, x, l, x.o[l]))]
    return cells + [Cell(OUTPUT_0, x, l, x.full_o[l][:, :1]) for l in range(x.L)]


def _activations_cells(case, answer):
    return [Cell(ACTIVATION, Values(case), 1, np.atleast_2d(answer)[:, 1:])]


def _gradient_cells(case, answer):
    x = Values(case)
    return [cell for l in range(1, x.L) for cell in row_cells(x, l, answer[l - 1])]


def row_cells(x, l, g, slack=0.0):
    return Cell(GRAD_ROW_0, x, l, g[:1, 1:], slack), Cell(GRAD_ROWS, x, l, g[1:, 1:], slack)


def gradient_of(case, answer):
    slack = _rounding(answer) / case.alpha
    return [(w - new) / case.alpha for w, new in zip(case.net.w, answer, strict=True)], slack


CELLS = {
    "activations": _activations_cells,
    "forward": _forward_cells,
    "output_delta": _outputdelta_cells,
    "backward": _backward_cells,
    "gradient": _gradient_cells,
}
