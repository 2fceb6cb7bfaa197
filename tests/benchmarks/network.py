"""How many updates a second the Stepper shows over a network, with a held key and with a mouse that drags its thumb.

    python tests/benchmarks/network.py [seconds]

In a real JupyterLab in Chromium, through tests/browser/proxy.py, which lets everything take 0, 50, 100 or 200 ms each
way. The hand is a script inside the page, so that its own pace is no limit: a key 30 times a second, or a move of the
thumb in every frame. An update is a change of a number in the picture. Beside the rate: how often the thumb went back
while the hand went on, how long after the last move the last number was there, and whether it is that of the thumb. At
the end the same with a kernel that takes 100 ms for each move: nothing may queue there.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import Notebook, desk, settled
from proxy import Proxy
from stepper import STEPPER, steppers_slider

# The hand moves I_1 from -2 to the right and is watched.
HAND = """async (root, { seconds, hand }) => {
    const number = root.querySelector(".net [data-symbol='o-0-1'] text");
    const thumb = root.querySelector("[data-control='I-1']");
    const seen = { updates: 0, back: 0, moves: 0, most: -Infinity };
    const observer = new MutationObserver(() => {
        if (number.textContent === seen.text) return;
        seen.text = number.textContent;
        seen.updates += seen.over ? 0 : 1;
        seen.last = performance.now();
    });
    observer.observe(number, { subtree: true, childList: true, characterData: true });
    const frame = () => new Promise(requestAnimationFrame);
    const began = performance.now();
    let due = began;
    for (let now = began; now - began < 1000 * seconds; now = await frame()) {
        if (hand === "held key" && now >= due) {
            due += 1000 / 30;
            seen.moves += 1;
            thumb.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
        } else if (hand === "mouse") {
            seen.moves += 1;
            thumb.value = -2 + (3.9 * (now - began)) / (1000 * seconds);
            seen.most = Math.max(seen.most, thumb.valueAsNumber);
            thumb.dispatchEvent(new Event("input", { bubbles: true }));
        }
        if (thumb.valueAsNumber < seen.most) seen.back += 1;
        seen.most = Math.max(seen.most, thumb.valueAsNumber);
    }
    seen.over = performance.now();
    seen.seconds = (seen.over - began) / 1000;
    window.seen = seen;
}"""
SLOW = """
import time
set_values = Stepper._set_values
def slowly(self, values):
    time.sleep(0.1)
    set_values(self, values)
Stepper._set_values = slowly
"""


def measured(page, root, slider, seconds, hand):
    """One line of the table, without its first column."""
    slider.fill("-2")
    settled(page)
    root.evaluate(HAND, {"seconds": seconds, "hand": hand})
    settled(page)
    seen = page.evaluate("() => seen")
    number = root.locator(".net [data-symbol='o-0-1'] text").first.text_content()
    last = float(number.replace("−", "-")) == float(slider.input_value())
    moves, updates = (seen[what] / seen["seconds"] for what in ("moves", "updates"))
    late = max(0, seen["last"] - seen["over"])
    return (
        f"{hand:<9} {moves:4.1f} moves and {updates:4.1f} updates a second, the thumb went back {seen['back']} times, "
        f"the last number {late:4.0f} ms later, the last one wins: {'yes' if last else 'no'}"
    )


def main(seconds=8.0):
    with desk() as (browser, server):
        proxy = Proxy(server.url)
        try:
            page = browser.new_page()
            notebook = Notebook(page, server, server.fresh([STEPPER]), through=proxy.url)
            notebook.cell(0).run()
            slider = steppers_slider(notebook)
            root = page.locator(".mlpkit-stepper")
            print(f"load of the machine over the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            for delay in (0, 50, 100, 200):
                proxy.delay = delay / 1000
                for hand in ("held key", "mouse"):
                    print(f"{delay:4} ms each way, {measured(page, root, slider, seconds, hand)}", flush=True)
            proxy.delay = 0
            notebook.execute(SLOW)
            print(f"100 ms for a move, {measured(page, root, slider, seconds, 'mouse')}", flush=True)
        finally:
            proxy.stop()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
