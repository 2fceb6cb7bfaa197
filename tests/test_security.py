"""What SECURITY.md says of the source: nothing is run that is data, and nothing goes out."""

import ast
from pathlib import Path

import numpy as np
import pytest

import mlpkit
from mlpkit.data import digits

PACKAGE = Path(mlpkit.__file__).parent
SOURCES = {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
# Modules that make objects of data, start processes or open connections.
KEPT_OUT = {
    *("pickle", "marshal", "shelve", "copyreg", "dill", "joblib", "cloudpickle", "runpy", "code"),
    *("subprocess", "multiprocessing", "pty", "socket", "ssl", "http", "urllib", "ftplib", "requests", "tempfile"),
}
# `python -m mlpkit site` calls pip, npm and Node to build a site; no lesson does.
BUILDS = {"commands/site/__init__.py", "commands/site/runtime.py"}
# To stop a function that runs on in another thread, where Python has no sys.monitoring.
CTYPES = {"exercises/time_limit.py"}


def names_called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def modules_imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def attributes(tree):
    """{module.name} of what is taken from a module by its name."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_that_is_data_is_run(name):
    tree = SOURCES[name]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert RUNS_TEXT & (used | set(names_called(tree))) == set()
    allowed = {"subprocess", "tempfile"} if name in BUILDS else set()
    assert KEPT_OUT & set(modules_imported(tree)) == allowed
    assert ("ctypes" in set(modules_imported(tree))) == (name in CTYPES)
    calls = {"os.system", "os.popen", "os.fork", "sympy.sympify", "sympy.lambdify", "np.fromregex", "builtins.eval"}
    assert not {
        one for one in attributes(tree) if one in calls or one.startswith(("os.exec", "os.spawn", "os.posix_s"))
    }
    words = {keyword.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords}
    assert "allow_pickle" not in words  # NumPy's own choice is not to


def test_the_test_sees_what_it_looks_for():
    tree = ast.parse("import pickle\nfrom urllib.request import urlopen\neval('1')\nos.system('x')")
    assert set(names_called(tree)) == {"eval"}
    assert set(modules_imported(tree)) == {"pickle", "urllib"}
    assert "os.system" in attributes(tree)


def test_the_digits_are_arrays_without_objects():
    [file] = (PACKAGE / "data" / "optdigits").glob("*.npz")
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iuf" for name in arrays)
    assert len(digits().I) == 1797
