"""A wrong training explained: one epoch is a step, and what is wrong between the epochs is seen in the second one."""

import numpy as np

from mlpkit.core import network
from mlpkit.exercises.explain import Explanation, fitting
from mlpkit.exercises.mistakes import Mistake
from mlpkit.exercises.search.cells import close
from mlpkit.notation import number_text

TWO_RIGHT = "The first two epochs are right."


@np.errstate(all="ignore")
def explain_training(task, theirs, right):
    """The Explanation of a training by what it does in its first epochs.

    theirs: {case: Outcome} after one epoch, or after two where the first is right. right: as in explain.
    """
    changes = []
    for case, outcome in theirs.items():
        answer = fitting(outcome.answer, right(task, case).answer)
        if answer is None:
            return Explanation()
        nets = [case.net]
        for _ in range(6):
            nets.append(network.step(nets[-1], case.I, case.D, case.alpha))
        changes.append((case, answer, nets))
    epochs = changes[0][0].epochs if changes else 0
    if epochs == 2 and all(_all_close(answer, _twice_halved(case)) for case, answer, _ in changes):
        return _between(
            "α divided by the number of epochs", "Every epoch takes a whole step here: α is the same in each."
        )
    counted = [k for k in range(7) if all(_all_close(answer, nets[k].w) for _, answer, nets in changes)]
    uphill = [
        k
        for k, steps in enumerate(zip(*(_uphill(case) for case, *_ in changes), strict=True))
        if k not in (0, epochs) and all(_all_close(one[1], w) for one, w in zip(changes, steps, strict=True))
    ]
    if uphill:
        return _between(
            "plus instead of minus, and another number of steps than epochs",
            f"For epochs = {epochs} your function makes {uphill[0]} steps, and each goes uphill: where the derivative "
            "is positive the loss grows with the weight.",
            _HOW_OFTEN,
        )
    if changes and counted and counted[0] != epochs:
        return _between(
            "another number of steps than epochs",
            f"For epochs = {epochs} your function makes {counted[0]} steps. Mend this first: the steps themselves are "
            "seen after that.",
            _HOW_OFTEN,
        )
    if epochs != 2:
        return Explanation()
    if all(_all_close(answer, _old_outputs(case, nets[1])) for case, answer, nets in changes):
        return _between(
            "outputs of the first weights in every epoch",
            "The first epoch is right. The second one goes back through the new weights, but with the a and o that the "
            "first weights gave.",
        )
    ratios = set()
    for _, answer, nets in changes:
        old, new = (_flat(one) - _flat(other) for one, other in ((nets[1].w, nets[0].w), (nets[2].w, nets[1].w)))
        theirs = _flat(answer) - _flat(nets[1].w)
        ratios.add(_combination(old, new, theirs))
    if len(ratios) != 1 or None in ratios:
        return Explanation(
            said="The first epoch is right. What differs happens between the first epoch and the second."
        )
    before, now = ratios.pop()
    if (before, now) == (0, 1):
        return Explanation(said=TWO_RIGHT)
    if (before, now) == (1, 1):
        return _between(
            "gradients of earlier epochs added up",
            "The first epoch is right. In the second one your change of the weights is its own and that of the first "
            "epoch once more: something is added up and never set back to 0.",
        )
    if before and now == 1:
        return _between(
            "change of the epoch before added (momentum)",
            "The first epoch is right. In the second one your change of the weights is its own and "
            f"{number_text(before)} times that of the first epoch. A step of the notes has no memory.",
        )
    if before and not now:
        return _between(
            "gradient of the first weights in every epoch",
            "The first epoch is right. The second one moves the new weights by the gradient that was taken at the old "
            f"ones, times {number_text(before)}.",
        )
    if not before:
        return _between(
            "α changed from epoch to epoch",
            f"The first epoch is right. The second one is {number_text(now)} times as large as α says.",
        )
    return _between(
        "changes of two epochs mixed",
        f"The first epoch is right. In the second one your change is {number_text(now)} times its own and "
        f"{number_text(before)} times that of the first.",
    )


def _old_outputs(case, net):
    """The weights after a second step whose forward phase is that of the first."""
    activations = network.forward(case.net, case.I)
    grad = network.gradient(activations[1], network.backward(net, activations, case.D))
    return [w - case.alpha * g for w, g in zip(net.w, grad, strict=True)]


def _uphill(case):
    """[the weights after so many steps with the opposite sign, from none on]"""
    nets = [case.net]
    for _ in range(6):
        nets.append(network.step(nets[-1], case.I, case.D, -case.alpha))
    return [net.w for net in nets]


def _twice_halved(case):
    """The weights after two steps with half of α."""
    net = case.net
    for _ in range(2):
        net = network.step(net, case.I, case.D, case.alpha / 2)
    return net.w


_HOW_OFTEN = "How often does your loop turn, and how many steps does it make in each turn?"


def _between(
    name, why, hint="Which names live on from one turn of your loop to the next, and which are set anew in each?"
):
    return Explanation((Mistake(name, why, (hint,), 5, "Many examples", ()),))


def _flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


def _all_close(answer, w):
    return all(close(np.asarray(ours), theirs) for theirs, ours in zip(answer, w, strict=True))


def _combination(old, new, theirs):
    """(p, q) rounded, where theirs is p old + q new; None if it is not."""
    sides = np.stack([old, new], axis=1)
    (p, q), *_ = np.linalg.lstsq(sides, theirs, rcond=None)
    p, q = round(float(p), 4) + 0.0, round(float(q), 4) + 0.0
    near = np.abs(p * old + q * new - theirs) <= 2e-4 * np.abs(theirs).max() + 1e-12
    return (p, q) if near.all() else None
