"""The learner's record: what is written and when, and that nothing of it is lost."""

import base64
import errno
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mlpkit import record
from mlpkit.quiz import QUESTIONS, wording
from mlpkit.quiz.record import NAME, NoRecord, Record
from mlpkit.widgets.ask import Ask

SUM = "sum of three products"
READ = "answer of the network"


def entry(said="0.9", was="1.2", right=False, tries=1, when="2026-01-01T10:00:00+01:00", done=True):
    keys = ("given", "predicted", "was", "right", "tries", "when", "done")
    return dict(zip(keys, (said, said, was, right, tries, when, done), strict=True))


@pytest.fixture
def kept(tmp_path):
    return Record(tmp_path / NAME)


@pytest.fixture
def read_only(tmp_path, monkeypatch):
    """A record on a disk that refuses to be written to (for root, a folder without the right to write is none)."""

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", refuse)
    return Record(tmp_path / NAME)


def test_nothing_is_written_until_something_is_answered(kept):
    assert kept.entries() == {}
    assert repr(kept.show()) == "There is nothing in your record yet."
    Ask(QUESTIONS[SUM], kept)
    assert not kept.path.exists()
    assert kept.note(SUM, entry()) == ""
    assert list(kept.path.parent.iterdir()) == [kept.path]


def test_what_is_written_is_there_for_the_next_kernel(kept):
    kept.note(SUM, entry())
    kept.note(READ, entry("0.57"))
    assert Record(kept.path).entries() == {SUM: entry(), READ: entry("0.57")}


def test_two_kernels_do_not_forget_each_others_answers(kept):
    other = Record(kept.path)
    other.entries()
    kept.note(SUM, entry())
    other.note(READ, entry())
    assert set(kept.entries()) == {SUM, READ}


WRITER = """
import sys
from mlpkit.quiz.record import Record
kept = Record(sys.argv[1])
entry = {entry!r}
print("ready", flush=True)
sys.stdin.readline()
told = [kept.note(f"{sys.argv[2]} {k}", entry) for k in range(200)]
assert not any(told), told
"""


def test_two_notebooks_that_answer_at_the_same_time_lose_nothing(kept):
    code = WRITER.replace("{entry!r}", repr(entry()))
    environment = os.environ | {"PYTHONPATH": str(Path(record.__file__).parents[2])}
    notebooks = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(kept.path), name],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for name in ("here", "there")
    ]
    for notebook in notebooks:
        assert notebook.stdout.readline() == "ready\n"
    for notebook in notebooks:
        notebook.stdin.write("go\n")
        notebook.stdin.flush()
    for notebook in notebooks:
        notebook.communicate()
        assert notebook.returncode == 0
    assert set(kept.entries()) == {f"{name} {k}" for name in ("here", "there") for k in range(200)}
    assert list(kept.path.parent.iterdir()) == [kept.path]


def test_a_lock_that_was_left_behind_is_not_waited_for_for_ever(kept, monkeypatch):
    monkeypatch.setattr(record, "_ABANDONED_S", 0.0)
    kept.path.with_name(f"{NAME}.lock").touch()
    assert kept.note(SUM, entry()) == ""
    assert list(kept.path.parent.iterdir()) == [kept.path]


def test_a_file_that_is_refused_for_a_moment_is_written_all_the_same(kept, monkeypatch):
    replace, refusals = os.replace, [PermissionError(13, "in use"), PermissionError(13, "in use")]

    def refused_at_first(*paths):
        if refusals:
            raise refusals.pop()
        replace(*paths)

    monkeypatch.setattr(os, "replace", refused_at_first)
    assert kept.note(SUM, entry()) == ""
    assert Record(kept.path).entries() == {SUM: entry()}


def link(path, to):
    try:
        path.symlink_to(to)
    except OSError:
        pytest.skip("this system lets nobody make a link")


@pytest.fixture
def linked(tmp_path):
    """A record whose name is a link to a file in another folder, such as on a mounted drive."""
    drive = tmp_path / "drive"
    drive.mkdir()
    here = tmp_path / "here"
    here.mkdir()
    link(here / NAME, drive / "mine.json")
    return Record(here / NAME), drive / "mine.json"


def test_a_link_is_written_through_and_stays(linked):
    kept, there = linked
    for name in (SUM, READ):
        assert kept.note(name, entry()) == ""
        assert kept.path.is_symlink()
    assert set(Record(there).entries()) == {SUM, READ}
    kept.clear()
    assert (kept.path.is_symlink(), there.exists()) == (True, False)
    kept.note(SUM, entry())
    assert set(Record(there).entries()) == {SUM}


def test_what_a_link_leads_to_and_is_no_record_is_set_aside_there(linked):
    kept, there = linked
    there.write_text("dear diary")
    assert kept.note(SUM, entry()) == (
        "mine.json could not be read as a record. It is now mine-set-aside.json, and a new one begins."
    )
    assert there.with_name("mine-set-aside.json").read_text() == "dear diary"
    assert set(Record(there).entries()) == {SUM}
    assert kept.path.is_symlink()


def test_a_drive_that_is_not_there_is_told_of_and_the_link_stays(linked):
    kept, there = linked
    there.parent.rmdir()
    why = os.strerror(errno.ENOENT)
    assert kept.note(SUM, entry()).startswith(f"Your record cannot be written here ({why}). It is kept")
    assert set(kept.entries()) == {SUM}
    assert kept.path.is_symlink()


def _pipe(path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes with a name")
    os.mkfifo(path)
    return stat.S_ISFIFO


def _folder(path):
    path.mkdir()
    return stat.S_ISDIR


def _device(path):
    link(path, os.devnull)
    return stat.S_ISCHR


@pytest.mark.parametrize("make", [_pipe, _folder, _device])
def test_what_is_no_file_is_refused_with_a_sentence_and_left_as_it_is(kept, make):
    is_still = make(kept.path)
    what = "my_record.json is a folder, a pipe or a device, but a record is a file"
    assert repr(kept.show()) == f"There is nothing in your record yet.\n{what}."
    kept.clear()
    with pytest.raises(NoRecord, match=what):
        Record(kept.path.with_name("other.json")).load(kept.path)
    told = kept.note(SUM, entry())
    assert told.startswith(f"Your record cannot be written here ({what}). It is kept until the kernel stops")
    assert set(kept.entries()) == {SUM}
    assert is_still(kept.path.stat().st_mode)
    assert list(kept.path.parent.iterdir()) == [kept.path]


def test_the_table_says_what_was_right_in_words(kept):
    kept.note(READ, entry("0.3", "0.5723", True, tries=2))
    kept.note(SUM, entry())
    kept.note("weights that stay", entry("w₀₁⁰", "", done=False))
    kept.note("of a later version <b>", entry("x", "y", True))
    text = repr(kept.show())
    assert text.splitlines() == [
        f"Answered: 2 of {len(QUESTIONS)} questions, and 1 that is not in these lessons.",
        "Right: 2, of these at the first try: 1.",
        "0 sum of three products: 0.9 (not right; it was: 1.2; tries: 1; 2026-01-01 10:00)",
        "0 answer of the network: 0.3 (right; it was: 0.5723; tries: 2; 2026-01-01 10:00)",
        "0 weights that stay: w₀₁⁰ (not finished; it was: not shown yet; tries: 1; 2026-01-01 10:00)",
        "? of a later version <b>: x (right; it was: y; tries: 1; 2026-01-01 10:00)",
    ]
    shown = kept.show()._repr_html_()
    assert shown.count("<tr>") == 5
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_the_link_carries_the_whole_record(kept, tmp_path):
    kept.note(SUM, entry())
    shown = kept.show()._repr_html_()
    carried = base64.b64decode(re.search(r'href="data:application/json;base64,([^"]+)"', shown)[1])
    other = tmp_path / "taken along.json"
    other.write_bytes(carried)
    assert Record(other).entries() == kept.entries()


def test_saved_under_another_name_and_read_back_in(kept, tmp_path):
    kept.note(SUM, entry())
    copy = kept.save(tmp_path / "of Tuesday.json")
    with pytest.raises(FileExistsError, match=r"of Tuesday\.json is there already: take another name"):
        kept.save(copy)
    there = Record(tmp_path / "there" / NAME)
    there.path.parent.mkdir()
    there.note(READ, entry())
    there.load(copy)
    assert there.entries() == {READ: entry(), SUM: entry()}


@pytest.mark.parametrize(
    ("here", "loaded", "wins"),
    [
        (entry("1", done=False), entry("2"), "2"),
        (entry("1"), entry("2", done=False), "1"),
        (entry("1", when="2026-01-02"), entry("2", when="2026-01-01"), "2"),
        (entry("1", when="2026-01-01"), entry("2", when="2026-01-02"), "1"),
    ],
)
def test_of_two_answers_a_finished_one_counts_or_else_the_earlier(kept, tmp_path, here, loaded, wins):
    other = Record(tmp_path / "other.json")
    other.note(SUM, loaded)
    kept.note(SUM, here)
    kept.load(other.path)
    assert kept.entries()[SUM]["given"] == wins


def test_cleared(kept):
    kept.note(SUM, entry())
    assert repr(kept.clear()) == "There is nothing in your record yet."
    assert list(kept.path.parent.iterdir()) == []
    kept.clear()


FOREIGN = {
    "cut off": b'{"mlpkit record": 1, "answers": {"sum',
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "no JSON": b"dear diary",
    "a list": b"[]",
    "another": b'{"cells": []}',
    "a later version": b'{"mlpkit record": 2, "answers": {}}',
    "an entry that does not fit": b'{"mlpkit record": 1, "answers": {"a": {"given": 1}}}',
    "a number in the place of a word": json.dumps(
        {"mlpkit record": 1, "answers": {"a": {**entry(), "predicted": 1}}}
    ).encode(),
    "brackets without end": b"[" * 100_000,
    "half a character": json.dumps({"mlpkit record": 1, "answers": {"a": entry("\ud800")}}).encode(),
    "half a character in a name": json.dumps({"mlpkit record": 1, "answers": {"\ud800": entry()}}).encode(),
    "no number": json.dumps({"mlpkit record": 1, "answers": {"a": {**entry(), "given": [[float("inf"), 0]]}}}).encode(),
    "a number too large": json.dumps({"mlpkit record": 1, "answers": {"a": {**entry(), "given": 7e7}}})
    .replace("70000000.0", "7e777")
    .encode(),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_broken_or_foreign_file_is_kept_and_told_of(kept, what):
    kept.path.write_bytes(FOREIGN[what])
    shown = repr(kept.show())
    assert shown.startswith("There is nothing in your record yet.\nmy_record.json is ")
    assert "It is left as it is" in shown
    assert kept.path.read_bytes() == FOREIGN[what]
    told = kept.note(SUM, entry())
    assert told == (
        "my_record.json could not be read as a record. It is now my_record-set-aside.json, and a new one begins."
    )
    assert kept.path.with_name("my_record-set-aside.json").read_bytes() == FOREIGN[what]
    assert kept.entries() == {SUM: entry()}
    assert kept.note(READ, entry()) == ""
    assert "set aside" not in repr(kept.show())


def test_two_broken_files_are_both_kept(kept):
    for text in ("first", "second"):
        kept.path.write_text(text)
        kept.note(SUM, entry())
    assert sorted(path.read_text()[:6] for path in kept.path.parent.glob("*aside*")) == ["first", "second"]


def test_a_file_that_is_no_record_is_not_loaded_and_not_deleted(kept, tmp_path):
    other = tmp_path / "other.json"
    other.write_text("[]")
    with pytest.raises(NoRecord, match=r"other\.json is no record of these lessons\."):
        kept.load(other)
    kept.path.write_text("[]")
    kept.clear()
    assert kept.path.read_text() == "[]"


def test_on_a_read_only_disk_it_is_kept_in_memory_and_told_once(read_only):
    told = read_only.note(SUM, entry())
    assert told.startswith("Your record cannot be written here (Read-only file system). It is kept until the kernel")
    assert read_only.note(READ, entry()) == ""
    assert set(read_only.entries()) == {SUM, READ}
    assert "cannot be written here" in repr(read_only.show())
    assert "data:application/json" in read_only.show()._repr_html_()
    assert list(read_only.path.parent.iterdir()) == []
    read_only.clear()
    assert read_only.entries() == {}


def test_a_write_that_fails_half_way_leaves_the_old_file(kept, monkeypatch):
    kept.note(SUM, entry())
    before = kept.path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert "No space left on device" in kept.note(READ, entry())
    assert kept.path.read_bytes() == before
    assert list(kept.path.parent.iterdir()) == [kept.path]
    assert set(kept.entries()) == {SUM, READ}


def test_the_record_of_a_notebook_lies_where_its_kernel_was_started(tmp_path):
    code = (
        "import os; from mlpkit import record; os.chdir('/'); "
        f"record.mine.note('x', {entry()!r}); print(record.mine.path)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(record.__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(run.stdout.strip()).resolve() == (tmp_path / NAME).resolve()
    assert (tmp_path / NAME).exists()


# The widget and its record


def state(it):
    """All that the browser gets to know, as text."""
    return json.dumps({name: value for name, value in it.get_state().items() if name not in ("_esm", "_css")})


@pytest.mark.parametrize("name", QUESTIONS)
def test_before_it_is_given_nothing_of_the_answer_is_in_the_browser(kept, name, monkeypatch):
    asked = QUESTIONS[name]
    called = []
    monkeypatch.setattr(type(asked), "right", lambda *_: called.append("right"))
    it = Ask(asked, kept)
    assert not called
    assert it.shown["outcome"] is None
    assert json.dumps(wording.html(asked.why))[1:-1] not in state(it)
    for _, words in asked.slips:
        assert json.dumps(wording.html(words))[1:-1] not in state(it)


def test_a_prediction_is_locked_in_once(kept):
    it = Ask(QUESTIONS[SUM], kept)
    it.answer("about one")
    assert it.shown["message"] == "“about one” is no number: write it such as −0.25, 0,25 or 1/4."
    assert it.shown["outcome"] is None
    assert kept.entries() == {}
    it.answer("0,9")
    outcome = it.shown["outcome"]
    assert (outcome["verdict"], outcome["said"], outcome["was"]) == (
        "Not right.",
        ["You predicted", "0,9"],
        ["It is", "1.2"],
    )
    assert outcome["why"].startswith("You left out the number that is always 1")
    it.answer("1.2")
    assert it.shown["outcome"] == outcome
    assert kept.entries()[SUM]["tries"] == 1

    again = Ask(QUESTIONS[SUM], Record(kept.path))
    assert again.shown["outcome"] == outcome
    assert again.draft == "0,9"


def test_the_answer_is_read_aloud_as_sentences(kept):
    it = Ask(QUESTIONS["loss against the activation"], kept)
    it.answer("It would grow: δ is positive.")
    assert it.shown["spoken"].startswith(
        "Not right. The answer is: It would shrink: δ is negative. More activation gives a larger output."
    )


def test_another_kind_of_symbol_is_told_and_not_locked_in(kept):
    it = Ask(QUESTIONS["the bias of the output"], kept)
    it.answer("o[1][2]")
    assert it.shown["message"] == "That is an output; a weight is asked for."
    assert it.entry is None


def test_on_paper_a_question_has_the_word_of_its_box(kept):
    assert repr(Ask(QUESTIONS[SUM], kept)).startswith("Prediction: The neuron reads")
    assert repr(Ask(QUESTIONS[READ], kept)).startswith("Question: In the Stepper")


def test_a_prediction_locked_in_elsewhere_is_not_replaced(kept):
    here, elsewhere = Ask(QUESTIONS[SUM], kept), Ask(QUESTIONS[SUM], Record(kept.path))
    elsewhere.answer("0.9")
    here.answer("1.2")
    assert here.shown["outcome"]["said"] == ["You predicted", "0.9"]
    assert here.draft == "0.9"
    assert kept.entries()[SUM]["predicted"] == "0.9"


def test_a_short_answer_may_be_tried_again_and_shown_after_two_tries(kept):
    it = Ask(QUESTIONS[READ], kept)
    it.reveal()
    assert it.entry is None
    it.answer("0.291")
    assert it.shown["message"].startswith("Not yet. This is its activation")
    assert not it.shown["may_reveal"]
    assert kept.entries()[READ]["was"] == ""
    it.reveal()
    assert not it.done
    it.answer("7")
    assert it.shown["message"] == "Not yet, after 2 tries. Try again."
    assert it.shown["may_reveal"]
    restarted = Ask(QUESTIONS[READ], Record(kept.path))
    assert restarted.shown["may_reveal"]
    restarted.reveal()
    assert restarted.shown["outcome"]["verdict"] == "Not right."
    assert restarted.entry["was"] == "0.5723"

    kept.clear()
    other = Ask(QUESTIONS[READ], kept)
    other.answer("0.3")
    other.answer("0.572")
    assert other.shown["outcome"]["verdict"] == "Right."
    assert (other.entry["tries"], other.entry["predicted"], other.entry["given"]) == (2, "0.3", "0.572")


def test_a_record_from_elsewhere_cannot_break_a_question(kept):
    for given in (None, {"a": 1}, "<img src=x>", [[9, 9]], 3):
        kept.note(SUM, {**entry("<img src=x>"), "given": given})
        it = Ask(QUESTIONS[SUM], kept)
        assert it.draft is None
        assert it.shown["outcome"]["said"] == ["You predicted", "&lt;img src=x&gt;"]


def test_what_is_typed_is_there_when_the_cell_is_run_again(kept):
    Ask(QUESTIONS[SUM], kept).draft = "0.9 or"
    assert Ask(QUESTIONS[SUM], kept).draft == "0.9 or"
    it = Ask(QUESTIONS[READ], kept)
    it.answer("0.3")
    it.draft = "0.5"
    assert Ask(QUESTIONS[READ], kept).draft == "0.5"
    assert Ask(QUESTIONS[READ], Record(kept.path)).draft == "0.3"
    kept.clear()
    assert Ask(QUESTIONS[READ], kept).draft is None


def test_what_is_typed_is_shown_as_it_was_typed(kept):
    it = Ask(QUESTIONS[SUM], kept)
    it.answer("<b>$1$</b>")
    assert it.shown["message"].startswith("“&lt;b&gt;$1$&lt;/b&gt;” is no number")
    assert it.shown["spoken"].startswith("“<b>$1$</b>” is no number")


def test_what_is_shown_of_it_without_a_kernel_is_the_question_alone(kept):
    it = Ask(QUESTIONS[SUM], kept)
    before = repr(it), it._repr_mimebundle_()
    it.answer("1.2")
    assert (repr(it), it._repr_mimebundle_()) == before


def test_the_sentence_on_the_file_stands_in_the_widget(read_only):
    it = Ask(QUESTIONS[SUM], read_only)
    it.answer("1.2")
    assert it.shown["told"].startswith("Your record cannot be written here")
    assert it.shown["told"] in it.shown["spoken"]


# In the browser, where the lessons' folder is out of reach


def test_a_record_that_does_not_last_says_so_once_when_answered_and_always_when_shown(tmp_path):
    kept = Record(tmp_path / "my_record.json", lasts=False)
    assert "goes when the kernel stops" in repr(kept.show())
    first, second = (kept.note(SUM, entry()) for _ in range(2))
    assert "not kept here" in first
    assert "record.show() has a link that saves it" in first
    assert second == ""
    assert "not kept here" in repr(kept.show())
    assert "data:application/json" in kept.show()._repr_html_()


def test_on_a_machine_of_its_own_nothing_is_said(tmp_path):
    kept = Record(tmp_path / "my_record.json")
    assert kept.note(SUM, entry()) == ""
    assert "kept" not in repr(kept.show())
