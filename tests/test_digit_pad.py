"""The digit pad without a browser: pixels as those of the data, slopes by the input, and what it shows and refuses."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit import (
    Network,
    categorical_cross_entropy,
    cross_entropy,
    data,
    forward,
    half_squared_error,
    sigmoid,
    softmax,
    train,
)
from mlpkit.core.training import mean_loss
from mlpkit.explorers.drawing import DOTS, PEN, input_gradient, moved_along, one_hot, pixels
from mlpkit.notation import number_text
from mlpkit.widgets import Stepper, digit_pad

SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]


@pytest.fixture(scope="module")
def net():
    digits = data.digits_split().train
    start = Network.random([64, 32, 10], (None, sigmoid, softmax), categorical_cross_entropy, seed=0)
    return train(start, digits.I, digits.D, alpha=0.3, epochs=5, batch_size=32).net


def counted(strokes):
    """The pixels once more, dot by dot: a dot is inked where a point of a stroke, of very many, is near enough."""
    points = np.array([point for stroke in strokes for point in stroke])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (DOTS - 2 * PEN) / (high - low).max()
    along = np.linspace(0, 1, 200)[:, np.newaxis]
    picture = np.zeros((8, 8))
    for row in range(DOTS):
        for column in range(DOTS):
            for stroke in strokes:
                ends = pairwise((np.array(stroke) - (low + high) / 2) * scale + 16 - (column + 0.5, row + 0.5))
                near = [np.hypot(*(start + along * (end - start)).T).min() for start, end in ends]
                if min(near) <= PEN:
                    picture[row // 4, column // 4] += 1 / 16
                    break
    return picture.ravel()


def test_the_pixels_are_dots_counted_in_fours():
    np.testing.assert_allclose(pixels(SEVEN), counted(SEVEN), atol=1 / 16 + 1e-12)
    assert abs(pixels(SEVEN) - counted(SEVEN)).sum() < 0.5
    # a swapped axis or a drawing upside down is another drawing
    picture = pixels(SEVEN).reshape(8, 8)
    for other in (picture.T, picture[::-1], picture[:, ::-1]):
        assert abs(other - picture).sum() > 5


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 1), st.floats(0, 1), st.floats(0, 1))
def test_size_and_place_do_not_matter(size, right, down):
    moved = [[[x * size + right * (1 - size), y * size + down * (1 - size)] for x, y in stroke] for stroke in SEVEN]
    assert abs(pixels(moved) - pixels(SEVEN)).max() <= 2 / 16


def test_a_drawing_fills_the_rows_and_has_the_ink_of_the_data():
    ring = [[[0.5 + 0.2 * np.cos(t), 0.5 + 0.3 * np.sin(t)] for t in np.linspace(0, 2 * np.pi, 60)]]
    picture = pixels(ring).reshape(8, 8)
    assert (picture.max(axis=1) > 0).all()
    zeros = data.digits().I[data.digits().labels == 0]
    assert abs(picture.mean() - zeros.mean()) < 0.06
    assert (pixels([]) == 0).all()
    assert (pixels([[[0.4, 0.4]]]) > 0).any()  # one point is a dot


@pytest.mark.parametrize(
    ("sigma", "loss"),
    [(softmax, categorical_cross_entropy), (sigmoid, cross_entropy), (sigmoid, half_squared_error)],
)
def test_the_slope_by_the_input_is_the_numeric_one(sigma, loss):
    net = Network.random([64, 5, 10], (None, sigmoid, sigma), loss, seed=2)
    I, D, h = data.digits().I[3], one_hot(3), 1e-5
    slope = input_gradient(net, I, D)
    assert slope.shape == (64,)
    for i in (0, 12, 34, 63):
        by = h * np.eye(64)[i]
        numeric = (mean_loss(net, I + by, D) - mean_loss(net, I - by, D)) / (2 * h)
        assert slope[i] == pytest.approx(numeric, rel=1e-6, abs=1e-9)
    np.testing.assert_allclose(input_gradient(net, I[None], D[None])[0], slope, rtol=1e-12)


def test_moved_pixels_lower_the_loss_and_stay_pixels(net):
    I = data.digits().I[3]
    moved = moved_along(net, I, 8, 0.5)
    assert mean_loss(net, moved, one_hot(8)) < mean_loss(net, I, one_hot(8))
    assert ((moved >= 0) & (moved <= 1)).all()


def test_what_is_shown_is_what_the_network_gives(net):
    pad = digit_pad(net)
    assert pad.shown["read"] is None
    assert repr(pad) == "Digit pad: nothing drawn yet"
    pad.strokes, pad.wanted = SEVEN, 4
    outputs = forward(net, pixels(SEVEN))[1][-1][1:]
    assert [one["text"] for one in pad.shown["outputs"]] == [number_text(o) for o in outputs]
    assert pad.shown["read"] == outputs.argmax()
    assert pad.shown["loss"] == number_text(mean_loss(net, pad.I, one_hot(4)))
    wish = -input_gradient(net, pad.I, one_hot(4))
    assert [one["sign"] for one in pad.shown["wants"]] == ["more" if x > 0 else "less" for x in wish]
    assert [one["text"] for one in pad.shown["wants"]] == [number_text(-x) for x in wish]
    assert repr(pad) == f"Digit pad: read as {outputs.argmax()}"
    assert pad.shown["spoken"].startswith(f"Read as {outputs.argmax()}: its output is {number_text(outputs.max())}.")
    pad.close()


def test_the_pixels_are_moved_and_cleared(net):
    pad = digit_pad(net)
    pad.strokes, pad.wanted = SEVEN, 4
    before = pad.I
    pad.move()
    np.testing.assert_array_equal(pad.I, moved_along(net, before, 4, 0.02))
    assert pad.shown["moved"] == 1
    pad.strokes = [*SEVEN, [[0.3, 0.5], [0.6, 0.5]]]
    assert pad.shown["moved"] == 0
    pad.clear()
    assert pad.strokes == []
    assert not pad.I.any()
    pad.close()


def test_a_digit_of_the_data_and_another_network_can_be_put_in(net):
    pad = digit_pad(Network.random([64, 10], softmax))
    pad.I = data.digits().I[0]
    pad.net = net
    assert pad.shown["read"] == 0
    pad.open_stepper()
    assert isinstance(pad.stepper, Stepper)
    np.testing.assert_array_equal(pad.stepper._now.I[0], pad.I)
    pad.net = Network.random([64, 10], softmax, seed=1)
    assert pad.stepper.net.L == 2
    pad.close()
    assert pad.stepper is None


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (lambda pad: digit_pad(Network.random([2, 3])), "the pad was given the 2-3 network, but it needs one of 64"),
        (lambda pad: digit_pad("net"), "the pad was given 'net', but it needs one of 64 inputs and 10 outputs"),
        (lambda pad: setattr(pad, "I", [1, 2]), "I has the shape (2,), but 64 numbers from 0 to 1 are needed"),
        (lambda pad: setattr(pad, "net", 3), "the pad was given 3, but it needs"),
    ],
)
def test_what_does_not_fit_is_told(net, do, sentence):
    pad = digit_pad(net)
    with pytest.raises(ValueError) as raised:  # noqa: PT011 the sentence is compared
        do(pad)
    assert sentence in str(raised.value)
    pad.close()


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([[[0.5, 0.5]] * 2001], "The drawing has more than 2000 points: clear the pad, and draw anew."),
        ([[[0.5, 2]]], "[0.5, 2] is no point of a drawing: give [x, y], both from 0 to 1."),
        ([[[0.5]]], "[0.5] is no point of a drawing: give [x, y], both from 0 to 1."),
        ([["ab"]], "'ab' is no point of a drawing: give [x, y], both from 0 to 1."),
        ([5], "5 is no stroke of a drawing: give a list of points [x, y]."),
    ],
)
def test_a_drawing_that_is_none_is_told_and_the_old_one_kept(net, strokes, sentence):
    pad = digit_pad(net)
    pad.strokes = SEVEN
    pad._on_message(pad, {"view": "v", "turn": 1, "asked": [{"do": "set", "name": "strokes", "value": strokes}]}, [])
    assert pad.problem == sentence
    assert pad.strokes == SEVEN
    pad._on_message(pad, {"view": "v", "turn": 2, "asked": [{"do": "clear"}]}, [])
    assert pad.problem == ""
    assert pad.answered["turn"] == 2
    pad.close()
