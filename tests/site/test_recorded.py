"""The Stepper of a page without Python beside the real one: the same requests, and the same is shown after each."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from mlpkit import data, notation
from mlpkit.commands.site import pages
from mlpkit.commands.site.pages.recording import record
from mlpkit.stepper.breaks import SWITCHES
from mlpkit.widgets import Stepper

PLAYER = Path(pages.__file__).with_name("recorded.js")
VIEWS = ("equation", "matrix", "updates", "break")
SLIDERS = {"alpha": [0, 0.5, 1.3, 2], "D-1": [0, 0.5, 1]}


@pytest.fixture(scope="module")
def recording():
    return record(*data.running_example(), 0.5, SLIDERS, steps=3)


def played(recording, start, asked):
    """What is shown at first and after each request."""
    given = json.dumps(
        {"recording": recording, "start": {"position": None, "view": None, "task": "", **start}, "asked": asked}
    )
    command = ["node", Path(__file__).with_name("recorded.mjs"), PLAYER]
    return json.loads(
        subprocess.run(command, input=given, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    )


def shown(stepper):
    """The same of the real one; a slider's step is that of the recording, and the caption is for paper."""
    seen = json.loads(json.dumps({"view": stepper.view, "drawn": stepper.picture, **stepper.shown}))
    for spec in seen["sliders"]:
        values = SLIDERS.get(spec["id"])
        spec["step"] = values[1] - values[0] if values else spec["step"]
    return {name: value for name, value in seen.items() if name != "caption"}


def walk(stepper, seed):
    """Requests of somebody who tries everything that is recorded, each put to the real Stepper as well."""
    choose = random.Random(seed)
    weights = [weight["value"] for weight in stepper.weights]
    marked = False  # whether a mistake was taken back, and marks of that are still there
    for _ in range(60):
        end = stepper.shown["phases"][2]["last"]
        set_by_hand, wrong, states = "=" in stepper.code, bool(stepper.broken), stepper.shown["foot"]["states"]
        at_first = states == 1 and not set_by_hand and not wrong
        kinds = ["position", "position", "view", "picked", "opened", "reset"]
        if not stepper.opened or stepper.position == end:  # else what is open has to be closed first
            kinds += ["slider"] * 3 if states == 1 and not wrong else []
            kinds += ["broken"] if at_first or wrong else []
            kinds += (
                ["next"] * 2
                if not wrong and len(stepper.losses) < 3 * (not set_by_hand) + stepper.code.startswith("alpha")
                else []
            )
            kinds += ["state"] if states > 1 and not set_by_hand else []
        kinds += ["open"] * 4 if stepper.position == end or (at_first and not marked) else []
        kind = choose.choice(kinds)
        marked = kind == "broken" or (marked and kind not in ("position", "reset"))
        if kind == "slider":
            ids = {"alpha": "alpha", "D1": "D-1"}
            one = ids[stepper.code.partition("=")[0]] if set_by_hand else choose.choice([*SLIDERS])
            request = {"do": "move", "values": {one: choose.choice(SLIDERS[one])}, "typed": False}
        elif kind == "next":
            request = {"do": "next_example"}
        elif kind == "reset":
            request = {"do": "reset", "position": stepper.shown["start"]}
        elif kind == "open":
            symbol = choose.choice([notation.key(step.symbol) for step in stepper.steps])
            request = {"do": "open", "symbol": symbol, "edge": symbol in weights and choose.random() < 0.7}
        else:
            value = {
                "position": choose.choice([end, choose.randint(0, end)]),
                "view": choose.choice(VIEWS),
                "picked": choose.choice(weights),
                "opened": stepper.opened[:-1],
                "broken": [] if wrong else [choose.choice([*SWITCHES])],
                "state": choose.randrange(states),
            }[kind]
            request = {"do": "set", "name": kind, "value": value}
        stepper._on_message(stepper, {"turn": stepper.answered.get("turn", 0) + 1, "asked": [request]}, [])
        yield request, shown(stepper)


@pytest.mark.parametrize("seed", range(12))
def test_it_shows_what_the_real_one_shows(recording, seed):
    start = [{}, {"position": 0}, {"view": "matrix"}][seed % 3]
    stepper = Stepper(*data.running_example(), 0.5, **start)
    first = shown(stepper)
    went = list(walk(stepper, seed))
    seen = played(recording, start, [request for request, _ in went])
    assert seen[0] == first
    for k, ((request, real), here) in enumerate(zip(went, seen[1:], strict=True)):
        for name in real:
            assert here[name] == real[name], (k, [request for request, _ in went[: k + 1]][-4:], name)
