"""The Stepper: a network as a picture, played micro-step by micro-step."""

import functools
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from time import monotonic

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from mlpkit import notation
from mlpkit.core.arguments import check_alpha, check_desired_outputs, check_inputs, check_whole_number
from mlpkit.core.functions import categorical_cross_entropy, cross_entropy, sigmoid, softmax
from mlpkit.core.given import short
from mlpkit.core.network import Network, forward, step, weights_that_move
from mlpkit.exercises.compare import RTOL
from mlpkit.exercises.learner import Own
from mlpkit.exercises.result import Result
from mlpkit.stepper import code
from mlpkit.stepper.breaks import SWITCHES, damage, own_words
from mlpkit.stepper.frame import (
    Changed,
    Scene,
    bounds,
    caption,
    foot,
    frame,
    loss_after,
    slider,
    weights_to_choose,
)
from mlpkit.stepper.layout import picture
from mlpkit.stepper.updates import TRAIL
from mlpkit.tracing.micro_steps import MicroStep, trace
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.messages import Go, MoveOrType, NextEpoch, NextExample, Open, Reset, Set, StepperShown

_PATIENCE, _PATIENCE_WITH_CODE = 2.0, 10.0  # seconds that the steps of one press, or of a whole code, may take
_STEPS_OF_CODE = 10_000
_LARGEST = 1e6  # what is set by hand: of much larger numbers, sums and squares are no numbers any more


@dataclass(frozen=True)
class State:
    """Where the stepping stands: the network, the examples as rows, which of them comes next, α, and steps so far.

    way: how it came there from the start, as stepper/code.py writes it.
    """

    net: Network
    I: np.ndarray
    D: np.ndarray
    example: int
    alpha: float
    taken: int = 0
    way: tuple = ()


def _as_text(shown, widget):
    """What the browser is to show, as one text: ipywidgets would search plain data for buffers at every move."""
    return json.dumps(shown, ensure_ascii=False)


def _with_values(now, values):
    """The State with inputs and desired outputs of its example, α or weights set: {symbol: number}."""
    can_be_set = _can_be_set(now.net)
    for symbol, number in values.items():
        kind, *place = symbol
        if symbol not in can_be_set:
            raise ValueError(f"{notation.key(symbol)} is no number that can be set here: move a slider that is there")
        if isinstance(number, bool) or not isinstance(number, Real) or not abs(number) <= _LARGEST:
            raise ValueError(
                f"{notation.text(symbol)} was to be {_told(number)}, but a number from −10⁶ to 10⁶ is needed here; it "
                "stays as it was"
            )
        number = float(number)
        if kind == "alpha":
            now = replace(now, alpha=check_alpha(number))
        elif kind == "w":
            w = [array.copy() for array in now.net.w]
            w[place[0]][place[1], place[2]] = number
            now = replace(now, net=Network(w, now.net.sigma, now.net.loss))
        else:
            rows = getattr(now, kind).copy()
            rows[now.example, place[0] - 1] = number
            now = replace(now, **{kind: rows})
        now = replace(now, way=code.moved(now.way, symbol, number))
    return now


def _can_be_set(net):
    """The symbols of the numbers that a hand may set."""
    inputs, outputs = (("I", i) for i in range(1, net.n[0])), (("D", j) for j in range(1, net.n[-1]))
    return {("alpha",), *inputs, *outputs, *weights_that_move(net)}


def _told(number):
    return f"{number:g}" if isinstance(number, (float, np.floating)) else short(number)


_STOPPED = "Stopped after"


def _too_long(seconds, now):
    return f"{_STOPPED} {seconds:g} seconds, before example {now.example + 1} of {len(now.I)}."


def _no_state(problem):
    return ValueError(f"The code leads to no state: {problem[0].lower()}{problem[1:]}")


def _told_by_the_kit(problem):
    """Whether an exception was raised in the kit, and not in a function of the learner's that the kit has called."""
    at = problem.__traceback__
    while at.tb_next:
        at = at.tb_next
    return at.tb_frame.f_globals["__name__"].startswith("mlpkit.")


def _sentence(problem):
    text = str(problem)
    return text if text.endswith((".", "?")) else f"{text}."


def _one_at_a_time(method):
    """JupyterLab may answer a hand in another thread than the one that runs a cell."""

    @functools.wraps(method)
    def guarded(self, *args, **kwargs):
        with self._lock:
            return method(self, *args, **kwargs)

    return guarded


class Stepper(Widget):
    """One example after another carried through forward, backward and step.

    net: a Network. I, D: one example, (n[0] - 1,) and (n[L-1] - 1,), or several as rows. alpha: the learning rate.
    position: how many micro-steps have been made at first; without it, all of them: the whole step is computed.
    task: what is to be done here, in words that stand beside the sliders; there is room for some fifty letters.
    view: what stands beside the picture: "equation", "matrix", "updates" (the way of every weight) or "break"
    (mistakes made on purpose).
    forward, backward, gradient, step: functions of the learner's own, called as the kit's are. Their numbers are shown
    in place of the kit's; those that are not the kit's are marked, and the first of them can be opened.
    Raises ValueError where net, I, D, alpha and position do not fit, TraitError where view is none of the
    four and where task is no text.

    position: how many micro-steps have been made (0: none yet). example: which row of I and D is on the screen.
    alpha: the learning rate. picked: the weight on the slider, such as "w-1-2-1". state: which of the states that the
    steps led through is on the screen; 0 is the start. These five can be set, observed and linked to other widgets;
    what does not fit is moved to the nearest value that does.
    broken: the mistakes that are made on purpose, such as ["slope"]; the names are those of trace's `broken`.
    opened: the numbers that were opened one from the other, as words such as "delta-1-2"; [] if none is.
    view: which of "equation", "matrix", "updates" and "break" stands beside the picture.
    task: what is to be done, in words, as it stands beside the sliders.
    net: the Network as it is now, with every step that was taken. losses: the loss of each example before its step.
    """

    _quiet = False
    _at_first = None  # the position that was asked for, or None for the end of the step
    _chosen = False  # whether the learner has chosen what stands beside the picture
    _turning = False  # whether it is turned unasked
    _taken = None  # a step just taken: (the Scene that it was taken from, its example); None after any other move
    _changed = ()  # the symbols that the last move has changed
    _after = (None, None)  # (a Scene, the loss after its step)
    _trained = None
    _esm = module("stepper.js")
    _css = style("stepper.css")
    takes = (Set, MoveOrType, Open, Go, NextExample, NextEpoch, Reset)
    set_by_hand = ("position", "example", "state", "picked", "opened", "broken", "view", "new")
    linked = ("alpha",)

    position = traitlets.Int(0).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True)
    alpha = traitlets.Float(0.5).tag(sync=True)
    state = traitlets.Int(0).tag(sync=True)
    picked = traitlets.Unicode().tag(sync=True)
    opened = traitlets.List(traitlets.Unicode()).tag(sync=True)
    broken = traitlets.List(traitlets.Enum(tuple(SWITCHES))).tag(sync=True)
    picture = traitlets.Dict().tag(sync=True)  # to the browser: where things are drawn
    shown = traitlets.Dict().tag(sync=True, to_json=_as_text)  # to the browser: what they show
    weights = traitlets.List().tag(sync=True, to_json=_as_text)  # to the browser: what can be put on the slider
    new = traitlets.Bool(True).tag(sync=True)  # until it is on the screen for the first time
    view = traitlets.Unicode("equation").tag(sync=True)
    task = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        net: Network,
        I: ArrayLike,
        D: ArrayLike,
        alpha: float = 0.5,
        *,
        position: int | None = None,
        view: str | None = None,
        task: str = "",
        forward: Callable | None = None,
        backward: Callable | None = None,
        gradient: Callable | None = None,
        step: Callable | None = None,
    ) -> None:
        I = np.atleast_2d(check_inputs(net, I)).copy()
        D = np.atleast_2d(check_desired_outputs(net, D, np.shape(D)[:-1])).copy()
        if I.ndim != 2 or len(I) != len(D):
            raise ValueError(
                f"I has {len(I)} examples and D {len(D)}, but each example needs its desired outputs: "
                "give both as one row for each example"
            )
        self._own = Own({"forward": forward, "backward": backward, "gradient": gradient, "step": step})
        self._lock = threading.RLock()
        self._begin(State(net, I, D, 0, check_alpha(alpha)))
        self._at_first = position if position is None else check_whole_number("position", position, 0, "0")
        super().__init__(
            alpha=self._now.alpha,
            picked=notation.key(weights_that_move(net)[-1]),
            position=self._first_position(),
            task=task,
        )
        self._turn_to(self._first_view() if view is None else view)
        self._chosen = view is not None
        self._show()

    @classmethod
    def of(cls, r: Result) -> "Stepper":
        """The first number that differs in what a check found, opened on the network and example where it differs.

        r: what check.forward, check.backward, ... gave. The learner's function drives the Stepper where it can be:
        forward, backward, gradient and step. Elsewhere the number is the kit's. Raises ValueError where r has no number
        that differs, and where it differs in a batch only.
        """
        if getattr(r, "spot", None) is None:
            why = "the function is right" if getattr(r, "passed", False) else "its message says what to mend first"
            raise ValueError(f"there is no number to open: {why}")
        spot = r.spot
        if np.ndim(spot.I) > 1:
            raise ValueError(
                "the number differs in a batch, and a Stepper shows one example at a time: "
                "the message has the number and its equation"
            )
        stepper = cls(spot.net, spot.I, spot.D, spot.alpha, position=0, **spot.functions)
        stepper.open(spot.symbol)
        return stepper

    def _begin(self, start):
        """A history with one state. It is left as it was if the state cannot be shown."""
        self._take(start)
        self._taken, self._changed = None, ()
        self._problem = ""
        self._code_problem = ""  # told once, beside the field that it is about
        self._start = start
        self._states = [start]
        self._losses = []
        self._reached = {}  # of each symbol on a slider: the least and the greatest value since the start

    @property
    def net(self) -> Network:
        return self._now.net

    @net.setter
    def net(self, net):
        """Another network, with a history of its own: Reset comes back to it."""
        self.follow(net)

    @_one_at_a_time
    def follow(self, net: Network, alpha: float | None = None, epochs: int | None = None, quiet: bool = False) -> None:
        """Go on with another network, such as one in training. Like `stepper.net = net`, with a history of its own.

        The example, the micro-step and what is open stay as they are. alpha: the learning rate, if it is to be another.
        epochs: for how many the network has been trained; the stepper counts on from there. quiet: nothing is spoken of
        the new numbers. Raises TypeError or ValueError where net or alpha does not fit.
        """
        if not isinstance(net, Network):
            raise TypeError(f"net is {net!r}, but a Network is needed: make one with Network(w, sigma, loss)")
        now = self._now
        check_inputs(net, now.I)
        check_desired_outputs(net, now.D, now.I.shape[:-1])
        at_the_end = self.position == len(self._scene.stops)
        self._quiet = quiet
        try:
            self._begin(State(net, now.I, now.D, now.example, now.alpha if alpha is None else check_alpha(alpha)))
            self._trained = epochs
            self._follow(len(self._scene.stops) if at_the_end else None)
        finally:
            self._quiet = False

    @property
    def losses(self) -> list[float]:
        return self._losses[: self._now.taken]

    @property
    def code(self) -> str:
        """The way from the start to what is on the screen, as a short text such as "I1=0.7 n3 @21" (stepper/code.py).

        Set it, and the stepper starts anew and goes that way. Raises ValueError where it does not lead anywhere.
        """
        opened = [notation.symbol_of(word) for word in self.opened]
        return code.written(code.broken(self._now.way, self.broken), self.position, opened)

    @code.setter
    @_one_at_a_time
    def code(self, text):
        moves = code.read(text)
        self._require_moves(moves)
        # The whole way is gone on plain data first: where it leads nowhere, nothing here has been touched.
        try:
            now, states, losses, broken, position, opened, seen = self._walked(moves)
        except Exception as problem:
            if isinstance(problem, ValueError) and _told_by_the_kit(problem):
                raise
            what = f"{type(problem).__name__}: {problem}"  # a learner's own σ or L̃ may raise anything
            raise ValueError(f"The code leads to no state: on its way σ or L̃ stops with {what}") from problem
        self._problem = self._code_problem = ""
        self._states, self._losses, self._reached = states, losses, {}
        self._now, self._mistakes, (self._scene, self._own_sentences) = now, broken, seen
        with self.hold_trait_notifications():
            self.broken, self.example, self.alpha = list(broken), now.example, now.alpha
            self.state, self.position = len(states) - 1, position
        self.opened = opened
        self._taken, self._changed = None, ()  # it leads to a state, not to what was done last
        self._show()

    def _walked(self, moves):
        """Where these moves lead: (State, states, losses, mistakes, position, opened, what is seen)."""
        end = monotonic() + _PATIENCE_WITH_CODE
        now, states, losses = self._start, [self._start], []
        broken, position, opened = (), self._first_position(), []
        seen = None  # of the state so far, made where it is needed
        for k, (what, value) in enumerate(moves, 1):
            if what in ("broken", "position", "open"):
                scene, _ = seen = seen or self._seen(now, broken)
            if what == "set":
                now, seen = _with_values(now, dict([value])), None
            elif what == "example" and value != now.example:
                now, seen = replace(now, example=value, way=code.looked_at(now.way, value)), None
            elif what == "broken":
                at, broken = scene.step_at(position), tuple(dict.fromkeys(value))
                seen = self._seen(now, broken)
                position, opened = seen[0].position_of(at.symbol) if at else 0, []
            elif what == "step":
                after, new, problem, _ = self._steps(now, value, broken, _PATIENCE_WITH_CODE, end)
                if problem:
                    raise _no_state(problem)
                if new:
                    states[-1:], losses = [now, after], losses + new
                    now, seen = after, None
            elif what == "position":
                position, opened = min(value, len(scene.stops)), []
            elif what == "open" and scene.position_of(value) <= position:
                opened.append(notation.key(value))
            if monotonic() > end and k < len(moves):
                raise _no_state(_too_long(_PATIENCE_WITH_CODE, now))
        states[-1] = now
        seen = seen or self._seen(now, broken)
        return now, states, losses, broken, min(position, len(seen[0].stops)), opened, seen

    def _require_moves(self, moves):
        """Raises ValueError where this stepper has no such number, example or mistake."""
        own = f"not of this network, with n = {self.net.n}, and its {len(self._now.I)} examples: was the same cell run?"
        given = _can_be_set(self.net)
        for what, value in moves:
            if what == "set" and value[0] not in given:
                raise ValueError(f"The code sets {code.name_of(value[0])}, which is {own}")
            if what == "open" and value not in self._scene.written_at:
                raise ValueError(f"The code opens {code.name_of(value)}, which is {own}")
            if what == "step" and value > _STEPS_OF_CODE:
                raise ValueError(f"The code takes {value} steps, but a code may take {_STEPS_OF_CODE} at a time")
            if what == "example" and not 0 <= value < len(self._now.I):
                raise ValueError(f"The code goes to example {value + 1}, which is {own}")
            if what == "broken" and (unknown := set(value) - set(SWITCHES)):
                raise ValueError(f"The code has the mistake {min(unknown)}, but there are {', '.join(SWITCHES)}")

    @property
    def steps(self) -> list[MicroStep]:
        """The trace of the example on the screen, as trace(net, I, D, alpha) gives it."""
        return self._scene.steps

    @_one_at_a_time
    def open(self, symbol: tuple | None = None) -> None:
        """Open a number, such as ("delta", 1, 2): show the micro-step that writes it.

        What is not written yet is reached by stepping on to it. The way back is kept from a number to one that it
        was made of. A weight comes on the slider as well.
        Without a symbol it is ipywidgets' own `open`, which connects the widget to the browser.
        """
        if symbol is None:
            super().open()
            return
        symbol = tuple(symbol)
        if symbol not in self._scene.written_at:
            raise ValueError(
                f"{symbol} is no symbol of this network: give a kind and its indices from 0, such as "
                '("o", 1, 2) or ("w", 0, 1, 2)'
            )
        if symbol in weights_that_move(self.net):
            self.picked = notation.key(symbol)
        position = self._scene.position_of(symbol)
        if position > self.position:
            self.position = position
        elif symbol != self._open_symbol():
            at = self._open_symbol()
            from_here = at is not None and symbol in self._scene.step_of(at).reads
            self.opened = [*(self.opened if from_here else ()), notation.key(symbol)]

    def _open_symbol(self):
        """The symbol whose micro-step is on the screen, or None before the first."""
        at = self._scene.step_at(self.position)
        return notation.symbol_of(self.opened[-1]) if self.opened else at.symbol if at else None

    def next_example(self) -> None:
        """Take the step of this example and go on with the next one, from the new weights."""
        self._take_steps(1)

    def next_epoch(self) -> None:
        """Take the steps of this example and of all after it, up to the last, each from the weights before it."""
        self._take_steps(len(self._now.I) - self._now.example)

    @_one_at_a_time
    def _take_steps(self, count):
        broken, end = tuple(self.broken), monotonic() + _PATIENCE
        now, losses, problem, last = self._steps(self._now, count, broken, _PATIENCE, end)
        if problem.startswith(_STOPPED):
            problem += " Press again to go on."
        if losses:
            before = self._scene if len(losses) == 1 else Scene(last.net, self._trace(last, broken)[0])
            # What was reached from here before is replaced: the steps go on from this state.
            self._states[self.state :] = [self._now, now]
            self._losses[self._now.taken :] = losses
            self._take(now)
            self.set_trait("state", len(self._states) - 1)
            self._taken, self._changed = (before, last.example), ()
            if not self._chosen:
                self._turn_to("updates")
            self._follow()
        self._problem = problem
        if problem:
            self._show()

    def _steps(self, now, count, broken, seconds, end):
        """Up to `count` steps, until the time is `end`.

        Returns (the State after them, the loss before each, why they go no further or "", the State before the last).
        """
        losses, last = [], None
        for k in range(count):
            try:
                net, loss = self._one_step(now, broken)
            except ValueError:
                return now, losses, self._why_no_step(now, broken), last
            losses.append(loss)
            last = now
            way = code.stepped(code.broken(now.way, broken))
            now = State(net, now.I, now.D, (now.example + 1) % len(now.I), now.alpha, now.taken + 1, way)
            if monotonic() > end and k + 1 < count:
                return now, losses, _too_long(seconds, now), last
        return now, losses, "", last

    def _one_step(self, now, broken):
        """(the network after the step of one example, the loss before it)"""
        I, D = now.I[now.example], now.D[now.example]
        if not broken and not self._own:
            net = step(now.net, I, D, now.alpha)  # refused where it overflows
            with np.errstate(over="ignore"):
                _, o = forward(now.net, I)
                return net, float(now.net.loss.value(o[-1][1:], D))
        w = [array.copy() for array in now.net.w]
        for micro_step in self._trace(now, broken)[0]:
            kind, *place = micro_step.symbol
            if kind == "w_new":
                l, i, j = place
                w[l][i, j] = micro_step.value
            elif kind == "loss":
                loss = micro_step.value
        return Network(w, now.net.sigma, now.net.loss), loss

    def _why_no_step(self, now, broken):
        scene, _ = self._seen(now, broken)
        if any(symbol[0] == "w_new" and symbol[3] == 0 for symbol in scene.off):
            mend = f"switch “{SWITCHES['delta_0'][0]}” off, or reset" if broken else "leave column 0 as it is"
            return f"This step moves a fixed column, and what comes of it is no network of these lessons: {mend}."
        return "This step is so large that a weight is no longer a number. Take a smaller α, or reset."

    @_one_at_a_time
    def reset(self) -> None:
        """Everything as it was at the start, and no mistake made on purpose."""
        self.broken, self.opened = [], []
        self._begin(self._start)
        self._follow(self._first_position())
        if not self._chosen:
            self._turn_to(self._first_view())

    # A change is computed whole before anything is replaced, so that a bad number leaves everything as it was.

    def _take(self, now):
        mistakes = tuple(self.broken)
        self._scene, self._own_sentences = self._seen(now, mistakes)
        self._now, self._mistakes = now, mistakes

    def _seen(self, now, broken):
        """(the Scene of a state, what is said of the learner's numbers)"""
        steps, sentences = self._trace(now, broken)
        right = trace(now.net, now.I[now.example], now.D[now.example], now.alpha) if broken or self._own else ()
        scene = Scene(now.net, steps, right, **({"slack": RTOL} if self._own else {}))
        if hasattr(self, "_scene"):
            scene.take_places_of(self._scene)
        return scene, sentences

    def _trace(self, now, broken):
        """(the micro-steps with the mistakes made on purpose, or with the learner's numbers; what is said of those)"""
        example = now.I[now.example], now.D[now.example], now.alpha
        if not self._own:
            return trace(now.net, *example, broken), []
        numbers, sentences = self._own.numbers(now.net, *example)
        return trace(now.net, *example, own=numbers), sentences

    def _change(self, **what):
        """Another net, I, D, example or alpha in the state on the screen."""
        self._move_to(replace(self._now, **what))
        self._problem = ""
        self._follow()

    def _move_to(self, now):
        """What a hand has changed in the state on the screen, and all that changes with it."""
        before = self._scene
        self._take(now)
        self._taken = None
        self._changed = Changed(before, self._scene)

    def _follow(self, position=None):
        """Bring the traits into agreement with the state on the screen, and show it."""
        now = self._now
        with self.hold_trait_notifications():
            self.example, self.alpha, self.state = now.example, now.alpha, min(self.state, len(self._states) - 1)
            self.position = min(self.position if position is None else position, len(self._scene.stops))
            self.opened = [word for word in self.opened if notation.symbol_of(word) in self._scene.written_at]
            words = self._weights()
            if self.picked not in words:
                self.picked = words[-1]
        self._show()

    def _first_position(self):
        return len(self._scene.stops) if self._at_first is None else min(self._at_first, len(self._scene.stops))

    def _tabs(self):
        """{view: the text of its tab}; a ≠ where a number is not what it should be."""
        last = ("Yours" if self._own else "Break it") + (" ≠" if self._scene.off else "")
        return dict(zip(VIEWS, ("Equation", "Matrix", "Updates", last), strict=True))

    def _first_view(self):
        """What stands beside the picture as long as nobody has chosen it."""
        if self._own:
            return "break"  # what is to be said of the learner's functions
        return "updates" if self.position == len(self._scene.stops) else "equation"

    def _turn_to(self, view):
        """Put something else beside the picture, unasked."""
        self._turning = True
        try:
            self.view = view
        finally:
            self._turning = False

    @traitlets.observe("view")
    @_one_at_a_time
    def _on_view(self, change):
        self._chosen = self._chosen or not self._turning

    @validate("view")
    def _valid_view(self, proposal):
        if proposal["value"] not in VIEWS:
            raise ValueError(
                f"view is {proposal['value']!r}, but what can stand beside the picture is {', '.join(VIEWS[:-1])} or "
                f"{VIEWS[-1]}"
            )
        return proposal["value"]

    @validate("state")
    def _valid_state(self, proposal):
        return min(max(0, int(proposal["value"])), len(self._states) - 1)

    @validate("position")
    def _valid_position(self, proposal):
        return min(max(0, int(proposal["value"])), len(self._scene.stops))

    @validate("example")
    def _valid_example(self, proposal):
        return min(max(0, int(proposal["value"])), len(self._now.I) - 1)

    @validate("alpha")
    def _valid_alpha(self, proposal):
        return check_alpha(proposal["value"])

    @validate("picked")
    def _valid_picked(self, proposal):
        movable = self._weights()
        if proposal["value"] not in movable:
            raise ValueError(
                f"picked is {proposal['value']!r}, but it must be a weight outside the fixed column: "
                f"{movable[0]} to {movable[-1]}"
            )
        return proposal["value"]

    @validate("broken")
    def _valid_broken(self, proposal):
        return list(dict.fromkeys(proposal["value"]))

    def _weights(self):
        """The words of the weights that can be picked."""
        return [weight["value"] for weight in weights_to_choose(self.net.n)]

    @validate("opened")
    def _valid_opened(self, proposal):
        symbols = dict.fromkeys(map(notation.symbol_of, proposal["value"]))
        return [notation.key(symbol) for symbol in symbols if symbol in self._scene.written_at]

    @traitlets.observe("position", "picked", "opened")
    @_one_at_a_time
    def _on_position(self, change):
        if change["name"] == "position":
            self.opened = []
            self._taken, self._changed = None, ()
        if change["name"] != "picked" and (self.opened or not self._chosen):
            self._turn_to_equation()
        self._show()

    def _turn_to_equation(self):
        """A number that is opened, or stepped to, has its equation beside the picture, or its matrix form."""
        if self.view not in ("equation", "matrix"):
            self._turn_to("equation")

    @traitlets.observe("example", "alpha")
    @_one_at_a_time
    def _on_example_or_alpha(self, change):
        way = self._now.way
        if self.example != self._now.example:
            way = code.looked_at(way, self.example)
        if self.alpha != self._now.alpha:
            way = code.moved(way, ("alpha",), self.alpha)
        if way != self._now.way:
            self._change(example=self.example, alpha=self.alpha, way=way)

    @traitlets.observe("state")
    @_one_at_a_time
    def _on_state(self, change):
        if self._now is self._states[self.state]:
            return
        self._states[change["old"]] = self._now  # with what the sliders made of it
        self._take(self._states[self.state])
        self._taken, self._changed = None, ()
        self._problem = ""
        self._follow()

    @traitlets.observe("broken")
    @_one_at_a_time
    def _on_broken(self, change):
        if self._mistakes == tuple(self.broken):
            return
        at = self._scene.step_at(self.position)
        self._move_to(self._now)
        # the same number stays on the screen, wherever its step now is
        self.position = self._scene.position_of(at.symbol) if at else 0
        self._problem = ""
        self._follow()

    def _set_values(self, values):
        """Set inputs and desired outputs of the example, α or weights: {symbol: number}."""
        self._move_to(_with_values(self._now, values))
        self._problem = ""
        self._follow()

    @_one_at_a_time
    def _on_message(self, *message):
        super()._on_message(*message)

    def _perform(self, asked):
        self._problem = ""
        before = self.shown
        super()._perform(asked)
        if self.shown is before:  # what was told before is no longer so
            self._show()

    def _could_not(self, problem):
        self._problem = _sentence(f"This could not be done: {problem}")
        self._show()

    def _do(self, do, **what):
        """One thing that the hand asks for."""
        if do in ("next_example", "next_epoch", "reset"):
            getattr(self, do)()
        elif do == "move":
            values = {notation.symbol_of(word): number for word, number in what["values"].items()}
            if what.get("typed"):  # no hand is on the slider, so that it may have its first range again
                for symbol in values:
                    self._reached.pop(symbol, None)
            try:
                self._set_values(values)
            except ValueError as problem:
                self._problem = _sentence(problem)
                self._show()
        elif do == "go":
            try:
                self.code = what["code"]
            except ValueError as problem:
                self._code_problem = _sentence(problem)
                self._show()
        elif do == "open":
            _, *place = symbol = notation.symbol_of(what["symbol"])
            new = ("w_new", *place)
            if what["edge"]:  # the number at an edge is the new weight as soon as there is one
                self.picked = notation.key(symbol)
                made = self._taken or self._scene.position_of(new) > self.position
                symbol = symbol if made else new
            self.open(symbol)

    def _show(self):
        now = self._now
        opened = [notation.symbol_of(word) for word in self.opened]
        drawn = picture(self.net.n, self._open_symbol())
        if self.picture != drawn:
            self.picture = drawn
        choices = weights_to_choose(self.net.n)
        if self.weights is not choices:
            self.weights = choices
        after = self._loss_after()
        taken = self._taken[0] if self._taken else None
        now_shown: StepperShown = {
            **frame(self._scene, self.position, drawn, opened, taken, self._trail(), self._changed),
            "sliders": self._sliders(),
            "picked": self.picked,
            "damage": own_words(self._scene, self._own.names, self._own_sentences)
            if self._own
            else damage(self._scene, now.I[now.example], now.D[now.example], self.broken, after),
            "foot": foot(
                self._scene,
                now.example,
                len(now.I),
                self.losses,
                self.state,
                len(self._states),
                self._trained,
                after=after,
                step=self._loss_of_step(),
            ),
            "tabs": self._tabs(),
            "start": self._first_position(),
            "code": self.code,
            "problem": self._problem,
            "code_problem": self._code_problem,
            **({"spoken": self.shown.get("spoken", "")} if self._quiet else {}),
        }
        self.shown = now_shown
        self._code_problem = ""

    def _trail(self):
        """The weights of the states before those that the way on the screen begins with, the last one first."""
        end = self.state - 1 if self._taken else self.state
        return [state.net.w for state in reversed(self._states[max(0, end - TRAIL) : max(0, end)])]

    def _loss_after(self):
        """The loss of this example with the new weights, or None where they are no network's; once for each Scene."""
        if self._after[0] is not self._scene:
            I, D = self._now.I[self._now.example], self._now.D[self._now.example]
            self._after = self._scene, loss_after(self._scene, I, D, self._own or None)
        return self._after[1]

    def _loss_of_step(self):
        """(example, loss before, loss after) of the step just taken, or None."""
        if not self._taken:
            return None
        before, example = self._taken
        now = self._now
        after = loss_after(before, now.I[example], now.D[example], self._own or None)
        return example, before.value(("loss",)), after

    def _sliders(self):
        now, start = self._now, self._start
        unit = now.net.loss in (cross_entropy, categorical_cross_entropy) or now.net.sigma[-1] in (sigmoid, softmax)
        weight = notation.symbol_of(self.picked)
        _, l, i, j = weight
        example = now.example
        values = [
            (("alpha",), now.alpha, start.alpha),
            (weight, now.net.w[l][i, j], start.net.w[l][i, j]),
        ]
        given = [
            [(("I", k), x, start.I[example, k - 1]) for k, x in enumerate(now.I[example][:_INPUTS], 1)],
            [(("D", k), x, start.D[example, k - 1]) for k, x in enumerate(now.D[example][:_OUTPUTS], 1)],
        ]
        if len(given[0]) + len(given[1]) > _IN_SIGHT:  # the last ones are to be scrolled to: what is wanted stays
            given.reverse()
        values += [*given[0], *given[1]]
        return [self._slider(symbol, float(value), float(at_start), unit) for symbol, value, at_start in values]

    def _slider(self, symbol, value, at_start, unit):
        values = (*self._reached.get(symbol, ()), value, at_start)
        self._reached[symbol] = reached = min(values), max(values)
        return slider(symbol, value, at_start, *bounds(symbol, reached, unit))

    def __repr__(self):
        sizes = "-".join(str(n - 1) for n in self.net.n)
        return f"Stepper of a {sizes} network: {caption(self._scene, self.position)}"

    def _on_paper(self, plots):
        return plots.network_figure(self.picture, self.shown)


_INPUTS, _OUTPUTS = 8, 4  # more than these are not put on sliders
_IN_SIGHT = 3  # of them, beside α and the weight
VIEWS = ("equation", "matrix", "updates", "break")
