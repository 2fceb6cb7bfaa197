"""Figures for lessons and for paper: arrays and an Axes in, the Axes out. Needs matplotlib."""

import base64
import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK = "#767c84"  # legible on white and on black: a figure's ground is transparent, and the theme's shows through
MIDDLE = {"o": "#2a86c7", "delta": "#d0662a", "dw": "#a95db0"}  # the notation's colours, for both grounds


def png(figure, dpi=96):
    """A Figure as base64 text of a PNG with a transparent ground."""
    FigureCanvasAgg(figure)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi, transparent=True)
    return base64.b64encode(file.getvalue()).decode()


def network_figure(picture, shown):
    """The picture of the stepper with its caption. picture, shown: what view.picture and view.frame return."""
    width, height = picture["width"], picture["height"] + 40
    figure = Figure(figsize=(width / 80, height / 80))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    network_picture(axes, picture, shown)
    axes.text(width / 2, height - 12, shown["caption"], color=INK, ha="center", va="center", size=9)
    return figure


def network_picture(ax, picture, shown):
    """Neurons, edges and numbers of the stepper on an Axes whose y axis points down."""
    for edge, now in zip(picture["edges"], shown["edges"], strict=True):
        x1, y1, x2, y2 = edge["ends"]
        if edge["fixed"]:
            ax.plot([x1, x2], [y1, y2], ":", color=INK, lw=0.6, zorder=1)
            continue
        ax.plot([x1, x2], [y1, y2], "--" if now["negative"] else "-", color=INK, lw=now["width"], zorder=1)
        if edge["labelled"] or now["state"]:
            _boxed(ax, *edge["label"], now["text"], INK, size=8)
    for neuron, now in zip(picture["neurons"], shown["neurons"], strict=True):
        x, y = neuron["x"], neuron["y"]
        ax.plot(
            x,
            y,
            "s" if neuron["constant"] else "o",
            ms=26 if neuron["constant"] else 37,
            mfc="white",
            mec=INK,
            zorder=2,
        )
        ax.text(x, y, now["o"], color="#303438", ha="center", va="center", size=9, zorder=3)
        if now.get("a"):
            _boxed(ax, x, y - 36, f"a {now['a']}", MIDDLE["o"], size=8)
        if now.get("delta"):
            _boxed(ax, x, y + 36, f"δ {now['delta']}", MIDDLE["delta"], size=8)
    for caption in picture["layers"] + picture["more"]:
        ax.text(caption["x"], caption["y"], caption["text"], color=INK, ha="center", size=9)
    return ax


def _boxed(ax, x, y, text, colour, size):
    box = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none"}
    ax.text(x, y, text, color=colour, ha="center", va="center", size=size, bbox=box, zorder=2)
