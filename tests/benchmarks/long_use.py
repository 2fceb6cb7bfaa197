"""Long use: what grows in the page and in the kernel, and whether the answers become slower.

    python tests/benchmarks/long_use.py [moves, 0 for none] [runs, 0 for none]

In a real JupyterLab in Chromium, one after the other: 10,000 moves of a slider of the Stepper; a cell run 200 times,
first one without a widget, which is what JupyterLab itself keeps, then one with each kind of widget; the kernel
restarted, the page reloaded and the cell run again; the same notebook in two tabs, both moved in turn; and notebooks
opened, run and closed, first without a widget, then with a Stepper.

Printed as a table, after garbage is collected: what the page's JavaScript holds, the memory of its process, its nodes
and listeners; the memory of the kernel and its widgets; the median of 30 answers in milliseconds, from a key press
until the change is painted; and how much went wrong on the page. It takes some twenty minutes.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import psutil
from lab import PATIENCE, SCREEN, Notebook, Watch, desk, put_back, settled
from stepper import SHORT_REST, STEPPER, STEPPER_SHOWN, steppers_slider, times

MOVES, RUNS = 10_000, 200
ANSWERS = 30
AGAIN = 5  # restarts, reloads
NOTEBOOKS = 30
IMPORTS = "from mlpkit import *\nfrom mlpkit import data\nfrom mlpkit.widgets import *\n0"
WITHOUT = "0"
CELLS = {
    "a cell without a widget": WITHOUT,
    "Stepper": "Stepper(Network.random([2, 3, 1], seed=1), [0.5, 1.0], [1.0])",
    "playground": "playground(Network.random([2, 3, 1], seed=1), *data.xor())",
    "digits": "playground(Network.random([64, 12, 10], seed=1), data.digits().I[:60], data.digits().D[:60])",
    "explorer of σ": "sigma_explorer()",
    "ask": 'ask("activation of neuron 2")',
}
KERNEL = """(__import__('gc').collect(), [__import__('psutil').Process().memory_info().rss,
 len(__import__('ipywidgets.widgets.widget', fromlist=['_instances'])._instances)])[1]"""
COLUMNS = ("page MB", "process MB", "nodes", "listeners", "kernel MB", "widgets", "ms", "errors")


class Lab:
    """A page of JupyterLab, what watches it, and the table of what was measured on it."""

    def __init__(self, browser, server):
        self.browser, self.server, self.rows = browser, server, []
        self.problems = []
        self.page = self.new_page()

    def new_page(self, context=None):
        page = (context or self.browser.new_context(viewport=SCREEN)).new_page()
        page.set_default_timeout(PATIENCE)
        watch = Watch(page, self.server)
        watch.problems = self.problems
        return page

    def fresh(self):
        """A page of its own, so that one part does not pay for another."""
        self.page.context.close()
        self.server.tidy()
        self.page = self.new_page()

    def open(self, *sources):
        return Notebook(self.page, self.server, self.server.fresh(list(sources)))

    def note(self, what, notebook=None, ms=None):
        """A row of the table. ms: the median of the answers."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        counters = session.send("Memory.getDOMCounters")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        session.detach()
        of_browser = self.browser.new_browser_cdp_session()
        processes = of_browser.send("SystemInfo.getProcessInfo")["processInfo"]
        of_browser.detach()
        renderers = [psutil.Process(one["id"]).memory_info().rss for one in processes if one["type"] == "renderer"]
        kernel, widgets = notebook.value(KERNEL) if notebook else ("", "")
        row = (
            f"{heap / 1e6:.1f}",
            f"{max(renderers) / 1e6:.0f}",
            counters["nodes"],
            counters["jsEventListeners"],
            f"{kernel / 1e6:.1f}" if notebook else "",
            widgets,
            "" if ms is None else f"{ms:.1f}",
            len(self.problems),
        )
        self.rows.append((what, row))
        print(f"{what:<44}" + "".join(f"{one!s:>12}" for one in row), flush=True)


def answers(notebook):
    """The median of some answers of the Stepper, in milliseconds."""
    steppers_slider(notebook).focus()
    return statistics.median(times(notebook, *STEPPER_SHOWN, SHORT_REST, ANSWERS))


def moves(lab, count):
    notebook = lab.open(STEPPER)
    notebook.cell(0).run()
    steppers_slider(notebook).focus()
    times(notebook, *STEPPER_SHOWN, SHORT_REST, ANSWERS)
    lab.note("Stepper, before the moves", notebook, answers(notebook))
    for part in range(2):
        for k in range(count // 2):
            lab.page.keyboard.press("ArrowLeft" if k % 100 < 50 else "ArrowRight")
            if k % 500 == 499:
                notebook.value("0")
        settled(lab.page)
        lab.note(f"  after {(part + 1) * (count // 2):,} moves", notebook, answers(notebook))
    print(f"    of them {notebook.value('stepper.answered')['turn']:,} were answered one by one, the others on the way")


def runs(lab, count, name, source):
    lab.fresh()
    notebook = lab.open(IMPORTS, source)
    notebook.cell(0).run()
    for k in range(count + 10):
        if k == 10:
            lab.note(f"{name}, run {k} times", notebook)
        notebook.cell(1).run()
    settled(lab.page)
    lab.note(f"  run {count} times more", notebook)


def again(lab):
    """The kernel restarted, the page reloaded, two tabs."""
    lab.fresh()
    notebook = lab.open(STEPPER)
    notebook.cell(0).run()
    lab.note("Stepper, kernel new", notebook, answers(notebook))
    for _ in range(AGAIN):
        notebook.menu("Kernel", "Restart Kernel…")
        lab.page.get_by_role("button", name="Confirm Kernel Restart").click()
        lab.page.locator(".mlpkit-stepper.asleep").wait_for()
        notebook.value("0")
        notebook.cell(0).run()
        settled(lab.page)
    lab.note(f"  restarted {AGAIN} times, run again", notebook, answers(notebook))
    for _ in range(AGAIN):
        lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        lab.page.goto("about:blank")  # and back: the kernel goes on meanwhile
        notebook = Notebook(lab.page, lab.server, notebook.path)
        notebook.cell(0).run()
        settled(lab.page)
    lab.note(f"  page reloaded {AGAIN} times, run again", notebook, answers(notebook))

    lab.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    second = Notebook(lab.new_page(lab.page.context), lab.server, notebook.path)
    second.cell(0).run("stepper")
    for _ in range(50):
        for one in (notebook, second):
            one.page.bring_to_front()
            slider = one.page.locator(".mlpkit-stepper").get_by_label("input 1 of the example", exact=True)
            slider.press("ArrowRight")
    settled(second.page)
    notebook.page.bring_to_front()
    settled(notebook.page)
    shown = [
        one.page.locator(".mlpkit-stepper").get_by_label("input 1 of the example, exact value").input_value()
        for one in (notebook, second)
    ]
    print(f"    two tabs, 50 moves in each: they show {shown}, the kernel has {notebook.value('stepper._now.I[0, 0]')}")
    lab.note("  two tabs, 50 moves in each", notebook, answers(notebook))
    second.page.close()


def opened_and_closed(lab, name, source):
    lab.fresh()
    for k in range(NOTEBOOKS + 3):
        notebook = lab.open(IMPORTS, source)
        if k == 3:
            lab.note(f"notebooks with {name}: 3 opened and closed", notebook)
        notebook.run_all()
        settled(lab.page)
        lab.server.tidy(put_back(lab.page))  # and its kernel stopped
    notebook = lab.open(IMPORTS, source)
    lab.note(f"  {NOTEBOOKS} more", notebook)


def main(count=MOVES, often=RUNS):
    with desk() as (browser, server):
        lab = Lab(browser, server)
        print(f"{'':<44}" + "".join(f"{name:>12}" for name in COLUMNS))
        if count:
            moves(lab, count)
        for name, source in CELLS.items() if often else ():
            runs(lab, often, name, source)
        again(lab)
        for name in ("a cell without a widget", "Stepper"):
            opened_and_closed(lab, name, CELLS[name])
        print(*(f"went wrong: {problem}" for problem in lab.problems), sep="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
