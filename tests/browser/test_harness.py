"""The harness itself: it must see what a lesson or a widget does wrong, and speak with the kernel behind the page."""

import re

import pytest
from lab import Notebook, Watch

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
    assert notebook.cell("1 + 1").text() == "2"

    cell = notebook.cell("Counter")
    cell.show()
    cell.element.get_by_role("button", name="n is 0").click()
    assert notebook.value("counter.n") == 1  # asked on the connection that carried the click
    cell.element.get_by_role("button", name="n is 1").wait_for()
    notebook.execute("counter.n = 7")
    cell.element.get_by_role("button", name="n is 7").wait_for()

    assert notebook.cell("1 + 1").run("[2 + 2]").text() == "[4]"
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


def test_the_theme_changes_and_does_not_stay(open_notebook):
    notebook = open_notebook(["1"])
    body = notebook.page.locator("body")
    assert body.get_attribute("data-jp-theme-light") == "true"
    notebook.theme("dark")
    assert body.get_attribute("data-jp-theme-light") == "false"


def test_the_next_test_starts_light(open_notebook):
    assert open_notebook(["1"]).page.locator("body").get_attribute("data-jp-theme-light") == "true"


def test_nobody_is_asked_about_news(open_notebook):
    notebook = open_notebook(["1"])
    notebook.page.wait_for_function("() => window.jupyterapp.restored.then(() => true)")
    assert notebook.page.locator(".jp-Notification-Toast").count() == 0


def test_nothing_on_the_page_changes_because_the_kernel_works(open_notebook):
    # JupyterLab's signs of it (tab, toolbar, status bar) would change twice at every move of a slider, the first time
    # before the answer is there, and take from it the frame that the browser draws at once.
    notebook = open_notebook(["1 + 1"])
    notebook.run_all()
    assert notebook.cell(0).text() == "2"
    notebook.page.evaluate(
        """() => {
            window.changes = [];
            const seen = new MutationObserver((records) => {
                window.changes.push(...records.map((one) => one.target.outerHTML ?? one.target.data));
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
