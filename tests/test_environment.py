"""What a fresh machine is told: README, pyproject.toml, environment.yml, binder/ and .ci/run agree."""

import fnmatch
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from packaging.requirements import Requirement
from ruamel.yaml import YAML
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # what PyPI calls it, and what conda-forge calls it
ENTRIES = {"lessons", "mlpkit", "tests", "binder", "environment.yml", "README.md", "pyproject.toml", "LICENSE"}


def ours():
    """Every file that belongs to the project, build products left out."""
    git = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if git.returncode != 0:
        pytest.skip("not a git checkout, or no git")
    return [ROOT / name for name in git.stdout.split("\0") if name and (ROOT / name).is_file()]


def commands(language):
    """The lines of the README's blocks of code in a language."""
    return [line for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_only_the_known_entries_are_at_the_top():
    extra = {path.relative_to(ROOT).parts[0] for path in ours()} - ENTRIES - {".ci", ".gitignore"}
    assert not extra


def test_no_file_names_a_machine():
    home = re.compile(rb"(?<![\w.])/(?:home|Users|tmp|root|work|opt|mnt)/\w|[A-Z]:\\{1,2}Users")
    allowed = re.compile(rb"/(?:home/jovyan|tmp/\.X)")
    for path in ours():
        if path.suffix in {".png", ".npz", ".gz"}:
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            assert not home.search(allowed.sub(b"", line)), f"{path.relative_to(ROOT)}, line {number}: {line[:120]}"


def test_everything_the_package_reads_is_packed():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    for path in (path for path in ours() if path.is_relative_to(ROOT / "mlpkit") and path.suffix != ".py"):
        folder = next(parent for parent in path.parents if (parent / "__init__.py").exists())
        package, name = ".".join(folder.relative_to(ROOT).parts), path.relative_to(folder).as_posix()
        assert any(fnmatch.fnmatch(name, pattern) for pattern in patterns.get(package, [])), path


# README


def test_owner_and_repository_stand_in_one_place():
    everything = "".join(path.read_text("utf-8", errors="ignore") for path in ours() if path != Path(__file__))
    assert everything.count("OWNER" + "/REPO") == 1
    assert "[binder]: https://mybinder.org/v2/gh/OWNER/REPO/HEAD?urlpath=lab/tree/lessons/00_start_here.ipynb" in README


def test_the_two_commands_are_one_line_each_and_make_their_own_environment():
    bash = [line for line in commands("bash") if line.startswith("python3 -m venv .venv && ")]
    shell = [line for line in commands("powershell") if line.startswith("py -3 -m venv .venv; ")]
    assert len(bash) == len(shell) == 2
    for line, windows in zip(bash, shell, strict=True):
        # the same words, but for the way the system joins commands, finds Python and quotes
        same = (
            line.replace("python3 -m venv", "py -3 -m venv")
            .replace(" && ", "; ")
            .replace(".venv/bin/", ".venv\\Scripts\\")
        )
        assert windows.replace('"', "") == same.replace('"', "")


def test_ci_runs_the_test_command_of_the_readme():
    test = next(line for line in commands("bash") if line.startswith("python3") and line.endswith("-m pytest"))
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == test
    assert "export CI=true" in "\n".join(lines)


def test_what_the_readme_links_to_is_there():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"(?:tests|binder)/[\w./]+\.py|binder/settings", README):
        assert (ROOT / name).exists(), name


# Packages


def requirements(names):
    """{name: Requirement} of a list such as pyproject.toml's dependencies."""
    return {r.name: r for r in map(Requirement, names)}


def test_environment_yml_has_the_packages_of_pyproject_with_the_same_bounds():
    project = PROJECT["project"]
    wanted = requirements(project["dependencies"] + project["optional-dependencies"]["lab"])
    wanted = {CONDA_NAMES.get(name, name): str(r.specifier) for name, r in wanted.items()}
    assert all(isinstance(entry, str) for entry in CONDA["dependencies"]), "no pip section: Binder cannot build it"
    conda = requirements(entry for entry in CONDA["dependencies"] if not entry.startswith("python="))
    assert {name: str(r.specifier) for name, r in conda.items()} == {**wanted, "pip": ""}
    assert CONDA["channels"] == ["conda-forge"]


def test_the_lowest_versions_that_are_tested_are_the_lowest_that_are_promised():
    extras = PROJECT["project"]["optional-dependencies"]
    promised = requirements(PROJECT["project"]["dependencies"] + extras["lab"] + extras["test"])
    assert str(promised.pop("mlpkit")) == "mlpkit[lab]"
    lines = (ROOT / "tests" / "lowest.txt").read_text("utf-8").splitlines()
    tested = requirements(line for line in lines if not line.startswith("#"))
    assert {name: str(r.specifier) for name, r in tested.items()} == {
        name: str(r.specifier).replace(">=", "==") for name, r in promised.items()
    }
    lowest_python = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"Python {lowest_python}" in lines[0]
    assert any("--constraint tests/lowest.txt" in line for line in commands("bash"))


def test_the_python_of_environment_yml_is_one_that_the_package_takes():
    (pin,) = [entry for entry in CONDA["dependencies"] if entry.startswith("python=")]
    version = re.fullmatch(r"python=(3\.\d+)", pin)[1]  # any other form, and Binder silently takes its own
    assert Requirement("python" + PROJECT["project"]["requires-python"]).specifier.contains(version + ".0")


# Binder


def test_binder_reads_the_environment_of_the_root():
    link = ROOT / "binder" / "environment.yml"
    assert link.is_symlink()
    assert os.readlink(link) == "../environment.yml"


def test_post_build_can_be_run_and_stops_at_an_error():
    script = ROOT / "binder" / "postBuild"
    lines = script.read_text("utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert lines[0].startswith("#!")
    assert "set -euo pipefail" in lines


def test_jupyterlab_asks_nobody_about_news_and_shows_no_sign_of_a_working_kernel():
    settings = json.loads((ROOT / "binder" / "settings" / "overrides.json").read_text("utf-8"))
    assert settings == {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/notebook-extension:panel": {"toolbar": [{"name": "executionProgress", "disabled": True}]},
    }
    page = json.loads((ROOT / "binder" / "settings" / "page_config.json").read_text("utf-8"))
    assert page == {
        "disabledExtensions": {
            "@jupyterlab/application-extension:faviconbusy": True,
            "@jupyterlab/notebook-extension:kernel-status": True,
        }
    }
    assert "cp binder/settings/*.json" in (ROOT / "binder" / "postBuild").read_text("utf-8")


class Handler(KernelWebsocketHandler):
    """The browser's end of a kernel, without a browser."""

    def __init__(self):
        self.nodelay = None

    def set_nodelay(self, value):
        self.nodelay = value


def test_the_server_sends_each_message_at_once(monkeypatch):
    config = PyFileConfigLoader("jupyter_server_config.py", path=str(ROOT / "binder")).load_config()
    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: "connected")
    handler = Handler()
    connection = config.ServerApp.kernel_websocket_connection_class(websocket_handler=handler)
    assert connection.connect() == "connected"
    assert handler.nodelay is True
    started = [line for line in (*commands("bash"), *commands("powershell")) if "-m jupyterlab" in line]
    assert len(started) == 3
    assert all("--config=binder/jupyter_server_config.py" in line for line in started)
    copied = 'cat binder/jupyter_server_config.py >> "$prefix/etc/jupyter/jupyter_server_config.py"'
    assert copied in (ROOT / "binder" / "postBuild").read_text("utf-8")


def test_repo2docker_takes_it_as_a_conda_environment(monkeypatch):
    buildpacks = pytest.importorskip("repo2docker.buildpacks", reason="repo2docker is not there on this system")
    monkeypatch.chdir(ROOT)
    pack = buildpacks.CondaBuildPack("docker.io/library/buildpack-deps:24.04")
    pack.platform = "linux/amd64"
    assert pack.detect()
    assert pack.python_version == CONDA["dependencies"][0].partition("=")[2]
    dockerfile = pack.render({})
    assert '--file "binder/environment.yml"' in dockerfile
    assert "RUN ./binder/postBuild" in dockerfile
