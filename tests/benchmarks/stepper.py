"""How long a key press on a slider takes until the changed picture is on the screen.

    python tests/benchmarks/stepper.py

In a real JupyterLab in Chromium, in one run: the least that a widget can do, one number to the kernel and back, with
a slider that the browser moves by itself, ahead of the number; the Stepper of a 2-3-1 network with the slider of I_1,
which moves together with the numbers, everything that it shows computed anew in Python; the same after a thousand
moves, and with nine more Steppers in the notebook; and the usual way, `interact` with an inline matplotlib figure of
the same network. Beside the times, what a thousand moves leave in the page and in the kernel.

Then the mouse drags α at 60 moves a second for five seconds: how many pictures are drawn, and how long after the last
move the last number is on the screen.

At the end, the first two again with shorter rests between the moves, as in a drag, on two servers: with the settings in
binder/, as everything above, and with Jupyter's own defaults.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import CONFIG, SETTINGS, Notebook, desk

MOVES, WARM = 60, 20
REST, SHORT_REST = 200, 60  # milliseconds
BARE = '''
import anywidget, traitlets

class Bare(anywidget.AnyWidget):
    _esm = """export default { render({ model, el }) {
        const range = document.createElement("input");
        const text = document.createElement("output");
        Object.assign(range, { type: "range", min: 0, max: 1000, className: "bare" });
        el.append(range, text);
        range.addEventListener("keydown", (event) => event.stopPropagation());
        range.addEventListener("input", () => { model.set("x", range.valueAsNumber); model.save_changes(); });
        model.on("change:y", () => { text.textContent = model.get("y"); });
    } }"""
    x = traitlets.Int(0).tag(sync=True, echo_update=False)
    y = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("x")
    def _on_x(self, change):
        self.y = 2 * self.x

bare = Bare()
bare
'''
OTHERS = """
from IPython.display import display
for seed in range(9):
    display(Stepper(Network.random([2, 3, 1], seed=seed), [0.5, 1.0], [1.0]))
"""
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
from mlpkit import Network, trace, plots
from mlpkit.stepper.frame import Scene, frame
from mlpkit.stepper.layout import picture
net = Network.random([2, 3, 1], seed=1)

@interact(I_1=(-2.0, 2.0, 0.01))
def show(I_1=0.5):
    scene = Scene(net, trace(net, [I_1, 1.0], [1.0], 0.5))
    drawn = picture(net.n)
    figure, axes = plt.subplots(figsize=(7, 5))
    axes.set(xlim=(0, drawn["width"]), ylim=(drawn["height"], 0))
    plots.network_picture(axes, drawn, frame(scene, 61, drawn))
    plt.show()
"""


def times(notebook, element, what, rest=REST, moves=MOVES):
    """Milliseconds from each of `moves` key presses until the change has been painted.

    element: a selector of what is watched. what: JavaScript for its state, null while it is empty.
    A change shows in the document first, and a picture is loaded before it can be seen; the frame that is drawn next
    has it, and the message posted while that frame is prepared comes when it is done. Before each press and after it
    this program rests, so that it asks the page for nothing while something is measured.
    """
    page, measured = notebook.page, []
    for k in range(moves):
        page.evaluate(
            f"""selector => {{
                const watched = document.querySelector(selector);
                const state = () => {what};
                const before = state();
                window.measured = new Promise((resolve) => addEventListener("keydown", () => {{
                    const start = performance.now();
                    const channel = new MessageChannel();
                    channel.port1.onmessage = () => {{ channel.port1.close(); resolve(performance.now() - start); }};
                    new MutationObserver(async (_, observer) => {{
                        if ([before, null].includes(state())) return;
                        observer.disconnect();
                        for (const picture of watched.querySelectorAll("img")) {{
                            if (!picture.complete) await new Promise((loaded) => {{ picture.onload = loaded; }});
                        }}
                        requestAnimationFrame(() => channel.port2.postMessage(null));
                    }}).observe(watched, {{subtree: true, childList: true, characterData: true, attributes: true}});
                }}, {{once: true, capture: true}}));
            }}""",
            element,
        )
        key = "ArrowRight" if k % 20 < 10 else "ArrowLeft"  # never to the slider's end
        page.wait_for_timeout(rest)
        page.keyboard.down(key)
        page.wait_for_timeout(rest)
        measured.append(page.evaluate("() => window.measured"))
        page.keyboard.up(key)
    return measured


def report(name, measured):
    ordered = sorted(measured)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:<42} p50 {statistics.median(ordered):6.1f} ms   p95 {p95:6.1f} ms")
    return statistics.median(ordered)


def left_behind(notebook):
    """(nodes of the page, bytes of its JavaScript, bytes of the kernel), after garbage is collected."""
    session = notebook.page.context.new_cdp_session(notebook.page)
    session.send("HeapProfiler.collectGarbage")
    nodes = session.send("Memory.getDOMCounters")["nodes"]
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    kernel = notebook.value(
        "(__import__('gc').collect(), [int(line.split()[1]) * 1024 for line in open('/proc/self/status')"
        " if line.startswith('VmRSS')])[1][0]"
    )
    return nodes, heap, kernel


BARE_SHOWN = ("output", "watched.textContent || '-'")
STEPPER_SHOWN = (".mlpkit-stepper .net", """watched.querySelector("[data-symbol='o-0-1'] text").textContent""")


def steppers_slider(notebook):
    return notebook.cell("stepper.position = 61").element.get_by_label("input 1 of the example", exact=True)


def drag(notebook, seconds=5, rate=60):
    """Drag the thumb of α to and fro, and print how the screen follows."""
    page, stepper = notebook.page, notebook.cell("stepper.position = 61").element
    alpha = stepper.locator("[data-control=alpha]")
    box = alpha.bounding_box()
    y, middle, way = box["y"] + box["height"] / 2, box["x"] + box["width"] / 2, 0.4 * box["width"]
    stepper.locator(".mlpkit-stepper").evaluate(
        """root => {
            window.pictures = [];
            const shown = root.querySelector("[data-value=after]").firstChild;
            window.watch = new MutationObserver(() => window.pictures.push(performance.now()));
            window.watch.observe(shown, { characterData: true });
        }"""
    )
    page.mouse.move(middle, y)
    page.mouse.down()
    for k in range(int(seconds * rate)):
        page.mouse.move(middle + way * (1 - abs(k % 120 - 60) / 30), y)
        page.wait_for_timeout(1000 / rate)
    end = page.evaluate("() => performance.now()")
    page.mouse.up()
    notebook.value("0")
    page.wait_for_function("() => performance.now() - (window.pictures.at(-1) ?? 0) > 500")
    pictures = page.evaluate("() => { window.watch.disconnect(); return window.pictures; }")
    last = max(0.0, pictures[-1] - end)
    per_second = len(pictures) / seconds
    print(f"a drag of α, {rate} moves a second: {per_second:.0f} pictures a second, the last {last:.0f} ms late")
    shown = alpha.input_value(), notebook.value("round(stepper.alpha, 2)")
    print(f"    the thumb is at {shown[0]}, the kernel at {shown[1]}")


def main():
    with desk() as (browser, server):
        with_everything(Notebook(browser.new_page(), server, server.fresh([BARE, STEPPER, USUAL, OTHERS])))
    for name, given in (("the settings in binder/", (CONFIG, SETTINGS)), ("Jupyter's own defaults", (None, None))):
        print(f"with {name}, a rest of {SHORT_REST} ms between the moves")
        with desk(*given) as (browser, server):
            with_short_rests(Notebook(browser.new_page(), server, server.fresh([BARE, STEPPER])))


def with_everything(notebook):
    page = notebook.page
    for index in range(3):
        notebook.cell(index).run()

    page.locator(".bare").focus()
    times(notebook, *BARE_SHOWN, moves=WARM)
    report("one number to the kernel and back", times(notebook, *BARE_SHOWN))

    slider = steppers_slider(notebook)
    slider.focus()
    times(notebook, *STEPPER_SHOWN, moves=WARM)
    fast = report("Stepper, its own slider", times(notebook, *STEPPER_SHOWN))

    before = left_behind(notebook)
    for k in range(1000):
        page.keyboard.press("ArrowLeft" if k % 100 < 50 else "ArrowRight")
    notebook.value("0")
    after = left_behind(notebook)
    report("Stepper after 1,000 more moves", times(notebook, *STEPPER_SHOWN))
    for what, one, other in zip(("page nodes", "page bytes", "kernel bytes"), before, after, strict=True):
        print(f"    {what:<14} {one:>12,} before the 1,000 moves, {other:>12,} after")

    usual = notebook.cell("interact").element
    usual.locator("img").wait_for()
    usual.get_by_role("slider").focus()
    image = (".widget-interact .widget-output", "watched.querySelector('img')?.src ?? null")
    slow = report("interact with inline matplotlib", times(notebook, *image))
    print(f"the usual way takes {slow / fast:.1f} times as long")

    notebook.cell("for seed in range(9)").run()
    notebook.cell("stepper.position = 61").show()
    slider.focus()
    report("Stepper with nine others in the notebook", times(notebook, *STEPPER_SHOWN))
    drag(notebook)


def with_short_rests(notebook):
    for index in range(2):
        notebook.cell(index).run()
    notebook.page.locator(".bare").focus()
    times(notebook, *BARE_SHOWN, SHORT_REST, WARM)
    report("one number to the kernel and back", times(notebook, *BARE_SHOWN, SHORT_REST))
    steppers_slider(notebook).focus()
    times(notebook, *STEPPER_SHOWN, SHORT_REST, WARM)
    report("Stepper, its own slider", times(notebook, *STEPPER_SHOWN, SHORT_REST))


if __name__ == "__main__":
    main()
