"""The site that `python -m mlpkit site` builds. Not part of the README's test line: it needs the extra `site` and npm.

    python -m pip install --editable ".[test,site]" && python -m pytest tests/site

With SITE=FOLDER a site that is there is tried instead of one that is built.
"""

import hashlib
import json
import re
from pathlib import Path

import pytest
from lab import PATIENCE, Notebook

LESSONS = Path(__file__).parents[2] / "lessons"
VERSIONS = Path(__file__).parents[2] / "mlpkit" / "commands" / "site" / "versions.json"
_PANEL = "window.jupyterapp.shell.currentWidget"
_NUMBER = re.compile(r"[-−]?\d+\.?\d*(?:[eE][-+]?\d+)?")


class InTheSite(Notebook):
    """A notebook that is open in the site, its Python running."""

    def __init__(self, page, url, path):
        self.page, self.path = page, path
        page.goto(f"{url}lab/index.html?path={path}")
        self.wait_for_python()

    def wait_for_python(self):
        self.page.wait_for_function(
            f"path => window.jupyterapp && {_PANEL}?.context?.path === path && {_PANEL}.context.isReady"
            f" && {_PANEL}.sessionContext.isReady && {_PANEL}.sessionContext.session?.kernel",
            arg=self.path,
            timeout=PATIENCE,
        )
        self._kernel("kernel.info")
        assert self.told("1 + 1") == "2"

    def told(self, code):
        """What a piece of Python shows and prints in the notebook's kernel; what it raised as its name and text."""
        return self.page.evaluate(
            f"""async code => {{
                const kernel = {_PANEL}.sessionContext.session.kernel;
                const said = [];
                const run = kernel.requestExecute({{code, store_history: false}});
                run.onIOPub = ({{content}}) => {{
                    if (content.text) said.push(content.text);
                    if (content.ename) said.push(`${{content.ename}}: ${{content.evalue}}`);
                    if (content.data) said.push(content.data["text/plain"]);
                }};
                await run.done;
                return said.join("");
            }}""",
            code,
        ).strip()


def shown(outputs):
    """The text of a cell's outputs, as a notebook holds them."""
    text = []
    for output in outputs:
        said = output.get("text") or output.get("data", {}).get("text/plain") or ""
        text.append(said if isinstance(said, str) else "".join(said))
    return "".join(text)


def numbers(text):
    return [float(number.replace("−", "-")) for number in _NUMBER.findall(text)]


def code_cells(path):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_every_file_is_what_the_lock_says(site):
    folder = site / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))["packages"]
    for entry in packages.values():
        assert hashlib.sha256((folder / entry["file_name"]).read_bytes()).hexdigest() == entry["sha256"], entry["name"]
        assert set(entry["depends"]) <= set(packages)
    assert all(sha256 for _, sha256 in json.loads(VERSIONS.read_text("utf-8"))["wheels"].values())


def test_every_lesson_is_there_with_its_text_in_one_piece(site):
    """Where it is a list of lines, JupyterLite's table of contents fails."""
    for lesson in LESSONS.rglob("[0-9]*.ipynb"):
        if ".ipynb_checkpoints" not in lesson.parts:
            there = json.loads((site / "files" / lesson.relative_to(LESSONS)).read_text("utf-8"))["cells"]
            committed = json.loads(lesson.read_text("utf-8"))["cells"]
            assert [cell["source"] for cell in there] == ["".join(cell["source"]) for cell in committed]


def test_the_first_page_leads_to_lesson_0(page, url):
    page.goto(url)
    page.get_by_role("link", name="Open the start page").click()
    page.wait_for_url("**/lab/index.html?path=00_start_here.ipynb")
    page.wait_for_function(f"() => window.jupyterapp && {_PANEL}?.context?.isReady", timeout=PATIENCE)


@pytest.mark.parametrize("name", ["00_start_here", "02_forward", "05_stepping"])
def test_a_lesson_prints_what_it_prints_everywhere(page, url, name):
    notebook = InTheSite(page, url, f"{name}.ipynb")
    notebook.run_all()
    assert notebook.errors() == []
    committed = code_cells(LESSONS / f"{name}.ipynb")
    for cell, there in zip(notebook.cells(), committed, strict=True):
        here, wanted = shown(cell.outputs()), shown(there["outputs"])
        assert _NUMBER.sub("#", here) == _NUMBER.sub("#", wanted), cell.source()
        assert numbers(here) == pytest.approx(numbers(wanted), rel=1e-12, abs=1e-12), cell.source()


def test_a_learners_endless_loop_is_stopped_and_what_is_large_comes_when_it_is_needed(page, url):
    notebook = InTheSite(page, url, "01_definitions.ipynb")
    loop = "import time\nfrom mlpkit import check\ndef forever(*given):\n    while True:\n        time.sleep(0.01)\n"
    assert "seconds" in notebook.told(loop + "check.weights(forever)")
    assert notebook.told("6 * 7") == "42"
    # nothing of these is loaded before
    loaded = "import sys; print('matplotlib' in sys.modules, 'sympy' in sys.modules)"
    assert notebook.told(loaded) == "False False"
    assert notebook.told("from mlpkit.derivations.symbolic import sympy\nsympy.__version__") == "'1.14.0'"
    assert (
        notebook.told("def later():\n    from mlpkit import plots\n    return plots.Figure.__name__\nlater()")
        == "'Figure'"
    )
