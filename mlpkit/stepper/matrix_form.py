"""The matrix form of a micro-step, as plain data: the arrays it belongs to, their shapes, and the row or column in use.

w stands the same way in every phase, its rows where a weight begins and its columns where it ends. Forward, a neuron
collects down its column; backward, along its row: that is all that the transpose says. Where a δ comes back through a
small w, both are lit in one table.
"""

from mlpkit import notation
from mlpkit.notation import array_mathml, array_text, in_parentheses, key

_BOTH = 3  # columns of a w that leave room for what came forward through it
GAP = {"text": "⋯", "state": "", "kind": "gap"}


def matrix_form(net, symbol, shown, number, state, broken=()):
    """The step that writes `symbol`, as operations on whole arrays.

    shown: for each layer the neurons that have a place, such as [0, 1, 2]. number(symbol): the text of a number, or
    None while it is not written. state(symbol): "read", "write" or "". broken: the mistakes made on purpose.
    Returns {formula: MathML, shapes, words, grids}. A grid is {caption, rows}, a row a list of cells
    {text, state, kind}, those with a number also {symbol, spoken}; state may be "came" as well: a sum of the forward
    phase over the same w was made of it. kind is head, number, fixed (it stays out), gap or array: the name of an
    array, at the first of the `rows` that are its own.
    """
    form = _Form(net, shown, number, state, frozenset(broken))
    kind, *place = symbol
    return _KINDS[kind](form, *place)


class _Form:
    def __init__(self, net, shown, number, state, broken):
        self.net, self.shown, self.number, self.state, self.broken = net, shown, number, state, broken

    def with_column(self, l, j):
        """The same, with what a_j^l was made of lit as well: "came", where a step does not read or write it."""
        terms = {("a", l, j)} | {s for i in range(self.net.n[l - 1]) for s in (("o", l - 1, i), ("w", l - 1, i, j))}

        def state(symbol):
            return self.state(symbol) or ("came" if symbol in terms else "")

        return _Form(self.net, self.shown, self.number, state, self.broken)

    def delta_0_stays_out(self, l):
        return "delta_0" not in self.broken or l == self.net.L - 1

    def cell(self, *symbol, fixed=False):
        text = self.number(symbol)
        words = f"{notation.spoken(symbol)}: {text if text is not None else 'not computed yet'}"
        return {
            "text": text or "",
            "symbol": key(symbol),
            "spoken": words,
            "state": self.state(symbol),
            "kind": "fixed" if fixed else "number",
        }

    def over(self, l, make, empty=None):
        """One cell for each neuron of layer l that has a place, and a gap where others have none."""
        cells = [make(i) for i in self.shown[l]]
        return cells if len(cells) == self.net.n[l] else [*cells, empty or GAP]

    def heads(self, l, word=""):
        return self.over(l, lambda i: _head(f"{word}{i}"), _head("⋯"))

    def weights(self, kind, l, i):
        """Row i of an array of the shape of w^l. Column 0 never moves."""
        fixed = self.delta_0_stays_out(l + 1) or kind == "w"
        return self.over(l + 1, lambda j: self.cell(kind, l, i, j, fixed=j == 0 and fixed))

    def deltas(self, l):
        """δ of layer l; that of neuron 0 stays out."""
        return self.over(l, lambda i: self.delta(l, i))

    def delta(self, l, i):
        return self.cell("delta", l, i, fixed=i == 0 and self.delta_0_stays_out(l))

    def column_0(self, l):
        """What happens to column 0 of an array of the shape of w^l."""
        return "Column 0 stays out." if self.delta_0_stays_out(l + 1) else "Column 0 moves too, by mistake."

    def rows(self, l, before, kind, after=lambda i: []):
        """The rows of an array of the shape of w^l, with cells before and after each."""
        rows = [[*before(i), *self.weights(kind, l, i), *after(i)] for i in self.shown[l]]
        return rows if len(rows) == self.net.n[l] else [*rows, [GAP]]


def _from(i):
    return _head(f"from {i}")


def _head(text):
    return {"text": text, "state": "", "kind": "head"}


def _transposed(mathml):
    return f"<msup><mrow>{in_parentheses(mathml)}</mrow><mi>T</mi></msup>"


def _is(left, *right):
    return f"<math>{left}<mo>=</mo>{''.join(right)}</math>"


def _form(formula, shapes, words, *grids):
    captioned = [{"caption": caption, "rows": rows} for caption, rows in grids]
    return {"formula": formula, "shapes": shapes, "words": words, "grids": captioned}


_TIMES_EACH = "<mo>⊙</mo>"
_SIGMA = "<mi>σ</mi>"
_SLOPE = "<msup><mi>σ</mi><mo>′</mo></msup>"


def _call(function, argument):
    return function + in_parentheses(argument)


def _a(form, l, j):
    n, before = form.net.n, l - 1
    rows = [
        [_head(""), _head(array_text("o", before)), *form.heads(l, "to ")],
        *form.rows(before, lambda i: [_from(i), form.cell("o", before, i)], "w"),
        [_head(array_text("a", l)), _head(""), *form.over(l, lambda k: form.cell("a", l, k))],
    ]
    return _form(
        _is(array_mathml("a", l), array_mathml("o", before), array_mathml("w", before)),
        f"({n[l]}) = ({n[before]}) · ({n[before]}, {n[l]})",
        f"Neuron {j} collects down column {j}: each output times the weight beside it.",
        (array_text("w", before), rows),
    )


def _o(form, l, i):
    n = form.net.n
    rows = [[_head("neuron"), *form.heads(l)]]
    if l == 0:
        inputs = form.over(0, lambda k: form.cell("I", k) if k else _head(""))
        rows += [[_head("I"), *inputs], [_head(array_text("o", 0)), *form.over(0, lambda k: form.cell("o", 0, k))]]
        formula = _is(array_mathml("o", 0), in_parentheses("<mn>1</mn><mo>,</mo><mi>I</mi>"))
    else:
        rows += _vectors(form, l, "a", "o")
        formula = _is(array_mathml("o", l), _call(_SIGMA, array_mathml("a", l)))
    words = "Each number by itself; that of neuron 0 is set to 1."
    if l and not form.net.sigma[l].elementwise:
        words = "Each number from all a but that of neuron 0; o₀ is set to 1."
    elif l and "bias" in form.broken:
        words = "Each number by itself; that of neuron 0 as well, by mistake."
    return _form(formula, f"({n[l]}) = ({n[l]})", words, (f"layer {l}", rows))


def _vectors(form, l, *kinds):
    """One row for each kind of number in layer l."""
    return [[_head(array_text(kind, l)), *form.over(l, lambda i, k=kind: form.cell(k, l, i))] for kind in kinds]


def _outputs(form, *kinds):
    """The rows of the output layer, D among them."""
    last = form.net.L - 1
    rows = [[_head("neuron"), *form.heads(last)]]
    rows += _vectors(form, last, *kinds[:-1])
    rows.append([_head("D"), *form.over(last, lambda j: form.cell("D", j) if j else _head(""))])
    return rows + ([[_head(array_text("delta", last)), *form.deltas(last)]] if kinds[-1] == "delta" else [])


def _loss(form):
    last = form.net.L - 1
    formula = _is(
        notation.mathml(("loss",)),
        _call(notation.mathml(("loss",)), f"{array_mathml('o', last)}<mo>,</mo><mi>D</mi>"),
    )
    size = form.net.n[last] - 1
    words = "One number from all outputs; neuron 0 stays out, there is no D for it."
    return _form(formula, f"a number = ({size}), ({size})", words, (f"layer {last}", _outputs(form, "o", "D")))


def _delta(form, l, i):
    n, last = form.net.n, form.net.L - 1
    slopes = () if "slope" in form.broken else (_call(_SLOPE, array_mathml("a", l)), _TIMES_EACH)
    times = "" if "slope" in form.broken else f"({n[l]}) ⊙ "
    together = slopes and not form.net.sigma[l].elementwise
    if together:
        slopes = (_transposed(_call(_SLOPE, array_mathml("a", l))),)
        times = f"({n[l] - 1}, {n[l] - 1}) · "
    stays_out = " Neuron 0 stays out: its δ is set to 0."
    if not form.delta_0_stays_out(l):
        stays_out = " Neuron 0 as well, by mistake."
    if l == last:
        sign = "<mo>−</mo>" if "sign" in form.broken else ""
        slope = "<mfrac><mrow><mo>∂</mo>" + notation.mathml(("loss",)) + "</mrow><mrow><mo>∂</mo>"
        slope += f"{array_mathml('o', l)}</mrow></mfrac>"
        formula = _is(array_mathml("delta", l), sign, *slopes, slope)
        grid = (f"layer {l}", _outputs(form, "a", "o", "delta"))
        words = ("Each number by itself." if slopes == () else "⊙: number by number.") + stays_out
        if together:
            words = "Every o depends on every a: σ′ is a matrix, its entry k, j being ∂oₖ/∂aⱼ." + stays_out
            return _form(formula, f"({n[l] - 1}) = {times}({n[l] - 1})", words, grid)
        return _form(formula, f"({n[l]}) = {times}({n[l]})", words, grid)
    after, w = l + 1, "w_new" if "late" in form.broken else "w"
    caption, both = array_text(w, l), i > 0 and n[after] <= _BOTH and w == "w"
    if both:
        j = min(i, n[after] - 1)
        form = form.with_column(after, j)
        caption += f": forward down column {j}, backward along row {i}"
    rows = [
        [_head(""), *([_head(array_text("o", l))] if both else []), *form.heads(after, "to "), _head("")],
        [
            _head(array_text("delta", after)),
            *([_head("")] if both else []),
            *form.deltas(after),
            _head(array_text("delta", l)),
        ],
        *form.rows(l, lambda k: [_from(k), *([form.cell("o", l, k)] if both else [])], w, lambda k: [form.delta(l, k)]),
    ]
    if both:
        rows.append([_head(array_text("a", after)), _head(""), *form.over(after, lambda k: form.cell("a", after, k))])
    collects = f"Neuron {i} collects along row {i}, which is column {i} of the transpose." if i else ""
    transposed = _transposed(array_mathml(w, l))
    return _form(
        _is(
            array_mathml("delta", l),
            *slopes,
            in_parentheses(array_mathml("delta", after) + transposed),
        ),
        f"({n[l]}) = {times}({n[after]}) · ({n[after]}, {n[l]})",
        f"{collects}{stays_out}".strip(),
        (caption, rows),
    )


def _grad(form, l, i, j):
    n, after = form.net.n, l + 1
    rows = [
        [_head(""), _head(f"{array_text('o', l)} ↓"), *form.heads(after, "to ")],
        [_head(f"{array_text('delta', after)} →"), _head(""), *form.deltas(after)],
        *form.rows(l, lambda k: [_from(k), form.cell("o", l, k)], "grad"),
    ]
    transposed = _transposed(array_mathml("o", l))
    return _form(
        _is(array_mathml("grad", l), transposed, array_mathml("delta", after)),
        f"({n[l]}, {n[after]}) = ({n[l]}, 1) · (1, {n[after]})",
        f"Row {i}, column {j}: the output at the left times the δ above. {form.column_0(l)}",
        (array_text("grad", l), rows),
    )


def _plain(form, l, *kinds):
    """Arrays of the shape of w^l, one below the other, so that what belongs together stands in one column."""
    table = [[_head(""), _head(""), *form.heads(l + 1, "to ")]]
    for kind in kinds:
        rows = form.rows(l, lambda i: [_from(i)], kind)
        rows[0].insert(0, {"text": array_text(kind, l), "state": "", "kind": "array", "rows": len(rows)})
        table += rows
    return "", table


def _w(form, l, i, j):
    return _form(
        f"<math>{array_mathml('w', l)}</math>",
        f"({form.net.n[l]}, {form.net.n[l + 1]})",
        f"From neuron {i} of layer {l}: row {i}. To neuron {j} of layer {l + 1}: column {j}.",
        _plain(form, l, "w"),
    )


def _dw(form, l, i, j):
    shape = f"({form.net.n[l]}, {form.net.n[l + 1]})"
    return _form(
        _is(array_mathml("dw", l), "<mo>−</mo><mi>α</mi>", array_mathml("grad", l)),
        f"{shape} = a number · {shape}",
        f"Each number by itself. {form.column_0(l)}",
        _plain(form, l, "grad", "dw"),
    )


def _w_new(form, l, i, j):
    shape = f"({form.net.n[l]}, {form.net.n[l + 1]})"
    return _form(
        _is(array_mathml("w_new", l), array_mathml("w", l), "<mo>+</mo>", array_mathml("dw", l)),
        f"{shape} = {shape} + {shape}",
        form.column_0(l),
        _plain(form, l, "w", "dw", "w_new"),
    )


_KINDS = {"a": _a, "o": _o, "loss": _loss, "delta": _delta, "grad": _grad, "w": _w, "dw": _dw, "w_new": _w_new}
