"""The playground in words and numbers, for the screen and aloud."""

from dataclasses import astuple, dataclass
from itertools import pairwise
from math import ceil, floor, isfinite, log10, nan

import numpy as np

from mlpkit.core.network import forward
from mlpkit.core.training import mean_loss
from mlpkit.explorers.panels import axis
from mlpkit.explorers.playground.pictures import SHOWN, image_side, tiles
from mlpkit.explorers.playground.state import BATCHES, MOST_LAYERS, sizes_text
from mlpkit.notation import number_text, spoken_number, text

PACES = {"1": "1", "10": "10", "100": "100", "all": "most"}  # epochs from picture to picture
LABELS = {"xor": "XOR", "circles": "circles", "moons": "moons", "spiral": "spiral", "own": "my points"}
_SHORT = {"half squared error": "½ (o − D)²"}
_MOST_SAMPLES = 400  # of the losses
_text_once = number_text.__wrapped__  # of numbers that do not come again: the cache behind number_text would grow
_LOWEST, _HIGHEST = 1e-6, 1e3  # what is beyond is drawn there


@dataclass(frozen=True)
class Losses:
    """training, test, kit: the mean loss of the network reached; NaN where there are no such points, or no kit's.

    right, test_right: the shares that come out right; NaN where the examples fall into no classes.
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
    right = accuracy if state.points.classes else lambda *_: nan
    with np.errstate(all="ignore"):
        return Losses(
            mean_loss(state.net, *training),
            mean_loss(state.net, *testing) if testing else nan,
            nan if state.kit is None else mean_loss(state.kit, *training),
            right(state.net, *training),
            right(state.net, *testing) if testing else nan,
        )


def accuracy(net, I, D):
    """The share of examples that come out right.

    Of several outputs the largest counts; of a single one, on which side of the middle of D it lies.
    """
    return float(np.mean(is_right(net, I, D)))


def is_right(net, I, D):
    """Which of the examples come out right, (m,)."""
    o = forward(net, I)[1][-1][..., 1:]
    if o.shape[-1] > 1:
        return o.argmax(axis=-1) == np.argmax(D, axis=-1)
    low, high = float(np.min(D)), float(np.max(D))
    middle = (low + high) / 2 if low < high else 0.5
    return ((o > middle) == (np.asarray(D) > middle))[..., 0]


_MARKS = (0.5, 0.9, 0.95, 0.98, 0.99)


class Milestones:
    """After which epochs the share of right test examples was above a few marks for the first time, and the best."""

    def __init__(self):
        self._passed, self._best = {}, None  # {mark: epoch}; (share, epoch)

    def add(self, epoch, share):
        if np.isnan(share):
            return
        first = self._best is None
        for mark in _MARKS:
            if share > mark and mark not in self._passed:
                self._passed[mark] = None if first else epoch
        if first or share > self._best[0]:
            self._best = share, epoch

    def said(self):
        """A sentence, or "" where there are no test examples."""
        if self._best is None:
            return ""
        passed = [f"above {100 * mark:.0f} % after epoch {epoch}" for mark, epoch in self._passed.items() if epoch]
        best = f"at best {_share(self._best[0])}, after epoch {self._best[1]}"
        return f"Test examples right: {', '.join([*passed, best])}."


class Curve:
    """The losses of a training so far, so thinned that it needs no more memory the longer it runs."""

    def __init__(self):
        self.samples = []  # (epoch, training, test, kit, right, test right)
        self._gap = 0  # in epochs, from one to the next, but for the last

    def add(self, epoch, losses):
        samples = self.samples
        if (samples and samples[-1][0] == epoch) or (len(samples) > 1 and samples[-1][0] - samples[-2][0] < self._gap):
            samples.pop()
        samples.append((epoch, *astuple(losses)))
        if len(samples) > _MOST_SAMPLES:
            self._gap = 2 * (epoch - samples[0][0]) / _MOST_SAMPLES
            kept = samples[:1]
            for sample in samples[1:-1]:
                if sample[0] - kept[-1][0] >= self._gap:
                    kept.append(sample)
            self.samples = [*kept, samples[-1]]

    def as_bytes(self):
        """As float32, one sample after another, with the losses inside the axis, or NaN, and the shares in per cent."""
        numbers = np.array(self.samples, float).reshape(-1, 6)
        numbers[:, 1:4] = np.clip(numbers[:, 1:4], _LOWEST, _HIGHEST)
        numbers[:, 4:] *= 100
        return numbers.astype("<f4").tobytes()

    def axes(self):
        """{"x": the axis of the epochs, "y": that of the losses, "right": that of the shares}, which move rarely."""
        every = np.array(self.samples, float).reshape(-1, 6)
        numbers, shares = every[:, 1:4], every[:, 4:]
        numbers, shares = numbers[np.isfinite(numbers)], shares[np.isfinite(shares)]
        numbers = np.clip(numbers, _LOWEST, _HIGHEST) if len(numbers) else np.array([0.1])
        low, high = 10.0 ** floor(log10(numbers.min())), 10.0 ** ceil(log10(numbers.max()))
        first, last = (self.samples[0][0], self.samples[-1][0]) if self.samples else (0, 0)
        return {
            "x": axis("epoch", first, first + _round_up(max(10, last - first)), ticks=5),
            "y": axis(text(("loss",)), low, max(high, 10 * low), log=True, ticks=3),
            "right": axis("%", 10 * floor(10 * min(0.9, shares.min(initial=0.9))), 102, ticks=4),
        }


def _round_up(number):
    """The first of 1, 2, 5, 10, 20, ... that is not below `number`."""
    unit = 10 ** floor(log10(number))
    return next(unit * part for part in (1, 2, 5, 10) if number <= unit * part)


def shown(state, losses, running, opened, example, problem, beside=()):
    """What stands on the screen beside the pictures.

    opened: whether the numbers are open. example: the row of the chosen one, or None. problem: why it does not go on,
    or "". beside: sentences on the learner's functions, and on the test examples.
    """
    points, net = state.points, state.net
    m = len(points.training[0])
    size = min(state.batch or m, m)
    steps = ceil(m / size) if m else 0
    taken = steps - len(state.left) if state.left else 0
    told = "training" if running else "ready" if net is state.start else "paused"
    return {
        "epoch": str(state.epochs),
        "part": f"+ {taken} of {steps} steps" if taken else "",
        "losses": [_number(losses.training), _number(losses.test), _number(losses.kit)],
        "right": [_share(losses.right), _share(losses.test_right)],
        "running": running,
        "state": told,
        "opened": opened,
        "buttons": _buttons(state, running, opened, told),
        "sizes": [n - 1 for n in net.n],
        "tiles": tiles(net),
        "more": len(state.hidden) < MOST_LAYERS,
        "most": state.most_neurons,
        "plane": points.plane,
        "side": points.side if points.plane else image_side(net),
        "ends": [number_text(end) for end in (-points.side, points.side)] if points.plane else [],
        "counts": [m, len(points.all[0]) - m],
        "output": text(("o", net.L - 1, 1)),
        "names": [str(j + (net.n[-1] != 11)) for j in range(net.n[-1] - 1)] if net.n[-1] > 2 else [],
        "example": None if example is None else _example(state, example, running),
        "parts": _parts(points),
        "gallery": [] if points.plane or example is None else _gallery(state, example),
        "problem": problem,
        "beside": list(beside),
        "spoken": _spoken(state, losses, told, problem),
    }


def _parts(points):
    """The rows where pages begin anew, and the end: other examples that are for testing are on pages of their own."""
    return [0, *([] if points.apart is None else [len(points.given[0])]), len(points.all[0])]


def page(points, row):
    """The rows of the examples that are shown beside this one, where there is no plane."""
    start, end = next(part for part in pairwise(_parts(points)) if row < part[1])
    first = start + (row - start) // SHOWN * SHOWN
    return range(first, min(first + SHOWN, end))


def _gallery(state, row):
    """Of each example that is shown: {"row", "text", "wrong", "spoken"}."""
    points = state.points
    rows = page(points, row)
    I, D, is_test = (array[rows.start : rows.stop] for array in points.all)
    with np.errstate(all="ignore"):
        o = forward(state.net, I)[1][-1][..., 1:]
    right = is_right(state.net, I, D) if points.classes and D.shape[1] > 1 else np.ones(len(rows), bool)
    found = []
    for k, at in enumerate(rows):
        is_, read = _class_of(D[k]), _class_of(o[k])
        words = is_ if right[k] else f"{is_}, not {read}"
        if not points.classes or D.shape[1] == 1:
            words = ", ".join(number_text(round(float(d), 2)) for d in D[k][:3])
        name = f"{'test' if is_test[k] else 'example'} {at + 1}"
        found.append({"row": at, "text": words, "wrong": not right[k].item(), "spoken": f"{name}: {words}"})
    return found


def _class_of(outputs):
    """Which of several outputs is the largest; ten of them are the digits from 0."""
    largest = int(np.argmax(outputs))
    return str(largest) if len(outputs) == 10 else f"class {largest + 1}"


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
        outputs = forward(state.net, I[k])[1][-1][1:]
    j = int(np.argmax(outputs))
    o = float(outputs[j])
    name = f"{'test' if is_test[k] else 'example'} {k + 1}"
    said = [f"I = {_vector(I[k])}"] if I.shape[1] <= _MOST_WRITTEN else []
    if len(outputs) > 1 and state.points.classes:
        said.append(f"{_class_of(D[k])}, read as {_class_of(outputs)}")
    elif len(outputs) <= _MOST_WRITTEN:
        said.append(f"D = {_vector(D[k])}")
    said = ", ".join(said)
    return {
        "row": int(k),
        "text": f"{name}: {said}",
        "output": f"{text(('o', state.net.L - 1, j + 1))} = {_text_once(o)}",
        "spoken": f"{name} of {len(I)}, {said}" + ("" if running else f", output {spoken_number(o)}"),
    }


_MOST_WRITTEN = 3  # numbers of an example


def _vector(numbers):
    texts = [number_text(round(float(x), 3)) for x in numbers]
    return f"({', '.join(texts)})" if len(texts) > 1 else texts[0]


def on_what(points):
    """What is learned, in words."""
    return LABELS[points.data] if points.plane else f"{len(points.all[0])} examples"


def _spoken(state, losses, told, problem):
    if told == "training":
        return "training"
    said = [problem, f"{told}. {sizes_text(state.net)} network on {on_what(state.points)}, epoch {state.epochs}"]
    for what, loss, share in (("", losses.training, losses.right), ("test points: ", losses.test, losses.test_right)):
        if isfinite(loss):
            said.append(
                f"{what}mean loss {spoken_number(loss)}" + ("" if np.isnan(share) else f", {_share(share)} right")
            )
    return ". ".join(filter(None, said)) + "."


def _number(loss):
    return "" if np.isnan(loss) else _text_once(loss)


def _share(part):
    return "" if np.isnan(part) else f"{100 * part:.0f} %" if part in (0, 1) else f"{min(99.9, 100 * part):.1f} %"


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


def how_long(names, own, kit):
    """How long an epoch takes on theirs and on the kit's, in a sentence. own, kit: seconds."""
    times = f"{_two_digits(own / kit)} times as long" if own > kit else "no longer than that"
    return f"An epoch: {_two_digits(1000 * own)} ms on {names}, {_two_digits(1000 * kit)} ms on the kit’s, {times}."


def _none_last(size):
    return size is None, size


def _two_digits(value):
    return number_text(float(f"{value:.2g}"))


def choices(sigmas, known_losses, batch):
    """What can be chosen: {id: [{"value", "label"}, ...]}. sigmas, known_losses: those of the menus. batch: the first.

    A hidden layer has a σ for each of its neurons alone; "output" has all of them.
    """

    def options(pairs):
        return [{"value": value, "label": label} for value, label in pairs]

    return {
        "data": options(LABELS.items()),
        "pace": options(PACES.items()),
        "batch": options((str(one or "all"), str(one or "all")) for one in sorted({*BATCHES, batch}, key=_none_last)),
        "sigma": options((sigma.name, sigma.name) for sigma in sigmas if sigma.elementwise),
        "output": options((sigma.name, sigma.name) for sigma in sigmas),
        "loss": options((loss.name, _SHORT.get(loss.name, loss.name)) for loss in known_losses),
    }
