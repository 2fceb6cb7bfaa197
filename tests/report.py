"""What was tried, how often, and what came out, as one page of text: python tests/report.py [examples] [seed]

Runs the oracles, the properties and the fuzzing with so many examples (a seed is drawn where none is given, and the
same seed gives the same run), the kit against other libraries where they are installed, and measures the worst errors
against 50 digits and what a widget keeps in the kernel. Exits with 1 where something failed.
"""

import gc
import importlib.metadata
import os
import platform
import secrets
import sys
import tracemalloc
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PARTS = {
    "oracles, 50 digits and printed examples": ["test_oracles.py"],
    "properties of the core": ["test_properties.py", "test_network.py", "test_training.py"],
    "odd values at every door": ["test_doors.py"],
    "fuzzing of widgets, codes, lines and files": ["test_fuzz.py"],
    "contrast and motion": ["test_access.py"],
    "security of the source": ["test_security.py"],
}
VERSIONS = ("numpy", "hypothesis", "mpmath", "ipywidgets", "anywidget", "torch", "scikit-learn")
WIDGETS = 10


class Outcomes:
    """Counts what comes out of the tests, and how many examples hypothesis has tried."""

    def __init__(self):
        self.tests, self.examples = Counter(), 0

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.tests[report.outcome] += 1

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item):
        from hypothesis.statistics import collector

        def count(statistics):
            for phase in statistics.values():
                if isinstance(phase, dict):
                    self.examples += len(phase.get("test-cases", ()))

        with collector.with_value(count):
            yield


def tried(files, seed):
    """(exit code, Outcomes) of the tests in some files."""
    outcomes = Outcomes()
    options = [
        "-q",
        "--no-header",
        "--show-capture=no",
        "-p",
        "no:nbval",
        "-o",
        "addopts=",
        f"--hypothesis-seed={seed}",
    ]
    code = pytest.main([*options, *(str(HERE / name) for name in files)], plugins=[outcomes])
    return code, outcomes


def worst_ulp():
    """{name: (σ, σ')}: the worst errors of float64 against 50 digits."""
    import test_oracles as oracles

    a = oracles.sweep("float64")
    for sigma in oracles.BUILT_IN_ACTIVATIONS:
        exact = [[f(x) for x in oracles.exactly(a)] for f in oracles.EXACT[sigma]]
        yield sigma.name, len(a), oracles.ulp(sigma.value(a), exact[0]), oracles.ulp(sigma.derivative(a), exact[1])


def other_libraries():
    """(what was compared, the worst difference as a share of what is allowed, or None where it is not installed)"""
    import other_libraries as others

    for compare in (others.against_pytorch, others.against_scikit_learns_perceptron, others.against_scikit_learn):
        try:
            yield compare()
        except ImportError as missing:
            yield f"{missing.name} is not installed", None


def kept():
    """(name, widgets, kB) that the kernel keeps of one more run of a cell with a widget."""
    from ipywidgets.widgets.widget import _instances

    from mlpkit import data
    from mlpkit.widgets import Stepper, ask, playground, sigma_explorer

    net, _, _ = data.running_example()
    for name, make in {
        "Stepper": lambda: Stepper(net, *data.xor()),
        "Explorer": sigma_explorer,
        "Playground": lambda: playground(data="moons"),
        "Ask": lambda: ask("activation of neuron 2"),
    }.items():
        make()
        gc.collect()
        before = len(_instances)
        tracemalloc.start()
        for _ in range(WIDGETS):
            make()
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        yield name, (len(_instances) - before) / WIDGETS, size / WIDGETS / 1000


def installed(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def main(examples=200, seed=None):
    seed = secrets.randbelow(2**32) if seed is None else seed
    os.environ["MLPKIT_EXAMPLES"] = str(examples)  # read by networks.py
    sys.path.insert(0, str(HERE))
    lines, wrong, tests_in_all, drawn_in_all = [], False, 0, 0
    for what, files in PARTS.items():
        code, outcomes = tried(files, seed)
        wrong |= bool(code)
        tests = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.tests.items()))
        lines.append(f"  {what}: {tests}; {outcomes.examples} drawn examples")
        tests_in_all += outcomes.tests.total()
        drawn_in_all += outcomes.examples
    lines.append(f"  in all: {tests_in_all} tests; {drawn_in_all} drawn examples")
    lines.append("The worst error of float64 against 50 digits, in ulp:")
    lines += [f"  {name}, {n} numbers: σ {value:.2f}, σ′ {slope:.2f}" for name, n, value, slope in worst_ulp()]
    lines.append("Against other libraries, the worst difference as a share of what is allowed:")
    for what, worst in other_libraries():
        wrong |= worst is not None and not worst <= 1
        lines.append(f"  {what}" + ("" if worst is None else f": {worst:.2g}"))
    lines.append("What the kernel keeps each time that a cell with a widget is run again:")
    lines += [f"  {name}: {count:g} widgets, {size:.0f} kB" for name, count, size in kept()]
    machine = f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}"
    print(f"\nReport of {datetime.now().astimezone():%Y-%m-%d %H:%M %z}; seed {seed}, at least {examples} examples")
    print(f"Python {platform.python_version()} on {machine}; " + ", ".join(f"{n} {installed(n)}" for n in VERSIONS))
    print("Tried:", *lines, sep="\n")
    print("Something failed: see above." if wrong else "Nothing failed.")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
