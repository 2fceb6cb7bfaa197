"""The playground in words and numbers, for the screen and aloud."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10, nan

import numpy as np

from mlpkit.core.network import forward
from mlpkit.core.training import mean_loss
from mlpkit.explorers.panels import axis
from mlpkit.explorers.playground.state import MOST_LAYERS, MOST_NEURONS
from mlpkit.explorers.trainer import accuracy
from mlpkit.notation import number_text, spoken_number, text

LABELS = {"xor": "XOR", "circles": "circles", "moons": "moons", "spiral": "spiral", "own": "my points"}
_SHORT = {"half squared error": "½ (o − D)²"}
_MOST_SAMPLES = 400  # of the losses
_text_once = number_text.__wrapped__  # of numbers that do not come again: the cache behind number_text would grow
_LOWEST, _HIGHEST = 1e-6, 1e3  # what is beyond is drawn there


@dataclass(frozen=True)
class Losses:
    """training, test, kit: the mean loss of the network reached; NaN where there are no such points, or no kit's.

    right, test_right: the shares that come out right.
    """

    training: float = nan
    test: float = nan
    kit: float = nan
    right: float = nan
    test_right: float = nan


def losses(state):
    """The Losses of a State."""
    training, testing = state.points.training, state.points.testing
    if not len(training[0]):
        return Losses()
    with np.errstate(all="ignore"):
        return Losses(
            mean_loss(state.net, *training),
            mean_loss(state.net, *testing) if testing else nan,
            nan if state.kit is None else mean_loss(state.kit, *training),
            accuracy(state.net, *training),
            accuracy(state.net, *testing) if testing else nan,
        )


class Curve:
    """The losses of a training so far, so thinned that it needs no more memory the longer it runs."""

    def __init__(self):
        self.samples = []  # (epoch, training, test, kit)
        self._gap = 0  # in epochs, from one to the next, but for the last

    def add(self, epoch, losses):
        samples = self.samples
        if (samples and samples[-1][0] == epoch) or (len(samples) > 1 and samples[-1][0] - samples[-2][0] < self._gap):
            samples.pop()
        samples.append((epoch, losses.training, losses.test, losses.kit))
        if len(samples) > _MOST_SAMPLES:
            self._gap = 2 * (epoch - samples[0][0]) / _MOST_SAMPLES
            kept = samples[:1]
            for sample in samples[1:-1]:
                if sample[0] - kept[-1][0] >= self._gap:
                    kept.append(sample)
            self.samples = [*kept, samples[-1]]

    def as_bytes(self):
        """As float32: epoch, training, test, kit, one sample after another; the losses inside the axis, or NaN."""
        numbers = np.array(self.samples, float).reshape(-1, 4)
        numbers[:, 1:] = np.clip(numbers[:, 1:], _LOWEST, _HIGHEST)
        return numbers.astype("<f4").tobytes()

    def axes(self):
        """{"x": the axis of the epochs, "y": that of the losses}, which move rarely."""
        numbers = np.array([sample[1:] for sample in self.samples], float)
        numbers = numbers[np.isfinite(numbers)]
        numbers = np.clip(numbers, _LOWEST, _HIGHEST) if len(numbers) else np.array([0.1])
        low, high = 10.0 ** floor(log10(numbers.min())), 10.0 ** ceil(log10(numbers.max()))
        first, last = (self.samples[0][0], self.samples[-1][0]) if self.samples else (0, 0)
        return {
            "x": axis("epoch", first, first + _round_up(max(10, last - first)), ticks=5),
            "y": axis(text(("loss",)), low, max(high, 10 * low), log=True, ticks=3),
        }


def _round_up(number):
    """The first of 1, 2, 5, 10, 20, ... that is not below `number`."""
    unit = 10 ** floor(log10(number))
    return next(unit * part for part in (1, 2, 5, 10) if number <= unit * part)


def shown(state, losses, running, opened, example, problem, beside=()):
    """What stands on the screen beside the pictures.

    opened: whether the numbers are open. example: the row of the chosen point, or None. problem: why it does not go on,
    or "". beside: sentences on the learner's functions.
    """
    m = len(state.points.training[0])
    size = min(state.batch or m, m)
    steps = ceil(m / size) if m else 0
    taken = steps - len(state.left) if state.left else 0
    told = "training" if running else "ready" if state.net is state.start else "paused"
    return {
        "epoch": str(state.epochs),
        "part": f"+ {taken} of {steps} steps" if taken else "",
        "losses": [_number(losses.training), _number(losses.test), _number(losses.kit)],
        "right": [_share(losses.right), _share(losses.test_right)],
        "running": running,
        "state": told,
        "opened": opened,
        "buttons": _buttons(state, running, opened, told),
        "sizes": [n - 1 for n in state.net.n],
        "more": len(state.hidden) < MOST_LAYERS,
        "most": MOST_NEURONS,
        "side": state.points.side,
        "ends": [number_text(-state.points.side), number_text(state.points.side)],
        "counts": [m, len(state.points.all[0]) - m],
        "output": text(("o", state.net.L - 1, 1)),
        "example": None if example is None else _example(state, example, running),
        "problem": problem,
        "beside": list(beside),
        "spoken": _spoken(state, losses, told, problem),
    }


def _buttons(state, running, opened, told):
    start = {"training": "Pause", "paused": "Continue", "ready": "Start"}[told]
    return {
        "start": {"label": start, "spoken": f"{start} the training"},
        "reset": {"disabled": told == "ready" and not running},
        "numbers": {
            "label": "Close the numbers" if opened else "Open the numbers",
            "spoken": "Close the stepper" if opened else "Open the numbers of this example in a stepper",
            "disabled": not len(state.points.all[0]) and not opened,
        },
    }


def _example(state, k, running):
    I, D, is_test = state.points.all
    with np.errstate(all="ignore"):
        o = float(forward(state.net, I[k])[1][-1][1])
    inputs = [number_text(round(float(x), 3)) for x in I[k]]
    said = f"I = ({inputs[0]}, {inputs[1]}), D = {int(D[k, 0])}"
    name = f"{'test' if is_test[k] else 'example'} {k + 1}"
    return {
        "row": int(k),
        "text": f"{name}: {said}",
        "output": f"{text(('o', state.net.L - 1, 1))} = {_text_once(o)}",
        "spoken": f"{name} of {len(I)}, {said}" + ("" if running else f", output {spoken_number(o)}"),
    }


def _spoken(state, losses, told, problem):
    if told == "training":
        return "training"
    sizes = "-".join(str(n - 1) for n in state.net.n)
    said = [problem, f"{told}. {sizes} network on {LABELS[state.points.data]}, epoch {state.epochs}"]
    if isfinite(losses.training):
        said.append(f"mean loss {spoken_number(losses.training)}, {_share(losses.right)} right")
    if isfinite(losses.test):
        said.append(f"test points: mean loss {spoken_number(losses.test)}, {_share(losses.test_right)} right")
    return ". ".join(filter(None, said)) + "."


def _number(loss):
    return "" if np.isnan(loss) else _text_once(loss)


def _share(part):
    return "" if np.isnan(part) else f"{100 * part:.0f} %" if part in (0, 1) else f"{min(99.9, 100 * part):.1f} %"


def choices(sigmas, known_losses):
    """What can be chosen: {id: [{"value", "label"}, ...]}. sigmas, known_losses: those of the menus."""

    def options(pairs):
        return [{"value": value, "label": label} for value, label in pairs]

    return {
        "data": options(LABELS.items()),
        "sigma": options((sigma.name, sigma.name) for sigma in sigmas),
        "loss": options((loss.name, _SHORT.get(loss.name, loss.name)) for loss in known_losses),
    }
