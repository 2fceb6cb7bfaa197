"""What all widgets do with the browser's messages, and what stands for them without a kernel."""

from typing import Literal, TypedDict

import pytest

from mlpkit import Network, data
from mlpkit.widgets import Stepper, ask, paths, playground, sigma_explorer, trial
from mlpkit.widgets.base import Widget

NET, I, D = data.running_example()


class Add(TypedDict):
    do: Literal["add"]
    k: object


class Fail(TypedDict):
    do: Literal["fail", "long"]


class Counting(Widget):
    """Does what it is asked for, and notes it."""

    takes = (Add, Fail)

    def __init__(self):
        self.done, self.failed = [], []
        super().__init__()

    def _do(self, do, **what):
        if do == "fail":
            raise ValueError("not today")
        self.done.append((do, *what.values()))

    def _could_not(self, problem):
        self.failed.append(str(problem))


@pytest.fixture
def widget():
    widget = Counting()
    widget.sent = []
    widget.send_state = lambda key=None: widget.sent.append(set(key))
    return widget


def message(widget, **content):
    widget._on_message(widget, content, [])


def add(k):
    return {"do": "add", "k": k}


def test_a_message_is_done_in_its_order_and_answered_once(widget):
    message(widget, view="a", turn=1, asked=[add(1), add(2)])
    message(widget, view="a", turn=2, asked=[add(3)])
    assert widget.done == [("add", 1), ("add", 2), ("add", 3)]
    assert (widget.answered["view"], widget.answered["turn"]) == ("a", 2)
    assert widget.answered["ms"] >= 0
    assert widget.sent == [{"answered"}, {"answered"}]


def test_what_comes_twice_is_done_once_and_what_comes_too_early_is_left(widget):
    message(widget, view="a", turn=1, asked=[add(1)])
    message(widget, view="a", turn=1, asked=[add(1)])
    message(widget, view="a", turn=3, asked=[add(3)])  # the second was lost
    assert widget.done == [("add", 1)]
    assert widget.answered["turn"] == 1
    message(widget, view="a", turn=2, asked=[add(2)])
    message(widget, view="a", turn=3, asked=[add(3)])
    assert widget.done == [("add", 1), ("add", 2), ("add", 3)]


def test_a_probe_is_told_what_has_arrived_and_gets_all_that_there_is_to_see(widget):
    message(widget, view="a", turn=1, asked=[add(1)])
    message(widget, view="b", turn=1, asked=[add(2)])
    message(widget, view="a", probe=4)
    assert (widget.answered["view"], widget.answered["turn"], widget.answered["probe"]) == ("a", 1, 4)
    assert widget.sent[-1] == set(widget.keys) - {"_esm", "_css"}
    message(widget, view="c", probe=1)
    assert (widget.answered["view"], widget.answered["turn"]) == ("c", 0)


def test_views_are_counted_each_for_itself(widget):
    for view in "ab":
        message(widget, view=view, turn=1, asked=[add(view)])
    assert widget.done == [("add", "a"), ("add", "b")]


def test_what_fails_does_not_keep_the_rest_from_being_done_and_answered(widget):
    message(widget, view="a", turn=1, asked=[add(1), {"do": "fail"}, add(2)])
    assert (widget.done, widget.failed) == ([("add", 1), ("add", 2)], ["not today"])
    assert widget.answered["turn"] == 1


def test_an_interrupt_is_answered_too(widget):
    def interrupted(do):
        raise KeyboardInterrupt

    widget._do = interrupted
    with pytest.raises(KeyboardInterrupt):
        message(widget, view="a", turn=1, asked=[{"do": "long"}])
    assert widget.answered["turn"] == 1


def test_what_nobody_waits_for_is_done_and_not_answered(widget):
    message(widget, do="add", k=1)
    assert (widget.done, widget.answered, widget.sent) == ([("add", 1)], {}, [])


MADE = {
    "Stepper": lambda: Stepper(NET, I, D),
    "Explorer": sigma_explorer,
    "Paths": lambda: paths(Network.random([2, 3, 3, 1], seed=0), I, D),
    "Trial": trial,
    "Playground": playground,
    "Ask": lambda: ask("activation of neuron 2"),
}


@pytest.mark.parametrize("name", MADE)
def test_every_widget_carries_a_text_and_a_picture(name):
    widget = MADE[name]()
    assert isinstance(widget, Widget)
    bundle = widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert bundle["text/plain"] == repr(widget)
    assert "0x" not in repr(widget)
    assert bundle["image/png"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


HANDS = {
    "Stepper": ([{"do": "move", "values": {"I-1": 0.7}}], lambda it: it._now.I[0, 0] == 0.7),
    "Explorer": ([{"do": "move", "values": {"a": 2.0}}], lambda it: it.values["a"] == 2),
    "Paths": ([{"do": "set", "name": "path", "value": 2}], lambda it: it.path == 2),
    "Trial": (
        [{"do": "keep", "values": {"N4": "1"}}, {"do": "set", "name": "line", "value": "N4"}],
        lambda it: (it.line, it.typed) == ("N4", {"N4": "1"}),
    ),
    "Playground": ([{"do": "move", "values": {"alpha": 0.25}}], lambda it: it.values["alpha"] == 0.25),
    "Ask": ([{"do": "set", "name": "draft", "value": "0.3"}], lambda it: it.draft == "0.3"),
}


@pytest.mark.parametrize("name", HANDS)
def test_every_widget_does_what_its_hand_asks_for_and_nothing_else(name):
    widget = MADE[name]()
    asked, holds = HANDS[name]
    message(widget, view="a", turn=1, asked=asked)
    assert holds(widget)
    before = repr(widget)
    message(widget, view="a", turn=2, asked=[{"do": "_show"}, {"do": "set", "name": "keys", "value": []}])
    assert widget.answered["turn"] == 2
    assert repr(widget) == before
    assert holds(widget)
