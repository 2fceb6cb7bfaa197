"""In the browser: what is large and seldom needed is loaded when it is imported, from the folder that Python came from.

Pyodide loads what a cell imports before the cell runs. What the kit imports inside, it does not see.
"""

import hashlib
import io
import sys
import sysconfig
import zipfile
from importlib import invalidate_caches
from importlib.machinery import PathFinder

LARGE = ("matplotlib", "sympy")


class OnDemand:
    """A finder of modules that loads the package with a large module, and what that needs, first."""

    def find_spec(self, name, path=None, target=None):
        if name not in LARGE or PathFinder.find_spec(name) is not None:
            return None
        _load(name)
        invalidate_caches()
        return PathFinder.find_spec(name)


def at_hand(name):
    """Whether a large module can be imported without loading anything."""
    return sys.platform != "emscripten" or name in sys.modules


def install():
    """Load large modules from here on. Once more does nothing."""
    if not any(isinstance(finder, OnDemand) for finder in sys.meta_path):
        sys.meta_path.insert(0, OnDemand())


def _load(name):
    """A package and what it needs. An import cannot wait for a promise, so each file is requested and waited for."""
    import pyodide_js
    from js import XMLHttpRequest

    packages = pyodide_js.lockfile.to_py()["packages"] if hasattr(pyodide_js.lockfile, "to_py") else {}
    due = [name]
    while due:
        entry = packages[due.pop()]
        if getattr(pyodide_js.loadedPackages, entry["name"], None):
            continue
        request = XMLHttpRequest.new()
        request.open("GET", pyodide_js.lockfileBaseUrl + entry["file_name"], False)
        request.responseType = "arraybuffer"
        request.send()
        wheel = request.response.to_bytes()
        if request.status != 200 or hashlib.sha256(wheel).hexdigest() != entry["sha256"]:
            raise ImportError(f"{entry['file_name']} could not be loaded: open the page again while there is a network")
        zipfile.ZipFile(io.BytesIO(wheel)).extractall(sysconfig.get_paths()["purelib"])
        setattr(pyodide_js.loadedPackages, entry["name"], "mlpkit")
        due += entry["depends"]
