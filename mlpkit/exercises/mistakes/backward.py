"""The known mistakes in the backward phase (§4), and in its base case."""

import numpy as np

from mlpkit.core.functions import half_squared_error
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import backward, before, rise, slope, with_0


def _with(**pieces):
    return lambda net, activations, D: backward(net, activations, D, **pieces)


def _slopes(wrong, **pieces):
    """A wrong σ' everywhere, at the output only, in the hidden layers only. pieces: what else is wrong."""

    def at(where):
        def mixed(net, l, a, o):
            return (wrong if where(net, l) else slope)(net, l, a, o)

        return _with(slope=mixed, **pieces)

    return (
        _with(slope=wrong, **pieces),
        at(lambda net, l: l == net.L - 1),
        at(lambda net, l: l < net.L - 1),
    )


def _logistic(net, l, a, o):
    return o[l] * (1 - o[l])


def _half_squared(net, o, D):
    return before(0.0, half_squared_error.gradient(o[-1][..., 1:], D))


def _minus_half_squared(net, o, D):
    return -_half_squared(net, o, D)


def _shifted(net, o, D):
    """D_1 held against o_0: of half squared error, since the slope of cross-entropy is infinite at o = 1."""
    return before(0.0, half_squared_error.gradient(o[-1][..., :-1], D))


def _at_each_output(o, numbers):
    """A number of each example, put at all of its outputs."""
    return np.ones_like(o[-1][..., 1:]) * numbers[..., None]


def _set_to_0(index):
    """delta[index] = 0. delta[0] is neuron 0 of one example alone, but the whole first example of a batch."""

    def zero(delta):
        delta = delta.copy()
        delta[index] = 0
        return delta

    return zero


def result(form):
    """A right backward phase, given back in another form."""
    return lambda net, activations, D: form(backward(net, activations, D), *activations)


SLOPE_LEFT_OUT = Mistake(
    "σ′ left out",
    "δ is the slope against the activation a, not against the output o: between the two lies σ, with its own slope.",
    (
        "Which factor stands in front in the equation above, and where is it in your code?",
        "It belongs to the base case and to every layer before it.",
    ),
    4,
    "Where it begins: the output",
    _slopes(lambda net, l, a, o: 1.0),
)
SLOPE_AT_O = Mistake(
    "σ′(o) for σ′(a)",
    "The slope of σ is taken at the output here. It belongs to the place where σ is applied: the activation.",
    ("σ turns a into o. At which of the two is its slope asked for?",),
    4,
    "Where it begins: the output",
    _slopes(lambda net, l, a, o: net.sigma[l].derivative(o[l])),
)
LOGISTIC_SLOPE = Mistake(
    "logistic σ′ for every σ",
    "o (1 − o) is the slope of the logistic function alone. The notes print it; a network may have another σ.",
    ("Where does a network keep the σ of layer l, and what does it know of its slope?",),
    4,
    "Where it begins: the output",
    _slopes(_logistic),
)
SIGMA_FOR_SLOPE = Mistake(
    "σ for σ′",
    "The value of σ stands where its slope is needed.",
    ("What does calling net.sigma[l] give, and what its derivative?",),
    1,
    "σ and its slope",
    _slopes(lambda net, l, a, o: net.sigma[l](a[l])),
)
SIGN = Mistake(
    "(D − o) for (o − D), or the sign of δ as in §1",
    "Every δ has the wrong sign. δ says how the loss moves with an activation; the minus belongs to the step (§5).",
    (
        "In the running example the output is too low. If its activation grows a little, does the loss rise or fall?",
        "A slope is negative where the loss falls. Which order of o and D gives that?",
    ),
    3,
    "Which sign has δ?",
    (
        _with(rise=lambda net, o, D: -rise(net, o, D)),
        _with(rise=_minus_half_squared),
        *_slopes(_logistic, rise=_minus_half_squared)[:2],
    ),
)
OTHER_LOSS = Mistake(
    "o − D for every loss",
    "o − D is the slope of the half squared error alone. A network may have another loss.",
    ("Where does a network keep its loss, and what does it know of its slope?",),
    4,
    "Another loss, a shorter δ",
    (_with(rise=_half_squared),),
)
PRINTED = Mistake(
    "the notes' formula for every σ and every loss",
    "o (1 − o) (o − D) holds for the logistic σ and the half squared error. A network may have others.",
    ("Which of the three factors comes from σ, and which from the loss? Where does a network keep the two?",),
    4,
    "Where it begins: the output",
    _slopes(_logistic, rise=_half_squared)[:2],
)
VALUE_OF_LOSS = Mistake(
    "the loss for its slope",
    "The loss itself stands where its slope by each output is needed.",
    ("The loss is one number. How many slopes has it, for three outputs?",),
    4,
    "Where it begins: the output",
    (_with(rise=lambda net, o, D: before(0.0, _at_each_output(o, net.loss.value(o[-1][..., 1:], D)))),),
)
NO_RISE = Mistake(
    "slope of the loss left out",
    "δ of the output layer is σ′ alone here. What the loss says about each output is missing.",
    ("δ is a chain of two slopes at the output: from a to o, and from o to what?",),
    4,
    "Where it begins: the output",
    (_with(rise=lambda net, o, D: before(0.0, _at_each_output(o, np.ones(D.shape[:-1])))),),
)
TWICE = Mistake(
    "the factor ½ lost",
    "Every δ is twice as large as it should be. The ½ of the loss is there to cancel the 2 of the square's slope.",
    ("What is the slope of ½ (o − D)² in o?",),
    1,
    "The loss",
    (_with(rise=lambda net, o, D: 2 * rise(net, o, D)), _with(rise=lambda net, o, D: 2 * _half_squared(net, o, D))),
)
HALF = Mistake(
    "a factor ½ too many",
    "Every δ is half as large as it should be. The ½ of the loss has cancelled the 2 of the square's slope already.",
    ("What is the slope of ½ (o − D)² in o?",),
    1,
    "The loss",
    (_with(rise=lambda net, o, D: rise(net, o, D) / 2), _with(rise=lambda net, o, D: _half_squared(net, o, D) / 2)),
)
D_SHIFTED = Mistake(
    "D held against the wrong output",
    "D counts from the first real output, and o from neuron 0: the two are off by one here.",
    ("The first number of D is what neuron 1 should say. Where in o does neuron 1 stand?",),
    4,
    "Where it begins: the output",
    (_with(rise=_shifted), _with(rise=lambda net, o, D: before(0.0, net.loss.gradient(o[-1][..., :-1], D)))),
)
NO_TRANSPOSE = Mistake(
    "transpose missing",
    "On the way back neuron i collects along its row of w, since w_ik leads from i to k. Here the columns are used: "
    "this fits only between layers of equal width, and is wrong there too.",
    (
        "In the sum Σ_k w_ik δ_k, which index of w is summed, the first or the second?",
        "Which shape has δ of the later layer, which has w, and which should come out?",
    ),
    4,
    "One layer back",
    (_with(back=lambda net, l, delta: delta[l + 1] @ net.w[l]),),
)
WRONG_SUM = Mistake(
    "δ summed over the wrong index",
    "The δ of the later layer are added up before each meets the weight that leads to it, or over neurons that they do "
    "not belong to.",
    ("Which weight does δ_k of the later layer meet on its way to neuron i?",),
    3,
    "Why there is a sum over k",
    (
        _with(back=lambda net, l, delta: delta[l + 1].sum(axis=-1, keepdims=True) * net.w[l].sum(axis=1)),
        _with(back=lambda net, l, delta: delta[l + 1].sum(axis=-1, keepdims=True) * net.w[l][:, 1]),
        _with(back=lambda net, l, delta: delta[l + 1] * net.w[l].sum(axis=1)),
        _with(back=lambda net, l, delta: delta[l + 1] * net.w[l].sum(axis=0)),
    ),
)
ONE_WAY = Mistake(
    "sum over k left out",
    "Only one of the ways from a neuron to the later layer is counted. It acts on the loss through all of them.",
    ("Through how many neurons of the next layer does a hidden neuron act on the loss?",),
    3,
    "Why there is a sum over k",
    (
        _with(back=lambda net, l, delta: net.w[l][:, 1] * delta[l + 1][..., 1:2]),
        _with(back=lambda net, l, delta: net.w[l][:, -1] * delta[l + 1][..., -1:]),
    ),
)
WEIGHTS_OF_ANOTHER_LAYER = Mistake(
    "weights of the wrong layer on the way back",
    "δ comes back through a matrix that belongs to another pair of layers. It fits only where the widths are equal.",
    ("From which layer to which does w[1] lead? Whose δ comes back through it, and to whom?",),
    4,
    "One layer back",
    (
        _with(back=lambda net, l, delta: delta[l + 1] @ net.w[l - 1].T),
        _with(back=lambda net, l, delta: delta[l + 1] @ net.w[min(l + 1, net.L - 2)].T),
        _with(back=lambda net, l, delta: delta[l + 1] @ net.w[-1].T),
        _with(back=lambda net, l, delta: delta[l + 1] @ net.w[0].T),
    ),
)
DELTA_OF_ANOTHER_LAYER = Mistake(
    "δ of the wrong layer",
    "Every hidden layer takes the δ of the output layer here. It takes that of the layer just after it.",
    ("With three matrices, what does the δ of layer 1 come from?",),
    4,
    "One layer back",
    (_with(back=lambda net, l, delta: delta[-1] @ net.w[l].T),),
)
ACTIVATION_OF_ANOTHER_LAYER = Mistake(
    "activation of the wrong layer",
    "σ′ is taken at the activations of another layer. It fits only where the widths are equal.",
    ("Whose δ is computed in this line? Whose activation does σ act on there?",),
    4,
    "One layer back",
    tuple(
        _with(slope=lambda net, l, a, o, other=other: net.sigma[l].derivative(a[other(net, l)]))
        for other in (
            lambda net, l: min(l + 1, net.L - 1),
            lambda net, l: max(l - 1, 1),
            lambda net, l: net.L - 1,
            lambda net, l: 1,
        )
    ),
)
SIGMA_OF_ANOTHER_LAYER = Mistake(
    "σ′ of another layer",
    "The slope is that of another layer's σ. Each layer from 1 on has its own.",
    ("Which entry of net.sigma belongs to the layer whose δ is computed?",),
    4,
    "One layer back",
    tuple(
        _with(slope=lambda net, l, a, o, other=other: net.sigma[other(net, l)].derivative(a[l]))
        for other in (
            lambda net, l: min(l + 1, net.L - 1),
            lambda net, l: max(l - 1, 1),
            lambda net, l: net.L - 1,
            lambda net, l: 1,
            lambda net, l: l if l == net.L - 1 else max(l - 1, 1),
        )
    ),
)
DELTA_0 = Mistake(
    "δ₀ not set to 0",
    "o₀ is a constant, and nothing acts on the loss through it: δ₀ is 0 in every layer, for every σ. Otherwise column "
    "0 of w would move.",
    ("Which number does the formula give for neuron 0, and why is the formula not for it?",),
    4,
    "The δ of neuron 0",
    (
        _with(zero=lambda delta: delta),
        _with(zero=lambda delta: delta, rise=lambda net, o, D: with_0(1, rise(net, o, D))),
        _with(rise=lambda net, o, D: with_0(1, rise(net, o, D))),
        _with(zero=lambda delta: with_0(1, delta)),
        result(lambda delta, a, o: [None, *(with_0(1, array) for array in delta[1:])]),
        result(lambda delta, a, o: [*delta[:-1], with_0(1, delta[-1])]),
    ),
    (result(lambda delta, a, o: [None, *(with_0(np.nan, array) for array in delta[1:])]),),
)
MEAN_ALREADY = Mistake(
    "mean over the batch taken in δ",
    "Each example has its own δ. The mean over the batch is taken later, of the gradients.",
    ("Is a division by the number of examples asked for in §4?",),
    4,
    "Watch it flow back",
    (
        result(lambda delta, a, o: [None, *(array / (len(array) if array.ndim > 1 else 1) for array in delta[1:])]),
        result(lambda delta, a, o: [None, *(np.atleast_2d(array).mean(axis=0) for array in delta[1:])]),
    ),
)

FIRST_ROW_0 = Mistake(
    "first example set to 0 instead of neuron 0",
    "In a batch the first entry of δ is the whole first example. Neuron 0 is the first entry along the last axis.",
    ("Which shape has the δ of layer 1 for seven examples, and which axis of it counts the neurons?",),
    2,
    "Many examples, one in each row",
    (_with(zero=_set_to_0(0)), _with(zero=_set_to_0(0), rise=lambda net, o, D: _set_to_0(0)(rise(net, o, D)))),
)
FIRST_EXAMPLE_LEFT_OUT = Mistake(
    "first example left out instead of neuron 0",
    "In a batch `[1:]` leaves out the first example. With three dots, `[..., 1:]`, it leaves out neuron 0.",
    ("Which shape has o[-1] for seven examples, and which has what you compare with D?",),
    2,
    "Many examples, one in each row",
    (_with(rise=lambda net, o, D: before(0.0, net.loss.gradient(o[-1][1:], D))),),
)
BATCH_ONLY = Mistake(
    "written for a batch only",
    "One example alone is a vector with a single axis. With three dots, as in `o[..., 0]`, an index fits both.",
    ("How many axes has o[1] for one example, and how many for seven?",),
    2,
    "Many examples, one in each row",
    (
        _with(rise=lambda net, o, D: before(0.0, net.loss.gradient(o[-1][:, 1:], D))),
        _with(zero=_set_to_0((slice(None), 0))),
    ),
)

NUMBERS = (
    SLOPE_LEFT_OUT,
    SLOPE_AT_O,
    LOGISTIC_SLOPE,
    SIGMA_FOR_SLOPE,
    SIGN,
    OTHER_LOSS,
    PRINTED,
    VALUE_OF_LOSS,
    NO_RISE,
    TWICE,
    HALF,
    D_SHIFTED,
    NO_TRANSPOSE,
    WRONG_SUM,
    ONE_WAY,
    WEIGHTS_OF_ANOTHER_LAYER,
    DELTA_OF_ANOTHER_LAYER,
    ACTIVATION_OF_ANOTHER_LAYER,
    SIGMA_OF_ANOTHER_LAYER,
    DELTA_0,
    FIRST_ROW_0,
    FIRST_EXAMPLE_LEFT_OUT,
)
