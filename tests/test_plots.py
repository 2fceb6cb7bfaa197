"""The figures: an Axes comes back, and the lines in it are the numbers that were given."""

import base64

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import _fetch_figure_metadata
from networks import NET, XOR_D, XOR_I

from mlpkit import Network, forward, plots, tanh
from mlpkit.explorers import (
    first_values,
    learning_rate,
    loss,
    nudge,
    sigma,
    start,
    xor_by_hand,
)


def seen(figure):
    """The Axes that are visible."""
    return [ax for ax in figure.axes if ax.get_visible()]


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_loss_curve_has_one_point_for_each_epoch(ax):
    assert plots.loss_curve(ax, [0.5, 0.2, 0.1], "$\\alpha = 1$") is ax
    assert ax.lines[0].get_xydata().tolist() == [[1, 0.5], [2, 0.2], [3, 0.1]]
    assert ax.get_yscale() == "log"
    assert plots.loss_curve(ax, [0.3, 0.2], log=False).get_yscale() == "linear"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["$\\alpha = 1$"]


def test_activation_draws_sigma_and_its_derivative(ax):
    plots.activation(ax, tanh, (-2, 3))
    value, derivative = (line.get_xydata().T for line in ax.lines)
    assert value[0][[0, -1]].tolist() == [-2, 3]
    assert value[1] == pytest.approx(np.tanh(value[0]))
    assert derivative[1] == pytest.approx(1 - np.tanh(value[0]) ** 2)


def test_decision_map_has_the_examples_by_shape_and_the_middle_line(ax):
    net = Network([[[1, -5, -8], [0, 10, 6], [0, 10, 5.5]], [[1, -4], [0, 9], [0, -10]]])
    assert plots.decision_map(ax, net, XOR_I, XOR_D) is ax
    ones, zeros = ax.lines
    assert (ones.get_marker(), ones.get_xydata().tolist()) == ("o", [[0, 1], [1, 0]])
    assert (zeros.get_marker(), zeros.get_xydata().tolist()) == ("s", [[0, 0], [1, 1]])
    middle = np.concatenate([path.vertices for path in ax.collections[-1].get_paths()])
    assert forward(net, middle)[1][2][:, 1] == pytest.approx(0.5, abs=0.02)


def test_decision_map_of_a_network_that_says_the_same_everywhere(ax):
    plots.decision_map(ax, Network([np.eye(3, 2)]), XOR_I, XOR_D)
    assert len(ax.lines) == 2


def test_digit_images_tell_what_was_read(ax):
    axes = Figure().subplots(1, 4)
    plots.digit_images(axes, np.random.default_rng(0).random((3, 64)), [3, 1, 4], [3, 7, 4])
    assert [one.get_title() for one in axes] == ["3", "1, not 7", "4", ""]
    assert axes[0].images[0].get_array().shape == (8, 8)
    assert _fetch_figure_metadata(axes[0].figure) is None  # no black ground under it in the light theme
    plots.digit_images(axes, np.ones((1, 8, 8)), [9])
    assert axes[0].get_title() == "9"


def test_weight_matrix_hatches_the_fixed_column(ax):
    plots.weight_matrix(ax, NET.w[0])
    assert [text.get_text() for text in ax.texts[:4]] == ["1", "0.10", "−0.20", "0.30"]
    hatched = [patch.get_xy() for patch in ax.patches if patch.get_hatch()]
    assert hatched == [(0, 0), (0, 1), (0, 2)]


@pytest.mark.parametrize(
    "make",
    [
        sigma,
        loss,
        xor_by_hand,
        lambda: nudge(NET, [0.5, 1], [1]),
        lambda: learning_rate(NET, [0.5, 1], [1], 20),
        start,
    ],
)
def test_every_explorer_has_a_picture_with_the_same_curves_and_a_transparent_ground(make):
    exploration = make()
    values = first_values(exploration.controls)
    shown = exploration.show(values, exploration.remember(exploration.memory, values))
    figure = plots.panels_figure(shown)
    for ax, panel in zip(seen(figure), shown["panels"], strict=True):
        assert ax.get_title() == panel["title"]
        assert len(ax.lines) == len(panel["curves"]) + len(panel["marks"]) + len(panel["points"])
        assert ax.get_xlim() == (panel["x"]["from"], panel["x"]["to"])
        assert [tick.get_text() for tick in ax.get_yticklabels()] == [text for _, text in panel["y"]["ticks"]]
    png = base64.b64decode(plots.png(figure))
    assert png.startswith(b"\x89PNG")
    assert len(png) < 100_000
    figure.canvas.draw()
    assert np.asarray(figure.canvas.buffer_rgba())[0, 0, 3] == 0


def test_in_the_dark_theme_no_white_ground_is_asked_for(ax):
    figure = ax.get_figure()
    figure.patch.set_alpha(0)
    assert _fetch_figure_metadata(figure) == {"needs_background": "light"}  # what IPython makes of any dark labels
    plots.loss_curve(ax, [0.5, 0.2])
    plots.loss_curve(ax, [0.4, 0.3])
    assert _fetch_figure_metadata(figure) is None
    assert len(figure.axes) == 2


def test_words_are_broken_where_they_are_too_long_and_dollars_stay():
    figure = plots.words_figure("What is a₁¹, in $ or in words?\n○ " + "one " * 40, width=60)
    [shown] = figure.texts
    assert max(map(len, shown.get_text().splitlines())) <= 60
    assert shown.get_text().startswith("What is a₁¹, in $ or in words?\n○ one one")
    assert not shown.get_parse_math()
    figure.canvas.draw()
    box, page = shown.get_window_extent(), figure.bbox
    assert box.x0 >= page.x0
    assert box.y0 >= page.y0
    assert box.x1 <= page.x1


def test_a_confusion_matrix_has_what_it_is_in_rows_and_what_was_read_in_columns(ax):
    counts = np.diag([5, 6, 4])
    counts[1, 2] = 7
    plots.confusion(ax, counts)
    at = {text.get_text(): text for text in ax.texts}
    assert {word: text.get_position() for word, text in at.items()} == {
        "5": (0, 0),
        "6": (1, 1),
        "4": (2, 2),
        "7": (2, 1),
    }
    [filled] = ax.patches
    assert filled.get_xy() == (1.5, 0.5)
    assert ax.get_ylim() == (2.5, -0.5)  # row 0 is the first
    ground = at["7"].get_bbox_patch().get_facecolor()  # the number is to be read on its filled cell, in both themes
    assert ground == (1, 1, 1, 1)


def test_of_a_network_without_a_plane_the_paper_has_what_its_neurons_look_for():
    figure = plots.weights_figure(Network.random([25, 40, 3], seed=0))
    shown = [ax for ax in figure.axes if ax.images]
    assert len(shown) == 32
    w = Network.random([25, 40, 3], seed=0).w[0][1:, 1:33]
    alpha = shown[3].images[0].get_array()[..., 3]
    np.testing.assert_allclose(alpha, 0.9 * abs(w[:, 3]).reshape(5, 5) / abs(w).max())
