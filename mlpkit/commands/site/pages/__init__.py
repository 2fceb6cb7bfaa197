"""Each lesson as a page that needs no Python: its text, its pictures, its formulas, and Steppers that answer at once.

nbconvert makes the page of a notebook, KaTeX its formulas (formulas.mjs). recording.py records each Stepper whose
arguments stand in its cell, and in the page recorded.js plays it, below the Stepper's own front end.
"""

import ast
import base64
import gzip
import html
import json
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from mlpkit.commands.site.runtime import mathml

HERE = Path(__file__).parent
_EXAMPLE = "net, I, D = data.running_example()"  # what a lesson's Stepper is made of
_GRIDS, _MOST = (0.1, 0.2, 0.25, 0.5, 1), 32  # distances of recorded values, and how many there may be
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
_TEMPLATE = """{%- extends 'index.html.j2' -%}
{% block output_group %}
{%- if cell.metadata.get('jupyter', {}).get('outputs_hidden') -%}
<details><summary>What the cell gives</summary>{{ super() }}</details>
{%- else -%}{{ super() }}{%- endif -%}
{% endblock output_group %}
"""


def build_pages(lessons, folder, katex):
    """Write a page for each lesson. lessons: the folder of the notebooks. folder: where the pages go.

    katex: the folder of the package KaTeX.
    """
    folder.mkdir()
    read = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(lessons.glob("0*.ipynb"))}
    found = {name: _steppers(notebook) for name, notebook in read.items()}
    wanted = {}  # what is recorded: {its name: arguments of `record` behind the network}
    for name, steppers in found.items():
        for one in steppers.values():
            one["recording"] = f"{name} {one['of']}"
            first = name == "00_start_here"  # the lesson with which one begins has more of everything
            *of, sliders, _, _ = wanted.get(one["recording"], (*one["of"], {}, 0, 0))
            sliders |= _sliders(*one["of"], one["task"])
            wanted[one["recording"]] = (*of, sliders, 6 if first else 1, first)
    with ProcessPoolExecutor(2) as workers:
        recorded = dict(zip(wanted, workers.map(_recorded, wanted.values()), strict=True))
    for name, notebook in read.items():
        page = _page(name, notebook, found[name], recorded, katex)
        (folder / f"{name}.html").write_text(page, "utf-8")


def _steppers(notebook):
    """The Steppers whose arguments are the running example or stand in the cell: {id of the cell: what it is}."""
    found, known = {}, {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        *lines, last = ast.parse("".join(cell["source"])).body or [None]
        for line in (*lines, last):
            for node in ast.walk(line) if isinstance(line, ast.Assign) else ():
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    known[node.id] = _value(line.value, known)
            if isinstance(line, ast.Assign) and ast.unparse(line).replace("(net, I, D)", "net, I, D") == _EXAMPLE:
                known |= {"net": "net", "I": [0.5, 1], "D": [1]}
        call = last.value if isinstance(last, ast.Expr) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Stepper":
            given = [_value(one, known) for one in call.args]
            named = {one.arg: _value(one.value, known) for one in call.keywords}
            fits = len(given) == 3 and given[0] == "net" and named.keys() <= {"alpha", "position", "view", "task"}
            if fits and None not in (*given, *named.values()):
                found[cell["id"]] = {
                    "of": (given[1], given[2], named.get("alpha", 0.5)),
                    "position": named.get("position"),
                    "view": named.get("view"),
                    "task": named.get("task", ""),
                }
    return found


def _value(node, known):
    """What stands there, or None where it has to be computed."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _sliders(I, D, alpha, task):
    """{id of a slider: the values that are recorded}: of α, and of what the task asks to drag."""
    from mlpkit import data
    from mlpkit.widgets import Stepper

    sliders = {}
    for spec in Stepper(data.running_example()[0], I, D, alpha).shown["sliders"]:
        if spec["id"] == "alpha" or spec["name"] in task:
            low, high, start = spec["min"], spec["max"], spec["start"]
            step = next(
                step
                for step in _GRIDS
                if (high - low) / step <= _MOST and abs(round((start - low) / step) - (start - low) / step) < 1e-9
            )
            sliders[spec["id"]] = [round(low + k * step, 10) + 0.0 for k in range(round((high - low) / step) + 1)]
    return sliders


def _recorded(of):
    """A recording, packed into text."""
    from mlpkit import data
    from mlpkit.commands.site.pages.recording import record

    recording = record(data.running_example()[0], *of)
    text = json.dumps(recording, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _page(name, notebook, steppers, recorded, katex):
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter
    from nbformat import from_dict

    formulas = []
    used = list(dict.fromkeys(stepper["recording"] for stepper in steppers.values()))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cell["source"] = _without_formulas(cell["source"], formulas)
        for output in cell.get("outputs", []):
            bundle = output.get("data", {})
            if "text/markdown" in bundle:
                bundle["text/markdown"] = _without_formulas("".join(bundle["text/markdown"]), formulas)
            if "image/png" in bundle:
                bundle["text/html"] = _picture(bundle, cell["id"], steppers, used)
    exporter = HTMLExporter(
        template_name="basic",
        template_file="lesson.html.j2",
        extra_loaders=[DictLoader({"lesson.html.j2": _TEMPLATE})],
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    body, _ = exporter.from_notebook_node(from_dict(notebook))
    for token, formula in zip(_tokens(formulas), mathml(formulas, katex), strict=True):
        body = body.replace(token, formula)
    body = re.sub(r'href="(\d\d_\w+)\.ipynb"', r'href="\1.html"', body)
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body).group(1)
    texts = {
        "title": title,
        "name": name,
        "style": (HERE / "page.css").read_text("utf-8"),
        "body": body,
        "scripts": _scripts(used, recorded) if used else "",
    }
    page = (HERE / "page.html").read_text("utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: texts[found.group(1)], page)


def _picture(bundle, cell, steppers, used):
    """What stands for a widget: its picture, and where it is recorded, the place into which it is drawn."""
    words = html.escape("".join(bundle["text/plain"]))
    picture = f'<img alt="{words}" src="data:image/png;base64,{"".join(bundle["image/png"]).strip()}">'
    if cell not in steppers:
        return picture
    one = steppers[cell]
    start = html.escape(json.dumps({name: one[name] for name in ("position", "view", "task")}, ensure_ascii=False))
    return f'<div class="recorded" data-recording="{used.index(one["recording"])}" data-start="{start}">{picture}</div>'


def _scripts(used, recorded):
    """The Stepper's front end as it is, its style, the recordings, and what brings them together."""
    from mlpkit.widgets.assets import module, style

    front, _, rest = module("stepper.js").rpartition("export default { render };")
    kept = "".join(f'<script type="text/plain" class="recording">{recorded[one]}</script>\n' for one in used)
    player = (HERE / "recorded.js").read_text("utf-8").replace("export function recorded", "function recorded")
    page = (HERE / "page.js").read_text("utf-8")
    code = f"const {{ render }} = (() => {{\n{front}return {{ render }};{rest}\n}})();\n{player}\n{page}"
    return f'<style>{style("stepper.css")}</style>\n{kept}<script type="module">\n{code}</script>'


def _without_formulas(text, formulas):
    """The text with a word in the place of each formula, which is added to `formulas`: [TeX, whether it is a line]."""

    def kept(found):
        formulas.append([found[1] or found[2], found[1] is not None])
        return _token(len(formulas) - 1)

    return _FORMULA.sub(kept, text)


def _token(k):
    return f"FORMULA{k}ALUMROF"


def _tokens(formulas):
    return [_token(k) for k in range(len(formulas))]
