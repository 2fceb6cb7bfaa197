"""The pictures in the neurons as bytes, which are sent twenty times a second: of each the output over the plane.

Where there is no plane, a neuron has the weights from the pixels of an image as a picture, or its output as a colour.
"""

from itertools import pairwise
from math import isqrt

import numpy as np

from mlpkit.core.functions import sigmoid, softmax, tanh
from mlpkit.core.network import forward

SIDE = 60  # cells of a map in each direction
_TO_ONE = (sigmoid, tanh, softmax)  # their outputs go no further
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
    size = _largest(numbers)
    return (-size if numbers[np.isfinite(numbers)].min(initial=0) < 0 else 0.0), size


SHOWN = 12  # examples at a time, where there is no plane
_SMALLEST_IMAGE = 5  # pixels to a side
_MOST_EDGES = 200  # from one layer to the next: more are not told apart


def image_side(net):
    """Where the inputs may be the pixels of a square image, its side; 0 elsewhere."""
    side = isqrt(net.n[0] - 1)
    return side if side >= _SMALLEST_IMAGE and side**2 == net.n[0] - 1 else 0


def tiles(net):
    """How many neurons of each layer have a picture of their own. The pixels of an image have one for all of them."""
    inputs, *others = (n - 1 for n in net.n)
    return [1 if image_side(net) else inputs, *others]


def neurons(net, I, through=forward):
    """The picture of each of these `tiles` without a plane, (tiles, side, side), bytes: 0 stands in their middle.

    I: (n^0 - 1,), the example. The pixels are as they are, and layer 1 has its weights from them; others have their
    output in every cell. Where the inputs are no image, all have their output, and the side is 1.
    """
    side = image_side(net)
    with np.errstate(all="ignore"):
        o = [layer[1:] for layer in through(net, I)[1]]
        sizes = [1.0 if sigma in _TO_ONE else _largest(layer) for sigma, layer in zip(net.sigma, o, strict=True)]
        shares = [layer / size for layer, size in zip(o, sizes, strict=True)]
        if side:
            w = net.w[0][1:, 1:].T
            shares = [shares[0], (w / _largest(w)).ravel(), *(np.repeat(share, side**2) for share in shares[2:])]
        every = 0.5 + 0.5 * np.nan_to_num(np.concatenate(shares), nan=0, posinf=1, neginf=-1).clip(-1, 1)
    return _rounded(every, np.uint8).reshape(-1, side or 1, side or 1)


def _largest(numbers):
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0)) or 1.0


def images(I, largest):
    """Examples as images, bytes from 0 for paper to 255 for ink. I: (m, pixels)."""
    return _rounded((I / (largest or 1.0)).clip(0, 1), np.uint8)


def _drawn_from(net):
    """The layers whose weights are drawn as lines."""
    without = {0} if image_side(net) else set()
    return [l for l, (n, after) in enumerate(pairwise(net.n)) if l not in without and n * (after - 1) <= _MOST_EDGES]


def weights(net):
    """The weights that move and are drawn as float32, layer by layer, row by row."""
    with np.errstate(over="ignore"):
        drawn = [net.w[l][:, 1:].ravel() for l in _drawn_from(net)]
        return np.concatenate([np.zeros(0), *drawn]).astype("<f4").tobytes()


def edges(net):
    """[l, i, j] of each of these weights, in their order."""
    return [[l, i, j] for l in _drawn_from(net) for i in range(net.n[l]) for j in range(1, net.n[l + 1])]


def points(state):
    """The points as float32: I_1, I_2, D and 1 for a test point, one after another."""
    I, D, is_test = state.points.all
    return np.column_stack([I, D, is_test]).astype("<f4").tobytes()
