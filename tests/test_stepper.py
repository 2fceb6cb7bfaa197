"""The Stepper in Python: its traits, what it computes, and that a bad number leaves everything as it was."""

import base64

import numpy as np
import pytest
import traitlets
from networks import NET, W

from mlpkit import Network, cross_entropy, forward, sigmoid, step, trace
from mlpkit.notation import number_text
from mlpkit.stepper.frame import Scene
from mlpkit.widgets import Stepper

I = [[0.5, 1.0], [1.0, 0.0]]
D = [[1.0], [0.0]]


@pytest.fixture
def stepper():
    return Stepper(NET, I, D)


def slider(stepper, word):
    """What is shown of the slider of a number."""
    return next(spec for spec in stepper.shown["sliders"] if spec["id"] == word)


def move(stepper, **values):
    """What the browser sends when sliders move."""
    ask(stepper, {"do": "move", "values": {word.replace("_", "-"): number for word, number in values.items()}})


def ask(stepper, *asked):
    """What the browser sends when the hand has done these things."""
    stepper._on_message(stepper, {"turn": stepper.answered.get("turn", 0) + 1, "asked": [*asked]}, [])


def test_one_example_or_several():
    one = Stepper(NET, (0.5, 1), (1,), alpha=0.25)
    assert (one.shown["foot"]["example"], one.shown["foot"]["examples"]) == (1, 1)
    assert one.alpha == 0.25
    assert Stepper(NET, I, D).shown["foot"]["examples"] == 2


@pytest.mark.parametrize(
    ("I", "D", "alpha", "sentence"),
    [
        ((1, 2, 3), (1,), 0.5, r"I has 3 inputs, but layer 0 has n\^0 - 1 = 2 \(n counts the bias neuron\)"),
        ((1, 2), (1, 2), 0.5, r"D has 2 desired outputs, but layer 2 has n\^2 - 1 = 1"),
        ([[1, 2], [3, 4]], [[1]], 0.5, "I has 2 examples and D 1, but each example needs its desired outputs"),
        ((1, 2), (1,), "fast", "alpha is 'fast'"),
    ],
)
def test_what_does_not_fit_is_told_at_the_door(I, D, alpha, sentence):
    with pytest.raises(ValueError, match=sentence):
        Stepper(NET, I, D, alpha=alpha)


def test_a_moved_slider_keeps_the_position_and_recomputes_everything(stepper):
    stepper.position = 20
    move(stepper, I_1=0.7, w_1_2_1=1.25, alpha=0.1)
    w = [np.array(array) for array in W]
    w[1][2, 1] = 1.25
    assert stepper.position == 20
    assert stepper.alpha == 0.1
    assert [s.value for s in stepper.steps] == [s.value for s in trace(Network(w), (0.7, 1), (1,), 0.1)]
    _, o = forward(Network(w), (0.7, 1))
    assert number_text(o[2][1]) in [now["o"] for now in stepper.shown["neurons"]]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e308, -1.1e6, "x", None])
@pytest.mark.parametrize("word", ["I_1", "D_1", "w_0_1_2", "alpha"])
def test_a_bad_number_gets_a_sentence_and_leaves_everything_as_it_was(stepper, word, bad):
    move(stepper, I_1=0.7)
    stepper.next_example()
    before = (stepper.net, stepper.steps, stepper.position, stepper.example, list(stepper.losses))
    move(stepper, **{word: bad})
    assert (stepper.net, stepper.steps, stepper.position, stepper.example, list(stepper.losses)) == before
    assert len(stepper.shown["problem"]) > 20
    move(stepper, I_1=0.1)
    assert stepper.shown["problem"] == ""


def test_labels_outside_cross_entropys_range_get_their_sentence():
    stepper = Stepper(Network(W, sigmoid, cross_entropy), (0.5, 1), (1,))
    move(stepper, D_1=1.5)
    assert "cross_entropy needs desired outputs from 0 to 1" in stepper.shown["problem"]
    assert slider(stepper, "D-1")["max"] == 1


def test_next_example_takes_the_step_and_goes_on_from_the_new_weights(stepper):
    first = step(NET, I[0], D[0], 0.5)
    loss = {s.symbol: s.value for s in stepper.steps}["loss",]
    stepper.next_example()
    assert (stepper.example, stepper.state, stepper.losses) == (1, 1, [pytest.approx(loss, rel=1e-14)])
    assert all((a == b).all() for a, b in zip(stepper.net.w, first.w, strict=True))
    stepper.next_example()
    second = step(first, I[1], D[1], 0.5)
    assert stepper.example == 0
    assert stepper.shown["foot"]["epoch"] == "epoch 1"
    assert all((a == b).all() for a, b in zip(stepper.net.w, second.w, strict=True))


def test_reset_brings_the_start_back(stepper):
    start = stepper.shown
    move(stepper, I_1=-1.0, w_0_1_1=2.0, alpha=1.5)
    stepper.next_example()
    stepper.position = 30
    stepper.broken = ["slope"]
    stepper.reset()
    assert stepper.net.w[0].tolist() == W[0]
    assert stepper.broken == []
    assert stepper.shown == start
    assert stepper.losses == []


def test_a_step_that_overflows_is_not_taken():
    stepper = Stepper(Network([[[1, 0.0], [0, 1e300], [0, 0]]]), (1e-300, 1), (-1e300,), alpha=1e308)
    before = stepper.net
    stepper.next_example()
    assert stepper.net is before
    assert "Take a smaller α" in stepper.shown["problem"]


def test_what_the_hand_asks_for_is_done_in_its_order_and_answered_once(stepper):
    sent = []
    stepper.send_state = lambda key=None: sent.append(set(key))
    up = {"do": "move", "values": {"I-1": 0.7}}
    down = {"do": "move", "values": {"I-1": 0.2}}
    to_5 = {"do": "set", "name": "position", "value": 5}
    ask(stepper, up, {"do": "next_example"}, down, to_5)
    assert stepper.code == "I1=0.7 n1 I1=0.2 @5"
    assert (stepper.answered["turn"], stepper.shown["position"]) == (1, 5)
    ask(stepper, up, {"do": "reset"})
    assert stepper.code == "@61"
    ask(stepper, {"do": "set", "name": "position", "value": 0})  # nothing changes, and yet it is answered
    assert stepper.answered["turn"] == 3
    assert [key for key in sent if "answered" in key] == sent
    assert len(sent) == 3


def test_a_hand_is_answered_though_something_fails(stepper):
    def fails(change):
        raise RuntimeError("not today")

    stepper.observe(fails, "alpha")
    up = {"do": "move", "values": {"alpha": 0.7}}
    ask(stepper, up, {"do": "set", "name": "position", "value": 5})
    assert (stepper.answered["turn"], stepper.shown["position"]) == (1, 5)
    assert stepper.shown["problem"] == "This could not be done: not today."
    stepper.net = Network.random([2, 2, 1], seed=0)
    ask(stepper, {"do": "move", "values": {"w-0-1-3": 0.5}}, {"do": "open", "symbol": "o-1-3", "edge": False})
    assert stepper.answered["turn"] == 2
    assert stepper.shown["problem"].startswith("This could not be done: ")
    ask(stepper, {"do": "set", "name": "position", "value": 6})
    assert (stepper.shown["position"], stepper.shown["problem"]) == (6, "")


def test_a_hand_sets_nothing_but_what_is_its_own(stepper):
    ask(stepper, {"do": "set", "name": "net", "value": 0}, {"do": "_show"})
    assert stepper.answered["turn"] == 1
    assert isinstance(stepper.net, Network)


def test_a_sliders_range_grows_and_does_not_shrink_while_the_value_comes_back(stepper):
    for value, high in ((2.9, 3), (5.2, 6), (5.19, 6), (1.0, 6), (-7.0, 6)):
        move(stepper, w_1_3_1=value)
        assert slider(stepper, "w-1-3-1")["max"] == high
    assert slider(stepper, "w-1-3-1")["min"] == -12
    ask(stepper, {"do": "move", "values": {"w-1-3-1": 4.0}, "typed": True})  # no hand is on the slider
    assert (slider(stepper, "w-1-3-1")["min"], slider(stepper, "w-1-3-1")["max"]) == (-3, 6)
    with pytest.raises(ValueError, match="10⁶"):
        stepper.code = "w1.3.1=500000 I1=1e7"
    assert slider(stepper, "w-1-3-1")["max"] == 6
    stepper.reset()
    assert (slider(stepper, "w-1-3-1")["min"], slider(stepper, "w-1-3-1")["max"]) == (-3, 3)


def test_it_opens_with_the_whole_step_computed_and_the_ways_of_the_weights(stepper):
    assert (stepper.position, stepper.view) == (61, "updates")
    assert all(row["new"] for row in stepper.shown["updates"]["rows"])
    assert len(stepper.shown["updates"]["rows"]) == 13
    at_the_start = Stepper(Network(W), I, D, position=0)
    assert (at_the_start.position, at_the_start.view) == (0, "equation")
    at_the_start.position = 40
    at_the_start.reset()
    assert at_the_start.position == 0
    assert Stepper(Network(W), I, D, position=100).position == 61


def test_what_stands_beside_the_picture_follows_until_it_is_chosen(stepper):
    stepper.position = 20
    assert stepper.view == "equation"
    stepper.next_example()
    assert stepper.view == "updates"
    stepper.reset()
    assert stepper.view == "updates"
    ask(stepper, {"do": "set", "name": "view", "value": "updates"})
    stepper.position = 20  # the same is chosen: not known from what it was before
    stepper.view = "break"
    stepper.position = 30
    stepper.next_example()
    assert stepper.view == "break"
    stepper.open(("o", 1, 2))
    assert stepper.view == "equation"
    stepper.view = "matrix"
    stepper.open(("a", 1, 2))
    assert stepper.view == "matrix"
    with pytest.raises(traitlets.TraitError, match="view is 'table', but what can stand beside"):
        stepper.view = "table"
    assert Stepper(Network(W), I, D, view="matrix").view == "matrix"
    with pytest.raises(traitlets.TraitError, match="view is 'loss'"):
        Stepper(Network(W), I, D, view="loss")


def test_after_a_step_the_weights_just_made_are_shown_until_the_next_move(stepper):
    def edges():
        drawn = {edge["key"]: now for edge, now in zip(stepper.picture["edges"], stepper.shown["edges"], strict=True)}
        return drawn["w-1-2-1"]

    first = step(Network(W), I[0], D[0], 0.5)
    loss = {s.symbol: s.value for s in stepper.steps}["loss",]
    made = number_text(first.w[1][2, 1])
    assert edges()["text"] == made  # what the step would make
    stepper.next_example()
    assert (edges()["text"], edges()["direction"], edges()["was"]["negative"]) == (made, "▲", True)
    assert stepper.shown["updates"]["title"] == "The step just taken"
    row = next(row for row in stepper.shown["updates"]["rows"] if row["symbol"] == "w-1-2-1")
    assert (row["old"], row["new"]) == ("−0.5", made)
    after = float(first.loss.value(forward(first, I[0])[1][-1][1:], D[0]))
    foot = stepper.shown["foot"]
    assert (foot["loss"], foot["after"], foot["when"]) == (
        number_text(loss),
        number_text(after),
        "step of example 1 taken",
    )
    stepper.open(("o", 1, 1))
    ask(stepper, {"do": "open", "symbol": "w-1-2-1", "edge": True})
    assert edges()["text"] == made  # to look at a number is no move
    assert stepper.opened[-1] == "w-1-2-1"
    second = step(first, I[1], D[1], 0.5)
    move(stepper, I_1=1.0)
    assert edges()["text"] == made  # the number of the weight that is open
    stepper.opened = []
    assert edges()["text"] == number_text(second.w[1][2, 1])
    assert stepper.shown["updates"]["title"] == "The step from here"


def test_the_loss_after_the_step_is_that_of_the_new_weights():
    for broken, own in (((), {}), (("slope",), {}), (("bias",), {}), ((), {"forward": lambda net, I: forward(net, I)})):
        stepper = Stepper(Network(W), I[0], D[0], **own)
        stepper.broken = list(broken)
        after = stepper.shown["foot"]["after"]
        stepper.next_example()
        assert stepper.shown["foot"]["after"] == after
        stepper.alpha = 0.25
        assert stepper.shown["foot"]["loss"].removesuffix(" ≠") == after
        after = stepper.shown["foot"]["after"]
        for position in (16, 0):  # α acts in Step, and what it does to the loss is shown from the start
            stepper.position = position
            assert stepper.shown["foot"]["after"] == after
        stepper.alpha = 0.75
        assert stepper.shown["foot"]["after"] != after
    stepper = Stepper(Network(W), I[0], D[0])
    stepper.broken = ["delta_0"]
    assert stepper.shown["foot"]["after"] == "…"  # no network's weights


def test_what_a_move_changes_is_marked_until_the_next_one(stepper):
    move(stepper, alpha=0.25)
    marked = [row["symbol"] for row in stepper.shown["updates"]["rows"] if row["changed"] == ["new"]]
    assert len(marked) == 13
    assert not any(neuron["changed"] for neuron in stepper.shown["neurons"])
    stepper.picked = "w-0-1-1"
    assert all(edge["changed"] for edge in stepper.shown["edges"] if edge["moved"])
    move(stepper, w_1_3_1=0.5)
    changed = [neuron["changed"] for neuron in stepper.shown["neurons"]]
    assert changed.count(["o", "a", "delta"]) == 1  # of the output alone
    assert changed.count(["delta"]) == 3
    stepper.position = 60
    assert not any(neuron["changed"] for neuron in stepper.shown["neurons"])


def test_with_another_network_the_step_stays_whole(stepper):
    stepper.net = Network.random([2, 5, 1], seed=1)
    assert stepper.position == len(stepper._scene.stops) > 61


def test_position_is_kept_inside_and_alpha_can_be_set_from_outside(stepper):
    stepper.position = 1000
    assert stepper.position == 61
    stepper.position = -3
    assert stepper.position == 0
    stepper.alpha = 0.125
    assert {s.symbol: s.value for s in stepper.steps}["alpha",] == 0.125
    assert slider(stepper, "alpha")["value"] == 0.125
    with pytest.raises((traitlets.TraitError, ValueError)):
        stepper.alpha = float("nan")
    assert stepper.alpha == 0.125


def test_traits_can_be_linked_to_other_widgets(stepper):
    import ipywidgets

    outside = ipywidgets.FloatSlider(value=0.5, min=0, max=2)
    ipywidgets.link((outside, "value"), (stepper, "alpha"))
    outside.value = 1.5
    assert stepper.alpha == 1.5
    move(stepper, alpha=0.75)
    assert outside.value == 0.75


def test_open_steps_on_to_what_is_not_written_yet_and_unfolds_what_is(stepper):
    stepper.position = 0
    stepper.open(("delta", 1, 2))
    assert (stepper.position, stepper.opened) == (21, [])
    stepper.open(("a", 1, 2))
    stepper.open(("a", 1, 2))
    assert (stepper.position, stepper.opened) == (21, ["a-1-2"])
    assert "the activation of neuron 2 in layer 1" in stepper.shown["panel"]["title"]
    assert [crumb["text"] for crumb in stepper.shown["trail"]] == ["δ₂¹", "a₂¹"]
    stepper.open(("w", 0, 1, 2))
    assert (stepper.picked, stepper.opened) == ("w-0-1-2", ["a-1-2", "w-0-1-2"])
    assert stepper.shown["sliders"][1]["id"] == "w-0-1-2"
    assert "where this weight stands before the step" in stepper.shown["panel"]["why"]
    stepper.open(("w", 0, 1, 0))
    assert stepper.opened == ["w-0-1-0"]  # nothing of what was open is made of it
    assert "Fixed: column 0" in stepper.shown["panel"]["why"]
    assert stepper.picked == "w-0-1-2"
    stepper.position = 22
    assert stepper.opened == []
    with pytest.raises(ValueError, match=r"\('o', 9, 9\) is no symbol of this network"):
        stepper.open(("o", 9, 9))


def test_every_symbol_opens(stepper):
    stepper.position = 61
    for s in stepper.steps:
        stepper.open(s.symbol)
        rows = stepper.shown["panel"]["rows"]
        assert f">{number_text(s.value)}<" in rows[-1][2]


def test_the_fixed_column_cannot_be_put_on_the_slider(stepper):
    with pytest.raises(traitlets.TraitError, match="a weight outside the fixed column"):
        stepper.picked = "w-0-1-0"
    stepper.open(("o", 1, 1))
    assert stepper.picked == "w-1-3-1"


def test_another_network_can_be_given(stepper):
    stepper.position = 61
    net = Network.random([2, 2, 1], seed=3)
    stepper.net = net
    assert stepper.position == len(stepper._scene.stops)
    assert stepper.picked == "w-1-2-1"
    stepper.net = Network.random([2, 6, 5, 1], seed=3)  # its last weight is in no smaller network
    stepper.open(("w", 2, 5, 1))
    stepper.net = net
    stepper.next_example()
    stepper.reset()
    assert stepper.net is net
    with pytest.raises(ValueError, match="I has 2 inputs, but layer 0 has"):
        stepper.net = Network.random([5, 2, 1])
    with pytest.raises(TypeError, match="a Network is needed"):
        stepper.net = W
    assert stepper.net.n == (3, 3, 2)


def test_without_a_kernel_a_picture_and_a_fixed_text_remain(stepper):
    stepper.position = 21
    bundle = stepper._repr_mimebundle_()
    data = bundle if isinstance(bundle, dict) else bundle[0]
    assert data["text/plain"] == repr(stepper)
    assert repr(stepper) == (
        "Stepper of a 2-3-1 network: Micro-step 21 of 61: δ₂¹ = 0.01296, the error signal of neuron 2 in layer 1."
    )
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in data


def test_it_goes_on_with_a_network_in_training(stepper):
    stepper.next_example()
    stepper.open(("w_new", 1, 2, 1))
    stepper.open(("dw", 1, 2, 1))
    stepper.open(("grad", 1, 2, 1))
    was = stepper.opened, stepper.position, stepper.example
    spoken = stepper.shown["spoken"]
    net = Network.random([2, 3, 1], seed=8)
    stepper.follow(net, alpha=0.125, quiet=True)
    assert (stepper.net, stepper.alpha, stepper.losses) == (net, 0.125, [])
    assert (stepper.opened, stepper.position, stepper.example) == was
    assert [step.value for step in stepper.steps] == [step.value for step in trace(net, I[1], D[1], 0.125)]
    assert stepper.shown["spoken"] == spoken
    stepper.follow(net)
    assert stepper.alpha == 0.125
    assert stepper.shown["spoken"] != spoken
    for wrong, error in ((W, TypeError), (Network.random([5, 2, 1]), ValueError)):
        with pytest.raises(error):
            stepper.follow(wrong)
    with pytest.raises(ValueError, match="alpha is nan"):
        stepper.follow(net, alpha=float("nan"))
    assert stepper.net is net
    stepper.reset()
    assert stepper.net is net


def test_a_network_with_many_inputs_has_sliders_for_the_first_ones_alpha_and_the_weight():
    stepper = Stepper(Network.random([64, 32, 10]), np.ones((3, 64)), np.eye(10)[:3])
    ids = [spec["id"] for spec in stepper.shown["sliders"]]
    assert ids == ["alpha", "w-1-32-10", *(f"D-{k}" for k in range(1, 5)), *(f"I-{k}" for k in range(1, 9))]
    stepper.open(("delta", 1, 20))
    assert any(neuron["i"] == 20 for neuron in stepper.picture["neurons"])


def test_a_broken_step_moves_on_from_the_broken_weights_and_a_moved_fixed_column_is_refused():
    stepper = Stepper(NET, [0.5, 1.0], [1.0])
    stepper.position = 22
    stepper.broken = ["sign"]
    assert stepper.position == 22
    assert stepper.shown["damage"]["first"]["symbol"] == "delta-2-1"
    right = step(NET, [0.5, 1.0], [1.0], 0.5)
    stepper.next_example()
    for wrong, start, good in zip(stepper.net.w, NET.w, right.w, strict=True):
        np.testing.assert_allclose(wrong - start, start - good, atol=1e-15)  # uphill by as much as it should go down
    stepper.reset()
    stepper.broken = ["delta_0"]
    before = stepper.net
    stepper.next_example()
    assert stepper.net is before
    assert "moves a fixed column" in stepper.shown["problem"]
    stepper.broken = []
    assert stepper.shown["damage"]["first"] is None
    stepper.next_example()
    assert stepper.shown["problem"] == ""
    with pytest.raises(traitlets.TraitError):
        stepper.broken = ["transpose"]


def same_weights(one, other):
    return all((a == b).all() for a, b in zip(one.w, other.w, strict=True))


def test_history_goes_back_to_every_state_and_on_again(stepper):
    nets = [stepper.net]
    for _ in range(3):
        stepper.next_example()
        nets.append(stepper.net)
    losses = stepper.losses
    stepper.position = 40
    for state in (1, 3, 0, 2):
        stepper.state = state
        assert same_weights(stepper.net, nets[state])
        assert (stepper.example, stepper.losses, stepper.position) == (state % 2, losses[:state], 40)
        assert stepper.shown["foot"]["state_text"].startswith(f"state {state + 1} of 4, after {state} step")
    stepper.state = 99
    assert stepper.state == 3


def test_a_step_from_an_earlier_state_replaces_what_came_after(stepper):
    for _ in range(3):
        stepper.next_example()
    stepper.state = 1
    move(stepper, w_1_2_1=1.0)
    changed = stepper.net
    stepper.next_example()
    assert (stepper.state, stepper.shown["foot"]["states"], len(stepper.losses)) == (2, 3, 2)
    assert same_weights(stepper.net, step(changed, I[1], D[1], 0.5))
    stepper.state = 1
    assert stepper.net is changed  # with what the slider made of it
    stepper.state = 0
    assert stepper.net.w[1][2, 1] == -0.5


def test_what_a_slider_made_of_an_earlier_state_is_kept(stepper):
    stepper.next_example()
    stepper.state = 0
    move(stepper, I_1=-1.0, alpha=0.1)
    stepper.state = 1
    assert (stepper.alpha, slider(stepper, "I-1")["value"]) == (0.5, I[1][0])
    stepper.state = 0
    assert (stepper.alpha, slider(stepper, "I-1")["value"]) == (0.1, -1.0)


def test_next_epoch_takes_the_steps_of_all_examples_that_are_left(stepper):
    first = step(NET, I[0], D[0], 0.5)
    both = step(first, I[1], D[1], 0.5)
    stepper.next_epoch()
    assert same_weights(stepper.net, both)
    assert (stepper.example, len(stepper.losses), stepper.shown["foot"]["states"]) == (0, 2, 2)
    stepper.next_example()
    stepper.next_epoch()
    assert (stepper.example, len(stepper.losses), stepper.state) == (0, 4, 3)
    assert stepper.shown["foot"]["epoch"] == "epoch 2"


def test_an_epoch_that_takes_long_stops_and_says_where(stepper, monkeypatch):
    monkeypatch.setattr("mlpkit.widgets.stepper._PATIENCE", -1)
    stepper.next_epoch()
    assert (stepper.example, len(stepper.losses)) == (1, 1)
    assert stepper.shown["problem"] == "Stopped after -1 seconds, before example 2 of 2. Press again to go on."


def test_an_epoch_with_a_step_that_fails_keeps_the_steps_before_it():
    stepper = Stepper(Network([[[1, 0.0], [0, 1e300], [0, 0]]]), [[0, 0], [1e-300, 1]], [[0.5], [-1e300]])
    stepper.alpha = 1e308
    stepper.next_epoch()
    assert (stepper.example, len(stepper.losses)) == (1, 1)
    assert "Take a smaller α" in stepper.shown["problem"]


def test_an_epoch_with_a_mistake_steps_through_the_broken_trace(stepper):
    stepper.broken = ["sign"]
    stepper.next_epoch()
    net = NET
    for inputs, desired in zip(I, D, strict=True):
        right = step(net, inputs, desired, 0.5)
        net = Network([2 * old - new for old, new in zip(net.w, right.w, strict=True)])  # uphill instead of down
    for ours, theirs in zip(stepper.net.w, net.w, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14)


def test_another_example_is_shown_without_a_step(stepper):
    stepper.example = 1
    assert same_weights(stepper.net, NET)
    assert stepper.losses == []
    assert [s.value for s in stepper.steps] == [s.value for s in trace(NET, I[1], D[1], 0.5)]
    stepper.example = 7
    assert stepper.example == 1


def test_each_slider_knows_where_its_number_began(stepper):
    move(stepper, w_1_3_1=2.0, I_1=0.9)
    starts = {spec["id"]: (spec["value"], spec["start"]) for spec in stepper.shown["sliders"]}
    assert starts["w-1-3-1"] == (2.0, 0.4)
    assert starts["I-1"] == (0.9, 0.5)
    assert starts["D-1"] == (1.0, 1.0)
    move(stepper, w_1_3_1=0.123456789)
    assert slider(stepper, "w-1-3-1")["brief"] == 0.1235  # as at the edge


def test_a_number_opened_elsewhere_begins_a_way_of_its_own(stepper):
    stepper.position = 61
    stepper.open(("delta", 1, 2))
    assert stepper.opened == ["delta-1-2"]
    assert [crumb["text"] for crumb in stepper.shown["trail"]] == ["δ₂¹"]  # w_31 new was not made of it
    stepper.open(("o", 1, 2))
    assert stepper.opened == ["delta-1-2", "o-1-2"]
    stepper.open(("delta", 1, 3))
    assert stepper.opened == ["delta-1-3"]


def test_a_hand_and_a_cell_at_the_same_moment_do_not_mix(stepper):
    import threading

    def hand():
        for k in range(60):
            move(stepper, I_1=k / 100, w_0_1_1=-k / 100)

    threads = [
        threading.Thread(target=hand),
        threading.Thread(target=lambda: [stepper.next_example() for _ in "x" * 60]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = trace(stepper.net, stepper._now.I[stepper.example], stepper._now.D[stepper.example], 0.5)
    assert [s.value for s in stepper.steps] == [s.value for s in again]
    assert len(stepper.losses) == 60
    assert stepper.shown["foot"]["states"] == 61


def test_reset_closes_what_is_open():
    stepper = Stepper(NET, I[0], D[0])
    stepper.open(("w_new", 0, 2, 1))
    stepper.open(("dw", 0, 2, 1))
    assert stepper.opened
    stepper.reset()
    assert (stepper.opened, stepper.code) == ([], "@61")


def test_a_position_that_is_none_is_told():
    with pytest.raises(ValueError, match="position is 'end', but a whole number from 0 up is needed: try position=0"):
        Stepper(NET, I[0], D[0], position="end")


def test_the_old_weight_opens_itself_and_the_way_just_taken_opens_no_old_one():
    stepper = Stepper(Network(W), I[0], D[0])
    rows = {row["symbol"]: row for row in stepper.shown["updates"]["rows"]}
    assert rows["w-1-2-1"]["opens"] == {"old": "w-1-2-1", "dw": "dw-1-2-1"}
    ask(stepper, {"do": "open", "symbol": "w-1-2-1", "edge": False})
    assert stepper.opened == ["w-1-2-1"]
    stepper.next_example()
    assert {str(row["opens"]) for row in stepper.shown["updates"]["rows"]} == {"{}"}


def test_a_task_is_words():
    stepper = Stepper(Network(W), I[0], D[0], task="Drag α.")
    assert stepper.task == "Drag α."
    with pytest.raises(traitlets.TraitError):
        Stepper(Network(W), I[0], D[0], task=3)


def test_the_list_of_weights_is_sent_with_another_network_alone():
    stepper = Stepper(Network(W), I[0], D[0])
    sent = []
    stepper.observe(sent.append, "weights")
    move(stepper, alpha=0.25)
    stepper.next_example()
    assert sent == []
    stepper.net = Network.random([2, 5, 1], seed=1)
    assert len(sent) == 1
    assert [one["value"] for one in stepper.weights][-1] == "w-1-5-1"


def test_a_scene_takes_places_only_of_one_that_writes_the_same_numbers():
    stepper = Stepper(Network(W), I[0], D[0])
    whole = stepper._scene.stops
    move(stepper, I_1=0.25)
    assert stepper._scene.stops is whole
    for broken in (["delta_0"], ["late"], []):
        stepper.broken = broken
        fresh = Scene(stepper.net, stepper._scene.steps, stepper._scene.right)
        for name in ("stops", "written_at", "phases", "layers"):
            assert getattr(stepper._scene, name) == getattr(fresh, name)


def test_a_learners_forward_is_asked_for_the_loss_after_the_step_once():
    calls = []

    def mine(net, I):
        calls.append(net)
        return forward(net, I)

    stepper = Stepper(Network(W), I[0], D[0], forward=mine)
    made = len(calls)
    for position in (20, 3, 61):
        stepper.position = position
    assert len(calls) == made
    move(stepper, alpha=0.25)
    assert len(calls) > made
