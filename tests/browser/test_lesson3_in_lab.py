"""Lesson 3's widgets in a real JupyterLab: the notes' lines on trial, the paths to the loss, and the proofs' lines."""

import pytest
from lab import LESSONS, alone, axe_finds, resize
from playwright.sync_api import expect

from mlpkit.derivations import THEOREMS, printed

ONE_SCREEN = 600  # pixels of a notebook that are seen at 1280 x 720
MAKE = {
    "trial": "trial()",
    "paths": "paths(Network.random([2, 3, 3, 2], tanh, seed=1), [0.5, -1.0], [1.0, 0.0], ('w', 0, 1, 2))",
    "deepening": "deepening()",
}


@pytest.fixture
def show(open_widget):
    """show(name) -> the notebook and the widget's element; in the kernel it is called `it`."""
    return lambda name: open_widget(MAKE[name], ".mlpkit")


def test_a_line_fails_as_printed_and_holds_when_it_is_mended(show):
    notebook, root = show("trial")
    root.get_by_label("the line of the notes", exact=True).select_option("N3")
    line = root.get_by_role("group", name="the derivative of a j of layer l plus 1 by a i of layer l equals")
    expect(line).to_be_visible()
    live = root.get_by_role("status")
    expect(live).to_contain_text("N3: the derivative of a j of layer l plus 1")
    root.get_by_role("button", name="Try the line as printed").press("Enter")
    as_printed = root.locator("[data-verdict=printed]")
    expect(as_printed).to_contain_text(printed("N3").message)
    expect(live).to_contain_text("As printed: Wrong in numbers.")

    field = root.get_by_label("What should stand on the right of")
    field.fill("sigma_prime(a[l][i]) * w[l][j, i]")
    field.press("Enter")
    mine = root.locator("[data-verdict=mine]")
    expect(mine).to_contain_text("An index is lost.")
    expect(mine).to_contain_text("does not exist")
    assert notebook.value("it.verdict.passed") is False
    field.fill("sigma_prime(a[l][i]) * w[l][i, j]")
    root.get_by_role("button", name="Try my line").click()
    expect(mine).to_contain_text("It holds.")
    expect(root).to_contain_text("mended: 1 of 7")
    expect(root.get_by_role("group", name="your line as it was read")).to_contain_text("σ")
    assert notebook.value("it.verdict.passed") is True


def test_what_was_typed_is_kept_for_every_line(show):
    notebook, root = show("trial")
    pick = root.get_by_label("the line of the notes", exact=True)
    field = root.get_by_label("What should stand on the right of")
    pick.select_option("N8")
    field.fill("sum(delta[l+1][k] * w[l][i, k] for k")
    field.press("Enter")
    expect(root.locator("[data-verdict=mine]")).to_contain_text("The brackets do not match")
    expect(field).to_have_value("sum(delta[l+1][k] * w[l][i, k] for k")
    live = root.get_by_role("status")
    pick.select_option("N2")
    expect(field).to_have_value("")
    field.fill("not tried yet")
    pick.select_option("N8")
    expect(live).to_contain_text("N8: ")  # Python has the line, and what was typed before it
    expect(field).to_have_value("sum(delta[l+1][k] * w[l][i, k] for k")
    pick.select_option("N2")
    expect(field).to_have_value("not tried yet")
    assert notebook.value("it.typed['N2']") == "not tried yet"
    notebook.value("it.try_mine('partial(a[l+1][j], a[l][i])').passed")
    pick.select_option("N7")
    pick.select_option("N2")
    expect(field).to_have_value("partial(a[l+1][j], a[l][i])")


def test_what_is_typed_while_the_kernel_is_busy_is_kept(show, tmp_path):
    notebook, root = show("trial")
    field = root.get_by_label("What should stand on the right of")
    free = tmp_path / "free"
    notebook.keep_busy(free)
    root.get_by_label("the line of the notes", exact=True).select_option("N8")
    field.fill("sum(delta[l+1][k]")
    free.touch()
    expect(root.get_by_role("status")).to_contain_text("N8")
    expect(field).to_have_value("sum(delta[l+1][k]")
    field.press("Enter")
    expect(root.locator("[data-verdict=mine]")).to_contain_text("The brackets do not match")
    assert notebook.value("(it.line, it.typed['N8'])") == ["N8", "sum(delta[l+1][k]"]


def test_paths_are_walked_with_the_keyboard_and_add_up(show):
    notebook, root = show("paths")
    products = [float(text.replace("−", "-")) for text in root.locator("tbody td:last-child").all_inner_texts()]
    assert len(products) == 6
    total, derivative = root.locator("tfoot td").all_inner_texts()
    assert total == derivative
    assert sum(products) == pytest.approx(float(total.replace("−", "-")), rel=1e-2)
    following = root.get_by_role("button", name="Next path")
    following.focus()
    following.press("Enter")
    expect(root.get_by_role("status")).to_contain_text(
        "Path 2 of 6: o 1 of layer 0 times sigma prime of a 2 of layer 1"
    )
    expect(root.locator("line.edge.lit")).to_have_count(4)
    root.get_by_role("button", name="Show path 6").click()
    expect(root.get_by_role("status")).to_contain_text("Path 6 of 6")
    assert notebook.value("it.path") == 6
    expect(following).to_have_attribute("aria-disabled", "true")
    root.get_by_role("button", name="Show all paths").click()
    expect(root.locator("line.edge.lit")).to_have_count(12)
    root.get_by_label("the weight whose paths are shown").select_option("w-2-3-1")
    expect(root.locator("tbody tr")).to_have_count(1)


def test_the_work_of_both_ways_is_measured(show):
    _, root = show("deepening")
    exact = root.get_by_label("hidden layers, exact value", exact=True)
    exact.fill("8")
    exact.press("Enter")
    expect(root.locator("tbody tr").first).to_contain_text("39366")
    root.get_by_role("button", name="Measure how long both ways take").click()
    expect(root.locator("tbody")).to_contain_text("measured, in microseconds")


@pytest.mark.parametrize("name", MAKE)
def test_axe_finds_nothing_and_nothing_is_cut_off(show, page, name):
    notebook, root = show(name)
    if name == "trial":
        root.get_by_label("the line of the notes", exact=True).select_option("N3")
        root.get_by_role("button", name="Try the line as printed").click()
        field = root.get_by_label("What should stand on the right of")
        field.fill("w[l][i, j]")
        field.press("Enter")
        expect(root.locator("[data-verdict=mine]")).to_contain_text("Wrong in numbers.")
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for width in (1280, 700):
            resize(page, width)
            alone(page)
            assert axe_finds(page, ".mlpkit") == []
            assert not root.evaluate("node => node.scrollWidth > node.clientWidth + 1")


def test_the_lesson_shows_every_line_as_the_proof_has_it(open_notebook):
    notebook = open_notebook(LESSONS / "03_derivations.ipynb")
    notebook.cells()[0].run()
    shown = ""
    for cell in notebook.cells():
        *_, last = cell.source().splitlines()
        if last.startswith("proofs.") and "(" not in last:
            cell.run()
            shown += "".join(str(output.get("data", {}).get("text/markdown", "")) for output in cell.outputs())
            # typeset, and no piece of LaTeX left over
            expect(cell.element.locator("mjx-container").first).to_be_attached()
            expect(cell.element).not_to_contain_text("\\frac", use_inner_text=True)
            assert "✗" not in shown
            assert cell.element.locator(".jp-Cell-outputArea").bounding_box()["height"] <= ONE_SCREEN, last
    for theorem in THEOREMS:
        for step in theorem.steps():
            assert f"$${step.latex()}$$" in shown, step
