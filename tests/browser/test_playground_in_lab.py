"""The playground in JupyterLab: played, paused, changed while it runs, points clicked in, numbers opened, saved."""

import re

import numpy as np
import pytest
from lab import axe_finds, settled, touch
from playwright.sync_api import expect

from mlpkit import Network, backward, data, forward, tanh
from mlpkit.explorers.playground import code
from mlpkit.notation import number_text
from mlpkit.widgets import playground

PLAY = 'playground(Network.random([2, 4, 1], tanh, seed=3), data="moons", test=0.2, alpha=0.1, pace={pace!r})'
LARGEST = 'playground(Network.random([2, 8, 8, 8, 8, 1], seed=0), data="spiral", test=0.3, {more})'
OWN_STEP = "step=lambda net, I, D, alpha: __import__('mlpkit').step(net, I, D, 2 * alpha)"
SCREEN = 577  # pixels of height
WIDTHS = {1280: 1096, 1090: 906, 1028: 844}  # of the page, the side bars closed: of a widget


@pytest.fixture
def show(open_widget, page):
    """show(expression) -> the notebook and the playground's element; in the kernel it is called `it`."""

    def open_it(expression):
        notebook, root = open_widget(expression, ".mlpkit-playground")
        page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
        settled(page)
        root.evaluate("node => node.scrollIntoView()")
        return notebook, root

    return open_it


@pytest.fixture
def play(show):
    """play(pace) -> the same for a small network, which trains."""

    def start(pace="all"):
        notebook, root = show(PLAY.format(pace=pace))
        root.get_by_role("button", name="Start the training").click()
        expect(root).to_have_attribute("data-state", "training")
        return notebook, root

    return start


def value(root, name):
    return root.locator(f"[data-value={name}]")


def goes_on(root):
    """Return when there are new epochs on the screen."""
    before = value(root, "epoch").text_content()
    expect(value(root, "epoch")).not_to_have_text(before)


def net_of(notebook):
    return Network([np.array(w) for w in notebook.value("[w.tolist() for w in it.net.w]")], tanh)


# On one screen.


@pytest.mark.parametrize("more", ["", "noise=0.5", OWN_STEP])
def test_all_of_it_is_on_one_screen(show, page, more):
    notebook, root = show(LARGEST.format(more=more))
    if "noise" in more:
        notebook.execute("it.values = {'data': 'own'}; it.values = {'loss': 'cross-entropy', 'sigma': 'softplus'}")
        notebook.execute("it.add_point([-1.155, -0.155], 1); it.add_point([-0.155, -1.155], 0)")
    root.locator("[data-control=epoch]").click()
    expect(root).to_have_attribute("data-state", "paused")
    for wide, width in WIDTHS.items():
        page.set_viewport_size({"width": wide, "height": 720})
        settled(page)
        box = root.bounding_box()
        assert box["width"] == width
        assert box["height"] <= SCREEN, wide
        small = root.evaluate(
            """root => {
                const all = (which) => [...root.querySelectorAll(which)].filter((node) => node.checkVisibility());
                const whole = root.getBoundingClientRect();
                const small = all("*").filter((node) => !node.closest(".mlpkit-spoken")
                    && [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim())
                    && parseFloat(getComputedStyle(node).fontSize) < 12);
                const outside = all("button, select, input, b, .name, .which, text, canvas").filter((node) => {
                    const box = node.getBoundingClientRect();
                    return box.right > whole.right + 0.5 || box.bottom > whole.bottom + 0.5 || box.left < whole.left;
                });
                const cut = all("input[type=number], button, .figure b").filter((node) =>
                    node.scrollWidth > node.clientWidth + 1);
                return [...small, ...outside, ...cut].map((node) => node.outerHTML.slice(0, 160));
            }"""
        )
        assert small == [], wide
        assert not overlaps(root), wide


def overlaps(root):
    """Pairs of controls and labels that stand over each other."""
    return root.evaluate(
        """root => {
            const nodes = [...root.querySelectorAll(
                "button:not(.tile), select, input, b, .name, .which, .counts, .mlpkit-label, .sign, .sample, .tile")]
                .filter((node) => node.checkVisibility());
            const boxes = nodes.map((node) => node.getBoundingClientRect());
            const found = [];
            nodes.forEach((one, k) => nodes.slice(k + 1).forEach((other, step) => {
                const [a, b] = [boxes[k], boxes[k + 1 + step]];
                const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
                if (over && !one.contains(other) && !other.contains(one)) {
                    found.push([one.outerHTML.slice(0, 80), other.outerHTML.slice(0, 80)]);
                }
            }));
            return found;
        }"""
    )


def test_the_numbers_stand_beside_the_plane_or_below_it(show, page):
    notebook, root = show(PLAY.format(pace="all"))
    root.get_by_role("button", name="Open the numbers").click()
    stepper = notebook.cell(0).element.locator(".mlpkit-stepper")
    expect(stepper).to_be_visible()
    for wide in WIDTHS:
        page.set_viewport_size({"width": wide, "height": 720})
        settled(page)
        mine, its = root.bounding_box(), stepper.bounding_box()
        assert its["width"] >= 840
        assert not overlaps(root)
        if wide == 1280:
            assert its["y"] == mine["y"]
            assert its["x"] >= mine["x"] + mine["width"]
            assert max(mine["height"], its["height"]) <= 580
        else:
            assert its["y"] - mine["y"] <= 260
    page.set_viewport_size({"width": 1280, "height": 720})
    settled(page)
    root.get_by_role("button", name="Close the stepper").click()
    expect(stepper).to_have_count(0)
    expect(root.locator(".network")).to_be_visible()


# Played and changed.


def test_it_plays_pauses_and_takes_one_step_and_one_epoch(show):
    notebook, root = show(PLAY.format(pace=1))
    expect(value(root, "epoch")).to_have_text("0")
    root.get_by_role("button", name="One step").press("Enter")
    expect(root.locator(".figures")).to_contain_text("epoch + 1 of 15 steps")
    root.get_by_role("button", name="One epoch").click()
    expect(value(root, "epoch")).to_have_text("1")
    loss = value(root, "training").text_content()
    start = root.get_by_role("button", name="Continue the training")
    start.press("Enter")
    for _ in range(3):
        goes_on(root)
    expect(value(root, "training")).not_to_have_text(loss)
    root.get_by_role("button", name="Pause the training").press("Enter")
    expect(root).to_have_attribute("data-state", "paused")
    settled(root.page)
    epochs = notebook.value("it.epochs")
    expect(value(root, "epoch")).to_have_text(str(epochs))
    expect(root.get_by_role("status")).to_contain_text(f"paused. 2-4-1 network on moons, epoch {epochs}. mean loss ")
    net = net_of(notebook)
    expect(value(root, "test")).to_have_text(number_text(notebook.value("it.test_loss")))
    root.get_by_role("button", name="Back to the weights of the start").click()
    expect(root).to_have_attribute("data-state", "ready")
    root.get_by_role("button", name="Draw new weights").click()
    settled(root.page)
    assert notebook.value("it.epochs") == 0
    assert not np.array_equal(net_of(notebook).w[0], net.w[0])


def test_every_thing_is_changed_while_it_trains(play):
    notebook, root = play()

    def value_of(name):
        return notebook.value(f"it.values[{name!r}]")

    for name, chosen in (("data", "circles"), ("batch", "32"), ("pace", "10"), ("loss", "cross-entropy")):
        root.locator(f"[data-control={name}]").select_option(chosen)
        assert str(value_of(name)) == chosen
        goes_on(root)
    for name, key, wanted in (("noise", "ArrowRight", 0.1), ("test", "ArrowLeft", 0.15)):
        root.get_by_role("slider", name=re.compile({"noise": "^noise", "test": "share of points"}[name])).press(key)
        assert value_of(name) == pytest.approx(wanted)
        goes_on(root)
    field = root.get_by_label("learning rate alpha, exact value")
    field.fill("0.25")
    field.press("Enter")
    assert value_of("alpha") == 0.25
    goes_on(root)
    root.get_by_role("button", name="one neuron more in layer 1").click()
    root.get_by_role("button", name="one hidden layer more").press("Enter")
    expect(root.locator(".tile")).to_have_count(2 + 5 + 5 + 1)
    root.get_by_role("button", name="one neuron less in layer 2").click()
    expect(root.locator(".tile")).to_have_count(2 + 5 + 4 + 1)
    assert value_of("hidden") == [5, 4]
    goes_on(root)
    root.get_by_label("sigma of layer 2", exact=True).select_option("relu")
    assert value_of("sigma") == ["tanh", "relu", "sigmoid"]
    root.get_by_role("button", name="one hidden layer less").click()
    expect(root.locator(".tile")).to_have_count(2 + 5 + 1)
    goes_on(root)
    root.get_by_role("button", name="Draw new weights").click()
    goes_on(root)
    assert notebook.value("it.running")
    root.get_by_role("button", name="Pause the training").click()
    expect(root.locator(".problem").first).to_be_empty()


def test_a_number_outside_its_range_is_told(show):
    notebook, root = show(PLAY.format(pace="all"))
    field = root.get_by_label("learning rate alpha, exact value")
    field.fill("99")
    field.press("Enter")
    expect(field).to_have_value("30")
    expect(root.locator(".problem").first).to_have_text("From 0.001 to 30: 30 is taken.")
    assert notebook.value("it.values['alpha']") == 30


# The pictures.


def colour_at(root, canvas, x, y):
    """The class that the colour at a share of a canvas' width and height belongs to: "one", "zero" or "neither"."""
    red, _, blue, _ = root.locator(canvas).first.evaluate(
        """(node, [x, y]) => [...node.getContext("2d").getImageData(x * node.width, y * node.height, 1, 1).data]""",
        [x, y],
    )
    return "one" if blue > red + 25 else "zero" if red > blue + 25 else "neither"


def test_the_plane_and_the_neurons_are_drawn_where_they_belong(show, page):
    net = Network([[[1, -3, 0.5], [0, 6, 2], [0, 0.5, -5]], [[1, 0.5], [0, 3], [0, 3]]], tanh)
    text = f"playground(Network({[w.tolist() for w in net.w]}, tanh), data='own')"
    _, root = show(text)
    seen = set()
    for x in np.linspace(0.05, 0.95, 7):
        for y in np.linspace(0.05, 0.95, 7):
            I = 1.2 * np.array([2 * x - 1, 1 - 2 * y])
            output = forward(net, I)[1][-1][1]
            if abs(output - 0.5) > 0.4:
                wanted = "one" if output > 0.5 else "zero"
                assert colour_at(root, ".square canvas", x, y) == wanted, I
                seen.add(wanted)
    assert seen == {"one", "zero"}
    tile = root.get_by_role("button", name="neuron 2 of layer 1")
    tile.focus()
    expect(root.locator(".about b")).to_have_text("neuron 2 of layer 1")
    for x, y in ((0.1, 0.1), (0.1, 0.9), (0.9, 0.1), (0.9, 0.9)):  # its map is large in the plane meanwhile
        output = forward(net, 1.2 * np.array([2 * x - 1, 1 - 2 * y]))[1][1][2]
        assert colour_at(root, ".square canvas", x, y) == ("one" if output > 0 else "zero")
    tile.press("ArrowUp")
    expect(root.get_by_role("button", name="neuron 1 of layer 1")).to_be_focused()
    expect(root.locator(".about b")).to_have_text("neuron 1 of layer 1")


# Points.


def test_points_are_clicked_in_and_put_by_keys(show, page):
    notebook, root = show(PLAY.format(pace="all"))
    root.locator("[data-control=data]").select_option("own")
    expect(root.locator(".which")).to_have_text("No points yet: click some into the plane.")
    plane = root.locator("[data-control=plane]")
    width = plane.bounding_box()["width"]
    plane.click(position={"x": 0.75 * width, "y": 0.25 * width})
    root.locator("[data-control=click]").select_option("0")
    plane.click(position={"x": 0.25 * width, "y": 0.375 * width})
    expect(root.locator(".which")).to_contain_text("example 2: I = (")
    np.testing.assert_allclose(notebook.value("it.I"), [[0.6, 0.6], [-0.6, 0.3]], atol=0.02)
    assert notebook.value("it.D") == [[1], [0]]
    root.get_by_role("button", name="Start the training").click()
    goes_on(root)
    plane.focus()
    for _ in range(3):
        plane.press("ArrowDown")
    plane.press("ArrowLeft")
    plane.press("Enter")
    expect(root.locator(".which")).to_contain_text("example 3: I = (−0.1, −0.3), D = 0")
    assert notebook.value("it.I[2]") == [-0.1, -0.3]
    root.locator("[data-control=click]").select_option("remove")
    plane.press("Enter")  # the cross is where it was
    expect(root.locator(".counts")).to_contain_text("2 points")
    root.locator("[data-control=click]").select_option("choose")
    plane.press("Home")
    expect(plane).to_have_attribute("aria-valuetext", re.compile(r"^example 1 of 2, I = \(0\.6"))
    assert notebook.value("it.running")
    root.get_by_role("button", name="Take all points away").click()
    expect(root.locator(".problem").first).to_contain_text("There are no points to learn from yet")


@pytest.mark.new_page  # it has been touched
def test_points_are_put_and_chosen_with_a_finger(show, page):
    notebook, root = show(PLAY.format(pace="all"))
    root.locator("[data-control=data]").select_option("own")
    expect(root.locator(".which")).to_have_text("No points yet: click some into the plane.")
    box = root.locator("[data-control=plane]").bounding_box()

    def at(x, y):
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    touch(page, at(0.75, 0.25))
    expect(root.locator(".which")).to_contain_text("example 1: ")
    touch(page, at(0.25, 0.375))
    expect(root.locator(".which")).to_contain_text("example 2: ")
    np.testing.assert_allclose(notebook.value("it.I"), [[0.6, 0.6], [-0.6, 0.3]], atol=0.02)
    root.locator("[data-control=click]").select_option("choose")
    touch(page, at(0.74, 0.26))
    expect(root.locator(".which")).to_contain_text("example 1: ")
    assert notebook.value("it.example") == 0


def test_a_click_on_a_point_chooses_the_example_and_keys_go_on(show):
    notebook, root = show(PLAY.format(pace="all"))
    plane = root.locator("[data-control=plane]")
    box, I = plane.bounding_box(), data.two_moons(300, 0.05, 0)[0]
    apart = np.linalg.norm(I[:, None] - I, axis=-1) + 9 * np.eye(300)
    row = int(apart.min(axis=1).argmax())  # one that stands alone
    x, y = (0.5 + I[row, 0] / 2.4) * (box["width"] - 2), (0.5 - I[row, 1] / 2.4) * (box["height"] - 2)
    plane.click(position={"x": x + 2, "y": y})
    expect(root.locator(".which")).to_contain_text(re.compile(f"(example|test) {row + 1}: I = "))
    assert notebook.value("it.example") == row
    plane.press("ArrowLeft")
    expect(root.locator(".which")).to_contain_text(re.compile(f"(example|test) {row}: I = "))
    output = forward(Network.random([2, 4, 1], tanh, seed=3), I[row - 1])[1][-1][1]
    expect(value(root, "output")).to_have_text(f"o₁² = {number_text(output)}")


# The numbers.


def test_a_number_opened_in_mid_training_is_that_of_the_weights(play):
    notebook, root = play(1)
    plane = root.locator("[data-control=plane]")
    plane.focus()
    plane.press("End")
    root.get_by_role("button", name="Open the numbers").click()
    stepper = notebook.cell(0).element.locator(".mlpkit-stepper")
    stepper.get_by_role("button", name="Backward").click()
    stepper.get_by_role("button", name="One micro-step on").click()  # from δ₀ to δ₁ of the output
    result = stepper.locator(".rows mtr").last
    for _ in range(3):  # the number changes while it stays open
        before = result.text_content()
        expect(result).not_to_have_text(before)
    assert notebook.value("it.running")
    root.get_by_role("button", name="Pause the training").click()
    expect(root).to_have_attribute("data-state", "paused")
    epochs = notebook.value("it.epochs")
    expect(stepper.locator("[data-value='epoch']")).to_have_text(f"epoch {epochs}")
    net, (I, D) = net_of(notebook), (values[-1] for values in data.two_moons(300, 0.05, 0))
    activations = forward(net, I)
    delta = number_text(backward(net, activations, D)[2][1])
    expect(result).to_contain_text(delta)
    expect(stepper.locator(".net [data-symbol='delta-2-1'] text").first).to_have_text(f"δ {delta}")
    expect(value(root, "output")).to_have_text(f"o₁² = {number_text(activations[1][2][1])}")

    # The step is taken by hand, and the playground goes with it.
    loss = value(root, "training").text_content()
    stepper.get_by_role("button", name=re.compile("^Next example|^Take the step")).first.click()
    expect(value(root, "training")).not_to_have_text(loss)
    assert notebook.value("it.stepper.net is it.net")
    assert notebook.value("it.epochs") == epochs


# Saved and restored.


def test_a_state_is_saved_and_restored(play):
    notebook, root = play()
    goes_on(root)
    root.get_by_role("button", name="Pause the training").click()
    expect(root).to_have_attribute("data-state", "paused")
    root.get_by_role("button", name="Save and restore").click()
    field = root.get_by_label("the state of the playground as a text")
    expect(field).to_have_value(re.compile("^playground=1 data=moons .* check=[0-9a-f]{8}$"))
    text = field.input_value()
    assert text == notebook.value("it.code")
    state = code.read(text)
    assert state.epochs == notebook.value("it.epochs")
    field.press("Escape")
    expect(field).to_be_hidden()
    root.get_by_role("button", name="Draw new weights").click()
    root.locator("[data-control=data]").select_option("spiral")
    root.get_by_role("button", name="Save and restore").press("Enter")
    expect(field).to_have_value(re.compile("data=spiral"))
    go = root.get_by_role("button", name="Go to the state in the text")
    field.fill(text.replace("moons", "circles"))
    go.click()
    expect(root.locator(".code .problem")).to_have_text(
        "the text was damaged on its way: copy it again from its beginning to its end."
    )
    assert notebook.value("it.values['data']") == "spiral"
    field.fill(text)
    go.press("Enter")
    expect(field).to_be_hidden()
    expect(value(root, "epoch")).to_have_text(str(state.epochs))
    assert notebook.value("it.code") == text
    for mine, theirs in zip(net_of(notebook).w, state.net.w, strict=True):
        assert np.array_equal(mine, theirs)


# For everybody.


def test_axe_finds_nothing(show, page):
    notebook, root = show(LARGEST.format(more=OWN_STEP))
    root.get_by_role("button", name="One epoch").click()
    expect(root.locator(".own")).to_contain_text("In step 1")
    for theme in ("light", "dark"):
        notebook.theme(theme)
        settled(page)
        assert axe_finds(page, ".mlpkit-playground") == []
        root.get_by_role("button", name="Save and restore").click()
        expect(root.locator(".code textarea")).to_have_value(re.compile("^playground=1"))
        assert axe_finds(page, ".mlpkit-playground") == []
        root.locator("[data-control=close-code]").click()
    root.get_by_role("button", name="Open the numbers").click()
    settled(page)
    assert axe_finds(page, ".mlpkit-playground") == []


def test_with_little_motion_it_trains_all_the_same(show, page):
    page.emulate_media(reduced_motion="reduce")
    _, root = show(PLAY.format(pace="all"))
    page.evaluate(
        """() => { window.pictures = []; new MutationObserver(() => window.pictures.push(performance.now())).observe(
            document.querySelector(".mlpkit-playground"), {attributes: true, attributeFilter: ["data-turn"]}); }"""
    )
    root.get_by_role("button", name="Start the training").click()
    page.wait_for_function("() => window.pictures.length > 5")
    pictures = page.evaluate("() => window.pictures")
    assert min(np.diff(pictures)[1:]) >= 400  # from one to the next


def test_the_playground_of_the_door_is_that_of_the_screen(show):
    notebook, root = show("playground(seed=4)")
    assert notebook.value("it.code") == playground(seed=4).code
    expect(root.locator("[data-control=data]")).to_have_value("circles")
    expect(root).to_have_attribute("data-state", "ready")
