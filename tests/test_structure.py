"""What may import what, and how light `import mlpkit` is."""

import ast
import inspect
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import mlpkit
import mlpkit.widgets
from mlpkit import explorers

PACKAGE = Path(__file__).parents[1] / "mlpkit"

# A room may import only the rooms above it in the map that the package's docstring is.
ORDER = re.findall(r"^ {4}(\w+) {2,}\S", mlpkit.__doc__, flags=re.MULTILINE)


HEAVY = {
    "matplotlib": "plots",
    "ipywidgets": "widgets",
    "anywidget": "widgets",
    "traitlets": "widgets",
    "sympy": "derivations",
}


def module(path):
    return ".".join(("mlpkit", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
MODULES = {module(path): path for path in FILES}


def room(name):
    """The room of a module: "widgets" for mlpkit.widgets.stepper."""
    return name.split(".")[1]


def imported(path):
    """(name of a module, line) for each import in a file, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the import in full, from mlpkit..."
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner if inner in MODULES else node.module), node.lineno


def test_the_map_names_every_room():
    assert sorted(ORDER) == sorted({room(name) for name in MODULES})


@pytest.mark.parametrize("name", MODULES)
def test_imports_lead_upwards(name):
    for other, line in imported(MODULES[name]):
        where = f"{name}, line {line}: {other}"
        top = other.partition(".")[0]
        if (name, other) == ("mlpkit.__main__", "mlpkit"):
            continue  # the package itself, for its version
        if top == "mlpkit":
            assert other in MODULES, f"{where}: name the module that defines it"
            assert ORDER.index(room(other)) <= ORDER.index(room(name)), where
        elif top in HEAVY:
            assert room(name) == HEAVY[top], f"{where} belongs in {HEAVY[top]}"


@pytest.mark.parametrize("here", ORDER)
def test_inside_a_room_imports_lead_one_way(here):
    """A CycleError names the files of a circle."""
    inside = {name for name in MODULES if room(name) == here}
    TopologicalSorter({name: inside & {other for other, _ in imported(MODULES[name])} for name in inside}).prepare()


@pytest.mark.parametrize("folder", ["stepper", "exercises/factors", "exercises/mistakes", "exercises/search"])
def test_a_folder_says_what_each_of_its_files_has(folder):
    said = ast.get_docstring(ast.parse((PACKAGE / folder / "__init__.py").read_text("utf-8")))
    listed = set(re.findall(r"(?:^ {4}|; )(\w+)(?: {2,}|: )", said, flags=re.MULTILINE))
    assert listed == {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)


def test_import_mlpkit_loads_the_core_alone():
    loaded = set(run("import sys, mlpkit; print(*sys.modules)").stdout.split())
    core = {name for name in MODULES if room(name) == "core"}
    assert {name for name in loaded if name.partition(".")[0] == "mlpkit"} == {"mlpkit", *core}
    assert not {name.partition(".")[0] for name in loaded} & {"IPython", *HEAVY}


@pytest.mark.parametrize("name", ["check", "data", "notation", "plots", "record", "trace"])
def test_the_rest_is_there_on_the_first_touch(name):
    run(f"import mlpkit; assert {name!r} in dir(mlpkit); mlpkit.{name}")


def test_nothing_private_is_offered():
    offered = run("import mlpkit; print(*dir(mlpkit))").stdout.split()
    assert set(offered) == {*mlpkit.__all__, "data", "notation", "plots", "record"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mlpkit.nothing


def test_only_the_proofs_in_symbols_need_sympy():
    run(
        """
import sys
sys.modules["sympy"] = None  # as if it were not installed
import mlpkit, mlpkit.widgets
mlpkit.check, mlpkit.plots, mlpkit.record
from mlpkit.derivations import theorem_1
step = theorem_1["1.2"]
assert step.numbers().passed
try:
    step.symbols()
except ImportError as problem:
    assert str(problem) == 'the proofs need SymPy, which is not here: python -m pip install "sympy>=1.13"', problem
else:
    raise AssertionError
"""
    )


# What an explorer of one's own is made of.
MAKERS = (
    "slider",
    "choice",
    "button",
    "panel",
    "axis",
    "curve",
    "marks",
    "point",
    "heat",
    "numbers",
    "sentence",
    "table",
)


def public():
    """What a lesson may call, the functions and the methods of the classes, each as pytest takes it, with its name."""
    offered = {}
    for here in (mlpkit, mlpkit.check, mlpkit.data, mlpkit.notation, mlpkit.plots, mlpkit.record, mlpkit.widgets):
        names = getattr(here, "__all__", [name for name in vars(here) if name[0] != "_"])
        offered |= {f"{here.__name__}.{name}": getattr(here, name) for name in names}
    offered |= {f"mlpkit.explorers.{name}": getattr(explorers, name) for name in MAKERS}
    for name, one in offered.items():
        if not getattr(one, "__module__", "").startswith("mlpkit"):
            continue
        if inspect.isfunction(one) or inspect.ismethod(one):
            yield pytest.param(one, id=name)
        elif inspect.isclass(one):
            for inner, method in vars(one).items():
                method = getattr(method, "__func__", getattr(method, "fget", method))
                made_here = inspect.isfunction(method) and method.__module__ == one.__module__
                if made_here and (inner[0] != "_" or (inner == "__init__" and "__dataclass_fields__" not in vars(one))):
                    yield pytest.param(method, id=f"{name}.{inner}")


@pytest.mark.parametrize("function", [*public()])
def test_what_is_public_has_hints(function):
    signature = inspect.signature(function)
    if function.__name__ != "__init__":
        assert signature.return_annotation is not inspect.Signature.empty
    several = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    bare = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.kind not in several]
    assert bare in ([], ["self"], ["cls"])
