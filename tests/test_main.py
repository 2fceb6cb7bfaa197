"""`python -m mlpkit`: the lessons are opened, from a checkout and from the wheel, and nothing is overwritten."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.request
from pathlib import Path

import jupyterlab.labapp
import pytest

import mlpkit
from mlpkit.__main__ import main
from mlpkit.commands import lessons

ROOT = Path(__file__).parents[1]
OTHERS = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "my_record*")  # what work leaves in a checkout
START = "00_start_here.ipynb"


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


COMMITTED = {
    name for name in names(ROOT / "lessons") if "my_record" not in name and ".ipynb_checkpoints" not in name.split("/")
}


@pytest.fixture
def started(monkeypatch):
    """What JupyterLab was started with, one list of words for each start; it does not run."""
    calls = []
    monkeypatch.setattr(jupyterlab.labapp, "main", calls.append)
    return calls


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """As if the package had come from a wheel: no lessons beside it, but in a folder of its own. Returns a user's."""
    shared = tmp_path / "share" / "mlpkit"
    for name in ("lessons", "binder"):
        shutil.copytree(ROOT / name, shared / name, ignore=OTHERS)
    monkeypatch.setattr(lessons, "_CHECKOUT", tmp_path / "nothing")
    monkeypatch.setattr(lessons, "home", lambda: shared)
    user = tmp_path / "user"
    user.mkdir()
    monkeypatch.chdir(user)
    return user


def settings(home):
    binder = home / "binder"
    return [f"--config={binder / 'jupyter_server_config.py'}", f"--LabApp.app_settings_dir={binder / 'settings'}"]


# Which words go where


def test_a_checkout_opens_its_own_lessons(started, capsys):
    main([])
    here = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/lab/tree/lessons/{START}"]
    assert started == [[*settings(ROOT), *here]]
    assert capsys.readouterr().out == f"The lessons are in {ROOT / 'lessons'}\n"


@pytest.mark.parametrize("words", [[], ["open"]], ids=["alone", "open"])
def test_what_follows_the_first_option_is_jupyterlabs(started, words):
    main([*words, "--no-browser", "--port", "8890"])
    assert started[0][-3:] == ["--no-browser", "--port", "8890"]


def test_a_folder_and_options(started, tmp_path):
    main(["open", str(tmp_path / "mine"), "--port", "8890"])
    root, start, *rest = started[0][2:]
    assert (root, start) == (f"--ServerApp.root_dir={tmp_path / 'mine'}", f"--LabApp.default_url=/lab/tree/{START}")
    assert rest == ["--port", "8890"]
    assert names(tmp_path / "mine") == COMMITTED


def test_a_folder_below_the_home_folder(started, tmp_path, monkeypatch):
    """Not every shell puts the home folder in the place of ~."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    main(["open", "~/mine"])
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in started[0]


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["open", "--help"]], ids=" ".join)
def test_what_it_says_of_itself(capsys, started, words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0
    assert ("mlpkit " + mlpkit.__version__ if "--version" in words else "python -m mlpkit") in capsys.readouterr().out
    assert not started


# The copy


def test_installed_it_makes_a_copy_where_one_is(started, installed):
    main([])
    assert names(installed / "mlpkit-lessons") == COMMITTED
    assert f"--ServerApp.root_dir={installed / 'mlpkit-lessons'}" in started[0]


def test_installed_in_the_folder_of_the_lessons_it_opens_these(started, installed, monkeypatch):
    main([])
    monkeypatch.chdir(installed / "mlpkit-lessons")
    main([])
    assert started[1] == started[0]
    assert names(installed) == {f"mlpkit-lessons/{name}" for name in COMMITTED}


def test_nothing_is_overwritten_and_what_is_missing_comes_back(started, tmp_path):
    main(["open", str(tmp_path)])
    (tmp_path / "02_forward.ipynb").write_text("mine")
    (tmp_path / "images" / "stepper-light.png").unlink()
    (tmp_path / "my notes.txt").write_text("mine too")
    main(["open", str(tmp_path)])
    assert (tmp_path / "02_forward.ipynb").read_text() == "mine"
    assert names(tmp_path) == {*COMMITTED, "my notes.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own on Windows")
def test_nothing_is_written_through_a_link_that_leads_nowhere(started, tmp_path):
    main(["open", str(tmp_path / "mine")])
    lesson = tmp_path / "mine" / "02_forward.ipynb"
    lesson.unlink()
    lesson.symlink_to(tmp_path / "elsewhere")
    main(["open", str(tmp_path / "mine")])
    assert not (tmp_path / "elsewhere").exists()


def test_what_a_learner_left_in_a_checkout_is_not_copied(started, installed):
    source = lessons.home() / "lessons"
    (source / "my_record.json").write_text("{}")
    (source / ".ipynb_checkpoints").mkdir()
    (source / ".ipynb_checkpoints" / START).write_text("{}")
    main(["open", "mine"])
    assert names(installed / "mine") == COMMITTED


# Wrong use, each with one sentence


def told(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    return end.value.code


def test_a_folder_that_holds_other_things(started, tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    assert told(["open", str(tmp_path)]) == (
        f"python -m mlpkit: {tmp_path} holds other things than the lessons: name a new folder, or an empty one"
    )
    assert names(tmp_path) == {"thesis.tex"}
    assert not started


def test_a_folder_that_is_a_file(started, tmp_path):
    (tmp_path / "file").write_text("mine")
    sentence = told(["open", str(tmp_path / "file")])
    assert sentence.startswith(f"python -m mlpkit: the lessons cannot be copied to {tmp_path / 'file'} (")
    assert sentence.endswith("): name another folder")


def test_no_jupyterlab(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    sentence = told([])
    assert sentence == 'python -m mlpkit: there is no JupyterLab here: python -m pip install "jupyterlab>=4.4"'


def test_no_lessons(monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "_CHECKOUT", tmp_path)
    monkeypatch.setattr(lessons, "files", lambda name: None)
    assert told([]).startswith("python -m mlpkit: the lessons are not installed here: ")


@pytest.mark.parametrize("words", [["my-lessons"], ["open", "one", "two"]], ids=" ".join)
def test_words_that_are_no_command(started, words):
    sentence = told(words)
    assert sentence.startswith("python -m mlpkit")
    assert sentence.endswith("`python -m mlpkit --help` says what there is")
    assert not started


# Really started


def answers(words, cwd, home, path):
    """(what the server says of itself, of the file at `path`, the page) once it has been started with these words."""
    environment = os.environ | {
        f"{name}_DIR": str(home / name.lower())
        for name in (
            "JUPYTER_CONFIG",
            "JUPYTER_DATA",
            "JUPYTER_RUNTIME",
            "JUPYTERLAB_SETTINGS",
            "JUPYTERLAB_WORKSPACES",
        )
    }
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=t", "--ServerApp.port_retries=200"]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlpkit", *words, *options], cwd=cwd, env=environment, stdout=log, stderr=log
        )
    end = time.monotonic() + 120

    def get(url):
        request = urllib.request.Request(url, headers={"Authorization": "token t"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read().decode()

    try:
        while server.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError, StopIteration):
                # where a venv's python is only a way to another one, the server has another number than this process
                file = next((home / "jupyter_runtime").glob("jpserver-*[0-9].json"))
                info = json.loads(file.read_text("utf-8"))
                about = json.loads(get(f"{info['url']}api/contents/{path}"))
                return info, about, get(f"{info['url']}lab/tree/{path}")
        raise AssertionError((home / "log").read_text("utf-8", errors="replace")[-3000:])
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def test_the_server_of_a_checkout_answers(tmp_path):
    info, about, page = answers([], ROOT, tmp_path, f"lessons/{START}")
    assert Path(info["root_dir"]) == ROOT
    assert about["type"] == "notebook"
    assert "@jupyterlab/notebook-extension:kernel-status" in page


def test_the_server_of_the_wheel_answers(tmp_path, monkeypatch):
    pytest.importorskip("setuptools", minversion="77", reason="the wheel is built with it")
    source, wheels, prefix = tmp_path / "source", tmp_path / "wheels", tmp_path / "prefix"
    source.mkdir()
    for name in ("mlpkit", "lessons", "binder"):
        shutil.copytree(ROOT / name, source / name, ignore=OTHERS)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, source], check=True)
    (wheel,) = wheels.iterdir()
    assert wheel.name == f"mlpkit-{mlpkit.__version__}-py3-none-any.whl"
    subprocess.run([*pip, "install", "--no-deps", "--ignore-installed", "--prefix", prefix, wheel], check=True)
    packages = sysconfig.get_path("purelib", vars={"base": str(prefix), "platbase": str(prefix)})
    monkeypatch.setenv("PYTHONPATH", packages)
    user = tmp_path / "user"
    user.mkdir()
    info, about, page = answers(["open", "mine"], user, tmp_path, START)
    assert Path(info["root_dir"]) == user / "mine"
    assert about["type"] == "notebook"
    assert "@jupyterlab/notebook-extension:kernel-status" in page
    assert names(user / "mine") == COMMITTED
