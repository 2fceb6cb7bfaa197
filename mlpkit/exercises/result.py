"""What a check found: the Result that the learner is shown."""

import re
from dataclasses import dataclass, field
from itertools import count

from mlpkit.core.network import Network
from mlpkit.notation import as_html

RIGHT, NOT_YET, NOT_THE_SAME = "Right.", "Not yet.", "Not the same."
RIGHT_ALONE = "Right for one example."  # and not in batches

# (colour, line): the verdict is a word first; the line at the box's edge differs in style as well as in colour.
_LOOK = {
    RIGHT: ("var(--jp-success-color1, #388e3c)", "solid"),
    RIGHT_ALONE: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    NOT_YET: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    NOT_THE_SAME: ("var(--jp-warn-color1, #d2691e)", "dashed"),
}


@dataclass(frozen=True)
class Spot:
    """Where a number differs, with what it takes to open it in a Stepper.

    net, I, D, alpha: of the case. symbol: the number. functions: the learner's function by the name of the kit's, where
    a Stepper takes it.
    """

    net: Network
    I: object
    D: object
    alpha: float
    symbol: tuple
    functions: dict = field(default_factory=dict)


class Hint(str):
    """A text that is shown as it is, without quotation marks."""

    __slots__ = ()

    def __repr__(self):
        return str(self)


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a check found.

    passed: bool. mistake: the name of the known mistake, or None; where several give the same numbers, all their names.
    first_difference: the symbol of the first number that differs, in the order of the trace, or None. verdict, message:
    what is shown. arguments: what the function was called with when it differed, so that f(*r.arguments) does it again;
    () if it did not. hints: what hint() tells one by one. spot: for Stepper.of(r), or None.
    """

    verdict: str
    message: str
    first_difference: tuple | None = None
    mistake: str | None = None
    arguments: tuple = ()
    hints: tuple = ("It is right: there is nothing to hint at.",)
    spot: Spot | None = None
    _calls: count = field(default_factory=count)

    @property
    def passed(self) -> bool:
        return self.verdict == RIGHT

    def hint(self) -> Hint:
        """The next hint, one at each call; after the last one, the last one again, which is then said."""
        place = next(self._calls)
        again = " That was the last hint." if place >= len(self.hints) and not self.passed else ""
        return Hint(self.hints[min(place, len(self.hints) - 1)] + again)

    def __repr__(self):
        return f"{self.verdict} {self.message}"

    def _repr_html_(self):
        colour, line = _LOOK[self.verdict]
        message = as_html(self.message)
        if self.mistake:
            name = as_html(self.mistake)
            message = message.replace(f"The mistake: {name}", f"The mistake: <strong>{name}</strong>", 1)
        first, *others = re.sub("`([^`]*)`", r"<code>\1</code>", message).split("\n")
        paragraphs = [f'<p style="margin:0"><strong>{self.verdict}</strong> {first}</p>']
        paragraphs += [f'<p style="margin:0.4em 0 0">{part}</p>' for part in others]
        return (
            f'<div class="mlpkit-check" style="border-left:4px {line} {colour};padding:0.3em 0.9em;margin:0.3em 0;'
            "max-width:48em;line-height:1.5;color:var(--jp-content-font-color1, inherit);"
            f'font-family:var(--jp-content-font-family, inherit)">{"".join(paragraphs)}</div>'
        )
