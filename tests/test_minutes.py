"""The minutes that a lesson takes alone, as the teacher's guide and the lessons state them, are those that are counted.

Nobody has measured them with a clock: they are what there is to read and to do, each with a rate that is assumed.
"""

import re
from pathlib import Path

import nbformat
import pytest
from exercises import NAMES
from test_committed_lessons import without_exercises
from test_teachers_guide import tables

LESSONS = Path(__file__).parents[1] / "lessons"
GUIDE = (LESSONS / "teachers_guide.md").read_text("utf-8")
WIDGET = "application/vnd.jupyter.widget-view+json"

# Minutes for each; the guide states them.
RATES = {"word": 1 / 200, "line of a proof": 1, "thing to do": 1, "function to write": 5, "exercise": 3}


def counted(cells):
    """{what: how many} of all that a lesson has to read and to do, its exercises too."""
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    codes = [cell for cell in cells if cell.cell_type == "code"]
    whole = "\n".join(texts)
    told = [cell for cell in without_exercises(cells) if cell.cell_type == "code"]
    widgets = sum(any(WIDGET in output.get("data", {}) for output in cell.outputs) for cell in told)
    shown = "\n".join(output.get("data", {}).get("text/plain", "") for cell in codes for output in cell.outputs)
    return {
        "word": sum(any(map(str.isalnum, word)) for word in whole.split()),
        "line of a proof": sum(map(int, re.findall(r": (\d+) lines$", shown, flags=re.MULTILINE))),
        "thing to do": widgets + len(re.findall(r"[Bb]efore you run|^\d\. ", whole, flags=re.MULTILINE)),
        "function to write": sum("check." in cell.source for cell in codes),
        "exercise": len(re.findall(r"^\*\*\d\.\*\*", whole, flags=re.MULTILINE)),
    }


def minutes(name):
    """What a lesson takes alone, with all exercises, as it is counted."""
    cells = nbformat.read(LESSONS / f"{name}.ipynb", as_version=4).cells
    return sum(RATES[what] * how_many for what, how_many in counted(cells).items())


[STATED] = [table for table in tables(GUIDE) if table[0] == ["lesson", "alone, with all exercises", "class hours"]]


@pytest.mark.parametrize(("name", "row"), [*zip(NAMES, STATED[1:], strict=True)])
def test_the_guide_states_what_is_counted(name, row):
    lesson, alone, hours = row
    assert int(alone) % 5 == 0
    assert abs(int(alone) - minutes(name)) <= 5
    assert lesson.startswith(str(int(name[:2])))
    plan = GUIDE.partition(f"\n## Lesson {int(name[:2])}:")[2].partition("\n## ")[0]
    assert ("The second class hour begins at" in plan) == (hours == "2")


@pytest.mark.parametrize(("name", "row"), [*zip(NAMES, STATED[1:], strict=True)])
def test_a_lesson_that_states_minutes_states_those_of_the_guide(name, row):
    first = nbformat.read(LESSONS / f"{name}.ipynb", as_version=4).cells[1].source
    [time] = re.findall(r"\*\*Time.*", first)
    assert re.findall(r"[Aa]lone\D*(\d+)", time) == ([row[1]] if "alone" in time.lower() else [])
    assert {"1": "45 minutes", "2": "Two class hours of 45 minutes"}[row[2]] in time


def test_the_guide_states_the_rates():
    text = " ".join(GUIDE.split())
    for words, rate in (("200 words a minute", RATES["word"] * 200), ("a line of a proof", RATES["line of a proof"])):
        assert words in text
        assert rate == 1
    assert f"{RATES['function to write']} for a function to write and {RATES['exercise']} for an exercise" in text
    assert "Nobody has measured them with a clock" in text
