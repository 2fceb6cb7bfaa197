"""§3 line by line: theorems whose lines are checked, and the notes' own lines on trial.

from mlpkit.derivations import theorem_1, theorem_2, printed, mended

theorem_1                       # in a notebook: statement, ranges, lines, and what the checks found
theorem_1["1.2"].numbers()      # one line, in numbers on random networks; .symbols() with SymPy
printed("N3")                   # a line of the notes as it is printed, on trial
mended("N3", "sigma_prime(a[l][i]) * w[l][i, j]")    # your own line in its place; typed.py has the syntax
"""

from mlpkit.derivations.formulas import Layers, Range
from mlpkit.derivations.notes import mended, printed
from mlpkit.derivations.proofs import (
    THEOREMS,
    Line,
    Theorem,
    base_case,
    base_case_logistic,
    bias_column,
    fact_a,
    fact_b,
    fact_c,
    pairing,
    theorem_1,
    theorem_2,
)
from mlpkit.derivations.typed import NotRead, read
from mlpkit.derivations.verdict import Scope, Verdict, judge

__all__ = [
    "THEOREMS",
    "Layers",
    "Line",
    "NotRead",
    "Range",
    "Scope",
    "Theorem",
    "Verdict",
    "base_case",
    "base_case_logistic",
    "bias_column",
    "fact_a",
    "fact_b",
    "fact_c",
    "judge",
    "mended",
    "pairing",
    "printed",
    "read",
    "theorem_1",
    "theorem_2",
]
