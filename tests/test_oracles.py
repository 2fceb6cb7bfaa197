"""Oracles that share nothing with the kit: mpmath with 50 digits, and examples printed in books and lecture notes.

Errors are counted in ulp: the distance between two neighbouring numbers of the dtype, where the right number lies.
"""

import mpmath
import numpy as np
import pytest

from mlpkit import (
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
    tanh,
    trace,
    train,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, cross_entropy_from_a
from mlpkit.core.training import mean_loss
from mlpkit.tracing.scalars import scalar_loss_behind, scalar_slope, scalar_slope_in_a, scalar_value

pytestmark = pytest.mark.filterwarnings("error")

mp = mpmath.mp.clone()
mp.dps = 50
DTYPES = pytest.mark.parametrize("dtype", ["float64", "float32"])

# The worst errors, in ulp: as the docstrings of Activation and Loss state them.
OF_SIGMA, OF_SLOPE, OF_LOSS = 3, 5, 4
# The worst error of σ' from o, which training uses: beside a greatest slope of 1 (sigmoid: 1/4).
OF_SLOPE_FROM_O = 3e-16

EXACT = {
    sigmoid: (lambda a: 1 / (1 + mp.exp(-a)), lambda a: 1 / ((1 + mp.exp(-a)) * (1 + mp.exp(a)))),
    tanh: (mp.tanh, lambda a: 1 / mp.cosh(a) ** 2),
    relu: (lambda a: max(a, mp.mpf(0)), lambda a: mp.mpf(int(a > 0))),
    softplus: (lambda a: mp.log1p(mp.exp(a)), lambda a: 1 / (1 + mp.exp(-a))),
    identity: (lambda a: a, lambda a: mp.mpf(1)),
}


def sweep(dtype, seed=0):
    """Activations of every size, up to where σ(a) and σ'(a) are below the smallest float: an array of the dtype."""
    rng = np.random.default_rng(seed)
    most, least = (800, -300) if dtype == "float64" else (120, -37)
    parts = [rng.uniform(0, 2, 80), rng.uniform(0, 40, 120), rng.uniform(0, most, 80), 10 ** rng.uniform(least, 2, 60)]
    edges = [0, 1e-17, 8.3, 16.7, 18.9, 19.1, 36.7, 37.5, 44.5, 51.9, 88.7, 103.9, 354.5, 372.6, 709.8, 745.2]
    sizes = np.concatenate([*parts, edges])
    return np.concatenate([sizes, -sizes]).astype(dtype)


def ulp(computed, exact, dtype="float64"):
    """The worst error of the computed numbers against mpmath's, in ulp. Where both are beyond the dtype, it is none."""
    worst = 0.0
    for x, y in zip(np.ravel(computed).tolist(), exact, strict=True):
        with np.errstate(over="ignore"):
            near = np.abs(np.dtype(dtype).type(float(y)))
        if not np.isinf(near):
            worst = max(worst, float(abs(mp.mpf(x) - y) / mp.mpf(float(np.spacing(near)))))
        elif abs(x) != np.inf:
            worst = np.inf
    return worst


def exactly(numbers):
    return [mp.mpf(x) for x in np.ravel(numbers).tolist()]


# σ, σ', L̃ and ∂L̃/∂o


@DTYPES
@pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
def test_sigma_and_its_slope_to_50_digits(sigma, dtype):
    a = sweep(dtype)
    value, slope = ([f(x) for x in exactly(a)] for f in EXACT[sigma])
    assert ulp(sigma.value(a), value, dtype) < OF_SIGMA
    assert ulp(sigma.derivative(a), slope, dtype) < OF_SLOPE


@pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
def test_the_traces_sigma_and_slope_and_those_of_training(sigma):
    a = sweep("float64")
    value, slope = ([f(x) for x in exactly(a)] for f in EXACT[sigma])
    o = [scalar_value(sigma)(x) for x in a.tolist()]
    assert ulp(o, value) < OF_SIGMA
    assert ulp([scalar_slope_in_a(sigma)(x) for x in a.tolist()], slope) < OF_SLOPE
    assert ulp([scalar_slope(sigma)(x, y) for x, y in zip(a.tolist(), o, strict=True)], slope) < OF_SLOPE
    from_o = exactly(sigma.derivative_from_o(sigma.value(a)))
    assert max(abs(x - y) for x, y in zip(from_o, slope, strict=True)) < OF_SLOPE_FROM_O


def desired(a, kind):
    rng = np.random.default_rng(1)
    return {
        "zeros": lambda: np.zeros_like(a),
        "ones": lambda: np.ones_like(a),
        "between": lambda: rng.uniform(0, 1, len(a)).astype(a.dtype),
        "tiny": lambda: (10 ** rng.uniform(-30, 0, len(a))).astype(a.dtype),
    }[kind]()


DESIRED = pytest.mark.parametrize("kind", ["zeros", "ones", "between", "tiny"])


@DTYPES
@DESIRED
def test_both_losses_and_their_gradients_to_50_digits(kind, dtype):
    o = sigmoid.value(sweep(dtype))
    o = o[(o > 0) & (o < 1)]
    D = desired(o, kind)
    pairs = list(zip(exactly(o), exactly(D), strict=True))
    o, D = o[:, None], D[:, None]  # one output for each example
    exact = [-(d * mp.log(x) + (1 - d) * mp.log1p(-x)) for x, d in pairs]
    assert ulp(cross_entropy.value(o, D), exact, dtype) < OF_LOSS
    assert ulp(cross_entropy.gradient(o, D), [(x - d) / (x * (1 - x)) for x, d in pairs], dtype) < OF_LOSS
    assert ulp(half_squared_error.value(o, D), [(x - d) ** 2 / 2 for x, d in pairs], dtype) < OF_LOSS
    assert ulp(half_squared_error.gradient(o, D), [x - d for x, d in pairs], dtype) < OF_LOSS


@DTYPES
@DESIRED
def test_cross_entropy_behind_a_sigmoid_to_50_digits(kind, dtype):
    a = sweep(dtype)
    D = desired(a, kind)
    pairs = list(zip(exactly(a), exactly(D), strict=True))
    exact = [d * mp.log1p(mp.exp(-x)) + (1 - d) * mp.log1p(mp.exp(x)) for x, d in pairs]
    assert ulp(cross_entropy_from_a(a[:, None], D[:, None]), exact, dtype) < OF_LOSS
    if dtype == "float64":
        loss = scalar_loss_behind(sigmoid, cross_entropy)
        traced = [loss([x], [scalar_value(sigmoid)(x)], [d]) for x, d in zip(a.tolist(), D.tolist(), strict=True)]
        assert ulp(traced, exact) < OF_LOSS
    # One neuron whose weight is a, with the input 1: the loss of each is what mean_loss and train give.
    for x, d, right in list(zip(a, D, exact, strict=True))[::40]:
        net = Network([np.array([[1, 0], [0, x]], dtype)], sigmoid, cross_entropy)
        assert ulp([mean_loss(net, [1], [d])], [right], dtype) < OF_LOSS
        assert ulp(train(net, [1], [d], alpha=0, epochs=1).loss, [right], dtype) < OF_LOSS


@pytest.mark.parametrize("sigma", BUILT_IN_ACTIVATIONS, ids=lambda sigma: sigma.name)
def test_the_gradient_of_saturated_networks_to_50_digits(sigma):
    value, slope = EXACT[sigma]
    for a in (0.3, 5.0, -17.0, 19.5, -36.0, 40.0, -300.0):  # of the hidden neuron; the weight behind it is 2^-7
        net = Network([[[1, 0], [0, a]], [[1, 0.25], [0, 0.0078125]]], (None, sigma, sigmoid))
        activations = forward(net, [1.0])
        grad = gradient(activations[1], backward(net, activations, [0.75]))
        o1 = value(mp.mpf(a))
        output = mp.mpf("0.25") + o1 / 128
        delta2 = (EXACT[sigmoid][0](output) - mp.mpf("0.75")) * EXACT[sigmoid][1](output)
        delta1 = delta2 / 128 * slope(mp.mpf(a))
        assert ulp([grad[0][1, 1], grad[1][0, 1], grad[1][1, 1]], [delta1, delta2, delta2 * o1]) < 12
        steps = {s.symbol: s.value for s in trace(net, [1.0], [0.75], 0.5)}
        assert ulp([steps["delta", 1, 1], steps["delta", 2, 1]], [delta1, delta2]) < 12


# Worked examples, with the digits that are printed there. {symbol: digits}; where a source has another sign or another
# factor, the note says so, and the factor takes it back. `off`: how many units of the last printed digit its own
# rounding on the way has cost.

SLOPE_1 = Loss("the output itself", "o_1", lambda o, D: o[..., 0], lambda o, D: np.ones_like(o))
WORKED = {
    # J. Han, J. Pei, M. Kamber, Data Mining: Concepts and Techniques, chapter 9. Its Err_j is -δ_j.
    "3-2-1 of Han, Pei and Kamber": {
        "w": [[[1, -0.4, 0.2], [0, 0.2, -0.3], [0, 0.4, 0.1], [0, -0.5, 0.2]], [[1, 0.1], [0, -0.3], [0, -0.2]]],
        "I": [1, 0, 1],
        "D": [1],
        "alpha": 0.9,
        "off": 1,
        "printed": {
            "a": {(1, 1): "-0.7", (1, 2): "0.1", (2, 1): "-0.105"},
            "o": {(1, 1): "0.332", (1, 2): "0.525", (2, 1): "0.474"},
            "delta": {(2, 1): "-0.1311", (1, 2): "0.0065", (1, 1): "0.0087"},
            "w_new": {
                (1, 1, 1): "-0.261",
                (1, 2, 1): "-0.138",
                (1, 0, 1): "0.218",
                (0, 1, 1): "0.192",
                (0, 1, 2): "-0.306",
                (0, 2, 1): "0.4",
                (0, 2, 2): "0.1",
                (0, 3, 1): "-0.508",
                (0, 3, 2): "0.194",
                (0, 0, 2): "0.194",
                (0, 0, 1): "-0.408",
            },
        },
    },
    # M. Negnevitsky, Artificial Intelligence: A Guide to Intelligent Systems, chapter 6. A threshold θ is the weight
    # -θ of an input 1; its error gradient is -δ.
    "2-2-1 of Negnevitsky": {
        "w": [[[1, -0.8, 0.1], [0, 0.5, 0.9], [0, 0.4, 1.0]], [[1, -0.3], [0, -1.2], [0, 1.1]]],
        "I": [1, 1],
        "D": [0],
        "alpha": 0.1,
        "printed": {
            "o": {(1, 1): "0.5250", (1, 2): "0.8808", (2, 1): "0.5097"},
            "delta": {(2, 1): "0.1274", (1, 1): "-0.0381", (1, 2): "0.0147"},
            "dw": {
                (1, 1, 1): "-0.0067",
                (1, 2, 1): "-0.0112",
                (1, 0, 1): "-0.0127",
                (0, 1, 1): "0.0038",
                (0, 2, 1): "0.0038",
                (0, 0, 1): "0.0038",
                (0, 1, 2): "-0.0015",
                (0, 2, 2): "-0.0015",
                (0, 0, 2): "-0.0015",
            },
            "w_new": {
                (0, 1, 1): "0.5038",
                (0, 1, 2): "0.8985",
                (0, 2, 1): "0.4038",
                (0, 2, 2): "0.9985",
                (1, 1, 1): "-1.2067",
                (1, 2, 1): "1.0888",
                (0, 0, 1): "-0.7962",
                (0, 0, 2): "0.0985",
                (1, 0, 1): "-0.3127",
            },
        },
    },
    # M. Hagan, H. Demuth, M. Beale, Neural Network Design, chapter 11. Its error is e², twice ours: so is each s, and
    # its α = 0.1 is our 0.2.
    "1-2-1 of Hagan, Demuth and Beale": {
        "w": [[[1, -0.48, -0.13], [0, -0.27, -0.41]], [[1, 0.48], [0, 0.09], [0, -0.17]]],
        "sigma": (None, sigmoid, identity),
        "I": [1],
        "D": [1 + np.sin(np.pi / 4)],
        "alpha": 0.2,
        "factor": {"delta": 2},
        "printed": {
            "o": {(1, 1): "0.321", (1, 2): "0.368", (2, 1): "0.446"},
            "delta": {(2, 1): "-2.522", (1, 1): "-0.0495", (1, 2): "0.0997"},
            "w_new": {
                (1, 1, 1): "0.171",
                (1, 2, 1): "-0.0772",
                (1, 0, 1): "0.732",
                (0, 1, 1): "-0.265",
                (0, 1, 2): "-0.420",
                (0, 0, 1): "-0.475",
                (0, 0, 2): "-0.140",
            },
        },
    },
    # C. MacLeod, An Introduction to Practical Neural Networks and Genetic Algorithms, worked example 3.1. It has no
    # biases, its δ is ours with the other sign, and it goes back through the weights that it has just moved: the slip
    # that trace calls "late".
    "2-2-1 of MacLeod": {
        "w": [[[1, 0, 0], [0, 0.1, 0.4], [0, 0.8, 0.6]], [[1, 0], [0, 0.3], [0, 0.9]]],
        "I": [0.35, 0.9],
        "D": [0.5],
        "alpha": 1,
        "broken": ["late"],
        "off": 1.5,
        "printed": {
            "a": {(1, 1): "0.755", (1, 2): "0.68"},
            "o": {(1, 1): "0.68", (1, 2): "0.6637", (2, 1): "0.69"},
            "delta": {(2, 1): "0.0406", (1, 1): "0.0024", (1, 2): "0.0079"},
            "w_new": {
                (1, 1, 1): "0.2724",
                (1, 2, 1): "0.8731",
                (0, 1, 1): "0.0992",
                (0, 2, 1): "0.7978",
                (0, 1, 2): "0.3972",
                (0, 2, 2): "0.5928",
            },
        },
    },
    # Stanford's CS231n, the notes on backpropagation: a neuron of two inputs, and the slopes of its output.
    "2-1 of CS231n": {
        "w": [[[1, -3], [0, 2], [0, -3]]],
        "loss": SLOPE_1,
        "I": [-1, -2],
        "D": [0],
        "alpha": 1,
        "printed": {
            "a": {(1, 1): "1.00"},
            "o": {(1, 1): "0.73"},
            "delta": {(1, 1): "0.20"},
            "grad": {(0, 0, 1): "0.20", (0, 1, 1): "-0.20", (0, 2, 1): "-0.39"},
        },
    },
    # M. Mazur, A Step by Step Backpropagation Example. It leaves the biases as they are: their new values are not here.
    "2-2-2 of Mazur": {
        "w": [[[1, 0.35, 0.35], [0, 0.15, 0.25], [0, 0.2, 0.3]], [[1, 0.6, 0.6], [0, 0.4, 0.5], [0, 0.45, 0.55]]],
        "I": [0.05, 0.1],
        "D": [0.01, 0.99],
        "alpha": 0.5,
        "printed": {
            "a": {(1, 1): "0.3775", (2, 1): "1.105905967"},
            "o": {(1, 1): "0.593269992", (1, 2): "0.596884378", (2, 1): "0.75136507", (2, 2): "0.772928465"},
            "loss": {(): "0.298371109"},
            "delta": {(2, 1): "0.138498562"},
            "grad": {(1, 1, 1): "0.082167041", (0, 1, 1): "0.000438568"},
            "w_new": {
                (1, 1, 1): "0.35891648",
                (1, 2, 1): "0.408666186",
                (1, 1, 2): "0.511301270",
                (1, 2, 2): "0.561370121",
                (0, 1, 1): "0.149780716",
                (0, 2, 1): "0.19956143",
                (0, 1, 2): "0.24975114",
                (0, 2, 2): "0.29950229",
            },
        },
    },
}


@pytest.mark.parametrize("example", WORKED.values(), ids=WORKED)
def test_the_digits_that_are_printed_elsewhere(example):
    net = Network(example["w"], example.get("sigma", sigmoid), example.get("loss", half_squared_error))
    arguments = net, example["I"], example["D"], example["alpha"]
    values = {s.symbol: s.value for s in trace(*arguments, broken=example.get("broken", ()))}
    a, o = forward(*arguments[:2])
    delta = backward(net, (a, o), example["D"])
    arrays = {"a": a, "o": o, "delta": delta, "grad": gradient(o, delta)} if "broken" not in example else {}
    for kind, numbers in example["printed"].items():
        factor = example.get("factor", {}).get(kind, 1)
        for place, digits in numbers.items():
            unit = 10.0 ** -len(digits.partition(".")[2])
            allowed = unit * example.get("off", 0.5001)
            assert abs(factor * values[kind, *place] - float(digits)) <= allowed, (kind, place)
            if kind in arrays:
                assert abs(factor * arrays[kind][place[0]][place[1:]] - float(digits)) <= allowed, (kind, place)
