"""The learner's functions in the stepper: their numbers are shown, and it is told where they part from the kit's."""

import json

import numpy as np
import pytest
from networks import XOR_D, XOR_I

from mlpkit import Network, backward, data, explorers, forward, gradient, notation, step, tanh
from mlpkit.exercises import sandbox
from mlpkit.exercises.learner import Own
from mlpkit.widgets import Stepper, xor_by_hand


def by_loops(net, I):
    """A right forward pass, in another style than the kit's."""
    o = [[1.0, *map(float, I)]]
    a = [None]
    for l in range(1, net.L):
        a.append([sum(o[l - 1][i] * net.w[l - 1][i, j] for i in range(net.n[l - 1])) for j in range(net.n[l])])
        o.append([1.0, *(float(net.sigma[l](np.array(x))) for x in a[l][1:])])
    return [None, *map(np.array, a[1:])], list(map(np.array, o))


def without_slope(net, a_and_o, D):
    a, o = a_and_o
    delta = [None] * net.L
    delta[-1] = net.sigma[-1].derivative(a[-1]) * np.concatenate([[0], net.loss.gradient(o[-1][1:], D)])
    delta[-1][0] = 0
    for l in range(net.L - 2, 0, -1):
        delta[l] = net.w[l] @ delta[l + 1]
        delta[l][0] = 0
    return delta


def half(net, I):
    """Right numbers with half the digits."""
    a, o = forward(net, I)
    return [None, *(x.astype(np.float32) for x in a[1:])], [x.astype(np.float32) for x in o]


def stepper(**functions):
    net, I, D = data.running_example()
    return Stepper(net, I, D, **functions)


def damage(**functions):
    shown = stepper(**functions).shown["damage"]
    return shown["words"], shown["first"] and shown["first"]["text"]


@pytest.mark.parametrize(
    "functions",
    [
        {"forward": by_loops},
        {"forward": half},
        {"backward": backward},
        {"gradient": gradient},
        {"step": step},
        {"forward": by_loops, "backward": backward, "gradient": gradient, "step": step},
    ],
)
def test_right_functions_show_what_the_kit_shows(functions):
    names = " and ".join(filter(None, [", ".join(f.__name__ for f in [*functions.values()][:-1])]))
    names += (" and " if names else "") + [*functions.values()][-1].__name__
    assert damage(**functions) == (f"The numbers are those of {names}, and they are the kit’s.", None)
    ours, theirs = stepper(), stepper(**functions)
    for one, other in zip(ours.steps, theirs.steps, strict=True):
        assert one.symbol == other.symbol
        assert other.value == pytest.approx(one.value, rel=1e-6)


def test_the_first_number_that_parts_is_told_from_those_that_follow_from_it():
    theirs = stepper(backward=without_slope)
    words = theirs.shown["damage"]["words"]
    # δ¹ has three numbers, and each of them makes three derivatives, steps and new weights
    assert words == (
        "The numbers are those of without_slope. 30 of 61 are not the kit’s (≠). 3 are not what the equation gives; "
        "27 follow from those."
    )
    assert theirs.shown["damage"]["first"]["text"] == "First: δ₁¹ = −0.07328 instead of −0.01831"
    theirs.open(("delta", 1, 1))
    assert theirs.shown["panel"]["rows"][-1][1] == "≠"
    assert theirs.shown["panel"]["why"] == (
        "§4 · Yours is −0.07328. From the numbers above it, the equation gives −0.01831."
    )
    theirs.open(("grad", 0, 1, 1))  # wrong as well, but only because of that δ
    assert theirs.shown["panel"]["rows"][-1][1] == "="
    assert "Yours" not in theirs.shown["panel"]["why"]


def test_each_function_goes_on_from_what_the_one_before_it_gave():
    given = {}

    def computes_neuron_0(net, I):
        a, o = forward(net, I)
        o = [o[0], *(net.sigma[l](a[l]) for l in range(1, net.L))]
        return a, o

    def notes_what_it_is_given(net, a_and_o, D):
        given["o"] = a_and_o[1]
        return [None, *(np.full_like(a, 2.0) for a in a_and_o[0][1:])]

    def notes_delta(o, delta):
        given["delta"] = delta
        return gradient(o, delta)

    net, I, D = data.running_example()
    numbers, sentences = Own(
        {"forward": computes_neuron_0, "backward": notes_what_it_is_given, "gradient": notes_delta, "step": None}
    ).numbers(net, I, D, 0.5)
    assert sentences == []
    assert given["o"][1][0] == numbers["o", 1, 0] == pytest.approx(1 / (1 + np.exp(-1)))
    assert given["delta"][0] is None
    assert (given["delta"][1] == 2).all()
    assert numbers["grad", 0, 1, 2] == 2 * I[0]


def stops(net, a_and_o, D):
    return a_and_o[3]


def too_short(net, a_and_o, D):
    return [None, np.zeros(3), np.zeros(2)]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (stops, "stops stops in line"),
        (too_short, "delta[1] has the shape (3,), but (n^1,) = (4,) is needed"),
        (lambda net, a_and_o, D: None, "Your function returns nothing yet."),
        (lambda net: 1, "TypeError"),
    ],
)
def test_what_gives_nothing_that_fits_is_told_and_the_kits_numbers_are_shown(function, said):
    words, first = damage(forward=by_loops, backward=function)
    assert said in words
    assert words.count("The kit’s backward is shown instead.") == 1
    assert first is None
    assert [s.value for s in stepper(backward=function).steps] == [s.value for s in stepper().steps]


def test_a_function_that_does_not_end_is_given_up(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    calls = []

    def loops(net, I):
        calls.append(1)
        while True:
            pass

    theirs = stepper(forward=loops)
    assert "loops was stopped after 0.05 seconds" in theirs.shown["damage"]["words"]
    theirs._on_message(theirs, {"turn": 1, "asked": [{"do": "move", "values": {"I-1": 0.7}}]}, [])
    assert {spec["id"]: spec["value"] for spec in theirs.shown["sliders"]}["I-1"] == 0.7
    assert len(calls) == 1


def test_the_step_is_theirs_too():
    def downhill(net, I, D, alpha):
        return step(net, I, D, -alpha)

    theirs = stepper(step=downhill)
    theirs.next_example()
    assert theirs.net.w[0][1, 1] == pytest.approx(2 * 0.5 - step(*data.running_example(), 0.5).w[0][1, 1])
    assert "13 are not what the equation gives; 0 follow" in theirs.shown["damage"]["words"]


def test_a_fixed_column_that_moves_is_seen_and_no_step_is_taken():
    def moves_column_0(o, delta):
        return [np.outer(before, after) + 1 for before, after in zip(o[:-1], delta[1:], strict=True)]

    theirs = stepper(gradient=moves_column_0)
    assert theirs.shown["damage"]["first"]["text"] == "First: ∂L̃/∂w₀₀⁰ = 1 instead of 0"
    theirs.open(("grad", 0, 0, 0))
    assert theirs.shown["panel"]["why"] == "§3 · Yours is 1. From the numbers above it, the equation gives 0."
    theirs.next_example()
    assert theirs.shown["problem"].endswith("no network of these lessons: leave column 0 as it is.")
    assert theirs.losses == []


def test_the_marks_are_right_for_any_network():
    net = Network.random([3, 4, 2, 2], sigma=tanh, seed=3)

    def adds_to_one(net, I):
        a, o = forward(net, I)
        o = [array.copy() for array in o]
        o[2][1] += 0.25
        return a, o

    theirs = Stepper(net, [0.3, -0.4, 0.9], [0.2, 0.7], forward=adds_to_one)
    scene = theirs._scene
    assert next(iter(scene.off)) == ("o", 2, 1)
    assert theirs.shown["damage"]["first"]["symbol"] == notation.key(("o", 2, 1))
    assert [symbol for symbol in scene.off if scene.parts(symbol)] == [("o", 2, 1)]  # their a^3 is the right one


def test_an_o_0_that_is_not_set_parts_once_in_each_layer():
    def forgets_o_0(net, I):
        a, o = [None], [np.array([1, *I])]
        for l in range(net.L - 1):
            a.append(o[l] @ net.w[l])
            o.append(net.sigma[l + 1](a[l + 1]))
        return a, o

    words, first = damage(forward=forgets_o_0)
    assert first == "First: o₀¹ = 0.7311 instead of 1"
    assert "49 of 61 are not the kit’s (≠). 2 are not what the equation gives; 47 follow from those." in words


# By rows, and in the explorers.

BY_HAND = {"w-0-0-1": -5, "w-0-1-1": 10, "w-0-2-1": 10, "w-0-0-2": -8, "w-0-1-2": 5.5, "w-0-2-2": 5.5}
BY_HAND |= {"w-1-0-1": -4, "w-1-1-1": 10, "w-1-2-1": -10}


def bias_computed(net, I):
    """σ of every activation, that of neuron 0 too."""
    a, o = forward(net, I)
    o = o[:1]
    a = [None]
    for l in range(1, net.L):
        a.append(o[l - 1] @ net.w[l - 1])
        o.append(net.sigma[l].value(a[l]))
    return a, o


def xor(function):
    explorer = xor_by_hand(forward=function)
    explorer.values = BY_HAND
    return explorer.shown


def test_xor_by_hand_runs_on_a_right_forward():
    ours, theirs = xor(None), xor(lambda net, I: forward(net, I))
    assert theirs["panels"] == ours["panels"]
    assert theirs["status"] == ours["status"]
    assert [row["kind"] for row in ours["rows"]] == ["table"]
    assert theirs["rows"] == [
        *ours["rows"],
        explorers.sentence("The numbers are those of your own, and they are the kit’s."),
    ]


def test_xor_by_hand_shows_what_a_wrong_forward_gives():
    ours, theirs = xor(None), xor(bias_computed)
    net = Network([[[1, -5, -8], [0, 10, 5.5], [0, 10, 5.5]], [[1, -4], [0, 10], [0, -10]]])
    _, o = bias_computed(net, XOR_I)
    assert [row[3] for row in theirs["rows"][0]["body"]] == [f"{output:.4f}" for output in o[2][:, 1]]
    assert [row[3] for row in ours["rows"][0]["body"]] != [row[3] for row in theirs["rows"][0]["body"]]
    assert theirs["rows"][1]["text"] == (
        "The numbers are those of bias_computed. The first that is not the kit’s is o₀¹ for (0, 0): 0.7311, not 1."
    )
    assert theirs["status"][0][1] == notation.number_text(np.mean((o[2][:, 1:] - XOR_D) ** 2) / 2)
    for panel in (0, 1):
        assert theirs["panels"][panel]["heat"] != ours["panels"][panel]["heat"]


def one_alone(net, I):
    a, o = forward(net, I)
    return a, [o[0], *(np.concatenate([[1], x[1:]]) for x in o[1:])]


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda net, I: ..., "Your function returns “...”."),
        (one_alone, "one_alone stops in line"),
        (lambda net, I: forward(net, I[0]), "a[1] has the shape (3,), but (4, n^1) = (4, 3) is needed"),
    ],
)
def test_where_a_forward_gives_nothing_the_kits_is_shown(function, sentence):
    ours, theirs = xor(None), xor(function)
    assert theirs["rows"][1]["text"].startswith(sentence)
    assert theirs["rows"][1]["text"].endswith(" The kit’s forward is shown instead.")
    assert theirs["panels"] == ours["panels"]


def test_a_forward_that_does_not_end_is_called_once(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.1)
    calls = []

    def loops(net, I):
        calls.append(1)
        while True:
            pass

    explorer = xor_by_hand(forward=loops)
    explorer.values = BY_HAND
    assert len(calls) == 1
    assert "loops was stopped after 0.1 seconds" in explorer.shown["rows"][1]["text"]


def test_what_is_not_a_number_is_not_right():
    def nan(net, I):
        a, o = forward(net, I)
        return a, [*o[:-1], o[-1] * np.nan]

    shown = xor(nan)
    assert [row[5] for row in shown["rows"][0]["body"]] == ['<b class="mlpkit-delta">wrong</b>'] * 4
    json.dumps(shown, allow_nan=False)


def test_a_step_with_a_memory_is_refused_with_a_sentence():
    velocity = [0]

    def momentum(net, I, D, alpha):
        a, o = forward(net, I)
        grad = gradient(o, backward(net, (a, o), D))
        velocity[0] = 0.9 * velocity[0] + alpha * grad[-1]
        return [*net.w[:-1], net.w[-1] - velocity[0]]

    theirs = stepper(step=momentum)
    assert "Called twice with the same arguments, momentum gives two answers" in theirs.shown["damage"]["words"]
    assert "The kit’s step is shown instead." in theirs.shown["damage"]["words"]
