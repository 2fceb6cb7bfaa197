"""The paths from one weight to the loss, in a picture; and how their number grows."""

import traitlets
from numpy.typing import ArrayLike

from mlpkit import explorers
from mlpkit.core.given import short
from mlpkit.core.network import Network
from mlpkit.explorers.paths import MOST, count, edges, one_case, picture, shown, weight_options
from mlpkit.notation import key, symbol_of
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.explorer import Explorer
from mlpkit.widgets.messages import PathsShown, Set


class Paths(Widget):
    """A network with the paths from one weight to the loss of one example.

    weight: the key of the weight, such as "w-0-1-2". path: the number of the path that is lit, from 1 on; 0 for all.
    """

    _esm = module("paths.js")
    _css = style("paths.css")
    takes, set_by_hand = (Set,), ("weight", "path")

    weight = traitlets.Unicode().tag(sync=True)
    path = traitlets.Int(1).tag(sync=True)
    options = traitlets.List().tag(sync=True)
    picture = traitlets.Dict().tag(sync=True)
    edges = traitlets.List().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, net: Network, I: ArrayLike, D: ArrayLike) -> None:
        self.net, self._case = net, one_case(net, I, D)
        options = weight_options(net)
        if not options:
            raise ValueError(f"every weight of {net!r} has more than {MOST} paths: take a smaller network")
        super().__init__(
            weight=options[0]["value"],
            options=options,
            picture=picture(net),
            edges=edges(net),
        )
        self._show()

    @validate("weight")
    def _valid_weight(self, proposal):
        words = [option["value"] for option in self.options] or [proposal["value"]]
        if proposal["value"] not in words:
            raise ValueError(f"{short(proposal['value'])} is no weight here: take one of {', '.join(words)}")
        return proposal["value"]

    @validate("path")
    def _valid_path(self, proposal):
        return max(0, min(int(proposal["value"]), self.shown.get("count", proposal["value"])))

    @traitlets.observe("weight")
    def _on_weight(self, change):
        if self.shown:
            self._show()

    @traitlets.observe("path")
    def _on_path(self, change):
        if self.shown:
            self._show()

    def _show(self):
        weight = symbol_of(self.weight)
        most = count(self.net.n, weight[1])
        chosen = min(self.path, most)
        now: PathsShown = shown(self._case, weight, chosen)
        self.shown = now
        if self.path > most:
            self.path = chosen

    def __repr__(self):
        return f"Paths: {key(symbol_of(self.weight))}, {self.shown['count']}"

    def _on_paper(self, plots):
        return plots.paths_figure(self.picture, self.edges, self.shown)


def paths(net: Network, I: ArrayLike, D: ArrayLike, weight: tuple | None = None) -> Paths:
    """The paths from one weight of net to the loss of one example, each with its product of derivatives.

    I: (n[0] - 1,). D: (n[L-1] - 1,). weight: a symbol, such as ("w", 0, 1, 2); None for the first one.
    Raises ValueError where I or D does not fit net, or where every weight has too many paths to be drawn; TraitError
    where weight is none of those that move.
    """
    widget = Paths(net, I, D)
    if weight:
        widget.weight = key(weight)
    return widget


def deepening() -> Explorer:
    """How the number of paths grows with the layers, and the work of walking them against back-propagation."""
    return Explorer(explorers.deepening())
