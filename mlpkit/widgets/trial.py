"""The notes' lines on trial: one is picked and tried as it is printed, and one's own line is tried in its place."""

from collections.abc import Iterable

import traitlets

from mlpkit.core.given import short
from mlpkit.derivations.notes import LINES, Printed, line, mended, needs_mending, printed
from mlpkit.derivations.typed import LONGEST, NotRead, read
from mlpkit.derivations.verdict import HOLDS, INDEX, NOTATION, NUMBERS, RESTATED, UNREAD, Verdict
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.messages import Keep, Set, TrialShown, TryMine, TryPrinted

_STATE = {HOLDS: "holds", NUMBERS: "wrong", INDEX: "wrong", NOTATION: "note", UNREAD: "note", RESTATED: "note"}
# In the empty field, to show the syntax: a product that belongs to no line.
_HINT = "for example delta[l][i] * a[l][i]"


class Trial(Widget):
    """A line of the notes beside one's own.

    line: the name of the line, such as "N3". typed: {name of a line: what was typed for it}; what is typed is kept.
    verdict: what the last trial found, a derivations.Verdict, or None. try_printed(), try_mine(text): the two buttons.
    """

    _esm = module("trial.js")
    _css = style("trial.css")
    takes, set_by_hand = (Set, Keep, TryPrinted, TryMine), ("line",)

    line = traitlets.Unicode().tag(sync=True)
    typed = traitlets.Dict().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    longest = traitlets.Int(LONGEST).tag(sync=True)
    hint = traitlets.Unicode(_HINT).tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, lines: Iterable[str] = tuple(LINES)) -> None:
        lines = tuple(lines)
        self.verdict = None
        self._printed, self._mine = {}, {}  # the verdicts so far, by line
        self._wanted = [name for name in lines if needs_mending(name)]
        self._mended = set()  # a line stays mended, whatever is tried afterwards
        super().__init__(line=line(lines[0]).name, names=list(lines))
        self._show(line(self.line).speech())

    @validate("line")
    def _valid_line(self, proposal):
        return line(proposal["value"]).name

    @validate("typed")
    def _valid_typed(self, proposal):
        """A text for each line, as far as it is read and one character more, by which it is known to be too long."""
        for name, text in proposal["value"].items():
            line(name)
            if not isinstance(text, str):
                raise ValueError(f"what was typed for {name} is {short(text)}, but a text is needed")
        return {name: text[: LONGEST + 1] for name, text in proposal["value"].items()}

    @traitlets.observe("line")
    def _on_line(self, change):
        if self.shown:
            self._show(f"{self.line}: {line(self.line).speech()}")

    def _do(self, do, **what):
        if do == "printed":
            self.try_printed()
        elif do == "mine":
            self.try_mine(what["text"])
        elif do == "keep":
            self.typed = {**self.typed, **what["values"]}

    def try_printed(self) -> Verdict:
        """Put the line on trial as it is printed; the Verdict."""
        self.verdict = self._printed[self.line] = printed(self.line)
        self._show(f"As printed: {self.verdict.kind} {self.verdict.message}")
        return self.verdict

    def try_mine(self, text: str) -> Verdict:
        """Put a right side of one's own on trial; the Verdict."""
        self.typed = {**self.typed, self.line: text if isinstance(text, str) else ""}
        self.verdict = self._mine[self.line] = mended(self.line, text)
        if self.verdict.passed:
            self._mended.add(self.line)
        self._show(f"Yours: {self.verdict.kind} {self.verdict.message}")
        return self.verdict

    def _show(self, spoken):
        one = line(self.line)
        done = [name for name in self._wanted if name in self._mended]
        now: TrialShown = {
            "where": one.where,
            "line": one.mathml(),
            "speech": one.speech(),
            "scope": _math(one.scope.mathml()),
            "printed": _plain(self._printed.get(self.line)),
            "left": (one.asked or one.left).mathml(),
            "mine": self._understood(one),
            "mine_scope": _math((one.mended or one.scope).mathml()),
            "mine_verdict": _plain(self._mine.get(self.line)),
            "status": f"mended: {len(done)} of {len(self._wanted)}",
            "marks": {name: "mended" for name in done},
            "spoken": spoken,
        }
        self.shown = now

    def _understood(self, one: Printed):
        """What was typed for this line, as it was understood."""
        try:
            right = read(self.typed.get(one.name, ""))
        except NotRead:
            return ""
        return _math(f"{one.left_of(right).mathml()}<mo>=</mo>{right.mathml()}", display=True)

    def __repr__(self):
        return f"Trial: {', '.join(self.names)}"

    def _on_paper(self, plots):
        return plots.lines_figure([(name, line(name).latex()) for name in self.names])


def _math(inside, display=False):
    return f"<math{' display=' + chr(34) + 'block' + chr(34) if display else ''}><mrow>{inside}</mrow></math>"


def _plain(verdict: Verdict | None):
    if verdict is None:
        return None
    return {"kind": verdict.kind, "message": verdict.message, "state": _STATE[verdict.kind]}


def trial(*names: str) -> Trial:
    """The notes' lines on trial, all of them or those with the given names, such as "N3". ValueError for others."""
    return Trial(names or tuple(LINES))
