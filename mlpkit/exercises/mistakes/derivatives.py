"""The known mistakes in the derivative that an Activation or a Loss brings with it (§1).

Here a way says which two arrays are equal where the mistake is made; each gets the Slopes.
"""

from dataclasses import dataclass, replace

import numpy as np

from mlpkit.exercises.mistakes.known import Mistake


@dataclass(frozen=True)
class Slopes:
    """found: the derivative that the learner gives; slope: the right one, measured.

    Of an Activation at many a: value: σ(a). at_o: the learner's derivative at σ(a); slope_at_o: the right one there.
    Of a Loss: found and slope are (..., outputs).
    """

    found: np.ndarray
    slope: np.ndarray
    value: np.ndarray | None = None
    at_o: np.ndarray | None = None
    slope_at_o: np.ndarray | None = None


TWICE = Mistake(
    "a factor 2 too many",
    "Every number is twice the slope.",
    ("Which number does a square bring down when it is differentiated, and does another factor cancel it?",),
    1,
    "The loss",
    (lambda s: (s.found, 2 * s.slope),),
)
HALF = Mistake(
    "a factor 2 lost",
    "Every number is half of the slope.",
    ("Which number does a square bring down when it is differentiated, and does another factor cancel it?",),
    1,
    "The loss",
    (lambda s: (s.found, s.slope / 2),),
)

ACTIVATION = (
    Mistake(
        "σ′ written in o, but given a",
        "The formula is right for o = σ(a), but the function is called with a.",
        ("What has to be computed first, before the formula can be used?",),
        1,
        "σ and its slope",
        (lambda s: (s.at_o, s.slope),),
    ),
    Mistake(
        "σ′(o) for σ′(a)",
        "The slope of σ is taken at the output here. It belongs to the place where σ is applied.",
        ("How often does your derivative apply σ?",),
        1,
        "σ and its slope",
        (lambda s: (s.found, s.slope_at_o),),
    ),
    Mistake(
        "σ for σ′",
        "These are the values of σ, not its slopes.",
        ("Where σ is flat, what is its slope, and what do you give?",),
        1,
        "σ and its slope",
        (lambda s: (s.found, s.value),),
    ),
    Mistake(
        "sign of σ′",
        "Every number has the opposite sign.",
        ("Where your σ rises, is your derivative positive?",),
        1,
        "σ and its slope",
        (lambda s: (s.found, -s.slope),),
    ),
    replace(TWICE, heading="σ and its slope"),
    replace(HALF, heading="σ and its slope"),
)

LOSS = (
    Mistake(
        "(D − o) for (o − D)",
        "Every number has the opposite sign: the slope is asked for in o, not in D.",
        ("An output is too low. If it grows a little, does the loss rise or fall?",),
        1,
        "The loss",
        (lambda s: (s.found, -s.slope),),
    ),
    TWICE,
    HALF,
    Mistake(
        "mean over the outputs",
        "The slope is divided by the number of outputs, but the loss is not.",
        ("Is your loss a sum over the outputs, or a mean?",),
        1,
        "The loss",
        (lambda s: (s.found, s.slope / s.slope.shape[-1]),),
    ),
    Mistake(
        "mean over the outputs in the loss alone",
        "The loss is divided by the number of outputs, but its slope is not.",
        ("Is your loss a sum over the outputs, or a mean? What does that do to its slope by one of them?",),
        1,
        "The loss",
        (lambda s: (s.found, s.slope * s.slope.shape[-1]),),
    ),
    Mistake(
        "mean over a batch taken in the slope",
        "Each example has its own loss and its own slopes. The mean over the batch comes later.",
        ("Does the gradient of one example depend on how many others there are?",),
        1,
        "The loss",
        (lambda s: (s.found, s.slope / (len(s.slope) if s.slope.ndim > 1 else 1)),),
    ),
)
