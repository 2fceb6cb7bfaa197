"""`python -m mlpkit guide`: a sheet for each lesson, with all that the guide and the kit's own questions say."""

import re
from html import escape

import pytest
from test_classroom import HARMLESS, Reader, told
from test_teachers_guide import OF_LESSON, sections, tables

from mlpkit.__main__ import main
from mlpkit.commands import guide, page
from mlpkit.quiz import LESSONS, Choice, Term, wording

SHEETS = dict(
    zip(OF_LESSON, re.findall(r'<section class="lesson">.*?</section>', guide.guide_page(), re.S), strict=True)
)
each_sheet = pytest.mark.parametrize(("path", "lesson"), [*zip(OF_LESSON, LESSONS, strict=False)])


@each_sheet
def test_a_sheet_has_every_question_with_its_answer_and_what_is_said_to_a_wrong_one(path, lesson):
    sheet = SHEETS[path]
    assert sheet.startswith(f'<section class="lesson"><h2>Lesson {LESSONS.index(lesson)}: ')
    rows = re.search(r'<table class="questions">.*?</table>', sheet)[0].split("<tr>")[2:]
    for question, row in zip(lesson, rows, strict=True):
        assert wording.html(question.prompt) in row
        assert f"<td><b>{wording.html(question.words(question.answer()))}</b><br>{wording.html(question.why)}" in row
        assert row.count("<li>") == len(question.slips)
        assert all(f": {wording.html(words)}</li>" in row for _, words in question.slips)
        if isinstance(question, (Choice, Term)):
            assert all(wording.html(question.words(option)) in row for option in question.options)


@each_sheet
def test_a_sheet_has_all_that_the_guide_says_of_its_lesson(path, lesson):
    sheet, parts = SHEETS[path], sections(OF_LESSON[path], 3)
    for heading, below in parts.items():
        assert f"<h3>{heading}</h3>" in sheet
        there = sheet.partition(f"<h3>{heading}</h3>")[2].partition("<h3>")[0]
        assert there.count("<li>") == len(re.findall(r"^- ", below, flags=re.MULTILINE))
        assert [there.count("<tr>")] * bool(tables(below)) == [len(table) for table in tables(below)]
        assert there.count("<pre>") == below.count("```") / 2
        prose = re.sub(r"```.*?```|^\|.*?$", "", below, flags=re.DOTALL | re.MULTILINE)
        for word in re.findall(r"[a-z]{4,}", re.sub(r"\$[^$]*\$|\]\([^)]*\)", "", prose)):
            assert word in there, (heading, word)


def test_nothing_of_the_markup_is_left():
    shown = re.sub(r"<(style|code|pre)>.*?</\1>|<[^>]+>", "", "".join(SHEETS.values()), flags=re.DOTALL)
    for mark in ("$", "\\", "**", "](", "`", "|", "{", "_"):
        assert mark not in shown
    Reader(guide.guide_page())
    assert not HARMLESS.search(guide.guide_page())


@pytest.mark.parametrize(
    ("latex", "html"),
    [
        (r"w_{21}^0", "w<sub>21</sub><sup>0</sup>"),
        (r"\delta_i^{L-1}", "δ<sub>i</sub><sup>L−1</sup>"),
        (r"\sigma'(a)", "σ′(a)"),
        (r"a < b", "a &lt; b"),
    ],
)
def test_formulas_have_raised_and_lowered_indices(latex, html):
    assert guide._inline(f"x ${latex}$ *y*") == f"x {html} <em>y</em>"


def test_the_command_writes_it(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["guide"])
    assert capsys.readouterr().out == "guide.html: a sheet for each of 7 lessons\n"
    assert (tmp_path / "guide.html").read_text("utf-8") == guide.guide_page()
    (tmp_path / "mine.html").write_text("mine", "utf-8")
    assert told(["guide", "--output", "mine.html"]).endswith("no page of this command: name another file")


def test_a_guide_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(guide, "home", lambda: tmp_path)
    words = ["guide", "--output", str(tmp_path / "x.html")]
    assert told(words).endswith("put the guide there again")
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "teachers_guide.md").write_text("## Lesson 0: Start here\n", "utf-8")
    assert told(words).endswith("teachers_guide.md has no section 'Lesson 1: Definitions': put the guide there again")


def test_text_is_text():
    assert guide._inline("<b> & `<i>`") == f"{escape('<b> & ')}<code>{escape('<i>')}</code>"
    assert page.table(("<b>",), [["x"]]).count("&lt;b&gt;") == 1
