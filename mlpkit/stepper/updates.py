"""The way of every weight from old to new, as plain data: rows of texts, and where their marks stand on one scale."""

from math import floor, isfinite, log10

from mlpkit import notation
from mlpkit.core.network import weights_that_move
from mlpkit.notation import key, number_text, spoken_number

_ALL = 40  # weights: of more, each layer shows those that change most
_MOST = 13
TRAIL = 6  # states before the old weights that are marked as well


def updates(scene, position, trail=(), taken=None, changed=()):
    """What the way of the weights is: {title, rows, ticks, zero}.

    trail: the lists of weight arrays of earlier states, the last one first. taken: the scene of a step just taken, and
    then the rows are its way to the weights of `scene`. changed: the symbols that the last move has changed.
    A row is {layer, ...} for a heading, or has the texts of a weight: {symbol, name, old, dw, new, direction, spoken},
    and where its marks stand, in per cent of the scale.
    """
    reach = scene.stops[position - 1] if position else -1
    places = [tuple(place) for _, *place in weights_that_move(scene.net)]
    aggregated = len(places) > _ALL
    shown = []
    for l in range(scene.net.L - 1):
        layer = [place for place in places if place[0] == l]
        if aggregated:
            layer, words = _most(taken or scene, scene.stops[-1] if taken else reach, layer)
            shown.append({"words": words})
        shown += [_way(scene, reach, taken, place) for place in layer]
    trail = [w for w in trail[:TRAIL] if len(w) == scene.net.L - 1]
    scale = _Scale([x for way in shown if "place" in way for x in _numbers(way, trail)])
    return {
        "title": _title(taken, aggregated, any(way.get("dw") is not None for way in shown)),
        "rows": [_row(way, scale, trail, changed, taken) for way in shown],
        "ticks": [
            {"at": scale.at(scale.low), "text": scale.label(scale.low)},
            {"at": scale.at(0.0), "text": "0"},
            {"at": scale.at(scale.high), "text": scale.label(scale.high)},
        ],
        "zero": scale.at(0.0),
    }


def _way(scene, reach, taken, place):
    """One weight: where it was, and as far as that is computed, by how much it moves and where to.

    reach: the index of the last step that is made.
    """
    if taken:
        old, new = taken.value(("w", *place)), scene.value(("w", *place))
        return {"place": place, "old": old, "dw": taken.value(("dw", *place)), "new": new}

    def known(kind):
        symbol = (kind, *place)
        return scene.value(symbol) if scene.written_at[symbol] <= reach else None

    return {"place": place, "old": scene.value(("w", *place)), "dw": known("dw"), "new": known("w_new")}


def _most(scene, reach, layer):
    """The weights of one layer that move most, as far as that is computed, and a heading that says so."""
    changes = [("dw", *place) for place in layer]
    known = scene.written_at[changes[-1]] <= reach
    sizes = {place: abs(scene.value(dw)) for place, dw in zip(layer, changes, strict=True)} if known else {}
    ranked = sorted(layer, key=lambda place: -sizes[place]) if known and isfinite(sum(sizes.values())) else layer
    words = f"Layer {layer[0][0]} to {layer[0][0] + 1}: {len(ranked[:_MOST])} of {len(layer)} weights"
    if len(ranked) > _MOST:
        most = max(sizes.get(place, 0.0) for place in ranked[_MOST:])
        words += f", the largest |Δw|; no other moves by more than {number_text(most)}" if known else ", the first"
    return sorted(ranked[:_MOST]), f"{words}."


def _numbers(way, trail):
    l, i, j = way["place"]
    return [x for x in (way["old"], way["new"], *(float(w[l][i, j]) for w in trail)) if x is not None and isfinite(x)]


class _Scale:
    """From a round number below all others to one above, 0 among them; round, so that it stays while a hand moves."""

    def __init__(self, numbers):
        self.low, self.high = -_round(-min([0.0, *numbers])), _round(max([0.0, *numbers]))
        if self.low == self.high:
            self.high = 1.0

    def at(self, x):
        """Where a number stands, in per cent."""
        share = (x - self.low) / (self.high - self.low) if isfinite(x) else float(x > 0)
        return round(4 + 92 * min(1.0, max(0.0, share)), 2)

    def label(self, x):
        """The text at an end of the scale; nothing where it has no room beside the 0."""
        words = number_text(x)
        return words if abs(self.at(x) - self.at(0.0)) > 5 + 4.5 * len(words) else ""


def _round(size):
    if size <= 0:
        return 0.0
    unit = 10.0 ** floor(log10(size))
    return next(step * unit for step in (1, 1.5, 2, 3, 5, 7.5, 10, 15) if step * unit >= size)


def _row(way, scale, trail, changed, taken):
    if "words" in way:
        return way
    l, i, j = place = tuple(way["place"])
    symbol = ("w", *place)
    old, dw, new = (number_text(way[name]) if way[name] is not None else "" for name in ("old", "dw", "new"))
    words = f"{notation.spoken(symbol)}: {spoken_number(way['old'])}"
    words += f", now {spoken_number(way['new'])}" if new else ""
    return {
        "symbol": key(symbol),
        # what is shown of a step that was taken is no number of the steps from here on, and cannot be opened
        "opens": {} if taken else {"old": key(symbol), "dw": key(("dw", *place))},
        "name": notation.text(symbol),
        "old": old,
        "dw": dw,
        "new": new,
        "direction": direction(way["old"], way["new"]),
        "spoken": words,
        "at": [scale.at(way["old"]), scale.at(way["new"]) if new else None],
        "trail": [scale.at(float(w[l][i, j])) for w in trail],
        "changed": [kind for kind, one in (("old", symbol), ("new", ("w_new", *place))) if one in changed and new],
    }


def direction(old, new):
    """▲ for a weight that grows, ▼ for one that falls, as they are shown; nothing where none is known or it stays."""
    if new is None or number_text(old) == number_text(new):
        return ""
    return "▲" if new > old else "▼"


def _title(taken, aggregated, known):
    if not known:
        return "Δw and new w come in Step"
    words = "The step just taken" if taken else "The step from here"
    return f"{words}, by layer" if aggregated else words
