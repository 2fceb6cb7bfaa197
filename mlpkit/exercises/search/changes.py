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
    (Scale("the sign of {}", why=_STEP), lambda g, case: np.sign(g)),
    (Scale("{} divided by the length of each matrix", why=_STEP), lambda g, case: g / np.linalg.norm(g)),
)
_UPHILL = "The step goes uphill: the new weight is w − α times the derivative. "


def _of_length(name, counted, given, sign):
    """The Scales of a division by the length of what is given, which is no number of examples for one alone."""
    why = (
        f"{_UPHILL if sign else ''}The gradient of a batch is a mean already: m belongs there no second time. And "
        f"len({name}) of one example alone is the number of its {counted}."
    )
    hint = f"Which number is len({name}) for one example alone, and which for a batch?"
    times = -1 if sign else 1
    return (
        (
            Scale(
                f"{sign}{{}} / len({name}) for one example alone",
                why=why.replace("m belongs there no second time. And ", ""),
                hint=hint,
            ),
            lambda g, case: times * g / (1 if case.batch else len(given(case))),
        ),
        (
            Scale(f"{sign}{{}} / len({name})", why=why, hint=hint),
            lambda g, case: times * g / len(given(case)),
        ),
    )


_LENGTHS = [
    one
    for name, counted, given in (("I", "inputs", lambda case: case.I), ("D", "outputs", lambda case: case.D))
    for sign in ("", "−")
    for one in _of_length(name, counted, given, sign)
]


def of_all_changes(answers):
    """[Found], or [] where it is nothing of that kind. answers: {case: the new weights}."""
    changes = [
        (case, theirs, right)
        for case, answer in answers.items()
        for theirs, right in zip(gradient_of(case, answer)[0], _gradient(case), strict=True)
    ]
    forms = [*_FORMS, *(_LENGTHS if {bool(case.batch) for case in answers} == {False, True} else ())]
    scale = next((scale for scale, form in forms if _all_are(changes, form)), None) or _decay(changes)
    if scale is None:
        return []
    line = change_of(replace(DELTA_OUT, scales=(AS_IT_IS, scale)))
    return [Found(replace(line, scales=(AS_IT_IS, scale)), (1, 0, 0), EVERYWHERE)]


def _gradient(case):
    I, D = np.atleast_2d(case.I), np.atleast_2d(case.D)
    activations = network.forward(case.net, I)
    return network.gradient(activations[1], network.backward(case.net, activations, D))


def _all_are(changes, form):
    return all(close(theirs[:, 1:], form(right, case)[:, 1:], 1e-9) for case, theirs, right in changes)


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
