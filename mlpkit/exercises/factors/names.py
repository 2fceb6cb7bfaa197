"""Pairs of factors that have a name of their own, and a reason, and the mistakes that lessons know."""

from mlpkit.exercises.mistakes import named
from mlpkit.exercises.mistakes.forward import BIAS_0, BIAS_BENT, BIAS_COMPUTED, BIAS_FORGOTTEN

# A whole line written in another way, with nothing before it.
ADDED_AT_OUTPUT = "(σ′(a) + ∂L̃/∂o)"
ADDED_IN_HIDDEN = "(σ′(a) + Σₖ wᵢₖ δₖ)"
BRACKET_AT_OUTPUT = "(o − D) · o · 1 − o"
BRACKET_IN_HIDDEN = "Σₖ wᵢₖ δₖ · o · 1 − o"

# What comes back to a hidden layer: where σ′ is multiplied in after a layer is kept, and of hidden layers alone.
SOFTMAX_SLOPES = "∂L̃/∂o through the matrix of a softmax's slopes"
AND_THEN_SLOPE = "δ · σ′ of the next layer carried back through w"
KEPT_TOO_EARLY = "(what is kept of the next layer) · σ′ carried back through w"
_BRACKET = (
    "A bracket is missing: o (1 − o) is a product, and without its bracket o is subtracted from everything before."
)

# {(first, second): (name, why)}, and a hint where those of the two factors do not lead there
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
    ("", KEPT_TOO_EARLY): (
        "∂L̃/∂o kept for δ: σ′(a) multiplied in too late",
        "A layer keeps ∂L̃/∂o of its outputs, and σ′ of the layer is multiplied in only after that, on the way to the "
        "layer before. δ is the slope against the activation a, so that σ′ belongs into what is kept: look at the "
        "order of the lines.",
        "Which comes first in your loop: the line that multiplies by σ′, or the one that keeps δ?",
    ),
    **{
        ("", f"{SOFTMAX_SLOPES}{written}"): (
            "the slopes of a softmax for σ′(a)",
            "A softmax has a matrix of slopes, since each of its outputs moves with every activation. Here the output "
            "is σ of its own activation alone, and σ′(a) is one number for each neuron.",
            "How many slopes has the σ of this output layer for each neuron, and how many does your line use?",
        )
        for written in ("", " written in o")
    },
    ("", AND_THEN_SLOPE): (
        "σ′ of the next layer in place of this one's",
        "σ′ of the next layer is multiplied into what comes back from it, and σ′ of the layer itself is not. It "
        "belongs to the layer whose δ is made.",
    ),
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

# {(what the line makes, with its place or without, scale, first, second): the mistakes of which this is the
# explanation}; None where it is right.
NAMES = {
    ("δ", None, "", None): (named.SLOPE_LEFT_OUT,),
    ("δ", None, "σ′(o)", None): (named.SLOPE_AT_O,),
    ("δ", None, "o (1 − o)", None): (named.LOGISTIC_SLOPE,),
    ("δ", None, "logistic σ′(a), whatever σ is,", None): (named.LOGISTIC_SLOPE,),
    ("δ", None, "σ(a)", None): (named.SIGMA_FOR_SLOPE,),
    ("δ at the output", "−{}", None, None): (named.SIGN,),
    ("δ in every layer", "−{}", None, None): (named.SIGN,),
    ("δ", "−{} / m with m examples", None, None): (named.SIGN_AND_MEAN,),
    ("δ", None, None, "(D − o)"): (named.both(named.SIGN, named.OTHER_LOSS),),
    ("δ", None, "o (1 − o)", "(D − o)"): (named.both(named.SIGN, named.PRINTED),),
    ("δ", None, None, "(o − D)"): (named.OTHER_LOSS,),
    ("δ", None, "o (1 − o)", "(o − D)"): (named.PRINTED,),
    ("δ", None, None, "the loss L̃"): (named.VALUE_OF_LOSS,),
    ("δ", None, None, ""): (named.NO_RISE,),
    ("δ at the output", "2 · {}", None, None): (named.TWICE,),
    ("δ in every layer", "2 · {}", None, None): (named.TWICE,),
    ("δ", None, None, "2 (o − D)"): (named.TWICE,),
    ("δ at the output", "½ · {}", None, None): (named.HALF,),
    ("δ in every layer", "½ · {}", None, None): (named.HALF,),
    ("δ", None, None, "½ (o − D)"): (named.HALF,),
    ("δ", None, None, "∂L̃/∂o of the neuron before it"): (named.D_SHIFTED,),
    ("δ", None, None, "(o − D) with o of the neuron before it"): (named.D_SHIFTED,),
    ("δ", None, None, "Σₖ δₖ wₖᵢ (w not transposed)"): (named.NO_TRANSPOSE,),
    ("δ", None, None, "(Σₖ δₖ) (Σₖ wᵢₖ)"): (named.WRONG_SUM,),
    ("δ", None, None, "the product of w and δ of its own neuron"): (named.WRONG_SUM,),
    ("δ", None, None, "(Σₖ δₖ) wᵢ₁"): (named.WRONG_SUM,),
    ("δ", None, None, "the first way alone, wᵢ₁ δ₁,"): (named.ONE_WAY,),
    ("δ", None, None, "the last way alone, wᵢₖ δₖ with the last k,"): (named.ONE_WAY,),
    ("δ", None, None, "δ carried back through the w of the layer before"): (named.WEIGHTS_OF_ANOTHER_LAYER,),
    ("δ", None, None, "δ carried back through the next w"): (named.WEIGHTS_OF_ANOTHER_LAYER,),
    ("δ", None, None, "δ carried back through the last w"): (named.WEIGHTS_OF_ANOTHER_LAYER,),
    ("δ", None, None, "δ carried back through the first w"): (named.WEIGHTS_OF_ANOTHER_LAYER,),
    ("δ", None, None, "δ of the output carried back through w, as far as the two reach,"): (
        named.DELTA_OF_ANOTHER_LAYER,
    ),
    ("δ", None, None, "δ of the output carried back through w"): (named.DELTA_OF_ANOTHER_LAYER,),
    ("δ", None, None, "δ carried back through the new w"): (named.LATE,),
    ("δ", None, "σ′ at the activations of the next layer", None): (named.ACTIVATION_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ at the activations of the layer before", None): (named.ACTIVATION_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ at the activations of the output layer", None): (named.ACTIVATION_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ of the next layer's σ", None): (named.SIGMA_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ of the σ of the layer before", None): (named.SIGMA_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ of the output layer's σ", None): (named.SIGMA_OF_ANOTHER_LAYER,),
    ("δ", None, "σ′ of layer 1's σ", None): (named.SIGMA_OF_ANOTHER_LAYER,),
    ("δ", "{} / m with m examples", None, None): (named.MEAN_ALREADY,),
    ("δ", "the mean over the examples of {}", None, None): (named.MEAN_ALREADY,),
    ("derivatives", "the sum over the examples of {}", None, None): (named.SUM_FOR_MEAN,),
    ("changes Δw", "m · {} with m examples", None, None): (named.SUM_FOR_MEAN,),
    ("derivatives", "{}, divided by m once more,", None, None): (named.MEAN_TWICE,),
    **{
        ("derivatives", f"{{}} of the {which} example alone{by}", None, None): (named.ONE_EXAMPLE,)
        for which in ("first", "last")
        for by in ("", ", divided by m,")
    },
    ("derivatives in rows 1, 2, ...", "{} with the mean over the examples taken of o and δ first", None, None): (
        named.MEANS_FIRST,
    ),
    **{
        ("derivatives", f"{{}} / n with n neurons in {which}{counted}", None, None): (named.DIVIDED_BY_NEURONS,)
        for which in ("the layer before", "the layer after", "layer 0")
        for counted in ("", ", neuron 0 counted,")
    },
    ("derivatives", "−{}", None, None): (named.GRAD_SIGN,),
    ("derivatives", "−{} / m with m examples", None, None): (named.both(named.GRAD_SIGN, named.MEAN_TWICE),),
    ("derivatives", "−{}, summed over the examples,", None, None): (named.both(named.GRAD_SIGN, named.SUM_FOR_MEAN),),
    ("changes Δw", "−{}", None, None): (named.PLUS, named.SIGN),
    ("changes Δw", "{} / m with m examples", None, None): (named.MEAN_TWICE,),
    ("changes Δw", "−{} / m with m examples", None, None): (
        named.both(named.PLUS, named.MEAN_TWICE),
        named.SIGN_AND_MEAN,
    ),
    ("changes Δw", "−m · {} with m examples", None, None): (named.both(named.PLUS, named.SUM_FOR_MEAN),),
    ("changes Δw", "{} / α", None, None): (named.NO_ALPHA,),
    ("changes Δw", "α · {}", None, None): (named.ALPHA_TWICE,),
    ("derivatives in row 0, the biases, everywhere", "0", None, None): (named.NO_BIASES,),
    ("changes Δw", "2 · {}", None, None): (named.STEP_TWICE,),
    ("changes Δw", "½ · {}", None, None): (named.STEP_HALF,),
    ("changes Δw everywhere", "0", None, None): (named.NOT_MOVED,),
    ("outputs of neuron 0", None, "σ(a₀)", None): (BIAS_COMPUTED,),
    ("outputs of neuron 0", None, "σ(1)", None): (BIAS_BENT,),
    ("outputs of neuron 0", None, "0", None): (BIAS_0,),
    ("outputs", None, "a", None): (named.NO_SIGMA,),
    ("outputs", None, "σ(σ(a))", None): (named.SIGMA_TWICE,),
    ("outputs", None, "σ of the layer before", None): (named.SIGMA_OF_ANOTHER_LAYER_FORWARD,),
    ("outputs", None, "σ of the next layer", None): (named.SIGMA_OF_ANOTHER_LAYER_FORWARD,),
    ("outputs", None, "σ of the output layer", None): (named.SIGMA_OF_ANOTHER_LAYER_FORWARD,),
    ("outputs", None, "σ of layer 1", None): (named.SIGMA_OF_ANOTHER_LAYER_FORWARD,),
    ("outputs everywhere", None, "the logistic function, whatever σ is,", None): (named.LOGISTIC_EVERYWHERE,),
    ("activations everywhere", None, "o without its neuron 0", None): (BIAS_FORGOTTEN,),
    ("activations", None, None, "the next w"): (named.WEIGHTS_OF_ANOTHER_LAYER_FORWARD,),
    ("activations", None, None, "the w before"): (named.WEIGHTS_OF_ANOTHER_LAYER_FORWARD,),
    ("activations", None, None, "the first w"): (named.WEIGHTS_OF_ANOTHER_LAYER_FORWARD,),
    ("activations", None, None, "the w from the other end"): (named.WEIGHTS_OF_ANOTHER_LAYER_FORWARD,),
    ("activations", None, None, "the last w"): (named.WEIGHTS_OF_ANOTHER_LAYER_FORWARD,),
    ("activations", None, None, "wᵢⱼ (w transposed)"): (named.SWAPPED,),
}
