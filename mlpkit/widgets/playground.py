"""The playground: a network that learns while one watches, and everything about it can be changed meanwhile."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from statistics import median
from time import monotonic

import ipywidgets
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from mlpkit.core.arguments import check_whole_number
from mlpkit.core.functions import (
    BUILT_IN_ACTIVATIONS,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    softmax,
)
from mlpkit.core.given import short
from mlpkit.core.network import Network, forward, step
from mlpkit.core.training import shuffled_batches, train_epochs
from mlpkit.exercises.finding import NotRight
from mlpkit.exercises.learner import FUNCTIONS, Own, plain
from mlpkit.exercises.learner_training import OwnTraining
from mlpkit.explorers.playground import code, pictures, words
from mlpkit.explorers.playground import state as states
from mlpkit.notation import number_text
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget
from mlpkit.widgets.messages import (
    AddPoint,
    Choose,
    ChooseSigma,
    Closed,
    Drawn,
    GiveCode,
    Go,
    Layers,
    Move,
    Neurons,
    Opened,
    PlaygroundShown,
    Press,
    RemovePoint,
    Set,
)
from mlpkit.widgets.stepper import Stepper

_PICTURE_S = 0.04  # a picture at most this often
_SLICE_S = 0.03  # so long the training runs before others have their turn
_REST_S = 0.004  # and so long they have it; in the browser no message comes in without such a rest
_LOST_S = 20.0  # if the browser draws nothing for so long, nobody looks any more
_FOLLOW_S = 0.25  # the stepper gets new weights at most this often while they change
_FOLLOW_SHARE = 4  # and it then rests for so many times as long as that took
_EVER = 10**9  # epochs
_NO_POINTS = "There are no points to learn from yet: click some into the plane."


def _one_at_a_time(method):
    """JupyterLab may answer a hand in another thread than the one that trains."""

    def guarded(self, *args, **kwargs):
        with self._lock:
            return method(self, *args, **kwargs)

    guarded.__name__, guarded.__doc__, guarded.__annotations__ = method.__name__, method.__doc__, method.__annotations__
    guarded.__wrapped__ = method
    return guarded


class Playground(Widget):
    """A network, the examples that it learns, and what it makes of them: of the plane, where they are points of one.

    values: {"data", "noise", "test", "hidden", "sigma", "loss", "alpha", "batch", "pace"}. It can be set, also in part
    and while it trains, and observed: playground.values = {"alpha": 0.1, "hidden": [4, 2]}. sigma: the names of the σ
    from layer 1 on. batch: a number, or "all". pace: after how many epochs, at most, there is another picture. Where
    there is no plane, there are no data and noise, and with test examples of their own no test.
    example: the row of I and D that is chosen.
    net, I, D: what is on the screen, as the core's Network and arrays. is_test: (m,), which of the points are for
    testing. epochs: how many there have been. loss, test_loss: the mean losses now; NaN where there are no such points.
    code: the whole state as a text; set it, and the playground goes there. Without a plane there is none.
    functions: {"forward", "backward", "gradient" or "step": the learner's own}, which then make the steps and the
    pictures. kit_loss: that of the kit's own training, which goes along; NaN where there are none.
    stepper: the Stepper with the numbers of `net`, or None as long as it is not open.
    """

    takes = (
        *(Set, Choose, Move, Press, Neurons, Layers, ChooseSigma, AddPoint, RemovePoint, GiveCode, Go),
        *(Opened, Drawn, Closed),
    )
    set_by_hand = ("example",)

    _esm = module("playground.js")
    _css = style("playground.css")

    values = traitlets.Dict().tag(sync=True)
    example = traitlets.Int(0).tag(sync=True)
    # To the browser: what it draws.
    choices = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    maps = traitlets.Bytes().tag(sync=True)
    output = traitlets.Bytes().tag(sync=True)
    edges = traitlets.List().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    points = traitlets.Bytes().tag(sync=True)
    curve = traitlets.Bytes().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)  # {"code": the state as a text} where it was asked for

    _task = _box = stepper = None
    _taking = False  # whether the values or the stepper are brought into agreement with the state, by no hand

    def __init__(self, state: states.State, pace: str, functions: dict) -> None:
        self._own = Own(functions)
        self._lock = threading.RLock()
        self._sigmas = {one.name: one for one in (*BUILT_IN_ACTIVATIONS, *state.net.sigma[1:])}
        self._known_losses = {one.name: one for one in (half_squared_error, cross_entropy, state.net.loss)}
        if state.net.n[-1] > 2:
            self._sigmas[softmax.name] = softmax
            self._known_losses[categorical_cross_entropy.name] = categorical_cross_entropy
        self._state = replace(state, kit=state.net) if self._own else state
        self._pace, self._until, self._since = pace, _EVER, 0
        self._views, self._turn, self._drawn, self._heard, self._pictured = 0, 0, 0, monotonic(), 0.0
        self._followed, self._may_follow = None, 0.0
        self._problem, self._note, self._parts = "", "", ""  # why it does not go on; what was refused; what differs
        self._given, self._times = (None, None), deque(maxlen=51)  # (seconds of their epoch, of the kit's)
        self._curve, self._milestones = words.Curve(), words.Milestones()
        super().__init__(
            values=self._values(),
            example=0 if state.points.apart is None else len(state.points.given[0]),  # the first of the others
            choices=words.choices(self._sigmas.values(), self._known_losses.values(), state.batch),
        )
        self._show()
        self._box = ipywidgets.Box([self], layout=ipywidgets.Layout(flex_flow="row wrap", width="100%"))
        self.layout.flex, self.layout.min_width = "1 1 242px", "0"

    # What the learner gets.

    @property
    def net(self) -> Network:
        return self._state.net

    @property
    def I(self) -> NDArray:
        return self._state.points.all[0].copy()

    @property
    def D(self) -> NDArray:
        return self._state.points.all[1].copy()

    @property
    def is_test(self) -> NDArray:
        return self._state.points.all[2].copy()

    @property
    def epochs(self) -> int:
        return self._state.epochs

    @property
    def loss(self) -> float:
        return words.losses(self._state).training

    @property
    def test_loss(self) -> float:
        return words.losses(self._state).test

    @property
    def kit_loss(self) -> float:
        return words.losses(self._state).kit

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def code(self) -> str:
        """The state as a short text (explorers/playground/code.py). Set, it raises ValueError where it is damaged."""
        return code.written(self._state)

    @code.setter
    @_one_at_a_time
    def code(self, text):
        if not self._state.points.plane:
            raise ValueError("the examples here are in no text: a playground with a plane takes it")
        state = code.read(text, self._sigmas.values(), self._known_losses.values())
        if self._own:
            state = replace(state, kit=state.net)
        self._begin(state)

    # What a hand does.

    def start(self, epochs: int | None = None) -> None:
        """Train, until pause(). epochs: how many, or None for as many as there is time for. Nothing while it runs."""
        if self.running:
            return
        if not len(self._state.points.training[0]):
            self._tell(_NO_POINTS)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "start() needs the event loop of a notebook: in a script call train(net, I, D) instead"
            ) from None
        self._until = self._state.epochs + (_EVER if epochs is None else epochs)
        self._problem, self._note, self._since, self._heard = "", "", 0, monotonic()
        self._task = loop.create_task(self._run())
        self._show()

    def pause(self) -> None:
        """Pause; start() goes on from here."""
        if self.running:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._task = None
        self._show()

    @_one_at_a_time
    def one_step(self) -> None:
        """One step, on the next batch of the epoch. It pauses a training."""
        if self.running:
            self.pause()
        self._problem = ""
        if not len(self._state.points.training[0]):
            self._tell(_NO_POINTS)
            return
        try:
            self._state = self._stepped(self._state)
        except NotRight as problem:
            self._problem = self._said(problem.finding)
        except Exception as problem:  # a learner's own σ or L̃ may raise anything; too large a step is refused
            self._problem = self._too_large(problem)
        self._show()

    @_one_at_a_time
    def reset(self) -> None:
        """Pause, and back to the weights of the start."""
        self._begin(states.at_start(self._state))

    @_one_at_a_time
    def new_draw(self) -> None:
        """New random weights. A training goes on with them."""
        self._begin(states.drawn_anew(self._state), goes_on=True)

    def _begin(self, state, goes_on=False):
        if not goes_on or self._until < _EVER:  # one epoch does not go on with other weights
            self.pause()
        self._state, self._problem, self._parts = state, "", ""
        self._curve, self._milestones = words.Curve(), words.Milestones()
        self._since = 0
        self._agree()

    @_one_at_a_time
    def add_point(self, I: ArrayLike, D: int) -> None:
        """One more point of one's own, and these are then the set. I: (2,). D: 0 or 1. Raises ValueError."""
        self._state = states.with_point(self._state, I, D)
        self.example = len(self._state.points.own[0]) - 1
        self._agree()

    @_one_at_a_time
    def remove_point(self, k: int) -> None:
        """Take point k of one's own away, a row of I. Raises ValueError where there is none."""
        self._state = states.without_point(self._state, k)
        self._agree()

    @_one_at_a_time
    def remove_points(self) -> None:
        """Take all points of one's own away."""
        self._state = states.without_points(self._state)
        self._agree()

    @_one_at_a_time
    def open_stepper(self) -> None:
        """Show the numbers of the chosen example in a Stepper beside the pictures. It follows the training."""
        if self.stepper is None and len(self._state.points.all[0]):
            self.stepper = self._new_stepper()
            self._box.children = [self, self.stepper]
            self._show()

    @_one_at_a_time
    def close_stepper(self) -> None:
        """Take the stepper away."""
        if self.stepper is not None:
            stepper, self.stepper = self.stepper, None
            self._box.children = [self]
            _close(stepper)
            self._show()

    def press(self, id: str) -> None:
        """Press a button, such as "start", which pauses as well. Raises ValueError where there is none of this name."""
        pressed = {
            "start": self.pause if self.running else self.start,
            "step": self.one_step,
            "epoch": self._one_epoch,
            "reset": self.reset,
            "draw": self.new_draw,
            "numbers": self.open_stepper if self.stepper is None else self.close_stepper,
            "clear": self.remove_points,
            "wrong": self.next_wrong,
        }
        if id not in pressed:
            raise ValueError(f"there is no button {id!r} here: take one of {', '.join(pressed)}")
        pressed[id]()

    @_one_at_a_time
    def next_wrong(self) -> None:
        """Choose the next example that comes out wrong, of those for testing where there are any."""
        points = self._state.points
        I, D, is_test = points.all
        wrong = ~words.is_right(self.net, I, D) & (is_test | (points.testing is None)) & points.classes
        if not wrong.any():
            self._tell("No example comes out wrong." if points.testing is None else "No test example comes out wrong.")
            return
        rows = np.nonzero(wrong)[0]
        later = rows[rows > self.example]
        self.example = int(later[0] if len(later) else rows[0])

    def _one_epoch(self):
        """One epoch, or what is left of it. It pauses a training."""
        if self.running:
            self.pause()
        self.start(1)

    def close(self) -> None:
        if self.running:
            self._task.cancel()
        self.close_stepper()
        if self._box is not None:
            self._box.close()
        super().close()

    # What is set.

    def _values(self):
        state, points = self._state, self._state.points
        ours = {"data": points.data, "noise": points.noise} if points.plane else {}
        ours |= {"test": points.test} if points.apart is None else {}
        return {
            **ours,
            "hidden": state.hidden,
            "sigma": [sigma.name for sigma in state.net.sigma[1:]],
            "loss": state.net.loss.name,
            "alpha": state.alpha,
            "batch": "all" if state.batch is None else state.batch,
            "pace": self._pace,
        }

    @traitlets.validate("values")
    @_one_at_a_time
    def _valid_values(self, proposal):
        if self._taking or not hasattr(self, "_curve") or not self.shown:
            return proposal["value"]
        given = {name: value for name, value in proposal["value"].items() if self.values.get(name) != value}
        try:
            self._take(given)
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return self._values()

    def _take(self, given):
        """Change what is given, all or nothing."""
        changes = dict(given)
        pace = str(changes.pop("pace", self._pace))
        if pace not in words.PACES:
            raise ValueError(f"pace is {short(pace)}, but one of these is needed: {', '.join(words.PACES)}")
        if "batch" in changes:
            changes["batch"] = None if changes["batch"] in ("all", None) else _whole(changes["batch"])
        if "sigma" in changes:
            names = changes["sigma"]
            names = names if isinstance(names, (list, tuple)) else [names] * (self.net.L - 1)
            changes["sigma"] = [_named("sigma", name, self._sigmas) for name in names]
        if "loss" in changes:
            changes["loss"] = _named("loss", changes["loss"], self._known_losses)
        state = states.changed(self._state, **changes)
        self._pace, self._state = pace, state
        if changes:
            self._problem = ""

    @traitlets.observe("values")
    @_one_at_a_time
    def _on_values(self, change):
        if not self._taking and self.shown:
            self._agree()

    def _agree(self):
        """Bring all that is seen into agreement with the state."""
        self._taking = True
        try:
            self.values = self._values()
        finally:
            self._taking = False
        self.example = self.example  # inside what there is now
        if self.stepper is not None and not self._stepper_fits():
            self._replace_stepper()
        self._show()

    @traitlets.validate("example")
    @_one_at_a_time
    def _valid_example(self, proposal):
        most = len(self._state.points.all[0]) - 1 if hasattr(self, "_state") else 0
        return max(0, min(proposal["value"], most))

    @traitlets.observe("example")
    @_one_at_a_time
    def _on_example(self, change):
        if self.stepper is not None and self.stepper.example != self.example:
            with suppress(Exception):
                self.stepper.example = self.example
        if self.shown:
            self._show()

    # Messages.

    def _on_message(self, *message):
        self._heard = monotonic()
        with self._lock:
            super()._on_message(*message)

    def _do(self, do, **what):
        if do == "drawn":
            self._drawn = max(self._drawn, what["picture"])
        elif do == "opened":
            self._views += 1
        elif do == "closed":
            self._views = max(0, self._views - 1)
            if not self._views:
                self.pause()
        else:
            self._note = ""
            try:
                self._do_or_tell(do, **what)
            except (TypeError, ValueError, traitlets.TraitError) as problem:
                self._tell(_sentence(problem))

    def _do_or_tell(self, do, **what):
        if do == "press":
            self.press(what["id"])
        elif do == "code":
            self.told = {"code": self.code, "problem": ""}
        elif do == "choose":
            self.values = {what["name"]: what["value"]}
        elif do == "move":
            self.values = what["values"]
        elif do == "neurons":
            hidden = self._state.hidden
            hidden[what["layer"]] += what["by"]
            self.values = {"hidden": hidden}
        elif do == "layers":
            hidden = self._state.hidden
            self.values = {"hidden": [*hidden, hidden[-1] if hidden else 2] if what["by"] > 0 else hidden[:-1]}
        elif do == "sigma":
            sigma = self._values()["sigma"]
            sigma[what["layer"]] = what["value"]
            self.values = {"sigma": sigma}
        elif do == "add":
            self.add_point(what["I"], what["D"])
        elif do == "remove":
            self.remove_point(what["row"])
        elif do == "go":
            try:
                self.code = what["code"]
                self.told = {"code": self.code, "problem": "", "done": True}
            except ValueError as problem:
                self.told = {"code": what["code"][: code.LONGEST], "problem": _sentence(problem)}

    def _could_not(self, problem):
        self._tell(_sentence(f"This could not be done: {problem}"))

    def _tell(self, note):
        self._note = note
        self._show()

    # What is seen.

    @_one_at_a_time
    def _show(self):
        if not hasattr(self, "_curve"):
            return
        state = self._state
        # The stepper's numbers go first: once the browser has drawn the picture, it has drawn them too, so that neither
        # waits in line.
        self._let_stepper_follow()
        example = min(self.example, len(state.points.all[0]) - 1)
        example, said = None if example < 0 else example, []
        through = partial(self._forward, said) if "forward" in self._own.functions else forward
        try:
            losses = words.losses(state)
            maps, output = self._pictures(state, example, through)
            self._milestones.add(state.epochs, losses.test_right)
            seen = self._shown(state, losses, example, said)
        except Exception as problem:  # a learner's own σ or L̃ may raise anything
            self._problem = self._problem or f"{type(problem).__name__}: {problem}"
            losses, maps, output = words.Losses(), self.maps, self.output
            seen = self._shown(state, losses, None, said)
        self._curve.add(state.epochs, losses)
        self._turn += 1
        with self.hold_sync():
            self.maps, self.output = maps, output
            self.weights, self.curve = pictures.weights(state.net), self._curve.as_bytes()
            page = None if state.points.plane or example is None else words.page(state.points, example)
            if self._given[0] is not state.points.all or self._given[1] != page:  # they change rarely
                self._given, self.points = (state.points.all, page), self._examples(state, page)
            edges = pictures.edges(state.net)
            if self.edges != edges:
                self.edges = edges
            shown: PlaygroundShown = {**seen, "axes": self._curve.axes(), "turn": self._turn}
            self.shown = shown

    def _shown(self, state, losses, example, said):
        told = " ".join(filter(None, [self._problem, self._note, *said]))
        opened = self.stepper is not None
        return words.shown(state, losses, self.running, opened, example, told, self._beside(losses))

    def _pictures(self, state, example, through):
        """The bytes of the pictures in the neurons, and those of the output once more, where there is a plane."""
        if state.points.plane:
            return (array.tobytes() for array in pictures.maps(state.net, state.points.side, through))
        return pictures.neurons(state.net, state.points.all[0][example], through).tobytes(), b""

    def _examples(self, state, page):
        """The bytes of the points of a plane, or of the images on this page."""
        if state.points.plane:
            return pictures.points(state)
        I = state.points.all[0]
        return pictures.images(I[page.start : page.stop], I.max()).tobytes() if pictures.image_side(state.net) else b""

    def _forward(self, said, net, I):
        """The learner's forward over the plane; `said` gets why it is the kit's, where it is."""
        activations, sentence = self._own.forward(net, I)
        said += [sentence] if sentence else []
        return activations

    def _beside(self, losses):
        """Sentences on a training on the learner's functions, and without a plane on the test examples."""
        said = [] if self._state.points.plane else list(filter(None, [self._milestones.said()]))
        if not self._own:
            return said
        names = self._own.names
        if self._state.epochs == self._state.start_epochs:
            return [f"It trains on {names}, and the kit’s own training goes along, from the same weights.", *said]
        together = self._parts or f"In the first epoch every number of {names} was the kit’s."
        kits = f"The kit’s loss is {number_text(losses.kit)}."
        times = [words.how_long(names, *map(median, zip(*self._times, strict=True)))] if self._times else []
        return [together, kits, words.agreement(losses.training, losses.kit), *times, *said]

    # The training.

    def _may_draw(self):
        """Whether it is time for a picture and the browser has drawn the last one, so that none wait in line."""
        now = monotonic()
        drawn = not self._views or self._drawn >= self._turn or now - self._heard > 1
        return now - self._pictured >= _PICTURE_S and drawn

    def _goes_on(self):
        lost = self._views and monotonic() - self._heard > _LOST_S
        return self._task is asyncio.current_task() and not self._problem and not lost

    async def _run(self):
        """Epochs in short slices; between them the event loop serves buttons, sliders and cells."""
        own = ended = None
        try:
            while self._goes_on() and not ended:
                with self._lock:
                    state, since = self._state, self._since
                if not len(state.points.training[0]):
                    self._problem = _NO_POINTS
                    break
                full = self._pace != "all" and since >= int(self._pace)
                if not full:
                    if own is None or own[0] is not state:  # a hand has changed something
                        own = [state, self._epochs(state)]
                    ended = self._slice(own)
                    full = ended
                if self._may_draw() or ended:
                    self._pictured, self._since = monotonic(), 0
                    self._show()
                await asyncio.sleep(_REST_S)
        except NotRight as problem:
            self._problem = self._said(problem.finding)
        except Exception as problem:  # a learner's own σ or L̃ may raise anything
            self._problem = f"{type(problem).__name__}: {problem}"
        finally:
            if self._task in (None, asyncio.current_task()):
                self._task = None
                self._show()

    def _slice(self, own):
        """Train for a slice of time, or up to the next picture. Returns whether it has come to its end.

        own: [the State reached, its epochs], which goes on. Where a hand has changed the state meanwhile, that counts.
        """
        before, epochs = own
        end, most = monotonic() + _SLICE_S, _EVER if self._pace == "all" else int(self._pace) - self._since
        most = min(most, self._until - before.epochs)
        done, reached, diverged, finding = 0, None, False, None
        try:
            for count, now, diverged in epochs:
                if count:
                    done, reached = done + count, now
                if done >= most or diverged or monotonic() >= end:
                    break
        except NotRight as problem:
            finding = problem  # what was finished before it counts
        with self._lock:
            if self._state is not before:
                return False
            if done:
                net, kit = reached()
                self._state = own[0] = replace(before, net=net, kit=kit, epochs=before.epochs + done, left=())
            self._since += done
            if diverged:
                self._problem = (
                    f"After epoch {self._state.epochs} a weight is no longer a number: take a smaller α, and then "
                    "Reset or New draw."
                )
            if finding is not None:
                raise finding
            return self._state.epochs >= self._until

    def _epochs(self, state):
        """The epochs from a State on: each (1 or 0, a function that gives (net, kit), whether it has diverged)."""
        seed = state.points.seed + state.epochs  # each part has its own shuffles
        net, kit = state.net, state.kit
        if state.left:  # the rest of an epoch that was begun by hand
            while state.left:
                state = self._stepped(state)
            net, kit, seed = state.net, state.kit, seed + 1
            reached = (net, kit)
            yield 1, lambda: reached, False
        if not self._own:
            for run in train_epochs(net, *state.points.training, state.alpha, _EVER, state.batch, seed):
                run.loss.clear()  # it would grow for ever; the curve has what is shown
                yield 1, lambda run=run: (run.net, None), run.diverged
            return
        own = OwnTraining(self._own, *state.points.training, state.batch, partial(setattr, self, "_parts"))
        first = state.epochs == state.start_epochs
        for finished in own.epochs(net, kit, state.alpha, self._until - state.epochs, seed, watched=first):
            if not finished:
                yield 0, None, False
            for epoch in finished:
                if epoch.seconds:
                    self._times.append((epoch.seconds, epoch.kit_seconds))
                yield 1, lambda epoch=epoch: (epoch.net, epoch.kit), False

    def _stepped(self, state):
        """The State after one step, on the next batch of its epoch."""
        I, D = state.points.training
        left = state.left
        if not left:
            size = min(state.batch or len(I), len(I))
            rng = np.random.default_rng(state.points.seed + state.epochs)
            left = shuffled_batches(len(I), size, rng) if size < len(I) else [np.arange(len(I))]
        batch = I[left[0]], D[left[0]], state.alpha
        if self._own:
            net, kit = self._own.watched_step(state.net, *batch)[0], step(state.kit, *batch)
        else:
            net, kit = step(state.net, *batch), None
        left = tuple(left[1:])
        return replace(state, net=net, kit=kit, left=left, epochs=state.epochs + (not left))

    def _too_large(self, problem):
        if self._own or not isinstance(problem, ValueError):
            return f"{type(problem).__name__}: {problem}"
        return "The next step is so large that a weight is no longer a number: take a smaller α."

    def _said(self, finding):
        """Why the learner's functions do not go on, in one sentence, and what is kept."""
        sentence = plain(finding)
        if not any(self._own.name(name) in sentence for name in self._own.functions):
            sentence = f"{self._own.names}: {sentence}"
        return f"{sentence} The weights stay those after epoch {self._state.epochs}."

    # The stepper beside the plane.

    def _new_stepper(self):
        state = self._state
        I, D, _ = state.points.all
        stepper = Stepper(state.net, I, D, state.alpha, **self._own.functions)
        stepper._lock = self._lock  # each changes the other: two locks, taken in both orders, might wait for ever
        stepper.example = min(self.example, len(I) - 1)
        stepper.follow(state.net, epochs=state.epochs)
        stepper.open(("delta", 1, state.net.n[1] - 1))  # the last of the backward phase: every a, o and δ stands
        stepper.layout.flex, stepper.layout.min_width = "1000 1 840px", "0"
        self._followed = (state.net, state.alpha, False)
        self._shows = state.points.all
        stepper.observe(self._on_stepper, ["shown", "example"])
        return stepper

    def _stepper_fits(self):
        return self._shows is self._state.points.all and self.stepper.net.n == self.net.n

    def _replace_stepper(self):
        old, self.stepper = self.stepper, None
        if len(self._state.points.all[0]):
            self.stepper = self._new_stepper()
        self._box.children = [self, self.stepper] if self.stepper else [self]
        _close(old)

    @_one_at_a_time
    def _on_stepper(self, change):
        """What the hand does in the stepper happens here too: a step taken, a weight or α moved, another example."""
        stepper = self.stepper
        if self._taking or stepper is None or change["owner"] is not stepper:
            return
        if stepper.example != self.example:
            self.example = stepper.example
        if stepper.alpha != self._state.alpha:
            with suppress(traitlets.TraitError):  # the stepper knows α that have no place here
                self.values = {"alpha": stepper.alpha}
        if stepper.net is not self._followed[0] and not self.running:
            self._state = replace(self._state, net=stepper.net)
            self._followed = (stepper.net, self._state.alpha, False)
            self._show()

    def _let_stepper_follow(self):
        running = self.running
        now = (self.net, self._state.alpha, running)
        same = self._followed is not None and all(a is b or a == b for a, b in zip(now, self._followed, strict=True))
        if self.stepper is None or same or (running and monotonic() < self._may_follow):
            return
        self._followed = now
        began = monotonic()
        self._taking, before = True, self._taking
        try:
            with suppress(Exception):  # a learner's own σ or L̃ may raise anything, and the picture then tells
                self.stepper.follow(*now[:2], epochs=self._state.epochs, quiet=running)
        finally:
            self._taking = before
        ended = monotonic()
        self._may_follow = ended + max(_FOLLOW_S, _FOLLOW_SHARE * (ended - began))

    # Without a kernel.

    def __repr__(self):
        on = f", on {self._own.names}" if self._own else ""
        return f"Playground: {states.sizes_text(self.net)} on {words.on_what(self._state.points)}{on}"

    def _on_paper(self, plots):
        points = self._state.points
        if points.plane:
            return plots.plane_figure(self.net, *points.all[:2])
        if pictures.image_side(self.net):
            return plots.weights_figure(self.net)
        return plots.words_figure(f"{self!r}, mean loss {number_text(self.loss)}")


def _close(stepper):
    stepper.close()
    stepper.layout.close()


def _named(what, name, known):
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"{what} is {short(name)}, but one of these is needed: {', '.join(known)}")
    return known[name]


def _whole(given):
    """A number that a menu has written, as a whole number."""
    return int(given) if isinstance(given, str) and given.isdecimal() else given


def _sentence(problem):
    text = str(problem)
    return text if text.endswith((".", "?")) else f"{text}."


def playground(
    net: Network | None = None,
    I: ArrayLike | None = None,
    D: ArrayLike | None = None,
    *,
    data: str = "circles",
    noise: float = 0.05,
    test: float | tuple[ArrayLike, ArrayLike] = 0.0,
    alpha: float = 0.3,
    batch_size: int | None = 16,
    seed: int = 0,
    pace: int | str = "all",
    **functions: Callable | None,
) -> Playground:
    """A network learns while one watches, and everything can be changed meanwhile.

    net: where it begins; None for a random one. With 2 inputs, 1 output and at most 4 hidden layers of 8 neurons it
    learns points of a plane, which shows what it makes of it. I, D: these points, (m, 2) and (m, 1) with D = 0 or 1, at
    most 1000; None for the set `data`: "xor", "circles", "moons", "spiral", or "own" for points that one clicks in.
    noise, test: of that set, and the share of test points, each up to 0.5.
    Of another net, with at most 128 neurons in a hidden layer, I, D are its examples, (m, n^0 - 1) and
    (m, n^{L-1} - 1), and test may also be (I, D) of others. Inputs that are the pixels of a square image are shown as
    one. alpha, batch_size, seed: as in train. pace: after how many epochs, at most, there is another picture: 1, 10,
    100, or "all" for as many as it can.
    step=my_step trains on the learner's own step, or forward=, backward= and gradient= on these, beside the kit's own.
    Raises ValueError or TypeError where an argument does not fit.
    """
    for name, function in functions.items():
        if name not in FUNCTIONS:
            raise TypeError(f"{name} is no function of a training: give one of {', '.join(FUNCTIONS)}")
        if function is not None and not callable(function):
            raise TypeError(f"{name} is {short(function)}, but a function is needed: give its name alone, without ()")
    seed = check_whole_number("seed", seed, 0, "0", most=2**62)
    if str(pace) not in words.PACES:
        raise ValueError(f"pace is {short(pace)}, but one of these is needed: {', '.join(words.PACES)}")
    if (I is None) != (D is None):
        raise ValueError("I and D belong together, but only one of them is given: give both, or data= alone")
    net = Network.random([2, 4, 2, 1], seed=seed) if net is None else net
    state = states.first_state(net, I, D, data, noise, test, alpha, batch_size, seed)
    return Playground(state, str(pace), functions)
