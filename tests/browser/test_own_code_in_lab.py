"""The learner's functions in the Stepper: what is shown while they are wrong, broken and right."""

import pytest
from lab import axe_finds
from playwright.sync_api import expect

from mlpkit.notation import number_text

MAKE = """import mlpkit
from mlpkit import data
from mlpkit.widgets import Stepper
net, I, D = data.running_example()"""
SLOPE_LEFT_OUT = """def my_backward(net, a_and_o, D):
    a, o = a_and_o
    delta = [None, 0 * o[1], o[2] * (1 - o[2]) * (o[2] - [1, *D])]
    delta[1] = net.w[1] @ delta[2]
    for l in (1, 2):
        delta[l][0] = 0
    return delta"""
RIGHT = SLOPE_LEFT_OUT.replace("net.w[1] @ delta[2]", "o[1] * (1 - o[1]) * (net.w[1] @ delta[2])")
UNWRITTEN = "def my_backward(net, a_and_o, D):\n    ..."
RAISES = "def my_backward(net, a_and_o, D):\n    return D[1]"
SHOW = "stepper = Stepper(net, I, D, backward=my_backward)\nstepper"


@pytest.fixture
def notebook(open_notebook):
    notebook = open_notebook([MAKE, SLOPE_LEFT_OUT, SHOW])
    notebook.run_all()
    return notebook


def test_the_first_number_that_parts_opens_and_right_code_has_no_mark(notebook, page):
    function, shown = notebook.cell("def my_backward"), notebook.cell(SHOW)
    stepper = shown.element.locator(".mlpkit-stepper")
    said = stepper.locator(".said")
    expect(said).to_contain_text("The numbers are those of my_backward. 30 of 61 are not the kit’s (≠).")
    expect(stepper.get_by_role("group", name="Break it")).to_be_hidden()
    stepper.get_by_role("button", name="Open the first, delta 1 of layer 1").press("Enter")
    expect(stepper.locator(".panel .why")).to_have_text(
        "§4 · Yours is −0.07328. From the numbers above it, the equation gives −0.01831."
    )
    expect(stepper.locator(".rows mtr").last).to_have_text("≠−0.07328")
    expect(stepper.locator(".net [data-symbol='delta-1-1'] text")).to_have_text("δ −0.07328 ≠")
    # with other numbers it is their function that is run again
    stepper.get_by_label("input 1 of the example", exact=True).press("End")
    expect(stepper.locator(".net [data-symbol='o-0-1'] text").first).to_have_text("2")
    yours = notebook.value("stepper._scene.value(('delta', 1, 1))")
    assert yours == notebook.value("my_backward(net, mlpkit.forward(net, [2, 1]), [1])[1][1]")
    expect(stepper.locator(".panel .why")).to_contain_text(f"Yours is {number_text(yours)}.")

    for source, words in (
        (UNWRITTEN, "my_backward returns nothing yet. The kit’s backward is shown instead."),
        (RAISES, "my_backward stops in line 2, return D[1], with IndexError"),
        (RIGHT, "The numbers are those of my_backward, and they are the kit’s."),
    ):
        function.run(source)
        shown.run(SHOW)
        stepper = shown.element.locator(".mlpkit-stepper")
        expect(stepper.locator(".said")).to_contain_text(words)
        stepper.get_by_role("button", name="Backward").click()
        expect(stepper).to_have_attribute("data-position", "17")
        expect(stepper.locator(".net .mark").filter(has_text="≠")).to_have_count(0)


WRONG = """def my_backward(net, a_and_o, D):
    a, o = a_and_o
    rise = np.insert(net.loss.gradient(o[-1][..., 1:], D), 0, 0, axis=-1)
    delta = [*[None] * (net.L - 1), net.sigma[-1].derivative(a[-1]) * rise]
    for l in range(net.L - 2, 0, -1):
        delta[l] = delta[l + 1] @ net.w[l].T
        delta[l][..., 0] = 0
    return delta"""
CHECK = "r = check.backward(my_backward)\nr"
HINT = "r.hint()"
OPEN = "opened = Stepper.of(r)\nopened"


def test_a_check_names_the_mistake_and_its_number_opens_with_theirs_beside_it(open_notebook, page):
    notebook = open_notebook(["import numpy as np\nfrom mlpkit import check\n" + MAKE, WRONG, CHECK, HINT, OPEN])
    notebook.run_all()
    box = notebook.cell(CHECK).element.locator(".mlpkit-check")
    expect(box.locator("strong")).to_have_text(["Not the same.", "σ′ left out"])
    expect(box).to_contain_text("You have −0.07328, the kit has −0.01831.")
    expect(notebook.cell(HINT).element).to_contain_text("Which factor stands in front in the equation above")
    stepper = notebook.cell(OPEN).element.locator(".mlpkit-stepper")
    expect(stepper.locator(".panel .why")).to_have_text(
        "§4 · Yours is −0.07328. From the numbers above it, the equation gives −0.01831."
    )
    expect(stepper.locator(".net [data-symbol='delta-1-1'] text")).to_have_text("δ −0.07328 ≠")
    notebook.cell(CHECK).show()
    for theme in ("light", "dark"):
        notebook.theme(theme)
        assert axe_finds(page, ".mlpkit-check") == []
