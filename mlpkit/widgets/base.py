"""What all widgets of the kit have in common: how they talk with the browser, and what stands for them on paper."""

import functools
from time import perf_counter

import traitlets
from anywidget import AnyWidget
from ipywidgets import DOMWidget

from mlpkit.on_demand import at_hand
from mlpkit.widgets.messages import Answered, Probe, Turn, fitting, unfit

_VIEW = "application/vnd.jupyter.widget-view+json"


def validate(*names):
    """traitlets.validate, where whatever is wrong becomes a TraitError: only for that does traitlets, where several
    traits are set at once, put back what was there before."""

    def of(method):
        @functools.wraps(method)
        def told(self, proposal):
            try:
                return method(self, proposal)
            except (ValueError, TypeError, OverflowError) as problem:
                raise traitlets.TraitError(str(problem)) from None

        return traitlets.validate(*names)(told)

    return of


class Widget(AnyWidget):
    """An AnyWidget that does what a hand in the browser asks for, in order and once, and answers each message.

    What goes to and fro is in messages.py. The k-th message of a view comes after its k-1st: a connection may break and
    swallow messages, so what comes too early or for the second time is left alone, and a probe asks what has arrived.

    takes: the kinds of requests that it takes. set_by_hand: the traits that a Set may set.
    linked: more traits that a page may set, as when it links one to that of another widget (jslink).
    answered: to the browser, with all that has changed: an Answered.
    """

    takes: tuple[type, ...] = ()
    set_by_hand: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()

    answered = traitlets.Dict().tag(sync=True)

    _box = None  # what is shown in its place, where the numbers may stand beside it

    def __init__(self, **given):
        self._done = {}  # {view: its last turn that was done}
        super().__init__(**given)
        self.on_msg(self._on_message)

    def set_state(self, sync_data: dict) -> None:
        """What a page sets without a message. Of the kit's traits: those that it may set, each where it fits."""
        ours = set(self.keys) - set(DOMWidget.class_trait_names())
        super().set_state({name: value for name, value in sync_data.items() if name not in ours})
        for name in ours.intersection(sync_data):
            try:
                if name in (*self.set_by_hand, *self.linked):
                    setattr(self, name, _well_formed(sync_data[name]))
            except Exception:
                self.log.exception("%s could not be set", name)
            self.send_state(name)  # the page has what it asked for, and is to have what there is

    def _on_message(self, _, content, buffers):
        if "probe" in content:
            if not unfit(content, Probe):
                self._answer(content.get("view"), probe=content["probe"])
                self.send_state([name for name in self.keys if name not in ("_esm", "_css")])  # others may be lost too
        elif "turn" not in content:
            self._perform([content])
        elif not unfit(content, Turn):
            self._take_turn(content)

    def _take_turn(self, message: Turn):
        view, turn = message.get("view"), message["turn"]
        if turn != self._done.get(view, 0) + 1:
            return
        began = perf_counter()
        with self.hold_sync():  # one answer for all of it
            try:
                self._perform(message["asked"])
            finally:
                self._done[view] = turn
                self._answer(view, round(1000 * (perf_counter() - began), 1))

    def _answer(self, view, ms=0, **probe):
        answered: Answered = {"view": view, "turn": self._done.get(view, 0), "ms": ms, **probe}
        self.answered = answered

    def _perform(self, asked):
        """Do what one message asks for. What is not known is left alone."""
        for request in asked:
            try:
                known = fitting(_well_formed(request), self.takes)
                if known and known["do"] == "set":
                    if known["name"] in self.set_by_hand:
                        setattr(self, known["name"], known["value"])
                elif known:
                    self._do(**known)
            except Exception as problem:  # such as an observer's
                self.log.exception("%s could not be done", request)
                self._could_not(problem)

    def _do(self, do, **what):
        """One thing that the hand asks for, other than to set a trait: a request that the widget takes."""

    def _could_not(self, problem):
        """What is shown where a request has failed."""

    def _on_paper(self, plots):
        """A matplotlib Figure that stands for the widget where there is no kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle, *metadata = super()._repr_mimebundle_(**kwargs) or ({},)
        bundle["text/plain"] = repr(self)
        if self._box is not None and _VIEW in bundle:
            bundle[_VIEW]["model_id"] = self._box.model_id
        if at_hand("matplotlib"):  # it is only needed for the picture on paper, for which nobody waits in the browser
            from mlpkit import plots

            bundle["image/png"] = plots.png(self._on_paper(plots))
        return (bundle, *metadata) if metadata else bundle


def _well_formed(given):
    """Plain data from a page; half a character, which cannot be sent back, becomes a question mark."""
    if isinstance(given, str):
        return given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(given, list):
        return [_well_formed(one) for one in given]
    if isinstance(given, dict):
        return {_well_formed(key): _well_formed(value) for key, value in given.items()}
    return given
