"""The widgets' JavaScript and CSS, kept as files beside the Python.

Jupyter gives a widget one module and one style sheet. What the widgets share lies in controls.js and controls.css;
an import of "./controls.js" is turned into a data URL, so that it works without a server or a bundler.
"""

import base64
from pathlib import Path

_HERE = Path(__file__).parent


def module(name):
    """The text of the JavaScript file `name`, its import of ./controls.js resolved."""
    shared = base64.b64encode((_HERE / "controls.js").read_bytes()).decode()
    return (_HERE / name).read_text("utf-8").replace("./controls.js", f"data:text/javascript;base64,{shared}")


def style(name):
    """The text of the shared style sheet followed by that of the file `name`."""
    return (_HERE / "controls.css").read_text("utf-8") + (_HERE / name).read_text("utf-8")
