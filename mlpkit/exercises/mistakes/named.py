"""The names of what the search explains by itself, with the words and the hints of the lesson that has them.

factors/names.py says which explanation each is the name of.
"""

from dataclasses import replace

from mlpkit.exercises.mistakes.known import Mistake


def both(one, other):
    """Two mistakes at once, told as one; where to look is said of both."""
    return replace(
        other,
        name=f"{one.name}, and {other.name}",
        why=f"{one.reason} {other.why}" if one.heading != other.heading else f"{one.why} {other.why}",
        hints=(*one.hints, *other.hints),
    )


SLOPE_LEFT_OUT = Mistake(
    "σ′ left out",
    "δ is the slope against the activation a, not against the output o: between the two lies σ, with its own slope.",
    (
        "Which factor stands in front in the equation above, and where is it in your code?",
        "It belongs to the base case and to every layer before it.",
    ),
    4,
    "Where it begins: the output",
    (),
)

SLOPE_AT_O = Mistake(
    "σ′(o) for σ′(a)",
    "The slope of σ is taken at the output here. It belongs to the place where σ is applied: the activation.",
    ("σ turns a into o. At which of the two is its slope asked for?",),
    4,
    "Where it begins: the output",
    (),
)

LOGISTIC_SLOPE = Mistake(
    "logistic σ′ for every σ",
    "o (1 − o) is the slope of the logistic function alone. The notes print it; a network may have another σ.",
    ("Where does a network keep the σ of layer l, and what does it know of its slope?",),
    4,
    "Where it begins: the output",
    (),
)

SIGMA_FOR_SLOPE = Mistake(
    "σ for σ′",
    "The value of σ stands where its slope is needed.",
    ("What does calling net.sigma[l] give, and what its derivative?",),
    1,
    "σ and its slope",
    (),
)

SIGN = Mistake(
    "(D − o) for (o − D), or the sign of δ as in §1",
    "Every δ has the wrong sign. δ says how the loss moves with an activation; the minus belongs to the step (§5).",
    (
        "In the running example the output is too low. If its activation grows a little, does the loss rise or fall?",
        "A slope is negative where the loss falls. Which order of o and D gives that?",
    ),
    3,
    "Which sign does δ have?",
    (),
)

OTHER_LOSS = Mistake(
    "o − D for every loss",
    "o − D is the slope of the half squared error alone. A network may have another loss.",
    ("Where does a network keep its loss, and what does it know of its slope?",),
    4,
    "Another loss",
    (),
)

PRINTED = Mistake(
    "the notes' formula for every σ and every loss",
    "o (1 − o) (o − D) holds for the logistic σ and the half squared error. A network may have others.",
    ("Which of the three factors comes from σ, and which from the loss? Where does a network keep the two?",),
    4,
    "Where it begins: the output",
    (),
)

VALUE_OF_LOSS = Mistake(
    "the loss for its slope",
    "The loss itself stands where its slope by each output is needed.",
    ("The loss is one number. How many slopes has it, for three outputs?",),
    4,
    "Where it begins: the output",
    (),
)

NO_RISE = Mistake(
    "slope of the loss left out",
    "δ of the output layer is σ′ alone here. What the loss says about each output is missing.",
    ("δ is a chain of two slopes at the output: from a to o, and from o to what?",),
    4,
    "Where it begins: the output",
    (),
)

TWICE = Mistake(
    "the factor ½ lost",
    "Every δ is twice as large as it should be. The ½ of the loss is there to cancel the 2 of the square's slope.",
    ("What is the slope of ½ (o − D)² in o?",),
    1,
    "The loss",
    (),
)

HALF = Mistake(
    "a factor ½ too many",
    "Every δ is half as large as it should be. The ½ of the loss has cancelled the 2 of the square's slope already.",
    ("What is the slope of ½ (o − D)² in o?",),
    1,
    "The loss",
    (),
)

D_SHIFTED = Mistake(
    "D held against the wrong output",
    "D counts from the first real output, and o from neuron 0: the two are off by one here.",
    ("The first number of D is what neuron 1 should say. Where in o does neuron 1 stand?",),
    4,
    "Where it begins: the output",
    (),
)

NO_TRANSPOSE = Mistake(
    "transpose missing",
    "On the way back neuron i collects along its row of w, since w_ik leads from i to k. Here the columns are used: "
    "this fits only between layers of equal width, and is wrong there too.",
    (
        "In the sum Σ_k w_ik δ_k, which index of w is summed, the first or the second?",
        "Which shape has δ of the later layer, which has w, and which should come out?",
    ),
    4,
    "One layer back",
    (),
)

WRONG_SUM = Mistake(
    "δ summed over the wrong index",
    "The δ of the later layer are added up before each meets the weight that leads to it, or over neurons that they do "
    "not belong to.",
    ("Which weight does δ_k of the later layer meet on its way to neuron i?",),
    3,
    "Why there is a sum over k",
    (),
)

ONE_WAY = Mistake(
    "sum over k left out",
    "Only one of the ways from a neuron to the later layer is counted. It acts on the loss through all of them.",
    ("Through how many neurons of the next layer does a hidden neuron act on the loss?",),
    3,
    "Why there is a sum over k",
    (),
)

WEIGHTS_OF_ANOTHER_LAYER = Mistake(
    "weights of the wrong layer on the way back",
    "δ comes back through a matrix that belongs to another pair of layers. It fits only where the widths are equal.",
    ("From which layer to which does w[1] lead? Whose δ comes back through it, and to whom?",),
    4,
    "One layer back",
    (),
)

DELTA_OF_ANOTHER_LAYER = Mistake(
    "δ of the wrong layer",
    "Every hidden layer takes the δ of the output layer here. It takes that of the layer just after it.",
    ("With three matrices, what does the δ of layer 1 come from?",),
    4,
    "One layer back",
    (),
)

ACTIVATION_OF_ANOTHER_LAYER = Mistake(
    "activation of the wrong layer",
    "σ′ is taken at the activations of another layer. It fits only where the widths are equal.",
    ("Whose δ is computed in this line? Whose activation does σ act on there?",),
    4,
    "One layer back",
    (),
)

SIGMA_OF_ANOTHER_LAYER = Mistake(
    "σ′ of another layer",
    "The slope is that of another layer's σ. Each layer from 1 on has its own.",
    ("Which entry of net.sigma belongs to the layer whose δ is computed?",),
    4,
    "One layer back",
    (),
)

MEAN_ALREADY = Mistake(
    "mean over the batch taken in δ",
    "Each example has its own δ. The mean over the batch is taken later, of the gradients.",
    ("Is a division by the number of examples asked for in §4?",),
    3,
    "Theorem 1",
    (),
)

SUM_FOR_MEAN = Mistake(
    "sum for mean over a batch",
    "The gradients of the examples are added up. Their mean is asked for: otherwise a step is as many times too long "
    "as there are examples.",
    ("By how much is your number too large, for the seven examples of the batch?",),
    5,
    "Many examples",
    (),
)

MEAN_TWICE = Mistake(
    "mean over a batch taken twice",
    "The sum over the examples is divided by their number twice.",
    ("By how much is your number too small, for the seven examples of the batch?",),
    5,
    "Many examples",
    (),
)

ONE_EXAMPLE = Mistake(
    "one example of the batch only",
    "Only one row of the batch is used. The gradient is the mean over all of them.",
    ("Which rows of o and δ does your line read?",),
    5,
    "Many examples",
    (),
)

MEANS_FIRST = Mistake(
    "product of the means for mean of the products",
    "The mean over the examples is taken of o and of δ first. Each example's o belongs to its own δ.",
    ("What is the mean of 1 · 1 and 3 · 3, and what is the product of the two means?",),
    5,
    "Many examples",
    (),
)

DIVIDED_BY_NEURONS = Mistake(
    "divided by the number of neurons",
    "The mean is over the examples of a batch. Here it is divided by how many neurons a layer has.",
    ("One example alone: by what is its product to be divided?",),
    5,
    "Many examples",
    (),
)

GRAD_SIGN = Mistake(
    "minus taken too early",
    "The gradient has the opposite sign. The minus that leads downhill belongs to the step (§5).",
    ("Does the theorem have a minus sign?",),
    3,
    "Theorem 1",
    (),
)

PLUS = Mistake(
    "plus instead of minus",
    "The step goes uphill: where the derivative is positive the loss grows with the weight.",
    ("In the running example δ is negative. Does the weight of a positive o have to grow or to shrink?",),
    5,
    "One weight",
    (),
)

NO_ALPHA = Mistake(
    "α forgotten",
    "The whole gradient is subtracted. α says how much of it.",
    ("By which factor are your changes of the weights too large? Compare it with alpha.",),
    5,
    "One weight",
    (),
)

ALPHA_TWICE = Mistake(
    "α counted twice",
    "The gradient is multiplied by α in two places. A change is α times the gradient, once.",
    ("In which lines of yours does alpha stand, and which of them multiply the gradient?",),
    5,
    "One weight",
    (),
)

LATE = Mistake(
    "δ from new weights",
    "A layer's δ came back through weights that had moved already. All δ come first, from the old weights, and then "
    "all weights move at once.",
    ("At which moment is the last matrix replaced, and who still reads it?",),
    5,
    "All at once",
    (),
)

NO_BIASES = Mistake(
    "biases not moved",
    "Row 0 stays as it was. A bias is a weight like the others, from neuron 0, whose output is 1.",
    ("Which rows of w does your step change?",),
    5,
    "What does not move",
    (),
)

NOT_MOVED = Mistake(
    "old weights returned",
    "No weight has moved: this is the network as it was given.",
    ("A Network is never changed. Where do the new weights go?",),
    5,
    "One weight",
    (),
)

NO_SIGMA = Mistake(
    "σ left out",
    "The outputs are the activations themselves here. Without σ all layers together are one linear map.",
    ("Which line of yours turns an activation into an output?",),
    1,
    "Activation and output",
    (),
)

SIGMA_TWICE = Mistake(
    "σ applied twice",
    "An output is σ of σ of the activation here.",
    ("Follow one activation through your lines: how often does it meet σ before the next layer?",),
    1,
    "Activation and output",
    (),
)

SIGMA_OF_ANOTHER_LAYER_FORWARD = Mistake(
    "σ of another layer",
    "A layer uses the σ that belongs to another one. Each layer from 1 on has its own.",
    ("Which entry of net.sigma belongs to layer 1? Mind that net.sigma[0] is None.",),
    2,
    "Your turn: the forward phase",
    (),
)

LOGISTIC_EVERYWHERE = Mistake(
    "logistic σ in every layer",
    "Every layer uses the logistic function here. A network brings its own σ for each layer.",
    ("Where does a network keep its σ?",),
    2,
    "Your turn: the forward phase",
    (),
)

WEIGHTS_OF_ANOTHER_LAYER_FORWARD = Mistake(
    "weights of the wrong layer",
    "A layer uses the matrix that belongs to another pair of layers. It fits only where the widths happen to be equal.",
    ("From which layer to which does w[0] lead? Which of them do you read with it?",),
    1,
    "The matrix w",
    (),
)

SWAPPED = Mistake(
    "rows and columns of w swapped",
    "The first index of a weight says where it comes from, the second where it leads. Here they are read the other way "
    "round: that is the transposed matrix.",
    (
        "Do the weights that lead to one neuron stand in a row or in a column of w?",
        "Over which index of w does the sum run, the first or the second?",
    ),
    1,
    "The matrix w",
    (),
)
_HOLD_AGAINST = (
    "Hold your δ and your gradient against those of the kit. Which is the first number with this factor in it?"
)
STEP_TWICE = replace(
    TWICE,
    name=f"Δw twice as large, or {TWICE.name}",
    why="Every weight moves twice as far as it should: α or the gradient was doubled, or every δ, where the ½ of the "
    "loss is lost.",
    hints=(_HOLD_AGAINST, *TWICE.hints),
    lesson=5,
    heading="One weight",
)
STEP_HALF = replace(
    HALF,
    name=f"Δw half as large, or {HALF.name}",
    why="Every weight moves half as far as it should: α or the gradient was halved, or every δ, where the ½ of the "
    "loss is taken twice.",
    hints=(_HOLD_AGAINST, *HALF.hints),
    lesson=5,
    heading="One weight",
)
SIGN_AND_MEAN = both(SIGN, MEAN_ALREADY)
