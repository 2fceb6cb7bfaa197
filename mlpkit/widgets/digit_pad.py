"""A pad on which a digit is drawn, and read by a network while it is drawn."""

import ipywidgets
import numpy as np
import traitlets

from mlpkit.core.given import short
from mlpkit.core.network import Network
from mlpkit.explorers.drawing import MOST_POINTS, SIDE, moved_along, one_hot, pixels, shown
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.messages import Clear, MovePixels, Numbers, Set
from mlpkit.widgets.stepper import Stepper

_ALPHA = 0.02  # how far the pixels go along their slope in one step: a few steps turn one digit into another


class DigitPad(Widget):
    """A digit drawn with mouse, finger or keys, its 8 by 8 pixels, and the ten outputs of a network.

    net: a Network with 64 inputs and 10 outputs; another one can be set at any time. I: the pixels, (64,), from 0 to 1,
    as the data have them. wanted: the digit that D stands for, 0 to 9. stepper: the Stepper with the numbers, or None.
    """

    takes, set_by_hand = (Set, Clear, MovePixels, Numbers), ("strokes", "wanted")

    _esm = module("digit_pad.js")
    _css = style("digit_pad.css")

    strokes = traitlets.List().tag(sync=True)
    wanted = traitlets.Int(0, min=0, max=9).tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    opened = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)

    _box = stepper = None

    def __init__(self, net: Network) -> None:
        self._net, self._moved, self._I = _fitting(net), 0, np.zeros(SIDE * SIDE)
        super().__init__()
        self._box = ipywidgets.VBox([self])  # with the stepper below it, while there is one
        self._show()

    @property
    def net(self) -> Network:
        return self._net

    @net.setter
    def net(self, net):
        self._net = _fitting(net)
        self._follow()
        self._show()

    @property
    def I(self) -> np.ndarray:
        return self._I.copy()

    @I.setter
    def I(self, pixels):
        given = np.asarray(pixels, float)
        if given.shape != (SIDE * SIDE,) or not ((given >= 0) & (given <= 1)).all():
            raise ValueError(
                f"I has the shape {given.shape}, but 64 numbers from 0 to 1 are needed: give one row of the digits, "
                "such as data.digits().I[0]"
            )
        self.strokes, self._moved, self._I = [], 0, given.copy()
        self._show()

    @property
    def D(self) -> np.ndarray:
        return one_hot(self.wanted)

    @validate("strokes")
    def _valid_strokes(self, proposal):
        for stroke in proposal["value"]:
            if not isinstance(stroke, list):
                raise ValueError(f"{short(stroke)} is no stroke of a drawing: give a list of points [x, y]")
        points = [point for stroke in proposal["value"] for point in stroke]
        if max(len(points), len(proposal["value"])) > MOST_POINTS:
            raise ValueError(f"the drawing has more than {MOST_POINTS} points: clear the pad, and draw anew")
        for point in points:
            pair = isinstance(point, list) and len(point) == 2
            if not pair or not all(isinstance(x, (int, float)) and 0 <= x <= 1 for x in point):
                raise ValueError(f"{short(point)} is no point of a drawing: give [x, y], both from 0 to 1")
        return proposal["value"]

    @validate("wanted")
    def _valid_wanted(self, proposal):
        return int(proposal["value"])  # True is a whole number too, but no index

    @traitlets.observe("strokes")
    def _on_strokes(self, change):
        self._moved, self._I = 0, pixels(self.strokes)
        self._show()

    @traitlets.observe("wanted")
    def _on_wanted(self, change):
        self._show()

    def clear(self) -> None:
        """An empty pad."""
        self.I = np.zeros(SIDE * SIDE)

    def move(self) -> None:
        """Move the pixels one step down the loss, towards the digit that is wanted."""
        self._I, self._moved = moved_along(self.net, self._I, self.wanted, _ALPHA), self._moved + 1
        self._show()

    def open_stepper(self) -> None:
        """Show the numbers of this example in a Stepper below, where each can be opened."""
        if self.stepper is None:
            self.stepper = Stepper(self.net, self._I, self.D, _ALPHA, position=0)
            self._box.children, self.opened = [self, self.stepper], True

    def close_stepper(self) -> None:
        """Take the stepper away."""
        if self.stepper is not None:
            stepper, self.stepper = self.stepper, None
            self._box.children, self.opened = [self], False
            stepper.close()
            stepper.layout.close()

    def close(self) -> None:
        self.close_stepper()
        if self._box is not None:
            self._box.close()
        super().close()

    def _do(self, do, **what):
        if do == "clear":
            self.clear()
        elif do == "move_pixels":
            self.move()
        elif do == "numbers":
            (self.close_stepper if self.opened else self.open_stepper)()

    def _could_not(self, problem):
        sentence = str(problem)
        self.problem = f"{sentence[:1].upper()}{sentence[1:]}."

    def _follow(self):
        """The stepper has the example and the network of the pad."""
        if self.stepper is not None:
            self.close_stepper()
            self.open_stepper()

    def _show(self):
        self.problem = ""
        self.shown = shown(self.net, self._I, self.wanted, self._moved)

    def __repr__(self):
        read = self.shown["read"]
        return "Digit pad: nothing drawn yet" if read is None else f"Digit pad: read as {read}"

    def _on_paper(self, plots):
        return plots.digit_pad_figure(self.shown)


def _fitting(net):
    if not isinstance(net, Network) or (net.n[0], net.n[-1]) != (SIDE * SIDE + 1, 11):
        given = f"the {'-'.join(str(n - 1) for n in net.n)} network" if isinstance(net, Network) else repr(net)
        raise ValueError(
            f"the pad was given {given}, but it needs one of 64 inputs and 10 outputs: "
            "train Network.random([64, 32, 10]) on the digits first"
        )
    return net


def digit_pad(net: Network) -> DigitPad:
    """A pad on which to draw a digit for `net`, a Network with 64 inputs and 10 outputs, trained on data.digits().

    Raises ValueError where net has others.
    """
    return DigitPad(net)
