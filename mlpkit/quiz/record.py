"""The learner's record: what was predicted, what it was, and after how many tries.

It is one small file, my_record.json, beside the lessons. It is written when a question is answered, and only then;
nothing else reads it and nothing leaves the machine.

    from mlpkit import record
    record.show()                       # a table, with a link that saves it
    record.save("record of Tuesday.json")
    record.load("record of Tuesday.json")   # what is in that file comes to what is there
    record.clear()
"""

import base64
import contextlib
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from mlpkit.notation import as_html
from mlpkit.quiz import LESSON_OF, QUESTIONS

NAME = "my_record.json"
_FORMAT = "mlpkit record"  # the key by which a file is known; its value is the version
_FIELDS = {"given": object, "predicted": str, "was": str, "right": bool, "tries": int, "when": str, "done": bool}
_LARGEST = 2 * 10**6  # bytes of a file; the answers to all questions are some twenty thousand
_MOST_TRIES = 10**6

_ABANDONED_S = 5.0  # a lock that stands unchanged for so long was left behind: a write takes some milliseconds
_REFUSED_S = 1.0  # for so long Windows may refuse what is open elsewhere
_PAUSE_S = 0.002  # between two tries


# In the browser, from a site whose address begins with http, the lessons' folder is out of reach.
_PASSES = (
    "Your record is not kept here: it goes when the kernel stops or the page is closed. record.show() has a link that "
    "saves it, and record.load() brings it back."
)


class NoRecord(ValueError):
    """A file that is no record; its text is one sentence that says why."""


class NoFile(NoRecord):
    """No file at all, but a folder, a pipe or a device: it is not ours to set aside."""


class Record:
    """A record in a file. path: where it lies; the file is made when something is first written. lasts: whether what is
    written there is kept when the kernel stops.

    An entry is a dict: given, the last answer as the browser sent it; predicted, the first one in words; was, the
    right one in words, "" as long as it is not shown; right; tries; when, the time of the first answer; done.
    """

    def __init__(self, path: str | os.PathLike, lasts: bool = True) -> None:
        self.path = Path(path)
        self._untold = "" if lasts else _PASSES
        self.drafts = {}  # {name of a question: what is typed and not given yet}; it lives as long as the kernel
        self._lasts = lasts
        self._kept = None  # the entries, where the file cannot be written
        self._problem = ""  # what is the matter with the file, as a sentence for the learner

    def entries(self) -> dict[str, dict]:
        """{name of a question: its entry}. A file that is no record counts as an empty one."""
        if self._kept is not None:
            return dict(self._kept)
        self._problem = ""
        try:
            return read(self.path)
        except FileNotFoundError:
            return {}
        except NoFile as problem:
            self._problem = str(problem)
        except NoRecord as problem:
            self._problem = f"{problem} It is left as it is, and set aside when you answer the next question."
        except OSError as problem:
            self._problem = f"{self.path.name} cannot be read ({problem.strerror or problem})."
        return {}

    def note(self, name: str, entry: dict) -> str:
        """Write the entry of a question. Returns what the learner has to know of the file, told once; or ""."""
        told = self._write(lambda entries: entries | {name: entry})
        passes, self._untold = self._untold, ""
        return f"{told} {passes}".strip()

    def _write(self, change):
        """Write what `change` makes of the entries, which are read anew: another notebook may have written as well."""
        if self._kept is not None:
            self._kept = change(self._kept)
            return ""
        try:
            with _alone(self._file):
                told = self._set_aside()
                _write(self._file, change(self.entries()))
            self._problem = ""
            return told
        except (OSError, NoFile) as problem:
            self._keep(change(self.entries()), problem)
            return self._problem

    @property
    def _file(self):
        """Where the record really lies: a link, such as to a mounted drive, is written through and stays."""
        return Path(os.path.realpath(self.path))

    def _keep(self, entries, problem):
        """Without a file from here on."""
        self._kept = dict(entries)
        why = getattr(problem, "strerror", None) or str(problem).removesuffix(".")
        self._problem = (
            f"Your record cannot be written here ({why}). It is kept until the kernel stops; "
            "record.show() has a link that saves it."
        )

    def _set_aside(self):
        """What is in the way and is no record gets another name; a sentence if that was needed."""
        try:
            read(self.path)
        except FileNotFoundError:
            return ""
        except NoFile:
            raise
        except NoRecord:
            file = self._file
            other = _free(file.with_name(f"{file.stem}-set-aside.json"))
            _replace(file, other)
            return f"{file.name} could not be read as a record. It is now {other.name}, and a new one begins."
        return ""

    def save(self, path: str | os.PathLike) -> Path:
        """Write the record under another name; FileExistsError where there is such a file. Returns the Path."""
        path = Path(path)
        if path.exists():
            raise FileExistsError(f"{path.name} is there already: take another name")
        _write(Path(os.path.realpath(path)), self.entries())
        return path

    def load(self, path: str | os.PathLike) -> "Shown":
        """Bring in what another file holds; NoRecord where that is none. Returns the record, to be shown.

        Where both have an answer, a finished one counts, and of two finished ones the earlier.
        """
        loaded = read(path)

        def both(entries):
            entries = dict(entries)
            for name, entry in loaded.items():
                here = entries.get(name)
                if here is None or (not entry["done"], entry["when"]) < (not here["done"], here["when"]):
                    entries[name] = entry
            return entries

        self._write(both)
        return self.show()

    def clear(self) -> "Shown":
        """Forget everything, and delete the file. Returns the empty record, to be shown."""
        self.drafts.clear()
        if self._kept is not None:
            self._kept = {}
            return self.show()
        try:
            read(self.path)
            with _alone(self._file):
                self._file.unlink(missing_ok=True)
        except (FileNotFoundError, NoRecord):  # what is no record is not ours to delete
            pass
        except OSError as problem:
            self._keep({}, problem)
        return self.show()

    def show(self) -> "Shown":
        """The record as a table, for a notebook or as text."""
        entries = self.entries()
        return Shown(entries, self._problem or ("" if self._lasts else _PASSES))


def read(path: str | os.PathLike) -> dict[str, dict]:
    """The entries in a file, as Record.entries(); NoRecord where it holds none."""
    path = Path(path)
    if path.exists() and not path.is_file():  # to open a pipe would wait for somebody who writes into it
        raise NoFile(f"{path.name} is a folder, a pipe or a device, but a record is a file.")
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise NoRecord(f"{path.name} is no record: it has more than {_LARGEST // 10**6} MB.")
    try:
        whole = json.loads(content.decode())
        json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()  # half a character, or Infinity
    except (ValueError, RecursionError):  # no UTF-8, no JSON, or brackets without end
        raise NoRecord(f"{path.name} is no record: it cannot be read as JSON.") from None
    if not isinstance(whole, dict) or whole.get(_FORMAT) != 1 or not isinstance(whole.get("answers"), dict):
        raise NoRecord(f"{path.name} is no record of these lessons.")
    for name, entry in whole["answers"].items():
        fits = isinstance(entry, dict) and set(entry) == set(_FIELDS)
        fits = fits and all(isinstance(entry[field], kind) for field, kind in _FIELDS.items())
        if not fits or not 0 < entry["tries"] < _MOST_TRIES:
            raise NoRecord(f"{path.name} is a record with an entry that does not fit: {name!r}.")
    return whole["answers"]


def _text(entries):
    return json.dumps({_FORMAT: 1, "answers": entries}, ensure_ascii=False, indent=1) + "\n"


def _write(path, entries):
    """The whole file or none of it: what is written beside it takes its place when it is complete."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(_text(entries), "utf-8")
        _replace(beside, path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(path):
    """While this lasts, no other notebook writes the record at `path`; one that does is waited for.

    The lock is a file beside it that can be made only once. Locks of the operating system would end with their process,
    but Windows and Unix have different ones, some mounted drives have none, and in the browser they do not reach from
    one kernel to the other. Raises OSError where no file can be made.
    """
    lock = path.with_name(f"{path.name}.lock")
    seen, since = None, monotonic()
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            pass
        except PermissionError:  # Windows says so as well of a file that is just being deleted
            if not os.access(path.parent, os.W_OK) or monotonic() - since > _REFUSED_S:
                raise
        held = _made(lock)
        if held != seen:
            seen, since = held, monotonic()
        elif held and monotonic() - since > _ABANDONED_S:
            lock.unlink(missing_ok=True)
        sleep(_PAUSE_S)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _made(lock):
    """What tells one lock from the next of the same name; None where there is none."""
    try:
        found = lock.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _replace(path, other):
    """os.replace. Windows refuses it while another notebook reads the file, which takes a moment."""
    end = monotonic() + _REFUSED_S
    while True:
        try:
            return os.replace(path, other)
        except PermissionError:
            if not os.access(other.parent, os.W_OK) or monotonic() > end:
                raise
        sleep(_PAUSE_S)


def _free(path):
    """The path, or the first with a number behind its name that is not taken."""
    other, count = path, 1
    while other.exists():
        count += 1
        other = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return other


def now() -> str:
    """The time, as it is written into an entry."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _minute(when):
    """A time as one reads it: to the minute."""
    return when[:16].replace("T", " ")


# The table


class Shown:
    """The record as it is shown."""

    def __init__(self, entries: dict[str, dict], problem: str = "") -> None:
        self._entries = entries
        self._problem = problem

    def _sentences(self):
        done = [entry for entry in self._entries.values() if entry["done"]]
        if not self._entries:
            words = ["There is nothing in your record yet."]
        else:
            right = sum(entry["right"] for entry in done)
            at_once = sum(entry["right"] and entry["tries"] == 1 for entry in done)
            of_lessons = sum(entry["done"] and name in QUESTIONS for name, entry in self._entries.items())
            others = len(done) - of_lessons
            besides = f", and {others} that {'is' if others == 1 else 'are'} not in these lessons" if others else ""
            words = [
                f"Answered: {of_lessons} of {len(QUESTIONS)} questions{besides}.",
                f"Right: {right}, of these at the first try: {at_once}.",
            ]
        return [*words, *filter(None, [self._problem])]

    def _rows(self):
        """(lesson, question, predicted, was, verdict, tries, when), in the lessons' order; what is unknown last."""
        known = [name for name in QUESTIONS if name in self._entries]
        for name in [*known, *sorted(self._entries.keys() - known)]:
            entry = self._entries[name]
            verdict = ("right" if entry["right"] else "not right") if entry["done"] else "not finished"
            lesson = str(LESSON_OF[name]) if name in LESSON_OF else ""
            yield lesson, name, entry["predicted"], entry["was"], verdict, str(entry["tries"]), _minute(entry["when"])

    def __repr__(self):
        lines = (
            f"{lesson or '?'} {name}: {said} ({verdict}; it was: {was or 'not shown yet'}; tries: {tries}; {when})"
            for lesson, name, said, was, verdict, tries, when in self._rows()
        )
        return "\n".join([*self._sentences(), *lines])

    def _repr_html_(self):
        words = "".join(f"<p>{as_html(sentence)}</p>" for sentence in self._sentences())
        if not self._entries:
            return words
        heads = ("lesson", "question", "you said first", "it was", "in the end", "tries", "when")
        head = "".join(f'<th scope="col" style="text-align: left">{one}</th>' for one in heads)
        body = "".join(
            "<tr>" + "".join(f'<td style="text-align: left">{as_html(cell)}</td>' for cell in row) + "</tr>"
            for row in self._rows()
        )
        return f"{words}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{self._link()}</p>"

    def _link(self):
        data = base64.b64encode(_text(self._entries).encode()).decode()
        return f'<a download="{NAME}" href="data:application/json;base64,{data}">Save this record as a file</a>'


# The record of this notebook: it lies where the kernel was started, which is beside the notebook.
mine = Record(Path.cwd() / NAME, lasts=sys.platform != "emscripten" or Path.cwd().is_relative_to("/drive"))
show, save, load, clear = mine.show, mine.save, mine.load, mine.clear
