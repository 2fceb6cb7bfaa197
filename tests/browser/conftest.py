"""The fixtures of the browser tests; lab.py has what they hand out."""

import os

import pytest
from lab import FLAGS, Notebook, Server, Watch, chromium
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests. Where there is none the tests are skipped, and in CI they fail."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            stop("no Chromium: install it, or name it in CHROMIUM, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """One JupyterLab for all tests, without anything of the user's."""
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def page(browser, server):
    """A fresh page, 1280 by 720. The test fails if anything went wrong on it: see Watch in lab.py."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    watch = Watch(page, server)
    yield page
    context.close()
    server.tidy()
    assert watch.problems == []


@pytest.fixture
def open_notebook(page, server):
    """open_notebook(a lesson's Path, or a list of sources) opens a copy of it in JupyterLab: a Notebook."""
    return lambda source: Notebook(page, server, server.fresh(source))
