"""What may import what, and how light `import mlpkit` is."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mlpkit"

# A module may import only modules above it in this list. plots is matplotlib, widgets is ipywidgets and anywidget.
ORDER = [
    "notation",
    "functions",
    "network",
    "training",
    "data",
    "ways",
    "equations",
    "tracing",
    "derivations",
    "questions",
    "watching",
    "running",
    "comparing",
    "own",
    "mistakes",
    "diagnosis",
    "result",
    "telling",
    "parts",
    "check",
    "asked",
    "record",
    "matrices",
    "picture",
    "view",
    "explorations",
    "own_training",
    "paths",
    "plots",
    "widgets",
]
# Inside these folders too, a module may import only modules above it; the folder's __init__ may import all of them.
INSIDE = {
    "mistakes": [
        "known",
        "phases",
        "forward",
        "definitions",
        "backward",
        "forms",
        "output",
        "gradient",
        "stepping",
        "slopes",
        "derivatives",
        "__init__",
    ],
    "derivations": ["formulas", "cases", "typed", "trial", "proofs", "notes", "symbolic", "__init__"],
    "explorations": ["controls", "panels", "functions", "xor", "nudging", "rates", "starts", "training", "__init__"],
    "asked": ["wording", "kinds", "symbols", "example", "lessons_0_to_2", "lessons_3_to_5", "__init__"],
}
HEAVY = {
    "matplotlib": "plots",
    "ipywidgets": "widgets",
    "anywidget": "widgets",
    "traitlets": "widgets",
    "sympy": "derivations",
}


def place(path):
    """The name of a file's entry in ORDER: "network", "widgets" for every file below widgets/."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


def imported(tree):
    """(name of a module, the node) for each import in the code, also those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the import in full, from mlpkit..."
            if node.module == "mlpkit":
                yield from ((f"mlpkit.{alias.name}", node) for alias in node.names)
            else:
                yield node.module, node


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_lead_upwards(path):
    here = place(path)
    assert here in ORDER, f"{here} has no place in the order of modules yet"
    for name, node in imported(ast.parse(path.read_text("utf-8"))):
        top, _, rest = name.partition(".")
        where = f"{path.name}, line {node.lineno}: {name}"
        if top == "mlpkit":
            other = rest.partition(".")[0]
            assert other in ORDER, f"{where}: name the module that defines it"
            if here == other in INSIDE:
                inner = INSIDE[here]
                below = rest.partition(".")[2] or "__init__"
                # SymPy is only imported where a check with it is asked for, in the function that needs it
                late = below == "symbolic" and node.col_offset
                assert late or inner.index(below) < inner.index(path.stem), where
            else:
                assert ORDER.index(other) < ORDER.index(here) or here == other == "widgets", where
        elif top in HEAVY:
            assert here == HEAVY[top], f"{where} belongs in {HEAVY[top]}"


def test_import_mlpkit_is_light():
    code = "import sys, mlpkit; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "mlpkit" in loaded
    assert not loaded & {"IPython", "anywidget", "ipywidgets", "matplotlib", "sympy", "traitlets"}
