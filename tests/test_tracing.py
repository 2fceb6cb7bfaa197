"""The trace: the contract's order, the array code's numbers, and equations that say what was computed."""

import itertools

import numpy as np
import pytest

from mlpkit import (
    Activation,
    Loss,
    Network,
    backward,
    cross_entropy,
    forward,
    gradient,
    half_squared_error,
    relu,
    sigmoid,
    softplus,
    step,
    tanh,
    trace,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS

ALPHA = 0.3
swish = Activation(
    "swish",
    r"a \sigma(a)",
    lambda a: a * sigmoid(a),
    lambda a: sigmoid(a) + a * sigmoid.derivative(a),
)
quartic = Loss("quartic", r"\sum (o-D)^4", lambda o, D: ((o - D) ** 4).sum(-1), lambda o, D: 4 * (o - D) ** 3)
coupled = Loss(  # each slope depends on every output
    "coupled",
    r"(\sum_j o_j - D_j)^2",
    lambda o, D: (o - D).sum(-1) ** 2,
    lambda o, D: 2 * (o - D).sum(-1, keepdims=True) + 0 * o,
)


def networks():
    for sizes, sigma in itertools.product(([2, 3, 1], [3, 2, 4, 2]), (*BUILT_IN_ACTIVATIONS, swish)):
        for loss in (half_squared_error, cross_entropy, quartic, coupled):
            sigmas = (None, *[sigma] * (len(sizes) - 2), sigmoid if loss is cross_entropy else sigma)
            yield pytest.param(Network.random(sizes, sigmas, loss, seed=7), id=f"{sizes}-{sigma.name}-{loss.name}")


def example(net):
    I = np.linspace(-0.8, 0.9, net.n[0] - 1)
    D = np.linspace(0.2, 0.9, net.n[-1] - 1)
    return I, D


@pytest.mark.parametrize("net", list(networks()))
def test_every_number_agrees_with_the_array_code(net):
    I, D = example(net)
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    new = step(net, I, D, ALPHA)
    expected = {
        "I": lambda i: I[i - 1],
        "D": lambda j: D[j - 1],
        "alpha": lambda: ALPHA,
        "w": lambda l, i, j: net.w[l][i, j],
        "a": lambda l, i: a[l][i],
        "o": lambda l, i: o[l][i],
        "loss": lambda: net.loss.value(o[-1][1:], D),
        "delta": lambda l, i: delta[l][i],
        "grad": lambda l, i, j: grad[l][i, j],
        "dw": lambda l, i, j: -ALPHA * grad[l][i, j],
        "w_new": lambda l, i, j: new.w[l][i, j],
    }
    for s in trace(net, I, D, ALPHA):
        assert s.value == pytest.approx(expected[s.symbol[0]](*s.symbol[1:]), rel=1e-10, abs=1e-14), s


def test_the_order_is_the_contracts():
    net = Network.random([1, 2, 1], seed=1)
    assert [s.symbol for s in trace(net, [0.5], [1.0], 0.5)] == [
        ("I", 1),
        ("D", 1),
        ("alpha",),
        *[("w", 0, i, j) for i in range(2) for j in range(3)],
        *[("w", 1, i, j) for i in range(3) for j in range(2)],
        ("o", 0, 0),
        ("o", 0, 1),
        *[(kind, 1, i) for i in range(3) for kind in ("a", "o")],
        *[(kind, 2, i) for i in range(2) for kind in ("a", "o")],
        ("loss",),
        ("delta", 2, 0),
        ("delta", 2, 1),
        ("delta", 1, 0),
        ("delta", 1, 1),
        ("delta", 1, 2),
        *[
            (kind, l, i, j)
            for kind in ("grad", "dw", "w_new")
            for l, rows, columns in ((0, 2, 3), (1, 3, 2))
            for i in range(rows)
            for j in range(columns)
        ],
    ]


@pytest.mark.parametrize("net", list(networks()))
def test_each_symbol_is_written_once_and_reads_only_what_was_written(net):
    written = set()
    for s in trace(net, *example(net), ALPHA):
        assert s.symbol not in written
        assert set(s.reads) <= written
        assert len(set(s.reads)) == len(s.reads)
        written.add(s.symbol)


@pytest.mark.parametrize("net", list(networks()))
def test_the_equation_reads_what_the_step_reads_and_gives_its_value(net):
    for s in trace(net, *example(net), ALPHA):
        assert set(s.equation.refs) == set(s.reads), s
        for side in s.equation.right:  # the general formula as well as the one that is used
            assert side.value(s.equation.values) == pytest.approx(s.value, rel=1e-9, abs=1e-13), s


def test_what_is_fixed_is_set_and_not_computed():
    steps = {s.symbol: s for s in trace(Network.random([2, 3, 1], relu, seed=3), [1, 2], [1], 0.5)}
    for symbol in [("o", 0, 0), ("o", 1, 0), ("o", 2, 0), ("delta", 1, 0), ("delta", 2, 0)]:
        assert (steps[symbol].how, steps[symbol].reads) == ("set", ())
        assert steps[symbol].value == (1 if symbol[0] == "o" else 0)
    assert all(s.how == "given" and s.reads == () for s in steps.values() if s.symbol[0] in ("I", "D", "alpha", "w"))
    assert all(
        s.value == steps["w", *s.symbol[1:]].value
        for s in steps.values()
        if s.symbol[0] == "w_new" and s.symbol[3] == 0
    )


def test_delta_reads_a_and_the_output_where_the_slope_is_known_in_it():
    for sigma, expected in ((sigmoid, {("a", 1, 2), ("o", 1, 2)}), (softplus, {("a", 1, 2)})):
        steps = {s.symbol: s for s in trace(Network.random([2, 3, 1], sigma, seed=3), [1, 2], [1], 0.5)}
        assert set(steps["delta", 1, 2].reads) == expected | {("w", 1, 2, 1), ("delta", 2, 1)}
        assert set(steps["dw", 0, 1, 2].reads) == {("grad", 0, 1, 2), ("alpha",)}
        assert set(steps["w_new", 0, 1, 2].reads) == {("w", 0, 1, 2), ("dw", 0, 1, 2)}


def test_saturated_neurons_are_exact_and_silent():
    for a in (1000.0, -1000.0):
        net = Network([[[1, 0], [0, a]]], sigmoid, cross_entropy)
        steps = {s.symbol: s.value for s in trace(net, [1], [0], 0.5)}
        assert steps["o", 1, 1] == steps["delta", 1, 1] == (1 if a > 0 else 0)
        assert steps["loss",] == (1000 if a > 0 else 0)  # computed from a: of o alone it would be infinite
        for s in trace(net, [1], [0], 0.5):
            s.equation.mathml(numbers=True)


def test_a_trace_grows_with_the_weights_and_no_faster():
    small, large = (Network.random(sizes, seed=0) for sizes in ([10, 10, 10], [40, 40, 10]))
    counts = [len(trace(net, *example(net), ALPHA)) / sum(w.size for w in net.w) for net in (small, large)]
    assert counts[1] <= counts[0] < 5
    reads = [sum(len(s.reads) for s in trace(net, *example(net), ALPHA)) for net in (small, large)]
    assert reads[1] / reads[0] < 1.2 * sum(w.size for w in large.w) / sum(w.size for w in small.w)


def test_a_batch_is_refused_with_a_sentence():
    net = Network.random([2, 3, 1])
    with pytest.raises(ValueError, match=r"I has the shape \(4, 2\), but trace follows one example of shape \(2,\)"):
        trace(net, np.ones((4, 2)), np.ones((4, 1)), 0.5)
    with pytest.raises(ValueError, match="alpha is 'x', but the learning rate is one finite number"):
        trace(net, [1, 2], [1], "x")


@pytest.mark.parametrize("sigma", [sigmoid, tanh], ids=lambda sigma: sigma.name)
def test_the_slope_is_that_of_somebody_elses_output_and_else_has_all_digits(sigma):
    net = Network([[[1, 0], [0, 50]], [[1, 0.5], [0, 0.25]]], (None, sigma, sigmoid))
    steps = {s.symbol: s.value for s in trace(net, [1], [0], 0.5)}
    assert steps["delta", 1, 1] == pytest.approx(sigma.derivative(50.0) * 0.25 * steps["delta", 2, 1], rel=1e-14)
    assert steps["delta", 1, 1] != 0
    other = {s.symbol: s.value for s in trace(net, [1], [0], 0.5, own={("o", 1, 1): 0.75})}
    slope = {sigmoid: 0.75 * 0.25, tanh: 1 - 0.75**2}[sigma]
    assert other["delta", 1, 1] == pytest.approx(slope * 0.25 * other["delta", 2, 1], rel=1e-14)


def test_the_loss_is_that_of_somebody_elses_output_and_else_has_all_digits():
    net = Network([[[1, 0], [0, 50]]], sigmoid, cross_entropy)
    loss = [
        {s.symbol: s.value for s in trace(net, [1], [0], 0.5, own=own)}["loss",] for own in (None, {("o", 1, 1): 0.5})
    ]
    assert loss == pytest.approx([50, np.log(2)], rel=1e-14)
