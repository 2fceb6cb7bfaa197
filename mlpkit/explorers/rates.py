"""Lesson 5: the loss curve for each learning rate, and what it says."""

from itertools import pairwise
from math import ceil, floor, isfinite, log10

import numpy as np

from mlpkit.core.training import mean_loss, train
from mlpkit.explorers.controls import Exploration, maths, slider
from mlpkit.explorers.panels import LOSS, axis, curve, numbers, panel, point, sentence
from mlpkit.notation import number_text

_ALPHAS = (0.05, 0.5, 5.0)


def learning_rate(net, I, D, epochs=200, alphas=_ALPHAS, reach=(0.01, 300.0)):
    """The loss curve for the α on a slider beside those of a few fixed ones, and the last loss against α."""
    start = mean_loss(net, I, D)
    over = np.geomspace(*reach, 41)
    last = np.array([train(net, I, D, float(alpha), epochs).loss[-1] for alpha in over])
    known = {}

    def losses(alpha):
        if alpha not in known:
            run = train(net, I, D, alpha, epochs)
            known[alpha] = ([start, *run.loss], run.diverged)
        return known[alpha]

    fixed = [losses(alpha)[0] for alpha in alphas]
    seen = np.array([one for one in [*last, *(value for one in fixed for value in one)] if isfinite(one) and one > 0])
    low = 10.0 ** floor(log10(max(1e-12, min(seen.min(initial=start or 1), start or 1)) * 1.001))
    high = 10.0 ** ceil(log10(max(1e-11, 2 * start, 2 * low)))
    y = axis(f"mean {LOSS}", low, high, log=True)
    controls = [slider("alpha", maths("<mi>α</mi>"), "learning rate alpha", *reach, 0.02, 0.2, log=True)]

    def show(values, _):
        alpha = values["alpha"]
        now, diverged = losses(alpha)
        words = verdict_on_losses(now, diverged)
        yours = curve(*thin(now, low), "dw", f"your α = {number_text(alpha)}", width=5)
        # the fixed ones lie upon it, so that they are seen where they are the same
        curves = [
            curve(*thin(one, low), "fg", f"α = {number_text(fixed_alpha)}", dash, 2)
            for fixed_alpha, one, dash in zip(alphas, fixed, ("dotted", "dashed", "longdash"), strict=False)
        ]
        names = _at_the_lines(alphas, fixed, low, high)
        at_end = min(max(now[-1], low), high) if isfinite(now[-1]) else high
        left = panel(
            "the loss, epoch by epoch",
            f"The mean loss over {epochs} epochs. With alpha {number_text(alpha)}: {words}",
            axis("epoch", 0, epochs),
            y,
            [yours, *curves],
            points=names,
        )
        right = panel(
            f"the loss after {epochs} epochs",
            f"The last loss against alpha. {words}",
            axis("α", *reach, log=True),
            y,
            [curve(over, np.maximum(last, low), "muted", f"{LOSS} at the end, for {len(over)} values of α")],
            points=[point(alpha, at_end, "your α", colour="dw")],
        )
        rose = sum(after > before for before, after in pairwise(now))
        rows = [
            numbers(
                ("α", number_text(alpha)),
                (f"{LOSS} at the start", number_text(now[0])),
                ("at the end", number_text(now[-1])),
                ("epochs in which it rose", f"{rose} of {len(now) - 1}"),
            ),
            sentence(words),
        ]
        return {"panels": [left, right], "rows": rows, "spoken": f"alpha {number_text(alpha)}: {words}"}

    return Exploration("The learning rate", controls, show)


def _at_the_lines(alphas, fixed, low, high):
    """A label at each line, each at another epoch, where the lines may lie close together."""
    labels = []
    for k, (alpha, losses) in enumerate(zip(alphas, fixed, strict=True)):
        epoch = round((len(losses) - 1) * (0.25 + 0.5 * k / max(1, len(fixed) - 1)))
        at = losses[epoch] if isfinite(losses[epoch]) else high
        labels.append(point(epoch, min(max(at, low), high), f"α = {number_text(alpha)}", "none"))
    return labels


def verdict_on_losses(losses, diverged=False):
    """What a loss curve says about its α, in one sentence. losses: the loss before the first epoch, then after each."""
    first, last = losses[0], losses[-1]
    if diverged or not isfinite(last):
        return f"It diverges: after epoch {len(losses) - 1} a weight is no longer a number. α is too large."
    steps = list(pairwise(losses))
    rose = sum(after > before * (1 + 1e-9) for before, after in steps) / len(steps)
    if last >= first:
        return "It ends above where it began. α is too large."
    if rose > 0.05:
        return f"It jumps up and down: it rose in {100 * rose:.0f} % of the epochs. α is too large to settle."
    if last > 0.5 * first:
        left = f"{100 * last / first:.0f} % of the first loss is left"
        return f"It creeps: {left}. α is too small, or more epochs are needed."
    return f"It falls: {_percent(last / first)} of the first loss is left."


def _percent(share):
    return f"{number_text(float(f'{100 * share:.2g}'))} %"


def thin(losses, low, count=240):
    """(epochs, losses) of at most about `count` epochs, raised to `low` where they lie below it."""
    every = max(1, len(losses) // count)
    chosen = sorted({*range(0, len(losses), every), len(losses) - 1})
    return chosen, np.maximum([losses[k] for k in chosen], low)
