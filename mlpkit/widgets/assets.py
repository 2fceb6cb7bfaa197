"""The widgets' JavaScript and CSS, kept as files in browser/.

Jupyter gives a widget one module and one style sheet. What the widgets share lies in files of its own: the files that a
module imports are put above it, so that it works without a server or a bundler. All of them then have one scope: no
two may give the same name to different things.
"""

import re
from pathlib import Path

BROWSER = Path(__file__).parent / "browser"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)


def module(name):
    """The text of the JavaScript file `name` below those that it imports, each once and below its own imports."""
    parts = []

    def add(name):
        text = (BROWSER / name).read_text("utf-8")
        if name not in above:
            above.add(name)
            for other in _IMPORT.findall(text):
                add(other)
            parts.append(_IMPORT.sub("", text))

    above = set()
    add(name)
    *shared, own = parts
    return "".join(re.sub(r"^export ", "", part, flags=re.MULTILINE) for part in shared) + own


def style(name):
    """The text of the shared style sheet followed by that of the file `name`."""
    return (BROWSER / "controls.css").read_text("utf-8") + (BROWSER / name).read_text("utf-8")
