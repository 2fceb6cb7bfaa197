"""What there is to say of a learner's function that is not right."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """A number that is not the right one.

    symbol: which it is. theirs, right: what stands there, and what belongs there. place: where it stands, in code.
    example: its index in the batch, or ().
    """

    symbol: tuple
    theirs: float
    right: float
    place: str = ""
    example: tuple = ()


@dataclass(frozen=True)
class Finding:
    """Why a function is not right.

    kind: 'unwritten', 'stopped', 'unfit', 'changed', 'memory' or 'number'. sentence: it in words; "" where differs, the
    first number that is not right, says it. hint: where the usual one of its kind does not fit. mark: a mistake that is
    seen at once, a name of BY_MARK in mistakes/, or ''. said: the message of the exception that it stopped with.
    time_up: whether it did not end.
    """

    kind: str
    sentence: str = ""
    differs: Difference | None = None
    hint: str = ""
    mark: str = ""
    said: str = ""
    time_up: bool = False


class NotRight(Exception):
    """Carries a Finding to where it is told. printed: what the function had printed until then."""

    def __init__(self, finding, printed=""):
        super().__init__(finding.sentence)
        self.finding, self.printed = finding, printed
