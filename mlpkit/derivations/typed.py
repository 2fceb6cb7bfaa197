"""A line as one types it, in the names of the code; read without ever being run as code.

    delta[l+1][j] * o[l][i]                                         δ_j^{ℓ+1} o_i^ℓ
    sigma_prime(a[l][i]) * sum(w[l][i, k] * delta[l+1][k] for k)    σ'(a_i^ℓ) Σ_k w_ik^ℓ δ_k^{ℓ+1}
    sum(o[l][m] * w[l][m, k] for m in range(1, n[l]))               Σ from m = 1 to n^ℓ - 1
    (i == j), kronecker(i, j)  or  [i = j]                          [i = j]
    partial(loss, a[l+1][k])                                        ∂L̃/∂a_k^{ℓ+1}

Names: a, o, delta, w, D, alpha, loss, sigma, sigma_prime, sum, partial, kronecker. Layers: l, L or 0, plus or minus a
whole number. Indices: single letters, or whole numbers. D[j] is counted as in the notes, from 1. Between them: + - * /,
** with a whole number from 0 to 9, parentheses. "for k" alone means all neurons of the layer in which k is used.
"""

import ast
import re
import warnings

from mlpkit.derivations.formulas import ALPHA, LOSS, D, Partial, Sigma
from mlpkit.notation.expressions import Add, Div, Kronecker, Layer, Mul, Neg, Num, Power, Ref, Sum, add, mul, sub

LONGEST = 400  # characters
DEEPEST = 30  # nested brackets and operators
MOST_SUMS = 3  # inside each other: each one multiplies the work by the width of a layer
HIGHEST_POWER = 9

# What one may type instead, because it stands so in the lessons or comes from a keyboard that has it.
_INSTEAD = [
    (r"(?:σ|sigma)\s*[′'’]", "sigma_prime"),
    (r"σ", "sigma"),
    (r"δ", "delta"),
    (r"α", "alpha"),
    (r"ℓ", "l"),
    (r"[·×⋅]", "*"),
    (r"[−–]", "-"),
    (r"\^", "**"),
    (r"\bfor\s+(\w+)\s*(?=\))", r"for \1 in every"),
]


# [i = j] where a symbol could stand; after a symbol it would be its index.
_KRONECKER = r"\[\s*(\w+)\s*==?\s*(\w+)\s*\]"

_WHOLE_LAYER = "A sum runs over a whole layer: for k, for k in range(n[l]), or for k in range(1, n[l])."
_NO_CONDITION = "A sum runs over a whole layer, without a condition."


class NotRead(ValueError):
    """What was typed is no line; its text is one sentence that says why."""


def read(text):
    """The tree of a right side that was typed, or NotRead. An equals sign in it: what follows the last one counts."""
    if not isinstance(text, str) or not text.strip():
        raise NotRead("There is nothing yet: type the right side of the line.")
    if len(text) > LONGEST:
        raise NotRead(f"The line has {len(text)} characters, and at most {LONGEST} are read: write it shorter.")
    plain, places = text, list(range(len(text) + 1))
    for pattern, instead in _INSTEAD:
        plain, places = _replaced(pattern, instead, plain, places)
    if re.search(r"\bfor\s+\w+\s*(?:=|∈|from\b|in\s+\d)", plain):
        raise NotRead(_WHOLE_LAYER)
    if re.search(r"[\w)\]]\s*" + _KRONECKER, plain):
        raise NotRead("Before [i = j] an operator is missing: write * between the two.")
    plain, places = _replaced(_KRONECKER, r"(\1 == \2)", plain, places)
    right = re.split(r"(?<![=<>!:])=(?!=)", plain)[-1].lstrip()
    plain, places = right.rstrip(), places[len(plain) - len(right) :]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python has opinions on forms such as 1if, which are refused below
            tree = ast.parse(plain, mode="eval").body
    except SyntaxError as problem:
        raise NotRead(_syntax(problem, plain, text, places)) from None
    except (ValueError, MemoryError, RecursionError):  # a zero byte; brackets without end
        raise NotRead("The line cannot be read: is there a character too many, or too many brackets?") from None
    return _Reader().node(tree)


def _replaced(pattern, instead, plain, places):
    """What re.sub gives, and where each of its characters stood in what was typed. places: the same for plain."""
    parts, where, end = [], [], 0
    for found in re.finditer(pattern, plain):
        new = found.expand(instead)
        kept = len(found[0]) if new.startswith(found[0]) else 1
        parts += [plain[end : found.start()], new]
        where += places[end : found.start() + kept] + [places[found.end()]] * (len(new) - kept)
        end = found.end()
    return "".join([*parts, plain[end:]]), where + places[end:]


def read_forbidden(without):
    """{what may not stand in a line: whether a node is it}. without: one or several of "delta", "delta[l+1]",
    "partial" and "partial by an a"."""
    return {name: _test_of(name) for name in ((without,) if isinstance(without, str) else without)}


def _test_of(name):
    if name == "partial":
        return lambda node: isinstance(node, Partial)
    if name in _BY:
        return lambda node: isinstance(node, Partial) and node.bottom.kind == name[-1]
    kind, bracket, layer = name.partition("[")
    if kind not in _SHAPE or kind == "D" or (bracket and not layer.endswith("]")):
        raise ValueError(
            f"{name!r} cannot be left out: write a symbol with its layer, such as 'delta[l+1]', or 'partial'"
        )
    if not bracket:
        return lambda node: isinstance(node, Ref) and node.kind == kind
    where = read(f"{kind}[{layer[:-1]}]{'[i, j]' if kind == 'w' else '[i]'}").layer
    return lambda node: isinstance(node, Ref) and (node.kind, node.layer) == (kind, where)


def _syntax(problem, plain, text, places):
    """Why a line is none. plain: what Python was given of the text, and the places of its characters there."""
    if two := re.search(r"\bfor\s+(\w+)\s*(?:,|for\b)\s*(\w+)", plain):
        return _one_index(*two.groups())
    if re.search(r"\bfor\s+\w+\s+if\b", plain):
        return _NO_CONDITION
    if re.search(r"[∑Σ]|\bsum(?!\w*\s*\()", plain):
        return "A sum is written with brackets, over all neurons k of a layer: sum(w[l][i, k] * delta[l+1][k] for k)."
    if plain.count("(") != plain.count(")") or plain.count("[") != plain.count("]"):
        return "The brackets do not match: each one that opens needs one that closes."
    place = places[min(max((problem.offset or 1) - 1, 0), len(plain))]
    before, after = text[:place].lstrip()[-12:], text[place:].rstrip()[:12]
    return f"The line stops making sense at “{before}▸{after}”: is there an operator such as * missing?"


def _one_index(one, other):
    return (
        f"A sum runs over one index. For a second one, write a sum inside the sum: sum(… sum(… for {other}) for {one})."
    )


class _Reader:
    """From Python's syntax tree to ours. What is not named here is refused; nothing is evaluated."""

    def __init__(self):
        self.bound = []
        self.depth = 0

    def node(self, tree):
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRead("The line is nested too deeply: write it with fewer brackets.")
        try:
            match tree:
                case ast.BinOp(left=left, op=op, right=right):
                    return self._operation(left, op, right)
                case ast.UnaryOp(op=ast.USub(), operand=inner):
                    return Neg(self.node(inner))
                case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                    return self.node(inner)
                case ast.Constant(value=value) if type(value) in (int, float):
                    return Num(_number(value))
                case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                    return Kronecker(self._index(left), self._index(right))
                case ast.Subscript():
                    return self._symbol(tree)
                case ast.Call():
                    return self._call(tree)
                case ast.Name(id="alpha"):
                    return ALPHA
                case ast.Name(id="loss"):
                    raise NotRead("loss stands only in a derivative: partial(loss, a[l][i]).")
                case ast.Name(id=name) if name in _SHAPE:
                    raise NotRead(f"{name} needs its layer and its index: {_SHAPE[name]}.")
                case ast.Name(id=name):
                    raise NotRead(f"{name} is no name of this syntax: it has {_NAMES}.")
                case ast.GeneratorExp():
                    raise NotRead("“for” stands only inside a sum: sum(w[l][i, k] * delta[l+1][k] for k).")
        finally:
            self.depth -= 1
        raise NotRead(f"{_shown(tree)} is not part of this syntax: it has {_NAMES}, numbers and + - * / **.")

    def _operation(self, left, op, right):
        if isinstance(op, ast.Pow):
            exponent = right.value if isinstance(right, ast.Constant) else None
            if type(exponent) is not int or not 0 <= exponent <= HIGHEST_POWER:
                raise NotRead(f"A power needs a whole number from 0 to {HIGHEST_POWER} after **.")
            return Power(self.node(left), exponent)
        one, other = self.node(left), self.node(right)
        match op:
            case ast.Add():
                return add(one, other)
            case ast.Sub():
                return sub(one, other)
            case ast.Mult():
                return mul(one, other)
            case ast.Div():
                return Div(one, other)
            case ast.MatMult():
                raise NotRead("A line has numbers with indices, not matrices: write the sum out, sum(... for k).")
        raise NotRead("Only + - * / and ** stand between two terms.")

    def _symbol(self, tree):
        """name[layer][index], w[layer][i, j] or w[layer][i][j]; D[j]."""
        indices, inner = [], tree
        while isinstance(inner, ast.Subscript):
            parts = inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
            indices = [*parts, *indices]
            inner = inner.value
        name = inner.id if isinstance(inner, ast.Name) else _shown(inner)
        if name not in _SHAPE:
            raise NotRead(f"{name}[...] is no symbol of this syntax: it has {', '.join(_SHAPE.values())}.")
        count = {"w": 3, "D": 1}.get(name, 2)
        if len(indices) != count:
            raise NotRead(f"{name} needs {_COUNT[count]}: {_SHAPE[name]}.")
        if name == "D":
            return D(self._index(indices[0]))
        layer = self._layer(indices[0], name)
        return Ref((name, layer, *map(self._index, indices[1:])))

    def _layer(self, tree, name):
        match tree:
            case ast.Name(id="l" | "L" as base):
                return Layer(base)
            case ast.Constant(value=number) if _small(number):
                return number
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(more))) if (
                more < 100
            ):
                inner = self._layer(left, name)
                return inner + more if isinstance(op, ast.Add) else inner - more
        raise NotRead(f"{_shown(tree)} is no layer: write l, l+1, L-1 or a number, as in {_SHAPE[name]}.")

    def _index(self, tree):
        match tree:
            case ast.Name(id=letter) if len(letter) == 1 and letter.isalpha() and letter not in ("l", "L"):
                return letter
            case ast.Constant(value=number) if _small(number):
                return number
        raise NotRead(f"{_shown(tree)} is no index of a neuron: an index is one letter, such as i, or a number.")

    def _call(self, tree):
        name = tree.func.id if isinstance(tree.func, ast.Name) else _shown(tree.func)
        given = tree.args
        if tree.keywords or any(isinstance(one, ast.Starred) for one in given):
            raise NotRead(f"{name}(...) takes no names and no stars.")
        match name, given:
            case "sum", [ast.GeneratorExp(elt=body, generators=[loop])]:
                return self._sum(body, loop)
            case "sum", [
                ast.GeneratorExp(generators=[ast.comprehension(target=one), ast.comprehension(target=other), *_])
            ]:
                raise NotRead(_one_index(_shown(one), _shown(other)))
            case "sum", _:
                raise NotRead("A sum says over which index it runs: sum(w[l][i, k] * delta[l+1][k] for k).")
            case (("sigma" | "sigma_prime"), [inner]):
                of = self.node(inner)
                if not (isinstance(of, Ref) and of.kind == "a"):
                    raise NotRead(f"{name} is taken of an activation here: {name}(a[l][i]).")
                return Sigma(of, name == "sigma_prime")
            case "kronecker", [one, other]:
                return Kronecker(self._index(one), self._index(other))
            case "partial", [top, bottom]:
                return self._partial(top, bottom)
            case (("sigma" | "sigma_prime" | "kronecker" | "partial"), _):
                raise NotRead(f"{name} is written {_CALLS[name]}.")
        raise NotRead(f"{name}(...) is no function of this syntax: it has {', '.join(_CALLS)} and sum.")

    def _partial(self, top, bottom):
        of = LOSS if isinstance(top, ast.Name) and top.id == "loss" else self.node(top)
        by = self.node(bottom)
        simple = isinstance(of, Ref) and of.kind in ("loss", "a", "o")
        if not simple and not (isinstance(of, Sum) and all(map(_forwards, of.nodes()))):
            raise NotRead("partial takes the derivative of loss, of an a, of an o or of a sum of these and of w.")
        if not (isinstance(by, Ref) and by.kind in ("a", "o", "w")):
            raise NotRead("partial takes a derivative by an a, an o or a w.")
        return Partial(of, by)

    def _sum(self, body, loop):
        if isinstance(loop.target, ast.Tuple) and len(loop.target.elts) > 1:
            raise NotRead(_one_index(*map(_shown, loop.target.elts[:2])))
        if loop.ifs:
            raise NotRead(_NO_CONDITION)
        if not isinstance(loop.target, ast.Name) or loop.is_async:
            raise NotRead("A sum runs over one letter: sum(... for k).")
        letter = self._index(loop.target)
        if letter in self.bound:
            raise NotRead(f"{letter} is summed over twice, one sum inside the other: take another letter.")
        if len(self.bound) >= MOST_SUMS:
            raise NotRead(f"At most {MOST_SUMS} sums may stand inside each other.")
        self.bound.append(letter)
        try:
            inner = self.node(body)
        finally:
            self.bound.pop()
        low, layer = self._range(loop.iter)
        return Sum(letter, inner, low, layer)

    def _range(self, tree):
        """(low, layer) of "every", range(n[l]) or range(1, n[l])."""
        match tree:
            case ast.Name(id="every"):
                return 0, None
            case ast.Call(func=ast.Name(id="range"), args=[*lows, ast.Subscript(value=ast.Name(id="n"), slice=layer)]):
                match lows:
                    case []:
                        return 0, self._layer(layer, "o")
                    case [ast.Constant(value=low)] if _small(low):
                        return low, self._layer(layer, "o")
        raise NotRead(_WHOLE_LAYER)


def _forwards(node):
    """Whether a node may stand in a sum that is differentiated: no derivative, and no δ, which is one."""
    if isinstance(node, Ref):
        return node.kind in ("a", "o", "w")
    return isinstance(node, (Sum, Mul, Add, Neg, Num))


def _number(value):
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if abs(number) > 1e9:
        raise NotRead("A number in the line is too large: at most 1000000000.")
    return number


def _small(value):
    return type(value) is int and 0 <= value < 100


def _shown(tree):
    text = ast.unparse(tree).replace(" in every", "")
    return text if len(text) < 40 else text[:37] + "..."


_SHAPE = {
    "a": "a[l][i]",
    "o": "o[l][i]",
    "delta": "delta[l][i]",
    "w": "w[l][i, j]",
    "D": "D[j]",
}
_CALLS = {
    "sigma_prime": "sigma_prime(a[l][i])",
    "sigma": "sigma(a[l][i])",
    "kronecker": "kronecker(i, j)",
    "partial": "partial(loss, a[l][i])",
}
_BY = ("partial by an a", "partial by an o", "partial by a w")
_COUNT = {1: "one index", 2: "a layer and one index", 3: "a layer and two indices"}
_NAMES = "a, o, delta, w, D, alpha, loss (inside partial), sigma, sigma_prime, sum, partial and kronecker"
