"""The connection breaks with a message under way: each widget says so, comes back by itself, and agrees with Python."""

import os
import re
import signal

import pytest
from lab import PATIENCE, SCREEN, Notebook, settled, until
from playwright.sync_api import expect
from proxy import Proxy

from mlpkit.derivations import printed
from mlpkit.notation import number_text

MAKE = """from mlpkit import Network, data
from mlpkit.widgets import *
net, I, D = data.running_example()
it = {}
it"""


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.url)
    yield proxy
    proxy.stop()


@pytest.fixture
def show(browser, server, proxy):
    """show(expression, selector) -> the notebook, through the proxy, and the element of the widget, called `it`."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    thrown = []
    page.on("pageerror", lambda error: thrown.append(str(error)))

    def show(expression, selector):
        notebook = Notebook(page, server, server.fresh([MAKE.format(expression)]), through=proxy.url)
        notebook.run_all()
        root = notebook.cell(0).element.locator(selector)
        expect(root).to_be_visible()
        settled(page)
        return notebook, root

    yield show
    proxy.mend()
    context.close()
    server.tidy()
    assert thrown == []


def said(root):
    return root.locator(".mlpkit-asleep")


def expect_file(page, file):
    """Python makes it when it is so far: what it says itself would have to come through the proxy."""
    until(page, file.exists, f"{file.name} was not made")


def comes_back(proxy, root, act, until=None):
    """What `act` does is under way when the connection breaks; it is back after the widget has said that it broke.

    until: a file that Python makes when it has got the message, so that only the answer is lost; else the message is.
    """
    proxy.stall(*(["back"] if until else []))
    act()
    if until:
        expect_file(root.page, until)
    proxy.cut()
    expect(said(root)).to_contain_text("The connection to the kernel is broken")
    proxy.mend()
    expect(said(root)).to_be_hidden()
    settled(root.page)


def test_the_stepper_does_what_the_hand_asked_last(show, proxy):
    notebook, root = show("Stepper(net, I, D)", ".mlpkit-stepper")
    slider = root.get_by_label("input 1 of the example", exact=True)
    slider.press("ArrowRight")
    expect(root).to_have_attribute("data-turn", "1")

    def act():
        for _ in range(5):
            slider.press("ArrowRight")
        root.get_by_role("button", name="Backward").press("End")

    comes_back(proxy, root, act)
    expect(root).to_have_attribute("data-position", "61")
    expect(slider).to_have_value("0.56")
    assert notebook.value("(it._now.I[0, 0], it.position)") == [0.56, 61]
    expect(root.locator(".net [data-symbol='o-0-1'] text").first).to_have_text(number_text(0.56))
    slider.press("ArrowLeft")
    expect(root.locator(".net [data-symbol='o-0-1'] text").first).to_have_text(number_text(0.55))


def test_an_explorer_does_what_the_hand_asked_last(show, proxy):
    notebook, root = show("sigma_explorer()", ".mlpkit-explorer")
    slider = root.get_by_role("slider").first
    name = slider.get_attribute("data-control")
    slider.press("ArrowRight")
    settled(root.page)
    before = slider.input_value()

    def act():
        for _ in range(5):
            slider.press("ArrowRight")

    comes_back(proxy, root, act)
    expect(slider).not_to_have_value(before)
    shown = root.locator(".panel").first.locator("svg[role=img]")
    expect(shown).to_have_attribute("aria-label", re.compile(re.escape(number_text(float(slider.input_value())))))
    assert notebook.value(f"it.values[{name!r}]") == float(slider.input_value())
    assert notebook.value("it.shown['panels'][0]['spoken']") == shown.get_attribute("aria-label")


def test_the_paths_show_the_path_that_python_has(show, proxy):
    notebook, root = show("paths(Network.random([2, 3, 3, 1], seed=0), I, D)", ".mlpkit-paths")

    def act():
        for _ in range(2):
            root.get_by_role("button", name="Next path").click()

    comes_back(proxy, root, act)
    expect(root.locator(".status")).to_contain_text("path 3 of")
    assert notebook.value("it.path") == 3
    expect(root.locator(".network")).to_have_attribute("aria-label", notebook.value("it.shown['spoken']"))


def test_the_trial_comes_to_the_line_that_was_picked(show, proxy):
    notebook, root = show("trial('N3', 'N4')", ".mlpkit-trial")

    def act():
        root.locator("textarea").fill("delta[l][i]")
        root.get_by_role("combobox").select_option("N4")
        root.get_by_role("button", name="Try the line as printed").click()

    comes_back(proxy, root, act)
    expect(root.locator("[data-verdict=printed] strong")).to_have_text(printed("N4").kind)
    assert notebook.value("it.verdict.kind") == printed("N4").kind
    assert notebook.value("(it.line, it.typed)") == ["N4", {"N3": "delta[l][i]"}]
    expect(root.get_by_role("combobox")).to_have_value("N4")


def test_what_was_done_is_not_done_again_where_only_the_answer_is_lost(show, proxy, tmp_path):
    notebook, root = show("Stepper(net, I, D)", ".mlpkit-stepper")
    got = tmp_path / "got"
    notebook.execute(f"import pathlib\nit.observe(lambda change: pathlib.Path({str(got)!r}).touch(), 'answered')")
    comes_back(proxy, root, root.locator("[data-control=next]").click, got)
    expect(root.locator("[data-value=steps]")).to_contain_text("1")
    assert notebook.value("len(it.losses)") == 1


def test_a_question_gets_the_answer_that_was_given(show, proxy):
    notebook, root = show("ask('activation of neuron 2')", ".mlpkit-ask")

    def act():
        root.get_by_role("textbox").fill("0.9")
        root.locator("[data-control=answer]").click()

    comes_back(proxy, root, act)
    expect(root).to_have_attribute("data-done", "true")
    assert notebook.value("it.done")
    assert notebook.value("(it.draft, it.entry['given'], it.entry['tries'])") == ["0.9", "0.9", 1]


def test_a_connection_that_stands_still_is_told_too(show, proxy):
    notebook, root = show("Stepper(net, I, D)", ".mlpkit-stepper")
    proxy.stall()
    root.get_by_role("button", name="One micro-step back").click()
    expect(said(root)).to_contain_text("No answer from the kernel yet")
    proxy.mend()
    expect(said(root)).to_be_hidden()
    expect(root).to_have_attribute("data-position", "60")
    assert notebook.value("it.position") == 60


def test_on_a_slow_network_several_moves_are_under_way_and_the_last_one_wins(show, proxy, tmp_path):
    notebook, root = show("Stepper(net, I, D)", ".mlpkit-stepper")
    slider = root.get_by_label("input 1 of the example", exact=True)
    got = tmp_path / "got"
    notebook.execute(
        "import pathlib\nit.observe(lambda change: change['new']['turn'] == 4 and "
        f"pathlib.Path({str(got)!r}).touch(), 'answered')\nit.position = 61"
    )
    proxy.delay = 0.4  # far more than Python takes, on a busy machine too
    slider.press("ArrowRight")  # how long the way is, shows in the first answer
    expect(root).to_have_attribute("data-turn", "1")
    slider.evaluate("""thumb => {
        window.back = 0;
        let most = thumb.valueAsNumber;
        const look = () => {
            if (thumb.valueAsNumber < most) window.back += 1;
            most = Math.max(most, thumb.valueAsNumber);
            requestAnimationFrame(look);
        };
        look();
    }""")
    proxy.stall("back")
    moves = 1
    while not got.exists() and moves < 140:
        slider.press("ArrowRight")
        moves += 1
    expect_file(root.page, got)
    expect(root).to_have_attribute("data-turn", "1")
    proxy.delay = 0
    proxy.mend()
    last = round(0.5 + 0.01 * moves, 2)
    expect(root.locator(".net [data-symbol='o-0-1'] text").first).to_have_text(number_text(last))
    expect(slider).to_have_value(f"{last:g}")
    assert notebook.value("it._now.I[0, 0]") == last
    assert root.page.evaluate("window.back") == 0


def test_what_python_changed_meanwhile_is_there(show, proxy, server):
    notebook, root = show("Stepper(net, I, D)", ".mlpkit-stepper")
    notebook.execute(
        "import asyncio, pathlib\nasync def later():\n    while not pathlib.Path('go').exists():\n"
        "        await asyncio.sleep(0.01)\n    it.position = 7\n    pathlib.Path('done').touch()\n"
        "task = asyncio.get_running_loop().create_task(later())"
    )
    folder = server.root / notebook.path.rpartition("/")[0]
    proxy.cut()
    expect(said(root)).to_contain_text("The connection to the kernel is broken")
    (folder / "go").touch()
    expect_file(root.page, folder / "done")
    proxy.mend()
    expect(root).to_have_attribute("data-position", "7")
    expect(said(root)).to_be_hidden()


ALL = {
    ".mlpkit-trial": "trial('N3', 'N4')",
    ".mlpkit-paths": "paths(net, I, D)",
    ".mlpkit-explorer": "sigma_explorer()",
    ".mlpkit-ask": "ask('activation of neuron 2')",
}


@pytest.mark.parametrize("selector", ALL)
def test_after_a_restart_each_widget_says_how_to_wake_it(open_notebook, page, selector):
    notebook = open_notebook([MAKE.format(ALL[selector])])
    notebook.run_all()
    root = notebook.cell(0).element.locator(selector)
    expect(said(root)).to_be_hidden()
    notebook.menu("Kernel", "Restart Kernel…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(said(root)).to_contain_text("To wake it, click into its cell and press Shift+Enter")
    notebook.value("0")  # the new kernel listens: the server could not end it before


@pytest.mark.new_page  # JupyterLab tells it too, in a dialog that stays
def test_a_kernel_that_has_crashed_is_told(open_notebook):
    notebook = open_notebook([MAKE.format("paths(net, I, D)")])
    notebook.run_all()
    root = notebook.cell(0).element.locator(".mlpkit-paths")
    pid = notebook.value("__import__('os').getpid()")
    os.kill(pid, signal.SIGKILL)
    expect(said(root)).to_contain_text("To wake it")
