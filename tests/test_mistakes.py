"""The known mistakes: each is wrong, each is told apart from the others, and each says where in the lessons to look."""

import re

import pytest
from exercises import LESSONS, notebook

from mlpkit.exercises.diagnose import diagnose
from mlpkit.exercises.factors.names import NAMES
from mlpkit.exercises.mistakes import BY_MARK, MISTAKES, derivatives
from mlpkit.exercises.tasks import TASKS

# What provably gives the same numbers.
SAME = {
    # a Network refuses both at the first weight of column 0, before a second epoch
    "train": [{"fixed column updated", "δ₀ not set to 0"}],
}
EVERY = [
    *(mistake for mistakes in MISTAKES.values() for mistake in mistakes),
    *BY_MARK.values(),
    *(mistake for mistakes in NAMES.values() for mistake in mistakes),
    *derivatives.ACTIVATION,
    *derivatives.LOSS,
]
WAYS = [
    (name, mistake, k)
    for name, mistakes in MISTAKES.items()
    for mistake in mistakes
    for k in range(len(mistake.ways + mistake.patterns))
]


def test_every_question_has_mistakes():
    assert MISTAKES.keys() == TASKS.keys()
    for name, mistakes in MISTAKES.items():
        names = [mistake.name for mistake in mistakes]
        assert len(names) == len(set(names)), name
        assert all(mistake.ways or mistake.patterns for mistake in mistakes)


@pytest.mark.parametrize(("name", "mistake", "k"), WAYS, ids=[f"{name}: {m.name} {k}" for name, m, k in WAYS])
def test_every_mistake_gets_its_own_diagnosis_and_no_other(name, mistake, k):
    way = (mistake.ways + mistake.patterns)[k]
    found = {one.name for one in diagnose(TASKS[name], way, {})}
    assert found == {mistake.name} or (found in SAME.get(name, ()) and mistake.name in found)


def test_what_is_declared_the_same_is_the_same():
    for name, groups in SAME.items():
        ways = {m.name: m.ways for m in MISTAKES[name]}
        for group in groups:
            found = [{m.name for m in diagnose(TASKS[name], way, {})} for one in group for way in ways[one]]
            assert group in found


def headings(lesson):
    (path,) = LESSONS.glob(f"{lesson:02}_*.ipynb")
    text = "\n".join("".join(cell["source"]) for cell in notebook(path)["cells"] if cell["cell_type"] == "markdown")
    return re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lesson", sorted({mistake.lesson for mistake in EVERY}))
def test_where_to_look_exists(lesson):
    there = headings(lesson)
    for mistake in EVERY:
        if mistake.lesson == lesson:
            assert mistake.heading in there, mistake.name


def test_no_lesson_after_the_one_that_asks_is_pointed_to():
    later = [
        (name, mistake.name)
        for name, mistakes in MISTAKES.items()
        for mistake in mistakes
        if mistake.lesson > TASKS[name].lesson
    ]
    assert later == []


def test_the_words_are_short_and_whole():
    for mistake in EVERY:
        at_once = 1 + mistake.name.count(", and ")
        assert len(mistake.name) < 75 * at_once
        assert len(mistake.why) < 260 * at_once, mistake.name
        assert re.fullmatch(r"[^!]*[.]", mistake.why), mistake.name
        assert mistake.hints
        for hint in mistake.hints:
            assert re.fullmatch(r"[^!`]{10,180}[.?]", hint), hint


def test_the_questions_ask_on_networks_of_equal_widths_too():
    for question in TASKS.values():
        for case in question.equal():
            assert len(set(case.net.n)) == 1
            assert case.label.startswith("a ")
