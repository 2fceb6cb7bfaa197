"""The playground's state, its text, and its pictures."""

import base64
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit import (
    Activation,
    Network,
    categorical_cross_entropy,
    cross_entropy,
    data,
    forward,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.core.training import mean_loss
from mlpkit.explorers.playground import code, pictures, words
from mlpkit.explorers.playground import state as states

NET = Network.random([2, 3, 2, 1], (None, tanh, relu, sigmoid), seed=1)
START = states.first_state(NET, None, None, "moons", 0.05, 0.2, 0.3, 16, 0)


def state_of(**changes):
    return states.changed(START, **changes)


# Points.


@pytest.mark.parametrize(
    ("name", "make"),
    [("xor", data.four_squares), ("circles", data.two_circles), ("moons", data.two_moons), ("spiral", data.spiral)],
)
def test_the_points_of_a_set_are_those_of_its_function(name, make):
    state = state_of(data=name, noise=0.3, test=0)
    I, D, is_test = state.points.all
    wanted = make(300, 0.3, 0)
    assert np.array_equal(I, wanted[0])
    assert np.array_equal(D, wanted[1])
    assert not is_test.any()
    assert state.points.testing is None


def test_noise_is_what_is_added():
    added = state_of(noise=0.4).points.all[0] - state_of(noise=0.0).points.all[0]
    assert 0.35 < added.std() < 0.45


@pytest.mark.parametrize("share", [0.05, 0.1, 0.25, 0.5])
def test_the_test_share_is_kept_in_every_part_of_the_list(share):
    state = state_of(test=share)
    I, D, is_test = state.points.all
    for count in (20, 100, 300):
        assert abs(is_test[:count].sum() - share * count) <= 2
    assert abs(is_test[D[:, 0] == 1].mean() - share) < 0.05
    assert np.array_equal(state.points.training[0], I[~is_test])
    assert np.array_equal(state.points.testing[1], D[is_test])


def test_a_point_that_is_added_moves_no_other_to_the_test_points():
    state = state_of(data="own", test=0.5)
    before = []
    for k in range(12):
        state = states.with_point(state, [k / 20, -k / 20], k % 2)
        now = state.points.all[2].tolist()
        assert now[:-1] == before
        before = now
    assert not before[0]
    assert any(before)
    less = states.without_point(state, 3)
    assert np.array_equal(less.points.all[0], np.delete(state.points.all[0], 3, axis=0))
    assert len(states.without_points(less).points.all[0]) == 0


def test_the_plane_holds_every_point():
    assert START.points.side == 1.2
    assert abs(state_of(noise=0.5).points.all[0]).max() <= state_of(noise=0.5).points.side
    far = states.with_point(START, [300.0, 0.0], 1)
    assert far.points.side == 360


# What a hand changes.


def test_what_stays_is_kept():
    state = state_of(alpha=0.1, data="circles", noise=0.2, batch=None)
    assert state.net is START.net
    assert state.batch is None
    wider = states.changed(state, hidden=[4, 2])
    for old, new in zip(NET.w, wider.net.w, strict=True):
        assert np.array_equal(old, new[: old.shape[0], : old.shape[1]])
    back = states.changed(wider, hidden=[3, 2])
    assert all(map(np.array_equal, back.net.w, NET.w))


def test_a_layer_more_and_a_layer_less_keep_the_layers_before():
    more = states.changed(START, hidden=[3, 2, 4])
    assert [n - 1 for n in more.net.n] == [2, 3, 2, 4, 1]
    assert np.array_equal(more.net.w[0], NET.w[0])
    assert np.array_equal(more.net.w[1], NET.w[1])
    assert not np.isin(NET.w[2][:, 1], more.net.w[2]).any()  # the output's are no hidden neuron's
    assert more.net.sigma == (None, tanh, relu, relu, sigmoid)
    less = states.changed(START, hidden=[3])
    assert np.array_equal(less.net.w[0], NET.w[0])
    assert less.net.sigma == (None, tanh, sigmoid)
    none = states.changed(START, hidden=[])
    assert none.net.n == (3, 2)
    assert states.changed(none, hidden=[2]).net.sigma == (None, sigmoid, sigmoid)


def test_every_network_of_a_state_is_changed_alike():
    state = replace(START, kit=NET)
    wider = states.changed(state, hidden=[5, 2], sigma=[softplus, tanh, sigmoid], loss=cross_entropy)
    assert all(map(np.array_equal, wider.net.w, wider.kit.w))
    assert all(map(np.array_equal, wider.net.w, wider.start.w))
    assert wider.net.sigma == wider.kit.sigma == wider.start.sigma == (None, softplus, tanh, sigmoid)


def test_cross_entropy_and_the_output_go_together():
    state = states.changed(START, sigma=[tanh, tanh, tanh])
    assert state.net.loss is half_squared_error
    state = states.changed(state, loss=cross_entropy)
    assert state.net.sigma[-1] is sigmoid
    state = states.changed(state, sigma=[tanh, tanh, softplus])
    assert (state.net.loss, state.net.sigma[-1]) == (half_squared_error, softplus)


def test_a_new_draw_and_the_way_back():
    drawn = states.drawn_anew(replace(START, epochs=7))
    assert drawn.epochs == 0
    assert not np.array_equal(drawn.net.w[0], NET.w[0])
    again = states.drawn_anew(drawn)
    assert not np.array_equal(again.net.w[0], drawn.net.w[0])
    gone_on = replace(drawn, net=NET, epochs=9, left=(np.arange(3),))
    back = states.at_start(gone_on)
    assert back.net is drawn.net
    assert (back.epochs, back.left) == (0, ())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": "stars"}, "data is 'stars', but one of these is needed: xor, circles, moons, spiral, own"),
        ({"noise": 0.6}, "noise is 0.6, but a number from 0 to 0.5 is needed"),
        ({"noise": "much"}, "noise is 'much', but a number from 0 to 0.5 is needed"),
        ({"test": True}, "test is True, but a number from 0 to 0.5 is needed"),
        ({"alpha": 0}, "alpha is 0, but a number from 0.001 to 30 is needed"),
        ({"alpha": float("nan")}, "alpha is nan, but a number from 0.001 to 30 is needed"),
        ({"batch": 0}, "batch is 0, but a whole number from 1 up is needed, or None for all examples"),
        ({"hidden": [9]}, r"hidden is \[9\], but at most 4 layers of 1 to 8 neurons are needed"),
        ({"hidden": [1] * 5}, "but at most 4 layers of 1 to 8 neurons are needed"),
        ({"hidden": [0]}, "but at most 4 layers of 1 to 8 neurons are needed"),
        ({"colour": 1}, "there is no 'colour' in a playground: take one of data, noise"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(changes, message):
    with pytest.raises(ValueError, match=message):
        states.changed(START, **changes)


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (
            Network.random([3, 2, 1]),
            "net is a 3-2-1 network, and the sets of points are for one with 2 inputs, 1 output",
        ),
        (Network.random([2, 9, 1]), "net is a 2-9-1 network"),
        (Network.random([2, 2, 2, 2, 2, 2, 1]), "net is a 2-2-2-2-2-2-1 network"),
        ("net", "net is 'net', but a Network is needed"),
    ],
)
def test_a_network_that_has_no_place_is_told(net, message):
    with pytest.raises((TypeError, ValueError), match=message):
        states.first_state(net, None, None, "moons", 0.05, 0.0, 0.3, 16, 0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            (Network.random([3, 129, 1]), [[0, 1, 2]], [[1]], 0.0),
            "at most 4 hidden layers of at most 128 neurons are drawn",
        ),
        (
            (Network.random([3, 1, 1, 1, 1, 1, 1]), [[0, 1, 2]], [[1]], 0.0),
            "net is a 3-1-1-1-1-1-1 network, but at most 4",
        ),
        ((Network.random([3, 1]), [[0, 1]], [[1]], 0.0), "I has 2 inputs"),
        ((Network.random([3, 1]), [[0, 1, 2]], [[1, 0]], 0.0), "D has 2"),
        ((Network.random([3, 1]), [[0, 1, 2]], [[1]], ([[0, 1]], [[1]])), "I has 2 inputs"),
        ((Network.random([3, 1]), [[0, 1, 2]], [[1]], 0.7), "test is 0.7, but a number from 0 to 0.5 is needed"),
        ((NET, [[0, 1]], [[1]], ([[0, 1]], [[1]])), "but a number from 0 to 0.5 is needed"),
    ],
)
def test_examples_that_have_no_place_are_told(given, message):
    net, I, D, test = given
    with pytest.raises(ValueError, match=message):
        states.first_state(net, I, D, "moons", 0.05, test, 0.3, 16, 0)


# Without a plane.


def without_plane(net=None, test=0.25):
    """The State of a 25-3-4 network, whose inputs are images, with 40 examples of its own."""
    net = net or Network.random([25, 3, 4], (None, tanh, sigmoid), seed=2)
    rng = np.random.default_rng(1)
    I, D = rng.random((40, net.n[0] - 1)), np.eye(net.n[-1] - 1)[rng.integers(0, net.n[-1] - 1, 40)]
    return states.first_state(net, I, D, "moons", 0.05, test, 0.3, 16, 0)


def test_a_share_of_the_examples_or_others_are_for_testing():
    share = without_plane().points
    assert share.all[2].sum() == 9  # along the golden ratio
    assert len(share.training[0]) == 31
    others = (np.ones((5, 25)), np.eye(4)[[0, 1, 2, 3, 0]])
    apart = without_plane(test=others).points
    assert np.array_equal(apart.testing[0], others[0])
    assert np.array_equal(apart.training[0], share.all[0])
    assert apart.side is None
    assert apart.classes
    with pytest.raises(ValueError, match="no others can be put here"):
        states.changed(without_plane(test=others), test=0.2)


@pytest.mark.parametrize(
    "change",
    [
        lambda state: states.changed(state, data="moons"),
        lambda state: states.changed(state, noise=0.1),
        lambda state: states.with_point(state, [0.0] * 25, [0.0] * 4),
        states.without_points,
    ],
)
def test_the_examples_that_were_given_stay(change):
    with pytest.raises(ValueError, match=r"those that were given to playground\(net, I, D\)|D holds|D has"):
        change(without_plane())


def test_hidden_layers_may_be_wide_and_the_ends_stay():
    state = states.changed(without_plane(), hidden=[128, 3])
    assert state.net.n == (26, 129, 4, 5)
    assert states.drawn_anew(state).net.n == state.net.n
    assert states.changed(state, hidden=[]).net.n == (26, 5)
    with pytest.raises(ValueError, match="at most 4 layers of 1 to 128 neurons"):
        states.changed(state, hidden=[129])


def test_with_softmax_goes_its_cross_entropy_and_back():
    state = states.changed(without_plane(), loss=categorical_cross_entropy)
    assert state.net.sigma[-1] is softmax
    state = states.changed(state, sigma=[tanh, sigmoid])
    assert state.net.loss is cross_entropy
    state = states.changed(state, sigma=[tanh, softmax])
    assert state.net.loss is categorical_cross_entropy
    state = states.changed(state, sigma=[tanh, identity])
    assert state.net.loss is half_squared_error


def test_a_loss_that_does_not_take_the_examples_is_refused():
    state = states.first_state(Network.random([3, 2]), [[0, 1, 2]], [[0.5, 7]], "moons", 0.05, 0, 0.3, 16, 0)
    with pytest.raises(ValueError, match="D holds 7, but cross_entropy needs desired outputs from 0 to 1"):
        states.changed(state, loss=cross_entropy)


def test_where_there_is_no_example_yet_any_loss_can_be_chosen():
    state = states.changed(START, data="own")
    state = states.changed(state, loss=cross_entropy)
    assert state.net.loss is cross_entropy


def test_no_text_holds_examples():
    with pytest.raises(ValueError, match="a text holds no examples such as these: keep the net of the playground"):
        code.written(without_plane())


def test_in_the_neurons_of_an_image_are_its_pixels_the_weights_and_the_outputs():
    state = without_plane()
    net, I = state.net, state.points.all[0][7]
    found = pictures.neurons(net, I)
    assert found.shape == (sum(pictures.tiles(net)), 5, 5) == (1 + 3 + 4, 5, 5)
    np.testing.assert_allclose(found[0] / 255, 0.5 + 0.5 * (I / I.max()).reshape(5, 5), atol=0.002)
    w = net.w[0][1:, 1:]
    for j in range(3):  # row by row, as the pixels
        np.testing.assert_allclose(found[1 + j] / 255, 0.5 + 0.5 * (w[:, j] / abs(w).max()).reshape(5, 5), atol=0.002)
    o = forward(net, I)[1][-1][1:]
    np.testing.assert_allclose(found[4:, 0, 0] / 255, 0.5 + 0.5 * o, atol=0.002)
    assert all(len(set(one.ravel())) == 1 for one in found[4:])


def test_in_other_neurons_are_their_outputs():
    net = Network.random([3, 2, 2], (None, tanh, identity), seed=4)
    I = np.array([0.5, -2.0, 1.0])
    found = pictures.neurons(net, I)[:, 0, 0] / 255
    a = [layer[1:] for layer in forward(net, I)[1]]
    wanted = np.concatenate([a[0] / 2, a[1], a[2] / abs(a[2]).max()])
    np.testing.assert_allclose(found, 0.5 + 0.5 * wanted, atol=0.002)
    assert pictures.tiles(net) == [3, 2, 2]


def test_lines_are_drawn_where_they_can_be_told_apart():
    net = Network.random([25, 30, 7, 3], seed=0)
    assert {l for l, _, _ in pictures.edges(net)} == {2}
    values = np.frombuffer(pictures.weights(net), "<f4")
    for value, (l, i, j) in zip(values, pictures.edges(net), strict=True):
        assert value == np.float32(net.w[l][i, j])
    assert pictures.weights(Network.random([25, 30, 10], seed=0)) == b""


def test_the_examples_are_shown_in_pages_those_for_testing_on_their_own():
    points = without_plane(test=(np.ones((15, 25)), np.eye(4)[[0] * 15])).points
    assert [list(words.page(points, row))[::11] for row in (0, 11, 12)] == [[0, 11], [0, 11], [12, 23]]
    assert list(words.page(points, 39)) == [36, 37, 38, 39]
    assert list(words.page(points, 40)) == list(range(40, 52))
    assert list(words.page(points, 54)) == [52, 53, 54]


def test_what_is_said_of_each_example_is_what_it_is_and_what_it_is_read_as():
    state = without_plane()
    shown = words.shown(state, words.losses(state), False, False, 13, "")
    I, D, is_test = state.points.all
    read = forward(state.net, I)[1][-1][:, 1:].argmax(axis=1)
    for one in shown["gallery"]:
        row = one["row"]
        is_ = D[row].argmax()
        assert one["wrong"] == (read[row] != is_)
        assert one["text"] == (f"class {is_ + 1}, not class {read[row] + 1}" if one["wrong"] else f"class {is_ + 1}")
        assert one["spoken"].startswith("test" if is_test[row] else "example")
    assert [one["row"] for one in shown["gallery"]] == list(range(12, 24))
    assert {one["wrong"] for one in shown["gallery"]} == {True, False}
    ten = without_plane(Network.random([3, 10], seed=1))
    assert words.shown(ten, words.losses(ten), False, False, 0, "")["names"] == list("0123456789")


def test_accuracy_counts_what_comes_out_right():
    net = Network([[[1, 0], [0, 2]]])
    assert words.accuracy(net, [[1.0], [-1.0], [2.0], [3.0]], [[1.0], [0.0], [1.0], [0.0]]) == 0.75
    three = Network([[[1, 0, 0, 0], [0, 1, 0, -1]]])
    D = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert words.accuracy(three, [[1.0], [-1.0], [1.0]], D) == pytest.approx(2 / 3)
    signed = Network([[[1, 0], [0, 1]]], identity)
    assert words.accuracy(signed, [[0.05], [-0.05]], [[1.0], [-1.0]]) == 1


def test_where_there_are_no_classes_nothing_is_right_or_wrong():
    state = states.first_state(
        Network.random([3, 2]), [[0, 1, 2], [1, 0, 0]], [[0.5, 7], [1, 1]], "moons", 0.05, 0, 0.3, 16, 0
    )
    assert not state.points.classes
    assert np.isnan(words.losses(state).right)
    shown = words.shown(state, words.losses(state), False, False, 0, "")
    assert shown["right"] == ["", ""]
    assert shown["example"]["text"] == "example 1: I = (0, 1, 2), D = (0.5, 7)"
    assert shown["gallery"][0]["text"] == "0.5, 7"
    assert "right" not in shown["spoken"]


def test_milestones_are_told_from_the_first_time_on():
    milestones = words.Milestones()
    assert milestones.said() == ""
    for epoch, share in enumerate([0.1, 0.55, 0.4, 0.96, 0.93, 0.97, 0.97]):
        milestones.add(epoch, share)
    assert milestones.said() == (
        "Test examples right: above 50 % after epoch 1, above 90 % after epoch 3, above 95 % after epoch 3, at best "
        "97.0 %, after epoch 5."
    )
    at_once = words.Milestones()
    at_once.add(0, 1.0)
    assert at_once.said() == "Test examples right: at best 100 %, after epoch 0."


@pytest.mark.parametrize(
    ("I", "D", "message"),
    [
        ([[0, 1]], [[0.5]], "D holds 0.5, but here each point has D = 0 or D = 1"),
        ([[0, 1e7]], [[1]], r"I holds 1e\+07, but no input beyond 1e\+06 is drawn here: scale I first"),
        (np.zeros((1001, 2)), np.zeros((1001, 1)), "I has 1001 points, but no more than 1000 are drawn here"),
        ([[0, 1, 2]], [[1]], "I has 3 inputs"),
    ],
)
def test_points_that_do_not_fit_are_told(I, D, message):
    with pytest.raises(ValueError, match=message):
        states.own_points(NET, I, D)


# The text.

numbers = st.floats(-1e6, 1e6)


@st.composite
def any_state(draw):
    sizes = [2, *draw(st.lists(st.integers(1, 8), max_size=4)), 1]
    sigma = [draw(st.sampled_from(BUILT_IN_ACTIVATIONS)) for _ in sizes[1:]]
    loss = draw(st.sampled_from([half_squared_error, cross_entropy]))
    if loss is cross_entropy:
        sigma[-1] = sigmoid
    net = Network.random(sizes, (None, *sigma), loss, seed=draw(st.integers(0, 99)))
    weight = draw(st.floats(allow_nan=False, allow_infinity=False))
    w = [array.copy() for array in net.w]
    w[0][1, 1] = weight
    rows = draw(st.lists(st.tuples(numbers, numbers, st.sampled_from([0.0, 1.0])), max_size=6))
    own = np.array(rows, float).reshape(-1, 3)
    points = states.Points(seed=draw(st.integers(0, 2**62)), own=(own[:, :2], own[:, 2:]))
    state = replace(START, net=Network(w, net.sigma, loss), points=points, draw=draw(st.integers(0, 9)))
    state = states.changed(
        state,
        data=draw(st.sampled_from(list(states.SETS))),
        noise=draw(st.floats(0, 0.5)),
        test=draw(st.floats(0, 0.5)),
        alpha=draw(st.floats(0.001, 30)),
        batch=draw(st.sampled_from(states.BATCHES)),
    )
    return replace(state, epochs=draw(st.integers(0, 10**12)))


@given(any_state())
def test_a_text_tells_the_whole_state(state):
    text = code.written(state)
    assert "\n" not in text
    again = code.read(text)
    for name in ("draw", "alpha", "batch", "epochs"):
        assert getattr(again, name) == getattr(state, name), name
    for name in ("data", "noise", "test", "seed"):
        assert getattr(again.points, name) == getattr(state.points, name), name
    assert again.net.sigma == state.net.sigma
    assert again.net.loss is state.net.loss
    assert all(map(np.array_equal, again.net.w, state.net.w))
    assert all(map(np.array_equal, again.points.own, state.points.own))
    assert all(map(np.array_equal, again.points.all, state.points.all))
    assert (again.start, again.start_epochs, again.left) == (again.net, state.epochs, ())
    assert code.written(again) == text
    assert code.read("\n  " + text.replace(" ", " \n ") + "\n").epochs == state.epochs  # broken by a mail


@given(any_state(), st.data())
def test_a_damaged_text_is_refused_in_one_sentence(state, draw):
    text = code.written(state)
    at = draw.draw(st.integers(0, len(text) - 1))
    letter = draw.draw(st.characters(exclude_categories=["Z", "Cc", "Cs"]))
    how = draw.draw(st.sampled_from(["another", "less", "more", "end"]))
    rest = {"another": letter + text[at + 1 :], "less": text[at + 1 :], "more": letter + text[at:], "end": ""}[how]
    damaged = text[:at] + rest
    if damaged.split() == text.split():
        return
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        code.read(damaged)
    assert len(str(caught.value)) < 260


def with_words(**words_):
    """A text with other words, and the check that belongs to them."""
    words_ = {"playground": "1"} | words_
    pairs = dict(word.split("=", 1) for word in code.written(START).split())
    body = " ".join(f"{name}={value}" for name, value in (pairs | words_).items() if name != "check")
    return f"{body} check={code._sum(body)}"


def as_base64(*values):
    return base64.b64encode(np.array(values, "<f8").tobytes()).decode()


@pytest.mark.parametrize(
    ("words_", "message"),
    [
        ({"data": "stars"}, "data is 'stars', but one of these is needed"),
        ({"noise": "0.9"}, "noise is 0.9, but a number from 0 to 0.5 is needed"),
        ({"noise": "nan"}, "noise is 'nan' in the text, but a number is needed"),
        ({"alpha": "1e999"}, "alpha is '1e999' in the text, but a number is needed"),
        ({"alpha": "__import__"}, "alpha is '__import__' in the text, but a number is needed"),
        ({"seed": "-1"}, "seed is '-1' in the text, but a whole number from 0 to"),
        ({"epochs": "9" * 19}, "in the text, but a whole number from 0 to 1000000000000 is needed"),
        ({"batch": "1001"}, "batch is '1001' in the text, but a whole number from 0 to 1000 is needed"),
        ({"sizes": "2-3-2-1-1"}, "the text has 3 σ, but one of"),
        ({"sizes": "2-3-9-1"}, "the text has the sizes '2-3-9-1', but sizes such as 2-4-1 are needed"),
        ({"sizes": "2-3-³-1"}, "but sizes such as 2-4-1 are needed"),
        ({"sizes": "2-3-3-1"}, "the text has 20 weights, but a network of its sizes has 25"),
        ({"sigma": "tanh,eval,sigmoid"}, "the text has the σ 'eval', but one of sigmoid, tanh"),
        ({"loss": "hinge"}, "the text has the loss 'hinge', but one of half-squared-error, cross-entropy is needed"),
        ({"w": "AAA"}, "w in the text is no list of finite numbers"),
        ({"w": "é"}, "w in the text is no list of finite numbers"),
        ({"w": base64.b64encode(bytes(160)).decode() + "!"}, "w in the text is no list of finite numbers"),
        ({"w": as_base64(*[0.0] * 19, np.nan)}, "w in the text is no list of finite numbers"),
        ({"I": as_base64(1.0), "D": "1"}, "I in the text is no list of finite numbers"),
        ({"I": as_base64(1.0, 2.0), "D": "11"}, "the text has 1 points and 2 classes"),
        ({"I": as_base64(1.0, 2.0), "D": "2"}, "the text has 1 points and 1 classes"),
        ({"I": as_base64(1.0, 2e9), "D": "1"}, "no input beyond"),
        ({"I": as_base64(*[0.0] * 2002), "D": "1" * 1001}, "the text has 1001 points and 1001 classes"),
        ({"more": "1"}, "the text is not whole, or has words that do not belong to it"),
    ],
)
def test_a_text_is_not_trusted(words_, message):
    with pytest.raises(ValueError, match=message):
        code.read(with_words(**words_))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (7, "the state of a playground is a text, but this is of the kind int"),
        ("", "this is no state of a playground: such a text begins with playground=1"),
        ("playground=2 data=moons", "this is no state of a playground"),
        ("playground=1 data=moons", "the text is not whole"),
        ("playground=1 " * 9000, "the text has 117000 characters, but no playground has more than 60000"),
    ],
)
def test_what_is_no_text_of_a_playground_is_told(text, message):
    with pytest.raises(ValueError, match=message):
        code.read(text)


def test_the_largest_playground_has_room_in_a_text():
    net = Network.random([2, 8, 8, 8, 8, 1], softplus, seed=0)
    rng = np.random.default_rng(0)
    own = rng.normal(size=(1000, 2)), rng.integers(0, 2, (1000, 1)).astype(float)
    state = states.first_state(net, *own, "own", 0.05, 0.1, 0.123456789, 32, 2**62)
    assert len(code.written(state)) < code.LONGEST


def test_a_sigma_of_ones_own_is_read_where_it_is_known():
    mine = Activation("square root", "", np.abs, np.sign)
    text = code.written(replace(START, net=Network(NET.w, mine)))
    with pytest.raises(ValueError, match="the text has the σ 'square-root'"):
        code.read(text)
    assert code.read(text, (mine,)).net.sigma[1] is mine


# The pictures.


def expected(net, side, k, row, column):
    """The byte of neuron k at a place of its map, computed from one forward pass of one point."""
    x = side * ((2 * column + 1) / pictures.SIDE - 1)
    y = side * (1 - (2 * row + 1) / pictures.SIDE)
    o = forward(net, [x, y])[1]
    outputs = [(l, value) for l, layer in enumerate(o) for value in layer[1:]]
    l, value = outputs[k]
    if l == 0:
        share = (value / side + 1) / 2
    elif l == net.L - 1 or net.sigma[l] is sigmoid:
        share = value
    else:
        share = (value + 1) / 2  # tanh
    return 255 * min(1, max(0, share))


def wrong_by(maps, net, side):
    """By how much the bytes are off at most, at places all over every map."""
    return max(
        abs(float(maps[k, row, column]) - expected(net, side, k, row, column))
        for k in range(len(maps))
        for row, column in ((0, 0), (0, 59), (59, 0), (7, 41), (52, 13), (30, 30))
    )


def test_every_map_is_the_neuron_over_the_plane():
    net = Network.random([2, 3, 2, 1], (None, tanh, sigmoid, sigmoid), seed=4)
    maps, fine = pictures.maps(net, 1.6)
    assert abs(fine / 65535 - maps[-1] / 255).max() < 0.51 / 255
    assert maps.shape == (2 + 3 + 2 + 1, 60, 60)
    assert maps.dtype == np.uint8
    assert wrong_by(maps, net, 1.6) <= 0.5
    # A swapped axis, a mirrored one or another order of neurons would be seen.
    for mutant in (maps.transpose(0, 2, 1), maps[:, ::-1], maps[:, :, ::-1], maps[[1, 0, *range(2, 8)]], maps[::-1]):
        assert wrong_by(mutant, net, 1.6) > 20


def test_unbounded_neurons_fill_their_range():
    net = Network([[[1, 2.0, -1.0], [0, 1.0, 0], [0, 0, 3.0]], [[1, 0], [0, 1], [0, 1]]], (None, relu, sigmoid))
    maps = pictures.maps(net, 1.0)[0]
    middle = (2 * np.arange(60) + 1) / 60 - 1
    np.testing.assert_allclose(maps[2, 0], 255 * (2 + middle) / (2 + middle[-1]), atol=0.51)
    steep = Network(net.w, (None, Activation("own", "", lambda a: a, np.ones_like), sigmoid))
    assert pictures.maps(steep, 1.0)[0][3].min() == 0  # some are below 0: the middle is 0
    assert pictures.maps(steep, 1.0)[0][3, 39, 0] == round(
        255 * (0.5 + 0.5 * (-1 - 3 * middle[39]) / (1 + 3 * middle[-1]))
    )


def test_what_is_no_number_is_the_middle():
    broken = Activation("broken", "", lambda a: a * np.nan, lambda a: a)
    maps = pictures.maps(Network(NET.w, (None, broken, broken, sigmoid)), 1.2)[0]
    assert set(maps[2:].ravel()) == {128}


def test_weights_points_and_edges_as_bytes():
    values = np.frombuffer(pictures.weights(NET), "<f4")
    edges = pictures.edges(NET)
    assert len(values) == len(edges) == sum((before + 1) * after for before, after in pairwise([2, 3, 2, 1]))
    for value, (l, i, j) in zip(values, edges, strict=True):
        assert value == np.float32(NET.w[l][i, j])
    points = np.frombuffer(pictures.points(START), "<f4").reshape(-1, 4)
    I, D, is_test = START.points.all
    np.testing.assert_allclose(points, np.column_stack([I, D, is_test]), atol=1e-7)


# In words.


def test_losses_are_those_of_the_network():
    seen = words.losses(START)
    assert seen.training == mean_loss(NET, *START.points.training)
    assert seen.test == mean_loss(NET, *START.points.testing)
    outputs = forward(NET, START.points.testing[0])[1][-1][:, 1:]
    assert seen.test_right == np.mean((outputs > 0.5) == (START.points.testing[1] > 0.5))
    assert np.isnan(words.losses(state_of(data="own")).training)
    assert np.isnan(seen.kit)


def test_the_curve_stays_small_and_keeps_its_ends():
    curve = words.Curve()
    for epoch in range(5000):
        curve.add(epoch, words.Losses(training=1 / (1 + epoch), test=np.nan))
        assert len(curve.samples) <= 400
    samples = np.frombuffer(curve.as_bytes(), "<f4").reshape(-1, 6)
    assert samples[0, 0] == 0
    assert samples[-1, 0] == 4999
    np.testing.assert_allclose(samples[:, 1], 1 / (1 + samples[:, 0]), rtol=1e-6)
    assert np.isnan(samples[:, 2]).all()
    assert np.diff(samples[:, 0]).max() <= 100
    axes = curve.axes()
    assert (axes["x"]["from"], axes["x"]["to"]) == (0, 5000)
    assert axes["y"]["from"] <= 1 / 5000 <= 1 <= axes["y"]["to"]


@pytest.mark.parametrize("loss", [0.0, 1e-300, np.inf, np.nan])
def test_a_loss_that_is_off_the_axis_breaks_nothing(loss):
    curve = words.Curve()
    curve.add(0, words.Losses(training=loss))
    assert len(curve.as_bytes()) == 24
    assert curve.axes()["y"]["from"] < curve.axes()["y"]["to"]
