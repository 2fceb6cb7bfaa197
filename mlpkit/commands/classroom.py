"""The records that a class has handed in, as one page: how the answers were spread, and who got stuck where.

A record file is somebody else's: it is read as data, each answer anew by its question, and of its texts nothing but a
file's name is shown, and that only where it is asked for.
"""

import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from html import escape

from mlpkit.commands import page
from mlpkit.commands.lessons import NotPossible
from mlpkit.quiz import LESSON_OF, LESSONS, QUESTIONS, Cells, Choice, NotRead, Term, record, wording

KIND = "class"
_ROWS = 8  # different answers that are shown of a question; the others are counted
_LONG = 3  # so many questions in a row without a right first answer are a stretch that is told

_STYLE = """
.question { padding-bottom: .6em; border-bottom: 1px solid var(--soft); }
.spread { table-layout: fixed; } .spread th:first-child { width: 42%; } .spread th:last-child { width: 7.5em; }
.bar { height: 1.1em; margin-top: .15em; border: 2px solid var(--bar); background: var(--bar); min-width: 2px; }
.right th { font-weight: bold; } .right .bar { border-color: var(--good); background: none; }
.right .bar { background: repeating-linear-gradient(45deg, var(--good) 0 3px, transparent 3px 8px); }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.mark { color: var(--good); white-space: nowrap; }
@media print { body { font-size: 11pt; } .bar { print-color-adjust: exact; } #stuck { break-before: page; } }
"""


@dataclass(frozen=True)
class Said:
    """What one learner has said to one question. first: the value of the first answer; right: whether the last is."""

    first: object
    right: bool
    right_at_first: bool
    tries: int


def write_class(folder, names, output):
    """Write the page of the records below `folder` to the file `output`, and say in the terminal what was left out.

    folder, output: Paths. names: whether the page has the files' names. Raises NotPossible.
    """
    if not folder.is_dir():
        raise NotPossible(f"{folder} is no folder: name the one in which the record files are")
    files, told = read_all(folder)
    for sentence in told:
        _say(f"Left out: {sentence}")
    if not files:
        raise NotPossible(f"there is no record with an answer in {folder}: put the files my_record.json there")
    page.write(output, KIND, class_page(files, told, names))
    _say(f"{output}: {_count(len(files), 'record')}, {_count(len(told), 'file')} left out")


def read_all(folder):
    """({name of a file: its entries}, [a sentence on each file that is left out]) of all .json files below a folder."""
    found, told, seen = {}, [], {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() != ".json" or ".ipynb_checkpoints" in path.parts:
            continue
        name = _plain(path.relative_to(folder).as_posix())
        try:
            entries = record.read(path)
        except record.NoRecord as problem:
            told.append(f"{name}: it{_plain(str(problem).removeprefix(path.name))}")
            continue
        except OSError as problem:
            told.append(f"{name}: it cannot be read ({problem.strerror or problem}).")
            continue
        same = json.dumps(entries, sort_keys=True)
        if not entries.keys() & QUESTIONS.keys():
            told.append(f"{name}: it has no answer to a question of these lessons.")
        elif same in seen:
            told.append(f"{name}: it holds the same answers, given at the same times, as {seen[same]}.")
        else:
            seen[same] = name
            found[name] = entries
    return found, told


def class_page(files, told, names):
    """The page as HTML. files, told: as read_all returns them; names: whether the files' names are on it."""
    asked = {name for entries in files.values() for name in entries}
    answers = {name: question.answer() for name, question in QUESTIONS.items() if name in asked}
    learners = []
    for who, entries in _called(files, names):
        known = {name: entry for name, entry in entries.items() if name in answers}
        learners.append((who, {name: _said(QUESTIONS[name], entry, answers[name]) for name, entry in known.items()}))
    unread = sum(said is None for _, given in learners for said in given.values())
    learners = [(who, {name: said for name, said in given.items() if said}) for who, given in learners]
    foreign = sum(name not in QUESTIONS for entries in files.values() for name in entries)
    lead = f"{_count(len(files), 'record')}. Counted are first answers; who tried again is told below the bars."
    body = [f"<p>{lead}</p>", *_left_out(told, unread, foreign, names), _overview(learners)]
    for number, lesson in enumerate(LESSONS):
        body += _lesson(number, lesson, learners, answers)
    return page.html(KIND, "What the class has answered", "\n".join([*body, _stuck(learners)]), _STYLE)


def _called(files, names):
    """(what a learner is called, the entries). Without names their order says nothing of the files' names either."""
    if names:
        short = [name.rpartition(".")[0].removesuffix("/my_record") for name in files]
        return [(f"<bdi>{escape(name)}</bdi>", entries) for name, entries in zip(short, files.values(), strict=True)]
    mixed = sorted(files.values(), key=lambda one: hashlib.sha256(json.dumps(one, sort_keys=True).encode()).digest())
    return [(f"learner {number}", entries) for number, entries in enumerate(mixed, 1)]


# One answer


def _said(question, entry, answer):
    """An entry as a Said; None where it holds no answer to this question, or none any more."""
    try:
        last = question.read(entry["given"])
        first = last if entry["tries"] == 1 else question.read(_given(question, entry["predicted"]))
    except NotRead:
        return None
    return Said(first, bool(question.near(last, answer)), bool(question.near(first, answer)), entry["tries"])


def _given(question, words):
    """What the browser would have sent for an answer that is kept in words."""
    if isinstance(question, (Choice, Term)):
        return {wording.plain(question.words(option)): option for option in question.options}.get(words)
    if isinstance(question, Cells):
        places = [(row, column) for row in range(len(question.rows)) for column in range(len(question.columns))]
        named = {wording.plain(question.cell(*place)): place for place in places}
        return [named.get(one) for one in words.split(", ")]
    return words


def _spread(question, values, answer):
    """[(value, how often, whether it is right)]; values that count as the same are one.

    In the order of the options where there are any, else the most frequent first; the right one is always there.
    """
    slips = [slip() if callable(slip) else slip for slip, _ in question.slips]
    kept, counts = {}, Counter()
    options = question.options if isinstance(question, (Choice, Term)) else (answer,)
    for value in options:
        kept[question.words(value)] = value
    for value in values:
        value = next((one for one in (answer, *slips) if question.near(value, one)), value)
        kept.setdefault(question.words(value), value)
        counts[question.words(value)] += 1
    spread = [(value, counts[words], bool(question.near(value, answer))) for words, value in kept.items()]
    if len(options) == 1:
        spread.sort(key=lambda one: (-one[1], question.words(one[0])))
    return spread


# The page


def _lesson(number, lesson, learners, answers):
    """The parts of one lesson, as a list of HTML."""
    yield f'<h2 id="lesson-{number}">Lesson {number}: {page.TITLES[number]}</h2>'
    silent = []
    for question in lesson:
        given = [(who, said[question.name]) for who, said in learners if question.name in said]
        if given:
            yield _question(question, given, answers[question.name])
        else:
            silent.append(question.name)
    if silent:
        yield f'<p class="muted">Nobody has answered: {"; ".join(map(escape, silent))}.</p>'


def _question(question, given, answer):
    """One question with its answers. given: [(who, Said)]."""
    spread = _spread(question, [said.first for _, said in given], answer)
    total = len(given)
    shown = [one for k, one in enumerate(spread) if k < _ROWS or one[2]]
    rest = [count for k, (_, count, right) in enumerate(spread) if k >= _ROWS and not right]
    rows = [_row(question.words(value), count, right, total) for value, count, right in shown]
    if rest:
        rows.append(_row(_count(len(rest), "other answer"), sum(rest), False, total))
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("first answer", "share", "how many"))
    return (
        f'<section class="question"><h3>{escape(question.name)}</h3><p>{wording.html(question.prompt)}</p>'
        f'<table class="spread"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        f"{_most_often_wrong(question, spread)}{_again(question, given)}</section>"
    )


def _row(words, count, right, total):
    mark = ' <span class="mark">✓ right</span>' if right else ""
    bar = f'<div class="bar" style="width: {100 * count / total:.1f}%"></div>' if count else ""
    return (
        f'<tr{" class=right" if right else ""}><th scope="row"><span aria-hidden="true">{wording.html(words)}</span>'
        f'<span class="heard">{escape(wording.spoken(words))}</span>{mark}</th>'
        f"<td>{bar}</td><td>{count} of {total}</td></tr>"
    )


def _most_often_wrong(question, spread):
    wrong = [(value, count) for value, count, right in spread if count and not right]
    if not wrong:
        return "<p>Every first answer was right.</p>"
    value, count = max(wrong, key=lambda one: one[1])
    why = question.hint(value) or question.why
    return (
        f"<p><b>Most often wrong</b> ({count}): {wording.html(question.words(value))}. "
        f'<span class="why">{wording.html(why)}</span></p>'
    )


def _again(question, given):
    """What became of those whose first answer was wrong, where one may try again."""
    if question.predicts:
        return ""
    mended = sum(said.right and not said.right_at_first for _, said in given)
    stuck = [said.tries for _, said in given if _is_stuck(said)]
    words = f"Right at a later try: {mended}. Tried more than once and not solved: {len(stuck)}"
    return f"<p>{words}{f', with up to {max(stuck)} tries' if stuck else ''}.</p>"


def _is_stuck(said):
    return said.tries > 1 and not said.right


def _stretch(given):
    """The longest run of questions, in the lessons' order, whose first answer was not right, as names."""
    longest, run = [], []
    for name in QUESTIONS:
        if name in given:
            run = [] if given[name].right_at_first else [*run, name]
            longest = max(longest, run, key=len)
    return longest


def _stuck(learners):
    """Who got stuck where."""
    rows = []
    for who, given in learners:
        answered = [name for name in QUESTIONS if name in given]
        unsolved = [f"{escape(name)} ({given[name].tries} tries)" for name in answered if _is_stuck(given[name])]
        stretch = _stretch(given)
        if unsolved or len(stretch) >= _LONG:
            run = f"{len(stretch)}: {_place(stretch[0])} to {_place(stretch[-1])}" if len(stretch) >= _LONG else "–"
            rows.append([who, "; ".join(unsolved) or "–", run, _place(answered[-1])])
    if not rows:
        return '<h2 id="stuck">Who got stuck where</h2><p>Nobody, as far as the records say.</p>'
    heads = ("who", "tried more than once and not solved", "longest stretch without a right first answer", "has got to")
    return f'<h2 id="stuck">Who got stuck where</h2>{page.table(heads, rows)}'


def _place(name):
    return f"{escape(name)} (lesson {LESSON_OF[name]})"


def _overview(learners):
    """Lesson by lesson: how many have answered something, and how much of it was right at first. With links."""
    rows = []
    for number, lesson in enumerate(LESSONS):
        said = [[given[one.name] for one in lesson if one.name in given] for _, given in learners]
        every = [one for given in said for one in given]
        right = sum(one.right_at_first for one in every)
        share = f"{right} of {len(every)} ({100 * right / len(every):.0f} %)" if every else "–"
        link = f'<a href="#lesson-{number}">Lesson {number}: {page.TITLES[number]}</a>'
        rows.append([link, str(sum(map(bool, said))), str(sum(len(given) == len(lesson) for given in said)), share])
    heads = ("lesson", "have answered something", "everything", "right at first")
    return page.table(heads, rows) + '<p><a href="#stuck">Who got stuck where</a></p>'


def _left_out(told, unread, foreign, names):
    """What is not counted, as paragraphs; files by their names only where these are asked for."""
    if told:
        which = "" if names else " The command has said which, and why."
        yield f"<p>{_count(len(told), 'file')} left out.{which}</p>"
    if told and names:
        yield f"<ul>{''.join(f'<li><bdi>{escape(one)}</bdi></li>' for one in told)}</ul>"
    if unread:
        yield f"<p>Not counted: {_count(unread, 'answer')} that cannot be read.</p>"
    if foreign:
        yield f"<p>Not counted: {_count(foreign, 'answer')} to questions that are not in these lessons.</p>"


def _count(number, what):
    return f"{number} {what}{'' if number == 1 else 's'}"


def _plain(text):
    """A text from elsewhere without what a terminal or a page might take for more than letters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)[:300]


def _say(sentence):
    encoding = sys.stdout.encoding or "utf-8"
    print(sentence.encode(encoding, "replace").decode(encoding), flush=True)
