"""Mistakes made on purpose: the numbers against array code written for each, and what is said about them."""

import numpy as np
import pytest

from mlpkit import Network, backward, forward, gradient, sigmoid, step, tanh, trace
from mlpkit.core.network import weights_that_move
from mlpkit.notation import number_text, text
from mlpkit.stepper.breaks import damage, numerical_derivative
from mlpkit.stepper.frame import Scene, frame
from mlpkit.stepper.layout import picture
from mlpkit.tracing.micro_steps import BREAKS, loss_by_trace

ALPHA = 0.4
I, D = np.array([0.3, -0.7, 1.1]), np.array([0.2, 0.9])


def network(sigma):
    return Network.random([3, 2, 4, 2], sigma, seed=4)


def broken_by_hand(net, broken):
    """o, delta, gradient and new weights with one mistake, for half squared error: lists of arrays."""
    value, derivative, last = net.sigma[1].value, net.sigma[1].derivative, net.L - 1
    a, o = [None], [np.array([1, *I])]
    for w in net.w:
        a.append(o[-1] @ w)
        o.append(value(a[-1]))
        if broken != "bias":
            o[-1][0] = 1
    delta, grad, w_new = [None] * net.L, [None] * last, list(net.w)
    for l in range(last, 0, -1):
        slope = 1 if broken == "slope" else derivative(a[l])
        if l == last:
            delta[l] = slope * (o[l] - np.array([0, *D])) * (-1 if broken == "sign" else 1)
        else:
            delta[l] = slope * ((w_new if broken == "late" else net.w)[l] @ delta[l + 1])
        if l == last or broken != "delta_0":
            delta[l][0] = 0
        grad[l - 1] = np.outer(o[l - 1], delta[l])
        w_new[l - 1] = net.w[l - 1] - ALPHA * grad[l - 1]
    return o, delta, grad, w_new


@pytest.mark.parametrize("sigma", [sigmoid, tanh], ids=repr)
@pytest.mark.parametrize("broken", BREAKS)
def test_the_numbers_are_those_of_the_mistake(broken, sigma):
    net = network(sigma)
    steps = trace(net, I, D, ALPHA, [broken])
    o, delta, grad, w_new = broken_by_hand(net, broken)
    arrays = {"o": o, "delta": delta, "grad": grad, "w_new": w_new}
    values = {s.symbol: s.value for s in steps}
    written = set()
    for s in steps:
        kind, *place = s.symbol
        assert set(s.reads) <= written, s
        written.add(s.symbol)
        if kind in arrays:
            assert s.value == pytest.approx(arrays[kind][place[0]][tuple(place[1:])], rel=1e-12, abs=1e-15), s
        if s.how == "computed":
            for side in s.equation.right:
                assert side.value(values) == pytest.approx(s.value, rel=1e-12, abs=1e-15), s
    assert len(written) == len(steps) == len(trace(net, I, D, ALPHA))


def test_without_a_mistake_the_hand_written_code_is_the_kits():
    net = network(tanh)
    o, delta, grad, w_new = broken_by_hand(net, None)
    activations = forward(net, I)
    kits = backward(net, activations, D)
    for ours, theirs in ((o, activations[1]), (delta[1:], kits[1:]), (grad, gradient(activations[1], kits))):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-15)
    for one, other in zip(w_new, step(net, I, D, ALPHA).w, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-15)


def test_the_loss_alone():
    net = network(sigmoid)
    assert loss_by_trace(net, I, D) == pytest.approx(net.loss.value(forward(net, I)[1][-1][1:], D))
    o = broken_by_hand(net, "bias")[0]
    assert loss_by_trace(net, I, D, ["bias"]) == pytest.approx(net.loss.value(o[-1][1:], D))


def test_an_unknown_mistake_is_refused():
    with pytest.raises(ValueError, match="the mistakes that can be made are bias, delta_0, slope, sign, late"):
        trace(network(sigmoid), I, D, ALPHA, ["transpose"])


def told(broken, sigma=sigmoid):
    net = network(sigma)
    scene = Scene(net, trace(net, I, D, ALPHA, broken), trace(net, I, D, ALPHA) if broken else ())
    return scene, damage(scene, I, D, broken)


def test_the_numerical_derivative_is_the_gradient():
    net = network(tanh)
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    for symbol in weights_that_move(net):
        _, l, i, j = symbol
        assert numerical_derivative(net, I, D, symbol) == pytest.approx(grad[l][i, j], abs=1e-8)


@pytest.mark.parametrize(
    ("broken", "first", "verdict"),
    [
        ("bias", "o-1-0", "All 30 derivatives agree with nudging"),
        ("delta_0", "delta-2-0", "All 30 derivatives outside column 0 agree with nudging"),
        ("slope", "delta-3-1", "Nudging contradicts 30 of 30 derivatives"),
        ("sign", "delta-3-1", "Nudging contradicts 30 of 30 derivatives"),
        ("late", "delta-2-1", "Nudging contradicts 20 of 30 derivatives"),
    ],
)
def test_what_is_said_of_a_mistake(broken, first, verdict):
    scene, said = told([broken])
    assert said["first"]["symbol"] == first
    assert verdict in said["words"]
    assert ("no longer (1, 0, ..., 0)" in said["words"]) == (broken == "delta_0")
    assert [one["id"] for one in said["switches"] if one["pressed"]] == [broken]
    off = sum(scene.steps[stop].symbol in scene.off for stop in scene.stops)
    assert f"{off} of {len(scene.stops)} numbers" in said["words"]


@pytest.mark.parametrize(
    ("broken", "verdict"),
    [("slope", "Nudging contradicts"), ("sign", "Nudging contradicts"), ("bias", "Nudging agrees with")],
)
def test_in_a_large_network_the_derivative_that_has_changed_most_is_nudged(broken, verdict):
    net = Network.random([20, 12, 3], seed=0)
    I, D = np.linspace(-1, 1, 20), np.array([1.0, 0.0, 1.0])
    scene = Scene(net, trace(net, I, D, 0.5, (broken,)), trace(net, I, D, 0.5))
    grad = {symbol: abs(scene.value(symbol) - right) for symbol, right in scene.off.items() if symbol[0] == "grad"}
    symbol = max(grad, key=grad.get)
    words = damage(scene, I, D, [broken])["words"]
    assert f"{verdict} {text(symbol)}" in words
    assert "the one of 291 derivatives that is nudged here" in words
    assert number_text(scene.value(symbol)) in words
    slope = numerical_derivative(net, I, D, ("w", *symbol[1:]), (broken,))
    assert (f"{number_text(slope)} by nudging" in words) == (broken != "bias")


def test_a_number_that_is_off_is_marked_from_its_step_on():
    scene, _ = told(["slope"])
    drawn = picture(scene.net.n)
    place = scene.position_of(("delta", 3, 1))
    for position in (place - 1, place):
        shown = frame(scene, position, drawn)
        texts = {(n["l"], n["i"]): now for n, now in zip(drawn["neurons"], shown["neurons"], strict=True)}
        assert (texts[3, 1]["delta"] or "").endswith(" ≠") == (position == place)
        assert not texts[3, 1]["o"].endswith("≠")
    assert not told([])[0].off


def test_a_mistake_that_changes_no_number_says_so():
    net = network(sigmoid)
    right = trace(net, I, D, 0.0)
    scene = Scene(net, trace(net, I, D, 0.0, ["late"]), right)
    said = damage(scene, I, D, ["late"])
    assert said["words"].endswith("With these numbers, that changes nothing.")
    assert said["first"] is None


@pytest.mark.parametrize(
    ("broken", "symbol", "title", "why"),
    [
        ("bias", ("o", 1, 0), "the output of neuron 0 in layer 1", "Computed, by mistake: §2 sets it to 1."),
        ("delta_0", ("delta", 1, 0), "", "Computed, by mistake: o₀ is a constant, and its δ is 0 for every σ."),
    ],
)
def test_at_a_number_that_is_computed_by_mistake_it_says_why_it_should_not_be(broken, symbol, title, why):
    scene, _ = told([broken])
    panel = frame(scene, scene.position_of(symbol), picture(scene.net.n))["panel"]
    assert panel["title"].endswith(title)
    assert panel["why"].endswith(why)


def test_a_mistake_that_lowers_the_loss_all_the_same_is_told():
    net = network(tanh)
    scene = Scene(net, trace(net, I, D, ALPHA, ["slope"]), trace(net, I, D, ALPHA))
    loss = scene.value(("loss",))
    told = "The loss falls all the same: a wrong gradient can still point downhill, so compare the numbers."
    assert told in damage(scene, I, D, ["slope"], loss - 0.01)["words"]
    assert told not in damage(scene, I, D, ["slope"], loss)["words"]
    assert told not in damage(scene, I, D, ["slope"])["words"]
