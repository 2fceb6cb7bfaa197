"""mlpkit: back-propagation of a multilayer perceptron, built to be taught."""

from mlpkit import check
from mlpkit.functions import (
    Activation,
    Loss,
    cross_entropy,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softplus,
    tanh,
)
from mlpkit.network import Network, backward, forward, gradient, step
from mlpkit.tracing import MicroStep, trace
from mlpkit.training import Run, train, train_epochs

__all__ = [
    "Activation",
    "Loss",
    "MicroStep",
    "Network",
    "Run",
    "backward",
    "check",
    "cross_entropy",
    "forward",
    "gradient",
    "half_squared_error",
    "identity",
    "relu",
    "sigmoid",
    "softplus",
    "step",
    "tanh",
    "trace",
    "train",
    "train_epochs",
]
