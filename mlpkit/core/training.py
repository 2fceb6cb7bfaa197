"""Training: forward (§2), backward (§4) and stepping (§5), epoch after epoch, on the fast path of fast.py."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from mlpkit.core.arguments import check_alpha, check_desired_outputs, check_inputs, check_network, check_whole_number
from mlpkit.core.fast import Batch, flat, layers
from mlpkit.core.functions import cancelling
from mlpkit.core.given import short
from mlpkit.core.network import Network, forward


class Run:
    """What a training has reached so far.

    loss: list; loss[k] is the mean loss over all examples after epoch k+1.
    net: the Network after the last of these epochs; if the run has diverged, the one before that epoch.
    diverged: True once a weight has become infinite or NaN, which ends the training.
    """

    loss: list[float]
    diverged: bool

    def __init__(self, net: Network) -> None:
        check_network(net)
        self.loss = []
        self.diverged = False
        self._net, self._sigma, self._loss, self._n = net, net.sigma, net.loss, net.n
        self._w = flat(net.w)

    @property
    def net(self) -> Network:
        """The Network reached, made when it is asked for."""
        if self._net is None:
            self._net = Network(layers(self._w, self._n), self._sigma, self._loss)
        return self._net

    def _add_epoch(self, loss, w):
        # w · w is the faster test, but may overflow where no weight did.
        self.diverged = not (w.dot(w) < np.inf or np.isfinite(w).all())
        if not self.diverged:
            self._w[:] = w
            self._net = None
        self.loss.append(loss)

    def __repr__(self) -> str:
        loss = f", loss {self.loss[-1]:.6g}" if self.loss else ""
        return f"Run(epochs {len(self.loss)}{loss}{', diverged' * self.diverged})"


def train(
    net: Network,
    I: ArrayLike,
    D: ArrayLike,
    alpha: float = 0.5,
    epochs: int = 100,
    batch_size: int | None = None,
    seed: int = 0,
    on_epoch: Callable[[Run], object] | None = None,
) -> Run:
    """Train from the weights of `net`, which is untouched, and return the Run: run.net, run.loss, run.diverged.

    I: (m, n[0] - 1). D: (m, n[L-1] - 1). alpha: a number. epochs: how often all examples are gone through.
    batch_size: the number of examples for each step; None for all at once. Otherwise the examples are shuffled for
    each epoch, by `seed`, and its last step takes those that are left over.
    on_epoch: called after each epoch with the Run so far; returning True stops the training.
    Raises ValueError or TypeError where an argument does not fit.
    """
    if on_epoch is not None and not callable(on_epoch):
        raise TypeError(
            f"on_epoch is {short(on_epoch)}, but a function is needed, to be called with the run: try print"
        )
    epochs = _checked(net, I, D, alpha, epochs, batch_size, seed)
    if on_epoch is None:
        with np.errstate(all="ignore"):
            for run in epochs:
                last = run
        return last
    for run in _quietly(epochs):
        stop = on_epoch(run)
        if isinstance(stop, (bool, np.bool_)) and stop:
            break
    return run


def train_epochs(
    net: Network,
    I: ArrayLike,
    D: ArrayLike,
    alpha: float = 0.5,
    epochs: int = 100,
    batch_size: int | None = None,
    seed: int = 0,
) -> Iterator[Run]:
    """`train` as a generator, which yields the Run after each epoch: the same object each time, grown by one epoch.

    For an asyncio task, which lets sliders and a stop button work between two epochs.
    """
    return _quietly(_checked(net, I, D, alpha, epochs, batch_size, seed))


def _quietly(epochs):
    """The same epochs, each computed without warnings: where numbers overflow, run.loss and run.diverged say so."""
    while True:
        with np.errstate(all="ignore"):  # not around the yield: the caller's own warnings are the caller's
            run = next(epochs, None)
        if run is None:
            return
        yield run


def _checked(net, I, D, alpha, epochs, batch_size, seed):
    """The epochs of a training whose arguments fit."""
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    I, D = I.reshape(-1, I.shape[-1]), D.reshape(-1, D.shape[-1])
    alpha = check_alpha(alpha)
    epochs = check_whole_number("epochs", epochs, 1, "100")
    seed = check_whole_number("seed", seed, 0, "0")
    if batch_size is not None:
        batch_size = check_whole_number("batch_size", batch_size, 1, "32, or None for all examples at once")
    return _epochs(net, I, D, alpha, epochs, min(batch_size or len(I), len(I)), seed)


def _epochs(net, I, D, alpha, epochs, batch_size, seed):
    run, m = Run(net), len(I)
    w = flat(net.w)
    dw = np.zeros_like(w)
    rng = np.random.default_rng(seed)
    everything = Batch(net, w, dw, m, alpha)
    batches = {size: Batch(net, w, dw, size, alpha) for size in (batch_size, m % batch_size) if 0 < size < m}
    everything.put(I, D)
    everything.forward()
    for _ in range(epochs):
        if batch_size == m:
            everything.step()
        else:
            for examples in shuffled_batches(m, batch_size, rng):
                batch = batches[len(examples)]
                batch.take(everything, examples)
                batch.forward()
                batch.step()
        everything.forward()
        run._add_epoch(everything.mean_loss(), w)
        yield run
        if run.diverged:
            return


def shuffled_batches(m, batch_size, rng):
    """The rows of m examples in an order drawn from `rng`, in batches: arrays (batch_size,), the last with the rest."""
    order = rng.permutation(m)
    return [order[start : start + batch_size] for start in range(0, m, batch_size)]


def mean_loss(net: Network, I: ArrayLike, D: ArrayLike) -> float:
    """The mean of L̃ (§1) over the examples, a float. I: (..., n[0] - 1). D: (..., n[L-1] - 1).

    Cross-entropy behind a sigmoid or softmax is computed from a: finite also where o has rounded to 0 or 1.
    """
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    a, o = forward(net, I)
    with np.errstate(all="ignore"):
        if pair := cancelling(net.sigma[-1], net.loss):
            return float(np.mean(pair[0](a[-1][..., 1:], D)))
        return float(np.mean(net.loss.value(o[-1][..., 1:], D)))
