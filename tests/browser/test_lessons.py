"""Every lesson, opened in JupyterLab and run from top to bottom as it stands."""

import pytest
from lab import LESSONS


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(open_notebook, lesson):
    notebook = open_notebook(lesson)
    notebook.run_all()
    assert notebook.errors() == []
    # A widget that failed to load leaves its text or a traceback of the front end in its place.
    for cell in notebook.cells():
        if any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in cell.outputs()):
            cell.show()
            cell.element.locator(".jupyter-widgets").first.wait_for()
            assert cell.element.locator(".jupyter-widgets-error, .jp-mod-error").count() == 0
