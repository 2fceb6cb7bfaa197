"""Whatever a learner can name, raise, return or type is shown as it stands: none of it is taken as markup."""

import asyncio
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from mlpkit import Activation, Loss, Network, check, data, forward, step
from mlpkit.derivations.notes import LINES
from mlpkit.quiz import QUESTIONS
from mlpkit.quiz.record import NAME, Record
from mlpkit.widgets import Stepper, explorer, paths, playground, trial
from mlpkit.widgets.ask import Ask

WIDGETS = Path(explorer.__file__).parent
T = '<img src=x onerror="alert(1)"> &lt; <b>c</b> $x$ \\(y\\) $\\frac{$'

# Each place in the browser where a string becomes markup, as it is written there, and where Python has that string.
# Every other text of the browser goes through setText, setAttribute or append.
MARKUP = {
    "asks.options[index].label": ["asks/options/*/label"],
    "asks.equation": ["asks/equation"],
    "option.filled": ["asks/options/*/filled"],
    "cell.label": ["asks/cells/*/*/label"],
    "head": ["asks/columns/*"],
    "asks.rows[row]": ["asks/rows/*"],
    "spec[name][1]": ["shown/outcome/said/1", "shown/outcome/was/1"],
    "spec.why": ["shown/outcome/why"],
    "asks.prompt": ["asks/prompt"],
    "asks.form": ["asks/form"],
    "shown.message": ["shown/message"],
    "next.label": ["controls/*/label", "shown/sliders/*/label", "shown/buttons/*/label"],
    "text": ["shown/rows/*/head/*", "shown/rows/*/body/*/*"],
    "cells[0]": ["shown/rows/*/body/*/0"],
    "words": ["shown/rows/*/pairs/*/0", "shown/status/*/0"],
    "number": ["shown/rows/*/pairs/*/1", "shown/status/*/1"],
    "spec.text": ["shown/rows/*/text"],
    "matrix.formula": ["shown/matrix/formula"],
    "panel.title": ["shown/panel/title"],
    'table && `<math display="block"><mtable displaystyle="true">${table}</mtable></math>`': ["shown/panel/rows/*/*"],
    "shown.equation": ["shown/equation"],
    "shown.line": ["shown/line"],
    "`for ${shown.scope}`": ["shown/scope"],
    "`What should stand on the right of <math>${shown.left}</math> <math><mo>=</mo></math>`": ["shown/left"],
    "shown.mine": ["shown/mine"],
    "`tried for ${shown.mine_scope}`": ["shown/mine_scope"],
}
TAGS = (
    "math mrow mi mn mo mtext mspace msub msup msubsup mover munder munderover mfrac msqrt mtable mtr mtd "
    "b i em code strong span p div table thead tbody tr th td a"
)


class Read(HTMLParser):
    """The tags and the text of some HTML, as a browser reads it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.attributes = set(), "", set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.words += data


def read(html):
    found = Read(html)
    assert found.tags <= set(TAGS.split()), html
    assert not [name for name in found.attributes if name.startswith("on")], html
    return found.words


def at(value, path):
    """The strings at a path such as "controls/*/label"."""
    if not path:
        return [value] if isinstance(value, str) else []
    here, _, rest = path.partition("/")
    if isinstance(value, dict):
        inside = list(value.values()) if here == "*" else [value[here]] if here in value else []
    elif isinstance(value, (list, tuple)):
        inside = list(value) if here == "*" else [value[int(here)]] if here.isdigit() and int(here) < len(value) else []
    else:
        inside = []
    return [found for one in inside for found in at(one, rest)]


def shown_as_markup(widget):
    """The text of every string of a widget that the browser takes as markup; each must be the kit's own markup."""
    state = {name: getattr(widget, name) for name in widget.trait_names(sync=True)}
    strings = [one for places in MARKUP.values() for path in places for one in at(state, path)]
    return [read(one) for one in strings]


def second_arguments(source, name):
    """The second argument of each call of a function of two arguments, as it is written."""
    for call in re.finditer(rf"(?<!function ){name}\(", source):
        depth, comma, end = 1, None, call.end()
        while depth:
            sign = source[end]
            depth += (sign in "([{") - (sign in ")]}")
            if sign == "," and depth == 1 and comma is None:
                comma = end + 1
            end += 1
        yield source[comma : end - 1].strip()


def test_every_place_where_a_string_becomes_markup_is_known():
    sources = "\n".join(path.read_text("utf-8") for path in WIDGETS.rglob("*.js"))
    assert set(second_arguments(sources, "setHtml")) == set(MARKUP)
    assert sources.count("innerHTML") == 1  # in setHtml itself
    assert not re.search(r"insertAdjacentHTML|outerHTML|createContextualFragment|DOMParser|setHTML|\.write\(", sources)


def sigma():
    return Activation(T, T, np.tanh, lambda a: 1 - np.tanh(a) ** 2)


def loss():
    return Loss(T, T, lambda o, D: ((o - D) ** 2).sum(axis=-1), lambda o, D: 2 * (o - D))


def named(function):
    function.__name__ = function.__qualname__ = T
    return function


def raising(*_):
    raise RuntimeError(T)


def my_step(net, I, D, alpha):
    return step(net, I, D, 2 * alpha)


def my_forward(net, I):
    a, o = forward(net, I)
    return a, [2 * one for one in o]


def net():
    return Network.random([2, 3, 1], sigma(), loss(), seed=1)


EXPLORERS = {
    "the name of a σ": lambda: explorer.sigma_explorer(sigma(), sigma()),
    "the name of a loss": lambda: explorer.loss_explorer(loss()),
    "both, nudged": lambda: explorer.nudge(net(), (0.5, 1), (1,)),
    "both, in a training": lambda: explorer.learning_rate_explorer(net(), *data.xor(), epochs=2),
    "the name of a function": lambda: explorer.xor_by_hand(named(my_forward)),
    "what a function raises": lambda: explorer.xor_by_hand(raising),
    "what a function returns": lambda: explorer.xor_by_hand(lambda net, I: T),
    "in the playground": lambda: playground(Network.random([2, 1], sigma(), loss()), step=named(my_step)),
    "what a σ raises": lambda: explorer.sigma_explorer(Activation(T, T, raising, raising)),
    "what a loss raises": lambda: explorer.loss_explorer(Loss(T, T, raising, raising)),
    "paths": lambda: paths(net(), (0.5, 1), (1,)),
    "a Stepper's σ and L̃": lambda: Stepper(net(), *data.xor()),
    "a Stepper's own functions": lambda: Stepper(net(), *data.xor(), forward=named(my_forward), step=raising),
}


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("what", EXPLORERS)
def test_in_every_widget(what):
    it = EXPLORERS[what]()
    assert shown_as_markup(it)
    bundle = it._repr_mimebundle_()  # the picture on paper too: a $ begins no formula there
    assert (bundle[0] if isinstance(bundle, tuple) else bundle)["image/png"]


@pytest.mark.parametrize(
    ("what", "where"),
    [("the name of a loss", "shown/rows/0/body/2/0"), ("what a function raises", "shown/rows/1/text")],
)
def test_it_can_be_read_as_it_was_written(what, where):
    (html,) = at({"shown": EXPLORERS[what]().shown}, where)
    assert T in read(html)


def test_what_is_missing_in_a_call_is_told_with_the_name_of_the_function():
    def take(net):
        return None

    take.__name__ = take.__qualname__ = "<lambda>"
    (html,) = at({"shown": explorer.xor_by_hand(take).shown}, "shown/rows/1/text")
    assert "<lambda>() takes 1 positional argument" in read(html)


def test_in_a_training_that_has_run():
    it = playground(Network.random([2, 1], sigma(), loss()), *data.xor(), step=named(my_step))

    async def run():
        it.start(3)
        await it._task

    asyncio.run(run())
    assert it.epochs == 3
    assert shown_as_markup(it)


def test_at_every_number_of_a_stepper():
    s = Stepper(net(), *data.xor(), forward=named(my_forward))
    s.position = len(s._scene.stops)
    for one in s.steps:
        s.open(one.symbol)
        assert shown_as_markup(s)
    with pytest.raises(ValueError, match="img"):
        s.code = T
    s._on_message(s, {"turn": 1, "asked": [{"do": "go", "code": T}]}, [])
    assert "<img" in s.shown["code_problem"]
    assert shown_as_markup(s)


def test_each_of_these_places_is_there(tmp_path):
    widgets = [make() for make in EXPLORERS.values()] + [trial()]
    for name, question in QUESTIONS.items():
        kept = Record(tmp_path / f"{name}.json")
        widgets.append(Ask(question, kept))
        kept.note(name, FIELDS)
        widgets.append(Ask(question, kept))
    for it in widgets:
        if isinstance(it, Stepper):
            it.open(("delta", 1, 1))
    states = [{name: getattr(it, name) for name in it.trait_names(sync=True)} for it in widgets]
    for path in (path for places in MARKUP.values() for path in places):
        assert any(at(state, path) for state in states), path


FIELDS = {"given": T, "predicted": T, "was": T, "right": False, "tries": 1, "when": T, "done": True}


@pytest.mark.parametrize("name", QUESTIONS)
def test_in_a_question_and_from_a_record(name, tmp_path):
    kept = Record(tmp_path / NAME)
    it = Ask(QUESTIONS[name], kept)
    it.draft = T
    it.answer(T)
    assert shown_as_markup(it)
    for done in (True, False):
        kept.note(name, {**FIELDS, "done": done})
        it = Ask(QUESTIONS[name], Record(kept.path))
        assert shown_as_markup(it)
        for again in (T, [[T]], {T: T}):
            it.answer(again)
            assert shown_as_markup(it)
    assert T in read(it._record.show()._repr_html_())


def test_in_the_table_of_a_record(tmp_path):
    kept = Record(tmp_path / NAME)
    kept.note(T, FIELDS)
    html = kept.show()._repr_html_()
    assert read(html).count(T) == 3
    assert_no_formula(html)
    (tmp_path / "other.json").write_text(json.dumps({"mlpkit record": 1, "answers": {T: {}}}))
    shown = Record(tmp_path / "other.json").show()
    assert "&lt;img" in shown._repr_html_()
    assert read(shown._repr_html_())


@pytest.mark.parametrize("name", LINES)
def test_in_a_line_on_trial(name):
    it = trial(name)
    for text in (T, f"delta[l][i] * {T}", "a[<b>][i]", "o[l][<i>]", "<b>o[l][i]</b>"):
        html = it.try_mine(text)._repr_html_()
        read(html)
        assert_no_formula(html)
        assert shown_as_markup(it)


def assert_no_formula(html):
    """JupyterLab takes what stands between two $ for LaTeX, but not in code nor where it is told not to."""
    rest = re.sub(r'<span class="mathjax_ignore">[$\\]</span>', "", re.sub(r"data:[^\"]*", "", html))
    assert "$" not in rest
    assert "\\" not in rest


ANSWERS = {
    "raises": raising,
    "raises with code": named(lambda *_: raising()),
    "a text": lambda *_: T,
    "a list of texts": lambda *_: [T, T],
    "a network of them": lambda *_: net(),
    "what shows itself so": lambda *_: type("Odd", (), {"__repr__": lambda self: T})(),
    "a type of this name": lambda *_: type(T, (), {})(),
    "an exception of this name": lambda *_: (_ for _ in ()).throw(type(T, (Exception,), {})(T)),
}
CHECKS = ["weights", "activations", "forward", "slope", "output_delta", "backward", "gradient", "step", "train"]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("name", CHECKS)
def test_in_what_a_check_says(name, answer):
    html = getattr(check, name)(named(ANSWERS[answer]))._repr_html_()
    read(html)
    assert_no_formula(html)


def test_what_a_check_says_can_be_read_as_it_was_raised():
    assert T in read(check.forward(raising)._repr_html_())
