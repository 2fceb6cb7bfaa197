"""The lessons as a folder of files that any server hands out: Python itself runs in the reader's browser.

JupyterLite is the frame, Pyodide the Python. runtime.py puts Python and its packages together, precompile.mjs makes
them quick to import, index.html is what a reader opens. versions.json has every version and every sha256. pages/ has
each lesson as a page that needs no Python.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from mlpkit.commands.lessons import NotPossible, copy_lessons, home
from mlpkit.commands.site.pages import build_pages
from mlpkit.commands.site.runtime import assemble, katex, pin

HERE = Path(__file__).parent

# Without these an update of the sign of life is drawn at each move of a slider, before the picture.
_DISABLED = [
    "@jupyterlab/application-extension:faviconbusy",
    "@jupyterlab/notebook-extension:kernel-status",
    "@jupyterlite/apputils-extension:kernel-status",
]


def build(folder, again=False):
    """Build the site in `folder`, which may be there already if it is empty or holds a site.

    folder: a Path. again: whether the sha256 of the wheels that Pyodide does not know are written down anew. Raises
    NotPossible.
    """
    checkout = home()
    if not (checkout / "pyproject.toml").is_file():
        raise NotPossible("the site is built in a checkout of the kit, from which its wheel is made")
    needed = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "nbconvert")
    missing = [name for name in needed if not find_spec(name)]
    if missing:
        raise NotPossible(f'{", ".join(missing)} is missing here: python -m pip install --editable ".[site]"')
    tools = [name for name in ("npm", "node") if not shutil.which(name)]
    if tools:
        raise NotPossible(f"{' and '.join(tools)} is missing here: install Node.js 20 or newer")
    if folder.exists() and any(folder.iterdir()) and not (folder / "jupyter-lite.json").is_file():
        raise NotPossible(f"{folder} holds other things than a site: name a new folder, or an empty one")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        if again:
            pin()
        wheels = scratch / "wheels"
        _run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, checkout)
        assemble(scratch / "lite" / "static" / "pyodide", scratch, next(wheels.glob("*.whl")))
        _contents(scratch / "content")
        _settings(scratch / "lite", checkout / "binder" / "settings")
        shutil.rmtree(folder, ignore_errors=True)
        _run("jupyterlite_core", "build", "--lite-dir", scratch / "lite", "--contents", scratch / "content",
             "--output-dir", folder.absolute(), cwd=scratch)  # fmt: skip
        build_pages(checkout / "lessons", folder / "pages", katex(scratch))
    for page in ("index.html", "favicon.svg"):
        shutil.copyfile(HERE / page, folder / page)
    shutil.copyfile(folder / "lab" / "favicon.ico", folder / "favicon.ico")  # browsers ask for it whatever a page says
    (folder / ".nojekyll").touch()  # a static host may otherwise leave out what begins with an underscore


def _contents(folder):
    """The lessons. JupyterLite hands their text on as it lies in the file, and its table of contents wants it whole."""
    copy_lessons(folder)
    for path in folder.rglob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
            for output in cell.get("outputs", []):
                said = output.get("data", {})  # headings in an output are in the table of contents too
                said |= {kind: "".join(text) for kind, text in said.items() if isinstance(text, list)}
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _settings(lite, settings):
    """What JupyterLite and its Python are told; the settings of JupyterLab are those of everywhere, and two more."""
    page = json.loads((settings / "page_config.json").read_text("utf-8"))["disabledExtensions"]
    config = {
        "appName": "mlpkit",
        "disabledExtensions": sorted({*_DISABLED, *(name for name, off in page.items() if off)}),
        "enableMemoryStorage": True,  # where the browser keeps nothing, the lessons are there all the same
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "disablePyPIFallback": True,
                "loadPyodideOptions": {
                    "packages": [
                        "micropip",
                        "piplite",
                        "ipykernel",
                        "comm",
                        "pyodide-kernel",
                        "jedi",
                        "ipython",
                        "mlpkit",
                    ]
                },
            }
        },
    }
    (lite / "jupyter-lite.json").write_text(
        json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": config}, indent=1), "utf-8"
    )
    overrides = json.loads((settings / "overrides.json").read_text("utf-8"))
    # A lesson that is closed gives its Python back.
    overrides["@jupyterlab/notebook-extension:tracker"] = {"kernelShutdown": True}
    (lite / "overrides.json").write_text(json.dumps(overrides, indent=1), "utf-8")
    (lite / "jupyter_lite_config.json").write_text(
        json.dumps({"LiteBuildConfig": {"no_sourcemaps": True, "apps": ["lab"]}}), "utf-8"
    )


def _run(*words, cwd=None):
    """A module of this Python as a command; NotPossible with what it said where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)], cwd=cwd, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise NotPossible(f"{words[0]} has failed:\n{(done.stdout + done.stderr)[-3000:]}")
