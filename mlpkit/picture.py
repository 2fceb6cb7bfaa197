"""Where things stand in the picture of a network: neurons, edges, labels. It depends on the sizes alone.

In large layers some neurons are drawn and the others counted; which ones depends on the number that is looked at.
"""

from functools import lru_cache
from math import atan2, degrees, hypot

from mlpkit.notation import key

_NEURONS_SHOWN = 8  # a layer with more neurons is drawn with some of them and the number of the others
_LABELLED_EDGES = 45  # with more edges, only the weights that a step reads or writes are labelled

_LAYER_STEP, _NEURON_STEP, _CONSTANT_STEP, _MARGIN_X, _MARGIN_TOP, _MARGIN_BOTTOM = 250, 100, 80, 64, 46, 82
RADIUS = 28
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
    labelled = sum(not edge["fixed"] for edge in edges) <= _LABELLED_EDGES
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


def _place_labels(edges, at):
    """Put each weight's label on its edge, where it covers the least of the other labels and of the neurons."""
    taken = [(x, y, 100, 2 * RADIUS + 44) for x, y in at.values()]
    for edge in edges:
        if edge["fixed"]:
            continue
        x1, y1, x2, y2 = edge["ends"]
        best = None
        for share in (0.3, 0.36, 0.42, 0.24, 0.48, 0.54, 0.6, 0.66, 0.72, 0.2, 0.78):
            x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
            covered = sum(_overlap((x, y, *_LABEL), other) for other in taken)
            if best is None or covered < best[0] - 1e-9:
                best = (covered, x, y)
        _, x, y = best
        edge["label"] = [round(x, 1), round(y, 1)]
        taken.append((x, y, *_LABEL))


def _overlap(one, other):
    """The area that two boxes (centre x, centre y, width, height) share."""
    across = min(one[0] + one[2] / 2, other[0] + other[2] / 2) - max(one[0] - one[2] / 2, other[0] - other[2] / 2)
    down = min(one[1] + one[3] / 2, other[1] + other[3] / 2) - max(one[1] - one[3] / 2, other[1] - other[3] / 2)
    return max(0.0, across) * max(0.0, down)
