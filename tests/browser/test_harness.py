"""The harness itself: it must see what a lesson or a widget does wrong, and speak with the kernel behind the page."""

import re

import pytest
from lab import SCREEN, Notebook, Watch, alone, resize, settled
from playwright.sync_api import expect

COUNTER = """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    n = traitlets.Int(0).tag(sync=True)
    _esm = '''
      export default { render({ model, el }) {
        const button = document.createElement("button");
        const show = () => { button.textContent = `n is ${model.get("n")}`; };
        button.addEventListener("click", () => { model.set("n", model.get("n") + 1); model.save_changes(); });
        model.on("change:n", show);
        show();
        el.append(button);
      } };
    '''
counter = Counter()
counter
"""


def test_a_widget_and_its_kernel(open_notebook):
    notebook = open_notebook([COUNTER, "import ipywidgets\nipywidgets.IntSlider(description='alpha')", "1 + 1"])
    notebook.run_all()
    assert notebook.errors() == []
    expect(notebook.cell("1 + 1").shown).to_have_text("2")

    cell = notebook.cell("Counter")
    cell.show()
    cell.element.get_by_role("button", name="n is 0").click()
    assert notebook.value("counter.n") == 1  # asked on the connection that carried the click
    cell.element.get_by_role("button", name="n is 1").wait_for()
    notebook.execute("counter.n = 7")
    cell.element.get_by_role("button", name="n is 7").wait_for()

    expect(notebook.cell("1 + 1").run("[2 + 2]").shown).to_have_text("[4]")
    assert notebook.value("_") == [4]
    notebook.run_all()  # again: no count is new, every cell has run
    assert notebook.value("counter.n") == 0


def test_errors_are_found(open_notebook):
    notebook = open_notebook(["1 / 0", "2"])
    notebook.run_all()
    assert notebook.errors() == [("1 / 0", "ZeroDivisionError: division by zero")]
    with pytest.raises(RuntimeError, match="NameError"):
        notebook.value("missing")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        notebook.execute("1 / 0")
    with pytest.raises(LookupError, match="no cell holds"):
        notebook.cell("nowhere")


LOOK = """() => ({
    light: document.body.dataset.jpThemeLight,
    size: { width: innerWidth, height: innerHeight },
    bars: [window.jupyterapp.shell.leftCollapsed, window.jupyterapp.shell.rightCollapsed],
    open: [...window.jupyterapp.shell.widgets("main")].map((widget) => widget.context?.path),
})"""


def as_new(path):
    return {"light": "true", "size": SCREEN, "bars": [False, True], "open": [path]}


def test_the_look_changes_and_does_not_stay(open_notebook, page, server):
    notebook = open_notebook(["1"])
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    assert page.evaluate(LOOK) == as_new(notebook.path)
    notebook.theme("dark")
    alone(page)
    resize(page, 700, 400)
    second = server.fresh(["2"])
    page.evaluate("path => window.jupyterapp.commands.execute('docmanager:open', { path }).then(() => 0)", second)
    assert page.evaluate(LOOK) == {
        "light": "false",
        "size": {"width": 700, "height": 400},
        "bars": [True, True],
        "open": [notebook.path, second],
    }


def test_the_next_test_finds_it_as_new(open_notebook, page, server):
    notebook = open_notebook(["1"])
    assert page.evaluate(LOOK) == as_new(notebook.path)
    assert [session["path"] for session in server.api("GET", "api/sessions")] == [notebook.path]


@pytest.mark.new_page
def test_nobody_is_asked_about_news(open_notebook):
    notebook = open_notebook(["1"])
    notebook.page.wait_for_function("() => window.jupyterapp.restored.then(() => true)")
    assert notebook.page.locator(".jp-Notification-Toast").count() == 0


def test_nothing_on_the_page_changes_because_the_kernel_works(open_notebook):
    # JupyterLab's signs of it (tab, toolbar, status bar) would change twice at every move of a slider, the first time
    # before the answer is there, and take from it the frame that the browser draws at once.
    notebook = open_notebook(["1 + 1"])
    notebook.run_all()
    expect(notebook.cell(0).shown).to_have_text("2")
    settled(notebook.page)
    notebook.page.evaluate(
        """() => {
            window.changes = [];
            const files = document.querySelector("#jp-left-stack"); // they are read again every few seconds
            const seen = new MutationObserver((records) => {
                const ours = records.filter((one) => !files.contains(one.target));
                window.changes.push(...ours.map((one) => one.target.outerHTML ?? one.target.data));
            });
            seen.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
        }"""
    )
    assert notebook.value("sum(range(10**6))") == 499999500000
    assert notebook.page.evaluate("() => window.changes") == []


@pytest.mark.parametrize(
    ("event", "script", "problem"),
    [
        ("console", "console.error('spilt milk')", "console: spilt milk"),
        ("pageerror", "setTimeout(() => { throw new Error('spilt milk'); })", "error on the page: .*spilt milk"),
        ("response", "fetch('/api/contents')", "request refused: 403 .*/api/contents"),
        ("request", "fetch('http://192.0.2.1/').catch(() => 0)", "a request left this machine: http://192.0.2.1/"),
    ],
)
def test_what_goes_wrong_on_a_page_is_noticed(browser, server, event, script, problem):
    page = browser.new_page()
    page.goto(f"{server.url}login")
    watch = Watch(page, server)
    assert watch.problems == []
    with page.expect_event(event, lambda _: any(re.match(problem, text, re.DOTALL) for text in watch.problems)):
        page.evaluate(f"() => {{ {script}; }}")
    page.close()


def test_a_broken_widget_is_noticed(browser, server):
    page = browser.new_page()
    watch = Watch(page, server)
    broken = COUNTER.replace("show();", "show(); throw new Error('spilt milk');")
    notebook = Notebook(page, server, server.fresh([broken]))
    with page.expect_event("pageerror"):
        notebook.run_all()
    assert notebook.errors() == []
    assert any("spilt milk" in problem for problem in watch.problems)
    page.close()
    server.tidy()
