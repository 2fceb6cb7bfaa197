"""The Stepper as one screen of a small projector, 1280 by 720: what is seen at once, and what a drag moves."""

import pytest
from lab import alone, resize, settled
from networks import W
from playwright.sync_api import expect

from mlpkit import Network, forward, step
from mlpkit.notation import number_text

MAKE = f"""from mlpkit import Network
from mlpkit.widgets import Stepper
stepper = Stepper(Network({W}), [0.5, 1.0], [1.0])
stepper"""


@pytest.fixture
def screen(open_notebook, page):
    """The notebook and its Stepper as they are when the cell has been run; the file browser is closed."""
    notebook = open_notebook(["# what is above", MAKE, "# what follows", *["1"] * 6])
    alone(page)
    notebook.cell(1).run()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    expect(stepper).to_have_attribute("data-position", "61")
    settled(page)
    return notebook, stepper


def news(stepper):
    return stepper.locator(".updates .now").all_inner_texts()


def test_it_opens_whole_and_alive(screen):
    _, stepper = screen
    made = step(Network(W), [0.5, 1.0], [1.0], 0.5)
    texts = [number_text(array[i, j]) for array in made.w for i in range(len(array)) for j in range(1, array.shape[1])]
    expect(stepper.locator(".updates .now")).to_have_text(texts)
    assert len(texts) == 13
    assert "" not in stepper.locator(".net .output").all_text_contents()
    expect(stepper.get_by_role("tab", name="Updates")).to_have_attribute("aria-selected", "true")


def test_a_cell_that_has_just_run_shows_its_stepper_from_the_top_and_all_is_seen_at_once(screen, page):
    notebook, stepper = screen
    parts = [
        ".net svg",
        ".loss",
        "[data-control=next]",
        ".updates table",
        "[data-control=alpha]",
        "[data-control=code]",
    ]
    for part in parts:
        expect(stepper.locator(part)).to_be_in_viewport(ratio=1)
    assert page.evaluate("() => document.querySelector('.jp-Notebook').contains(document.activeElement)")
    assert not stepper.evaluate("root => root.contains(document.activeElement)")
    assert notebook.value("stepper.new") is False  # when the page is loaded again, nothing moves
    heights = set()
    for position in (0, 9, 21, 61):
        for view in ("equation", "matrix", "updates", "break"):
            notebook.execute(f"stepper.position = {position}; stepper.view = '{view}'")
            expect(stepper).to_have_attribute("data-position", str(position))
            expect(stepper.locator(f"[data-tab={view}]")).to_have_attribute("aria-selected", "true")
            heights.add(stepper.bounding_box()["height"])
    notebook.execute("stepper.broken = ['slope', 'sign']; stepper.next_example()")
    expect(stepper.locator("[data-value=steps]")).to_have_text("1 step taken")
    heights.add(stepper.bounding_box()["height"])
    assert len(heights) == 1
    assert max(heights) <= 580


def test_every_slider_is_wide_enough(screen):
    _, stepper = screen
    widths = stepper.locator(".mlpkit-slider input[type=range]").evaluate_all(
        "all => all.map((one) => one.offsetWidth)"
    )
    assert len(widths) == 5
    assert min(widths) >= 180


def test_labels_are_large_enough_and_on_no_other_line(screen):
    _, stepper = screen
    found = stepper.evaluate(
        """root => {
            const lines = [...root.querySelectorAll(".net polyline.edge:not(.ghost)")];
            const labels = [...root.querySelectorAll(".net .weight")];
            const own = [...root.querySelectorAll(".net .hit")];
            const texts = [...root.querySelectorAll(".net text")].filter((one) => one.textContent);
            const size = Math.min(...texts.filter((one) => !one.closest(".long")).map((one) =>
                parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a));
            const met = labels.flatMap((label) => {
                const box = label.querySelector("text").getBoundingClientRect();
                const points = own.find((one) => one.dataset.symbol === label.dataset.symbol).getAttribute("points");
                return lines.filter((line) => line.getAttribute("points") !== points).filter((line) => {
                    const length = line.getTotalLength();
                    const matrix = line.getScreenCTM();
                    for (let k = 0; k <= length; k += 1) {
                        const { x, y } = line.getPointAtLength(k).matrixTransform(matrix);
                        if (x > box.left && x < box.right && y > box.top + 2 && y < box.bottom - 2) return true;
                    }
                    return false;
                }).map(() => label.textContent);
            });
            return { labels: labels.length, met, size };
        }"""
    )
    assert (found["labels"], found["met"]) == (13, [])
    assert found["size"] >= 12.99


def drag(page, handle, way, moves=8):
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + way, y, steps=moves)
    return x + way, y


def test_one_drag_of_alpha_changes_all_thirteen_weights_and_they_stay_marked(screen, page):
    _, stepper = screen
    before = news(stepper)
    alpha = stepper.locator("[data-control=alpha]")
    box = alpha.bounding_box()
    at = box["x"] + 8 + (box["width"] - 16) * 0.5 / 2
    page.mouse.move(at, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(at + 60, box["y"] + box["height"] / 2, steps=6)
    expect(alpha).not_to_have_value("0.5")
    page.mouse.up()
    expect(stepper.locator(".updates .changed-new")).to_have_count(13)
    settled(page)
    assert all(one != other for one, other in zip(before, news(stepper), strict=True))
    expect(stepper.locator(".net .weight.changed")).to_have_count(13)
    stepper.get_by_role("button", name="Back to the start: the learning rate").click()
    expect(stepper.locator(".updates .changed-old")).to_have_count(0)


def test_a_thumb_that_comes_near_to_zero_or_to_the_start_goes_there(screen, page):
    notebook, stepper = screen
    first = stepper.get_by_label("input 1 of the example", exact=True)
    box = first.bounding_box()

    def place(x):
        return box["x"] + 8 + (box["width"] - 16) * (x + 2) / 4

    y = box["y"] + box["height"] / 2
    page.mouse.move(place(0.5), y)
    page.mouse.down()
    page.mouse.move(place(1.2), y, steps=4)
    page.mouse.move(place(0) + 3, y, steps=4)
    page.mouse.up()
    expect(first).to_have_value("0")
    first.press("ArrowRight")  # keys go where they go
    expect(first).to_have_value("0.01")
    page.mouse.move(place(0.01), y)
    page.mouse.down()
    page.mouse.move(place(0.5) - 3, y, steps=4)
    page.mouse.up()
    expect(first).to_have_value("0.5")
    expect(stepper.locator("[data-control=code]")).to_have_value("I1=0.5 @61")
    assert notebook.value("stepper.code") == "I1=0.5 @61"


@pytest.mark.parametrize(
    ("where", "symbol", "value", "view"),
    [
        (".updates tr[data-symbol='w-0-1-1'] .old span", "('w', 0, 1, 1)", 0.5, "updates"),
        (".rows .mlpkit-number[data-symbol='w-1-3-1']", "('w', 1, 3, 1)", 0.4, "equation"),
        (".net .input[data-symbol='o-0-2']", "('I', 2)", 1.0, "updates"),
    ],
)
def test_a_number_is_dragged_wherever_it_stands(screen, page, where, symbol, value, view):
    notebook, stepper = screen
    notebook.execute(f"stepper.view = '{view}'")
    number = stepper.locator(where).first
    expect(number).to_be_visible()
    assert number.evaluate("one => getComputedStyle(one).cursor") == "ew-resize"
    drag(page, number, 30)
    page.mouse.up()
    expect(stepper.locator("[data-control=code]")).to_have_value(
        "w0.1.1=0.8 @61" if "1, 1" in symbol and "0," in symbol else "w1.3.1=0.7 @61" if "w" in symbol else "I2=1.3 @61"
    )
    assert notebook.value(f"stepper._scene.value({symbol})") == pytest.approx(value + 0.3)
    assert notebook.value("stepper.opened") == []


def test_after_a_step_nothing_moves_away_and_a_refusal_stands_at_the_button(screen, page):
    notebook, stepper = screen
    take = stepper.locator("[data-control=next]")
    place = take.bounding_box()
    for k in range(3):
        take.click()
        expect(stepper.locator("[data-value=steps]")).to_have_text(f"{k + 1} step{'s' * (k > 0)} taken")
        settled(page)
        assert take.bounding_box() == place
    expect(stepper.locator(".updates .was:not([visibility=hidden])").first).to_be_visible()  # the trail
    notebook.execute("stepper.broken = ['delta_0']")
    before = stepper.bounding_box()
    take.click()
    said = stepper.get_by_role("alert")
    expect(said).to_contain_text("moves a fixed column")
    settled(page)
    box = said.bounding_box()
    assert 0 <= box["y"] - (place["y"] + place["height"]) <= 12
    assert box["x"] < place["x"] + place["width"]
    assert box["x"] + box["width"] > place["x"]
    assert stepper.bounding_box() == before


def test_tabs_are_led_by_arrow_keys_and_stay_where_the_kernel_is_busy(screen, page, tmp_path):
    notebook, stepper = screen
    tab = stepper.get_by_role("tab", name="Updates")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(stepper.get_by_role("tab", name="Break it")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(stepper.get_by_role("tab", name="Equation")).to_have_attribute("aria-selected", "true")
    expect(stepper.get_by_role("tabpanel", name="Equation")).to_be_visible()
    expect(stepper.get_by_role("tabpanel")).to_have_count(1)
    assert notebook.value("(stepper.view, stepper.position)") == ["equation", 61]
    free = tmp_path / "free"
    notebook.keep_busy(free, "stepper._lock")
    try:
        page.keyboard.press("End")
        expect(stepper.get_by_role("tabpanel", name="Break it")).to_be_visible()
    finally:
        free.touch()
    expect(stepper.get_by_role("tabpanel", name="Break it")).to_be_visible()
    assert notebook.value("stepper.view") == "break"


@pytest.mark.new_page
def test_five_tips_are_shown_once_and_can_be_left(screen, page):
    notebook, stepper = screen
    tip = stepper.get_by_role("region", name="A tip")
    expect(tip).to_have_count(0)  # no tour where a machine drives the page
    page.evaluate("() => Object.defineProperty(navigator, 'webdriver', { value: false })")
    again = notebook.cell(1)
    again.run()
    expect(tip).to_contain_text("Drag α")
    settled(page)
    assert not stepper.evaluate("root => root.contains(document.activeElement)")
    stepper.get_by_role("button", name="Skip").click()
    expect(tip).to_have_count(0)
    again.run()
    expect(stepper).to_have_attribute("data-position", "61")
    expect(tip).to_have_count(0)
    stepper.get_by_role("button", name="Five tips").press("Enter")
    for k in range(5):
        expect(tip).to_contain_text(f"{k + 1} of 5")
        page.keyboard.press("Enter")
    expect(tip).to_have_count(0)
    expect(stepper.get_by_role("button", name="Five tips")).to_be_focused()


def test_it_is_one_screen_beside_the_list_of_files_too(open_notebook, page):
    notebook = open_notebook(["# what is above", MAKE, "# what follows"])
    page.evaluate("() => window.jupyterapp.shell.expandLeft()")
    notebook.cell(1).run()
    notebook.cell(1).show()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    expect(stepper).to_have_attribute("data-position", "61")
    settled(page)
    seen = stepper.bounding_box()
    assert seen["width"] < 900
    assert seen["height"] <= 580
    notebook.execute("stepper.view, stepper.position = 'matrix', 23")  # the widest of its tables
    expect(stepper).to_have_attribute("data-position", "23")
    matrix = stepper.locator(".matrix")
    expect(matrix).to_be_visible()
    assert matrix.evaluate("node => node.scrollWidth <= node.clientWidth")
    name = stepper.locator(".net text", has_text="o₁²").first.bounding_box()
    notebook.execute("stepper.position = 17")
    delta = stepper.locator(".net [data-symbol='delta-2-0']")
    expect(delta).to_be_visible()
    box = delta.bounding_box()
    assert box["y"] + box["height"] <= name["y"] or box["x"] + box["width"] <= name["x"]


S231 = "Stepper(*data.running_example(), alpha=0.5)"
S343 = "Stepper(Network.random([3, 4, 3], seed=3), [0.5, -0.25, 1.0], [1.0, 0.0, 0.5])"


def lay_out(page, stepper, how):
    """ "wide", beside the list of files ("narrow"), or "presented"."""
    page.evaluate(f"() => window.jupyterapp.shell.{'expandLeft' if how == 'narrow' else 'collapseLeft'}()")
    if how == "presented":
        stepper.get_by_role("button", name="Present").click()
    settled(page)


@pytest.mark.parametrize("make", [S231, S343])
@pytest.mark.parametrize("how", ["wide", "narrow", "presented"])
def test_the_matrix_form_of_every_step_and_mistake_is_seen_whole(open_widget, page, make, how):
    notebook, stepper = open_widget(make, ".mlpkit-stepper")
    lay_out(page, stepper, how)
    notebook.execute("it.view = 'matrix'")
    places = notebook.value(
        "sorted({(s.symbol[0], s.symbol[1:2]): it._scene.position_of(s.symbol) for s in it.steps if s.how != 'given'}"
        ".values())"
    )
    cut = []
    for broken in ([], ["delta_0", "slope"], ["bias"]):
        notebook.execute(f"it.broken = {broken}")
        for position in places:
            notebook.execute(f"it.position = {position}")
            expect(stepper).to_have_attribute("data-position", str(position))
            seen = stepper.locator(".matrix").evaluate(
                "one => [one.scrollWidth, one.clientWidth, one.scrollHeight, one.clientHeight]"
            )
            if seen[0] > seen[1] or seen[2] > seen[3]:
                cut.append((broken, position, seen))
    assert cut == []


def test_the_task_stands_where_the_widget_is_seen(open_notebook, page):
    make = MAKE.replace("[1.0])", "[1.0], task='Drag α. Where is the loss after the step smallest?')")
    notebook = open_notebook(["# what is above", make, "# what follows", *["1"] * 6])
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    notebook.cell(1).run()
    stepper = notebook.cell(1).element.locator(".mlpkit-stepper")
    expect(stepper).to_have_attribute("data-position", "61")
    settled(page)
    task = stepper.get_by_text("Where is the loss after the step smallest?")
    for part in (task, stepper.locator("[data-control=alpha]"), stepper.locator("[data-value=after]")):
        expect(part).to_be_in_viewport(ratio=1)
    height = stepper.bounding_box()["height"]
    assert height <= 580
    notebook.execute("stepper.task = 'Now take the step.'")
    expect(stepper.locator("[data-value=task]")).to_have_text("Now take the step.")
    assert stepper.bounding_box()["height"] == height


def test_the_picture_says_of_which_weights_its_numbers_are(screen, page):
    notebook, stepper = screen
    flow = stepper.locator(".net .flow")
    expect(flow).to_have_text("neurons: still old")
    height = stepper.bounding_box()["height"]
    stepper.locator("[data-control=next]").click()
    expect(flow).to_have_text("neurons: now new")
    settled(page)
    assert stepper.bounding_box()["height"] == height
    captions = [one.bounding_box() for one in stepper.locator(".net .caption").all()]
    box = flow.bounding_box()
    assert all(box["x"] >= one["x"] + one["width"] or box["x"] + box["width"] <= one["x"] for one in captions)
    notebook.execute("stepper.position = 20")
    expect(flow).to_have_text("← backward")


def test_alpha_shows_what_it_does_to_the_loss_before_the_step_is_reached(screen, page):
    notebook, stepper = screen
    notebook.execute("stepper.position = 0")
    expect(stepper).to_have_attribute("data-position", "0")
    after = stepper.locator("[data-value=after]")
    before = after.text_content()
    drag(page, stepper.locator("[data-control=alpha]"), 60)
    page.mouse.up()
    expect(after).not_to_have_text(before)
    made = step(Network(W), [0.5, 1.0], [1.0], notebook.value("stepper.alpha"))
    _, o = forward(made, [0.5, 1.0])
    expect(after).to_have_text(number_text(float(made.loss.value(o[-1][1:], [1.0]))))
    expect(stepper).to_have_attribute("data-position", "0")


def test_the_old_weight_and_the_new_one_open_what_was_clicked(screen, page):
    notebook, stepper = screen
    row = stepper.locator(".updates tr[data-symbol='w-1-2-1']")
    row.locator(".old span").click()
    settled(page)
    assert notebook.value("stepper.opened") == ["w-1-2-1"]
    notebook.execute("stepper.opened = []; stepper.view = 'updates'")
    row.locator(".now span").click()
    settled(page)
    assert notebook.value("stepper.opened") == ["w_new-1-2-1"]
    notebook.execute("stepper.opened = []; stepper.next_example(); stepper.view = 'updates'")
    expect(stepper.locator("[data-value=steps]")).to_have_text("1 step taken")
    row.locator(".old span").click()  # it is no number of the step from here on
    drag(page, row.locator(".old span"), 30)
    page.mouse.up()
    settled(page)
    assert notebook.value("(stepper.opened, stepper.code)") == [[], "n1 @61"]


def test_an_ordinary_code_is_seen_whole_and_can_be_copied(screen, page):
    notebook, stepper = screen
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = "I1=0.7 alpha=1.5 n3 @61"
    notebook.execute(f"stepper.code = {code!r}")
    field = stepper.locator("[data-control=code]")
    expect(field).to_have_value(code)
    for how in ("wide", "narrow"):
        lay_out(page, stepper, how)
        assert field.evaluate("one => one.scrollWidth <= one.clientWidth"), how
    stepper.get_by_role("button", name="Copy the code").click()
    page.wait_for_function("code => navigator.clipboard.readText().then((text) => text === code)", arg=code)


@pytest.mark.parametrize("make", [S231, S343])
@pytest.mark.parametrize("how", ["wide", "narrow"])
def test_delta_of_a_constant_neuron_covers_no_label(open_widget, page, make, how):
    notebook, stepper = open_widget(make, ".mlpkit-stepper")
    lay_out(page, stepper, how)
    for layer in (2, 1):
        notebook.execute(f"it.position = it._scene.position_of(('delta', {layer}, 0))")
        settled(page)
        met = stepper.evaluate(
            """(root, layer) => {
                const badge = root.querySelector(`[data-symbol=delta-${layer}-0]`);
                const box = badge.querySelector("rect").getBoundingClientRect();
                const meets = (other) => other.left < box.right && other.right > box.left
                    && other.top < box.bottom && other.bottom > box.top;
                const texts = [...root.querySelectorAll(".net text")].filter((one) => one.textContent
                    && !badge.contains(one) && !one.closest("[visibility=hidden]"));
                return texts.filter((one) => meets(one.getBoundingClientRect())).map((one) => one.textContent);
            }""",
            layer,
        )
        assert met == []


@pytest.mark.parametrize("make", [S231, S343])
def test_every_text_of_the_picture_is_large_enough_beside_the_list_of_files_too(open_widget, page, make):
    _, stepper = open_widget(make, ".mlpkit-stepper")
    for how in ("wide", "narrow"):
        lay_out(page, stepper, how)
        small = stepper.evaluate(
            """root => [...root.querySelectorAll(".net text")].filter((one) => one.textContent
                && parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a < 12.99)
                .map((one) => one.textContent)"""
        )
        assert (how, small) == (how, [])


def test_a_mistake_that_lowers_the_loss_is_told(screen):
    notebook, stepper = screen
    notebook.execute("stepper.broken = ['slope']; stepper.view = 'break'")
    said = stepper.locator(".said")
    expect(said).to_contain_text("The loss falls all the same")
    notebook.execute("stepper.broken = ['sign']")
    expect(said).to_contain_text("Nudging contradicts")
    expect(said).not_to_contain_text("falls")


def inside(stepper, whole, parts):
    """What sticks out of `whole` on the left or the right, or is cut: the texts of such `parts`."""
    return stepper.evaluate(
        """(root, [whole, parts]) => {
            const box = root.querySelector(whole).getBoundingClientRect();
            return [...root.querySelectorAll(parts)].filter((one) => {
                const { left, right, width } = one.getBoundingClientRect();
                return width && (left < box.left || right > box.right);
            }).map((one) => one.textContent || one.outerHTML);
        }""",
        [whole, parts],
    )


def test_the_last_weight_looks_like_the_others_and_an_opened_one_shows_its_arrow(screen):
    notebook, stepper = screen
    expect(stepper.locator(".net .weight.write")).to_have_count(0)
    stepper.get_by_role("tab", name="Equation").click()
    expect(stepper.locator(".net .weight.write")).to_have_count(1)
    notebook.execute("stepper.open(('w_new', 1, 3, 1))")
    opened = stepper.locator(".net .weight.write")
    expect(opened).to_have_count(1)
    fills = "one => [...one.querySelectorAll('rect, .direction')].map((part) => getComputedStyle(part).fill)"
    assert len(set(opened.evaluate(fills))) == 2
    notebook.execute("stepper.opened = []; stepper.open(('delta', 1, 2))")
    read = stepper.locator(".net .weight.read")
    expect(read.locator("> text")).to_have_text("−0.5")  # as in the equation; its number is bold
    assert read.evaluate("one => one.querySelector('text').getBBox().x - one.querySelector('rect').getBBox().x") >= 2
    notebook.execute("stepper.opened = []; stepper.open(('w_new', 1, 3, 1)); stepper.alpha = 1.5")
    expect(stepper.locator(".net .weight.changed")).to_have_count(13)
    marked = stepper.evaluate(
        """root => new Set([...root.querySelectorAll(".net .weight.changed rect")].map((one) =>
            getComputedStyle(one).fill)).size"""
    )
    assert marked == 1


def test_numbers_stand_within_their_circles_and_a_line_keeps_off_the_last_digit(screen):
    notebook, stepper = screen
    notebook.execute("stepper.position = 20")  # no arrows behind the weights
    expect(stepper).to_have_attribute("data-position", "20")
    found = stepper.evaluate(
        """root => ({
            out: [...root.querySelectorAll(".net .neuron:not(.constant)")].filter((one) =>
                one.querySelector(".output").getBoundingClientRect().width
                > one.querySelector("circle").getBoundingClientRect().width - 6).map((one) => one.textContent),
            near: [...root.querySelectorAll(".net .weight")].filter((one) => one.querySelector("rect").getBBox().x
                + one.querySelector("rect").getBBox().width < 31 + 2.9).map((one) => one.textContent),
            wide: [...root.querySelectorAll(".net .delta[visibility=visible], .net .activation[visibility=visible]")]
                .filter((one) => one.querySelector("rect").getBBox().width
                > one.querySelector("text").getBBox().width + 14).map((one) => one.textContent),
        })"""
    )
    assert found == {"out": [], "near": [], "wide": []}
    starts = stepper.locator(".phase span").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().left - one.parentNode.getBoundingClientRect().left)"
    )
    assert len(set(starts)) == 1


def test_beside_the_list_of_files_no_mark_is_cut_and_D_can_be_dragged(open_widget, page):
    _, stepper = open_widget(S231, ".mlpkit-stepper")
    lay_out(page, stepper, "narrow")
    assert inside(stepper, ".updates .marks", ".updates circle:not([visibility=hidden])") == []
    assert stepper.locator(".updates .marks").first.bounding_box()["width"] >= 80
    assert stepper.locator("[data-control=D-1]").evaluate("one => one.offsetWidth") >= 140


HEAD = ".head-line :is(button, select, .count, .loss)"
APART = """(root) => {
    const [count, loss] = [".count", ".loss"].map((one) => root.querySelector(one).getBoundingClientRect());
    return count.right <= loss.left || count.bottom <= loss.top;
}"""
LARGE = "Stepper(Network.random([64, 32, 10], seed=0), [k / 63 for k in range(64)], [0.0] * 9 + [1.0])"


def test_a_large_network_is_seen_whole_and_stands_still(open_widget, page):
    notebook, stepper = open_widget(LARGE, ".mlpkit-stepper")
    lay_out(page, stepper, "wide")
    assert inside(stepper, ".updates", ".updates :is(td, th) > *") == []
    panel = stepper.locator(".updates").bounding_box()
    last = stepper.locator(".updates tr.way").nth(12).bounding_box()
    assert last["y"] + last["height"] <= panel["y"] + panel["height"]
    sliders = stepper.locator(".mlpkit-sliders").bounding_box()
    for k in range(1, 5):
        box = stepper.locator(f"[data-control=D-{k}]").bounding_box()
        assert box["y"] + box["height"] <= sliders["y"] + sliders["height"]

    def places():  # the centres: what a step reads has a thicker line
        return stepper.locator(".net circle").evaluate_all(
            """all => all.map((one) => one.getBoundingClientRect()).map((box) =>
                [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)])"""
        )

    before = places()
    for symbol in (("delta", 1, 20), ("w_new", 0, 40, 17)):
        notebook.execute(f"it.opened = []; it.open({symbol}); it.view = 'matrix'")
        settled(page)
        assert places() == before
        cut = stepper.locator(".matrix").evaluate("one => one.scrollWidth - one.clientWidth")
        assert (symbol, cut) == (symbol, 0)
    letters = stepper.evaluate(
        """root => {
            const texts = [...root.querySelectorAll(".net text")].filter((one) => one.textContent);
            const wider = texts.filter((one) => one.matches(".output") && one.getBoundingClientRect().width > 56);
            return { wider: wider.map((one) => one.textContent), size: Math.min(...texts.map((one) =>
                parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)) };
        }"""
    )
    for how in ("wide", "narrow"):
        lay_out(page, stepper, how)
        assert (how, inside(stepper, ".net", ".net text")) == (how, [])
    assert letters["wider"] == []
    assert letters["size"] >= 10.99


def test_presenting_is_much_larger_and_escape_leaves_it_from_a_slider_and_a_field(screen, page):
    _, stepper = screen
    for control in ("[data-control=alpha]", "[data-field=alpha]"):
        before = stepper.locator(".net .output").first.bounding_box()["height"]
        stepper.get_by_role("button", name="Present").click()
        page.wait_for_function("() => document.fullscreenElement?.classList.contains('presenting')")
        settled(page)
        assert stepper.evaluate("root => Number(root.style.zoom)") >= 1.3
        assert stepper.locator(".net .output").first.bounding_box()["height"] >= 1.29 * before
        assert stepper.evaluate(APART)
        assert inside(stepper, ".side", ".updates :is(td, th) > *, .tabs > *") == []
        assert inside(stepper, ".head-line", HEAD) == []
        stepper.locator(control).focus()
        page.keyboard.press("Escape")
        expect(stepper.get_by_role("button", name="Present")).to_have_attribute("aria-pressed", "false")
        page.wait_for_function("() => !document.fullscreenElement")
        settled(page)


def test_in_a_window_of_700_px_picture_loss_and_alpha_are_near(open_widget, page):
    notebook, stepper = open_widget(S231, ".mlpkit-stepper")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    resize(page, 700)
    notebook.cell(0).show()
    assert stepper.locator(".head-line").bounding_box()["height"] <= 90
    assert inside(stepper, ".head-line", HEAD) == []
    assert stepper.evaluate(APART)
    box = stepper.bounding_box()
    alpha = stepper.locator("[data-control=alpha]").bounding_box()
    assert alpha["y"] + alpha["height"] - box["y"] <= 470


def test_beside_another_widget_its_letters_have_their_size(open_notebook):
    # the style that all widgets share stands in that of each: the last one on the page comes last
    notebook = open_notebook([MAKE, 'from mlpkit.widgets import ask\nask("activation of neuron 2")'])
    notebook.run_all()
    expect(notebook.cell(1).element.locator(".mlpkit-ask")).to_be_visible()
    notebook.cell(0).show()
    expect(notebook.cell(0).element.locator(".mlpkit-stepper")).to_have_css("font-size", "14px")


@pytest.mark.parametrize(
    ("make", "selector"),
    [("digit_pad(Network.random([64, 10], seed=1))", ".mlpkit-digit-pad"), ("playground()", ".mlpkit-playground")],
)
def test_what_a_cell_has_just_made_comes_into_sight(open_notebook, make, selector):
    source = f"from mlpkit import Network\nfrom mlpkit.widgets import *\n{make}"
    notebook = open_notebook(["# what is above", source, *["1"] * 9])
    notebook.cell(1).run()
    expect(notebook.cell(1).element.locator(selector)).to_be_in_viewport(ratio=0.99)
