"""The network of the notes: definitions (§1), forward (§2), backward (§3, §4) and stepping (§5).

Indices are the notes' own. Layer l = 0 is the input, l = L-1 the output. n[l] counts the bias neuron, which is
neuron 0 of every layer and always 1. w[l] leads from layer l to layer l+1: its entry w[l][i, j] goes from neuron i
to neuron j, row 0 holds the biases, and column 0 is fixed at (1, 0, ..., 0). What the notes do not define (a[0],
delta[0]) is None. A shape (..., n) may have any number of leading axes: one example has none, a batch has one.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlpkit.core import arguments
from mlpkit.core.functions import Activation, Loss, cancelling, half_squared_error, sigmoid

# One array for each layer, (..., n[l]) for layer l. Any is the None of layer 0, for what the notes do not define there.
PerLayer = list[NDArray | Any]


class Network:
    """A multilayer perceptron: its weights, its activation functions and its loss (§1).

    w: list of L-1 arrays, w[l] of shape (n[l], n[l+1]), column 0 equal to (1, 0, ..., 0).
    sigma: one Activation for all layers, or a tuple (None, σ of layer 1, ..., σ of layer L-1).
    loss: a Loss. The arrays are copied and cannot be written to. They are float32 if all of w is, else float64.

    Raises ValueError where w does not fit this, TypeError where sigma or loss is no Activation or Loss.
    """

    __slots__ = ("L", "loss", "n", "sigma", "w")

    w: tuple[NDArray, ...]
    sigma: tuple[Activation | Any, ...]
    loss: Loss
    L: int
    n: tuple[int, ...]

    def __init__(
        self, w: Sequence[ArrayLike], sigma: Activation | Sequence = sigmoid, loss: Loss = half_squared_error
    ) -> None:
        w = arguments.check_weights(w)
        sigma = arguments.check_sigma(sigma, len(w) + 1)
        arguments.check_loss(loss, sigma)
        self._set(w, sigma, loss)

    def _set(self, w, sigma, loss):
        for name, value in (
            # Over the bytes of a bytes object, an array cannot be made writeable again.
            ("w", tuple(np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape) for array in w)),
            ("sigma", sigma),
            ("loss", loss),
            ("L", len(w) + 1),
            ("n", (*(len(array) for array in w), w[-1].shape[1])),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        raise AttributeError(
            f"a Network is never changed: make a new one, Network(w, sigma, loss), instead of setting {name}"
        )

    def __delattr__(self, name):
        raise AttributeError(f"a Network is never changed: {name} cannot be deleted")

    def __reduce__(self):
        return Network, (self.w, self.sigma, self.loss)

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        sigma: Activation | Sequence = sigmoid,
        loss: Loss = half_squared_error,
        seed: int = 0,
        dtype: DTypeLike = float,
    ) -> "Network":
        """A network with random weights.

        sizes: neurons per layer without the bias neurons, such as [2, 3, 1].
        Every weight, biases included, is drawn from a normal distribution with mean 0 and standard deviation
        1 / sqrt(n[l]), so that an activation, a sum of n[l] terms, starts at about the size of 1 (lesson 5).
        seed: an int; the same seed gives the same weights. dtype: float32 or float64. Raises ValueError where one of
        them does not fit.
        """
        sizes, dtype = arguments.check_sizes(sizes), arguments.check_dtype(dtype)
        rng = np.random.default_rng(arguments.check_whole_number("seed", seed, 0, "0"))
        w = []
        for before, after in pairwise(sizes):
            array = np.zeros((before + 1, after + 1))
            array[0, 0] = 1  # the fixed column
            array[:, 1:] = rng.normal(0, (before + 1) ** -0.5, (before + 1, after))
            w.append(array.astype(dtype))
        return cls(w, sigma, loss)

    def __repr__(self) -> str:
        names = dict.fromkeys(sigma.name for sigma in self.sigma[1:])
        sizes = "-".join(str(n - 1) for n in self.n)
        return f"Network({sizes}, σ: {', '.join(names)}, L̃: {self.loss.name})"


_QUIET = {"over": "ignore", "invalid": "ignore"}  # what is too large for the dtype is inf, without a warning


@np.errstate(**_QUIET)
def forward(net: Network, I: ArrayLike) -> tuple[PerLayer, PerLayer]:
    """§2: the activations a and outputs o of every layer.

    I: (..., n[0] - 1). Returns lists (a, o): o[l] and a[l] have shape (..., n[l]), o[l][..., 0] == 1, and a[0] is
    None. Raises ValueError where I does not fit layer 0, TypeError where net is no Network.
    """
    I = arguments.check_inputs(net, I)
    a, o = [None], [_with_neuron_0(1, I)]  # §2: o_j^0 = I_j^d
    for l in range(net.L - 1):
        a.append(o[l] @ net.w[l])  # §1: a_j^{l+1} = Σ_i o_i^l w_ij^l
        # §2: o_j^{l+1} = σ(a_j^{l+1}) for 1 <= j. Neuron 0 is set, not computed: σ(a_0) = σ(1) need not be 1.
        o.append(_with_neuron_0(1, net.sigma[l + 1].value(a[l + 1][..., 1:]), like=a[l + 1]))
    return a, o


@np.errstate(**_QUIET)
def backward(net: Network, activations: tuple[PerLayer, PerLayer], D: ArrayLike) -> PerLayer:
    """§4: the error signals δ_i^l = ∂L̃/∂a_i^l of every layer, for each example on its own.

    activations: the pair (a, o) that forward returned. D: (..., n[L-1] - 1), the desired outputs.
    Returns a list delta: delta[l] has shape (..., n[l]), delta[l][..., 0] == 0, and delta[0] is None.
    Raises ValueError or TypeError where a, o or D does not fit the network or the examples.
    """
    a, o = arguments.check_activations(net, activations)
    D = arguments.check_desired_outputs(net, D, o[-1].shape[:-1])
    delta = [None] * net.L
    outputs, slope = o[-1][..., 1:], net.sigma[-1].derivative
    if pair := cancelling(net.sigma[-1], net.loss):
        at_output = pair[1](outputs, D)  # §4: such as o - D for cross-entropy behind a sigmoid
    elif net.sigma[-1].elementwise:
        # §4: δ_j^{L-1} = σ'(a_j^{L-1}) ∂L̃/∂o_j^{L-1} for 1 <= j
        at_output = slope(a[-1][..., 1:]) * net.loss.gradient(outputs, D)
    else:  # every o_k depends on a_j: δ_j^{L-1} = Σ_k ∂o_k/∂a_j ∂L̃/∂o_k
        at_output = np.einsum("...kj,...k->...j", slope(a[-1][..., 1:]), net.loss.gradient(outputs, D))
    delta[-1] = _with_neuron_0(0, at_output, like=a[-1])
    for l in range(net.L - 2, 0, -1):
        # §4: δ_i^l = σ'(a_i^l) Σ_k w_ik^l δ_k^{l+1} for 1 <= i. δ_0^l = 0 for every σ, since o_0^l is a constant.
        back = (delta[l + 1] @ net.w[l].T)[..., 1:]
        delta[l] = _with_neuron_0(0, net.sigma[l].derivative(a[l][..., 1:]) * back, like=a[l])
    return delta


@np.errstate(**_QUIET)
def gradient(o: PerLayer, delta: PerLayer) -> list[NDArray]:
    """§3: ∂L̃/∂w_ij^l = δ_j^{l+1} o_i^l, over a batch the mean over its examples.

    o, delta: the lists of forward and backward. Returns a list like w; column 0 is 0, because delta[..., 0] is.
    Raises ValueError or TypeError where they do not fit each other.
    """
    o, delta = arguments.check_outputs_and_error_signals(o, delta)
    grad = []
    for o_here, delta_next in zip(o[:-1], delta[1:], strict=True):
        o_rows = o_here.reshape(-1, o_here.shape[-1])
        delta_rows = delta_next.reshape(-1, delta_next.shape[-1])
        grad.append(o_rows.T @ delta_rows / len(o_rows))
    return grad


def step(net: Network, I: ArrayLike, D: ArrayLike, alpha: float) -> Network:
    """§5: a new Network with w + Δw, Δw_ij^l = -α ∂L̃/∂w_ij^l: all weights moved at once, from the same old ones.

    I: (..., n[0] - 1). D: (..., n[L-1] - 1). alpha: a number. Over a batch the mean gradient is used. net is untouched.
    Raises ValueError where I, D or alpha does not fit, or where a weight overflows; it says what did first.
    """
    alpha = arguments.check_alpha(alpha)
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    with np.errstate(**_QUIET):
        w = [w - alpha * g for w, g in zip(net.w, grad, strict=True)]
    arguments.check_new_weights(w, alpha, a, o, delta, grad)
    new = object.__new__(Network)  # what is made of right arrays needs no second check
    new._set(w, net.sigma, net.loss)
    return new


def _with_neuron_0(constant, rest, like=None):
    """`rest`, the values of neurons 1, 2, ..., with `constant` put before it as neuron 0."""
    shape = (*rest.shape[:-1], rest.shape[-1] + 1) if like is None else like.shape
    values = np.empty(shape, (rest if like is None else like).dtype)
    values[..., 0] = constant
    values[..., 1:] = rest
    return values


def weights_that_move(net: Network) -> list[tuple]:
    """The symbols ("w", l, i, j) of all weights outside the fixed column 0, by l, then i, then j."""
    return [("w", l, i, j) for l in range(net.L - 1) for i in range(net.n[l]) for j in range(1, net.n[l + 1])]
