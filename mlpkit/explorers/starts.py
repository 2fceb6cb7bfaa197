"""Lesson 5: how the weights start."""

import numpy as np

from mlpkit.core.functions import half_squared_error, sigmoid
from mlpkit.core.network import Network
from mlpkit.core.training import mean_loss, train, train_epochs
from mlpkit.explorers.controls import Exploration, button, choice, maths, slider
from mlpkit.explorers.panels import LOSS, axis, curve, numbers, panel, point, sentence
from mlpkit.explorers.rates import thin
from mlpkit.explorers.xor import XOR_D, XOR_I
from mlpkit.notation import number_text, text

_START_EPOCHS, _START_ALPHA = 600, 4.0
_STARTS = 20
_LEARNED = 0.01  # a mean loss of XOR below this counts as learned
_S_RANGE = (0.01, 30)


def start():
    """The three hidden neurons of a 2-3-1 network that learns XOR: from equal weights, and from spread ones."""
    controls = [
        choice(
            "how",
            "start",
            "how the weights start",
            {"equal": "every weight is s", "random": "random, with the spread s"},
            "equal",
        ),
        slider("s", maths("<mi>s</mi>"), "size s of the weights", *_S_RANGE, 0.02, 0.5, log=True),
        button("draw", "Draw again", "Draw other random weights of the same spread"),
        button("count", f"Try {_STARTS} starts", f"Count how many of {_STARTS} random starts of this spread learn XOR"),
    ]

    def again(values, memory):
        return values | {"how": "random"}, memory | {"seed": memory["seed"] + 1}

    def count(values, memory):
        s = values["s"]
        learned = memory["learned"] | {s: sum(_learns(s, seed) for seed in range(_STARTS))}
        return values | {"how": "random"}, memory | {"learned": dict(sorted(learned.items()))}

    return Exploration(
        "How the weights start",
        controls,
        _start_shown,
        press={"draw": again, "count": count},
        memory={"seed": 0, "learned": {}},
    )


def _learns(s, seed):
    net = Network(start_weights("random", s, seed), sigmoid, half_squared_error)
    return train(net, XOR_I, XOR_D, _START_ALPHA, _START_EPOCHS).loss[-1] < _LEARNED


def start_weights(how, s, seed):
    """The weights of a 2-3-1 network: all equal to s, or normal with standard deviation s."""
    rng = np.random.default_rng(seed)
    w = []
    for shape in ((3, 4), (4, 2)):
        array = np.zeros(shape)
        array[0, 0] = 1
        array[:, 1:] = s if how == "equal" else s * rng.normal(size=(shape[0], shape[1] - 1))
        w.append(array)
    return w


def _start_shown(values, memory):
    net = Network(start_weights(values["how"], values["s"], memory["seed"]), sigmoid, half_squared_error)
    every = 4
    nets, losses = [net], [mean_loss(net, XOR_I, XOR_D)]
    for run in train_epochs(net, XOR_I, XOR_D, _START_ALPHA, _START_EPOCHS):
        losses.append(run.loss[-1])
        if len(run.loss) % every == 0:
            nets.append(run.net)
    at = np.arange(len(nets)) * every
    w = np.array([one.w[0] for one in nets])
    a = np.einsum("di,kij->kdj", np.column_stack([np.ones(4), XOR_I]), w)[..., 1:]
    o, slope = sigmoid.value(a), sigmoid.derivative(a).mean(axis=(1, 2))
    example = 1  # I = (0, 1)
    apart = float(np.ptp(o[-1], axis=1).max())
    words = _verdict_on_start(apart, float(slope[0]), losses)
    names = [text(("o", 1, i)) for i in (1, 2, 3)]
    x = axis("epoch", 0, _START_EPOCHS, ticks=4)
    left = panel(
        "the three hidden outputs for I = (0, 1)",
        f"The outputs of the hidden neurons over {_START_EPOCHS} epochs. {words}",
        x,
        axis(text(("o", 1, "j")), -0.03, 1.03),
        [
            curve(at, o[:, example, 0], "muted", names[0], "", 9),
            curve(at, o[:, example, 1], "o", names[1], "", 4.5),
            curve(at, o[:, example, 2], "fg", names[2], "dashed", 2),
        ],
    )
    right = panel(
        "the loss and the slope of σ",
        f"The mean loss, and the mean slope of sigma in the hidden neurons. {words}",
        x,
        axis("", -0.01, 0.27),
        [
            curve(*thin(losses, 0), "fg", f"mean {LOSS}", width=3),
            curve(at, slope, "delta", "mean σ′(a) of layer 1", "dashed", 3),
        ],
    )
    rows = [
        numbers(
            (f"mean {LOSS} at the end", number_text(losses[-1])),
            ("mean σ′(a) at the start", number_text(float(slope[0]))),
            ("outputs apart at the end", number_text(apart)),
        ),
        sentence(words),
    ]
    panels, learned = [left, right], memory["learned"]
    if values["s"] in learned and values["how"] == "random":
        s = values["s"]
        counted = f"Of {_STARTS} random starts with the spread {number_text(s)}, {learned[s]} learn XOR."
        rows.append(sentence(counted))
        words = f"{counted} {words}"
    if learned:
        panels.append(_learned_panel(learned))
    return {"panels": panels, "rows": rows, "spoken": words}


def _learned_panel(learned):
    tried = ", ".join(f"{count} at {number_text(s)}" for s, count in learned.items())
    return panel(
        f"how many of {_STARTS} random starts learn XOR",
        f"How many of {_STARTS} random starts learn XOR, against their spread: {tried}.",
        axis("s", *_S_RANGE, log=True),
        axis(f"of {_STARTS}", -0.8, _STARTS + 0.8, ticks=(0, 5, 10, 15, 20)),
        [curve([*learned], [*learned.values()], "muted", dash="dotted", width=1.5)],
        points=[point(s, count, str(count)) for s, count in learned.items()],
    )


def _verdict_on_start(apart, slope, losses):
    rest = f"the mean {LOSS} ends at {number_text(losses[-1])}"
    if apart < 1e-9:
        return f"The three hidden neurons stay one and the same neuron, three times over; {rest}."
    if slope < 0.05:
        return (
            f"The hidden neurons start saturated: the mean σ′ is {number_text(slope)}, where 0.25 is the most; {rest}."
        )
    if losses[-1] < _LEARNED:
        return f"The hidden neurons part, each finds its own task, and XOR is learned; {rest}."
    return f"The hidden neurons part, but XOR is not learned within {len(losses) - 1} epochs; {rest}."
