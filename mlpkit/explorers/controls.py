"""An exploration, and the controls that it is moved by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from math import inf, isfinite
from numbers import Real

from mlpkit.core.given import short
from mlpkit.notation import number_text


@dataclass(frozen=True)
class Exploration:
    """What can be moved, and what is then to be seen.

    name: a few words. controls: what `slider`, `choice` and `button` return.
    show: (values, memory) to what is shown, values being {id of a control: its value now}.
    remember: (memory, values) to the memory after a change; memory is what it is at the start.
    press: {id of a button: function of (values, memory) to a pair, the new (values, memory)}.
    """

    name: str
    controls: list
    show: Callable
    remember: Callable = lambda memory, values: memory
    press: dict = field(default_factory=dict)
    memory: object = None

    def __post_init__(self):
        for part in ("show", "remember"):
            if not callable(getattr(self, part)):
                raise ValueError(f"{part} is {getattr(self, part)!r}, but a function is needed, not its result")
        if not isinstance(self.controls, (list, tuple)) or not all(map(_is_control, self.controls)):
            raise ValueError(f"controls is {self.controls!r}, but a list of sliders, choices and buttons is needed")
        ids = [control["id"] for control in self.controls]
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise ValueError(f"there are several controls with the id {twice[0]!r}: give each one of its own")


def _is_control(one):
    return isinstance(one, dict) and {"kind", "id", "label", "spoken"} <= set(one)


def whole(shown: dict) -> dict:
    """What `show` has given, or ValueError with one sentence where it is not what can be drawn."""
    for part, kind in (("panels", (list, tuple)), ("rows", (list, tuple)), ("spoken", str)):
        if not isinstance(shown, dict) or not isinstance(shown.get(part), kind):
            found = f"has no fitting {part}" if isinstance(shown, dict) else f"is {shown!r}"
            raise ValueError(
                f"what show returns {found}, but a dict is needed: "
                '{"panels": [panel(...)], "rows": [numbers(...), sentence(...)], "spoken": "a sentence"}'
            )
    for part, keys, calls in (
        ("panels", {"title", "spoken"}, "panel(...)"),
        ("rows", {"kind"}, "table(...), numbers(...) or sentence(...)"),
    ):
        for one in shown[part]:
            if not isinstance(one, dict) or not keys <= set(one):
                raise ValueError(f"{part} holds {short(one)}, but what {calls} returns is needed")
    return shown


def pair(id: str, returned: tuple) -> tuple:
    """What the function of a button has given, or ValueError where it is not (values, memory)."""
    if not isinstance(returned, tuple) or len(returned) != 2 or not isinstance(returned[0], dict):
        raise ValueError(
            f"what the function of the button {id!r} returns is {short(returned)}, but a pair is needed: values, memory"
        )
    return returned


# Text is text: what is shown as HTML or MathML has to say so.


class Markup(str):
    """HTML or MathML that the kit has written. Every other str is text, whatever stands in it."""

    __slots__ = ()


def markup(*parts):
    """Texts and pieces of Markup, one after the other, as Markup: here, and only here, a text becomes a part of it."""
    for part in parts:
        if not isinstance(part, str):
            raise ValueError(f"{part!r} stands where a text is needed: write a number with notation.number_text(...)")
    return Markup("".join(part if isinstance(part, Markup) else escape(part, quote=False) for part in parts))


def maths(*parts):
    """MathML of a row: elements, and between them operators as they stand."""
    return Markup(
        f"<math>{''.join(part if part.startswith('<') else f'<mo>{escape(part)}</mo>' for part in parts)}</math>"
    )


# Controls. A label is a text or Markup.


def slider(
    id: str,
    label: str,
    spoken: str,
    low: float,
    high: float,
    step: float,
    value: float,
    log: bool = False,
    group: str | None = None,
) -> dict:
    """A slider from low to high that begins at value. spoken: its name read aloud.

    log: equal ways are equal factors; `step` is then one of the exponent of ten. group: the heading that it stands
    under. Raises ValueError where the numbers do not fit each other.
    """
    if not (isfinite(low) and isfinite(high) and low <= value <= high and low < high and step > 0):
        raise ValueError(
            f"the slider {id!r} goes from {low} to {high} by {step} and begins at {value}, but low < high, a step "
            "above 0 and a value between the two are needed"
        )
    if log and low <= 0:
        raise ValueError(f"the slider {id!r} begins at {low}, but by factors (log=True) it has to begin above 0")
    spec = {"kind": "slider", "id": id, "label": markup(label), "spoken": spoken, "min": low, "max": high, "step": step}
    name = spoken.split(":")[0]
    range_ = f"{name[0].upper()}{name[1:]} goes from {number_text(low)} to {number_text(high)}"
    spec |= {"outside": [f"{range_}: {number_text(end)} is taken." for end in (low, high)]}
    return spec | {"value": float(value), "log": log} | ({"group": group} if group else {})


def choice(id: str, label: str, spoken: str, options: dict[str, str], value: str) -> dict:
    """One of several. options: {value: its label, always a text}. value: the first one, or ValueError."""
    if not isinstance(options, dict) or value not in options:
        raise ValueError(
            f"the choice {id!r} begins at {value!r}, but one of its options {options!r} is needed, and these "
            "are a dict {value: label}"
        )
    options = [{"value": option, "label": words} for option, words in options.items()]
    return {"kind": "choice", "id": id, "label": markup(label), "spoken": spoken, "options": options, "value": value}


def button(id: str, label: str, spoken: str) -> dict:
    """A button; what it does is in `press` of the Exploration."""
    return {"kind": "button", "id": id, "label": markup(label), "spoken": spoken}


def first_values(controls):
    """{id: value} of all controls that have a value."""
    return {control["id"]: control["value"] for control in controls if control["kind"] != "button"}


def checked(controls, values):
    """`values` with every number a float inside its slider's range, or ValueError with one sentence."""
    named = {control["id"]: control for control in controls if control["kind"] != "button"}
    result = {}
    for id, value in values.items():
        if id not in named:
            raise ValueError(f"there is no control {short(id)} here: take one of {', '.join(named)}")
        control = named[id]
        if control["kind"] == "choice":
            options = [option["value"] for option in control["options"]]
            if value not in options:
                raise ValueError(f"{id} is {short(value)}, but one of these is needed: {', '.join(options)}")
            result[id] = value
        else:
            fits = isinstance(value, Real) and not isinstance(value, bool) and abs(value) < inf
            if not fits:
                raise ValueError(
                    f"{id} is {short(value)}, but a number from {control['min']:g} to {control['max']:g} is needed"
                )
            result[id] = float(min(max(value, control["min"]), control["max"]))
    return result
