"""Training: forward (§2), backward (§4) and stepping (§5), epoch after epoch, on the fast path.

The formulas are those of network.py, and so is the layout: one row for each example, column 0 for neuron 0. What
makes it faster than `step` in a loop:

- Every array is made once, before the first epoch, and written to again and again.
- o_0 stays 1 and Δw_i0 stays 0, so the products are taken of the other columns, `[:, 1:]`.
- σ is computed where a stands, and σ' from o, which is at hand.
- Where an epoch is one step, the forward pass that gives its loss is the forward pass of the next epoch.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from mlpkit.functions import cross_entropy, half_squared_error, identity, relu, sigmoid, softplus, tanh
from mlpkit.network import Network, check_alpha, check_desired_outputs, check_inputs


class Run:
    """What a training has reached so far.

    loss: list; loss[k] is the mean loss over all examples after epoch k+1.
    net: the Network after the last of these epochs; if the run has diverged, the one before that epoch.
    diverged: True once a weight has become infinite or NaN, which ends the training.
    """

    def __init__(self, net):
        self.loss = []
        self.diverged = False
        self._net, self._sigma, self._loss, self._n = net, net.sigma, net.loss, net.n
        self._w = _flat(net.w)

    @property
    def net(self):
        """The Network reached, made when it is asked for."""
        if self._net is None:
            self._net = Network(_layers(self._w, self._n), self._sigma, self._loss)
        return self._net

    def _add_epoch(self, loss, w):
        # w · w is the faster test, but may overflow where no weight did.
        self.diverged = not (w.dot(w) < np.inf or np.isfinite(w).all())
        if not self.diverged:
            self._w[:] = w
            self._net = None
        self.loss.append(loss)

    def __repr__(self):
        loss = f", loss {self.loss[-1]:.6g}" if self.loss else ""
        return f"Run(epochs {len(self.loss)}{loss}{', diverged' * self.diverged})"


def train(net, I, D, alpha=0.5, epochs=100, batch_size=None, seed=0, on_epoch=None):
    """Train from the weights of `net`, which is untouched, and return the Run: run.net, run.loss, run.diverged.

    I: (m, n[0] - 1). D: (m, n[L-1] - 1). alpha: a number. epochs: how often all examples are gone through.
    batch_size: the number of examples for each step; None for all at once. Otherwise the examples are shuffled for
    each epoch, by `seed`, and its last step takes those that are left over.
    on_epoch: called after each epoch with the Run so far; returning True stops the training.
    Raises ValueError or TypeError where an argument does not fit.
    """
    if on_epoch is not None and not callable(on_epoch):
        raise TypeError(f"on_epoch is {on_epoch!r}, but a function is needed, to be called with the run: try print")
    for run in train_epochs(net, I, D, alpha, epochs, batch_size, seed):
        if on_epoch is not None:
            stop = on_epoch(run)
            if isinstance(stop, (bool, np.bool_)) and stop:
                break
    return run


def train_epochs(net, I, D, alpha=0.5, epochs=100, batch_size=None, seed=0):
    """`train` as a generator, which yields the Run after each epoch: the same object each time, grown by one epoch.

    For an asyncio task, which lets sliders and a stop button work between two epochs.
    """
    if not isinstance(net, Network):
        raise TypeError(f"net is {net!r}, but a Network is needed: make one with Network.random([2, 3, 1])")
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    I, D = I.reshape(-1, I.shape[-1]), D.reshape(-1, D.shape[-1])
    alpha = check_alpha(alpha)
    epochs = check_whole_number("epochs", epochs, 1, "100")
    seed = check_whole_number("seed", seed, 0, "0")
    if batch_size is not None:
        batch_size = check_whole_number("batch_size", batch_size, 1, "32, or None for all examples at once")
    return _epochs(net, I, D, alpha, epochs, min(batch_size or len(I), len(I)), seed)


def check_whole_number(name, given, least, example):
    """`given` as an int of at least `least`, or ValueError."""
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < least:
        raise ValueError(f"{name} is {given!r}, but a whole number from {least} up is needed: try {name}={example}")
    return int(given)


def _epochs(net, I, D, alpha, epochs, batch_size, seed):
    run, m = Run(net), len(I)
    w = _flat(net.w)
    dw = np.zeros_like(w)
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):  # where numbers overflow, run.loss and run.diverged say so
        everything = _Batch(net, w, dw, m, alpha)
        batches = {size: _Batch(net, w, dw, size, alpha) for size in (batch_size, m % batch_size) if 0 < size < m}
        everything.put(I, D)
        everything.forward()
    for _ in range(epochs):
        with np.errstate(all="ignore"):
            if batch_size == m:
                everything.step()
            else:
                order = rng.permutation(m)
                for start in range(0, m, batch_size):
                    examples = order[start : start + batch_size]
                    batch = batches[len(examples)]
                    batch.take(everything, examples)
                    batch.forward()
                    batch.step()
            everything.forward()
            run._add_epoch(everything.mean_loss(), w)
        yield run
        if run.diverged:
            return


def _flat(w):
    """All weights in one new array, so that one operation moves them all."""
    return np.concatenate([array.ravel() for array in w])


def _layers(flat, n):
    """Such an array as a list like net.w, of views."""
    ends = np.cumsum(np.multiply(n[:-1], n[1:]))
    return [part.reshape(-1, after) for part, after in zip(np.split(flat, ends[:-1]), n[1:], strict=True)]


class _Batch:
    """All layers for m examples, and the passes through them. w, dw: all weights and all Δw, as _flat puts them."""

    def __init__(self, net, w, dw, m, alpha):
        self.w, self.dw, self.loss = w, dw, net.loss
        self.layers = [_Layer(net.sigma[l], m, net.n[l], w.dtype) for l in range(net.L)]
        self.neighbours = list(pairwise(self.layers))
        for (_, here), w_here, dw_here in zip(self.neighbours, _layers(w, net.n), _layers(dw, net.n), strict=True):
            here.set_weights(w_here, dw_here)
        self.D = np.ones_like(self.layers[-1].o)  # D has no neuron 0: with 1 in its place, o_0 - D_0 adds nothing
        self.factor = np.array(-alpha / m, w.dtype)
        self.difference_is_delta = net.loss is cross_entropy and net.sigma[-1] is sigmoid

    def put(self, I, D):
        """Put all examples in."""
        self.layers[0].o[:, 1:] = I  # §2: o_j^0 = I_j^d
        self.D[:, 1:] = D
        self.only_labels = self.loss is cross_entropy and ((D == 0) | (D == 1)).all()

    def take(self, everything, examples):
        """Put these examples in, out of all."""
        np.take(everything.layers[0].o, examples, axis=0, out=self.layers[0].o, mode="clip")
        np.take(everything.D, examples, axis=0, out=self.D, mode="clip")

    def forward(self):
        """§2, layer by layer."""
        for before, here in self.neighbours:
            np.matmul(before.o, here.w, here.a)  # §1: a_j^{l+1} = Σ_i o_i^l w_ij^l for 1 <= j
            here.apply_sigma()  # §2: o_j^{l+1} = σ(a_j^{l+1})
            here.o_0.fill(1)  # set, not computed

    def mean_loss(self):
        """L̃ of the outputs that forward has left, the mean over the examples."""
        o, D, t = self.layers[-1].o, self.D, self.layers[-1].t
        if self.loss is half_squared_error:
            difference = np.subtract(o, D, t).ravel()
            return 0.5 * float(difference.dot(difference)) / len(o)
        if self.only_labels:  # D is 0 or 1: of each two terms one is left, -ln |o - (1 - D)|
            np.subtract(o, np.subtract(1, D, t), t)
            return 0.0 - float(np.log(np.abs(t, t), t).sum()) / len(o)
        return float(np.mean(self.loss.value(o[:, 1:], D[:, 1:])))

    def step(self):
        """§4 and §5, from what forward has left. The -α/m of §5 is put into δ^{L-1}: all that follows is linear in it.

        So each `delta` here is -α/m times the δ of the notes, and the last product is Δw itself.
        """
        output = self.layers[-1]
        if self.loss is half_squared_error or self.difference_is_delta:
            np.subtract(output.o, self.D, output.delta)
        else:
            output.rest_of_delta[:] = self.loss.gradient(output.rest_of_o, self.D[:, 1:])
        if not self.difference_is_delta:
            output.times_derivative()  # §4: δ_j^{L-1} = σ'(a_j^{L-1}) ∂L̃/∂o_j^{L-1} for 1 <= j
        np.multiply(output.delta, self.factor, output.delta)
        for here, after in self.neighbours[:0:-1]:
            np.matmul(after.rest_of_delta, after.w_transposed, here.rest_of_delta)
            here.times_derivative()  # §4: δ_i^l = σ'(a_i^l) Σ_k w_ik^l δ_k^{l+1} for 1 <= i
        for before, here in self.neighbours:
            np.matmul(before.o_transposed, here.rest_of_delta, here.dw)  # §5: Δw_ij^l = -α δ_j^{l+1} o_i^l, the mean
        np.add(self.w, self.dw, self.w)  # w ← w + Δw, all at once


class _Layer:
    """The arrays of one layer for m examples, each (m, n), and views of them. `rest` is all but neuron 0."""

    def __init__(self, sigma, m, n, dtype):
        self.o = np.ones((m, n), dtype)
        self.o_0, self.rest_of_o, self.o_transposed = self.o[:, 0], self.o[:, 1:], self.o.T
        if sigma is None:  # layer 0
            return
        self.delta, self.t = np.zeros((m, n), dtype), np.zeros((m, n), dtype)
        self.rest_of_delta = self.delta[:, 1:]
        if sigma in _IN_PLACE:  # o takes the place of a; neuron 0 goes along, since whole arrays are faster
            self.a = self.rest_of_o
            value, derivative = _IN_PLACE[sigma]
            arrays = self.o, self.t, np.array(1, dtype)
            self.apply_sigma, self.times_derivative = partial(value, *arrays), partial(derivative, self.delta, *arrays)
        else:
            self.a = np.zeros((m, n - 1), dtype)
            arrays = self.a, self.rest_of_o
            self.apply_sigma = partial(_value, sigma, *arrays)
            self.times_derivative = partial(_times_derivative, sigma, self.rest_of_delta, *arrays)

    def set_weights(self, w, dw):
        """w: the weights that lead here from the layer before, dw: where their Δw goes; column 0 is left out."""
        self.w, self.w_transposed, self.dw = w[:, 1:], w[1:, 1:].T, dw[:, 1:]


# σ and σ' in place. a is overwritten by o = σ(a), δ by δ σ'(a); t is an array to write to, one is 1 in their dtype.


def _value(sigma, a, o):
    o[:] = sigma.value(a)


def _times_derivative(sigma, delta, a, o):
    delta *= sigma.derivative(a) if sigma.derivative_from_o is None else sigma.derivative_from_o(o)


def _sigmoid(a, t, one):
    np.negative(a, a)
    np.exp(a, a)
    np.add(a, one, a)
    np.divide(one, a, a)  # 1 / (1 + e^{-a}); where e^{-a} overflows, that is 0


def _times_sigmoid_derivative(delta, o, t, one):
    np.subtract(one, o, t)
    np.multiply(o, t, t)  # o (1 - o)
    np.multiply(delta, t, delta)


def _tanh(a, t, one):
    np.tanh(a, a)


def _times_tanh_derivative(delta, o, t, one):
    np.multiply(o, o, t)
    np.subtract(one, t, t)  # 1 - o^2
    np.multiply(delta, t, delta)


def _relu(a, t, one):
    np.maximum(a, 0, out=a)


def _times_relu_derivative(delta, o, t, one):
    np.greater(o, 0, t)  # 1 where o > 0, else 0
    np.multiply(delta, t, delta)


def _softplus(a, t, one):
    np.negative(np.abs(a, t), t)
    np.log1p(np.exp(t, t), t)
    np.maximum(a, 0, out=a)
    np.add(a, t, a)  # max(0, a) + ln(1 + e^{-|a|})


def _times_softplus_derivative(delta, o, t, one):
    np.expm1(np.negative(o, t), t)
    np.negative(t, t)  # 1 - e^{-o}
    np.multiply(delta, t, delta)


def _nothing(*arrays):
    pass  # identity: o = a and σ' = 1


_IN_PLACE = {
    sigmoid: (_sigmoid, _times_sigmoid_derivative),
    tanh: (_tanh, _times_tanh_derivative),
    relu: (_relu, _times_relu_derivative),
    softplus: (_softplus, _times_softplus_derivative),
    identity: (_nothing, _nothing),
}
