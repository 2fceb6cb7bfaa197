"""Where things stand in the picture of a network: neurons, edges, labels. It depends on the sizes alone.

In large layers some neurons are drawn and the others counted; which ones depends on the number that is looked at.
"""

from functools import lru_cache
from math import atan2, degrees, hypot

import numpy as np

from mlpkit.notation import key

_NEURONS_SHOWN = 8  # a layer with more neurons is drawn with some of them and the number of the others
_LABELLED_EDGES = 45  # with more edges, or neurons left out, only the weights that a step is about are labelled

_LAYER_STEP, _NEURON_STEP, _CONSTANT_STEP, _MARGIN_X, _MARGIN_TOP, _MARGIN_BOTTOM = 250, 106, 82, 64, 46, 84
RADIUS = 30
_LABEL = (64, 22)  # width and height of a weight's label


def picture(n, focus=None):
    """Where the neurons, edges and labels of a network stand.

    n: net.n. focus: a symbol whose neurons are to be among the drawn ones in layers with more than eight.
    Returns {width, height, neurons, edges, layers, more, rows}; neurons and edges are in the order of `frame`.
    """
    return _picture(tuple(n), tuple(_neurons_of(focus)) if max(n) > _NEURONS_SHOWN else ())


def _neurons_of(symbol):
    """The (layer, neuron) pairs that a symbol touches."""
    if symbol is None:
        return ()
    kind, *place = symbol
    if kind in ("a", "o", "delta"):
        return (tuple(place),)
    if kind in ("w", "grad", "dw", "w_new"):
        l, i, j = place
        return ((l, i), (l + 1, j))
    return ()


@lru_cache(maxsize=64)
def _picture(n, focus):
    """`at` has where each drawn neuron stands: {(layer, neuron): (x, y)}."""
    shown = [_shown_neurons(count, [i for l, i in focus if l == layer]) for layer, count in enumerate(n)]
    # The constant neuron has no numbers above and below it most of the time: the next one stands closer to it.
    rows = [len(neurons) + (len(neurons) < count) for neurons, count in zip(shown, n, strict=True)]
    column_height = [_CONSTANT_STEP + (count - 2) * _NEURON_STEP for count in rows]
    height = _MARGIN_TOP + max(column_height) + _MARGIN_BOTTOM
    width = 2 * _MARGIN_X + (len(n) - 1) * _LAYER_STEP
    at, more, layers = {}, [], []
    for l, neurons in enumerate(shown):
        x = _MARGIN_X + l * _LAYER_STEP
        top = _MARGIN_TOP + (max(column_height) - column_height[l]) / 2
        for row, i in enumerate(neurons):
            at[l, i] = (x, top if row == 0 else top + _CONSTANT_STEP + (row - 1) * _NEURON_STEP)
        if len(neurons) < n[l]:
            more.append({"x": x, "y": top + column_height[l], "text": f"and {n[l] - len(neurons)} more"})
        layers.append({"x": x, "y": height - 8, "text": f"layer {l}"})
    edges = [
        {
            "key": key(("w", l, i, j)),
            "place": [l, i, j],
            "ends": [*at[l, i], *at[l + 1, j]],
            "heads": _heads(at[l, i], at[l + 1, j]),
            "fixed": j == 0,
        }
        for l in range(len(n) - 1)
        for i in shown[l]
        for j in shown[l + 1]
    ]
    _place_labels(edges, at)
    labelled = not more and sum(not edge["fixed"] for edge in edges) <= _LABELLED_EDGES
    for edge in edges:
        edge["labelled"] = labelled
    return {
        "width": width,
        "height": height,
        "radius": RADIUS,
        "neurons": [
            {"key": key(("o", l, i)), "l": l, "i": i, "x": x, "y": y, "constant": i == 0}
            for (l, i), (x, y) in at.items()
        ],
        "edges": edges,
        "layers": layers,
        "more": more,
        "rows": 2 + max(rows),  # of the tallest table of the matrix form
    }


def _heads(start, end):
    """Where an arrow head on an edge points forward, and where it points backward: (x, y, degrees) each."""
    (x1, y1), (x2, y2) = start, end
    share = (RADIUS + 9) / hypot(x2 - x1, y2 - y1)
    angle = degrees(atan2(y2 - y1, x2 - x1))
    places = (1 - share, angle), (share, angle + 180)
    return [[round(x1 + at * (x2 - x1), 1), round(y1 + at * (y2 - y1), 1), round(turn, 1)] for at, turn in places]


def _shown_neurons(count, wanted):
    if count <= _NEURONS_SHOWN:
        return list(range(count))
    return sorted({*range(_NEURONS_SHOWN - 3), *wanted})


_SHARES = np.linspace(0.15, 0.85, 29)  # of the edge, where a label may stand; about a third of it is liked best
_TRIES, _ROUNDS = 20, 12


def _place_labels(edges, at):
    """Put each weight's label on its edge, where it covers the least of the other labels and of the neurons.

    Each label in turn goes where it is least in the way of where the others are now, until none moves any more; that is
    tried from several starts, drawn with a fixed seed, and the best one is kept.
    """
    neurons = np.array([box for x, y in at.values() for box in _neuron_boxes(x, y)])
    for l in {edge["place"][0] for edge in edges}:
        moving = [edge for edge in edges if edge["place"][0] == l and not edge["fixed"]]
        start, end = np.split(np.array([edge["ends"] for edge in moving], float), 2, axis=1)
        centres = start[:, None] + _SHARES[:, None] * (end - start)[:, None]
        boxes = np.concatenate([centres, np.broadcast_to(_LABEL, centres.shape)], axis=-1)
        alone = 3 * _overlap(boxes, neurons).sum(axis=-1) + abs(_SHARES - 0.33)
        rng = np.random.default_rng(0)
        starts = [alone.argmin(axis=1), *rng.integers(len(_SHARES), size=(_TRIES, len(moving)))]
        overlap = _overlap(boxes, boxes.reshape(-1, 4)).reshape(*alone.shape, *alone.shape)
        _, chosen = min((_settle(alone, overlap, np.array(places)) for places in starts), key=lambda found: found[0])
        for edge, (x, y) in zip(moving, centres[np.arange(len(moving)), chosen], strict=True):
            edge["label"] = [round(float(x), 1), round(float(y), 1)]


def _settle(alone, overlap, chosen):
    """(what is covered, the place of each label), where no single label can do better. chosen: the places at first."""
    labels = np.arange(len(chosen))
    for _ in range(_ROUNDS):
        before = chosen.copy()
        for k in labels:
            others = labels != k
            chosen[k] = (alone[k] + overlap[k][:, labels[others], chosen[others]].sum(axis=1)).argmin()
        if (chosen == before).all():
            break
    covered = overlap[labels, chosen][:, labels, chosen]
    return alone[labels, chosen].sum() + covered.sum() - np.trace(covered), chosen


def _neuron_boxes(x, y):
    """A neuron, the a above it and the δ below it, as (centre x, centre y, width, height)."""
    return (x, y, 2 * RADIUS + 6, 2 * RADIUS), (x, y - RADIUS - 13, 76, 20), (x, y + RADIUS + 12, 96, 22)


def _overlap(boxes, others):
    """The areas that boxes share with others: (..., 4) and (m, 4) to (..., m)."""
    apart = abs(boxes[..., None, :2] - others[:, :2])
    return np.clip((boxes[..., None, 2:] + others[:, 2:]) / 2 - apart, 0, None).prod(axis=-1)
