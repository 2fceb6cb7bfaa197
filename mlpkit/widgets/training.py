"""The trainer: an explorer that trains by itself, as an asyncio task, while one watches."""

import asyncio
import threading
from collections import deque
from contextlib import suppress
from statistics import median
from time import monotonic

import ipywidgets
import numpy as np

from mlpkit import explorations
from mlpkit.network import check_alpha, check_desired_outputs, check_inputs
from mlpkit.own import FUNCTIONS, Own, plain
from mlpkit.own_training import Epoch, OwnTraining
from mlpkit.running import Finding
from mlpkit.training import train_epochs
from mlpkit.widgets.explorer import Explorer
from mlpkit.widgets.stepper import Stepper

_PICTURE_S = 0.05  # a picture at most this often
_SLICE_S = 0.012  # so long the training runs before others have their turn
_LOST_S = 20.0  # if the browser draws nothing for so long, nobody looks any more
_FOLLOW_S = 0.25  # the stepper gets new weights at most this often while they change
_FOLLOW_SHARE = 4  # and it then rests for so many times as long as that took
_TIMED = 51  # of so many last epochs the median time is shown


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

    def __init__(self, net, I, D, test=None, alpha=0.5, epochs=1000, batch_size=None, seed=0, pace="all", **functions):
        I, D = _rows(net, I, D)
        if test is not None:
            test = _rows(net, *test)
        next(train_epochs(net, I, D, alpha, epochs, batch_size, seed))  # tells at the door what does not fit
        if not alpha > 0:
            raise ValueError(f"alpha is {alpha:g}, but a learning rate above 0 is needed here: try alpha=0.5")
        self._data = (I, D, test)
        self._begin = net
        if str(pace) not in explorations.PACES:
            raise ValueError(f"pace is {pace!r}, but one of these is needed: {', '.join(explorations.PACES)}")
        self._own = Own(_own_functions(functions))
        self._own_training = OwnTraining(self._own, I, D, batch_size, self._tell)
        self._at_first, self._batch_size, self._seed = epochs, batch_size, seed
        self._views, self._turn, self._drawn, self._heard = 0, 0, 0, monotonic()
        self._followed, self._may_follow = None, 0.0
        self._showing = threading.RLock()  # a button may be answered in another thread: the later picture stays
        self._clear()
        controls = explorations.training_controls(check_alpha(alpha), str(pace))
        super().__init__(explorations.Exploration("Training", controls, lambda values, memory: self._picture()))
        self._box = ipywidgets.VBox([self])  # with the stepper below it, while there is one

    def _clear(self):
        self.net, self._problem, self._epochs = self._begin, "", self._at_first
        I, D, _ = self._data
        self._losses = [explorations.mean_loss(self.net, I, D)]
        self.tested = []
        self._test(self.net, self.tested)
        self._kit, self._kit_losses, self._parts = self._begin, self._losses[:], ""
        self._times = deque(maxlen=_TIMED)  # (an epoch of theirs, one of the kit's), in seconds

    def _tell(self, sentence):
        self._parts = sentence

    @property
    def loss(self):
        return self._losses[1:]

    @property
    def kit_loss(self):
        return self._kit_losses[1:] if self._own else []

    @property
    def running(self):
        return self._task is not None and not self._task.done()

    def start(self):
        """Start, go on after a stop, or after the end for as many epochs again. Does nothing while it runs."""
        if self.running:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                "start() needs the event loop of a notebook: in a script call train(net, I, D) instead"
            ) from None
        if len(self._losses) > self._epochs:
            self._epochs += self._at_first
        self._problem = ""
        self._heard = monotonic()
        self._task = loop.create_task(self._run())
        self._show()

    def stop(self):
        """Stop; start() goes on from here."""
        if self.running:
            # JupyterLab may have buttons answered in another thread than the one that trains
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        self._task = None
        self._show()

    def reset(self):
        """Stop, and back to the weights of the start."""
        self.stop()
        self._clear()
        self._show()

    def open_stepper(self):
        """Show the numbers of `net` in a Stepper below, where each can be opened. It follows the training."""
        if self.stepper is None:
            I, D, _ = self._data
            stepper = Stepper(self.net, I, D, self.values["alpha"], **self._own.functions)
            stepper.follow(self.net, epochs=len(self.loss))
            stepper.open(("delta", 1, self.net.n[1] - 1))  # the last of the backward phase: every a, o and δ stands
            self._followed = (self.net, self.values["alpha"], False)
            self.stepper = stepper
            self._box.children = [self, stepper]
            self._show()

    def close_stepper(self):
        """Take the stepper away."""
        if self.stepper is not None:
            stepper, self.stepper = self.stepper, None
            self._box.children = [self]
            stepper.close()
            stepper.layout.close()
            self._show()

    def close(self):
        if self.running:
            self._task.cancel()
        self.close_stepper()
        if self._box is not None:
            self._box.close()
        super().close()

    def press(self, id):
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

    def _picture(self):
        self._turn += 1
        beside = None
        if self._own:
            seconds = tuple(map(median, zip(*self._times, strict=True))) or None
            beside = explorations.Beside(
                self._own.names,
                self._kit_losses,
                self._parts,
                seconds,
                lambda net, I: self._own.forward(net, I)[0],
            )
        shown = explorations.training_shown(
            self.net,
            *self._data,
            self._losses,
            self.tested,
            self._epochs,
            self.running,
            self._problem,
            beside,
            self.stepper is not None,
        )
        return {**shown, "turn": self._turn}

    def _show(self):
        with self._showing:
            # The stepper's numbers go first: once the browser has drawn the picture, it has drawn them too, so that
            # neither waits in line.
            self._let_stepper_follow()
            super()._show()
            open_ = self.stepper is not None
            buttons = explorations.training_buttons(len(self.loss), self._epochs, self.running, open_)
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

    def _test(self, net, tested):
        I, D, test = self._data
        if test is not None:
            shares = (explorations.accuracy(net, *examples) for examples in ((I, D), test))
            tested.append((*shares, explorations.mean_loss(net, *test)))

    def _may_draw(self, pictured):
        """Whether it is time for a picture and the browser has drawn the last one, so that none wait in line."""
        now = monotonic()
        drawn = not self._views or self._drawn >= self._turn or now - self._heard > 1
        return now - pictured >= _PICTURE_S and drawn

    def _left(self, now):
        return self._views and now - self._heard > _LOST_S

    def _goes_on(self):
        return self._task is asyncio.current_task()

    async def _run(self):
        """Epochs in short slices; between them the event loop serves buttons, sliders and cells."""
        try:
            while (
                self._goes_on()
                and len(self._losses) <= self._epochs
                and not self._problem
                and not self._left(monotonic())
            ):
                await self._train(self.values["alpha"])
        except Finding as finding:
            self._problem = self._said(finding)
        except Exception as problem:  # a learner's own σ or L̃ may raise anything
            self._problem = f"{type(problem).__name__}: {problem}"
        finally:
            if self._task in (None, asyncio.current_task()):
                self._task = None
                self._show()

    def _said(self, finding):
        """Why the learner's functions do not go on, in one sentence, and what is kept."""
        sentence = plain(finding)
        if not any(self._own.name(name) in sentence for name in self._own.functions):
            sentence = f"{self._own.names}: {sentence}"
        done = len(self.loss)
        kept = f"The weights stay those after epoch {done}." if done else "The weights stay those of the start."
        return f"{sentence} {kept}"

    async def _train(self, alpha):
        """Until the end, or until α is moved."""
        losses = self._losses
        began, pictured, since, reached = monotonic(), 0.0, 0, None
        for run in self._epochs_from_here(alpha):
            if losses is not self._losses:  # reset meanwhile
                return
            if run is not None:  # else it is a pause between two epochs of the learner's
                reached, since = run, since + 1
                self._note(run)
            paced = self.values["pace"] != "all"
            full = paced and since >= int(self.values["pace"])
            diverged = run is not None and run.diverged
            if monotonic() - began < _SLICE_S and not diverged and not full:
                continue
            self.net = reached.net if reached else self.net
            while full and not self._may_draw(pictured):
                await asyncio.sleep(_SLICE_S)
            if losses is not self._losses:
                return
            if (full or not paced) and self._may_draw(pictured):
                pictured, since = monotonic(), 0
                self._show()
            await asyncio.sleep(0)
            if not self._goes_on():
                return
            if self.values["alpha"] != alpha or diverged or self._left(monotonic()):
                break
            began = monotonic()
        self.net = reached.net if reached else self.net
        self._show()

    def _epochs_from_here(self, alpha):
        """The epochs that are left, as a generator of Runs or, on the learner's functions, of Epochs and pauses."""
        I, D, _ = self._data
        done = len(self.loss)
        left, seed = self._epochs - done, self._seed + done  # each part has its own shuffles
        if self._own:
            return self._own_training.epochs(self.net, self._kit, alpha, left, seed, watched=not done)
        return train_epochs(self.net, I, D, alpha, left, self._batch_size, seed)

    def _note(self, run):
        """Keep what an epoch has reached."""
        own = isinstance(run, Epoch)
        self._losses.append(run.loss if own else run.loss[-1])
        if own:
            self.net, self._kit = run.net, run.kit.net
            self._kit_losses.append(run.kit_loss)
            if run.seconds:
                self._times.append((run.seconds, run.kit_seconds))
        if self._data[2] is not None:
            self._test(run.net, self.tested)
        if run.diverged:
            self._problem = f"After epoch {len(self.loss)} a weight is no longer a number: take a smaller α."

    def __repr__(self):
        on = f" on {self._own.names}" if self._own else ""
        return super().__repr__() + on

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        view = (bundle[0] if isinstance(bundle, tuple) else bundle).get(_VIEW)
        if view:
            view["model_id"] = self._box.model_id
        return bundle


_VIEW = "application/vnd.jupyter.widget-view+json"


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


def trainer(net, I, D, test=None, alpha=0.5, epochs=1000, batch_size=None, seed=0, pace="all", **functions):
    """§5: training while one watches. test: (I, D) of examples that are not trained on. The rest is as in train.

    pace: how many epochs from one picture to the next, at first: 1, 10, 100, or "all" for as many as it can.
    step=my_step trains on the learner's own step, or forward=, backward= and gradient= on these, and shows beside it
    the kit's training from the same start. Raises ValueError or TypeError where an argument does not fit.
    """
    return Trainer(net, I, D, test, alpha, epochs, batch_size, seed, pace, **functions)
