"""The explorers and the trainer in Python: their traits, their buttons, and one training at a time."""

import asyncio
import base64
import linecache
from importlib import import_module
from itertools import count

import numpy as np
import pytest
import traitlets
from networks import NET, XOR_D, XOR_I, W

from mlpkit import Network, explorers, forward, half_squared_error, identity, step
from mlpkit.core.training import mean_loss, train
from mlpkit.widgets import (
    Explorer,
    learning_rate_explorer,
    loss_explorer,
    nudge,
    sigma_explorer,
    start_explorer,
    trainer,
    xor_by_hand,
)

EVERY = {
    "σ and its derivative σ′": sigma_explorer,
    "L̃ against o": loss_explorer,
    "XOR by hand": xor_by_hand,
    "One weight nudged": lambda: nudge(NET, [0.5, 1], [1]),
    "The learning rate": lambda: learning_rate_explorer(NET, [0.5, 1], [1], 20),
    "How the weights start": start_explorer,
    "Training": lambda: trainer(NET, XOR_I, XOR_D),
}


@pytest.mark.parametrize("name", EVERY)
def test_beside_the_view_there_are_a_picture_and_a_fixed_text(name):
    bundle = EVERY[name]()._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["text/plain"] == f"Explorer: {name}"
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_values_can_be_set_in_part_and_the_picture_follows():
    explorer = sigma_explorer()
    explorer.values = {"a": 2.0}
    assert explorer.values == {"sigma": "sigmoid", "a": 2.0}
    assert explorer.shown == explorers.sigma().show(explorer.values, None)
    explorer.values = {"a": 99}
    assert explorer.values["a"] == 6


@pytest.mark.parametrize("bad", [{"a": "x"}, {"a": float("nan")}, {"b": 1}, {"sigma": "sinus"}])
def test_a_bad_value_is_refused_and_leaves_everything_as_it_was(bad):
    explorer = sigma_explorer()
    values, shown = explorer.values, explorer.shown
    with pytest.raises(traitlets.TraitError, match=r"needed|no control"):
        explorer.values = bad
    assert (explorer.values, explorer.shown) == (values, shown)
    explorer.values = {"a": 1.0}
    assert explorer.values["a"] == 1


def test_an_explorer_of_ones_own_and_what_it_raises():
    def show(values, memory):
        return {"panels": [], "rows": [explorers.sentence(f"{1 / values['x']:g}")], "spoken": "."}

    explorer = Explorer(explorers.Exploration("mine", [explorers.slider("x", "x", "x", -1, 1, 0.1, 0.5)], show))
    assert explorer.shown["rows"][0]["text"] == "2"
    explorer.values = {"x": 0}
    line = show.__code__.co_firstlineno + 1
    said = f"show stops in line {line}, {linecache.getline(__file__, line).strip()[:77]}..., with ZeroDivisionError"
    assert explorer.shown["problem"] == f"{said}: float division by zero."
    assert repr(explorer) == f"Explorer: mine\n{explorer.shown['problem']}"
    assert explorer.shown["rows"][0]["text"] == "2"
    explorer.values = {"x": -0.5}
    assert "problem" not in explorer.shown
    assert explorer.shown["rows"][0]["text"] == "-2"


def test_buttons():
    explorer = xor_by_hand()
    explorer.values = {"w-0-0-1": 3}
    assert explorer.shown["status"][3][:2] == ["moves", "1"]
    explorer._on_message(explorer, {"do": "press", "id": "reset"}, [])
    assert explorer.values["w-0-0-1"] == 0
    assert explorer.shown["status"][3][:2] == ["moves", "0"]
    with pytest.raises(ValueError, match="no button 'jump' here: take one of best, reset"):
        explorer.press("jump")


# The trainer.

WIDGET = import_module("mlpkit.widgets.trainer")  # as a name in a dotted path it is the function


@pytest.fixture
def clock(monkeypatch):
    """A clock for the trainer that goes on by a millisecond each time it is read, whatever the machine is doing."""
    ticks = count()
    monkeypatch.setattr(WIDGET, "monotonic", lambda: next(ticks) / 1000)
    return WIDGET.monotonic


async def finished(widget):
    while widget.running:
        await asyncio.sleep(0.001)


def test_it_trains_as_train_does():
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, alpha=3.0, epochs=500, batch_size=3, seed=7)
        widget.start()
        assert widget.running
        assert widget.shown["status"][-1][1] == "training"
        await finished(widget)
        return widget

    widget = asyncio.run(main())
    run = train(NET, XOR_I, XOR_D, 3.0, 500, 3, 7)
    assert widget.loss == run.loss
    assert [w.tolist() for w in widget.net.w] == [w.tolist() for w in run.net.w]
    assert widget.shown["status"][-1][1] == "finished"
    assert widget.shown["panels"][0]["curves"][0]["points"][-1][1] == pytest.approx(run.loss[-1], rel=1e-4)


def test_started_twice_it_runs_once_and_stops_and_goes_on_and_resets():
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, alpha=1.0, epochs=100_000)
        widget.press("start")
        task = widget._task
        widget.press("start")
        assert widget._task is task
        await asyncio.sleep(0.05)
        widget.press("stop")
        assert not widget.running
        assert widget.shown["controls"]["start"] == {
            "label": "Continue",
            "spoken": "Continue the training",
            "disabled": False,
        }
        await asyncio.sleep(0.02)
        done, net = len(widget.loss), widget.net
        await asyncio.sleep(0.02)
        assert (len(widget.loss), widget.net) == (done, net)
        assert 0 < done < 100_000
        assert widget.loss[-1] == pytest.approx(mean_loss(net, XOR_I, XOR_D))
        widget.press("start")
        await asyncio.sleep(0.05)
        assert len(widget.loss) > done
        widget.press("reset")
        await asyncio.sleep(0.02)
        assert (widget.loss, widget.net) == ([], NET)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_after_the_end_it_goes_on_for_as_many_epochs_again():
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, alpha=3.0, epochs=30)
        widget.start()
        await finished(widget)
        assert widget.shown["controls"]["start"]["label"] == "Go on"
        widget.press("start")
        await finished(widget)
        assert widget.shown["panels"][0]["x"]["to"] == 60
        assert widget.loss == pytest.approx(train(NET, XOR_I, XOR_D, 3.0, 60).loss)
        widget.press("reset")
        widget.start()
        await finished(widget)
        assert len(widget.loss) == 30

    asyncio.run(main())


def test_a_pace_is_so_many_epochs_from_picture_to_picture(clock):
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, epochs=35, pace=10)
        epochs = []
        widget.observe(lambda change: epochs.append(len(widget.loss)), "shown")
        widget.start()
        await finished(widget)
        assert epochs == [0, 10, 20, 30, 35, 35]
        widget.reset()
        widget.values = {"pace": "1"}
        widget.start()
        end = clock() + 0.12
        while clock() < end:
            await asyncio.sleep(0.001)
        widget.stop()
        assert 1 <= len(widget.loss) <= 4
        assert widget.loss[-1] == pytest.approx(mean_loss(widget.net, XOR_I, XOR_D))

    asyncio.run(main())


def test_alpha_moved_while_it_runs_counts_from_then_on():
    async def main():
        widget = trainer(Network(W, identity), [[0.5, 1.0]], [[1.0]], alpha=0.001, epochs=10_000_000)
        widget.start()
        await asyncio.sleep(0.05)
        widget.values = {"alpha": 10.0}
        await finished(widget)
        return widget

    widget = asyncio.run(main())
    assert "take a smaller α" in widget.shown["problem"]
    assert all(np.isfinite(w).all() for w in widget.net.w)
    assert widget.shown["controls"]["start"]["disabled"] is False


def test_other_tasks_have_their_turn_and_pictures_are_few(clock):
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, epochs=10_000_000)
        pictures = []
        widget.observe(lambda change: pictures.append(change), "shown")
        widget.start()
        turns = 0
        end = clock() + 0.6
        while clock() < end:
            turns += 1
            await asyncio.sleep(0)
        widget.stop()
        return turns, len(pictures)

    turns, pictures = asyncio.run(main())
    assert turns >= 8
    assert 2 <= pictures <= 16


def test_closed_or_left_it_stops():
    async def main(leave):
        widget = trainer(NET, XOR_I, XOR_D, epochs=10_000_000)
        widget._on_message(widget, {"do": "opened"}, [])
        widget._on_message(widget, {"do": "opened"}, [])
        widget.start()
        task = widget._task
        widget._on_message(widget, {"do": "closed"}, [])
        await asyncio.sleep(0)
        assert widget.running  # one view is left
        leave(widget)
        await asyncio.sleep(0.02)
        assert task.done()

    asyncio.run(main(lambda widget: widget._on_message(widget, {"do": "closed"}, [])))
    asyncio.run(main(lambda widget: widget.close()))


def test_it_stops_when_the_browser_no_longer_answers(clock, monkeypatch):
    monkeypatch.setattr(WIDGET, "_LOST_S", 0.05)

    async def main():
        widget = trainer(NET, XOR_I, XOR_D, epochs=10_000_000)
        widget._on_message(widget, {"do": "opened"}, [])
        widget.start()
        await asyncio.wait_for(finished(widget), 120)
        return widget

    assert asyncio.run(main()).shown["status"][-1][1] == "stopped"


def test_no_picture_is_sent_before_the_last_one_is_drawn(clock):
    async def turns(widget):
        """The training goes on for a while: there is time for pictures."""
        done = len(widget.loss)
        while len(widget.loss) < done + 200:
            await asyncio.sleep(0.001)

    async def main():
        widget = trainer(NET, XOR_I, XOR_D, epochs=10_000_000)
        widget._on_message(widget, {"do": "opened"}, [])
        widget.start()
        turn, began = widget._turn, clock()
        await turns(widget)
        assert widget._turn == turn
        widget._on_message(widget, {"do": "drawn", "picture": turn}, [])
        await turns(widget)
        assert widget._turn == turn + 1
        assert clock() - began < 1  # after a second without a word it would draw again
        widget.stop()

    asyncio.run(main())


def test_the_share_of_right_test_examples():
    async def main():
        widget = trainer(NET, XOR_I, XOR_D, test=(XOR_I[:2], XOR_D[:2]), alpha=8.0, epochs=2000)
        widget.start()
        await finished(widget)
        return widget

    widget = asyncio.run(main())
    assert len(widget.tested) == 2001  # at the start and after every epoch
    assert widget.tested[-1][:2] == (1.0, 1.0)
    assert widget.tested[-1][2] == pytest.approx(mean_loss(widget.net, XOR_I[:2], XOR_D[:2]))
    assert [*(forward(widget.net, XOR_I)[1][2][[1, 2, 0, 3], 1] > 0.5)] == [1, 1, 0, 0]
    assert widget.shown["status"][2][:2] == ["test right", "100 %"]


def test_without_a_notebook_start_tells_what_to_do():
    widget = trainer(NET, XOR_I, XOR_D)
    with pytest.raises(RuntimeError, match=r"event loop of a notebook: in a script call train\(net, I, D\)"):
        widget.start()
    assert not widget.running
    assert widget.loss == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"I": [[1.0]]}, "I has 1 input"),
        ({"D": [[1.0]]}, "give one row of desired outputs for each example"),
        ({"alpha": 0}, "alpha is 0, but a learning rate above 0 is needed here"),
        ({"alpha": "x"}, "alpha is 'x'"),
        ({"epochs": 0}, "epochs is 0"),
        ({"pace": 2}, "pace is 2, but one of these is needed: 1, 10, 100, all"),
        ({"test": ([[1.0]], [[1.0]])}, "I has 1 input"),
    ],
)
def test_what_does_not_fit_is_told_at_the_door(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        trainer(**({"net": NET, "I": XOR_I, "D": XOR_D} | arguments))


def test_one_step_is_step():
    async def main():
        widget = trainer(NET, [0.5, 1.0], [1.0], alpha=0.5, epochs=1)
        widget.start()
        await finished(widget)
        return widget

    widget = asyncio.run(main())
    after = step(NET, [0.5, 1.0], [1.0], 0.5)
    for mine, other in zip(widget.net.w, after.w, strict=True):
        assert mine == pytest.approx(other)
    assert widget.loss == [pytest.approx(half_squared_error.value(forward(after, [0.5, 1])[1][2][1:], [1]))]


# An explorer of one's own.


SLIDER = explorers.slider("w", "w", "weight w", -1, 1, 0.1, 0)
AXIS, LINE = explorers.axis("o", 0, 1), explorers.curve([0, 1], [0, 1])
UNFIT = {
    "show": (
        lambda: explorers.Exploration("mine", [SLIDER], {}),
        "show is {}, but a function is needed, not its result",
    ),
    "controls": (lambda: explorers.Exploration("mine", SLIDER, print), "but a list of sliders, choices and buttons"),
    "twice": (lambda: explorers.Exploration("mine", [SLIDER, SLIDER], print), "several controls with the id 'w'"),
    "slider": (
        lambda: explorers.slider("w", "w", "w", 1, 1, 0.1, 1),
        "'w' goes from 1 to 1 by 0.1 and begins at 1, but",
    ),
    "outside": (lambda: explorers.slider("w", "w", "w", 0, 1, 0.1, 2), "begins at 2, but low < high, a step above 0"),
    "log": (lambda: explorers.slider("w", "w", "w", 0, 1, 0.1, 1, log=True), r"\(log=True\) it has to begin above 0"),
    "choice": (lambda: explorers.choice("c", "c", "c", {"a": "A"}, "b"), "'c' begins at 'b', but one of its options"),
    "axis": (lambda: explorers.axis("o", 1, 0), "the axis 'o' goes from 1 to 0, but low below high is needed"),
    "log axis": (lambda: explorers.axis("α", 0, 1, log=True), "from 0 to 1, but low below high is needed, and above 0"),
    "kit's colour": (
        lambda: explorers.curve([1], [1], "zero"),
        "colour is 'zero', but one of these is needed: 'o', 'delta', 'w', 'dw', 'fg', 'muted'",
    ),
    "shape": (lambda: explorers.marks([1], [1], "star"), "shape is 'star', but one of these is needed: 'circle'"),
    "shape of a point": (lambda: explorers.point(1, 1, shape="star"), "shape is 'star', but one of these is needed"),
    "place": (lambda: explorers.point(1, 1, place="top"), "place is 'top', but one of these is needed: 'above'"),
    "curves": (
        lambda: explorers.panel("o", "o", AXIS, AXIS, curves=LINE),
        r"curves is what curve\(...\) returns, but a list is needed: curves=\[curve\(...\)\]",
    ),
    "points": (lambda: explorers.panel("o", "o", AXIS, AXIS, points=0.5), "points is 0.5, but a list is needed: poi"),
    "text": (lambda: explorers.panel("o", "o", AXIS, AXIS, curves="o"), "curves is 'o', but a list is needed: curves"),
    "marks": (
        lambda: explorers.panel("o", "o", AXIS, AXIS, marks=[LINE]),
        r"marks holds .*, but what marks\(...\) returns is needed: marks=\[marks\(...\)\]",
    ),
    "y": (lambda: explorers.panel("o", "o", AXIS, (0, 1)), r"y is \(0, 1\), but what axis\(...\) returns is needed"),
    "heat": (
        lambda: explorers.panel("o", "o", AXIS, AXIS, heat=[[0.5]]),
        r"heat is \[\[0.5\]\], but what heat\(...\) returns is needed",
    ),
    "colour": (lambda: explorers.curve([1], [1], "red"), "colour is 'red', but one of these is needed: 'o', 'delta'"),
    "lengths": (
        lambda: explorers.curve([1, 2, 3], [1, 2]),
        r"x has the shape \(3,\) and y the shape \(2,\), but equally",
    ),
    "number": (
        lambda: explorers.numbers(("o", 0.5)),
        "0.5 stands where a text is needed: write a number with notation",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_does_not_fit_in_an_explorer_gets_one_sentence(name):
    make, said = UNFIT[name]
    with pytest.raises(ValueError, match=said):
        make()


def test_what_show_forgets_is_told_in_the_explorer():
    explorer = Explorer(explorers.Exploration("mine", [SLIDER], lambda values, memory: {"panels": [], "rows": []}))
    assert explorer.shown["problem"].startswith(
        "ValueError: what show returns has no fitting spoken, but a dict is needed"
    )
    explorer = Explorer(explorers.Exploration("mine", [SLIDER], lambda values, memory: None))
    assert explorer.shown["problem"].startswith("ValueError: what show returns is None, but a dict is needed")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"rows": ["text"]}, "rows holds 'text', but what table(...), numbers(...) or sentence(...) returns is needed"),
        ({"panels": [LINE]}, "panels holds {"),
        ({"panels": [[]]}, "panels holds [], but what panel(...) returns is needed"),
    ],
)
def test_what_show_returns_is_looked_into(shown, said):
    whole = {"panels": [], "rows": [], "spoken": "."}
    explorer = Explorer(explorers.Exploration("mine", [SLIDER], lambda values, memory: whole | shown))
    assert explorer.shown["problem"].startswith(f"ValueError: {said}")
    assert repr(explorer) == f"Explorer: mine\n{explorer.shown['problem']}"
    assert {"image/png", "text/plain"} <= set(explorer._repr_mimebundle_()[0])


def test_what_the_kit_refuses_in_show_is_told_with_the_line():
    def show(values, memory):
        return {"panels": [explorers.panel("o", "o", AXIS, AXIS, LINE)], "rows": [], "spoken": "."}

    explorer = Explorer(explorers.Exploration("mine", [SLIDER], show))
    line = f"show stops in line {show.__code__.co_firstlineno + 1}, return"
    assert explorer.shown["problem"].startswith(line)
    assert "with ValueError: curves is what curve(...) returns, but a list is needed" in explorer.shown["problem"]


def test_what_a_button_or_the_memory_raises_is_told_in_the_explorer():
    controls = [SLIDER, explorers.button("go", "Go", "go")]

    def made(**given):
        def show(values, memory):
            return {"panels": [], "rows": [explorers.sentence("here")], "spoken": "."}

        return Explorer(explorers.Exploration("mine", controls, show, **given))

    explorer = made(press={"go": lambda values, memory: values})
    explorer.log.disabled = True
    explorer._on_message(explorer, {"do": "press", "id": "go"}, [])
    assert explorer.shown["problem"] == (
        "ValueError: what the function of the button 'go' returns is {'w': 0.0}, but a pair is needed: values, memory"
    )
    assert explorer.shown["rows"][0]["text"] == "here"
    with pytest.raises(ValueError, match="but a pair is needed"):
        explorer.press("go")
    explorer = made(remember=lambda memory, values: 1 / (1 - values["w"]))
    explorer.log.disabled = True
    explorer._on_message(explorer, {"do": "move", "values": {"w": 1.0}}, [])
    assert "with ZeroDivisionError: " in explorer.shown["problem"]


def test_a_button_without_a_function_is_told():
    controls = [explorers.button("go", "Go", "go")]
    explorer = Explorer(
        explorers.Exploration("mine", controls, lambda values, memory: {"panels": [], "rows": [], "spoken": ""})
    )
    with pytest.raises(ValueError, match="nothing is to be done at the button 'go'"):
        explorer.press("go")
    assert "nothing is to be done at the button 'go'" in explorer.shown["problem"]
