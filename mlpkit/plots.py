"""Figures for lessons and for paper: arrays and an Axes in, the Axes out. Needs matplotlib."""

import base64
import io
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from mlpkit.core.functions import Activation
from mlpkit.core.network import Network, forward
from mlpkit.notation import latex

INK = "#767c84"  # legible on white and on black: a figure's ground is transparent, and the theme's shows through
MIDDLE = {"o": "#2a86c7", "delta": "#d0662a", "dw": "#a95db0"}  # the notation's colours, for both grounds


def png(figure: Figure, dpi: float = 96) -> str:
    """A Figure as base64 text of a PNG with a transparent ground."""
    FigureCanvasAgg(figure)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi, transparent=True)
    return base64.b64encode(file.getvalue()).decode()


def network_figure(picture: dict, shown: dict) -> Figure:
    """The picture of the stepper with its caption. picture, shown: what picture and view.frame return."""
    width, height = picture["width"], picture["height"] + 40
    figure = Figure(figsize=(width / 80, height / 80))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    network_picture(axes, picture, shown)
    axes.text(width / 2, height - 12, shown["caption"], color=INK, ha="center", va="center", size=9)
    return figure


def network_picture(ax: Axes, picture: dict, shown: dict) -> Axes:
    """Neurons, edges and numbers of the stepper on an Axes whose y axis points down."""
    left, right = ax.get_xlim()
    points = 72 * ax.figure.get_figwidth() * ax.get_position().width / (right - left)  # of one unit of the picture
    for edge, now in zip(picture["edges"], shown["edges"], strict=True):
        x, y = edge["points"][::2], edge["points"][1::2]
        if edge["fixed"]:
            ax.plot(x, y, ":", color=INK, lw=0.6, zorder=1)
            continue
        ax.plot(x, y, "--" if now["negative"] else "-", color=INK, lw=0.6 * now["width"], zorder=1)
        if edge["labelled"] or now["state"]:
            _boxed(ax, *edge["label"], now["text"], INK, size=8)
    for neuron, now in zip(picture["neurons"], shown["neurons"], strict=True):
        x, y = neuron["x"], neuron["y"]
        ax.plot(
            x,
            y,
            "s" if neuron["constant"] else "o",
            ms=points * (32 if neuron["constant"] else 2 * picture["radius"]),
            mfc="white",
            mec=INK,
            zorder=2,
        )
        ax.text(x, y, now["o"], color="#303438", ha="center", va="center", size=9, zorder=3)
        if now.get("a"):
            _boxed(ax, x, y - picture["radius"] - 9, f"a {now['a']}", MIDDLE["o"], size=8)
        if now.get("delta"):
            _boxed(ax, x, y + picture["radius"] + 9, f"δ {now['delta']}", MIDDLE["delta"], size=8)
    for caption in picture["layers"] + picture["more"]:
        ax.text(caption["x"], caption["y"], caption["text"], color=INK, ha="center", size=9)
    return ax


def _boxed(ax, x, y, text, colour, size):
    box = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none"}
    ax.text(x, y, text, color=colour, ha="center", va="center", size=size, bbox=box, zorder=2)


# Panels: the plain data of mlpkit/explorations/.

_COLOUR = {"o": MIDDLE["o"], "delta": MIDDLE["delta"], "dw": MIDDLE["dw"], "w": INK, "fg": INK, "muted": INK}
_DASH = {"": "-", "dashed": (0, (5, 3)), "longdash": (0, (10, 3)), "dotted": (0, (1, 2))}
_SHAPE = {"circle": "o", "square": "s", "ring": "o", "none": ""}


def panels_figure(shown: dict) -> Figure:
    """A Figure of the panels of an explorer, two beside each other. shown: what its exploration's `show` returns."""
    panels = shown["panels"]
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns) if panels else 1
    figure = Figure(figsize=(5.2 * max(columns, 1.2), 3.9 * rows), layout="constrained")
    for index, drawn in enumerate(panels):
        panel(figure.add_subplot(rows, columns, index + 1), drawn)
    for text in figure.findobj(Text):  # a learner's own name may have a $ in it: a text is no formula
        text.set_parse_math(False)
    return figure


def panel(ax: Axes, drawn: dict) -> Axes:
    """One panel of an explorer on an Axes."""
    neutral(ax)
    ax.set_title(drawn["title"], color=INK, size=11)
    for one in drawn["curves"]:
        ax.plot(
            *_coordinates(one["points"]),
            color=_COLOUR[one["colour"]],
            ls=_DASH[one["dash"]],
            lw=0.7 * one["width"],
            label=one["name"] or "_",
        )
    for one in drawn["marks"]:
        colour = _COLOUR[one["colour"]]
        ax.plot(
            *_coordinates(one["points"]),
            _SHAPE[one["shape"]],
            color=colour,
            mfc=colour if one["filled"] else "none",
            ms=1.2 * one["size"],
            label=one["name"] or "_",
        )
    for one in drawn["points"]:
        if one["x"] is None:
            continue
        colour = _COLOUR[one["colour"]]
        ax.plot(
            one["x"], one["y"], _SHAPE[one["shape"]], color=colour, mfc=colour if one["filled"] else "none", label="_"
        )
        aside = {"above": (0, 9), "below": (0, -15), "left": (-8, -3), "right": (8, -3)}[one["place"]]
        side = {"left": "right", "right": "left"}.get(one["place"], "center")
        ax.annotate(
            one["label"], (one["x"], one["y"]), aside, textcoords="offset points", ha=side, color=colour, size=9
        )
    if drawn["heat"]:
        heat = drawn["heat"]
        levels = np.reshape(heat["levels"], (heat["rows"], heat["columns"])) / 255
        _map(ax, levels, heat["x"], heat["y"])
    for name in ("x", "y"):
        axis = drawn[name]
        getattr(ax, f"set_{name}scale")("log" if axis["log"] else "linear")
        getattr(ax, f"set_{name}lim")(axis["from"], axis["to"])
        ticks = axis["ticks"]
        getattr(ax, f"set_{name}ticks")([at for at, _ in ticks], [text for _, text in ticks])
        getattr(ax, f"set_{name}ticks")([], minor=True)
        getattr(ax, f"set_{name}label")(axis["label"])
    if drawn["square"]:
        ax.set_box_aspect(1)
    if any(one["name"] for one in drawn["curves"] + drawn["marks"]):
        _legend(ax, below=bool(drawn["heat"]))
    return ax


def _coordinates(points):
    return np.array([at or (np.nan, np.nan) for at in points], float).reshape(-1, 2).T


def _map(ax, levels, x, y):
    """Numbers from 0 to 1 as one colour, from none to full: it stands on a light and on a dark ground."""
    bands = np.linspace(0, 1, 17)
    colours = [(*to_rgb(MIDDLE["o"]), 0.75 * band) for band in (bands[:-1] + bands[1:]) / 2]
    across, up = np.linspace(*x, levels.shape[1]), np.linspace(*y, levels.shape[0])
    ax.contourf(across, up, np.clip(levels, 0, 1), bands, colors=colours, antialiased=False, zorder=0)


def _pixels(ax, levels):
    """Ink on paper, in both themes. levels: from 0 for white to 1."""
    ax.imshow(levels, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_color(INK)


def digit_pad_figure(shown: dict) -> Figure:
    """A Figure of a digit pad: its pixels, and the ten outputs. shown: what mlpkit.explorers.drawing.shown returns."""
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 2))
    _pixels(neutral(left), np.reshape([pixel["share"] for pixel in shown["pixels"]], (8, 8)))
    left.grid(False)
    left.set_title("what the network gets", color=INK, size=10)
    neutral(right).bar(range(10), [output["share"] for output in shown["outputs"]], color=MIDDLE["o"])
    right.set(ylim=(0, 1), xticks=range(10))
    right.set_title("the ten outputs", color=INK, size=10)
    return figure


def _legend(ax, below=False):
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.16), "ncols": 4, "columnspacing": 1} if below else {}
    return ax.legend(labelcolor=INK, framealpha=0, fontsize=9, **place)


# Figures for lessons.

_GROUND = "no ground of its own"


def neutral(ax: Axes) -> Axes:
    """Give an Axes a transparent ground and ink that is legible on white and on black."""
    ax.patch.set_alpha(0)
    figure = ax.get_figure()
    figure.patch.set_alpha(0)
    if not any(axes.get_label() == _GROUND for axes in figure.axes):
        # IPython puts a ground under a transparent figure whose tick labels are all dark, or all light: these are both.
        ground = figure.add_axes((0, 0, 0, 0), label=_GROUND, visible=False)
        ground.tick_params(axis="x", colors="white")
        ground.tick_params(axis="y", colors="black")
    ax.tick_params(colors=INK, which="both")
    ax.spines[:].set_color(INK)
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color=INK, alpha=0.25, lw=0.6)
    ax.set_axisbelow(True)
    for label in (ax.xaxis.label, ax.yaxis.label, ax.title):
        label.set_color(INK)
    return ax


def loss_curve(ax: Axes, loss: Sequence[float] | NDArray, label: str | None = None, log: bool = True, **style) -> Axes:
    """The mean loss after each epoch, on an Axes, which is returned. Several may be drawn on it, each with its label.

    loss: (epochs,), such as run.loss. log: a logarithmic scale for it. style: what Axes.plot takes, such as color.
    """
    neutral(ax)
    ax.plot(np.arange(1, len(loss) + 1), loss, label=label, **({"color": _COLOUR["fg"]} | style))
    ax.set(xlabel="epoch", ylabel=rf"mean ${latex(('loss',))}$", yscale="log" if log else "linear")
    if label:
        _legend(ax)
    return ax


def activation(ax: Axes, sigma: Activation, a: tuple[float, float] = (-6, 6)) -> Axes:
    """σ and, dashed, its derivative σ′ from a[0] to a[1]."""
    neutral(ax)
    at = np.linspace(*a, 401)
    ax.plot(at, sigma.value(at), color=MIDDLE["o"], lw=2, label=r"$\sigma(a)$")
    ax.plot(at, sigma.derivative(at), color=MIDDLE["delta"], lw=2, ls="--", label=r"$\sigma'(a)$")
    ax.set_xlabel("$a$")
    ax.set_title(sigma.name, parse_math=False)
    _legend(ax)
    return ax


def decision_map(ax: Axes, net: Network, I: ArrayLike, D: ArrayLike, count: int = 101) -> Axes:
    """o_1 of the output layer over the plane of two inputs, its middle line, and the examples.

    I: (m, 2). D: (m, n[L-1] - 1). Circles have the larger D_1, squares the smaller one.
    count: so many points are computed along each side. Raises ValueError where net has not two inputs.
    """
    neutral(ax).grid(False)
    I, of = np.asarray(I, float), np.asarray(D, float)[:, 0]
    low, high = float(of.min()), float(of.max())
    margin = 0.15 * np.ptp(I, axis=0)
    x, y = zip(I.min(axis=0) - margin, I.max(axis=0) + margin, strict=True)
    across, up = np.linspace(*x, count), np.linspace(*y, count)
    output = forward(net, np.stack(np.meshgrid(across, up), axis=-1))[1][-1][..., 1]
    middle = (low + high) / 2
    _map(ax, np.clip((output - low) / ((high - low) or 1), 0, 1), x, y)
    if output.min() < middle < output.max():
        ax.contour(across, up, output, [middle], colors=[_COLOUR["fg"]], linewidths=1.6)
    for chosen, shape, filled in ((of > middle, "o", True), (of <= middle, "s", False)):
        ax.plot(*I[chosen].T, shape, color=_COLOUR["fg"], mfc=_COLOUR["fg"] if filled else "none", ms=5)
    ax.set(xlabel="$I_1$", ylabel="$I_2$", xlim=x, ylim=y)
    return ax


def digit_images(
    axes: ArrayLike,
    images: ArrayLike,
    labels: Sequence[int] | NDArray | None = None,
    read: Sequence[int] | NDArray | None = None,
) -> NDArray:
    """One image on each Axes. images: (m, 64) or (m, 8, 8). labels: what each one is; read: what a network reads.

    axes: an array of Axes, such as the second thing that plt.subplots returns; those left over stay empty.
    """
    images = np.asarray(images, float)
    side = round(images[0].size ** 0.5)
    axes = np.ravel(axes)
    for ax in axes[len(images) :]:
        neutral(ax).axis("off")
    for k, (ax, image) in enumerate(zip(axes, images, strict=False)):
        neutral(ax).grid(False)
        _pixels(ax, np.clip(image.reshape(side, side) / (images.max() or 1), 0, 1))
        ax.spines[:].set_visible(True)
        if labels is not None and read is not None:
            wrong = labels[k] != read[k]
            title = f"{labels[k]}, not {read[k]}" if wrong else f"{labels[k]}"
            ax.set_title(title, color=MIDDLE["delta"] if wrong else INK, size=10, weight="bold" if wrong else None)
        elif labels is not None or read is not None:
            ax.set_title(f"{(labels if labels is not None else read)[k]}", color=INK, size=10)
    return axes


def weight_images(axes: ArrayLike, w: ArrayLike) -> NDArray:
    """What each neuron looks for: the weights that lead into it from the pixels, as a picture with a sign.

    axes: an array of Axes, one for each neuron. w: (n[0], n[1]) with row 0 and column 0, as net.w[0]; n[0] - 1 is a
    square number. Blue and + are above 0, orange and − below, with one scale for all.
    """
    w = np.asarray(w, float)[1:, 1:]
    side, axes = round(len(w) ** 0.5), np.ravel(axes)
    for ax in axes[w.shape[1] :]:
        neutral(ax).axis("off")
    for k, (ax, weights) in enumerate(zip(axes, w.T, strict=False), start=1):
        neutral(ax).grid(False)
        share = np.reshape(weights / (abs(w).max() or 1), (side, side))
        colours = np.array([to_rgb(MIDDLE["delta"]), to_rgb(MIDDLE["o"])])[(share > 0).astype(int)]
        ax.imshow(np.dstack([colours, 0.9 * abs(share)]), interpolation="nearest")
        for sign, marker in ((1, "+"), (-1, "_")):  # not by colour alone
            rows, columns = np.nonzero(sign * share > 0.4)
            ax.plot(columns, rows, marker, color=INK, ms=3, mew=0.8)
        ax.set(xticks=[], yticks=[])
        ax.set_title(f"{k}", color=INK, size=8, pad=2)
    return axes


def confusion(ax: Axes, counts: ArrayLike) -> Axes:
    """How often each digit, a row, was read as each digit, a column; what is read wrong is filled.

    counts: (10, 10), or as many as there are classes.
    """
    counts = np.asarray(counts)
    size = len(counts)
    neutral(ax).grid(False)
    most = max(1, counts[~np.eye(size, dtype=bool)].max())
    for row, column in np.ndindex(counts.shape):
        number = counts[row, column]
        if row != column and number:
            strength = 0.25 + 0.6 * number / most
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fc=MIDDLE["delta"], ec="none", alpha=strength))
            _boxed(ax, column, row, str(number), "#303438", size=9)  # to be read on any of these grounds
        elif number:
            ax.text(column, row, str(number), color=INK, ha="center", va="center", size=9)
    ax.set(xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5), xticks=range(size), yticks=range(size))
    ax.set_xlabel("read as", color=INK)
    ax.set_ylabel("what it is", color=INK)
    return ax


def weight_matrix(ax: Axes, w: ArrayLike, l: int = 0, decimals: int = 2) -> Axes:
    """w^l as a table of its numbers: row 0 holds the biases, column 0 is fixed and hatched. w: (n[l], n[l+1])."""
    neutral(ax).grid(False)
    w = np.asarray(w, float)
    rows, columns = w.shape
    for i in range(rows):
        for j in range(columns):
            fixed = j == 0
            ax.add_patch(Rectangle((j, i), 1, 1, fc="none", ec=INK, lw=0.8, hatch="//" if fixed else None, alpha=0.45))
            number = f"{w[i, j]:g}" if fixed else f"{w[i, j]:.{decimals}f}"
            ax.text(j + 0.5, i + 0.5, number.replace("-", "−"), color=INK, ha="center", va="center")
    ax.set(
        xlim=(-0.02, columns + 0.02),
        ylim=(rows + 0.02, -0.02),
        xticks=np.arange(columns) + 0.5,
        yticks=np.arange(rows) + 0.5,
        xticklabels=[f"$j = {j}$" for j in range(columns)],
        yticklabels=[f"$i = {i}$" for i in range(rows)],
        aspect="equal",
    )
    ax.set(xlabel=f"to neuron $j$ of layer {l + 1}", ylabel=f"from neuron $i$ of layer {l}")
    ax.xaxis.set_label_position("top")
    ax.set_title(f"$w^{l}$", size=12)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.spines[:].set_visible(False)
    return ax


# What lesson 3's widgets leave on a page without a kernel.


def lines_figure(lines: list[tuple[str, str]]) -> Figure:
    """A Figure of formulas below each other. lines: (name, LaTeX) of each."""
    figure = Figure(figsize=(6.4, 0.62 * len(lines) + 0.2))
    for k, (name, formula) in enumerate(lines):
        y = 1 - (k + 0.5) / len(lines)
        formula = formula.replace(r"\text", r"\mathrm")  # what matplotlib knows of LaTeX
        figure.text(0.02, y, name, color=INK, size=11, va="center")
        figure.text(0.12, y, f"${formula}$", color=INK, size=12, va="center")
    return figure


def words_figure(text: str, width: int = 88) -> Figure:
    """A Figure of plain text; its lines are broken where they are too long."""
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, width) or [""]]
    figure = Figure(figsize=(7.6, 0.24 * len(lines) + 0.2))
    figure.text(0.01, 0.98, "\n".join(lines), color=INK, size=10.5, va="top", linespacing=1.4, parse_math=False)
    return figure


def paths_figure(picture: dict, edges: list, shown: dict) -> Figure:
    """A Figure of the paths widget: the network with what is lit, and the sum below it."""
    width, height = picture["width"], picture["height"] + 50
    figure = Figure(figsize=(width / 85, height / 85))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    at = {neuron["id"]: neuron for neuron in picture["neurons"]}
    for start, end in edges:
        lit = [start, end] in shown["lit"]
        ends = [at[start]["x"], at[end]["x"]], [at[start]["y"], at[end]["y"]]
        ax.plot(*ends, color=MIDDLE["delta"] if lit else INK, lw=2.5 if lit else 0.5, zorder=1)
    for neuron in picture["neurons"]:
        shape = "s" if neuron["constant"] else "o"
        ax.plot(neuron["x"], neuron["y"], shape, ms=30, mfc="white", mec=INK, zorder=2)
        ax.text(neuron["x"], neuron["y"], neuron["name"], color="#303438", ha="center", va="center", size=10, zorder=3)
    total = f"{shown['count']} paths from {shown['weight']}; their products add up to {shown['sum']}"
    ax.text(width / 2, height - 20, total, color=INK, ha="center", size=10)
    return figure


def plane_figure(net: Network, I: ArrayLike, D: ArrayLike) -> Figure:
    """A Figure of what a network makes of the plane, with points; of words where there are none."""
    if not len(I):
        return words_figure("A plane without any point yet.")
    figure = Figure(figsize=(4.2, 4))
    decision_map(figure.add_axes((0.16, 0.13, 0.8, 0.84)), net, I, D)
    return figure


def weights_figure(net: Network, most: int = 32) -> Figure:
    """A Figure of what the neurons of layer 1 look for; see weight_images."""
    shown = net.w[0][:, : most + 1]
    columns = min(8, shown.shape[1] - 1)
    rows = -(-(shown.shape[1] - 1) // columns)
    figure = Figure(figsize=(1.1 * columns, 1.2 * rows), layout="constrained")
    weight_images(figure.subplots(rows, columns, squeeze=False), shown)
    return figure
