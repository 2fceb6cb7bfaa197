"""The known mistakes in the step and the training (§5): its own, and those of the phases that it runs."""

from dataclasses import replace

import numpy as np

import mlpkit.exercises.mistakes.backward as backward_phase
import mlpkit.exercises.mistakes.forward as forward_phase
import mlpkit.exercises.mistakes.gradient as gradient
from mlpkit.exercises.mistakes.gradient import with_column_0
from mlpkit.exercises.mistakes.known import Mistake, carried
from mlpkit.exercises.mistakes.phases import moved, step, train


def _moving(move):
    return lambda net, I, D, alpha: step(net, I, D, alpha, move=move)


def _new(form):
    """A right step, given back in another form. form: (new w, old w) of a layer to an array."""
    return lambda net, I, D, alpha: [form(new, old) for new, old in zip(step(net, I, D, alpha), net.w, strict=True)]


def _through(name):
    """Into a step with one wrong phase."""
    return lambda way: lambda net, I, D, alpha: step(net, I, D, alpha, **{name: way})


def _layer_by_layer(order):
    def wrong(net, I, D, alpha):
        for l in order(range(net.L - 1)):
            net = moved(net, [*net.w[:l], step(net, I, D, alpha)[l], *net.w[l + 1 :]])
        return list(net.w)

    return wrong


def _weight_by_weight(net, I, D, alpha):
    for l, i, j in [(l, *place) for l, w in enumerate(net.w) for place in np.ndindex(*w.shape)]:
        w = [array.copy() for array in net.w]
        w[l][i, j] = step(net, I, D, alpha)[l][i, j]
        net = moved(net, w)
    return list(net.w)


def _part_by_part(size, share=lambda m: 1.0):
    """A step for each so many examples. share: of α in each, by the number of examples."""

    def wrong(net, I, D, alpha):
        I, D = np.atleast_2d(I), np.atleast_2d(D)
        for first in range(0, len(I), size):
            part = slice(first, first + size)
            net = moved(net, step(net, I[part], D[part], alpha * share(len(I))))
        return list(net.w)

    return wrong


CHANGE_ALONE = Mistake(
    "Δw returned, not w + Δw",
    "These are the changes of the weights. The new weights are asked for.",
    ("What has a change to be added to?",),
    5,
    "One weight",
    (
        _moving(lambda w, alpha, grad: -alpha * grad),
        _moving(lambda w, alpha, grad: alpha * grad),
        _moving(lambda w, alpha, grad: grad),
    ),
)
EXCHANGED = Mistake(
    "w and Δw exchanged in the difference",
    "The old weights are subtracted from the change here, so every weight has the opposite sign.",
    ("A very small α should change almost nothing. What does your line give for alpha = 0?",),
    5,
    "One weight",
    (
        _moving(lambda w, alpha, grad: alpha * grad - w),
        _moving(lambda w, alpha, grad: with_column_0(alpha * grad - w, np.arange(len(w)) == 0)),
        _moving(lambda w, alpha, grad: -alpha * grad - w),
    ),
)
LAYER_BY_LAYER = Mistake(
    "layer by layer instead of at once",
    "After each matrix everything is computed anew, with the weights that have moved. All weights move at once, from "
    "the same old ones.",
    ("How often does your function run the forward phase for one step?",),
    5,
    "All at once",
    (_layer_by_layer(iter), _layer_by_layer(reversed)),
)
WEIGHT_BY_WEIGHT = Mistake(
    "weight by weight instead of at once",
    "After each single weight everything is computed anew. All weights move at once, from the same old ones.",
    ("How often does your function run the forward phase for one step?",),
    5,
    "All at once",
    (_weight_by_weight,),
)
EXAMPLE_BY_EXAMPLE = Mistake(
    "example by example instead of at once",
    "Each example of the batch makes a step of its own here. A step on a batch is one step, with the mean gradient.",
    ("How many steps does your function take on a batch of seven?",),
    5,
    "Many examples",
    (_part_by_part(1), _part_by_part(1, lambda m: 1 / m)),
)
IN_PARTS = Mistake(
    "part by part instead of at once",
    "The batch is cut into parts here, and each makes a step of its own. A step on a batch is one step, with the mean "
    "gradient of all its examples.",
    ("How many steps does your function take on a batch of seven?",),
    5,
    "Many examples",
    tuple(_part_by_part(size) for size in (2, 3, 4)),
)
STEP_COLUMN_0 = Mistake(
    gradient.COLUMN_0.name,
    "Column 0 of w is fixed at (1, 0, ..., 0) and stays as it is in every step.",
    ("Which Δw stands in column 0, if δ of neuron 0 is 0?",),
    5,
    "What does not move",
    (
        _new(lambda new, old: with_column_0(new, 0)),
        _new(lambda new, old: with_column_0(new, 1)),
        *map(_through("gradient"), gradient.COLUMN_0.ways),
    ),
    (_new(lambda new, old: with_column_0(new, np.nan)),),
)
ONE_MATRIX = Mistake(
    "one matrix moved only",
    "Only one of the matrices has moved. Every weight of the network moves in a step.",
    ("How many matrices has the network, and how many does your loop visit?",),
    5,
    "All at once",
    (
        lambda net, I, D, alpha: [*net.w[:-1], step(net, I, D, alpha)[-1]],
        lambda net, I, D, alpha: [step(net, I, D, alpha)[0], *net.w[1:]],
    ),
)
OWN_STEP = (
    CHANGE_ALONE,
    EXCHANGED,
    LAYER_BY_LAYER,
    WEIGHT_BY_WEIGHT,
    EXAMPLE_BY_EXAMPLE,
    IN_PARTS,
    STEP_COLUMN_0,
    ONE_MATRIX,
)


def _exact(mistake):
    """Without its patterns: a δ₀ of any size moves column 0 by any number, and so says the fixed column's own."""
    return replace(mistake, patterns=())


# What is wrong in a phase is wrong in the step that runs it.
STEP = (
    *OWN_STEP,
    *carried(forward_phase.NUMBERS, _through("forward")),
    *carried(map(_exact, backward_phase.NUMBERS), _through("backward")),
    *carried(gradient.IN_A_STEP, _through("gradient")),
)


# Training: train(net, I, D, alpha, epochs).


def _from_the_first(net, I, D, alpha, epochs):
    return train(net, I, D, alpha, 1)


def _trained(way):
    """Into a training whose every step is that one."""
    return lambda net, I, D, alpha, epochs: train(net, I, D, alpha, epochs, step=way)


TRAIN = (
    Mistake(
        "one epoch only, or always from the first weights",
        "However many epochs are asked for, the result is that of one. Each epoch goes on from the weights that the "
        "one before it left.",
        ("What changes from one turn of your loop to the next?",),
        5,
        "Many examples",
        (_from_the_first,),
    ),
    Mistake(
        "one epoch too many",
        "There is one step more than epochs are asked for.",
        ("With epochs = 1, how often does your loop turn?",),
        5,
        "Many examples",
        (lambda net, I, D, alpha, epochs: train(net, I, D, alpha, epochs + 1),),
    ),
    Mistake(
        "one epoch too few",
        "There is one step less than epochs are asked for.",
        ("With epochs = 1, how often does your loop turn?",),
        5,
        "Many examples",
        (lambda net, I, D, alpha, epochs: train(net, I, D, alpha, epochs - 1),),
    ),
    Mistake(
        "all epochs in one step",
        "One step with α times the number of epochs, or the gradient of the first weights in every epoch, is not as "
        "many steps: each takes its own slope where it stands.",
        ("Where does the second step take its gradient?",),
        5,
        "Many examples",
        (lambda net, I, D, alpha, epochs: train(net, I, D, alpha * epochs, 1),),
    ),
    *carried((_exact(mistake) for mistake in STEP if mistake is not CHANGE_ALONE), _trained),
)
