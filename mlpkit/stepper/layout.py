"""Where things stand in the picture of a network: neurons, edges, labels. It depends on the sizes alone.

Each edge ends in a lane of its own: the weights into a neuron stand one below the other beside it, in the order of the
sum, and no line crosses a label of another. In large layers some neurons are drawn and the others counted; which ones
depends on the number that is looked at.
"""

from functools import lru_cache
from math import atan2, degrees, hypot

from mlpkit.notation import key, text

_NEURONS_SHOWN = 8  # a layer with more neurons is drawn with a few of them and the number of the others
_FEW = 4
_LABELLED_EDGES = 45  # with more edges, or neurons left out, only the weights that a step is about are labelled

RADIUS, _SMALL_RADIUS = 28, 24
_HEIGHT, _ROWS = 404, 5  # one screen holds so many rows; with more, the picture grows and is shown smaller
_TOP, _BOTTOM = 24, 58  # from the first and the last neuron's centre to the edge of the picture
_LEFT, _RIGHT = 40, 76
_CONSTANT_STEP, _NEURON_STEP, _ROW = 66, 112, 104
_MORE = 0.6  # of a row, for the number of the neurons that are left out
_MORE_FROM = 48  # half of the width of its words
_BELOW = 12  # from there down to that number: it keeps off the δ above it
_WIDTH, _LEAST_GAP, _GREATEST_GAP = 540, 188, 340  # of the picture, and from layer to layer
LABEL = (84, 17)  # width and height of a weight's label, with the longest number and its arrow
_LANE, _FIXED_LANE = 18, 4  # from one lane to the next where there is room
_PILLS = 53  # beside a neuron's centre, what a and δ may take
_LABEL_AT = _PILLS + LABEL[0] / 2  # before the centre of the neuron where it ends
_LANE_FROM = _PILLS + LABEL[0] + 6


def picture(n, focus=None):
    """Where the neurons, edges and labels of a network stand.

    n: net.n. focus: a symbol whose neurons are to be among the drawn ones in layers with more than eight.
    Returns {width, height, radius, flow, neurons, edges, layers, more}; neurons and edges are in the order of `frame`.
    The points of an edge are those of a line with corners, [x, y, x, y, ...], from where it begins to where it ends.
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
    rows = [len(neurons) + (_MORE if len(neurons) < count else 0) for neurons, count in zip(shown, n, strict=True)]
    radius = RADIUS if max(rows) < _ROWS else _SMALL_RADIUS
    height = round(_HEIGHT + max(0, max(rows) - _ROWS) * _ROW)
    gap = min(_GREATEST_GAP, max(_LEAST_GAP, (_WIDTH - _LEFT - _RIGHT) / (len(n) - 1)))
    room = height - _TOP - _BOTTOM
    at, step, more, layers = {}, [], [], []
    for l, neurons in enumerate(shown):
        x = _LEFT + l * gap
        # The constant neuron has no numbers above and below it most of the time: the next one stands closer to it, with
        # room for the lanes between them.
        first = max(_CONSTANT_STEP, (_LANE + _FIXED_LANE) / 2 * len(shown[l - 1]) + 4) if l else _CONSTANT_STEP
        step.append(min(_NEURON_STEP, (room - first) / max(1, rows[l] - 2)))
        length = first + (rows[l] - 2) * step[l]
        top = _TOP + (room - length) / 2
        for row, i in enumerate(neurons):
            at[l, i] = (x, top if row == 0 else top + first + (row - 1) * step[l])
        if len(neurons) < n[l]:
            more.append(
                {
                    "x": max(x, _MORE_FROM),
                    "y": round(top + length + _BELOW, 1),
                    "text": f"and {n[l] - len(neurons)} more",
                }
            )
        layers.append({"x": x, "y": height - 5, "text": f"layer {l}"})
    edges = [
        _edge(l, i, j, at, radius, (shown[l].index(i), len(shown[l])), step[l + 1])
        for l in range(len(n) - 1)
        for i in shown[l]
        for j in shown[l + 1]
    ]
    labelled = not more and sum(not edge["fixed"] for edge in edges) <= _LABELLED_EDGES
    for edge in edges:
        edge["labelled"] = labelled
    return {
        "width": _LEFT + (len(n) - 1) * gap + _RIGHT,
        "height": height,
        "radius": radius,
        "flow": {"x": _LEFT + gap / 2, "y": height - 5},
        "neurons": [
            {
                "key": key(("o", l, i)),
                "name": text(("o", l, i)) if l else text(("I", i)),
                "l": l,
                "i": i,
                "x": x,
                "y": round(y, 1),
                "constant": i == 0,
            }
            for (l, i), (x, y) in at.items()
        ],
        "edges": edges,
        "layers": layers,
        "more": more,
    }


def _shown_neurons(count, wanted):
    """As many whether or not a neuron is wanted, so that nothing moves from step to step."""
    if count <= _NEURONS_SHOWN:
        return list(range(count))
    first = [i for i in range(_FEW) if i not in wanted]
    return sorted([*wanted, *first[: _FEW - len(wanted)]])


def _edge(l, i, j, at, radius, place, step):
    """place: which of how many lanes into the neuron it takes. step: how far from there to the next neuron."""
    (x1, y1), (x2, y2) = at[l, i], at[l + 1, j]
    fixed = j == 0
    lane, lanes = place
    aside = lane - (lanes - 1) / 2  # of the neuron's own height, in lanes
    apart = _FIXED_LANE if fixed else min(_LANE, (step - 1) / lanes)
    y = y2 + aside * apart
    half = 17 if fixed else radius
    rise = max(-0.62, min(0.62, (y - y2) / half)) * half  # where the lane meets the neuron
    reach = half if fixed else (half**2 - rise**2) ** 0.5
    start = x1 + (17 if i == 0 else radius)
    points = [start, y1, x2 - _LANE_FROM, y, x2 - _PILLS, y, x2 - reach, y2 + rise]
    return {
        "key": key(("w", l, i, j)),
        "place": [l, i, j],
        "points": [round(number, 1) for number in points],
        "heads": [_head(points[-4:], points[-2:]), _head(points[2:4] + points[:2], points[:2], 11)],
        "fixed": fixed,
        # Where there is no room for a label in each lane, those that are shown spread out a little.
        "label": [round(x2 - _LABEL_AT, 1), round(y2 + aside * max(apart, LABEL[1]), 1)],
    }


def _head(way, tip, before=3):
    """An arrow head `before` the end of a way [x, y, x, y], as (x, y, degrees)."""
    x1, y1, x2, y2 = way
    length = hypot(x2 - x1, y2 - y1)
    turn = degrees(atan2(y2 - y1, x2 - x1))
    x, y = tip[0] - before * (x2 - x1) / length, tip[1] - before * (y2 - y1) / length
    return [round(x, 1), round(y, 1), round(turn, 1)]
