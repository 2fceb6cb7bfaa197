"""The checks of an Activation and of a Loss: held against the slopes of their own values, not against the kit's."""

from functools import partial

import numpy as np

from mlpkit.core.functions import Activation, Loss
from mlpkit.exercises import where_right
from mlpkit.exercises.compare import differing, what_it_is
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.mistakes.derivatives import ACTIVATION, LOSS, Slopes
from mlpkit.exercises.report import HINTS_OF, VERDICT_OF, known_words, names_of
from mlpkit.exercises.result import RIGHT, Result
from mlpkit.exercises.sandbox import answer_of, seen
from mlpkit.exercises.words import short
from mlpkit.notation import number_text, two_numbers


def activation(sigma: Activation) -> Result:
    """§1: an Activation whose derivative is the slope of its own value, at many a, for arrays of any shape."""
    # The running example's own a first; none where a piecewise σ is likely to have its corner.
    a = np.array([0.05, 0.2, 1.2, *np.arange(-29.5, 30, 3) / 10])

    def value(a):
        return _numbers("σ(a)", sigma.value, {"a": a}, a.shape, "one number for each a")

    try:
        _require_made(sigma, Activation, "Activation(name, latex, value, derivative)")
        if not sigma.elementwise:
            return _of_layer(sigma)
        _elementwise("σ(a)", sigma.value, a)
        derivatives = {"σ′(a)": sigma.derivative}
        if sigma.derivative_from_o:
            derivatives["σ′ written in o"] = lambda a: sigma.derivative_from_o(sigma.value(a))
        for name, derivative in derivatives.items():
            found = _elementwise(name, derivative, a)
            right = _central(value, a)
            for at in differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                return _slip(
                    f"At a = {number_text(a[at])} your {name} is {theirs}, but the slope of your σ there is {slope}.\n"
                    "The slope is [σ(a + h) − σ(a − h)] / 2h with h = 10⁻⁵: σ′ is the derivative of the same σ (§1).",
                    _known(ACTIVATION, [_slopes_of(derivative, value, a, found, right)]),
                    where_right.of_activation(a, found, right, _SLACK),
                )
    except NotRight as problem:
        return _told(problem.finding)
    return Result(RIGHT, f"σ′ is the slope of σ at {a.size} values of a from −3 to 3, in arrays of any shape.")


def loss(loss: Loss) -> Result:
    """§1: a Loss whose gradient is the slope of its own value in each output, alone and in batches."""
    rng = np.random.default_rng(3)
    points = [(np.array([0.5723]), np.array([1.0]))]  # the running example's output
    points += [tuple(np.round(rng.uniform(0.1, 0.9, (2, *shape)), 2)) for shape in ((2,), (3,), (1,), (7, 2), (7, 3))]
    try:
        _require_made(loss, Loss, "Loss(name, latex, value, gradient)")
        for o, D in points:
            found, right = _loss_slopes(loss, o, D)
            for at in differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                batch = f" (example {at[0]} of a batch of {len(o)})" if o.ndim > 1 else ""
                return _slip(
                    f"For `o = {o[at[:-1]].tolist()}` and `D = {D[at[:-1]].tolist()}`{batch} your ∂L̃/∂o by output "
                    f"{at[-1] + 1} is {theirs}, but the slope of your L̃ there is {slope}.\nThe slope is the central "
                    "difference with h = 10⁻⁵: ∂L̃/∂o is the derivative of the same L̃ by each output (§1).",
                    _known(LOSS, [Slopes(*_loss_slopes(loss, o, D)) for o, D in points]),
                    where_right.of_loss(points, partial(_possible, _loss_slopes, loss), _SLACK),
                )
    except NotRight as problem:
        return _told(problem.finding)
    return Result(RIGHT, "∂L̃/∂o is the slope of L̃ for 1, 2 and 3 outputs, one example alone and in batches.")


def _of_layer(sigma):
    """The same for a σ of a whole layer, such as softmax: its derivative is a matrix for each example."""
    rng = np.random.default_rng(4)
    points = [np.round(rng.uniform(-2, 2, shape), 2) for shape in ((3,), (2,), (4, 3))]
    for a in points:
        found, right = _matrices(sigma, a)
        for at in differing(found, right, _SLACK)[:1]:
            theirs, slope = two_numbers(found[at], right[at])
            *example, k, j = at
            return _slip(
                f"For `a = {a[tuple(example)].tolist()}` your ∂o_{k + 1}/∂a_{j + 1} is {theirs}, but the slope of your "
                f"o_{k + 1} in a_{j + 1} there is {slope}.\nThe slope is the central difference with h = 10⁻⁵; "
                "row k of σ′(a) belongs to o_k, column j to a_j.",
                (),
                where_right.of_layer([place for a in points if (place := _possible(_layer, sigma, a))], _SLACK),
            )
    return Result(RIGHT, "σ′ is the matrix of the slopes of σ for 2 and 3 neurons, one example alone and in a batch.")


def _possible(f, *arguments):
    """What f gives, or None where the learner's function stops."""
    try:
        return f(*arguments)
    except NotRight:
        return None


def _layer(sigma, a):
    """What where_right.of_layer holds against each other at one a."""
    o = sigma.value(a)
    at_o = _possible(_matrices, sigma, o)
    return *_matrices(sigma, a), o, at_o and at_o[1]


def _matrices(sigma, a):
    """(the learner's σ′ of a whole layer, the slopes of the learner's σ), a matrix for each example."""

    def value(a):
        return _numbers("σ(a)", sigma.value, {"a": a}, a.shape, "one number for each a")

    needed = "a matrix for each example, ∂o_k/∂a_j,"
    found = _numbers("σ′(a)", sigma.derivative, {"a": a}, (*a.shape, a.shape[-1]), needed)
    return found, np.stack([_central(value, a, along) for along in np.eye(a.shape[-1])], axis=-1)


_SLACK = 1e-8  # how far rounding may put a central difference off


def _slip(sentence, known, certain):
    """A number is not the slope. known: the mistakes that give it; if none does, certain: what is, and a hint."""
    said, hint = ("", "") if known else certain
    return _told(Finding("number", sentence, hint=hint or _BY_HAND), known, said)


_BY_HAND = (
    "Differentiate your own value on paper, as it stands in your code. Which factor or term of it does your derivative "
    "not have?"
)


def _told(finding, known=(), certain=""):
    message = "\n".join(filter(None, [known_words(known), certain, finding.sentence]))
    hints = tuple(hint for mistake in known for hint in mistake.hints) or (finding.hint and (finding.hint,))
    return Result(
        VERDICT_OF[finding.kind],
        message,
        mistake=names_of(known),
        hints=hints or HINTS_OF[finding.kind],
    )


def _known(mistakes, places):
    """The mistakes whose two arrays are equal at all places, each the Slopes there."""

    def equal(way, slopes):
        theirs, wrong = way(slopes)
        return theirs is not None and wrong is not None and not differing(theirs, wrong, _SLACK)

    return tuple(m for m in mistakes if any(all(equal(way, slopes) for slopes in places) for way in m.ways))


def _slopes_of(derivative, value, a, found, right):
    o = value(a)
    try:
        at_o = _numbers("σ′(a)", derivative, {"a": o}, a.shape, "one number for each a")
    except NotRight:  # it may stop there
        at_o = None
    return Slopes(found, right, o, at_o, _central(value, o))


def _loss_slopes(loss, o, D):
    """(the learner's ∂L̃/∂o, the slope of the learner's L̃), both of the shape of o."""

    def value(o):
        return _numbers("L̃", loss.value, {"o": o, "D": D}, o.shape[:-1], "one number for each example")

    value(o)
    found = _numbers("∂L̃/∂o", loss.gradient, {"o": o, "D": D}, o.shape, "one number for each output")
    return found, np.stack([_central(value, o, along) for along in np.eye(o.shape[-1])], axis=-1)


def _central(f, at, along=1.0):
    """The slope of f by central differences."""
    h = 1e-5
    with np.errstate(all="ignore"):
        return (f(at + h * along) - f(at - h * along)) / (2 * h)


def _require_made(given, kind, call):
    fields = vars(given).values() if isinstance(given, kind) else (given,)
    if given is None or any(value is ... for value in fields):
        raise NotRight(Finding("unwritten", f"There is nothing to try yet: make it with `{call}` (§1)."))
    if not isinstance(given, kind):
        raise NotRight(Finding("unfit", f"{short(seen(given))} is no {kind.__name__}: make it with `{call}` (§1)."))


def _elementwise(name, f, a):
    """f of each number of a, after a look at whether it is the same in arrays of any shape."""
    needed = "one number for each a"
    alone = np.array([_numbers(name, f, {"a": one}, (1,), needed)[0] for one in a.reshape(-1, 1)])
    for shape in (a.shape, (1, a.size), (a.size, 1)):
        together = _numbers(name, f, {"a": a.reshape(shape)}, shape, needed).ravel()
        for at in differing(together, alone)[:1]:
            raise NotRight(
                Finding(
                    "number",
                    f"In an array, {name} is {number_text(together[at])} at a = {number_text(a[at])}, and alone it is "
                    f"{number_text(alone[at])}: σ takes each number on its own (§1).",
                )
            )
    return alone


def _numbers(name, f, arguments, shape, needed):
    """What a part of an Activation or a Loss gives, as an array of this shape. A constant may be one number."""
    answer = answer_of(f, arguments)
    try:
        numbers = np.asarray(answer)
    except (ValueError, TypeError):
        numbers = np.array("no numbers")
    constant = numbers.shape == () and name.startswith("σ′")
    if numbers.dtype.kind not in "fiub" or (numbers.shape != shape and not constant):
        given = " and ".join(f"{argument} of shape {value.shape}" for argument, value in arguments.items())
        raise NotRight(Finding("unfit", f"For {given}, {name} is {what_it_is(answer)}, but {needed} is needed."))
    if not np.isfinite(numbers).all():
        at = " and ".join(f"`{argument} = {value.ravel()[:3].tolist()}`" for argument, value in arguments.items())
        raise NotRight(Finding("unfit", f"{name} is {what_it_is(numbers.ravel()[0].item())} for {at}."))
    return np.broadcast_to(numbers.astype(float), shape)
