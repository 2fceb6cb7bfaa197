"""No answer of a question stands above it in the same lesson: in a text, a cell, what a cell has shown, or a Stepper.

What is looked for: a number that the question would accept; a symbol in any of its spellings; the right option, word
for word; all the cells of a table, and no other one, in one sentence. What is short enough to stand there by chance is
looked for in the question's own section alone.
"""

import json
import re
from pathlib import Path

import nbformat
import pytest
from exercises import NAMES
from steppers import stepper_of

from mlpkit import notation
from mlpkit.quiz import QUESTIONS, Cells, Choice, Number, Symbol, Term, wording

LESSONS = Path(__file__).parents[1] / "lessons"
NUMBER = re.compile(r"(?<![\w.^_{])-?\d+\.?\d*(?![\w}]|\.\d)")

# {(question, what stands above it): why it gives nothing away}. One that is not found any more fails, too.
NOT_GIVEN_AWAY = {
    ("sum of three products", "1.157"): "a new weight in a Stepper, which happens to be nearly 1.2",
    ("terms of the printed sum", "2"): "an index in the code",
    ("how an activation depends on one before it", "w[l][i, j]"): "what a function is called for; no derivative",
    ("δ of the output", "0.1413"): "the loss after a step with other inputs, which happens to be nearly that δ",
    ("the loss that learns from a mistake", "cross-entropy"): "the section is about both losses and names both",
}


def above(cells, index):
    """(number of a cell, whether it is in the section of the cell at `index`, what is read in it) for all before it.

    What a question asks to be read off a Stepper has to stand there: for it a Stepper's screen does not count.
    """
    screens = asked_in(cells[index]).predicts
    heading = max((k for k in range(index) if is_heading(cells[k])), default=0)
    names = {}
    for k, cell in enumerate(cells[:index]):
        yield (
            k,
            k >= heading,
            "\n".join([cell.source, *shown(cell), *on_screen(cell, names, screens)]).replace("−", "-"),
        )


def is_heading(cell):
    return cell.cell_type == "markdown" and re.search(r"^##? ", cell.source, flags=re.MULTILINE)


def shown(cell):
    """The texts of a cell's outputs, also where they are folded: whoever comes to the question has unfolded them."""
    for output in cell.get("outputs", ()):
        yield output.get("text", "")
        for kind, text in output.get("data", {}).items():
            if kind.startswith("text/"):
                yield re.sub(r"<[^>]+>", " ", text)


def on_screen(cell, names, screens):
    """What a widget of a cell has on its screen: a Stepper its numbers, a question what unfolds with its answer."""
    if asked := asked_in(cell):
        yield from (wording.plain(words) for words in (asked.prompt, asked.why, asked.words(asked.answer())))
    if screens and (stepper := stepper_of(cell, names)):
        parts = stepper.shown
        yield " ".join([*(neuron["o"] for neuron in parts["neurons"]), *(edge["text"] for edge in parts["edges"])])
        yield f"{parts['caption']} {parts['foot']['loss']} {parts['foot']['after']}"
        tab = json.dumps(parts.get(stepper.view, parts["panel"]), ensure_ascii=False)
        yield re.sub(r"<[^>]+>|(?:data-)?symbol\W+[\w-]+", " ", tab)


def asked_in(cell):
    found = re.search(r'^ask\("(.+)"\)', cell.source, flags=re.MULTILINE) if cell.cell_type == "code" else None
    return found and QUESTIONS.get(found[1])


def answers_in(question, text):
    """(what is found, whether it is too short to mean anything in another section)"""
    answer = question.answer()
    if isinstance(question, Number):
        for found in NUMBER.findall(text):
            if question.near(float(found), answer):
                yield found, significant(found) < 3
    elif isinstance(question, Symbol):
        for spelling in spellings(answer):
            if spelling in text:
                yield spelling, True
    elif isinstance(question, (Choice, Term)):
        words = wording.plain(question.words(answer))
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text):
            yield words, " " not in words
    elif isinstance(question, Cells):
        every = [(row, column) for row in range(len(question.rows)) for column in range(len(question.columns))]
        for sentence in re.split(r"(?<=[.?])\s|\n", text):
            named = frozenset(place for place in every if named_in(question.cell(*place), sentence))
            if named == answer:
                yield sentence, False


def named_in(words, sentence):
    """Whether a cell of a table is named in a sentence: its words, or its symbol in any spelling."""
    if key := re.fullmatch(r"\$(\w+(?:-\d+)+)\$", words):
        kind, *place = key[1].split("-")
        return any(one in sentence for one in spellings((kind, *map(int, place))))
    return re.search(rf"(?<!\w){re.escape(wording.plain(words))}(?!\w)", sentence)


def spellings(symbol):
    """A symbol as it may stand in a text, in LaTeX and in code."""
    kind, layer, *neurons = symbol
    letter = {"delta": r"\delta"}.get(kind, kind)
    below = "".join(map(str, neurons))
    latex = {f"{letter}_{{{below}}}^{layer}", f"{letter}_{below}^{layer}", f"{letter}^{layer}_{{{below}}}"}
    code = {f"{kind}[{layer}][{', '.join(map(str, neurons))}]", f"{kind}[{layer}]{''.join(f'[{k}]' for k in neurons)}"}
    return {notation.text(symbol), *latex, *code}


def in_sight(cells):
    """{(question, what is found): the cells where it stands} for the questions of a lesson's cells."""
    found = {}
    for index, cell in enumerate(cells):
        if question := asked_in(cell):
            for k, near, text in above(cells, index):
                for what, short in answers_in(question, text):
                    if near or not short:
                        found.setdefault((question.name, what), []).append(k)
    return found


def unfolded_above(cells):
    """{number: cells above it in its section where it stands} for the numbers of every folded output of a lesson.

    A folded output answers what is asked above it. Only numbers of three digits and more.
    """
    found = {}
    for index, cell in enumerate(cells):
        if "jupyter" not in cell.metadata or asked_in(cells[index - 1]):
            continue
        heading = max((k for k in range(index) if is_heading(cells[k])), default=0)
        asked = {one for text in shown(cell) for one in NUMBER.findall(text.replace("−", "-")) if significant(one) > 2}
        for k in range(heading, index):
            texts = [cells[k].source, *(() if "jupyter" in cells[k].metadata else shown(cells[k]))]
            there = {one for text in texts for one in NUMBER.findall(text.replace("−", "-"))}
            for number in asked & there:
                found.setdefault(number, []).append(k)
    return found


def significant(number):
    return len(number.strip("-0.").replace(".", ""))


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_stands_above_its_question(name):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    found = in_sight(cells)
    asked = {question.name for question in map(asked_in, cells) if question}
    assert asked
    assert found.keys() == {known for known in NOT_GIVEN_AWAY if known[0] in asked}, found
    assert unfolded_above(cells) == {}


# The search itself, on a lesson that has just that fault.


def a_lesson(*sources):
    """Cells: what begins with ask( or has no spaces is code, all else Markdown."""
    v4 = nbformat.v4
    return [
        (v4.new_code_cell if re.match(r"ask\(|\S+$|Stepper", one) else v4.new_markdown_cell)(one) for one in sources
    ]


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("The sum is 1.2.", "sum of three products", "1.2"),
        ("$$a = 1.20$$", "sum of three products", "1.20"),
        ("w[0,1]=-0.4712", "the new weight", "-0.4712"),
        ("All thirteen do, or all thirteen.", "the way of the weights", "all thirteen"),
        ("It is less than before.", "what later steps take off", "less"),
        (r"This is $w_{01}^1$.", "the bias of the output", "w_{01}^1"),
        ("net.w[1][0][1]", "the bias of the output", "w[1][0][1]"),
        ("It is w₀₁¹.", "the bias of the output", "w₀₁¹"),
        ("Only relu and identity keep it.", "σ without harm", "Only relu and identity keep it."),
        ("Stepper(net, I, D, alpha=0.5)", "the new weight", "-0.4712"),
        ("Stepper(net, I, D, alpha=0.5, position=0)", "the new weight", None),
        ("Stepper(net, I, D, alpha=0.5)", "answer of the network", None),  # it is to be read there
        ('ask("output after one step")', "δ of the output", None),
    ],
)
def test_an_answer_is_found(text, name, found):
    there = {what for question, what in in_sight(a_lesson("## A", text, f'ask("{name}")')) if question == name}
    assert there == ({found} if found else set())


def test_one_short_word_in_another_section_is_none_and_a_number_is():
    asked = ('ask("what later steps take off")', 'ask("the new weight")')
    found = in_sight(a_lesson("## A", "It is less, −0.471.", "## B", *asked))
    assert list(found) == [("the new weight", "-0.471")]


def test_what_unfolds_with_a_question_counts_for_the_next():
    found = in_sight(a_lesson("## A", 'ask("the new weight")', 'ask("the new weight")'))
    assert ("the new weight", "-0.4712") in found


def test_a_number_of_a_folded_output_is_found_above_it():
    cells = a_lesson("## A", "It will be 0.731, not 12.", "print(0.731)")
    cells[2].metadata["jupyter"] = {"outputs_hidden": True}
    cells[2].outputs = [nbformat.v4.new_output("stream", text="It is:\n0.731\n12\n")]
    assert unfolded_above(cells) == {"0.731": [1]}
    del cells[2].metadata["jupyter"]
    assert unfolded_above(cells) == {}
