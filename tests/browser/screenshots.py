"""Screenshots of every widget and picture in the lessons, for people to look at. Not a test.

    .venv/bin/python tests/browser/screenshots.py DIRECTORY [PART OF A LESSON'S NAME ...]

Each cell that shows a widget or a picture becomes DIRECTORY/LESSON-cellNN-WIDTH-THEME.png: NN counts all cells from 0,
WIDTH is that of the whole page, its side bars closed, THEME is light or dark. What went wrong on the pages is
printed; the exit status is 1 if anything did.
"""

import sys
import tempfile
from pathlib import Path

from lab import FLAGS, LESSONS, WIDGET, Notebook, Server, Watch, chromium
from playwright.sync_api import sync_playwright

WIDTHS = (1280, 700)
HEIGHT = 2400  # room for the tallest output: what lies below the page would be cut off
SHOWN = {WIDGET, "image/png", "image/svg+xml"}


def take(page, server, lesson, directory):
    """All screenshots of one lesson."""
    notebook = Notebook(page, server, server.fresh(lesson))
    notebook.run_all()
    # the notebook alone, as wide as the page
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    page.evaluate("() => window.jupyterapp.shell.collapseRight()")
    cells = [cell for cell in notebook.cells() if any(SHOWN & set(o.get("data", {})) for o in cell.outputs())]
    for theme in ("light", "dark"):
        notebook.theme(theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for cell in cells:
                cell.show()
                output = cell.element.locator(".jp-Cell-outputArea")
                output.locator(".jp-OutputArea-output :is(svg, canvas, img, .lm-Widget > *)").first.wait_for()
                output.screenshot(path=directory / f"{lesson.stem}-cell{cell.index:02}-{width}-{theme}.png")
    print(f"{lesson.stem}: {len(cells)} cells, {len(notebook.errors())} errors")
    return [f"{source}: {error}" for source, error in notebook.errors()]


def main(directory, *parts):
    directory = Path(directory).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    problems = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        server = Server(Path(home))
        try:
            for lesson in sorted(LESSONS.glob("*.ipynb")):
                if not parts or any(part in lesson.stem for part in parts):
                    page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT})
                    watch = Watch(page, server)
                    problems += take(page, server, lesson, directory) + watch.problems
                    page.close()
                    server.tidy()
        finally:
            server.stop()
            browser.close()
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
