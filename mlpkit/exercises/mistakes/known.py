"""What is known of a mistake."""

from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that learners make in one task of the lessons.

    name: in a few words. why: what is wrong about it, in a sentence or two. hints: further help, one after the other;
    none of them gives the solution. lesson, heading: where to look. ways: wrong functions in the task's own
    signature, each of which makes this mistake; a learner's is recognised when it gives the numbers of one of them.
    patterns: the same with NaN where any number may stand; they are looked at when no way fits. everywhere: whether it
    has to show itself in all cases that were tried, the batches too.
    """

    name: str
    why: str
    hints: tuple[str, ...]
    lesson: int
    heading: str
    ways: tuple[Callable, ...]
    patterns: tuple[Callable, ...] = ()
    everywhere: bool = False

    @property
    def reason(self) -> str:
        """Why it is wrong and where to look, as shown to the learner."""
        return f"{self.why} Look at lesson {self.lesson}, “{self.heading}”."


def carried(mistakes, into):
    """The same mistakes in another task. into: a wrong function to the wrong function of that task."""
    return tuple(
        replace(mistake, ways=tuple(map(into, mistake.ways)), patterns=tuple(map(into, mistake.patterns)))
        for mistake in mistakes
    )
