"""Draws the network of lessons/handout.md as lessons/images/handout-network.png, black on white:

.venv/bin/python tests/handout_network.py
"""

from pathlib import Path

import matplotlib.image
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from mlpkit import data
from mlpkit.plots import network_picture
from mlpkit.stepper.frame import Scene, frame
from mlpkit.stepper.layout import picture
from mlpkit.tracing.micro_steps import trace

PLACE = Path(__file__).parents[1] / "lessons" / "images" / "handout-network.png"


def drawn():
    """The running example before the first micro-step: (an array of pixels, the numbers in it as a text)."""
    net, I, D = data.running_example()
    places = picture(net.n)
    places = places | {"layers": [caption | {"y": caption["y"] - 12} for caption in places["layers"]]}  # no δ below
    shown = frame(Scene(net, trace(net, I, D, 0.5)), 0, places)
    width, top, height = places["width"], 0, places["height"] - 8
    figure = Figure(figsize=(width / 120, (height - top) / 120), dpi=240, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, top))
    axes.axis("off")
    network_picture(axes, places, shown)
    for artist in axes.lines:
        artist.set(color="black", markeredgecolor="black")
    for artist in axes.findobj(Text):
        artist.set(color="black")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.buffer_rgba(), " ".join(artist.get_text() for artist in axes.texts)


if __name__ == "__main__":
    pixels, numbers = drawn()
    matplotlib.image.imsave(PLACE, pixels, metadata={"Description": numbers})
