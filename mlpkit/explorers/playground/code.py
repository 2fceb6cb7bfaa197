"""A State as a text to pass on, and read again: nothing of it is evaluated, and what can be computed is computed anew.

One line of words, name=value; the weights and the points of one's own are the bytes of their numbers in base64:

    playground=1 data=moons noise=0.05 test=0.2 seed=0 draw=100 sizes=2-4-1 sigma=tanh,sigmoid loss=half-squared-error
    alpha=0.3 batch=16 epochs=120 w=... I=... D=0110... check=5f3a09c1

The weights are those that move: column 0 is fixed and not in the text. The points of a made set come from its seed, and
losses and pictures from the weights. `check` tells a text that was damaged on its way.
"""

import base64
import binascii
import math
import re
from itertools import pairwise
from zlib import crc32

import numpy as np

from mlpkit.core.functions import BUILT_IN_ACTIVATIONS, cross_entropy, half_squared_error
from mlpkit.core.network import Network
from mlpkit.explorers.playground.state import (
    MOST_LAYERS,
    MOST_NEURONS,
    MOST_OWN,
    Points,
    State,
    begun,
    changed,
    no_points,
    own_points,
)

LONGEST = 60_000  # characters; the largest playground has fewer
MOST_EPOCHS = 10**12
_NAMES = ["playground", "data", "noise", "test", "seed", "draw", "sizes", "sigma", "loss", "alpha", "batch", "epochs"]
_NAMES += ["w", "I", "D", "check"]
_AGAIN = "copy it again from its beginning to its end"
_NUMBER = "<f8"  # as bytes: float64, the same on every machine


def written(state):
    """A State as a text. What a hand has left in the middle of an epoch goes on with the next one.

    Raises ValueError where there is no plane.
    """
    net, points = state.net, state.points
    if not points.plane:
        raise ValueError("a text holds no examples such as these: keep the net of the playground instead")
    I, D = points.own
    values = {
        "playground": "1",
        "data": points.data,
        "noise": repr(points.noise),
        "test": repr(points.test),
        "seed": str(points.seed),
        "draw": str(state.draw),
        "sizes": "-".join(str(n - 1) for n in net.n),
        "sigma": ",".join(_word(sigma.name) for sigma in net.sigma[1:]),
        "loss": _word(net.loss.name),
        "alpha": repr(state.alpha),
        "batch": "all" if state.batch is None else str(state.batch),
        "epochs": str(state.epochs),
        "w": _as_base64(np.concatenate([w[:, 1:].ravel() for w in net.w])),
        "I": _as_base64(I),
        "D": "".join("1" if d else "0" for d in D[:, 0]),
    }
    body = " ".join(f"{name}={value}" for name, value in values.items())
    return f"{body} check={_sum(body)}"


def read(text, sigmas=BUILT_IN_ACTIVATIONS, losses=(half_squared_error, cross_entropy)):
    """The State that a text tells of. sigmas, losses: those that it may name.

    Raises ValueError, with one sentence, where the text is damaged or too long or tells of no playground.
    """
    if not isinstance(text, str):
        raise ValueError(f"the state of a playground is a text, but this is of the kind {type(text).__name__}")
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text)} characters, but no playground has more than {LONGEST}: {_AGAIN}")
    values = _values(text.split())
    sizes = _sizes(values["sizes"])
    net = _network(sizes, values, sigmas, losses)
    I = _numbers("I", values["I"]).reshape(-1, 2) if len(values["I"]) else no_points()[0]
    D = values["D"]
    if len(I) != len(D) or len(D) > MOST_OWN or not set(D) <= {"0", "1"}:
        raise ValueError(f"the text has {len(I)} points and {len(D)} classes: {_AGAIN}")
    own = own_points(net, I, [[float(d)] for d in D]) if len(I) else no_points()
    seed, draw = (_whole(name, values[name], 2**63) for name in ("seed", "draw"))
    state = State(net, net, Points(seed=seed, own=own), draw)
    batch = None if values["batch"] == "all" else _whole("batch", values["batch"], MOST_OWN)
    given = {name: _number(name, values[name]) for name in ("noise", "test", "alpha")}
    state = changed(state, data=values["data"], batch=batch, **given)
    return begun(state, net, _whole("epochs", values["epochs"], MOST_EPOCHS))


def _values(words):
    if not words or words[0] != "playground=1":
        raise ValueError("this is no state of a playground: such a text begins with playground=1")
    pairs = [word.partition("=") for word in words]
    if [name for name, _, _ in pairs] != _NAMES:
        raise ValueError(f"the text is not whole, or has words that do not belong to it: {_AGAIN}")
    if words[-1] != f"check={_sum(' '.join(words[:-1]))}":
        raise ValueError(f"the text was damaged on its way: {_AGAIN}")
    return {name: value for name, _, value in pairs}


def _network(sizes, values, sigmas, losses):
    named = {_word(sigma.name): sigma for sigma in sigmas}
    words = values["sigma"].split(",")
    unknown = [word for word in words if word not in named]
    if unknown or len(words) != len(sizes) - 1:
        what = f"the σ {unknown[0]!r}" if unknown else f"{len(words)} σ"
        raise ValueError(
            f"the text has {what}, but one of {', '.join(named)} is needed for each of the {len(sizes) - 1} layers"
        )
    losses = {_word(loss.name): loss for loss in losses}
    if values["loss"] not in losses:
        raise ValueError(f"the text has the loss {values['loss']!r}, but one of {', '.join(losses)} is needed")
    numbers = _numbers("w", values["w"])
    counts = [(before + 1) * after for before, after in pairwise(sizes)]
    if len(numbers) != sum(counts):
        raise ValueError(f"the text has {len(numbers)} weights, but a network of its sizes has {sum(counts)}: {_AGAIN}")
    w = []
    for part, (before, after) in zip(np.split(numbers, np.cumsum(counts)[:-1]), pairwise(sizes), strict=True):
        array = np.zeros((before + 1, after + 1))
        array[0, 0] = 1  # §1: column 0 is fixed
        array[:, 1:] = part.reshape(before + 1, after)
        w.append(array)
    return Network(w, (None, *(named[word] for word in words)), losses[values["loss"]])


def _sizes(word):
    """[2, ..., 1] from "2-...-1"."""
    parts = word.split("-")
    fit = all(re.fullmatch("[1-9]", part) and int(part) <= MOST_NEURONS for part in parts)
    if not fit or parts[0] != "2" or parts[-1] != "1" or not 2 <= len(parts) <= MOST_LAYERS + 2:
        raise ValueError(
            f"the text has the sizes {word[:40]!r}, but sizes such as 2-4-1 are needed, with at most {MOST_LAYERS} "
            f"hidden layers of at most {MOST_NEURONS} neurons"
        )
    return [int(part) for part in parts]


def _numbers(name, word):
    """The numbers in base64, all finite; I in pairs."""
    try:
        taken = np.frombuffer(binascii.a2b_base64(word.encode("ascii"), strict_mode=True), _NUMBER)
    except ValueError:  # binascii's and NumPy's too
        taken = None
    if taken is None or not np.isfinite(taken).all() or (name == "I" and len(taken) % 2):
        raise ValueError(f"{name} in the text is no list of finite numbers: {_AGAIN}")
    return taken.astype(float)


def _as_base64(numbers):
    return base64.b64encode(np.ascontiguousarray(numbers, _NUMBER).tobytes()).decode("ascii")


def _whole(name, word, most):
    if not re.fullmatch("[0-9]{1,19}", word) or int(word) > most:
        raise ValueError(f"{name} is {word[:40]!r} in the text, but a whole number from 0 to {most} is needed")
    return int(word)


def _number(name, word):
    number = float(word) if re.fullmatch(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", word) else math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name} is {word[:40]!r} in the text, but a number is needed")
    return number


def _word(name):
    return re.sub(r"[^\w]+", "-", name)


def _sum(body):
    return f"{crc32(body.encode()):08x}"
