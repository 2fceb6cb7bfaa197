"""What it costs that the numbers of a training are open in a stepper, which follows the weights.

    python tests/benchmarks/training_opened.py

In a real JupyterLab in Chromium, for a 2-8-1 and a 64-32-10 network, on the kit's step and on a learner's: how long
Python computes for new weights, how long it takes from then until the page shows them, and how many epochs a second
the training makes without the stepper and with it, at a picture for each epoch and at full speed.
"""

import statistics
import sys
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import PATIENCE, Notebook, desk, put_back

TIMES = 20
SECONDS = 4
MAKE = """
import time
from mlpkit import *
from mlpkit import data
from mlpkit.widgets import playground

def my_step(net, I, D, alpha):
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    return Network([w - alpha * g for w, g in zip(net.w, grad)], net.sigma, net.loss)

digits = data.digits_split()
nets = {
    "2-8-1": (Network.random([2, 8, 1], seed=0), *data.two_moons(), 16),
    "64-32-10": (Network.random([64, 32, 10], seed=0), digits.train.I, digits.train.D, 32),
}

def follow():
    before = time.perf_counter()
    it.stepper.follow(step(it.stepper.net, it.I[:8], it.D[:8], 0.5))
    return 1000 * (time.perf_counter() - before)
"""
SHOW = """
net, I, D, batch = nets["{net}"]
it = playground(net, I, D, batch_size=batch, step={step})
it
"""


def painted(notebook):
    """(milliseconds in Python, milliseconds from the request until the page shows other numbers), medians."""
    page, computed, shown = notebook.page, [], []
    for _ in range(TIMES):
        page.evaluate(
            """() => {
                const start = performance.now();
                window.measured = null;
                new MutationObserver((_, observer) => {
                    observer.disconnect();
                    requestAnimationFrame(() => setTimeout(() => { window.measured = performance.now() - start; }));
                }).observe(document.querySelector(".mlpkit-stepper .net"),
                    {subtree: true, childList: true, characterData: true, attributes: true});
            }"""
        )
        computed.append(notebook.value("follow()"))
        shown.append(page.wait_for_function("() => window.measured", polling=20).json_value())
    return statistics.median(computed), statistics.median(shown)


def epochs_a_second(notebook, pace):
    notebook.execute(f"it.reset(); it.values = {{'pace': '{pace}'}}; it.start()")
    notebook.page.wait_for_timeout(500)
    done, began = notebook.value("it.epochs"), monotonic()
    notebook.page.wait_for_timeout(1000 * SECONDS)
    rate = (notebook.value("it.epochs") - done) / (monotonic() - began)
    notebook.execute("it.pause()")
    return rate


def main():
    with desk() as (browser, server):
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        for net in ("2-8-1", "64-32-10"):
            for step in ("None", "my_step"):
                notebook = Notebook(page, server, server.fresh([MAKE, SHOW.format(net=net, step=step)]))
                notebook.run_all()
                notebook.cell(1).show()
                rates = {pace: epochs_a_second(notebook, pace) for pace in (1, "all")}
                notebook.execute("it.open_stepper()")
                page.locator(".mlpkit-stepper .net text").first.wait_for()
                computed, shown = painted(notebook)
                print(f"{net}, step={step}: new weights {computed:.1f} ms in Python, {shown:.0f} ms until shown")
                for pace, rate in rates.items():
                    opened = epochs_a_second(notebook, pace)
                    print(f"    pace {pace}: {rate:.0f} epochs a second, with the stepper {opened:.0f}")
                server.tidy(put_back(page))


if __name__ == "__main__":
    main()
