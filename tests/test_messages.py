"""The messages between Python and the browser are what widgets/messages.py says of them."""

import re
from typing import get_args

import pytest

from mlpkit import Network, data, forward
from mlpkit.widgets import (
    Ask,
    DigitPad,
    Explorer,
    Paths,
    Playground,
    Stepper,
    Trial,
    ask,
    deepening,
    digit_pad,
    learning_rate_explorer,
    loss_explorer,
    messages,
    nudge,
    paths,
    playground,
    sigma_explorer,
    start_explorer,
    trial,
    xor_by_hand,
)
from mlpkit.widgets.assets import BROWSER
from mlpkit.widgets.base import Widget

NET, I, D = data.running_example()
WIDGETS = (Ask, DigitPad, Explorer, Paths, Playground, Stepper, Trial)


def do_of(kind):
    [do] = get_args(kind.__annotations__["do"])
    return do


def keys_of(text, begin):
    """The keys of the object literal of JavaScript that begins there."""
    keys, depth = set(), 0
    for at in range(begin, len(text)):
        depth += {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}.get(text[at], 0)
        if not depth:
            return keys
        if depth == 1 and text[at] in "{,":
            keys.add(re.match(r"\s*(\w+)", text[at + 1 :])[1])


def requests_in(text):
    """[(its do, {key})] of each request that is made there."""
    return [(found[1], keys_of(text, found.start())) for found in re.finditer(r'\{ do: "(\w+)"', text)]


@pytest.mark.parametrize("widget", WIDGETS)
def test_what_the_page_asks_for_is_what_the_widget_takes(widget):
    sent = requests_in(str(widget._esm))
    kinds = {do_of(kind): kind for kind in widget.takes}
    assert {do for do, _ in sent} == {*kinds}
    assert all(kinds[do].__required_keys__ <= keys for do, keys in sent)
    for do, kind in kinds.items():
        assert {*kind.__annotations__} == set().union(*(keys for other, keys in sent if other == do))


def test_the_messages_of_the_page_are_the_described_ones():
    kernel = (BROWSER / "kernel.js").read_text("utf-8")
    assert "model.send({ view, ...message })" in kernel
    posted = {frozenset(keys_of(kernel, found.end() - 1)) for found in re.finditer(r"\bpost\(\{", kernel)}
    described = [frozenset(kind.__annotations__) for kind in (messages.Turn, messages.Probe)]
    assert {keys | {"view"} for keys in posted} == {*described}
    assert {*re.findall(r"\banswer\.(\w+)", kernel)} == {*messages.Answered.__annotations__}


def test_every_request_that_is_described_is_taken_by_a_widget():
    requests = {kind for kind in vars(messages).values() if "do" in getattr(kind, "__annotations__", ())}
    assert requests == {kind for widget in WIDGETS for kind in widget.takes}


@pytest.mark.parametrize("widget", WIDGETS)
def test_what_a_hand_may_set_is_a_trait_and_set_by_the_page(widget):
    assert set(widget.set_by_hand) <= {*widget.class_trait_names(sync=True)}
    assert bool(widget.set_by_hand) == (messages.Set in widget.takes)


def answered_ask():
    widget = ask("activation of neuron 2")
    widget.answer("1.2")
    return widget


def tried():
    widget = trial("N3")
    widget.try_printed()
    widget.try_mine("1")
    return widget


def not_drawn():
    broken = sigma_explorer()
    object.__setattr__(broken._exploration, "show", lambda values, memory: 1 / 0)
    broken._show()
    return broken


def drawn_on():
    pad = digit_pad(Network.random([64, 10]))
    pad.strokes = [[[0.5, 0.1], [0.5, 0.9]]]
    return pad


SHOWN = {
    messages.StepperShown: [lambda: Stepper(NET, I, D), lambda: Stepper(NET, I, D, forward=forward)],
    messages.ExplorerShown: [
        sigma_explorer,
        loss_explorer,
        xor_by_hand,
        start_explorer,
        deepening,
        not_drawn,
        lambda: nudge(NET, I, D),
        lambda: learning_rate_explorer(NET, *data.xor(), epochs=3),
    ],
    messages.DigitPadShown: [lambda: digit_pad(Network.random([64, 10])), drawn_on],
    messages.PathsShown: [lambda: paths(Network.random([2, 3, 3, 1], seed=0), I, D)],
    messages.PlaygroundShown: [
        lambda: playground(data="moons"),
        lambda: playground(Network.random([3, 2]), [[0, 1, 2]], [[0, 1]]),
    ],
    messages.TrialShown: [trial, tried],
    messages.AskShown: [lambda: ask("activation of neuron 2"), answered_ask],
}


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.__name__)
def test_what_is_shown_is_what_is_described(kind):
    found = [make().shown for make in SHOWN[kind]]
    assert [messages.unfit(shown, kind) for shown in found] == [""] * len(found)
    assert set().union(*found) == {*kind.__annotations__}


def test_every_kind_of_what_is_shown_is_made_here():
    described = {kind for name, kind in vars(messages).items() if name.endswith("Shown")}
    assert described == {*SHOWN}


class Kept(Widget):
    takes = (messages.Open, messages.MoveOrType)

    def __init__(self):
        self.done, self.failed = [], []
        super().__init__()

    def _do(self, do, **what):
        self.done.append(do)

    def _could_not(self, problem):
        self.failed.append(str(problem))


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        ({"do": "open", "edge": False}, "symbol"),
        ({"do": "open", "symbol": 7, "edge": False}, "symbol"),
        ({"do": "open", "symbol": "o-1-1", "edge": None}, "edge"),
        ({"do": "open", "symbol": "o-1-1", "edge": False, "self": 1}, "self"),
        ({"do": "move", "values": [1]}, "values"),
        ({"do": "move", "values": {}, "typed": "yes"}, "typed"),
    ],
)
def test_what_is_not_made_as_described_is_refused_and_the_rest_is_done(request_, wrong):
    widget = Kept()
    right = {"do": "move", "values": {}}
    widget._on_message(widget, {"view": "a", "turn": 1, "asked": [request_, right]}, [])
    assert widget.done == ["move"]
    assert widget.failed == [f"{request_['do']} came with no fitting {wrong}"]
    assert widget.answered["turn"] == 1


@pytest.mark.parametrize("request_", [None, 7, "open", [], {}, {"do": ["open"]}, {"do": "reset"}, {"do": "_show"}])
def test_what_is_not_known_is_left_alone(request_):
    widget = Kept()
    widget._on_message(widget, {"view": "a", "turn": 1, "asked": [request_]}, [])
    assert (widget.done, widget.failed, widget.answered["turn"]) == ([], [], 1)


@pytest.mark.parametrize(
    "message",
    [
        {"view": "a", "turn": 1},
        {"view": "a", "turn": 1, "asked": "open"},
        {"view": ["a"], "turn": 1, "asked": []},
        {"view": "a", "turn": None, "asked": []},
        {"view": ["a"], "probe": 1},
        {"view": "a", "probe": "1"},
    ],
)
def test_a_message_that_is_not_made_as_described_is_left_alone(message):
    widget = Kept()
    widget._on_message(widget, message, [])
    assert (widget.done, widget.answered) == ([], {})
