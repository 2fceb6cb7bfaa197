"""The phases of the algorithm, cut into the pieces in which a mistake can be made.

A phase takes its pieces as arguments. Without any it is right; with one exchanged, it makes that piece's mistake and
no other. Arrays are (..., n): one example alone, or a batch.
"""

import numpy as np

from mlpkit.core.network import Network


def before(constant, rest):
    """The values of neurons 1, 2, ... with that of neuron 0 put before them."""
    return np.insert(rest, 0, constant, axis=-1)


def with_0(constant, values):
    """A copy of the values of a layer in which neuron 0 has this one."""
    return before(constant, values[..., 1:])


# §2, forward.


def inputs(net, I):
    return before(1.0, I)


def activation(net, l, o):
    return o[l - 1] @ net.w[l - 1]


def output(net, l, a):
    return with_0(1, net.sigma[l](a[l]))


def forward(net, I, inputs=inputs, activation=activation, output=output):
    """(a, o), as mlpkit.forward gives them."""
    a, o = [None], [inputs(net, np.asarray(I, float))]
    for l in range(1, net.L):
        a.append(activation(net, l, o))
        o.append(output(net, l, a))
    return a, o


# §4, backward: δ is σ' times what the loss says at the output, times what comes back elsewhere.


def slope(net, l, a, o):
    return net.sigma[l].derivative(a[l])


def rise(net, o, D):
    """∂L̃/∂o of the output layer, with 0 for its neuron 0."""
    return before(0.0, net.loss.gradient(o[-1][..., 1:], D))


def back(net, l, delta):
    return delta[l + 1] @ net.w[l].T


def zero(delta):
    return with_0(0, delta)


def backward(net, activations, D, slope=slope, rise=rise, back=back, zero=zero):
    """The list delta, as mlpkit.backward gives it."""
    a, o = activations
    delta = [None] * net.L
    delta[-1] = slope(net, net.L - 1, a, o) * rise(net, o, D)
    for l in range(net.L - 2, 0, -1):
        delta[l] = zero(slope(net, l, a, o) * back(net, l, delta))
    return delta


# §3, the gradient.


def product(o, delta):
    """o: (examples, n^l). delta: (examples, n^{l+1})."""
    return o.T @ delta / len(o)


def gradient(o, delta, product=product, later=0):
    """The list grad, as mlpkit.gradient gives it. later: how many layers too late o is taken."""
    o, delta = [_rows(array) for array in o], [None, *(_rows(array) for array in delta[1:])]
    return [product(o[l + later], delta[l + 1]) for l in range(len(o) - 1)]


def _rows(array):
    return array.reshape(-1, array.shape[-1])


# §5, stepping.


def move(w, alpha, grad):
    return w - alpha * grad


def step(net, I, D, alpha, forward=forward, backward=backward, gradient=gradient, move=move):
    """The list of the new weights."""
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    return [move(w, alpha, g) for w, g in zip(net.w, grad, strict=True)]


def train(net, I, D, alpha, epochs, step=step):
    """The network after so many steps on all examples."""
    for _ in range(epochs):
        net = moved(net, step(net, I, D, alpha))
    return net


def moved(net, w):
    """A network like net, with other weights."""
    return Network(w, net.sigma, net.loss)
