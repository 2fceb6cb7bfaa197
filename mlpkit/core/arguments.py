"""The doors of the core: what wrong input is told, in the notes' words: what was given, what is needed, how to mend it.

Each check_... returns what it was given, in the form that the core computes with, or raises.
"""

from numbers import Real

import numpy as np

from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, Activation, Loss, cross_entropy, sigmoid


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


def _either(names):
    return f"{', '.join(names[:-1])} or {names[-1]}"


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
        raise ValueError(f"alpha is {_short(alpha)}, but the learning rate is one finite number: try alpha=0.5")
    return number


def check_whole_number(name, given, least, example):
    """`given` as an int of at least `least`, or ValueError."""
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)) or given < least:
        raise ValueError(f"{name} is {given!r}, but a whole number from {least} up is needed: try {name}={example}")
    return int(given)


def check_weights(w):
    """w as a list of new arrays of one dtype, shapes (n[l], n[l+1]) that chain, column 0 fixed, or ValueError."""
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


def check_sigma(sigma, L):
    """sigma as the tuple (None, σ of layer 1, ..., σ of layer L-1), or TypeError or ValueError."""
    if isinstance(sigma, Activation):
        return (None, *(sigma,) * (L - 1))
    given = tuple(sigma) if isinstance(sigma, (list, tuple)) else None
    if given is None or any(not isinstance(one, Activation) for one in given[1:]):
        raise TypeError(
            f"sigma is {_short(sigma)}, but an Activation is needed, or a tuple (None, σ of layer 1, ..., σ of layer "
            f"L-1): take {_either([one.name for one in BUILT_IN_ACTIVATIONS])}, or make one with "
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


def check_loss(loss, sigma):
    """Raises TypeError where loss is no Loss, ValueError where it does not fit the σ of the output layer.

    sigma: the tuple (None, σ of layer 1, ..., σ of layer L-1).
    """
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


def check_sizes(sizes):
    """sizes as a list of ints, the neurons of each layer without the bias neuron, or ValueError."""
    given = list(sizes) if isinstance(sizes, (list, tuple, np.ndarray)) else []
    if len(given) < 2 or any(isinstance(s, bool) or not isinstance(s, (int, np.integer)) or s < 1 for s in given):
        raise ValueError(
            f"sizes is {_short(sizes)}, but at least two whole numbers from 1 up are needed: the neurons of each layer "
            "without the bias neuron, such as [2, 3, 1]"
        )
    return [int(s) for s in given]
