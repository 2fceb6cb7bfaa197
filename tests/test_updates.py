"""The way of the weights from old to new: the numbers of mlpkit, and their places on one scale."""

import numpy as np
import pytest

from mlpkit import Network, data, step, trace
from mlpkit.core.network import weights_that_move
from mlpkit.notation import number_text
from mlpkit.stepper.frame import Scene
from mlpkit.stepper.updates import updates


def scene_of(sizes, alpha=0.5, seed=1):
    rng = np.random.default_rng(seed)
    net = Network.random(sizes, seed=seed)
    return Scene(net, trace(net, rng.normal(size=sizes[0]), rng.uniform(size=sizes[-1]), alpha))


@pytest.mark.parametrize("sizes", [[2, 3, 1], [3, 4, 3], [1, 1]])
def test_each_row_has_its_weights_numbers_and_the_marks_are_in_their_order(sizes):
    scene = scene_of(sizes)
    shown = updates(scene, len(scene.stops))
    weights = weights_that_move(scene.net)
    assert len(shown["rows"]) == len(weights)
    places = {}
    for row, (_, *place) in zip(shown["rows"], weights, strict=True):
        old, dw, new = (scene.value((kind, *place)) for kind in ("w", "dw", "w_new"))
        assert (row["old"], row["dw"], row["new"]) == (number_text(old), number_text(dw), number_text(new))
        same = row["old"] == row["new"]  # too small a change to be seen in the digits that are shown
        assert row["direction"] == ("" if same else "▲" if dw > 0 else "▼")
        places |= {old: row["at"][0], new: row["at"][1]}
    ordered = [places[x] for x in sorted(places)]
    assert ordered == sorted(ordered)
    assert all(4 <= at <= 96 for at in ordered)
    assert (min(places) < 0) == (shown["zero"] > 4)


def test_what_is_not_computed_yet_is_not_shown():
    net, I, D = data.running_example()
    scene = Scene(net, trace(net, I, D, 0.5))
    for position in (0, 22, 45, 55, 61):
        shown = updates(scene, position)
        rows = shown["rows"]
        assert (shown["title"] == "Δw and new w come in Step") == (not any(row["dw"] for row in rows))
        for kind, name in (("dw", "dw"), ("w_new", "new")):
            known = [scene.position_of((kind, *place)) <= position for _, *place in weights_that_move(net)]
            assert [bool(row[name]) for row in rows] == known


def test_a_large_network_shows_what_moves_most_in_each_layer():
    scene = scene_of([64, 32, 10])
    rows = updates(scene, len(scene.stops))["rows"]
    assert [k for k, row in enumerate(rows) if "words" in row] == [0, 14]
    words = rows[0]["words"]
    assert words.startswith("Layer 0 to 1: 13 of 2080 weights, the largest |Δw|; no other moves by more than ")
    layer = [symbol[1:] for symbol in weights_that_move(scene.net) if symbol[1] == 0]
    first = sorted((abs(scene.value(("dw", *place))) for place in layer), reverse=True)
    shown = [abs(scene.value(("dw", *map(int, row["symbol"].split("-")[1:])))) for row in rows[1:14]]
    assert sorted(shown, reverse=True) == first[:13]
    assert words.endswith(f"{number_text(first[13])}.")
    begun = updates(scene, 0)["rows"]
    assert begun[0]["words"] == "Layer 0 to 1: 13 of 2080 weights, the first."


@pytest.mark.parametrize(
    ("w", "texts"),
    [([-0.5, 0.8], ["−0.5", "0", "1"]), ([0.2, 0.4], ["", "0", "0.5"]), ([-0.04, 1.0], ["", "0", "1.5"])],
)
def test_an_end_of_the_scale_has_its_number_where_there_is_room_beside_the_0(w, texts):
    net = Network([[[1, w[0]], [0, w[1]]]])
    scene = Scene(net, trace(net, [1.0], [1.0], 0.01))
    assert [tick["text"] for tick in updates(scene, len(scene.stops))["ticks"]] == texts


def test_the_trail_and_a_step_just_taken():
    net, I, D = data.running_example()
    nets = [net]
    for _ in range(3):
        nets.append(step(nets[-1], I, D, 2.0))
    now, before = (Scene(one, trace(one, I, D, 2.0)) for one in (nets[3], nets[2]))
    shown = updates(now, 61, [nets[1].w, nets[0].w], before)
    assert shown["title"] == "The step just taken"
    for row, (_, l, i, j) in zip(shown["rows"], weights_that_move(net), strict=True):
        assert (row["old"], row["new"]) == (number_text(nets[2].w[l][i, j]), number_text(nets[3].w[l][i, j]))
        places = [row["trail"][1], row["trail"][0], *row["at"]]
        rises = nets[3].w[l][i, j] > nets[0].w[l][i, j]
        assert places == sorted(places, reverse=not rises)
        assert row["opens"] == {}


def test_weights_that_are_no_numbers_any_more_stand_at_the_end_of_the_scale():
    net = Network([[[1, 0.5], [0, -1.0]]])
    scene = Scene(net, trace(net, [1e200], [-1e200], 1e250))
    for row in updates(scene, len(scene.stops))["rows"]:
        assert all(4 <= at <= 96 for at in row["at"])
