"""What is certain of a derivative that is not the slope of its own value: where it is right, and how far it is off.

Each function returns (what is certain, a hint), or ("", "") where nothing is. slack: how far two numbers that count as
equal may be apart beside their rounding, as in compare.differing.
"""

import numpy as np

from mlpkit.exercises.compare import differing
from mlpkit.notation import number_text

NOTHING = ("", "")


def of_activation(a, found, right, slack):
    """σ′ of a neuron. a, found, right: (n,), the activations, the learner's σ′ at them, and the slope of their σ."""
    wrong = np.zeros(len(a), bool)
    wrong[[at[0] for at in differing(found, right, slack)]] = True
    for side, is_there in (("positive", a > 0), ("negative", a < 0)):
        if wrong.any() and not wrong[is_there].any():
            other = "negative" if side == "positive" else "positive"
            return (
                f"Where a is {side} your σ′ is right. Look at what it does where a is {other}.",
                f"What is your σ where a is {other}, and what is the slope of that?",
            )
    return _off_by(found, right, slack, "σ′(a)")


def of_layer(places, slack):
    """σ′ of a whole layer, a matrix for each example, row k for o_k.

    places: [(found, right, o, right at o)]; what is right at o may be None.
    """
    layers, places = places, [place[:2] for place in places]

    def same(change, of=lambda right: right):
        return all(not differing(change(found), change(of(right)), slack) for found, right in places)

    def beside(matrix):
        return matrix * (1 - np.eye(matrix.shape[-1]))

    def diagonal(matrix):
        return matrix * np.eye(matrix.shape[-1])

    if same(lambda matrix: matrix, lambda right: np.swapaxes(right, -1, -2)):
        return (
            "Your matrix lies on its side: row k belongs to o_k, column j to a_j.",
            "Which index of your matrix counts the outputs, and which the activations?",
        )
    if same(diagonal):
        how = "Beside it they are not."
        if same(beside, lambda right: 0 * right):
            how = "Beside it all of yours are 0, but in a σ of a whole layer each o_k moves with every a_j."
        elif same(beside, lambda right: -right):
            how = "Beside it every number has the opposite sign."
        return (
            f"The diagonal of your matrix is right: the slope of each o_k in its own a_k. {how}",
            "Nudge one activation alone. Which outputs move, and in which direction?",
        )
    if same(beside):
        return (
            "Beside the diagonal your matrix is right. On it, where a_k moves its own o_k, it is not.",
            "In o_k, where does a_k stand? The product or quotient rule has a term for each of these places.",
        )
    if _in_batches_alone(places, slack):
        return (
            "One example alone is right; in a batch it is not.",
            "Over which axis does each of your sums run, for four examples of three neurons?",
        )
    if not any(differing(found * o[..., None], right, slack) for found, right, o, _ in layers):
        return (
            "Row k of your matrix is the slope of ln o_k: it is divided by o_k.",
            "Is ln o_k differentiated in your formula, or o_k?",
        )
    if not any(at_o is None or differing(found, at_o, slack) for found, *_, at_o in layers):
        return (
            "Your matrix is that of the slopes at o = σ(a), not at a.",
            "How often does your derivative apply σ?",
        )
    return _off_by(*_flat(places), slack, "σ′(a)")


_PROBES = (
    (
        "Where the D of an example add up to 1",
        "a factor or a term with the sum of the D is taken for granted",
        lambda D: D / D.sum(axis=-1, keepdims=True),
    ),
    ("Where every D is 0 or 1", "your formula is for that alone", np.round),
    (
        "Where one D is 1 and all others are 0",
        "your formula is for that alone",
        lambda D: np.eye(D.shape[-1])[D.argmax(axis=-1)],
    ),
    ("Where every D is 1", "your formula is for that alone", np.ones_like),
)  # fmt: skip


def of_loss(points, slopes, slack):
    """∂L̃/∂o. points: [(o, D)], of one output and of more, one example alone and batches.

    slopes: (o, D) to (found, right), or to None.
    """
    places = [place for o, D in points if (place := slopes(o, D))]
    if _in_batches_alone(places, slack):
        return (
            "One example alone is right; in a batch it is not.",
            "Over which axis does each of your sums run, for seven examples of three outputs?",
        )
    for where, why, change in _PROBES:
        probed = [slopes(o, change(D)) for o, D in points if o.shape[-1] > 1]
        if not all(probed):
            continue
        sign = next((s for s in (1, -1) if not any(differing(s * one, right, slack) for one, right in probed)), 0)
        if sign:
            but = " but for its sign" * (sign < 0)
            return (
                f"{where} your ∂L̃/∂o is right{but}, and for other D it is not: {why}.",
                "Differentiate your own L̃ by one output, with every D as a letter. Which factor or term is 1 or 0 only "
                "for such D?",
            )
    alone = [place for place in places if place[0].shape[-1] == 1]
    if not any(differing(*place, slack) for place in alone):
        return (
            "With one output alone your ∂L̃/∂o is right; with more it is not.",
            "Which sums run over the outputs in your L̃, and what becomes of each when one output moves?",
        )
    return _off_by(*_flat(places), slack, "∂L̃/∂o")


def _in_batches_alone(places, slack):
    fewest = min(found.ndim for found, _ in places)
    return not any(differing(found, right, slack) for found, right in places if found.ndim == fewest)


def _flat(places):
    return (np.concatenate([place[k].ravel() for place in places]) for k in (0, 1))


def _off_by(found, right, slack, name):
    """By one factor, or by one number that is added, everywhere."""
    times = float(found @ right / (right @ right)) if right.any() else 0.0
    more = float((found - right).mean())
    if times and not differing(found, times * right, 10 * slack):
        return (
            f"Everywhere your {name} is {_rounded(times)} times the slope.",
            "Which number in your formula makes this factor, and where does your value have it?",
        )
    if not differing(found, right + more, 10 * slack):
        return (
            f"Everywhere your {name} is the slope and {_rounded(more)} more.",
            "Which term of your formula is a constant, and of which part of your value is it the slope?",
        )
    return NOTHING


def _rounded(number):
    """Measured by a difference, a number is not exact."""
    return number_text(float(f"{number:.4g}"))
