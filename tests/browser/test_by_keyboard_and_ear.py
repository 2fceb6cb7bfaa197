"""Every widget by the keyboard alone: Tab comes to all that can be used, and leaves again. And without motion."""

import pytest
from lab import settled
from playwright.sync_api import expect

WIDGETS = {
    "stepper": "Stepper(data.running_example()[0], *data.xor(), position=61)",
    "playground": 'playground(Network.random([2, 3, 1], tanh, seed=3), data="moons", test=0.2)',
    "digits": "playground(Network.random([64, 12, 10], seed=2), data.digits().I[:60], data.digits().D[:60])",
    "sigma": "sigma_explorer()",
    "loss": "loss_explorer()",
    "learning rate": "learning_rate_explorer(Network.random([2, 3, 1], seed=0), *data.xor(), epochs=30)",
    "start": "start_explorer()",
    "nudge": "nudge(*data.running_example())",
    "xor by hand": "xor_by_hand()",
    "step laboratory": "step_laboratory(Network.random([2, 3, 1], seed=0), *data.xor())",
    "stuck laboratory": "stuck_laboratory(*data.xor())",
    "digit pad": "digit_pad(Network.random([64, 10], seed=1))",
    "paths": "paths(Network.random([2, 3, 3, 2], tanh, seed=1), [0.5, -1.0], [1.0, 0.0], ('w', 0, 1, 2))",
    "deepening": "deepening()",
    "trial": "trial()",
    "ask a number": 'ask("sum of three products")',
    "ask a symbol": 'ask("the bias of the output")',
    "ask a choice": 'ask("what later steps take off")',
    "ask cells": 'ask("entries that are fixed")',
    "ask a term": 'ask("how an activation depends on one before it")',
}

# What the Tab key should come to, in the order of the page: of the radio buttons of one name only one.
STOPS = """root => {
    const seen = new Set();
    window.stops = [...root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
        .filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ checkVisibilityCSS: true }))
        .filter((node) => {
            if (node.type !== "radio") return true;
            const group = [...root.querySelectorAll(`input[name="${node.name}"]`)];
            return node === (group.find((one) => one.checked) ?? group[0]);
        });
    return window.stops.length;
}"""
AT = """() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    const marked = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
    return { stop: window.stops.indexOf(document.activeElement), marked, html: document.activeElement.outerHTML };
}"""
MOVES = """root => [root, ...root.querySelectorAll("*")].filter((node) => {
    const { animationName, transitionDuration } = getComputedStyle(node);
    return animationName !== "none" || !/^(0s(, )?)+$/.test(transitionDuration);
}).map((node) => node.outerHTML).concat(root.getAnimations({ subtree: true }).map((one) => one.constructor.name))"""


@pytest.mark.parametrize("name", WIDGETS)
def test_tab_comes_to_everything_and_leaves_again(open_widget, page, name):
    _, root = open_widget(WIDGETS[name], ".mlpkit")
    count = root.evaluate(STOPS)
    assert count > 0
    for key, order in (("Tab", range(count)), ("Shift+Tab", range(count - 1, -1, -1))):
        page.evaluate("k => window.stops[k].focus()", order[0])
        for expected in order:
            at = page.evaluate(AT)
            assert at["stop"] == expected, at["html"][:300]
            assert at["marked"], at["html"][:300]  # who looks sees where the keys go
            page.keyboard.press(key)
        assert not root.evaluate("node => node.contains(document.activeElement)")


@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_moves_where_little_motion_is_asked_for(open_widget, page, name):
    page.emulate_media(reduced_motion="reduce")
    _, root = open_widget(WIDGETS[name], ".mlpkit")
    assert root.evaluate(MOVES) == []
    root.evaluate(STOPS)
    root.evaluate("() => window.stops.find((node) => node.matches('button'))?.click()")
    settled(page)
    expect(root).to_be_visible()
    assert root.evaluate(MOVES) == []
    page.emulate_media(reduced_motion="null")


# What the picture shows by where a number stands, the ear gets by name.

NAMELESS = """root => [...root.querySelectorAll(".net text:not(.caption, .flow)")]
    .filter((node) => node.textContent && node.checkVisibility({ checkVisibilityCSS: true }))
    .filter((node) => !node.closest("[aria-hidden=true], [aria-label]:is([role=button], [role=img])"))
    .map((node) => node.textContent)"""


def test_no_number_in_the_network_is_spoken_without_its_name(open_widget):
    _, root = open_widget(WIDGETS["stepper"], ".mlpkit-stepper")
    assert root.evaluate(NAMELESS) == []
    expect(root.get_by_role("img", name="w 0 1 of layer 0: 0.1, now 0.08784", exact=True)).to_be_visible()
    expect(
        root.get_by_role("button", name="neuron 1 of layer 2, output 0.5676, activation 0.2722, error")
    ).to_be_visible()


def test_the_columns_of_the_updates_have_names(open_widget):
    _, root = open_widget(WIDGETS["stepper"], ".mlpkit-stepper")
    root.get_by_role("tab", name="Updates").click()
    table = root.get_by_role("tabpanel", name="Updates").get_by_role("table")
    for name in ("weight", "old w", "from old to new", "Δw", "new w"):
        expect(table.get_by_role("columnheader", name=name, exact=True)).to_be_visible()


def test_a_path_is_told_in_words_that_are_read(open_widget):
    _, root = open_widget(WIDGETS["paths"], ".mlpkit")
    expect(root.get_by_role("status")).to_contain_text("the derivative by w 1 2 of layer 0 is −0.1331.")
