"""The trainer on the learner's functions, and the stepper that follows it."""

import asyncio
import gc
import weakref
from importlib import import_module
from itertools import count

import ipywidgets
import numpy as np
import pytest
from learners_steps import loops_after, my_step, summed

from mlpkit import Activation, Network, backward, data, forward, gradient, step, train
from mlpkit.exercises import sandbox
from mlpkit.notation import number_text
from mlpkit.widgets import trainer

I, D = data.two_moons()
NET = Network.random([2, 4, 1], seed=3)


WIDGET = import_module("mlpkit.widgets.trainer")  # as a name in a dotted path it is the function


async def finished(widget):
    while widget.running:
        await asyncio.sleep(0.001)


async def until(condition):
    """Wait for a condition, for as long as a busy machine may need."""
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)


def run(widget):
    """Train to the end."""

    async def main():
        widget.start()
        await finished(widget)

    asyncio.run(main())
    return widget


def sentences(widget):
    return [row["text"] for row in widget.shown["rows"] if row["kind"] == "sentence"]


# On the learner's functions.


@pytest.mark.parametrize(
    ("functions", "names"),
    [
        ({"step": my_step}, "my_step"),
        ({"backward": backward, "gradient": gradient}, "backward and gradient"),
    ],
)
def test_right_functions_train_as_the_kit_does(functions, names):
    widget = run(trainer(NET, I, D, alpha=1.0, epochs=40, batch_size=16, **functions))
    kits = train(NET, I, D, 1.0, 40, 16)
    assert widget.kit_loss == kits.loss
    assert widget.loss == pytest.approx(kits.loss, rel=1e-12)
    for theirs, ours in zip(widget.net.w, kits.net.w, strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-9)
    kit_curve, curve = widget.shown["panels"][0]["curves"]
    assert (kit_curve["name"], curve["name"]) == ("on the kit’s", f"on {names}")
    assert kit_curve["dash"] != curve["dash"]
    together, times = sentences(widget)
    assert together.startswith(f"In the first epoch every number of {names} was the kit’s. The two losses agree to ")
    assert times.startswith("An epoch: ")
    assert f" ms on {names}, " in times
    assert repr(widget) == f"Explorer: Training on {names}"


def test_a_wrong_step_that_learns_goes_on_beside_the_kits():
    widget = run(trainer(NET, I, D, alpha=0.1, epochs=30, batch_size=16, step=summed))
    kits = train(NET, I, D, 0.1, 30, 16)
    assert widget.kit_loss == kits.loss
    assert widget.loss[-1] < 0.8 * kits.loss[-1]
    kit_curve, curve = (curve["points"] for curve in widget.shown["panels"][0]["curves"])
    assert [y for _, y in kit_curve][1:] == pytest.approx(kits.loss, rel=1e-4)
    assert [y for _, y in curve][1:] == pytest.approx(widget.loss, rel=1e-4)
    together = sentences(widget)[0]
    assert "becomes" in together
    assert "with summed, but" in together
    assert together.endswith("The two losses part in their first digit.")
    assert "problem" not in widget.shown or not widget.shown["problem"]


def test_how_far_the_losses_agree_is_counted_in_digits():
    def nearly(net, I, D, alpha):
        return step(net, I, D, alpha * (1 + 1e-9))

    widget = run(trainer(NET, I, D, alpha=0.1, epochs=2, batch_size=16, step=nearly))
    digits = -np.log10(abs(widget.loss[-1] / widget.kit_loss[-1] - 1))
    assert 8 < digits < 14
    assert sentences(widget)[0].endswith(f"The two losses agree to {int(digits)} digits.")


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda net, I, D, alpha: ..., "Your function returns “...”."),
        (lambda net, I, D, alpha: net.w[:1], "your own: w has 1 entry, but L - 1 = 2 are needed."),
        (lambda net, I, D, alpha: [w * np.nan for w in net.w], "What your own gives is no network"),
    ],
)
def test_where_theirs_give_nothing_it_says_why_and_stays_usable(function, sentence):
    widget = run(trainer(NET, I, D, epochs=5, step=function))
    assert sentence in widget.shown["problem"]
    assert widget.shown["problem"].endswith("The weights stay those of the start.")
    assert widget.shown["controls"]["start"]["disabled"] is False
    assert widget.net is NET
    run(widget)  # it tells again
    assert sentence in widget.shown["problem"]


def test_a_sigma_that_raises_while_it_trains_is_told():
    calls = []

    def value(a):
        calls.append(1)
        if len(calls) > 60:
            raise RuntimeError("enough")
        return np.tanh(a)

    mine = Activation("mine", r"\sigma", value, lambda a: 1 - np.tanh(a) ** 2)
    widget = trainer(Network(NET.w, mine), I, D)
    widget.open_stepper()
    run(widget)
    assert widget.shown["problem"] == "RuntimeError: enough"
    assert widget.shown["controls"]["start"]["disabled"] is False
    assert widget.shown["controls"]["stop"]["disabled"] is True


def test_a_loop_without_end_is_stopped_and_the_work_is_kept(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.8)  # the calls before it end in it, on a busy machine too
    widget = run(trainer(NET, I, D, epochs=50, batch_size=16, step=loops_after(30)))
    assert "loops_later was stopped after 0.8 seconds in line" in widget.shown["problem"]
    assert widget.shown["problem"].endswith("The weights stay those after epoch 2.")
    kits = train(NET, I, D, 0.5, 2, 16)
    assert widget.loss == pytest.approx(kits.loss)
    np.testing.assert_allclose(widget.net.w[0], kits.net.w[0])


def test_stop_reset_and_another_alpha_on_theirs():
    async def main():
        widget = trainer(NET, I, D, alpha=1.0, epochs=100_000, batch_size=16, step=summed)
        widget.start()
        await until(lambda: len(widget.loss) > 10)
        widget.stop()
        await asyncio.sleep(0.02)
        done = len(widget.loss)
        assert 0 < done == len(widget.kit_loss) < 100_000
        assert widget.loss[-1] == pytest.approx(half_mean_square(widget.net))
        assert widget.kit_loss == train(NET, I, D, 1.0, done, 16).loss
        parts = sentences(widget)[0].split(" The two losses")[0]
        widget.values = {"alpha": 0.01}
        widget.start()
        await until(lambda: len(widget.loss) > done + 10)
        assert len(widget.loss) == len(widget.kit_loss)
        assert sentences(widget)[0].startswith(parts)  # it is told of the first step alone
        widget.reset()
        await asyncio.sleep(0.02)
        assert (widget.loss, widget.kit_loss, widget.net) == ([], [], NET)
        assert sentences(widget) == [
            "It trains on summed, and the kit’s own training goes along, from the same weights."
        ]
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_after_a_reset_it_is_looked_at_anew():
    rule = [summed]
    widget = run(trainer(NET, I, D, alpha=0.1, epochs=3, batch_size=16, step=lambda *given: rule[0](*given)))
    assert "becomes" in sentences(widget)[0]
    widget.reset()
    rule[0] = my_step
    run(widget)
    assert sentences(widget)[0].startswith("In the first epoch every number of your own was the kit’s.")


def half_mean_square(net):
    return float(np.mean((forward(net, I)[1][-1][:, 1:] - D) ** 2) / 2)


def test_others_have_their_turn_within_an_epoch_of_steps_that_take_a_slice_each(monkeypatch):
    monkeypatch.setattr("mlpkit.exercises.learner_training._SLICE_S", 0)
    monkeypatch.setattr(WIDGET, "_SLICE_S", 0)

    async def main():
        widget = trainer(NET, I, D, epochs=2, batch_size=4, step=step)
        widget.start()
        turns = 0
        while widget.running:
            turns += 1
            await asyncio.sleep(0)
        return len(widget.loss), turns

    epochs, turns = asyncio.run(main())
    assert epochs == 2
    assert turns >= 100  # 50 steps in each


def test_a_reset_in_the_middle_of_a_slice_leaves_nothing_behind():
    widget = trainer(NET, I, D, epochs=50, batch_size=16, test=(I[:9], D[:9]), step=lambda *given: later(*given))
    taken = []

    def later(*given):
        taken.append(1)
        if len(taken) == 40:
            widget.reset()
        return step(*given)

    run(widget)
    assert (widget.loss, widget.kit_loss, len(widget.tested), widget.net) == ([], [], 1, NET)
    assert not widget.shown["problem"]
    assert len(run(widget).loss) == 50


def test_functions_that_are_none_are_told_at_the_door():
    with pytest.raises(TypeError, match="stride is no function of a training: give one of forward, backward, gradient"):
        trainer(NET, I, D, stride=my_step)
    with pytest.raises(TypeError, match=r"step is 3, but a function is needed: give its name alone"):
        trainer(NET, I, D, step=3)
    assert trainer(NET, I, D, step=None).kit_loss == []


# The stepper below.


def test_the_stepper_has_the_trainers_weights_and_goes_on_with_them(monkeypatch):
    clock = count()
    monkeypatch.setattr(WIDGET, "monotonic", lambda: next(clock) / 100)

    async def main():
        widget = trainer(NET, I, D, alpha=1.0, epochs=100_000, batch_size=16, pace=1)
        widget.press("follow")
        stepper = widget.stepper
        assert stepper.net is NET
        assert stepper.alpha == 1.0
        foot = stepper.shown["foot"]
        assert (foot["epoch"], foot["steps"]) == ("epoch 0", "0 steps taken from there")
        shown = [neuron["delta"] for neuron in stepper.shown["neurons"] if neuron.get("a") is not None]
        assert len(shown) == 5  # of 4 hidden neurons and the output
        assert None not in shown
        stepper.example = 7
        stepper.open(("delta", 1, 2))
        stepper.open(("delta", 2, 1))
        way, position = stepper.opened, stepper.position
        seen = []
        stepper.observe(lambda change: seen.append(stepper.net), "shown")
        began = WIDGET.monotonic()
        widget.start()
        await until(lambda: len({id(net) for net in seen}) > 3)
        assert len(seen) <= 2 + 4 * (WIDGET.monotonic() - began)  # at a calm pace
        widget.stop()
        await asyncio.sleep(0.02)
        assert stepper.net is widget.net is not NET
        assert (stepper.opened, stepper.position, stepper.example) == (way, position, 7)
        foot = stepper.shown["foot"]
        assert (foot["epoch"], foot["steps"]) == (f"epoch {len(widget.loss)}", "0 steps taken from there")
        activations = forward(widget.net, I[7])
        delta = backward(widget.net, activations, D[7])
        assert stepper.shown["panel"]["rows"][-1][2].count(number_text(delta[2][1])) == 1
        widget.values = {"alpha": 0.25}
        assert stepper.alpha == 0.25
        widget.reset()
        assert stepper.net is NET

    asyncio.run(main())


def test_while_it_trains_the_new_numbers_are_not_spoken_and_in_the_end_they_are():
    async def main():
        widget = trainer(NET, I, D, alpha=1.0, epochs=100_000, batch_size=16)
        widget.open_stepper()
        widget.stepper.open(("delta", 2, 1))
        spoken, seen = widget.stepper.shown["spoken"], []
        widget.stepper.observe(lambda change: seen.append(change["new"]["spoken"]), "shown")
        widget.start()
        await until(lambda: len(seen) > 2)
        assert set(seen) == {spoken}
        widget.stop()
        await asyncio.sleep(0.02)
        assert seen[-1] == widget.stepper.shown["spoken"] != spoken

    asyncio.run(main())


def test_steps_taken_in_the_stepper_stay_until_the_training_goes_on():
    widget = trainer(NET, I, D, alpha=1.0, epochs=3)
    widget.open_stepper()
    widget.stepper.next_example()
    widget.values = {"pace": "10"}
    assert widget.stepper.shown["foot"]["steps"] == "1 step taken from there"
    assert widget.stepper.net is not NET
    run(widget)
    assert widget.stepper.net is widget.net


def test_the_learners_functions_are_in_the_stepper_too():
    widget = trainer(NET, I, D, alpha=0.1, step=my_step, epochs=3)
    widget.open_stepper()
    assert widget.stepper.shown["damage"]["words"] == "The numbers are those of my_step, and they are the kit’s."
    run(widget)
    assert widget.stepper.net is widget.net


def test_the_button_opens_the_stepper_and_closes_it():
    widget = trainer(NET, I, D)
    widget.press("follow")
    stepper = widget.stepper
    assert widget.shown["controls"]["follow"]["label"] == "Close the numbers"
    widget.open_stepper()  # it is open
    assert widget._box.children == (widget, stepper)
    widget.press("follow")
    assert widget.stepper is None
    assert widget._box.children == (widget,)
    assert widget.shown["controls"]["follow"]["label"] == "Open the numbers"


def test_opened_ten_times_nothing_is_left_behind():
    widget = trainer(NET, I, D)
    known = ipywidgets.widgets.widget._instances
    before, steppers = len(known), weakref.WeakSet()
    for _ in range(10):
        widget.press("follow")
        steppers.add(widget.stepper)
        widget.press("follow")
    assert len(known) == before
    gc.collect()
    assert len(steppers) == 0


def test_what_is_displayed_is_the_trainer_with_the_stepper_below():
    widget = trainer(NET, I, D)
    bundle = widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == widget._box.model_id
    widget.open_stepper()
    box, stepper = widget._box, widget.stepper
    widget.close()
    assert box.comm is None
    assert stepper.comm is None


def test_it_rests_between_two_slices_also_at_its_fastest(monkeypatch):
    """In the browser a rest of 0 hardly lets a message in."""
    rests, sleep = [], asyncio.sleep

    async def rest(seconds):
        rests.append(seconds)
        await sleep(0)

    widget = trainer(NET, I, D, alpha=1.0, epochs=3, pace=1)
    monkeypatch.setattr(WIDGET.asyncio, "sleep", rest)

    async def main():
        widget.start()
        await widget._task

    asyncio.run(main())
    assert rests
    assert min(rests) >= 0.004
