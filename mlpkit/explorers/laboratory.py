"""Lesson 5: one step from inside, the way over the loss in two weights, and what makes a network stand still."""

import numpy as np

from mlpkit.core.functions import relu, sigmoid
from mlpkit.core.network import Network, backward, forward, gradient, weights_that_move
from mlpkit.core.training import shuffled_batches
from mlpkit.explorers.controls import Exploration, choice, maths, slider
from mlpkit.explorers.panels import LOSS, axis, curve, heat, marks, numbers, panel, point, sentence
from mlpkit.notation import key, mathml, number_text, symbol_of, text

WAYS = {"all": "all at once", "two": "mini-batches of 2", "one": "one by one"}
_DASH = {"all": "", "two": "dashed", "one": "dotted"}
_GRID = 25  # places in each direction at which the loss is computed
_MOST = 64  # times Δw, the furthest that the line is followed


def walk(net, I, D, alpha, mu, epochs, batch_size=None, seed=0):
    """The networks after 0, 1, ..., epochs epochs of §5 with momentum: Δw = −α ∂L̃/∂w + μ Δw of the step before.

    batch_size: None for all examples at once. It ends early where a number is no longer finite.
    """
    nets, rng, m = [net], np.random.default_rng(seed), len(I)
    dw = [np.zeros_like(w) for w in net.w]
    for _ in range(epochs):
        for rows in shuffled_batches(m, batch_size or m, rng):
            grad = slope(net, I[rows], D[rows])
            with np.errstate(all="ignore"):
                dw = [mu * before - alpha * g for before, g in zip(dw, grad, strict=True)]
                w = [w + change for w, change in zip(net.w, dw, strict=True)]
            if not all(np.isfinite(array).all() for array in w):
                return nets
            net = Network(w, net.sigma, net.loss)
        nets.append(net)
    return nets


def slope(net, I, D):
    """∂L̃/∂w of the mean loss, a list like w."""
    a, o = forward(net, I)
    return gradient(o, backward(net, (a, o), D))


def losses_of(net, w, I, D):
    """The mean loss of many networks with the σ and L̃ of `net`, (k,). w: like net.w, each array (k, n[l], n[l+1])."""
    o = np.broadcast_to(forward(net, I)[1][0], (len(w[0]), len(I), net.n[0]))
    with np.errstate(all="ignore"):
        for l in range(net.L - 1):
            o = o @ w[l]
            o[..., 1:] = net.sigma[l + 1].value(o[..., 1:])
            o[..., 0] = 1
        return net.loss.value(o[..., 1:], np.broadcast_to(D, o[..., 1:].shape)).mean(axis=-1)


def along(net, dw, s):
    """The weights w + s Δw for each s, as losses_of takes them. s: (k,)."""
    return [w + s[:, None, None] * change for w, change in zip(net.w, dw, strict=True)]


def step_laboratory(net, I, D, epochs=60):
    """The loss along one step, w + s Δw, beside what its slope promises; and three ways over the loss."""
    weights = {key(symbol): text(symbol) for symbol in weights_that_move(net)}
    names = list(weights)
    known = {}

    def walks(alpha, mu):
        if (alpha, mu) not in known:
            known.clear()  # one is enough: the others are asked for again only by moving back
            sizes = {"all": None, "two": 2, "one": 1}
            known[alpha, mu] = {way: walk(net, I, D, alpha, mu, epochs, size) for way, size in sizes.items()}
        return known[alpha, mu]

    controls = [
        slider("alpha", maths("<mi>α</mi>"), "learning rate alpha", 0.1, 300.0, 0.02, 5.0, log=True),
        slider("mu", maths("<mi>μ</mi>"), "momentum mu", 0.0, 0.95, 0.05, 0.0),
        slider("epoch", "epoch", "epoch", 0, epochs, 1, 0),
        choice("way", "way", "which examples make a step", WAYS, "all"),
        choice("across", "across", "the weight drawn to the right", weights, names[-1]),
        choice("up", "up", "the weight drawn upwards", weights, names[-2]),
    ]

    def show(values, _):
        alpha, way = values["alpha"], values["way"]
        ways = walks(alpha, values["mu"])
        at = min(round(values["epoch"]), len(ways[way]) - 1)
        here = ways[way][at]
        grad = slope(here, I, D)
        dw = [-alpha * g for g in grad]
        before, after = losses_of(here, along(here, dw, np.array([0.0, 1.0])), I, D)
        promised = -alpha * sum((g**2).sum() for g in grad)
        left = _along(here, I, D, dw, before, after, promised)
        right = _valley(ways, way, at, here, I, D, values["across"], values["up"], weights)
        kept = after - before
        words = (
            f"After {at} epochs, α = {number_text(alpha)}: the slope promises {number_text(promised)}, the step brings "
            f"{number_text(kept)}"
        )
        words += (
            f", which is {number_text(100 * kept / promised)} % of it." if promised else ": nothing moves any more."
        )
        rows = [
            numbers(
                (f"{LOSS} before", number_text(before)),
                ("after the step", number_text(after)),
                ("promised", number_text(promised)),
                ("largest |∂L̃/∂w|", number_text(max(abs(g).max() for g in grad))),
            ),
            sentence(words),
        ]
        return {"panels": [left, right], "rows": rows, "spoken": words}

    return Exploration("A step from inside", controls, show)


def _along(net, I, D, dw, before, after, promised):
    """The loss of w + s Δw, from s = 0 to where it is above that of s = 0 again, with the line of its slope."""
    reach = 2.0
    while reach < _MOST and losses_of(net, along(net, dw, np.array([reach])), I, D)[0] < 1.1 * before:
        reach *= 2
    s = np.union1d(np.linspace(0, reach, 81), [1.0])
    losses = losses_of(net, along(net, dw, s), I, D)
    top = max(1e-9, min(np.nanmax(losses[np.isfinite(losses)]), 4 * before) * 1.08)
    line = np.maximum(before + promised * s, 0.0)
    return panel(
        "along this step",
        f"The loss of w + s Δw for s from 0 to {number_text(reach)}: {number_text(before)} at 0, {number_text(after)} "
        "at 1, where the step ends.",
        axis("s", 0, reach),
        axis(f"mean {LOSS} of w + s Δw", 0, top),
        [
            curve(s, np.where(losses <= top, losses, np.nan), "dw", "the loss", width=4),
            curve(s, np.where(line > 0, line, np.nan), "muted", "what its slope promises", "dashed"),
        ],
        points=[point(0, before, "now"), point(1, min(after, top), "the step", colour="dw", place="below")],
    )


def _valley(ways, way, at, here, I, D, across, up, weights):
    """The loss over two weights, the others as they are here, and the three ways as far as the epoch that is chosen."""
    places = {name: _path(ways[name][: at + 1], across, up) for name in WAYS}
    every = np.concatenate(list(places.values()))
    low, high = every.min(axis=0), every.max(axis=0)
    half = max(1.0, 0.65 * (high - low).max())
    (x, y) = ((middle - half, middle + half) for middle in (low + high) / 2)
    w = [np.repeat(array[None], _GRID**2, axis=0) for array in here.w]
    for name, places_of in zip((across, up), np.meshgrid(np.linspace(*x, _GRID), np.linspace(*y, _GRID)), strict=True):
        _, l, i, j = symbol_of(name)
        w[l][:, i, j] = places_of.ravel()
    losses = losses_of(here, w, I, D).reshape(_GRID, _GRID)  # row by row from low to high
    least, most = losses.min(), losses.max()
    curves = [
        curve(*places[name].T, "dw" if name == way else "fg", WAYS[name], _DASH[name], 3.5 if name == way else 1.8)
        for name in WAYS
    ]
    return panel(
        "the way over two weights",
        f"The way of {weights[across]} and {weights[up]} in {at} epochs, over the loss: {number_text(least)} where it "
        f"is lightest, {number_text(most)} where it is darkest.",
        axis(weights[across], *x),
        axis(weights[up], *y),
        curves,
        points=[point(*places[way][-1], "now", colour="dw")],
        heat=heat(
            (losses - least) / ((most - least) or 1), x, y, f"mean {LOSS}: {number_text(least)} to {number_text(most)}"
        ),
        square=True,
    )


def _path(nets, across, up):
    (_, l, i, j), (_, k, g, h) = symbol_of(across), symbol_of(up)
    return np.array([(net.w[l][i, j], net.w[k][g, h]) for net in nets])


def _with(net, weight, number):
    """The network with another number in one weight."""
    _, l, i, j = weight
    w = [array.copy() for array in net.w]
    w[l][i, j] = number
    return Network(w, net.sigma, net.loss)


SITUATIONS = {"saturated": "a saturated neuron", "dead": "a dead ReLU", "plateau": "a plateau"}
_BIAS = ("w", 0, 0, 1)
_STILL = -8.0  # with this bias the neuron does not move, with either σ


def stuck(I, D, epochs=300):
    """What makes a network stand still, with the number that causes it: σ′ of a neuron, or every ∂L̃/∂w.

    A 2-2-1 network; the bias of its first hidden neuron is on a slider. I: (m, 2). D: (m, 1).
    """
    plain = {name: Network.random([2, 2, 1], (None, sigma, sigmoid), seed=2) for name, sigma in
             (("saturated", sigmoid), ("dead", relu))}  # fmt: skip
    flat = Network.random([2, 2, 1], seed=0)
    controls = [
        choice("what", "what", "what stands still", SITUATIONS, "saturated"),
        slider("bias", maths(mathml(_BIAS)), "bias of the first hidden neuron at the start", -12, 12, 0.1, _STILL),
    ]
    known = {}

    def trained(what, bias):
        if (what, bias) not in known:
            start = flat if what == "plateau" else _with(plain[what], _BIAS, bias)
            known[what, bias] = walk(start, I, D, 1.0 if what == "plateau" else 0.5, 0.0, epochs)
        return known[what, bias]

    def show(values, _):
        what = values["what"]
        nets = trained(what, values["bias"])
        losses = losses_of(nets[0], [np.stack(layer) for layer in zip(*(net.w for net in nets), strict=True)], I, D)
        over = panel(
            "the loss",
            f"The mean loss over {epochs} epochs: {number_text(losses[0])} at the start, {number_text(losses[-1])} at "
            "the end.",
            axis("epoch", 0, epochs),
            axis(f"mean {LOSS}", 0, 1.1 * max(losses)),
            [curve(range(len(losses)), losses, "dw", "the loss", width=4)],
        )
        if what == "plateau":
            largest = [max(abs(g).max() for g in slope(net, I, D)) for net in nets]
            first = panel(
                "the largest slope of any weight",
                f"The largest |∂L̃/∂w| over {epochs} epochs.",
                axis("epoch", 0, epochs),
                axis("largest |∂L̃/∂w|", min(largest) / 2, max(largest) * 2, log=True),
                [curve(range(len(largest)), largest, "delta", "largest |∂L̃/∂w|")],
            )
            words = (
                f"After {epochs} epochs the largest slope of any weight is {number_text(largest[-1])}: every weight is "
                "nearly where its slope is 0, and the loss is not small. That is a plateau."
            )
            pairs = [("largest |∂L̃/∂w|", number_text(largest[-1]))]
        else:
            first, pairs, words = _one_neuron(nets, I, D)
        pairs.append((f"{LOSS} at the end", number_text(losses[-1])))
        return {"panels": [first, over], "rows": [numbers(*pairs), sentence(words)], "spoken": words}

    return Exploration("What stands still", controls, show)


def _one_neuron(nets, I, D):
    """σ of the first hidden neuron with the activations of all examples on it, at the start; and what follows."""
    net, sigma = nets[0], nets[0].sigma[1]
    a = forward(net, I)[0][1][..., 1].ravel()
    primes = sigma.derivative(a)
    into = abs(slope(net, I, D)[0][:, 1]).max()
    went = max(abs(nets[-1].w[0][:, 1] - net.w[0][:, 1]))
    low, high = min(-6.0, a.min() - 1), max(6.0, a.max() + 1)
    at = np.linspace(low, high, 200)
    first = panel(
        f"neuron 1 of layer 1, σ = {sigma.name}",
        f"The activations of the {len(a)} examples on the curve of σ: from {number_text(a.min())} to "
        f"{number_text(a.max())}. The largest σ′ is {number_text(primes.max())}.",
        axis("a", low, high),
        axis("σ(a)", -0.1, max(1.1, 1.1 * float(sigma(np.array(high))))),
        [curve(at, sigma(at), "o", "σ"), curve(at, sigma.derivative(at), "delta", "σ′", "dashed")],
        [marks(a, sigma(a), "square", "fg", "the examples")],
    )
    if primes.max() == 0:
        words = "Every example has a below 0, so σ′ is 0 for all: δ is 0, and no weight into this neuron ever moves."
    elif primes.max() < 0.01:
        words = "Every example stands where σ is flat: δ is nearly 0, and the weights into this neuron hardly move."
    else:
        words = "At least one example stands where σ rises: δ gets through, and the weights into this neuron move."
    pairs = [
        ("largest σ′", number_text(primes.max())),
        ("largest |∂L̃/∂w| into it", number_text(into)),
        ("its weights went", number_text(went)),
    ]
    return first, pairs, words
