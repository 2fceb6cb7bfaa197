"""The questions of the lessons: each answer computed a second way, how answers are read, and where they are asked."""

import json
import re

import numpy as np
import pytest
from exercises import NAMES, code_cells, lessons
from hypothesis import given
from hypothesis import strategies as st

from mlpkit import Network, categorical_cross_entropy, data, forward, softmax, train
from mlpkit import derivations as proofs
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, cross_entropy, half_squared_error, sigmoid
from mlpkit.explorers.drawing import moved_along
from mlpkit.quiz import GAP, LESSON_OF, LESSONS, QUESTIONS, NotRead, question, wording
from mlpkit.quiz.kinds import Cells, Choice, Number, Term
from mlpkit.quiz.lesson_0 import LESSON_0, _loss_after
from mlpkit.quiz.symbols import Symbol
from mlpkit.tracing.micro_steps import trace
from mlpkit.widgets import ask


def numbers(net=None, I=(0.5, 1.0), D=(1.0,), alpha=0.5, broken=()):
    """Every number of an example, {symbol: number}, from the scalar loops of the trace."""
    return {step.symbol: step.value for step in trace(net or data.running_example()[0], I, D, alpha, broken)}


def with_weight(l, i, j, by):
    net = data.running_example()[0]
    w = [array.copy() for array in net.w]
    w[l][i, j] += by
    return Network(w, sigmoid, half_squared_error)


def losses_by_trace(steps):
    net, I, D = data.running_example()
    found = []
    for _ in range(steps + 1):
        there = numbers(net, I, D)
        found.append(there["loss",])
        w = [[[there["w_new", l, i, j] for j in range(net.n[l + 1])] for i in range(net.n[l])] for l in (0, 1)]
        net = Network(w, sigmoid, half_squared_error)
    return found


def output_after(alpha, D):
    """What the running example answers after one step."""
    there = numbers(D=(D,), alpha=alpha)
    w = [[[there["w_new", l, i, j] for j in range(NET.n[l + 1])] for i in range(NET.n[l])] for l in (0, 1)]
    return numbers(Network(w, sigmoid, half_squared_error))["o", 2, 1]


def alpha_that_reaches(D, low=0.0, high=16.0):
    """By bisection: the α with which one step brings the answer to D."""
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if output_after(middle, D) < D else (low, middle)
    return low


def turned_round():
    """Of the thirteen weights that move, those whose Δw has another sign with D = 0 than with D = 1."""
    other = numbers(D=(0.0,))
    return [s for s, change in RIGHT.items() if s[0] == "dw" and change * other[s] < 0]


def counted_paths(sizes):
    """Paths from one weight of layer 0 to the loss, by walking back from the outputs."""
    ways = 1
    for width in reversed(sizes[2:]):
        ways = sum(ways for _ in range(width))
    return ways


def marked(symbols, where):
    """The places, (row, column), of the symbols for which something is true. where: {symbol: place}."""
    return {where[symbol] for symbol in symbols if symbol in where}


NET, RIGHT = data.running_example()[0], numbers()
STEP_OF = {step.symbol: step for step in trace(*data.running_example(), 0.5)}
AFTER_XOR = train(Network.random([2, 3, 1], seed=2), *data.xor(), alpha=5, epochs=2000).net


def first_kind(broken):
    other = numbers(broken=broken)
    return next(symbol for symbol in RIGHT if other[symbol] != RIGHT[symbol])


def late():
    other = numbers(broken=["late"])
    return {(0, i - 1) for i in (1, 2, 3) if abs(other["delta", 1, i]) > abs(RIGHT["delta", 1, i])}


def size_of_delta(loss):
    net = Network([np.array([[1.0, 10.0], [0.0, 0.0]])], sigmoid, loss)
    return abs(numbers(net, [0.0], [0.0])["delta", 1, 1])


def equal_columns():
    net = Network([np.insert(np.full((n, m), 0.5), 0, np.eye(n)[0], axis=1) for n, m in ((3, 3), (4, 1))])
    steps = train(net, *data.xor(), alpha=5, epochs=1000).net.w[0][:, 1:]
    return np.ptp(steps, axis=1).max() < 1e-9


def still_a_three():
    """Whether the pixels of a 3 that is read as another digit are nearer to it than to any example of that digit."""
    digits = data.digits_split()
    start = Network.random([64, 32, 10], (None, sigmoid, softmax), categorical_cross_entropy, seed=0)
    net = train(start, digits.train.I, digits.train.D, alpha=1, epochs=30, batch_size=32).net
    three = digits.test.I[0]
    assert digits.test.labels[0] == 3
    for other in {*range(10)} - {3}:
        moved, steps = three, 0
        while forward(net, moved)[1][-1][1:].argmax() != other and steps < 20:
            moved, steps = moved_along(net, moved, other, 0.02), steps + 1
        examples = digits.train.I[digits.train.labels == other]
        if not (1 <= steps < 8 and abs(moved - three).sum() < abs(examples - moved).sum(axis=1).min()):
            return "like the other digit"
    return "still like a 3"


# {name: the answer, in another way than the kit's questions compute it}: by the trace, by hand, by counting
AGAIN = {
    "the best α": alpha_that_reaches(0.8),
    "the way of the weights": "all thirteen" if len(turned_round()) == 13 else "?",
    "sum of three products": 1.2,
    "what later steps take off": "less" if all(np.diff(losses_by_trace(6), n=2) > 0) else "?",
    "answer of the network": RIGHT["o", 2, 1],
    "weights that stay": {
        (i, j - 1) for i in range(3) for j in (1, 2, 3) if numbers(I=(0.0, 1.0))["w_new", 0, i, j] == NET.w[0][i, j]
    },
    "the δ behind a change": ("delta", 1, 1),
    "the first wrong number": {"delta": "Backward"}[first_kind(["slope"])[0]],
    "the bias of the output": next(s for s in STEP_OF["a", 2, 1].reads if s[0] == "w" and s[2] == 0),
    "entries that are fixed": {(i, j) for i in range(3) for j in range(4) if RIGHT["dw", 0, i, j] == 0},
    "terms of the printed sum": 2,
    "size of the loss": "0.16" if 0.08 < 0.5 * RIGHT["o", 2, 1] ** 2 < 0.24 else "?",
    "loss against the activation": "It would shrink: δ is negative." if RIGHT["delta", 2, 1] < 0 else "?",
    "activation of neuron 2": 0.2,
    "the first to differ": {("o", 1, 0): "in $o^1$"}[first_kind(["bias"])],
    "activation with the bias neuron computed": numbers(broken=["bias"])["a", 2, 1],
    "σ without harm": {(0, 2), (0, 4)},
    "XOR before any learning": "all near 0.5"
    if all(0.5 < numbers(I=I, D=D)["o", 2, 1] < 0.61 for I, D in zip(*data.xor(), strict=True))
    else "?",
    "loss when a weight goes up": "it falls" if RIGHT["grad", 1, 2, 1] < 0 else "?",
    "activations that move": {
        (0, j) for j in range(4) if numbers(with_weight(0, 2, 1, 1.0))["a", 1, j] != RIGHT["a", 1, j]
    },
    "how an activation depends on one before it": "w[l][i, j]",  # the other options: see below
    "sign of δ": "that of the slope" if RIGHT["delta", 2, 1] * RIGHT["grad", 1, 2, 1] > 0 else "?",
    "paths to the loss": counted_paths([64, 32, 32, 32, 10]),
    "δ of the output": numbers(D=(0.0,))["delta", 2, 1],
    "the positive δ": next(s for s, x in RIGHT.items() if s[:2] == ("delta", 1) and x > 0),
    "σ′ of neuron 0": {(0, 0), (0, 1)},
    "the loss that learns from a mistake": max((half_squared_error, cross_entropy), key=size_of_delta).name,
    "forward phases by nudging": 2 * (65 * 32 + 33 * 10),
    "the largest share": 3 / (1 + 2 + 3),
    "the δ below 0": ["that of the first neuron", "that of the second neuron", "all three"][
        [1 / 6 < 0, 2 / 6 - 1 < 0, 3 / 6 < 0].index(True)
    ],
    "a picture that was moved": still_a_three(),
    "the new weight": RIGHT["w_new", 1, 2, 1],
    "output after one step": "0.6",
    "two equal rows": "rows 0 and 2" if all(RIGHT["dw", 0, 0, j] == RIGHT["dw", 0, 2, j] for j in range(4)) else "?",
    "δ that come out too large": late(),
    "after an equal start": "they stay equal" if equal_columns() else "?",
    "δ after training": "smaller" if abs(numbers(AFTER_XOR, (0, 0), (0,))["delta", 2, 1]) < 0.1 else "?",
}


def test_every_answer_has_a_second_way():
    assert set(AGAIN) == {name for name in QUESTIONS if LESSON_OF[name] < len(NAMES)}


@pytest.mark.parametrize("name", AGAIN)
def test_an_answer_is_the_same_in_another_way(name):
    asked = QUESTIONS[name]
    assert asked.right(AGAIN[name])
    assert asked.near(asked.answer(), AGAIN[name])


def test_the_output_after_a_step_is_nearest_to_the_option():
    w = [[[RIGHT["w_new", l, i, j] for j in range(NET.n[l + 1])] for i in range(NET.n[l])] for l in (0, 1)]
    output = numbers(Network(w, sigmoid, half_squared_error))["o", 2, 1]
    assert abs(output - 0.6) < 0.05


def test_the_slopes_of_neuron_0():
    in_o = [sigma.derivative_from_o(np.array(1.0)) for sigma in BUILT_IN_ACTIVATIONS]
    assert [bool(abs(x) < 1e-12) for x in in_o] == [True, True, False, False, False]
    assert all((sigma.value(1 + 1e-6) - sigma.value(1 - 1e-6)) / 2e-6 > 0.1 for sigma in BUILT_IN_ACTIVATIONS)


@pytest.mark.parametrize("name", [name for name, asked in QUESTIONS.items() if asked.kind == "term"])
def test_of_the_terms_only_the_right_one_makes_the_equation_true(name):
    asked = QUESTIONS[name]
    left, equals, *right = asked.equation
    assert equals == "="
    scope = proofs.fact_c.scope
    held = {}
    for option in asked.options:
        text = " ".join(option if part == GAP else part for part in right).replace("·", "*")
        held[option] = proofs.judge(left, text, scope).passed
    assert [option for option, holds in held.items() if holds] == [asked.answer()]


# What every question has to have


def every():
    return pytest.mark.parametrize("asked", QUESTIONS.values(), ids=QUESTIONS)


@every()
def test_the_words_can_be_shown_written_and_read_aloud(asked):
    answer = asked.answer()
    words = [asked.prompt, asked.why, asked.asks(), asked.words(answer), *(words for _, words in asked.slips)]
    words += asked.options if asked.kind == "choice" else ()
    for text in words:
        assert "$" not in wording.html(text) + wording.plain(text) + wording.spoken(text)
        assert "**" not in wording.html(text)
    assert json.dumps(asked.plan())


@every()
def test_a_slip_is_a_wrong_answer_that_can_be_given(asked):
    for slip, words in asked.slips:
        value = slip() if callable(slip) else slip
        assert not asked.right(value), words
        assert asked.hint(value) == words
        if isinstance(asked, Choice | Term):
            assert value in asked.options
        if isinstance(asked, Cells):
            assert asked.read([list(place) for place in value]) == value


@every()
def test_the_answer_can_be_given(asked):
    answer = asked.answer()
    if isinstance(asked, Cells):
        typed = [list(place) for place in answer]
    elif isinstance(asked, Symbol):
        kind, l, *indices = answer
        typed = f"{kind}[{l}][{', '.join(map(str, indices))}]"
    elif isinstance(asked, Number):
        typed = f"{answer:.{asked.decimals or (0 if asked.within is None else 2)}f}".replace("-", "−").replace(".", ",")
    else:
        typed = answer
    assert asked.right(asked.read(typed))


@every()
def test_nothing_that_is_not_its_kind_is_an_answer(asked):
    for nonsense in (None, "", "  ", 3, True, {}, [], [[9, 9]], [1, 2], [["a", "b"]], "nonsense", "x" * 500, ["more"]):
        with pytest.raises(NotRead) as problem:
            asked.read(nonsense)
        assert str(problem.value).endswith(".")


def test_a_name_that_is_no_question_is_told_with_those_that_are():
    with pytest.raises(ValueError, match="there is no question 'sum': take one of 'sum of three products'"):
        question("sum")


def test_names_are_unique_and_every_kind_is_used():
    assert len(QUESTIONS) == sum(map(len, LESSONS))
    assert {asked.kind for asked in QUESTIONS.values()} == {"number", "symbol", "choice", "cells", "term"}
    assert {asked.predicts for asked in QUESTIONS.values()} == {True, False}


def test_every_question_is_asked_once_in_its_lesson_and_nothing_else_is_asked():
    found = []
    for path in lessons():
        for source in code_cells(path).values():
            if re.search(r"\bask\(", source):
                name = re.fullmatch(r'ask\("([^"]+)"\)', source)[1]
                assert LESSON_OF[name] == int(path.name[:2])
                found.append(name)
    assert sorted(found) == sorted(QUESTIONS)


def test_a_saved_question_does_not_hold_its_answer():
    for path in lessons():
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source = "".join(cell["source"])
            if source.startswith("ask("):
                asked = QUESTIONS[source[5:-2]]
                [output] = cell["outputs"]
                shown = "".join(output["data"]["text/plain"])
                word = "Prediction" if asked.predicts else "Question"
                assert shown.startswith(f"{word}: {wording.plain(asked.prompt)}")
                assert shown.endswith("\n".join(asked.outline()))
                assert set(output["data"]) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
                assert wording.plain(asked.why) not in shown


def beside_a_question():
    """(question, the sources of its neighbours) for each: the prose above it, and the code below that stays visible."""
    for path in lessons():
        cells = json.loads(path.read_text("utf-8"))["cells"]
        for above, cell, below in zip(cells, cells[1:], cells[2:], strict=False):
            if (source := "".join(cell["source"])).startswith("ask("):
                yield QUESTIONS[source[5:-2]], "".join(above["source"]) + "\n" + "".join(below["source"])


def test_what_stands_beside_a_question_does_not_tell_its_answer():
    told = []
    for asked, beside in beside_a_question():
        answer = asked.answer()
        if isinstance(asked, Number) and asked.decimals:
            told += [asked.name] if f"{abs(answer):.{asked.decimals}f}" in beside else []
        if isinstance(asked, Number) and not asked.decimals and asked.within is None and answer > 9:
            told += [asked.name] if re.search(rf"\b{answer}\b|prod\(", beside) else []
        if isinstance(asked, Cells):
            assert not any(words in beside for words in ("no learning ever moves", "w[:, 1:]")), asked.name
    assert told == []


def test_the_symbol_that_is_asked_for_does_not_stand_beside_the_question():
    [beside] = [beside for asked, beside in beside_a_question() if asked.name == "the bias of the output"]
    assert not re.search(r"\[0, 1\]|_\{?01|w-1-0-1|\"w\", 1, 0, 1", beside)


def test_nobodys_record_is_saved_in_a_lesson():
    cells = [cell for path in lessons() for cell in json.loads(path.read_text("utf-8"))["cells"]]
    shown = [cell for cell in cells if "record.show()" in cell["source"]]
    assert shown
    for cell in shown:
        [output] = cell["outputs"]
        assert output["data"]["text/plain"] == ["There is nothing in your record yet."]
        assert output["data"]["text/html"] == ["<p>There is nothing in your record yet.</p>"]


# Reading


ONE = Number(name="", prompt="", answer=lambda: 0.25, why="", decimals=2)
WHOLE = Number(name="", prompt="", answer=lambda: 10240, why="")
ROUGH = Number(name="", prompt="", answer=lambda: 0.25, why="", within=0.1)


@pytest.mark.parametrize("text", ["0.25", ".25", "0,25", "1/4", "+0.25", "2.5e-1", " 0.25 ", "-1/-4", "0.2549"])
def test_numbers_are_read_as_one_writes_them(text):
    assert ONE.right(ONE.read(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a number first."),
        ("a quarter", "“a quarter” is no number: write it such as −0.25, 0,25 or 1/4."),
        ("1,234.5", "is no number"),
        ("1/0", "is not finite"),
        ("1e999", "is not finite"),
        ("__import__('os')", "is no number"),
        ("$x$ *y*", "is no number"),
        ("0" * 81, "has 81 characters"),
    ],
)
def test_what_is_no_number_is_told_in_one_sentence(text, says):
    with pytest.raises(NotRead, match=re.escape(says)):
        ONE.read(text)


def test_a_whole_number_is_whole():
    assert WHOLE.right(WHOLE.read("10240"))
    assert WHOLE.right(WHOLE.read("10 240"))
    assert not WHOLE.right(WHOLE.read("10239"))
    with pytest.raises(NotRead, match=r"A whole number is needed, and “10,240” was read as 10\.24"):
        WHOLE.read("10,240")


def test_how_far_off_is_right():
    assert [ONE.right(x) for x in (0.245, 0.255, 0.2449, 0.2551)] == [True, True, False, False]
    assert [ROUGH.right(x) for x in (0.15, 0.35, 0.14, 0.36)] == [True, True, False, False]
    assert ONE.asks() == "a number to 2 decimals; up to 0.005 off is right"
    assert ROUGH.asks() == "an estimate; up to 0.1 off is right"


@given(st.floats(-1e6, 1e6))
def test_every_number_that_python_writes_is_read(x):
    assert ROUGH.read(repr(x)) == x


@pytest.mark.parametrize(
    ("typed", "close"),
    [("0.571", True), ("0.57", True), ("0.6", True), ("0.5735", True), ("0.565", False), ("0.5", False), ("7", False)],
)
def test_a_number_that_is_nearly_right_is_called_close(typed, close):
    asked = QUESTIONS["answer of the network"]
    said = "Close: three decimals are asked for, and this is more than 0.0005 off." if close else ""
    assert asked.hint(asked.read(typed)) == said
    assert ROUGH.hint(0.4) == "Close, and this is more than 0.1 off."
    assert WHOLE.hint(10239.0) == ""


def symbol(of):
    return Symbol(name="", prompt="", answer=lambda: None, why="", of=of)


@pytest.mark.parametrize(
    "text", ["w[0][1, 2]", "w[0][1,2]", "w[0][1][2]", "w_12^0", "w12^0", "w^0_12", "w_{12}^{0}", "w_{1,2}^0", "w₁₂⁰"]
)
def test_symbols_are_read_as_in_code_and_as_in_the_text(text):
    assert symbol("w").read(text) == ("w", 0, 1, 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("δ₁²", ("delta", 2, 1)),
        ("delta[2][1]", ("delta", 2, 1)),
        ("δ2^1", ("delta", 1, 2)),
        ("d_2^1", ("delta", 1, 2)),
        ("δ^1_2", ("delta", 1, 2)),
        ("δ_1^1", ("delta", 1, 1)),
        ("delta 1 1", ("delta", 1, 1)),
        ("d11", ("delta", 1, 1)),
        ("o_13^2", ("o", 2, 13)),
        ("Δw[0][1, 2]", ("dw", 0, 1, 2)),
        ("w 1 1 1", ("w", 1, 1, 1)),
    ],
)
def test_other_symbols(text, value):
    assert symbol(value[0]).read(text) == value


@pytest.mark.parametrize("text", ["q[0][1]", "0.5", "w[0][i, 1]", "w 1 2 3 4", "weight", "w-0-1-2"])
def test_what_is_no_symbol_is_told(text):
    with pytest.raises(
        NotRead, match=rf"“{re.escape(text)}” is no symbol: write it such as w_31\^1 or w\[1\]\[3, 1\]\."
    ):
        symbol("w").read(text)


@pytest.mark.parametrize(
    ("of", "text", "says"),
    [
        ("w", "w", "The layer and the neurons are missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w12", "The layer is missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w_12", "The layer is missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w[1,2]", "The layer is missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w[0]", "The neurons are missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w_1", "The layer and a neuron are missing: such as w_31^1 or w[1][3, 1]."),
        ("w", "w[0][1]", "A weight has a layer and two neurons: such as w_31^1 or w[1][3, 1]."),
        ("w", "w_1^0", "A weight has a layer and two neurons: such as w_31^1 or w[1][3, 1]."),
        ("w", "w012", "Which number is the layer? Write it such as w_31^1 or w[1][3, 1]."),
        ("delta", "δ", "The layer and the neuron are missing: such as δ_4^3 or delta[3][4]."),
        ("delta", "delta1", "The layer is missing: such as δ_4^3 or delta[3][4]."),
        ("delta", "δ^1", "The neuron is missing: such as δ_4^3 or delta[3][4]."),
        ("delta", "delta 1 2", "Which number is the layer? Write it such as δ_4^3 or delta[3][4]."),
        ("delta", "delta[1][2, 3]", "A δ has a layer and one neuron: such as δ_4^3 or delta[3][4]."),
        ("delta", "o[1][2]", "That is an output; a δ is asked for."),
        ("delta", "w_12^0", "That is a weight; a δ is asked for."),
        ("w", "alpha", "That is the learning rate; a weight is asked for."),
    ],
)
def test_what_is_missing_in_a_symbol_is_told(of, text, says):
    with pytest.raises(NotRead, match=f"^{re.escape(says)}$"):
        symbol(of).read(text)


def test_the_form_of_a_symbol_names_no_answer():
    assert symbol("delta").asks() == "a symbol: `delta[3][4]` or δ_4^3 (layer 3, neuron 4)"
    assert symbol("w").asks() == "a symbol: `w[1][3, 1]` or w_31^1 (layer 1, from neuron 3 to neuron 1)"
    for asked in QUESTIONS.values():
        if asked.kind == "symbol":
            values = [asked.answer(), *(slip for slip, _ in asked.slips)]
            assert asked.read(asked.asks().split("`")[1]) not in values


def test_cells_that_were_missed_are_counted():
    fixed = QUESTIONS["entries that are fixed"]
    assert fixed.hint(frozenset({(0, 0), (1, 0)})) == "Of the 3 that belong you have marked 2."
    assert fixed.hint(frozenset({(0, 0), (0, 1)})) == "Of the 3 that belong you have marked 1, and 1 that does not."
    assert fixed.hint(frozenset({(0, 1), (0, 2)})) == "Of the 3 that belong you have marked 0, and 2 that do not."


def test_a_table_on_paper_has_its_heads():
    assert QUESTIONS["σ without harm"].outline() == [
        "           sigmoid   tanh   relu   softplus   identity",
        "neuron 0   o₀¹       o₀¹    o₀¹    o₀¹        o₀¹",
    ]


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("activation of neuron 2", "0.4", "You left out the bias"),
        ("activation of neuron 2", "0.6", "A sign was lost"),
        ("activation of neuron 2", "1", "Two signs were lost"),
        ("activation with the bias neuron computed", "0.391", "The bias is not gone"),
        ("activation with the bias neuron computed", "0.218", "it is not added to it"),
        ("answer of the network", "1", "what the network should answer"),
        ("terms of the printed sum", "3", "the last index of the layer before"),
        ("paths to the loss", "20971520", "The weight is given"),
        ("δ of the output", "-0.14", "the output is too high"),
        ("δ of the output", "-0.1047", "for D = 1"),
        ("δ of the output", "0.245", "σ′ alone"),
        ("forward phases by nudging", "2368", "The biases are missing, and"),
        ("the new weight", "0.03", "This is the change"),
        ("the new weight", "0.47", "its sign was lost"),
    ],
)
def test_a_typical_wrong_number_is_named(name, typed, says):
    asked = QUESTIONS[name]
    assert says in asked.hint(asked.read(typed))


def test_wording():
    text = "$w-0-2-1$ & $delta^1$: `a < b`, **Step**, *σ′ left out*, $= o[l][i]$"
    assert wording.plain(text) == "w₂₁⁰ & δ¹: a < b, Step, σ′ left out, o[l][i]"
    assert wording.spoken(text).startswith("w 2 1 of layer 0 & delta of layer 1: a < b")
    shown = wording.html(text)
    assert "&amp;" in shown
    assert "<code>a &lt; b</code>, <b>Step</b>, <em>σ′ left out</em>" in shown
    assert shown.count("<math>") == 3


# A question of one's own.


def own(kind, **given):
    return kind(**{"name": "my own", "prompt": "What?", "answer": lambda: 1, "why": "So."} | given)


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_the_lessons_ask_could_be_asked_by_anybody(name):
    QUESTIONS[name].require_usable()


UNUSABLE = {
    "no question": (7, "7 is no question: give the name of one, or make one with quiz.Number"),
    "name": (own(Number, name=" "), "name is ' ', but a few words are needed"),
    "taken": (own(Number, name="sum of three products"), "'sum of three products' in lesson 0: take another name"),
    "prompt": (own(Number, prompt=None), "prompt of the question 'my own' is None, but words are needed"),
    "dollars": (own(Number, prompt="Is $5 less than $6?"), r"between two \$ in prompt of the question 'my own' cannot"),
    "answer": (own(Number, answer=0.5), "is 0.5, but a function that computes it is needed: lambda: 0.5"),
    "no whole number": (own(Number, answer=lambda: 0.5), "answer of the question 'my own' is 0.5, and nobody can give"),
    "infinite": (own(Number, decimals=2, answer=lambda: float("inf")), "is inf, and nobody can give it"),
    "slips": (own(Number, slips=(2, "Two.")), "slips of the question 'my own' holds 2, but pairs are needed"),
    "a slip": (own(Number, slips=((2, 3),)), "a slip of the question 'my own' is 3, but words are needed"),
    "options": (own(Choice, options="ab"), "options of the question 'my own' is 'ab', but a tuple of different texts"),
    "option": (own(Choice, options=("1", "2")), "is 1, and nobody can give it: needed is one of the options"),
    "a text as a slip": (own(Number, slips=(("2", "Two."),)), "a slip of the question 'my own' is '2', and nobody can"),
    "no slip": (own(Number, slips=((lambda: 1, "One."),)), "a slip .* is 1, which counts as right: the answer is 1"),
    "near": (
        own(Number, decimals=1, answer=lambda: 0.5723, slips=((0.6, "Up."),)),
        "is 0.6, which counts as right: the answer is 0.5723",
    ),
    "no option": (
        own(Choice, options=("yes", "no"), answer=lambda: "yes", slips=(("No", "It is."),)),
        "a slip of the question 'my own' is 'No', and nobody can give it: needed is one of the options",
    ),
    "twice": (own(Choice, options=("yes", "no", "no")), "but a tuple of different texts is needed"),
    "numbers": (own(Choice, options=(1, 2)), "but a tuple of different texts is needed"),
    "term": (
        own(Term, equation=("o[l][i]", "=", GAP), options=("o[l][i", "1")),
        r"an option of the question 'my own' is 'o\[l\]\[i', but a formula such as sigma_prime\(a\[l\]\[i\]\) or "
        r"delta\[l\]\[i\] is needed, without \$. The brackets do not match",
    ),
    "dollar": (
        own(Term, equation=("o[l][i]", "=", GAP), options=("$delta-1-2$", "1")),
        r"an option of the question 'my own' is '\$delta-1-2\$', but a formula .* is needed, without \$\.",
    ),
    "equation": (
        own(Term, equation=("delta", "=", GAP), options=("o[l][i]", "1")),
        "a part of equation of the question 'my own' is 'delta', but a formula such as .* delta needs its layer",
    ),
    "text": (
        own(Term, equation="o = ?", options=("o[l][i]", "1")),
        "but a tuple of its parts is needed, one of them GAP",
    ),
    "no gap": (own(Term, equation=("o[l][i]", "="), options=("o[l][i]", "1")), "one of them GAP"),
    "cells": (
        own(Cells, rows=("a",), columns=("b",), cell=lambda row, column: "c", answer=lambda: {(0, 0)}),
        "nobody can give it: needed is a frozenset of pairs",
    ),
    "letter": (
        own(Symbol, of="δ", answer=lambda: ("δ", 1, 2)),
        "of of the question 'my own' is 'δ', but one of these is needed: 'w', 'a', 'o', 'delta', 'grad', 'dw', 'w_new'",
    ),
    "no layer": (own(Symbol, of="I", answer=lambda: ("I", 1)), "is 'I', but one of these is needed: 'w', 'a', 'o'"),
    "symbol": (
        own(Symbol, of="delta", answer=lambda: ("a", 1, 2)),
        "nobody can give it: needed is a symbol of the kind",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_question_that_cannot_be_asked_is_refused_with_one_sentence(name):
    asked, said = UNUSABLE[name]
    with pytest.raises(ValueError, match=said) as problem:
        ask(asked)
    assert "\n" not in str(problem.value)


def test_a_slip_may_be_of_what_is_not_asked_for_exactly():
    ask(own(Number, decimals=2, answer=lambda: 0.5723, slips=((0.58, "Up."), (0.5, "That is σ(0)."))))


def test_a_wrong_alpha_is_told_in_which_direction_the_loss_falls():
    asked = next(one for one in LESSON_0 if one.name == "the best α")
    best = asked.answer()
    for alpha in (2.0, best - 0.7, best + 0.7, 12.0, 40.0):
        way = "larger" if alpha < best else "smaller"
        assert asked.hint(alpha).endswith(f"it falls further with a {way} α.")
        nearer = alpha + (0.1 if way == "larger" else -0.1)
        assert _loss_after(nearer) < _loss_after(alpha)
    assert "a larger one is needed" in asked.hint(-1.0)
    assert asked.right(best)
