"""Lesson 2: XOR, with the weights set by hand."""

from math import isfinite

import numpy as np

from mlpkit import data
from mlpkit.core.functions import half_squared_error, sigmoid
from mlpkit.core.network import Network, forward
from mlpkit.exercises.compare import differing
from mlpkit.exercises.learner import Own
from mlpkit.explorers.controls import Exploration, Markup, button, first_values, maths, slider
from mlpkit.explorers.panels import (
    LOSS,
    axis,
    contour,
    curve,
    heat,
    marks,
    named,
    panel,
    point,
    sentence,
    table,
)
from mlpkit.notation import key, mathml, meaning, number_text, symbol_of, text, two_numbers

XOR_I, XOR_D = data.xor()
_GRID = 33
_HEIGHT = 270


def xor_by_hand(forward=None):
    """A 2-2-1 logistic network whose nine weights are on sliders, and what it makes of XOR.

    forward: the learner's own, by which all is then computed, in the place of the kit's.
    """
    own = Own({"forward": forward})
    symbols = [("w", 0, i, j) for j in (1, 2) for i in range(3)] + [("w", 1, i, 1) for i in range(3)]
    controls = [
        slider(
            key(symbol),
            maths(mathml(symbol)),
            meaning(symbol),
            -20,
            20,
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
        (_, o), _ = own.forward(network(values), XOR_I)
        with np.errstate(all="ignore"):  # theirs may give anything
            return float(half_squared_error.value(o[-1][:, 1:], XOR_D).mean())

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
        lambda values, memory: _xor_shown(network(values), memory, own),
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


def _xor_shown(net, memory, own):
    (_, o), problem = own.forward(net, XOR_I)
    out, losses = o[2][:, 1], half_squared_error.value(o[2][:, 1:], XOR_D)
    verdicts = [_verdict(output, D) for output, D in zip(out.tolist(), XOR_D[:, 0].tolist(), strict=True)]
    right = verdicts.count("right")
    x = (-0.25, 1.25)
    ticks = (0, 0.5, 1)
    hidden = _output_layer(net, float(o[1][0, 0]))
    names = {symbol: text(symbol) for symbol in (("o", 1, 1), ("o", 1, 2), ("o", 2, 1))}
    said = f"{right} of 4 right, mean loss {number_text(float(losses.mean()))}."
    panels = [
        _square_map(net, "what goes in", XOR_I, verdicts, x, ("I₁", "I₂"), ticks, names[("o", 2, 1)], said, own),
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
            own,
            beside=True,
        ),
    ]
    body = [
        [
            f"({I[0]:.0f}, {I[1]:.0f})",
            *(f"{number:.4f}" for number in (o[1][d, 1], o[1][d, 2], out[d])),
            f"{XOR_D[d, 0]:.0f}",
            verdicts[d] if verdicts[d] == "right" else Markup(f'<b class="mlpkit-delta">{verdicts[d]}</b>'),
            number_text(losses[d]),
        ]
        for d, I in enumerate(XOR_I)
    ]
    head = [f"{text(('I', 1))}, {text(('I', 2))}", *names.values(), "D", "so it is", LOSS]
    status = named(
        (f"mean {LOSS}", number_text(float(losses.mean())), 10),
        ("best so far", number_text(memory["best"]), 10),
        ("right", f"{right} of 4", 6),
        ("moves", str(memory["moves"]), 3),
    )
    rows = [table(head, body, "The four examples")]
    if own:
        rows.append(sentence(problem or _beside_the_kit(net, o, own.names)))
    return {"panels": panels, "status": status, "rows": rows, "spoken": said}


def _output_layer(net, constant):
    """The layer from hidden to output as a network, where neuron 0 gives `constant`, which should be 1."""
    w = net.w[1].copy()
    w[0, 1:] *= constant if isfinite(constant) else 1
    return Network([w], sigmoid, half_squared_error)


def _beside_the_kit(net, o, names):
    """The first output that is not the kit's, in a sentence."""
    _, right = forward(net, XOR_I)
    for l in (0, 1, 2):
        for d, i in differing(o[l], right[l])[:1]:
            theirs, kits = two_numbers(float(o[l][d, i]), float(right[l][d, i]))
            of = f"{text(('o', l, i))} for ({XOR_I[d, 0]:.0f}, {XOR_I[d, 1]:.0f})"
            return f"The numbers are those of {names}. The first that is not the kit’s is {of}: {theirs}, not {kits}."
    return f"The numbers are those of {names}, and they are the kit’s."


def _verdict(output, D):
    if not isfinite(output):
        return "wrong"
    if abs(output - 0.5) < 1e-12:
        return "undecided"
    return "right" if (output > 0.5) == (D > 0.5) else "wrong"


def _square_map(net, title, at, verdicts, x, labels, ticks, output, said, own, beside=False):
    """The output of a net of two inputs over a square, its 0.5 line, and the four examples.

    beside: the inputs stand beside each example, since several may lie at one place.
    """
    values = output_map(net, x, x, _GRID, lambda net, I: own.forward(net, I)[0])
    groups = []
    for D, shape in ((1, "circle"), (0, "square")):
        here = [d for d in range(4) if XOR_D[d, 0] == D]
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
        heat=heat(values, x, x, f"{output}: 0 to 1"),
        square=True,
        height=_HEIGHT,
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
        names = "all four" if len(found) == 4 else " ".join(f"({a:.0f}, {b:.0f})" for a, b in XOR_I[found])
        labels.append(point(x, y, names, "none", place="above" if y < 0.5 else "below"))
    return labels


def output_map(net, x, y, count=_GRID, through=forward):
    """o_1 of the last layer over a rectangle of the two inputs: (count, count), row by row from low y.

    through: the forward phase, for examples in rows.
    """
    across, up = np.meshgrid(np.linspace(*x, count), np.linspace(*y, count))
    _, o = through(net, np.column_stack([across.ravel(), up.ravel()]))
    return o[-1][:, 1].reshape(count, count)
