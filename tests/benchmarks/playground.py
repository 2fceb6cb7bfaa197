"""Pictures, epochs and answers a second of the playground.

    python tests/benchmarks/playground.py [seconds [minutes]]

In a real JupyterLab in Chromium, at every pace: a 2-8-8-1 network on 300 points of two moons, in batches of 16 and all
at once, and a 64-32-10 network on 1442 digits, in batches of 32. A picture has the output on a grid and the map of
every neuron, or the weights of every neuron and twelve digits. An answer is that to a move of α while it trains: from
the move until the page has what Python says to it. The load of the machine stands beside each line: others share it. At
the end a longer training at the fastest pace says whether the kernel's memory grows.
"""

import os
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import PATIENCE, Notebook, desk, put_back

MAKE = """from mlpkit import Network, categorical_cross_entropy, data, sigmoid, softmax, tanh
from mlpkit.widgets import playground
moons = Network.random([2, 8, 8, 1], (None, tanh, tanh, sigmoid), seed=0), *data.two_moons(300)
d = data.digits_split()
digits = Network.random([64, 32, 10], (None, sigmoid, softmax), categorical_cross_entropy, seed=0), d.train.I, d.train.D
test = {"moons": 0.0, "digits": (d.test.I, d.test.D)}"""
SHOW = "it = playground(*{name}, test=test['{name}'], alpha=0.1, batch_size={batch}, pace={pace!r})\nit"
ROWS = (("moons", 16), ("moons", None), ("digits", 32))
COUNT = """() => {
    const root = document.querySelector(".mlpkit[data-turn]");
    window.pictures = 0;
    new MutationObserver(() => { window.pictures += 1; })
        .observe(root, {attributes: true, attributeFilter: ["data-turn"]});
}"""
ANSWER = """(way) => new Promise((done) => {
    const root = document.querySelector(".mlpkit[data-turn]");
    const range = root.querySelector("input[type=range][data-control=alpha]");
    const began = performance.now();
    new MutationObserver((_, watch) => {
        if (root.hasAttribute("data-waiting")) return;
        watch.disconnect();
        done(performance.now() - began);
    }).observe(root, {attributes: true, attributeFilter: ["data-waiting"]});
    range.stepUp(way);
    range.dispatchEvent(new Event("input"));
})"""
MEMORY = "int(open('/proc/self/statm').read().split()[1]) * 4096 / 1e6"  # where there is such a file


def measure(page, server, name, batch, pace, seconds):
    """(pictures a second, epochs a second, median and longest milliseconds to an answer)"""
    notebook = Notebook(page, server, server.fresh([MAKE, SHOW.format(name=name, batch=batch, pace=pace)]))
    notebook.run_all()
    notebook.cell(1).show()
    page.locator(".mlpkit[data-turn]").wait_for()
    page.evaluate(COUNT)
    page.locator("[data-control=start]").first.click()
    page.wait_for_timeout(1000)
    epochs, pictures, began = notebook.value("it.epochs"), *page.evaluate("() => [window.pictures, performance.now()]")
    page.wait_for_timeout(1000 * seconds)
    now, end = page.evaluate("() => [window.pictures, performance.now()]")
    took = (end - began) / 1000
    rates = (now - pictures) / took, (notebook.value("it.epochs") - epochs) / took
    answers = [page.evaluate(ANSWER, 1 if k % 2 else -1) for k in range(20)]
    return notebook, (*rates, statistics.median(answers), max(answers))


def main(seconds=5, minutes=1):
    with desk() as (browser, server):
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(PATIENCE)
        for name, batch in ROWS:
            print(f"{name}, batch {batch or 'of all'}")
            for pace in (1, 10, 100, "all"):
                _, (pictures, epochs, median, longest) = measure(page, server, name, batch, pace, seconds)
                said = f"{pictures:5.1f} pictures and {epochs:6.0f} epochs a second"
                load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
                print(f"    pace {pace:>3}: {said}, an answer in {median:.0f} to {longest:.0f} ms {load}", flush=True)
                server.tidy(put_back(page))
        if Path("/proc/self/statm").exists():
            notebook, _ = measure(page, server, "moons", None, "all", seconds)
            for minute in range(minutes + 1):
                said = f"{notebook.value(MEMORY):.1f} MB, epoch {notebook.value('it.epochs')}"
                print(f"memory of the kernel after {minute} minutes: {said}", flush=True)
                page.wait_for_timeout(60_000 if minute < minutes else 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
