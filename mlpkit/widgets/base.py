"""What all widgets of the kit have in common: how they talk with the browser, and what stands for them on paper."""

from time import perf_counter

import traitlets
from anywidget import AnyWidget

from mlpkit.on_demand import at_hand


class Widget(AnyWidget):
    """An AnyWidget that does what a hand in the browser asks for, in order and once, and answers each message.

    A message is {"view": which of the views, "turn": k, "asked": [requests]}; the k-th of that view comes after its
    k-1st. A connection may break and swallow messages: what comes too early or for the second time is left alone, and
    {"view": ..., "probe": p} asks what has arrived. A message without a turn is a request that nobody waits for.

    answered: to the browser, with all that has changed: {"view", "turn": the last one that was done, "ms": how long it
    took here, "probe": p where that was asked}.
    """

    answered = traitlets.Dict().tag(sync=True)

    def __init__(self, **given):
        self._done = {}  # {view: its last turn that was done}
        super().__init__(**given)
        self.on_msg(self._on_message)

    def _on_message(self, _, content, buffers):
        view, turn = content.get("view"), content.get("turn")
        done = self._done.get(view, 0)
        if "probe" in content:
            self.answered = {"view": view, "turn": done, "ms": 0, "probe": content["probe"]}
            self.send_state([name for name in self.keys if name not in ("_esm", "_css")])  # others may be lost too
        elif turn is None:
            self._perform([content])
        elif turn == done + 1:
            began = perf_counter()
            with self.hold_sync():  # one answer for all of it
                try:
                    self._perform(content["asked"])
                finally:
                    self._done[view] = turn
                    self.answered = {"view": view, "turn": turn, "ms": round(1000 * (perf_counter() - began), 1)}

    def _perform(self, asked):
        """Do what one message asks for."""
        for request in asked:
            try:
                self._do(**request)
            except Exception as problem:  # such as an observer's
                self.log.exception("%s could not be done", request)
                self._could_not(problem)

    def _do(self, do, **what):
        """One thing that the hand asks for. What is not known is left alone."""

    def _could_not(self, problem):
        """What is shown where a request has failed."""

    def _on_paper(self, plots):
        """A matplotlib Figure that stands for the widget where there is no kernel."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs):
        bundle, *metadata = super()._repr_mimebundle_(**kwargs) or ({},)
        bundle["text/plain"] = repr(self)
        if at_hand("matplotlib"):  # it is only needed for the picture on paper, for which nobody waits in the browser
            from mlpkit import plots

            bundle["image/png"] = plots.png(self._on_paper(plots))
        return (bundle, *metadata) if metadata else bundle
