"""How long `import mlpkit` takes: the core alone, and with what is otherwise loaded when it is first asked for.

    python tests/benchmarks/imports.py

Each in a new Python, in turn, beside `import numpy`, without which there is no core: the least and the median of
eleven runs in milliseconds, the start of Python left out.
"""

import statistics
import subprocess
import sys
from pathlib import Path

ROUNDS = 11
IMPORTS = {
    "numpy": "import numpy",
    "mlpkit, the core alone": "import mlpkit",
    "with trace and check": "import mlpkit; mlpkit.trace, mlpkit.check",
    "with the widgets": "import mlpkit.widgets",
}
TIMED = "from time import perf_counter; start = perf_counter(); {}; print(1000 * (perf_counter() - start))"


def milliseconds(statement):
    run = subprocess.run(
        [sys.executable, "-c", TIMED.format(statement)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main():
    taken = {name: [] for name in IMPORTS}
    for _ in range(ROUNDS):
        for name, statement in IMPORTS.items():
            taken[name].append(milliseconds(statement))
    for name, times in taken.items():
        print(f"{name:24} {min(times):7.1f} {statistics.median(times):7.1f}")


if __name__ == "__main__":
    main()
