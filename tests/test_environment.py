"""What a fresh machine is told: README, CONTRIBUTING, pyproject.toml, environment.yml, binder/, CI agree."""

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

import mlpkit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONDA = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # what PyPI calls it, and what conda-forge calls it
ENTRIES = {"lessons", "mlpkit", "tests", "binder", "environment.yml", "README.md", "pyproject.toml", "LICENSE"}
# What a repository usually has beside; each may be there or not.
USUAL = {".ci", ".github", ".gitignore", ".gitattributes", ".editorconfig", ".pre-commit-config.yaml"}
USUAL |= {f"{name}.md" for name in ("CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "SECURITY", "SUPPORT")}
USUAL |= {"CITATION.cff", "CODEOWNERS"}


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
    """The lines of the blocks of code in a language, of the README and then of CONTRIBUTING."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README + CONTRIBUTING, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_only_the_known_entries_are_at_the_top():
    there = {path.relative_to(ROOT).parts[0] for path in ours()}
    assert there >= ENTRIES
    assert not there - ENTRIES - USUAL


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
    assert (ROOT / "mlpkit" / "py.typed").exists()
    for path in (path for path in ours() if path.is_relative_to(ROOT / "mlpkit") and path.suffix != ".py"):
        folder = next(parent for parent in path.parents if (parent / "__init__.py").exists())
        package, name = ".".join(folder.relative_to(ROOT).parts), path.relative_to(folder).as_posix()
        assert any(fnmatch.fnmatch(name, pattern) for pattern in patterns.get(package, [])), path


def test_the_lessons_and_their_settings_are_packed_in_folders_as_in_a_checkout():
    packed = PROJECT["tool"]["setuptools"]["data-files"]
    for path in ours():
        name = path.relative_to(ROOT)
        if name.parts[0] == "lessons" or (name.parts[0] == "binder" and path.suffix in {".py", ".json"}):
            folder = f"share/mlpkit/{name.parent.as_posix()}"
            assert any(fnmatch.fnmatch(name.as_posix(), pattern) for pattern in packed.get(folder, [])), name


def test_the_version_is_the_same_everywhere():
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "mlpkit.__version__"}
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == mlpkit.__version__
    first = re.search(r"^## \[(.*?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert first[1] == mlpkit.__version__


# README, CONTRIBUTING and the workflow


def test_owner_and_repository_stand_in_one_place():
    """To be filled in there, and nowhere else."""
    start = "lab/tree/lessons/00_start_here.ipynb"
    place = re.search(
        rf"^\[binder\]: https://mybinder.org/v2/gh/([\w.-]+/[\w.-]+)/HEAD\?urlpath={start}$", README, re.M
    )
    everything = "".join(path.read_text("utf-8", errors="ignore") for path in ours() if path != Path(__file__))
    assert everything.count("OWNER/REPO") == (place[1] == "OWNER/REPO")


def test_the_lessons_are_opened_by_the_same_short_lines_on_every_system():
    assert commands("shell") == ['python -m pip install --editable ".[lab]"', "python -m mlpkit"]


def test_the_line_of_the_tests_is_one_line_and_makes_its_own_environment():
    (bash,) = (line for line in commands("bash") if line.startswith("python3 -m venv .venv && "))
    (windows,) = (line for line in commands("powershell") if line.startswith("py -3 -m venv .venv; "))
    assert bash in README
    # the same words, but for the way the system joins commands and finds Python
    same = bash.replace("python3 -m venv", "py -3 -m venv").replace(" && ", "; ")
    assert windows == same.replace(".venv/bin/", ".venv\\Scripts\\")


def test_ci_runs_the_test_command_of_the_readme():
    test = next(line for line in commands("bash") if line.startswith("python3") and line.endswith("-m pytest -n 2"))
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == test
    assert "export CI=true" in "\n".join(lines)


def test_what_the_readme_links_to_is_there():
    for text in (README, CONTRIBUTING):
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / target).exists(), target
        for name in re.findall(r"(?:tests|mlpkit)/[\w./]+\.py|mlpkit/[\w/]+/", text):
            assert (ROOT / name).exists(), name


def test_the_workflow_runs_every_python_that_the_package_takes_and_every_system():
    jobs = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8"))["jobs"]
    ran = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert ran["everything"] == [".ci/run"]
    pythons = jobs["everything"]["strategy"]["matrix"]["python"]
    takes = Requirement("python" + PROJECT["project"]["requires-python"]).specifier
    assert [takes.contains(f"3.{minor}") for minor in (10, 11)] == [False, True]
    assert pythons == [f"3.{minor}" for minor in range(11, 11 + len(pythons))]
    assert set(jobs["other-systems"]["strategy"]["matrix"]["system"]) == {"windows-latest", "macos-latest"}
    assert ran["conda"] == ["python -m pip install --no-deps --editable .", "python -m pytest lessons"]
    assert "--constraint tests/lowest.txt" in ran["lowest-versions"][0]


# Packages


def requirements(names):
    """{name: Requirement} of a list such as pyproject.toml's dependencies."""
    return {r.name: r for r in map(Requirement, names)}


def test_environment_yml_has_the_packages_of_pyproject_with_the_same_bounds():
    project = PROJECT["project"]
    lab, test = (project["optional-dependencies"][name] for name in ("lab", "test"))
    wanted = requirements(project["dependencies"] + lab)
    wanted |= {name: r for name, r in requirements(test).items() if name in ("nbval", "pytest")}  # for pytest lessons
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


def mode(name):
    """The mode of a file as git has it: not every system can tell a link or a program from another file."""
    ours()
    return subprocess.run(["git", "ls-files", "-s", name], cwd=ROOT, capture_output=True, text=True).stdout.split()[0]


def test_binder_reads_the_environment_of_the_root():
    link = ROOT / "binder" / "environment.yml"
    assert mode("binder/environment.yml") == "120000"
    assert (os.readlink(link) if link.is_symlink() else link.read_text("utf-8")) == "../environment.yml"


def test_post_build_can_be_run_and_stops_at_an_error():
    lines = (ROOT / "binder" / "postBuild").read_text("utf-8").splitlines()
    assert mode("binder/postBuild") == "100755"
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
