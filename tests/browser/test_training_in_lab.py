"""Training in JupyterLab: on the learner's functions, its numbers opened while it trains, and digits."""

import re

import numpy as np
import pytest
from lab import alone, axe_finds, resize, settled
from playwright.sync_api import expect

from mlpkit import Network, backward, categorical_cross_entropy, data, forward, sigmoid, softmax, train
from mlpkit.notation import number_text

MAKE = """from mlpkit import *
from mlpkit import data
from mlpkit.widgets import playground

def my_step(net, I, D, alpha):
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    return Network([w - alpha * g for w, g in zip(net.w, grad)], net.sigma, net.loss)

def summed(net, I, D, alpha):
    return my_step(net, I, D, alpha * len(I))

def loops(net, I, D, alpha):
    while True:
        I = I + 0"""
MOONS = """it = playground(Network.random([2, 4, 1], seed=3), *data.two_moons(), alpha=1.0,
                batch_size=16, pace={pace!r}, step={step})
it"""
DIGITS = """d = data.digits_split()
net = Network.random([64, 32, 10], (None, sigmoid, softmax), categorical_cross_entropy, seed=0)
it = playground(net, *d.train[:2], test=d.test[:2], alpha=1, batch_size=32, pace={pace!r}, step={step})
it"""
SCREEN = 577  # pixels of height
I, D = data.two_moons()


@pytest.fixture
def show(open_notebook):
    """show(what, step, pace) -> the notebook and the playground's element; in the kernel it is called `it`."""

    def open_it(what, step=None, pace=1):
        notebook = open_notebook([MAKE, what.format(step=step, pace=pace), 'print("hello")'])
        notebook.cell(0).run()
        notebook.cell(1).run()
        alone(notebook.page)
        notebook.cell(1).show()
        root = notebook.cell(1).element.locator(".mlpkit-playground")
        expect(root).to_have_attribute("data-state", "ready")
        settled(notebook.page)
        return notebook, root

    return open_it


def start(root):
    root.get_by_role("button", name="Start the training").press("Enter")
    expect(root).to_have_attribute("data-state", "training")


def pause(root):
    root.get_by_role("button", name="Pause the training").click()
    expect(root).to_have_attribute("data-state", "paused")
    settled(root.page)


def net_of(notebook, *more):
    return Network([np.array(w) for w in notebook.value("[w.tolist() for w in it.net.w]")], *more)


# On the learner's functions.


def test_a_number_opened_while_my_step_trains_follows_the_weights(show, page):
    notebook, root = show(MOONS, "my_step")
    start(root)
    root.get_by_role("button", name="Open the numbers").press("Enter")
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
    pause(root)
    epochs = notebook.value("it.epochs")
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
    for _ in range(10):
        root.get_by_role("button", name="Close the stepper").click()
        expect(stepper).to_have_count(0)
        root.get_by_role("button", name="Open the numbers").click()
        expect(stepper).to_have_count(1)
    expect(page.locator(".mlpkit-stepper")).to_have_count(1)
    root.get_by_role("button", name="Close the stepper").click()
    said = root.locator(".own")
    expect(said).to_contain_text("In the first epoch every number of my_step was the kit’s.")
    expect(said).to_contain_text("The two losses agree to")
    expect(said).to_contain_text("An epoch: ")


def test_a_wrong_step_is_told_from_the_kits_and_shown_beside_it(show):
    notebook, root = show(MOONS, "summed", "all")
    start(root)
    said = root.locator(".own")
    expect(said).to_contain_text("In step 1, w₀₁⁰ becomes")
    expect(said).to_contain_text("with summed, but")
    pause(root)
    expect(root.locator(".history .legend .sample:visible")).to_have_text(["training", "on the kit’s"])
    theirs, kits = (root.locator(f".losses path.{name}") for name in ("training", "kit"))
    assert kits.get_attribute("d") != theirs.get_attribute("d")
    widths = [curve.evaluate("node => getComputedStyle(node).strokeWidth") for curve in (kits, theirs)]
    assert widths == ["6px", "2px"]
    assert notebook.value("it.loss != it.kit_loss")


def test_a_step_that_never_ends_is_stopped_and_the_widget_stays_usable(show):
    notebook, root = show(MOONS, "loops")
    for _ in range(2):
        start(root)
        expect(root.locator(".problem").first).to_contain_text(
            re.compile("loops was stopped after 2 seconds in line 1[45], .*: it had not ended")
        )
        expect(root).to_have_attribute("data-state", "ready")
    assert notebook.value("it.running") is False
    notebook.cell(2).run()
    expect(notebook.cell(2).shown).to_have_text("hello")


def test_axe_finds_nothing_with_the_numbers_open(show, page):
    notebook, root = show(MOONS, "summed")
    start(root)
    expect(root.locator(".own")).to_contain_text("An epoch: ")
    pause(root)
    root.get_by_role("button", name="Open the numbers").click()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    stepper.get_by_role("button", name="Backward").click()
    settled(page)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for width in (1280, 700):
            resize(page, width)
            alone(page)
            for part in (".mlpkit-playground", ".mlpkit-stepper"):
                assert axe_finds(page, part) == []
            for box in (root, root.locator("xpath=ancestor::*[contains(@class, 'widget-box')][1]")):
                assert box.evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_print_works_on_while_my_step_trains_and_its_numbers_are_moved(show):
    notebook, root = show(MOONS, "my_step", "all")
    start(root)
    root.get_by_role("button", name="Open the numbers").press("Enter")
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
    pause(root)


# Digits.


def test_digits_are_learned_as_train_learns_them(show):
    notebook, root = show(DIGITS, pace="1")
    expect(root.locator("[data-value=training]")).to_have_text("2.382")
    start(root)
    for _ in range(3):
        before = root.locator("[data-value=epoch]").text_content()
        expect(root.locator("[data-value=epoch]")).not_to_have_text(before)
    pause(root)
    digits = data.digits_split()
    more = (None, sigmoid, softmax), categorical_cross_entropy
    run = train(Network.random([64, 32, 10], *more, seed=0), *digits.train[:2], 1, notebook.value("it.epochs"), 32)
    expect(root.locator("[data-value=training]")).to_have_text(number_text(run.loss[-1]))
    net = net_of(notebook, *more)
    read = forward(net, digits.test.I)[1][-1][:, 1:].argmax(axis=1)
    labels = digits.test.labels
    expect(root.locator(".image span")).to_have_text(
        [f"{is_}, not {it}" if is_ != it else str(is_) for is_, it in zip(labels[:12], read[:12], strict=True)]
    )
    right = f"{100 * np.mean(read == labels):.1f} %"
    expect(root.locator(".counts")).to_contain_text(f"355 test, {right}")
    expect(root.locator(".own")).to_contain_text("Test examples right: ")
    assert all(path.get_attribute("d") for path in root.locator(".network .history path:not(.kit)").all())


def test_a_digit_is_chosen_by_mouse_and_keys_and_its_numbers_open(show):
    notebook, root = show(DIGITS)
    digits = data.digits_split()
    images = root.locator(".image")
    ink = (
        images.nth(2)
        .locator("canvas")
        .evaluate("node => [...node.getContext('2d').getImageData(0, 0, 8, 8).data].filter((_, k) => k % 4 === 0)")
    )
    assert np.corrcoef(ink, digits.test.I[2])[0, 1] < -0.999  # dark where there is ink, row by row
    images.nth(2).click()
    expect(root.locator(".which")).to_contain_text(f"test 1445: {digits.test.labels[2]}, read as ")
    images.nth(2).press("ArrowDown")
    expect(images.nth(6)).to_be_focused()
    expect(images.nth(6)).to_have_attribute("aria-pressed", "true")
    images.nth(6).press("PageDown")
    expect(root.locator(".which")).to_contain_text("test 1461: ")
    assert notebook.value("it.example") == 1460
    root.get_by_role("button", name="The examples before these").click()
    root.get_by_role("button", name="The examples before these").click()
    expect(root.locator(".which")).to_contain_text("example 1442: ")
    root.get_by_role("button", name="The next example that comes out wrong").click()
    expect(root.locator(".image.wrong[aria-pressed=true]")).to_have_count(1)
    chosen = notebook.value("it.example")
    root.get_by_role("button", name="Open the numbers").click()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    expect(stepper.locator("[data-control='example']")).to_have_value(str(chosen + 1))
    assert notebook.value("it.stepper.net is it.net")
    net = net_of(notebook, (None, sigmoid, softmax), categorical_cross_entropy)
    largest = forward(net, digits.test.I[chosen - 1442])[1][-1][1:].max()
    expect(root.locator("[data-value=output]")).to_contain_text(f" = {number_text(largest)}")


def test_everything_is_changed_while_digits_are_learned(show):
    notebook, root = show(DIGITS, pace="all")
    start(root)

    def goes_on():
        before = root.locator("[data-value=epoch]").text_content()
        expect(root.locator("[data-value=epoch]")).not_to_have_text(before)

    expect(root.locator(".tile")).to_have_count(1 + 32 + 10)
    root.get_by_role("button", name="8 neurons less in layer 1").click()
    expect(root.locator(".tile")).to_have_count(1 + 24 + 10)
    goes_on()
    root.get_by_role("button", name="one hidden layer more").click()
    expect(root.locator(".tile")).to_have_count(1 + 24 + 24 + 10)
    goes_on()
    root.get_by_label("sigma of layer 2", exact=True).select_option("tanh")
    root.locator("[data-control=loss]").select_option("cross-entropy")
    expect(root.get_by_label("sigma of layer 3", exact=True)).to_have_value("sigmoid")
    root.locator("[data-control=batch]").select_option("64")
    goes_on()
    assert notebook.value("[it.values['hidden'], it.values['sigma'], it.values['batch'], it.running]") == [
        [24, 24],
        ["sigmoid", "tanh", "sigmoid"],
        64,
        True,
    ]
    assert "softmax" not in root.get_by_label("sigma of layer 2", exact=True).inner_text()
    pause(root)
    expect(root.locator(".problem").first).to_be_empty()


def test_what_a_neuron_looks_for_is_large_in_the_place_of_the_inputs(show):
    notebook, root = show(DIGITS)
    canvas = root.locator(".network .body canvas")
    box = root.get_by_role("button", name="the inputs").evaluate(
        "node => [node.offsetLeft, node.offsetTop, node.offsetWidth]"
    )
    tile = root.get_by_role("button", name="neuron 3 of layer 1")
    tile.focus()
    w = net_of(notebook, (None, sigmoid, softmax), categorical_cross_entropy).w[0][1:, 3]
    seen = 0
    for k in range(64):
        x, y = (box[n] + (part + 0.15) * box[2] / 8 for n, part in enumerate((k % 8, k // 8)))  # beside the sign
        red, _, blue, _ = canvas.evaluate(
            "(node, [x, y]) => [...node.getContext('2d').getImageData(x, y, 1, 1).data]", [x, y]
        )
        if abs(w[k]) > 0.3 * abs(w).max():
            assert (blue > red) == (w[k] > 0), k
            seen += 1
    assert seen > 8


@pytest.mark.parametrize("step", ["None", "my_step"])
def test_digits_are_on_one_screen(show, page, step):
    notebook, root = show(DIGITS, step)
    root.get_by_role("button", name="One epoch").click()
    expect(root.locator("[data-value=epoch]")).to_have_text("1")
    for width in (1280, 1090):
        resize(page, width)
        root.evaluate("node => node.scrollIntoView()")
        settled(page)
        assert root.bounding_box()["height"] <= SCREEN, width
        for part in ("[data-control=start]", ".gallery", ".network .history", ".seen .history", ".chosen button"):
            expect(root.locator(part)).to_be_in_viewport(ratio=0.99)
        assert root.evaluate("node => node.scrollWidth <= node.clientWidth")
    for theme in ("light", "dark"):
        notebook.theme(theme)
        assert axe_finds(page, ".mlpkit-playground") == []
    root.get_by_role("button", name="Open the numbers").click()
    settled(page)
    assert axe_finds(page, ".mlpkit-playground") == []
