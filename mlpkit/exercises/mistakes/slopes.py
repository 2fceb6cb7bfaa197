"""The known mistakes in the numerical slope of the loss against one weight (§3)."""

from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import forward, moved


def _loss(net, I, D, places, nudge):
    """The loss with the weights at these places moved. places: (l, i, j), where i and j may be slices."""
    w = [array.copy() for array in net.w]
    for l, *place in places:
        w[l][tuple(place)] += nudge
    _, o = forward(moved(net, w), I)
    return net.loss.value(o[-1][1:], D)


def _slope(places, divided_by=2, up=1, down=-1, sign=-1):
    """(loss with the weights at these places moved by up ε) + sign (moved by down ε), over divided_by ε."""

    def wrong(net, I, D, l, i, j, eps):
        first, second = (_loss(net, I, D, places(net, l, i, j), by * eps) for by in (up, down))
        return (first + sign * second) / (divided_by * eps)

    return wrong


def _one(net, l, i, j):
    return [(l, i, j)]


def _another_eps(other):
    return lambda net, I, D, l, i, j, eps: _slope(_one)(net, I, D, l, i, j, other)


def _not_divided(net, I, D, l, i, j, eps):
    return _slope(_one)(net, I, D, l, i, j, eps) * 2 * eps


def _product(factor):
    return lambda *arguments: _not_divided(*arguments) * factor * arguments[-1]


def _relative(net, I, D, l, i, j, eps):
    weight = net.w[l][i, j]
    up, down = (_loss(net, I, D, [(l, i, j)], nudge * weight) for nudge in (eps, -eps))
    return (up - down) / (2 * eps)


SLOPE = (
    Mistake(
        "ε for 2ε",
        "The slope is twice as large as it should be. Between the two nudged weights lies 2ε.",
        ("How far apart are w + ε and w − ε?",),
        3,
        "What does one weight do to the loss?",
        (_slope(_one, divided_by=1),),
    ),
    Mistake(
        "2ε for ε, or the weight moved down no further than to where it was",
        "The slope is half of what it should be: between the two weights lies ε, and the difference is divided by 2ε.",
        ("Print the nudged weight in both networks. How far is each from where the weight was?",),
        3,
        "What does one weight do to the loss?",
        (_slope(_one, down=0), _slope(_one, divided_by=4), _slope(_one, up=1 / 2, down=-1 / 2)),
    ),
    Mistake(
        "sign of the difference",
        "The slope has the opposite sign: the loss after the nudge down stands first.",
        ("If the loss rises with the weight, which of the two losses is larger?",),
        3,
        "What does one weight do to the loss?",
        (_slope(_one, divided_by=-2),),
    ),
    Mistake(
        "sum for difference of the two losses",
        "The two losses are added up. A slope compares them.",
        ("What would a slope be if the weight did nothing to the loss?",),
        3,
        "What does one weight do to the loss?",
        (_slope(_one, sign=1),),
    ),
    Mistake(
        "not divided by 2ε",
        "This is the difference of the two losses. A slope is a difference over the length of the way.",
        ("What happens to your number when ε becomes smaller?",),
        3,
        "What does one weight do to the loss?",
        (_not_divided,),
    ),
    Mistake(
        "no difference between the two losses",
        "The slope is exactly 0 here: no weight was moved, or one went up and down in one array, or both went the same "
        "way, or one loss stands for both. Or the slope was rounded to a whole number.",
        ("Print the weight in both networks, and then the two losses, just before they are subtracted.",),
        3,
        "What does one weight do to the loss?",
        (lambda net, I, D, l, i, j, eps: 0.0,),
    ),
    Mistake(
        "multiplied by ε instead of divided",
        "Python goes from left to right: in `x / 2 * eps` only the 2 divides. All of 2ε divides, so it needs brackets.",
        ("What happens to your number when ε becomes smaller?",),
        3,
        "What does one weight do to the loss?",
        (_product(1 / 2), _product(2), _product(1)),
    ),
    Mistake(
        "nudged by 2ε to each side",
        "The weight was moved by 2ε up and down, so 4ε lie between the two, and the difference is divided by 2ε.",
        ("Print the nudged weight in both networks. How far is each from where the weight was?",),
        3,
        "What does one weight do to the loss?",
        (_slope(_one, up=2, down=-2),),
    ),
    Mistake(
        "another ε, or another formula",
        "The number is near the slope, but it is not that of the ε which the function is given: another ε is used, or "
        "another formula than the difference of two losses.",
        ("Call your function with eps = 0.05 and with eps = 0.1. Does the number change?",),
        3,
        "What does one weight do to the loss?",
        tuple(map(_another_eps, (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1))),
    ),
    Mistake(
        "the whole matrix nudged",
        "Every weight of w[l] was moved, also those of the fixed column. Only w[l][i, j] is asked for.",
        ("How many numbers does your line with the nudge change?",),
        3,
        "What does one weight do to the loss?",
        (
            _slope(lambda net, l, i, j: [(l, slice(None), slice(None))]),
            _slope(lambda net, l, i, j: [(l, slice(None), slice(1, None))]),
        ),
    ),
    Mistake(
        "another weight nudged",
        "The slope belongs to another weight than the one that is asked for.",
        ("w[l][i, j] leads from neuron i of layer l to neuron j of layer l + 1. Which one do you move?",),
        1,
        "The matrix w",
        (
            _slope(lambda net, l, i, j: [(l, min(j, net.n[l] - 1), max(1, min(i, net.n[l + 1] - 1)))]),
            _slope(lambda net, l, i, j: [(l, j, i)]),
            _slope(lambda net, l, i, j: [(l, i - 1, j)]),
            _slope(lambda net, l, i, j: [(0, i, j)]),
            _slope(lambda net, l, i, j: [(net.L - 2, i, j)]),
        ),
    ),
    Mistake(
        "all weights of a row nudged",
        "Every weight that leads from neuron i was moved. Only one is asked for, all others stay.",
        ("How many numbers does your line with the nudge change?",),
        3,
        "What does one weight do to the loss?",
        (_slope(lambda net, l, i, j: [(l, i, k) for k in range(1, net.n[l + 1])]),),
    ),
    Mistake(
        "all weights of a column nudged",
        "Every weight that leads to neuron j was moved. Only one is asked for, all others stay.",
        ("How many numbers does your line with the nudge change?",),
        3,
        "What does one weight do to the loss?",
        (_slope(lambda net, l, i, j: [(l, k, j) for k in range(net.n[l])]),),
    ),
    Mistake(
        "nudge in proportion to the weight",
        "The weight was multiplied by 1 + ε. The nudge is ε itself, for a large weight as for a small one.",
        ("By how much does your nudge move a weight that is 0?",),
        3,
        "What does one weight do to the loss?",
        (_relative,),
    ),
)
