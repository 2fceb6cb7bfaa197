"""The explorers: panels and rows that follow their controls."""

import traceback
from collections.abc import Callable, Sequence
from contextlib import contextmanager

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from mlpkit import explorers
from mlpkit.core.arguments import check_desired_outputs, check_inputs, check_whole_number
from mlpkit.core.functions import Activation, Loss
from mlpkit.core.network import Network
from mlpkit.exercises.learner import plain
from mlpkit.exercises.stops import said_by, stopped
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.messages import ExplorerShown, Move, Press


class Explorer(Widget):
    """Panels and rows under a few controls.

    exploration: an explorers.Exploration, which says what can be moved and what is then to be seen.

    values: {id of a control: its value}. It can be set, also in part, and observed: explorer.values = {"a": 2.0}.
    A number outside a slider's range becomes the nearest one inside; what is no number, or names no control, is
    refused. controls, shown: what the browser draws; read them, but leave them alone. What the exploration's functions
    raise stands in shown["problem"], below the sliders and in repr(explorer); what was shown before stays.
    """

    _esm = module("explorer.js")
    _css = style("explorer.css")
    takes = (Move, Press)

    linked = ("values",)

    name = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, exploration: explorers.Exploration) -> None:
        self._exploration = exploration
        self._memory = exploration.memory
        self._last = explorers.first_values(exploration.controls)  # the values that are shown
        super().__init__(name=exploration.name, controls=exploration.controls, values=self._last)
        self._remember()
        self._show()

    @validate("values")
    def _valid_values(self, proposal):
        return {**self._last, **explorers.checked(self._exploration.controls, proposal["value"])}

    @traitlets.observe("values")
    def _on_values(self, change):
        self._last = change["new"]
        if self.shown:  # not while it is being made
            self._remember()
            self._show()

    def _remember(self):
        with self._telling(self._exploration.remember):
            self._memory = self._exploration.remember(self._memory, self.values)

    def _do(self, do, **what):
        if do == "move":
            self.values = what["values"]
        elif do == "press":
            self.press(what["id"])

    def press(self, id: str) -> None:
        """Press a button. id: its name, such as "reset". Raises ValueError where there is no such button."""
        buttons = [control["id"] for control in self._exploration.controls if control["kind"] == "button"]
        if id not in buttons:
            raise ValueError(f"there is no button {id!r} here: take one of {', '.join(buttons) or 'none'}")
        press = self._exploration.press.get(id)
        with self._telling(press):
            if press is None:
                raise ValueError(
                    f"nothing is to be done at the button {id!r}: name a function for it in Exploration's press"
                )
            values, self._memory = explorers.pair(id, press(self.values, self._memory))
        if values == self.values:
            self._show()
        else:
            self.values = values

    def _show(self):
        show = self._exploration.show
        try:
            with self._telling(show), np.errstate(all="ignore"):  # what overflows is shown as infinite
                now: ExplorerShown = explorers.whole(show(self.values, self._memory))
        except Exception:  # a learner's own σ or L̃ may raise anything: the controls stay usable
            return
        self.shown = now

    @contextmanager
    def _telling(self, f):
        """What is raised while f, one of the exploration's functions, is called is also shown."""
        try:
            yield
        except Exception as problem:
            self.shown = {"panels": [], "rows": [], "spoken": "", **self.shown, "problem": _in_words(f, problem)}
            raise

    def __repr__(self):
        return "\n".join(filter(None, [self._title(), self.shown.get("problem")]))

    def _title(self):
        return f"Explorer: {self.name}"

    def _on_paper(self, plots):
        return plots.panels_figure(self.shown)


def _in_words(f, problem):
    """What was raised in a call of f; with its line, where that is in code which is not the kit's."""
    module = getattr(f, "__module__", None)
    ran = any(frame.f_globals.get("__name__") == module for frame, _ in traceback.walk_tb(problem.__traceback__))
    if ran and not str(module).startswith("mlpkit."):
        return plain(stopped(f, problem, said_by(problem), {}, seconds=0))
    return f"{type(problem).__name__}: {problem}"


def sigma_explorer(*activations: Activation) -> Explorer:
    """σ and σ′ side by side. activations: others than the built-in ones, such as your own; the first is shown first."""
    return Explorer(explorers.sigma(*activations))


def loss_explorer(*losses: Loss) -> Explorer:
    """L̃ against one output o: the built-in losses, and any others that are given."""
    return Explorer(explorers.loss(*losses))


def xor_by_hand(forward: Callable | None = None) -> Explorer:
    """A 2-2-1 logistic network with its nine weights on sliders, and what it makes of XOR.

    forward=my_forward: all is computed by the learner's own forward, called as the kit's is, forward(net, I); the first
    number that is not the kit's is told, and so is what it raises.
    """
    return Explorer(explorers.xor_by_hand(forward))


def nudge(net: Network, I: ArrayLike, D: ArrayLike, weight: tuple | None = None) -> Explorer:
    """L̃ of one example against any weight of net: secant and tangent, and how far they differ for small ε.

    I: (n[0] - 1,). D: (n[L-1] - 1,). A slope is a loss per unit of the weight; ε is in units of the weight.
    weight: the symbol of the weight that is shown first, such as ("w", 1, 2, 1); None for the last one of net.
    Raises ValueError where I, D or weight does not fit net.
    """
    return Explorer(explorers.nudge(net, I, D, weight))


def learning_rate_explorer(
    net: Network, I: ArrayLike, D: ArrayLike, epochs: int = 200, alphas: Sequence[float] = (0.05, 0.5, 5.0)
) -> Explorer:
    """The loss curve for the α on a slider, beside those of a few fixed alphas.

    I: (m, n[0] - 1). D: (m, n[L-1] - 1), m examples. epochs: steps on all of them, from the weights of net.
    alphas: learning rates. Raises ValueError where I, D, epochs or one of alphas does not fit.
    """
    return Explorer(explorers.learning_rate(net, I, D, epochs, alphas))


def step_laboratory(net: Network, I: ArrayLike, D: ArrayLike, epochs: int = 60) -> Explorer:
    """One step from inside: the loss along w + s Δw beside what its slope promises, and the way over two weights.

    I: (m, n[0] - 1). D: (m, n[L-1] - 1), m examples, which are taken all at once, two by two and one by one. epochs: as
    far as the way can be followed. Raises ValueError where I, D or epochs does not fit.
    """
    I, D, epochs = _examples(net, I, D, epochs)
    return Explorer(explorers.step_laboratory(net, I, D, epochs))


def stuck_laboratory(I: ArrayLike, D: ArrayLike, epochs: int = 300) -> Explorer:
    """A saturated neuron, a dead ReLU and a plateau of a 2-2-1 network, each with the number that causes it.

    I: (m, 2). D: (m, 1), m examples. Raises ValueError where I, D or epochs does not fit.
    """
    return Explorer(explorers.stuck(*_examples(Network.random([2, 2, 1]), I, D, epochs)))


def _examples(net, I, D, epochs):
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    return np.atleast_2d(I), np.atleast_2d(D), check_whole_number("epochs", epochs, 1, "60")


def start_explorer() -> Explorer:
    """What equal, small and large weights at the start do to a 2-3-1 network that learns XOR."""
    return Explorer(explorers.start())
