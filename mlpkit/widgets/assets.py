"""The widgets' JavaScript and CSS, kept as files beside the Python.

Jupyter gives a widget one module and one style sheet. What the widgets share lies in files of its own; an import such
as "./controls.js" is turned into a data URL, so that it works without a server or a bundler.
"""

import base64
import re
from pathlib import Path

_HERE = Path(__file__).parent


def module(name):
    """The text of the JavaScript file `name`, its imports of files beside it resolved."""
    return re.sub(r'(?<=from ")\./([\w.]+)(?=")', lambda found: _data_url(found[1]), (_HERE / name).read_text("utf-8"))


def _data_url(name):
    return "data:text/javascript;base64," + base64.b64encode(module(name).encode()).decode()


def style(name):
    """The text of the shared style sheet followed by that of the file `name`."""
    return (_HERE / "controls.css").read_text("utf-8") + (_HERE / name).read_text("utf-8")
