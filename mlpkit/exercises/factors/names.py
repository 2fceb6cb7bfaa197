"""Pairs of factors that have a name of their own, and a reason."""

# A whole line written in another way, with nothing before it.
ADDED_AT_OUTPUT = "(σ′(a) + ∂L̃/∂o)"
ADDED_IN_HIDDEN = "(σ′(a) + Σₖ wᵢₖ δₖ)"
BRACKET_AT_OUTPUT = "(o − D) · o · 1 − o"
BRACKET_IN_HIDDEN = "Σₖ wᵢₖ δₖ · o · 1 − o"

_BRACKET = (
    "A bracket is missing: o (1 − o) is a product, and without its bracket o is subtracted from everything before."
)

# {(first, second): (name, why)}
NAMED = {
    ("", "(o − D)"): (
        "o − D alone",
        "σ′(a) is missing, and o − D is the slope of the half squared error alone. It would be right for the logistic "
        "σ with cross-entropy, where σ′ cancels.",
    ),
    ("", "(D − o)"): (
        "D − o alone",
        "σ′(a) is missing, the sign is the other way round, and the half squared error alone has this slope.",
    ),
    ("", "(softmax(a) − D)"): (
        "softmax(a) − D alone",
        "This is δ of a softmax with cross-entropy. Here the output is σ of its own activation, and δ is σ′(a) times "
        "the slope of the network's own loss.",
    ),
    ("o (1 − o)", "(o − D)"): (
        "the notes' formula for every σ and every loss",
        "o (1 − o) (o − D) holds for the logistic σ and the half squared error. A network may have others.",
    ),
    ("e (1 − e) with e = o − D", ""): (
        "e (1 − e) for o (1 − o) times the error",
        "The error e stands where the output belongs: it is o (1 − o) for the logistic σ, and σ′(a) for any. This is "
        "then multiplied by the slope of the loss.",
    ),
    ("", ADDED_AT_OUTPUT): ("σ′(a) and ∂L̃/∂o added", "The two slopes of the chain are multiplied, not added."),
    ("", ADDED_IN_HIDDEN): ("σ′(a) and Σₖ wᵢₖ δₖ added", "The two slopes of the chain are multiplied, not added."),
    ("", BRACKET_AT_OUTPUT): ("a bracket left out in o (1 − o)", _BRACKET),
    ("", f"−{BRACKET_AT_OUTPUT}"): (
        "a bracket left out in o (1 − o)",
        f"{_BRACKET} And D − o has the sign the other way round.",
    ),
    ("", BRACKET_IN_HIDDEN): ("a bracket left out in o (1 − o)", _BRACKET),
    ("o without its neuron 0", "wⱼᵢ"): (
        "the bias left out",
        "The sum of an activation starts at neuron 0, whose output is 1: its term is the bias.",
    ),
    ("o with −1 for neuron 0", "wⱼᵢ"): (
        "the bias subtracted",
        "The bias is added: it is the weight of neuron 0, whose output is 1.",
    ),
    ("o with 2 for neuron 0", "wⱼᵢ"): (
        "the bias added twice",
        "The bias is the weight of neuron 0, whose output is 1: it is added once.",
    ),
    ("a", ""): (
        "σ left out",
        "The outputs are the activations themselves here. σ is applied in every layer from 1 on, the output too.",
    ),
}
