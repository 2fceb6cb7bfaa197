"""The site, built once, served from this machine, and a page in Chromium on which nothing may go wrong."""

import contextlib
import functools
import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from lab import FLAGS, Watch, chromium  # noqa: E402


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Hands out files, and writes no line for each."""

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):  # a page that is left asks for no more
            super().copyfile(source, outputfile)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site: that in $SITE, or one that is built."""
    if "SITE" in os.environ:
        return Path(os.environ["SITE"])
    folder = tmp_path_factory.mktemp("site") / "site"
    subprocess.run([sys.executable, "-m", "mlpkit", "site", folder], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def url(site):
    """Where the site is served."""
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            pytest.fail("no Chromium: install it, or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, url):
    """A page of a browser that has never seen the site. What leaves this machine, or fails, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    watch = Watch(page, SimpleNamespace(url=url))
    yield page
    context.close()
    assert watch.problems == []
