"""What the explorers show, as plain data, and how it depends on their controls. Nothing here draws.

An Exploration names its controls and has one function from their values to what is shown:

    {"panels": [...], "status": [...], "rows": [...], "spoken": "..."}

A panel has axes, curves, marks, labelled points, a heat map or images; `panel` and the functions beside it make these.
A row is a table, a line of named numbers or a sentence. `status`, which may be missing, is a line of named numbers
that stands beside the buttons. `spoken` says the same to who listens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor, isfinite, log10

import numpy as np

from mlpkit.derivations.cases import Case, Run
from mlpkit.functions import BUILT_IN_ACTIVATIONS, cross_entropy, half_squared_error, sigmoid
from mlpkit.network import Network, backward, check_desired_outputs, check_inputs, forward
from mlpkit.notation import key, mathml, meaning, number_text, symbol_of, text
from mlpkit.training import train, train_epochs
from mlpkit.view import weights_that_move

LOSS = text(("loss",))


@dataclass(frozen=True)
class Exploration:
    """What can be moved, and what is then to be seen.

    name: a few words. controls: what `slider`, `choice` and `button` return.
    show: (values, memory) to what is shown, values being {id of a control: its value now}.
    remember: (memory, values) to the memory after a change; memory is what it is at the start.
    press: {id of a button: function of (values, memory) to new (values, memory)}.
    """

    name: str
    controls: list
    show: Callable
    remember: Callable = lambda memory, values: memory
    press: dict = field(default_factory=dict)
    memory: object = None


# Controls.


def slider(id, label, spoken, low, high, step, value, log=False, group=None):
    """log: equal ways are equal factors; `step` is then one of the exponent of ten.

    outside: what is said where a number below or above the range was typed, and its end is taken.
    """
    spec = {"kind": "slider", "id": id, "label": label, "spoken": spoken, "min": low, "max": high, "step": step}
    name = spoken.split(":")[0]
    range_ = f"{name[0].upper()}{name[1:]} goes from {number_text(low)} to {number_text(high)}"
    spec |= {"outside": [f"{range_}: {number_text(end)} is taken." for end in (low, high)]}
    return spec | {"value": float(value), "log": log} | ({"group": group} if group else {})


def choice(id, label, spoken, options, value):
    """options: {value: label}."""
    options = [{"value": option, "label": words} for option, words in options.items()]
    return {"kind": "choice", "id": id, "label": label, "spoken": spoken, "options": options, "value": value}


def button(id, label, spoken):
    return {"kind": "button", "id": id, "label": label, "spoken": spoken}


def first_values(controls):
    """{id: value} of all controls that have a value."""
    return {control["id"]: control["value"] for control in controls if control["kind"] != "button"}


def checked(controls, values):
    """`values` with every number a float inside its slider's range, or ValueError with one sentence."""
    named = {control["id"]: control for control in controls if control["kind"] != "button"}
    result = {}
    for id, value in values.items():
        if id not in named:
            raise ValueError(f"there is no control {id!r} here: take one of {', '.join(named)}")
        control = named[id]
        if control["kind"] == "choice":
            options = [option["value"] for option in control["options"]]
            if value not in options:
                raise ValueError(f"{id} is {value!r}, but one of these is needed: {', '.join(options)}")
            result[id] = value
        else:
            if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not isfinite(value):
                raise ValueError(
                    f"{id} is {value!r}, but a number from {control['min']:g} to {control['max']:g} is needed"
                )
            result[id] = min(max(float(value), control["min"]), control["max"])
    return result


# Panels.


def panel(title, spoken, x, y, curves=(), marks=(), points=(), heat=None, square=False, wide=False):
    """One picture with axes. x, y: what `axis` returns; square: equally wide and high; wide: as wide as it can be."""
    drawn = {"title": title, "spoken": spoken, "x": x, "y": y, "curves": list(curves), "marks": list(marks)}
    return drawn | {"points": list(points), "heat": heat, "square": square, "wide": wide}


def axis(label, low, high, log=False, ticks=None):
    """An axis from low to high with its ticks [position, text]; ticks: about how many, or their positions."""
    if not isinstance(ticks, (list, tuple)):
        ticks = (log_ticks if log else nice_ticks)(low, high, ticks or 5)
    else:
        ticks = [[float(at), number_text(at)] for at in ticks]
    return {"label": label, "from": float(low), "to": float(high), "log": log, "ticks": ticks}


def nice_ticks(low, high, count=5):
    """About `count` round numbers from low to high, with their texts, all to the same decimal place."""
    rough = (high - low) / count
    size = 10.0 ** floor(log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough * 0.999)
    decimals = max(0, -floor(log10(step) + 1e-9)) + (round(step / size, 6) == 2.5)
    places = [step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
    return [[round(at, 12), _plain(f"{at:.{decimals}f}")] for at in places]


def _plain(written):
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written.replace("-", "−")


def log_ticks(low, high, count=6):
    """Powers of ten from low to high, every one or every few; for less than two of them 2 and 5 times as well."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    places = [10.0**k for k in range(first, last + 1) if (k - last) % max(1, ceil((last - first + 1) / count)) == 0]
    if last - first < 1:
        places = [part * 10.0**k for k in range(first - 1, last + 1) for part in (1, 2, 5)]
        places = [at for at in places if low * 0.999 <= at <= high * 1.001]
    return [[at, _power_text(at)] for at in places]


def _power_text(at):
    exponent = round(log10(at))
    if -4 < exponent < 5:
        return f"{at:.{max(0, -floor(log10(at) + 1e-9))}f}"
    return "10" + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] if digit.isdigit() else "⁻" for digit in str(exponent))


def curve(x, y, colour="fg", name="", dash="", width=2.5):
    """A line through points; where a number is not finite it is interrupted.

    colour: a key of notation.COLOURS, or "muted". dash: "", "dashed" or "dotted". name: for the legend.
    """
    return {"points": _pairs(x, y), "colour": colour, "name": name, "dash": dash, "width": width}


def marks(x, y, shape="circle", colour="fg", name="", filled=True, size=5):
    """The same small shape at many places."""
    return {"points": _pairs(x, y), "shape": shape, "colour": colour, "name": name, "filled": filled, "size": size}


def point(x, y, label="", shape="circle", colour="fg", filled=True, place="above"):
    """One place that is looked at, with its label above, below, left or right. shape "none": the label alone."""
    at = {"x": float(x), "y": float(y)} if isfinite(x) and isfinite(y) else {"x": None, "y": None}
    return at | {"label": label, "shape": shape, "colour": colour, "filled": filled, "place": place}


def heat(values, x, y, name):
    """A map of numbers from 0 to 1, row by row from low y to high y; x, y: (low, high)."""
    values = np.clip(np.nan_to_num(np.asarray(values, float)), 0, 1)
    rows, columns = values.shape
    levels = np.rint(255 * values).astype(int).ravel().tolist()
    return {"rows": rows, "columns": columns, "levels": levels, "x": list(x), "y": list(y), "name": name}


def _pairs(x, y):
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    finite = np.isfinite(x) & np.isfinite(y)
    rounded = zip(_significant(x), _significant(y), finite.tolist(), strict=True)
    return [[a, b] if good else None for a, b, good in rounded]


def _significant(array):
    """The numbers to five significant digits, which is finer than any screen."""
    with np.errstate(all="ignore"):
        unit = 10.0 ** (4 - np.floor(np.log10(np.abs(array))))
        rounded = np.where(np.isfinite(unit), np.round(array * unit) / unit, array)
    return rounded.tolist()


def contour(values, x, y, level):
    """Where the numbers on a grid cross a level: (x, y) of short lines, NaN between two of them."""
    values = np.asarray(values, float)
    across, up = np.linspace(*x, values.shape[1]), np.linspace(*y, values.shape[0])
    above = values > level
    cells = above[:-1, :-1].astype(int) + above[:-1, 1:] + above[1:, :-1] + above[1:, 1:]
    xs, ys = [], []
    for row, column in zip(*np.nonzero((cells > 0) & (cells < 4)), strict=True):
        corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        ends = []
        for (r, c), (s, d) in zip(corners, corners[1:] + corners[:1], strict=True):
            if above[r, c] != above[s, d]:
                share = (level - values[r, c]) / (values[s, d] - values[r, c])
                ends.append((across[c] + share * (across[d] - across[c]), up[r] + share * (up[s] - up[r])))
        for one, other in zip(ends[::2], ends[1::2], strict=True):
            xs += [one[0], other[0], np.nan]
            ys += [one[1], other[1], np.nan]
    return xs, ys


def tangent(x, y, slope, low, high):
    """The straight line through (x, y) with a slope, from low to high: (xs, ys)."""
    xs = np.array([low, high])
    return xs, y + slope * (xs - x)


# Rows.


def table(head, body, caption):
    """head: texts; body: rows of texts, the first one of each names the row. Texts may hold HTML and MathML."""
    return {"kind": "table", "head": head, "body": body, "caption": caption}


def numbers(*pairs):
    """A line of named numbers: (name, text), or (name, text, how many characters wide)."""
    return {"kind": "numbers", "pairs": named(*pairs)}


def named(*pairs):
    return [[*pair, 10][:3] for pair in pairs]


def sentence(words):
    return {"kind": "sentence", "text": words}


def maths(*parts):
    return f"<math>{''.join(part if part.startswith('<') else f'<mo>{part}</mo>' for part in parts)}</math>"


_A, _SIGMA = "<mi>a</mi>", "<mi>σ</mi>"
_PRIME = "<msup><mi>σ</mi><mo>′</mo></msup>"
_LOSS = mathml(("loss",))


# Lesson 1: σ and its slope.

_A_RANGE = 6.0


def sigma(*activations):
    """σ and σ′ side by side, for the built-in activation functions and any others that are given."""
    known = _by_name(activations + BUILT_IN_ACTIVATIONS)
    first = next(iter(known))
    controls = [
        choice("sigma", maths(_SIGMA), "activation function", {name: name for name in known}, first),
        slider("a", maths(_A), "activation a", -_A_RANGE, _A_RANGE, 0.05, -1.5),
    ]
    pictures = {name: _SigmaPicture(one) for name, one in known.items()}
    return Exploration("σ and its derivative σ′", controls, lambda values, _: pictures[values["sigma"]].at(values["a"]))


def _by_name(functions):
    """{name: function}; a name that comes a second time gets a number."""
    named = {}
    for function in functions:
        if function not in named.values():
            count = sum(other.name == function.name for other in named.values())
            named[function.name if not count else f"{function.name} {count + 1}"] = function
    return named


def apply(function, a):
    """function(a) as floats of the shape of a, also where it takes only one number at a time.

    What cannot be computed, or is no number, is NaN.
    """
    a = np.asarray(a, float)
    with np.errstate(all="ignore"):
        try:
            return np.array(function(a), float).reshape(a.shape)
        except Exception:  # a learner's function may raise anything
            return np.array([_one(function, number) for number in a.ravel().tolist()]).reshape(a.shape)


def _one(function, number):
    try:
        return float(function(number))
    except Exception:
        return np.nan


class _SigmaPicture:
    """The curves of one σ, computed once."""

    def __init__(self, activation):
        self.activation = activation
        self.a = np.linspace(-_A_RANGE, _A_RANGE, 241)
        self.value, self.derivative = apply(activation.value, self.a), apply(activation.derivative, self.a)
        self.x = axis("a", -_A_RANGE, _A_RANGE, ticks=6)
        self.y = axis("σ(a)", *_room(self.value, (0, 1.15)))
        self.y_slope = axis("σ′(a)", *_room(self.derivative, (0, 0.3)))

    def at(self, a):
        name = self.activation.name
        o, slope = float(apply(self.activation.value, a)), float(apply(self.activation.derivative, a))
        along = tangent(a, o, slope, a - 2, a + 2)
        spoken = f"At a = {number_text(a)}, sigma is {number_text(o)} and its slope is {number_text(slope)}."
        left = panel(
            f"σ = {name}",
            f"{name} against a. {spoken}",
            self.x,
            self.y,
            [
                curve(self.a, self.value, "o", "σ(a)"),
                curve(*along, "delta", "tangent", width=3),
            ],
            points=[point(a, o, number_text(o), place="left" if slope >= 0 else "right")],
        )
        right = panel(
            "σ′, the slope of the tangent",
            f"The derivative of {name} against a. {spoken}",
            self.x,
            self.y_slope,
            [curve(self.a, self.derivative, "delta", "σ′(a)")],
            points=[point(a, slope, number_text(slope), colour="delta")],
        )
        rows = [
            table(
                ["<i>a</i>", "σ(<i>a</i>)", "σ′(<i>a</i>)"],
                [[number_text(a), number_text(o), number_text(slope)]],
                f"{name} at a",
            )
        ]
        return {"panels": [left, right], "rows": rows, "spoken": spoken}


def _room(values, at_least):
    """(low, high) with room around the numbers, but not for the last few that run away."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return at_least
    low, high = min(at_least[0], finite.min()), max(at_least[1], finite.max())
    if high - low > 40:  # something that runs away: most of it is enough
        low, high = min(at_least[0], np.quantile(finite, 0.1)), max(at_least[1], np.quantile(finite, 0.9))
    margin = 0.06 * (high - low)
    return low - margin, high + margin


# Lesson 1: L̃ against one output.


def loss(*losses):
    """L̃ against one output o for a fixed D: the built-in losses and any others that are given."""
    known = _by_name((half_squared_error, cross_entropy, *losses))
    controls = [
        slider("o", "<math><mi>o</mi></math>", "output o", 0.005, 0.995, 0.005, 0.8),
        slider("D", "<math><mi>D</mi></math>", "desired output D", 0, 1, 0.05, 0),
    ]
    o = np.linspace(0, 1, 201)
    tops = {}
    for name, one in known.items():
        seen = np.array([apply(_of_one_output(one.value, D), o[1:-1]) for D in (0, 0.5, 1)])
        tops[name] = _room(seen.ravel(), (0, 0.5)) if one is not cross_entropy else (-0.3, 6.1)

    def show(values, _):
        at, D = values["o"], values["D"]
        panels, body, said = [], [], []
        for name, one in known.items():
            value, slope = (float(apply(_of_one_output(f, D), at)) for f in (one.value, one.gradient))
            words = f"{name}: the loss is {number_text(value)}, its slope {number_text(slope)}"
            said.append(words)
            panels.append(
                panel(
                    name,
                    f"{words}, at o = {number_text(at)} for D = {number_text(D)}.",
                    axis("o", -0.02, 1.02, ticks=5),
                    axis(LOSS, *tops[name]),
                    [
                        curve([D, D], tops[name], "fg", "D", "dotted", 2),
                        curve(o, apply(_of_one_output(one.value, D), o), "o", f"{LOSS}(o)"),
                        curve(*tangent(at, value, slope, at - 0.2, at + 0.2), "delta", "tangent", width=3),
                    ],
                    points=[point(at, value, number_text(value), place="above")],
                )
            )
            body.append([name, number_text(value), number_text(slope), number_text(at * (1 - at) * slope)])
        head = [
            "at this o and D",
            LOSS,
            "slope <math><mfrac><mrow><mo>∂</mo>" + _LOSS + "</mrow><mrow><mo>∂</mo><mi>o</mi></mrow></mfrac></math>",
            "<math><mi>δ</mi></math> = slope · " + maths("<mi>o</mi>", "(", "<mn>1</mn>", "−", "<mi>o</mi>", ")"),
        ]
        return {
            "panels": panels,
            "rows": [
                table(head, body, "The losses and their slopes"),
                numbers(("o − D", number_text(at - D)), ("o (1 − o)", number_text(at * (1 - at)))),
            ],
            "spoken": "; ".join(said) + ".",
        }

    return Exploration("L̃ against o", controls, show)


def _of_one_output(function, D):
    """A Loss's function of (o, D) as one of an array of single outputs."""

    def of_o(o):
        o = np.asarray(o, float)
        with np.errstate(all="ignore"):
            return np.reshape(function(o[..., None], np.full((*o.shape, 1), float(D))), o.shape)

    return of_o


# Lesson 2: XOR by hand.

_XOR_I = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
_XOR_D = np.array([[0.0], [1], [1], [0]])
_GRID = 33


def xor_by_hand():
    """A 2-2-1 logistic network whose nine weights are on sliders, and what it makes of XOR."""
    symbols = [("w", 0, i, j) for j in (1, 2) for i in range(3)] + [("w", 1, i, 1) for i in range(3)]
    controls = [
        slider(
            key(symbol),
            maths(mathml(symbol)),
            meaning(symbol),
            -10,
            10,
            0.1,
            0,
            group=f"into neuron {symbol[3]} of layer {symbol[1] + 1}",
        )
        for symbol in symbols
    ]
    controls += [button("best", "Back to the best", "Set the weights that gave the smallest loss so far")]
    controls += [button("reset", "Start again", "Set all weights to 0 and forget the moves")]
    start = first_values(controls)

    def network(values):
        w = [np.eye(3), np.eye(3, 2)]
        for array in w:
            array[1:, 1:] = 0
        for id, value in values.items():
            _, l, i, j = symbol_of(id)
            w[l][i, j] = value
        return Network(w, sigmoid, half_squared_error)

    def mean_loss(values):
        net = network(values)
        return float(half_squared_error.value(forward(net, _XOR_I)[1][-1][:, 1:], _XOR_D).mean())

    fresh = {"moves": 0, "last": None, "now": start, "best": mean_loss(start), "best_values": start}

    def remember(memory, values):
        changed = [id for id in values if values[id] != memory["now"][id]]
        moves = memory["moves"] + (len(changed) > 1 or (changed != [] and changed[0] != memory["last"]))
        reached = mean_loss(values)
        better = {"best": reached, "best_values": values} if reached < memory["best"] else {}
        last = changed[0] if len(changed) == 1 else memory["last"] if not changed else None
        return memory | {"moves": moves, "last": last, "now": values} | better

    return Exploration(
        "XOR by hand",
        controls,
        lambda values, memory: _xor_shown(network(values), memory),
        remember,
        {
            "reset": lambda values, memory: (start, fresh),
            "best": lambda values, memory: (
                memory["best_values"],
                memory | {"now": memory["best_values"], "last": None},
            ),
        },
        fresh,
    )


def _xor_shown(net, memory):
    _, o = forward(net, _XOR_I)
    out, losses = o[2][:, 1], half_squared_error.value(o[2][:, 1:], _XOR_D)
    verdicts = [_verdict(output, D) for output, D in zip(out.tolist(), _XOR_D[:, 0].tolist(), strict=True)]
    right = verdicts.count("right")
    x = (-0.25, 1.25)
    ticks = (0, 0.5, 1)
    hidden = Network([net.w[1]], sigmoid, half_squared_error)
    names = {symbol: text(symbol) for symbol in (("o", 1, 1), ("o", 1, 2), ("o", 2, 1))}
    said = f"{right} of 4 right, mean loss {number_text(float(losses.mean()))}."
    panels = [
        _square_map(net, "what goes in", _XOR_I, verdicts, x, ("I₁", "I₂"), ticks, names[("o", 2, 1)], said),
        _square_map(
            hidden,
            "what the output neuron sees",
            o[1][:, 1:],
            verdicts,
            (-0.12, 1.12),
            (names[("o", 1, 1)], names[("o", 1, 2)]),
            ticks,
            names[("o", 2, 1)],
            said,
            beside=True,
        ),
    ]
    body = [
        [
            f"({I[0]:.0f}, {I[1]:.0f})",
            *(f"{number:.4f}" for number in (o[1][d, 1], o[1][d, 2], out[d])),
            f"{_XOR_D[d, 0]:.0f}",
            verdicts[d] if verdicts[d] == "right" else f'<b class="mlpkit-delta">{verdicts[d]}</b>',
            number_text(losses[d]),
        ]
        for d, I in enumerate(_XOR_I)
    ]
    head = [f"{text(('I', 1))}, {text(('I', 2))}", *names.values(), "D", "so it is", LOSS]
    status = named(
        (f"mean {LOSS}", number_text(float(losses.mean())), 10),
        ("best so far", number_text(memory["best"]), 10),
        ("right", f"{right} of 4", 6),
        ("moves", str(memory["moves"]), 3),
    )
    rows = [table(head, body, "The four examples")]
    return {"panels": panels, "status": status, "rows": rows, "spoken": said}


def _verdict(output, D):
    if abs(output - 0.5) < 1e-12:
        return "undecided"
    return "right" if (output > 0.5) == (D > 0.5) else "wrong"


def _square_map(net, title, at, verdicts, x, labels, ticks, output, said, beside=False):
    """The output of a net of two inputs over a square, its 0.5 line, and the four examples.

    beside: the inputs stand beside each example, since several may lie at one place.
    """
    values = output_map(net, x, x, _GRID)
    groups = []
    for D, shape in ((1, "circle"), (0, "square")):
        here = [d for d in range(4) if _XOR_D[d, 0] == D]
        groups.append(marks(at[here, 0], at[here, 1], shape, "fg", f"D = {D}", D == 1, 8))
    wrong = [d for d, verdict in enumerate(verdicts) if verdict != "right"]
    groups.append(marks(at[wrong, 0], at[wrong, 1], "ring", "delta", "not right", False, 14))
    return panel(
        title,
        f"{title}: a map of the output. {said}",
        axis(labels[0], *x, ticks=ticks),
        axis(labels[1], *x, ticks=ticks),
        [curve(*contour(values, x, x, 0.5), "fg", f"{output} = 0.5")],
        groups,
        _names_beside(at) if beside else (),
        heat=heat(values, x, x, output),
        square=True,
    )


def _names_beside(at):
    """A label for each place at which examples of XOR lie, with the inputs of all that lie there."""
    places = []
    for d, place in enumerate(at):
        for there, found in places:
            if np.hypot(*(place - there)) < 0.08:
                found.append(d)
                break
        else:
            places.append((place, [d]))
    labels = []
    for (x, y), found in places:
        names = "all four" if len(found) == 4 else " ".join(f"({a:.0f}, {b:.0f})" for a, b in _XOR_I[found])
        labels.append(point(x, y, names, "none", place="above" if y < 0.5 else "below"))
    return labels


def output_map(net, x, y, count=_GRID):
    """o_1 of the last layer over a rectangle of the two inputs: (count, count), row by row from low y."""
    across, up = np.meshgrid(np.linspace(*x, count), np.linspace(*y, count))
    return forward(net, np.stack([across, up], axis=-1))[1][-1][..., 1]


# Lesson 3: nudge one weight.

_EPSILON = (1e-12, 1.0)
_ROUNDING = 1.1e-16  # how far a float64 may be off, as a part of it
_EVERY = tuple(10.0 ** -(k / 2) for k in range(25))
_WAY = 1.5  # how far the curve reaches to each side of the weight


def nudge(net, I, D):
    """L̃ against one weight: the slope of a secant beside δ_j o_i. One example."""
    I, D = _one_example(net, I, D)
    activations = forward(net, I)
    o, delta = activations[1], backward(net, activations, D)
    movable = weights_that_move(net)
    controls = [
        choice("w", "weight", "the weight that is nudged", {key(s): text(s) for s in movable}, key(movable[-1])),
        slider("epsilon", "<math><mi>ε</mi></math>", "epsilon, the nudge", *_EPSILON, 0.5, 1, log=True),
        button("all", "Every ε", "Mark the difference for every epsilon from 1 down to 10 to the minus 12"),
        button("forget", "Forget the marks", "Take all marks off the right picture"),
    ]
    known = {}

    def nudged(word):
        if word not in known:
            known[word] = _Nudged(net, I, D, symbol_of(word), o, delta)
        return known[word]

    def remember(memory, values):
        word, epsilon = values["w"], values["epsilon"]
        return memory | {word: sorted({*memory.get(word, ()), epsilon})}

    def every(values, memory):
        tried = {*memory.get(values["w"], ()), *_EVERY}
        return values, memory | {values["w"]: sorted(tried)}

    def show(values, memory):
        return nudged(values["w"]).at(values["epsilon"], memory.get(values["w"], [values["epsilon"]]))

    def forget(values, memory):
        return values, {values["w"]: [values["epsilon"]]}

    return Exploration("One weight nudged", controls, show, remember, {"all": every, "forget": forget}, {})


def _one_example(net, I, D):
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    if I.size != net.n[0] - 1:
        raise ValueError(
            f"I has the shape {I.shape}, but one example is needed here: take one row, such as I[0] and D[0]"
        )
    return I.reshape(-1), D.reshape(-1)


class _Nudged:
    """One weight of a network, and the loss of one example against it."""

    def __init__(self, net, I, D, symbol, o, delta):
        self.net, self.I, self.D, self.symbol = net, I, D, symbol
        _, self.l, self.i, self.j = symbol
        self.value = float(net.w[self.l][self.i, self.j])
        self.o, self.delta = float(o[self.l][self.i]), float(delta[self.l + 1][self.j])
        self.slope = self.delta * self.o
        self.x = np.linspace(self.value - _WAY, self.value + _WAY, 97)
        self.y = np.array([self.loss(w) for w in self.x])
        self.here = self.loss(self.value)
        self.differences = {}
        self.case = Case.of(net, I, D)  # it can nudge by an imaginary number
        # How far ε = 0.01 is off, as multiples of ε and of ε²: what the bend of the curve does, for the guide lines.
        self.bends = [max(off, 1e-12) / 0.01**power for power, off in enumerate(self.difference(0.01)[:2], 1)]

    def loss(self, w):
        arrays = [array.copy() for array in self.net.w]
        arrays[self.l][self.i, self.j] = w
        changed = Network(arrays, self.net.sigma, self.net.loss)
        return float(self.net.loss.value(forward(changed, self.I)[1][-1][1:], self.D))

    def secants(self, epsilon):
        """The slopes of the forward and of the central secant."""
        up, down = self.loss(self.value + epsilon), self.loss(self.value - epsilon)
        return (up - self.here) / epsilon, (up - down) / (2 * epsilon)

    def complex_step(self, epsilon):
        """The imaginary part of L̃(w + iε), over ε; None where σ or L̃ takes no complex numbers, as ReLU."""
        if not self.case.analytic:
            return None
        return float(complex(Run(self.case, self.symbol, complex(self.value, epsilon)).loss).imag / epsilon)

    def difference(self, epsilon):
        """How far forward, central and complex step are off δ_j o_i; NaN for what there is not."""
        if epsilon not in self.differences:
            imaginary = self.complex_step(epsilon)
            slopes = (*self.secants(epsilon), np.nan if imaginary is None else imaginary)
            self.differences[epsilon] = tuple(abs(slope - self.slope) for slope in slopes)
        return self.differences[epsilon]

    def why(self, epsilon):
        """Of each secant: how much more or less it is off with a tenth of ε, and by what, in a sentence.

        The factor is that of the two differences. A cause is named where it decides both; near the turn of the V
        none does, and far out on the right the factor is not that of the leading power of ε.
        """
        parts = []
        for k, name in enumerate(("forward", "central")):
            now, then = self.difference(epsilon)[k], self.difference(epsilon / 10)[k]
            bend = self.bends[k] * (epsilon / 10) ** (k + 1), self.bends[k] * epsilon ** (k + 1)
            rounding = 10 * _ROUNDING * self.here / epsilon, _ROUNDING * self.here / epsilon
            if bend[0] > 3 * rounding[0]:
                why = f"the curve bends, and that goes with {('ε', 'ε²')[k]}"
                if now and not 0.5 < then / now * 10 ** (k + 1) < 2:
                    why = f"the curve bends, but with so large an ε not only with {('ε', 'ε²')[k]}"
            elif rounding[1] > 3 * bend[1]:
                why = "rounding, which goes with 10⁻¹⁶/ε and jumps about"
            else:
                why = "near the turn of the V, where both the bend and rounding count"
            parts.append(f"{name} is off {_times(now, then)}: {why}")
        return f"With a tenth of this ε, {'; '.join(parts)}."

    def at(self, epsilon, tried):
        name, w = text(self.symbol), self.value
        forwards, central = self.secants(epsilon)
        ends = np.array([w - epsilon, w + epsilon])
        heights = np.array([self.loss(end) for end in ends])
        middle = heights.mean()
        _, l, i, j = self.symbol
        delta, output = ("delta", l + 1, j), ("o", l, i)
        y = axis(LOSS, *_room(self.y, (self.y.min() - 1e-3, self.y.max() + 1e-3)))
        said = (
            f"Epsilon {number_text(epsilon)}: the central secant's slope is {number_text(central)}, "
            f"delta times o is {number_text(self.slope)}."
        )
        left = panel(
            f"{LOSS} against {name}",
            f"The loss against {name}. {said}",
            axis(name, self.x[0], self.x[-1]),
            y,
            [
                curve(self.x, self.y, "fg", f"{LOSS}({name})"),
                curve(
                    *tangent(w, self.here, self.slope, self.x[0], self.x[-1]),
                    "delta",
                    f"tangent with slope {text(delta)} {text(output)}",
                    width=3,
                ),
                curve(
                    *tangent(w, middle, central, self.x[0], self.x[-1]), "dw", f"secant through {name} ± ε", "dashed"
                ),
            ],
            [marks(ends, heights, "circle", "dw", "", False, 6)],
            [point(w, self.here)],
        )
        pairs = np.array([self.difference(one) for one in tried])
        floor_ = 1e-14
        now = [max(floor_, one) for one in self.difference(epsilon)]
        imaginary = self.complex_step(epsilon)
        guide = np.array(_EPSILON)
        # What the arms' slopes are is asked for first: their guide lines come with the whole V.
        guides = [
            curve(guide, guide * self.bends[0], "muted", "∝ ε, ∝ ε²: the bend", "dotted", 2),
            curve(guide, guide**2 * self.bends[1], "muted", "", "dotted", 2),
            curve(guide, _ROUNDING * self.here / guide, "muted", "∝ 1/ε: rounding", "dashed", 2),
        ]
        right = panel(
            "how far the secant is off",
            f"The difference between the secants and delta times o, for {len(tried)} values of epsilon. {said}",
            axis("ε", 3e-13, 3, log=True, ticks=7),
            axis("|difference|", floor_ / 3, 10, log=True, ticks=6),
            curves=guides if set(tried).issuperset(_EVERY) else [],
            marks=[
                marks(tried, np.maximum(pairs[:, 0], floor_), "square", "fg", "forward", False, 5),
                marks(tried, np.maximum(pairs[:, 1], floor_), "circle", "dw", "central", True, 5),
                marks(tried, np.maximum(pairs[:, 2], floor_), "circle", "delta", "complex step", False, 5),
            ],
            points=[
                point(epsilon, now[0], "", "square", "fg"),
                point(epsilon, now[1], "now", colour="dw", place="right"),
            ],
        )
        product = maths(mathml(delta), "⁢", mathml(output))
        more, less = maths("<mi>w</mi>", "+", "<mi>ε</mi>"), maths("<mi>w</mi>", "−", "<mi>ε</mi>")
        rows = [
            table(
                ["slope of", "number", f"minus {product}"],
                [
                    [
                        f"the secant from {maths('<mi>w</mi>')} to {more}",
                        _ten_digits(forwards),
                        number_text(forwards - self.slope),
                    ],
                    [
                        f"the secant from {less} to {more}",
                        _ten_digits(central),
                        number_text(central - self.slope),
                    ],
                    [
                        f"the complex step to {maths('<mi>w</mi>', '+', '<mi>i</mi>', '<mi>ε</mi>')}",
                        "—" if imaginary is None else _ten_digits(imaginary),
                        "" if imaginary is None else number_text(imaginary - self.slope),
                    ],
                    [f"the tangent, {product}", _ten_digits(self.slope), ""],
                ],
                f"Slopes of the loss against {name}",
            ),
            numbers(
                (maths(mathml(delta)), _ten_digits(self.delta)),
                (maths(mathml(output)), _ten_digits(self.o)),
                (maths(mathml(self.symbol)), number_text(w)),
            ),
            sentence(self.why(epsilon)),
        ]
        return {"panels": [left, right], "rows": rows, "spoken": said}


def _times(now, then):
    """By how much the second of two differences is larger or smaller, in words."""
    if not now or not then:
        return f"by {number_text(then)}, here by {number_text(now)}"
    ratio = then / now
    if ratio < 1:
        return f"1/{_two_digits(1 / ratio)} as much"
    return f"{_two_digits(ratio)} times as much"


def _two_digits(value):
    return f"{value:.0f}" if value >= 9.5 else f"{value:.1f}"


def _ten_digits(value):
    return f"{value:.10f}".replace("-", "−")


# Lesson 5: the learning rate.

_ALPHAS = (0.05, 0.5, 5.0)


def learning_rate(net, I, D, epochs=200, alphas=_ALPHAS, reach=(0.01, 300.0)):
    """The loss curve for the α on a slider beside those of a few fixed ones, and the last loss against α."""
    start = mean_loss(net, I, D)
    over = np.geomspace(*reach, 41)
    last = np.array([train(net, I, D, float(alpha), epochs).loss[-1] for alpha in over])
    known = {}

    def losses(alpha):
        if alpha not in known:
            run = train(net, I, D, alpha, epochs)
            known[alpha] = ([start, *run.loss], run.diverged)
        return known[alpha]

    fixed = [losses(alpha)[0] for alpha in alphas]
    seen = np.array([one for one in [*last, *(value for one in fixed for value in one)] if isfinite(one) and one > 0])
    low = 10.0 ** floor(log10(max(1e-12, min(seen.min(initial=start or 1), start or 1)) * 1.001))
    high = 10.0 ** ceil(log10(max(1e-11, 2 * start, 2 * low)))
    y = axis(f"mean {LOSS}", low, high, log=True)
    controls = [slider("alpha", "<math><mi>α</mi></math>", "learning rate alpha", *reach, 0.02, 0.2, log=True)]

    def show(values, _):
        alpha = values["alpha"]
        now, diverged = losses(alpha)
        words = verdict_on_losses(now, diverged)
        yours = curve(*_thin(now, low), "dw", f"your α = {number_text(alpha)}", width=5)
        # the fixed ones lie upon it, so that they are seen where they are the same
        curves = [
            curve(*_thin(one, low), "fg", f"α = {number_text(fixed_alpha)}", dash, 2)
            for fixed_alpha, one, dash in zip(alphas, fixed, ("dotted", "dashed", "longdash"), strict=False)
        ]
        names = _at_the_lines(alphas, fixed, low, high)
        at_end = min(max(now[-1], low), high) if isfinite(now[-1]) else high
        left = panel(
            "the loss, epoch by epoch",
            f"The mean loss over {epochs} epochs. With alpha {number_text(alpha)}: {words}",
            axis("epoch", 0, epochs),
            y,
            [yours, *curves],
            points=names,
        )
        right = panel(
            f"the loss after {epochs} epochs",
            f"The last loss against alpha. {words}",
            axis("α", *reach, log=True),
            y,
            [curve(over, np.maximum(last, low), "muted", f"{LOSS} at the end, for {len(over)} values of α")],
            points=[point(alpha, at_end, "your α", colour="dw")],
        )
        rose = sum(after > before for before, after in pairwise(now))
        rows = [
            numbers(
                ("α", number_text(alpha)),
                (f"{LOSS} at the start", number_text(now[0])),
                ("at the end", number_text(now[-1])),
                ("epochs in which it rose", f"{rose} of {len(now) - 1}"),
            ),
            sentence(words),
        ]
        return {"panels": [left, right], "rows": rows, "spoken": f"alpha {number_text(alpha)}: {words}"}

    return Exploration("The learning rate", controls, show)


def _at_the_lines(alphas, fixed, low, high):
    """A label at each line, each at another epoch, where the lines may lie close together."""
    labels = []
    for k, (alpha, losses) in enumerate(zip(alphas, fixed, strict=True)):
        epoch = round((len(losses) - 1) * (0.25 + 0.5 * k / max(1, len(fixed) - 1)))
        at = losses[epoch] if isfinite(losses[epoch]) else high
        labels.append(point(epoch, min(max(at, low), high), f"α = {number_text(alpha)}", "none"))
    return labels


def mean_loss(net, I, D):
    """The mean of L̃ over the examples."""
    with np.errstate(all="ignore"):
        return float(
            np.mean(net.loss.value(forward(net, I)[1][-1][..., 1:], check_desired_outputs(net, D, np.shape(I)[:-1])))
        )


def verdict_on_losses(losses, diverged=False):
    """What a loss curve says about its α, in one sentence. losses: the loss before the first epoch, then after each."""
    first, last = losses[0], losses[-1]
    if diverged or not isfinite(last):
        return f"It diverges: after epoch {len(losses) - 1} a weight is no longer a number. α is too large."
    steps = list(pairwise(losses))
    rose = sum(after > before * (1 + 1e-9) for before, after in steps) / len(steps)
    if last >= first:
        return "It ends above where it began. α is too large."
    if rose > 0.05:
        return f"It jumps up and down: it rose in {100 * rose:.0f} % of the epochs. α is too large to settle."
    if last > 0.5 * first:
        left = f"{100 * last / first:.0f} % of the first loss is left"
        return f"It creeps: {left}. α is too small, or more epochs are needed."
    return f"It falls: {_percent(last / first)} of the first loss is left."


def _percent(share):
    return f"{number_text(float(f'{100 * share:.2g}'))} %"


def _thin(losses, low, count=240):
    """(epochs, losses) of at most about `count` epochs, raised to `low` where they lie below it."""
    every = max(1, len(losses) // count)
    chosen = sorted({*range(0, len(losses), every), len(losses) - 1})
    return chosen, np.maximum([losses[k] for k in chosen], low)


# Lesson 5: how the weights start.

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
        slider("s", "<math><mi>s</mi></math>", "size s of the weights", *_S_RANGE, 0.02, 0.5, log=True),
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
    return train(net, _XOR_I, _XOR_D, _START_ALPHA, _START_EPOCHS).loss[-1] < _LEARNED


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
    nets, losses = [net], [mean_loss(net, _XOR_I, _XOR_D)]
    for run in train_epochs(net, _XOR_I, _XOR_D, _START_ALPHA, _START_EPOCHS):
        losses.append(run.loss[-1])
        if len(run.loss) % every == 0:
            nets.append(run.net)
    at = np.arange(len(nets)) * every
    w = np.array([one.w[0] for one in nets])
    a = np.einsum("di,kij->kdj", np.column_stack([np.ones(4), _XOR_I]), w)[..., 1:]
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
            curve(*_thin(losses, 0), "fg", f"mean {LOSS}", width=3),
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
        wide=True,
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


# Lesson 5: training while one watches.


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
    curves = [curve(*_thin(_finite(losses), low), name="training examples" * bool(tested), width=3)]
    if tested:
        curves.append(curve(*_thin(_finite(test_losses), low), "o", "test examples", "dashed"))
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
                    curve(*_thin(100 * training, 0), "fg", "training examples", width=3),
                    curve(*_thin(100 * testing, 0), "o", "test examples", "dashed"),
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
    return f"{_plain(f'{100 * part:.1f}')} %"


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
