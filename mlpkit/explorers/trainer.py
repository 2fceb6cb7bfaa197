"""Lesson 5: training while one watches."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from statistics import median

import numpy as np

from mlpkit.core.network import Network, forward
from mlpkit.explorers.controls import button, choice, maths, slider
from mlpkit.explorers.panels import (
    LOSS,
    axis,
    contour,
    curve,
    heat,
    marks,
    named,
    numbers,
    panel,
    plain,
    point,
    sentence,
)
from mlpkit.explorers.rates import thin
from mlpkit.explorers.xor import output_map
from mlpkit.notation import number_text, text


def accuracy(net, I, D):
    """The share of examples that come out right.

    Of several outputs the largest counts; of a single one, on which side of the middle of D it lies.
    """
    o = forward(net, I)[1][-1][..., 1:]
    if o.shape[-1] > 1:
        return float(np.mean(o.argmax(axis=-1) == np.argmax(D, axis=-1)))
    middle = _middle(D)
    return float(np.mean((o > middle) == (np.asarray(D) > middle)))


def _middle(D):
    low, high = float(np.min(D)), float(np.max(D))
    return (low + high) / 2 if low < high else 0.5


_ABOVE_IMAGES = 240  # pixels, the height of the other panels
_TIMED = 51  # of so many last epochs the median time is shown
PACES = {"1": "1 epoch", "10": "10 epochs", "100": "100 epochs", "all": "as many as it can"}


@dataclass(eq=False)
class Beside:
    """Of a training on somebody's own functions, what has become of the kit's own from the same start.

    names: their functions in words. through: the forward phase by which the map of the plane is drawn.
    kit: the Network of the kit's training. kit_losses: at the start, then after each epoch. parts: a sentence on the
    first number that is not the kit's, or "". times: of the last epochs, (seconds of theirs, of the kit's).
    """

    names: str
    through: Callable
    kit: Network
    kit_losses: list
    parts: str = ""
    times: deque = field(default_factory=lambda: deque(maxlen=_TIMED))

    @property
    def seconds(self):
        """(an epoch of theirs, one of the kit's), the medians, or None."""
        return tuple(map(median, zip(*self.times, strict=True))) or None


@dataclass(eq=False)
class Training:
    """What a training has reached since its start; it grows from epoch to epoch.

    net: the Network reached. I, D: the examples, in rows. test: (I, D) of others, or None. epochs: how many it is to
    have. losses: at the start, then after each epoch. tested, where there are test examples: for each of these epochs
    (share of the training examples that come out right, share of the test examples, mean loss of the test examples).
    problem: why it does not go on, in a sentence, or "". beside: where it runs on somebody's own functions.
    """

    net: Network
    I: np.ndarray
    D: np.ndarray
    test: tuple | None
    epochs: int
    losses: list
    tested: list = field(default_factory=list)
    problem: str = ""
    beside: Beside | None = None

    @property
    def done(self):
        """The number of epochs so far."""
        return len(self.losses) - 1


def training_controls(alpha, pace):
    low, high = min(0.001, alpha), max(10.0, alpha)
    return [
        button("start", "Start", "Start the training"),
        button("stop", "Stop", "Stop the training"),
        button("reset", "Reset", "Go back to the weights of the start"),
        choice("pace", "from picture to picture", "how many epochs from picture to picture", PACES, pace),
        button("follow", *_FOLLOW[False]),
        slider("alpha", maths("<mi>α</mi>"), "learning rate alpha", low, high, 0.02, alpha, log=True),
    ]


# The button for the stepper, while none is open and while one is.
_FOLLOW = {
    False: ("Open the numbers", "Open the numbers of this network in a stepper, below"),
    True: ("Close the numbers", "Close the stepper below"),
}


def training_shown(training, running=False, opened=False):
    """What the trainer shows of a Training. opened: whether its numbers are in a stepper."""
    net, losses, beside = training.net, training.losses, training.beside
    done, epochs = training.done, training.epochs
    state = "training" if running else "ready" if not done else "finished" if done >= epochs else "stopped"
    told = (training.problem or state).removesuffix(".")
    said = f"{told}. Epoch {done} of {epochs}, mean loss {number_text(losses[-1])}."
    x = axis("epoch", 0, epochs, ticks=4)
    misread = _misread(net, *training.test) if training.test is not None else None
    height = _ABOVE_IMAGES if misread else None
    panels = [_loss_panel(training, x, said, height)]
    pairs = [
        ("epoch", f"{done} of {epochs}", 2 * len(str(epochs)) + 3),
        (f"mean {LOSS}", number_text(losses[-1]), 10),
    ]
    rows = _beside_rows(beside, losses) if beside else []
    if net.n[0] == 3:
        panels.append(_decision_panel(net, training.I, training.D, said, beside.through if beside else forward))
    if training.test is not None:
        shares = np.array([one[:2] for one in training.tested])
        panels.append(_shares_panel(shares, x, said, height))
        pairs.append(("test right", _share(shares[-1, 1]), 6))
        rows.append(sentence(_milestones(shares[:, 1])))
        if misread:
            panels.append(misread)
    elif _has_classes(training.D):
        pairs.append(("right", _share(accuracy(net, training.I, training.D)), 6))
    return {
        "panels": [] if opened else panels,  # the buttons and the stepper below are then in view together
        "status": named(*pairs, ("", state, 8)),
        "rows": rows,
        "problem": training.problem,
        "spoken": said if not running else "training",
        "controls": training_buttons(training, running, opened),
    }


_LOWEST = 1e-9  # what is less stands there, on an axis that has no 0


def _loss_panel(training, x, said, height):
    losses, tested, beside = training.losses, training.tested, training.beside
    test_losses = [one[2] for one in tested]
    kit_losses = beside.kit_losses if beside else []
    finite = [max(_LOWEST, one) for one in [*losses, *test_losses, *kit_losses] if isfinite(one)] or [1.0]
    high = 1.6 * finite[0]
    high = high if max(finite) < high else 10.0 ** ceil(log10(max(finite)))  # it stays until a curve would leave it
    low = min(10.0 ** floor(log10(finite[0]) - 0.5), 10.0 ** floor(log10(min(finite))))
    name = f"on {beside.names}" if beside else "training examples" * bool(tested)
    curves = [curve(*thin(_finite(losses), low), name=name, width=3)]
    if beside:  # it lies below and is wider, so that it is seen where the two are the same
        curves.insert(0, curve(*thin(_finite(kit_losses), low), "muted", "on the kit’s", "longdash", 7))
    if tested:
        curves.append(curve(*thin(_finite(test_losses), low), "o", "test examples", "dashed"))
    return panel(
        "the loss, epoch by epoch",
        f"The mean loss against the epoch. {said}",
        x,
        axis(f"mean {LOSS}", low, high, log=True),
        curves,
        points=[point(training.done, max(losses[-1], low))],
        height=height,
    )


def _shares_panel(shares, x, said, height):
    training, testing = shares.T
    lowest = max(0, 10 * floor(10 * min(0.9, training.min(), testing.min())))
    return panel(
        "how many come out right",
        f"The accuracy in per cent against the epoch. {said}",
        x,
        axis("right, in %", lowest, 102),
        [
            curve(*thin(100 * training, 0), "fg", "training examples", width=3),
            curve(*thin(100 * testing, 0), "o", "test examples", "dashed"),
        ],
        height=height,
    )


def training_buttons(training, running, opened):
    """What the trainer's buttons say, and which of them can be pressed."""
    done = training.done
    start = (
        ("Start", "Start the training")
        if not done
        else ("Continue", "Continue the training")
        if done < training.epochs
        else ("Go on", "Go on for as many epochs again")
    )
    return {
        "start": {"label": start[0], "spoken": start[1], "disabled": running},
        "stop": {"disabled": not running},
        "reset": {"disabled": not done},
        "follow": dict(zip(("label", "spoken"), _FOLLOW[opened], strict=True)),
    }


def _beside_rows(beside, losses):
    """How the training on somebody's own functions compares with the kit's, in numbers and sentences."""
    names, last, kits = beside.names, losses[-1], beside.kit_losses[-1]
    if len(losses) == 1:
        return [sentence(f"It trains on {names}, and the kit’s own training goes along, from the same weights.")]
    together = beside.parts or f"In the first epoch every number of {names} was the kit’s."
    rows = [
        numbers((f"mean {LOSS} on {names}", _long(last), 20), ("on the kit’s", _long(kits), 20)),
        sentence(f"{together} {agreement(last, kits)}"),
    ]
    if beside.seconds:
        rows.append(sentence(how_long(names, *beside.seconds)))
    return rows


def how_long(names, own, kit):
    """How long an epoch takes on theirs and on the kit's, in a sentence. own, kit: seconds."""
    times = f"{_two_digits(own / kit)} times as long" if own > kit else "no longer than that"
    return f"An epoch: {_milliseconds(own)} on {names}, {_milliseconds(kit)} on the kit’s, {times}."


def agreement(one, other):
    """To how many digits two losses agree, in a sentence."""
    if not (isfinite(one) and isfinite(other)):
        return ""
    if one == other:
        return "The two losses agree to the last digit."
    digits = floor(-log10(abs(one - other) / max(abs(one), abs(other))))
    if digits < 1:
        return "The two losses part in their first digit."
    return f"The two losses agree to {digits} digit{'' if digits == 1 else 's'}."


def _long(loss):
    return f"{loss:.15g}" if isfinite(loss) else number_text(loss)


def _milliseconds(seconds):
    return f"{_two_digits(1000 * seconds)} ms"


def _two_digits(value):
    return number_text(float(f"{value:.2g}"))


def _finite(losses):
    return [one if isfinite(one) else np.nan for one in losses]


def _milestones(shares):
    """After which epochs the share of right test examples was above a few marks for the first time, and the best."""
    passed = [
        f"above {mark} % after epoch {int(np.argmax(shares > mark / 100))}"
        for mark in (50, 90, 95, 98, 99)
        if shares[0] <= mark / 100 < shares.max()
    ]
    best = f"at best {_share(shares.max())}, after epoch {int(shares.argmax())}"
    return f"Test examples right: {', '.join([*passed, best])}."


def _share(part):
    return f"{plain(f'{100 * part:.1f}')} %"


def _has_classes(D):
    return len(np.unique(D)) == 2


def _decision_panel(net, I, D, said, through):
    spans = [_span(I[:, k]) for k in (0, 1)]
    low, high = (float(np.min(D)), float(np.max(D))) if _has_classes(D) else (0.0, 1.0)
    values = (output_map(net, *spans, 41, through) - low) / (high - low)
    of = D[:, 0] > _middle(D)
    # Many examples are drawn small, and of very many some: the picture goes to the browser twenty times a second.
    every = max(1, ceil(len(I) / 400))
    size = 8 if len(I) <= 8 else 4
    output = text(("o", net.L - 1, 1))
    groups = [
        marks(
            I[one][::every, 0],
            I[one][::every, 1],
            shape,
            "fg",
            f"D = {number_text(value)}" if _has_classes(D) else "",
            filled,
            size,
        )
        for one, value, shape, filled in ((of, high, "circle", True), (~of, low, "square", False))
    ]
    return panel(
        "what it makes of the plane",
        f"A map of the output over the two inputs. {said}",
        axis("I₁", *spans[0], ticks=4),
        axis("I₂", *spans[1], ticks=4),
        [curve(*contour(values, *spans, 0.5), "fg", f"{output} = {number_text((low + high) / 2)}")],
        groups,
        heat=heat(values, *spans, f"{output}: 0 to 1"),
        square=True,
    )


def _span(values):
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) or 1.0
    return low - margin, high + margin


def _misread(net, I, D, count=12):
    """The first test images that are read wrongly, where the inputs are the points of a square image."""
    side = round((net.n[0] - 1) ** 0.5)
    if side**2 != net.n[0] - 1 or side < 5 or net.n[-1] < 3:
        return None
    read, is_ = forward(net, I)[1][-1][..., 1:].argmax(axis=-1), np.argmax(D, axis=-1)
    wrong = np.nonzero(read != is_)[0]
    largest = float(np.max(I)) or 1.0
    return {
        "title": f"read wrongly: {len(wrong)} of {len(I)}",
        "spoken": f"The first of {len(wrong)} test images that are read wrongly: "
        + ", ".join(f"{is_[d]} as {read[d]}" for d in wrong[:count])
        + ".",
        "wide": True,
        "places": count,
        "images": [
            {
                "side": side,
                "levels": np.rint(9 * np.clip(I[d] / largest, 0, 1)).astype(int).tolist(),
                "caption": f"{is_[d]}, not {read[d]}",
            }
            for d in wrong[:count]
        ],
    }
