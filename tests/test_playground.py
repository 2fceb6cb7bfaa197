"""The playground's widget: what a hand does while it trains, the learner's functions, and the stepper beside it."""

import asyncio
import gc
import weakref
from importlib import import_module
from itertools import count

import ipywidgets
import numpy as np
import pytest
import traitlets
from learners_steps import loops_after, my_step, summed

from mlpkit import (
    Activation,
    Network,
    backward,
    categorical_cross_entropy,
    data,
    forward,
    gradient,
    softmax,
    step,
    tanh,
    train,
)
from mlpkit.core.training import mean_loss, shuffled_batches
from mlpkit.exercises import sandbox
from mlpkit.explorers.playground import pictures, words
from mlpkit.notation import number_text
from mlpkit.widgets import playground

I, D = data.two_moons()
NET = Network.random([2, 4, 1], seed=3)
WIDGET = import_module("mlpkit.widgets.playground")  # as a name in a dotted path it is the function


async def until(condition):
    """Wait for a condition, for as long as a busy machine may need."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def train_on(widget, epochs):
    """So many epochs more."""

    async def main():
        widget.start(epochs)
        await until(lambda: not widget.running)

    asyncio.run(main())
    return widget


def request(widget, **what):
    """What the browser sends."""
    widget._on_message(widget, what, [])


def maps_of(widget):
    return np.frombuffer(widget.maps, np.uint8).reshape(-1, pictures.SIDE, pictures.SIDE)


def same_weights(one, other):
    return all(map(np.array_equal, one.w, other.w))


# What the learner gets.


def test_what_is_on_the_screen_is_the_learners():
    widget = playground(NET, I, D)
    assert widget.net is NET
    assert np.array_equal(widget.I, I)
    assert np.array_equal(widget.D, D)
    assert not widget.is_test.any()
    assert widget.loss == mean_loss(NET, I, D)
    assert np.isnan(widget.test_loss)
    assert np.isnan(widget.kit_loss)
    assert repr(widget) == "Playground: 2-4-1 on my points"
    widget.I[0] = 7  # a copy
    assert np.array_equal(widget.I, I)
    widget.values = {"data": "spiral", "test": 0.3}
    assert np.array_equal(widget.I, data.spiral(300, 0.05, 0)[0])
    assert widget.test_loss == mean_loss(NET, widget.I[widget.is_test], widget.D[widget.is_test])
    widget.values = {"data": "own"}
    assert np.array_equal(widget.I, I)


def test_it_trains_as_train_does():
    widget = train_on(playground(NET, I, D, alpha=1.0, batch_size=16, seed=5, pace=10), 40)
    run = train(NET, I, D, 1.0, 40, 16, seed=5)
    assert widget.epochs == 40
    assert widget.loss == pytest.approx(run.loss[-1], rel=1e-12)
    assert same_weights(widget.net, run.net)
    assert widget.shown["epoch"] == "40"
    assert widget.shown["losses"][0] == number_text(run.loss[-1])
    assert np.array_equal(maps_of(widget), pictures.maps(run.net, 1.2)[0])


@pytest.mark.parametrize("pace", [1, "all"])
def test_steps_by_hand_are_those_of_the_epoch_and_the_rest_of_it_follows(pace):
    widget = playground(NET, I, D, alpha=1.0, batch_size=60, pace=pace)
    net = NET
    for k, rows in enumerate(shuffled_batches(200, 60, np.random.default_rng(0)), 1):
        widget.press("step")
        net = step(net, I[rows], D[rows], 1.0)
        assert same_weights(widget.net, net)
        if k < 4:
            assert widget.shown["part"] == f"+ {k} of 4 steps"
            assert widget.epochs == 0
    assert (widget.epochs, widget.shown["part"]) == (1, "")
    begun = playground(NET, I, D, alpha=1.0, batch_size=60, pace=pace)
    begun.press("step")
    train_on(begun, 1)  # what is left of it
    assert begun.epochs == 1
    assert same_weights(begun.net, net)
    both = train_on(playground(NET, I, D, alpha=1.0, batch_size=60, pace=pace), 1)
    np.testing.assert_allclose(both.net.w[0], net.w[0], rtol=1e-10)


def test_with_all_examples_at_once_a_step_is_an_epoch():
    widget = playground(NET, I, D, batch_size=None)
    assert widget.values["batch"] == "all"
    widget.press("step")
    assert widget.epochs == 1
    assert same_weights(widget.net, step(NET, I, D, 0.3))


# Everything can be changed while it runs.


CHANGES = [
    {"data": "spiral"},
    {"noise": 0.3},
    {"test": 0.4},
    {"alpha": 0.2},
    {"batch": 4},
    {"batch": "all"},
    {"batch": "32"},
    {"loss": "cross-entropy"},
    {"sigma": ["tanh", "softplus"]},
    {"sigma": "relu"},
    {"hidden": [6]},
    {"hidden": [4, 3]},
    {"hidden": []},
    {"pace": "1"},
]


def test_everything_is_changed_while_it_runs():
    async def main():
        widget = playground(Network.random([2, 4, 1], tanh, seed=3), data="moons", alpha=0.1)
        request(widget, do="opened")
        widget.observe(lambda change: request(widget, do="drawn", picture=change["new"]["turn"]), "shown")
        widget.start()
        for changes in CHANGES:
            widget.values = changes
            for name, value in changes.items():
                value = int(value) if value == "32" else value
                value = ["relu"] * 2 if value == "relu" else value
                assert widget.values[name] == value
            assert widget.shown["sizes"] == [n - 1 for n in widget.net.n]
            assert len(maps_of(widget)) == sum(widget.shown["sizes"])
            epochs, turn = widget.epochs, widget.shown["turn"]
            await until(lambda: widget.epochs > epochs + 1 and widget.shown["turn"] > turn + 1)  # noqa: B023
            assert widget.running, changes
            assert not widget.shown["problem"], changes
        epochs = widget.epochs
        widget.press("draw")
        assert widget.running
        assert widget.epochs < epochs
        widget.press("start")
        assert not widget.running
        await asyncio.sleep(0.01)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert np.array_equal(maps_of(widget), pictures.maps(widget.net, widget.shown["side"])[0])

    asyncio.run(main())


def test_the_browsers_requests_do_the_same():
    widget = playground(NET, data="moons")
    for what in (
        {"do": "choose", "name": "batch", "value": "8"},
        {"do": "move", "values": {"alpha": 0.7}},
        {"do": "neurons", "layer": 0, "by": 1},
        {"do": "layers", "by": 1},
        {"do": "sigma", "layer": 1, "value": "tanh"},
        {"do": "set", "name": "example", "value": 12},
    ):
        request(widget, **what)
    values = widget.values
    assert (values["batch"], values["alpha"], values["hidden"]) == (8, 0.7, [5, 5])
    assert values["sigma"] == ["sigmoid", "tanh", "sigmoid"]
    assert widget.example == 12
    assert widget.shown["example"]["text"].startswith("example 13: I = (")
    request(widget, do="layers", by=-1)
    request(widget, do="layers", by=-1)
    request(widget, do="layers", by=-1)
    assert widget.net.n == (3, 2)
    request(widget, do="neurons", layer=4, by=1)
    assert "could not be done" in widget.shown["problem"]
    request(widget, do="choose", name="alpha", value=-1)
    assert widget.shown["problem"] == "alpha is -1, but a number from 0.001 to 30 is needed."
    request(widget, do="nothing that is known")
    request(widget, do="choose", name="alpha", value=0.5)
    assert widget.shown["problem"] == ""


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sigma": ["softmax", "sigmoid"]}, "sigma is 'softmax', but one of these is needed: sigmoid, tanh, relu"),
        ({"loss": "hinge"}, "loss is 'hinge', but one of these is needed: half squared error, cross-entropy"),
        ({"pace": 7}, "pace is '7', but one of these is needed: 1, 10, 100, all"),
        ({"batch": "many"}, "batch is 'many', but a whole number from 1 up is needed"),
        ({"colour": "red"}, "there is no 'colour' in a playground"),
        ({"alpha": 0.1, "noise": 7}, "noise is 7, but a number from 0 to 0.5 is needed"),
    ],
)
def test_a_value_that_does_not_fit_changes_nothing(values, message):
    widget = playground(NET, data="moons")
    before = widget.values
    with pytest.raises(traitlets.TraitError, match=message):
        widget.values = values
    assert widget.values == before
    assert widget.code == playground(NET, data="moons").code


def test_points_are_put_and_taken_away_while_it_runs():
    async def main():
        widget = playground(NET, data="own")
        widget.start()
        assert not widget.running
        assert widget.shown["problem"] == "There are no points to learn from yet: click some into the plane."
        widget.press("step")
        assert widget.epochs == 0
        assert widget.shown["example"] is None
        assert widget.shown["losses"] == ["", "", ""]
        request(widget, do="add", I=[0.5, 0.25], D=1)
        request(widget, do="add", I=[-0.5, 0.75], D=0)
        assert widget.I.tolist() == [[0.5, 0.25], [-0.5, 0.75]]
        assert widget.D.tolist() == [[1], [0]]
        assert widget.example == 1
        widget.start()
        await until(lambda: widget.epochs > 5)
        request(widget, do="add", I=[0.0, 0.0], D=1)
        epochs = widget.epochs
        await until(lambda: widget.epochs > epochs + 5)
        assert not widget.shown["problem"]
        request(widget, do="remove", row=0)
        assert widget.I.tolist() == [[-0.5, 0.75], [0, 0]]
        assert widget.example == 1
        request(widget, do="remove", row=5)
        assert widget.shown["problem"] == "there is no point 5 of your own: they go from 0 to 1."
        widget.start()
        request(widget, do="press", id="clear")
        assert len(widget.I) == 0
        await until(lambda: not widget.running)
        assert widget.shown["problem"] == "There are no points to learn from yet: click some into the plane."

    asyncio.run(main())


def test_reset_goes_back_to_the_start():
    widget = train_on(playground(NET, I, D), 5)
    assert widget.shown["state"] == "paused"
    widget.press("reset")
    assert (widget.net, widget.epochs, widget.shown["state"]) == (NET, 0, "ready")
    widget.values = {"hidden": [5]}
    assert widget.shown["buttons"]["reset"]["disabled"]
    widget.open_stepper()
    widget.stepper.next_example()  # no epoch, but other weights
    assert not widget.shown["buttons"]["reset"]["disabled"]
    widget.press("reset")
    assert widget.stepper.net is widget.net
    assert same_weights(widget.net, widget._state.start)
    assert len(np.frombuffer(widget.curve, "<f4")) == 6
    with pytest.raises(ValueError, match="there is no button 'stop' here: take one of start, step, epoch"):
        widget.press("stop")


def test_a_new_draw_ends_the_one_epoch_that_was_asked_for():
    async def main():
        widget = playground(NET, I, D, batch_size=1)
        widget.start()
        await until(lambda: widget.epochs > 2)
        widget.press("epoch")
        widget.press("draw")
        await until(lambda: not widget.running)
        assert widget.epochs == 0

    asyncio.run(main())


def test_a_step_that_is_too_large_is_told_and_what_was_reached_is_kept():
    net = Network(NET.w, import_module("mlpkit").identity)
    widget = playground(net, 1000 * I, D, alpha=30.0)
    train_on(widget, 200)
    assert "a weight is no longer a number: take a smaller α" in widget.shown["problem"]
    assert all(np.isfinite(w).all() for w in widget.net.w)
    widget.values = {"alpha": 0.01}
    assert widget.shown["problem"] == ""


def test_pictures_wait_for_the_browser(monkeypatch):
    clock = count()
    monkeypatch.setattr(WIDGET, "monotonic", lambda: next(clock) / 1000)

    async def main():
        widget = playground(NET, I, D)
        request(widget, do="opened")
        request(widget, do="drawn", picture=widget.shown["turn"])
        widget.start()
        turn = widget.shown["turn"]
        await until(lambda: widget.epochs > 200)
        assert widget.shown["turn"] == turn  # it is not drawn yet
        request(widget, do="drawn", picture=turn)
        await until(lambda: widget.shown["turn"] > turn)
        assert widget.shown["turn"] == turn + 1
        request(widget, do="closed")  # nobody looks any more
        assert not widget.running

    asyncio.run(main())


def test_a_long_training_needs_no_more_memory():
    async def main():
        others = {id(one) for one in gc.get_objects() if isinstance(one, list)}  # of other widgets in this process
        widget = playground(NET, I[:8], D[:8], batch_size=None)
        widget.start()
        await until(lambda: widget.epochs > 3000)
        held = [one for one in gc.get_objects() if isinstance(one, list) and len(one) > 2000 and id(one) not in others]
        assert not any(all(isinstance(number, float) for number in one) for one in held)
        assert len(widget._curve.samples) <= 400
        widget.pause()
        await asyncio.sleep(0.01)

    asyncio.run(main())


async def finished(widget):
    while widget.running:
        await asyncio.sleep(0.001)


@pytest.fixture
def clock(monkeypatch):
    """A clock for the playground that goes on by a millisecond each time it is read, whatever the machine is doing."""
    ticks = count()
    monkeypatch.setattr(WIDGET, "monotonic", lambda: next(ticks) / 1000)
    return WIDGET.monotonic


def test_started_twice_it_runs_once_and_pauses_and_goes_on_and_resets():
    async def main():
        widget = playground(NET, I, D, alpha=1.0)
        widget.press("start")
        task = widget._task
        widget.start()
        assert widget._task is task
        await until(lambda: widget.epochs > 3)
        widget.press("start")  # it pauses as well
        assert not widget.running
        assert widget.shown["buttons"]["start"] == {"label": "Continue", "spoken": "Continue the training"}
        await asyncio.sleep(0.02)
        done, net = widget.epochs, widget.net
        await asyncio.sleep(0.02)
        assert (widget.epochs, widget.net) == (done, net)
        assert widget.loss == mean_loss(net, I, D)
        widget.press("start")
        await until(lambda: widget.epochs > done)
        widget.press("reset")
        await asyncio.sleep(0.02)
        assert (widget.epochs, widget.net) == (0, NET)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_a_pace_is_at_most_so_many_epochs_from_picture_to_picture(clock):
    async def main():
        widget = playground(NET, I, D, batch_size=None, pace=10)
        epochs = []
        widget.observe(lambda change: epochs.append(widget.epochs), "shown")
        widget.start(35)
        await finished(widget)
        assert epochs[-1] == 35
        assert len(epochs) > 4
        assert max(np.diff([0, *epochs])) <= 10

    asyncio.run(main())


def test_other_tasks_have_their_turn_and_pictures_are_few(clock):
    async def main():
        widget = playground(NET, I, D)
        pictures = []
        widget.observe(pictures.append, "shown")
        widget.start()
        turns, end = 0, clock() + 0.6
        while clock() < end:
            turns += 1
            await asyncio.sleep(0)
        widget.pause()
        return turns, len(pictures)

    turns, pictures = asyncio.run(main())
    assert turns >= 8
    assert 2 <= pictures <= 20


def test_it_rests_between_two_slices_also_at_its_fastest(monkeypatch):
    """In the browser a rest of 0 hardly lets a message in."""
    rests, sleep = [], asyncio.sleep

    async def rest(seconds):
        rests.append(seconds)
        await sleep(0)

    widget = playground(NET, I, D)
    monkeypatch.setattr(WIDGET.asyncio, "sleep", rest)

    async def main():
        widget.start(3)
        await widget._task

    asyncio.run(main())
    assert rests
    assert min(rests) >= 0.004


def test_closed_or_left_it_stops():
    async def main(leave):
        widget = playground(NET, I, D)
        request(widget, do="opened")
        request(widget, do="opened")
        widget.start()
        task = widget._task
        request(widget, do="closed")
        await asyncio.sleep(0)
        assert widget.running  # one view is left
        leave(widget)
        await asyncio.sleep(0.02)
        assert task.done()

    asyncio.run(main(lambda widget: request(widget, do="closed")))
    asyncio.run(main(lambda widget: widget.close()))


def test_it_stops_when_the_browser_no_longer_answers(clock, monkeypatch):
    monkeypatch.setattr(WIDGET, "_LOST_S", 0.05)

    async def main():
        widget = playground(NET, I, D)
        request(widget, do="opened")
        widget.start()
        await asyncio.wait_for(finished(widget), 120)
        return widget

    assert asyncio.run(main()).shown["state"] == "paused"


# Any network, any examples.


def digits_of(count=300, **more):
    """A playground of digits, 64-12-10."""
    digits = data.digits_split()
    net = Network.random([64, 12, 10], (None, tanh, softmax), categorical_cross_entropy, seed=0)
    test = (digits.test.I[:60], digits.test.D[:60])
    return playground(net, digits.train.I[:count], digits.train.D[:count], test=test, alpha=0.5, batch_size=32, **more)


def test_it_learns_digits_as_train_does_and_says_when_a_mark_was_passed():
    widget = digits_of(pace=1)
    assert repr(widget) == "Playground: 64-12-10 on 360 examples"
    start, I, D = widget.net, *(array[~widget.is_test] for array in (widget.I, widget.D))
    train_on(widget, 12)
    run = train(start, I, D, 0.5, 12, 32)
    assert same_weights(widget.net, run.net)
    assert widget.loss == pytest.approx(run.loss[-1], rel=1e-12)
    right = [np.mean(words.is_right(run.net, *(array[widget.is_test] for array in (widget.I, widget.D))))]
    assert widget.shown["right"][1] == f"{100 * right[0]:.1f} %"
    samples = np.frombuffer(widget.curve, "<f4").reshape(-1, 6)
    assert samples[:, 0].tolist() == list(range(13))
    np.testing.assert_allclose(samples[1:, 1], run.loss, rtol=1e-6)
    best = int(samples[:, 5].argmax())
    assert widget.shown["beside"] == [sentence := widget.shown["beside"][0]]
    assert sentence.endswith(f"at best {samples[best, 5]:.1f} %, after epoch {best}.")
    first = int(np.argmax(samples[:, 5] > 50))
    assert f"above 50 % after epoch {first}, " in sentence
    assert widget._repr_mimebundle_()


def test_the_examples_for_testing_come_first_and_the_next_wrong_one_is_found():
    widget = digits_of()
    assert widget.example == 300
    assert [one["row"] for one in widget.shown["gallery"]] == list(range(300, 312))
    pixels = np.frombuffer(widget.points, np.uint8).reshape(12, 64)
    np.testing.assert_allclose(pixels[3] / 255, widget.I[303] / widget.I.max(), atol=0.002)
    read = forward(widget.net, widget.I)[1][-1][:, 1:].argmax(axis=1)
    wrong = [row for row in range(300, 360) if read[row] != widget.D[row].argmax()]
    for row in (*wrong, wrong[0])[wrong[0] == 300 :]:
        widget.press("wrong")
        assert widget.example == row
    assert widget.shown["gallery"][0]["row"] in range(300, 360, 12)
    request(widget, do="set", name="example", value=5)
    assert widget.shown["example"]["text"] == f"example 6: {widget.D[5].argmax()}, read as {read[5]}"


def test_where_none_is_wrong_it_is_said():
    widget = playground(Network([[[1, 0, 0], [0, 9, -9]]]), [[1.0], [-1.0]], [[1, 0], [0, 1]])
    widget.press("wrong")
    assert widget.shown["problem"] == "No example comes out wrong."
    assert playground(Network([[[1, 0], [0, 1]]]), [[1.0]], [[1]], test=([[1.0]], [[1]])).example == 1


def test_without_a_plane_everything_is_changed_while_it_runs():
    async def main():
        widget = digits_of()
        request(widget, do="opened")
        widget.observe(lambda change: request(widget, do="drawn", picture=change["new"]["turn"]), "shown")
        widget.start()
        for changes in (
            {"alpha": 0.2},
            {"batch": "all"},
            {"batch": 16},
            {"hidden": [12, 8]},
            {"sigma": ["tanh", "relu", "sigmoid"]},
            {"loss": "categorical cross-entropy"},
            {"loss": "half squared error"},
            {"hidden": []},
            {"hidden": [128]},
            {"pace": "1"},
        ):
            widget.values = changes
            assert widget.shown["sizes"] == [64, *widget.values["hidden"], 10]
            assert len(widget.maps) == 64 * sum(widget.shown["tiles"])
            epochs, turn = widget.epochs, widget.shown["turn"]
            await until(lambda: widget.epochs > epochs and widget.shown["turn"] > turn + 1)  # noqa: B023
            assert widget.running, changes
            assert not widget.shown["problem"], changes
        widget.press("draw")
        assert widget.running
        with pytest.raises(traitlets.TraitError, match="layer 1 has σ = softmax"):
            widget.values = {"sigma": ["softmax", "softmax"]}
        widget.close()
        await asyncio.sleep(0.01)

    asyncio.run(main())
    widget = digits_of()
    assert set(widget.values) == {"hidden", "sigma", "loss", "alpha", "batch", "pace"}
    assert "softmax" not in {one["value"] for one in widget.choices["sigma"]}
    assert "softmax" in {one["value"] for one in widget.choices["output"]}
    request(widget, do="add", I=[0, 0], D=1)
    assert widget.shown["problem"]
    request(widget, do="code")
    assert "a text holds no examples" in widget.shown["problem"]
    with pytest.raises(ValueError, match="the examples here are in no text"):
        widget.code = playground().code


def test_the_numbers_of_a_digit_open_and_follow():
    widget = digits_of(step=step)
    widget.press("numbers")
    stepper = widget.stepper
    assert (stepper.net.n, stepper.example) == (widget.net.n, 300)
    train_on(widget, 2)
    assert stepper.net is widget.net
    assert widget.shown["beside"][0].startswith("In the first epoch every number of step was the kit’s.")
    assert widget.shown["beside"][-1].startswith("Test examples right: ")
    widget.example = 7
    assert stepper.example == 7


def test_a_batch_of_ones_own_size_is_in_the_menu():
    widget = playground(NET, I, D, batch_size=20)
    assert [one["value"] for one in widget.choices["batch"]] == ["1", "2", "4", "8", "16", "20", "32", "64", "all"]
    assert widget.values["batch"] == 20


# Save and restore.


def test_a_text_restores_all_of_it():
    widget = train_on(playground(NET, I, D, alpha=0.7, batch_size=8), 3)
    widget.values = {"hidden": [5, 2], "test": 0.25, "loss": "cross-entropy"}
    other = playground()
    other.code = widget.code
    assert same_weights(other.net, widget.net)
    assert np.array_equal(other.I, I)
    assert np.array_equal(other.is_test, widget.is_test)
    assert {**other.values, "pace": ""} == {**widget.values, "pace": ""}
    assert (other.epochs, other.loss, other.test_loss) == (3, widget.loss, widget.test_loss)
    assert other.maps == widget.maps
    assert other.points == widget.points
    request(widget, do="code")
    assert widget.told == {"code": widget.code, "problem": ""}
    train_on(other, 1)
    other.press("reset")
    assert (same_weights(other.net, widget.net), other.epochs) == (True, 3)


def test_a_damaged_text_changes_nothing():
    widget = train_on(playground(NET, I, D), 1)
    before = widget.code
    damaged = before.replace("alpha=0.3", "alpha=0.4")
    with pytest.raises(ValueError, match="the text was damaged on its way: copy it again"):
        widget.code = damaged
    request(widget, do="go", code=damaged)
    assert widget.told["problem"].startswith("the text was damaged on its way")
    assert widget.code == before
    request(widget, do="go", code=playground().code)
    assert widget.told["done"]
    assert widget.net.n == (3, 5, 3, 2)


# On the learner's functions.


@pytest.mark.parametrize("functions", [{"step": my_step}, {"backward": backward, "gradient": gradient}])
def test_right_functions_train_as_the_kit_does(functions):
    widget = train_on(playground(NET, I, D, alpha=1.0, batch_size=16, **functions), 20)
    kits = train(NET, I, D, 1.0, 20, 16)
    assert widget.kit_loss == pytest.approx(kits.loss[-1], rel=1e-12)
    assert widget.loss == pytest.approx(kits.loss[-1], rel=1e-12)
    together, loss, digits, times = widget.shown["beside"]
    assert together.startswith("In the first epoch every number of ")
    assert loss == f"The kit’s loss is {number_text(widget.kit_loss)}."
    assert digits.startswith("The two losses agree to ")
    assert times.startswith("An epoch: ")
    assert np.isfinite(np.frombuffer(widget.curve, "<f4")[3])


def test_a_wrong_step_is_told_from_the_kits_and_goes_on():
    widget = train_on(playground(NET, I, D, alpha=0.1, batch_size=16, step=summed), 20)
    assert widget.loss < 0.8 * widget.kit_loss
    assert "In step 1, w₀₁⁰ becomes" in widget.shown["beside"][0]
    widget.press("step")
    assert widget.shown["part"] == "+ 1 of 13 steps"
    widget.values = {"hidden": [5]}  # in both networks
    train_on(widget, 2)
    assert not widget.shown["problem"]


def test_the_map_is_by_the_learners_forward():
    def halved(net, I):
        a, o = forward(net, I)
        o[-1][..., 1:] *= 0.5
        return a, o

    widget = playground(NET, I, D, forward=halved)
    kits = pictures.maps(NET, 1.2)[0]
    np.testing.assert_allclose(maps_of(widget)[-1], kits[-1] / 2, atol=1)
    assert np.array_equal(maps_of(widget)[:-1], kits[:-1])
    broken = playground(NET, I, D, forward=lambda net, I: ...)
    assert "The kit’s forward is shown instead." in broken.shown["problem"]
    assert np.array_equal(maps_of(broken), kits)


def test_how_far_the_losses_agree_is_counted_in_digits():
    def nearly(net, I, D, alpha):
        return step(net, I, D, alpha * (1 + 1e-9))

    widget = train_on(playground(NET, I, D, alpha=0.1, batch_size=16, step=nearly), 2)
    digits = -np.log10(abs(widget.loss / widget.kit_loss - 1))
    assert 8 < digits < 14
    assert f"The two losses agree to {int(digits)} digits." in widget.shown["beside"]
    assert words.agreement(0.5, 0.5) == "The two losses agree to the last digit."
    assert words.agreement(0.5, 0.1) == "The two losses part in their first digit."
    assert words.agreement(0.5, np.nan) == ""


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda net, I, D, alpha: ..., "Your function returns “...”."),
        (lambda net, I, D, alpha: net.w[:1], "your own: w has 1 entry, but L - 1 = 2 are needed."),
        (lambda net, I, D, alpha: [w * np.nan for w in net.w], "What your own gives is no network"),
    ],
)
def test_where_theirs_give_nothing_it_says_why_and_stays_usable(function, sentence):
    widget = playground(NET, I, D, step=function)
    for _ in range(2):  # it tells again
        train_on(widget, 5)
        assert sentence in widget.shown["problem"]
        assert widget.shown["problem"].endswith("The weights stay those after epoch 0.")
        assert widget.shown["buttons"]["start"]["label"] == "Start"
        assert widget.net is NET


def test_pause_reset_and_another_alpha_on_theirs():
    async def main():
        widget = playground(NET, I, D, alpha=1.0, batch_size=16, step=summed)
        widget.start()
        await until(lambda: widget.epochs > 10)
        widget.pause()
        await asyncio.sleep(0.02)
        done, parts = widget.epochs, widget.shown["beside"][0]
        assert widget.loss == mean_loss(widget.net, I, D)
        assert widget.kit_loss == pytest.approx(train(NET, I, D, 1.0, done, 16).loss[-1], rel=1e-9)
        widget.values = {"alpha": 0.01}
        widget.start()
        await until(lambda: widget.epochs > done + 10)
        assert widget.shown["beside"][0] == parts  # it is told of the first step alone
        widget.reset()
        await asyncio.sleep(0.02)
        assert (widget.epochs, widget.net, widget.kit_loss) == (0, NET, mean_loss(NET, I, D))
        assert widget.shown["beside"] == [
            "It trains on summed, and the kit’s own training goes along, from the same weights."
        ]
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_after_a_reset_it_is_looked_at_anew():
    rule = [summed]
    widget = train_on(playground(NET, I, D, alpha=0.1, step=lambda *given: rule[0](*given)), 3)
    assert "becomes" in widget.shown["beside"][0]
    widget.reset()
    rule[0] = my_step
    train_on(widget, 3)
    assert widget.shown["beside"][0].startswith("In the first epoch every number of your own was the kit’s.")


def test_others_have_their_turn_within_an_epoch_of_steps_that_take_a_slice_each(monkeypatch):
    monkeypatch.setattr("mlpkit.exercises.learner_training._SLICE_S", 0)
    monkeypatch.setattr(WIDGET, "_SLICE_S", 0)

    async def main():
        widget = playground(NET, I, D, batch_size=4, step=step)
        widget.start(2)
        turns = 0
        while widget.running:
            turns += 1
            await asyncio.sleep(0)
        return widget.epochs, turns

    epochs, turns = asyncio.run(main())
    assert epochs == 2
    assert turns >= 100  # 50 steps in each


def test_a_reset_in_the_middle_of_a_slice_leaves_nothing_behind():
    widget = playground(NET, I, D, batch_size=16, step=lambda *given: later(*given))
    taken = []

    def later(*given):
        taken.append(1)
        if len(taken) == 40:
            widget.reset()
        return step(*given)

    train_on(widget, 50)
    assert (widget.epochs, widget.net, widget.kit_loss) == (0, NET, mean_loss(NET, I, D))
    assert not widget.shown["problem"]
    assert train_on(widget, 50).epochs == 50


def test_a_loop_without_end_is_stopped_and_the_work_is_kept(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.2)
    widget = train_on(playground(NET, I, D, batch_size=16, step=loops_after(30)), 50)
    assert "loops_later was stopped after 0.2 seconds in line" in widget.shown["problem"]
    assert widget.shown["problem"].endswith("The weights stay those after epoch 2.")
    assert widget.loss == pytest.approx(train(NET, I, D, 0.3, 2, 16).loss[-1])
    widget.press("step")
    assert "loops_later was stopped" in widget.shown["problem"]
    assert not widget.running


def test_what_a_hand_changes_in_the_middle_of_a_slice_counts():
    widget = playground(NET, I, D, batch_size=16, step=lambda *given: later(*given))
    taken = []

    def later(*given):
        taken.append(1)
        if len(taken) == 40:
            widget.values = {"hidden": [2], "batch": 50}
        return step(*given)

    train_on(widget, 6)
    assert widget.net.n == (3, 3, 2)
    assert widget.values["batch"] == 50
    assert widget.epochs == 6
    assert not widget.shown["problem"]


def test_a_sigma_of_ones_own_that_raises_is_told():
    calls = []

    def value(a):
        calls.append(1)
        if len(calls) > 60:
            raise RuntimeError("enough")
        return np.tanh(a)

    mine = Activation("mine", r"\sigma", value, lambda a: 1 - np.tanh(a) ** 2)
    widget = playground(Network(NET.w, mine), I, D)
    assert {"value": "mine", "label": "mine"} in widget.choices["sigma"]
    widget.open_stepper()
    train_on(widget, 100)
    assert widget.shown["problem"] == "RuntimeError: enough"
    assert not widget.running


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stride": my_step}, "stride is no function of a training: give one of forward, backward, gradient, step"),
        ({"step": 3}, "step is 3, but a function is needed: give its name alone"),
        ({"pace": 2}, "pace is 2, but one of these is needed: 1, 10, 100, all"),
        ({"I": I}, "I and D belong together, but only one of them is given"),
        ({"net": 5}, "net is 5, but a Network is needed"),
        ({"data": "stars"}, "data is 'stars', but one of these is needed"),
        ({"alpha": -1}, "alpha is -1, but a number from 0.001 to 30 is needed"),
        ({"seed": -1}, "seed is -1, but a whole number from 0 up is needed"),
    ],
)
def test_what_does_not_fit_is_told_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        playground(**arguments)


def test_without_an_event_loop_it_says_what_to_do():
    with pytest.raises(RuntimeError, match=r"in a script call train\(net, I, D\) instead"):
        playground(NET, I, D).start()


# The stepper.


def test_the_stepper_follows_the_training_and_the_playground_its_steps():
    async def main():
        widget = playground(NET, I, D, alpha=1.0, pace=1)
        widget.example = 20
        widget.press("numbers")
        stepper = widget.stepper
        assert (stepper.net, stepper.example, stepper.alpha) == (NET, 20, 1.0)
        stepper.open(("delta", 2, 1))
        way, position = stepper.opened, stepper.position
        seen = []
        stepper.observe(lambda change: seen.append(stepper.net), "shown")
        widget.start()
        await until(lambda: len({id(net) for net in seen}) > 2)
        widget.pause()
        await asyncio.sleep(0.02)
        assert stepper.net is widget.net is not NET
        assert (stepper.opened, stepper.position, stepper.example) == (way, position, 20)
        assert stepper.shown["foot"]["epoch"] == f"epoch {widget.epochs}"
        delta = backward(widget.net, forward(widget.net, I[20]), D[20])
        assert number_text(delta[2][1]) in stepper.shown["panel"]["rows"][-1][2]
        # by hand, on from there
        net, epochs = widget.net, widget.epochs
        stepper.next_example()
        wanted = step(net, I[20], D[20], 1.0)
        assert same_weights(widget.net, wanted)
        assert stepper.net is widget.net
        assert (widget.example, widget.epochs) == (21, epochs)
        assert np.array_equal(maps_of(widget), pictures.maps(wanted, 1.2)[0])
        assert widget.shown["losses"][0] == number_text(mean_loss(wanted, I, D))
        widget.example = 3
        assert stepper.example == 3
        stepper.alpha = 0.25
        assert widget.values["alpha"] == 0.25
        stepper.alpha = 0.0
        assert widget.values["alpha"] == 0.25
        widget.start(1)
        await until(lambda: not widget.running)
        assert stepper.net is widget.net

    asyncio.run(main())


def test_other_points_or_another_network_put_another_stepper_there():
    widget = playground(NET, data="moons", test=0.1)
    widget.open_stepper()
    first = widget.stepper
    assert first._lock is widget._lock  # two would wait for each other for ever
    widget.values = {"alpha": 0.9}
    assert widget.stepper is first
    assert first.alpha == 0.9
    widget.values = {"hidden": [3, 3]}
    second = widget.stepper
    assert second is not first
    assert (second.net, widget._box.children) == (widget.net, (widget, second))
    widget.values = {"data": "own"}
    assert (widget.stepper, widget._box.children) == (None, (widget,))


def test_the_stepper_follows_at_a_calm_pace(monkeypatch):
    clock = count()
    monkeypatch.setattr(WIDGET, "monotonic", lambda: next(clock) / 100)

    async def main():
        widget = playground(NET, I, D, alpha=1.0, pace=1)
        widget.open_stepper()
        seen = []
        widget.stepper.observe(lambda change: seen.append(widget.stepper.net), "shown")
        began = WIDGET.monotonic()
        widget.start()
        await until(lambda: len({id(net) for net in seen}) > 3)
        assert len(seen) <= 2 + 4 * (WIDGET.monotonic() - began)
        widget.close()
        await asyncio.sleep(0.01)

    asyncio.run(main())


def test_while_it_trains_the_new_numbers_are_not_spoken_and_in_the_end_they_are():
    async def main():
        widget = playground(NET, I, D, alpha=1.0)
        widget.open_stepper()
        widget.stepper.open(("delta", 2, 1))
        spoken, seen = widget.stepper.shown["spoken"], []
        widget.stepper.observe(lambda change: seen.append(change["new"]["spoken"]), "shown")
        widget.start()
        await until(lambda: len(seen) > 2)
        assert set(seen) == {spoken}
        widget.pause()
        await asyncio.sleep(0.02)
        assert seen[-1] == widget.stepper.shown["spoken"] != spoken

    asyncio.run(main())


def test_the_learners_functions_are_in_the_stepper_too():
    widget = playground(NET, I, D, alpha=0.1, step=my_step)
    widget.press("numbers")
    assert widget.stepper.shown["damage"]["words"] == "The numbers are those of my_step, and they are the kit’s."
    assert widget.shown["buttons"]["numbers"]["label"] == "Close the numbers"
    train_on(widget, 3)
    assert widget.stepper.net is widget.net
    assert widget.stepper.shown["foot"]["steps"] == "0 steps taken from there"
    widget.press("numbers")
    assert (widget.stepper, widget._box.children) == (None, (widget,))
    assert widget.shown["buttons"]["numbers"]["label"] == "Open the numbers"


def test_opened_ten_times_nothing_is_left_behind():
    widget = playground(NET, I, D)
    known = ipywidgets.widgets.widget._instances
    before, steppers = len(known), weakref.WeakSet()
    for _ in range(10):
        widget.press("numbers")
        steppers.add(widget.stepper)
        widget.press("numbers")
    assert len(known) == before
    gc.collect()
    assert len(steppers) == 0


def test_what_is_displayed_is_the_playground_with_the_stepper_beside_it():
    widget = playground(NET, I, D)
    bundle = widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == widget._box.model_id
    assert bundle["text/plain"] == "Playground: 2-4-1 on my points"
    assert bundle["image/png"]
    assert playground(NET, data="own")._repr_mimebundle_()
    widget.open_stepper()
    box, stepper = widget._box, widget.stepper
    widget.close()
    assert box.comm is None
    assert stepper.comm is None
