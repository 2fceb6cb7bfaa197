"""What is told of the numbers that are not right: of mistakes made on purpose, and of the learner's own functions."""

from mlpkit import notation
from mlpkit.core.network import Network, weights_that_move
from mlpkit.notation import key, number_text
from mlpkit.tracing.micro_steps import loss_by_trace

# {name of a mistake, as in trace's `broken`: (the text of its switch, what is done then)}
SWITCHES = {
    "bias": ("bias neuron computed", "o₀ of layer 1 and all later ones is σ(a₀) instead of 1."),
    "delta_0": ("δ₀ not set to 0", "δ₀ is computed like every other δ, so that the fixed column moves."),
    "slope": ("σ′ left out", "δ is what comes back, without the slope of σ."),
    "sign": ("sign of δ as in §1", "δ = −∂L̃/∂a, as §1 prints it, and all else unchanged."),
    "late": ("δ from new weights", "w is moved before the δ of the layer before it is computed."),
}
_FALLS = "The loss falls all the same: a wrong gradient can still point downhill, so compare the numbers."
_NUDGED = 200  # weights; in a larger network, not all are nudged


def damage(scene, I, D, broken, after=None):
    """What the mistakes `broken` do: {switches, words, first}; first is the first number that is not right, or None.

    after: the loss with the new weights, or None where they are no network's.
    """
    switches = [
        {"id": name, "label": label, "spoken": f"Break it: {label}. {words}", "pressed": name in broken}
        for name, (label, words) in SWITCHES.items()
    ]
    if not broken:
        return {"switches": switches, "words": "Each switch makes a classic mistake on purpose.", "first": None}
    off = [scene.steps[stop].symbol for stop in scene.stops if scene.steps[stop].symbol in scene.off]
    words = [SWITCHES[name][1] for name in broken]
    if not off:
        words.append("With these numbers, that changes nothing.")
        return {"switches": switches, "words": " ".join(words), "first": None}
    words.append(f"{len(off)} of {len(scene.stops)} numbers are not what they should be (≠).")
    if any(symbol[0] == "w_new" and symbol[3] == 0 for symbol in off):
        words.append("A fixed column is no longer (1, 0, ..., 0).")
    words.append(_against_nudging(scene, I, D, broken))
    if after is not None and after < scene.value(("loss",)):
        words.append(_FALLS)
    return {"switches": switches, "words": " ".join(words), "first": _first_off(scene, off[0])}


def _first_off(scene, first):
    """The first number that is not right, as a button that opens it."""
    values = f"{number_text(scene.value(first))} instead of {number_text(scene.off[first])}"
    return {
        "symbol": key(first),
        "text": f"First: {notation.text(first)} = {values}",
        "spoken": f"Open the first, {notation.spoken(first)}: {values}",
    }


def own_words(scene, names, sentences):
    """How the learner's numbers compare with the kit's: like `damage`, without switches.

    names: the learner's functions in words. sentences: what is to be said of them before.
    """
    off = [scene.steps[stop].symbol for stop in scene.stops if scene.steps[stop].symbol in scene.off]
    if not off:
        same = f"The numbers are those of {names}, and they are the kit’s." if not sentences else ""
        return {"switches": [], "words": " ".join([*sentences, same]).strip(), "first": None}
    first = off[0]
    words = f"The numbers are those of {names}. {len(off)} of {len(scene.stops)} are not the kit’s (≠). "
    if len(off) <= _FOLLOWED:
        parts = sum(map(scene.parts, off))
        follow = len(off) - parts
        words += (
            f"{_count(parts, 'is', 'are')} not what the equation gives; {_count(follow, 'follows', 'follow')} from "
        )
        words += "that." if parts == 1 else "those."
    return {"switches": [], "words": " ".join([*sentences, words]), "first": _first_off(scene, first)}


_FOLLOWED = 400  # of so many numbers it is told which only follow from others


def _count(number, one, many):
    return f"{number} {one if number == 1 else many}"


def numerical_derivative(net, I, D, symbol, broken=(), epsilon=1e-5):
    """∂L̃/∂w for one weight ("w", l, i, j) by central differences, with the scalar loops of the trace."""
    _, l, i, j = symbol
    losses = []
    for move in (epsilon, -epsilon):
        w = [array.copy() for array in net.w]
        w[l][i, j] += move
        losses.append(loss_by_trace(Network(w, net.sigma, net.loss), I, D, broken))
    return (losses[0] - losses[1]) / (2 * epsilon)


def _against_nudging(scene, I, D, broken):
    weights = weights_that_move(scene.net)
    if len(weights) > _NUDGED:
        return _one_against_nudging(scene, I, D, broken, weights)
    pairs = {("grad", *symbol[1:]): numerical_derivative(scene.net, I, D, symbol, broken) for symbol in weights}
    wrong = {symbol: slope for symbol, slope in pairs.items() if _contradicts(slope, scene.value(symbol))}
    if not wrong:
        of = " outside column 0" if "delta_0" in broken else ""
        return f"All {len(pairs)} derivatives{of} agree with nudging, of this network as it is."
    worst = max(wrong, key=lambda symbol: abs(wrong[symbol] - scene.value(symbol)))
    return (
        f"Nudging contradicts {len(wrong)} of {len(pairs)} derivatives, most of all {notation.text(worst)}: "
        f"{number_text(scene.value(worst))} here, {number_text(wrong[worst])} by nudging."
    )


def _one_against_nudging(scene, I, D, broken, weights):
    """In a large network: what nudging says of the derivative that the mistake has changed most."""

    def changed(weight):
        symbol = ("grad", *weight[1:])
        return abs(scene.value(symbol) - scene.off.get(symbol, scene.value(symbol)))

    weight = max(weights, key=changed)
    symbol = ("grad", *weight[1:])
    slope = numerical_derivative(scene.net, I, D, weight, broken)
    here, by_nudging = number_text(scene.value(symbol)), number_text(slope)
    one = f"the one of {len(weights)} derivatives that is nudged here"
    if not _contradicts(slope, scene.value(symbol)):
        return f"Nudging agrees with {notation.text(symbol)} = {here}, {one}."
    return f"Nudging contradicts {notation.text(symbol)}, {one}: {here} here, {by_nudging} by nudging."


def _contradicts(slope, derivative):
    return abs(slope - derivative) > 1e-7 * max(1.0, abs(slope)) + 1e-4 * abs(slope)
