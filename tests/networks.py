"""Networks and examples that several tests share."""

import os
from itertools import product

import numpy as np
from hypothesis import settings

from mlpkit import Network, cross_entropy, data, half_squared_error, sigmoid
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS

NET = data.running_example()[0]
W = [array.tolist() for array in NET.w]
XOR_I, XOR_D = data.xor()
# How many examples a property is tried with at least; properties.py asks for more.
EXAMPLES = int(os.environ.get("MLPKIT_EXAMPLES", "60"))
PROPERTY = settings(max_examples=EXAMPLES, deadline=None)
LOSSES = (half_squared_error, cross_entropy)


def examples(net, batch=(), seed=2):
    """(I, D) drawn at random. batch: (), or the leading axes of I and D."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (*batch, net.n[0] - 1)), rng.uniform(0.1, 0.9, (*batch, net.n[-1] - 1))


def pairs():
    """{name: Network}, every valid pair of σ and L̃ in networks of unequal widths, σ the same in all or mixed."""
    found = {}
    for sizes in ([3, 2], [2, 3, 2], [4, 2, 3, 2]):
        hidden = len(sizes) - 2
        for k, (sigma, loss) in enumerate(product(BUILT_IN_ACTIVATIONS, LOSSES)):
            last = sigmoid if loss is cross_entropy else sigma
            mixed = [BUILT_IN_ACTIVATIONS[(k + m) % len(BUILT_IN_ACTIVATIONS)] for m in range(hidden)]
            for name, inner in (("same", [sigma] * hidden), ("mixed", mixed)):
                if hidden or (name == "same" and (loss is half_squared_error or sigma is sigmoid)):
                    net = Network.random(sizes, (None, *inner, last), loss, seed=k + 1)
                    found[f"{len(sizes)} layers-{sigma.name}-{loss.name}-{name}"] = net
    return found
