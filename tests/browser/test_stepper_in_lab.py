"""The Stepper in a real JupyterLab: what the hand does, and every shown number against mlpkit."""

import re

import numpy as np
import pytest
from lab import alone, axe_finds, resize, settled, until
from networks import NET, W
from playwright.sync_api import expect

from mlpkit import Network, forward, step, trace
from mlpkit.notation import key, number_text
from mlpkit.stepper import frame
from mlpkit.stepper.layout import picture

I = [[0.5, 1.0], [1.0, 0.0]]
D = [[1.0], [0.0]]
MAKE = f"""from mlpkit import Network
from mlpkit.widgets import Stepper
stepper = Stepper(Network({W}), {I}, {D}, position=0)
stepper"""


def at(stepper, position):
    expect(stepper).to_have_attribute("data-position", str(position))


def shown_text(stepper, symbol):
    return stepper.locator(f".net [data-symbol='{key(symbol)}'] text").first


def beside(stepper, tab):
    """Choose what stands beside the picture."""
    stepper.get_by_role("tab", name=tab).click()


def expect_picture(stepper, w, I, D, alpha, position, taken=None):
    """Every number of the picture is the one that the trace gives at this position.

    taken: (the network before a step just taken, its I, its D), where the weights w are those just made.
    """
    net = Network(w)
    scene = frame.Scene(net, trace(net, I, D, alpha))
    at(stepper, position)
    for symbol in scene.written_at:
        kind, *place = symbol
        written = scene.position_of(symbol) <= position
        value = number_text(scene.value(symbol))
        if kind == "o":
            expect(shown_text(stepper, symbol)).to_have_text("1" if place[1] == 0 else value if written else "")
        elif kind in ("a", "delta") and place[1] > 0:
            letter = "a" if kind == "a" else "δ"
            expect(shown_text(stepper, symbol)).to_have_text(f"{letter} {value}" if written else "")
        elif kind == "w" and place[2] > 0:
            new = ("w_new", *place)
            moved = scene.position_of(new) <= position and not taken
            expect(shown_text(stepper, symbol)).to_have_text(number_text(scene.value(new if moved else symbol)))
    loss = loss_of(*taken) if taken else scene.value(("loss",))
    expect(stepper.locator("[data-value='loss']")).to_have_text(number_text(loss))
    after = loss_of(net, *taken[1:]) if taken else loss_of(step(net, I, D, alpha), I, D)
    expect(stepper.locator("[data-value='after']")).to_have_text(number_text(after))


def loss_of(net, I, D):
    return float(net.loss.value(forward(net, np.array(I))[1][-1][1:], np.array(D)))


def test_it_steps_forward_and_back_and_jumps_to_the_phases(stepper):
    expect_picture(stepper, W, I[0], D[0], 0.5, 0)
    on = stepper.get_by_role("button", name="One micro-step on")
    for position in (1, 2, 3):
        on.click()
        at(stepper, position)
    stepper.get_by_role("button", name="One micro-step back").click()
    at(stepper, 2)
    stepper.get_by_role("button", name="Backward").click()
    at(stepper, 17)
    stepper.get_by_role("button", name="Backward").click()
    expect_picture(stepper, W, I[0], D[0], 0.5, 22)
    stepper.get_by_role("button", name="Step", exact=True).click()
    at(stepper, 23)
    stepper.get_by_role("button", name="Step", exact=True).click()
    expect_picture(stepper, W, I[0], D[0], 0.5, 61)
    expect(on).to_be_disabled()
    stepper.get_by_role("button", name="Forward").click()
    at(stepper, 1)
    stepper.get_by_role("button", name="To the start", exact=True).click()
    expect_picture(stepper, W, I[0], D[0], 0.5, 0)


def test_the_panel_shows_the_equation_in_symbols_and_with_its_numbers(notebook, stepper):
    notebook.execute("stepper.open(('delta', 1, 2))")
    at(stepper, 21)
    expect(stepper.locator(".panel h4")).to_contain_text("the error signal of neuron 2 in layer 1")
    expect(stepper.locator(".panel .why")).to_contain_text("§4")
    expect(stepper.locator(".panel .mlpkit-number")).to_have_text(["0.5498", "0.5498", "−0.5", "−0.1047"])
    expect(stepper.locator(".panel .mlpkit-result")).to_have_text("0.01296")
    expect(stepper.get_by_role("status")).to_contain_text("delta 2 of layer 1 equals sigma prime of a 2 of layer 1")


def test_the_matrix_form_shows_the_same_numbers_and_its_cells_open(notebook, stepper, page):
    scene = frame.Scene(NET, trace(NET, I[0], D[0], 0.5))
    beside(stepper, "Matrix")
    for symbol in (("a", 1, 3), ("o", 1, 2), ("loss",), ("delta", 2, 1), ("delta", 1, 2), ("dw", 1, 2, 1)):
        position = scene.position_of(symbol)
        notebook.execute(f"stepper.position = {position}")
        at(stepper, position)
        matrix = frame.frame(scene, position, picture((3, 4, 2)))["matrix"]
        shown = stepper.locator(".matrix tr").all()
        rows = [row for grid in matrix["grids"] for row in grid["rows"]]
        for row, cells in zip(shown, rows, strict=True):
            texts = [cell["text"] or ("·" if "symbol" in cell else "") for cell in cells]
            expect(row.locator("th, td")).to_have_text(texts)
    written = stepper.locator(".matrix td.write button")
    expect(written).to_have_text("0.02878")
    written.focus()
    written.press("ArrowUp")
    expect(stepper.locator(".matrix [data-symbol='dw-1-1-1']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(stepper.locator(".panel h4")).to_contain_text("the change of the weight from neuron 1 of layer 1")
    at(stepper, position)


def test_what_is_pointed_at_in_one_view_is_lit_in_the_others(notebook, stepper):
    notebook.execute("stepper.open(('a', 1, 2))")
    at(stepper, 8)
    lit = stepper.locator(".pointed")
    beside(stepper, "Matrix")
    stepper.locator(".matrix [data-symbol='w-0-1-2']").hover()
    expect(stepper.locator(".net .weight.pointed > text")).to_have_text("−0.4")
    expect(stepper.locator(".rows .mlpkit-number.pointed")).to_have_text("−0.4")
    expect(stepper.locator(".rows .mlpkit-w.pointed").first).to_have_attribute("data-symbol", "w-0-j-2")
    expect(stepper.locator(".updates tr.pointed .name")).to_have_text("w₁₂⁰")
    expect(stepper.locator(".net .hit.pointed")).to_have_count(1)
    beside(stepper, "Equation")
    stepper.locator(".rows [data-symbol='o-0-j']").hover()  # in the sum it stands for every output of layer 0
    expect(stepper.locator(".matrix .pointed")).to_have_text(["1", "0.5", "1"])
    stepper.get_by_role("button", name="One micro-step on").hover()
    expect(lit).to_have_count(0)


def test_a_mistake_made_on_purpose_marks_what_it_changes_and_can_be_taken_back(notebook, stepper):
    stepper.get_by_role("button", name="Backward").click()
    stepper.get_by_role("button", name="Backward").click()
    at(stepper, 22)
    delta = shown_text(stepper, ("delta", 2, 1))
    expect(delta).to_have_text("δ −0.1047")
    beside(stepper, "Break it")
    switch = stepper.get_by_role("button", name="Break it: σ′ left out")
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(delta).to_have_text("δ −0.4277 ≠")
    expect(shown_text(stepper, ("o", 2, 1))).to_have_text("0.5723")
    expect(stepper.locator(".said")).to_contain_text("Nudging contradicts 13 of 13 derivatives")
    stepper.get_by_role("button", name="Open the first, delta 1 of layer 2").click()
    expect(stepper.locator(".panel .mlpkit-result")).to_have_text("−0.4277")
    assert notebook.value("stepper.broken") == ["slope"]
    beside(stepper, "Break it ≠")
    switch.press(" ")
    expect(delta).to_have_text("δ −0.1047")
    expect(stepper.locator(".said")).to_have_text("Each switch makes a classic mistake on purpose. ")
    expect_picture(stepper, W, I[0], D[0], 0.5, 22)


def opened_by_keyboard(stepper, spoken):
    number = stepper.locator(".reads").get_by_role("button", name=f"Open {spoken}", exact=True)
    number.focus()
    number.press("Enter")


def test_a_new_weight_opens_number_by_number_down_to_an_input(notebook, stepper):
    notebook.execute("stepper.open(('w_new', 0, 1, 2))")
    position = frame.Scene(NET, trace(NET, I[0], D[0], 0.5)).position_of(("w_new", 0, 1, 2))
    at(stepper, position)
    title = stepper.locator(".panel h4")
    way = ["w₁₂⁰ new"]
    for spoken, meaning, crumb in (
        ("delta w 1 2 of layer 0: minus 0.003239", "the change of the weight", "Δw₁₂⁰"),
        ("the derivative of the loss by w 1 2 of layer 0: 0.006478", "how fast the loss rises with", "∂L̃/∂w₁₂⁰"),
        ("delta 2 of layer 1: 0.01296", "the error signal of neuron 2 in layer 1", "δ₂¹"),
        ("o 2 of layer 1: 0.5498", "the output of neuron 2 in layer 1", "o₂¹"),
        ("a 2 of layer 1: 0.2", "the activation of neuron 2 in layer 1", "a₂¹"),
        ("o 1 of layer 0: 0.5", "the output of neuron 1 in layer 0", "o₁⁰"),
        ("input 1: 0.5", "input 1 of the example", "I₁"),
    ):
        opened_by_keyboard(stepper, spoken)
        expect(title).to_contain_text(meaning)
        way.append(crumb)
        expect(stepper.locator(".trail")).to_contain_text(" ▸ ".join(way))
    at(stepper, position)
    expect(stepper.locator(".panel .why")).to_contain_text("Given: the example's own input.")
    stepper.get_by_role("button", name="delta 2 of layer 1", exact=True).click()
    expect(title).to_contain_text("the error signal of neuron 2 in layer 1")
    assert notebook.value("stepper.opened") == ["dw-0-1-2", "grad-0-1-2", "delta-1-2"]
    stepper.locator(".rows").press("Escape")
    expect(title).to_contain_text("how fast the loss rises with")
    stepper.get_by_role("button", name="Close").click()
    expect(title).to_contain_text("the new weight from neuron 1 of layer 0")
    expect(stepper.locator(".trail")).to_have_text("")


def test_an_open_number_marks_what_it_read_and_follows_a_slider(notebook, stepper, page):
    notebook.execute("stepper.position = 61")
    notebook.execute("stepper.open(('delta', 2, 1))")
    expect(stepper.locator(".net .delta.write")).to_have_text("δ −0.1047")
    expect(stepper.locator(".net .neuron.read")).to_have_text("0.5723")
    stepper.get_by_label("the desired output of neuron 1", exact=True).press("Home")
    net = NET
    new = {s.symbol: s.value for s in trace(net, I[0], [0.0], 0.5)}
    expect(stepper.locator(".panel .mlpkit-result")).to_have_text(number_text(new["delta", 2, 1]))
    expect_picture(stepper, W, I[0], [0.0], 0.5, 61)
    stepper.get_by_role("button", name="One micro-step back").click()
    expect(stepper.locator(".panel h4")).to_contain_text("the new weight from neuron 2 of layer 1")


def test_a_moved_slider_keeps_the_position_and_changes_the_numbers_to_mlpkits(notebook, stepper, page):
    notebook.execute("stepper.position = 61")
    at(stepper, 61)
    stepper.get_by_label("input 1 of the example", exact=True).focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect_picture(stepper, W, [0.8, 1.0], D[0], 0.5, 61)
    stepper.get_by_label("the learning rate: how far one step moves the weights", exact=True).press("End")
    expect_picture(stepper, W, [0.8, 1.0], D[0], 2.0, 61)
    stepper.get_by_label("Which weight is on the slider").select_option("w-1-2-1")
    field = stepper.get_by_label("the weight from neuron 2 of layer 1 to neuron 1 of layer 2, exact value")
    field.fill("-0.123456789")
    field.press("Enter")
    w = [W[0], [*W[1][:2], [0, -0.123456789], W[1][3]]]
    expect_picture(stepper, w, [0.8, 1.0], D[0], 2.0, 61)
    assert notebook.value("[w.tolist() for w in stepper.net.w]") == w
    assert notebook.value("stepper.position") == 61


def test_a_moved_slider_changes_texts_and_makes_nothing_new(notebook, stepper, page):
    for position in (12, 61):
        notebook.execute(f"stepper.position = {position}; stepper.reset(); stepper.position = {position}")
        at(stepper, position)
        slider = stepper.get_by_label("input 1 of the example", exact=True)
        slider.press("ArrowRight")
        expect_picture(stepper, W, [0.51, 1.0], D[0], 0.5, position)
        stepper.evaluate(
            """root => {
                window.made = [];
                const told = ({ target, addedNodes }) =>
                    `${target.outerHTML}: ${[...addedNodes].map((one) => one.nodeName)}`;
                const seen = new MutationObserver((records) => window.made.push(...records.map(told)));
                seen.observe(root, {subtree: true, childList: true});
            }"""
        )
        slider.press("ArrowRight")
        expect_picture(stepper, W, [0.52, 1.0], D[0], 0.5, position)
        assert page.evaluate("() => window.made") == []


@pytest.mark.parametrize("nearly", [0.01, 0.001])
def test_a_long_delta_covers_no_weight(notebook, stepper, nearly):
    """nearly: how far the desired output is from the output, so that δ has many digits."""
    _, o = forward(NET, np.array(I[0]))
    notebook.execute(f"stepper.code = 'D1={o[-1][1] + nearly} @61'")
    at(stepper, 61)
    expect(shown_text(stepper, ("delta", 1, 2))).to_have_text(re.compile("0.000|10"))
    covered = stepper.evaluate(
        """root => {
            const boxes = (kind) => [...root.querySelectorAll(`.net .${kind}[visibility=visible] rect`)]
                .map((one) => one.getBoundingClientRect());
            const meet = (one, other) => one.left < other.right && other.left < one.right
                && one.top < other.bottom && other.top < one.bottom;
            const wider = [...root.querySelectorAll(".net .delta[visibility=visible]")].filter((one) =>
                one.querySelector("text").getBBox().width > one.querySelector("rect").width.baseVal.value - 4);
            return { wider: wider.map((one) => one.textContent),
                met: boxes("delta").flatMap((one) => boxes("weight").filter((other) => meet(one, other))).length,
                count: boxes("delta").length };
        }"""
    )
    assert covered == {"wider": [], "met": 0, "count": 4}


def test_an_arrow_key_moves_the_thumb_together_with_the_numbers(stepper, page):
    slider = stepper.get_by_label("input 1 of the example", exact=True)
    slider.evaluate(
        """range => {
            window.thumb = [];
            // when the widget has heard of the key, and before any answer can be there
            range.addEventListener("keydown", (key) => queueMicrotask(() =>
                window.thumb.push([key.defaultPrevented, range.value])));
        }"""
    )
    for k, (name, value) in enumerate({"ArrowRight": 0.51, "ArrowUp": 0.52, "ArrowLeft": 0.51, "Home": -2.0}.items()):
        before = slider.input_value()
        slider.press(name)
        page.wait_for_function("k => window.thumb.length > k", arg=k)
        # the browser moves the thumb for the one key that the widget leaves to it
        assert page.evaluate("() => window.thumb.at(-1)") == [name != "Home", before]
        expect_picture(stepper, W, [value, 1.0], D[0], 0.5, 0)
        expect(slider).to_have_value(f"{value:g}")


def test_an_arrow_key_moves_the_thumb_while_the_kernel_is_busy(notebook, stepper, page, tmp_path):
    slider = stepper.get_by_label("input 1 of the example", exact=True)
    free = tmp_path / "free"
    notebook.keep_busy(free, "stepper._lock")
    try:
        for name, value in {"ArrowRight": "0.51", "ArrowDown": "0.5", "PageUp": "0.9", "ArrowUp": "0.91"}.items():
            slider.press(name)
            expect(slider).to_have_value(value)
        for name in ("ArrowLeft", "PageDown"):  # the second starts from where the first one is
            slider.press(name)
        expect(slider).to_have_value("0.5")
    finally:
        free.touch()
    expect_picture(stepper, W, [0.5, 1.0], D[0], 0.5, 0)


def test_an_arrow_key_at_the_end_of_a_slider_sends_nothing(notebook, stepper):
    slider = stepper.get_by_label("input 1 of the example", exact=True)
    slider.press("End")
    expect_picture(stepper, W, [2.0, 1.0], D[0], 0.5, 0)
    settled(stepper.page)
    turn = stepper.get_attribute("data-turn")
    slider.press("ArrowRight")
    slider.press("ArrowLeft")
    expect_picture(stepper, W, [1.99, 1.0], D[0], 0.5, 0)
    settled(stepper.page)
    assert int(stepper.get_attribute("data-turn")) == int(turn) + 1


def enter(field, text):
    field.fill(text)
    field.press("Enter")


HANDS = {
    "!sign @1": lambda stepper: (
        beside(stepper, "Break it"),
        stepper.locator(".switches [data-control=slope]").click(),
        stepper.locator("[data-control=reset]").click(),
        stepper.locator(".switches [data-control=sign]").click(),
        stepper.locator("[data-control=forward]").click(),
    ),
    "I1=0.57 n1 @0": lambda stepper: stepper.locator("[data-control=next]").click(),
    "@0": lambda stepper: stepper.locator("[data-control=reset]").click(),
    "I1=0.57 e2 @0": lambda stepper: enter(stepper.locator("[data-control=example]"), "2"),
    "I1=0.25 @9": lambda stepper: enter(stepper.locator("[data-control=code]"), "I1=0.25 @9"),
    "I1=1.5 @0": lambda stepper: enter(stepper.get_by_label("input 1 of the example, exact value"), "1.5"),
    "I1=0.57 @3": lambda stepper: [stepper.locator("[data-control=forward]").click() for _ in range(3)],
    "I1=0.57 !slope,sign @0": lambda stepper: [
        beside(stepper, "Break it"),
        *(stepper.locator(f".switches [data-control={name}]").click() for name in ("slope", "bias", "sign", "bias")),
    ],
    "I1=0.57 @9>a1.2": lambda stepper: (
        stepper.locator(".net [data-symbol='o-1-2']").click(),
        stepper.locator(".net [data-symbol='a-1-2']").dispatch_event("click"),
    ),
}


@pytest.mark.parametrize("code", HANDS)
def test_what_is_done_while_the_kernel_is_busy_is_done_in_order(notebook, stepper, page, tmp_path, code):
    free = tmp_path / "free"
    slider = stepper.get_by_label("input 1 of the example", exact=True)
    turn = int(stepper.get_attribute("data-turn"))
    notebook.keep_busy(free, "stepper._lock")
    try:
        for _ in range(7):
            slider.press("ArrowRight")
        HANDS[code](stepper)
    finally:
        free.touch()
    # the first key is a message of its own, and what came before its answer is the next
    page.wait_for_function("([root, turn]) => root.dataset.turn >= turn", arg=[stepper.element_handle(), turn + 2])
    until(page, lambda: notebook.value("stepper.code") == code, code)
    stepper.locator("[data-control=play]").focus()  # the field of the code is left
    expect(stepper.locator("[data-control=code]")).to_have_value(code)


def test_the_slider_of_the_history_stays_where_the_hand_is(notebook, stepper, page):
    notebook.execute("for _ in range(20): stepper.next_example()")
    state = stepper.locator("[data-control=state]")
    expect(state).to_have_value("20")
    state.evaluate(
        """range => {
            window.went = [];
            const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
            Object.defineProperty(range, "value", {
                get() { return value.get.call(this); },
                set(to) { window.went.push([value.get.call(this), to]); value.set.call(this, to); },
            });
        }"""
    )
    state.focus()
    for _ in range(15):
        page.keyboard.press("ArrowLeft")
    expect(state).to_have_value("5")
    expect(stepper.locator("[data-value=steps]")).to_have_text("5 steps taken")
    settled(page)
    assert page.evaluate("() => window.went") == []
    assert notebook.value("stepper.state") == 5


def test_a_picked_weight_is_the_one_that_moves(notebook, stepper, tmp_path):
    free = tmp_path / "free"
    notebook.keep_busy(free, "stepper._lock")
    try:
        stepper.get_by_label("Which weight is on the slider").select_option("w-0-1-1")
        weight = stepper.locator(".mlpkit-slider[data-kind=w] input[type=range]")
        weight.press("ArrowRight")  # still that of the other weight
    finally:
        free.touch()
    expect(stepper.locator(".mlpkit-slider[data-kind=w] input[type=range]")).to_have_value("0.5")
    assert notebook.value("stepper.code") == "@0"


def test_what_is_no_number_gets_a_sentence_and_everything_stays(notebook, stepper):
    notebook.execute("stepper.example = 1; stepper.position = 5")
    at(stepper, 5)
    problem = stepper.get_by_role("alert")
    example = stepper.locator("[data-control=example]")
    field = stepper.get_by_label("the learning rate: how far one step moves the weights, exact value")
    for where, typed, sentence in (
        (field, "", "A number is needed, such as 0.25. The learning rate stays 0.5."),
        (field, "1e400", "A number is needed, such as 0.25. The learning rate stays 0.5."),
        (field, "1e308", "α was to be 1e+308, but a number from −10⁶ to 10⁶ is needed here; it stays as it was."),
        (example, "", "The number of an example is needed, at most 2. It stays 2."),
    ):
        enter(where, typed)
        expect(problem).to_have_text(sentence)
        stepper.locator("[data-control=play]").focus()
        expect(field).to_have_value("0.5")
        expect(example).to_have_value("2")
        expect_picture(stepper, W, I[1], D[1], 0.5, 5)
    stepper.locator("[data-control=forward]").click()
    at(stepper, 6)
    expect(problem).to_have_text("")


def test_a_weight_beyond_its_sliders_range_can_be_moved_both_ways(notebook, stepper, page):
    slider = stepper.locator(".mlpkit-slider[data-kind=w] input[type=range]")
    enter(stepper.locator(".mlpkit-slider[data-kind=w] .mlpkit-field"), "5.2")
    expect(slider).to_have_value("5.2")
    for key_, value in (("ArrowLeft", "5.19"), ("ArrowRight", "5.2"), ("ArrowRight", "5.21")):
        slider.press(key_)
        expect(slider).to_have_value(value)
        expect(slider).to_have_attribute("aria-valuetext", value)
    slider.scroll_into_view_if_needed()
    settled(page)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.9 * box["width"], y)
    page.mouse.down()
    for share in (0.8, 0.6, 0.4, 0.5):
        page.mouse.move(box["x"] + share * box["width"], y)
        notebook.value("0")
    page.mouse.up()
    settled(page)
    assert float(slider.input_value()) == pytest.approx(1.5, abs=0.3)  # the middle of −3 to 6


def test_a_weights_number_is_dragged_whatever_was_selected(notebook, stepper, page):
    label = stepper.locator(".net .weight[data-symbol='w-1-3-1']")
    label.dblclick()
    expect(stepper.get_by_label("Which weight is on the slider")).to_have_value("w-1-3-1")
    settled(page)
    box = label.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40)  # at once far from the label
    page.mouse.move(x + 80, y + 40)
    page.mouse.up()
    expect(shown_text(stepper, ("w", 1, 3, 1))).to_have_text("1.2")
    assert notebook.value("stepper.net.w[1][3, 1]") == pytest.approx(1.2)


def test_a_drag_with_the_mouse_arrives(notebook, stepper, page):
    slider = stepper.get_by_label("input 2 of the example", exact=True)
    slider.scroll_into_view_if_needed()
    settled(page)
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.7, 0.5, 0.3, 0.25):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    settled(page)
    value = float(slider.input_value())
    assert -1.3 < value < -0.7
    expect(shown_text(stepper, ("o", 0, 2))).to_have_text("")
    stepper.get_by_role("button", name="Step", exact=True).click()
    expect_picture(stepper, W, [0.5, value], D[0], 0.5, 23)
    assert notebook.value("stepper._now.I[0][1]") == value


def test_clicking_an_edge_puts_its_weight_on_the_slider(stepper):
    shown_text(stepper, ("w", 0, 2, 3)).click()
    slider = stepper.get_by_label("the weight from neuron 2 of layer 0 to neuron 3 of layer 1", exact=True)
    expect(slider).to_have_value("0.8")
    expect(stepper.get_by_label("Which weight is on the slider")).to_have_value("w-0-2-3")
    expect(stepper.locator(".panel h4")).to_contain_text("the weight from neuron 2 of layer 0 to neuron 3 of layer 1")
    stepper.get_by_role("button", name="Step", exact=True).click()
    stepper.get_by_role("button", name="Step", exact=True).click()
    at(stepper, 61)
    shown_text(stepper, ("w", 0, 2, 3)).click()
    expect(stepper.locator(".panel h4")).to_contain_text("the new weight from neuron 2 of layer 0")


def test_next_example_goes_on_from_the_new_weights_and_reset_comes_back(notebook, stepper):
    stepper.get_by_role("button", name="Take the step and go on").click()
    first = step(NET, I[0], D[0], 0.5)
    expect(stepper.locator("[data-control='example']")).to_have_value("2")
    expect_picture(stepper, first.w, I[1], D[1], 0.5, 0, (Network(W), I[0], D[0]))
    stepper.get_by_role("button", name="Take the step and go on").click()
    second = step(first, I[1], D[1], 0.5)
    expect(stepper.locator("[data-value='epoch']")).to_have_text("epoch 1")
    expect_picture(stepper, second.w, I[0], D[0], 0.5, 0, (first, I[1], D[1]))
    assert len(notebook.value("stepper.losses")) == 2
    stepper.get_by_role("button", name="Reset").click()
    expect(stepper.locator("[data-value='steps']")).to_have_text("0 steps taken")
    expect_picture(stepper, W, I[0], D[0], 0.5, 0)


def test_play_runs_to_the_end_and_pauses(stepper, page):
    stepper.get_by_label("Speed").select_option("2")
    stepper.get_by_role("button", name="Step", exact=True).click()
    at(stepper, 23)
    stepper.get_by_role("button", name="Play").click()
    page.wait_for_function("root => root.dataset.position > 24", arg=stepper.element_handle())
    stepper.get_by_role("button", name="Pause").click()
    expect(stepper.get_by_role("button", name="Play")).to_be_visible()
    settled(page)
    assert 25 <= int(stepper.get_attribute("data-position")) < 61
    stepper.get_by_role("button", name="Step", exact=True).click()
    at(stepper, 61)
    stepper.get_by_role("button", name="One micro-step back").click()
    stepper.get_by_role("button", name="Play").click()
    at(stepper, 61)
    expect(stepper.get_by_role("button", name="Play")).to_be_visible()


def test_the_keyboard_alone_steps_and_opens(stepper, page):
    stepper.get_by_role("button", name="One micro-step on").focus()
    page.keyboard.press("ArrowRight")
    at(stepper, 1)
    page.keyboard.press("End")
    at(stepper, 61)
    page.keyboard.press("ArrowLeft")
    at(stepper, 60)
    page.keyboard.press("Home")
    at(stepper, 0)
    neuron = stepper.locator(".net [role=button][data-symbol='o-1-2']")
    neuron.focus()
    page.keyboard.press("Enter")
    at(stepper, 9)  # not written yet: the player steps on to it
    expect(neuron).to_have_attribute("aria-label", "neuron 2 of layer 1, output 0.5498, activation 0.2")
    page.keyboard.press("ArrowRight")
    at(stepper, 10)


def test_a_number_that_is_none_gets_a_sentence_and_the_widget_stays_usable(notebook, stepper):
    notebook.execute("stepper.position = 61")
    move = "{'do': 'move', 'values': {'I-1': float('nan')}}"
    notebook.execute(f"stepper._on_message(stepper, {{'turn': 1, 'asked': [{move}]}}, [])")
    refused = "I₁ was to be nan, but a number from −10⁶ to 10⁶ is needed here"
    expect(stepper.get_by_role("alert")).to_contain_text(refused)
    expect_picture(stepper, W, I[0], D[0], 0.5, 61)
    field = stepper.get_by_label("input 1 of the example, exact value")
    field.fill("0.25")
    field.press("Enter")
    expect(stepper.get_by_role("alert")).to_have_text("")
    expect_picture(stepper, W, [0.25, 1.0], D[0], 0.5, 61)


def test_shown_twice_both_follow_and_one_can_go(open_notebook):
    notebook = open_notebook([MAKE, "stepper"])
    notebook.run_all()
    one, other = (cell.element.locator(".mlpkit-stepper") for cell in notebook.cells())
    other.get_by_role("button", name="Backward").click()
    at(one, 17)
    at(other, 17)
    notebook.cell(1).run("0")
    one.get_by_label("input 1 of the example", exact=True).press("ArrowRight")
    expect(one.get_by_label("input 1 of the example, exact value")).to_have_value("0.51")
    expect_picture(one, W, [0.51, 1.0], D[0], 0.5, 17)


def test_the_height_stays_while_stepping(stepper, page):
    stepper.evaluate(
        """root => {
            window.heights = [];
            new ResizeObserver(() => window.heights.push(root.getBoundingClientRect().height)).observe(root);
        }"""
    )
    for position in range(1, 62):
        stepper.get_by_role("button", name="One micro-step on").click()
        at(stepper, position)
    settled(page)
    assert page.evaluate("() => window.heights.length") == 1  # the one that it had


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 800])
def test_axe_finds_nothing_and_nothing_sticks_out(notebook, stepper, page, theme, width):
    notebook.theme(theme)
    alone(page)  # how wide the side bars are is JupyterLab's own business
    resize(page, width)
    for position in (0, 10, 21, 61):
        notebook.execute(f"stepper.position = {position}")
        at(stepper, position)
        assert axe_finds(page, ".mlpkit-stepper") == []
    inside = stepper.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    assert inside


def test_jumps_by_layer_with_buttons_and_with_the_page_keys(stepper, page):
    layers = frame.Scene(NET, trace(NET, I[0], D[0], 0.5)).layers
    on = stepper.get_by_role("button", name="To the next layer")
    for position in layers:
        on.click()
        at(stepper, position)
    page.keyboard.press("PageDown")
    at(stepper, 61)
    for position in reversed(layers):
        page.keyboard.press("PageUp")
        at(stepper, position)
    stepper.get_by_role("button", name="To the layer before").click()
    at(stepper, 0)


def test_history_goes_back_and_a_new_step_replaces_what_came_after(notebook, stepper, page):
    nets = [NET]
    for k in range(3):
        stepper.get_by_role("button", name="Take the step and go on").click()
        nets.append(step(nets[-1], I[k % 2], D[k % 2], 0.5))
        expect(stepper.locator("[data-value='steps']")).to_have_text(f"{k + 1} step{'s' * (k > 0)} taken")
    history = stepper.get_by_label("History: go back to an earlier state")
    history.press("ArrowLeft")
    history.press("ArrowLeft")
    expect(history).to_have_attribute("aria-valuetext", "state 2 of 4, after 1 step")
    expect_picture(stepper, nets[1].w, I[1], D[1], 0.5, 0)
    history.press("End")
    expect_picture(stepper, nets[3].w, I[1], D[1], 0.5, 0)
    history.press("Home")
    expect_picture(stepper, W, I[0], D[0], 0.5, 0)
    stepper.get_by_role("button", name="Take the steps of all examples").click()
    expect(stepper.locator("[data-value='epoch']")).to_have_text("epoch 1")
    expect(history).to_have_attribute("aria-valuetext", "state 2 of 2, after 2 steps")
    expect_picture(stepper, nets[2].w, I[0], D[0], 0.5, 0, (nets[1], I[1], D[1]))


def test_another_example_is_looked_at_without_a_step(notebook, stepper):
    stepper.get_by_role("button", name="Step", exact=True).click()
    field = stepper.locator("[data-control='example']")
    field.fill("2")
    field.press("Enter")
    expect_picture(stepper, W, I[1], D[1], 0.5, 23)
    expect(stepper.locator(".mode")).to_have_text("A step here is that of one example, not of the mean over all 2.")
    field.fill("9")
    field.press("Enter")
    expect(field).to_have_value("2")


def test_one_value_goes_back_to_its_start(stepper, page):
    slider = stepper.get_by_label("input 1 of the example", exact=True)
    back = stepper.get_by_role("button", name="Back to the start: input 1 of the example")
    expect(back).to_be_hidden()
    slider.press("Home")
    stepper.get_by_label("input 2 of the example", exact=True).press("Home")
    expect_picture(stepper, W, [-2.0, -2.0], D[0], 0.5, 0)
    back.click()
    expect_picture(stepper, W, [0.5, -2.0], D[0], 0.5, 0)
    expect(slider).to_be_focused()
    expect(back).to_be_hidden()


def test_a_weight_in_the_picture_is_dragged(notebook, stepper, page):
    notebook.execute("stepper.position = 22")
    at(stepper, 22)
    label = shown_text(stepper, ("w", 1, 2, 1))
    label.scroll_into_view_if_needed()
    settled(page)
    box = label.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for way in (10, 40, 80, 70):
        page.mouse.move(x + way, y)
    page.mouse.up()
    w = [W[0], [*W[1][:2], [0, 0.2], W[1][3]]]  # 70 px to the right of -0.5
    expect_picture(stepper, w, I[0], D[0], 0.5, 22)
    expect(stepper.get_by_label("Which weight is on the slider")).to_have_value("w-1-2-1")
    assert notebook.value("stepper.opened") == []  # it was no click


def test_a_field_shows_the_digits_of_the_picture_and_the_whole_number_to_the_hand(notebook, stepper):
    notebook.execute("stepper.next_example(); stepper.picked = 'w-1-2-1'")
    whole = notebook.value("stepper.net.w[1][2, 1]")
    field = stepper.get_by_label("the weight from neuron 2 of layer 1 to neuron 1 of layer 2, exact value")
    expect(field).to_have_value(number_text(whole).replace("−", "-"))
    field.focus()
    assert float(field.input_value()) == whole
    field.blur()
    assert notebook.value("stepper.net.w[1][2, 1]") == whole


def test_opening_leads_from_every_kind_of_number_down_to_what_is_given(notebook, stepper, page):
    """Chains are followed by the first number read, with the keyboard; each shown number is the trace's."""
    values = {s.symbol: s for s in trace(NET, I[0], D[0], 0.5)}
    for start in (("w_new", 0, 2, 3), ("loss",), ("w_new", 1, 0, 1), ("dw", 1, 3, 1), ("grad", 0, 1, 1)):
        notebook.execute(f"stepper.position = 61; stepper.opened = []; stepper.open({start})")
        symbol = start
        while True:
            s = values[symbol]
            expect(stepper.locator(".panel h4 math")).to_have_attribute("data-of", key(symbol))
            expect(stepper.locator(".panel .mlpkit-result")).to_have_text(number_text(s.value))
            expect(stepper.locator(".reads button")).to_have_count(len(s.reads))
            for read, button in zip(s.reads, stepper.locator(".reads button").all(), strict=True):
                expect(button).to_contain_text(number_text(values[read].value))
                expect(button).to_have_attribute("data-symbol", key(read))
            if not s.reads:
                break
            symbol = s.reads[-1] if s.symbol[0] in ("w_new", "dw") else s.reads[0]
            stepper.locator(f".reads [data-symbol='{key(symbol)}']").press("Enter")
        assert symbol[0] in ("I", "D", "alpha", "w", "o")


def test_the_weights_of_a_step_are_opened_by_keyboard_in_the_picture(notebook, stepper, page):
    notebook.execute("stepper.position = 8")  # a_2^1
    at(stepper, 8)
    stops = stepper.locator(".net .weight[tabindex]")
    assert sorted(stops.evaluate_all("nodes => nodes.map((node) => node.dataset.symbol)")) == [
        "w-0-0-2",
        "w-0-1-2",
        "w-0-2-2",
    ]
    edge = stepper.locator(".net").get_by_role("button", name="w 2 2 of layer 0: 0.6", exact=True)
    stops.first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(edge).to_be_focused()
    page.keyboard.press("Enter")
    expect(stepper.locator(".panel h4")).to_contain_text("the weight from neuron 2 of layer 0 to neuron 2 of layer 1")
    expect(edge).to_be_focused()
    page.keyboard.press("ArrowRight")  # the step goes on, and the focus stays though the weight is no more of it
    at(stepper, 9)
    expect(edge).to_be_focused()
    page.keyboard.press("ArrowRight")
    at(stepper, 10)


def test_the_keyboard_alone_goes_through_a_whole_step(stepper, page):
    """Tab to the first button, then keys only: every micro-step, a slider, the step, and the way back."""
    page.locator(".jp-Notebook").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if stepper.evaluate("node => node.contains(document.activeElement)"):
            break
    assert stepper.evaluate("node => node.contains(document.activeElement)")
    scene = frame.Scene(NET, trace(NET, I[0], D[0], 0.5))
    status = stepper.get_by_role("status")
    for position in range(1, 62):
        page.keyboard.press("ArrowRight")
        at(stepper, position)
        expect(status).to_have_text(frame.spoken(scene, position))

    def tab_to(name, key="Tab"):
        for _ in range(60):
            page.keyboard.press(key)
            if page.evaluate("() => document.activeElement.getAttribute('aria-label')") == name:
                return
        raise AssertionError(f"{name} is no tab stop")

    tab_to("the learning rate: how far one step moves the weights")
    page.keyboard.press("End")
    expect_picture(stepper, W, I[0], D[0], 2.0, 61)
    tab_to("Take the step and go on with the next example, from the new weights", "Shift+Tab")
    page.keyboard.press("Enter")
    made = step(NET, I[0], D[0], 2.0).w
    expect_picture(stepper, made, I[1], D[1], 2.0, 61, (NET, I[0], D[0]))
    focus = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert focus == "solid"
    tab_to("History: go back to an earlier state")
    page.keyboard.press("Home")
    expect_picture(stepper, W, I[0], D[0], 2.0, 61)


def test_a_click_anywhere_gives_it_the_keys(stepper, page):
    stepper.locator(".net").click(position={"x": 12, "y": 40})  # where nothing is drawn
    page.keyboard.press("ArrowRight")
    at(stepper, 1)
    stepper.locator(".panel h4").click()
    page.keyboard.press("End")
    at(stepper, 61)


def test_presenting_fills_the_screen_with_all_of_it(notebook, stepper, page):
    notebook.execute("stepper.position = 20; stepper.view = 'equation'")
    at(stepper, 20)

    def letters():
        """The height in pixels of a number in the picture and of one in the equation."""
        return stepper.evaluate(
            """root => [".net .output", ".rows mn"].map((selector) => {
                const node = root.querySelector(selector);
                return node.getBoundingClientRect().height;
            })"""
        )

    before = letters()
    present = stepper.get_by_role("button", name="Present")
    expect(present).to_have_attribute("aria-pressed", "false")
    present.press("Enter")
    page.wait_for_function("() => document.fullscreenElement?.classList.contains('presenting')")
    expect(present).to_have_attribute("aria-pressed", "true")
    settled(page)
    assert all(now > 1.15 * then for now, then in zip(letters(), before, strict=True))
    parts = (".loss", "[data-control=next]", "[data-control=example]", "[data-control=alpha]", ".net svg", ".rows")
    for part in parts:
        expect(stepper.locator(part)).to_be_in_viewport(ratio=1)
    for tab in ("Matrix", "Updates", "Break it", "Equation"):
        beside(stepper, tab)
        expect(stepper.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        settled(page)
        assert stepper.evaluate("root => root.scrollHeight <= root.clientHeight + 1")  # all of it is on the screen
        assert stepper.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
    stepper.locator("[data-control=play]").focus()
    page.keyboard.press("ArrowRight")
    at(stepper, 21)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.fullscreenElement")
    expect(present).to_have_attribute("aria-pressed", "false")
    settled(page)
    assert letters() == before


def test_a_code_brings_another_stepper_to_the_same_state(open_notebook, page):
    notebook = open_notebook([MAKE, f"other = Stepper(Network({W}), {I}, {D}, position=0)\nother"])
    notebook.run_all()
    stepper = notebook.cell("stepper =").element.locator(".mlpkit-stepper")
    stepper.get_by_label("the learning rate: how far one step moves the weights, exact value").fill("1.5")
    stepper.get_by_label("the learning rate: how far one step moves the weights, exact value").press("Enter")
    stepper.get_by_role("button", name="Next example").press("Enter")
    stepper.get_by_role("button", name="Backward").press("Enter")
    code = stepper.get_by_label("Code of this state")
    expect(code).to_have_value("alpha=1.5 n1 @17")
    other = notebook.cell("other =").element.locator(".mlpkit-stepper")
    typed = other.get_by_label("Code of this state")
    typed.fill("alpha=1.5 m1 @17")
    typed.press("Enter")
    expect(other.get_by_role("alert")).to_have_text(
        "'m1' is no move of a code: it is made of words such as I1=0.7, e2, n3 and @21."
    )
    expect(typed).to_have_value("alpha=1.5 m1 @17")  # to be mended
    at(other, 0)
    typed.fill("alpha=1.5 n1 @17")
    typed.press("Enter")
    at(other, 17)
    expect(other.get_by_role("alert")).to_have_text("")
    assert notebook.value("stepper.code == other.code and stepper.losses == other.losses")
    settled(page)
    assert other.locator(".net").inner_html() == stepper.locator(".net").inner_html()
