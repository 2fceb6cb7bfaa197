"""The trainer: an explorer that trains by itself, as an asyncio task, while one watches."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike

from mlpkit.core.arguments import check_alpha, check_desired_outputs, check_inputs
from mlpkit.core.network import Network
from mlpkit.core.training import mean_loss, train_epochs
from mlpkit.exercises.finding import NotRight
from mlpkit.exercises.learner import FUNCTIONS, Own, plain
from mlpkit.exercises.learner_training import OwnTraining
from mlpkit.explorers import (
    PACES,
    Beside,
    Exploration,
    Training,
    accuracy,
    training_buttons,
    training_controls,
    training_shown,
)
from mlpkit.widgets.explorer import Explorer
from mlpkit.widgets.messages import TrainerShown
from mlpkit.widgets.stepper import Stepper

_PICTURE_S = 0.05  # a picture at most this often
_SLICE_S = 0.012  # so long the training runs before others have their turn
_REST_S = 0.004  # so long the others have their turn: in the browser 0 hardly lets a message in
_LOST_S = 20.0  # if the browser draws nothing for so long, nobody looks any more
_FOLLOW_S = 0.25  # the stepper gets new weights at most this often while they change
_FOLLOW_SHARE = 4  # and it then rests for so many times as long as that took


class Trainer(Explorer):
    """Training while one watches: Start, Stop, Reset and α work while it runs.

    I: (m, n[0] - 1), D: (m, n[L-1] - 1), m examples; test: (I, D) of others, or None. Raises ValueError or TypeError
    where an argument does not fit.
    net: the Network as it is now, to go on with in later cells. loss: the mean loss over all examples after each
    epoch so far. tested, where there are test examples: at the start and after each epoch (share of the training
    examples that come out right, share of the test examples, mean loss of the test examples).
    functions: {"forward", "backward", "gradient" or "step": the learner's own}. The steps are then theirs: where there
    is a step, it alone, else the kit's for what is missing. The map of the plane is by their forward; loss and
    accuracy are by the kit's, of the weights reached.
    kit_loss: the same as loss for the kit's own training, which then goes along; [] where there are none.
    stepper: the Stepper with the numbers of `net`, or None as long as it is not open.
    """

    _task = _box = None
    stepper = None

    def __init__(
        self,
        net: Network,
        I: ArrayLike,
        D: ArrayLike,
        test: tuple[ArrayLike, ArrayLike] | None = None,
        alpha: float = 0.5,
        epochs: int = 1000,
        batch_size: int | None = None,
        seed: int = 0,
        pace: int | str = "all",
        **functions: Callable | None,
    ) -> None:
        train_epochs(net, I, D, alpha, epochs, batch_size, seed)  # trains nothing yet, but tells what does not fit
        if not alpha > 0:
            raise ValueError(f"alpha is {alpha:g}, but a learning rate above 0 is needed here: try alpha=0.5")
        self._begin, self._examples = net, _rows(net, I, D)
        self._test = None if test is None else _rows(net, *test)
        if str(pace) not in PACES:
            raise ValueError(f"pace is {pace!r}, but one of these is needed: {', '.join(PACES)}")
        self._own = Own(_own_functions(functions))
        self._at_first, self._batch_size, self._seed = epochs, batch_size, seed
        self._views, self._turn, self._drawn, self._heard, self._pictured = 0, 0, 0, monotonic(), 0.0
        self._followed, self._may_follow = None, 0.0
        self._showing = threading.RLock()  # a button may be answered in another thread: the later picture stays
        self._training = self._from_the_start()
        controls = training_controls(check_alpha(alpha), str(pace))
        super().__init__(Exploration("Training", controls, lambda values, memory: self._picture()))
        self._box = ipywidgets.VBox([self])  # with the stepper below it, while there is one

    def _from_the_start(self):
        """A Training without an epoch. Reset puts another in its place; what still trains writes on in the old."""
        losses, beside = [mean_loss(self._begin, *self._examples)], None
        if self._own:
            through = lambda net, I: self._own.forward(net, I)[0]  # noqa: E731
            beside = Beside(self._own.names, through, self._begin, losses[:])
        training = Training(self._begin, *self._examples, self._test, self._at_first, losses, beside=beside)
        if training.test is not None:
            self._note_test(training, self._begin)
        return training

    @property
    def net(self) -> Network:
        return self._training.net

    @property
    def loss(self) -> list[float]:
        return self._training.losses[1:]

    @property
    def tested(self) -> list[tuple[float, float, float]]:
        return self._training.tested

    @property
    def kit_loss(self) -> list[float]:
        return self._training.beside.kit_losses[1:] if self._own else []

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> None:
        """Start, go on after a stop, or after the end for as many epochs again. Does nothing while it runs."""
        if self.running:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "start() needs the event loop of a notebook: in a script call train(net, I, D) instead"
            ) from None
        training = self._training
        if training.done >= training.epochs:
            training.epochs += self._at_first
        training.problem = ""
        self._heard = monotonic()
        self._task = loop.create_task(self._run())
        self._show()

    def stop(self) -> None:
        """Stop; start() goes on from here."""
        if self.running:
            # JupyterLab may have buttons answered in another thread than the one that trains
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._task = None
        self._show()

    def reset(self) -> None:
        """Stop, and back to the weights of the start."""
        self.stop()
        self._training = self._from_the_start()
        self._show()

    def open_stepper(self) -> None:
        """Show the numbers of `net` in a Stepper below, where each can be opened. It follows the training."""
        if self.stepper is None:
            stepper = Stepper(self.net, *self._examples, self.values["alpha"], **self._own.functions)
            stepper.follow(self.net, epochs=len(self.loss))
            stepper.open(("delta", 1, self.net.n[1] - 1))  # the last of the backward phase: every a, o and δ stands
            self._followed = (self.net, self.values["alpha"], False)
            self.stepper = stepper
            self._box.children = [self, stepper]
            self._show()

    def close_stepper(self) -> None:
        """Take the stepper away."""
        if self.stepper is not None:
            stepper, self.stepper = self.stepper, None
            self._box.children = [self]
            stepper.close()
            stepper.layout.close()
            self._show()

    def close(self) -> None:
        if self.running:
            self._task.cancel()
        self.close_stepper()
        if self._box is not None:
            self._box.close()
        super().close()

    def press(self, id: str) -> None:
        """Press a button: "start", "stop", "reset" or "follow", which opens the stepper and closes it."""
        pressed = {"start": self.start, "stop": self.stop, "reset": self.reset}
        pressed["follow"] = self.open_stepper if self.stepper is None else self.close_stepper
        if id not in pressed:
            raise ValueError(f"there is no button {id!r} here: take one of {', '.join(pressed)}")
        pressed[id]()

    def _on_message(self, *message):
        self._heard = monotonic()
        super()._on_message(*message)

    def _do(self, do, **what):
        if do == "drawn":
            self._drawn = max(self._drawn, what["picture"])
        elif do == "opened":
            self._views += 1
        elif do == "closed":
            self._views = max(0, self._views - 1)
            if not self._views:
                self.stop()
        else:
            super()._do(do, **what)

    def _picture(self) -> TrainerShown:
        self._turn += 1
        return {**training_shown(self._training, self.running, self.stepper is not None), "turn": self._turn}

    def _show(self):
        with self._showing:
            # The stepper's numbers go first: once the browser has drawn the picture, it has drawn them too, so that
            # neither waits in line.
            self._let_stepper_follow()
            super()._show()
            buttons = training_buttons(self._training, self.running, self.stepper is not None)
            if self.shown.get("controls") != buttons:  # the picture could not be drawn, but they can be pressed
                self.shown = {**self.shown, "controls": buttons}

    def _let_stepper_follow(self):
        running = self.running
        now = (self.net, self.values.get("alpha"), running)
        if self.stepper is None or now == self._followed or (running and monotonic() < self._may_follow):
            return
        self._followed = now
        began = monotonic()
        with suppress(Exception):  # a learner's own σ or L̃ may raise anything, and the picture then tells
            self.stepper.follow(*now[:2], epochs=len(self.loss), quiet=running)
        ended = monotonic()
        self._may_follow = ended + max(_FOLLOW_S, _FOLLOW_SHARE * (ended - began))

    def _may_draw(self):
        """Whether it is time for a picture and the browser has drawn the last one, so that none wait in line."""
        now = monotonic()
        drawn = not self._views or self._drawn >= self._turn or now - self._heard > 1
        return now - self._pictured >= _PICTURE_S and drawn

    def _left(self, now):
        return self._views and now - self._heard > _LOST_S

    def _goes_on(self):
        return self._task is asyncio.current_task()

    async def _run(self):
        """Epochs in short slices; between them the event loop serves buttons, sliders and cells."""
        training = self._training
        try:
            while (
                self._goes_on()
                and training.done < training.epochs
                and not training.problem
                and not self._left(monotonic())
            ):
                await self._train(training, self.values["alpha"])
        except NotRight as not_right:
            training.problem = self._said(not_right.finding, training.done)
        except Exception as problem:  # a learner's own σ or L̃ may raise anything
            training.problem = f"{type(problem).__name__}: {problem}"
        finally:
            if self._task in (None, asyncio.current_task()):
                self._task = None
                self._show()

    def _said(self, finding, done):
        """Why the learner's functions do not go on, in one sentence, and what is kept."""
        sentence = plain(finding)
        if not any(self._own.name(name) in sentence for name in self._own.functions):
            sentence = f"{self._own.names}: {sentence}"
        kept = f"The weights stay those after epoch {done}." if done else "The weights stay those of the start."
        return f"{sentence} {kept}"

    async def _train(self, training, alpha):
        """Until the end, or until α is moved."""
        for full in self._slices(training, alpha):
            while full and not self._may_draw():
                await asyncio.sleep(_SLICE_S)
            if (full or self.values["pace"] == "all") and self._may_draw():
                self._pictured = monotonic()
                self._show()
            await asyncio.sleep(_REST_S)
            if not self._goes_on() or self.values["alpha"] != alpha or self._left(monotonic()):
                break
        self._show()

    def _slices(self, training, alpha):
        """Trains until the end. Yields where others are to have their turn: whether the next picture is due before."""
        began, since, last = monotonic(), 0, training
        try:
            for finished in self._epochs_from_here(training, alpha):
                for last in finished:
                    self._note(training, last)
                    since += 1
                    full = self.values["pace"] != "all" and since >= int(self.values["pace"])
                    if full or last.diverged:
                        training.net = last.net
                        yield full
                        began, since = monotonic(), 0
                if monotonic() - began >= _SLICE_S:
                    training.net = last.net
                    yield False
                    began = monotonic()
        finally:
            training.net = last.net

    def _epochs_from_here(self, training, alpha):
        """The epochs that are left: an iterator over lists of those that have come to their end since the last list."""
        done = training.done
        left, seed = training.epochs - done, self._seed + done  # each part has its own shuffles
        if not self._own:
            epochs = train_epochs(training.net, *self._examples, alpha, left, self._batch_size, seed)
            return ([run] for run in epochs)
        tell = partial(setattr, training.beside, "parts")
        own = OwnTraining(self._own, *self._examples, self._batch_size, tell)
        return own.epochs(training.net, training.beside.kit, alpha, left, seed, watched=not done)

    def _note(self, training, reached):
        """Keep what an epoch has reached: a Run of the kit's, or an Epoch on the learner's functions."""
        if training.beside:
            training.losses.append(reached.loss)
            training.beside.kit = reached.kit
            training.beside.kit_losses.append(reached.kit_loss)
            if reached.seconds:
                training.beside.times.append((reached.seconds, reached.kit_seconds))
        else:
            training.losses.append(reached.loss[-1])
        if training.test is not None:
            self._note_test(training, reached.net)
        if reached.diverged:
            training.problem = f"After epoch {training.done} a weight is no longer a number: take a smaller α."

    def _note_test(self, training, net):
        shares = (accuracy(net, *examples) for examples in (self._examples, training.test))
        training.tested.append((*shares, mean_loss(net, *training.test)))

    def _on_paper(self, plots):
        return plots.panels_figure(training_shown(self._training))  # the panels also while the stepper has their place

    def _title(self):
        on = f" on {self._own.names}" if self._own else ""
        return super()._title() + on


def _own_functions(functions):
    """The learner's functions, or TypeError where one has another name or cannot be called."""
    for name, function in functions.items():
        if name not in FUNCTIONS:
            raise TypeError(f"{name} is no function of a training: give one of {', '.join(FUNCTIONS)}")
        if function is not None and not callable(function):
            raise TypeError(f"{name} is {function!r}, but a function is needed: give its name alone, without ()")
    return functions


def _rows(net, I, D):
    """Examples as rows, or ValueError."""
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    return np.atleast_2d(I), np.atleast_2d(D)


def trainer(
    net: Network,
    I: ArrayLike,
    D: ArrayLike,
    test: tuple[ArrayLike, ArrayLike] | None = None,
    alpha: float = 0.5,
    epochs: int = 1000,
    batch_size: int | None = None,
    seed: int = 0,
    pace: int | str = "all",
    **functions: Callable | None,
) -> Trainer:
    """§5: training while one watches. test: (I, D) of examples that are not trained on. The rest is as in train.

    pace: how many epochs from one picture to the next, at first: 1, 10, 100, or "all" for as many as it can.
    step=my_step trains on the learner's own step, or forward=, backward= and gradient= on these, and shows beside it
    the kit's training from the same start. Raises ValueError or TypeError where an argument does not fit.
    """
    return Trainer(net, I, D, test, alpha, epochs, batch_size, seed, pace, **functions)
