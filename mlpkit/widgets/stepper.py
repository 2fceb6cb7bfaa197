"""The Stepper: a network as a picture, played micro-step by micro-step."""

import numpy as np
import traitlets
from anywidget import AnyWidget

from mlpkit import notation, view
from mlpkit.functions import cross_entropy, sigmoid
from mlpkit.network import Network, check_alpha, check_desired_outputs, check_inputs, step
from mlpkit.tracing import trace
from mlpkit.widgets.assets import module, style


class Stepper(AnyWidget):
    """One example after another carried through forward, backward and step.

    net: a Network. I, D: one example, (n[0] - 1,) and (n[L-1] - 1,), or several as rows. alpha: the learning rate.
    Raises ValueError where they do not fit.

    position: how many micro-steps have been made (0: none yet). example: which row of I and D is on the screen.
    alpha: the learning rate. picked: the weight on the slider, such as "w-1-2-1". These four can be set, observed and
    linked to other widgets; what does not fit is moved to the nearest value that does.
    broken: the mistakes that are made on purpose, such as ["slope"]; the names are those of trace's `broken`.
    opened: the numbers that were opened one from the other, as words such as "delta-1-2"; [] if none is.
    net: the Network as it is now, with every step that was taken. losses: the loss of each example before its step.
    """

    _esm = module("stepper.js")
    _css = style("stepper.css")

    position = traitlets.Int(0).tag(sync=True, echo_update=False)
    example = traitlets.Int(0).tag(sync=True)
    alpha = traitlets.Float(0.5).tag(sync=True)
    picked = traitlets.Unicode().tag(sync=True)
    opened = traitlets.List(traitlets.Unicode()).tag(sync=True)
    broken = traitlets.List(traitlets.Enum(tuple(view.BREAKS))).tag(sync=True)
    moved = traitlets.Dict().tag(
        sync=True, echo_update=False
    )  # from the browser: {"turn": k, "values": {key of a symbol: number}}
    picture = traitlets.Dict().tag(sync=True)  # to the browser: where things are drawn
    shown = traitlets.Dict().tag(sync=True)  # to the browser: what they show

    def __init__(self, net, I, D, alpha=0.5):
        I = np.atleast_2d(check_inputs(net, I)).copy()
        D = np.atleast_2d(check_desired_outputs(net, D, np.shape(D)[:-1])).copy()
        if I.ndim != 2 or len(I) != len(D):
            raise ValueError(
                f"I has {len(I)} examples and D {len(D)}, but each example needs its desired outputs: "
                "give both as one row for each example"
            )
        self._start = (net, I, D, check_alpha(alpha))
        self._problem = ""
        self.losses = []
        self._take(net, I.copy(), D.copy(), 0, check_alpha(alpha))
        super().__init__(alpha=self._alpha, picked=notation.key(view.weights_that_move(net)[-1]))
        self.on_msg(self._on_message)
        self._show()

    @property
    def net(self):
        return self._net

    @net.setter
    def net(self, net):
        if not isinstance(net, Network):
            raise TypeError(f"net is {net!r}, but a Network is needed: make one with Network(w, sigma, loss)")
        before = self._start
        self._start = (net, *before[1:])  # Reset comes back to this network
        try:
            self._change(net=net)
        except ValueError:
            self._start = before
            raise

    @property
    def steps(self):
        """The trace of the example on the screen, as trace(net, I, D, alpha) gives it."""
        return self._scene.steps

    def open(self, symbol=None):
        """Open a number, such as ("delta", 1, 2): show the micro-step that writes it.

        What is not written yet is reached by stepping on to it. A weight comes on the slider as well.
        Without a symbol it is ipywidgets' own `open`, which connects the widget to the browser.
        """
        if symbol is None:
            super().open()
            return
        symbol = tuple(symbol)
        if symbol not in self._scene.written_at:
            raise ValueError(
                f"{symbol} is no symbol of this network: give a kind and its indices from 0, such as "
                '("o", 1, 2) or ("w", 0, 1, 2)'
            )
        if symbol in view.weights_that_move(self._net):
            self.picked = notation.key(symbol)
        position = self._scene.position_of(symbol)
        if position > self.position:
            self.position = position
        elif symbol != self._open_symbol():
            self.opened = [*self.opened, notation.key(symbol)]

    def _open_symbol(self):
        """The symbol whose micro-step is on the screen, or None before the first."""
        at = self._scene.step_at(self.position)
        return notation.symbol_of(self.opened[-1]) if self.opened else at.symbol if at else None

    def next_example(self):
        """Take the step of this example and go on with the next one, from the new weights."""
        I, D = self._I[self.example], self._D[self.example]
        try:
            net = self._moved_by_mistake() if self.broken else step(self._net, I, D, self._alpha)
        except ValueError:
            self._problem = "This step is so large that a weight is no longer a number. Take a smaller α, or reset."
            if any(symbol[0] == "w_new" and symbol[3] == 0 for symbol in self._scene.off):
                self._problem = (
                    "This step moves a fixed column, and what comes of it is no network of these lessons: "
                    f"switch “{view.BREAKS['delta_0'][0]}” off, or reset."
                )
            self._show()
            return
        self.losses.append(self._scene.value(("loss",)))
        self._change(net=net, example=(self.example + 1) % len(self._I), position=0)

    def _moved_by_mistake(self):
        """The network with the new weights of the trace on the screen."""
        w = [array.copy() for array in self._net.w]
        for symbol in self._scene.written_at:
            if symbol[0] == "w_new":
                _, l, i, j = symbol
                w[l][i, j] = self._scene.value(symbol)
        return Network(w, self._net.sigma, self._net.loss)

    def reset(self):
        """Everything as it was at the start."""
        net, I, D, alpha = self._start
        self.losses.clear()
        self._change(net=net, I=I.copy(), D=D.copy(), example=0, alpha=alpha, position=0)

    # A change is computed whole before anything is replaced, so that a bad number leaves everything as it was.

    def _take(self, net, I, D, example, alpha):
        broken = tuple(self.broken)
        steps = trace(net, I[example], D[example], alpha, broken)
        right = trace(net, I[example], D[example], alpha) if broken else ()
        scene = view.Scene(net, steps, right)
        self._net, self._I, self._D, self._alpha, self._scene = net, I, D, alpha, scene

    def _change(self, net=None, I=None, D=None, example=None, alpha=None, position=None):
        example = self.example if example is None else example
        self._take(
            self._net if net is None else net,
            self._I if I is None else I,
            self._D if D is None else D,
            example,
            self._alpha if alpha is None else alpha,
        )
        self._problem = ""
        with self.hold_trait_notifications():
            self.example, self.alpha = example, self._alpha
            self.position = min(self.position if position is None else position, len(self._scene.stops))
            self.opened = [word for word in self.opened if notation.symbol_of(word) in self._scene.written_at]
            if self.picked not in map(notation.key, view.weights_that_move(self._net)):
                self.picked = notation.key(view.weights_that_move(self._net)[-1])
        self._show()

    @traitlets.validate("position")
    def _valid_position(self, proposal):
        return min(max(0, proposal["value"]), len(self._scene.stops))

    @traitlets.validate("example")
    def _valid_example(self, proposal):
        return min(max(0, proposal["value"]), len(self._I) - 1)

    @traitlets.validate("alpha")
    def _valid_alpha(self, proposal):
        return check_alpha(proposal["value"])

    @traitlets.validate("picked")
    def _valid_picked(self, proposal):
        movable = [notation.key(symbol) for symbol in view.weights_that_move(self._net)]
        if proposal["value"] not in movable:
            raise traitlets.TraitError(
                f"picked is {proposal['value']!r}, but it must be a weight outside the fixed column: "
                f"{movable[0]} to {movable[-1]}"
            )
        return proposal["value"]

    @traitlets.validate("opened")
    def _valid_opened(self, proposal):
        symbols = (notation.symbol_of(word) for word in proposal["value"])
        return [notation.key(symbol) for symbol in symbols if symbol in self._scene.written_at]

    @traitlets.observe("position", "picked", "opened")
    def _on_position(self, change):
        if change["name"] == "position":
            self.opened = []
        self._show()

    @traitlets.observe("example", "alpha")
    def _on_example_or_alpha(self, change):
        if self._alpha != self.alpha or change["name"] == "example":
            self._change(alpha=self.alpha)

    @traitlets.observe("broken")
    def _on_broken(self, change):
        if not hasattr(self, "_scene"):
            return
        at = self._scene.step_at(self.position)
        self._take(self._net, self._I, self._D, self.example, self._alpha)
        # the same number stays on the screen, wherever its step now is
        self.position = self._scene.position_of(at.symbol) if at else 0
        self._change()

    @traitlets.observe("moved")
    def _on_moved(self, change):
        net, I, D, alpha = self._net, self._I, self._D, self._alpha
        try:
            for word, number in change["new"].get("values", {}).items():
                kind, *place = notation.symbol_of(word)
                if kind == "alpha":
                    alpha = check_alpha(number)
                elif kind == "w":
                    w = [array.copy() for array in net.w]
                    w[place[0]][place[1], place[2]] = number
                    net = Network(w, net.sigma, net.loss)
                else:
                    rows = (I if kind == "I" else D).copy()
                    rows[self.example, place[0] - 1] = number
                    I, D = (rows, D) if kind == "I" else (I, rows)
            self._change(net=net, I=I, D=D, alpha=alpha)
        except ValueError as problem:
            self._problem = f"{problem}."
            self._show()

    def _on_message(self, _, content, buffers):
        if content.get("do") == "next":
            self.next_example()
        elif content.get("do") == "reset":
            self.reset()
        elif content.get("do") == "open":
            _, *place = symbol = notation.symbol_of(content["symbol"])
            new = ("w_new", *place)
            if content.get("edge"):  # the number at an edge is the new weight as soon as there is one
                self.picked = notation.key(symbol)
                symbol = new if self._scene.position_of(new) <= self.position else symbol
            self.open(symbol)

    def _show(self):
        if not hasattr(self, "_scene") or not self.picked:
            return
        opened = [notation.symbol_of(word) for word in self.opened]
        drawn = view.picture(self._net.n, self._open_symbol())
        if self.picture != drawn:
            self.picture = drawn
        self.shown = {
            **view.frame(self._scene, self.position, drawn, opened),
            "sliders": self._sliders(),
            "weights": [
                {"value": notation.key(symbol), "label": notation.text(symbol)}
                for symbol in view.weights_that_move(self._net)
            ],
            "picked": self.picked,
            "damage": view.damage(self._scene, self._I[self.example], self._D[self.example], self.broken),
            "foot": view.foot(self._scene, self.example, len(self._I), self.losses),
            "problem": self._problem,
            "turn": self.moved.get("turn", 0),
        }

    def _sliders(self):
        net, I, D, alpha = self._start
        unit = self._net.loss is cross_entropy or self._net.sigma[-1] is sigmoid
        weight = notation.symbol_of(self.picked)
        _, l, i, j = weight
        now = [
            *((("I", k), x, I[self.example, k - 1]) for k, x in enumerate(self._I[self.example][:_INPUTS], 1)),
            *((("D", k), x, D[self.example, k - 1]) for k, x in enumerate(self._D[self.example][:_OUTPUTS], 1)),
            (("alpha",), self._alpha, alpha),
            (weight, self._net.w[l][i, j], net.w[l][i, j]),
        ]
        return [view.slider(symbol, float(value), float(at_start), unit) for symbol, value, at_start in now]

    def __repr__(self):
        sizes = "-".join(str(n - 1) for n in self._net.n)
        return f"Stepper of a {sizes} network: {view.caption(self._scene, self.position)}"

    def _repr_mimebundle_(self, **kwargs):
        from mlpkit import plots  # matplotlib is only needed for the picture on paper

        bundle, *metadata = super()._repr_mimebundle_(**kwargs) or ({},)
        bundle["text/plain"] = repr(self)
        bundle["image/png"] = plots.png(plots.network_figure(self.picture, self.shown))
        return (bundle, *metadata) if metadata else bundle


_INPUTS, _OUTPUTS = 8, 4  # more than these are not put on sliders
