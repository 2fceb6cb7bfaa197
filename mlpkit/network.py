"""The network of the notes: definitions (§1), forward (§2), backward (§3, §4) and stepping (§5).

Indices are the notes' own. Layer l = 0 is the input, l = L-1 the output. n[l] counts the bias neuron, which is
neuron 0 of every layer and always 1. w[l] leads from layer l to layer l+1: its entry w[l][i, j] goes from neuron i
to neuron j, row 0 holds the biases, and column 0 is fixed at (1, 0, ..., 0). What the notes do not define (a[0],
delta[0]) is None. A shape (..., n) may have any number of leading axes: one example has none, a batch has one.
"""

from itertools import pairwise
from numbers import Real

import numpy as np

from mlpkit.functions import (
    BUILT_IN_ACTIVATIONS,
    Activation,
    Loss,
    cross_entropy,
    half_squared_error,
    sigmoid,
)


class Network:
    """A multilayer perceptron: its weights, its activation functions and its loss (§1).

    w: list of L-1 arrays, w[l] of shape (n[l], n[l+1]), column 0 equal to (1, 0, ..., 0).
    sigma: one Activation for all layers, or a tuple (None, σ of layer 1, ..., σ of layer L-1).
    loss: a Loss. The arrays are copied and cannot be written to. They are float32 if all of w is, else float64.

    Raises ValueError where w does not fit this, TypeError where sigma or loss is no Activation or Loss.
    """

    __slots__ = ("L", "loss", "n", "sigma", "w")

    def __init__(self, w, sigma=sigmoid, loss=half_squared_error):
        w = _weights(w)
        self._set(w, _sigma(sigma, len(w) + 1), loss)

    def _set(self, w, sigma, loss):
        if not isinstance(loss, Loss):
            raise TypeError(
                f"loss is {loss!r}, but a Loss is needed: take half_squared_error or cross_entropy, "
                "or make one with Loss(name, latex, value, gradient)"
            )
        if loss is cross_entropy and sigma[-1] in BUILT_IN_ACTIVATIONS and sigma[-1] is not sigmoid:
            raise ValueError(
                f"the output layer has σ = {sigma[-1].name}, but cross_entropy needs outputs between 0 and 1: "
                "take sigmoid for the output layer, or half_squared_error as the loss"
            )
        for array in w:
            array.setflags(write=False)
        for name, value in (
            ("w", tuple(w)),
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
    def random(cls, sizes, sigma=sigmoid, loss=half_squared_error, seed=0, dtype=float):
        """A network with random weights.

        sizes: neurons per layer without the bias neurons, such as [2, 3, 1].
        Every weight, biases included, is drawn from a normal distribution with mean 0 and standard deviation
        1 / sqrt(n[l]), so that an activation, a sum of n[l] terms, starts at about the size of 1 (lesson 5).
        seed: an int; the same seed gives the same weights.
        """
        sizes = _sizes(sizes)
        rng = np.random.default_rng(seed)
        w = []
        for before, after in pairwise(sizes):
            array = np.zeros((before + 1, after + 1))
            array[0, 0] = 1  # the fixed column
            array[:, 1:] = rng.normal(0, (before + 1) ** -0.5, (before + 1, after))
            w.append(array.astype(dtype))
        return cls(w, sigma, loss)

    def __repr__(self):
        names = dict.fromkeys(sigma.name for sigma in self.sigma[1:])
        sizes = "-".join(str(n - 1) for n in self.n)
        return f"Network({sizes}, σ: {', '.join(names)}, L̃: {self.loss.name})"


def forward(net, I):
    """§2: the activations a and outputs o of every layer.

    I: (..., n[0] - 1). Returns lists (a, o): o[l] and a[l] have shape (..., n[l]), o[l][..., 0] == 1, and a[0] is
    None. Raises ValueError where I does not fit layer 0.
    """
    I = check_inputs(net, I)
    a, o = [None], [_with_neuron_0(1, I)]  # §2: o_j^0 = I_j^d
    for l in range(net.L - 1):
        a.append(o[l] @ net.w[l])  # §1: a_j^{l+1} = Σ_i o_i^l w_ij^l
        # §2: o_j^{l+1} = σ(a_j^{l+1}) for 1 <= j. Neuron 0 is set, not computed: σ(a_0) = σ(1) need not be 1.
        o.append(_with_neuron_0(1, net.sigma[l + 1].value(a[l + 1][..., 1:]), like=a[l + 1]))
    return a, o


def backward(net, activations, D):
    """§4: the error signals δ_i^l = ∂L̃/∂a_i^l of every layer, for each example on its own.

    activations: the pair (a, o) that forward returned. D: (..., n[L-1] - 1), the desired outputs.
    Returns a list delta: delta[l] has shape (..., n[l]), delta[l][..., 0] == 0, and delta[0] is None.
    Raises ValueError where D does not fit the output layer or the examples.
    """
    a, o = activations
    D = check_desired_outputs(net, D, o[-1].shape[:-1])
    delta = [None] * net.L
    outputs = o[-1][..., 1:]
    if net.loss is cross_entropy and net.sigma[-1] is sigmoid:
        # §4: o (1 - o) times (o - D) / (o (1 - o)) is o - D, which holds at any a, also where o rounds to 0 or 1.
        at_output = outputs - D
    else:
        # §4: δ_j^{L-1} = σ'(a_j^{L-1}) ∂L̃/∂o_j^{L-1} for 1 <= j
        at_output = net.sigma[-1].derivative(a[-1][..., 1:]) * net.loss.gradient(outputs, D)
    delta[-1] = _with_neuron_0(0, at_output, like=a[-1])
    for l in range(net.L - 2, 0, -1):
        # §4: δ_i^l = σ'(a_i^l) Σ_k w_ik^l δ_k^{l+1} for 1 <= i. δ_0^l = 0 for every σ, since o_0^l is a constant.
        back = (delta[l + 1] @ net.w[l].T)[..., 1:]
        delta[l] = _with_neuron_0(0, net.sigma[l].derivative(a[l][..., 1:]) * back, like=a[l])
    return delta


def gradient(o, delta):
    """§3: ∂L̃/∂w_ij^l = δ_j^{l+1} o_i^l, over a batch the mean over its examples.

    o, delta: the lists of forward and backward. Returns a list like w; column 0 is 0, because delta[..., 0] is.
    """
    grad = []
    for o_here, delta_next in zip(o[:-1], delta[1:], strict=True):
        o_rows = o_here.reshape(-1, o_here.shape[-1])
        delta_rows = delta_next.reshape(-1, delta_next.shape[-1])
        grad.append(o_rows.T @ delta_rows / len(o_rows))
    return grad


def step(net, I, D, alpha):
    """§5: a new Network with w + Δw, Δw_ij^l = -α ∂L̃/∂w_ij^l: all weights moved at once, from the same old ones.

    I: (..., n[0] - 1). D: (..., n[L-1] - 1). alpha: a number. Over a batch the mean gradient is used. net is untouched.
    Raises ValueError where I, D or alpha does not fit, or where the step is so large that a weight overflows.
    """
    alpha = check_alpha(alpha)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows on the way ends in w, and is told below
        a, o = forward(net, I)
        grad = gradient(o, backward(net, (a, o), D))
        w = [w - alpha * g for w, g in zip(net.w, grad, strict=True)]
    if not all(np.isfinite(array).all() for array in w):
        raise ValueError(f"alpha is {alpha:g}, so large that a weight overflows: take a smaller learning rate")
    return Network(w, net.sigma, net.loss)


def _with_neuron_0(constant, rest, like=None):
    """`rest`, the values of neurons 1, 2, ..., with `constant` put before it as neuron 0."""
    shape = (*rest.shape[:-1], rest.shape[-1] + 1) if like is None else like.shape
    values = np.empty(shape, (rest if like is None else like).dtype)
    values[..., 0] = constant
    values[..., 1:] = rest
    return values


# What is wrong is told at the door, in the notes' words: what was given, what is needed, how to mend it.


def _numbers(name, given, dtype=None):
    """`given` as a new array of finite floats, or ValueError."""
    try:
        array = np.array(given)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths: give each row the same number of numbers") from None
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name} is {_short(given)}, but numbers are needed: give a list or an array of numbers")
    if array.dtype.kind != "f" or dtype is not None or array.dtype.itemsize not in (4, 8):
        with np.errstate(over="ignore"):  # what is too large for the dtype becomes inf, and is refused below
            array = array.astype(dtype or float)
    if not np.isfinite(array).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name}{list(place) if place else ''} is {array[place]}, but every number must be finite: replace it"
        )
    return array


def _short(given):
    text = repr(given)
    return text if len(text) <= 40 else text[:37] + "..."


def _per_example(name, noun, given, layer, n, dtype):
    array = _numbers(name, given, dtype)
    if array.ndim == 0:
        raise ValueError(f"{name} is the single number {array}, but a list is needed: write [{array}] for one {noun}")
    if array.shape[-1] != n - 1:
        raise ValueError(
            f"{name} has {array.shape[-1]} {noun}{'s' * (array.shape[-1] != 1)}, "
            f"but layer {layer} has n^{layer} - 1 = {n - 1} "
            f"(n counts the bias neuron): give {n - 1} for each example, without neuron 0"
        )
    if array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, a batch of 0 examples: give at least one example")
    return array


def check_inputs(net, I):
    """I as an array of the network's dtype, shape (..., n[0] - 1), or ValueError."""
    return _per_example("I", "input", I, 0, net.n[0], net.w[0].dtype)


def check_desired_outputs(net, D, batch):
    """D as an array of the network's dtype, shape (*batch, n[L-1] - 1), or ValueError."""
    D = _per_example("D", "desired output", D, net.L - 1, net.n[-1], net.w[0].dtype)
    if D.shape[:-1] != batch:
        raise ValueError(
            f"D has the shape {D.shape}, but I asks for {(*batch, net.n[-1] - 1)}: "
            "give one row of desired outputs for each example"
        )
    if net.loss is cross_entropy and ((D < 0) | (D > 1)).any():
        wrong = D[(D < 0) | (D > 1)].flat[0]
        raise ValueError(
            f"D holds {wrong:g}, but cross_entropy needs desired outputs from 0 to 1: "
            "rescale D, or take half_squared_error as the loss"
        )
    return D


def check_alpha(alpha):
    """α as a float, or ValueError."""
    try:
        number = float(alpha) if isinstance(alpha, Real) and not isinstance(alpha, bool) else np.nan
    except OverflowError:  # a whole number beyond the largest float
        number = np.inf
    if not np.isfinite(number):
        raise ValueError(f"alpha is {_short(alpha)}, but the learning rate is one finite number: try alpha=0.5")
    return number


def _weights(w):
    if isinstance(w, np.ndarray) or not isinstance(w, (list, tuple)) or not w:
        raise ValueError(
            f"w is {_short(w)}, but a list of L - 1 >= 1 arrays is needed, one for each pair of neighbouring layers"
        )
    arrays = [_numbers(f"w[{l}]", array) for l, array in enumerate(w)]
    for l, array in enumerate(arrays):
        if array.ndim != 2 or min(array.shape) < 2:
            raise ValueError(
                f"w[{l}] has the shape {array.shape}, but (n^{l}, n^{l + 1}) is needed with n >= 2: "
                "neuron 0 and at least one more in each layer"
            )
        if l and arrays[l - 1].shape[1] != len(array):
            raise ValueError(
                f"w[{l - 1}] has the shape {arrays[l - 1].shape} and w[{l}] {array.shape}, but they must chain: "
                f"layer {l} has n^{l} = {arrays[l - 1].shape[1]} neurons for the one and {len(array)} for the other"
            )
        fixed = np.zeros(len(array))
        fixed[0] = 1
        if (array[:, 0] != fixed).any():
            i = int(np.argmax(array[:, 0] != fixed))
            raise ValueError(
                f"w[{l}][{i}, 0] is {array[i, 0]:g}, but column 0 is fixed at (1, 0, ..., 0), "
                f"so that a_0^{l + 1} = 1 (§1): set w[{l}][{i}, 0] = {fixed[i]:g}"
            )
    if len({array.dtype for array in arrays}) > 1:
        arrays = [array.astype(float) for array in arrays]
    return arrays


def _sigma(sigma, L):
    if isinstance(sigma, Activation):
        return (None, *(sigma,) * (L - 1))
    given = tuple(sigma) if isinstance(sigma, (list, tuple)) else None
    if given is None or any(not isinstance(one, Activation) for one in given[1:]):
        raise TypeError(
            f"sigma is {_short(sigma)}, but an Activation is needed, or a tuple (None, σ of layer 1, ..., σ of layer "
            "L-1): take sigmoid, tanh, relu, softplus or identity, or make one with "
            "Activation(name, latex, value, derivative)"
        )
    if len(given) == L and given[0] is not None:
        raise ValueError(
            f"sigma[0] is {_short(given[0])}, but None is needed: layer 0 has no activation, so it has no σ"
        )
    if len(given) != L:
        raise ValueError(
            f"sigma has {len(given)} entries, but {L} are needed, one for each layer: "
            "None for layer 0, which has no activation, then one σ for each other layer"
        )
    return given


def _sizes(sizes):
    given = list(sizes) if isinstance(sizes, (list, tuple, np.ndarray)) else []
    if len(given) < 2 or any(isinstance(s, bool) or not isinstance(s, (int, np.integer)) or s < 1 for s in given):
        raise ValueError(
            f"sizes is {_short(sizes)}, but at least two whole numbers from 1 up are needed: the neurons of each layer "
            "without the bias neuron, such as [2, 3, 1]"
        )
    return [int(s) for s in given]
