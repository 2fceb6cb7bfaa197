"""What a Stepper answers, recorded, for a page without Python: recorded.js beside this plays it.

A real Stepper is asked, and what it shows is kept. A node is where the network, α and the history stand; its `go` says
which request leads to which other node. At each node every micro-step is recorded, and every number opened at the end
of the step; at the first node every number opened at every micro-step. What is the same is kept once, in a pool.
"""

import json

from mlpkit import notation
from mlpkit.core.network import weights_that_move
from mlpkit.stepper.breaks import SWITCHES
from mlpkit.stepper.code import name_of
from mlpkit.stepper.frame import Changed, Scene, bounds, frame, slider
from mlpkit.stepper.layout import picture
from mlpkit.tracing.micro_steps import trace
from mlpkit.widgets import Stepper

_OF_A_NUMBER = ("neurons", "edges", "panel", "matrix", "spoken")  # what changes when another number is opened
_SMALL = 16  # letters that are not worth a place of their own in the pool


def record(net, I, D, alpha, sliders, steps=1, everywhere=True):
    """The recording of Stepper(net, I, D, alpha), of one example, as plain data for recorded.js.

    sliders: {id of a slider, such as "alpha": the values that it can have}. Each is moved while the others are as at
    the start, and from each α one step can follow. steps: how many can be taken one after the other from the start.
    everywhere: whether the first node has the numbers opened at every micro-step, or only at the end as all others.
    """
    it = _Recorder(Stepper(net, I, D, alpha), sliders)
    s = it.stepper
    start, first = it.node(everywhere=everywhere), it.scene()
    for name, values in sliders.items():
        moved = {}
        for value in values:
            s.reset()
            _move(s, name, value)
            # What a move changes is marked: it may have come from any other value.
            before = Stepper(net, I, D, alpha)
            _move(before, name, values[0] if value != values[0] else values[1])
            node = it.node(changed=Changed(it.scene(before), it.scene()))
            if name == "alpha":
                it.take_step(node, [s.net])
            moved[f"{name}={value:g}"] = node
        for node in (start, *moved.values()):
            node["go"] |= {request: to["number"] for request, to in moved.items()}
    mended = []
    for mistake in SWITCHES:
        s.reset()
        s.broken = [mistake]
        second = it.scene()
        wrong = it.node(changed=Changed(first, second))
        s.broken = []
        mended.append(it.node(changed=Changed(second, first)))
        start["go"][f"broken={mistake}"], wrong["go"]["broken="] = wrong["number"], mended[-1]["number"]
    s.reset()
    line, nets = [start], [s.net]  # what one step after the other leads to
    for _ in range(steps):
        line.append(it.take_step(line[-1], nets))
        nets.append(s.net)
        states = []
        for state, node in enumerate(line[:-1]):
            s.state = state
            states.append(it.node(trail=nets[:state]))
            states[-1]["go"]["next"] = node["go"]["next"]
        s.state = len(line) - 1
        states.append(line[-1])
        for node in states:
            node["go"] |= {f"state={state}": to["number"] for state, to in enumerate(states)}
    for node in mended:  # as at the start, but for the marks of what has changed
        node["go"]["look"] = start["number"]
    return it.recording()


def _move(stepper, name, value):
    stepper._on_message(stepper, {"do": "move", "values": {name: value}}, [])


class _Recorder:
    """stepper: what is asked. sliders: as in `record`."""

    def __init__(self, stepper, sliders):
        self.stepper, self.sliders = stepper, sliders
        self._start, self._choices = stepper.net, stepper.weights
        self._nodes, self._groups, self._pictures = [], {}, {}
        self._pool, self._places, self._shapes = [], {}, {}
        self._names = {
            notation.key(step.symbol): [notation.text(step.symbol), notation.spoken(step.symbol), name_of(step.symbol)]
            for step in stepper.steps
        }

    def scene(self, stepper=None):
        s = stepper or self.stepper
        value = {step.symbol: step.value for step in s.steps}
        I, D = ([x for (kind, *_), x in value.items() if kind == wanted] for wanted in ("I", "D"))
        return Scene(s.net, s.steps, trace(s.net, I, D, s.alpha) if s.broken else ())

    def take_step(self, node, nets):
        """Take the step from where the stepper stands, which is `node`; returns the node behind it.

        nets: the networks of all states so far. Until something else is done, the step just taken is shown.
        """
        s, before = self.stepper, self.scene()
        s.next_example()
        taken = self.node(taken=before, trail=nets[:-1])
        s.position -= 1
        s.position += 1
        behind = self.node(trail=nets)
        node["go"]["next"], taken["go"]["look"] = taken["number"], behind["number"]
        return behind

    def node(self, taken=None, trail=(), changed=(), everywhere=False):
        """Keep what is shown where the stepper stands; the words are those of stepper/frame.py.

        trail: the networks before. everywhere: whether numbers are opened at every micro-step, not only at the end.
        """
        s, scene = self.stepper, self.scene()
        trail = [net.w for net in reversed(trail)]
        last = len(scene.stops)
        at, numbers = [], {}
        for position in range(last + 1):
            step = scene.step_at(position)
            symbols = scene.written_at if everywhere or position == last else ()
            for symbol in (None, *(one for one in symbols if scene.position_of(one) <= position)):
                drawn = self._picture(symbol or (step.symbol if step else None))
                seen = frame(scene, position, drawn, [symbol] if symbol else [], taken, trail, changed)
                number = self._kept({name: seen.pop(name) for name in _OF_A_NUMBER})
                if symbol:
                    numbers[f"{position}>{notation.key(symbol)}"] = number
                else:
                    for name in ("trail", "caption"):  # made by recorded.js; for paper
                        seen.pop(name)
                    at.append([self._kept(seen), number])
        node = {
            "number": len(self._nodes),
            "go": {},
            "taken": taken is not None,
            "group": self._group(scene),
            "way": s.code.rpartition("@")[0],
            "state": s.state,
            "broken": s.broken,
            "at": at,
            "opened": numbers,
            "around": self._kept({name: s.shown[name] for name in ("damage", "foot", "tabs")}),
            "sliders": self._kept([self._recorded(spec) for spec in s.shown["sliders"]]),
            "weights": self._kept([self._weight(symbol) for symbol in weights_that_move(s.net)]),
        }
        self._nodes.append(node)
        return node

    def _picture(self, symbol):
        name = notation.key(symbol) if symbol else ""
        if name not in self._pictures:
            self._pictures[name] = picture(self.stepper.net.n, symbol)
        return self._pictures[name]

    def _recorded(self, spec):
        """A slider whose keys lead to the next value that is recorded."""
        one, other, *_ = self.sliders.get(spec["id"], (0, spec["step"]))
        return spec | {"step": round(other - one, 10)}

    def _weight(self, symbol):
        """What stands on the second slider when this weight is picked."""
        _, l, i, j = symbol
        value, at_start = (float(net.w[l][i, j]) for net in (self.stepper.net, self._start))
        return self._recorded(slider(symbol, value, at_start, *bounds(symbol, (value, at_start))))

    def _group(self, scene):
        """The number of how the micro-steps follow each other, and what each reads."""
        group = {
            "stops": [notation.key(scene.steps[index].symbol) for index in scene.stops],
            "written": {
                notation.key(step.symbol): [scene.position_of(step.symbol), [notation.key(one) for one in step.reads]]
                for step in scene.steps
            },
        }
        return self._groups.setdefault(json.dumps(group), (len(self._groups), group))[0]

    def _kept(self, value):
        """The number of the place in the pool where a value stands; its large parts have places of their own."""
        whole = json.dumps(value, ensure_ascii=False)
        if whole not in self._places:
            if isinstance(value, dict):
                names = tuple(value)
                entry = [self._shapes.setdefault(names, len(self._shapes)), *map(self._part, value.values())]
            elif isinstance(value, (list, tuple)):
                entry = [-1, *map(self._part, value)]
            else:
                entry = value
            self._places[whole] = len(self._pool)
            self._pool.append(entry)
        return self._places[whole]

    def _part(self, value):
        """A small value as [it], a large one as the number of its place."""
        if isinstance(value, (dict, list, tuple)) and value:
            return self._kept(value)
        return self._kept(value) if isinstance(value, str) and len(value) > _SMALL else [value]

    def recording(self):
        """All of it."""
        for node in self._nodes:  # what is left as soon as something else is looked at leads where that leads
            if "look" in node["go"]:
                node["go"] |= self._nodes[node["go"]["look"]]["go"]
        return {
            "nodes": self._nodes,
            "groups": [group for _, group in self._groups.values()],
            "grid": {name: list(map(float, values)) for name, values in self.sliders.items()},
            "pictures": {name: self._kept(drawn) for name, drawn in self._pictures.items()},
            "choices": self._choices,
            "names": self._names,
            "pool": self._pool,  # after all that is put into it
            "shapes": list(self._shapes),
        }
