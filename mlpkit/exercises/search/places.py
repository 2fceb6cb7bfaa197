"""Where in a network a line fails, and the lines that only a step has."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mlpkit.core.functions import cross_entropy, half_squared_error, identity, relu, sigmoid, softplus, tanh
from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.forward import ACTIVATION, NOTHING, OUTPUT, OUTPUT_0
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.lines import Factor, Line, Option
from mlpkit.exercises.search.cells import value_of

STEPS = ("step", "train")
# Behind the words of a Place.
ALONE, IN_A_BATCH = "for one example alone", "in a batch"
# The biases of a step as a δ of their own, which shares nothing with the rest.
BIAS_OUT = replace(DELTA_OUT, what=GRAD_ROW_0.what)
BIAS_HIDDEN = replace(DELTA_HIDDEN, what=GRAD_ROW_0.what)


def change_of(line, or_at="δ of the output, which hands it on to every layer"):
    """All changes of a step. Where its numbers are off by one factor, this may be made before them as well: or_at."""
    why = f"Look at the line that moves the weights, or at {or_at}."
    return replace(
        DELTA_OUT,
        what="changes Δw",
        symbol="Δw",
        first=Factor("", "", "", (Option("(−α δⱼ oᵢ)", lambda x, l: 1.0, 0),)),
        second=NOTHING,
        scales=tuple(replace(scale, why=f"{scale.why} {why}" if scale.words == "0" else why) for scale in line.scales),
        lesson=5,
        heading="One weight",
    )


@dataclass(frozen=True)
class Place:
    """Where in a network: words, and whether a layer of a Values is there. kind: whether it is a σ or L̃, no layer."""

    words: str
    holds: Callable
    cost: float = 0.0
    kind: bool = False


@dataclass(frozen=True)
class Found:
    """What explains the wrong cells of a line: a candidate (scale, first, second) and the place of them."""

    line: Line
    candidate: tuple
    place: Place

    def value(self, x, l):
        """What the line gives with it."""
        return value_of(self.line, self.candidate, x, l)


EVERYWHERE = Place("", lambda x, l: True)
HIDDEN = (
    Place("in the hidden layers", lambda x, l: True),
    Place("in layer 1", lambda x, l: l == 1, 0.1),
    Place("in the last hidden layer", lambda x, l: l == x.L - 2, 0.11),
    Place("in the hidden layers before the last", lambda x, l: l < x.L - 2, 0.12),
    Place("in layer 2", lambda x, l: l == 2, 0.13),
)


def _by_layer(*words):
    """Places with these words: everywhere, then one layer or some. A matrix is that which leads to the layer."""
    holds = (
        lambda x, l: True,
        lambda x, l: l == 1,
        lambda x, l: l == x.L - 1,
        lambda x, l: l < x.L - 1,
        lambda x, l: l == 2,
        lambda x, l: l > 1,
    )
    costs = (0.0, 0.1, 0.11, 0.12, 0.13, 0.14)
    return tuple(map(Place, words, holds, costs))


_MATRICES = _by_layer(
    "", "in w⁰", "in the last matrix", "in the matrices before the last", "in w¹", "in the matrices after w⁰"
)
_LAYERS = _by_layer(
    "", "in layer 1", "at the output", "in the hidden layers", "in layer 2", "in the layers after the first"
)
IN_HIDDEN = _LAYERS[3]
AT_OUTPUT = (Place("at the output", lambda x, l: True),)
_WITH_SIGMA = tuple(
    Place(f"where σ is {sigma.name}", lambda x, l, sigma=sigma: x.net.sigma[l] is sigma, 0.3, kind=True)
    for sigma in (sigmoid, tanh, relu, softplus, identity)
)
_WITH_LOSS = tuple(
    Place(f"where L̃ is {loss.name}", lambda x, l, loss=loss: x.net.loss is loss, 0.3, kind=True)
    for loss in (half_squared_error, cross_entropy)
)
PLACES = {
    DELTA_OUT: (*AT_OUTPUT, Place("in layer 1", lambda x, l: l == 1, 0.1), *_WITH_SIGMA, *_WITH_LOSS),
    BIAS_OUT: AT_OUTPUT,
    DELTA_HIDDEN: HIDDEN + _WITH_SIGMA,
    BIAS_HIDDEN: HIDDEN,
    GRAD_ROWS: _MATRICES,
    GRAD_ROW_0: _MATRICES,
    ACTIVATION: _LAYERS,
    OUTPUT: _LAYERS + _WITH_SIGMA,
    OUTPUT_0: (
        Place("", lambda x, l: l > 0),
        Place("in layer 0", lambda x, l: l == 0, 0.05),
        Place("in every layer, the inputs too", lambda x, l: True, 0.05),
        *(replace(place, holds=lambda x, l, holds=place.holds: l > 0 and holds(x, l)) for place in _LAYERS[1:]),
    ),
}
