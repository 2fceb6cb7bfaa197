"""The known mistakes in the form of an answer to forward (§2) and backward (§4): what is returned, in what shape."""

import numpy as np

import mlpkit.exercises.mistakes.backward as backward_phase
import mlpkit.exercises.mistakes.forward as forward_phase
from mlpkit.exercises.mistakes.backward import result
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.mistakes.phases import backward, forward, inputs, slope, with_0


def _answer(form):
    """A right forward phase, given back in another form. form: (a, o) to what is returned."""
    return lambda net, I: form(*forward(net, I))


def _inputs_alone(a, o):
    return a, [o[0][..., 1:], *o[1:]]


def _columns(layers):
    return [None if values is None else np.atleast_2d(values).T for values in layers]


def _short(layers):
    return [None if values is None else values[..., 1:] for values in layers]


def _unfinished(append_a=True, append_o=True, first=1):
    """A loop that starts with this layer, and does not append everything: it stops where it reads what is not there."""

    def wrong(net, I):
        a, o = [None], [inputs(net, I)]
        for l in range(first, net.L):
            here = o[l - 1] @ net.w[l - 1]
            if append_a:
                a.append(here)
            if append_o:
                o.append(with_0(1, net.sigma[l](here)))
        return a, o

    return wrong


def _overwritten(net, I, a_too=False):
    """o = ... where o.append(...) is meant; or both lists."""
    a, o = [None], [inputs(net, I)]
    for l in range(1, net.L):
        here = o[l - 1] @ net.w[l - 1]
        a = here if a_too else [*a, here]
        o = with_0(1, net.sigma[l](here))
    return a, o


def _back(layers, entries, product):
    """A backward phase over these layers, in a list of so many entries. product: of w and the later δ, on the way."""

    def wrong(net, activations, D):
        a, o = activations
        delta = [None] * entries(net.L)
        delta[-1] = backward(net, activations, D)[-1]
        for l in layers(net.L):
            delta[l] = with_0(0, slope(net, l, a, o) * product(net.w[l], delta[l + 1]))
        return delta

    return wrong


# What comes back, written in two ways: they stop with different words.
_PRODUCTS = (lambda w, later: later @ w.T, lambda w, later: w @ later)


ADDED_UP = Mistake(
    "examples added up",
    "The rows of a batch become one here. Each example goes forward on its own, and has its own row in every layer.",
    ("Which shape has o[1] for seven examples?",),
    2,
    "Many examples, one in each row",
    (
        lambda net, I: forward(net, np.atleast_2d(I).sum(axis=0)),
        lambda net, I: forward(net, np.atleast_2d(I).mean(axis=0)),
    ),
)
FIRST_EXAMPLE_ONLY = Mistake(
    "one example of the batch only",
    "Only one row of the batch is used here. Each example has its own row in every layer.",
    ("Which shape has o[1] for seven examples?",),
    2,
    "Many examples, one in each row",
    tuple(lambda net, I, row=row: forward(net, np.atleast_2d(I)[row]) for row in (0, -1)),
)

FORWARD = (
    *forward_phase.NUMBERS,
    forward_phase.BATCH_ONLY,
    ADDED_UP,
    FIRST_EXAMPLE_ONLY,
    Mistake(
        "σ(a) kept as a",
        "The list a holds the outputs here. It holds what σ is applied to, and the backward phase needs it.",
        (
            "Print a[1] just before your function returns it. Is it still what σ was applied to?",
            "Which line writes into the array that stands in the list, or puts it there?",
        ),
        1,
        "Activation and output",
        (_answer(lambda a, o: ([None, *o[1:]], o)),),
    ),
    Mistake(
        "inputs not preceded by 1",
        "Layer 0 lacks its neuron 0 here: the inputs stand there alone, and row 0 of w finds nothing to multiply.",
        ("How many numbers has o[0] for two inputs?",),
        2,
        "Where it begins",
        (lambda net, I: forward(net, I, inputs=lambda net, I: I), lambda net, I: _inputs_alone(*forward(net, I))),
    ),
    Mistake(
        "neuron 0 left out",
        "The vectors are one number too short: neuron 0 is counted in every layer, and has its place in front.",
        ("How many numbers has o[1] for three neurons and the one that is always 1?",),
        1,
        "One neuron more than you see",
        (
            _answer(lambda a, o: (_short(a), _short(o))),
            _answer(lambda a, o: (a, _short(o))),
            _answer(lambda a, o: (_short(a), o)),
            _answer(lambda a, o: (a, [o[0], *_short(o[1:])])),
            _answer(lambda a, o: (_short(a), [o[0], *_short(o[1:])])),
            lambda net, I: forward(net, I, output=lambda net, l, a: net.sigma[l](a[l])[..., 1:]),
        ),
    ),
    Mistake(
        "one example as a matrix",
        "The vectors have an axis too many: one example alone is a vector, with one number for each neuron.",
        ("Print the shape of o[1]. Which of its axes counts the neurons, and what does the other one count?",),
        2,
        "Your turn: the forward phase",
        (
            lambda net, I: forward(net, np.atleast_2d(I)),
            _answer(lambda a, o: (_columns(a), _columns(o))),
        ),
    ),
    Mistake(
        "a given for layer 0",
        "Layer 0 has no activation, so a[0] is None: nothing was computed there.",
        ("What would a[0] be the sum of?",),
        1,
        "Activation and output",
        tuple(
            _answer(lambda a, o, first=first: ([first(o), *a[1:]], o))
            for first in (
                lambda o: o[0],
                lambda o: o[0][..., 1:],
                lambda o: 0.0,
                lambda o: np.nan,
                lambda o: np.array([]),
            )
        ),
        (
            _answer(lambda a, o: ([np.full_like(o[0], np.nan), *a[1:]], o)),
            _answer(lambda a, o: ([np.full_like(o[0][..., 1:], np.nan), *a[1:]], o)),
        ),
    ),
    Mistake(
        "a[0] left out",
        "The list a starts with layer 1 here, so that every number stands one layer too early.",
        ("At which index of the list do you find the activations of layer 1?",),
        2,
        "Your turn: the forward phase",
        (_answer(lambda a, o: (a[1:], o)),),
    ),
    Mistake(
        "a and o exchanged",
        "The two lists come in the other order: first the activations a, then the outputs o.",
        ("In which order does the last line return them?",),
        2,
        "Your turn: the forward phase",
        (_answer(lambda a, o: (o, a)),),
    ),
    Mistake(
        "only a part returned",
        "The backward phase will need every layer's a and o; this returns fewer.",
        ("What is asked for is a pair. Of what?",),
        2,
        "Your turn: the forward phase",
        (
            _answer(lambda a, o: o),
            _answer(lambda a, o: a),
            _answer(lambda a, o: o[-1]),
            _answer(lambda a, o: o[-1][..., 1:]),
            _answer(lambda a, o: (a[-1], o[-1])),
        ),
    ),
    Mistake(
        "loop ends too early",
        "Not every layer was computed. The output layer has index L - 1.",
        ("Through how many matrices w does an example go? How often does your loop turn?",),
        2,
        "Your turn: the forward phase",
        (_answer(lambda a, o: (a[:-1], o[:-1])), _answer(lambda a, o: (a[:2], o[:2]))),
    ),
    Mistake(
        "layers not appended, or a loop that starts too late",
        "A list lacks a layer that was to come into it: what was computed is not appended, or the first turn of the "
        "loop is left out.",
        ("How many entries has each list after the first turn of the loop? How many does the second turn read?",),
        2,
        "Your turn: the forward phase",
        (
            _unfinished(append_a=False, append_o=False),
            _unfinished(append_a=False),
            _unfinished(append_o=False),
            _unfinished(first=2),
        ),
    ),
    Mistake(
        "the list overwritten by one layer",
        "The name of the list is given to the numbers of one layer here, and the other layers are gone.",
        ("What does o hold after the first turn of the loop: layers, or numbers?",),
        2,
        "Your turn: the forward phase",
        (_overwritten, lambda net, I: _overwritten(net, I, a_too=True)),
    ),
)

BACKWARD = (
    *backward_phase.NUMBERS,
    backward_phase.BATCH_ONLY,
    Mistake(
        "δ added up over the batch",
        "The examples' δ become one here. Each example has its own row in every layer.",
        ("Which shape has o[1] for seven examples, and which your δ of layer 1?",),
        2,
        "Many examples, one in each row",
        (result(lambda delta, a, o: [None, *(np.atleast_2d(array).sum(axis=0) for array in delta[1:])]),),
    ),
    Mistake(
        "neuron 0 left out",
        "The vectors are one number too short: neuron 0 is counted in every layer, and its δ is 0.",
        ("How many numbers has o[1], and how many your δ of layer 1?",),
        4,
        "The δ of neuron 0",
        (
            result(lambda delta, a, o: [None, *(array[..., 1:] for array in delta[1:])]),
            result(lambda delta, a, o: [*delta[:-1], delta[-1][..., 1:]]),
            result(lambda delta, a, o: [None, *(array[..., 1:] for array in delta[1:-1]), delta[-1]]),
            lambda net, activations, D: backward(net, activations, D, zero=lambda delta: delta[..., 1:]),
        ),
    ),
    Mistake(
        "one example as a matrix",
        "The vectors have an axis too many: one example alone is a vector, with one number for each neuron.",
        ("Print the shape of your δ of layer 1. Which of its axes counts the neurons, and what counts the other?",),
        4,
        "One layer back",
        (
            result(lambda delta, a, o: [None, *map(np.atleast_2d, delta[1:])]),
            result(lambda delta, a, o: [None, *(np.atleast_2d(array).T for array in delta[1:])]),
        ),
    ),
    Mistake(
        "δ given for layer 0",
        "Layer 0 has no activation, so there is no δ of it: delta[0] is None.",
        ("δ is the slope of the loss in an activation. Which one would it be in layer 0?",),
        4,
        "One layer back",
        tuple(
            result(lambda delta, a, o, first=first: [first(o, delta), *delta[1:]])
            for first in (
                lambda o, delta: np.zeros_like(o[0]),
                lambda o, delta: np.zeros_like(o[0][..., 1:]),
                lambda o, delta: 0.0,
                lambda o, delta: np.nan,
                lambda o, delta: np.array([]),
            )
        ),
        (
            result(lambda delta, a, o: [np.full_like(o[0], np.nan), *delta[1:]]),
            result(lambda delta, a, o: [np.full_like(o[0][..., 1:], np.nan), *delta[1:]]),
        ),
    ),
    Mistake(
        "delta[0] left out",
        "The list starts with layer 1 here, so that every number stands one layer too early.",
        ("At which index of the list do you find the δ of layer 1?",),
        4,
        "One layer back",
        (result(lambda delta, a, o: delta[1:]),),
    ),
    Mistake(
        "list in the order of the way back",
        "The δ of the output layer comes first here. The list is ordered by layer, whatever was computed first.",
        ("At which index of the list do you find the δ of layer 1?",),
        4,
        "One layer back",
        (result(lambda delta, a, o: delta[::-1]), result(lambda delta, a, o: [None, *delta[:0:-1]])),
    ),
    Mistake(
        "loop leaves out a layer",
        "A hidden layer got no δ. Every layer from 1 on has one.",
        ("Write down the layers that your loop visits in a network with L = 4.",),
        4,
        "One layer back",
        (
            result(lambda delta, a, o: [None, None, *delta[2:]] if len(delta) > 2 else delta),
            result(lambda delta, a, o: [*[None] * (len(delta) - 1), delta[-1]]),
            *(_back(lambda L: range(L - 3, 0, -1), lambda L: L, product) for product in _PRODUCTS),
        ),
    ),
    Mistake(
        "list one entry too short",
        "The list has L − 1 entries here. It has one for each layer, the None of layer 0 included.",
        ("How many layers has the network, and how many entries has your list before the loop?",),
        4,
        "One layer back",
        (_back(lambda L: range(L - 2, 0, -1), lambda L: L - 1, lambda w, later: later @ w.T),),
    ),
    Mistake(
        "loop runs forwards",
        "The loop begins with layer 1, whose δ comes from a later layer: that one is still None.",
        ("Whose δ does the first turn of your loop read, and is it there already?",),
        4,
        "One layer back",
        tuple(_back(lambda L: range(1, L - 1), lambda L: L, product) for product in _PRODUCTS),
    ),
)
