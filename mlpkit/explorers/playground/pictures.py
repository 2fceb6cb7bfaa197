"""The output over the plane, and the same of every neuron, as bytes: a picture that is sent twenty times a second."""

from itertools import pairwise

import numpy as np

from mlpkit.core.functions import sigmoid, tanh
from mlpkit.core.network import forward

SIDE = 60  # cells of a map in each direction
_RANGES = {sigmoid: (0.0, 1.0), tanh: (-1.0, 1.0)}  # of others, what is found on the plane


def grid(side):
    """The middles of the cells of a map, (SIDE * SIDE, 2), row by row from the top left of the screen."""
    middles = side * ((2 * np.arange(SIDE) + 1) / SIDE - 1)
    across, up = np.meshgrid(middles, middles[::-1])
    return np.column_stack([across.ravel(), up.ravel()])


def maps(net, side, through=forward):
    """(the map of every neuron, that of the output once more, and finer).

    The first: (neurons, SIDE, SIDE), bytes from 0 to 255, layer by layer, without the constants. Of the output, 0 and
    255 stand for 0 and 1; of an input, for -side and side; of others, for the range of their σ. The second: (SIDE,
    SIDE), from 0 to 65535, fine enough for the line where the output is one half.
    through: the forward phase. What is no number is drawn as the middle.
    """
    with np.errstate(all="ignore"):
        o = through(net, grid(side))[1]
        shares = []
        for l, layer in enumerate(o):
            numbers = layer[:, 1:].T
            if l == 0:
                low, high = -side, side
            elif l == net.L - 1:
                low, high = 0.0, 1.0
            else:
                low, high = _RANGES.get(net.sigma[l]) or _range(numbers)
            share = (numbers - low) / (high - low)
            shares.append(np.nan_to_num(share, nan=0.5, posinf=1, neginf=0).clip(0, 1))
    every = np.concatenate(shares)
    return _rounded(every, np.uint8).reshape(-1, SIDE, SIDE), _rounded(every[-1], np.dtype("<u2")).reshape(SIDE, SIDE)


def _rounded(shares, kind):
    return np.rint(np.iinfo(kind).max * shares).astype(kind)


def _range(numbers):
    """From 0 to the largest of the layer, or as far to both sides where some are negative."""
    finite = numbers[np.isfinite(numbers)]
    size = float(np.abs(finite).max(initial=0)) or 1.0
    return (-size if finite.min(initial=0) < 0 else 0.0), size


def weights(net):
    """The weights that move as float32, layer by layer, row by row."""
    with np.errstate(over="ignore"):
        return np.concatenate([w[:, 1:].ravel() for w in net.w]).astype("<f4").tobytes()


def edges(net):
    """[l, i, j] of each of these weights, in their order."""
    return [[l, i, j] for l, (n, after) in enumerate(pairwise(net.n)) for i in range(n) for j in range(1, after)]


def points(state):
    """The points as float32: I_1, I_2, D and 1 for a test point, one after another."""
    I, D, is_test = state.points.all
    return np.column_stack([I, D, is_test]).astype("<f4").tobytes()
