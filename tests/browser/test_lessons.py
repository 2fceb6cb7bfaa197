"""Every lesson, opened in JupyterLab and run from top to bottom as it stands."""

import pytest
from lab import LESSONS, WIDGET


@pytest.mark.parametrize("lesson", sorted(LESSONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(open_notebook, lesson):
    notebook = open_notebook(lesson)
    notebook.run_all()
    assert notebook.errors() == []
    for cell in notebook.cells():
        if any(WIDGET in output.get("data", {}) for output in cell.outputs()):
            cell.show()
            drawn = cell.element.locator(".jp-OutputArea-output > .lm-Widget > *")
            drawn.first.wait_for()  # a widget whose JavaScript fails leaves an empty place
