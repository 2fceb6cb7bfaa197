"""train against step in a loop, which is the plain way to write the same."""

import copy
from inspect import signature

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from networks import EXAMPLES

from mlpkit import (
    Activation,
    Loss,
    Network,
    Run,
    cross_entropy,
    forward,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
    train,
    train_epochs,
)
from mlpkit.core.fast import Batch, flat
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.core.training import mean_loss as mean_loss_of_the_kit
from mlpkit.tracing.micro_steps import loss_by_trace

# The same numbers, but training cannot recognise them: it must take the general path.
OWN_TANH = Activation("own tanh", "", lambda a: np.tanh(a), lambda a: 1 - np.tanh(a) ** 2)
OWN_SIGMOID = Activation(
    "own sigmoid", "", lambda a: 1 / (1 + np.exp(-a)), lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2
)
ARCTAN = Activation("arctan", "", lambda a: np.arctan(a), lambda a: 1 / (1 + a * a))
RETURNS_A = Activation("a itself", "", lambda a: a, lambda a: 1.0)
BELL = Activation("bell", "", lambda a: np.exp(-a * a), lambda a: -2 * a * np.exp(-a * a))
EXP_FROM_O = Activation("exp", "e^a", np.exp, lambda a: None, lambda o: o)  # its derivative(a) must not be called
FOURTH_POWER = Loss("fourth power", "", lambda o, D: ((o - D) ** 4).sum(axis=-1), lambda o, D: 4 * (o - D) ** 3)
OWN_SQUARES = Loss("own squares", "", lambda o, D: 0.5 * ((o - D) ** 2).sum(-1), lambda o, D: o - D)

SIZES = [3, 5, 4, 2]
TOLERANCE = {"float64": {"rtol": 1e-10, "atol": 1e-13}, "float32": {"rtol": 2e-4, "atol": 2e-6}}


def examples(m, sizes, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, sizes[0])), rng.uniform(0.1, 0.9, size=(m, sizes[-1]))


def mean_loss(net, I, D):
    return net.loss.value(forward(net, I)[1][-1][..., 1:], np.asarray(D)).mean()


def by_step(net, I, D, alpha, epochs, batch_size=None, seed=0):
    """What train should give: the network and the list of losses."""
    rng, m, losses = np.random.default_rng(seed), len(I), []
    for _ in range(epochs):
        if batch_size is None:
            net = step(net, I, D, alpha)
        else:
            order = rng.permutation(m)
            for start in range(0, m, batch_size):
                some = order[start : start + batch_size]
                net = step(net, I[some], D[some], alpha)
        losses.append(mean_loss(net, I, D))
    return net, losses


def assert_same(run, expected, tolerance):
    net, losses = expected
    np.testing.assert_allclose(run.loss, losses, **tolerance)
    for ours, theirs in zip(run.net.w, net.w, strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_allclose(ours, theirs, **tolerance)


def assert_column_0_fixed(net):
    for w in net.w:
        assert (w[:, 0] == np.eye(len(w))[0]).all()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 3, 1])
@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy, FOURTH_POWER], ids=repr)
@pytest.mark.parametrize("sigma", [*BUILT_IN_ACTIVATIONS, OWN_TANH, ARCTAN, RETURNS_A, BELL], ids=repr)
def test_train_is_step_again_and_again(sigma, loss, batch_size, dtype):
    output = sigmoid if loss is cross_entropy else sigma
    I, D = examples(7, SIZES)
    net = Network.random(SIZES, (None, sigma, tanh, output), loss, seed=3, dtype=dtype)
    run = train(net, I, D, alpha=0.05, epochs=4, batch_size=batch_size, seed=5)
    assert_same(run, by_step(net, I, D, 0.05, 4, batch_size, seed=5), TOLERANCE[dtype])
    assert_column_0_fixed(run.net)
    assert not run.diverged


@pytest.mark.parametrize("sigma", [*BUILT_IN_ACTIVATIONS, ARCTAN], ids=repr)
def test_a_single_layer_of_weights(sigma):
    I, D = examples(6, [3, 2])
    net = Network.random([3, 2], sigma, seed=1)
    assert_same(train(net, I, D, 0.3, 5), by_step(net, I, D, 0.3, 5), TOLERANCE["float64"])


@pytest.mark.parametrize("labels", [True, False], ids=["labels", "between 0 and 1"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_cross_entropy_of_labels_and_of_other_numbers(labels, dtype):
    I, D = examples(9, SIZES)
    D = (D > 0.5).astype(float) if labels else np.where(D > 0.7, 1, D)
    net = Network.random(SIZES, sigmoid, cross_entropy, seed=2, dtype=dtype)
    assert_same(train(net, I, D, 2.0, 20), by_step(net, I, D, 2.0, 20), TOLERANCE[dtype])


def test_cross_entropy_behind_a_sigma_of_ones_own():
    I, D = examples(6, SIZES)
    net = Network.random(SIZES, OWN_SIGMOID, cross_entropy, seed=2)
    assert_same(train(net, I, D, 0.5, 6), by_step(net, I, D, 0.5, 6), TOLERANCE["float64"])


@pytest.mark.parametrize("D", [[[0.0], [1.0]], [[0.25], [0.75]]], ids=["labels", "between 0 and 1"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_cross_entropy_is_finite_where_an_output_has_rounded_to_what_is_wrong(D, dtype):
    net = Network([np.array([[1, 0], [0, 1000]], dtype)], sigmoid, cross_entropy)
    I, wrong = [[1.0], [-1.0]], D[1][0]
    assert cross_entropy.value(forward(net, I)[1][-1][:, 1:], np.array(D)).tolist() == [np.inf, np.inf]
    run = train(net, I, D, alpha=0, epochs=2)  # of a = ±1000, the loss is 1000 times the share on the other side
    assert run.loss == [1000 * wrong, 1000 * wrong]
    assert mean_loss_of_the_kit(net, I, D) == 1000 * wrong
    assert [loss_by_trace(net, x, d) for x, d in zip(I, D, strict=True)] == [1000 * wrong] * 2
    assert not run.diverged
    assert train(net, [[1.0], [-1.0]], [[1.0], [0.0]], alpha=0, epochs=1).loss == [0.0]


def test_cross_entropy_is_silently_infinite_where_only_o_is_known():
    net = Network([[[1, 0], [0, 50]]], OWN_SIGMOID, cross_entropy)
    assert mean_loss_of_the_kit(net, [[1.0]], [[0.0]]) == np.inf


def test_a_loss_of_zero_is_not_minus_zero():
    net = Network([[[1, 0], [0, 1000]]], sigmoid, cross_entropy)
    assert str(train(net, [[1.0], [-1.0]], [[1.0], [0.0]], epochs=1).loss) == "[0.0]"


def test_derivative_from_o_is_used_where_there_is_one():
    like_exp = Activation("exp", "e^a", np.exp, np.exp)
    I, D = examples(5, [2, 3, 1])
    with_o = Network.random([2, 3, 1], (None, EXP_FROM_O, identity))
    with_a = Network(with_o.w, (None, like_exp, identity))
    assert_same(train(with_o, I, D, 0.05, 5), by_step(with_a, I, D, 0.05, 5), TOLERANCE["float64"])


def test_own_functions_see_one_row_for_each_example():
    shapes = []

    def softmax_like(a):  # not elementwise, so not for these formulas; but what it is given must be as in forward
        shapes.append(a.shape)
        return np.exp(a) / np.exp(a).sum(axis=-1, keepdims=True)

    sigma = Activation("softmax", "", softmax_like, lambda a: np.ones_like(a))
    I, D = examples(4, [2, 3])
    net = Network.random([2, 3], sigma, OWN_SQUARES)
    assert_same(train(net, I, D, 0.1, 3), by_step(net, I, D, 0.1, 3), TOLERANCE["float64"])
    assert set(shapes) == {(4, 3)}


@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5),
    m=st.integers(1, 9),
    batch_size=st.none() | st.integers(1, 12),
    sigma=st.sampled_from([*BUILT_IN_ACTIVATIONS, ARCTAN]),
    loss=st.sampled_from([half_squared_error, OWN_SQUARES, FOURTH_POWER]),
    alpha=st.floats(-0.1, 0.1),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=max(150, EXAMPLES), deadline=None)
def test_train_is_step_again_and_again_for_any_shape(sizes, m, batch_size, sigma, loss, alpha, seed):
    net = Network.random(sizes, sigma, loss, seed)
    I, D = examples(m, sizes, seed)
    run = train(net, I, D, alpha, 3, batch_size, seed)
    assume(all(loss < 100 for loss in run.loss))  # not where it is about to diverge, and a rounding grows with it
    expected = by_step(net, I, D, alpha, 3, None if batch_size is None else min(batch_size, m), seed)
    assert_same(run, expected, {"rtol": 1e-6, "atol": 1e-9})
    assert_column_0_fixed(run.net)


def test_a_single_example_is_a_batch_of_one():
    net = Network.random([2, 3, 1])
    assert_same(
        train(net, [0.5, 1], [1], 0.5, 3), by_step(net, np.array([[0.5, 1]]), [[1]], 0.5, 3), TOLERANCE["float64"]
    )


def test_more_leading_axes_are_more_examples():
    net = Network.random([2, 3, 1])
    I, D = examples(6, [2, 3, 1])
    run = train(net, I.reshape(2, 3, 2), D.reshape(2, 3, 1), 0.5, 3)
    assert run.loss == train(net, I, D, 0.5, 3).loss


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    net = Network.random([2, 3, 1])
    I, D = examples(10, [2, 3, 1])
    first, again, other = (train(net, I, D, 0.5, 3, batch_size=4, seed=seed).loss for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("batch_size", [7, 8, 10**9])
def test_a_batch_size_that_takes_all_examples_is_one_step_in_an_epoch(batch_size):
    net = Network.random([2, 3, 1])
    I, D = examples(7, [2, 3, 1])
    assert train(net, I, D, 0.5, 3, batch_size=batch_size).loss == train(net, I, D, 0.5, 3).loss


@pytest.mark.parametrize("batch_size", [None, 2])
def test_net_and_examples_are_untouched(batch_size):
    net = Network.random(SIZES)
    before = copy.deepcopy(net.w)
    I, D = examples(5, SIZES)
    I_before, D_before = I.copy(), D.copy()
    train(net, I, D, 0.5, 3, batch_size)
    assert all((a == b).all() for a, b in zip(net.w, before, strict=True))
    assert np.array_equal(I, I_before)
    assert np.array_equal(D, D_before)


def test_examples_changed_meanwhile_change_nothing():
    net = Network.random([2, 3, 1])
    I, D = examples(5, [2, 3, 1])
    expected = train(net, I, D, 0.5, 3).loss

    def spoil(run):
        I[:], D[:] = 9, 9

    assert train(net, I, D, 0.5, 3, on_epoch=spoil).loss == expected


def test_nothing_is_computed_twice():
    calls = []

    def counted(name, f):
        return lambda *arguments: calls.append(name) or f(*arguments)

    sigma = Activation("counted", "", counted("σ", np.tanh), counted("σ'", OWN_TANH.derivative))
    loss = Loss("counted", "", counted("L̃", OWN_SQUARES.value), counted("∂L̃/∂o", OWN_SQUARES.gradient))
    I, D = examples(4, [2, 3, 1])
    train(Network.random([2, 3, 1], sigma, loss), I, D, 0.1, 10)
    assert {name: calls.count(name) for name in calls} == {"σ": 2 * 11, "σ'": 2 * 10, "L̃": 10, "∂L̃/∂o": 10}


# on_epoch, the generator and the run


def test_on_epoch_sees_the_run_so_far():
    net = Network.random([2, 3, 1])
    I, D = examples(5, [2, 3, 1])
    seen = []
    run = train(net, I, D, 0.5, 4, on_epoch=lambda run: seen.append((len(run.loss), run.loss[-1], run.net)))
    assert [epochs for epochs, _, _ in seen] == [1, 2, 3, 4]
    assert [loss for _, loss, _ in seen] == run.loss
    for epochs, loss, net_then in seen:
        expected, losses = by_step(net, I, D, 0.5, epochs)
        np.testing.assert_allclose(loss, losses[-1], rtol=1e-12)
        for ours, theirs in zip(net_then.w, expected.w, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-13)
    assert seen[-1][2] is run.net


@pytest.mark.parametrize("yes", [True, np.True_])
def test_on_epoch_returning_true_stops(yes):
    I, D = examples(5, [2, 3, 1])
    net = Network.random([2, 3, 1])
    run = train(net, I, D, 0.5, 100, on_epoch=lambda run: yes if len(run.loss) == 3 else None)
    assert len(run.loss) == 3
    assert_same(run, by_step(net, I, D, 0.5, 3), TOLERANCE["float64"])


@pytest.mark.parametrize("other", [1, "stop", False, [0], np.ones(3)])
def test_on_epoch_returning_anything_else_does_not(other):
    I, D = examples(5, [2, 3, 1])
    assert len(train(Network.random([2, 3, 1]), I, D, epochs=4, on_epoch=lambda run: other).loss) == 4


def test_a_run_that_fails_keeps_what_it_reached():
    I, D = examples(5, [2, 3, 1])
    net, calls = Network.random([2, 3, 1]), []

    def fails_in_the_fourth_epoch(a):
        calls.append(a)
        if len(calls) == 8:
            raise RuntimeError("from σ")
        return np.tanh(a)

    sigma = Activation("fails", "", fails_in_the_fourth_epoch, OWN_TANH.derivative)
    kept = []
    with pytest.raises(RuntimeError, match="from σ"):
        train(Network(net.w, (None, sigma, identity)), I, D, 0.5, 10, batch_size=3, on_epoch=kept.append)
    expected = by_step(Network(net.w, (None, tanh, identity)), I, D, 0.5, 2, batch_size=3)
    assert_same(kept[-1], expected, TOLERANCE["float64"])


def test_an_error_in_on_epoch_is_not_hidden():
    I, D = examples(5, [2, 3, 1])
    with pytest.raises(ZeroDivisionError):
        train(Network.random([2, 3, 1]), I, D, on_epoch=lambda run: 1 / 0)


@pytest.mark.parametrize("batch_size", [None, 2])
def test_train_epochs_is_train_one_epoch_at_a_time(batch_size):
    I, D = examples(5, [2, 3, 1])
    net = Network.random([2, 3, 1])
    whole = train(net, I, D, 0.5, 6, batch_size, seed=4)
    lengths = []
    for run in train_epochs(net, I, D, 0.5, 6, batch_size, seed=4):
        lengths.append(len(run.loss))
    assert lengths == [1, 2, 3, 4, 5, 6]
    assert isinstance(run, Run)
    assert run.loss == whole.loss
    assert all((a == b).all() for a, b in zip(run.net.w, whole.net.w, strict=True))


def test_train_epochs_leaves_the_state_of_numpy_alone_between_epochs():
    before = np.geterr()
    epochs = train_epochs(Network.random([2, 3, 1]), [[0.5, 1]], [[1]], epochs=5)
    next(epochs)
    assert np.geterr() == before
    epochs.close()


def test_two_generators_do_not_disturb_each_other():
    I, D = examples(5, [2, 3, 1])
    net = Network.random([2, 3, 1])
    runs = zip(train_epochs(net, I, D, 0.5, 4, 2, 1), train_epochs(net, I, D, 0.1, 4, 2, 2), strict=True)
    first, second = list(runs)[-1]
    assert first.loss == train(net, I, D, 0.5, 4, 2, 1).loss
    assert second.loss == train(net, I, D, 0.1, 4, 2, 2).loss


def test_a_run_says_in_few_words_what_it_is():
    run = train(Network([[[1, 0], [0, 0]]]), [[1]], [[1]], alpha=0, epochs=3)
    assert repr(run) == "Run(epochs 3, loss 0.125)"
    assert type(run.loss[0]) is float
    fresh = Run(Network.random([2, 3, 1]))
    assert repr(fresh) == "Run(epochs 0)"
    assert fresh.diverged is False
    assert fresh.loss == []


# Divergence


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("loss", [half_squared_error, FOURTH_POWER], ids=repr)
@pytest.mark.parametrize("sigma", [relu, softplus, identity, RETURNS_A], ids=repr)
@pytest.mark.filterwarnings("error")
def test_a_diverging_run_stops_and_says_so(sigma, loss, batch_size, dtype):
    net = Network.random([3, 5, 2], (None, sigma, identity), loss, seed=6, dtype=dtype)
    I, D = examples(7, [3, 5, 2])
    nets = [net]
    run = train(net, I, D, 50.0, 2000, batch_size, on_epoch=lambda run: nets.append(run.net))
    assert run.diverged
    assert len(run.loss) < 2000
    assert not np.isfinite(run.loss[-1])
    assert len(nets) == len(run.loss) + 1
    assert run.net is nets[-2]  # the network before the epoch in which it diverged
    assert all(np.isfinite(w).all() for w in run.net.w)
    assert repr(run).endswith("diverged)")
    if batch_size is None:
        with np.errstate(all="ignore"):
            expected = net
            for _ in range(len(run.loss) - 1):
                expected = step(expected, I, D, 50.0)
            with pytest.raises(ValueError, match=r" overflows.* a smaller learning rate$"):
                step(expected, I, D, 50.0)


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_in_its_first_epoch_keeps_the_network_it_started_from():
    for dtype in ("float32", "float64"):
        net = Network.random([2, 3, 1], identity, dtype=dtype)
        run = train(net, [[500, 1000]], [[0]], alpha=1e308, epochs=5)
        assert run.diverged
        assert len(run.loss) == 1
        assert all((a == b).all() for a, b in zip(run.net.w, net.w, strict=True))


def test_large_weights_are_not_yet_divergence():
    for dtype, large in (("float32", 1e30), ("float64", 1e200)):  # their squares overflow
        net = Network([np.array([[1, 0.0], [0, large]], dtype)])
        run = train(net, [[0.0]], [[0.5]], epochs=3)
        assert not run.diverged
        assert run.loss == [0.0] * 3


@pytest.mark.filterwarnings("error")
def test_no_warning_where_sigma_saturates():
    for sigma in BUILT_IN_ACTIVATIONS:
        net = Network([[[1, 0, 0], [0, 1000, -1000]], [[1, 0], [0, 1], [0, 1]]], (None, sigma, sigmoid))
        for loss in (half_squared_error, cross_entropy):
            run = train(Network(net.w, net.sigma, loss), [[1.0], [-1.0]], [[0.0], [1.0]], 0.5, 3)
            assert not np.isnan(run.loss).any()


# At the door


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"net": [1]}, TypeError, "net is [1], but a Network is needed: make one with Network.random([2, 3, 1])"),
        ({"I": [[1, 2, 3]]}, ValueError, "I has 3 inputs, but layer 0 has n^0 - 1 = 2 (n counts the bias neuron)"),
        ({"I": [[1, np.nan]]}, ValueError, "I[0, 1] is nan, but every number must be finite"),
        ({"I": np.empty((0, 2))}, ValueError, "I has shape (0, 2), a batch of 0 examples"),
        ({"I": 3}, ValueError, "I is the single number 3"),
        ({"D": [[1, 2]]}, ValueError, "D has 2 desired outputs, but layer 2 has n^2 - 1 = 1"),
        ({"D": [[1]]}, ValueError, "D has the shape (1, 1), but I asks for (2, 1): give one row"),
        ({"alpha": "fast"}, ValueError, "alpha is 'fast', but the learning rate is one finite number: try alpha=0.5"),
        ({"alpha": np.inf}, ValueError, "alpha is inf, but the learning rate is one finite number"),
        ({"epochs": 0}, ValueError, "epochs is 0, but a whole number from 1 up is needed: try epochs=100"),
        ({"epochs": 2.5}, ValueError, "epochs is 2.5, but a whole number from 1 up is needed: try epochs=100"),
        ({"epochs": True}, ValueError, "epochs is True, but a whole number from 1 up is needed"),
        (
            {"batch_size": 0},
            ValueError,
            "batch_size is 0, but a whole number from 1 up is needed: try batch_size=32, or",
        ),
        ({"batch_size": "all"}, ValueError, "batch_size is 'all', but a whole number from 1 up is needed"),
        ({"seed": -1}, ValueError, "seed is -1, but a whole number from 0 up is needed: try seed=0"),
        ({"seed": None}, ValueError, "seed is None, but a whole number from 0 up is needed: try seed=0"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bad_input_is_told_at_the_door(changed, error, message):
    arguments = {"net": Network.random([2, 3, 1]), "I": [[0, 1], [1, 0]], "D": [[1], [0]], **changed}
    for function in (train, train_epochs):  # the generator too tells it when called, not when it is first asked
        with pytest.raises(error) as told:
            function(**arguments)
        assert message in str(told.value)


def test_on_epoch_must_be_a_function():
    with pytest.raises(TypeError, match="on_epoch is 5, but a function is needed"):
        train(Network.random([2, 3, 1]), [[0, 1]], [[1]], on_epoch=5)


def test_labels_out_of_the_range_of_cross_entropy():
    with pytest.raises(ValueError, match=r"D holds 2, but cross_entropy needs desired outputs from 0 to 1"):
        train(Network.random([2, 3, 1], loss=cross_entropy), [[0, 1]], [[2]])


@pytest.mark.filterwarnings("error")
def test_inputs_too_large_for_float32_are_told_without_a_warning():
    with pytest.raises(ValueError, match="every number must be finite"):
        train(Network.random([2, 3, 1], dtype="float32"), [[1e300, 1]], [[1]])


def test_what_is_not_given_is_as_promised():
    defaults = {
        train_epochs: {"alpha": 0.5, "epochs": 100, "seed": 0},
        train: {"alpha": 0.5, "epochs": 100, "seed": 0},
        Network.random: {"seed": 0},
    }
    for function, promised in defaults.items():
        given = signature(function).parameters
        assert {name: given[name].default for name in promised} == promised
    net, I, D = Network.random([2, 3, 1]), [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    promised = train(net, I, D, alpha=0.5, epochs=100, batch_size=3, seed=0).loss
    assert train(net, I, D, batch_size=3).loss == promised
    *_, last = train_epochs(net, I, D, batch_size=3)
    assert last.loss == promised


@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy])
def test_the_mean_loss_is_of_the_last_of_several_layers(loss):
    net = Network.random([2, 3, 4, 1], (None, tanh, tanh, sigmoid), loss, seed=2)
    I, D = [[0.5, 1.0], [-1.0, 0.25]], [[1.0], [0.0]]
    _, o = forward(net, I)
    assert mean_loss_of_the_kit(net, I, D) == pytest.approx(
        float(np.mean(loss.value(o[-1][:, 1:], np.array(D)))), rel=1e-13
    )


def test_the_mean_loss_is_computed_from_a_by_the_sigma_of_the_output_alone():
    far = Network([[[1, 0], [0, 1]], [[1, 0], [0, 100]]], (None, identity, sigmoid), cross_entropy)
    assert mean_loss_of_the_kit(far, [1.0], [0.0]) == 100  # 1 - o has rounded to 0
    own = Activation("own", "", lambda a: np.full_like(a, 0.5), np.zeros_like)
    near = Network([[[1, 0], [0, 1]], [[1, 0], [0, 100]]], (None, sigmoid, own), cross_entropy)
    assert mean_loss_of_the_kit(near, [1.0], [0.0]) == pytest.approx(np.log(2), rel=1e-15)


@pytest.mark.filterwarnings("error")
def test_the_mean_loss_overflows_without_a_warning():
    loss = Loss("exponential", "", lambda o, D: np.exp(o).sum(axis=-1), lambda o, D: np.exp(o))
    assert mean_loss_of_the_kit(Network([[[1, 0], [0, 1]]], identity, loss), [1000.0], [0.0]) == np.inf


@pytest.mark.parametrize("sigma", [sigmoid, softplus, Activation("own", "a", np.copy, np.ones_like)], ids=repr)
@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy], ids=repr)
def test_all_that_a_training_computes_with_is_of_the_networks_dtype(sigma, loss):
    net = Network.random([2, 3, 1], (None, sigma, sigmoid), loss, dtype="float32")
    w = flat(net.w)
    batch = Batch(net, w, np.zeros_like(w), 4, 0.5)
    arrays = [x for call in (*batch._forward, *batch._step) for x in call.args if isinstance(x, np.ndarray)]
    arrays += [x for layer in batch.layers for x in vars(layer).values() if isinstance(x, np.ndarray)]
    assert len(arrays) > 20
    assert {x.dtype for x in arrays} == {np.dtype("float32")}
