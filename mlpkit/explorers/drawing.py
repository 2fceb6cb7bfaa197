"""A digit drawn by hand, brought to 8 by 8 pixels as those of the data were, and what a network makes of it.

The digits of the data were written into boxes, scaled so that each fills 32 rows, and counted: a pixel is how many of
4 by 4 dots are inked, 0 to 16, here divided by 16 (mlpkit/data/optdigits/SOURCE.txt).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlpkit.core.functions import cancelling
from mlpkit.core.network import Network, backward, forward
from mlpkit.notation import number_text

SIDE = 8  # pixels
DOTS = 32  # dots that are counted, in each direction
PEN = 2.1  # the half width of the pen in dots: with it a drawing has about as much ink as the data, 0.31 a pixel
MOST_POINTS = 2000  # of one drawing


def pixels(strokes: list) -> NDArray:
    """The pixels of a drawing, (64,), from 0 to 1.

    strokes: lists of points [x, y] from 0 to 1, x to the right and y down, each the way of the pen without lifting it.
    """
    ways = [np.array(stroke, float).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not ways:
        return np.zeros(SIDE * SIDE)
    points = np.concatenate(ways)
    low, high = points.min(axis=0), points.max(axis=0)
    # The ink, pen and all, is to fill the 32 rows; a drawing wider than high fills the 32 columns.
    inside = DOTS - 2 * PEN
    scale = inside / max((high - low).max(), 1e-3 * inside)
    middle = (low + high) / 2
    inked = np.zeros((DOTS, DOTS), bool)
    rows, columns = np.mgrid[:DOTS, :DOTS] + 0.5
    dots = np.stack([columns, rows], axis=-1)  # (32, 32, 2), the middles of the dots
    for way in ways:
        way = (way - middle) * scale + DOTS / 2
        starts, ends = (way[:-1], way[1:]) if len(way) > 1 else (way, way)
        for start, end in zip(starts, ends, strict=True):
            inked |= _distance(dots, start, end) <= PEN
    return inked.reshape(SIDE, DOTS // SIDE, SIDE, DOTS // SIDE).mean(axis=(1, 3)).ravel()


def _distance(dots, start, end):
    """How far each dot is from the line from start to end."""
    along = end - start
    length = along @ along
    share = np.clip((dots - start) @ along / length, 0, 1) if length else np.zeros(dots.shape[:-1])
    return np.hypot(*np.moveaxis(dots - start - share[..., None] * along, -1, 0))


def input_gradient(net: Network, I: ArrayLike, D: ArrayLike) -> NDArray:
    """∂L̃/∂I_i, the shape of I: the error signals carried back once more, to where there is no σ.

    §4 without σ′: ∂L̃/∂o_i^0 = Σ_j w_ij^0 δ_j^1, and o_i^0 is I_i.
    """
    delta = backward(net, forward(net, I), D)
    return (delta[1] @ net.w[0].T)[..., 1:]


def loss_of(net: Network, I: ArrayLike, D: ArrayLike) -> float:
    """L̃ of one example, from a where that has more digits."""
    a, o = forward(net, I)
    pair = cancelling(net.sigma[-1], net.loss)
    return float(pair[0](a[-1][1:], np.asarray(D, float)) if pair else net.loss.value(o[-1][1:], np.asarray(D, float)))


def shown(net: Network, I: NDArray, wanted: int, moved: int) -> dict:
    """What the pad shows beside the drawing, as plain data.

    I: (64,). wanted: the digit that D stands for. moved: how many steps the pixels have been moved since they were
    drawn.
    """
    outputs = forward(net, I)[1][-1][1:]
    slope = -input_gradient(net, I, one_hot(wanted))
    size = np.abs(slope).max()
    read = int(outputs.argmax())
    blank = not I.any()
    loss = number_text(loss_of(net, I, one_hot(wanted)))
    if blank:
        words = "Nothing is drawn yet."
    else:
        words = f"Read as {read}: its output is {number_text(outputs[read])}. The loss, were it {wanted}, is {loss}."
    return {
        "pixels": [{"share": float(x), "text": number_text(x)} for x in I],
        "wants": [
            {"share": float(x / size) if size else 0.0, "text": number_text(-x), "sign": "more" if x > 0 else "less"}
            for x in slope
        ],
        "outputs": [{"share": float(min(max(o, 0.0), 1.0)), "text": number_text(o)} for o in outputs],
        "read": None if blank else read,
        "wanted": wanted,
        "loss": loss,
        "moved": moved,
        "spoken": words,
    }


def one_hot(digit: int) -> NDArray:
    """D for a digit, (10,): 1 at the digit, 0 elsewhere."""
    return np.eye(10)[digit]


def moved_along(net: Network, I: NDArray, wanted: int, alpha: float) -> NDArray:
    """The pixels one step further down the loss, I − α ∂L̃/∂I, each kept from 0 to 1."""
    return np.clip(I - alpha * input_gradient(net, I, one_hot(wanted)), 0, 1)
