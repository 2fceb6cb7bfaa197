"""The explorers in Python: their traits and their buttons."""

import base64
import linecache

import pytest
import traitlets
from networks import NET

from mlpkit import explorers
from mlpkit.widgets import (
    Explorer,
    learning_rate_explorer,
    loss_explorer,
    nudge,
    sigma_explorer,
    start_explorer,
    xor_by_hand,
)

EVERY = {
    "σ and its derivative σ′": sigma_explorer,
    "L̃ against o": loss_explorer,
    "XOR by hand": xor_by_hand,
    "One weight nudged": lambda: nudge(NET, [0.5, 1], [1]),
    "The learning rate": lambda: learning_rate_explorer(NET, [0.5, 1], [1], 20),
    "How the weights start": start_explorer,
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
