"""What the kit does in the site's own Python, without a browser: Node.js runs it."""

import json
import subprocess
from pathlib import Path

FOREVER = """
import time
from mlpkit import check
def forever(*given):
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            pass
str(check.weights(forever))
"""


def cells(site, *sources):
    """[{value: of the last line of a cell, as text; asked: the packages that an import in it had to wait for}]"""
    node = ["node", Path(__file__).with_name("python.mjs"), site.resolve() / "static" / "pyodide", *sources]
    return json.loads(subprocess.run(node, capture_output=True, text=True, check=True, encoding="utf-8").stdout)


def test_an_endless_loop_that_sleeps_is_stopped_and_python_goes_on(site):
    stopped, after = cells(site, FOREVER, "6 * 7")
    assert "was stopped after 2 seconds" in stopped["value"]
    assert after["value"] == "42"


def test_what_is_large_is_loaded_when_it_is_imported_and_not_for_a_widget(site):
    make = "from mlpkit.widgets import Stepper\nfrom mlpkit import data\n"
    kinds = "' '.join(sorted(Stepper(*data.running_example())._repr_mimebundle_()[0]))"
    widget, sympy, plots, again = cells(
        site,
        make + kinds,
        "from mlpkit.derivations.symbolic import sympy\nsympy.__version__",
        "from mlpkit import plots\nplots.Figure.__name__",
        kinds,
    )
    assert widget == {"value": "application/vnd.jupyter.widget-view+json text/plain", "asked": []}
    assert sympy == {"value": "1.14.0", "asked": ["sympy", "mpmath"]}
    assert plots["value"] == "Figure"
    assert {"matplotlib", "pillow", "kiwisolver"} <= set(plots["asked"])
    assert again == {"value": "application/vnd.jupyter.widget-view+json image/png text/plain", "asked": []}
