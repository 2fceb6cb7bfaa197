"""Lesson 5: training while one watches."""

from math import ceil, floor, isfinite, log10

import numpy as np

from mlpkit.explorations.controls import button, choice, slider
from mlpkit.explorations.panels import LOSS, axis, contour, curve, heat, marks, named, panel, plain, point, sentence
from mlpkit.explorations.rates import thin
from mlpkit.explorations.xor import output_map
from mlpkit.network import forward
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


PACES = {"1": "1 epoch", "10": "10 epochs", "100": "100 epochs", "all": "as many as it can"}


def training_controls(alpha, pace):
    low, high = min(0.001, alpha), max(10.0, alpha)
    return [
        button("start", "Start", "Start the training"),
        button("stop", "Stop", "Stop the training"),
        button("reset", "Reset", "Go back to the weights of the start"),
        choice("pace", "from picture to picture", "how many epochs from picture to picture", PACES, pace),
        slider("alpha", "<math><mi>α</mi></math>", "learning rate alpha", low, high, 0.02, alpha, log=True),
    ]


def training_shown(net, I, D, test, losses, tested, epochs, running, problem=""):
    """What the trainer shows.

    losses: at the start, then after each epoch. tested, where there are test examples: for each of these epochs
    (share of the training examples that come out right, share of the test examples, mean loss of the test examples).
    """
    done = len(losses) - 1
    floor_ = 1e-9
    shares, test_losses = np.array([one[:2] for one in tested]), [one[2] for one in tested]
    finite = [max(floor_, one) for one in [*losses, *test_losses] if isfinite(one)] or [1.0]
    high = 1.6 * finite[0]
    high = high if max(finite) < high else 10.0 ** ceil(log10(max(finite)))  # it stays until a curve would leave it
    low = min(10.0 ** floor(log10(finite[0]) - 0.5), 10.0 ** floor(log10(min(finite))))
    state = "training" if running else "ready" if not done else "finished" if done >= epochs else "stopped"
    said = f"{problem or state}. Epoch {done} of {epochs}, mean loss {number_text(losses[-1])}."
    x = axis("epoch", 0, epochs, ticks=4)
    curves = [curve(*thin(_finite(losses), low), name="training examples" * bool(tested), width=3)]
    if tested:
        curves.append(curve(*thin(_finite(test_losses), low), "o", "test examples", "dashed"))
    panels = [
        panel(
            "the loss, epoch by epoch",
            f"The mean loss against the epoch. {said}",
            x,
            axis(f"mean {LOSS}", low, high, log=True),
            curves,
            points=[point(done, max(losses[-1], low))],
        )
    ]
    count = f"{done} of {epochs}"
    pairs = [("epoch", count, 2 * len(str(epochs)) + 4), (f"mean {LOSS}", number_text(losses[-1]), 10)]
    rows = []
    if net.n[0] == 3:
        panels.append(_decision_panel(net, I, D, said))
    if test is not None:
        training, testing = shares.T
        lowest = max(0, 10 * floor(10 * min(0.9, training.min(), testing.min())))
        panels.append(
            panel(
                "how many come out right",
                f"The accuracy in per cent against the epoch. {said}",
                x,
                axis("right, in %", lowest, 102),
                [
                    curve(*thin(100 * training, 0), "fg", "training examples", width=3),
                    curve(*thin(100 * testing, 0), "o", "test examples", "dashed"),
                ],
            )
        )
        pairs.append(("test right", _share(testing[-1]), 6))
        rows.append(sentence(_milestones(testing)))
        misread = _misread(net, *test)
        if misread:
            panels.append(misread)
    elif _has_classes(D):
        pairs.append(("right", _share(accuracy(net, I, D)), 6))
    return {
        "panels": panels,
        "status": named(*pairs, ("", state, 8)),
        "rows": rows,
        "problem": problem,
        "spoken": said if not running else "training",
        "controls": {
            "start": {
                "label": "Start" if not done else "Continue" if done < epochs else "Go on",
                "spoken": "Start the training"
                if not done
                else "Continue the training"
                if done < epochs
                else "Go on for as many epochs again",
                "disabled": running,
            },
            "stop": {"disabled": not running},
            "reset": {"disabled": not done},
        },
    }


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


def _decision_panel(net, I, D, said):
    spans = [_span(I[:, k]) for k in (0, 1)]
    low, high = (float(np.min(D)), float(np.max(D))) if _has_classes(D) else (0.0, 1.0)
    values = (output_map(net, *spans, 41) - low) / (high - low)
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
        heat=heat(values, *spans, output),
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
