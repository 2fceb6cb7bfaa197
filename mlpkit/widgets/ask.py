"""A question of a lesson: it is answered, and only then the right answer is there to be read."""

from html import escape
from numbers import Integral

import traitlets

from mlpkit import quiz
from mlpkit.core.given import short
from mlpkit.quiz import NotRead, record, wording
from mlpkit.widgets.assets import module, style
from mlpkit.widgets.base import Widget, validate
from mlpkit.widgets.messages import Answer, AskShown, Reveal, Set

LONGEST = 1000  # characters, or marked cells, of a draft
TRIES = 2  # wrong answers after which the right one may be asked for


class Ask(Widget):
    """One question.

    draft: what is typed, chosen or marked so far; it is kept. asks: what is asked, as plain data for the browser.
    shown: what there is to see of the answer; before it is given nothing of it is in here, nor anywhere in the browser.
    answer(given), reveal(): what the buttons do. entry: the question's entry in the record, or None.
    """

    _esm = module("ask.js")
    _css = style("ask.css")
    takes, set_by_hand = (Set, Answer, Reveal), ("draft",)

    asks = traitlets.Dict().tag(sync=True)
    draft = traitlets.Any().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)

    def __init__(self, question: quiz.Question, kept: record.Record | None = None) -> None:
        self._question = question
        self._record = record.mine if kept is None else kept
        self.entry = self._record.entries().get(question.name)
        given = self.entry["given"] if self.entry and self._value() is not None else None
        super().__init__(
            asks=_plan(question), draft=given if self.done else self._record.drafts.get(question.name, given)
        )
        self._show()

    @property
    def done(self) -> bool:
        return bool(self.entry) and self.entry["done"]

    @validate("draft")
    def _valid_draft(self, proposal):
        draft = proposal["value"]
        fits = draft is None or (isinstance(draft, str) and len(draft) <= LONGEST)
        if not fits and not (isinstance(draft, (list, tuple)) and len(draft) <= LONGEST and all(map(_is_cell, draft))):
            raise ValueError(f"draft is {short(draft)}, but a text or a list of cells [row, column] is needed")
        return draft

    @traitlets.observe("draft")
    def _on_draft(self, change):
        self._record.drafts[self._question.name] = change["new"]  # for when the cell is run again

    def _do(self, do, **what):
        if do == "answer":
            self.answer(what["given"])
        elif do == "reveal":
            self.reveal()

    def answer(self, given: str | list) -> None:
        """Answer the question. given: a text, or for cells a list of [row, column]; what it cannot be, is said."""
        self.entry = self._record.entries().get(self._question.name, self.entry)  # it may be answered elsewhere
        if self.done:
            if self._value() is not None:
                self.draft = self.entry["given"]
            self._show()
            return
        try:
            value = self._question.read(given)
        except NotRead as problem:
            self._show(note=str(problem))
            return
        self.draft = given
        right = self._question.right(value)
        said = given.strip() if self._question.kind == "number" else self._in_words(value)
        before = self.entry or {"predicted": said, "tries": 0, "when": record.now()}
        self._note(before, given, right, done=right or self._question.predicts, tries=before["tries"] + 1)

    def reveal(self) -> None:
        """Show the answer of a question that was tried often enough."""
        if self._may_be_revealed():
            self._note(self.entry, self.entry["given"], False, done=True, tries=self.entry["tries"])

    def _may_be_revealed(self):
        return bool(self.entry) and not self.done and self.entry["tries"] >= TRIES

    def _note(self, before, given, right, done, tries):
        was = self._in_words(self._question.answer()) if done else ""
        self.entry = {**before, "given": given, "was": was, "right": right, "tries": tries, "done": done}
        self._show(told=self._record.note(self._question.name, self.entry))

    def _in_words(self, value):
        return wording.plain(self._question.words(value))

    def _value(self):
        """What was answered last; None where the record holds what is no answer to this question any more."""
        try:
            return self._question.read(self.entry["given"])
        except NotRead:
            return None

    def _show(self, note="", told=""):
        """note: on what was just given and is no answer. told: what there is to know of the record's file."""
        hint = ""
        if self.entry and not self.entry["right"] and (value := self._value()) is not None:
            hint = self._question.hint(value)
        not_yet = ""
        if self.entry and not self.done and not note:
            tries = self.entry["tries"]
            not_yet = f"Not yet{f', after {tries} tries' if tries > 1 else ''}. {hint or 'Try again.'}"
        outcome = self._outcome(hint) if self.done else None
        now: AskShown = {
            "message": escape(note) or wording.html(not_yet),
            "state": "note" if note else "wrong",
            "may_reveal": self._may_be_revealed(),
            "outcome": outcome,
            "told": told,
            "spoken": " ".join(filter(None, [note or wording.spoken(not_yet), outcome and outcome["spoken"], told])),
        }
        self.shown = now

    def _outcome(self, hint):
        """The right answer beside the learner's own, and why. Only made when there is an answer."""
        question, entry, answer = self._question, self.entry, self._question.answer()
        value = self._value()
        by_hand = question.kind == "number" or value is None
        said = escape(entry["predicted"] if value is None else entry["given"]) if by_hand else None
        was = question.words(answer)
        why = " ".join(filter(None, [hint, question.why]))
        verdict = "Right." if entry["right"] else "Not right."
        return {
            "verdict": verdict,
            "right": entry["right"],
            "said": [
                "You predicted" if question.predicts else "You answered",
                wording.html(question.words(value)) if said is None else said,
            ],
            "was": ["It is", wording.html(was)],
            "why": wording.html(why),
            "cells": [list(place) for place in sorted(answer)] if question.kind == "cells" else [],
            "spoken": f"{verdict} The answer is: {wording.spoken(was).removesuffix('.')}. {wording.spoken(why)}",
        }

    def __repr__(self):
        question = self._question
        return "\n".join([f"{_title(question)}: {wording.plain(question.prompt)}", *question.outline()])

    def _on_paper(self, plots):
        return plots.words_figure(repr(self))


def _is_cell(one):
    return isinstance(one, (list, tuple)) and len(one) == 2 and all(isinstance(index, Integral) for index in one)


def _title(question):
    """The word at the head of the box: a Prediction takes one answer, a Question several."""
    return "Prediction" if question.predicts else "Question"


def _plan(question):
    """What the browser needs to ask: everything but the answer."""
    return {
        "kind": question.kind,
        "name": question.name,
        "title": _title(question),
        "prompt": wording.html(question.prompt),
        "spoken": wording.spoken(question.prompt),
        "form": wording.html(question.asks()),
        "spoken_form": wording.plain(question.asks()),
        "button": "Lock in" if question.predicts else "Check",
        **question.plan(),
    }


def ask(question: str | quiz.Question) -> Ask:
    """A question: one of the lessons by its name, such as "activation of neuron 2", or a Question of one's own.

    Raises ValueError where there is none of that name, and where one's own cannot be asked; for that its answer is
    computed once, and not kept.
    """
    if isinstance(question, str):
        return Ask(quiz.question(question))
    quiz.require_own(question)
    return Ask(question)
