"""The trainer: an explorer that trains by itself, as an asyncio task, while one watches."""

import asyncio
from time import monotonic

import numpy as np

from mlpkit import explorations
from mlpkit.network import check_alpha, check_desired_outputs, check_inputs
from mlpkit.training import train_epochs
from mlpkit.widgets.explorer import Explorer

_PICTURE_S = 0.05  # a picture at most this often
_SLICE_S = 0.012  # so long the training runs before others have their turn
_LOST_S = 20.0  # if the browser draws nothing for so long, nobody looks any more


class Trainer(Explorer):
    """Training while one watches: Start, Stop, Reset and α work while it runs.

    net: the Network as it is now, to go on with in later cells. loss: the mean loss over all examples after each
    epoch so far. tested, where there are test examples: at the start and after each epoch (share of the training
    examples that come out right, share of the test examples, mean loss of the test examples).
    """

    _task = None

    def __init__(self, net, I, D, test=None, alpha=0.5, epochs=1000, batch_size=None, seed=0, pace="all"):
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
        self._at_first, self._batch_size, self._seed = epochs, batch_size, seed
        self._views, self._turn, self._drawn, self._heard = 0, 0, 0, monotonic()
        self._clear()
        controls = explorations.training_controls(check_alpha(alpha), str(pace))
        super().__init__(explorations.Exploration("Training", controls, lambda values, memory: self._picture()))

    def _clear(self):
        self.net, self._problem, self._epochs = self._begin, "", self._at_first
        I, D, _ = self._data
        self._losses = [explorations.mean_loss(self.net, I, D)]
        self.tested = []
        self._test(self.net, self.tested)

    @property
    def loss(self):
        return self._losses[1:]

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

    def close(self):
        if self.running:
            self._task.cancel()
        super().close()

    def press(self, id):
        """Press a button: "start", "stop" or "reset"."""
        if id not in ("start", "stop", "reset"):
            raise ValueError(f"there is no button {id!r} here: take one of start, stop, reset")
        getattr(self, id)()

    def _on_message(self, _, content, buffers):
        self._heard = monotonic()
        what = content.get("do")
        if what == "drawn":
            self._drawn = max(self._drawn, content["turn"])
        elif what == "opened":
            self._views += 1
        elif what == "closed":
            self._views = max(0, self._views - 1)
            if not self._views:
                self.stop()
        else:
            super()._on_message(_, content, buffers)

    def _picture(self):
        self._turn += 1
        shown = explorations.training_shown(
            self.net, *self._data, self._losses, self.tested, self._epochs, self.running, self._problem
        )
        return {**shown, "turn": self._turn}

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
        finally:
            if self._task in (None, asyncio.current_task()):
                self._task = None
                self._show()

    async def _train(self, alpha):
        """Until the end, or until α is moved."""
        I, D, test = self._data
        losses, tested = self._losses, self.tested
        done = len(losses) - 1
        began, pictured, since = monotonic(), 0.0, 0
        # Each part has its own shuffles: its seed depends on where it begins.
        for run in train_epochs(self.net, I, D, alpha, self._epochs - done, self._batch_size, self._seed + done):
            losses.append(run.loss[-1])
            if test is not None:
                self._test(run.net, tested)
            if run.diverged:
                self._problem = f"After epoch {len(self.loss)} a weight is no longer a number: take a smaller α."
            since += 1
            paced = self.values["pace"] != "all"
            full = paced and since >= int(self.values["pace"])
            if monotonic() - began < _SLICE_S and not run.diverged and not full:
                continue
            if losses is not self._losses:  # reset meanwhile
                return
            self.net = run.net
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
            if self.values["alpha"] != alpha or run.diverged or self._left(monotonic()):
                break
            began = monotonic()
        self.net = run.net
        self._show()


def _rows(net, I, D):
    """Examples as rows, or ValueError."""
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    return np.atleast_2d(I), np.atleast_2d(D)


def trainer(net, I, D, test=None, alpha=0.5, epochs=1000, batch_size=None, seed=0, pace="all"):
    """Training while one watches. test: (I, D) of examples that are not trained on. The rest is as in train.

    pace: how many epochs from one picture to the next, at first: 1, 10, 100, or "all" for as many as it can.
    """
    return Trainer(net, I, D, test, alpha, epochs, batch_size, seed, pace)
