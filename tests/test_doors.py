"""Odd values at every public door: the right numbers, or one sentence of the kit's own, never Python's or NumPy's."""

import array
import decimal
import traceback
from fractions import Fraction
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes
from networks import EXAMPLES

import mlpkit
from mlpkit import (
    Activation,
    Loss,
    Network,
    Run,
    backward,
    categorical_cross_entropy,
    cross_entropy,
    data,
    forward,
    gradient,
    half_squared_error,
    sigmoid,
    softmax,
    softplus,
    step,
    tanh,
    trace,
    train,
    train_epochs,
)
from mlpkit.core.arguments import check_one_example
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.core.given import numbers, short
from mlpkit.core.training import mean_loss

pytestmark = pytest.mark.filterwarnings("error")
PACKAGE = Path(mlpkit.__file__).parent


class LikeATable:
    """What a table of another library offers NumPy."""

    def __array__(self, dtype=None):
        return np.array([0.5, 1.0], dtype)


class Raises:
    def __array__(self, dtype=None, copy=None):
        raise KeyError("no numbers here")

    def __repr__(self):
        raise KeyError("no words either")

    def __len__(self):
        raise KeyError("nor a length")


SELF = []
SELF.append(SELF)
NET = Network.random([2, 3, 1], (None, tanh, sigmoid), seed=3)
I, D = [0.5, 1.0], [1.0]
A, O = forward(NET, I)
DELTA = backward(NET, (A, O), D)
REFUSED = object()

# name: (what is given, the plain numbers that it means or REFUSED)
ODD = {
    "None": (None, REFUSED),
    "...": (..., REFUSED),
    "a word": ("0.5", REFUSED),
    "bytes": (b"ab", REFUSED),
    "words": (["0.5", "1"], REFUSED),
    "complex": (1j, REFUSED),
    "complex numbers": (np.array([0.5 + 0j, 1]), REFUSED),
    "nan": (np.nan, REFUSED),
    "inf": (-np.inf, REFUSED),
    "nan within": ([0.5, np.nan], REFUSED),
    "inf within": (np.array([np.inf, 1]), REFUSED),
    "masked": (np.ma.array([0.5, 1.0], mask=[True, False]), REFUSED),
    "masked, nothing of it": (np.ma.array([0.5, 1.0]), REFUSED),
    "masked rows": ([np.ma.array([0.5, 1.0], mask=[True, False])], REFUSED),
    "a masked number": ([0.5, np.ma.masked], REFUSED),
    "objects": (np.array([0.5, None]), REFUSED),
    "dates": (np.array(["2020-01-01", "2021-01-01"], "datetime64[D]"), REFUSED),
    "fields": (np.zeros(2, [("x", float)]), REFUSED),
    "decimals": ([decimal.Decimal("0.5"), decimal.Decimal(1)], REFUSED),
    "ragged": ([[0.5, 1], [1]], REFUSED),
    "a list that holds itself": (SELF, REFUSED),
    "beyond the floats": ([10**400, 1], REFUSED),
    "a number beyond the floats": (10**400, REFUSED),
    "minus that": (-(10**5000), REFUSED),
    "a generator": ((x for x in (0.5, 1)), REFUSED),
    "a set": ({0.5, 1.0}, REFUSED),
    "a dict": ({0: 0.5, 1: 1.0}, REFUSED),
    "what raises": (Raises(), REFUSED),
    "a function": (len, REFUSED),
    "a class": (Network, REFUSED),
    "a network": (NET, REFUSED),
    "an activation": (sigmoid, REFUSED),
    "a loss": (cross_entropy, REFUSED),
    "true": (True, 1.0),
    "truths": ([True, False], [1.0, 0.0]),
    "a number": (0.5, 0.5),
    "minus one": (-1, -1.0),
    "zero": (0, 0.0),
    "of no dimension": (np.array(0.5), 0.5),
    "empty": ([], []),
    "no rows": (np.zeros((0, 2)), np.zeros((0, 2))),
    "like a table": (LikeATable(), [0.5, 1.0]),
    "fractions": ([Fraction(1, 2), Fraction(1)], [0.5, 1.0]),
    "large whole numbers": ([10**30, 1], [1e30, 1.0]),
    "a range": (range(2), [0.0, 1.0]),
    "a memory view": (memoryview(array.array("d", [0.5, 1])), [0.5, 1.0]),
    "a matrix": (np.array([[0.5, 1]]).view(np.matrix), [[0.5, 1.0]]),
    "half precision": (np.array([0.5, 1], np.float16), [0.5, 1.0]),
    "long doubles": (np.array([0.5, 1], np.longdouble), [0.5, 1.0]),
    "the other order of bytes": (np.array([0.5, 1]).astype(np.dtype(float).newbyteorder()), [0.5, 1.0]),
    "read only": (np.frombuffer(np.array([0.5, 1]).tobytes()), [0.5, 1.0]),
    "three axes": (np.full((2, 1, 2), 0.5), np.full((2, 1, 2), 0.5).tolist()),
}


def told(call):
    """What the call returns, as a list of arrays, or the kit's own sentence. Anything else is an AssertionError."""
    try:
        return numbers_of(call())
    except (ValueError, TypeError) as caught:
        error = caught
    sentence = str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    own = PACKAGE in Path(frame.filename).parents and frame.line.lstrip().startswith("raise ")
    assert own, f"{type(error).__name__}: {sentence} ({Path(frame.filename).name}: {frame.line})"
    assert type(error) in (ValueError, TypeError)
    assert any(turn in sentence for turn in (", but ", ", so ", ": ")), sentence
    assert "0x" not in sentence
    assert len(sentence) < 400, sentence
    return sentence


def numbers_of(result):
    if isinstance(result, Network):
        return [*result.w]
    if isinstance(result, Run):
        return [np.array(result.loss), *result.net.w]
    if isinstance(result, (tuple, list)) and not hasattr(result, "symbol"):
        return [x for one in result for x in numbers_of(one)]
    if isinstance(result, (Activation, Loss)) or result is None:
        return []
    if hasattr(result, "symbol"):
        return [np.array(result.value)]
    return [np.asarray(result, float)]


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return isinstance(one, str) and isinstance(other, str)
    return len(one) == len(other) and all(np.array_equal(x, y, equal_nan=True) for x, y in zip(one, other, strict=True))


def stop(run):
    return True


ACTIVATIONS = (*BUILT_IN_ACTIVATIONS, softmax)
LOSSES = (half_squared_error, cross_entropy, categorical_cross_entropy)
# Each door with arguments that are right.
CALLS = {
    "Network": (Network, {"w": NET.w, "sigma": (None, tanh, sigmoid), "loss": half_squared_error}),
    "Network.random": (
        Network.random,
        {"sizes": [2, 3, 1], "sigma": tanh, "loss": half_squared_error, "seed": 1, "dtype": "float32"},
    ),
    "forward": (forward, {"net": NET, "I": I}),
    "backward": (backward, {"net": NET, "activations": (A, O), "D": D}),
    "gradient": (gradient, {"o": O, "delta": DELTA}),
    "step": (step, {"net": NET, "I": I, "D": D, "alpha": 0.5}),
    "mean_loss": (mean_loss, {"net": NET, "I": I, "D": D}),
    "train": (
        train,
        {
            "net": NET,
            "I": [I, I],
            "D": [D, D],
            "alpha": 0.5,
            "epochs": 2,
            "batch_size": 1,
            "seed": 0,
            "on_epoch": stop,
        },
    ),
    "train_epochs": (
        lambda net, I, D, alpha, epochs, batch_size, seed: next(
            train_epochs(net, I, D, alpha, epochs, batch_size, seed)
        ),
        {"net": NET, "I": I, "D": D, "alpha": 0.5, "epochs": 2, "batch_size": 1, "seed": 0},
    ),
    "trace": (trace, {"net": NET, "I": I, "D": D, "alpha": 0.5, "broken": (), "own": None}),
    "Run": (lambda net: Run(net), {"net": NET}),
    "Activation": (
        Activation,
        {"name": "own", "latex": "", "value": abs, "derivative": abs, "derivative_from_o": None, "elementwise": True},
    ),
    "Loss": (Loss, {"name": "own", "latex": "", "value": abs, "gradient": abs}),
    "digits_split": (lambda seed: data.digits_split(seed).test.labels, {"seed": 1}),
    **{
        made.__name__: (made, {"n": 4, "noise": 0.1, "seed": 1})
        for made in (data.two_circles, data.two_moons, data.spiral, data.four_squares)
    },
    **{f"{one.name}{kind}": (f, {"a": I}) for one in ACTIVATIONS for kind, f in (
        ("", one), (".value", one.value), (".derivative", one.derivative)
    )},
    **{f"{one.name}{kind}": (f, {"o": [0.5, 1.0], "D": [0.5, 1.0]}) for one in LOSSES
       for kind, f in ((".value", one.value), (".gradient", one.gradient))},
}  # fmt: skip
# What is an array of numbers: a plain list gives the same. Of the functions σ and L̃, nan and inf are numbers too.
ARRAYS = {"I", "D", "a", "o"}
WHOLE = {"epochs": 1, "batch_size": 1, "seed": 0, "n": 2}


def fits(door, name, value):
    """Whether a value that is no array of numbers is right there."""
    if name in ("alpha", "noise"):
        real = isinstance(value, (int, float)) and not isinstance(value, bool)
        return real and abs(value) <= 1e300 and (name == "alpha" or value >= 0)
    if name in WHOLE:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= WHOLE[name]
        return (whole and (name != "n" or value <= 10**7)) or (name == "batch_size" and value is None)
    return {
        "net": lambda: value is NET,
        "sigma": lambda: value is sigmoid,
        "loss": lambda: (
            value is cross_entropy and door == "Network"
        ),  # of Network.random: σ is tanh, which does not fit
        "on_epoch": lambda: value is None,
        "value": lambda: callable(value) or value is None or value is ...,
        "derivative": lambda: callable(value) or value is None or value is ...,
        "gradient": lambda: callable(value) or value is None or value is ...,
        "derivative_from_o": lambda: callable(value) or value is None,
        "elementwise": lambda: isinstance(value, bool),
        "name": lambda: isinstance(value, str),
        "latex": lambda: isinstance(value, str),
        "broken": lambda: type(value) is list and not value,
        "own": lambda: value is None or isinstance(value, dict),
    }.get(name, lambda: False)()


@pytest.mark.parametrize(("door", "name"), [(door, name) for door, (_, right) in CALLS.items() for name in right])
def test_odd_values_at_each_door(door, name):
    call, right = CALLS[door]
    assert not isinstance(told(lambda: call(**right)), str), told(lambda: call(**right))
    wrong = []
    for odd, (value, plain) in ODD.items():
        if name == "on_epoch" and callable(value):
            continue  # somebody's own function, with errors of its own
        try:
            outcome = told(lambda value=value: call(**right | {name: value}))
            if name in ARRAYS and not (door == "gradient" and name == "o"):
                if plain is REFUSED and "." not in door and door not in [one.name for one in ACTIVATIONS]:
                    assert isinstance(outcome, str), f"taken: {outcome}"
                elif plain is not REFUSED:
                    expected = told(lambda plain=plain: call(**right | {name: plain}))
                    assert same(outcome, expected), f"{outcome}, but of {plain}: {expected}"
                elif not isinstance(outcome, str):  # σ and L̃ of nan and inf
                    assert "nan" in odd or "inf" in odd or "beyond" in odd or "minus" in odd, f"taken: {outcome}"
            else:
                assert isinstance(outcome, str) is not fits(door, name, value), outcome
        except Exception as failed:
            wrong.append(f"{odd}: {type(failed).__name__}: {failed}"[:300])
    assert wrong == []


def of_a_network(l, value):
    w = [array.tolist() for array in NET.w]
    w[l] = value
    return w


def nothing():
    return [None, *[x[None][:0] for x in A[1:]]], [x[None][:0] for x in O]


SWAPPED = {
    "forward": lambda: forward(I, NET),
    "backward, the pair first": lambda: backward((A, O), NET, D),
    "backward, the pair last": lambda: backward(NET, D, (A, O)),
    "backward, o before a": lambda: backward(NET, (O, A), D),
    "backward, one list": lambda: backward(NET, O, D),
    "backward of another network": lambda: backward(Network.random([2, 4, 1]), (A, O), D),
    "backward, a of another batch": lambda: backward(NET, (forward(NET, [I, I])[0], O), D),
    "backward, o without neuron 0": lambda: backward(NET, (A, [o[1:] for o in O]), D),
    "backward, a batch of nothing": lambda: backward(NET, nothing(), D),
    "gradient": lambda: gradient(DELTA, O),
    "gradient of a and o": lambda: gradient(A, O),
    "gradient of D": lambda: gradient(O, D),
    "gradient of another batch": lambda: gradient(forward(NET, [I, I])[1], DELTA),
    "gradient of one layer": lambda: gradient(O[:1], DELTA[:1]),
    "gradient of fewer layers": lambda: gradient(O, DELTA[:2]),
    "gradient of numbers": lambda: gradient([1.0, 2.0], [None, 2.0]),
    "step": lambda: step(I, NET, D, 0.5),
    "step, D before I": lambda: step(NET, D, I, 0.5),
    "step, alpha first": lambda: step(NET, 0.5, I, D),
    "train": lambda: train(I, D, NET),
    "trace": lambda: trace(NET, D, I, 0.5),
    "trace of a batch": lambda: trace(NET, [I, I], [D, D], 0.5),
    "trace, a word": lambda: trace(NET, I, D, 0.5, "sign"),
    "trace, no mistake": lambda: trace(NET, I, D, 0.5, ["sine", 3]),
    "Network": lambda: Network(sigmoid, NET.w),
    "Network, σ and L̃": lambda: Network(NET.w, half_squared_error, sigmoid),
    "Network.random": lambda: Network.random(sigmoid, [2, 3, 1]),
    "Network.random, a float16": lambda: Network.random([2, 3], dtype=np.float16),
    "Network.random, whole numbers": lambda: Network.random([2, 3], dtype=int),
    "Network.random, too large": lambda: Network.random([10**12, 10**12]),
    "Activation": lambda: Activation(abs, abs, "name", ""),
    "Activation, no functions": lambda: Activation("name", "", 3, 4),
    "Activation, nothing from o": lambda: Activation("name", "", abs, abs, 3),
    "Activation not written": lambda: Activation("name", "", ..., abs)(3),
    "Network of a σ not written": lambda: Network(NET.w, Activation("name", "", abs, ...)),
    "Network of σ not written": lambda: Network(NET.w, (None, tanh, Activation("name", "", None, abs))),
    "Network of an L̃ not written": lambda: Network(NET.w, tanh, Loss("name", "", abs, ...)),
    "Loss": lambda: Loss(abs, abs, "name", ""),
    "Loss, two shapes": lambda: half_squared_error.value([0.5, 1], [1]),
    "Loss, a number": lambda: half_squared_error.gradient(0.5, 1),
    "Loss, o beyond 1": lambda: cross_entropy.value([2.0], [1.0]),
    "Loss, D below 0": lambda: cross_entropy.gradient([0.5], [-0.25]),
    "points, too many": lambda: data.spiral(10**12),
    "points, too much noise": lambda: data.two_moons(4, 1e305),
}  # fmt: skip


@pytest.mark.parametrize("call", SWAPPED.values(), ids=SWAPPED)
def test_swapped_arguments_and_wrong_shapes_are_told(call):
    assert isinstance(told(call), str)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("make", [
    lambda value: Network(of_a_network(0, value), tanh),
    lambda value: Network(of_a_network(1, value), tanh),
    lambda value: backward(NET, (value, O), D),
    lambda value: backward(NET, (A, value), D),
    lambda value: backward(NET, ([None, value, A[2]], O), D),
    lambda value: backward(NET, (A, [O[0], value, O[2]]), D),
    lambda value: gradient([O[0], value, O[2]], DELTA),
    lambda value: gradient(O, [None, value, DELTA[2]]),
    lambda value: Network.random([2, value, 1]),
    lambda value: Network(NET.w, (None, value, tanh)),
], ids=["w[0]", "w[1]", "a", "o", "a[1]", "o[1]", "o[1] of gradient", "delta[1]", "sizes[1]", "sigma[1]"])  # fmt: skip
def test_odd_values_within_a_list_are_told(make, odd):
    outcome = told(lambda: make(ODD[odd][0]))
    assert isinstance(outcome, str) or odd == "an activation"


ONE_ROW = "one row for each example, and in it one number for each neuron, neuron 0 included"
WHOLE_SENTENCES = [
    (lambda: backward(NET, ([None, [], A[2]], O), D), f"a[1] has the shape (0,), but (..., n) is needed: {ONE_ROW}"),
    (lambda: backward(NET, (A, [3.0, *O[1:]]), D), f"o[0] has the shape (), but (..., n) is needed: {ONE_ROW}"),
    (lambda: backward(NET, (A, [O[0], O[2], O[2]]), D), f"o[1] has the shape (2,), but (4,) is needed: {ONE_ROW}"),
    (
        lambda: backward(NET, forward(Network.random([2, 4, 1]), [I, I]), [D, D]),
        f"o[1] has the shape (2, 5), but (2, 4) is needed: {ONE_ROW}",
    ),
    (lambda: gradient(O, [None, O[1], O[1]]), f"delta[2] has the shape (4,), but (2,) is needed: {ONE_ROW}"),
    (
        lambda: backward(NET, ([None, ["x"], A[2]], O), D),
        "a[1] is ['x'], but numbers are needed: give a list or an array of numbers",
    ),
    (
        lambda: Network.random([2, 1], seed=-1),
        "seed is -1, but a whole number from 0 up is needed: try seed=0",
    ),
    (
        lambda: train(NET, I, D, batch_size=0),
        "batch_size is 0, but a whole number from 1 up is needed: try batch_size=32, or None for all examples at once",
    ),
    (
        lambda: cross_entropy.value([1.5], [1.0]),
        "o holds 1.5, but cross_entropy needs numbers from 0 to 1: take outputs of sigmoid or softmax, and desired "
        "outputs from 0 to 1",
    ),
    (
        lambda: cross_entropy.value([0.5], [-0.5]),
        "D holds -0.5, but cross_entropy needs numbers from 0 to 1: take outputs of sigmoid or softmax, and desired "
        "outputs from 0 to 1",
    ),
    (
        lambda: numbers("I", [[[[np.ma.array([1.0], mask=[True])]]]]),
        "I has a mask, but every number counts here: fill what is masked, as I.filled(0) does, or leave those examples "
        "out",
    ),
    (
        lambda: step(Network([[[1, 1000], [0, 0]]], Activation("exp", "e^a", np.exp, np.exp)), [0.0], [0.0], 0.5),
        "o[1] overflows, whatever alpha is: the weights or I are too large, so begin with smaller ones, or, if "
        "training has made them so large, with a smaller learning rate",
    ),
    (lambda: numbers("I", 10**400), "I is inf, but every number must be finite: replace it"),
    (lambda: numbers("I", [0, -(10**400)]), "I[1] is -inf, but every number must be finite: replace it"),
]


@pytest.mark.parametrize(("call", "sentence"), WHOLE_SENTENCES)
def test_the_whole_sentence(call, sentence):
    assert told(call) == sentence


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, ...]"),
        ([[[[1]]]], "[[[[...]]]]"),
        (array.array("i", range(20)), "array('i', [0, 1, 2, 3, 4, 5, 6, 7, ...."),
        (np.array([None] * 3), "array([None, None, None])"),
        ("x" * 200, "'" + "x" * 36 + "..."),
        (object(), "a thing of the kind object"),
    ],
)
def test_in_few_words(given, words):
    assert short(given) == words


def test_one_example_may_be_a_row_of_its_own():
    for wrapped in (lambda row: row, lambda row: [row], lambda row: [[row]]):
        one = check_one_example(NET, wrapped(I), wrapped(D))
        assert [array.tolist() for array in one] == [I, D]
        assert [array.shape for array in one] == [(2,), (1,)]
    assert told(lambda: check_one_example(NET, [I, I], [D, D])) == (
        "I has the shape (2, 2), but one example is needed here: take one row, such as I[0] and D[0]"
    )
    assert told(lambda: check_one_example(NET, I, [D])) == (
        "D has the shape (1, 1), but I asks for (1,): give one row of desired outputs for each example"
    )


def test_what_has_overflowed_is_taken_back_as_it_is():
    """Numbers that forward has made are not refused where backward and gradient read them from other lists."""
    a, o = forward(Network([[[1, 1e300], [0, 1e300]]], softplus), [1e10])
    assert np.isinf(o[1][1])
    net = Network([[[1, 1e300], [0, 1e300]]], softplus)
    for pair in ([a, o], (tuple(a), tuple(o))):
        np.testing.assert_array_equal(backward(net, pair, [0.0])[1], backward(net, (a, o), [0.0])[1])


@settings(max_examples=max(200, EXAMPLES), deadline=None)
@given(
    array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4), st.sampled_from(["float64", "float32", "int8", "O"])
)
def test_any_shape_of_I_and_D_is_right_or_told(shape, dtype):
    given = np.ones(shape, dtype)
    batch = shape[:-1]
    outcome = told(lambda: forward(NET, given))
    assert isinstance(outcome, str) is not (shape[-1:] == (2,) and 0 not in shape)
    if not isinstance(outcome, str):
        desired = np.ones((*batch, 1), dtype)
        assert not isinstance(told(lambda: step(NET, given, desired, 0.5)), str)
        assert isinstance(told(lambda: step(NET, given, desired[..., None], 0.5)), str)
    assert isinstance(told(lambda: step(NET, I, given, 0.5)), str) is not (shape == (1,))
    for l in (0, 1):  # column 0 is not (1, 0, ..., 0)
        assert isinstance(told(lambda l=l: Network(of_a_network(l, given), tanh)), str)


def test_what_is_taken_as_lists_is_what_is_taken_as_arrays():
    lists = ([None, *[x.tolist() for x in A[1:]]], [x.tolist() for x in O])
    for d, e in zip(backward(NET, lists, D)[1:], DELTA[1:], strict=True):
        np.testing.assert_array_equal(d, e)
    for g, h in zip(gradient(lists[1], [None, *[x.tolist() for x in DELTA[1:]]]), gradient(O, DELTA), strict=True):
        np.testing.assert_array_equal(g, h)
    assert softplus(3) == softplus(3.0)


def test_every_public_door_is_tried():
    public = {name for name in mlpkit.__all__ if callable(getattr(mlpkit, name))} | set(data.__all__)
    without_arguments = {name for name in data.__all__ if not signature(getattr(data, name)).parameters}
    tried = {door.split(".")[0] for door in CALLS} | {
        "half_squared_error",
        "cross_entropy",
        "categorical_cross_entropy",
    }
    made_by_others = {"MicroStep", "Digits", "DigitsSplit"}
    assert public - tried - without_arguments - made_by_others == set()


class Counted:
    """A leaf that counts how often it is looked at: each way of NumPy's and of repr's asks for something."""

    looks = 0

    def __getattr__(self, name):
        Counted.looks += 1
        raise AttributeError(name)

    def __repr__(self):
        Counted.looks += 1
        return "leaf"


@pytest.mark.parametrize("take", [short, lambda rows: numbers("I", rows)], ids=["short", "numbers"])
@pytest.mark.parametrize(("wide", "times"), [(2, 30), (1000, 6)])
def test_a_list_that_holds_itself_over_and_over_costs_next_to_nothing(take, wide, times):
    rows = Counted()
    for _ in range(times):
        rows = [rows] * wide
    Counted.looks = 0
    try:
        told = take(rows)
    except ValueError as problem:
        told = str(problem)
    assert Counted.looks < 1000
    assert len(told) < 100


def test_of_an_array_of_objects_the_beginning_is_told():
    rows = [0]
    for _ in range(40):
        rows = [rows, rows]
    held = np.empty(2, object)
    held[0] = held[1] = rows
    assert len(short(held)) <= 40
