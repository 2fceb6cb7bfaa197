"""The kinds of question that are answered without code: what is asked, how an answer is read, and whether it is right.

A Question is plain data. Its `answer` and the wrong answers of its `slips` are functions, so that every number is
computed by the kit, and only when somebody has answered. What a learner gives is what the browser sends: a text, or
for Cells a list of [row, column]. `read` turns it into a value, or raises NotRead with a sentence for the learner.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from operator import index

import numpy as np

import mlpkit.quiz.wording as wording
from mlpkit import notation
from mlpkit.derivations.typed import NotRead as UnreadFormula
from mlpkit.derivations.typed import read as read_formula

LONGEST = 80  # characters of an answer that is typed


class NotRead(ValueError):
    """What was given is no answer; its text is one sentence that says why."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all kinds share.

    name: what a lesson calls it by, and the record lists it under. prompt, why: words, in the syntax of wording.
    answer: a function without arguments, to the right value. why: the explanation that unfolds with it.
    slips: pairs (a wrong value, or a function that computes it; what to say to somebody who gives it).
    predicts: whether there is one answer, which is locked in; otherwise one may try again.
    """

    name: str
    prompt: str
    answer: Callable
    why: str
    slips: tuple = ()
    predicts: bool = True

    kind = "question"

    def require_usable(self) -> None:
        """Raises ValueError with one sentence where this cannot be asked, or its answer could never be given."""
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"name is {self.name!r}, but a few words are needed: the record lists the question by it")
        mine = f"of the question {self.name!r}"
        for what, words in self._wording():
            if not isinstance(words, str) or not words.strip():
                raise ValueError(f"{what} {mine} is {words!r}, but words are needed")
            try:
                wording.html(words)
            except Exception:  # of what stands between two $, which may be anything
                raise ValueError(
                    f"what stands between two $ in {what} {mine} cannot be read: write a symbol as $w-0-2-1$, numbers "
                    "of a layer as $delta^1$, a formula as $= o[l][i]$"
                ) from None
        for slip in self.slips if isinstance(self.slips, (list, tuple)) else (self.slips,):
            if not isinstance(slip, (list, tuple)) or len(slip) != 2:
                raise ValueError(f"slips {mine} holds {slip!r}, but pairs are needed: ((a wrong value, what to say), )")
        if not callable(self.answer):
            raise ValueError(
                f"answer {mine} is {self.answer!r}, but a function that computes it is needed: lambda: {self.answer!r}"
            )
        answer = self.answer()
        if not self.takes(answer):
            raise ValueError(f"the answer {mine} is {answer!r}, and nobody can give it: needed is {self.needs}")
        for slip, _ in self.slips:
            slip = slip() if callable(slip) else slip
            if not self.takes(slip):
                raise ValueError(f"a slip {mine} is {slip!r}, and nobody can give it: needed is {self.needs}")
            if self.near(slip, answer):
                raise ValueError(f"a slip {mine} is {slip!r}, which counts as right: the answer is {answer!r}")

    def _wording(self):
        """(its name, words) of everything that is shown."""
        slips = [slip for slip in self.slips if isinstance(slip, (list, tuple)) and len(slip) == 2]
        return [("prompt", self.prompt), ("why", self.why), *(("a slip", words) for _, words in slips)]

    def takes(self, value) -> bool:
        """Whether somebody could give this value as an answer; `needs` says in words which they can."""
        raise NotImplementedError

    def read(self, given):
        """The value of what was given; NotRead where it is none."""
        raise NotImplementedError

    def right(self, value):
        """Whether a value is the answer."""
        return bool(self.near(value, self.answer()))

    def near(self, value, other):
        """Whether two values count as the same."""
        return value == other

    def hint(self, value):
        """What to say of a wrong value: that of a known slip, or ""."""
        for slip, words in self.slips:
            if self.near(value, slip() if callable(slip) else slip):
                return words
        return ""

    def words(self, value):
        """A value in words, in the syntax of wording."""
        return value

    def asks(self):
        """What form the answer has, in words; "" where that is plain to see."""
        return ""

    def plan(self):
        """What the screen needs of this kind, as plain data; never the answer."""
        return {}

    def outline(self):
        """What form the answer has, as lines of plain text for a page without a kernel."""
        return [f"({wording.plain(self.asks())})"] if self.asks() else []


_CLOSE = 5  # times the slack: what is off by more is another number
_WORDS = {2: "two", 3: "three"}
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?"


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, to so many decimals; 0 for a whole number. within: instead, how far an estimate may be off.

    toward: a function from a wrong number that no slip knows to what to say of it, such as in which direction to go on.
    """

    decimals: int = 0
    within: float | None = None
    toward: Callable | None = None

    kind = "number"
    needs = "a finite number, to the decimals that are asked for"

    def takes(self, value):
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not isfinite(value):
            return False
        return not self._whole or abs(value - round(value)) < 1e-9

    def read(self, given):
        text = typed(given, "Type a number first.")
        plain = re.sub(r"[−–]", "-", text).replace(" ", "").replace(",", ".").lower()
        parts = re.fullmatch(rf"({_DECIMAL})(?:/({_DECIMAL}))?", plain)
        if not parts:
            raise NotRead(f"“{text}” is no number: write it such as −0.25, 0,25 or 1/4.")
        top, bottom = (float(part) if part else 1.0 for part in parts.groups())
        value = top / bottom if bottom else float("inf")
        if not isfinite(value):
            raise NotRead(f"“{text}” is not finite: a number such as −0.25 is needed.")
        if self._whole and value != round(value):
            raise NotRead(f"A whole number is needed, and “{text}” was read as {notation.number_text(value)}.")
        return value

    @property
    def _whole(self):
        return self.decimals == 0 and self.within is None

    @property
    def slack(self):
        """How far an answer may be off."""
        return 0.5 * 10.0**-self.decimals if self.within is None else self.within

    def near(self, value, other):
        return abs(value - other) <= (1e-9 if self._whole else self.slack * (1 + 1e-9))

    def hint(self, value):
        known = super().hint(value) or (self.toward(value) if self.toward else "")
        return known or ("" if self._whole else self._close(value))

    def _close(self, value):
        """What to say of a number that is nearly right, or ""."""
        off = abs(value - self.answer())
        rounded = any(round(self.answer(), decimals) == value for decimals in range(1, self.decimals))
        if off > _CLOSE * self.slack and not rounded:
            return ""
        start = "Close" if self.within is not None else f"Close: {self._count()} asked for"
        return f"{start}, and this is more than {self.slack:g} off."

    def _count(self):
        return "one decimal is" if self.decimals == 1 else f"{_WORDS.get(self.decimals, self.decimals)} decimals are"

    def words(self, value):
        return str(round(value)) if self._whole else notation.number_text(value)

    def asks(self):
        if self._whole:
            return "a whole number"
        if self.within is not None:
            return f"an estimate; up to {self.within:g} off is right"
        count = "one decimal" if self.decimals == 1 else f"{self.decimals} decimals"
        return f"a number to {count}; up to {self.slack:g} off is right"


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One of several options, each of them words."""

    options: tuple

    kind = "choice"
    needs = "one of the options"

    def takes(self, value):
        return value in self.options

    def _wording(self):
        return [*super()._wording(), *_options_of(self)]

    def read(self, given):
        if given not in self.options:
            raise NotRead("Choose one of the answers first.")
        return given

    def plan(self):
        return {"options": [_option(option) for option in self.options]}

    def outline(self):
        return [f"○ {wording.plain(option)}" for option in self.options]


@dataclass(frozen=True, kw_only=True)
class Cells(Question):
    """Cells of a table that are marked; the value is the frozenset of their (row, column), counted from 0.

    rows, columns: their heads, words. cell: a function of row and column to the words that name a cell.
    shows: the same, to what stands in it; without it that is its name.
    """

    rows: tuple
    columns: tuple
    cell: Callable
    shows: Callable | None = None

    kind = "cells"
    needs = "a frozenset of pairs (row, column), at least one, counted from 0"

    def takes(self, value):
        return isinstance(value, frozenset) and bool(value) and value <= set(self._places())

    def read(self, given):
        if not isinstance(given, (list, tuple)) or not given:
            raise NotRead("Mark at least one cell first.")
        try:
            marked = frozenset((index(row), index(column)) for row, column in given)
        except (TypeError, ValueError):
            raise NotRead("A cell is a row and a column.") from None
        if len(given) > len(self._places()) or not marked <= set(self._places()):
            raise NotRead("There is no such cell.")
        return marked

    def _places(self):
        return [(row, column) for row in range(len(self.rows)) for column in range(len(self.columns))]

    def hint(self, value):
        answer = self.answer()
        counted = f"Of the {len(answer)} that belong you have marked {len(value & answer)}"
        too_many = len(value - answer)
        if too_many:
            counted += f", and {too_many} that {'does' if too_many == 1 else 'do'} not"
        return super().hint(value) or f"{counted}."

    def words(self, value):
        return ", ".join(self.cell(*place) for place in sorted(value))

    def asks(self):
        return "mark cells by a click, or walk with the arrow keys and press Space or Enter"

    def plan(self):
        shows = self.shows or self.cell
        cells = [
            [self._one(row, column, shows) for column in range(len(self.columns))] for row in range(len(self.rows))
        ]
        return {
            "rows": [wording.html(row) for row in self.rows],
            "columns": [wording.html(column) for column in self.columns],
            "cells": cells,
        }

    def _one(self, row, column, shows):
        name, inside = self.cell(row, column), shows(row, column)
        said = wording.spoken(name) if inside == name else f"{wording.spoken(name)}: {wording.spoken(inside)}"
        return {"label": wording.html(inside), "spoken": said}

    def outline(self):
        shows = self.shows or self.cell
        places = [[shows(row, column) for column in range(len(self.columns))] for row in range(len(self.rows))]
        lines = [
            [wording.plain(words) for words in line]
            for line in (("", *self.columns), *((head, *line) for head, line in zip(self.rows, places, strict=True)))
        ]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return ["   ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


_BETWEEN = {"=": "equals", "·": "times"}
GAP = "?"


@dataclass(frozen=True, kw_only=True)
class Term(Question):
    """The term that is missing in an equation.

    equation: its parts, formulas in the syntax of derivations.typed with "=" and "·" between them, and GAP.
    options: formulas in the same syntax; the value is one of them.
    """

    equation: tuple
    options: tuple

    kind = "term"
    needs = "one of the options"

    def takes(self, value):
        return value in self.options

    def require_usable(self):
        mine = f"of the question {self.name!r}"
        parts = self.equation
        if not isinstance(parts, (list, tuple)) or list(parts).count(GAP) != 1:
            raise ValueError(
                f"equation {mine} is {parts!r}, but a tuple of its parts is needed, one of them GAP: "
                '("o[l][i]", "=", GAP)'
            )
        formulas = [("a part of equation", part) for part in parts if part not in (*_BETWEEN, GAP)]
        for what, formula in [*formulas, *_options_of(self)]:
            try:
                read_formula(formula)
            except UnreadFormula as problem:
                raise ValueError(
                    f"{what} {mine} is {formula!r}, but a formula such as sigma_prime(a[l][i]) or delta[l][i] is "
                    f"needed, without $. {problem}"
                ) from None
        super().require_usable()

    def read(self, given):
        if given not in self.options:
            raise NotRead("Choose one of the terms first.")
        return given

    def words(self, value):
        return f"$= {value}$"

    def mathml(self, inside):
        """The equation with MathML in the place of the gap."""
        parts = []
        for part in self.equation:
            if part == GAP:
                parts.append(inside)
            else:
                parts.append(f"<mo>{part}</mo>" if part in _BETWEEN else read_formula(part).mathml())
        return f'<math display="block"><mrow>{"".join(parts)}</mrow></math>'

    def speech(self):
        """The equation read aloud, with its gap."""
        read = {**_BETWEEN, GAP: "a gap"}
        return " ".join(read.get(part) or read_formula(part).speech() for part in self.equation)

    def plan(self):
        gap = '<mtext class="gap">\u2002?\u2002</mtext>'
        options = [
            {**_option(self.words(option), value=option), "filled": self.mathml(_boxed(option))}
            for option in self.options
        ]
        return {"equation": self.mathml(gap), "spoken_equation": self.speech(), "options": options}

    def outline(self):
        return [" ".join(self.equation), *(f"○ {option}" for option in self.options)]


def _options_of(question):
    options = question.options
    texts = isinstance(options, (list, tuple)) and all(isinstance(option, str) for option in options)
    if not texts or len(set(options)) < max(2, len(options)):
        raise ValueError(
            f"options of the question {question.name!r} is {options!r}, but a tuple of different texts is needed"
        )
    return [("an option", option) for option in options]


def _option(words, value=None):
    return {"value": value or words, "label": wording.html(words), "spoken": wording.spoken(words)}


def _boxed(formula):
    return f'<mrow class="gap">{read_formula(formula).mathml()}</mrow>'


def typed(given, nothing):
    """What was typed, without spaces around it; NotRead(nothing) where that is nothing."""
    text = given.strip() if isinstance(given, str) else ""
    if not text:
        raise NotRead(nothing)
    if len(text) > LONGEST:
        raise NotRead(f"The answer has {len(text)} characters, and at most {LONGEST} are read.")
    return text
