"""The solutions in lessons/solutions/ and the lessons' exercises: the same but for what the learner fills in."""

import subprocess
import sys
from pathlib import Path

import pytest
from exercises import LESSONS, code_cells, drift, exercises, is_checked, is_mark, lessons, run, solutions, stub, write

from mlpkit.check import Result

EXERCISES = [(lesson, id) for lesson in lessons() for id in exercises(lesson)]
CHECKED = [(lesson, id) for lesson, id in EXERCISES if is_checked(exercises(lesson)[id])]


def each(pairs):
    return pytest.mark.parametrize(("lesson", "id"), pairs, ids=[f"{lesson.stem}-{id}" for lesson, id in pairs])


def verdict(lesson, source):
    """The Result of a cell of a lesson, run after the setup cell of the lesson's solutions."""
    names = {}
    run(solutions(lesson)[0], names)
    result, _ = run(source, names)
    assert isinstance(result, Result), "the last line is not a check"
    return result


@pytest.mark.parametrize("lesson", lessons(), ids=lambda path: path.stem)
def test_every_exercise_is_the_stub_of_its_solution(lesson):
    """`python tests/exercises.py` shows where they differ, and with --write puts the stubs into the lessons."""
    assert drift(lesson) == {}


def test_no_solutions_are_without_a_lesson():
    assert {path.name for path in (LESSONS / "solutions").glob("*.ipynb")} <= {lesson.name for lesson in lessons()}


@each(CHECKED)
def test_a_solution_passes_its_check(lesson, id):
    result = verdict(lesson, solutions(lesson)[1][id])
    assert result.passed, result


@each(CHECKED)
def test_an_untouched_stub_does_not_pass(lesson, id):
    result = verdict(lesson, exercises(lesson)[id])
    assert not result.passed, result


@each(EXERCISES)
def test_a_learner_is_left_something_to_do_and_no_mark(lesson, id):
    source = exercises(lesson)[id]
    assert "..." in source or "yours" in source
    assert source != solutions(lesson)[1][id]
    assert not any(is_mark(line) for line in source.split("\n"))


# The marks


SOLVED = """def f(a):
    # your turn: b = ...  # §1: a hint
    b = 2 * a
    b = b + 1
    # done
    for _ in range(3):
        # your turn: ...
        b = b + 1
        # done
    return b"""
STUB = """def f(a):
    b = ...  # §1: a hint
    for _ in range(3):
        ...
    return b"""


def test_the_line_of_the_mark_takes_the_place_of_the_solution():
    assert stub(SOLVED) == STUB


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("# your turn: ...\n1", "missing at the end"),
        ("# your turn: ...\n1\n# your turn: ...\n2\n# done", "line 3: `# done` is missing before"),
        ("1\n# done", "line 2: `# done` without"),
        ("# your turn:\n1\n# done", "line 1: a mark that is not written as one"),
        ("# your turn ...\n1\n# done", "line 1: a mark that is not written as one"),
        ("# your turn: ...\n1  # Done", "line 2: a mark that is not written as one"),
    ],
)
def test_a_mark_that_would_be_misread_is_refused(source, what):
    with pytest.raises(ValueError, match=what):
        stub(source)


# The command, on a copy of the lessons


@pytest.fixture
def copy(tmp_path):
    for path in [*lessons(), *lessons(LESSONS / "solutions"), Path(__file__).with_name("exercises.py")]:
        other = tmp_path / path.relative_to(LESSONS.parent)
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_bytes(path.read_bytes())
    return tmp_path


def command(folder, *options):
    program = [sys.executable, "-X", "utf8", str(folder / "tests/exercises.py"), *options]
    return subprocess.run(program, capture_output=True, encoding="utf-8", check=True).stdout


def test_the_command_shows_the_drift_and_mends_it(copy):
    assert command(copy) == ""
    lesson = copy / "lessons/01_definitions.ipynb"
    before = lesson.read_bytes()
    changed = before.replace(b"w = ...  # np.zeros", b"w = ...  # np.ones")
    assert changed != before
    lesson.write_bytes(changed)
    assert "-    w = ...  # np.ones((how" in command(copy)
    assert lesson.read_bytes() == changed
    assert command(copy, "--write") == ""
    assert lesson.read_bytes() == before


def test_an_exercise_without_a_solution_is_shown_and_left_alone(copy):
    path = copy / "lessons/solutions/05_stepping.ipynb"
    path.write_bytes(path.read_bytes().replace(b'"id": "05-21"', b'"id": "05-22"'))
    lesson = copy / "lessons/05_stepping.ipynb"
    before = lesson.read_bytes()
    assert set(drift(lesson)) == {"05-21", "05-22"}
    shown = command(copy, "--write")
    assert "05_stepping.ipynb, cell 05-21: in one of the two notebooks only" in shown
    assert lesson.read_bytes() == before


@pytest.mark.parametrize("lesson", lessons(), ids=lambda path: path.stem)
def test_writing_a_lesson_changes_no_byte_of_it(copy, lesson):
    there = copy / "lessons" / lesson.name
    write(there)
    assert there.read_bytes() == lesson.read_bytes()


def test_the_exercises_of_a_lesson_are_found():
    lesson = LESSONS / "00_start_here.ipynb"
    assert set(exercises(lesson)) == {"square", "ex-alpha"}
    assert "setup" in code_cells(lesson)
