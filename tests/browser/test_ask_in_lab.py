"""The questions in a real JupyterLab: answered by the keyboard alone, locked in before anything is told, kept."""

import json
import re

import pytest
from lab import LESSONS, alone, axe_finds, resize, settled, until
from playwright.sync_api import expect

from mlpkit.quiz import QUESTIONS

NUMBER, SYMBOL, CHOICE = "sum of three products", "the bias of the output", "what later steps take off"
CELLS, TERM, TRIED = "entries that are fixed", "how an activation depends on one before it", "answer of the network"
GIVEN = {NUMBER: "0.9", CHOICE: "more", CELLS: [[0, 0]], TERM: "w[l][j, i]"}
KINDS = (NUMBER, SYMBOL, CHOICE, CELLS, TERM, TRIED)


@pytest.fixture
def show(open_notebook):
    """show(name, ...) -> the notebook and the element of each question; in the kernel they are it[0], it[1], ..."""

    def open_it(*names):
        sources = [f"from mlpkit import record\nfrom mlpkit.widgets import ask\nit = [ask(name) for name in {names!r}]"]
        notebook = open_notebook([*sources, *(f"it[{k}]" for k in range(len(names))), "record.show()"])
        notebook.run_all()
        roots = []
        for k in range(len(names)):
            cell = notebook.cell(f"it[{k}]")
            cell.show()
            root = cell.element.locator(".mlpkit-ask")
            expect(root).to_be_visible()
            roots.append(root)
        settled(notebook.page)
        return notebook, *roots

    return open_it


def outcome(root):
    return root.get_by_role("group", name="The answer")


def entries(notebook):
    return notebook.value("record.mine.entries()")


def test_a_number_is_locked_in_and_then_stands_beside_the_right_one(show, page):
    notebook, root = show(NUMBER)
    field = root.get_by_role("textbox", name="The neuron reads 1, 0.5 and 1")
    message = root.locator(".message")
    field.focus()
    page.keyboard.press("Enter")
    expect(message).to_have_text("Type a number first.")
    page.keyboard.type("about 1,2")
    page.keyboard.press("Enter")
    expect(message).to_have_text("“about 1,2” is no number: write it such as −0.25, 0,25 or 1/4.")
    expect(root.get_by_role("status")).to_have_text("“about 1,2” is no number: write it such as −0.25, 0,25 or 1/4.")
    expect(field).to_have_value("about 1,2")
    expect(outcome(root)).to_be_hidden()
    assert entries(notebook) == {}
    settled(page)
    above = root.bounding_box()["y"]
    field.fill("0,9")
    page.keyboard.press("Tab")
    expect(root.get_by_role("button", name="Lock in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(outcome(root)).to_be_focused()
    expect(outcome(root).locator("dd")).to_have_text(["0,9", "1.2"])
    expect(outcome(root)).to_contain_text("Not right.")
    expect(outcome(root)).to_contain_text("You left out the number that is always 1")
    expect(root.get_by_role("status")).to_contain_text("Not right. The answer is: 1.2.")
    settled(page)
    assert root.bounding_box()["y"] == above
    expect(field).not_to_be_editable()
    expect(field).to_have_value("0,9")
    expect(root.get_by_role("button")).to_have_count(0)
    assert entries(notebook)[NUMBER]["predicted"] == "0,9"


@pytest.mark.parametrize("name", [NUMBER, CHOICE])
def test_shift_and_enter_give_the_answer_and_do_not_walk_on(show, page, name):
    notebook, root = show(name)
    cell = notebook.cell("it[0]")
    prompt = cell.element.locator(".jp-InputPrompt")
    expect(prompt).to_have_text(re.compile(r"\d"))
    ran = prompt.inner_text()
    if name == NUMBER:
        root.get_by_role("textbox").fill("0.9")
    else:
        root.get_by_role("radio", name="more").check()
    page.keyboard.press("Shift+Enter")
    expect(outcome(root)).to_be_focused()
    assert entries(notebook)[name]["given"] == GIVEN[name]
    assert prompt.inner_text() == ran
    page.keyboard.press("Shift+Enter")  # answered: now it is JupyterLab's again
    expect(prompt).not_to_have_text(ran)


def test_what_was_given_can_be_seen_and_the_focus_stays_in_the_card(show, page):
    notebook, choice, marks = show(CHOICE, CELLS)
    choice.get_by_role("radio", name="as much").check()
    page.keyboard.press("Enter")
    expect(outcome(choice)).to_be_focused()
    settled(page)
    style = "node => [getComputedStyle(node).borderTopColor, getComputedStyle(node).borderTopWidth]"
    ink = choice.evaluate("node => getComputedStyle(node).color")
    chosen = choice.get_by_role("radio", name="as much")
    assert chosen.evaluate(style) == [ink, "6px"]
    assert choice.get_by_role("radio", name="more").evaluate(style)[1] == "2px"
    frame = outcome(choice).evaluate(
        "node => [getComputedStyle(node).outlineOffset, getComputedStyle(node).outlineWidth]"
    )
    assert frame == ["-3px", "3px"]
    notebook.execute("it[1].answer([[0, 0], [0, 1]])")
    signs = marks.locator("td button[data-verdict]")
    expect(signs).to_have_count(4)
    away = "node => parseFloat(getComputedStyle(node, '::after').right)"
    assert min(button.evaluate(away) for button in signs.all()) >= 8


def test_a_symbol_is_typed(show, page):
    notebook, root = show(SYMBOL)
    field = root.get_by_role("textbox", name="Which weight is the bias of the output neuron")
    field.focus()
    page.keyboard.type("w12")
    page.keyboard.press("Enter")
    expect(root.locator(".message")).to_have_text("The layer is missing: such as w_31^1 or w[1][3, 1].")
    field.fill("w[1][1, 0]")
    page.keyboard.press("Enter")
    expect(outcome(root)).to_contain_text("You have turned it round")
    assert notebook.value("it[0].entry['was']") == "w₀₁¹"


def test_an_option_is_chosen_with_the_arrow_keys(show, page):
    notebook, root = show(CHOICE)
    root.get_by_role("button", name="Lock in").press("Enter")
    expect(root.locator(".message")).to_have_text("Choose one of the answers first.")
    options = root.get_by_role("radiogroup", name="The first step has taken about 0.012 off")
    first = options.get_by_role("radio", name="more")
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.get_by_role("radio", name="less")).to_be_checked()
    page.keyboard.press("Enter")
    expect(outcome(root)).to_contain_text("Right.")
    expect(outcome(root)).to_be_focused()
    expect(options.get_by_role("radio", name="more")).to_be_disabled()
    assert entries(notebook)[CHOICE]["right"] is True


def test_cells_are_walked_and_marked(show, page):
    notebook, root = show(CELLS)
    cell = root.get_by_role("button", name="w 0 0 of layer 0: 1")
    lock, legend = root.get_by_role("button", name="Lock in"), root.get_by_text("✓ rightly marked")
    lock.press("Enter")
    expect(root.locator(".message")).to_have_text("Mark at least one cell first.")
    expect(legend).to_be_hidden()
    cell.focus()
    page.keyboard.press("Enter")  # it marks like the space bar, and locks nothing in
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(lock).to_be_visible()
    for key in ("ArrowUp", "ArrowLeft"):  # at the edge
        page.keyboard.press(key)
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(root.get_by_role("button", name="w 1 1 of layer 0: 0.5")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # and off again
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert entries(notebook) == {}
    lock.press("Enter")
    expect(outcome(root)).to_contain_text("Of the 3 that belong you have marked 2, and 1 that does not.")
    expect(legend).to_have_text("✓ rightly marked, ✗ wrongly marked, + missed")
    verdicts = (("1 0 of layer 0: 0", "rightly marked"), ("2 0 of layer 0: 0", "missed"), ("1 2", "wrongly marked"))
    for name, verdict in verdicts:
        expect(root.get_by_role("button", name=f"w {name}")).to_have_attribute("data-verdict", verdict)
    missing = root.get_by_role("button", name="w 2 0 of layer 0: 0, missed")
    missing.focus()
    page.keyboard.press("Space")  # too late
    expect(missing).to_be_focused()
    expect(missing).to_have_attribute("aria-pressed", "false")
    assert sorted(entries(notebook)[CELLS]["given"]) == [[0, 0], [1, 0], [1, 2]]


def test_a_term_is_put_into_the_gap(show, page):
    notebook, root = show(TERM)
    equation = root.get_by_role("group", name="The equation: the derivative of a j of layer l plus 1 by a i of layer l")
    expect(equation.locator(".gap")).to_contain_text("?")
    root.get_by_role("radio", name="w i j of layer l").focus()
    page.keyboard.press("Space")
    expect(equation.locator(".gap")).to_contain_text("w")
    expect(equation.locator(".gap")).not_to_contain_text("?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(outcome(root)).to_contain_text("Right.")
    assert entries(notebook)[TERM]["was"] == "w[l][i, j]"


def test_a_short_answer_may_be_tried_again(show, page):
    notebook, root = show(TRIED)
    field, reveal = root.get_by_role("textbox"), root.get_by_role("button", name="Show the answer")
    field.focus()
    page.keyboard.type("0.291")
    page.keyboard.press("Enter")
    expect(root.locator(".message")).to_contain_text("Not yet. This is its activation")
    expect(field).to_be_focused()
    expect(field).to_have_value("0.291")
    expect(reveal).to_be_hidden()
    field.fill("0.3")
    page.keyboard.press("Enter")
    expect(root.locator(".message")).to_have_text("Not yet, after 2 tries. Try again.")
    expect(reveal).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(reveal).to_be_focused()
    page.keyboard.press("Enter")
    expect(outcome(root).locator("dd")).to_have_text(["0.3", "0.5723"])
    assert entries(notebook)[TRIED] == notebook.value("it[0].entry")


@pytest.mark.parametrize("name", [NUMBER, CHOICE, CELLS, TERM])
def test_nothing_of_the_answer_reaches_the_browser_before_it_is_locked_in(show, page, name):
    frames = []

    def listen(socket):
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    notebook, root = show(name)
    why = QUESTIONS[name].why.split("$")[0].split("`")[0].strip()  # up to its first formula

    def arrived():
        came = b"".join(frame if isinstance(frame, bytes) else frame.encode() for frame in frames)
        return any(form.encode() in came for form in (why, json.dumps(why)[1:-1]))

    until(page, lambda: frames, "no message from the kernel")
    assert not arrived()
    assert why not in page.content()
    notebook.execute(f"it[0].answer({GIVEN[name]!r})")
    expect(outcome(root)).to_contain_text(why)
    until(page, arrived, "the answer is on the page and in no message")
    page.remove_listener("websocket", listen)


def test_after_a_restart_the_prediction_and_the_answer_are_there_again(show, page):
    notebook, number, cells, tried = show(NUMBER, CELLS, TRIED)
    for root, text in ((number, "0.9"), (tried, "0.3")):
        field = root.get_by_role("textbox")
        field.fill(text)
        field.press("Enter")
    expect(outcome(number)).to_be_visible()
    expect(tried.locator(".message")).to_contain_text("Not yet.")
    cells.get_by_role("button", name="w 0 0 of layer 0").click()
    cells.get_by_role("button", name="Lock in").click()
    expect(outcome(cells)).to_be_visible()
    before = entries(notebook)
    assert set(before) == {NUMBER, CELLS, TRIED}

    notebook.menu("Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(number.locator(".mlpkit-asleep")).to_contain_text("To wake it")
    notebook.value("0")
    notebook.run_all()
    assert entries(notebook) == before
    number, cells, tried = (notebook.cell(f"it[{k}]").element.locator(".mlpkit-ask") for k in range(3))
    expect(outcome(number).locator("dd")).to_have_text(["0.9", "1.2"])
    expect(number.get_by_role("textbox")).to_have_value("0.9")
    expect(number.get_by_role("button", name="Lock in")).to_be_hidden()
    expect(cells.get_by_role("button", name="w 0 0 of layer 0: 1, rightly marked")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(tried.locator(".message")).to_contain_text("Not yet.")
    expect(outcome(tried)).to_be_hidden()
    tried.get_by_role("textbox").fill("0.572")
    tried.get_by_role("textbox").press("Enter")
    expect(outcome(tried)).to_contain_text("Right.")
    assert entries(notebook)[TRIED]["tries"] == 2

    table = notebook.cell("record.show()")
    table.run()
    expect(table.element.get_by_role("row", name="0 answer of the network 0.3 0.5723 right 2 20")).to_be_visible()
    with page.expect_download() as download:
        table.element.get_by_role("link", name="Save this record as a file").click()
    assert download.value.suggested_filename == "my_record.json"
    assert json.loads(download.value.path().read_text("utf-8"))["answers"] == entries(notebook)


def test_two_views_of_one_question_agree_and_what_is_typed_is_kept(show, page):
    notebook, root = show(NUMBER)
    root.get_by_role("textbox").fill("0.8 or")
    notebook.cell("record.show()").run("it[0]")
    other = notebook.cell(2).element.locator(".mlpkit-ask")
    expect(other.get_by_role("textbox")).to_have_value("0.8 or")
    notebook.cell("it = [").run()  # all questions are made anew
    notebook.cell(2).run()
    other = notebook.cell(2).element.locator(".mlpkit-ask")
    expect(other.get_by_role("textbox")).to_have_value("0.8 or")
    notebook.cell("it[0]").run()
    root = notebook.cell("it[0]").element.locator(".mlpkit-ask")
    other.get_by_role("textbox").fill("0.8")
    expect(root.get_by_role("textbox")).to_have_value("0.8")
    other.get_by_role("textbox").press("Enter")
    for view in (root, other):
        expect(outcome(view).locator("dd")).to_have_text(["0.8", "1.2"])
    notebook.cell("it[0]").run()  # drawn anew
    expect(outcome(notebook.cell("it[0]").element).locator("dd")).to_have_text(["0.8", "1.2"])


def test_axe_finds_nothing_and_nothing_is_cut_off(show, page):
    notebook, *roots = show(*KINDS)
    alone(page)
    answers = ["'0.9'", "'w[1][1, 0]'", "'less'", "[[0, 0], [0, 1]]", "'w[l][j, i]'", "'0.3'"]
    given = "; ".join(f"it[{k}].answer({answer})" for k, answer in enumerate(answers))
    for answered in (False, True):
        if answered:
            notebook.execute(given)
            expect(outcome(roots[4])).to_be_visible()
        else:
            notebook.execute("it[0].answer('?')")
            expect(roots[0].locator(".message")).to_contain_text("is no number")
        for theme in ("light", "dark"):
            notebook.theme(theme)
            for width in (1280, 700):
                resize(page, width, 2600)
                notebook.cell(0).show()
                assert axe_finds(page, ".mlpkit-ask") == []
                for root in roots:
                    assert not root.evaluate("node => node.scrollWidth > node.clientWidth + 1")


def test_in_a_lesson_an_answer_is_recorded_beside_it(open_notebook, server):
    notebook = open_notebook(LESSONS / "00_start_here.ipynb")
    notebook.cells()[0].run()
    cell = notebook.cell(f'ask("{NUMBER}")')
    cell.run()
    folder = (server.root / notebook.path).parent
    assert not (folder / "my_record.json").exists()
    field = cell.element.locator(".mlpkit-ask").get_by_role("textbox")
    field.fill("1.2")
    field.press("Enter")
    expect(outcome(cell.element)).to_contain_text("Right.")
    assert json.loads((folder / "my_record.json").read_text("utf-8"))["answers"][NUMBER]["right"] is True
