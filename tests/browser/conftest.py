"""The fixtures of the browser tests; lab.py has what they hand out."""

import os
from pathlib import Path

import pytest
from lab import FLAGS, PATIENCE, SCREEN, Notebook, Server, Watch, chromium, put_back, settled
from playwright.sync_api import expect, sync_playwright


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests. Where there is none the tests are skipped, and in CI they fail."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            stop("no Chromium: install it, or name it in CHROMIUM, or run `playwright install chromium`")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """One JupyterLab for all tests, without anything of the user's."""
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def new_page(browser, server):
    """new_page() -> a page of its own, and what watches it."""

    def new_page():
        page = browser.new_context(viewport=SCREEN).new_page()
        page.set_default_timeout(PATIENCE)
        return page, Watch(page, server)

    return new_page


@pytest.fixture(scope="session")
def at_rest():
    """Pages, and what watches them, for the tests that follow: most take less time than JupyterLab takes to load."""
    return []


@pytest.fixture
def page(request, server, new_page, at_rest):
    """A page as if new, 1280 by 720. The test fails if anything went wrong on it: see Watch in lab.py.

    Where the test is marked as `new_page`, and after one that has failed, it is new.
    """
    own = request.node.get_closest_marker("new_page")
    page, watch = at_rest.pop() if at_rest and not own else new_page()
    page.evaluate("0")  # what putting it back made it say has come by now
    watch.problems.clear()
    failed = request.session.testsfailed
    yield page
    problems = watch.problems.copy()
    if own or request.session.testsfailed > failed:
        page.context.close()
        server.tidy()
    else:
        server.tidy(keep=put_back(page))
        at_rest.append((page, watch))
    assert problems == []


@pytest.fixture
def open_notebook(page, server):
    """open_notebook(a lesson's Path, or a list of sources) opens a copy of it in JupyterLab: a Notebook.

    The first that is made of sources has the kernel that the tests share, put back after each; others have their own.
    """
    places = iter([server.scratch])

    def open_notebook(source):
        place = server.fresh if isinstance(source, Path) else next(places, server.fresh)
        return Notebook(page, server, place(source))

    return open_notebook


@pytest.fixture
def open_widget(open_notebook):
    """open_widget(expression, selector) -> a notebook with that widget, and its element; in the kernel it is `it`."""

    def open_it(expression, selector):
        make = f"from mlpkit import Network, data, tanh\nfrom mlpkit.widgets import *\nit = {expression}\nit"
        notebook = open_notebook([make, "1 + 1"])
        notebook.cell(0).run()
        notebook.cell(0).show()
        root = notebook.cell(0).element.locator(selector)
        expect(root).to_be_visible()
        settled(notebook.page)
        return notebook, root

    return open_it


@pytest.fixture
def notebook(request, open_notebook):
    """A notebook with one cell, MAKE of the test's own file, that has run."""
    notebook = open_notebook([request.module.MAKE])
    notebook.run_all()
    return notebook


@pytest.fixture
def stepper(notebook):
    """The element of the Stepper that MAKE shows."""
    root = notebook.cell("Stepper(").element.locator(".mlpkit-stepper")
    expect(root).to_have_attribute("data-position", "0")
    settled(notebook.page)
    return root
