"""The digit pad in JupyterLab: drawn on with the mouse and with keys, read, moved, opened."""

import numpy as np
import pytest
from lab import axe_finds, settled, touch
from playwright.sync_api import expect

from mlpkit.notation import number_text

MAKE = """from mlpkit import Network, categorical_cross_entropy, data, softmax, train
from mlpkit.widgets import digit_pad
digits = data.digits()
net = train(Network.random([64, 10], softmax, categorical_cross_entropy), digits.I, digits.D, 0.5, 3, 32).net
it = digit_pad(net)
it"""


@pytest.fixture
def pad(notebook):
    root = notebook.cell(0).element.locator(".mlpkit-digit-pad")
    expect(root).to_be_visible()
    notebook.cell(0).show()
    return root


def drawn(page, pad, points):
    box = pad.locator(".pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    settled(page)


def test_a_digit_is_read_while_it_is_drawn_with_the_mouse(notebook, pad, page):
    settled(page)
    drawn(page, pad, [(0.5, 0.1), (0.5, 0.9)])
    I = np.array(notebook.value("it.I"))
    ink = I.reshape(8, 8)
    assert ink[:, 3:5].min() > 0
    assert not ink[:, [0, 1, 6, 7]].any()
    outputs = notebook.value("__import__('mlpkit').forward(it.net, it.I)[1][-1][1:]")
    expect(pad.locator("td.number")).to_have_text([number_text(o) for o in outputs])
    expect(pad.locator("output")).to_have_text(f"read as {int(np.argmax(outputs))}")
    shades = pad.locator(".ink-grid .pixel").evaluate_all("all => all.map(one => +one.style.fillOpacity)")
    np.testing.assert_allclose(shades, I, atol=5e-4)
    pad.get_by_role("button", name="Clear the pad").click()
    expect(pad.locator("output")).to_have_text("nothing drawn yet")
    expect(pad.locator("polyline")).to_have_count(0)


@pytest.mark.new_page  # it has been touched
def test_a_digit_is_drawn_with_a_finger(notebook, pad, page):
    settled(page)
    box = pad.locator(".pad").bounding_box()
    before = page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop")
    way = [(box["x"] + 0.5 * box["width"], box["y"] + share * box["height"]) for share in np.linspace(0.9, 0.1, 17)]
    touch(page, *way)  # upwards, where the page could be scrolled
    assert page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop") == before
    expect(pad.locator("polyline")).to_have_count(1)
    ink = np.reshape(notebook.value("it.I"), (8, 8))
    assert ink[:, 3:5].min() > 0
    assert not ink[:, [0, 1, 6, 7]].any()
    expect(pad.locator("output")).to_contain_text("read as")
    touch(page, (box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"]))  # a dot
    expect(pad.locator("polyline")).to_have_count(2)


def test_a_digit_is_drawn_with_keys_alone(notebook, pad, page):
    paper = pad.get_by_role("application")
    paper.focus()
    paper.press("Space")
    for _ in range(12):
        paper.press("ArrowDown")
    paper.press("Space")
    settled(page)
    expect(pad.locator("polyline")).to_have_count(1)
    assert len(notebook.value("it.strokes")[0]) == 13
    expect(pad.locator("output")).to_contain_text("read as")


def test_the_pixels_follow_the_slope_and_open(notebook, pad, page):
    settled(page)
    drawn(page, pad, [(0.5, 0.1), (0.5, 0.9)])
    pad.get_by_role("combobox").select_option("8")
    settled(page)
    before = notebook.value("it.shown['loss']")
    expect(pad.locator(".loss")).to_have_text(f"L̃ = {before}")
    pad.get_by_role("button", name="Move the pixels").click()
    expect(pad.locator(".moved")).to_have_text("pixels moved 1 time")
    assert float(notebook.value("it.shown['loss']")) < float(before)
    pad.get_by_role("button", name="Show the numbers").click()
    stepper = notebook.cell(0).element.locator(".mlpkit-stepper")
    expect(stepper).to_be_visible()
    assert notebook.value("it.stepper._now.I[0]") == notebook.value("it.I")
    pad.get_by_role("button", name="Close the Stepper").click()
    expect(stepper).to_have_count(0)


def test_it_is_on_one_screen_in_both_themes_and_for_all(notebook, pad, page):
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    for theme in ("dark", "light"):
        notebook.theme(theme)
        settled(page)
        assert pad.bounding_box()["height"] <= 577
        assert axe_finds(page, ".mlpkit-digit-pad") == []
    assert not pad.evaluate("node => node.scrollWidth > node.clientWidth + 1")
