"""The pages of `python -m mlpkit class` and `guide`: on a projector, in both themes, and on paper."""

import re

import pytest
from lab import SCREEN, axe_finds

from mlpkit.commands.classroom import class_page
from mlpkit.commands.guide import guide_page
from mlpkit.quiz import QUESTIONS, Cells, Choice, Number, Symbol, Term

A4 = {"format": "A4", "prefer_css_page_size": True, "print_background": False}


def given(question, k):
    """Something that the k-th learner may have given."""
    if isinstance(question, Cells):
        return [[0, k % len(question.columns)]]
    if isinstance(question, (Choice, Term)):
        return question.options[k % len(question.options)]
    return f"{question.of}[1][{','.join(['1'] * question._neurons)}]" if isinstance(question, Symbol) else f"{k % 11}"


def entry(question, k):
    """What is in the record of the k-th learner."""
    tries = 1 + k % 3 if isinstance(question, Number) else 1
    kept = {"given": given(question, k), "predicted": f"{k}", "was": "", "right": False}
    return {**kept, "tries": tries, "when": "", "done": True}


def records():
    """Of thirty learners."""
    every = QUESTIONS.items()
    return {f"{'a long name ' * 9}{k}.json": {name: entry(one, k) for name, one in every} for k in range(30)}


@pytest.fixture(scope="module")
def texts():
    told = ["x.json: it is no record of these lessons."]
    return {
        "class": class_page(records(), told, names=False),
        "names": class_page(records(), told, names=True),
        "guide": guide_page(),
    }


@pytest.fixture
def open_page(browser, texts, tmp_path):
    """open_page(which, theme) -> the page as a file in the browser; whatever it asks for or says fails the test."""
    problems, contexts = [], []

    def open_page(which, theme="light"):
        file = tmp_path / f"{which}.html"
        file.write_text(texts[which], "utf-8")
        contexts.append(browser.new_context(viewport=SCREEN, color_scheme=theme))
        page = contexts[-1].new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("request", lambda request: request.url == file.as_uri() or problems.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("which", ["class", "names", "guide"])
def test_it_can_be_read_and_heard_and_fits(open_page, which, theme):
    page = open_page(which, theme)
    assert axe_finds(page, "body") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 26)"}[theme]
    page.emulate_media(media="print", color_scheme=theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_question_is_on_one_screen_in_letters_for_the_last_row(open_page):
    page = open_page("class")
    questions = page.locator("section.question")
    assert questions.count() == len(QUESTIONS)
    tall = "all => all.filter((one) => one.getBoundingClientRect().height > innerHeight).map((one) => one.innerText)"
    assert questions.evaluate_all(tall) == []
    small = "all => Math.min(...all.map((one) => parseFloat(getComputedStyle(one).fontSize)))"
    assert page.locator("p, th, td, .why").evaluate_all(small) >= 20
    wide = "(all) => all.map((one) => one.offsetWidth / one.parentElement.clientWidth)"
    bars = page.locator("#lesson-0 ~ section .bar").evaluate_all(wide)
    assert bars
    assert 0 < max(bars) <= 1.01


def test_a_bar_can_be_seen_on_paper_that_is_printed_without_grounds(open_page):
    page = open_page("class")
    page.emulate_media(media="print")
    rim = "all => all.map((one) => parseFloat(getComputedStyle(one).borderTopWidth))"
    assert min(page.locator(".bar").evaluate_all(rim)) >= 1


def test_a_sheet_has_at_most_two_pages_of_a4(open_page):
    page = open_page("guide")
    sheets = page.locator(".lesson")
    assert sheets.count() == 7
    for k in range(7):
        sheets.evaluate_all("(all, k) => all.forEach((one, i) => { one.hidden = i !== k; })", k)
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(**A4))) <= 2
