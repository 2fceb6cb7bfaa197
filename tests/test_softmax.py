"""softmax, a σ of the whole output layer: arrays, trace, numeric slopes, 50 digits, what is shown, what is refused."""

import pickle

import mpmath
import numpy as np
import pytest

from mlpkit import (
    Activation,
    Loss,
    Network,
    backward,
    categorical_cross_entropy,
    check,
    cross_entropy,
    forward,
    gradient,
    half_squared_error,
    sigmoid,
    softmax,
    step,
    tanh,
    trace,
    train,
)
from mlpkit.core.training import mean_loss
from mlpkit.stepper.matrix_form import matrix_form
from mlpkit.tracing.micro_steps import BREAKS

PRODUCT = Loss(
    "product",
    r"2 \sum_j (o_j - D_j)^2 + \prod_j o_j",
    lambda o, D: 2 * np.square(o - D).sum(axis=-1) + o.prod(axis=-1),
    lambda o, D: 4 * (o - D) + o.prod(axis=-1, keepdims=True) / o,
)
# softmax by someone who does not know the kit's: another σ of the whole layer, o_j = a_j² / Σ_k a_k².
SHARE = Activation(
    "share",
    r"a_j^2 / \sum_k a_k^2",
    lambda a: a**2 / (a**2).sum(axis=-1, keepdims=True),
    lambda a: (
        (2 * a[..., None, :] * (np.eye(a.shape[-1]) - (a**2 / (a**2).sum(axis=-1, keepdims=True))[..., :, None]))
        / (a**2).sum(axis=-1)[..., None, None]
    ),
    elementwise=False,
)
PAIRS = [
    (softmax, categorical_cross_entropy),
    (softmax, half_squared_error),
    (softmax, cross_entropy),
    (softmax, PRODUCT),
    (SHARE, half_squared_error),
    (SHARE, categorical_cross_entropy),
]


def example(sigma, loss):
    net = Network.random([2, 3, 3], (None, tanh, sigma), loss, seed=1)
    rng = np.random.default_rng(5)
    return net, np.round(rng.normal(size=(4, 2)), 2), np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.2, 0.3, 0.5]])


@pytest.mark.parametrize(("sigma", "loss"), PAIRS)
@pytest.mark.parametrize("d", range(4))
def test_the_trace_has_the_numbers_of_the_arrays(sigma, loss, d):
    net, I, D = example(sigma, loss)
    value = {s.symbol: s.value for s in trace(net, I[d], D[d], 0.5)}
    a, o = forward(net, I[d])
    delta = backward(net, (a, o), D[d])
    assert value["loss",] == pytest.approx(float(loss.value(o[-1][1:], D[d])), rel=1e-13)
    for j in (1, 2, 3):
        assert value["o", 2, j] == pytest.approx(o[2][j], rel=1e-13)
        assert value["delta", 2, j] == pytest.approx(delta[2][j], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("sigma", "loss"), PAIRS)
def test_the_gradient_is_the_numeric_slope(sigma, loss):
    net, I, D = example(sigma, loss)
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    h = 1e-5
    for l, i, j in [(0, 0, 1), (0, 2, 3), (1, 0, 2), (1, 3, 1), (1, 1, 3)]:
        up, down = ([w.copy() for w in net.w] for _ in range(2))
        up[l][i, j] += h
        down[l][i, j] -= h
        slope = (
            (mean_loss(Network(up, net.sigma, loss), I, D) - mean_loss(Network(down, net.sigma, loss), I, D)) / h / 2
        )
        assert grad[l][i, j] == pytest.approx(slope, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("sigma", "loss"), PAIRS)
@pytest.mark.parametrize("broken", [(), *((one,) for one in BREAKS)])
def test_every_right_side_gives_the_number_that_it_explains(sigma, loss, broken):
    net, I, D = example(sigma, loss)
    for micro_step in trace(net, I[3], D[3], 0.5, broken):
        equation = micro_step.equation
        for side in equation.right:
            assert side.value(equation.values) == pytest.approx(micro_step.value, rel=1e-10, abs=1e-15)
        assert set(micro_step.reads) >= set(equation.right[-1].refs() if equation.right else ())
        for text in (equation.latex(), equation.mathml(numbers=True), equation.speech()):
            assert text


@pytest.mark.parametrize(("sigma", "loss"), PAIRS)
@pytest.mark.parametrize("batch_size", [None, 3])
def test_train_is_step_repeated(sigma, loss, batch_size):
    net, I, D = example(sigma, loss)
    if batch_size:
        run = train(net, I[:3], D[:3], 0.3, 4, batch_size)
        I, D = I[:3], D[:3]
    else:
        run = train(net, I, D, 0.3, 4)
    by_hand = net
    for _ in range(4):
        by_hand = step(by_hand, I, D, 0.3)
    for w, v in zip(run.net.w, by_hand.w, strict=True):
        np.testing.assert_allclose(w, v, rtol=1e-12, atol=1e-14)
    assert run.loss[-1] == pytest.approx(mean_loss(run.net, I, D), rel=1e-12)


def test_of_50_digits():
    mpmath.mp.dps = 50
    a = np.array([-3.0, 0.5, 20.0, -700.0])
    exact = [mpmath.e ** mpmath.mpf(float(x)) for x in a]
    o, slope = softmax(a), softmax.derivative(a)
    for k, e in enumerate(exact):
        share = e / sum(exact)
        assert abs(o[k] - share) <= 4 * np.spacing(float(share))
        for j, other in enumerate(exact):
            right = share * ((k == j) - other / sum(exact))
            assert abs(slope[k, j] - right) <= 1e-15 * abs(share) + 1e-300


def test_a_loss_behind_a_rounded_output_is_finite():
    net = Network([[[1, 0, 0], [0, 2000, -2000]]], softmax, categorical_cross_entropy)
    assert forward(net, [1])[1][1].tolist() == [1, 1, 0]
    assert mean_loss(net, [[1.0]], [[0.0, 1.0]]) == 4000
    assert trace(net, [1], [0, 1], 0.5)[-1].value is not None
    assert {s.symbol: s.value for s in trace(net, [1], [0, 1], 0.5)}["loss",] == 4000
    assert train(net, [[1.0]], [[0.0, 1.0]], 1e-9, 1).loss[-1] == pytest.approx(4000)


def test_for_one_class_delta_is_o_minus_D():
    net, I, D = example(softmax, categorical_cross_entropy)
    a, o = forward(net, I[0])
    np.testing.assert_allclose(backward(net, (a, o), D[0])[-1][1:], o[-1][1:] - D[0], rtol=1e-15)
    sides = next(s.equation for s in trace(net, I[0], D[0], 0.5) if s.symbol == ("delta", 2, 1)).right
    assert len(sides) == 2


def test_adding_a_number_to_every_a_changes_nothing():
    a = np.array([0.3, -1.2, 2.0])
    np.testing.assert_allclose(softmax(a + 800), softmax(a), rtol=1e-12)
    assert softmax(a).sum() == pytest.approx(1, rel=1e-15)


def test_the_matrix_form_says_that_all_take_part():
    net, _, _ = example(softmax, half_squared_error)
    for symbol, words in ((("o", 2, 1), "from all a"), (("delta", 2, 1), "σ′ is a matrix")):
        form = matrix_form(net, symbol, [range(n) for n in net.n], lambda symbol: "1", lambda symbol: "")
        assert words in form["words"]


def test_it_is_itself_when_it_is_pickled():
    net, _, _ = example(softmax, categorical_cross_entropy)
    again = pickle.loads(pickle.dumps(net))
    assert again.sigma[-1] is softmax
    assert again.loss is categorical_cross_entropy


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Network.random([2, 3, 3], softmax), "layer 1 has σ = softmax, a function of the whole layer"),
        (lambda: Network.random([2, 3, 3], (None, softmax, sigmoid)), "take softmax for the output layer alone"),
        (lambda: softmax(3.0), "softmax needs all activations of the layer"),
        (lambda: Network.random([2, 3], tanh, categorical_cross_entropy), "take softmax for the output layer"),
        (lambda: categorical_cross_entropy.value([0.5, 2.0], [1, 0]), "o holds 2, but cross_entropy needs"),
        (
            lambda: step(Network.random([2, 3], softmax, categorical_cross_entropy), [1, 2], [2, 0, 0], 1),
            "D holds 2, but categorical_cross_entropy needs desired outputs from 0 to 1",
        ),
    ],
)
def test_what_does_not_fit_is_told(make, sentence):
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        make()


def test_the_check_of_an_activation_takes_a_matrix_of_slopes():
    assert check.activation(softmax).passed
    assert check.activation(SHARE).passed
    halved = Activation("half", "a", softmax.value, lambda a: softmax.derivative(a) / 2, elementwise=False)
    assert "∂o_1/∂a_1" in check.activation(halved).message
    flat = Activation("flat", "a", softmax.value, lambda a: softmax(a) * (1 - softmax(a)), elementwise=False)
    assert "a matrix for each example" in check.activation(flat).message
