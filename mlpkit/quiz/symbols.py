"""The kind of question that is answered with a symbol of the notation, and how such a symbol is read."""

import re
from dataclasses import dataclass

from mlpkit import notation
from mlpkit.quiz.kinds import NotRead, Question, typed

_NAME = re.compile(r"(w_new|Δw|[A-Za-zδαΔ]+)(.*)")
# Behind the name: as in code, [1][2] or [0][1, 2], or as in the text, _2^1, where the layer may also come first.
_CODE = re.compile(r"\[(\d+)\]((?:\[[\d,]+\])+)")
_TEXT = re.compile(r"_?\{?([\d,]+)\}?\^\{?(\d+)\}?")
_TURNED = re.compile(r"\^\{?(\d+)\}?_\{?([\d,]+)\}?")
_LAYER_ALONE = re.compile(r"\[\d+\]|\^\{?\d+\}?")
_BELOW, _ABOVE = "₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LETTERS = {"δ": "delta", "d": "delta", "Δw": "dw", "α": "alpha"}
_CALLED = {
    "I": "an input",
    "D": "a desired output",
    "alpha": "the learning rate",
    "w": "a weight",
    "a": "an activation",
    "o": "an output",
    "loss": "the loss",
    "delta": "a δ",
    "grad": "a derivative",
    "dw": "a change of a weight",
    "w_new": "a new weight",
}


_ASKED = tuple(kind for kind, entry in notation.TABLE.items() if entry.indices[:1] == "l")


@dataclass(frozen=True, kw_only=True)
class Symbol(Question):
    """A symbol of the notation with its layer and indices; the value is its tuple.

    of: which kind is asked for, a key of notation.TABLE with a layer and neurons, such as "delta" or "w".
    """

    of: str

    kind = "symbol"
    needs = "a symbol of the kind that is asked for, as a tuple: (of, layer, its neurons)"

    def require_usable(self):
        if self.of not in _ASKED:
            raise ValueError(
                f"of of the question {self.name!r} is {self.of!r}, but one of these is needed: "
                f"{', '.join(map(repr, _ASKED))}"
            )
        super().require_usable()

    def takes(self, value):
        return isinstance(value, tuple) and value[:1] == (self.of,) and len(value) == self._neurons + 2

    def read(self, given):
        text = typed(given, f"Type a symbol first, such as {self._such}.")
        found = _NAME.fullmatch(_on_the_line(text.replace(" ", "")))
        kind = found and _LETTERS.get(found[1], found[1])
        if kind not in _CALLED:
            raise self._no_symbol(text)
        if kind != self.of:
            raise NotRead(f"That is {_CALLED[kind]}; {_CALLED[self.of]} is asked for.")
        return (kind, *self._numbers(found[2], text))

    def _numbers(self, behind, text):
        """The layer and the neurons that stand behind the name."""
        if code := _CODE.fullmatch(behind):
            layer, below = code[1], re.findall(r"\d+", code[2])
        elif written := _TEXT.fullmatch(behind):
            layer, below = written[2], self._apart(written[1])
        elif turned := _TURNED.fullmatch(behind):
            layer, below = turned[1], self._apart(turned[2])
        else:
            layer, *below = self._without_order(behind, text)
        if len(below) != self._neurons:
            raise NotRead(f"{_CALLED[self.of].capitalize()} has a layer and {self._named}: such as {self._such}.")
        return (int(layer), *map(int, below))

    def _without_order(self, behind, text):
        """The numbers where nothing says which is the layer: that does not matter where all are the same."""
        digits = re.findall(r"\d", behind)
        if not re.fullmatch(r"[\d_^{}\[\],()]*", behind) or len(digits) > self._neurons + 1:
            raise self._no_symbol(text)
        if len(digits) == self._neurons + 1:
            if len(set(digits)) == 1:
                return digits
            raise NotRead(f"Which number is the layer? Write it such as {self._such}.")
        neurons = "neuron is" if self._neurons == 1 else "neurons are"
        if not digits:
            missing = f"layer and the {neurons.replace(' is', ' are')}"
        elif _LAYER_ALONE.fullmatch(behind):
            missing = neurons
        else:
            missing = "layer is" if len(digits) == self._neurons else "layer and a neuron are"
        raise NotRead(f"The {missing} missing: such as {self._such}.")

    def _apart(self, below):
        """Indices as texts: the second after the first, as in w_12^0, or with a comma."""
        return list(below) if self._neurons == 2 and "," not in below else below.split(",")

    def _no_symbol(self, text):
        return NotRead(f"“{text}” is no symbol: write it such as {self._such}.")

    @property
    def _neurons(self):
        """How many neurons this kind of symbol names."""
        return len(notation.TABLE[self.of].indices) - 1

    @property
    def _named(self):
        return "one neuron" if self._neurons == 1 else "two neurons"

    @property
    def _such(self):
        return " or ".join(self._examples())

    def _examples(self):
        """A symbol of this kind that is no answer in a lesson, as in the text and as in code."""
        letter = notation.TABLE[self.of].text
        if self._neurons == 1:
            return f"{letter}_4^3", f"{self.of}[3][4]"
        return f"{letter}_31^1", f"{self.of}[1][3, 1]"

    def words(self, value):
        return f"${notation.key(value)}$"

    def asks(self):
        text, code = self._examples()
        where = "layer 3, neuron 4" if self._neurons == 1 else "layer 1, from neuron 3 to neuron 1"
        return f"a symbol: `{code}` or {text} ({where})"


def _on_the_line(text):
    """A text whose raised and lowered digits are written with ^ and _."""
    for mark, digits in (("_", _BELOW), ("^", _ABOVE)):
        table = str.maketrans(digits, "0123456789")
        text = re.sub(f"[{digits}]+", lambda run, mark=mark, table=table: mark + run[0].translate(table), text)
    return text
