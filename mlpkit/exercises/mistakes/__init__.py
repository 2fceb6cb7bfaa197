"""The known mistakes: small wrong functions, each with its name, why it is wrong, and where in the lessons to look.

    MISTAKES["forward"]     the mistakes in what check.forward asks, each a Mistake

    definitions     §1: w made from W and b, one layer's activations; derivatives: σ′ and ∂L̃/∂o
    forward         §2: the forward phase
    slopes          §3: the numerical slope; gradient: ∂L̃/∂w
    backward        §4: the backward phase; output: δ of the last layer
    stepping        §5: the step and the training
    forms           what is returned, in what shape, by forward and backward
    named           what the search explains by itself, such as a transpose that is missing or σ′ left out: names, words
                    and hints; the formulas are in ../factors/
    known           what is known of a mistake
    phases          the right phases, made of pieces that can be exchanged

What goes wrong in a phase goes wrong in the step that runs it, and so in the training: it is carried there.
"""

from mlpkit.exercises.mistakes.definitions import ACTIVATIONS, WEIGHTS
from mlpkit.exercises.mistakes.forms import BACKWARD, FORWARD
from mlpkit.exercises.mistakes.gradient import GRADIENT
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.output import OUTPUT_DELTA
from mlpkit.exercises.mistakes.slopes import SLOPE
from mlpkit.exercises.mistakes.stepping import STEP, TRAIN

__all__ = ["BY_MARK", "MISTAKES", "Mistake"]

MISTAKES = {
    "weights": WEIGHTS,
    "activations": ACTIVATIONS,
    "forward": FORWARD,
    "slope": SLOPE,
    "output_delta": OUTPUT_DELTA,
    "backward": BACKWARD,
    "gradient": GRADIENT,
    "step": STEP,
    "train": TRAIN,
}

# Those that are seen in an answer at once, by the `mark` of the Finding.
BY_MARK = {
    "whole numbers": Mistake(
        "array of whole numbers",
        "What is put into such an array loses everything after the point.",
        ("What is the dtype of the array that you put the numbers into, and what was it made from?",),
        1,
        "Your turn: from W and b to w",
        (),
    ),
    "sigma lost": Mistake(
        "σ and L̃ not handed on",
        "A Network that is made of weights alone gets the logistic σ and the half squared error.",
        ("Which three things make a Network?",),
        5,
        "One weight",
        (),
    ),
    "from the notebook": Mistake(
        "a value of the notebook in place of what is given",
        "It stays the same whatever the function is given.",
        ("Which names in your function are neither among its arguments nor made in it?",),
        2,
        "Your turn: the forward phase",
        (),
    ),
    "biases of each example": Mistake(
        "a row of biases for each example",
        "There is one row 0, whatever the batch: it takes the mean of δ over the examples, as every other row does. "
        "Here δ of the whole batch, with a row for each example, has been put in its place.",
        ("Which shape has your new row 0 for seven examples? Which has row 0 of w?",),
        5,
        "Many examples",
        (),
    ),
    "not the same again": Mistake(
        "something kept from one call to the next",
        "Called twice with the same arguments, your function gives two different answers: it keeps something between "
        "the calls, or draws random numbers. What it returns may depend on its arguments alone.",
        ("Which name in your function lives longer than a call: a list made outside, a default, an attribute?",),
        2,
        "Your turn: the forward phase",
        (),
    ),
    "run returned": Mistake(
        "training run for its network",
        "What `train` of the kit returns is a Run: its network is `.net`, and its losses are `.loss`.",
        ("Which part of the run is asked for?",),
        5,
        "XOR, learned",
        (),
    ),
}
