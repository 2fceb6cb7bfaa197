"""What is done to all changes of a step alike, beside a factor: a sign alone, a length, a part of w as well."""

from dataclasses import replace

import numpy as np

from mlpkit.core import network
from mlpkit.exercises.factors.backward import DELTA_OUT
from mlpkit.exercises.factors.lines import Scale
from mlpkit.exercises.factors.scales import AS_IT_IS
from mlpkit.exercises.search.answers import gradient_of
from mlpkit.exercises.search.cells import close
from mlpkit.exercises.search.places import EVERYWHERE, Found, change_of
from mlpkit.notation import number_text

_STEP = "A step is −α times the gradient, in its full size. Look at the line that moves the weights."
_FORMS = (
    (Scale("the sign of {}", why=_STEP), np.sign),
    (Scale("{} divided by the length of each matrix", why=_STEP), lambda g: g / np.linalg.norm(g)),
)


def of_all_changes(answers):
    """[Found], or [] where it is nothing of that kind. answers: {case: the new weights}."""
    changes = [
        (case, theirs, right)
        for case, answer in answers.items()
        for theirs, right in zip(gradient_of(case, answer)[0], _gradient(case), strict=True)
    ]
    scale = next((scale for scale, form in _FORMS if _all_are(changes, form)), None) or _decay(changes)
    if scale is None:
        return []
    line = change_of(replace(DELTA_OUT, scales=(AS_IT_IS, scale)))
    return [Found(replace(line, scales=(AS_IT_IS, scale)), (1, 0, 0), EVERYWHERE)]


def _gradient(case):
    I, D = np.atleast_2d(case.I), np.atleast_2d(case.D)
    activations = network.forward(case.net, I)
    return network.gradient(activations[1], network.backward(case.net, activations, D))


def _all_are(changes, form):
    return all(close(theirs[:, 1:], form(right)[:, 1:], 1e-9) for _, theirs, right in changes)


def _decay(changes):
    """The Scale of a part of w that every change has as well, with the biases or without; None if there is none."""
    weights = [w for case in dict.fromkeys(case for case, *_ in changes) for w in case.net.w]
    more = _flat(theirs - right for _, theirs, right in changes)
    for first, without in ((0, ""), (1, ", the biases as they are")):
        kept = [np.where(np.arange(len(w))[:, None] < first, 0, w) for w in weights]
        for alpha, parts in (
            ("α · ", kept),
            ("", [w / case.alpha for w, (case, *_) in zip(kept, changes, strict=True)]),
        ):
            of = _flat(parts)
            times = float(more @ of / (of @ of))
            if abs(times) > 1e-9 and np.abs(times * of - more).max() <= 1e-5 * np.abs(more).max():
                part = f"{number_text(abs(times))} · {alpha}w{without}"
                return Scale(
                    f"{{}} {'−' if times > 0 else '+'} {part}",
                    why="A part of w goes as well (weight decay): a step of the notes has Δw alone.",
                    hint="Which line of your step subtracts a part of w itself?",
                )
    return None


def _flat(arrays):
    return np.concatenate([one[:, 1:].ravel() for one in arrays])
