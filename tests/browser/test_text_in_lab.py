"""What a learner names, raises or types is shown in a real JupyterLab as it stands: nothing of it runs or is set."""

import pytest
from playwright.sync_api import expect

MARKUP = '<img src=x onerror="window.ran = 1"> &lt;'
MAKE = f"""import numpy as np
from mlpkit import Activation, Loss, check
from mlpkit.widgets import *
T = '{MARKUP}'
def raising(*_):
    raise RuntimeError(T + " $x$ and $y$")
def slope(a):
    return 1 - np.tanh(a) ** 2"""
SHOWN = {
    "a row's head": (
        "loss_explorer(Loss(T, T, lambda o, D: ((o - D) ** 2).sum(-1), lambda o, D: 2 * (o - D)))",
        "tbody th",
        MARKUP,
    ),
    "an exception": ("xor_by_hand(raising)", ".rows .sentence", f"RuntimeError: {MARKUP}"),
    "a call": ("xor_by_hand(lambda: None)", ".rows .sentence", "<lambda>() takes 0 positional arguments"),
    "a formula that is none": (
        "sigma_explorer(Activation(T + r' $\\frac{$', r'\\frac{', np.tanh, slope))",
        ".panel .title",
        MARKUP + r" $\frac{$",
    ),
}


@pytest.mark.parametrize("what", SHOWN)
def test_text_is_shown_as_it_stands(open_notebook, page, what):
    source, place, words = SHOWN[what]
    notebook = open_notebook([MAKE, source])
    notebook.run_all()
    shown = notebook.cell(source).element
    expect(shown.locator(place).filter(has_text=words)).to_be_visible()
    expect(shown.locator("img[src=x]")).to_have_count(0)
    assert page.evaluate("window.ran") is None


def test_what_is_raised_is_set_as_no_formula(open_notebook, page):
    # the formula after it is set, by which time the words before it would have been
    source = "display(check.forward(raising))\nHTML('<p class=formula>$z$</p>')"
    notebook = open_notebook([f"from IPython.display import HTML\n{MAKE}", source])
    notebook.run_all()
    shown = notebook.cell(source).element
    expect(shown.locator(".formula mjx-container")).to_be_visible()
    expect(shown.locator(".mlpkit-check")).to_contain_text(f"RuntimeError: {MARKUP} $x$ and $y$")
    expect(shown.locator(".mlpkit-check mjx-container")).to_have_count(0)
    assert page.evaluate("window.ran") is None
