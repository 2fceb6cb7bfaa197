"""Anything at every place where something comes from outside: from a page, a code, a typed line, the record's file.

No exception that a learner sees, nothing that does not fit sticks, what is shown is what is computed from the state,
and what is kept stays small. How many examples: MLPKIT_EXAMPLES, as properties.py sets it.
"""

import json
import math
from contextlib import suppress
from itertools import count
from typing import get_args

import numpy as np
import pytest
import traitlets
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ipywidgets import DOMWidget
from networks import EXAMPLES

from mlpkit import Network, data, trace
from mlpkit.derivations.notes import LINES, mended
from mlpkit.derivations.verdict import UNREAD
from mlpkit.explorers import drawing
from mlpkit.explorers import paths as ways
from mlpkit.notation import symbol_of
from mlpkit.quiz import QUESTIONS, record
from mlpkit.stepper import code
from mlpkit.stepper.breaks import SWITCHES
from mlpkit.widgets import (
    Ask,
    Explorer,
    Paths,
    Stepper,
    deepening,
    digit_pad,
    learning_rate_explorer,
    loss_explorer,
    nudge,
    paths,
    playground,
    sigma_explorer,
    start_explorer,
    step_laboratory,
    stuck_laboratory,
    trial,
    xor_by_hand,
)

pytestmark = pytest.mark.filterwarnings("error")

NET, I, D = data.running_example()
XOR = data.xor()
FUZZ = settings(
    max_examples=max(5, EXAMPLES // 6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What is shown and kept of one widget, as the browser gets it; a Stepper of this network has 50 kB.
MOST_CHARACTERS = 400_000


def asked(name):
    return lambda folder: Ask(QUESTIONS[name], record.Record(folder / f"{next(COUNT)}.json"))


COUNT = count()
KINDS = {question.kind: name for name, question in QUESTIONS.items()}
MAKE = {
    "Stepper": lambda folder: Stepper(NET, *XOR),
    "sigma": lambda folder: sigma_explorer(),
    "loss": lambda folder: loss_explorer(),
    "xor": lambda folder: xor_by_hand(),
    "start": lambda folder: start_explorer(),
    "nudge": lambda folder: nudge(NET, I, D),
    "rates": lambda folder: learning_rate_explorer(NET, *XOR, epochs=3),
    "steps": lambda folder: step_laboratory(NET, *XOR, epochs=3),
    "stuck": lambda folder: stuck_laboratory(*XOR, epochs=3),
    "deepening": lambda folder: deepening(),
    "Paths": lambda folder: paths(Network.random([2, 3, 3, 1], seed=0), I, D),
    "Trial": lambda folder: trial(),
    "Playground, no plane": lambda folder: playground(Network.random([3, 2], seed=0), [[0, 1, 2]], [[0, 1]]),
    "Playground": lambda folder: playground(NET, *XOR),
    "DigitPad": lambda folder: digit_pad(Network.random([64, 10], seed=0)),
    **{f"Ask, {kind}": asked(name) for kind, name in KINDS.items()},
}

# Words that some widget knows, so that not all is turned away at the door.
WORDS = [
    *("w-0-1-2", "w-1-2-1", "w-0-0-0", "w-1e5-1-1", "w_new-0-1-2", "o-1-1", "delta-2-1", "I-1", "I-0", "I-9", "D-1"),
    *(
        "alpha",
        "loss",
        "a",
        "sigma",
        "epsilon",
        "pace",
        "k",
        "layers",
        "start",
        "step",
        "reset",
        "numbers",
        "all",
        "10",
    ),
    *("epoch", "draw", "wrong", "clear", "batch", "hidden", "data", "moons", "own", "noise", "test", "tanh"),
    *("matrix", "break", "N3", "N4", "§1", *SWITCHES),
    *("delta[l][i]", "sum(w[l][i, k] * delta[l+1][k] for k)", "0.3", "1/4", "I1=0.7 n3 @21", "w0.2.1=-0.3 !slope n9"),
    *("\ud83d", "\x00", "<b>", "x" * 20_000),
]
NUMBERS = [0, 1, -1, 2, 7, 0.5, -0.25, 1e5, 1e6, 1e300, -1e308, 5e-324, 10**400, math.inf, -math.inf, math.nan]
PLAIN = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.none(), st.booleans(), st.integers(), st.floats(), st.text()
)
POINT = st.lists(st.floats(0, 1), min_size=2, max_size=2)
ANYTHING = st.one_of(
    PLAIN,
    st.lists(PLAIN, max_size=3),
    st.lists(st.lists(POINT, max_size=3), max_size=3),
    st.lists(st.lists(st.integers(-1, 5), max_size=3), max_size=3),
    st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), PLAIN, max_size=3),
    st.sampled_from([["w-1-2-1"] * 5_000, [[]] * 5_000, [[[0.5, 0.5]] * 5_000], [[[[]]]], {"a": {"a": {}}}]),
)


def value_for(widget, name):
    """Of the kind of a trait, or anything."""
    kinds = {
        "values": st.dictionaries(
            st.sampled_from([one["id"] for one in getattr(widget, "controls", [])] or ["a"]), PLAIN, max_size=3
        ),
        "opened": st.lists(st.sampled_from(WORDS), max_size=3),
        "broken": st.lists(st.sampled_from([*SWITCHES]), max_size=3),
    }
    return st.one_of(kinds[name], ANYTHING) if name in kinds else ANYTHING


def a_request(draw, widget):
    kind = draw(st.sampled_from(widget.takes))
    [do] = get_args(kind.__annotations__["do"])
    request = {"do": do}
    for key in kind.__annotations__.keys() - {"do"}:
        likely = {
            "name": st.sampled_from(widget.set_by_hand or ("keys",)),
            "values": value_for(widget, "values") if isinstance(widget, Explorer) else ANYTHING,
            "symbol": st.sampled_from(WORDS),
            "text": st.sampled_from(WORDS),
            "code": st.sampled_from(WORDS),
            "id": st.sampled_from(WORDS),
            "edge": st.booleans(),
            "typed": st.booleans(),
        }.get(key, ANYTHING)
        request[key] = draw(st.one_of(likely, likely, ANYTHING))
    if do == "set" and isinstance(request["name"], str):
        request["value"] = draw(value_for(widget, request["name"]))
    return request


def own(widget):
    return [name for name in widget.keys if not name.startswith("_") and name not in DOMWidget.class_trait_names()]


def a_message(draw, widget, turn):
    """(what a page sends, whether it is a state)"""
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(own(widget)), min_size=1, max_size=2))
        return {name: draw(value_for(widget, name)) for name in names}, True
    requests = [a_request(draw, widget) for _ in range(draw(st.integers(1, 2)))]
    whole = {"view": "a", "turn": turn, "asked": requests}
    return draw(st.one_of(st.just(whole), st.just(requests[0]), st.just({"view": "b", "probe": 1}), BROKEN)), False


BROKEN = st.dictionaries(st.sampled_from(["view", "turn", "asked", "probe", "do", "values"]), ANYTHING, max_size=4)


def of_the_kit(problem):
    """Whether it says in the kit's own words, or in those of traitlets, what does not fit."""
    at = problem.__traceback__
    while at.tb_next:
        at = at.tb_next
    raised_in = at.tb_frame.f_globals["__name__"]
    kinds = (ValueError, RuntimeError, traitlets.TraitError)
    return isinstance(problem, kinds) and raised_in.startswith(("mlpkit.", "traitlets."))


def settled(widget):
    """What the browser may set, as it stands."""
    return {name: getattr(widget, name) for name in (*widget.set_by_hand, *widget.linked)}


def recomputed(widget):
    """What is shown, and the same computed anew from the state."""
    if isinstance(widget, Stepper):
        now = widget._now
        assert (widget.alpha, widget.example) == (now.alpha, now.example)
        assert widget._states[widget.state] is now or len(widget._states) == widget.state + 1
        assert widget.shown["position"] == widget.position
        assert widget.picked == widget.shown["picked"]
        right = trace(widget.net, now.I[now.example], now.D[now.example], now.alpha, widget.broken)
        return [(one.symbol, one.value) for one in widget.steps], [(one.symbol, one.value) for one in right]
    if isinstance(widget, Paths):
        weight = symbol_of(widget.weight)
        return widget.shown, ways.shown(widget._case, weight, min(widget.path, ways.count(widget.net.n, weight[1])))
    if isinstance(widget, Explorer):
        assert not widget.shown.get("problem")
        with np.errstate(all="ignore"):
            anew = widget._exploration.show(widget.values, widget._memory)
        return widget.shown, anew
    if hasattr(widget, "strokes"):
        return widget.shown, drawing.shown(widget.net, widget.I, widget.wanted, widget._moved)
    before = widget.shown
    widget._show(before["spoken"]) if hasattr(widget, "typed") else None
    return before, widget.shown


@pytest.mark.parametrize("name", MAKE)
@FUZZ
@given(st.data())
def test_whatever_a_page_sends_a_widget_stays_sound(name, tmp_path, data):
    widget, failed = MAKE[name](tmp_path), []
    widget.log.disabled = True
    could_not, widget._could_not = widget._could_not, lambda problem: (failed.append(problem), could_not(problem))
    for turn in range(1, 5):
        content, is_state = a_message(data.draw, widget, turn)
        if is_state:
            widget.set_state(content)
        else:
            widget._on_message(widget, content, [])
        assert [problem for problem in failed if not of_the_kit(problem)] == []
        shown, right = recomputed(widget)
        assert shown == right
        text = json.dumps(
            widget.get_state(own(widget)), ensure_ascii=False, allow_nan=False, default=bytes.hex
        ).encode()
        assert len(text) < MOST_CHARACTERS
        now = settled(widget)
        for trait, value in now.items():
            setattr(widget, trait, value)
        assert settled(widget) == now
    widget.close()


STUCK = [
    ("Stepper", {"alpha": -math.inf}),
    ("Stepper", {"opened": ["w-1e5-1-1"]}),
    ("Stepper", {"shown": {}}),
    ("sigma", {"values": {}}),
    ("sigma", {"values": {"a": math.nan, "sigma": "tanh"}}),
    ("DigitPad", {"wanted": 10}),
    ("sigma", {"controls": []}),
    ("Paths", {"weight": "q-1"}),
    ("Paths", {"options": [], "weight": "q"}),
    ("Trial", {"typed": {"N3": 7}}),
    ("Ask, number", {"draft": [[[]]]}),
    ("Ask, number", {"asks": {}}),
    ("DigitPad", {"strokes": [[]] * 5_000}),
    ("DigitPad", {"opened": True}),
]


@pytest.mark.parametrize(("name", "state"), STUCK, ids=str)
def test_what_does_not_fit_does_not_stick_and_the_page_gets_what_there_is(name, state, tmp_path):
    widget, sent = MAKE[name](tmp_path), []
    before = {trait: getattr(widget, trait) for trait in state}
    widget.send_state = sent.append
    widget.log.disabled = True
    widget.set_state(state)
    assert {trait: getattr(widget, trait) for trait in state} == before
    assert {*sent} >= {*state}


def test_what_fits_is_taken_from_a_page_that_links_two_widgets():
    stepper, explorer = Stepper(NET, *XOR), sigma_explorer()
    stepper.set_state({"alpha": 0.25, "position": 3})
    explorer.set_state({"values": {"a": 2}})
    assert (stepper.alpha, stepper.position, stepper._now.alpha) == (0.25, 3, 0.25)
    assert explorer.values == {"sigma": "sigmoid", "a": 2.0}


@pytest.mark.parametrize(
    ("name", "given_"),
    [("Stepper", {"alpha": -math.inf, "position": 3}), ("sigma", {"values": {"a": "x"}}), ("Trial", {"line": "N99"})],
)
def test_several_traits_set_at_once_are_put_back_together(name, given_, tmp_path):
    widget = MAKE[name](tmp_path)
    before = {trait: getattr(widget, trait) for trait in given_}
    with pytest.raises(traitlets.TraitError):
        DOMWidget.set_state(widget, given_)  # with hold_trait_notifications around it
    assert {trait: getattr(widget, trait) for trait in given_} == before


def test_a_truth_is_kept_as_the_whole_number_that_it_counts_as():
    pad, stepper, way = digit_pad(Network.random([64, 10], seed=0)), Stepper(NET, *XOR), MAKE["Paths"](None)
    pad.wanted = stepper.position = way.path = True
    assert [type(one) for one in (pad.wanted, stepper.position, way.path)] == [int] * 3
    assert pad.D.tolist() == [0, 1, *[0] * 8]


# Codes


@settings(FUZZ, max_examples=EXAMPLES * 5)
@given(st.one_of(st.text(), st.text("IDalphwne@>!=.,-0123456789 ²٣", max_size=60), ANYTHING))
def test_any_text_is_a_code_or_gets_a_sentence(text):
    try:
        moves, refused = code.read(text), None
    except ValueError as problem:
        moves, refused = [], problem
    assert not refused or (of_the_kit(refused) and len(str(refused)) < 300)
    assert {what for what, _ in moves} <= {"set", "example", "broken", "step", "position", "open"}


# Typed lines

TOKENS = [
    *("delta[l][i]", "delta[l+1][k]", "o[l][i]", "a[L-1][1]", "w[l][i, k]", "D[j]", "alpha", "loss", "sigma", "(", ")"),
    *(
        "sum(",
        " for k)",
        " for k in range(1, n[l]))",
        "partial(",
        "kronecker(",
        "[i = j]",
        "sigma_prime(",
        "[",
        "]",
        "=",
    ),
    *(
        "+",
        "-",
        "*",
        "/",
        "**",
        "0",
        "1",
        "9",
        "1e400",
        "9" * 30,
        ",",
        "i",
        "k",
        "l",
        "L",
        "σ′",
        "ℓ",
        "·",
        "^",
        "lambda:",
    ),
    *("\x00", "\ud83d", "import", "await", "f''", "...", "1j", "True", "#", "\n", "\\", "@", ":=", "not", "∂"),
]


@settings(FUZZ, max_examples=EXAMPLES * 2)
@example("§4", "(" * 399)
@example("N3", "-" * 399 + "1")
@example("N3", "0.1**9" * 50)
@example("N3", "1e9**9**9")
@example("N3", "sum(sum(sum(w[l][i, k]*w[l][i, j]*w[l][i, m] for k) for j) for m)")
@given(st.sampled_from([*LINES]), st.one_of(st.text(), st.lists(st.sampled_from(TOKENS), max_size=25).map("".join)))
def test_any_line_gets_a_verdict(name, text):
    verdict = mended(name, text)
    assert verdict.message
    assert len(verdict.message) < 1000
    assert verdict.kind == UNREAD or "nan" not in verdict.message.split()


# The record's file

ENTRY = {"given": "0.3", "predicted": "0.3", "was": "", "right": False, "tries": 1, "when": "", "done": False}
RECORD = {"mlpkit record": 1, "answers": {KINDS["number"]: ENTRY, "mine": ENTRY}}
ENTRIES = st.fixed_dictionaries(
    {
        "given": ANYTHING,
        "predicted": st.sampled_from(["", "0.3", "<b>", "\x00"]),
        "was": st.text(max_size=5),
        "right": st.booleans(),
        "tries": st.one_of(st.integers(1, 5), st.sampled_from([0, -1, 10**400, True])),
        "when": st.text(max_size=30),
        "done": st.booleans(),
    }
)


def records(entry):
    """A file with the same entry for a question of each kind."""
    return json.dumps({"mlpkit record": 1, "answers": {name: {**ENTRY, **entry} for name in KINDS.values()}}).encode()


@st.composite
def files(draw):
    """A record with entries of all kinds, bytes out of place, or other data."""
    answers = draw(st.dictionaries(st.sampled_from([*KINDS.values(), "mine"]), ENTRIES, max_size=3))
    whole = draw(st.one_of(st.just({"mlpkit record": 1, "answers": answers}), st.just(RECORD), ANYTHING))
    with suppress(ValueError):
        text = bytearray(json.dumps(whole).encode())
        for at in draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=2)):
            text[at : at + 1] = draw(st.binary(max_size=2))
        return bytes(text)
    return b"{"


@FUZZ
@example(b"[" * 100_000)
@example(b"\xff\xfe")
@example(records({"given": None, "predicted": "", "tries": 2}))
@example(records({"given": 0, "predicted": "", "done": True}))
@example(records({"given": [[0, 0]] * 5_000, "done": True}))
@example(json.dumps({**RECORD, "answers": {"x": {**ENTRY, "tries": 0}}}).encode()[:-1])
@given(files())
def test_any_file_is_a_record_or_set_aside_and_the_next_answer_is_kept(tmp_path, content):
    file = tmp_path / f"{next(COUNT)}.json"
    file.write_bytes(content)
    mine = record.Record(file)
    assert repr(mine.show())
    assert mine.show()._repr_html_()
    for name in KINDS.values():
        widget = Ask(QUESTIONS[name], mine)
        widget.answer("0.5")
        widget.reveal()
        json.dumps(widget.shown, allow_nan=False)
        assert repr(widget)
    assert mine.note("a new one", ENTRY) is not None
    assert record.Record(file).entries()["a new one"] == ENTRY
    assert mine._kept is None
