"""The teacher's guide as sheets to print, one for each lesson: plan, codes, questions, wrong answers.

The questions, their answers and what is said to a wrong one come from the kit's own questions. Plans, codes and what
else there is to expect are in lessons/teachers_guide.md, in its few forms of Markdown.
"""

import re
from html import escape

from mlpkit.commands import page
from mlpkit.commands.lessons import NotPossible, home
from mlpkit.quiz import LESSONS, Choice, Term, wording

KIND = "guide"

_STYLE = """
.lesson { break-inside: auto; }
.lesson + .lesson { break-before: page; }
.lesson h2 { border-bottom: 2px solid var(--fg); }
ul { margin: .3em 0; padding-left: 1.2em; } li { margin: .15em 0; }
pre { background: var(--soft); padding: .4em .8em; white-space: pre-wrap; margin: .4em 0; }
tr { break-inside: avoid; } td, th { border-bottom: 1px solid var(--soft); }
.minutes th:first-child { width: 5em; text-align: right; }
.questions { table-layout: fixed; } .questions thead th:nth-child(2) { width: 25%; }
.questions thead th:nth-child(3) { width: 45%; }
.codes code { white-space: nowrap; }
@page { size: A4; margin: 12mm; }
@media print {
  body { font-size: 8.5pt; line-height: 1.25; padding: 0; max-width: none; }
  h1 { display: none; } h2 { font-size: 13pt; margin-top: 0; } h3 { font-size: 10pt; margin: .8em 0 .1em; }
  table { margin: .2em 0; } th, td { padding: .08em .8em .08em 0; border-bottom-color: #bbb; }
}
"""


def write_guide(output):
    """Write the page to the file `output`, a Path. Raises NotPossible."""
    page.write(output, KIND, guide_page())
    print(f"{output}: a sheet for each of {len(LESSONS)} lessons", flush=True)


def guide_page():
    """The page as HTML. Raises NotPossible where the guide is not there."""
    place = home() / "lessons" / "teachers_guide.md"
    try:
        text = place.read_text("utf-8")
    except OSError as problem:
        raise NotPossible(f"{place} cannot be read ({problem.strerror}): put the guide there again") from None
    sections = _sections(text, 2)
    try:
        sheets = [_sheet(number, sections[f"Lesson {number}: {title}"]) for number, title in enumerate(page.TITLES)]
    except KeyError as heading:
        raise NotPossible(f"{place} has no section {heading}: put the guide there again") from None
    return page.html(KIND, "The teacher's guide, to print", "\n".join(sheets), _STYLE)


def _sheet(number, text):
    parts = _sections(text, 3)
    told = [f'<section class="lesson"><h2>Lesson {number}: {page.TITLES[number]}</h2>']
    for heading, below in parts.items():
        if heading == "Wrong answers to expect":
            told.append(f"<h3>Questions in a box</h3>{_questions(LESSONS[number])}")
        told.append(f"<h3>{escape(heading)}</h3>{_blocks(below, 'codes' if heading == 'Codes' else 'minutes')}")
    return "".join([*told, "</section>"])


def _questions(lesson):
    """The questions of a lesson, the answer and why, and what the kit says to each wrong answer that it knows."""
    rows = []
    for question in lesson:
        slips = [(question.words(slip() if callable(slip) else slip), words) for slip, words in question.slips]
        wrong = [f"<li><b>{wording.html(slip)}</b>: {wording.html(words)}</li>" for slip, words in slips]
        asked = wording.html(question.prompt)
        if isinstance(question, (Choice, Term)):
            asked += f"<br>({'; '.join(wording.html(question.words(option)) for option in question.options)})"
        told = f"<b>{wording.html(question.words(question.answer()))}</b><br>{wording.html(question.why)}"
        rows.append([asked, told, f"<ul>{''.join(wrong)}</ul>" if wrong else "–"])
    return page.table(("question", "answer", "to a wrong answer the kit says"), rows, "questions")


# The guide's Markdown


def _sections(text, level):
    """{heading: what stands below it}, for the headings of one level."""
    parts = re.split(rf"^{'#' * level} (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _blocks(text, kind):
    """Paragraphs, lists, tables and blocks of code as HTML. kind: the class of a table."""
    told = []
    for block in re.findall(r"```\w*\n.*?```|(?:[^\n]*\S[^\n]*\n?)+", text, flags=re.DOTALL):
        if block.startswith("```"):
            told.append(f"<pre>{escape(block.partition(chr(10))[2].removesuffix('```').rstrip())}</pre>")
        elif block.startswith("|"):
            heads, _, *rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in block.splitlines()]
            told.append(page.table(heads, [[_inline(cell) for cell in row] for row in rows], kind))
        elif block.startswith("- "):
            items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
            told.append(f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>")
        else:
            told.append(f"<p>{_inline(block)}</p>")
    return "".join(told)


_MARKED = re.compile(
    r"\$(?P<maths>[^$]+)\$|`(?P<code>[^`]+)`|\*\*(?P<b>[^*]+)\*\*|\*(?P<em>[^*]+)\*|\[(?P<link>[^]]+)\]\([^)]+\)"
)


def _inline(text):
    parts, end = [], 0
    for found in _MARKED.finditer(text):
        parts.append(escape(text[end : found.start()]))
        kind, inside = found.lastgroup, escape(" ".join(found[found.lastgroup].split()))
        parts.append({"maths": _maths(found["maths"] or ""), "link": inside}.get(kind, f"<{kind}>{inside}</{kind}>"))
        end = found.end()
    return "".join([*parts, escape(text[end:])])


_SIGNS = {
    **{r"\delta": "δ", r"\Delta": "Δ", r"\sigma": "σ", r"\alpha": "α", r"\ell": "ℓ", r"\tilde L": "L̃", r"\sum": "Σ"},
    **{r"\,": " ", r"\cdot": "·", "'": "′", "-": "−"},
}


def _maths(latex):
    """The short formulas of the guide, with raised and lowered indices."""
    latex = re.sub(r"\\(?:tilde L|[A-Za-z]+|,)|['-]", lambda found: _SIGNS[found[0]], latex)
    tags = {"_": "sub", "^": "sup"}
    return re.sub(
        r"([_^])(?:\{([^}]*)\}|(.))",
        lambda found: f"<{tags[found[1]]}>{found[2] or found[3]}</{tags[found[1]]}>",
        escape(latex, quote=False),
    )
