"""The widgets of lesson 3 in Python: the notes' lines on trial, the paths to the loss, and how their number grows."""

import base64
from math import prod

import numpy as np
import pytest
import traitlets

from mlpkit import Network, backward, explorers, forward, gradient, relu, tanh
from mlpkit.derivations.verdict import HOLDS, INDEX, NUMBERS, RESTATED, UNREAD
from mlpkit.widgets import Trial, deepening, paths, trial

NET = Network.random([2, 3, 4, 2], tanh, seed=2)
I, D = np.array([0.5, -1.0]), np.array([1.0, 0.0])
N3 = "sigma_prime(a[l][i]) * w[l][i, j]"


# The trial.


def test_a_line_as_printed_and_then_mended():
    widget = trial()
    assert widget.shown["status"] == "mended: 0 of 7"
    widget.line = "N3"
    assert widget.shown["printed"] is None
    assert "the derivative of a j of layer l plus 1" in widget.shown["spoken"]
    verdict = widget.try_printed()
    assert verdict.kind == NUMBERS
    assert widget.shown["printed"] == {"kind": NUMBERS, "message": verdict.message, "state": "wrong"}
    assert widget.try_mine("w[l][i, j]").kind == NUMBERS
    assert widget.shown["status"] == "mended: 0 of 7"
    assert widget.try_mine(N3).kind == HOLDS
    assert widget.verdict.passed
    assert widget.shown["status"] == "mended: 1 of 7"
    assert widget.shown["marks"] == {"N3": "mended"}
    assert widget.shown["spoken"].startswith("Yours: It holds.")
    # what is shown as understood is the line that was typed
    assert "<mi>σ′</mi>" in widget.shown["mine"]
    # and it stays mended, whatever is tried afterwards
    assert widget.try_mine("w[l][i, j]").kind == NUMBERS
    assert widget.shown["status"] == "mended: 1 of 7"
    assert widget.shown["marks"] == {"N3": "mended"}


def test_what_was_typed_is_kept_for_each_line_also_when_it_cannot_be_read():
    widget = trial()
    widget.line = "N8"
    widget._on_message(widget, {"do": "mine", "text": "sum(delta[l+1][k] * w[l][i, k] for k"}, [])
    assert widget.verdict.kind == UNREAD
    assert widget.shown["mine_verdict"]["message"] == (
        "The brackets do not match: each one that opens needs one that closes."
    )
    assert widget.shown["mine"] == ""
    widget.line = "N3"
    widget._on_message(widget, {"do": "mine", "text": N3}, [])
    assert widget.typed == {"N8": "sum(delta[l+1][k] * w[l][i, k] for k", "N3": N3}
    widget.line = "N8"
    assert widget.shown["mine_verdict"]["kind"] == UNREAD
    widget._on_message(widget, {"do": "printed"}, [])
    assert widget.verdict.kind == INDEX
    widget._on_message(widget, {"do": "mine", "text": 7}, [])
    widget._on_message(widget, {"do": "dance"}, [])
    assert widget.verdict.kind == INDEX


def test_all_seven_can_be_mended():
    widget = Trial()
    right = {
        "§1": "partial(loss, a[l][i])",
        "N1": "sigma_prime(a[l][i]) * (i == j)",
        "N2": "sum(o[l][k] * w[l][k, j] for k)",
        "N3": N3,
        "N7": "sum(delta[l+1][k] * sigma_prime(a[l][i]) * w[l][i, k] for k)",
        "N8": "sigma_prime(a[l][i]) * sum(w[l][i, k] * delta[l+1][k] for k)",
        "§4": "sigma_prime(a[L-1][j]) * partial(loss, o[L-1][j])",
    }
    for name, text in right.items():
        widget.line = name
        assert not widget.try_printed().passed
        assert widget.try_mine(text).passed
    assert widget.shown["status"] == "mended: 7 of 7"


def test_the_left_side_mends_no_line_and_the_hint_in_the_field_mends_none():
    widget = Trial()
    words, example = widget.hint[:12], widget.hint[12:]
    assert words == "for example "
    left = {"§1": "delta[l][i]", "N1": "partial(o[l][j], a[l][i])", "N2": "a[l+1][j]", "§4": "delta[L-1][j]"}
    left |= {"N3": "partial(a[l+1][j], a[l][i])", "N7": left["§1"], "N8": left["§1"]}
    for name in widget.names:
        widget.line = name
        assert widget.try_mine(example).kind not in (HOLDS, UNREAD)
        if name in left:
            assert widget.try_mine(left[name]).kind == RESTATED
            assert widget.shown["mine_verdict"]["state"] == "note"
    assert widget.shown["status"] == "mended: 0 of 7"


def test_n2_asks_for_the_sum_under_the_derivative():
    widget = Trial(("N2", "N3"))
    assert "∂" not in widget.shown["left"]
    assert widget.try_mine("sum(o[l][k] * w[l][k, j] for k)").passed
    assert "∂" not in widget.shown["mine"]
    assert widget.try_mine("partial(sum(o[l][k] * w[l][k, j] for k), a[l][i])").passed
    assert widget.shown["mine"].count("<mfrac>") == 2
    widget.line = "N3"
    assert "∂" in widget.shown["left"]


def test_a_line_that_is_not_there_is_refused():
    widget = trial("N3", "N8")
    assert widget.names == ["N3", "N8"]
    with pytest.raises(traitlets.TraitError, match="there is no line 'N9' here"):
        widget.line = "N9"
    assert widget.line == "N3"
    with pytest.raises(ValueError, match="there is no line 'N0' here"):
        trial("N0")


@pytest.mark.parametrize("make", [trial, lambda: paths(NET, I, D), deepening])
def test_beside_the_view_there_are_a_picture_and_a_fixed_text(make):
    bundle = make()._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["text/plain"] == repr(make())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle


# The paths.


@pytest.mark.parametrize("sigma", [tanh, relu])
def test_the_products_of_all_paths_add_up_to_the_derivative_of_every_weight(sigma):
    net = Network.random([2, 3, 4, 2], sigma, seed=2)
    case = explorers.paths.one_case(net, I, D)
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    for weight in explorers.paths.weights(net):
        _, l, i, j = weight
        every = explorers.paths.paths(case, weight)
        assert len(every) == len(set(every)) == explorers.paths.count(net.n, l)
        total = sum(prod(number for _, _, number in explorers.paths.factors(case, weight, path)) for path in every)
        assert total == pytest.approx(grad[l][i, j], abs=1e-9)


def test_a_path_has_the_factors_of_its_neurons():
    case = explorers.paths.one_case(NET, I, D)
    a, o = forward(NET, I)
    last = NET.loss.gradient(o[3][1:], D)
    path = (2, 4, 1)
    numbers = [number for _, _, number in explorers.paths.factors(case, ("w", 0, 1, 2), path)]
    expected = [o[0][1], tanh.derivative(a[1][2]), NET.w[1][2, 4], tanh.derivative(a[2][4]), NET.w[2][4, 1]]
    assert numbers == pytest.approx([*map(float, expected), float(tanh.derivative(a[3][1])), float(last[0])])


def test_the_widget_follows_weight_and_path():
    widget = paths(NET, I, D, ("w", 0, 1, 2))
    assert widget.weight == "w-0-1-2"
    assert (widget.shown["count"], len(widget.shown["paths"])) == (8, 8)
    assert widget.shown["lit"] == [["0-1", "1-2"], ["1-2", "2-1"], ["2-1", "3-1"], ["3-1", "loss"]]
    widget.path = 8
    assert widget.shown["lit"][1:] == [["1-2", "2-4"], ["2-4", "3-2"], ["3-2", "loss"]]
    assert widget.shown["spoken"].startswith("Path 8 of 8: o 1 of layer 0 times sigma prime of a 2 of layer 1 times")
    assert widget.shown["sum"] == widget.shown["derivative"]
    widget.path = 99
    assert widget.path == 8
    widget.weight = "w-2-4-1"  # its only path
    assert (widget.path, widget.shown["count"]) == (1, 1)
    widget.path = 0
    assert widget.shown["equation"] == ""
    assert widget.shown["spoken"].startswith("There is one path.")
    with pytest.raises(traitlets.TraitError, match="is no weight here"):
        widget.weight = "w-9-1-1"
    ids = {neuron["id"] for neuron in widget.picture["neurons"]}
    assert all(end in ids for ends in widget.edges for end in ends)


def test_very_many_paths_are_listed_in_part():
    net = Network.random([2, 2, 30, 3], tanh, seed=0)
    widget = paths(net, I, np.zeros(3))
    assert widget.shown["count"] == 90
    assert len(widget.shown["paths"]) == explorers.paths.SHOWN
    assert widget.shown["more"] == "and 50 more paths"
    large = Network.random([2, 3, 80, 80, 1], tanh, seed=0)
    assert all(weight[1] >= 1 for weight in explorers.paths.weights(large))
    with pytest.raises(ValueError, match="one example is needed here"):
        paths(NET, [I, I], [D, D])


# The work.


def test_both_ways_find_the_same_derivative_and_count_what_they_do():
    for hidden in range(1, 6):
        net, x, d = explorers.paths.network(hidden)
        a, o = forward(net, x)
        grad = gradient(o, backward(net, (a, o), d))[0][1, 1]
        found = explorers.paths.work(hidden)
        assert found["derivatives"] == pytest.approx((grad, grad))
        assert found["paths"] == 3 ** (hidden - 1)
        assert found["by paths"] == found["paths"] * 2 * (hidden + 1)  # o, σ′, then w σ′ per layer, ∂L̃/∂o
        assert found["backwards"] == 8 + 12 * (hidden - 1)


def test_the_widget_counts_and_measures_both_ways():
    assert min(explorers.paths.measured(3)) > 0
    widget = deepening()
    assert widget.controls[0]["label"] == widget.shown["panels"][0]["x"]["label"] == "hidden layers"
    assert len(widget.shown["rows"][1]["body"]) == 2
    assert "triples" not in str(widget.shown["rows"][2])  # that is asked first
    widget.values = {"hidden": 5}
    widget.press("measure")
    assert "triples" in str(widget.shown["rows"][2])
    assert widget.shown["rows"][1]["body"][2][0] == "measured, in microseconds"
    assert "972 multiplications path by path, 56 with back-propagation" in widget.shown["spoken"]
    widget.values = {"hidden": 4}
    assert len(widget.shown["rows"][1]["body"]) == 2
