"""Whether the lessons and the solutions print the same on other processors, each imitated on this one.

    python tests/processors.py [--list] [SETTING ...] [--notebooks PATH ...]

runs every notebook cell by cell, with nbval as the tests do, once under each setting (under all of them, where none is
named), and says at the end which cell differed under which. A setting is environment variables: what NumPy may use of
the processor, for which processor OpenBLAS multiplies matrices, on how many threads. `last-digit` makes exp, tanh and
the logarithms of NumPy and of Python end in another last digit, as those of another library do. What this processor or
this NumPy does not have is left out, and said. All notebooks take about half a minute a setting. Exit code 1: a
cell differed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
from numpy._core import _multiarray_umath as built

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(ROOT.glob("lessons/[0-9]*.ipynb")) + sorted(ROOT.glob("lessons/solutions/[0-9]*.ipynb"))
# For each processor that OpenBLAS knows and that is imitated: what the processor here has to have.
CORES = {"SkylakeX": "AVX512_SKX", "Zen": "AVX2", "Haswell": "AVX2", "Sandybridge": "AVX", "Nehalem": "SSE42"}


def without(*beginnings):
    """The variable that keeps NumPy from the features named so; None where it has none of them to leave."""
    used = [name for name in built.__cpu_dispatch__ if built.__cpu_features__[name] and name.startswith(beginnings)]
    return {"NPY_DISABLE_CPU_FEATURES": " ".join(used)} if used else None


def settings():
    """{name: environment variables, or None for what cannot be imitated here}."""
    return {
        "as-it-is": {},
        # NumPy names its features one by one up to 2.3, and in levels (X86_V3 is AVX2, X86_V4 AVX-512) after it.
        "without-AVX512": without("AVX512", "X86_V4"),
        "without-AVX2": without("AVX512", "X86_V4", "AVX2", "FMA3", "X86_V3"),
        **{
            core: {"OPENBLAS_CORETYPE": core} if built.__cpu_features__.get(needed) else None
            for core, needed in CORES.items()
        },
        "one-thread": {"OPENBLAS_NUM_THREADS": "1"},
        "two-threads": {"OPENBLAS_NUM_THREADS": "2"},
        "last-digit": {"PYTHONPATH": str(Path(__file__).parent / "last_digit")},
    }


def cell_name(path, number):
    """A cell as a person finds it: the notebook, which of its code cells it is (from 1), and its id."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return f"{os.path.relpath(path, ROOT)}, code cell {number + 1} ({cells[number].id})"


def run(variables, notebooks):
    """(how many cells ran, the names of those that differed), with the variables set."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        pytest = [sys.executable, "-m", "pytest", f"--config-file={ROOT / 'pyproject.toml'}", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*pytest, "--override-ini=junit_family=xunit1", f"--junitxml={report}", *notebooks],
            cwd=ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 1):  # 0: all equal, 1: some differed
            sys.exit(f"pytest ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        cases = list(ET.parse(report).iter("testcase"))
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases), [cell_name(ROOT / case.get("file"), int(case.get("name").split()[-1])) for case in failed]


def main():
    known = settings()
    parser = argparse.ArgumentParser(description="The lessons under the settings of other processors.")
    parser.add_argument("settings", nargs="*", metavar="SETTING", help="which ones; without any, all of them")
    parser.add_argument("--list", action="store_true", help="say what the settings are, and run nothing")
    parser.add_argument("--notebooks", nargs="+", type=Path, default=NOTEBOOKS, metavar="PATH")
    wanted = parser.parse_args()
    if unknown := set(wanted.settings) - set(known):
        parser.error(f"no such setting: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
    differing = {}
    for name in wanted.settings or known:
        variables = known[name]
        if variables is None:
            print(f"{name}: left out, this processor or this NumPy does not have it", flush=True)
        elif wanted.list:
            print(f"{name}: {' '.join(f'{key}={value!r}' for key, value in variables.items()) or 'nothing set'}")
        else:
            start = time.monotonic()
            count, differing[name] = run(variables, [path.resolve() for path in wanted.notebooks])
            took = time.monotonic() - start
            print(f"{name}: {count} cells, {len(differing[name])} differ, {took:.0f} s", flush=True)
    for name, cells in differing.items():
        for cell in cells:
            print(f"{name}: {cell}")
    sys.exit(1 if any(differing.values()) else 0)


if __name__ == "__main__":
    main()
