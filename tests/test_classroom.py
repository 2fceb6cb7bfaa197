"""`python -m mlpkit class`: what a class has handed in, as one page, and what no file can do to it."""

import json
import re
from html import escape
from html.parser import HTMLParser
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fuzz import COUNT, FUZZ, files

from mlpkit.__main__ import main
from mlpkit.commands import page
from mlpkit.commands.classroom import _said, _spread, class_page, read_all
from mlpkit.commands.lessons import home
from mlpkit.quiz import QUESTIONS, Cells, Number, Symbol, record, wording
from mlpkit.widgets.ask import Ask

SUM, READ, STAY = "sum of three products", "answer of the network", "weights that stay"
WAY = "the way of the weights"


def sent(question, value):
    """A value as a browser sends it."""
    if isinstance(question, Cells):
        return [list(place) for place in sorted(value)]
    if isinstance(question, Number):
        return f"{value:.{question.decimals or 2}f}".removesuffix(".00")
    if isinstance(question, Symbol):
        kind, layer, *neurons = value
        return f"{kind}[{layer}][{', '.join(map(str, neurons))}]"
    return value


@pytest.fixture
def hand_in(tmp_path):
    """hand_in({question: [what is given, one after the other]}) answers in a record of its own, through the widget."""
    numbers = count(1)

    def hand_in(answers, name=None):
        folder = tmp_path / "in" / (name or f"name {next(numbers)}")
        folder.mkdir(parents=True)
        kept = record.Record(folder / record.NAME)
        for question, every in answers.items():
            widget = Ask(QUESTIONS[question], kept)
            for one in every:
                widget.answer(one)
        return kept.path

    hand_in.folder = tmp_path / "in"
    hand_in.folder.mkdir()
    return hand_in


def made(folder, names=False):
    return class_page(*read_all(folder), names)


class Reader(HTMLParser):
    """The rows of every table below each heading, as texts; it stands on tags that are closed in their order."""

    VOID = ("meta", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.rows, self.heading, self.tags = [], {}, None, set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *(name for name, _ in attrs)))
        if tag in self.VOID:
            return
        self.open.append("hidden" if ("class", "heard") in attrs else tag)
        if tag in ("h1", "h2", "h3"):
            self.heading = ""
        if tag == "tr":
            self.rows.setdefault(self.heading, []).append([])
        if tag in ("th", "td"):
            self.rows[self.heading][-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() in (tag, "hidden")

    def handle_data(self, text):
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.heading += text
        if {"th", "td"} & set(self.open) and "hidden" not in self.open:
            self.rows[self.heading][-1][-1] += text


def rows(text, heading):
    """(answer, how many) for each row below a heading."""
    return [(row[0], row[-1]) for row in Reader(text).rows[heading][1:]]


def test_answers_are_spread_over_what_counts_as_the_same(hand_in):
    for typed in ("1.2", "1,20", "0.9", "0.90", "9/10", "1.3", "7"):
        hand_in({SUM: [typed]})
    text = made(hand_in.folder)
    assert rows(text, SUM) == [
        ("0.9", "3 of 7"),
        ("1.2 ✓ right", "2 of 7"),
        ("1.3", "1 of 7"),
        ("7", "1 of 7"),
    ]
    assert "<b>Most often wrong</b> (3): 0.9. " in text
    assert "You left out the number that is always 1" in text
    assert "7 records." in text


def test_an_option_that_nobody_took_is_there_and_so_is_the_right_answer(hand_in):
    hand_in({WAY: ["none"], SUM: ["0.9"]})
    text = made(hand_in.folder)
    assert rows(text, WAY) == [
        ("none", "1 of 1"),
        ("those that lead to the output", "0 of 1"),
        ("all thirteen ✓ right", "0 of 1"),
    ]
    assert ("1.2 ✓ right", "0 of 1") in rows(text, SUM)


def test_first_answers_are_counted_and_what_became_of_them_is_told(hand_in):
    hand_in({READ: ["0.2912", "0.572"]})
    hand_in({READ: ["0.2912", "0.3", "0.4"]})
    hand_in({READ: ["0.572"]})
    text = made(hand_in.folder)
    assert rows(text, READ) == [("0.2912", "2 of 3"), ("0.5723 ✓ right", "1 of 3")]
    assert "Right at a later try: 1. Tried more than once and not solved: 1, with up to 3 tries." in text
    stuck = Reader(text).rows["Who got stuck where"]
    assert [row[1] for row in stuck[1:]] == [f"{READ} (3 tries)"]


def test_many_different_answers_become_one_row(hand_in):
    for k in range(20):
        hand_in({SUM: [f"{2 + k}"]})
    shown = rows(made(hand_in.folder), SUM)
    assert shown[8:] == [("1.2 ✓ right", "0 of 20"), ("12 other answers", "12 of 20")]


def test_the_longest_stretch_is_told_and_ends_where_an_answer_is_right(hand_in):
    names = list(QUESTIONS)
    hand_in({SUM: ["0.9"], "the best α": ["0"], WAY: ["none"], "what later steps take off": ["less"], READ: ["7"]})
    [row] = Reader(made(hand_in.folder)).rows["Who got stuck where"][1:]
    assert row == ["learner 1", "–", f"3: {SUM} (lesson 0) to {WAY} (lesson 0)", f"{READ} (lesson 0)"]
    assert names.index(WAY) - names.index(SUM) == 2


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_and_slip_is_read_again_from_the_record(name, hand_in):
    question = QUESTIONS[name]
    answer = question.answer()
    values = [answer, *(slip() if callable(slip) else slip for slip, _ in question.slips)]
    for value in values:
        path = hand_in({name: [sent(question, value)]})
        entry = record.read(path)[name]
        again = {**entry, "given": sent(question, answer), "tries": 2}  # as if the second answer had been right
        for said in (_said(question, entry, answer), _said(question, again, answer)):
            assert question.near(said.first, value)
            assert said.right_at_first == (value == answer)
        assert _said(question, again, answer).right
        [(found, times, right)] = [one for one in _spread(question, [said.first], answer) if one[1]]
        assert (question.near(found, value), times, right) == (True, 1, value == answer)


# Whose is it


def test_names_only_where_they_are_asked_for_and_no_text_of_a_record_ever(hand_in):
    path = hand_in({SUM: ["0.9"], READ: ["0.3", "0.4"]}, "Zoe <i>Quux</i>")
    whole = json.loads(path.read_text("utf-8"))
    for entry in whole["answers"].values():
        entry |= {"was": "<b>SECRET", "when": "<b>SECRET"}
    whole["answers"]["<b>SECRET"] = whole["answers"][SUM]
    path.write_text(json.dumps(whole), "utf-8")
    plain, named = made(hand_in.folder), made(hand_in.folder, names=True)
    assert "SECRET" not in plain + named
    assert "Quux" not in plain
    assert "learner 1" in plain
    assert f"<bdi>{escape('Zoe <i>Quux</i>')}</bdi>" in named
    assert "Not counted: 1 answer to questions that are not in these lessons." in plain


def test_without_names_nothing_depends_on_what_the_files_are_called(hand_in):
    paths = [hand_in({READ: ["3"] * tries}) for tries in (2, 3, 4, 5)]
    before = made(hand_in.folder)
    assert before.count("learner ") == 4
    for path, name in zip(paths, "cbda", strict=True):
        path.parent.rename(path.parent.with_name(name))
    assert made(hand_in.folder) == before


# Files that are none


def sentences(folder):
    return read_all(folder)[1]


def test_what_is_damaged_is_told_and_left_out(hand_in):
    good = hand_in({SUM: ["0.9"]}, "a good one")
    whole = good.read_text("utf-8")
    wrong = {
        "half.json": whole[: len(whole) // 2].encode(),
        "deep.json": b'{"mlpkit record": 1, "answers": ' + b"[" * 100_000,
        "nan.json": whole.replace('"tries": 1', '"tries": NaN').encode(),
        "infinite.json": whole.replace('"given": "0.9"', '"given": Infinity').encode(),
        "foreign.JSON": b'{"name": "x"}',
        "large.json": whole.encode() + b" " * 2_000_000,
        "bytes.json": b"\xff\xfe\x00",
        "tries.json": whole.replace('"tries": 1', '"tries": -1').encode(),
        "many.json": whole.replace('"tries": 1', '"tries": 1' + "0" * 400).encode(),
        "none.json": b'{"mlpkit record": 1, "answers": {}}',
        "copy.json": whole.encode(),
        "empty.json": b"",
    }
    for name, content in wrong.items():
        (hand_in.folder / name).write_bytes(content)
    (hand_in.folder / "folder.json").mkdir()
    (hand_in.folder / "notes.txt").write_text("no record, and not opened", "utf-8")
    found, told = read_all(hand_in.folder)
    assert list(found) == ["a good one/my_record.json"]
    assert {one.partition(":")[0] for one in told} == {*wrong, "folder.json"}
    by_name = dict(one.split(": ", 1) for one in told)
    assert by_name["large.json"] == "it is no record: it has more than 2 MB."
    assert by_name["deep.json"] == "it is no record: it cannot be read as JSON."
    assert by_name["foreign.JSON"] == "it is no record of these lessons."
    assert by_name["none.json"] == "it has no answer to a question of these lessons."
    assert by_name["copy.json"] == "it holds the same answers, given at the same times, as a good one/my_record.json."
    assert by_name["folder.json"] == "it is a folder, a pipe or a device, but a record is a file."
    assert "13 files left out. The command has said which, and why." in made(hand_in.folder)
    assert "large.json: it is no record" in made(hand_in.folder, names=True)


def test_a_file_that_may_not_be_opened_is_told(hand_in, monkeypatch):
    hand_in({SUM: ["0.9"]}, "a")

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(record, "read", refuse)
    assert sentences(hand_in.folder) == ["a/my_record.json: it cannot be read (Permission denied)."]


HARMLESS = re.compile(r"<script|<img|<iframe|<link|javascript:|url\(|https?:|\son\w+=|\ssrc=", re.IGNORECASE)


@FUZZ
@given(st.lists(files(), min_size=1, max_size=3))
def test_no_file_can_stop_the_page_or_put_anything_into_it(tmp_path, contents):
    folder = tmp_path / str(next(COUNT))
    folder.mkdir()
    for k, content in enumerate(contents):
        (folder / f"<img src=x onerror=alert(1)> {k}.json").write_bytes(content)
    found, told = read_all(folder)
    assert len(found) + len(told) == len(contents)
    for names in (False, True):
        text = class_page(found, told, names)
        text.encode()
        Reader(text)
        assert not HARMLESS.search(text.replace(escape("<img src=x onerror=alert(1)>"), "").split("</style>")[1])


TYPED = ["1e300", "-1e300", "5e-324", "1/3", "0", "-7", "9" * 80, "w[99999][1, 2]", "δ_1^2", "delta[1][0]", "none"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(QUESTIONS)), st.one_of(st.text(max_size=90), st.sampled_from(TYPED)))
def test_any_answer_is_counted_or_not_counted(name, text):
    question = QUESTIONS[name]
    entry = {"given": text, "predicted": text, "was": "", "right": True, "tries": 1, "when": "", "done": True}
    for tries in (1, 2):
        shown = class_page({"a": {name: {**entry, "tries": tries}}}, [], names=True)
        assert ("Not counted: 1 answer that cannot be read." in shown) != (f"<h3>{escape(question.name)}</h3>" in shown)


def test_what_the_record_says_is_right_is_looked_at_again(hand_in):
    path = hand_in({SUM: ["0.9"]})
    path.write_text(path.read_text("utf-8").replace('"right": false', '"right": true'), "utf-8")
    assert ("0.9", "1 of 1") in rows(made(hand_in.folder), SUM)


# The command


def told(words):
    with pytest.raises(SystemExit) as end:
        main(words)
    return end.value.code


def test_it_writes_the_page_and_says_what_it_left_out(hand_in, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    hand_in({SUM: ["0.9"]})
    (hand_in.folder / "\x1b[31mred.json").write_text("{}", "utf-8")
    main(["class", "in"])
    assert capsys.readouterr().out == (
        "Left out: \ufffd[31mred.json: it is no record of these lessons.\nclass.html: 1 record, 1 file left out\n"
    )
    assert (tmp_path / "class.html").read_text("utf-8") == made(hand_in.folder)
    main(["class", "in", "--names"])  # its own page is written anew
    assert "name 1" not in (tmp_path / "class.html").read_text("utf-8")  # who is not stuck is not named
    assert "red.json" in (tmp_path / "class.html").read_text("utf-8")
    main(["class", "in", "--output", str(tmp_path / "other.html")])
    assert (tmp_path / "other.html").is_file()


def test_wrong_use_is_told_in_one_sentence(hand_in, tmp_path):
    thesis = tmp_path / "thesis.html"
    thesis.write_text("mine", "utf-8")
    assert told(["class", str(tmp_path / "nowhere")]).endswith(
        "nowhere is no folder: name the one in which the record files are"
    )
    assert told(["class", str(hand_in.folder)]).endswith("put the files my_record.json there")
    hand_in({SUM: ["0.9"]})
    words = ["class", str(hand_in.folder), "--output"]
    assert told([*words, str(thesis)]).endswith("is there already and is no page of this command: name another file")
    assert thesis.read_text("utf-8") == "mine"
    assert "cannot be written" in told([*words, str(tmp_path / "no" / "x.html")])
    assert "cannot be written" in told([*words, str(tmp_path)])


def test_nothing_is_fetched(hand_in):
    hand_in({name: [sent(question, question.answer())] for name, question in QUESTIONS.items()})
    text = made(hand_in.folder)
    assert not HARMLESS.search(text)
    assert "default-src 'none'" in text
    assert set(re.findall(r'href="([^"])', text)) == {"#"}
    for link in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{link}"' in text
    plain = wording.plain(QUESTIONS[SUM].prompt)
    assert plain in text
    assert all(f"<h3>{escape(name)}</h3>" in text for name in QUESTIONS)


def test_the_titles_are_those_of_the_lessons():
    heads = []
    for path in sorted((home() / "lessons").glob("*.ipynb")):
        first = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
        heads.append("".join(first).splitlines()[0])
    assert heads == [f"# {number} {title}" for number, title in enumerate(page.TITLES)]
