"""Pictures, epochs and answers a second of the playground, beside those of the trainer, in one run.

    python tests/benchmarks/playground.py [seconds]

In a real JupyterLab in Chromium: a 2-8-8-1 network on 300 points of two moons, in batches of 16 and all at once, at
every pace. A picture has the output on a grid, and in the playground the map of every neuron. An answer is that to a
move of α while it trains: from the move until the page has what Python says to it. At the end a longer training at the
fastest pace says whether the kernel's memory grows.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import FLAGS, PATIENCE, Notebook, Server, chromium, put_back
from playwright.sync_api import sync_playwright

MAKE = """from mlpkit import Network, data, sigmoid, tanh
from mlpkit.widgets import playground, trainer
net = Network.random([2, 8, 8, 1], (None, tanh, tanh, sigmoid), seed=0)
I, D = data.two_moons(300)"""
WIDGETS = {
    "trainer": "it = trainer(net, I, D, alpha=0.1, epochs=10**7, batch_size={batch}, pace={pace!r})\nit",
    "playground": "it = playground(net, I, D, alpha=0.1, batch_size={batch}, pace={pace!r})\nit",
}
EPOCHS = {"trainer": "len(it.loss)", "playground": "it.epochs"}
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
    notebook = Notebook(page, server, server.fresh([MAKE, WIDGETS[name].format(batch=batch, pace=pace)]))
    notebook.run_all()
    notebook.cell(1).show()
    page.locator(".mlpkit[data-turn]").wait_for()
    page.evaluate(COUNT)
    page.locator("[data-control=start]").first.click()
    page.wait_for_timeout(1000)
    epochs, pictures, began = notebook.value(EPOCHS[name]), *page.evaluate("() => [window.pictures, performance.now()]")
    page.wait_for_timeout(1000 * seconds)
    now, end = page.evaluate("() => [window.pictures, performance.now()]")
    took = (end - began) / 1000
    rates = (now - pictures) / took, (notebook.value(EPOCHS[name]) - epochs) / took
    answers = [page.evaluate(ANSWER, 1 if k % 2 else -1) for k in range(20)]
    return notebook, (*rates, statistics.median(answers), max(answers))


def main(seconds=5):
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        path = chromium(playwright)
        if path is None:
            sys.exit("no Chromium was found: install it, or name it in CHROMIUM")
        server = Server(Path(home))
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.set_default_timeout(PATIENCE)
            for batch in (16, None):
                print(f"batch {batch or 'of all'}")
                for pace in (1, 10, 100, "all"):
                    for name in WIDGETS:
                        _, (pictures, epochs, median, longest) = measure(page, server, name, batch, pace, seconds)
                        said = f"{pictures:5.1f} pictures and {epochs:6.0f} epochs a second"
                        print(f"    {name:10}  pace {pace:>3}: {said}, an answer in {median:.0f} to {longest:.0f} ms")
                        server.tidy(put_back(page))
            if Path("/proc/self/statm").exists():
                notebook, _ = measure(page, server, "playground", None, "all", seconds)
                for _ in range(4):
                    print(f"memory of the kernel: {notebook.value(MEMORY):.1f} MB, epoch {notebook.value('it.epochs')}")
                    page.wait_for_timeout(5000 * seconds)
        finally:
            server.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
