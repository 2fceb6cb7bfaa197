"""mlpkit: back-propagation of a multilayer perceptron, built to be taught.

The rooms, from the ground up. A room imports only from rooms above it in this list, and inside a room the files import
one way too. Begin with core/network.py: it is the algorithm.

    core            the algorithm, NumPy alone: σ and L̃, the network, forward, backward, gradient, step, train;
                    arguments.py has what wrong input is told
    notation        how a symbol, a number and an equation are written
    data            the running example, toy sets, the handwritten digits
    tracing         the algorithm as scalar micro-steps, each with its equation
    derivations     the theorems, their proofs line by line, and what checks them
    exercises       what a learner writes: run, compared with the kit, told which of the known mistakes/ it is
    check           the checks that a lesson calls
    quiz            the questions that are answered without code, lesson by lesson, and the record of the answers
    stepper         what the Stepper shows, as plain data; layout.py has where each neuron stands
    explorers       what the explorers show, as plain data; paths.py has where a neuron of the paths' picture stands
    on_demand       in the browser: large packages, loaded when they are imported
    plots           pictures on paper, with matplotlib
    widgets         what moves on the screen: traits in Python, the front end in browser/, in JavaScript. What a widget
                    alone asks for, such as the range of α in a playground, stands with it; browser/net.js has where a
                    neuron of the playground stands
    commands        what `python -m mlpkit` does: it opens the lessons, builds a web site of them, or makes a
                    page for a teacher
    __main__        the words that stand behind `python -m mlpkit`

`import mlpkit` loads the core alone; what else it offers is loaded when it is first asked for.
"""

import sys
from importlib import import_module

from mlpkit.core.functions import (
    Activation,
    Loss,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    identity,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from mlpkit.core.network import Network, backward, forward, gradient, step
from mlpkit.core.training import Run, train, train_epochs

__version__ = "0.2.0"

__all__ = [
    "Activation",
    "Loss",
    "MicroStep",
    "Network",
    "Run",
    "backward",
    "categorical_cross_entropy",
    "check",
    "cross_entropy",
    "forward",
    "gradient",
    "half_squared_error",
    "identity",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "step",
    "tanh",
    "trace",
    "train",
    "train_epochs",
]

# What is loaded when it is first asked for: {name: where it is}.
_LATER = {
    "MicroStep": ("mlpkit.tracing.micro_steps", "MicroStep"),
    "trace": ("mlpkit.tracing.micro_steps", "trace"),
    "check": ("mlpkit.check", None),
    "data": ("mlpkit.data", None),
    "notation": ("mlpkit.notation", None),
    "plots": ("mlpkit.plots", None),
    "record": ("mlpkit.quiz.record", None),
}


if sys.platform == "emscripten":
    import_module("mlpkit.on_demand").install()


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, inside = _LATER[name]
    found = import_module(module)
    globals()[name] = found if inside is None else getattr(found, inside)
    return globals()[name]


def __dir__():
    return sorted({*__all__, *_LATER})
