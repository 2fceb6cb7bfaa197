"""How long the proofs of lesson 3 take to be checked, and what walking every path costs beside back-propagation.

python tests/benchmarks/derivations.py
"""

import time

from mlpkit import derivations
from mlpkit.explorers import paths


def seconds(checks):
    began = time.perf_counter()
    results = [check() for check in checks]
    return time.perf_counter() - began, results


def main():
    steps = [step for theorem in derivations.THEOREMS for step in theorem.steps()]
    took, results = seconds([step.numbers for step in steps])
    print(f"{len(steps)} lines in numbers:  {took:6.2f} s, {sum(result.passed for result in results)} hold")
    took, results = seconds([step.symbols for step in steps])
    letters = sum(result.how == "widths" for result in results)
    print(f"{len(steps)} lines with SymPy:  {took:6.2f} s, {sum(result.holds for result in results)} hold,", end=" ")
    print(f"{letters} of them with letters for all indices and widths")
    for hidden in (1, 2, 4, 6, 8):
        slow, quick = paths.measured(hidden)
        print(f"{hidden} hidden layers of 3: every path {1e6 * slow:10.1f} µs, back-propagation {1e6 * quick:8.1f} µs")


if __name__ == "__main__":
    main()
