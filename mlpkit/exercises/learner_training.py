"""Training on the learner's functions, and beside it the kit's own training from the same start."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from mlpkit.core import network
from mlpkit.core.network import Network
from mlpkit.core.training import Run, mean_loss, shuffled_batches, train_epochs
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.learner import Own
from mlpkit.exercises.sandbox import run
from mlpkit.notation import text, two_numbers

_SLICE_S = 0.012  # so long the learner's steps run at a stretch


@dataclass(frozen=True)
class Epoch:
    """An epoch on the learner's functions, and the same epoch of the kit's own training.

    net: the Network after it. loss: the mean loss over all examples. seconds: what it took; None where a step of it
    was watched, which takes longer. kit: the Network of the kit's training. kit_loss, kit_seconds: as above; the loss
    is NaN where the kit's has diverged before.
    diverged: False, since what ends a training on the learner's functions is raised.
    """

    net: Network
    loss: float
    seconds: float | None
    kit: Network
    kit_loss: float
    kit_seconds: float
    diverged: bool = False


@dataclass(frozen=True)
class OwnTraining:
    """A training whose steps are the learner's.

    own: their functions. I: (m, n[0] - 1). D: (m, n[L-1] - 1). batch_size: as in `train`.
    tell: called with a sentence, once, where they give the first number that is not the kit's.
    """

    own: Own
    I: np.ndarray
    D: np.ndarray
    batch_size: int | None
    tell: Callable

    def epochs(self, net, kit, alpha, count, seed, watched=True):
        """`count` epochs from `net` on, and of the kit's own training from `kit` on, with the batches of `train`.

        Yields where others may have their turn: a list of the Epochs finished since the last one, which may be empty.
        watched: whether the steps of the first epoch are held against the kit's from the same weights, up to the first
        that is not the same.
        Raises NotRight where their functions give nothing to go on with. One that does not end is stopped.
        """
        kits, kit_run = train_epochs(kit, self.I, self.D, alpha, count, self.batch_size, seed), Run(kit)
        steps = _Steps(self, net, alpha, seed)
        done, problem = 0, None
        while done < count:
            try:
                if watched and not done:
                    watched = self._watched_step(steps)
                else:
                    self._quick_steps(steps)
            except NotRight as not_right:
                problem = not_right  # what was finished before it counts
            finished = []
            for after, seconds in steps.finished[: count - done]:
                done += 1
                began = perf_counter()
                kit_run = next(kits, kit_run)  # where it has diverged, it has ended
                kit_seconds = perf_counter() - began
                began = perf_counter()
                loss = mean_loss(after, self.I, self.D)
                seconds = seconds and seconds + perf_counter() - began  # the kit's epoch has its loss in it too
                kit_loss = kit_run.loss[-1] if len(kit_run.loss) == done else np.nan
                finished.append(Epoch(after, loss, seconds, kit_run.net, kit_loss, kit_seconds))
            steps.finished.clear()
            yield finished
            if problem:
                raise problem

    def _quick_steps(self, steps):
        """Steps for a slice of time. Where one goes wrong, it is taken again and watched, to say why."""
        try:
            run(steps.take_some, {})
        except NotRight:
            self._watched_step(steps)

    def _watched_step(self, steps):
        """One step, held against the kit's. Returns whether it is the same."""
        parted = steps.take(self._beside_the_kit, counted=False)
        if parted:
            self.tell(self._difference(*parted, steps))
        return parted is None

    def _beside_the_kit(self, net, I, D, alpha):
        try:
            network.step(net, I, D, alpha)
        except ValueError:
            raise NotRight(Finding("stopped", _TOO_LARGE)) from None
        return self.own.watched_step(net, I, D, alpha)

    def _difference(self, name, differs, steps):
        """The first number that is not the kit's, in a sentence."""
        kind, *place = differs.symbol
        theirs, right = two_numbers(differs.theirs, differs.right)
        what = f"{text(('w', *place))} becomes" if kind == "w_new" else f"{text(differs.symbol)} is"
        if differs.example:
            what = what.replace(" is", f" of example {steps.rows[differs.example[0]] + 1} is")
        return (
            f"In step {steps.taken}, {what} {theirs} with {self.own.name(name)}, but {right} with the kit’s {name}: "
            "the first number that differs."
        )


_TOO_LARGE = "The next step is so large that a weight is no longer a number: take a smaller α."


class _Steps:
    """The learner's steps, one after another, through the batches of as many epochs as are asked for.

    net: the Network after the last of them. rows: the examples that it was taken on. taken: how many there were.
    finished: for each epoch that came to its end, (the Network, the seconds of its steps or None).
    """

    def __init__(self, training, net, alpha, seed):
        self.net, self.rows, self.taken, self.finished = net, (), 0, []
        self._training, self._alpha = training, alpha
        self._shuffles = np.random.default_rng(seed)
        self._left = []  # batches of this epoch
        self._seconds = 0.0

    def take(self, step, counted=True):
        """One step, with a function of (net, I, D, alpha) that returns (the Network after it, what else it found).

        counted: whether its time counts. Returns what else it found.
        """
        if not self._left:
            self._left = self._batches()
        self.rows = self._left[0]
        began = perf_counter()
        net, found = step(self.net, self._training.I[self.rows], self._training.D[self.rows], self._alpha)
        self._seconds += perf_counter() - began if counted else np.nan
        self.net, self.taken = net, self.taken + 1
        del self._left[0]
        if not self._left:
            self.finished.append((net, self._seconds if np.isfinite(self._seconds) else None))
            self._seconds = 0.0
        return found

    def take_some(self):
        """Steps for a slice of time, at least one. Returns the number of all that were taken."""
        end = perf_counter() + _SLICE_S
        while True:
            self.take(lambda *arguments: (self._training.own.step(*arguments), None))
            if perf_counter() > end:
                return self.taken

    def _batches(self):
        """The rows of each batch of an epoch, the same as in `train`."""
        m = len(self._training.I)
        size = min(self._training.batch_size or m, m)
        return shuffled_batches(m, size, self._shuffles) if size < m else [np.arange(m)]
