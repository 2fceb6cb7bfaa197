"""How long a key press on a slider takes until the changed picture is on the screen.

    python tests/benchmarks/stepper.py

In a real JupyterLab in Chromium, in one run: the Stepper of a 2-3-1 network with the slider of I_1, everything that it
shows computed anew in Python; and the usual way, `interact` with an inline matplotlib figure of the same network.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import FLAGS, Notebook, Server, chromium
from playwright.sync_api import sync_playwright

MOVES = 60
REST = 200  # milliseconds
STEPPER = """
from mlpkit import Network
from mlpkit.widgets import Stepper
stepper = Stepper(Network.random([2, 3, 1], seed=1), [0.5, 1.0], [1.0])
stepper.position = 61
stepper
"""
USUAL = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from mlpkit import Network, trace, view, plots
from mlpkit.picture import picture
net = Network.random([2, 3, 1], seed=1)

@interact(I_1=(-2.0, 2.0, 0.01))
def show(I_1=0.5):
    scene = view.Scene(net, trace(net, [I_1, 1.0], [1.0], 0.5))
    drawn = picture(net.n)
    figure, axes = plt.subplots(figsize=(7, 5))
    axes.set(xlim=(0, drawn["width"]), ylim=(drawn["height"], 0))
    plots.network_picture(axes, drawn, view.frame(scene, 61, drawn))
    plt.show()
"""


def times(notebook, element, what):
    """Milliseconds from each of MOVES key presses, with a rest between them, until the change has been painted.

    element: a selector of what is watched. what: JavaScript for its state, null while it is empty.
    A change shows in the document first; the frame that is drawn next has it, and the message posted while that frame
    is prepared comes when it is done.
    """
    page, measured = notebook.page, []
    for _ in range(MOVES):
        page.wait_for_timeout(REST)
        page.evaluate(
            f"""selector => {{
                const watched = document.querySelector(selector);
                const state = () => {what};
                const before = state();
                window.measured = null;
                addEventListener("keydown", () => {{
                    const start = performance.now();
                    const channel = new MessageChannel();
                    channel.port1.onmessage = () => {{ window.measured = performance.now() - start; }};
                    new MutationObserver((_, observer) => {{
                        if ([before, null].includes(state())) return;
                        observer.disconnect();
                        requestAnimationFrame(() => channel.port2.postMessage(null));
                    }}).observe(watched, {{subtree: true, childList: true, characterData: true, attributes: true}});
                }}, {{once: true, capture: true}});
            }}""",
            element,
        )
        page.keyboard.press("ArrowRight")
        measured.append(page.wait_for_function("() => window.measured", polling=20).json_value())
    return measured


def report(name, measured):
    ordered = sorted(measured)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:<42} p50 {statistics.median(ordered):6.1f} ms   p95 {p95:6.1f} ms")
    return statistics.median(ordered)


def main():
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        path = chromium(playwright)
        if path is None:
            sys.exit("no Chromium was found: install it, or name it in CHROMIUM")
        server = Server(Path(home))
        try:
            page = playwright.chromium.launch(executable_path=path, args=FLAGS).new_page()
            notebook = Notebook(page, server, server.fresh([STEPPER, USUAL]))
            notebook.run_all()
            ours = notebook.cell("stepper.position = 61").element
            slider = ours.get_by_label("input 1 of the example", exact=True)
            slider.focus()
            number = (".mlpkit-stepper .net", """watched.querySelector("[data-symbol='o-0-1'] text").textContent""")
            times(notebook, *number)  # warm
            fast = report("Stepper, its own slider", times(notebook, *number))
            usual = notebook.cell("interact").element
            usual.locator("img").wait_for()
            usual.get_by_role("slider").focus()
            image = (".widget-interact .widget-output", "watched.querySelector('img')?.src ?? null")
            slow = report("interact with inline matplotlib", times(notebook, *image))
            print(f"the usual way takes {slow / fast:.1f} times as long")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
