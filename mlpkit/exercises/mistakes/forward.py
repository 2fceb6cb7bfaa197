"""The known mistakes in the forward phase (§2), and in one layer of it (§1)."""

import numpy as np

from mlpkit.core.functions import sigmoid
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import before, forward, output, with_0


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


def _twice(net, l, a):
    return with_0(1, net.sigma[l](net.sigma[l](a[l])))


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
NO_SIGMA = Mistake(
    "σ left out",
    "The outputs are the activations themselves here. Without σ all layers together are one linear map.",
    ("Which line of yours turns an activation into an output?",),
    1,
    "Activation and output",
    (_with(output=lambda net, l, a: with_0(1, a[l])),),
)
NO_SIGMA_AT_OUTPUT = Mistake(
    "σ left out in the output layer",
    "The last layer gives its activations. It has a σ like the layers before it.",
    ("Does your loop treat the last layer in another way than the others?",),
    1,
    "Activation and output",
    (_with(output=lambda net, l, a: output(net, l, a) if l < net.L - 1 else with_0(1, a[l])),),
)
SIGMA_TWICE = Mistake(
    "σ applied twice",
    "An output is σ of σ of the activation here.",
    ("Follow one activation through your lines: how often does it meet σ before the next layer?",),
    1,
    "Activation and output",
    (
        _with(output=_twice),
        _with(output=lambda net, l, a: (_twice if l == net.L - 1 else output)(net, l, a)),
    ),
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
SIGMA_OF_ANOTHER_LAYER = Mistake(
    "σ of another layer",
    "A layer uses the σ that belongs to another one. Each layer from 1 on has its own.",
    ("Which entry of net.sigma belongs to layer 1? Mind that net.sigma[0] is None.",),
    2,
    "Your turn: the forward phase",
    (
        _with(output=lambda net, l, a: with_0(1, net.sigma[max(l - 1, 1)](a[l]))),
        _with(output=lambda net, l, a: with_0(1, net.sigma[min(l + 1, net.L - 1)](a[l]))),
        _with(output=lambda net, l, a: with_0(1, net.sigma[-1](a[l]))),
        _with(output=lambda net, l, a: with_0(1, net.sigma[1](a[l]))),
        _with(output=lambda net, l, a: with_0(1, net.sigma[net.L - l](a[l]))),
    ),
)
LOGISTIC_EVERYWHERE = Mistake(
    "logistic σ in every layer",
    "Every layer uses the logistic function here. A network brings its own σ for each layer.",
    ("Where does a network keep its σ?",),
    2,
    "Your turn: the forward phase",
    (_with(output=lambda net, l, a: with_0(1, sigmoid(a[l]))),),
)
WEIGHTS_OF_ANOTHER_LAYER = Mistake(
    "weights of the wrong layer",
    "A layer uses the matrix that belongs to another pair of layers. It fits only where the widths happen to be equal.",
    ("From which layer to which does w[0] lead? Which of them do you read with it?",),
    1,
    "The matrix w",
    (
        _with(activation=lambda net, l, o: o[l - 1] @ net.w[-l]),
        _with(activation=lambda net, l, o: o[l - 1] @ net.w[0]),
        _with(activation=lambda net, l, o: o[l - 1] @ net.w[-1]),
        _with(activation=lambda net, l, o: o[l - 1] @ net.w[min(l, net.L - 2)]),
        _with(activation=lambda net, l, o: o[l - 1] @ net.w[max(l - 2, 0)]),
    ),
)
SWAPPED = Mistake(
    "rows and columns of w swapped",
    "The first index of a weight says where it comes from, the second where it leads. Here they are read the other way "
    "round: that is the transposed matrix.",
    (
        "Do the weights that lead to one neuron stand in a row or in a column of w?",
        "Over which index of w does the sum run, the first or the second?",
    ),
    1,
    "The matrix w",
    (_with(activation=lambda net, l, o: o[l - 1] @ net.w[l - 1].T),),
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
    BIAS_0,
    BIAS_TOO_LATE,
    BIAS_FORGOTTEN,
    BIAS_BEHIND,
    NO_SIGMA,
    NO_SIGMA_AT_OUTPUT,
    SIGMA_TWICE,
    SIGMA_ON_INPUTS,
    SIGMA_OF_ANOTHER_LAYER,
    LOGISTIC_EVERYWHERE,
    WEIGHTS_OF_ANOTHER_LAYER,
    SWAPPED,
    FIRST_ROW_SET,
    ONE_LONG_VECTOR,
)
