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


def train_epochs(net, I, D, alpha=0.5, epochs=100, batch_size=None, seed=0):
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
    everything = _Batch(net, w, dw, m, alpha)
    batches = {size: _Batch(net, w, dw, size, alpha) for size in (batch_size, m % batch_size) if 0 < size < m}
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


def _flat(w):
    """All weights in one new array, so that one operation moves them all."""
    return np.concatenate([array.ravel() for array in w])


def _layers(flat, n):
    """Such an array as a list like net.w, of views."""
    ends = np.cumsum(np.multiply(n[:-1], n[1:]))
    return [part.reshape(-1, after) for part, after in zip(np.split(flat, ends[:-1]), n[1:], strict=True)]


class _Batch:
    """All layers for m examples, and the passes through them. w, dw: all weights and all Δw, as _flat puts them.

    A pass is a list of NumPy calls with their arrays, made once: in a small network, looking them up anew for each
    step would take as long as the arithmetic.
    """

    def __init__(self, net, w, dw, m, alpha):
        self.loss = net.loss
        self.layers = [_Layer(net.sigma[l], m, net.n[l], w.dtype) for l in range(net.L)]
        self.D = np.ones_like(self.layers[-1].o)  # D has no neuron 0: with 1 in its place, o_0 - D_0 adds nothing
        # o - D, where δ^{L-1} begins with it: it is computed in δ itself, and the loss reads it there
        self.difference_is_delta = net.loss is cross_entropy and net.sigma[-1] is sigmoid
        in_delta = net.loss is half_squared_error or self.difference_is_delta
        self.difference = self.layers[-1].delta if in_delta else None
        links = list(zip(pairwise(self.layers), _layers(w, net.n), _layers(dw, net.n), strict=True))
        self._forward = self._forward_calls(links)
        self._step = [*self._step_calls(links, np.array(-alpha / m, w.dtype)), partial(np.add, w, dw, w)]

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
        """§2: a and o of all layers."""
        for call in self._forward:
            call()

    def step(self):
        """§4 and §5, from what forward has left: δ, Δw, and w ← w + Δw for all weights at once."""
        for call in self._step:
            call()

    def mean_loss(self):
        """L̃ of the outputs that forward has left, the mean over the examples."""
        o, D, t = self.layers[-1].o, self.D, self.layers[-1].t
        if self.loss is half_squared_error:
            difference = self.difference.ravel()
            return 0.5 * float(difference.dot(difference)) / len(o)
        if self.only_labels:  # D is 0 or 1: of each two terms one is left, -ln |o - (1 - D)|
            np.subtract(o, np.subtract(1, D, t), t)
            return 0.0 - float(np.log(np.abs(t, t), t).sum()) / len(o)
        return float(np.mean(self.loss.value(o[:, 1:], D[:, 1:])))

    def _forward_calls(self, links):
        calls = []
        for (before, here), w, _ in links:
            calls.append(partial(np.matmul, before.o, w[:, 1:], here.a))  # §1: a_j = Σ_i o_i w_ij for 1 <= j
            calls += here.sigma_calls  # §2: o_j = σ(a_j)
            calls.append(partial(here.o[:, 0].fill, 1))  # §2: o_0 is set, not computed
        if self.difference is not None:
            calls.append(partial(np.subtract, here.o, self.D, self.difference))
        return calls

    def _step_calls(self, links, factor):
        """The factor -α/m of §5 is put into δ^{L-1}, since all that follows is linear in it.

        So each `delta` here is -α/m times the δ of the notes, and the last product is Δw itself.
        """
        output, calls = self.layers[-1], []
        if self.difference is None:
            calls.append(self._loss_gradient)
        if not self.difference_is_delta:
            calls += output.derivative_calls  # §4: δ_j^{L-1} = σ'(a_j^{L-1}) ∂L̃/∂o_j^{L-1} for 1 <= j
        calls.append(partial(np.multiply, output.delta, factor, output.delta))
        for (here, after), w, _ in links[:0:-1]:
            calls.append(partial(np.matmul, after.delta[:, 1:], w[1:, 1:].T, here.delta[:, 1:]))  # Σ_k w_ik δ_k
            calls += here.derivative_calls  # §4: δ_i^l = σ'(a_i^l) Σ_k w_ik^l δ_k^{l+1} for 1 <= i
        for (before, here), _, dw in links:
            calls.append(partial(np.matmul, before.o.T, here.delta[:, 1:], dw[:, 1:]))  # §5: Δw_ij = -α δ_j o_i
        return calls

    def _loss_gradient(self):
        output = self.layers[-1]
        output.delta[:, 1:] = self.loss.gradient(output.o[:, 1:], self.D[:, 1:])  # ∂L̃/∂o_j for 1 <= j


class _Layer:
    """The arrays of one layer for m examples, each (m, n), and what σ and σ' do with them."""

    def __init__(self, sigma, m, n, dtype):
        self.o = np.ones((m, n), dtype)
        if sigma is None:  # layer 0
            return
        self.delta, self.t = np.zeros((m, n), dtype), np.zeros((m, n), dtype)
        if sigma in _IN_PLACE:  # o takes the place of a; neuron 0 goes along, since whole arrays are faster
            self.a = self.o[:, 1:]
            value, derivative = _IN_PLACE[sigma]
            arrays = self.o, self.t, np.array(1, dtype)
            self.sigma_calls, self.derivative_calls = list(value(*arrays)), list(derivative(self.delta, *arrays))
        else:
            self.a = np.zeros((m, n - 1), dtype)
            arrays = self.a, self.o[:, 1:]
            self.sigma_calls = [partial(_value, sigma, *arrays)]
            self.derivative_calls = [partial(_times_derivative, sigma, self.delta[:, 1:], *arrays)]


def _value(sigma, a, o):
    o[:] = sigma.value(a)


def _times_derivative(sigma, delta, a, o):
    delta *= sigma.derivative(a) if sigma.derivative_from_o is None else sigma.derivative_from_o(o)


# σ and σ' in place, as calls. a is overwritten by o = σ(a), δ by δ σ'(a); t is an array to write to, one is 1 in their
# dtype.


def _sigmoid(a, t, one):  # 1 / (1 + e^{-a}); where e^{-a} overflows, that is 0
    yield partial(np.negative, a, a)
    yield partial(np.exp, a, a)
    yield partial(np.add, a, one, a)
    yield partial(np.divide, one, a, a)


def _times_sigmoid_derivative(delta, o, t, one):  # o (1 - o)
    yield partial(np.subtract, one, o, t)
    yield partial(np.multiply, o, t, t)
    yield partial(np.multiply, delta, t, delta)


def _tanh(a, t, one):
    yield partial(np.tanh, a, a)


def _times_tanh_derivative(delta, o, t, one):  # 1 - o^2
    yield partial(np.multiply, o, o, t)
    yield partial(np.subtract, one, t, t)
    yield partial(np.multiply, delta, t, delta)


def _relu(a, t, one):
    yield partial(np.maximum, a, np.zeros_like(one), out=a)


def _times_relu_derivative(delta, o, t, one):  # 1 where o > 0, else 0
    yield partial(np.greater, o, np.zeros_like(one), t)
    yield partial(np.multiply, delta, t, delta)


def _softplus(a, t, one):  # max(0, a) + ln(1 + e^{-|a|})
    yield partial(np.abs, a, t)
    yield partial(np.negative, t, t)
    yield partial(np.exp, t, t)
    yield partial(np.log1p, t, t)
    yield partial(np.maximum, a, np.zeros_like(one), out=a)
    yield partial(np.add, a, t, a)


def _times_softplus_derivative(delta, o, t, one):  # 1 - e^{-o}
    yield partial(np.negative, o, t)
    yield partial(np.expm1, t, t)
    yield partial(np.negative, t, t)
    yield partial(np.multiply, delta, t, delta)


def _nothing(*arrays):  # identity: o = a and σ' = 1
    return ()


_IN_PLACE = {
    sigmoid: (_sigmoid, _times_sigmoid_derivative),
    tanh: (_tanh, _times_tanh_derivative),
    relu: (_relu, _times_relu_derivative),
    softplus: (_softplus, _times_softplus_derivative),
    identity: (_nothing, _nothing),
}
