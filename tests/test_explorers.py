"""What the explorers show: every number against the kit's own functions, and that bad values are told."""

import json
import re
from itertools import pairwise
from math import inf, isfinite, nan

import numpy as np
import pytest
from networks import NET, XOR_D, XOR_I, W

from mlpkit import (
    Activation,
    Loss,
    Network,
    backward,
    cross_entropy,
    explorers,
    forward,
    gradient,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    step,
    tanh,
)
from mlpkit.core.training import train
from mlpkit.explorers import checked, first_values, log_ticks, nice_ticks, slider
from mlpkit.notation import number_text, symbol_of

I, D = np.array([0.5, 1.0]), np.array([1.0])


def shown(exploration, **values):
    values = {key.replace("_", "-"): value for key, value in values.items()}
    now = first_values(exploration.controls) | values
    return exploration.show(now, exploration.remember(exploration.memory, now))


def cells(show, row=0):
    return show["rows"][row]["body"]


def as_number(text):
    return float(text.replace("−", "-"))


EVERY = {
    "sigma": lambda: explorers.sigma(),
    "loss": lambda: explorers.loss(),
    "xor": lambda: explorers.xor_by_hand(),
    "nudge": lambda: explorers.nudge(NET, I, D),
    "rate": lambda: explorers.learning_rate(NET, I, D, 30),
    "start": lambda: explorers.start(),
}


@pytest.mark.parametrize("name", EVERY)
def test_at_every_end_of_every_control_it_is_plain_data_inside_its_axes(name):
    exploration = EVERY[name]()
    for control in exploration.controls:
        ends = {
            "slider": lambda c: (c["min"], c["value"], c["max"]),
            "choice": lambda c: [o["value"] for o in c["options"]],
        }
        for value in ends.get(control["kind"], lambda c: ())(control):
            show = shown(exploration, **{control["id"]: value})
            assert json.loads(json.dumps(show, allow_nan=False)) == show
            assert show["spoken"].endswith(".")
            for panel in show["panels"]:
                for axis in (panel["x"], panel["y"]):
                    assert isfinite(axis["from"])
                    assert axis["from"] < axis["to"]
                    assert 2 <= len(axis["ticks"]) <= 9
                    room = 1e-9 * (axis["to"] - axis["from"])
                    assert all(axis["from"] - room <= at <= axis["to"] + room for at, _ in axis["ticks"])
                for point in panel["points"]:
                    assert point["x"] is None or panel["x"]["from"] <= point["x"] <= panel["x"]["to"]


@pytest.mark.parametrize("name", EVERY)
def test_every_control_has_a_name_and_a_value_in_its_range(name):
    controls = EVERY[name]().controls
    assert len({control["id"] for control in controls}) == len(controls)
    for control in controls:
        assert control["spoken"]
        if control["kind"] == "slider":
            assert control["min"] <= control["value"] <= control["max"]


def test_ticks_are_round_and_enough():
    assert [text for _, text in nice_ticks(-6, 6, 6)] == ["−6", "−4", "−2", "0", "2", "4", "6"]
    assert [text for _, text in nice_ticks(0, 1)] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert [text for _, text in nice_ticks(0, 1, 4)] == ["0", "0.25", "0.5", "0.75", "1"]
    assert [text for _, text in nice_ticks(0, 2000, 4)] == ["0", "500", "1000", "1500", "2000"]
    assert [text for _, text in log_ticks(1e-4, 1)] == ["10⁻⁴", "0.001", "0.01", "0.1", "1"]
    assert [at for at, _ in log_ticks(1e-12, 1, 7)] == pytest.approx([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1])
    assert [text for _, text in log_ticks(0.3, 2)] == ["0.5", "1", "2"]


def test_a_contour_lies_where_the_numbers_cross_the_level():
    across, up = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(0, 2, 31))
    xs, ys = explorers.contour(across + 2 * up, (-1, 1), (0, 2), 1.25)
    places = np.array([xs, ys]).T
    places = places[np.isfinite(places).all(axis=1)]
    assert len(places) > 20
    assert places[:, 0] + 2 * places[:, 1] == pytest.approx(1.25)
    assert explorers.contour(np.full((5, 5), 0.5), (0, 1), (0, 1), 0.5) == ([], [])


# Values.

CONTROLS = [
    slider("a", "a", "a", -2, 2, 0.1, 0),
    explorers.choice("how", "how", "how", {"one": "1", "two": "2"}, "one"),
    explorers.button("go", "Go", "Go"),
]


def test_what_is_said_of_a_number_outside():
    low, high = slider("w", "w", "the bias of neuron 1: its weight from the constant 1", -10, 10, 0.1, 0)["outside"]
    assert low == "The bias of neuron 1 goes from −10 to 10: −10 is taken."
    assert high == "The bias of neuron 1 goes from −10 to 10: 10 is taken."


def test_a_number_outside_becomes_the_nearest_inside():
    assert checked(CONTROLS, {"a": 7, "how": "two"}) == {"a": 2.0, "how": "two"}
    assert checked(CONTROLS, {"a": np.float32(-3)}) == {"a": -2.0}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"b": 1}, "there is no control 'b' here: take one of a, how"),
        ({"go": True}, "there is no control 'go' here"),
        ({"a": "x"}, "a is 'x', but a number from -2 to 2 is needed"),
        ({"a": nan}, "a is nan, but a number from -2 to 2"),
        ({"a": inf}, "a is inf, but a number"),
        ({"a": True}, "a is True, but a number"),
        ({"a": None}, "a is None, but a number"),
        ({"how": "three"}, "how is 'three', but one of these is needed: one, two"),
        ({"how": 1}, "how is 1, but one of these"),
    ],
)
def test_what_is_no_value_gets_one_sentence(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked(CONTROLS, values)


# σ.


@pytest.mark.parametrize("sigma", [sigmoid, tanh, relu])
def test_sigma_shows_the_value_and_the_slope(sigma):
    show = shown(explorers.sigma(), sigma=sigma.name, a=-0.7)
    assert cells(show) == [["−0.7", number_text(sigma(-0.7)), number_text(sigma.derivative(-0.7))]]
    left, right = show["panels"]
    (x1, y1), (x2, y2) = left["curves"][1]["points"]
    assert (y2 - y1) / (x2 - x1) == pytest.approx(sigma.derivative(-0.7), abs=1e-4)
    assert right["points"][0]["y"] == pytest.approx(sigma.derivative(-0.7))
    assert len(show["rows"]) == 1  # what becomes of neuron 0 is for lesson 2 to ask


def test_a_sigma_of_ones_own_comes_first_whatever_it_does():
    def only_numbers(a):
        return a if a > 0 else 0.0  # an array has no truth value

    def raises(a):
        raise KeyError("a")

    mine = Activation("mine", "a", only_numbers, raises)
    again = Activation("mine", "a", np.sqrt, lambda a: a / 0.0)
    exploration = explorers.sigma(mine, again)
    assert [option["value"] for option in exploration.controls[0]["options"]][:3] == ["mine", "mine 2", "sigmoid"]
    show = shown(exploration, a=2.0)
    assert cells(show)[0] == ["2", "2", "not a number"]
    assert show["panels"][1]["points"][0]["x"] is None
    json.dumps(shown(exploration, sigma="mine 2", a=-2.0), allow_nan=False)


# L̃.


@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy])
@pytest.mark.parametrize("d", [0.0, 0.3, 1.0])
def test_loss_shows_value_slope_and_delta(loss, d):
    row = {row[0]: row[1:] for row in cells(shown(explorers.loss(), o=0.8, D=d))}[loss.name]
    value, slope = loss.value(np.array([0.8]), np.array([d])), loss.gradient(np.array([0.8]), np.array([d]))[0]
    assert row == [number_text(float(value)), number_text(float(slope)), number_text(float(slope) * 0.8 * (1 - 0.8))]


def test_the_cross_entropy_at_the_end_of_the_slider_is_inside_its_panel():
    panel = shown(explorers.loss(), o=0.995, D=0.0)["panels"][1]
    assert panel["points"][0]["label"] == "5.298"
    assert panel["points"][0]["y"] < panel["y"]["to"]


def test_a_loss_of_ones_own_gets_a_panel():
    cubic = Loss("cubic", "", lambda o, D: (np.abs(o - D) ** 3).sum(axis=-1), lambda o, D: 3 * (o - D) * np.abs(o - D))
    show = shown(explorers.loss(cubic), o=0.5, D=0.0)
    assert [panel["title"] for panel in show["panels"]] == ["half squared error", "cross-entropy", "cubic"]
    assert cells(show)[2][:3] == ["cubic", "0.125", "0.75"]


# XOR by hand.

SOLVED = {"w-0-0-1": -5, "w-0-1-1": 10, "w-0-2-1": 10, "w-0-0-2": -8, "w-0-1-2": 6, "w-0-2-2": 5.5}
SOLVED |= {"w-1-0-1": -4, "w-1-1-1": 9, "w-1-2-1": -10}


def test_xor_shows_what_the_network_with_these_weights_computes():
    show = shown(explorers.xor_by_hand(), **SOLVED)
    w = [[[1, -5, -8], [0, 10, 6], [0, 10, 5.5]], [[1, -4], [0, 9], [0, -10]]]
    _, o = forward(Network(w), XOR_I)
    for d, row in enumerate(cells(show)):
        numbers = [o[1][d, 1], o[1][d, 2], o[2][d, 1]]
        assert row[1:4] == [f"{number:.4f}" for number in numbers]
        loss = half_squared_error.value(o[2][d, 1:], XOR_D[d])
        assert row[4:] == [f"{XOR_D[d, 0]:.0f}", "right", number_text(float(loss))]
    assert show["status"][2][:2] == ["right", "4 of 4"]
    left, right = show["panels"]
    order = [1, 2, 0, 3]  # first those with D = 1
    for panel, places in ((left, XOR_I), (right, o[1][:, 1:])):
        drawn = [place for group in panel["marks"][:2] for place in group["points"]]
        assert drawn == [pytest.approx(places[d].tolist(), abs=1e-4) for d in order]
    # the two with D = 1 lie so close together that they get one name
    assert [one["label"] for one in right["points"]] == ["(0, 0)", "(0, 1) (1, 0)", "(1, 1)"]
    assert [one["label"] for one in shown(explorers.xor_by_hand())["panels"][1]["points"]] == ["all four"]
    heat = left["heat"]
    middle = heat["levels"][len(heat["levels"]) // 2] / 255
    assert middle == pytest.approx(forward(Network(w), [0.5, 0.5])[1][2][1], abs=1 / 255)


def test_xor_counts_moves_and_keeps_the_best():
    exploration = explorers.xor_by_hand()
    values, memory = first_values(exploration.controls), exploration.memory
    at_first = memory["best"]
    assert cells(exploration.show(values, memory))[0][5] == '<b class="mlpkit-delta">undecided</b>'

    def move(**changes):
        nonlocal values, memory
        values = values | {key.replace("_", "-"): value for key, value in changes.items()}
        memory = exploration.remember(memory, values)

    move(w_0_0_1=0.1)
    move(w_0_0_1=0.2)  # the same slider: still one move
    assert memory["moves"] == 1
    move(w_1_1_1=-3)
    move(w_0_0_1=5)
    assert memory["moves"] == 3
    move(**{key.replace("-", "_"): value for key, value in SOLVED.items()})
    best = memory["best"]
    assert best < at_first / 10
    move(w_1_1_1=-10)
    assert memory["best"] == best
    values, memory = exploration.press["best"](values, memory)
    assert {key: values[key] for key in SOLVED} == SOLVED
    assert exploration.remember(memory, values)["moves"] == memory["moves"]
    values, memory = exploration.press["reset"](values, memory)
    assert set(values.values()) == {0}
    assert (memory["moves"], memory["best"]) == (0, at_first)


# One weight nudged.


@pytest.mark.parametrize("word", ["w-0-0-2", "w-0-2-3", "w-1-0-1", "w-1-3-1"])
def test_the_tangent_has_the_slope_of_the_gradient_and_the_secant_nears_it(word):
    exploration = explorers.nudge(NET, I, D)
    show = shown(exploration, w=word, epsilon=1e-5)
    _, l, i, j = symbol_of(word)
    a, o = forward(NET, I)
    delta = backward(NET, (a, o), D)
    grad = gradient(o, delta)[l][i, j]
    forwards, central, imaginary, tangent = (as_number(row[1]) for row in cells(show))
    assert tangent == pytest.approx(grad, abs=1e-10)
    assert central == pytest.approx(grad, abs=1e-9)
    assert imaginary == pytest.approx(grad, abs=1e-10)
    assert 1e-10 < abs(forwards - grad) < 1e-6
    factors = [as_number(pair[1]) for pair in show["rows"][1]["pairs"]]
    assert factors == pytest.approx([delta[l + 1][j], o[l][i], NET.w[l][i, j]], abs=1e-9)
    wide = cells(shown(exploration, w=word, epsilon=1.0))
    assert abs(as_number(wide[1][1]) - grad) > 1e-5


def test_the_marks_are_those_of_the_tried_epsilons_of_this_weight():
    exploration = explorers.nudge(NET, I, D)
    values, memory = first_values(exploration.controls), exploration.memory
    for word, epsilon in (("w-1-3-1", 1.0), ("w-1-3-1", 0.1), ("w-0-1-1", 0.01), ("w-1-3-1", 0.001)):
        values = {"w": word, "epsilon": epsilon}
        memory = exploration.remember(memory, values)

    def tried():
        return [x for x, _ in exploration.show(values, memory)["panels"][1]["marks"][0]["points"]]

    assert tried() == [0.001, 0.1, 1.0]
    values, memory = exploration.press["all"](values, memory)
    differences = dict(exploration.show(values, memory)["panels"][1]["marks"][1]["points"])
    assert len(differences) == 25
    assert differences[1e-12] > differences[1e-4] < differences[1.0]  # the V
    values, memory = exploration.press["forget"](values, memory)
    assert tried() == [0.001]


def test_both_arms_of_the_v_are_what_the_guide_lines_and_the_sentence_say_and_the_complex_step_has_none():
    exploration = explorers.nudge(NET, I, D)
    values, memory = exploration.press["all"](first_values(exploration.controls), {})
    show = exploration.show(values, memory)
    forwards, central, imaginary = (dict(group["points"]) for group in show["panels"][1]["marks"])
    at = sorted(forwards)
    bend, square, rounding = ([one for one in at if low <= one <= high] for low, high in BANDS)
    for group, eps, power in ((forwards, bend, 1), (central, square, 2)):
        for one, other in pairwise(eps):
            assert group[other] / group[one] == pytest.approx((other / one) ** power, rel=0.2)
    assert np.polyfit(np.log10(rounding), np.log10([forwards[one] for one in rounding]), 1)[0] == pytest.approx(
        -1, abs=0.4
    )
    assert all(imaginary[one] <= 1.01 * imaginary[other] for one, other in pairwise(at))
    assert max(imaginary[one] for one in at if one < 1e-7) <= 1e-14  # the least that is drawn

    def why(epsilon):
        return exploration.show(values | {"epsilon": epsilon}, memory)["rows"][2]["text"]

    assert "forward is off 1/10 as much" in why(1e-3)
    assert "central is off 1/100 as much" in why(1e-2)
    for epsilon in (1e-11, 1e-12):
        assert "forward is off" in why(epsilon)
        assert why(epsilon).count("rounding, which goes with 10⁻¹⁶/ε") == 2
    assert "central is off" in why(1e-7)
    assert "rounding" in why(1e-7).split("central")[1]


@pytest.mark.parametrize("epsilon", [1.0, 0.1, 1e-3, 1e-5, 3.2e-7, 1e-7, 3.2e-8, 1e-8, 1e-10, 1e-12])
@pytest.mark.parametrize("word", ["w-1-2-1", "w-0-1-1", "w-1-3-1"])
def test_the_sentence_says_the_factor_of_the_two_differences(word, epsilon):
    exploration = explorers.nudge(NET, I, D)
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")

    def off(at):
        written = [row[2].translate(plain) for row in cells(shown(exploration, w=word, epsilon=at))[:2]]
        return [abs(float(text.replace("·10", "e"))) for text in written]

    values, memory = exploration.press["all"](first_values(exploration.controls) | {"w": word}, {})
    sentence = exploration.show(values | {"epsilon": epsilon}, memory)["rows"][2]["text"]
    said = re.findall(r"(?:forward|central) is off (?:(1/)?([\d.]+)(?: times)? as much)", sentence)
    for (less, number), now, then in zip(said, off(epsilon), off(epsilon / 10), strict=True):
        assert (1 / float(number) if less else float(number)) == pytest.approx(then / now, rel=0.06)
    if "goes with ε" in sentence.split("central")[0]:
        assert off(epsilon / 10)[0] / off(epsilon)[0] == pytest.approx(0.1, rel=1)


def test_the_guide_lines_come_with_the_whole_v():
    exploration = explorers.nudge(NET, I, D)
    values, memory = first_values(exploration.controls), exploration.memory
    before = exploration.show(values, memory)
    assert before["panels"][1]["curves"] == []
    assert re.fullmatch(r"[^:]* is off [^:]* as much; [^:]* is off [^:]* as much\.", before["rows"][2]["text"])
    values, memory = exploration.press["all"](values, memory)
    assert len(exploration.show(values, memory)["panels"][1]["curves"]) == 3
    assert exploration.show({**values, "w": "w-0-1-1"}, memory)["panels"][1]["curves"] == []
    values, memory = exploration.press["forget"](values, memory)
    assert exploration.show(values, memory)["panels"][1]["curves"] == []


BANDS = ((1e-6, 1e-2), (1e-3, 1e-1), (1e-12, 1e-9))


def test_where_sigma_takes_no_complex_number_there_is_no_complex_step():
    show = shown(explorers.nudge(Network.random([2, 3, 1], relu, seed=1), I, D))
    assert cells(show)[2][1:] == ["—", ""]
    assert show["panels"][1]["marks"][2]["points"] == [None]


def test_nudge_takes_one_example():
    assert shown(explorers.nudge(NET, [I], [D]))["panels"]
    with pytest.raises(ValueError, match="one example is needed here"):
        explorers.nudge(NET, XOR_I, XOR_D)


def test_the_weight_that_is_nudged_first_can_be_given():
    def at_first(*given):
        return first_values(explorers.nudge(NET, I, D, *given).controls)["w"]

    assert at_first(("w", 0, 2, 1)) == "w-0-2-1"
    with pytest.raises(ValueError, match=r"is no weight of .* that moves: give one such as \('w', "):
        at_first(("w", 0, 1, 0))


# The learning rate.


def test_the_curve_is_that_of_train():
    show = shown(explorers.learning_rate(NET, XOR_I, XOR_D, 50, (0.5, 2.0)), alpha=2.0)
    run = train(NET, XOR_I, XOR_D, 2.0, 50)
    yours = show["panels"][0]["curves"][0]
    assert yours["name"] == "your α = 2"
    assert [y for _, y in yours["points"]][1:] == pytest.approx(run.loss, rel=1e-4)
    assert yours["points"] == show["panels"][0]["curves"][2]["points"]
    for label, alpha in zip(show["panels"][0]["points"], (0.5, 2.0), strict=True):  # a name at each fixed line
        losses = train(NET, XOR_I, XOR_D, alpha, 50).loss
        assert label["label"] == f"α = {number_text(alpha)}"
        assert label["y"] == pytest.approx(losses[int(label["x"]) - 1])
    start = half_squared_error.value(forward(NET, XOR_I)[1][2][:, 1:], XOR_D).mean()
    assert show["rows"][0]["pairs"][1][1] == number_text(start)


@pytest.mark.parametrize(
    ("losses", "diverged", "word"),
    [
        ([1.0, 0.999, 0.998], False, "creeps"),
        ([1.0, 0.5, 0.1], False, "falls"),
        ([1.0, 0.2, 0.4, 0.1, 0.3, 0.1], False, "jumps"),
        ([1.0, 0.2, 3.0], False, "above where it began"),
        ([1.0, 5.0, nan], False, "diverges"),
        ([1.0, 0.5, 0.1], True, "diverges"),
    ],
)
def test_the_verdict_follows_from_the_losses(losses, diverged, word):
    assert word in explorers.verdict_on_losses(losses, diverged)


@pytest.mark.parametrize(("alpha", "word"), [(0.01, "creeps"), (0.3, "falls"), (100.0, "too large")])
def test_a_linear_network_shows_all_three_learning_rates(alpha, word):
    exploration = explorers.learning_rate(Network(W, identity), I, D, 6)
    assert word in shown(exploration, alpha=alpha)["spoken"]


# The start.


def test_equal_weights_stay_equal_and_others_part():
    exploration = explorers.start()
    equal = shown(exploration, how="equal", s=0.7)
    one, two, three = (curve["points"] for curve in equal["panels"][0]["curves"])
    assert one == two == three
    assert one[0] != one[-1]
    assert "one and the same neuron" in equal["spoken"]
    parted = shown(exploration, how="random", s=1.0)
    one, two, three = (curve["points"][-1][1] for curve in parted["panels"][0]["curves"])
    assert max(one, two, three) - min(one, two, three) > 0.1
    saturated = shown(exploration, how="random", s=30.0)
    assert "saturated" in saturated["spoken"]


def test_the_start_shows_what_step_computes():
    exploration = explorers.start()
    show = exploration.show({"how": "random", "s": 1.0}, {"seed": 3, "learned": {}})
    net = Network(explorers.start_weights("random", 1.0, 3))
    for _ in range(4):
        net = step(net, XOR_I, XOR_D, 4.0)
    o = forward(net, XOR_I[1])[1]
    points = [curve["points"][1] for curve in show["panels"][0]["curves"]]
    assert points == [[4, pytest.approx(o[1][i], abs=1e-4)] for i in (1, 2, 3)]


def test_draw_again_draws_other_weights():
    exploration = explorers.start()
    values, memory = first_values(exploration.controls), exploration.memory
    seen = set()
    for _ in range(3):
        values, memory = exploration.press["draw"](values, memory)
        assert values["how"] == "random"
        seen.add(exploration.show(values, memory)["rows"][0]["pairs"][0][1])
    assert len(seen) == 3


def test_twenty_starts_are_counted_and_kept():
    exploration = explorers.start()
    values, memory = first_values(exploration.controls) | {"s": 1.0}, exploration.memory
    assert len(exploration.show(values, memory)["panels"]) == 2
    values, memory = exploration.press["count"](values, memory)
    runs = [train(Network(explorers.start_weights("random", 1.0, k)), XOR_I, XOR_D, 4.0, 600) for k in range(20)]
    learned = sum(run.loss[-1] < 0.01 for run in runs)
    assert 15 < learned < 20
    show = exploration.show(values, memory)
    assert show["rows"][-1]["text"] == f"Of 20 random starts with the spread 1, {learned} learn XOR."
    values, memory = exploration.press["count"](values | {"s": 0.1}, memory)
    points = exploration.show(values, memory)["panels"][2]["points"]
    assert [(one["x"], one["y"], one["label"]) for one in points] == [(0.1, 0, "0"), (1.0, learned, str(learned))]
    assert len(exploration.show(values | {"how": "equal"}, memory)["rows"]) == 2
