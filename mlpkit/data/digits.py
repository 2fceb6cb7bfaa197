"""Real handwritten digits, from the file in optdigits/."""

from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlpkit.core.arguments import check_whole_number


class Digits(NamedTuple):
    """Handwritten digits: I, (m, 64), pixels from 0 to 1; D, (m, 10), 1 at the digit; labels, (m,), the digit."""

    I: NDArray
    D: NDArray
    labels: NDArray


class DigitsSplit(NamedTuple):
    """Digits to train with, and others to test with."""

    train: Digits
    test: Digits


def digits() -> Digits:
    """1797 real handwritten digits of 8x8 pixels, as Digits. I[k].reshape(8, 8) is the picture of example k.

    From the UCI repository: see optdigits/SOURCE.txt beside this file.
    """
    with (
        resources.files("mlpkit.data").joinpath("optdigits", "optdigits.npz").open("rb") as file,
        np.load(file) as arrays,
    ):
        pixels, labels = arrays["pixels"], arrays["labels"].astype(int)
    return Digits(pixels / 16.0, np.eye(10)[labels], labels)


def digits_split(seed: int = 0) -> DigitsSplit:
    """The digits in two parts that share no example: train, four fifths of each digit, and test, the rest.

    seed: an int; it decides which examples go where, and their order.
    """
    check_whole_number("seed", seed, 0, "0")
    all_digits = digits()
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(all_digits.labels))
    # How many of the same digit come before an example in this order, as a share of all of that digit.
    share = np.empty(len(order))
    for digit in range(10):
        same = all_digits.labels[order] == digit
        share[same] = np.arange(same.sum()) / same.sum()
    train, test = order[share < 0.8], order[share >= 0.8]
    return DigitsSplit(Digits(*(array[train] for array in all_digits)), Digits(*(array[test] for array in all_digits)))
