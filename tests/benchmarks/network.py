"""How many updates a second the Stepper shows over a network, with a held key and with a mouse that drags its thumb.

    python tests/benchmarks/network.py [seconds]

In a real JupyterLab in Chromium, through tests/browser/proxy.py, which lets everything take 0, 50, 100 or 200 ms each
way. An update is a change of a number in the picture. Beside the rate: how often the thumb went back while the hand
went on, and whether the numbers are those of the thumb when it has come to rest.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import FLAGS, Notebook, Server, chromium
from playwright.sync_api import sync_playwright
from proxy import Proxy
from stepper import STEPPER, steppers_slider

KEY_MS = 33  # a held key repeats 30 times a second
WATCH = """root => {
    const number = root.querySelector(".net [data-symbol='o-0-1'] text");
    const thumb = root.querySelector("[data-control='I-1']");
    const seen = { updates: 0, back: 0, most: -Infinity };
    const observer = new MutationObserver(() => {
        if (number.textContent === seen.text) return;
        seen.text = number.textContent;
        seen.updates += 1;
    });
    observer.observe(number, { subtree: true, childList: true, characterData: true });
    const look = () => {
        if (thumb.valueAsNumber < seen.most) seen.back += 1;
        seen.most = Math.max(seen.most, thumb.valueAsNumber);
        if (!seen.over) requestAnimationFrame(look);
    };
    look();
    window.seen = seen;
}"""


def held_key(page, slider, seconds):
    slider.fill("-2")
    page.evaluate("() => new Promise((done) => setTimeout(done, 1500))")
    yield
    slider.focus()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(KEY_MS)
    page.keyboard.up("ArrowRight")


def mouse(page, slider, seconds):
    slider.fill("-2")
    page.evaluate("() => new Promise((done) => setTimeout(done, 1500))")
    yield
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    begin = time.monotonic()
    while (share := (time.monotonic() - begin) / seconds) < 1:
        page.mouse.move(box["x"] + 8 + share * (box["width"] - 16), y)
    page.mouse.up()


def main(seconds=8.0):
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        path = chromium(playwright)
        if path is None:
            sys.exit("no Chromium was found: install it, or name it in CHROMIUM")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server = Server(Path(home) / "lab")
        proxy = Proxy(server.url)
        try:
            page = browser.new_page()
            notebook = Notebook(page, server, server.fresh([STEPPER]), through=proxy.url)
            notebook.cell(0).run()
            slider = steppers_slider(notebook)
            root = page.locator(".mlpkit-stepper")
            for delay in (0, 50, 100, 200):
                proxy.delay = delay / 1000
                for name, hand in (("held key", held_key), ("mouse", mouse)):
                    moves = hand(page, slider, seconds)
                    next(moves)
                    root.evaluate(WATCH)
                    began = time.monotonic()
                    for _ in moves:
                        pass
                    took = time.monotonic() - began
                    seen = page.evaluate("() => { seen.over = true; return seen; }")
                    page.wait_for_timeout(4 * delay + 1000)
                    number = root.locator(".net [data-symbol='o-0-1'] text").first.text_content()
                    same = float(number.replace("−", "-")) == float(slider.input_value())
                    print(
                        f"{delay:4} ms each way, {name:<9} {seen['updates'] / took:5.1f} updates a second, "
                        f"the thumb went back {seen['back']} times, the last one wins: {'yes' if same else 'no'}",
                        flush=True,
                    )
        finally:
            proxy.stop()
            server.stop()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
