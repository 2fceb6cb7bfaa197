"""What goes between Python and the browser. base.py is Python's end, browser/kernel.js the other.

From the browser: a message is a Turn or a Probe, or a request alone that nobody waits for. A request is plain data
whose `do` says what is asked for; a widget names those that it takes, and `fitting` turns away what is none of them.
To the browser: Answered, and of each widget what is `shown`.
"""

from typing import Any, Literal, NotRequired, TypedDict, get_args, get_origin, get_type_hints

# What a request may ask for.


class Set(TypedDict):
    """A trait gets a value. name: one of the widget's `set_by_hand`."""

    do: Literal["set"]
    name: str
    value: Any


class Move(TypedDict):
    """Sliders and choices are moved: {id: value}."""

    do: Literal["move"]
    values: dict


class MoveOrType(Move):
    """typed: whether the number was typed, so that no hand is on the slider."""

    typed: NotRequired[bool]


class Press(TypedDict):
    do: Literal["press"]
    id: str


class Opened(TypedDict):
    """An explorer has come onto the screen in one more place."""

    do: Literal["opened"]


class Closed(TypedDict):
    do: Literal["closed"]


class Drawn(TypedDict):
    """A picture is on the screen. picture: its `turn` in what is shown."""

    do: Literal["drawn"]
    picture: int


class TryPrinted(TypedDict):
    """The line is tried as the notes print it."""

    do: Literal["printed"]


class TryMine(TypedDict):
    """One's own line is tried."""

    do: Literal["mine"]
    text: str


class Keep(TypedDict):
    """What is typed is kept: {name of a line: its text}."""

    do: Literal["keep"]
    values: dict


class Answer(TypedDict):
    """given: a text, or of cells the list of [row, column]."""

    do: Literal["answer"]
    given: Any


class Reveal(TypedDict):
    do: Literal["reveal"]


class Open(TypedDict):
    """A number is opened. symbol: its key, such as "delta-1-2". edge: whether it was at an edge of the picture."""

    do: Literal["open"]
    symbol: str
    edge: bool


class Go(TypedDict):
    """The stepper starts anew and goes the way of a code."""

    do: Literal["go"]
    code: str


class NextExample(TypedDict):
    do: Literal["next_example"]


class NextEpoch(TypedDict):
    do: Literal["next_epoch"]


class Reset(TypedDict):
    """position: where it then begins; only the browser needs it, until the answer is there."""

    do: Literal["reset"]
    position: NotRequired[int]


class Choose(TypedDict):
    """One of the playground's values: data, loss, batch and the like."""

    do: Literal["choose"]
    name: str
    value: Any


class Neurons(TypedDict):
    """A hidden layer, counted from 0, gets so many neurons more."""

    do: Literal["neurons"]
    layer: int
    by: int


class Layers(TypedDict):
    """by: 1 for one hidden layer more, -1 for one less."""

    do: Literal["layers"]
    by: int


class ChooseSigma(TypedDict):
    """value: the name of the σ of a layer, counted from 0 for layer 1."""

    do: Literal["sigma"]
    layer: int
    value: str


class AddPoint(TypedDict):
    """A point of one's own. I: its place. D: 0 or 1."""

    do: Literal["add"]
    I: list
    D: int


class RemovePoint(TypedDict):
    do: Literal["remove"]
    row: int


class GiveCode(TypedDict):
    """The state as a text is asked for."""

    do: Literal["code"]


class Clear(TypedDict):
    """The pad is to be empty."""

    do: Literal["clear"]


class MovePixels(TypedDict):
    """The pixels go one step down the loss."""

    do: Literal["move_pixels"]


class Numbers(TypedDict):
    """The Stepper with the numbers is opened, or closed."""

    do: Literal["numbers"]


# A message.


class Turn(TypedDict):
    """The turn-th message of a view: requests that are done in order, once. Python answers when they are done."""

    view: NotRequired[str]
    turn: int
    asked: list


class Probe(TypedDict):
    """What has arrived? probe: a number that comes back in the answer, with all that there is to see."""

    view: NotRequired[str]
    probe: int


class Answered(TypedDict):
    """turn: the last one of this view that was done. ms: how long it took here. probe: where that was asked."""

    view: str | None
    turn: int
    ms: float
    probe: NotRequired[int]


# What is shown: of each widget the keys of its trait `shown`. A text may hold MathML or HTML that the kit has written.


class ExplorerShown(TypedDict):
    """panels, rows, status: as explorers/__init__.py says. problem: why it could not be drawn anew."""

    panels: list
    rows: list
    spoken: str
    status: NotRequired[list]
    problem: NotRequired[str]


class PathsShown(TypedDict):
    """weight: its key. lit: the edges of the path. sum: of all paths, where their number allows it."""

    weight: str
    count: int
    lit: list
    labels: list
    equation: str
    paths: list
    more: str
    sum: str
    derivative: str
    spoken: str


class TrialShown(TypedDict):
    """printed, mine_verdict: {kind, message, state} of a trial, or None. mine: what was typed, as it was understood."""

    where: str
    line: str
    speech: str
    scope: str
    printed: dict | None
    left: str
    mine: str
    mine_scope: str
    mine_verdict: dict | None
    status: str
    marks: dict
    spoken: str


class AskShown(TypedDict):
    """outcome: the right answer beside the learner's own; None until there is one to be read."""

    message: str
    state: str
    may_reveal: bool
    outcome: dict | None
    told: str
    spoken: str


class DigitPadShown(TypedDict):
    """pixels, wants, outputs: {share, text} of each number, share being how much of a cell or bar is filled.

    wants: −∂L̃/∂I, its sign "more" or "less" ink. read: the digit with the largest output; None of an empty pad.
    """

    pixels: list
    wants: list
    outputs: list
    read: int | None
    wanted: int
    loss: str
    moved: int
    spoken: str


class PlaygroundShown(TypedDict):
    """What explorers/playground/words.py says of the state. axes: of the losses. turn: the number of the picture.

    losses, right: texts of the training, the test and the kit's own. tiles: how many neurons of each layer have a
    picture. plane: whether there is one; side: of it, or of the images in pixels, 0 where they are none. ends, counts:
    of the plane, and of the examples. names: of several outputs. gallery: the examples that are shown without a plane;
    parts: the rows where its pages begin anew, and the end.
    """

    epoch: str
    part: str
    losses: list
    right: list
    running: bool
    state: str
    opened: bool
    buttons: dict
    sizes: list
    tiles: list
    more: bool
    most: int
    plane: bool
    side: float | int
    ends: list
    counts: list
    output: str
    names: list
    example: dict | None
    parts: list
    gallery: list
    problem: str
    beside: list
    spoken: str
    axes: Any
    turn: int


class StepperShown(TypedDict):
    """position to caption: of stepper/frame.py, what is seen of the micro-step. The rest stands around it.

    start: the position where Reset goes to. code: the way to this state. problem, code_problem: what could not be done.
    """

    position: int
    count: str
    phases: list
    layers: list
    flow: str
    neurons: list
    edges: list
    panel: dict
    matrix: dict
    updates: dict
    trail: list
    spoken: str
    caption: str
    sliders: list
    picked: str
    damage: dict
    foot: dict
    tabs: dict
    start: int
    code: str
    problem: str
    code_problem: str


# Held against what a page has sent, which may be anything.


def fitting(request: object, takes: tuple) -> Any:
    """The request as one of the kinds that a widget takes; None where it asks for something else.

    Raises ValueError where it asks for one of them and is not made as that is.
    """
    do = request.get("do") if isinstance(request, dict) else None
    kind = next((kind for kind in takes if do in get_args(kind.__annotations__["do"])), None)
    if kind and (wrong := unfit(request, kind)):
        raise ValueError(f"{do} came with no fitting {wrong}")
    return request if kind else None


def unfit(message: dict, kind: type) -> str:
    """The first key of a message that is missing, of another type than in kind, or unknown there; "" if none is."""
    hints = get_type_hints(kind)
    for key in (*hints, *message):
        if key not in hints or (key in kind.__required_keys__ and key not in message):
            return key
        if key in message and not _is(message[key], hints[key]):
            return key
    return ""


def _is(value, hint):
    if hint is Any:
        return True
    return value in get_args(hint) if get_origin(hint) is Literal else isinstance(value, hint)
