"""The network and the example of all lessons."""

import numpy as np
from numpy.typing import NDArray

from mlpkit.core.functions import half_squared_error, sigmoid
from mlpkit.core.network import Network


def running_example() -> tuple[Network, NDArray, NDArray]:
    """The example of all lessons: (net, I, D), a 2-3-1 network, I: (2,), D: (1,)."""
    w = [
        [[1, 0.1, -0.2, 0.3], [0, 0.5, -0.4, 0.2], [0, -0.3, 0.6, 0.8]],
        [[1, -0.1], [0, 0.7], [0, -0.5], [0, 0.4]],
    ]
    return Network(w, sigmoid, half_squared_error), np.array([0.5, 1.0]), np.array([1.0])
