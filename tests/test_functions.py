"""σ, σ', L̃ and ∂L̃/∂o against exact references and against their own slopes, quietly, at any a."""

import math
import pickle
from decimal import Decimal, getcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlpkit
from mlpkit import (
    Activation,
    Loss,
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
)
from mlpkit.core import fast
from mlpkit.core.functions import (
    BUILT_IN_ACTIVATIONS,
    categorical_cross_entropy_from_a,
    cross_entropy_from_a,
)
from mlpkit.tracing.right_sides import right_sides
from mlpkit.tracing.sigmas import SIGMAS

pytestmark = pytest.mark.filterwarnings("error")

ACTIVATIONS = pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
SWEEP = [*np.linspace(-1000, 1000, 81), *np.linspace(-40, 40, 81), *np.linspace(-2, 2, 41), 1e-300, -1e-300, 1e-17]


# References in 40 digits, with the standard library alone.

getcontext().prec = 40


def exact_sigmoid(a):
    return 1 / (1 + (-Decimal(a)).exp())


def exact_softplus(a):
    e = (-abs(Decimal(a))).exp()
    # ln(1 + e) by its series where 40 digits would lose a small e
    return max(Decimal(a), Decimal(0)) + (e - e * e / 2 if e < Decimal("1e-15") else (1 + e).ln())


def exact_tanh(a):
    if abs(a) < 1e-9:
        return Decimal(a) - Decimal(a) ** 3 / 3
    e = (-2 * abs(Decimal(a))).exp()
    return (Decimal(1) - e) / (1 + e) * (1 if a >= 0 else -1)


EXACT = {
    "sigmoid": (exact_sigmoid, lambda a: exact_sigmoid(a) * exact_sigmoid(-a)),
    "tanh": (exact_tanh, lambda a: 1 - exact_tanh(a) ** 2),
    "relu": (lambda a: max(Decimal(a), Decimal(0)), lambda a: Decimal(int(a > 0))),
    "softplus": (exact_softplus, exact_sigmoid),
    "identity": (Decimal, lambda a: Decimal(1)),
}


@ACTIVATIONS
def test_value_and_derivative_are_exact_and_silent_over_a_sweep(sigma):
    value, derivative = EXACT[sigma.name]
    values, slopes = sigma.value(np.array(SWEEP)), sigma.derivative(np.array(SWEEP))
    for k, a in enumerate(map(float, SWEEP)):
        # A double below the smallest normal one has fewer digits, and 0 is right below the smallest of all.
        assert values[k] == pytest.approx(float(value(a)), rel=4e-16, abs=1e-320), a
        # 1 - tanh² is exact to the last digit of 1, not of itself.
        assert slopes[k] == pytest.approx(float(derivative(a)), rel=1e-15, abs=3e-16 if sigma is tanh else 1e-320), a
        assert sigma(a) == values[k]
        assert sigma.derivative(a) == slopes[k]


def test_at_plus_and_minus_a_thousand():
    assert [sigmoid(a) for a in (1000.0, -1000.0)] == [1.0, 0.0]
    assert [sigmoid.derivative(a) for a in (1000.0, -1000.0)] == [0.0, 0.0]
    assert [softplus(a) for a in (1000.0, -1000.0)] == [1000.0, 0.0]
    assert [softplus.derivative(a) for a in (1000.0, -1000.0)] == [1.0, 0.0]
    assert [tanh(a) for a in (1000.0, -1000.0)] == [1.0, -1.0]
    assert sigmoid(-700.0) == pytest.approx(math.exp(-700), rel=1e-15)
    assert softplus(-700.0) == pytest.approx(math.exp(-700), rel=1e-15)


@ACTIVATIONS
def test_derivative_against_the_central_difference(sigma):
    a = np.arange(-29.5, 30, 3) / 10
    h = 1e-6
    slope = (sigma.value(a + h) - sigma.value(a - h)) / (2 * h)
    np.testing.assert_allclose(sigma.derivative(a), slope, rtol=0, atol=1e-9)


@ACTIVATIONS
def test_the_derivative_written_in_o(sigma):
    a = np.array([*np.linspace(-5, 5, 41), -1000.0, 1000.0])
    np.testing.assert_allclose(sigma.derivative_from_o(sigma.value(a)), sigma.derivative(a), rtol=1e-11, atol=1e-15)


@ACTIVATIONS
def test_numbers_and_arrays_of_every_kind(sigma):
    for f in (sigma.value, sigma.derivative):
        assert type(f(0.3)) is float
        assert type(f(3)) is float
        assert f(np.float32(0.3)).dtype == np.float32
        assert f(np.arange(3)).dtype == float
        for shape in ((), (4,), (2, 3), (0,), (2, 1, 3)):
            a = np.full(shape, 0.3)
            assert np.shape(f(a)) == shape
            assert np.all(np.asarray(f(a)) == f(0.3))
        a = np.array([0.3, -0.4], np.float32)
        assert f(a).dtype == np.float32
        assert f([0.3, -0.4]).shape == (2,)
        assert not np.shares_memory(f(a), a)
    assert sigma(0.3) == sigma.value(0.3)
    assert repr(sigma) == f"Activation({sigma.name})"


def test_the_slope_of_relu_at_0_is_0():
    assert relu.derivative(0.0) == 0.0
    assert relu.derivative(-0.0) == 0.0


@given(st.floats(-1e6, 1e6))
def test_identities(a):
    assert sigmoid(a) + sigmoid(-a) == pytest.approx(1, abs=1e-15)
    assert softplus(a) - softplus(-a) == pytest.approx(a, rel=1e-14, abs=1e-14)
    assert softplus.derivative(a) == sigmoid(a)
    assert relu(a) == max(a, 0)
    assert identity(a) == a


# Losses


def exact_cross_entropy(o, D):
    total = Decimal(0)
    for one, d in zip(map(Decimal, o), map(Decimal, D), strict=True):
        total -= (d * one.ln() if d else 0) + ((1 - d) * (1 - one).ln() if d != 1 else 0)
    return float(total)


@pytest.mark.parametrize("D", [[0.0, 1.0], [1.0, 0.0], [0.3, 0.9]])
@pytest.mark.parametrize("a", [0.0, 3.0, -3.0, 20.0, -20.0, 35.0, -300.0])
def test_cross_entropy_against_the_exact_value(a, D):
    o = np.array([sigmoid(a), sigmoid(0.4)])
    assert cross_entropy.value(o, np.array(D)) == pytest.approx(exact_cross_entropy(o.tolist(), D), rel=1e-14)


def test_cross_entropy_where_o_is_exactly_right_or_wrong():
    o = np.array([[1.0, 0.0], [0.0, 1.0]])
    D = np.array([[1.0, 0.0], [1.0, 1.0]])
    np.testing.assert_array_equal(cross_entropy.value(o, D), [0.0, np.inf])
    assert math.copysign(1, cross_entropy.value(o, D)[0]) == 1  # no -0
    np.testing.assert_array_equal(cross_entropy.gradient(o, D), [[-1.0, 1.0], [-np.inf, -1.0]])
    assert cross_entropy.value(np.array([sigmoid(1000.0)]), np.array([0.0])) == np.inf


@pytest.mark.parametrize("a", [1000.0, -1000.0, 30.0])
@pytest.mark.parametrize("D", [0.0, 1.0, 0.25])
def test_the_error_signal_of_a_saturated_output_is_o_minus_D(a, D):
    net = Network([[[1, a], [0, 0.0]]], sigmoid, cross_entropy)
    assert backward(net, forward(net, [0.5]), [D])[1].tolist() == [0.0, sigmoid(a) - D]
    assert np.isfinite(step(net, [0.5], [D], 0.5).w[0]).all()


def test_cross_entropy_from_a_where_a_is_as_large_as_it_gets():
    assert cross_entropy_from_a(np.array([np.inf, -np.inf]), np.array([1.0, 0.0])) == 0
    assert cross_entropy_from_a(np.array([1.7e308, 1.7e308]), np.zeros(2)) == np.inf
    assert categorical_cross_entropy_from_a(np.array([1.7e308, -1.7e308]), np.array([0.0, 1.0])) == np.inf
    assert categorical_cross_entropy_from_a(np.array([0.0, -np.inf]), np.array([1.0, 0.0])) == 0
    assert np.isnan(categorical_cross_entropy_from_a(np.array([np.inf, 0.0]), np.array([1.0, 0.0])))  # inf - inf
    apart = np.array([[0.0, 0.0], [1000.0, 999.0]])  # each row by its own largest a
    np.testing.assert_allclose(
        categorical_cross_entropy_from_a(apart, np.array([[1.0, 0.0], [1.0, 0.0]])),
        [np.log(2), np.log1p(np.exp(-1))],
        rtol=1e-15,
    )


@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy], ids=lambda loss: loss.name)
@pytest.mark.parametrize("shape", [(1,), (3,), (7, 2), (2, 3, 4)])
def test_gradient_of_the_loss_against_the_central_difference(loss, shape):
    o, D = np.random.default_rng(1).uniform(0.1, 0.9, (2, *shape))
    assert np.shape(loss.value(o, D)) == shape[:-1]
    assert loss.gradient(o, D).shape == shape
    h = 1e-6
    for j in range(shape[-1]):
        nudge = h * np.eye(shape[-1])[j]
        slope = (loss.value(o + nudge, D) - loss.value(o - nudge, D)) / (2 * h)
        np.testing.assert_allclose(loss.gradient(o, D)[..., j], slope, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy], ids=lambda loss: loss.name)
def test_losses_take_lists_and_keep_float32(loss):
    assert loss.value([0.5, 0.25], [1, 0]) == pytest.approx(loss.value(np.array([0.5, 0.25]), np.array([1.0, 0.0])))
    assert np.shape(loss.gradient([0.5], [1])) == (1,)
    o, D = np.array([0.5, 0.25], np.float32), np.array([1, 0], np.float32)
    assert loss.value(o, D).dtype == np.float32
    assert loss.gradient(o, D).dtype == np.float32
    assert repr(loss) == f"Loss({loss.name})"


def test_half_squared_error_in_the_head():
    assert half_squared_error.value([1.0, 3.0], [0.0, 1.0]) == 2.5
    assert half_squared_error.gradient([1.0, 3.0], [0.0, 1.0]).tolist() == [1.0, 2.0]


def test_a_sigma_and_a_loss_of_ones_own_in_four_lines_each():
    swish = Activation(
        "swish", r"a \sigma(a)", lambda a: a * sigmoid(a), lambda a: sigmoid(a) + a * sigmoid.derivative(a)
    )
    quartic = Loss(
        "quartic", r"\sum_j (o_j - D_j)^4", lambda o, D: ((o - D) ** 4).sum(-1), lambda o, D: 4 * (o - D) ** 3
    )
    net = Network.random([2, 3, 2], swish, quartic, seed=3)
    I, D = [0.4, -0.7], np.array([0.3, 0.6])
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    h = 1e-6
    for l, i, j in ((0, 0, 1), (0, 2, 3), (1, 0, 2), (1, 3, 1)):
        losses = []
        for nudge in (h, -h):
            w = [array.copy() for array in net.w]
            w[l][i, j] += nudge
            losses.append(quartic.value(forward(Network(w, swish, quartic), I)[1][-1][1:], D))
        assert grad[l][i, j] == pytest.approx((losses[0] - losses[1]) / (2 * h), rel=1e-6)
    assert swish.derivative_from_o is None
    own = pickle.loads(pickle.dumps(Activation("own", "|a|", abs, np.sign)))  # as another thing than a built-in one
    assert (own.name, own.latex, own.value, own.derivative) == ("own", "|a|", abs, np.sign)


# A further built-in σ


def places(sigma):
    """{where a built-in σ has to stand: whether it does}"""
    return {
        "BUILT_IN_ACTIVATIONS in mlpkit/core/functions.py": sigma in BUILT_IN_ACTIVATIONS,
        "__all__ in mlpkit/__init__.py": getattr(mlpkit, sigma.name, None) is sigma and sigma.name in mlpkit.__all__,
        "SIGMAS in mlpkit/tracing/sigmas.py": sigma in SIGMAS,
    }


def missing(sigma):
    return [place for place, there in places(sigma).items() if not there]


@pytest.mark.parametrize("sigma", {**SIGMAS, **dict.fromkeys(BUILT_IN_ACTIVATIONS)}, ids=repr)
def test_a_built_in_sigma_stands_in_all_its_places(sigma):
    assert not missing(sigma), f"{sigma.name} is built in, but it is not yet in {' and '.join(missing(sigma))}"
    net = Network.random([2, 3, 1], sigma)
    assert len(right_sides(net, ("o", 1, 1), ())) == 2
    with pytest.raises(TypeError, match=f"take .*{sigma.name}"):
        Network(net.w, "none")


def test_training_computes_the_five_in_place():
    assert set(fast._IN_PLACE) == {sigmoid, tanh, relu, softplus, identity}


def test_of_a_sigma_that_is_not_built_in_every_place_is_missing():
    assert not any(places(Activation("swish", "", lambda a: a * sigmoid(a), lambda a: a)).values())
