"""How long a check takes: a right answer, a wrong one the first time and once more.

    python tests/benchmarks/check.py

It is the time of the processor, so that another program does not count.
"""

import gc
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import mutants
import people
import students
import ways

from mlpkit import check


def seconds(name, f):
    gc.collect()
    begin = process_time()
    result = getattr(check, name)(f)
    return process_time() - begin, result


def told(what, times):
    times = sorted(times, reverse=True)
    slowest = ", ".join(f"{1000 * time:.0f} ({name})" for time, name in times[:4])
    print(f"{what:28} {len(times):4}   median {1000 * times[len(times) // 2][0]:4.0f} ms   slowest {slowest} ms")


def main():
    right = [*mutants.SOURCE.items(), *((name, text) for name, _, text in mutants.RIGHT), *ways.RIGHT]
    written = (*students.FAULTS, *ways.VARIANTS, *people.FAULTS)
    wrong = [(name, mutants.make(name, text)) for name, *_, text in written]
    wrong += [(name, mutants.mutant(name, lines)) for name, _, lines in mutants.WRONG]
    first = [(seconds(name, f)[0], name) for name, f in wrong[:1]]
    cold = [(seconds(name, f)[0], name) for name, f in wrong]
    warm = [(min(seconds(name, f)[0] for _ in range(2)), name) for name, f in wrong]
    good = []
    for name, text in right:
        f = mutants.make(name, text)
        good.append((min(seconds(name, f)[0] for _ in range(5)), name))
    told("the first check of all", first)
    told("right, the fastest of five", good)
    told("wrong, the first time", cold)
    told("wrong, the faster of two", warm)


if __name__ == "__main__":
    main()
