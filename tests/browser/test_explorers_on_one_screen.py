"""Explorers, paths and the trial at 1280 x 720: what is moved, what is seen and the number that matters, on one screen.

Of a page of that size JupyterLab leaves 600 pixels to the notebook.
"""

import pytest
from lab import alone, resize, settled
from playwright.sync_api import expect

SCREEN = 600
WIDTHS = (1280, 1090)  # of the page, with the side bars closed: 1096 and 906 pixels for a widget


def count_starts(root):
    root.get_by_role("button", name="Count how many of 20").click()
    expect(root.locator(".panel")).to_have_count(3)


def mark_every(root):
    root.get_by_role("button", name="Mark the difference for every epsilon").click()
    expect(root.locator(".legend").nth(1)).to_contain_text("rounding")


def measure(root):
    root.get_by_role("button", name="Measure how long both ways take").click()
    expect(root.locator("tbody")).to_contain_text("measured, in microseconds")


def try_both(root):
    root.get_by_label("the line of the notes", exact=True).select_option("N3")
    root.get_by_role("button", name="Try the line as printed").click()
    field = root.get_by_label("What should stand on the right of")
    field.fill("sigma_prime(a[l][i]) * w[l][j, i]")
    field.press("Enter")
    expect(root.locator("[data-verdict=mine]")).to_contain_text("An index is lost.")


# What is asked for, what is done with it first, and beside sliders and pictures the parts that have to be in view.
WIDGETS = {
    "sigma": ("sigma_explorer()", None, ["tbody"]),
    "loss": ("loss_explorer()", None, ["tbody"]),
    "xor by hand": ("xor_by_hand()", None, ["div.bar", "tbody"]),
    "xor with forward": ("xor_by_hand(forward=__import__('mlpkit').forward)", None, ["div.bar", "tbody", ".sentence"]),
    "nudge": ("nudge(*data.running_example())", None, ["tbody", ".sentence"]),
    "nudge, every ε": ("nudge(*data.running_example())", mark_every, ["tbody", ".sentence"]),
    "learning rate": (
        "learning_rate_explorer(Network.random([2, 3, 1], seed=0), *data.xor(), epochs=300)",
        None,
        [".rows .numbers", ".sentence"],
    ),
    "start": ("start_explorer()", None, [".rows .numbers"]),
    "start, counted": ("start_explorer()", count_starts, [".rows .numbers", ".sentence >> nth=1"]),
    "paths": (
        "paths(Network.random([2, 3, 3, 2], tanh, seed=2), [0.5, 1.0], [1.0, 0.0])",
        None,
        ["select", ".network", ".equation", "tbody", "tfoot"],
    ),
    "deepening": ("deepening()", None, ["tbody", ".rows .numbers"]),
    "deepening, measured": ("deepening()", measure, ["tbody", ".sentence"]),
    "trial": (
        "trial()",
        try_both,
        ["select", "textarea", "[data-verdict=printed]", "[data-verdict=mine]", ".line >> nth=1"],
    ),
}
MOVES = ["sigma", "loss", "xor by hand", "nudge, every ε", "learning rate", "start", "deepening"]


@pytest.fixture
def show(open_widget, page):
    """show(name) -> the notebook and the widget's element, in the state that is asked for."""

    def show_it(name):
        make, then, _ = WIDGETS[name]
        notebook, root = open_widget(make, ".mlpkit")
        alone(page)
        if then:
            then(root)
            settled(page)
        return notebook, root

    return show_it


def whole(field):
    return field.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("name", WIDGETS)
def test_control_picture_and_number_are_on_one_screen(show, page, name):
    _, root = show(name)
    sliders = root.locator("input[type=range]").all()
    for width in (*WIDTHS, 700):
        resize(page, width)
        for slider in sliders:
            long = slider.bounding_box()["width"]
            least, most = (float(slider.get_attribute(end)) for end in ("min", "max"))
            assert long >= 180 or (most - least) / long <= 0.01, (width, slider.get_attribute("aria-label"))
        if width == 700:  # parts stand below each other
            continue
        root.evaluate("node => node.scrollIntoView()")
        settled(page)
        for part in [root, *map(root.locator, WIDGETS[name][2]), *sliders, *root.locator(".axes").all()]:
            expect(part).to_be_in_viewport(ratio=0.99)
        seen = root.bounding_box()
        assert seen["width"] > 900
        assert seen["height"] <= SCREEN, width
    assert all(map(whole, root.locator("input[type=number]").all()))


def test_the_smallest_nudges_are_not_cut_off(show):
    _, root = show("nudge")
    slider = root.get_by_label("epsilon, the nudge", exact=True)
    field = root.get_by_label("epsilon, the nudge, exact value", exact=True)
    slider.press("Home")
    slider.press("ArrowRight")
    expect(field).to_have_value("3.16e-12")
    settled(root.page)
    assert whole(field)


@pytest.mark.parametrize("name", MOVES)
def test_a_move_neither_makes_nodes_nor_changes_the_height(show, name):
    notebook, root = show(name)
    if name == "xor by hand":  # from where each weight counts
        notebook.execute("it.values = {name: [3.0, -6.0, 4.0][k % 3] for k, name in enumerate(it.values)}")
    live = root.get_by_role("status")
    expect(live).not_to_be_empty()

    def move(slider):
        at_end = slider.evaluate("node => node.valueAsNumber > node.max - node.step / 2")
        for key in ("ArrowLeft", "ArrowRight") if at_end else ("ArrowRight", "ArrowLeft"):
            before = live.text_content()
            slider.press(key)
            expect(live).not_to_have_text(before)
        settled(root.page)

    for slider in root.locator("input[type=range]").all()[:3]:
        move(slider)  # what the two places need has been made
        height = root.bounding_box()["height"]
        root.evaluate("""node => {
            window.made = [];
            window.watch = new MutationObserver((records) => records.forEach((record) => record.addedNodes.forEach(
                (added) => added.nodeType === 1 && window.made.push(added.outerHTML))));
            window.watch.observe(node, {childList: true, subtree: true});
        }""")
        move(slider)
        assert root.evaluate("() => { window.watch.disconnect(); return window.made; }") == []
        assert root.bounding_box()["height"] == height


def test_a_weight_is_chosen_by_a_click_on_its_line(show):
    notebook, root = show("paths")
    pick = root.get_by_label("the weight whose paths are shown")
    for word, paths in (("w-1-0-1", 2), ("w-2-3-2", 1), ("w-0-2-3", 6)):
        line = root.locator(f"[data-weight={word}]")
        ends = line.evaluate("""node => {
            const [from, to] = [1, 2].map((k) => new DOMPoint(node.getAttribute(`x${k}`), node.getAttribute(`y${k}`))
                .matrixTransform(node.getScreenCTM()));
            return [from.x, from.y, to.x, to.y];
        }""")
        share = 0.32  # near its start, where no other line crosses it
        x, y = (ends[k] + share * (ends[k + 2] - ends[k]) for k in (0, 1))
        root.page.mouse.click(x, y)
        expect(pick).to_have_value(word)
        expect(root.locator("tbody tr")).to_have_count(paths)
        expect(root.locator(".edge.chosen")).to_have_count(1)
        assert notebook.value("it.weight") == word
        settled(root.page)


def test_walking_the_paths_makes_no_nodes(show):
    _, root = show("paths")
    following, live = root.get_by_role("button", name="Next path"), root.get_by_role("status")
    following.click()
    expect(live).to_contain_text("Path 2 of 6")
    settled(root.page)
    height = root.bounding_box()["height"]
    labels = root.locator(".label").first.evaluate_handle("node => node.parentNode")
    row = root.locator("tbody tr").first.element_handle()
    labels.evaluate("node => { window.kept = [...node.children]; }")
    following.click()
    expect(live).to_contain_text("Path 3 of 6")
    settled(root.page)
    assert labels.evaluate("node => [...node.children].every((child, k) => child === window.kept[k])")
    assert row.evaluate("node => node.isConnected")
    assert root.bounding_box()["height"] == height
