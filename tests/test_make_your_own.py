"""Make your own: every example of the page runs as it stands there, and shows what stands below it."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from test_committed_lessons import problems

from mlpkit import check, forward, quiz, record
from mlpkit.widgets import Ask, Explorer, Stepper, ask

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "lessons" / "make_your_own.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


FREE = len(quiz.LESSONS)  # the number of the first lesson of one's own


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record.mine, "path", tmp_path / record.NAME)
    return tmp_path


def examples(section):
    """[(an example, what is shown below it)]"""
    found = re.findall(r"^```(python|text)\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    shown = [text if language == "text" else "" for language, text in [*found[1:], ("", "")]]
    return [(code, below) for (language, code), below in zip(found, shown, strict=True) if language == "python"]


EXAMPLES = {
    f"{heading} {count}": example
    for heading, section in SECTIONS.items()
    for count, example in enumerate(examples(section), 1)
}


def ran(heading, count=1):
    """The names of an example after it has run as a cell, the value of its last line as "_"."""
    code, _ = EXAMPLES[f"{heading} {count}"]
    lines, names = ast.parse(code), {}
    last = lines.body.pop() if isinstance(lines.body[-1], ast.Expr) else None
    exec(compile(lines, heading, "exec"), names)
    names["_"] = eval(compile(ast.Expression(last.value), heading, "eval"), names) if last else None
    return names


def test_the_page_has_all_its_parts_and_each_has_its_examples():
    assert [heading.rpartition(" ")[2] for heading in SECTIONS] == [
        "data",
        "σ",
        "check",
        "mistake",
        "question",
        "explorer",
        "lesson",
    ]
    assert [len(examples(section)) for section in SECTIONS.values()] == [1, 1, 1, 1, 2, 2, 1]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_shows_what_stands_below_it(name, capsys):
    heading, _, count = name.rpartition(" ")
    shown = ran(heading, int(count))["_"]
    said = capsys.readouterr().out
    if shown is not None and not isinstance(shown, Stepper):  # its text is that of the whole picture
        said += f"{shown!r}\n"
    assert EXAMPLES[name][1] == said


def test_the_network_of_the_page_has_learnt_what_it_was_given():
    names = ran("A network and data")
    _, o = forward(names["run"].net, names["I"])
    assert ((o[-1][:, 1:] > 0.5) == names["D"]).all()
    assert names["_"].net is names["run"].net


def test_the_check_of_the_page_knows_right_from_wrong():
    names = ran("An exercise with its check")
    assert names["check_velocity"](names["right_velocity"]).passed
    assert names["_"].first_difference == (0,)
    names = ran("A known mistake")
    assert names["check_decayed"](names["right_decayed"]).passed
    assert f"lesson {FREE}," in repr(names["_"])
    assert names["_"].mistake == "halved in every epoch"
    assert names["_"].hint() == "What is α after `half` epochs, by your function?"


def test_the_question_of_the_page_is_asked_and_recorded():
    names = ran("A question")
    box = names["box"]
    assert isinstance(box, Ask)
    box.answer("0.5")
    assert "That is σ(0)." in box.shown["outcome"]["why"]
    assert repr(record.show()).splitlines()[0] == (
        f"Answered: 0 of {len(quiz.QUESTIONS)} questions, and 1 that is not in these lessons."
    )
    assert ran("A question")["box"].done  # after the cell was run again


def test_the_page_has_one_question_of_each_kind():
    names = ran("A question", 2)
    asked = [one for one in names.values() if isinstance(one, quiz.Question)]
    assert {type(one) for one in asked} == {quiz.Number, quiz.Choice, quiz.Cells, quiz.Symbol, quiz.Term}
    for one in asked:
        assert isinstance(ask(one), Ask)


def test_the_explorer_of_the_page_with_a_button_remembers():
    explorer = ran("An explorer", 2)["explorer"]
    explorer.press("step")
    explorer.press("step")
    assert explorer.shown["spoken"] == "w is now 0.54."
    assert [row[1] for row in explorer.shown["rows"][0]["body"]] == ["1.5", "0.9", "0.54"]
    explorer.values = {"alpha": 1.0}
    assert explorer.shown["spoken"] == "w is now 0.54."
    explorer.values = {"loss": "fourth"}
    assert explorer.shown["spoken"] == "w is now 1.5."
    assert "problem" not in explorer.shown


def test_the_explorer_of_the_page_follows_its_sliders():
    explorer = ran("An explorer")["explorer"]
    assert isinstance(explorer, Explorer)
    before = explorer.shown
    explorer.values = {"b": 0.0}
    assert explorer.shown["rows"][0]["pairs"][1][1] == "0.5"
    explorer.values = {"b": 0.5}
    assert explorer.shown == before
    assert "problem" not in explorer.shown


def test_the_lesson_of_the_page_is_one(somewhere_else):
    ran("A lesson")
    [path] = somewhere_else.glob("*.ipynb")
    assert path.name.startswith(f"{FREE:02}_")
    lesson = nbformat.read(path, 4)
    nbformat.validate(lesson)
    for count, cell in enumerate((cell for cell in lesson.cells if cell.cell_type == "code"), 1):
        exec(cell.source, {})
        cell.execution_count = count
    assert problems(lesson) == []
    assert lesson.cells[0].source.startswith(f"# {FREE}. ")


def test_what_the_page_names_is_there():
    for place in re.findall(r"`((?:mlpkit/)[\w/]+|CONTRIBUTING\.md)`", PAGE):
        assert (ROOT / place).exists()
    assert set(re.findall(r"`check\.(\w+)`", PAGE)) <= set(check.__all__)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "lessons/teachers_guide.md"])
def test_who_looks_for_it_is_led_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    [link] = re.findall(r"\(([\w/]*make_your_own\.md)\)", text)
    assert ((ROOT / page).parent / link).is_file()
