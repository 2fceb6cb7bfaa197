"""Data to learn from: the running example, small sets made from a seed, and real handwritten digits.

I: (m, n[0] - 1), inputs. D: (m, n[L-1] - 1), desired outputs, 0 or 1. One row for each example.
"""

from importlib import resources
from typing import NamedTuple

import numpy as np

from mlpkit.functions import half_squared_error, sigmoid
from mlpkit.network import Network
from mlpkit.training import check_whole_number


def running_example():
    """The example of all lessons: (net, I, D), a 2-3-1 network, I: (2,), D: (1,)."""
    w = [
        [[1, 0.1, -0.2, 0.3], [0, 0.5, -0.4, 0.2], [0, -0.3, 0.6, 0.8]],
        [[1, -0.1], [0, 0.7], [0, -0.5], [0, 0.4]],
    ]
    return Network(w, sigmoid, half_squared_error), np.array([0.5, 1.0]), np.array([1.0])


def xor():
    """(I, D): one or the other, but not both. I: (4, 2), D: (4, 1)."""
    return np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])


def two_circles(n=200, noise=0.05, seed=0):
    """(I, D): n points on two circles around (0, 0), of radius 0.4 (D = 0) and 0.9 (D = 1). I: (n, 2), D: (n, 1).

    noise: the standard deviation of what is added to both inputs. seed: an int; the same seed gives the same points.
    The points of D = 0 and D = 1 take turns; so they do in two_moons and spiral.
    """
    rng, D = _classes(n, noise, seed)
    angle, radius = rng.uniform(0, 2 * np.pi, n), np.where(D == 0, 0.4, 0.9)
    return _points(radius * np.cos(angle), radius * np.sin(angle), noise, rng), D[:, None]


def two_moons(n=200, noise=0.05, seed=0):
    """(I, D): n points on two half circles that reach into each other. I: (n, 2), D: (n, 1). See two_circles."""
    rng, D = _classes(n, noise, seed)
    angle, side = rng.uniform(0, np.pi, n), np.where(D == 0, 1, -1)
    return _points(side * (np.cos(angle) - 0.5) / 1.5, side * (np.sin(angle) - 0.25) / 1.5, noise, rng), D[:, None]


def spiral(n=200, noise=0.02, seed=0):
    """(I, D): n points on two arms that wind once and a half around (0, 0). I: (n, 2), D: (n, 1). See two_circles."""
    rng, D = _classes(n, noise, seed)
    along = np.sqrt(rng.uniform(0.01, 1, n))  # the root spreads the points evenly over an arm
    angle, radius = 3 * np.pi * along + np.pi * D, 0.9 * along
    return _points(radius * np.cos(angle), radius * np.sin(angle), noise, rng), D[:, None]


def _classes(n, noise, seed):
    check_whole_number("n", n, 2, "200")
    check_whole_number("seed", seed, 0, "0")
    if isinstance(noise, bool) or not isinstance(noise, (int, float)) or not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise!r}, but a number from 0 up is needed: try noise=0.05")
    return np.random.default_rng(seed), np.arange(n) % 2.0


def _points(first, second, noise, rng):
    return np.column_stack([first, second]) + noise * rng.normal(size=(len(first), 2))


class Digits(NamedTuple):
    """Handwritten digits: I, (m, 64), pixels from 0 to 1; D, (m, 10), 1 at the digit; labels, (m,), the digit."""

    I: np.ndarray
    D: np.ndarray
    labels: np.ndarray


class DigitsSplit(NamedTuple):
    """Digits to train with, and others to test with."""

    train: Digits
    test: Digits


def digits():
    """1797 real handwritten digits of 8x8 pixels, as Digits. I[k].reshape(8, 8) is the picture of example k.

    From the UCI repository: see digits/SOURCE.txt beside this file.
    """
    with resources.files("mlpkit").joinpath("digits", "optdigits.npz").open("rb") as file, np.load(file) as arrays:
        pixels, labels = arrays["pixels"], arrays["labels"].astype(int)
    return Digits(pixels / 16.0, np.eye(10)[labels], labels)


def digits_split(seed=0):
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
