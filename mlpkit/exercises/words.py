"""Words for what is the learner's: the name of a function, a value, a text of theirs."""

from dataclasses import dataclass

from mlpkit.exercises import time_limit

LONGEST = 2_000  # characters that are read of a text


@dataclass(frozen=True)
class Other:
    """What is no list, array, number or Network: what there is to say of it."""

    words: str


def name_of(f):
    """Its name between backticks, or 'Your function'."""
    name = attribute(f, "__name__", "<")
    return f"`{name}`" if isinstance(name, str) and name.isidentifier() else "Your function"


def attribute(f, name, default):
    """An attribute of a function, without asking what answers to every name in its own way."""
    return default if hasattr(type(f), "__getattr__") else getattr(f, name, default)


def short(value):
    """A value in a few words."""
    if isinstance(value, Other):
        return value.words
    written = tried(repr, value, " at 0x")[:LONGEST]
    return a_or_an(type(value).__name__) if " at 0x" in written else cut(written, 60)


def tried(how, value, instead):
    """str, repr or another function of a value; what stands instead, whatever is raised there."""
    try:
        return how(value)
    except (time_limit.TimeUp, KeyboardInterrupt):
        raise
    except BaseException:
        return instead


def a_or_an(word):
    return f"an {word}" if word[0] in "aeiouAEIOU" else f"a {word}"


def cut(written, length):
    """A text on one line, to stand between backticks."""
    written = " ".join(written.split()).replace("`", "'")
    return written if len(written) <= length else written[: length - 3] + "..."
