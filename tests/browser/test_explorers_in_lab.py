"""The explorers in a real JupyterLab: what the hand does, and the shown numbers against mlpkit and plain formulas."""

import numpy as np
import pytest
from lab import alone, axe_finds, resize
from playwright.sync_api import expect

from mlpkit import Network, backward, data, forward, sigmoid, tanh, train
from mlpkit.notation import number_text

EXPLORERS = {
    "sigma": "sigma_explorer()",
    "loss": "loss_explorer()",
    "xor by hand": "xor_by_hand()",
    "nudge": "nudge(*data.running_example())",
    "learning rate": "learning_rate_explorer(Network.random([2, 3, 1], seed=0), *data.xor(), epochs=300)",
    "start": "start_explorer()",
}


@pytest.fixture
def show(open_widget):
    """show(name) -> the notebook and the widget's element; in the kernel it is called `it`."""

    def show_it(name):
        notebook, root = open_widget(EXPLORERS[name], ".mlpkit-explorer")
        expect(root.locator(".panel").first).to_be_visible()
        return notebook, root

    return show_it


def row(root, k):
    """The cells of row k of the explorer's table."""
    return root.locator("tbody tr").nth(k).locator("th, td")


def test_along_sigma(show):
    _, root = show("sigma")
    slider = root.get_by_label("activation a", exact=True)
    slider.focus()
    a = -1.5
    for press, move in (("ArrowRight", 0.05), ("ArrowRight", 0.05), ("ArrowLeft", -0.05)):
        slider.press(press)
        a += move
        slope = sigmoid.derivative(a)
        expect(row(root, 0)).to_have_text([number_text(a), number_text(sigmoid(a)), number_text(slope)])
    root.get_by_label("activation function", exact=True).select_option("tanh")
    expect(row(root, 0)).to_have_text([number_text(a), number_text(tanh(a)), number_text(1 - np.tanh(a) ** 2)])
    exact = root.get_by_label("activation a, exact value", exact=True)
    exact.fill("0.05")
    exact.press("Enter")
    expect(row(root, 0).first).to_have_text("0.05")
    expect(root.get_by_role("status")).to_contain_text("At a = 0.05, sigma is 0.04996")


def test_xor_set_by_hand(show):
    _, root = show("xor by hand")
    # neuron 1 is OR, neuron 2 is AND, the output is the first and not the second
    by_hand = {"w-0-0-1": -5, "w-0-1-1": 10, "w-0-2-1": 10, "w-0-0-2": -8, "w-0-1-2": 5.5, "w-0-2-2": 5.5}
    by_hand |= {"w-1-0-1": -4, "w-1-1-1": 10, "w-1-2-1": -10}
    for name, value in by_hand.items():
        field = root.locator(f"[data-field='{name}']")
        field.fill(str(value))
        field.press("Enter")
    net = Network([[[1, -5, -8], [0, 10, 5.5], [0, 10, 5.5]], [[1, -4], [0, 10], [0, -10]]])
    I, D = data.xor()
    _, o = forward(net, I)
    expect(root.locator("tbody tr")).to_have_count(4)
    for d in range(4):
        expect(row(root, d).nth(3)).to_have_text(f"{o[2][d, 1]:.4f}")
        expect(row(root, d).nth(4)).to_have_text(f"{D[d, 0]:.0f}")
        expect(row(root, d).nth(5)).to_have_text("right")
    losses = (o[2][:, 1] - D[:, 0]) ** 2 / 2
    expect(root.locator("div.bar")).to_contain_text(number_text(losses.mean()))
    expect(root.locator("div.bar")).to_contain_text("4 of 4")
    root.get_by_role("button", name="Set all weights to 0").click()
    expect(root.locator("[data-field='w-1-1-1']")).to_have_value("0")
    expect(root.locator("div.bar")).to_contain_text("0 of 4")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_number_outside_the_range_is_replaced_and_the_range_said(show, key):
    notebook, root = show("xor by hand")
    field = root.locator("[data-field='w-0-0-1']")
    said = root.get_by_role("alert")
    for _ in range(2):  # the second time nothing changes in the kernel
        field.fill("-25")
        field.press(key)
        expect(field).to_have_value("-20")
        expect(said).to_have_text("The bias of neuron 1 in layer 1 goes from −20 to 20: −20 is taken.")
        assert notebook.value("it.values['w-0-0-1']") == -20
    field.fill("3")
    field.press(key)
    expect(said).to_have_count(0)  # an empty sentence is not on the page
    assert notebook.value("it.values['w-0-0-1']") == 3


def test_one_weight_nudged(show):
    _, root = show("nudge")
    net, I, D = data.running_example()
    activations = forward(net, I)
    delta = backward(net, activations, D)
    root.get_by_label("the weight that is nudged", exact=True).select_option("w-1-2-1")
    slope = delta[2][1] * activations[1][1][2]
    expect(row(root, 3).nth(1)).to_have_text(f"{slope:.10f}".replace("-", "−"))
    epsilon = root.get_by_label("epsilon, the nudge, exact value", exact=True)
    for eps in (0.1, 0.001):
        epsilon.fill(str(eps))
        epsilon.press("Enter")
        losses = []
        for move in (eps, -eps):
            w_1 = net.w[1].copy()
            w_1[2, 1] += move
            losses.append(net.loss.value(forward(Network([net.w[0], w_1]), I)[1][-1][1:], D))
        central = (losses[0] - losses[1]) / (2 * eps)
        expect(row(root, 1).nth(1)).to_have_text(f"{central:.10f}".replace("-", "−"))
    root.get_by_role("button", name="Mark the difference for every epsilon").click()
    expect(root.get_by_role("img", name="for 25 values of epsilon")).to_be_visible()


def test_the_learning_rate(show):
    _, root = show("learning rate")
    exact = root.get_by_label("learning rate alpha, exact value", exact=True)
    for alpha in (5.0, 0.05):
        exact.fill(str(alpha))
        exact.press("Enter")
        loss = train(Network.random([2, 3, 1], seed=0), *data.xor(), alpha, 300).loss[-1]
        expect(root.locator(".rows")).to_contain_text(f"at the end {number_text(loss)}", use_inner_text=True)


@pytest.mark.parametrize(
    ("name", "label", "low", "high"),
    [
        ("start", "size s of the weights", "0.01", "30"),
        ("learning rate", "learning rate alpha", "0.01", "300"),
        ("nudge", "epsilon, the nudge", "1e-12", "1"),
    ],
)
def test_a_slider_of_factors_reaches_both_ends(show, name, label, low, high):
    _, root = show(name)
    slider = root.get_by_label(label, exact=True)
    field = root.get_by_label(f"{label}, exact value", exact=True)
    for key, value in (("Home", low), ("End", high), ("ArrowLeft", None), ("ArrowRight", high)):
        slider.press(key)
        if value:
            expect(field).to_have_value(value)


def test_what_is_no_number_gets_a_sentence_in_an_explorer(show):
    _, root = show("start")
    field = root.get_by_label("size s of the weights, exact value", exact=True)
    field.fill("")
    field.press("Enter")
    expect(root.get_by_role("alert")).to_have_text(
        "A number is needed, such as 0.25. Size s of the weights stays 0.5.", use_inner_text=True
    )
    field.fill("0.75")
    field.press("Enter")
    expect(root.locator(".problem")).to_have_text("")


@pytest.mark.parametrize("name", EXPLORERS)
def test_axe_finds_nothing_and_no_number_is_cut_off(show, page, name):
    notebook, root = show(name)
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for width in (1280, 700):
            resize(page, width)
            alone(page)
            assert axe_finds(page, ".mlpkit-explorer") == []
            wide = "node => node.scrollWidth > node.clientWidth + 1"
            assert not root.evaluate(wide)
            assert not any(table.evaluate(wide) for table in root.locator(".table").all())
