"""The trainer in JupyterLab: on the learner's functions, and its numbers opened while it trains."""

import re

import numpy as np
import pytest
from lab import alone, axe_finds, resize, settled
from playwright.sync_api import expect

from mlpkit import Network, backward, data, forward
from mlpkit.notation import number_text

MAKE = """from mlpkit import Network, backward, data, forward, gradient
from mlpkit.widgets import trainer

def my_step(net, I, D, alpha):
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    return Network([w - alpha * g for w, g in zip(net.w, grad)])

def summed(net, I, D, alpha):
    return my_step(net, I, D, alpha * len(I))

def loops(net, I, D, alpha):
    while True:
        I = I + 0"""
SHOW = """it = trainer(Network.random([2, 4, 1], seed=3), *data.two_moons(), alpha=1.0,
             epochs=10_000, batch_size=16, pace={pace}, step={step})
it"""
I, D = data.two_moons()


@pytest.fixture
def show(open_notebook):
    """show(step, pace) -> the notebook and the trainer's element; in the kernel it is called `it`."""

    def open_it(step, pace=1):
        notebook = open_notebook([MAKE, SHOW.format(step=step, pace=pace), "1 + 1"])
        notebook.run_all()
        notebook.cell(1).show()
        root = notebook.cell(1).element.locator(".mlpkit-explorer")
        expect(root.locator(".panel").first).to_be_visible()
        return notebook, root

    return open_it


def net_of(notebook):
    return Network([np.array(w) for w in notebook.value("[w.tolist() for w in it.net.w]")])


def test_a_number_opened_while_my_step_trains_follows_the_weights(show, page):
    notebook, root = show("my_step")
    root.get_by_role("button", name="Start the training").press("Enter")
    expect(root.locator("div.bar")).to_contain_text("training")
    root.get_by_role("button", name="Open the numbers of this network").press("Enter")
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    stepper.get_by_role("button", name="Backward").click()
    stepper.get_by_role("button", name="One micro-step on").click()  # from δ₀ to δ₁ of the output
    stepper.locator(".reads [data-symbol='o-2-1']").press("Enter")
    expect(stepper.locator(".panel")).to_contain_text("the output of neuron 1 in layer 2")
    result = stepper.locator(".rows mtr").last
    for _ in range(3):  # the number changes while it stays open
        before = result.text_content()
        expect(result).not_to_have_text(before)
        expect(stepper.locator(".panel")).to_contain_text("the output of neuron 1 in layer 2")
    assert notebook.value("it.running")
    notebook.cell(2).run()  # the notebook is free meanwhile
    notebook.cell(1).show()

    root.locator("[data-control='stop']").click()
    expect(root.get_by_role("button", name="Continue the training")).to_have_text("Continue")
    epochs = notebook.value("len(it.loss)")
    expect(stepper.locator("[data-value='epoch']")).to_have_text(f"epoch {epochs}")
    net = net_of(notebook)
    activations = forward(net, I[0])
    output = number_text(activations[1][2][1])
    expect(result).to_contain_text(output)
    expect(stepper.locator(".net [data-symbol='o-2-1'] text").first).to_have_text(output)
    delta = number_text(backward(net, activations, D[0])[2][1])
    expect(stepper.locator(".net [data-symbol='delta-2-1'] text").first).to_have_text(f"δ {delta}")
    example = stepper.locator("[data-control='example']")
    example.fill("8")
    example.press("Enter")
    expect(stepper.locator(".net [data-symbol='o-2-1'] text").first).to_have_text(
        number_text(forward(net, I[7])[1][2][1])
    )

    said = root.locator(".rows")
    expect(said).to_contain_text("In the first epoch every number of my_step was the kit’s. The two losses agree to")
    expect(said).to_contain_text("An epoch: ")
    for _ in range(10):
        root.get_by_role("button", name="Close the stepper below").click()
        expect(stepper).to_have_count(0)
        root.get_by_role("button", name="Open the numbers of this network").click()
        expect(stepper).to_have_count(1)
    expect(page.locator(".mlpkit-stepper")).to_have_count(1)


def test_a_wrong_step_is_told_from_the_kits_and_shown_beside_it(show):
    notebook, root = show("summed", "'all'")
    root.get_by_role("button", name="Start the training").click()
    said = root.locator(".rows")
    expect(said).to_contain_text("In step 1, w₀₁⁰ becomes")
    expect(said).to_contain_text("with summed, but")
    root.locator("[data-control='stop']").click()
    settled(root.page)
    loss = root.locator(".panel").first
    expect(loss.locator(".legend .item")).to_have_text(["on the kit’s", "on summed"])
    kits, theirs = loss.locator("path.curve:not(.legend *)").all()
    assert kits.get_attribute("d") != theirs.get_attribute("d")
    dashes = [curve.evaluate("node => getComputedStyle(node).strokeDasharray") for curve in (kits, theirs)]
    assert dashes[0] != dashes[1] == "none"
    assert notebook.value("len(it.loss) == len(it.kit_loss) and it.loss[-1] != it.kit_loss[-1]")


def test_a_step_that_never_ends_is_stopped_and_the_widget_stays_usable(show):
    notebook, root = show("loops")
    for _ in range(2):
        root.get_by_role("button", name="Start the training").click()
        expect(root.locator("div.bar")).to_contain_text("training")
        expect(root.locator(".problem")).to_contain_text(
            re.compile("loops was stopped after 2 seconds in line 1[34], .*: it had not ended")
        )
        expect(root.locator("[data-control='stop']")).to_have_attribute("aria-disabled", "true")
    assert notebook.value("it.running") is False
    notebook.cell(2).run()
    expect(notebook.cell(2).shown).to_have_text("2")


def test_axe_finds_nothing_with_the_numbers_open(show, page):
    notebook, root = show("summed")
    root.get_by_role("button", name="Open the numbers of this network").click()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    root.get_by_role("button", name="Start the training").click()
    expect(root.locator(".rows")).to_contain_text("An epoch: ")
    root.locator("[data-control='stop']").click()
    stepper.get_by_role("button", name="Backward").click()
    settled(page)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for width in (1280, 700):
            resize(page, width)
            alone(page)
            for part in (".mlpkit-explorer", ".mlpkit-stepper"):
                assert axe_finds(page, part) == []
            for box in (root, root.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]")):
                assert box.evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_print_works_on_while_my_step_trains_and_its_numbers_are_moved(open_notebook):
    show = SHOW.format(step="my_step", pace="'all'").replace("10_000", "10**7")
    notebook = open_notebook([MAKE, show, 'print("hello")'])
    notebook.cell(0).run()
    notebook.cell(1).run()
    notebook.cell(1).show()
    root = notebook.cell(1).element.locator(".mlpkit-explorer")
    root.get_by_role("button", name="Start the training").press("Enter")
    root.get_by_role("button", name="Open the numbers of this network").press("Enter")
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    slider = stepper.get_by_role("slider", name="input 1 of the example")
    exact = stepper.get_by_label("input 1 of the example, exact value")
    for _ in range(10):
        before = exact.input_value()
        slider.press("ArrowRight")
        expect(exact).not_to_have_value(before)
    notebook.cell(2).run()
    expect(notebook.cell(2).element).to_contain_text("hello")
    assert notebook.value("it.running")
    root.locator("[data-control='stop']").click()
