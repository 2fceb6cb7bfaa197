"""The widgets' style sheets: contrast of every pair of colours in both themes, as WCAG 2 AA asks for, and no motion."""

import re
from itertools import product

import pytest

from mlpkit.widgets.assets import BROWSER

SHEETS = {path.name: re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S) for path in BROWSER.glob("*.css")}
SCRIPTS = {path.name: path.read_text("utf-8") for path in BROWSER.glob("*.js")}
RULES = [
    (name, " ".join(selector.split()), body)
    for name, sheet in SHEETS.items()
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
]
DARK = 'body[data-jp-theme-light="false"]'
# What text and lines stand on. JupyterLab's own ground of a cell's output is these two.
GROUNDS = ("bg", "soft", "mark")
JUPYTERS = {"light": "#ffffff", "dark": "#111111"}
# Only separates what space separates too, or is behind what is drawn: a line of the table without a meaning.
DECORATION = "line"
# Paper and ink, in both themes.
PAPER = ("#fff", "#1b1f24")


def table(theme):
    """{name: colour} of all that the style sheets declare."""
    found = {}
    for dark in (False, True)[: 1 + (theme == "dark")]:
        for _, selector, body in RULES:
            if selector.startswith(DARK) == dark:
                found.update(re.findall(r"--mlpkit-(\w+):\s*(#[0-9a-f]+|var\([^;]*\));", body))
    return {**found, "bg": JUPYTERS[theme]}


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    shares = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_that_of_wcag():
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the grey that just fails


@pytest.mark.parametrize("theme", JUPYTERS)
def test_every_colour_can_be_read_on_every_ground(theme):
    colours = table(theme)
    texts = colours.keys() - {*GROUNDS, DECORATION}
    assert texts >= {"fg", "muted", "o", "delta", "w", "dw", "plus", "minus"}
    assert all(colours[name].startswith("#") for name in (*texts, *GROUNDS))
    low = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text, ground in product(sorted(texts), GROUNDS)
        if contrast(colours[text], colours[ground]) < 4.5  # and with it the 3 of a line
    }
    assert low == {}


def test_paper_and_ink():
    assert contrast(*PAPER) > 4.5


def test_every_colour_is_one_of_the_table():
    known = table("light").keys() | {"bg"}
    for name, sheet in SHEETS.items():
        assert set(re.findall(r"var\(--mlpkit-(\w+)", sheet)) <= known, name
        plain = re.sub(r"--mlpkit-\w+:[^;]*;", "", sheet)
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", plain)) <= {*PAPER}, name


def test_what_is_only_decoration_has_nothing_to_say():
    """A line that says something, such as an edge of the network or the rim of a field, has a contrast of 3."""
    strokes = {selector for _, selector, body in RULES if re.search(r"stroke:\s*var\(--mlpkit-line\)", body)}
    assert strokes == {
        *(".mlpkit-explorer .grid", ".mlpkit-explorer .frame", ".mlpkit-digit-pad .pixel"),
        *(".mlpkit-playground .losses line", ".mlpkit-playground .losses .frame"),
    }
    [field] = [body for _, selector, body in RULES if selector == ".mlpkit-field"]
    assert "border: 1px solid var(--mlpkit-muted)" in field
    words = [selector for _, selector, body in RULES if re.search(r"(?<![-\w])(color|fill):[^;]*mlpkit-line", body)]
    assert words == []


def test_nothing_moves_by_itself_where_that_is_not_asked_for():
    """What moves has to stand in @media (prefers-reduced-motion: no-preference)."""
    moving = re.compile(r"(?<![-\w])(transition|animation)(-\w+)?\s*:|@keyframes|scroll-behavior")
    for name, sheet in SHEETS.items():
        allowed = r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"
        assert not moving.search(re.sub(allowed, "", sheet)), name
    for name, script in SCRIPTS.items():
        if re.search(r"\.animate\(|behavior: ?\"smooth\"|<animate|setInterval", script):
            assert "prefers-reduced-motion" in script, name
