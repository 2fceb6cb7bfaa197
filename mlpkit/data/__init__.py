"""Data to learn from: the running example, small sets made from a seed, and real handwritten digits.

I: (m, n[0] - 1), inputs. D: (m, n[L-1] - 1), desired outputs, 0 or 1. One row for each example.
"""

from mlpkit.data.digits import Digits, DigitsSplit, digits, digits_split
from mlpkit.data.running_example import running_example
from mlpkit.data.toy_sets import four_squares, spiral, two_circles, two_moons, xor

__all__ = [
    "Digits",
    "DigitsSplit",
    "digits",
    "digits_split",
    "four_squares",
    "running_example",
    "spiral",
    "two_circles",
    "two_moons",
    "xor",
]
