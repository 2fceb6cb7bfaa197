"""What is on the screen at a micro-step, as plain data: dictionaries, lists, numbers and texts.

Everything here is a pure function of a network, its trace and a position. The widget sends the result to the browser,
which draws it and computes nothing; a figure for paper is drawn from the same data.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isfinite
from sys import float_info

from numpy import errstate

from mlpkit import notation
from mlpkit.core.network import Network, forward
from mlpkit.notation import key, number_shown, number_text, spoken_number
from mlpkit.stepper.matrix_form import matrix_form
from mlpkit.stepper.updates import direction, updates
from mlpkit.tracing.micro_steps import loss_by_trace, values_of

_PHASE_OF = {"a": 0, "o": 0, "loss": 0, "delta": 1, "grad": 2, "dw": 2, "w_new": 2}
_PHASE_NAMES = ("Forward", "Backward", "Step")

_READS_SHOWN = 18  # of a longer sum, the first numbers get a button; all can be opened in the picture


@dataclass(frozen=True)
class Scene:
    """A trace made ready to be shown: which micro-steps the player visits, and where each symbol is written.

    net: the Network. steps: what trace(net, I, D, alpha) returned.
    right: where mistakes were made on purpose, or the numbers are somebody else's, the steps without them.
    slack: how far a number may be off, as a share of the right one, before it is marked.
    """

    net: object
    steps: list
    right: tuple = ()
    slack: float = 1e-12

    @cached_property
    def stops(self):
        """The steps that the player visits: all but what is given, and what cannot move (column 0 of Δw)."""
        return tuple(index for index, step in enumerate(self.steps) if step.how != "given" and self._moves(step.symbol))

    def _moves(self, symbol):
        kind, *place = symbol
        if kind not in ("grad", "dw", "w_new") or place[2] != 0:
            return True
        return self.step_of(("delta", place[0] + 1, 0)).how == "computed" or symbol in self.off  # only by mistake

    @cached_property
    def off(self):
        """The symbols whose value is not that of the right trace, in the order in which they are written."""
        right = {step.symbol: step.value for step in self.right}
        return {
            step.symbol: right[step.symbol]
            for step in (self.steps if right else ())
            if not self._near(step.value, right[step.symbol])
        }

    def _near(self, value, right):
        return value == right or abs(value - right) <= self.slack * max(1, abs(right))

    def parts(self, symbol):
        """Whether a number is not what its own equation gives from the numbers before it."""
        if symbol not in self.off:
            return False
        return not self._near(self.value(symbol), self.step_of(symbol).equation.value())

    @cached_property
    def written_at(self):
        """{symbol: the index of the step that writes it}"""
        return {step.symbol: index for index, step in enumerate(self.steps)}

    @cached_property
    def phases(self):
        """For forward, backward and step: (first, last) position."""
        phase = [_PHASE_OF[self.steps[index].symbol[0]] for index in self.stops]
        return tuple((phase.index(p) + 1, len(phase) - phase[::-1].index(p)) for p in range(3))

    @cached_property
    def layers(self):
        """The positions at which the player comes to another layer, or to another kind of number."""
        symbols = [self.steps[index].symbol for index in self.stops]
        groups = [("o" if kind == "a" else kind, *place[:1]) for kind, *place in symbols]  # a and o go together
        return [position for position, group in enumerate(groups, 1) if position == 1 or group != groups[position - 2]]

    def position_of(self, symbol):
        """The position at which the player shows the step that writes `symbol`: 0 for what is given."""
        return bisect_right(self.stops, self.written_at[symbol])

    def take_places_of(self, other):
        """Take over where each symbol is written from a Scene that writes the same ones in the same order."""
        if (self.net.n, self.broken) == (other.net.n, other.broken) and not self.right and not other.right:
            for name in ("stops", "written_at", "phases", "layers"):
                self.__dict__[name] = getattr(other, name)

    def step_of(self, symbol):
        """The MicroStep that writes a symbol."""
        return self.steps[self.written_at[symbol]]

    def step_at(self, position):
        """The MicroStep shown at a position, or None at position 0, where only the given numbers stand."""
        return self.steps[self.stops[position - 1]] if position else None

    @cached_property
    def values(self):
        """{symbol: its number}"""
        return values_of(self.steps)

    def value(self, symbol):
        return self.values[symbol]

    @property
    def broken(self):
        """The mistakes that were made on purpose."""
        return self.steps[0].broken


@dataclass(frozen=True)
class Changed:
    """The symbols whose values are others in the Scene `now` than in `before`: `symbol in changed`."""

    before: Scene
    now: Scene

    def __contains__(self, symbol):
        before, now = self.before.values.get(symbol), self.now.values.get(symbol)
        return before is not None and now is not None and before != now


def frame(scene, position, drawn, opened=(), taken=None, trail=(), changed=()):
    """What the picture, the equation and the spoken text show after `position` micro-steps.

    drawn: what `picture` returned for this network. opened: the symbols opened one from the other; the last one's
    micro-step is shown and marked in place of the one at `position`. taken: the Scene of a step that was just taken:
    as long as nothing else is done, the weights that it made are shown, and where they come from. trail: the weights
    of earlier states, the last one first. changed: the symbols that the last move has changed.
    """
    at = scene.step_at(position)
    step = scene.step_of(opened[-1]) if opened else at
    taken = taken if _fits(taken, scene) else None
    told, of = (scene, step)
    if taken and step and not opened and step.symbol[0] in _STEP_KINDS and step.symbol in taken.written_at:
        told, of = taken, taken.step_of(step.symbol)  # the equation is that of the weights in the picture
    reach = scene.stops[position - 1] if position else -1
    reads = set(step.reads) if step else set()
    written = step.symbol if step else None

    def number(symbol):
        """The shown text of a symbol, or None as long as it is not written."""
        index = scene.written_at[symbol]
        known = index <= reach or scene.steps[index].how == "given"
        return _marked(scene, symbol) if known else None

    def told_number(symbol):
        return number(symbol) if told is scene else _marked(told, symbol)

    def state(symbol):
        return "write" if symbol == written else "read" if symbol in reads else ""

    return {
        "position": position,
        "count": f"{position} of {len(scene.stops)}",
        "phases": _phases(scene, position),
        "layers": scene.layers,
        "flow": _flow(at, taken),
        "neurons": [_neuron(scene, neuron, number, state, changed) for neuron in drawn["neurons"]],
        "edges": _edges(scene, drawn["edges"], number, step, taken, changed),
        "panel": _panel(told, of),
        "matrix": _matrix(told, of, drawn, told_number, state),
        "updates": updates(scene, position, trail, taken, changed),
        "trail": _trail(at, opened),
        "spoken": f"Opened: {step.equation.speech()}." if opened else spoken(scene, position),
        "caption": caption(scene, position),
    }


def _marked(scene, symbol):
    """The text of a number, marked where a mistake has made it another one than it should be."""
    return number_text(scene.value(symbol)) + (" ≠" if symbol in scene.off else "")


def _flow(at, taken):
    """What happens in the picture; or of which weights its neurons' numbers are, where new ones stand beside them."""
    if taken:
        return "neurons: now new"
    if at and at.symbol[0] == "w_new":
        return "neurons: still old"
    return _FLOW[_PHASE_OF[at.symbol[0]]] if at else ""


_FLOW = ("forward →", "← backward", "step")
_STEP_KINDS = ("grad", "dw", "w_new")


def _fits(taken, scene):
    """Whether a step that was taken led to weights of this scene's shape."""
    return taken is not None and taken.net.n == scene.net.n


def _phases(scene, position):
    current = _PHASE_OF[scene.step_at(position).symbol[0]] if position else None
    return [
        {
            "name": name,
            "first": first,
            "last": last,
            "share": min(1.0, max(0.0, (position - first + 1) / (last - first + 1))),
            "current": index == current,
        }
        for index, (name, (first, last)) in enumerate(zip(_PHASE_NAMES, scene.phases, strict=True))
    ]


def _neuron(scene, neuron, number, state, changed):
    l, i = neuron["l"], neuron["i"]
    o, a, delta = ("o", l, i), ("a", l, i), ("delta", l, i)
    shown = {"o": (number(o) or "1") if i == 0 else number(o), "o_state": state(o)}
    words = [f"neuron {i} of layer {l}"]
    if i == 0:
        words.append("the constant 1" if shown["o"] == "1" else f"computed, {shown['o']}")
    elif shown["o"] is not None:
        words.append(f"output {shown['o']}")
    if l:
        shown |= {"a": number(a), "a_state": state(a), "delta": number(delta), "delta_state": state(delta)}
        if i == 0:  # always 1 and 0: worth their place only where a step is about them
            shown["a"] = shown["a"] if shown["a_state"] else None
            shown["delta"] = shown["delta"] if shown["delta_state"] else None
        if shown["a"] is not None:
            words.append(f"activation {shown['a']}")
        if shown["delta"] is not None:
            words.append(f"error signal {shown['delta']}")
    level = scene.value(o) if i and shown["o"] is not None else 0.0
    shown["o"] = shown["o"] or ""
    return shown | {
        "spoken": ", ".join(words),
        # how full the circle is, from the bottom up, or from the top down for a negative output; -1 to 1
        "level": round(max(-1.0, min(1.0, level)), 3) + 0.0 if isfinite(level) else 0.0,
        "changed": [kind for kind in ("o", "a", "delta") if (kind, l, i) in changed and shown.get(kind)],
    }


def _edges(scene, edges, number, step, taken, changed):
    # The gradient and Δw of a weight are drawn at its edge.
    at_edges = {"w", "grad", "dw", "w_new"}
    lit = {tuple(place): "read" for kind, *place in (step.reads if step else ()) if kind in at_edges}
    if step and step.symbol[0] in at_edges:
        lit[step.symbol[1:]] = "write"
    arrow = _ARROW.get(step.symbol[0], "") if step else ""
    # A weight that the step is about as it was before stands there with the number that the equation has.
    before = {tuple(place) for kind, *place in (*step.reads, step.symbol) if kind == "w"} if step else set()
    before -= {step.symbol[1:]} if step and step.symbol[0] == "w_new" else set()

    def edge_now(edge):
        place = tuple(edge["place"])
        return _edge(scene, edge, place in before, number, lit.get(place, ""), arrow, taken, changed)

    return [edge_now(edge) for edge in edges]


def _edge(scene, edge, before, number, state, arrow, taken, changed):
    old, new = ("w", *edge["place"]), ("w_new", *edge["place"])
    moved = not edge["fixed"] and (taken is not None or (number(new) is not None and not before))
    symbol = new if moved and not taken else old  # after a step, the weight just made is the old one of the next
    was, value = (taken or scene).value(old), scene.value(symbol)
    text, way = _marked(scene, symbol), direction(was, value)
    return {
        "text": text,
        "moved": moved,
        "state": state,
        "arrow": arrow if state else "",
        "value": scene.value(old),
        "negative": value < 0,
        "width": _width(value),
        "was": {"negative": was < 0, "width": _width(was)} if way else None,
        "direction": way,
        "changed": symbol in changed,
        "spoken": f"{notation.spoken(old)}: {number_text(was)}" + (f", now {text}" if moved else ""),
    }


def _width(value):
    return round(0.8 + 4.2 * min(1.0, abs(value) / 1.5), 2)


_ARROW = {"a": "forward", "delta": "backward"}  # the kinds that travel along an edge


def _panel(scene, step):
    """The micro-step in words and as rows of MathML: [left side, sign, right side]."""
    if step is None:
        return {
            "title": "Ready",
            "why": "The inputs, the desired outputs, α and all weights are given. The first step sets the outputs of "
            "layer 0.",
            "rows": [],
            "reads": [],
        }
    left, symbolic, with_numbers, result, sign = step.equation.mathml_sides()
    rows = [[left if k == 0 else "", "=", side] for k, side in enumerate(symbolic) if side != result]
    rows += [["", "" if k else "=", line] for k, line in enumerate(with_numbers)]
    parts = scene.parts(step.symbol)
    rows.append(["" if rows else left, "≠" if parts else sign, result])
    return {
        "title": f'<math data-of="{key(step.symbol)}">{left}</math>, {_meaning(step)}',
        "why": f"§{step.section} · {_why_it_parts(step) if parts else why(scene.net, step, scene.broken)}",
        "rows": rows,
        "reads": [
            {
                "symbol": key(symbol),
                "text": f"{notation.text(symbol)} {number_text(scene.value(symbol))}",
                "spoken": f"Open {notation.spoken(symbol)}: {spoken_number(scene.value(symbol))}",
                "colour": notation.TABLE[symbol[0]].colour,
            }
            for symbol in step.reads[:_READS_SHOWN]
        ],
    }


def _matrix(scene, step, drawn, number, state):
    """The matrix form of a micro-step or of a weight, or nothing for whatever else is given."""
    if step is None or (step.how == "given" and step.symbol[0] != "w"):
        return {"formula": "", "shapes": "", "words": "", "grids": []}
    shown = [[] for _ in scene.net.n]
    for neuron in drawn["neurons"]:
        shown[neuron["l"]].append(neuron["i"])
    return matrix_form(scene.net, step.symbol, shown, number, state, scene.broken)


def _trail(at, opened):
    """The way from the micro-step of the player to the number that is open: [{symbol, text}], or nothing."""
    if not opened:
        return []
    way = ([at.symbol] if at and opened[0] in at.reads else []) + list(opened)
    start = len(way) - len(opened)
    return [
        {"text": notation.text(symbol), "spoken": notation.spoken(symbol), "depth": index - start + 1}
        for index, symbol in enumerate(way)
    ]


def _why_it_parts(step):
    return (
        f"Yours is {number_text(step.value)}. From the numbers above it, the equation gives "
        f"{number_text(step.equation.value())}."
    )


def _meaning(step):
    kind, *place = step.symbol
    if kind == "o" and place[1] == 0 and step.how == "computed":
        return f"the output of neuron 0 in layer {place[0]}"
    return notation.meaning(step.symbol)


def why(net, step, broken):
    """One sentence on what a micro-step does. broken: the mistakes made on purpose, names of tracing's BREAKS."""
    kind, *place = step.symbol
    if kind in ("o", "delta") and place[0] > 0 and place[1] == 0 and step.how == "computed":
        return _WHY_MISTAKE[kind]
    if step.how == "given":
        return _WHY_FIXED if kind == "w" and place[2] == 0 else _WHY_GIVEN[kind]
    if step.how == "set":
        return _WHY_SET[kind]
    if kind == "o":
        return "The base case: the input as it is." if place[0] == 0 else f"σ of the activation ({_sigma(net, place)})."
    if kind == "loss":
        return f"The {net.loss.name} of this example."
    if kind == "delta":
        where = "output" if place[0] == net.L - 1 else "hidden"
        return (_WHY_WITHOUT_SLOPE if "slope" in broken else _WHY_DELTA)[where]
    return _WHY[kind]


def _sigma(net, place):
    return net.sigma[place[0]].name


_WHY_FIXED = "Fixed: column 0 of w is (1, 0, ..., 0), so that the activation of neuron 0 is 1."
_WHY_GIVEN = {
    "I": "Given: the example's own input.",
    "D": "Given: what the output should be.",
    "alpha": "Given: the learning rate is chosen, not computed.",
    "w": "Given: where this weight stands before the step.",
}
_WHY_MISTAKE = {
    "o": "Computed, by mistake: §2 sets it to 1.",
    "delta": "Computed, by mistake: o₀ is a constant, and its δ is 0 for every σ.",
}
_WHY_SET = {
    "o": "Set, not computed: the constant 1 that carries the biases.",
    "delta": "Set, not computed: o₀ is a constant, so no part of the error is its doing.",
}
_WHY = {
    "a": "The outputs of the layer before, each times its weight into this neuron, added up.",
    "grad": "The error signal at the weight's end times the output at its start.",
    "dw": "Against the slope, as far as α says.",
    "w_new": "All weights move at once, each from its old value.",
}
_WHY_DELTA = {
    "output": "How fast the loss rises with this activation: the slope of σ here times the slope of the loss.",
    "hidden": "How fast the loss rises with this activation: what comes back through the weights, times the slope of "
    "σ here.",
}
_WHY_WITHOUT_SLOPE = {
    "output": "By mistake the slope of the loss alone, without the slope of σ.",
    "hidden": "By mistake what comes back through the weights alone, without the slope of σ.",
}


def spoken(scene, position):
    """The micro-step for a screen reader."""
    step = scene.step_at(position)
    if step is None:
        return "Ready. The inputs, the desired outputs, alpha and all weights are given."
    return f"Step {position} of {len(scene.stops)}. {step.equation.speech()}."


def caption(scene, position):
    """The micro-step in one line, for paper."""
    step = scene.step_at(position)
    if step is None:
        return "Before the first micro-step."
    number = f"{notation.text(step.symbol)} = {number_text(step.value)}"
    return f"Micro-step {position} of {len(scene.stops)}: {number}, {notation.meaning(step.symbol)}."


def bounds(symbol, values, unit_interval=False):
    """(low, high) of a slider for an input, a desired output, α or a weight. values: what it is to hold.

    Where they are outside its first range, the range is doubled until it holds them, so that there is room beside them.
    unit_interval: whether only 0 to 1 makes sense.
    """
    low, high = {"I": (-2, 2), "D": (-2, 2), "alpha": (0, 2), "w": (-3, 3)}[symbol[0]]
    if symbol[0] == "D" and unit_interval:
        low, high = 0, 1
    while max(values) > high:
        high = min(2 * high, float_info.max)
    while min(values) < low:
        low = max(2 * low, -float_info.max) if low else -high
    return low, high


def slider(symbol, value, at_start, low, high):
    """The specification of a slider. low, high: its bounds. at_start: the value that it had first."""
    return {
        "id": key(symbol),
        "name": notation.text(symbol),
        "label": _label(symbol),
        "spoken": notation.meaning(symbol),
        "min": low,
        "max": high,
        "step": 0.01,
        "value": value,
        "start": at_start,
        "text": number_text(value),
        "brief": number_shown(value)[0],
    }


def _label(symbol):
    """I₁ and D₁ as in the picture: browsers without a font for mathematics hardly lower an index of MathML."""
    if symbol[0] not in ("I", "D"):
        return f"<math>{notation.mathml(symbol)}</math>"
    colour = notation.TABLE[symbol[0]].colour
    return f'<span data-symbol="{key(symbol)}" class="mlpkit-{colour}">{notation.text(symbol)}</span>'


# The line of losses beside the loss.

_LINE = (120, 26)  # width and height


def loss_line(losses):
    """The losses so far as a small line: {width, height, points, text}; points is the text of an SVG polyline."""
    width, height = _LINE
    last = losses[-200:]
    top = max(filter(isfinite, last), default=0.0) or 1.0
    across = (width - 4) / max(1, len(last) - 1)
    shares = [loss / top if isfinite(loss) else 1.0 for loss in last]  # what is no number any more stands at the top
    points = [(2 + k * across, height - 2 - (height - 4) * share) for k, share in enumerate(shares)]
    if losses:
        text = f"{len(losses)} losses, from {number_text(losses[0])} to {number_text(losses[-1])}"
        text = text if len(losses) > 1 else f"the loss: {number_text(losses[0])}"
    else:
        text = "no step taken yet"
    return {
        "width": width,
        "height": height,
        "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        "end": [round(x, 1) for x in points[-1]] if points else [-9, -9],
        "text": text,
    }


@lru_cache(maxsize=64)
def weights_to_choose(n):
    """The weights of a network that can be put on the slider, for a list to choose from."""
    places = ((l, i, j) for l in range(len(n) - 1) for i in range(n[l]) for j in range(1, n[l + 1]))
    return [{"value": key(("w", *place)), "label": notation.text(("w", *place))} for place in places]


def loss_after(scene, I, D, own=None):
    """The loss of the example with the new weights, or None where there is none.

    It has none where a fixed column has moved, or where a σ or L̃ of the learner's stops on what the new weights give.
    own: the learner's functions in the place of the kit's, or None.
    """
    w = [array.copy() for array in scene.net.w]
    for step in scene.steps[-1::-1]:  # they stand at the end, but for a mistake that moves a layer early
        kind, *place = step.symbol
        if kind == "loss":
            break
        if kind == "w_new":
            l, i, j = place
            w[l][i, j] = step.value
    try:
        net = Network(w, scene.net.sigma, scene.net.loss)
    except ValueError:
        return None
    try:
        if scene.broken:
            return loss_by_trace(net, I, D, scene.broken)
        with errstate(all="ignore"):  # a step may be so large that the loss is no number any more
            (_, o), _ = own.forward(net, I[None]) if own else (forward(net, I[None]), "")
            return float(net.loss.value(o[-1][0, 1:], D))
    except Exception:  # whatever a learner's σ raises: the way to the next state says it
        return None


def foot(scene, example, examples, losses, state, states, trained=None, after=None, step=None):
    """The numbers around the picture: the loss of this example, which one it is, and what has happened so far.

    losses: of each example before its step. state, states: which of how many states of the network is on the screen.
    trained: for how many epochs a training has brought the network here; None where it comes from no training.
    after: the loss with the new weights, None where it is not known. step: (example, loss before, loss after) of a step
    just taken.
    """
    reached = scene.value(("loss",))
    one = examples == 1
    steps = f"{len(losses)} step{'' if len(losses) == 1 else 's'}"
    if step:
        before, after = number_text(step[1]), step[2]
        line = [*losses, after]
        when = "step taken" if one else f"step of example {step[0] + 1} taken"
    else:
        before = _marked(scene, ("loss",))
        line = [*losses, reached] if after is None else [*losses, reached, after]
        when = "after this step" if after is not None else "before the step"
    return {
        "loss": before,
        "after": "…" if after is None else number_text(after),
        "when": when,
        "example": example + 1,
        "examples": examples,
        "epoch": f"epoch {(trained or 0) + len(losses) // examples}",
        "steps": f"{steps} taken" if trained is None else f"{steps} taken from there",
        "line": loss_line(line),
        "state": state,
        "states": states,
        "state_text": f"state {state + 1} of {states}, after {steps}",
        "mode": "" if one else f"A step here is that of one example, not of the mean over all {examples}.",
        "next": "Take the step" if one else "Next example",
        "next_spoken": "Take the step and begin again with the same example, from the new weights"
        if one
        else "Take the step and go on with the next example, from the new weights",
        "epoch_spoken": f"Take the steps of all examples up to the last, number {examples}, one after the other",
    }
