"""The doors of the core: what wrong input is told, in the notes' words: what was given, what is needed, how to mend it.

Each check_... returns what it was given, in the form that the core computes with, or raises.
"""

from itertools import pairwise
from numbers import Real

import numpy as np

from mlpkit.core.functions import (
    BUILT_IN_ACTIVATIONS,
    Activation,
    Loss,
    categorical_cross_entropy,
    check_written,
    cross_entropy,
    sigmoid,
)
from mlpkit.core.given import numbers, short

MOST_WEIGHTS = 10**8  # in a network; three arrays of them fit into the memory of a small machine
MOST_POINTS = 10**7  # in a set that is made


def _either(names):
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _per_example(name, noun, given, layer, n, dtype):
    array = numbers(name, given, dtype)
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


def check_network(net):
    """TypeError where net is no Network."""
    # Told by its n, since network.py, which makes it, imports this file.
    if type(getattr(net, "n", None)) is not tuple:
        raise TypeError(f"net is {short(net)}, but a Network is needed: make one with Network.random([2, 3, 1])")


def check_inputs(net, I):
    """I as an array of the network's dtype, shape (..., n[0] - 1), or ValueError; TypeError where net is no Network."""
    check_network(net)
    return _per_example("I", "input", I, 0, net.n[0], net.w[0].dtype)


def check_desired_outputs(net, D, batch):
    """D as an array of the network's dtype, shape (*batch, n[L-1] - 1), or ValueError."""
    D = _per_example("D", "desired output", D, net.L - 1, net.n[-1], net.w[0].dtype)
    if D.shape[:-1] != batch:
        raise ValueError(
            f"D has the shape {D.shape}, but I asks for {(*batch, net.n[-1] - 1)}: "
            "give one row of desired outputs for each example"
        )
    if net.loss in (cross_entropy, categorical_cross_entropy) and ((D < 0) | (D > 1)).any():
        wrong = D[(D < 0) | (D > 1)].flat[0]
        raise ValueError(
            f"D holds {wrong:g}, but {net.loss.variable} needs desired outputs from 0 to 1: "
            "rescale D, or take half_squared_error as the loss"
        )
    return D


def check_activations(net, activations):
    """(a, o) as lists of arrays, a[l] and o[l] of shape (..., n[l]); or ValueError or TypeError."""
    check_network(net)
    if type(activations) is tuple and len(activations) == 2 and _fit(*activations, net.n):
        return activations
    if not isinstance(activations, (tuple, list)) or len(activations) != 2:
        raise TypeError(
            f"activations is {short(activations)}, but the pair (a, o) that forward returned is needed: "
            "write backward(net, (a, o), D)"
        )
    a, o = _layers("a", activations[0], net.L, 1), _layers("o", activations[1], net.L, 0)
    batch = o[0].shape[:-1]
    for l, n in enumerate(net.n):
        _check_shape("o", l, o[l], (*batch, n))
        if l:
            _check_shape("a", l, a[l], (*batch, n))
    return a, o


def check_outputs_and_error_signals(o, delta):
    """(o, delta) as lists of arrays, o[l] and delta[l] of one shape (..., n[l]); or ValueError or TypeError."""
    if _fit(delta, o):
        return o, delta
    L = len(o) if isinstance(o, (list, tuple)) and len(o) > 1 else 2
    o, delta = _layers("o", o, L, 0), _layers("delta", delta, L, 1)
    for l in range(L):
        _check_shape("o", l, o[l], (*o[0].shape[:-1], o[l].shape[-1]))
        if l:
            _check_shape("delta", l, delta[l], o[l].shape)
    return o, delta


def _fit(other, o, n=None):
    """Whether o, and a or delta, are lists as forward and backward make them: the quick way to say that they are."""
    if not (type(o) is type(other) is list and len(o) == len(other) > 1 and other[0] is None):
        return False
    shapes = []
    for x, y in zip(o, [o[0], *other[1:]], strict=True):
        if not (type(x) is type(y) is np.ndarray and x.dtype.kind == y.dtype.kind == "f" and x.shape == y.shape):
            return False
        shapes.append(x.shape)
    batch = shapes[0][:-1]
    if 0 in batch or any(shape[:-1] != batch or not shape for shape in shapes):
        return False
    return n is None or n == tuple(shape[-1] for shape in shapes)


def _layers(name, given, L, first):
    """`given` as a list of L arrays, None before layer `first`."""
    if not isinstance(given, (list, tuple)) or len(given) != L:
        raise TypeError(
            f"{name} is {short(given)}, but a list as forward and backward return it is needed, "
            f"with one array for each of the L = {L} layers"
        )
    if first and given[0] is not None:
        raise ValueError(
            f"{name}[0] is {short(given[0])}, but None is needed, since the notes define no {name} of layer 0: "
            f"set {name}[0] = None, or see whether {name} and o have changed places"
        )
    arrays = [
        array if type(array) is np.ndarray and array.dtype.kind == "f" else numbers(f"{name}[{l}]", array)
        for l, array in enumerate(given[first:], start=first)
    ]
    for l, array in enumerate(arrays, start=first):
        if array.ndim == 0 or array.size == 0:
            _check_shape(name, l, array, ("...", "n"))
    return [None] * first + arrays


def _check_shape(name, l, array, shape):
    if array.shape != shape:
        needed = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
        raise ValueError(
            f"{name}[{l}] has the shape {array.shape}, but {needed} is needed: one row for each example, "
            "and in it one number for each neuron, neuron 0 included"
        )


def check_one_example(net, I, D):
    """(I, D) of one example, shapes (n[0] - 1,) and (n[L-1] - 1,); it may be a row of its own. Or ValueError."""
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    if I.size != net.n[0] - 1:
        raise ValueError(
            f"I has the shape {I.shape}, but one example is needed here: take one row, such as I[0] and D[0]"
        )
    return I.ravel(), D.ravel()


def check_alpha(alpha):
    """α as a float, or ValueError."""
    try:
        number = float(alpha) if isinstance(alpha, Real) and not isinstance(alpha, bool) else np.nan
    except OverflowError:  # a whole number beyond the largest float
        number = np.inf
    if not np.isfinite(number):
        raise ValueError(f"alpha is {short(alpha)}, but the learning rate is one finite number: try alpha=0.5")
    return number


def check_whole_number(name, given, least, example, most=None):
    """`given` as an int of at least `least`, and at most `most` if that is given; or ValueError."""
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < least:
        raise ValueError(
            f"{name} is {short(given)}, but a whole number from {least} up is needed: try {name}={example}"
        )
    if most is not None and given > most:
        raise ValueError(f"{name} is {short(given)}, but no more than {most} fit: try {name}={example}")
    return int(given)


def check_new_weights(w, alpha, a, o, delta, grad):
    """ValueError where one of the new weights w is not finite; it says what overflowed first."""
    if all(np.isfinite(array).all() for array in w):
        return
    for name, layers in (("a", a), ("o", o), ("delta", delta), ("grad", grad)):
        for l, array in enumerate(layers):
            if array is not None and not np.isfinite(array).all():
                raise ValueError(
                    f"{name}[{l}] overflows, whatever alpha is: the weights or I are too large, so begin with smaller "
                    "ones, or, if training has made them so large, with a smaller learning rate"
                )
    raise ValueError(f"alpha is {alpha:g}, so large that a weight overflows: take a smaller learning rate")


def check_dtype(dtype):
    """dtype as a NumPy dtype, float32 or float64, or ValueError."""
    try:
        found = None if dtype is None else np.dtype(dtype)
    except Exception:  # NumPy raises TypeError, ValueError or SyntaxError
        found = None
    if found not in (np.float32, np.float64):
        raise ValueError(f"dtype is {short(dtype)}, but weights are float32 or float64: try dtype=float")
    return found


def check_weights(w):
    """w as a list of new arrays of one dtype, shapes (n[l], n[l+1]) that chain, column 0 fixed, or ValueError."""
    if isinstance(w, np.ndarray) or not isinstance(w, (list, tuple)) or not w:
        raise ValueError(
            f"w is {short(w)}, but a list of L - 1 >= 1 arrays is needed, one for each pair of neighbouring layers"
        )
    arrays = [numbers(f"w[{l}]", array) for l, array in enumerate(w)]
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


def check_sigma(sigma, L):
    """sigma as the tuple (None, σ of layer 1, ..., σ of layer L-1), or TypeError or ValueError."""
    if isinstance(sigma, Activation):
        check_written(sigma)
        return _only_at_the_output((None, *(sigma,) * (L - 1)))
    given = tuple(sigma) if isinstance(sigma, (list, tuple)) else None
    if given is None or any(not isinstance(one, Activation) for one in given[1:]):
        raise TypeError(
            f"sigma is {short(sigma)}, but an Activation is needed, or a tuple (None, σ of layer 1, ..., σ of layer "
            f"L-1): take {_either([one.name for one in BUILT_IN_ACTIVATIONS])}, or make one with "
            "Activation(name, latex, value, derivative)"
        )
    if len(given) == L and given[0] is not None:
        raise ValueError(
            f"sigma[0] is {short(given[0])}, but None is needed: layer 0 has no activation, so it has no σ"
        )
    if len(given) != L:
        raise ValueError(
            f"sigma has {len(given)} entries, but {L} are needed, one for each layer: "
            "None for layer 0, which has no activation, then one σ for each other layer"
        )
    for one in given[1:]:
        check_written(one)
    return _only_at_the_output(given)


def _only_at_the_output(sigma):
    """The same tuple, or ValueError where a hidden layer has a σ that is not elementwise."""
    for l, one in enumerate(sigma[1:-1], start=1):
        if not one.elementwise:
            raise ValueError(
                f"layer {l} has σ = {one.name}, a function of the whole layer, but the notes' back-propagation needs "
                f"one that is applied to each number on its own: take {one.name} for the output layer alone"
            )
    return sigma


def check_loss(loss, sigma):
    """Raises TypeError where loss is no Loss, ValueError where it does not fit the σ of the output layer.

    sigma: the tuple (None, σ of layer 1, ..., σ of layer L-1).
    """
    if not isinstance(loss, Loss):
        raise TypeError(
            f"loss is {short(loss)}, but a Loss is needed: take half_squared_error or cross_entropy, "
            "or make one with Loss(name, latex, value, gradient)"
        )
    check_written(loss)
    unbounded = sigma[-1] in BUILT_IN_ACTIVATIONS and sigma[-1] is not sigmoid
    if loss in (cross_entropy, categorical_cross_entropy) and unbounded:
        raise ValueError(
            f"the output layer has σ = {sigma[-1].name}, but {loss.variable} needs outputs between 0 and 1: "
            f"take {'sigmoid' if loss is cross_entropy else 'softmax'} for the output layer, "
            "or half_squared_error as the loss"
        )


def check_sizes(sizes):
    """sizes as a list of ints, the neurons of each layer without the bias neuron, or ValueError."""
    several = isinstance(sizes, (list, tuple)) or (isinstance(sizes, np.ndarray) and sizes.ndim > 0)
    given = list(sizes) if several else []
    if len(given) < 2 or any(isinstance(s, bool) or not isinstance(s, (int, np.integer)) or s < 1 for s in given):
        raise ValueError(
            f"sizes is {short(sizes)}, but at least two whole numbers from 1 up are needed: the neurons of each layer "
            "without the bias neuron, such as [2, 3, 1]"
        )
    sizes = [int(s) for s in given]
    if (count := sum((before + 1) * (after + 1) for before, after in pairwise(sizes))) > MOST_WEIGHTS:
        raise ValueError(
            f"sizes is {short(sizes)}, so {short(count)} weights, but no more than {MOST_WEIGHTS} fit: "
            "take fewer neurons"
        )
    return sizes
