"""`python -m mlpkit site`, as far as it goes without npm and a package index; tests/site has the rest."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from mlpkit import on_demand
from mlpkit.__main__ import main
from mlpkit.commands import site
from mlpkit.commands.lessons import NotPossible
from mlpkit.commands.site import runtime

ROOT = Path(__file__).parents[1]


@pytest.fixture
def tools(monkeypatch):
    """As if all that the command needs were here."""
    monkeypatch.setattr(site, "find_spec", lambda name: True)
    monkeypatch.setattr(site.shutil, "which", lambda name: name)


def test_a_folder_with_other_things_is_left_alone(tools, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds other things than a site: name a new folder"):
        main(["site", str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_is_missing_is_named_with_the_command_that_helps(monkeypatch, tmp_path):
    monkeypatch.setattr(site, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"jupyterlite_core, .* is missing here: python -m pip install"):
        main(["site", str(tmp_path / "new")])


def test_a_file_with_another_sha256_is_refused(tmp_path):
    file = tmp_path / "one.whl"
    file.write_bytes(b"changed")
    with pytest.raises(NotPossible, match=r"one\.whl is not the file that is expected"):
        runtime._accept(file, "0" * 64)


def test_every_download_has_a_version_and_a_sha256():
    pins = json.loads(runtime.VERSIONS.read_text("utf-8"))
    for version, sha256 in [pins["pyodide"], pins["bundle"], *pins["wheels"].values()]:
        assert re.fullmatch(r"(\S+==)?\d[\w.]*", version)
        assert re.fullmatch(r"[0-9a-f]{64}", sha256)


def test_lessons_go_in_with_their_text_in_one_piece(tmp_path):
    site._contents(tmp_path)
    committed = json.loads((ROOT / "lessons" / "02_forward.ipynb").read_text("utf-8"))["cells"]
    there = json.loads((tmp_path / "02_forward.ipynb").read_text("utf-8"))["cells"]
    assert [cell["source"] for cell in there] == ["".join(cell["source"]) for cell in committed]


def test_so_does_what_their_cells_have_shown(tmp_path):
    """JupyterLite's table of contents looks for headings there too, and fails on a list of lines."""
    site._contents(tmp_path)
    for path in tmp_path.rglob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                assert not any(isinstance(said, list) for said in output.get("data", {}).values())


def test_the_kit_goes_in_without_its_lessons(tmp_path):
    whole = tmp_path / "wheels" / "mlpkit-0-py3-none-any.whl"
    whole.parent.mkdir()
    with zipfile.ZipFile(whole, "w") as wheel:
        wheel.writestr("mlpkit/__init__.py", "")
        wheel.writestr("mlpkit-0.data/data/share/mlpkit/lessons/a.ipynb", "{}")
    with zipfile.ZipFile(runtime._slim(whole, tmp_path)) as slim:
        assert slim.namelist() == ["mlpkit/__init__.py"]


def test_only_large_modules_that_are_not_there_are_loaded(monkeypatch):
    loaded, there = [], {"json"}
    monkeypatch.setattr(on_demand, "_load", lambda name: (loaded.append(name), there.add(name)))
    monkeypatch.setattr(on_demand.PathFinder, "find_spec", lambda name: name if name in there else None)
    finder = on_demand.OnDemand()
    assert [finder.find_spec(name) for name in ("json", "no_such_module", "sympy", "sympy")] == [
        None,
        None,
        "sympy",
        None,
    ]
    assert loaded == ["sympy"]
