"""The matrix form: in every cell the number of its symbol, and what a step reads makes a column, a row or a pair."""

import numpy as np
import pytest

from mlpkit import Network, backward, forward, gradient, step, tanh, trace
from mlpkit.notation import key, number_text, symbol_of
from mlpkit.stepper.frame import Scene, frame
from mlpkit.stepper.layout import picture

NET = Network.random([3, 2, 4, 2], tanh, seed=4)
I, D = np.array([0.3, -0.7, 1.1]), np.array([0.2, 0.9])
SCENE = Scene(NET, trace(NET, I, D, 0.5))
DRAWN = picture(NET.n)


def matrix_at(symbol, position=None):
    """At the position that writes the symbol, or opened at another one."""
    if position is None:
        return frame(SCENE, SCENE.position_of(symbol), DRAWN)["matrix"]
    return frame(SCENE, position, DRAWN, [symbol])["matrix"]


def cells(matrix):
    return [cell for grid in matrix["grids"] for row in grid["rows"] for cell in row]


@pytest.mark.parametrize("position", range(1, len(SCENE.stops) + 1))
def test_every_cell_shows_the_number_of_its_symbol_once_it_is_written(position):
    symbol = SCENE.step_at(position).symbol
    matrix = matrix_at(symbol)
    assert matrix["formula"].startswith("<math>")
    written = [cell["symbol"] for cell in cells(matrix) if cell["state"] == "write"]
    assert written == ([key(symbol)] if symbol != ("loss",) else [])
    for cell in cells(matrix):
        if "symbol" in cell:
            step = SCENE.step_of(symbol_of(cell["symbol"]))
            known = step.how == "given" or SCENE.written_at[step.symbol] <= SCENE.stops[position - 1]
            assert cell["text"] == (number_text(step.value) if known else "")


def numbers(rows, columns):
    """The texts of a part of a grid."""
    return [[cell["text"] for cell in row[columns]] for row in rows]


def texts(array):
    return [[number_text(number) for number in row] for row in np.atleast_2d(array)]


def test_forward_collects_down_a_column():
    a, o = forward(NET, I)
    grid = matrix_at(("a", 2, 3), len(SCENE.stops))["grids"][0]
    head, *rows, last = grid["rows"]
    assert grid["caption"] == "w¹"
    assert [cell["text"] for cell in head] == ["", "o¹", "to 0", "to 1", "to 2", "to 3", "to 4"]
    assert numbers(rows, slice(2, None)) == texts(NET.w[1])
    assert numbers(rows, slice(1, 2)) == texts(o[1][:, None])
    assert numbers([last], slice(2, None)) == texts(a[2])
    lit = {(i, j) for i, row in enumerate(rows) for j, cell in enumerate(row[2:]) if cell["state"] == "read"}
    assert lit == {(i, 3) for i in range(3)}


def test_a_weight_stands_in_its_row_and_column():
    matrix = matrix_at(("w", 1, 2, 3), 0)
    assert matrix["formula"].startswith("<math>")
    assert matrix["shapes"] == "(3, 5)"
    assert matrix["words"] == "From neuron 2 of layer 1: row 2. To neuron 3 of layer 2: column 3."
    head, *rows = matrix["grids"][0]["rows"]
    assert [cell["text"] for cell in head] == ["", "", "to 0", "to 1", "to 2", "to 3", "to 4"]
    assert [[cell["text"] for cell in row[-5:]] for row in rows] == texts(NET.w[1])
    lit = {(i, j) for i, row in enumerate(rows) for j, cell in enumerate(row[-5:]) if cell["state"] == "write"}
    assert lit == {(2, 3)}


def test_backward_collects_along_a_row_and_neuron_0_stays_out():
    delta = backward(NET, forward(NET, I), D)
    matrix = matrix_at(("delta", 2, 3))
    head, above, *rows, _ = matrix["grids"][0]["rows"]
    assert matrix["shapes"] == "(5) = (5) ⊙ (3) · (3, 5)"
    assert "along row 3, which is column 3 of the transpose" in matrix["words"]
    assert [cell["text"] for cell in head] == ["", "o²", "to 0", "to 1", "to 2", ""]
    assert numbers([above], slice(2, -1)) == texts(delta[3])
    lit = {(i, k) for i, row in enumerate(rows) for k, cell in enumerate(row[2:-1]) if cell["state"] == "read"}
    assert lit == {(3, 1), (3, 2)}
    assert [row[-1]["text"] for row in rows] == [number_text(number) for number in delta[2][:4]] + [""]
    assert {cell["kind"] for row in rows for cell in row[2:3]} == {"fixed"}
    assert [above[2]["kind"], rows[0][-1]["kind"]] == ["fixed", "fixed"]


@pytest.mark.parametrize(("i", "column"), [(1, 1), (2, 2), (4, 2)])
def test_forwards_column_and_backwards_row_of_a_small_w_are_lit_together(i, column):
    matrix = matrix_at(("delta", 2, i))
    [grid] = matrix["grids"]
    assert grid["caption"] == f"w²: forward down column {column}, backward along row {i}"
    lit = {state: {cell["symbol"] for cell in cells(matrix) if cell["state"] == state} for state in ("read", "came")}
    row = {f"w-2-{i}-{k}" for k in (1, 2)}
    assert row <= lit["read"]
    down = {f"w-2-{k}-{column}" for k in range(5)} | {f"o-2-{k}" for k in range(5)} | {f"a-3-{column}"}
    assert lit["came"] == down - lit["read"]
    a, o = forward(NET, I)
    head, _, *rows, last = grid["rows"]
    assert head[1]["text"] == "o²"
    assert [row[1]["text"] for row in rows] == [text for [text] in texts(o[2][:, None])]
    assert numbers([last], slice(2, None)) == texts(a[3])


def test_a_wide_w_has_no_room_for_what_came_forward():
    matrix = matrix_at(("delta", 1, 1))  # w¹ has five columns
    assert matrix["grids"][0]["caption"] == "w¹"
    assert not any(cell["state"] == "came" for cell in cells(matrix))


def test_neuron_0_is_told_to_stay_out_and_no_more():
    assert matrix_at(("delta", 2, 0))["words"] == "Neuron 0 stays out: its δ is set to 0."
    assert matrix_at(("delta", 2, 1))["words"].startswith("Neuron 1 collects along row 1")


def test_the_gradient_is_each_output_times_each_delta():
    a, o = forward(NET, I)
    delta = backward(NET, (a, o), D)
    grid = matrix_at(("grad", 2, 4, 2))["grids"][0]
    _, above, *rows = grid["rows"]
    assert numbers([above], slice(2, None)) == texts(delta[3])
    assert numbers(rows, slice(1, 2)) == texts(o[2][:, None])
    assert numbers(rows, slice(2, None)) == texts(gradient(o, delta)[2] + 0)
    assert [(i, j) for i, row in enumerate(rows) for j, cell in enumerate(row[2:]) if cell["state"] == "write"] == [
        (4, 2)
    ]


def test_old_weights_their_change_and_new_weights_stand_one_below_the_other():
    matrix = matrix_at(("w_new", 0, 1, 2), len(SCENE.stops))
    new = step(NET, I, D, 0.5).w[0]
    [grid] = matrix["grids"]
    head, *rows = grid["rows"]
    assert [cell["text"] for cell in head] == ["", "", "to 0", "to 1", "to 2"]
    for name, k, array in zip(("w⁰", "Δw⁰", "w⁰ new"), (0, 4, 8), (NET.w[0], new - NET.w[0], new), strict=True):
        assert (rows[k][0]["text"], rows[k][0]["kind"], rows[k][0]["rows"]) == (name, "array", 4)
        assert [row[-4]["text"] for row in rows[k : k + 4]] == [f"from {i}" for i in range(4)]
        assert numbers(rows[k : k + 4], slice(-3, None)) == texts(array)
    assert len(rows) == 12


def test_large_layers_have_the_neurons_of_the_picture_and_a_gap():
    net = Network.random([64, 32, 10], seed=0)
    scene = Scene(net, trace(net, np.linspace(0, 1, 64), np.eye(10)[3], 0.5))
    symbol = ("a", 1, 20)
    drawn = picture(net.n, symbol)
    matrix = frame(scene, scene.position_of(symbol), drawn)["matrix"]
    head, *rows, gap, last = matrix["grids"][0]["rows"]
    assert matrix["shapes"] == "(33) = (65) · (65, 33)"
    assert [cell["text"] for cell in head] == ["", "o⁰", "to 0", "to 1", "to 2", "to 20", "⋯"]
    assert [row[0]["text"] for row in rows] == [f"from {i}" for i in range(4)]
    assert gap[0]["text"] == "⋯"
    assert last[5]["state"] == "write"
