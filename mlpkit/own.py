"""The learner's functions as the engine: the numbers that they give for one example, symbol by symbol."""

from mlpkit import network
from mlpkit.comparing import pieces
from mlpkit.questions import QUESTIONS, Case
from mlpkit.running import Finding, name_of, run

FUNCTIONS = ("forward", "backward", "gradient", "step")  # each may be the learner's, with the kit's own arguments


class Own:
    """The learner's functions, in place of the kit's of the same name.

    functions: {a name of FUNCTIONS: the function}; None stands for none.
    """

    def __init__(self, functions):
        self.functions = {name: function for name, function in functions.items() if function is not None}
        self._given_up = {}  # {name: why}: what did not end is not called again

    def __bool__(self):
        return bool(self.functions)

    @property
    def names(self):
        """The functions in words, such as 'my_forward and my_backward'."""
        written = [name_of(self.functions[name]).strip("`") for name in FUNCTIONS if name in self.functions]
        written = ["your own" if name == "Your function" else name for name in written]
        return " and ".join([", ".join(written[:-1]), written[-1]] if len(written) > 1 else written)

    def numbers(self, net, I, D, alpha):
        """What they give for one example: ({symbol: number}, a sentence for each that gives nothing that fits).

        Each is given what the one before it gave: backward gets the learner's (a, o), and gradient also the learner's
        delta; where there is none, what the kit computes.
        """
        case = Case(net, I, D, alpha, "this example")
        found, sentences = {}, []

        def ask(name, arguments):
            """{kind: the list of its arrays by layer}, or nothing where there is no function or no answer that fits."""
            if name not in self.functions:
                return {}
            lists = {}
            try:
                if name in self._given_up:
                    raise self._given_up[name]
                for piece in pieces(QUESTIONS[name], case, run(self.functions[name], arguments).answer):
                    found.update(piece.numbers())
                    kind, l = piece.prefix
                    lists.setdefault(kind, [None] * net.L)[l] = piece.theirs
            except Finding as finding:
                if finding.time_up:
                    self._given_up[name] = finding
                said = finding.sentence.replace("`", "").replace("\n", " ")
                sentences.append(f"{said} The kit’s {name} is shown instead.")
                return {}
            return lists

        theirs = ask("forward", {"net": net, "I": I})
        a, o = (theirs["a"], theirs["o"]) if theirs else network.forward(net, I)
        theirs = ask("backward", {"net": net, "(a, o)": (a, o), "D": D})
        delta = theirs["delta"] if theirs else network.backward(net, (a, o), D)
        ask("gradient", {"o": o, "delta": delta})
        ask("step", {"net": net, "I": I, "D": D, "alpha": alpha})
        return found, sentences
