"""The short code of a state: what it says, that it leads there, and what is told where it does not."""

import random

import pytest

from mlpkit import Network, cross_entropy, data, notation
from mlpkit.stepper import code as ways
from mlpkit.widgets import Stepper


def stepper():
    net, _, _ = data.running_example()
    return Stepper(net, *data.xor())


def ask(s, **request):
    """What the browser sends when the hand has done this."""
    s._on_message(s, {"turn": s.shown["turn"] + 1, "asked": [request]}, [])


def seen(s):
    """All that is shown, but for the numbers around the picture, and for the states that it was reached through."""
    rows = [{name: value for name, value in row.items() if name != "trail"} for row in s.shown["updates"]["rows"]]
    apart = ("turn", "picked", "sliders", "foot", "code", "updates")
    return {name: value for name, value in s.shown.items() if name not in apart} | {
        "rows": rows,
        "w": [w.tolist() for w in s.net.w],
        "losses": s.losses,
        "example": s.example,
    }


def test_a_code_tells_the_way_in_the_order_in_which_it_was_gone():
    s = stepper()
    assert s.code == "@61"
    s.position = 0
    ask(s, do="move", values={"I-1": 0.7, "w-0-2-1": -0.25})
    ask(s, do="move", values={"I-1": 0.8})
    s.alpha = 2.0
    assert s.code == "w0.2.1=-0.25 I1=0.8 alpha=2 @0"
    s.next_example()
    s.next_example()
    s.example = 0
    s.example = 3
    s.broken = ["slope", "bias"]
    s.open(("delta", 1, 2))
    s.open(("delta", 2, 1))
    assert s.code == "w0.2.1=-0.25 I1=0.8 alpha=2 n2 e4 !slope,bias @21>delta2.1"
    s.next_example()
    s.broken = []
    assert s.code.startswith("w0.2.1=-0.25 I1=0.8 alpha=2 n2 e4 !slope,bias n1 ! @21")
    s.state = 1
    assert s.code.startswith("w0.2.1=-0.25 I1=0.8 alpha=2 n1 @21")
    s.reset()
    assert s.code == "@61"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_done_another_stepper_comes_to_the_same_state_by_the_code(seed):
    rng = random.Random(seed)
    s = stepper()
    words = ["I-1", "I-2", "D-1", "alpha", *(notation.key(w.symbol) for w in s.steps if w.symbol[0] == "w")]
    movable = [word for word in words if word[0] != "w" or not word.endswith("-0")]
    for _ in range(30):
        what = rng.choice(["move", "move", "next", "epoch", "example", "broken", "position", "open", "state"])
        if what == "move":
            ask(s, do="move", values={rng.choice(movable): round(rng.uniform(-1, 1), 2)})
        elif what == "next":
            s.next_example()
        elif what == "epoch":
            s.next_epoch()
        elif what == "example":
            s.example = rng.randrange(4)
        elif what == "broken":
            s.broken = rng.sample(["bias", "slope", "sign", "late"], rng.randrange(3))
        elif what == "position":
            s.position = rng.randrange(62)
        elif what == "state":
            s.state = rng.randrange(len(s._states))
        else:
            s.open(rng.choice(s.steps).symbol)
    other = stepper()
    other.code = s.code
    # what was just done is marked, and the step just taken is shown: a code leads to the state alone
    s._taken, s._changed = None, frozenset()
    s._show()
    assert seen(other) == seen(s)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("hello", "'hello' is no move of a code: it is made of words such as I1=0.7, e2, n3 and @21"),
        ("I1=much @3", "'I1=much' needs a number after the sign =, such as I1=0.7"),
        ("n @3", "'n' needs a whole number after its first sign, such as n3 or @21"),
        ("n-2", "'n-2' needs a whole number"),
        ("@3>hat", "'hat' is no number of the stepper: write its letter and its indices, such as w0.2.1"),
        ("I3=1", r"The code sets I3, which is not of this network, with n = \(3, 4, 2\), and its 4 examples"),
        ("w0.1.0=1", "The code sets w0.1.0, which is not of this network"),
        ("@3>delta7.1", "The code opens delta7.1, which is not of this network"),
        ("e5", "The code goes to example 5, which is not"),
        ("!luck", "The code has the mistake luck, but there are bias, delta_0, slope, sign, late"),
        ("n10001", "The code takes 10001 steps, but a code may take 10000 at a time"),
        ("I1=1e7", r"I₁ was to be 1e\+07, but a number from −10⁶ to 10⁶ is needed here; it stays as it was"),
        ("I1=nan", "'I1=nan' needs a number after the sign ="),
    ],
)
def test_a_code_that_leads_nowhere_gets_a_sentence_and_leaves_everything_as_it_was(code, said):
    s = stepper()
    s.next_example()
    s.position = 5
    before = seen(s)
    with pytest.raises(ValueError, match=said):
        s.code = code
    assert seen(s) == before
    ask(s, do="go", code=code)
    assert s.shown["code_problem"].endswith((".", "run?"))


def test_a_code_that_takes_too_long_leads_nowhere(monkeypatch):
    monkeypatch.setattr("mlpkit.widgets.stepper._PATIENCE_WITH_CODE", 1e-9)
    s = stepper()
    s.next_example()
    before = seen(s)
    with pytest.raises(ValueError, match="The code leads to no state: stopped after 1e-09 seconds, before example 2"):
        s.code = "n9000 I1=0.7 @3"
    assert seen(s) == before


def test_a_code_that_fails_on_its_way_leaves_everything_as_it_was():
    net, _, _ = data.running_example()
    s = Stepper(Network(net.w, loss=cross_entropy), *data.xor())
    s.next_example()
    s.next_example()
    s.state = 1
    s.position = 30
    s.open(("o", 1, 1))
    before = seen(s)
    with pytest.raises(ValueError, match="D holds 2, but cross_entropy needs"):
        s.code = "I1=0.3 n1 D1=2 @9"
    assert seen(s) == before
    s.state = 2
    assert len(s.losses) == 2


def test_names_and_symbols():
    for symbol in (("alpha",), ("w", 0, 2, 11), ("w_new", 1, 0, 1), ("delta", 10, 3), ("loss",)):
        assert ways.symbol_of(ways.name_of(symbol)) == symbol
