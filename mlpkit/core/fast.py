"""The buffers behind `train`: forward (§2), backward (§4) and the step (§5) of m examples, written in place.

The formulas are those of network.py, and so is the layout: one row for each example, column 0 for neuron 0. What
makes it faster than `step` in a loop:

- Every array is made once, before the first epoch, and written to again and again.
- o_0 stays 1 and Δw_i0 stays 0, so the products are taken of the other columns, `[:, 1:]`.
- σ is computed where a stands, and σ' from o, which is at hand. For sigmoid and tanh this σ' is right to 3e-16 and no
  further, where that of `step` has all its digits: a neuron with a beyond 37 (tanh: |a| beyond 19) stays where it is
  here, and in `step` moves by less than 1e-16 of what comes back to it. The loss has all its digits, from a.
- Where an epoch is one step, the forward pass that gives its loss is the forward pass of the next epoch.
"""

from functools import partial
from itertools import pairwise

import numpy as np

from mlpkit.core.functions import (
    cancelling,
    cross_entropy,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    tanh,
)


def flat(w):
    """All weights in one new array, so that one operation moves them all."""
    return np.concatenate([array.ravel() for array in w])


def layers(flat, n):
    """Such an array as a list like net.w, of views."""
    ends = np.cumsum(np.multiply(n[:-1], n[1:]))
    return [part.reshape(-1, after) for part, after in zip(np.split(flat, ends[:-1]), n[1:], strict=True)]


class Batch:
    """All layers for m examples, and the passes through them. w, dw: all weights and all Δw, as flat puts them.

    A pass is a list of NumPy calls with their arrays, made once: in a small network, looking them up anew for each
    step would take as long as the arithmetic.
    """

    def __init__(self, net, w, dw, m, alpha):
        self.loss = net.loss
        # Cross-entropy behind a sigmoid: δ^{L-1} is o - D, and the loss is computed from a, which has to be kept
        self.from_a = net.loss is cross_entropy and net.sigma[-1] is sigmoid
        self.pair = cancelling(net.sigma[-1], net.loss)
        self.layers = [_Layer(net.sigma[l], m, net.n[l], w.dtype) for l in range(net.L - 1)]
        self.layers.append(_Layer(net.sigma[-1], m, net.n[-1], w.dtype, keep_a=self.from_a))
        self.D = np.ones_like(self.layers[-1].o)  # D has no neuron 0: with 1 in its place, o_0 - D_0 adds nothing
        # o - D, where δ^{L-1} begins with it: it is computed in δ itself, and the loss reads it there
        in_delta = net.loss is half_squared_error or self.from_a
        self.difference = self.layers[-1].delta if in_delta else None
        links = list(zip(pairwise(self.layers), layers(w, net.n), layers(dw, net.n), strict=True))
        self._forward = self._forward_calls(links)
        self._step = [*self._step_calls(links, np.array(-alpha / m, w.dtype)), partial(np.add, w, dw, w)]

    def put(self, I, D):
        """Put all examples in."""
        self.layers[0].o[:, 1:] = I  # §2: o_j^0 = I_j^d
        self.D[:, 1:] = D
        only_labels = self.from_a and ((D == 0) | (D == 1)).all()
        self.sign = 1 - 2 * self.D if only_labels else None

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
        output, D = self.layers[-1], self.D
        if self.loss is half_squared_error:
            difference = self.difference.ravel()
            return 0.5 * float(difference.dot(difference)) / len(D)
        if self.pair is None:
            return float(np.mean(self.loss.value(output.o[:, 1:], D[:, 1:])))
        if self.sign is None:
            return float(np.mean(self.pair[0](output.a, D[:, 1:])))
        # Of each two terms one is left: ln(1 + e^x) = max(0, x) + ln(1 + e^{-|x|}) with x = a for D = 0, -a for D = 1.
        x, e = np.multiply(output.all_a, self.sign, output.t), output.u
        np.copysign(x, output.minus_1, e)  # -|x|
        np.log1p(np.exp(e, e), e)
        np.add(np.maximum(x, output.zero, out=x), e, x)
        return float(np.add.reduce(x, None)) / len(D)

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
            calls.append(self._loss_gradient if self.pair is None else self._cancelled)
        if self.pair is None:
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

    def _cancelled(self):
        output = self.layers[-1]
        output.delta[:, 1:] = self.pair[1](output.o[:, 1:], self.D[:, 1:])


class _Layer:
    """The arrays of one layer for m examples, each (m, n), and what σ and σ' do with them."""

    def __init__(self, sigma, m, n, dtype, keep_a=False):
        self.o = np.ones((m, n), dtype)
        if sigma is None:  # layer 0
            return
        self.delta, self.t = np.zeros((m, n), dtype), np.zeros((m, n), dtype)
        if sigma in _IN_PLACE:  # o takes the place of a; neuron 0 goes along, since whole arrays are faster
            self.a = self.o[:, 1:]
            value, derivative = _IN_PLACE[sigma]
            arrays = self.o, self.t, np.array(1, dtype)
            self.sigma_calls, self.derivative_calls = list(value(*arrays)), list(derivative(self.delta, *arrays))
            if keep_a:  # only behind sigmoid, which begins with o = -a; σ(∞) is the 1 of neuron 0
                self.all_a, self.u = np.full((m, n), np.inf, dtype), np.zeros((m, n), dtype)
                self.zero, self.minus_1 = np.array(0, dtype), np.array(-1, dtype)
                self.a, self.sigma_calls[0] = self.all_a[:, 1:], partial(np.negative, self.all_a, self.o)
        else:
            self.a = np.zeros((m, n - 1), dtype)
            arrays = self.a, self.o[:, 1:]
            self.sigma_calls = [partial(_value, sigma, *arrays)]
            self.derivative_calls = [partial(_times_derivative, sigma, self.delta[:, 1:], *arrays)]


def _value(sigma, a, o):
    o[:] = sigma.value(a)


def _times_derivative(sigma, delta, a, o):
    if not sigma.elementwise:
        delta[:] = np.einsum("mkj,mk->mj", sigma.derivative(a), delta)  # Σ_k ∂o_k/∂a_j ∂L̃/∂o_k
    else:
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
