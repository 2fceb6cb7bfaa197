"""The script that imitates other processors: it says which cell prints something else, and under which setting."""

import nbformat
import processors


def test_a_cell_that_prints_the_last_digit_of_exp_is_named(tmp_path):
    v4 = nbformat.v4
    cells = [
        v4.new_code_cell("import math", id="setup", execution_count=1),
        v4.new_code_cell("math.exp(0), round(math.exp(1), 4)", id="rounded", execution_count=2),
        v4.new_code_cell("math.exp(1)", id="all-digits", execution_count=3),
    ]
    for cell, shown in zip(cells[1:], ("(1.0, 2.7183)", "2.718281828459045"), strict=True):
        shown = v4.new_output("execute_result", {"text/plain": shown}, execution_count=cell.execution_count)
        cell.outputs = [shown]
    path = tmp_path / "lesson.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    settings = processors.settings()
    assert processors.run(settings["as-it-is"], [path]) == (3, [])
    count, (differing,) = processors.run(settings["last-digit"], [path])
    assert count == 3
    assert differing.endswith("lesson.ipynb, code cell 3 (all-digits)")


def test_every_lesson_and_solution_is_run_under_every_setting():
    assert len(processors.NOTEBOOKS) == 14
    known = processors.settings()
    assert {"Haswell", "Zen", "Sandybridge", "Nehalem", "SkylakeX"} < set(known)
    # a setting without a variable is the machine as it is; what is not there is None
    assert [name for name, variables in known.items() if variables == {}] == ["as-it-is"]


def test_numpy_is_told_of_no_feature_that_it_or_the_processor_lacks(monkeypatch):
    monkeypatch.setattr(processors.built, "__cpu_dispatch__", ["SSE41", "AVX2", "AVX512F", "AVX512_KNL"])
    there = {"SSE41": True, "AVX2": True, "AVX512F": True, "AVX512_KNL": False}
    monkeypatch.setattr(processors.built, "__cpu_features__", there)
    known = processors.settings()
    assert known["without-AVX512"] == {"NPY_DISABLE_CPU_FEATURES": "AVX512F"}
    assert known["without-AVX2"] == {"NPY_DISABLE_CPU_FEATURES": "AVX2 AVX512F"}
    assert known["Haswell"] == {"OPENBLAS_CORETYPE": "Haswell"}
    assert known["SkylakeX"] is None
    monkeypatch.setattr(processors.built, "__cpu_features__", dict.fromkeys(there, False))
    assert processors.settings()["without-AVX512"] is None
