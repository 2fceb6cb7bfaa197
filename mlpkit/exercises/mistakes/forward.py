"""The known mistakes in the forward phase (§2), and in one layer of it (§1)."""

import numpy as np

from mlpkit.core.functions import sigmoid
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import activation, before, forward, output, with_0


def _with(**pieces):
    return lambda net, I: forward(net, I, **pieces)


def _too_late(net, I):
    a, o = forward(net, I, output=lambda net, l, a: net.sigma[l](a[l]))
    return a, [with_0(1, array) for array in o]


def _last_set(net, l, a):
    o = net.sigma[l](a[l])
    o[..., -1] = 1
    return o


def _first_row_set(net, l, a):
    """o[0] = 1, which is neuron 0 of one example alone, and the whole first example of a batch."""
    o = net.sigma[l](a[l])
    o[0] = 1
    return o


def _first_column_set(net, l, a):
    """o[:, 0] = 1, for which one example alone has no second axis."""
    o = net.sigma[l](a[l])
    o[:, 0] = 1
    return o


BIAS_COMPUTED = Mistake(
    "bias neuron computed",
    "The output of neuron 0 comes out of σ here. It is the constant 1 in every layer, and σ(1) need not be 1.",
    (
        "What is the output of neuron 0 in layer 1 of your network, and what should it be?",
        "Let σ do its work on the whole layer. One neuron then has to be put right before the layer is used.",
    ),
    2,
    "The neuron that must not be computed",
    (_with(output=lambda net, l, a: net.sigma[l](a[l])),),
)
BIAS_BENT = Mistake(
    "bias neuron put to 1 before σ",
    "Neuron 0 is put to 1 in the activation here, and σ then bends it: σ(1) need not be 1. Its output is the constant "
    "1 in every layer.",
    ("Which of your two lines comes first, the one that puts neuron 0 to 1 or σ, and which should?",),
    2,
    "The neuron that must not be computed",
    (
        _with(
            activation=lambda net, l, o: with_0(1, activation(net, l, o)),
            output=lambda net, l, a: net.sigma[l](a[l]),
        ),
    ),
)
BIAS_0 = Mistake(
    "bias neuron set to 0",
    "Neuron 0 says 0 here. Every bias of the next layer is multiplied by it, and so is lost.",
    ("Which number must a bias be multiplied by, to count as it is?",),
    1,
    "One neuron more than you see",
    (
        _with(output=lambda net, l, a: with_0(0, output(net, l, a))),
        _with(inputs=lambda net, I: before(0.0, I)),
        _with(inputs=lambda net, I: before(0.0, I), output=lambda net, l, a: with_0(0, output(net, l, a))),
    ),
)
BIAS_TOO_LATE = Mistake(
    "bias neuron set too late",
    "Neuron 0 is 1 in your answer, but the next layer was computed before it was set.",
    ("In which order do these two happen in your loop: a layer is finished, and the next layer reads it?",),
    2,
    "The neuron that must not be computed",
    (_too_late,),
)
BIAS_FORGOTTEN = Mistake(
    "bias neuron forgotten",
    "The sum of an activation starts at neuron 1 here. It starts at neuron 0: its term is the bias.",
    (
        "How many terms has the sum for one neuron of layer 1, the bias included? How many has yours?",
        "Row 0 of w is not read. Which o belongs to it?",
    ),
    2,
    "Where the indices end",
    (
        _with(activation=lambda net, l, o: o[l - 1][..., 1:] @ net.w[l - 1][1:]),
        _with(activation=lambda net, l, o: with_0(1, o[l - 1][..., 1:] @ net.w[l - 1][1:])),
    ),
)
BIAS_BEHIND = Mistake(
    "1 put behind the inputs",
    "The 1 of layer 0 stands last here, so that each input meets the weights of another. Neuron 0 comes first.",
    ("Which input does row 1 of w belong to, and at which index of o[0] does it stand?",),
    2,
    "Where it begins",
    (
        _with(inputs=lambda net, I: np.insert(I, I.shape[-1], 1, axis=-1)),
        _with(inputs=lambda net, I: np.insert(I, I.shape[-1], 1, axis=-1), output=_last_set),
    ),
)
NO_SIGMA_AT_OUTPUT = Mistake(
    "σ left out in the output layer",
    "The last layer gives its activations. It has a σ like the layers before it.",
    ("Does your loop treat the last layer in another way than the others?",),
    1,
    "Activation and output",
    (_with(output=lambda net, l, a: output(net, l, a) if l < net.L - 1 else with_0(1, a[l])),),
)
SIGMA_ON_INPUTS = Mistake(
    "σ applied to the input layer",
    "The inputs go through a σ here. Layer 0 has no activation: its outputs are the inputs as they are.",
    ("What does §2 say in its base case, for layer 0?",),
    2,
    "Where it begins",
    (
        _with(inputs=lambda net, I: before(1.0, net.sigma[1](I))),
        _with(inputs=lambda net, I: before(1.0, sigmoid(I))),
        _with(inputs=lambda net, I: net.sigma[1](before(1.0, I))),
    ),
)
FIRST_ROW_SET = Mistake(
    "first example set instead of neuron 0",
    "In a batch o[0] is the whole first example. Neuron 0 is the first entry along the last axis.",
    ("Which shape has o for seven examples, and which axis of it counts the neurons?",),
    2,
    "Many examples, one in each row",
    (_with(output=_first_row_set),),
)

ONE_LONG_VECTOR = Mistake(
    "1 put before the whole batch",
    "All examples stand one behind the other here, with a single 1 in front. Each row of a batch has a 1 of its own.",
    ("Which shape has o[0] for seven examples? What does np.insert do when it is told no axis?",),
    2,
    "Many examples, one in each row",
    (_with(inputs=lambda net, I: np.insert(I, 0, 1)),),
)
BATCH_ONLY = Mistake(
    "written for a batch only",
    "One example alone is a vector with a single axis. With three dots, as in `o[..., 0]`, an index fits both.",
    ("How many axes has o[1] for one example, and how many for seven?",),
    2,
    "Many examples, one in each row",
    (
        _with(output=_first_column_set),
        _with(inputs=lambda net, I: np.insert(I, 0, 1, axis=1)),
    ),
)

# Their numbers show in everything that comes after, too.
NUMBERS = (
    BIAS_COMPUTED,
    BIAS_BENT,
    BIAS_0,
    BIAS_TOO_LATE,
    BIAS_FORGOTTEN,
    BIAS_BEHIND,
    NO_SIGMA_AT_OUTPUT,
    SIGMA_ON_INPUTS,
    FIRST_ROW_SET,
    ONE_LONG_VECTOR,
)
