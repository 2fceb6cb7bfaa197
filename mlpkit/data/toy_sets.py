"""Small sets of points in the plane in two classes, made from a seed."""

import numpy as np
from numpy.typing import NDArray

from mlpkit.core.arguments import MOST_POINTS, check_whole_number
from mlpkit.core.given import short


def xor() -> tuple[NDArray, NDArray]:
    """(I, D): one or the other, but not both. I: (4, 2), D: (4, 1)."""
    return np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])


def two_circles(n: int = 200, noise: float = 0.05, seed: int = 0) -> tuple[NDArray, NDArray]:
    """(I, D): n points on two circles around (0, 0), of radius 0.4 (D = 0) and 0.9 (D = 1). I: (n, 2), D: (n, 1).

    noise: the standard deviation of what is added to both inputs. seed: an int; the same seed gives the same points.
    The points of D = 0 and D = 1 take turns; so they do in the sets below. Raises ValueError where n is less than 2,
    or noise or seed negative.
    """
    rng, D = _classes(n, noise, seed)
    angle, radius = rng.uniform(0, 2 * np.pi, n), np.where(D == 0, 0.4, 0.9)
    return _points(radius * np.cos(angle), radius * np.sin(angle), noise, rng), D[:, None]


def two_moons(n: int = 200, noise: float = 0.05, seed: int = 0) -> tuple[NDArray, NDArray]:
    """(I, D): n points on two half circles that reach into each other. I: (n, 2), D: (n, 1). See two_circles."""
    rng, D = _classes(n, noise, seed)
    angle, side = rng.uniform(0, np.pi, n), np.where(D == 0, 1, -1)
    return _points(side * (np.cos(angle) - 0.5) / 1.5, side * (np.sin(angle) - 0.25) / 1.5, noise, rng), D[:, None]


def spiral(n: int = 200, noise: float = 0.02, seed: int = 0) -> tuple[NDArray, NDArray]:
    """(I, D): n points on two arms that wind once and a half around (0, 0). I: (n, 2), D: (n, 1). See two_circles."""
    rng, D = _classes(n, noise, seed)
    along = np.sqrt(rng.uniform(0.01, 1, n))  # the root spreads the points evenly over an arm
    angle, radius = 3 * np.pi * along + np.pi * D, 0.9 * along
    return _points(radius * np.cos(angle), radius * np.sin(angle), noise, rng), D[:, None]


def four_squares(n: int = 200, noise: float = 0.05, seed: int = 0) -> tuple[NDArray, NDArray]:
    """(I, D): XOR with many points, n of them in four squares around (0, 0): D = 1 where one input is above 0 and the
    other is not. I: (n, 2), D: (n, 1). See two_circles."""
    rng, D = _classes(n, noise, seed)
    side = rng.choice([-1.0, 1.0], n)
    first, second = rng.uniform(0.1, 0.9, (2, n))
    return _points(side * first, np.where(D == 0, side, -side) * second, noise, rng), D[:, None]


def _classes(n, noise, seed):
    check_whole_number("n", n, 2, "200", most=MOST_POINTS)
    check_whole_number("seed", seed, 0, "0")
    if isinstance(noise, bool) or not isinstance(noise, (int, float)) or not 0 <= noise < np.inf:
        raise ValueError(f"noise is {short(noise)}, but a number from 0 up is needed: try noise=0.05")
    if noise > 1e300:  # times a normal number, it would overflow
        raise ValueError(f"noise is {short(noise)}, so large that no point is finite: try noise=0.05")
    return np.random.default_rng(seed), np.arange(n) % 2.0


def _points(first, second, noise, rng):
    return np.column_stack([first, second]) + noise * rng.normal(size=(len(first), 2))
