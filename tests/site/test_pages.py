"""The lessons as pages without Python: they fetch nothing, and their Steppers show what the real one shows."""

import re
from pathlib import Path

import pytest
from lab import axe_finds
from playwright.sync_api import expect

from mlpkit import data
from mlpkit.widgets import Stepper

LESSONS = Path(__file__).parents[2] / "lessons"
# What axe says of the whole page, and why it stays: the Stepper's own headings are those that fit into a notebook, and
# each Stepper has the same parts; a heading of a table that is a formula is MathML, which axe takes for empty.
NO_FAULT = {"heading-order", "landmark-unique", "empty-table-header"}
PAGES = sorted(path.stem for path in LESSONS.glob("0*.ipynb"))


@pytest.fixture
def steppers(page, url):
    """The Steppers of lesson 0's page."""
    page.goto(f"{url}pages/00_start_here.html")
    found = page.locator(".mlpkit-stepper")
    expect(found.first).to_be_visible()
    return found


def same(stepper, real):
    """Whether a Stepper of the page shows what the real one shows."""
    shown = real.shown
    expect(stepper.locator(".head-line .count")).to_have_text(shown["count"])
    expect(stepper.locator(".mlpkit-spoken")).to_have_text(shown["spoken"])
    expect(stepper.locator("[data-value=loss]")).to_have_text(shown["foot"]["loss"])
    expect(stepper.locator("[data-value=after]")).to_have_text(shown["foot"]["after"])
    expect(stepper.locator(".updates td.now")).to_have_text([row["new"] for row in shown["updates"]["rows"]])
    expect(stepper.locator("input.code")).to_have_value(shown["code"])
    names = [re.sub(r"\s+", " ", neuron["spoken"]) for neuron in shown["neurons"]]
    for name in names:
        expect(stepper.locator(".net").get_by_label(name, exact=True).first).to_be_attached()


def test_every_micro_step_by_keyboard(steppers):
    stepper, real = steppers.first, Stepper(*data.running_example(), 0.5)
    same(stepper, real)
    stepper.focus()
    stepper.press("Home")
    for position in range(62):
        real.position = position
        same(stepper, real)
        stepper.press("ArrowRight")


def test_alpha_a_step_and_a_number_that_opens(steppers):
    stepper, real = steppers.first, Stepper(*data.running_example(), 0.5)
    alpha = stepper.locator("input[type=range][data-control=alpha]")
    for value in (0.6, 0.7):
        alpha.press("ArrowRight")
        real._on_message(real, {"do": "move", "values": {"alpha": value}}, [])
        same(stepper, real)
    stepper.locator(".updates td.dw [data-symbol]").first.click()
    real.open(("dw", 0, 0, 1))
    same(stepper, real)
    expect(stepper.get_by_role("tab", name="Equation")).to_have_attribute("aria-selected", "true")
    stepper.locator("[data-control=next]").click()
    real.next_example()
    same(stepper, real)


def test_what_is_not_recorded_is_refused_with_one_sentence_and_a_link(steppers, page):
    stepper, real = steppers.first, Stepper(*data.running_example(), 0.5)
    stepper.locator("input[type=range][data-control='I-1']").press("ArrowRight")
    expect(stepper.locator(".problem")).to_have_text(
        "This page plays a recording, and that is not in it: press ↺, or open the lesson live with the link below."
    )
    same(stepper, real)
    words = page.locator(".recorded-words").first
    expect(words).to_contain_text("α at 0, 0.1, …, 2")
    expect(words.get_by_role("link", name="Open the lesson live")).to_have_attribute(
        "href", re.compile(r"/lab/index\.html\?path=00_start_here\.ipynb$")
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_formulas_and_pictures_and_can_be_read_by_everybody(page, url, site, name):
    text = (site / "pages" / f"{name}.html").read_text("utf-8")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)  # what a reader follows or a browser fetches elsewhere
    assert "ALUMROF" not in text
    assert "katex-error" not in text
    page.goto(f"{url}pages/{name}.html")
    for place in page.locator(".recorded").all():
        place.scroll_into_view_if_needed()
        expect(place.locator(".mlpkit-stepper")).to_be_visible()
    assert page.evaluate("() => [...document.images].every((image) => image.alt && image.naturalWidth)")
    assert [found for found in axe_finds(page, "body") if found[0] not in NO_FAULT] == []
