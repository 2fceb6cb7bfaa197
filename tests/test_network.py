"""The network: contract, gradients against several oracles, worked examples, wrong input, and what always holds."""

import copy
import itertools
import pickle
from fractions import Fraction

import mutants
import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import NET, PROPERTY, examples, pairs

import mlpkit
from mlpkit import (
    Activation,
    Network,
    backward,
    cross_entropy,
    forward,
    gradient,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
    trace,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.core.network import weights_that_move

pytestmark = pytest.mark.filterwarnings("error")

SIGMA = {sigma.name: sigma for sigma in BUILT_IN_ACTIVATIONS}
LOSS = {"half squared error": half_squared_error, "cross-entropy": cross_entropy}


# Shapes and constants


@pytest.mark.parametrize("batch", [(), (1,), (5,), (2, 3)])
@pytest.mark.parametrize("sizes", [[3, 2], [2, 3, 1], [4, 2, 3, 2]])
def test_the_contracts_shapes_and_constants(sizes, batch):
    net = Network.random(sizes, tanh, seed=1)
    I, D = examples(net, batch)
    assert len(sizes) == net.L
    assert net.n == tuple(size + 1 for size in sizes)
    assert net.sigma == (None, *[tanh] * (net.L - 1))
    assert net.loss is half_squared_error
    assert [w.shape for w in net.w] == list(itertools.pairwise(net.n))
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    assert a[0] is None
    assert delta[0] is None
    assert len(a) == len(o) == len(delta) == net.L
    assert [array.shape for array in o] == [(*batch, n) for n in net.n]
    assert [array.shape for array in a[1:]] == [(*batch, n) for n in net.n[1:]]
    assert [array.shape for array in delta[1:]] == [(*batch, n) for n in net.n[1:]]
    assert [array.shape for array in grad] == [w.shape for w in net.w]
    assert all((array[..., 0] == 1).all() for array in (*o, *a[1:]))
    assert all((array[..., 0] == 0).all() for array in delta[1:])
    assert all((array[:, 0] == 0).all() for array in grad)
    np.testing.assert_array_equal(o[0][..., 1:], I)
    assert np.shape(net.loss.value(o[-1][..., 1:], D)) == batch
    new = step(net, I, D, 0.3)
    assert isinstance(new, Network)
    assert (new.sigma, new.loss, new.n) == (net.sigma, net.loss, net.n)


def test_sigma_as_one_as_a_tuple_and_in_the_repr():
    net = Network.random([2, 3, 1], (None, tanh, sigmoid), cross_entropy)
    assert net.sigma == (None, tanh, sigmoid)
    assert Network(net.w, net.sigma, net.loss).sigma == net.sigma
    assert repr(net) == "Network(2-3-1, σ: tanh, sigmoid, L̃: cross-entropy)"
    assert repr(Network.random([2, 3, 1])) == "Network(2-3-1, σ: sigmoid, L̃: half squared error)"


def test_random_weights():
    net = Network.random([400, 300, 2], seed=5)
    assert all((w[:, 0] == np.eye(len(w))[0]).all() for w in net.w)
    for l, w in enumerate(net.w):
        assert w[:, 1:].std() == pytest.approx(net.n[l] ** -0.5, rel=0.1)
        assert abs(w[:, 1:].mean()) < 0.01 + 0.1 * (l == 1)
    for w, again, other in zip(net.w, *(Network.random([400, 300, 2], seed=s).w for s in (5, 6)), strict=True):
        np.testing.assert_array_equal(w, again)
        assert (w[:, 1:] != other[:, 1:]).any()
    [drawn] = Network.random([2, 3]).w
    np.testing.assert_array_equal(drawn[:, 1:], np.random.default_rng(0).normal(0, 3**-0.5, (3, 3)))


def test_the_weights_that_move():
    assert weights_that_move(Network.random([1, 2, 1])) == [
        *(("w", 0, 0, 1), ("w", 0, 0, 2), ("w", 0, 1, 1), ("w", 0, 1, 2)),
        *(("w", 1, 0, 1), ("w", 1, 1, 1), ("w", 1, 2, 1)),
    ]


# Worked examples


def rounded(numbers):
    return np.round(np.asarray(numbers), 8).tolist()


def test_the_running_example():
    a, o = forward(NET, [0.5, 1])
    np.testing.assert_allclose(a[1], [1, 0.05, 0.2, 1.2], rtol=1e-15)
    assert rounded(o[1]) == [1, 0.5124974, 0.549834, 0.76852478]
    assert rounded(a[2]) == [1, 0.29124109]
    assert rounded(o[2]) == [1, 0.57229995]
    delta = backward(NET, (a, o), [1])
    assert rounded(delta[2]) == [0, -0.1046893]
    assert rounded(delta[1]) == [0, -0.01830918, 0.01295617, -0.00744946]


def test_the_public_worked_example():
    w0 = [[1, 0.35, 0.35], [0, 0.15, 0.25], [0, 0.20, 0.30]]
    w1 = [[1, 0.60, 0.60], [0, 0.40, 0.50], [0, 0.45, 0.55]]
    net = Network([w0, w1], sigmoid, half_squared_error)
    I, D = [0.05, 0.10], [0.01, 0.99]
    _, o = forward(net, I)
    assert rounded(o[2]) == [1, 0.75136507, 0.77292847]
    assert rounded(net.loss.value(o[2][1:], D)) == 0.29837111
    new = step(net, I, D, 0.5)
    assert rounded(new.w[1]) == [
        [1, 0.53075072, 0.61904912],
        [0, 0.35891648, 0.51130127],
        [0, 0.40866619, 0.56137012],
    ]
    assert rounded(new.w[0]) == [
        [1, 0.34561432, 0.34502287],
        [0, 0.14978072, 0.24975114],
        [0, 0.19956143, 0.29950229],
    ]


# Gradients. Four oracles: central differences of the trace's loss (scalar code that shares nothing with the arrays),
# a stored table in higher precision, PyTorch where it is there, and mutants that the first must catch.


def numerical_gradient(net, I, D):
    """The gradient of the mean loss by central differences; its column 0 is 0, since column 0 is fixed."""
    I, D = np.atleast_2d(I), np.atleast_2d(D)
    h = 1e-5

    def loss(w):
        nudged = Network(w, net.sigma, net.loss)
        return np.mean([_loss_of(trace(nudged, x, d, 0.1)) for x, d in zip(I, D, strict=True)])

    grad = [np.zeros(w.shape) for w in net.w]
    for l, w in enumerate(net.w):
        for i, j in itertools.product(range(w.shape[0]), range(1, w.shape[1])):
            losses = []
            for nudge in (h, -h):
                moved = [array.copy() for array in net.w]
                moved[l][i, j] += nudge
                losses.append(loss(moved))
            grad[l][i, j] = (losses[0] - losses[1]) / (2 * h)
    return grad


def _loss_of(steps):
    return next(s.value for s in steps if s.symbol == ("loss",))


def assert_gradients(grad, expected):
    assert len(grad) == len(expected)
    for g, e in zip(grad, expected, strict=True):
        np.testing.assert_allclose(np.asarray(g), e, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("batch", [(), (5,)], ids=["single", "batch"])
@pytest.mark.parametrize("net", pairs().values(), ids=pairs())
def test_gradients_against_central_differences(net, batch):
    I, D = examples(net, batch)
    a, o = forward(net, I)
    assert_gradients(gradient(o, backward(net, (a, o), D)), numerical_gradient(net, I, D))


@pytest.mark.parametrize("name", oracle.CASES)
def test_gradients_against_the_stored_table(name):
    sizes, sigma, loss = oracle.CASES[name]
    w, I, D = oracle.numbers(sizes)
    net = Network(w, (None, *(SIGMA[one] for one in sigma)), LOSS[loss])
    a, o = forward(net, I)
    value, grad = oracle.TABLE[name]
    assert net.loss.value(o[-1][1:], D) == pytest.approx(value, rel=1e-14)
    for g, expected in zip(gradient(o, backward(net, (a, o), D)), grad, strict=True):
        np.testing.assert_allclose(g[:, 1:].ravel(), expected, rtol=1e-12, atol=1e-15)


ON_TRIAL = [
    Network.random([2, 3, 1], sigmoid, seed=1),
    Network.random([4, 2, 3], (None, relu, identity), seed=4),
    Network.random([3, 5, 4, 2], (None, tanh, softplus, sigmoid), cross_entropy, seed=1),
]
# Their numbers are right. What is wrong is what stands at layer 0, or what is changed on the way: for check to tell.
RIGHT_NUMBERS = {
    "a[0] is the input",
    "delta[0] given",
    "the network's arrays changed",
    "turned where it fits",  # all widths differ here
}


def gradients_agree(made):
    """Whether the numerical gradient agrees with the functions of `made`, which stand in for the kit's."""
    f = {name: getattr(mlpkit, name) for name in ("forward", "backward", "gradient")} | made
    for net, batch in itertools.product(ON_TRIAL, [(), (7,)]):
        I, D = examples(net, batch)
        expected = numerical_gradient(net, I, D)
        try:
            if "step" in made:
                alpha = 0.3
                new = made["step"](Network(net.w, net.sigma, net.loss), I, D, alpha)
                grad = [(w - v) / alpha for w, v in zip(net.w, getattr(new, "w", new), strict=True)]
            else:
                a, o = f["forward"](net, I)
                grad = f["gradient"](o, f["backward"](net, (a, o), D))
            assert_gradients(grad, expected)
        except (AssertionError, ValueError, IndexError, TypeError, AttributeError):
            return False
    return True


@pytest.mark.parametrize("name", ["forward", "backward", "gradient", "step"])
def test_the_numerical_gradient_lets_the_right_ones_pass(name):
    assert gradients_agree({name: mutants.make(name, mutants.SOURCE[name])})


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param(name, lines, id=f"{name}: {what}")
        for name, what, lines in mutants.WRONG
        if name in ("forward", "backward", "gradient", "step") and what not in RIGHT_NUMBERS
    ],
)
def test_the_numerical_gradient_catches_every_mutant(name, lines):
    assert not gradients_agree({name: mutants.mutant(name, lines)})


# Nothing is changed behind one's back


def test_a_network_is_never_changed():
    source = [np.array([[1, 0.1], [0, 0.2]]), np.array([[1, 0.3, 0.4], [0, 0.5, 0.6]])]
    net = Network(source, sigmoid)
    source[0][0, 1] = 9
    assert net.w[0][0, 1] == 0.1
    with pytest.raises(ValueError, match="read-only"):
        net.w[0][0, 1] = 9
    with pytest.raises(
        AttributeError,
        match=r"^a Network is never changed: make a new one, Network\(w, sigma, loss\), instead of setting w$",
    ):
        net.w = source
    with pytest.raises(AttributeError, match=r"^a Network is never changed: w cannot be deleted$"):
        del net.w
    with pytest.raises(TypeError):
        net.w[0] = source[0]
    for again in (net, step(net, [0.5], [0.1, 0.2], 0.5), pickle.loads(pickle.dumps(net))):
        for array in (again.w[0], again.w[0].base):
            with pytest.raises(ValueError, match="cannot set WRITEABLE flag"):
                array.setflags(write=True)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copied_network_is_the_same(again):
    net = Network.random([2, 3, 1], (None, tanh, sigmoid), cross_entropy)
    again = again(net)
    assert (again.sigma, again.loss, again.n, again.L) == (net.sigma, net.loss, net.n, net.L)
    assert not again.w[0].flags.writeable
    for w, v in zip(net.w, again.w, strict=True):
        np.testing.assert_array_equal(w, v)
    own = Activation("own", "", tanh.value, tanh.derivative)
    assert copy.deepcopy(own).value is tanh.value


def test_step_leaves_everything_as_it_was():
    I, D = examples(NET, (4,))
    before = [array.copy() for array in (*NET.w, I, D)]
    new = step(NET, I, D, 0.5)
    for array, was in zip((*NET.w, I, D), before, strict=True):
        np.testing.assert_array_equal(array, was)
    assert new is not NET
    assert not any(np.shares_memory(w, v) for w, v in zip(NET.w, new.w, strict=True))


def test_forward_and_backward_do_not_share_memory_with_what_they_read():
    I, D = examples(NET, (4,))
    a, o = forward(NET, I)
    kept = [array.copy() for array in (*a[1:], *o)]
    delta = backward(NET, (a, o), D)
    gradient(o, delta)
    for array, was in zip((*a[1:], *o), kept, strict=True):
        np.testing.assert_array_equal(array, was)
    o[0][:] = 7
    assert I.max() < 1


# dtype


@pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_the_networks(sigma, dtype):
    net = Network.random([2, 3, 2], sigma, seed=1, dtype=dtype)
    I, D = examples(net, (4,))
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    for array in (*net.w, *a[1:], *o, *delta[1:], *gradient(o, delta), *step(net, I, D, np.float64(0.5)).w):
        assert array.dtype == dtype
    in_doubles = forward(Network([w.astype(float) for w in net.w], sigma), I)[1][-1]
    np.testing.assert_allclose(o[-1], in_doubles, rtol=1e-5, atol=1e-6)


def test_cross_entropy_keeps_float32():
    net = Network.random([2, 3, 2], (None, tanh, sigmoid), cross_entropy, dtype=np.float32)
    I, D = examples(net, (4,))
    assert step(net, I, D, 0.5).w[0].dtype == np.float32


def test_weights_of_two_kinds_become_float64():
    net = Network([np.array([[1, 2], [0, 1]], np.float32), [[1, 0], [0, 1]]])
    assert {w.dtype for w in net.w} == {np.dtype(float)}


# Wrong input is told at the door. Each message in full.

SMALL = Network.random([2, 3, 1], seed=0)
W = [np.array([[1, 0.1, 0.2], [0, 0.3, 0.4], [0, 0.5, 0.6]]), np.array([[1, 0.1], [0, 0.2], [0, 0.3]])]


def changed(l, place, value):
    w = [array.copy() for array in W]
    w[l][place] = value
    return w


ACTIVATION_NEEDED = (
    "but an Activation is needed, or a tuple (None, σ of layer 1, ..., σ of layer L-1): take sigmoid, tanh, relu, "
    "softplus or identity, or make one with Activation(name, latex, value, derivative)"
)
LIST_NEEDED = "but a list of L - 1 >= 1 arrays is needed, one for each pair of neighbouring layers"
SIZES_NEEDED = (
    "but at least two whole numbers from 1 up are needed: the neurons of each layer without the bias neuron, "
    "such as [2, 3, 1]"
)
ALPHA_NEEDED = "but the learning rate is one finite number: try alpha=0.5"
INPUTS_NEEDED = "but layer 0 has n^0 - 1 = 2 (n counts the bias neuron): give 2 for each example, without neuron 0"
OUTPUTS_NEEDED = "but layer 2 has n^2 - 1 = 1 (n counts the bias neuron): give 1 for each example, without neuron 0"
NUMBERS_NEEDED = "but numbers are needed: give a list or an array of numbers"


def back(I, D, net=SMALL):
    return backward(net, forward(net, I), D)


ERRORS = {
    # I
    "3 inputs": (lambda: forward(SMALL, [1, 2, 3]), f"I has 3 inputs, {INPUTS_NEEDED}"),
    "1 input": (lambda: forward(SMALL, [[1], [2]]), f"I has 1 input, {INPUTS_NEEDED}"),
    "no input": (lambda: forward(SMALL, []), f"I has 0 inputs, {INPUTS_NEEDED}"),
    "no example": (
        lambda: forward(SMALL, np.zeros((0, 2))),
        "I has shape (0, 2), a batch of 0 examples: give at least one example",
    ),
    "I a number": (
        lambda: forward(SMALL, 0.5),
        "I is the single number 0.5, but a list is needed: write [0.5] for one input",
    ),
    "I NaN": (lambda: forward(SMALL, [1, np.nan]), "I[1] is nan, but every number must be finite: replace it"),
    "I infinite in a batch": (
        lambda: forward(SMALL, [[1, 2], [-np.inf, 1]]),
        "I[1, 0] is -inf, but every number must be finite: replace it",
    ),
    "I too large for float32": (
        lambda: forward(Network.random([2, 1], dtype=np.float32), [1e300, 1]),
        "I[0] is inf, but every number must be finite: replace it",
    ),
    "I strings": (lambda: forward(SMALL, ["1", "2"]), f"I is ['1', '2'], {NUMBERS_NEEDED}"),
    "I a word": (lambda: forward(SMALL, "ab"), f"I is 'ab', {NUMBERS_NEEDED}"),
    "I None": (lambda: forward(SMALL, None), f"I is None, {NUMBERS_NEEDED}"),
    "I complex": (lambda: forward(SMALL, [1j, 1]), f"I is [1j, 1], {NUMBERS_NEEDED}"),
    "I long": (
        lambda: forward(SMALL, ["a long word", "and another long word", "x"]),
        f"I is ['a long word', 'and another long wor..., {NUMBERS_NEEDED}",
    ),
    "I ragged": (
        lambda: forward(SMALL, [[1, 2], [3]]),
        "I has rows of different lengths: give each row the same number of numbers",
    ),
    # D
    "2 desired outputs": (lambda: back([1, 2], [1, 0]), f"D has 2 desired outputs, {OUTPUTS_NEEDED}"),
    "D a number": (
        lambda: back([1, 2], 1),
        "D is the single number 1.0, but a list is needed: write [1.0] for one desired output",
    ),
    "D for one of a batch": (
        lambda: back([[1, 2], [3, 4]], [1]),
        "D has the shape (1,), but I asks for (2, 1): give one row of desired outputs for each example",
    ),
    "D for too many": (
        lambda: back([[1, 2], [3, 4]], [[1], [1], [1]]),
        "D has the shape (3, 1), but I asks for (2, 1): give one row of desired outputs for each example",
    ),
    "D a batch for one": (
        lambda: back([1, 2], [[1]]),
        "D has the shape (1, 1), but I asks for (1,): give one row of desired outputs for each example",
    ),
    "D NaN": (lambda: back([1, 2], [np.nan]), "D[0] is nan, but every number must be finite: replace it"),
    "D strings": (lambda: back([1, 2], ["on"]), f"D is ['on'], {NUMBERS_NEEDED}"),
    "labels above 1": (
        lambda: back([1, 2], [2], Network(W, sigmoid, cross_entropy)),
        "D holds 2, but cross_entropy needs desired outputs from 0 to 1: rescale D, or take half_squared_error as the "
        "loss",
    ),
    "labels below 0": (
        lambda: step(Network(W, sigmoid, cross_entropy), [[1, 2], [1, 2]], [[1], [-0.5]], 0.1),
        "D holds -0.5, but cross_entropy needs desired outputs from 0 to 1: rescale D, or take half_squared_error as "
        "the loss",
    ),
    # α
    "alpha a word": (lambda: step(SMALL, [1, 2], [1], "0.5"), f"alpha is '0.5', {ALPHA_NEEDED}"),
    "alpha None": (lambda: step(SMALL, [1, 2], [1], None), f"alpha is None, {ALPHA_NEEDED}"),
    "alpha NaN": (lambda: step(SMALL, [1, 2], [1], float("nan")), f"alpha is nan, {ALPHA_NEEDED}"),
    "alpha infinite": (lambda: step(SMALL, [1, 2], [1], float("inf")), f"alpha is inf, {ALPHA_NEEDED}"),
    "alpha true": (lambda: step(SMALL, [1, 2], [1], True), f"alpha is True, {ALPHA_NEEDED}"),
    "alpha a list": (lambda: step(SMALL, [1, 2], [1], [0.5]), f"alpha is [0.5], {ALPHA_NEEDED}"),
    "alpha complex": (lambda: step(SMALL, [1, 2], [1], 1j), f"alpha is 1j, {ALPHA_NEEDED}"),
    "alpha beyond the floats": (
        lambda: step(SMALL, [1, 2], [1], 10**400),
        f"alpha is 1{'0' * 36}..., {ALPHA_NEEDED}",
    ),
    "alpha too large": (
        lambda: step(Network.random([2, 1], identity), [1e10, 2], [1], 1e305),
        "alpha is 1e+305, so large that a weight overflows: take a smaller learning rate",
    ),
    # w
    "w a number": (lambda: Network(3), f"w is 3, {LIST_NEEDED}"),
    "w empty": (lambda: Network([]), f"w is [], {LIST_NEEDED}"),
    "w one array": (lambda: Network(np.eye(2)), f"w is array([[1., 0.],\n       [0., 1.]]), {LIST_NEEDED}"),
    "w of one axis": (
        lambda: Network([[1, 0]]),
        "w[0] has the shape (2,), but (n^0, n^1) is needed with n >= 2: neuron 0 and at least one more in each layer",
    ),
    "w with neuron 0 only": (
        lambda: Network([W[0], [[1], [0], [0]]]),
        "w[1] has the shape (3, 1), but (n^1, n^2) is needed with n >= 2: neuron 0 and at least one more in each layer",
    ),
    "w that do not chain": (
        lambda: Network([W[0], W[1][:2]]),
        "w[0] has the shape (3, 3) and w[1] (2, 2), but they must chain: layer 1 has n^1 = 3 neurons for the one and 2 "
        "for the other",
    ),
    "column 0 not 1 on top": (
        lambda: Network(changed(0, (0, 0), 0.9)),
        "w[0][0, 0] is 0.9, but column 0 is fixed at (1, 0, ..., 0), so that a_0^1 = 1 (§1): set w[0][0, 0] = 1",
    ),
    "column 0 not 0 below": (
        lambda: Network(changed(1, (2, 0), -0.25)),
        "w[1][2, 0] is -0.25, but column 0 is fixed at (1, 0, ..., 0), so that a_0^2 = 1 (§1): set w[1][2, 0] = 0",
    ),
    "w NaN": (
        lambda: Network(changed(1, (0, 1), np.nan)),
        "w[1][0, 1] is nan, but every number must be finite: replace it",
    ),
    "w ragged": (
        lambda: Network([[[1, 2], [0]]]),
        "w[0] has rows of different lengths: give each row the same number of numbers",
    ),
    "w strings": (lambda: Network([[["1", "2"]]]), f"w[0] is [['1', '2']], {NUMBERS_NEEDED}"),
    # σ and L̃
    "sigma for layer 0": (
        lambda: Network(W, (tanh, tanh, sigmoid)),
        "sigma[0] is Activation(tanh), but None is needed: layer 0 has no activation, so it has no σ",
    ),
    "sigma too short": (
        lambda: Network(W, [tanh, sigmoid]),
        "sigma has 2 entries, but 3 are needed, one for each layer: None for layer 0, which has no activation, then "
        "one σ for each other layer",
    ),
    "cross_entropy with tanh": (
        lambda: Network(W, tanh, cross_entropy),
        "the output layer has σ = tanh, but cross_entropy needs outputs between 0 and 1: take sigmoid for the output "
        "layer, or half_squared_error as the loss",
    ),
    # sizes
    "a size of 0": (lambda: Network.random([2, 0, 1]), f"sizes is [2, 0, 1], {SIZES_NEEDED}"),
    "one size": (lambda: Network.random([2]), f"sizes is [2], {SIZES_NEEDED}"),
    "a size of 2.5": (lambda: Network.random([2, 2.5]), f"sizes is [2, 2.5], {SIZES_NEEDED}"),
    "a size of True": (lambda: Network.random([2, True]), f"sizes is [2, True], {SIZES_NEEDED}"),
    "sizes a number": (lambda: Network.random(3), f"sizes is 3, {SIZES_NEEDED}"),
    "sizes words": (lambda: Network.random(["2", "1"]), f"sizes is ['2', '1'], {SIZES_NEEDED}"),
}
TYPE_ERRORS = {
    "sigma a word": (lambda: Network(W, "tanh"), f"sigma is 'tanh', {ACTIVATION_NEEDED}"),
    "sigma None": (lambda: Network(W, None), f"sigma is None, {ACTIVATION_NEEDED}"),
    "sigma with a word": (
        lambda: Network(W, (None, "tanh", tanh)),
        f"sigma is (None, 'tanh', Activation(tanh)), {ACTIVATION_NEEDED}",
    ),
    "loss a word": (
        lambda: Network(W, sigmoid, "squared"),
        "loss is 'squared', but a Loss is needed: take half_squared_error or cross_entropy, or make one with "
        "Loss(name, latex, value, gradient)",
    ),
}


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        pytest.param(call, error, sentence, id=name)
        for error, table in ((ValueError, ERRORS), (TypeError, TYPE_ERRORS))
        for name, (call, sentence) in table.items()
    ],
)
def test_wrong_input_is_told_in_one_sentence(call, error, sentence):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error
    assert str(caught.value) == sentence


@pytest.mark.parametrize("sigma", [tanh, relu, softplus, identity], ids=lambda sigma: sigma.name)
def test_cross_entropy_needs_a_sigmoid_or_ones_own_sigma_at_the_output(sigma):
    with pytest.raises(ValueError, match="cross_entropy needs outputs between 0 and 1"):
        Network(W, (None, sigmoid, sigma), cross_entropy)
    own = Activation("squashed", r"(1 + \tanh a) / 2", lambda a: (1 + tanh(a)) / 2, lambda a: tanh.derivative(a) / 2)
    net = Network(W, (None, sigma, own), cross_entropy)
    I, D = examples(net, (3,))
    a, o = forward(net, I)
    assert_gradients(gradient(o, backward(net, (a, o), D)), numerical_gradient(net, I, D))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_diverging_training_ends_in_one_clear_error(dtype):
    net = Network.random([2, 3, 2], identity, seed=1, dtype=dtype)
    I, D = examples(net, (4,))

    def diverge():
        here = net
        for _ in range(2000):
            here = step(here, 3 * I, D, 5)

    with pytest.raises(
        ValueError,
        match=r"^a\[2\] overflows, whatever alpha is: the weights or I are too large, so begin with smaller ones, or, "
        r"if training has made them so large, with a smaller learning rate$",
    ):
        diverge()


@pytest.mark.parametrize(
    ("w", "I", "alpha", "overflows"),
    [
        ([[[1, 0], [0, 1e300]]], [1e300], 1e-300, r"a\[1\]"),
        ([[[1, 0], [0, 1.0]], [[1, 0], [0, 1e300]]], [1e300], 0, r"a\[2\]"),
        ([[[1, 0], [0, 1e155]]], [1e155], 1e-300, r"a\[1\]"),
        ([[[1, 0], [0, 1e100]], [[1, 0], [0, 1e120]]], [1e10], 1e-300, r"delta\[1\]"),
        ([[[1, 0], [0, 1e10]]], [1e155], 1e-300, r"grad\[0\]"),
    ],
)
def test_step_says_what_overflows_where_alpha_is_not_to_blame(w, I, alpha, overflows):
    with pytest.raises(ValueError, match=f"^{overflows} overflows, whatever alpha is"):
        step(Network(w, identity), I, [0], alpha)


@pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
@pytest.mark.parametrize("size", [1e155, 1e300, -1e300, 1.7e308])
def test_numbers_that_overflow_do_so_without_a_warning(sigma, size):
    net = Network([[[1, size, -size], [0, size, size]], [[1, size], [0, -size], [0, size]]], sigma)
    a, o = forward(net, [size])
    gradient(o, backward(net, (a, o), [size]))
    net.loss.value(o[-1][1:], [size])


@pytest.mark.parametrize("alpha", [0.25, Fraction(1, 4), np.float32(0.25), np.float64(0.25)])
def test_alpha_is_any_real_number(alpha):
    for w, v in zip(step(NET, [1, 2], [1], alpha).w, step(NET, [1, 2], [1], 0.25).w, strict=True):
        np.testing.assert_array_equal(w, v)


def test_inputs_of_every_kind_are_taken():
    expected = forward(NET, [0.0, 1.0])[1][-1]
    for I in ((0, 1), [False, True], np.array([0, 1]), np.array([0, 1], np.float16), np.array([0, 1], np.longdouble)):
        np.testing.assert_array_equal(forward(NET, I)[1][-1], expected)


# What always holds

SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4)
ANY_NETWORK = st.builds(
    lambda sizes, sigmas, squared, seed, scale: _network(sizes, sigmas, squared, seed, scale),
    SIZES,
    st.lists(st.sampled_from(BUILT_IN_ACTIVATIONS), min_size=3, max_size=3),
    st.booleans(),
    st.integers(0, 10**6),
    st.sampled_from([0.1, 1.0, 5.0]),
)


def _network(sizes, sigmas, squared, seed, scale):
    sigma = [None, *sigmas[: len(sizes) - 1]]
    if not squared:
        sigma[-1] = sigmoid
    loss = half_squared_error if squared else cross_entropy
    net = Network.random(sizes, tuple(sigma), loss, seed=seed)
    return Network([np.where(np.arange(w.shape[1]) > 0, scale * w, w) for w in net.w], net.sigma, loss)


BATCH = st.integers(1, 6)


@PROPERTY
@given(ANY_NETWORK, BATCH)
def test_neuron_0_and_column_0_stay_fixed(net, count):
    I, D = examples(net, (count,), seed=count)
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    assert all((d[:, 0] == 0).all() for d in delta[1:])
    assert all((g[:, 0] == 0).all() for g in gradient(o, delta))
    for w, v in zip(net.w, step(net, I, D, 0.7).w, strict=True):
        np.testing.assert_array_equal(w[:, 0], v[:, 0])


@PROPERTY
@given(ANY_NETWORK, BATCH)
def test_a_batch_is_its_examples(net, count):
    I, D = examples(net, (count,), seed=count)
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grads = []
    for k in range(count):
        a_k, o_k = forward(net, I[k])
        delta_k = backward(net, (a_k, o_k), D[k])
        grads.append(gradient(o_k, delta_k))
        for together, alone in zip((*a[1:], *o, *delta[1:]), (*a_k[1:], *o_k, *delta_k[1:]), strict=True):
            np.testing.assert_allclose(together[k], alone, rtol=1e-9, atol=1e-12)
    for l, g in enumerate(gradient(o, delta)):
        np.testing.assert_allclose(g, np.mean([grad[l] for grad in grads], axis=0), rtol=1e-9, atol=1e-12)


@PROPERTY
@given(ANY_NETWORK)
def test_a_step_with_alpha_0_changes_nothing_and_any_other_goes_against_the_gradient(net):
    I, D = examples(net, (3,))
    for w, v in zip(net.w, step(net, I, D, 0).w, strict=True):
        np.testing.assert_array_equal(w, v)
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    for w, g, v in zip(net.w, grad, step(net, I, D, 0.25).w, strict=True):
        np.testing.assert_allclose(v, w - 0.25 * g, rtol=1e-12, atol=1e-15)


@PROPERTY
@given(ANY_NETWORK, st.randoms(use_true_random=False))
def test_hidden_neurons_may_change_places(net, random):
    w = [array.copy() for array in net.w]
    orders = [None] * net.L
    for l in range(1, net.L - 1):
        order = list(range(1, net.n[l]))
        random.shuffle(order)
        orders[l] = [0, *order]
        w[l - 1] = w[l - 1][:, orders[l]]
        w[l] = w[l][orders[l]]
    I, D = examples(net, (3,))
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    other = Network(w, net.sigma, net.loss)
    a2, o2 = forward(other, I)
    delta2 = backward(other, (a2, o2), D)
    for l in range(1, net.L):
        order = orders[l] or slice(None)
        for one, two in ((a, a2), (o, o2), (delta, delta2)):
            np.testing.assert_allclose(one[l][:, order], two[l], rtol=1e-9, atol=1e-12)
