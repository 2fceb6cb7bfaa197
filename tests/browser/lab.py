"""A real JupyterLab in a real browser, and the few things a test does with it.

The fixtures in conftest.py make these; a test gets `open_notebook`:

    def test_it(open_notebook):
        notebook = open_notebook(["from mlpkit import *", "sigmoid(0.0)"])    # or a Path of a lesson
        notebook.run_all()
        expect(notebook.cell("sigmoid").shown).to_have_text("0.5")
        assert notebook.value("sigmoid(0.0)") == 0.5

Everything here waits for a condition, never for a time, and so does `expect`. What is asked of the kernel is asked when
the widgets have got and shown the answer to all that the hand did before. What looks at the page at once, such as
bounding_box(), evaluate() or input_value(), comes after an `expect` for what it needs, or after settled(page).
"""

import ast
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import nbformat
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

REPOSITORY = Path(__file__).parents[2]
LESSONS = REPOSITORY / "lessons"
CONFIG = REPOSITORY / "binder" / "jupyter_server_config.py"
SETTINGS = REPOSITORY / "binder" / "settings"  # as on Binder

WIDGET = "application/vnd.jupyter.widget-view+json"

FLAGS = [
    "--no-sandbox",  # as root in a container there is none to be had
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 120_000  # milliseconds; a lesson that trains a network on a slow, busy machine
SCREEN = {"width": 1280, "height": 720}
SCRATCH = "scratch/scratch.ipynb"  # to start a kernel takes longer than most tests: here one serves many

# What JupyterLab itself reports and no lesson can help. Each entry: (part of the address or text, why).
HARMLESS = []


def chromium(playwright):
    """The path of a Chromium: $CHROMIUM, one on the path, or Playwright's own; None where there is none."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


def axe_finds(page, selector):
    """What axe finds in the elements that a selector finds: [(rule, HTML of the first of its nodes)]."""
    settled(page)
    # JupyterLab's body has no height of its own, so axe takes all in it for hidden and looks at no contrast.
    page.evaluate("() => { document.body.style.height = '100vh'; }")
    violations = Axe().run(page, context=selector).response["violations"]
    page.evaluate("() => { document.body.style.height = ''; }")
    return [(found["id"], found["nodes"][0]["html"]) for found in violations]


WAITING = "document.querySelector('[data-waiting]:not(.asleep)')"  # a widget that has no answer yet


def settled(page):
    """Return when every widget has and shows the answers to all that the hand did, and nothing moves on the page."""
    page.wait_for_function(
        f"""() => new Promise((settle) => {{
            const place = (node) => Object.values(node.getBoundingClientRect().toJSON());
            const places = () => [...document.querySelectorAll(".jp-Cell, .mlpkit, .mlpkit *")].map(place).join(" ");
            let before = "";
            let still = 0; // frames in which nothing has moved
            const look = () => {{
                const now = places();
                still = now === before && !{WAITING} ? still + 1 : 0;
                before = now;
                if (still === 3) settle(true);
                else requestAnimationFrame(look);
            }};
            look();
        }})""",
        timeout=PATIENCE,
    )


def until(page, condition, wanted):
    """Look at every frame of the page whether condition() holds; after PATIENCE, fail and say what was wanted."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end, wanted
        page.evaluate("() => new Promise(requestAnimationFrame)")


def resize(page, width, height=SCREEN["height"]):
    """Make the page as wide and as high as this, and return when all on it has its place."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("size => innerWidth === size[0] && innerHeight === size[1]", arg=[width, height])
    settled(page)


def touch(page, *points):
    """A finger comes down at the first of these points [x, y] of the page, goes to the others, and leaves."""
    hand = page.context.new_cdp_session(page)
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for k, (x, y) in enumerate(points):
        kind = "touchMove" if k else "touchStart"
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    hand.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    hand.detach()
    settled(page)


def alone(page):
    """Close the side bars, so that the notebook is as wide as the page."""
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    settled(page)


class Server:
    """A JupyterLab server with a folder, settings and kernels of its own, all below `home`.

    config, settings: the server's configuration file and JupyterLab's settings, or None for Jupyter's own defaults.
    """

    token = "browser-tests"

    def __init__(self, home, config=CONFIG, settings=SETTINGS):
        self.root = home / "root"
        self.root.mkdir(parents=True)
        self._opened = 0
        self._home = home
        self._settings = home / "user-settings"
        self._runtime = tempfile.TemporaryDirectory(prefix="lab-")  # the path of a socket has to be short
        runtime = Path(self._runtime.name)
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTERLAB_SETTINGS_DIR": str(self._settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
            # the kernels import the package of this checkout, wherever pytest was started
            "PYTHONPATH": os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")])),
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
        command += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.root}"]
        command += [f"--config={config}"] if config else []
        command += [f"--LabApp.app_settings_dir={settings}"] if settings else []
        with socket.create_server(("localhost", 0)) as free:
            command.append(f"--ServerApp.port={free.getsockname()[1]}")
        if sys.platform == "linux":
            # The ports of a kernel are chosen before it takes them: of servers side by side, two might choose alike.
            command.append("--KernelManager.transport=ipc")
        self._log = (home / "server.log").open("wb")
        self._process = subprocess.Popen(command, env=environment, cwd=home, stdout=self._log, stderr=self._log)
        try:
            self.url = self._address(runtime)
        except BaseException:
            self.stop()
            raise

    def _address(self, runtime):
        """The server writes where it listens into a file of its own; it may have had to look for a free port."""
        file = runtime / f"jpserver-{self._process.pid}.json"
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                url = json.loads(file.read_text())["url"]
                urllib.request.urlopen(f"{url}api?token={self.token}", timeout=5).close()
                return url
            time.sleep(0.1)
        raise RuntimeError("JupyterLab did not start:\n" + (self._home / "server.log").read_text()[-3000:])

    def api(self, method, path):
        """One request to the server's own interface, such as ("GET", "api/sessions"); the answer as plain data."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def fresh(self, source):
        """Put a notebook where this server serves it, alone in a new folder; its path as the server sees it.

        source: the sources of its code cells, or a Path below lessons/ (all of lessons/ is copied, pictures too).
        """
        self._opened += 1
        folder = self.root / str(self._opened)
        if isinstance(source, Path):
            shutil.copytree(
                LESSONS, folder / "lessons", ignore=shutil.ignore_patterns(".ipynb_checkpoints", "my_record*")
            )
            path = folder / "lessons" / source.relative_to(LESSONS)
        else:
            folder.mkdir()
            path = folder / "scratch.ipynb"
            self._write(path, source)
        return path.relative_to(self.root).as_posix()

    def scratch(self, source):
        """The same with sources, always at the path SCRATCH: if a kernel runs there, it is the notebook's."""
        path = self.root / SCRATCH
        path.parent.mkdir(exist_ok=True)  # where its kernel works, so the folder stays
        for left in path.parent.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        self._write(path, source)
        return SCRATCH

    def _write(self, path, source):
        notebook = new_notebook(cells=[new_code_cell(text) for text in source])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, path)

    def tidy(self, keep=None):
        """No kernel and no setting of one test reaches the next. keep: the path of a notebook whose kernel goes on."""
        for session in self.api("GET", "api/sessions"):
            if session["path"] != keep or session["kernel"]["execution_state"] != "idle":
                self.api("DELETE", f"api/sessions/{session['id']}")
        shutil.rmtree(self._settings, ignore_errors=True)

    def stop(self):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        self._runtime.cleanup()


@contextlib.contextmanager
def desk(*given):
    """(browser, server) for a script: a Chromium and a Server, ended afterwards. given: as in Server, after home."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        path = chromium(playwright)
        if path is None:
            sys.exit("no Chromium was found: install it, or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server = Server(Path(home) / "lab", *given)
        try:
            yield browser, server
        finally:
            server.stop()


class Watch:
    """What went wrong on a page without anyone looking: `problems` is a list of sentences, empty when all is well."""

    def __init__(self, page, server):
        self.problems = []
        self._host = urllib.parse.urlsplit(server.url).netloc
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note("error on the page", f"{error}\n{error.stack or ''}"))
        page.on("request", self._request)
        page.on("websocket", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _note(self, kind, text):
        if not any(part in text for part, _ in HARMLESS):
            self.problems.append(f"{kind}: {text}")

    def _console(self, message):
        if message.type == "error":
            self._note("console", f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request):
        url = urllib.parse.urlsplit(request.url)
        if url.scheme not in ("data", "blob", "about") and url.netloc != self._host:
            self._note("a request left this machine", request.url)

    def _failed(self, request):
        # leaving a page ends the requests that are under way
        if request.failure != "net::ERR_ABORTED":
            self._note("request failed", f"{request.url} {request.failure}")

    def _response(self, response):
        if response.status >= 400:
            self._note("request refused", f"{response.status} {response.url}")


_PANEL = "window.jupyterapp.shell.currentWidget"


# In a kernel, all that a test has left: its tasks, its widgets, its names, and the package with what it remembers.
FORGET = """
def forget():
    import asyncio, sys
    from ipywidgets import Widget
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        if code and "mlpkit" in code.co_filename:
            task.cancel()
    Widget.close_all()
    for name in [name for name in sys.modules if name.partition(".")[0] == "mlpkit"]:
        del sys.modules[name]

forget()
get_ipython().run_line_magic("reset", "-f")
"""


def put_back(page):
    """JupyterLab as it was when the page was new: its notebooks closed, its look and its size as they were.

    And the kernel at SCRATCH, if its notebook is open and it listens, as if it had just been started. Returns the path
    of a notebook whose kernel may go on, or None.
    """
    open_there = page.evaluate(
        f"path => window.jupyterapp && {_PANEL}?.context?.path === path"
        f" && {_PANEL}.sessionContext.session?.kernel?.status === 'idle'",
        SCRATCH,
    )
    if open_there:
        Notebook.of(page, SCRATCH).execute(FORGET)
    page.evaluate(
        """async () => {
            const { shell, commands } = window.jupyterapp;
            for (const widget of shell.widgets("main")) {
                if (widget.context) widget.context.model.dirty = false; // so that nobody is asked whether to save it
                widget.close();
            }
            shell.expandLeft();
            shell.collapseRight();
            await commands.execute("apputils:change-theme", { theme: "JupyterLab Light" });
        }"""
    )
    page.set_viewport_size(SCREEN)
    page.mouse.move(0, 0)
    return SCRATCH if open_there else None


class Notebook:
    """A notebook that is open in JupyterLab, its kernel running."""

    def __init__(self, page, server, path, through=None):
        """Where JupyterLab is on the page already, it opens the notebook in the place of what is open there.

        through: an address other than the server's own that leads to it, such as a Proxy's.
        """
        self.page = page
        self.path = path
        if page.evaluate("'jupyterapp' in window"):
            page.evaluate(
                """async path => {
                    const before = [...window.jupyterapp.shell.widgets("main")];
                    await window.jupyterapp.commands.execute("docmanager:open", {path});
                    for (const widget of before) widget.close();
                }""",
                path,
            )
        else:
            page.goto(f"{through or server.url}lab/tree/{urllib.parse.quote(path)}?reset&token={server.token}")
        page.wait_for_function(
            f"path => window.jupyterapp && {_PANEL}?.context?.path === path && {_PANEL}.context.isReady"
            f" && {_PANEL}.sessionContext.isReady && {_PANEL}.sessionContext.session?.kernel",
            arg=path,
            timeout=PATIENCE,
        )
        # The indicator says idle before the kernel listens; only an answer shows that it does.
        self._kernel("kernel.info")
        self.value("0")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()

    @classmethod
    def of(cls, page, path):
        """The notebook that is open on a page already."""
        notebook = cls.__new__(cls)
        notebook.page, notebook.path = page, path
        return notebook

    def _kernel(self, expression, argument=None):
        """A JavaScript expression in `kernel`, the page's own connection, and `argument`; awaited."""
        return self.page.evaluate(
            f"async argument => {{ const kernel = {_PANEL}.sessionContext.session.kernel;"
            f" const answer = await ({expression}); return answer?.content ?? null; }}",
            argument,
        )

    def value(self, expression):
        """The value of a Python expression in the notebook's kernel, as plain data (arrays become lists)."""
        code = (
            f"__import__('json').dumps(({expression}),"
            " default=lambda value: value.tolist() if hasattr(value, 'tolist') else repr(value))"
        )
        self.page.wait_for_function(f"() => !{WAITING}", timeout=PATIENCE)
        reply = self._kernel(
            "kernel.requestExecute({code: '', silent: true, store_history: false,"
            " user_expressions: {value: argument}}).done",
            code,
        )
        answer = reply["user_expressions"]["value"]
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))  # it holds the repr of the JSON text

    def execute(self, code):
        """Run Python in the notebook's kernel without a cell, and return when the page shows what has changed.

        What it raised, it raises as a RuntimeError.
        """
        reply = self._kernel(
            "kernel.requestExecute({code: argument, store_history: false, stop_on_error: false}).done", code
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
        settled(self.page)

    def keep_busy(self, until, lock=None):
        """Keep the kernel busy until the file `until` exists, one minute at most; returns at once.

        lock: a Python expression, a lock that is held meanwhile: JupyterLab may have a widget's messages answered in
        another thread than the one that is busy.
        """
        code = (
            "import contextlib, pathlib, time\nend = time.monotonic() + 60\n"
            f"with {lock or 'contextlib.nullcontext()'}:\n"
            f"    while not pathlib.Path({str(until)!r}).exists() and time.monotonic() < end: pass"
        )
        self.page.evaluate(
            f"code => {{ {_PANEL}.sessionContext.session.kernel.requestExecute({{code, store_history: false}}); }}",
            code,
        )

    def menu(self, *names):
        """Choose from the menu bar, as a hand does: menu("Run", "Run All Cells")."""
        self.page.get_by_role("menuitem", name=names[0], exact=True).click()
        for name in names[1:]:
            item = self.page.locator(".lm-Menu-item", has=self.page.get_by_text(name, exact=True)).last
            item.hover()
            if name == names[-1]:
                item.click()

    def run_all(self):
        """Run > Run All Cells, until every code cell has run, or one has failed."""
        code = f"{_PANEL}.content.widgets.map(cell => cell.model).filter(model => model.type === 'code')"
        # A lesson comes with the counts 1 to n, and a fresh kernel gives the same ones again.
        self.page.evaluate(f"() => {code}.forEach(model => {{ model.executionCount = null; }})")
        self.menu("Run", "Run All Cells")
        self.page.wait_for_function(
            f"""() => {{
                const due = {code}.filter(model => model.sharedModel.source.trim());
                const done = due.filter(model => model.executionCount !== null);
                const failed = done.some(model =>
                    model.outputs.toJSON().some(output => output.output_type === "error"));
                return due.every(model => model.executionState === "idle") && (failed || done.length === due.length);
            }}""",
            timeout=PATIENCE,
        )

    def sources(self):
        """The source of every cell, from the top."""
        return self.page.evaluate(f"() => {_PANEL}.content.widgets.map(cell => cell.model.sharedModel.source)")

    def types(self):
        """The type of every cell, from the top: "code", "markdown"."""
        return self.page.evaluate(f"() => {_PANEL}.content.widgets.map(cell => cell.model.type)")

    def cell(self, find):
        """The cell at an index, or the first whose source holds a text."""
        if isinstance(find, str):
            matches = [index for index, source in enumerate(self.sources()) if find in source]
            if not matches:
                raise LookupError(f"no cell holds {find!r}")
            find = matches[0]
        return Cell(self, find)

    def cells(self):
        """Every code cell, from the top."""
        return [Cell(self, index) for index, kind in enumerate(self.types()) if kind == "code"]

    def errors(self):
        """Every error in the outputs: (source of the cell, what was raised)."""
        return [
            (cell.source(), f"{output['ename']}: {output['evalue']}")
            for cell in self.cells()
            for output in cell.outputs()
            if output["output_type"] == "error"
        ]

    def theme(self, name):
        """Switch to the "light" or the "dark" theme."""
        self.page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})",
            f"JupyterLab {name.capitalize()}",
        )
        wanted = "true" if name == "light" else "false"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", wanted)
        settled(self.page)


class Cell:
    """One cell of a Notebook. `element` is its Playwright locator: look for widgets below it."""

    def __init__(self, notebook, index):
        self.notebook = notebook
        self.page = notebook.page
        self.index = index
        self._model = f"{_PANEL}.content.widgets[{index}].model"
        self.element = self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']").locator(
            "visible=true"
        )

    def source(self):
        return self.page.evaluate(f"() => {self._model}.sharedModel.source")

    def outputs(self):
        """The outputs as they would be saved: a list of dicts."""
        return self.page.evaluate(f"() => {self._model}.outputs?.toJSON() ?? []")

    @property
    def shown(self):
        """What the outputs show on the screen."""
        self.show()
        return self.element.locator(".jp-OutputArea-output")

    def show(self):
        """Scroll to the cell."""
        self.page.evaluate(f"() => {_PANEL}.content.scrollToItem({self.index}, 'start')")
        self.element.wait_for()

    def write(self, source):
        """Replace the source, through the editor, as a learner does."""
        self.show()
        editor = self.element.locator(".cm-content")
        editor.click()
        editor.press("Control+a")
        self.page.keyboard.insert_text(source)
        self.page.wait_for_function(f"source => {self._model}.sharedModel.source === source", arg=source)

    def run(self, source=None):
        """Run the cell with Shift+Enter, with a new source if one is given; return when it has finished."""
        if source is not None:
            self.write(source)
        self.show()
        self.page.evaluate(f"() => {{ {self._model}.executionCount = null; }}")
        self.element.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            f"() => {self._model}.executionState === 'idle' && {self._model}.executionCount !== null",
            timeout=PATIENCE,
        )
        return self
