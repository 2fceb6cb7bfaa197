"""An exploration, and the controls that it is moved by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from math import isfinite

import numpy as np

from mlpkit.notation import number_text


@dataclass(frozen=True)
class Exploration:
    """What can be moved, and what is then to be seen.

    name: a few words. controls: what `slider`, `choice` and `button` return.
    show: (values, memory) to what is shown, values being {id of a control: its value now}.
    remember: (memory, values) to the memory after a change; memory is what it is at the start.
    press: {id of a button: function of (values, memory) to new (values, memory)}.
    """

    name: str
    controls: list
    show: Callable
    remember: Callable = lambda memory, values: memory
    press: dict = field(default_factory=dict)
    memory: object = None


# Text is text: what is shown as HTML or MathML has to say so.


class Markup(str):
    """HTML or MathML that the kit has written. Every other str is text, whatever stands in it."""

    __slots__ = ()


def markup(*parts):
    """Texts and pieces of Markup, one after the other, as Markup: here, and only here, a text becomes a part of it."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part, quote=False) for part in parts))


def maths(*parts):
    """MathML of a row: elements, and between them operators as they stand."""
    return Markup(
        f"<math>{''.join(part if part.startswith('<') else f'<mo>{escape(part)}</mo>' for part in parts)}</math>"
    )


# Controls. A label is a text or Markup.


def slider(id, label, spoken, low, high, step, value, log=False, group=None):
    """log: equal ways are equal factors; `step` is then one of the exponent of ten.

    outside: what is said where a number below or above the range was typed, and its end is taken.
    """
    spec = {"kind": "slider", "id": id, "label": markup(label), "spoken": spoken, "min": low, "max": high, "step": step}
    name = spoken.split(":")[0]
    range_ = f"{name[0].upper()}{name[1:]} goes from {number_text(low)} to {number_text(high)}"
    spec |= {"outside": [f"{range_}: {number_text(end)} is taken." for end in (low, high)]}
    return spec | {"value": float(value), "log": log} | ({"group": group} if group else {})


def choice(id, label, spoken, options, value):
    """options: {value: its label, always a text}."""
    options = [{"value": option, "label": words} for option, words in options.items()]
    return {"kind": "choice", "id": id, "label": markup(label), "spoken": spoken, "options": options, "value": value}


def button(id, label, spoken):
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
            raise ValueError(f"there is no control {id!r} here: take one of {', '.join(named)}")
        control = named[id]
        if control["kind"] == "choice":
            options = [option["value"] for option in control["options"]]
            if value not in options:
                raise ValueError(f"{id} is {value!r}, but one of these is needed: {', '.join(options)}")
            result[id] = value
        else:
            if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not isfinite(value):
                raise ValueError(
                    f"{id} is {value!r}, but a number from {control['min']:g} to {control['max']:g} is needed"
                )
            result[id] = min(max(float(value), control["min"]), control["max"])
    return result
