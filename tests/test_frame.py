"""What the stepper shows: the numbers of mlpkit, where they belong, at the position at which they are known."""

import itertools
import json
from sys import float_info
from xml.etree import ElementTree

import numpy as np
import pytest
from networks import NET

from mlpkit import Network, backward, data, forward, relu, step, tanh, trace
from mlpkit.core.network import weights_that_move
from mlpkit.notation import key, number_text
from mlpkit.stepper.frame import Scene, bounds, frame, loss_line, slider
from mlpkit.stepper.layout import LABEL, picture


def scene_of(net, alpha=0.5, seed=1):
    rng = np.random.default_rng(seed)
    return Scene(net, trace(net, rng.normal(size=net.n[0] - 1), rng.uniform(size=net.n[-1] - 1), alpha))


@pytest.fixture
def scene():
    return Scene(NET, trace(NET, (0.5, 1), (1,), 0.5))


def at(scene, position):
    drawn = picture(scene.net.n)
    shown = frame(scene, position, drawn)
    neurons = {(n["l"], n["i"]): now for n, now in zip(drawn["neurons"], shown["neurons"], strict=True)}
    edges = {tuple(e["place"]): now for e, now in zip(drawn["edges"], shown["edges"], strict=True)}
    return shown, neurons, edges


def test_the_player_visits_what_is_computed_and_what_is_set_but_not_what_cannot_move(scene):
    visited = [scene.steps[index].symbol for index in scene.stops]
    assert len(visited) == 61
    assert visited[:4] == [("o", 0, 0), ("o", 0, 1), ("o", 0, 2), ("a", 1, 0)]
    assert not any(symbol[0] in ("grad", "dw", "w_new") and symbol[3] == 0 for symbol in visited)
    assert scene.phases == ((1, 16), (17, 22), (23, 61))


@pytest.mark.parametrize("net", [NET, Network.random([3, 2, 4, 2], tanh, seed=4), Network.random([1, 2], relu)])
def test_a_number_stands_where_it_belongs_from_its_step_on(net):
    scene = scene_of(net)
    place = {s.symbol: scene.position_of(s.symbol) for s in scene.steps}
    for position in range(len(scene.stops) + 1):
        _, neurons, edges = at(scene, position)
        for (l, i), now in neurons.items():
            for name, kind in (("o", "o"), ("a", "a"), ("delta", "delta")):
                if i == 0 or (l == 0 and kind != "o"):
                    continue
                known = place[kind, l, i] <= position
                assert (now[name] or None) == (number_text(scene.value((kind, l, i))) if known else None)
        for (l, i, j), now in edges.items():
            moved = j > 0 and place["w_new", l, i, j] <= position
            assert now["moved"] == moved
            assert now["text"] == number_text(scene.value(("w_new" if moved else "w", l, i, j)))
            assert now["negative"] == (scene.value(("w_new" if moved else "w", l, i, j)) < 0)


def test_the_shown_numbers_are_those_of_the_array_code(scene):
    I, D = (0.5, 1), (1,)
    a, o = forward(scene.net, I)
    delta, new = backward(scene.net, (a, o), D), step(scene.net, I, D, 0.5)
    _, neurons, edges = at(scene, 61)
    for (l, i), now in neurons.items():
        assert now["o"] == number_text(o[l][i])
        if l and i:
            assert (now["a"], now["delta"]) == (number_text(a[l][i]), number_text(delta[l][i]))
    for (l, i, j), now in edges.items():
        assert now["text"] == number_text(new.w[l][i, j])


def test_what_a_step_reads_and_writes_is_marked(scene):
    _, neurons, edges = at(scene, scene.position_of(("delta", 1, 2)))
    marked = {k: v["delta_state"] for k, v in neurons.items() if v.get("delta_state")}
    assert marked == {(1, 2): "write", (2, 1): "read"}
    assert {k for k, v in neurons.items() if v["o_state"] == "read"} == {(1, 2)}
    assert {k for k, v in edges.items() if v["state"]} == {(1, 2, 1)}
    _, neurons, edges = at(scene, scene.position_of(("dw", 0, 1, 3)))
    assert {k: v["state"] for k, v in edges.items() if v["state"]} == {(0, 1, 3): "write"}


def test_an_opened_step_has_the_weights_of_its_equation_in_the_picture(scene):
    drawn = picture(scene.net.n)

    def lit(symbol):
        shown = frame(scene, 61, drawn, [symbol])
        edges = zip(drawn["edges"], shown["edges"], strict=True)
        return {e["key"]: (now["text"], now["moved"], now["direction"]) for e, now in edges if now["state"]}

    old, new = (number_text(scene.value((kind, 1, 2, 1))) for kind in ("w", "w_new"))
    assert lit(("delta", 1, 2)) == {"w-1-2-1": (old, False, "")}
    assert lit(("w", 1, 2, 1)) == {"w-1-2-1": (old, False, "")}
    assert lit(("w_new", 1, 2, 1)) == {"w-1-2-1": (new, True, "▲")}
    assert {text for text, moved, _ in lit(("a", 1, 1)).values() if moved} == set()


def test_the_constant_neuron_shows_its_activation_and_delta_only_where_a_step_is_about_them(scene):
    for symbol, name, shown in ((("a", 1, 0), "a", "1"), (("delta", 1, 0), "delta", "0")):
        position = scene.position_of(symbol)
        assert [at(scene, position + k)[1][1, 0][name] for k in (-1, 0, 1)] in (
            [None, shown, None],
            [None, shown, shown],
        )
    assert at(scene, 61)[1][1, 0]["a"] is None


def test_the_panel_holds_the_equation_in_symbols_with_numbers_and_its_result(scene):
    shown, *_ = at(scene, scene.position_of(("delta", 1, 2)))
    panel = shown["panel"]
    assert "the error signal of neuron 2 in layer 1" in panel["title"]
    assert panel["why"].startswith("§4 · How fast the loss rises with this activation")
    assert [row[1] for row in panel["rows"]] == ["=", "=", "=", "="]
    assert ">0.5498<" in panel["rows"][2][2]
    assert ">0.01296<" in panel["rows"][3][2]
    assert [read["text"] for read in panel["reads"]] == ["a₂¹ 0.2", "o₂¹ 0.5498", "w₂₁¹ −0.5", "δ₁² −0.1047"]
    assert panel["reads"][3]["spoken"] == "Open delta 1 of layer 2: minus 0.1047"
    shown, *_ = at(scene, scene.position_of(("o", 1, 0)))
    assert "Set, not computed" in shown["panel"]["why"]
    assert [row[1:] for row in shown["panel"]["rows"]][-1][0] == "="


def test_each_kind_of_step_has_its_sentence(scene):
    for position in range(1, 62):
        shown, *_ = at(scene, position)
        assert len(shown["panel"]["why"]) > 20
        assert shown["spoken"].startswith(f"Step {position} of 61. ")


def test_the_start_shows_only_what_is_given(scene):
    shown, neurons, _ = at(scene, 0)
    assert shown["count"] == "0 of 61"
    assert {now["o"] for (_, i), now in neurons.items() if i} == {""}
    assert all(phase["share"] == 0 and not phase["current"] for phase in shown["phases"])


def test_phases_fill_up(scene):
    shown, *_ = at(scene, 19)
    assert [phase["share"] for phase in shown["phases"]] == [1, 0.5, 0]
    assert [phase["current"] for phase in shown["phases"]] == [False, True, False]


def test_everything_shown_is_plain_data(scene):
    shown, *_ = at(scene, 30)
    assert json.loads(json.dumps(shown)) == shown
    drawn = picture(scene.net.n)
    assert json.loads(json.dumps(drawn)) == drawn


@pytest.mark.parametrize("n", [(3, 4, 2), (5, 6, 4), (2, 2), (4, 3, 5, 3)])
def test_nothing_is_drawn_over_a_neuron_and_labels_keep_apart(n):
    drawn = picture(n)
    r = drawn["radius"]
    for one, other in itertools.combinations(drawn["neurons"], 2):
        assert abs(one["x"] - other["x"]) >= 2 * r or abs(one["y"] - other["y"]) >= 2 * r
    labels = [edge["label"] for edge in drawn["edges"] if not edge["fixed"]]
    wide, high = LABEL
    for x, y in labels:
        assert wide / 2 < x < drawn["width"] - wide / 2
        assert high / 2 < y < drawn["height"] - high / 2
        assert all(abs(x - m["x"]) >= wide / 2 + r or abs(y - m["y"]) >= high / 2 + r for m in drawn["neurons"])
    apart = 0.1  # places are rounded
    for p, q in itertools.combinations(labels, 2):
        assert abs(p[0] - q[0]) >= wide - apart or abs(p[1] - q[1]) >= high - apart


def crosses(line, box):
    """Whether a line from (x1, y1) to (x2, y2) meets a box, as (centre, (width, height))."""
    x1, y1, x2, y2 = line
    (x, y), (wide, high) = box
    begin, end = 0.0, 1.0
    for start, way, low, top in ((x1, x2 - x1, x - wide / 2, x + wide / 2), (y1, y2 - y1, y - high / 2, y + high / 2)):
        if way == 0:
            if not low < start < top:
                return False
            continue
        one, other = sorted(((low - start) / way, (top - start) / way))
        begin, end = max(begin, one), min(end, other)
    return begin < end


@pytest.mark.parametrize(
    "n", [(3, 4, 2), (4, 5, 4), (3, 3, 3, 2), (3, 3, 2), (2, 2), (4, 3, 5, 3), (5, 6, 4), (3, 7, 2)]
)
def test_a_label_stands_on_its_own_line_and_meets_no_other(n):
    drawn = picture(n)
    for edge in drawn["edges"]:
        if edge["fixed"]:
            continue
        for other in drawn["edges"]:
            points = other["points"]
            lines = [points[k : k + 4] for k in range(0, len(points) - 2, 2)]
            met = any(crosses(line, (edge["label"], LABEL)) for line in lines)
            assert met == (other is edge), (edge["key"], other["key"])


@pytest.mark.parametrize("n", [(3, 4, 2), (4, 5, 4), (3, 3, 3, 2)])
def test_up_to_four_neurons_and_four_layers_the_picture_has_one_size(n):
    drawn = picture(n)
    assert drawn["height"] == 404
    assert drawn["width"] <= 680
    assert all(edge["labelled"] for edge in drawn["edges"])


def test_a_long_sum_is_broken_before_a_plus_and_says_the_same_as_in_one_line():
    net = Network.random([4, 5, 3], sigma=tanh, seed=2)
    scene = Scene(net, trace(net, [0.5, -0.2, 0.7, 1.0], [1.0, 0.0, 0.5], 0.5))
    for symbol, lines in ((("delta", 1, 2), 2), (("a", 1, 3), 3), (("a", 2, 1), 5), (("w_new", 1, 2, 1), 1)):
        shown = frame(scene, scene.position_of(symbol), picture(net.n))
        rows = [ElementTree.fromstring(f"<r>{right}</r>") for _, _, right in shown["panel"]["rows"]]
        signs = [sign for _, sign, _ in shown["panel"]["rows"]]
        numbers = rows[-1 - lines : -1]
        assert signs[-1 - lines :] == ["="] + [""] * (lines - 1) + [signs[-1]]
        assert [row[0].text for row in numbers[1:]] == ["+"] * (lines - 1)
        assert all(row[0].get("form") == "infix" for row in numbers[1:])
        assert all(len("".join(row.itertext())) <= 40 for row in numbers)
        whole = ElementTree.fromstring(scene.step_of(symbol).equation.mathml(numbers=True))
        assert "".join("".join(row.itertext()) for row in numbers) in "".join(whole.itertext())


def test_a_large_network_is_drawn_in_part_and_shows_the_neurons_of_the_step():
    net = Network.random([64, 32, 10], seed=0)
    scene = scene_of(net)
    position = scene.position_of(("delta", 1, 20))
    drawn = picture(net.n, scene.step_at(position).symbol)
    assert len(drawn["edges"]) < 150
    shown = frame(scene, position, drawn)
    written = [now for n, now in zip(drawn["neurons"], shown["neurons"], strict=True) if (n["l"], n["i"]) == (1, 20)]
    assert [now["delta"] for now in written] == [number_text(scene.value(("delta", 1, 20)))]
    assert [more["text"] for more in drawn["more"]] == ["and 61 more", "and 29 more", "and 7 more"]
    assert len(json.dumps(shown)) < 40_000


def test_sliders():
    spec = slider(("w", 0, 1, 2), 5.5, -0.4, -3, 6)
    assert (spec["id"], spec["min"], spec["max"], spec["value"]) == ("w-0-1-2", -3, 6, 5.5)
    assert spec["spoken"] == "the weight from neuron 1 of layer 0 to neuron 2 of layer 1"


@pytest.mark.parametrize(
    ("symbol", "values", "unit", "expected"),
    [
        (("w", 0, 1, 2), (0.5,), False, (-3, 3)),
        (("w", 0, 1, 2), (0.5, 3.0), False, (-3, 3)),
        (("w", 0, 1, 2), (0.5, 5.5), False, (-3, 6)),
        (("w", 0, 1, 2), (-13, 5.5), False, (-24, 6)),
        (("alpha",), (-3, 0.5), False, (-4, 2)),
        (("D", 1), (0.5,), True, (0, 1)),
        (("D", 1), (0.5, 1.5), True, (0, 2)),
        (("D", 1), (-0.5, 1), True, (-1, 1)),
        (("I", 1), (-1.7e308, 1.7e308), False, (-float_info.max, float_info.max)),
    ],
)
def test_a_sliders_bounds_hold_its_values_and_have_room_beside_them(symbol, values, unit, expected):
    assert bounds(symbol, values, unit) == expected


def test_the_line_of_losses():
    line = loss_line([2.0, 1.0, 0.5])
    assert line["points"].count(",") == 3
    assert line["text"] == "3 losses, from 2 to 0.5"
    assert loss_line([0.0])["points"]
    assert loss_line([])["text"] == "no step taken yet"
    assert loss_line([2.0, float("inf"), 1.0, float("nan")])["points"] == "2.0,2.0 40.7,2.0 79.3,13.0 118.0,2.0"
    assert loss_line([1.0] * 5000)["points"].count(",") == 200


def test_weights_that_move_leaves_out_the_fixed_column():
    assert [key(symbol) for symbol in weights_that_move(Network.random([1, 2]))] == [
        "w-0-0-1",
        "w-0-0-2",
        "w-0-1-1",
        "w-0-1-2",
    ]


def test_the_player_can_jump_from_layer_to_layer():
    net = Network.random([2, 3, 2, 1], seed=1)
    scene = Scene(net, trace(net, [0.5, 1.0], [1.0], 0.5))
    first = [scene.step_at(position).symbol for position in scene.layers]
    assert first[:5] == [("o", 0, 0), ("a", 1, 0), ("a", 2, 0), ("a", 3, 0), ("loss",)]
    assert first[5:8] == [("delta", 3, 0), ("delta", 2, 0), ("delta", 1, 0)]
    assert first[8:] == [(kind, l, 0, 1) for kind in ("grad", "dw", "w_new") for l in range(3)]


def test_an_arrow_shows_which_way_a_sum_collects():
    net = Network.random([2, 3, 1], seed=1)
    scene = Scene(net, trace(net, [0.5, 1.0], [1.0], 0.5))
    drawn = picture(net.n)
    for symbol, way, count in ((("a", 1, 2), "forward", 3), (("delta", 1, 2), "backward", 1), (("dw", 0, 1, 2), "", 1)):
        edges = frame(scene, scene.position_of(symbol), drawn)["edges"]
        assert [edge["arrow"] for edge in edges if edge["state"]] == [way] * count
        assert not any(edge["arrow"] for edge in edges if not edge["state"])


def test_the_matrix_form_says_what_a_mistake_does():
    net = Network.random([2, 3, 1], seed=1)

    def form(symbol, *broken):
        scene = Scene(net, trace(net, [0.5, 1.0], [1.0], 0.5, broken))
        return frame(scene, scene.position_of(symbol), picture(net.n))["matrix"]

    assert "σ" not in form(("delta", 1, 2), "slope")["formula"]
    assert form(("delta", 1, 2), "slope")["shapes"] == "(4) = (2) · (2, 4)"
    assert "σ" in form(("delta", 1, 2))["formula"]
    assert form(("delta", 2, 1), "sign")["formula"].count("<mo>−</mo>") == 1
    assert "new" in form(("delta", 1, 2), "late")["formula"]
    assert "as well, by mistake" in form(("o", 1, 2), "bias")["words"]
    assert "set to 1" in form(("o", 1, 2))["words"]
    assert "Neuron 0 as well, by mistake" in form(("delta", 1, 2), "delta_0")["words"]
    moves = form(("w_new", 0, 1, 2), "delta_0")
    assert "Column 0 moves too, by mistake" in moves["words"]
    assert "Column 0 stays out" in form(("w_new", 1, 1, 1), "delta_0")["words"]  # δ_0 of the output is set
    kinds = [cell["kind"] for grid in moves["grids"] for row in grid["rows"] for cell in row]
    assert kinds.count("fixed") == 3  # of the old w alone


@pytest.mark.parametrize("symbol", [("delta", 1, 1), ("delta", 2, 1)])
def test_a_mistake_made_on_purpose_is_not_described_as_the_right_step(symbol):
    net, I, D = data.running_example()
    right, broken = (Scene(net, trace(net, I, D, 0.5, broken)) for broken in ((), ("slope",)))
    assert "slope of σ here" in frame(right, 22, picture(net.n), [symbol])["panel"]["why"]
    said = frame(broken, 22, picture(net.n), [symbol])["panel"]["why"]
    assert said.startswith("§4 · By mistake")
    assert said.endswith("without the slope of σ.")


@pytest.mark.parametrize(
    ("symbol", "neurons"),
    [
        (("o", 0, 15), {(0, 15)}),
        (("w", 0, 15, 17), {(0, 15), (1, 17)}),
        (("grad", 1, 17, 2), {(1, 17), (2, 2)}),
        (("loss",), set()),
    ],
)
def test_in_large_layers_the_neurons_of_the_symbol_in_focus_are_drawn(symbol, neurons):
    def drawn(focus):
        return {(neuron["l"], neuron["i"]) for neuron in picture((21, 21, 3), focus)["neurons"]}

    assert neurons <= drawn(symbol)
    assert drawn(symbol) - drawn(None) == neurons - {(2, 2)}  # layer 2 is drawn whole
    assert len(drawn(symbol)) == len(drawn(None))


def test_a_large_network_keeps_its_size_and_places_whichever_neuron_is_looked_at():
    def places(focus):
        drawn = picture((65, 33, 11), focus)
        assert drawn["height"] == 404
        return {(neuron["x"], neuron["y"]) for neuron in drawn["neurons"]}

    assert places(None) == places(("delta", 1, 20)) == places(("w", 0, 40, 3)) == places(("o", 2, 10))
    lowest = {x: y for x, y in sorted(places(None))}
    drawn = picture((65, 33, 11))
    for more, (_, y) in zip(drawn["more"], sorted(lowest.items()), strict=True):
        assert more["y"] - y >= 68  # below δ
