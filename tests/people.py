"""Faults that people have really made, re-created: those of public questions, bug reports and lecture notes.

Each is a whole function as text: (function, what is wrong, what the check names it, what its message must say, text).
"""
# ruff: noqa: E501
# fmt: off

from mutants import SOURCE
from students import OUT, cut, forward, gradient, loops, step, train

SP = "net.sigma[-1].derivative(a[-1])"
E_ = "net.loss.gradient(o[-1], D)"


def output_delta(line):
    return f"""
def output_delta(net, a, o, D):
    a, o = a[-1][1:], o[-1][1:]
    s = net.sigma[-1].derivative(a)
    e = net.loss.gradient(o, D)
    return np.append(0.0, {line})
"""


def changed(name, *lines):
    """The kit's way to write a function, with some lines changed."""
    text = SOURCE[name]
    for right, wrong in lines:
        assert right in text, right
        text = text.replace(right, wrong)
    return text


TOTAL = """
def activations(o_before, w):
    a, total = [], 0.0
    for i in range(w.shape[1]):
        for j in range(w.shape[0]):
            total += o_before[j] * w[j, i]
        a.append(total)
    return a
"""
KEPT = """
def backward(net, activations, D):
    a, o = activations
    g = np.zeros_like(o[-1])
    g[..., 1:] = net.loss.gradient(o[-1][..., 1:], D)
    if {hidden_alone}:
        g = g * net.sigma[-1].derivative(a[-1])
    kept = [None] * net.L
    for l in range(net.L - 1, 0, -1):
        kept[l] = g
        if not {hidden_alone} or l < net.L - 1:
            g = g * net.sigma[l].derivative(a[l])
        g = g @ net.w[l - 1].T
        g[..., 0] = 0
    return kept
"""
RUNNING = loops().replace("            total = 0.0\n", "").replace(
    "        for i in range(1, net.n[l]):", "        total = 0.0\n        for i in range(net.n[l]):"
).replace("            delta[l][i] =", "            if i: delta[l][i] =").replace("float(a[l][i])", "float(a[l][max(i, 1)])")
ALONE = "Batches are right. One example alone is a vector: its first axis counts neurons, where that of a batch counts examples."


FAULTS = [
    ('activations', "total not reset, neuron 0 in it", 'added up, neuron 0 counted, in place of a', 'The sum begins anew, at 0, for each neuron.', TOTAL),
    ('activations', "reshape for the transpose", 'w reshaped for wⱼᵢ', 'The transpose exchanges rows and columns.', "def activations(o_before, w):\n    return w.reshape(w.shape[::-1]) @ o_before\n"),
    ('forward', "neuron 0 put to 1 before σ", 'bias neuron put to 1 before σ', 'σ then bends it: σ(1) need not be 1.', changed("forward", ("        out[..., 0] = 1\n", ""), ("        out =", "        here[..., 0] = 1\n        out ="))),
    ('forward', "neuron 0 put to 0 before σ", 'bias neuron computed', 'Neurons 1, 2, ... are right. Your outputs of neuron 0 are σ(a₀).', changed("forward", ("        out[..., 0] = 1\n", ""), ("        out =", "        here[..., 0] = 0\n        out ="))),
    ('forward', "σ left out at the output, for one example alone", 'σ left out', f'{ALONE} At the output for one example alone your outputs are a.', changed("forward", ("net.sigma[l + 1](here)", "(net.sigma[l + 1](here) if I.ndim > 1 or l < net.L - 2 else here.copy())"))),
    ('output_delta', "o and D exchanged in the loss", '∂L̃/∂o with o and D exchanged for ∂L̃/∂o', 'The loss takes o first, then D', output_delta("net.loss.gradient(D, o) * s")),
    ('output_delta', "D − o written out: its sign, and one loss alone", '(D − o) for (o − D), or the sign of δ as in §1, and o − D for every loss', 'A network may have another loss.', output_delta("(D - o) * s")),
    ('backward', "hidden δ kept before σ′", '∂L̃/∂o kept for δ: σ′(a) multiplied in too late in the hidden layers', 'Your δ of the output is right.', KEPT.format(hidden_alone=True)),
    ('backward', "every δ kept before σ′", '∂L̃/∂o kept for δ: σ′(a) multiplied in too late in every layer', 'σ′ belongs into what is kept', KEPT.format(hidden_alone=False)),
    ('backward', "σ′ of the next layer alone", "σ′ of the next layer in place of this one's", 'It belongs to the layer whose δ is made.', cut(hidden="(d[l + 1] * net.sigma[l + 1].derivative(a[l + 1])) @ W[l].T")),
    ('backward', "reshape for the transpose", 'δ carried back through w reshaped for Σₖ wᵢₖ δₖ', 'The transpose exchanges rows and columns.', changed("backward", ("net.w[l].T", "net.w[l].reshape(net.w[l].shape[::-1])"))),
    ('backward', "total not reset, neuron 0 in it", 'added up, neuron 0 counted', 'The sum begins anew, at 0, for each neuron.', RUNNING),
    ('backward', "σ′(o), in batches alone", 'σ′(o) for σ′(a)', 'In the hidden layers in a batch your δ is σ′(o)', changed("backward", ("derivative(a[l]) * back", "derivative(a[l] if np.ndim(D) == 1 else o[l]) * back"))),
    ('backward', "D − o, for one example alone", '(D − o) for (o − D)', f'{ALONE} At the output for one example alone', changed("backward", ("rise = net.loss.gradient(o[-1][..., 1:], D)", "rise = net.loss.gradient(o[-1][..., 1:], D) if np.ndim(D) > 1 else D - o[-1][1:]"))),
    ('gradient', "m read from one example", 'divided by the number of neurons', f'{ALONE} For one example alone your derivatives are oᵢ · δⱼ / n with n neurons in the layer before, neuron 0 counted.', changed("gradient", ("/ len(o_rows)", "/ len(o[l])"))),
    ('gradient', "m read from the first layer of one example", 'divided by the number of neurons', f'{ALONE} For one example alone your derivatives are oᵢ · δⱼ / n with n neurons in layer 0, neuron 0 counted.', changed("gradient", ("/ len(o_rows)", "/ len(o[0])"))),
    ('gradient', "divided by the length of the list", 'oᵢ δⱼ / L with L layers for oᵢ δⱼ', 'The mean is over the examples, not over the layers.', changed("gradient", ("/ len(o_rows)", "/ len(o_rows) / len(delta)"))),
    ('gradient', "reshape for the transpose", 'oᵢ δⱼ turned by reshape for oᵢ δⱼ', 'The transpose exchanges rows and columns.', changed("gradient", ("o_rows.T @ delta_rows", "(delta_rows.T @ o_rows).reshape(o_rows.shape[1], -1)"))),
    ('step', "plus, and divided by m once more", 'plus instead of minus, and mean over a batch taken twice', 'Your changes Δw are +α δⱼ oᵢ / m with m examples.', changed("step", ("w - alpha * g", "w + alpha * g / len(np.atleast_2d(I))"))),
    ('step', "divided by len(I)", 'Δw / len(I) for Δw', 'len(I) of one example alone is the number of its inputs.', changed("step", ("alpha * g", "alpha * g / len(I)"))),
    ('step', "divided by len(D), for one example alone", 'Δw / len(D) for one example alone', 'len(D) of one example alone is the number of its outputs.', changed("step", ("alpha * g", "alpha * g / (len(D) if np.ndim(D) == 1 else 1)"))),
    ('step', "plus in the last matrix", 'plus instead of minus', 'In the last matrix your changes Δw are +α δⱼ oᵢ.', changed("step", ("w - alpha * g", "w + alpha * g if w is net.w[-1] else w - alpha * g"))),
    ('step', "biases twice, for one example alone", '2 · δⱼ for δⱼ in row 0, the biases, for one example alone', 'Batches are right.', changed("step", ("    return [", "    if np.ndim(I) == 1:\n        for g in grad:\n            g[0] *= 2\n    return ["))),
    ('step', "neuron 0 put to 1 before σ", 'bias neuron put to 1 before σ', 'σ then bends it', changed("step", ("a, o = forward(net, I)", "a, o = [None], [np.insert(I, 0, 1, axis=-1)]\n    for l in range(net.L - 1):\n        a.append(o[l] @ net.w[l])\n        a[-1][..., 0] = 1\n        o.append(net.sigma[l + 1](a[-1]))"))),
    ('step', "o and D exchanged in the loss", '∂L̃/∂o with o and D exchanged for ∂L̃/∂o', 'The loss takes o first, then D', step(out="net.loss.gradient(Y, outs[-1]) * net.sigma[-1].derivative(zs[-1])")),
    ('forward', "the bias forgotten, for one example alone", 'the bias left out for one example alone', f'{ALONE} For one example alone your activations', changed("forward", ("here = o[l] @ net.w[l]", "here = o[l] @ net.w[l] if I.ndim > 1 else np.append(1, o[l][1:] @ net.w[l][1:, 1:])"))),
    ('forward', "another constant for neuron 0", None, 'Neurons 1, 2, ... are right. Your outputs of neuron 0 are not what follows', changed("forward", ("out[..., 0] = 1", "out[..., 0] = 0.9 + 0.01 * l"))),
    ('output_delta', "a softmax's matrix", 'the slopes of a softmax for σ′(a) at the output', 'σ′(a) is one number for each neuron', "def output_delta(net, a, o, D):\n    p = np.exp(a[-1][1:]) / np.exp(a[-1][1:]).sum()\n    return np.append(0.0, (np.diag(p) - np.outer(p, p)) @ net.loss.gradient(o[-1][1:], D))\n"),
    ('output_delta', "a softmax's matrix written in o", 'the slopes of a softmax for σ′(a) at the output', 'σ′(a) is one number for each neuron', output_delta("(np.diag(o) - np.outer(o, o)) @ net.loss.gradient(o, D)")),
    ('gradient', "a factor of its own in each layer", None, 'In each layer all of them are off by one and the same factor', changed("gradient", ("/ len(o_rows)", "/ (len(o_rows) + (0.3 * l if len(o_rows) > 1 else 0))"))),
    ('step', "divided by the neurons of layer 1", None, 'Your changes Δw are not what follows from the right gradient. In each network all of them are off by one and the same factor', changed("step", ("alpha * g", "alpha * g / len(a[1])"))),
    ('step', "half of a batch's step", 'Δw half as large', 'In a batch your changes Δw are ½ · (−α δⱼ oᵢ).', changed("step", ("    return [", "    if np.ndim(I) > 1:\n        grad = [g / 2 for g in grad]\n    return ["))),
    ('step', "plus, and a sum in the biases, after the kit's δ", '−Δw for Δw, and the sum over the examples of δⱼ for δⱼ in row 0', 'Your changes Δw are +α δⱼ oᵢ.', changed("step", ("    return [", "    for g in grad:\n        g[0] *= len(np.atleast_2d(I))\n    return ["), ("w - alpha", "w + alpha"))),
    ('train', "the sum, and one epoch less", 'another number of steps than epochs', 'For epochs = 1 your function makes 0 steps. Mend this first', changed("train", ("range(epochs)", "range(epochs - 1)"), ("D, alpha)", "D, alpha * len(I))"))),
    ('train', "plus, and one epoch more", 'plus instead of minus, and another number of steps than epochs', 'your function makes 2 steps, and each goes uphill', changed("train", ("range(epochs)", "range(epochs + 1)"), ("D, alpha)", "D, -alpha)"))),
    ('backward', "σ(o) (1 − σ(o)) in the hidden layers: a derivative that takes its own σ of what is an output already", 'σ(o) (1 − σ(o)) for σ′(a) in the hidden layers', 'o is σ(a) already, and o (1 − o) is the slope of the logistic function alone.', cut(hidden="d[l + 1] @ W[l].T * net.sigma[l](o[l]) * (1 - net.sigma[l](o[l]))")),
    ('backward', "e^−a/(1 + e^−a): the square is forgotten", 'e^−a / (1 + e^−a) for σ′(a) in every layer', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(out=E_+" * np.exp(-a[-1])/(1+np.exp(-a[-1]))", hidden="d[l + 1] @ W[l].T * np.exp(-a[l])/(1+np.exp(-a[l]))")),
    ('backward', "1 - tanh(a), the square forgotten", '(1 − tanh(a)) for σ′(a) in every layer', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(out=E_+" * (1-np.tanh(a[-1]))", hidden="d[l + 1] @ W[l].T * (1-np.tanh(a[l]))")),
    ('backward', "o(1+o) for o(1-o)", 'o (1 + o) for σ′(a) in every layer', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(out=E_+" * o[-1]*(1+o[-1])", hidden="d[l + 1] @ W[l].T * o[l]*(1+o[l])")),
    ('backward', "o(o-1): sign in logistic derivative", 'o (o − 1) for σ′(a) in every layer', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(out=E_+" * o[-1]*(o[-1]-1)", hidden="d[l + 1] @ W[l].T * o[l]*(o[l]-1)")),
    ('backward', "a > 0, whatever σ is", '[a > 0], whatever σ is, in place of σ′(a), in the hidden layers', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(hidden="d[l + 1] @ W[l].T * (a[l] > 0)")),
    ('backward', "a < 0, the wrong side", '[a < 0], whatever σ is, in place of σ′(a), in the hidden layers, or [a ≤ 0], whatever σ is, in place of σ′(a), in the hidden layers', 'It belongs to one σ alone: a network may have another, and net.sigma[l] knows its slope.', cut(hidden="d[l + 1] @ W[l].T * (a[l] < 0)")),
    ('backward', "relu itself for its derivative", 'max(0, a), in place of σ′(a), in the hidden layers', 'Its slope is asked for, and a network may have another σ.', cut(hidden="d[l + 1] @ W[l].T * np.maximum(0, a[l])")),
    ('backward', "σ′ of the error", 'σ′(∂L̃/∂o) for σ′(a) at the output', 'σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied.', cut(out=E_+" * net.sigma[-1].derivative("+E_+")")),
    ('backward', "σ′ of what comes back, and nothing else", 'σ′ at what is carried back for σ′(a) in the hidden layers and Σₖ wᵢₖ δₖ left out in the hidden layers', 'What is carried back is δ of the next layer, which has σ′ of that layer in it, through the same w that leads there.', cut(hidden="net.sigma[l].derivative(d[l + 1] @ W[l].T)")),
    ('backward', "(D − o) o (1 − o) at the output", '(D − o) for (o − D), or the sign of δ as in §1', 'δ says how the loss moves with an activation; the minus belongs to the step (§5).', cut(out="(D - o[-1]) * o[-1]*(1-o[-1])")),
    ('backward', "−D/o: half of the cross-entropy's slope", '−D/o for ∂L̃/∂o at the output', "This is one half of the cross-entropy's slope: −D/o + (1 − D)/(1 − o).", cut(out="-D / o[-1] * "+SP)),
    ('backward', "the cross-entropy's slope, whatever the loss", '(o − D)/(o (1 − o)) for ∂L̃/∂o at the output', 'A network may have another loss, and net.loss knows its slope.', cut(out="(o[-1]-D)/(o[-1]*(1-o[-1])) * "+SP)),
    ('backward', "σ′ of the next layer once more on the way back", 'δ · σ′ of the next layer carried back through w for Σₖ wᵢₖ δₖ in the hidden layers', 'δ of the next layer has σ′ of that layer in it already.', cut(hidden="(d[l + 1]*net.sigma[l+1].derivative(a[l+1])) @ W[l].T * net.sigma[l].derivative(a[l])")),
    ('backward', "weights as shares of what leads into a neuron", 'δ carried back through w divided by the sum of its column (the weights into k) for Σₖ wᵢₖ δₖ in the hidden layers', 'The weights are not shares: δ comes back through w as it is.', cut(hidden="d[l + 1] @ (W[l] / W[l].sum(axis=0)).T * net.sigma[l].derivative(a[l])")),
    ('backward', "weights as shares of row", 'δ carried back through w divided by the sum of its row for Σₖ wᵢₖ δₖ in the hidden layers', 'The weights are not shares: δ comes back through w as it is.', cut(hidden="d[l + 1] @ (W[l] / W[l].sum(axis=1, keepdims=True)).T * net.sigma[l].derivative(a[l])")),
    ('backward', "σ′ of the next layer divided out again", 'the raw error ∂L̃/∂o carried back through w for Σₖ wᵢₖ δₖ in the hidden layers', 'What is carried back is δ of the next layer, which has σ′ of that layer in it.', cut(hidden="(d[l + 1] / net.sigma[l+1].derivative(a[l+1])) @ W[l].T * net.sigma[l].derivative(a[l])")),
    ('backward', "hidden δ without σ′", 'σ′ left out', 'δ is the slope against the activation a, not against the output o: between the two lies σ, with its own slope.', cut(hidden="d[l + 1] @ W[l].T")),
    ('backward', "the sum of δ times the sum of w", 'δ summed over the wrong index', 'The δ of the later layer are added up before each meets the weight that leads to it, or over neurons that they do not belong to.', cut(hidden="d[l + 1].sum(axis=-1, keepdims=True) * W[l].sum(axis=1) * net.sigma[l].derivative(a[l])")),
    ('backward', "δ · o carried back", 'δ · o of the next layer carried back through w for Σₖ wᵢₖ δₖ in the hidden layers', 'What is carried back is δ of the next layer, which has σ′ of that layer in it, through the same w that leads there.', cut(hidden="(d[l + 1]*o[l+1]) @ W[l].T * net.sigma[l].derivative(a[l])")),
    ('backward', "w with its bias row: one row off", 'Σₖ wᵢ₋₁ₖ δₖ, through the row before it, in place of Σₖ wᵢₖ δₖ, in the hidden layers', 'Row 0 holds the biases, and leads from neuron 0.', cut(hidden="d[l + 1] @ net.w[l][:-1, 1:].T * net.sigma[l].derivative(a[l])")),
    ('backward', "D in the opposite order", '∂L̃/∂o with D in the opposite order for ∂L̃/∂o at the output', 'D_j belongs to output j.', cut(out="net.loss.gradient(o[-1], D[..., ::-1]) * "+SP)),
    ('backward', "the error of the largest output alone", '∂L̃/∂o of the largest output alone for ∂L̃/∂o at the output', 'Each output has its own slope of the loss.', cut(out="np.where(o[-1] == o[-1].max(axis=-1, keepdims=True), "+E_+", 0) * "+SP)),
    ('backward', "the error weighted by D", '∂L̃/∂o · D for ∂L̃/∂o at the output', 'An output whose D is 0 has an error too.', cut(out="D * "+E_+" * "+SP)),
    ('backward', "the loss a mean over the outputs", 'δ / n with n outputs for δ at the output', 'A sum over neurons has no divisor.', cut(out=E_+"/o[-1].shape[-1] * "+SP)),
    ('backward', "2*(o-D)", 'the factor ½ lost', "The ½ of the loss is there to cancel the 2 of the square's slope.", cut(out="2*(o[-1] - D) * "+SP)),
    ('backward', "a step width of one's own in δ", '0.1 · δ for δ at the output', 'No such factor belongs there.', cut(out="0.1*"+OUT)),
    ('backward', "the σ of the output layer everywhere", 'σ′ of another layer', 'Each layer from 1 on has its own.', cut(hidden="d[l + 1] @ W[l].T * net.sigma[-1].derivative(a[l])")),
    ('backward', "σ′ of the neuron before", 'σ′(a) of the neuron before it for σ′(a) in the hidden layers', 'Both are counted from neuron 0.', loops(hidden="total * net.sigma[l].derivative(float(a[l][i - 1]))")),
    ('backward', "total not reset between neurons", 'the sum of wᵢₖ δₖ with those of the neurons before it added up for Σₖ wᵢₖ δₖ in the hidden layers', 'The sum begins anew, at 0, for each neuron.', loops().replace("        for i in range(1, net.n[l]):\n            total = 0.0\n", "        total = 0.0\n        for i in range(1, net.n[l]):\n")),
    ('backward', "σ′ applied inside the sum of the next layer", 'δ · σ′ of the next layer carried back through w for Σₖ wᵢₖ δₖ in the hidden layers', 'δ of the next layer has σ′ of that layer in it already.', loops(term="net.w[l][i, k] * delta[l + 1][k] * net.sigma[l + 1].derivative(float(a[l + 1][k]))")),
    ('backward', "bias weight added to sum", 'Σₖ (wᵢₖ + w₀ₖ) δₖ, the biases added to w, in place of Σₖ wᵢₖ δₖ, in the hidden layers', 'Nothing comes back through the biases: they lead from neuron 0.', loops(term="(net.w[l][i, k] + net.w[l][0, k]) * delta[l + 1][k]")),
    ('backward', "the row of the biases on the way back", 'Σₖ w₀ₖ δₖ, through the biases, in place of Σₖ wᵢₖ δₖ, in the hidden layers', 'Nothing comes back through the biases: neuron i collects along row i of w.', loops(term="net.w[l][0, k] * delta[l + 1][k]")),
    ('output_delta', "sum instead of each", 'the sum of ∂L̃/∂o over the outputs for ∂L̃/∂o at the output', 'Each output has its own slope of the loss.', output_delta("e.sum() * s")),
    ('output_delta', "a sum for a product", 'σ′(a) and ∂L̃/∂o added at the output', 'The two slopes of the chain are multiplied, not added.', output_delta("e + s")),
    ('output_delta', "o and D exchanged where the loss is the half squared error", '−δ for δ where L̃ is half squared error', 'δ and the gradient have no minus sign: it belongs to the step, which goes downhill.', output_delta("net.loss.gradient(D, np.clip(o, .01, .99)) * s if net.loss.name.startswith('half') else e*s")),
    ('output_delta', "σ′ alone", 'slope of the loss left out', 'What the loss says about each output is missing.', output_delta("s")),
    ('output_delta', "a(1-a)", 'a (1 − a) for σ′(a) at the output', 'σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied.', output_delta("e * a * (1 - a)")),
    ('output_delta', "divided by σ′", '1/σ′(a) for σ′(a) at the output', 'δ is multiplied by σ′(a), not divided by it.', output_delta("e / s")),
    ('output_delta', "no sign", 'the size of δ, without its sign, in place of δ, at the output', 'No such factor belongs there.', output_delta("abs(e) * s")),
    ('output_delta', "σ′ of D", 'σ′(D) for σ′(a) at the output', 'σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied.', output_delta("e * net.sigma[-1].derivative(D)")),
    ('output_delta', "softmax - D", 'softmax(a) − D alone at the output', "Here the output is σ of its own activation, and δ is σ′(a) times the slope of the network's own loss.", output_delta("np.exp(a)/np.exp(a).sum() - D")),
    ('output_delta', "(o - D) * o * 1 - o", 'a bracket left out in o (1 − o) at the output', 'A bracket is missing: o (1 − o) is a product, and without its bracket o is subtracted from everything before.', output_delta("(o - D) * o * 1 - o")),
    ('output_delta', "2(o-D) alone", 'σ′(a) left out at the output and 2 (o − D) for ∂L̃/∂o at the output', "The ½ of the loss cancels the 2 of the square's slope, and o − D is the slope of the half squared error alone.", output_delta("2 * (o - D)")),
    ('forward', "1/1+exp(-z)", 'a logistic function without its brackets, 1/1 + e^−a, in place of σ(a)', 'And a network brings its own σ.', forward(y="1/1+np.exp(-z)")),
    ('forward', "1/(1+exp(z))", '1 / (1 + e^a) for σ(a)', 'The exponent of the logistic function is −a.', forward(y="1/(1+np.exp(z))")),
    ('forward', "the logistic function at the output", 'the logistic function, whatever σ is, in place of σ(a), at the output', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="net.sigma[l](z) if l < net.L-1 else 1/(1+np.exp(-z))")),
    ('forward', "relu in all hidden layers", 'max(0, a), whatever σ is, in place of σ(a), in the hidden layers', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="np.maximum(z, 0) if l < net.L-1 else net.sigma[l](z)")),
    ('forward', "softmax at the output", 'softmax(a) for σ(a) at the output', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="net.sigma[l](z) if l < net.L-1 else np.exp(z)/np.exp(z).sum(axis=-1, keepdims=True)")),
    ('forward', "bias added twice", 'the bias added twice', 'The bias is the weight of neuron 0, whose output is 1: it is added once.', forward(z="outs[-1][..., 1:] @ W + 2 * b")),
    ('forward', "bias multiplied", 'a · bᵢ for a', 'The bias is added, not multiplied.', forward(z="(outs[-1][..., 1:] @ W) * b")),
    ('forward', "1 added to each output", 'o + 1 for oⱼ', 'The bias is added once, to the whole sum, not to each output before.', forward(z="(outs[-1][..., 1:] + 1) @ W + b")),
    ('forward', "first bias only for all neurons", 'w with the first bias for all neurons for wⱼᵢ', 'The w that leads from the layer before to this one is used as it is: row j belongs to the neuron before, column i to the neuron after.', forward(z="outs[-1][..., 1:] @ W + b[0]")),
    ('forward', "no bias in the output layer", 'the bias left out at the output', 'The sum of an activation starts at neuron 0, whose output is 1: its term is the bias.', forward(z="outs[-1][..., 1:] @ W + (b if l < net.L-1 else 0)")),
    ('forward', "no bias in the hidden layers", 'the bias left out in the hidden layers', 'The sum of an activation starts at neuron 0, whose output is 1: its term is the bias.', forward(z="outs[-1][..., 1:] @ W + (b if l == net.L-1 else 0)")),
    ('forward', "bias after sigma in hidden", 'the bias added after σ for σ(a)', 'The bias is part of the activation, inside σ.', forward(z="outs[-1][..., 1:] @ W + b", y="net.sigma[l](outs[-1][..., 1:] @ W) + b")),
    ('forward', "normalise the inputs", 'o divided by its length for oⱼ in layer 1', 'The next layer reads the output o of the layer before, after σ, with o₀ = 1.', forward(z="(outs[-1][..., 1:]/np.linalg.norm(outs[-1][..., 1:], axis=-1, keepdims=True) if l == 1 else outs[-1][..., 1:]) @ W + b")),
    ('forward', "σ of the inputs", 'σ applied to the input layer', 'Layer 0 has no activation: its outputs are the inputs as they are.', forward().replace("outs = [None], [np.insert(I, 0, 1, axis=-1)]", "outs = [None], [np.insert(1/(1+np.exp(-I)), 0, 1, axis=-1)]")),
    ('forward', "hidden outputs halved", '½ · o for o in the hidden layers', "No such factor belongs there.", forward(y="net.sigma[l](z) * (0.5 if l < net.L-1 else 1)")),
    ('forward', "σ twice in the hidden layers", 'σ applied twice', 'An output is σ of σ of the activation here.', forward(y="net.sigma[l](net.sigma[l](z)) if l < net.L-1 else net.sigma[l](z)")),
    ('forward', "tanh hidden", 'tanh, whatever σ is, in place of σ(a), in the hidden layers', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="np.tanh(z) if l < net.L-1 else net.sigma[l](z)")),
    ('forward', "slope for value", 'σ′(a) for σ(a)', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="net.sigma[l].derivative(z)")),
    ('forward', "log(1 + e^z) everywhere", 'log(1 + e^a), whatever σ is, in place of σ(a)', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", forward(y="np.log(1+np.exp(z))")),
    ('forward', "exp(z)/(exp(z)-1)", '1 / (1 − e^−a) for σ(a)', 'And a network brings its own σ.', forward(y="np.exp(z)/(np.exp(z)-1)")),
    ('forward', "the bias as a threshold", 'the bias subtracted', 'The bias is added: it is the weight of neuron 0, whose output is 1.', forward(z="outs[-1][..., 1:] @ W - b")),
    ('forward', "the mean of the products", 'w/n with n inputs, the biases as they are, in place of wⱼᵢ', 'The w that leads from the layer before to this one is used as it is: row j belongs to the neuron before, column i to the neuron after.', forward(z="(outs[-1][..., 1:, None] * W).mean(axis=-2) + b")),
    ('gradient', "bias gradient is sum over neurons", 'the sum of δ over the layer for δⱼ in row 0, the biases', 'Each neuron moves by its own δ.', gradient(out="np.vstack([np.append(0, np.full(g.shape[1]-1, d[:,1:].sum()/m)), g[1:]])")),
    ('gradient', "bias gradient summed not averaged", 'the sum over the examples of δⱼ for δⱼ in row 0, the biases', 'The gradient is the mean, not the sum, over all examples.', gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / (m if i else 1)")),
    ('gradient', "m-1", 'oᵢ δⱼ, divided by m − 1 in place of m, in place of oᵢ δⱼ', 'The mean over m examples divides by m.', gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / max(m - 1, 1)")),
    ('gradient', "2m", '½ · oᵢ δⱼ for oᵢ δⱼ', 'The gradient has no such factor.', gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / (2 * m)")),
    ('gradient', "not over last example", None, 'Of a batch of 7, counted from 0, only the examples 0, 1, 2, 3, 4 and 5 come into your step: the gradient is the mean over all of them.', gradient(g="sum(x[k, i] * d[k, j] for k in range(max(m - 1, 1))) / m")),
    ('gradient', "o(1-o) included", '0 for δⱼ in row 0, the biases, and o (1 − o) for oᵢ in rows 1, 2, ...', 'A weight takes the output o of the neuron that it comes from, and δ of the neuron that it leads to.', gradient(g="sum(x[k, i] * (1 - x[k, i]) * d[k, j] for k in range(m)) / m")),
    ('gradient', "bias row zero", 'derivatives of the biases left out', 'A bias is a weight like the others, from neuron 0, whose output is 1.', gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / m if i else 0")),
    ('gradient', "minus", 'minus taken too early', 'The minus that leads downhill belongs to the step (§5).', gradient(g="-sum(x[k, i] * d[k, j] for k in range(m)) / m")),
    ('gradient', "delta squared", 'δⱼ² for δⱼ in row 0, the biases and in rows 1, 2, ...', 'A weight takes the output o of the neuron that it comes from, and δ of the neuron that it leads to.', gradient(g="sum(x[k, i] * d[k, j]**2 for k in range(m)) / m")),
    ('gradient', "examples crossed", 'oᵢ δⱼ of the examples in the opposite order for oᵢ δⱼ in rows 1, 2, ...', "Each example's o belongs to its own δ.", gradient(g="sum(x[k, i] * d[m - 1 - k, j] for k in range(m)) / m")),
    ('gradient', "last layer only", '0 for oᵢ δⱼ in the matrices before the last', 'Nothing of the line has come into it.', gradient(out="g if l == len(o) - 2 else 0 * g")),
    ('gradient', "mean over neurons too", 'divided by the number of neurons', 'Here it is divided by how many neurons a layer has.', gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / (m * (d.shape[1] - 1))")),
    ('step', "x(1-x) applied to a, both", 'a (1 − a) for σ′(a) in every layer', 'σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied.', step(out="net.loss.gradient(outs[-1], Y) * zs[-1]*(1-zs[-1])", hidden="delta @ W[l].T * zs[l-1]*(1-zs[l-1])")),
    ('step', "o(1-o) everywhere", 'logistic σ′ for every σ', 'The notes print it; a network may have another σ.', step(out="net.loss.gradient(outs[-1], Y) * outs[-1]*(1-outs[-1])", hidden="delta @ W[l].T * outs[l]*(1-outs[l])")),
    ('step', "only hidden σ' missing", 'σ′ left out', 'δ is the slope against the activation a, not against the output o: between the two lies σ, with its own slope.', step(hidden="delta @ W[l].T")),
    ('step', "no σ' at output", 'σ′ left out', 'δ is the slope against the activation a, not against the output o: between the two lies σ, with its own slope.', step(out="net.loss.gradient(outs[-1], Y)")),
    ('step', "biases not moved", 'biases not moved', 'A bias is a weight like the others, from neuron 0, whose output is 1.', step(moveb="0")),
    ('step', "bias grows with delta plus", '−δⱼ for δⱼ in row 0, the biases', 'δ and the gradient have no minus sign: it belongs to the step, which goes downhill.', step(moveb="-alpha*other")),
    ('step', "W plus", '−oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ...', 'δ and the gradient have no minus sign: it belongs to the step, which goes downhill.', step(moveW="-alpha*one")),
    ('step', "bias by delta of the output for all", 'the mean of δ of the output for δⱼ in row 0, the biases', 'Each neuron moves by its own δ.', step(db="(net.loss.gradient(outs[-1], Y) * net.sigma[-1].derivative(zs[-1])).mean() ")),
    ('step', "bias mean over all", 'the mean of δ over the layer for δⱼ in row 0, the biases', 'Each neuron moves by its own δ.', step(db="delta.mean()")),
    ('step', "bias by error", 'δⱼ / σ′(aⱼ) for δⱼ in row 0, the biases', 'σ′ belongs to δ, and is left out here.', step(db="(delta / net.sigma[l+1].derivative(zs[l])).mean(axis=0)")),
    ('step', "delta with input o as mean", 'product of the means for mean of the products', "Each example's o belongs to its own δ.", step(dW="np.outer(outs[l].mean(axis=0), delta.mean(axis=0))")),
    ('step', "new w on way back", 'δ from new weights', 'All δ come first, from the old weights, and then all weights move at once.', step(dW="outs[l].T @ delta / m").replace("        if l:\n", "        W[l] = W[l] - alpha * dW[l]\n        if l:\n")),
    ('step', "hidden error from o−D only through w", 'the raw error o − D carried back through w for Σₖ wᵢₖ δₖ in the last hidden layer', 'What is carried back is δ of the next layer, which has σ′ of that layer in it, and o − D is the slope of one loss alone.', step(hidden="(outs[-1]-Y if l == net.L-2 else delta) @ W[l].T * net.sigma[l].derivative(zs[l - 1])")),
    ('step', "sum for mean in both", 'sum for mean over a batch', 'Their mean is asked for: otherwise a step is as many times too long as there are examples.', step(dW="outs[l].T @ delta", db="delta.sum(axis=0)")),
    ('step', "last example only", 'one example of the batch only', 'The gradient is the mean over all of them.', step(dW="outs[l][-1:].T @ delta[-1:]", db="delta[-1]")),
    ('step', "dW one example sum /n", 'oᵢ δⱼ / n with n neurons in the layer before for oᵢ δⱼ in rows 1, 2, ...', 'The mean is over the examples.', step(dW="outs[l].T @ delta / outs[l].shape[1]", db="delta.mean(axis=0)")),
    ('step', "weight decay w*0.01", 'Δw − 0.01 · α · w, the biases as they are, in place of Δw', 'A part of w goes as well (weight decay): a step of the notes has Δw alone.', step(moveW="alpha * one + alpha * 0.01 * w[1:, 1:]")),
    ('step', "sign of gradient", 'the sign of Δw for Δw', 'Look at the line that moves the weights.', step(moveW="alpha * np.sign(one)", moveb="alpha * np.sign(other)")),
    ('step', "first layer not moved", '0 for Δw in w⁰', 'Nothing of the line has come into it.', step(moveW="alpha * one * (len(new) > 0)", moveb="alpha * other * (len(new) > 0)")),
    ('step', "last only biases fixed", '0 for δⱼ in row 0, the biases, in the last matrix', 'Nothing of the line has come into it.', step(moveb="alpha * other * (len(new) < net.L - 2)")),
    ('step', "hidden σ′ at next", 'σ′ of the activation without its bias for σ′(a) in the hidden layers', 'σ′ is that of the layer whose δ is computed, taken at its own activation a: there σ is applied.', step(hidden="delta @ W[l].T * net.sigma[l].derivative(zs[l-1] - b[l-1])")),
    ('step', "forward without bias", 'bias neuron forgotten', 'It starts at neuron 0: its term is the bias.', step(z="outs[-1] @ W[l]")),
    ('step', "relu in hidden", 'max(0, a), whatever σ is, in place of σ(a), in the hidden layers', "The output is σ of the layer's own activation, with the σ of that layer: net.sigma[l].", step(act="np.maximum(zs[-1], 0) if l < net.L-2 else net.sigma[l + 1](zs[-1])")),
    ('step', "Y - out with minus step", '(D − o) for (o − D), or the sign of δ as in §1', 'δ says how the loss moves with an activation; the minus belongs to the step (§5).', step(out="(Y - outs[-1]) * net.sigma[-1].derivative(zs[-1])")),
    ('step', "error squared", '(o − D)² for ∂L̃/∂o at the output', 'Its slope ∂L̃/∂o keeps the sign of o − D.', step(out="(outs[-1] - Y)**2 * net.sigma[-1].derivative(zs[-1])")),
    ('step', "error is mean loss", 'the mean of ∂L̃/∂o over the outputs for ∂L̃/∂o at the output', 'Each output has its own slope of the loss.', step(out="net.loss.gradient(outs[-1], Y).mean(axis=1, keepdims=True) * net.sigma[-1].derivative(zs[-1])")),
    ('step', "examples' mean error first", 'the mean of ∂L̃/∂o over the examples for ∂L̃/∂o at the output', 'Each example has its own δ; the mean is taken later, of the gradients.', step(out="np.ones((m,1)) * net.loss.gradient(outs[-1], Y).mean(axis=0) * net.sigma[-1].derivative(zs[-1])")),
    ('step', "examples' mean delta for hidden", 'mean over the batch taken in δ', 'The mean over the batch is taken later, of the gradients.', step(hidden="np.ones((m,1)) * (delta @ W[l].T * net.sigma[l].derivative(zs[l - 1])).mean(axis=0)")),
    ('step', "two: σ' at o hidden and sum", 'σ′(o) for σ′(a) in the hidden layers, and the sum over the examples of oᵢ δⱼ for oᵢ δⱼ', 'Their mean is asked for: otherwise a step is as many times too long as there are examples.', step(hidden="delta @ W[l].T * net.sigma[l].derivative(outs[l])", dW="outs[l].T @ delta", db="delta.sum(axis=0)")),
    ('step', "two: sign and no alpha", '−Δw / α for Δw', 'Look at the line that moves the weights, or at δ of the output, which hands it on to every layer.', step(moveW="-one", moveb="-other")),
    ('step', "two: mean of deltas in bias & σ' left at output", 'σ′(a) left out at the output, and the sum over the examples of δⱼ for δⱼ in row 0, the biases', 'The gradient is the mean, not the sum, over all examples.', step(out="net.loss.gradient(outs[-1], Y)", db="delta.sum(axis=0)")),
    ('step', "batch only: m for hidden twice", 'mean over the batch taken in δ', 'The mean over the batch is taken later, of the gradients.', step(hidden="delta @ W[l].T * net.sigma[l].derivative(zs[l - 1]) / m")),
    ('step', "batch: dW sum db mean", 'the sum over the examples of oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ...', 'The gradient is the mean, not the sum, over all examples.', step(dW="outs[l].T @ delta")),
    ('step', "batch: two batch-only: hidden/m and db sum", 'δ / m with m examples for δ in the hidden layers, and the sum over the examples of δⱼ for δⱼ in row 0, the biases', 'The gradient is the mean, not the sum, over all examples.', step(hidden="delta @ W[l].T * net.sigma[l].derivative(zs[l - 1]) / m", db="delta.sum(axis=0)")),
    ('step', "batch: hidden delta/m, dW no mean in w0", 'δ / m with m examples for δ in the hidden layers, and the sum over the examples of oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ... in w⁰', 'The gradient is the mean, not the sum, over all examples.', step(hidden="delta @ W[l].T * net.sigma[l].derivative(zs[l - 1]) / m", dW="outs[l].T @ delta / (m if l else 1)")),
    ('train', "nesterov-like momentum .5", 'change of the epoch before added (momentum)', 'A step of the notes has no memory.', train(before="v = [0 * w for w in net.w]", change="v = [0.5 * p + alpha * x for p, x in zip(v, g)]; change = v")),
    ('train', "alpha grows", 'α changed from epoch to epoch', 'The second one is 1.1 times as large as α says.', train(change="change = [alpha * 1.1**e * x for x in g]")),
    ('train', "gradient of first weights each epoch", 'all epochs in one step', 'One step with α times the number of epochs, or the gradient of the first weights in every epoch, is not as many steps: each takes its own slope where it stands.', train(before="a, o = forward(net, I); g0 = gradient(o, backward(net, (a, o), D))", change="change = [alpha * x for x in g0]")),
    ('train', "forward kept from the first weights", 'outputs of the first weights in every epoch', 'The second one goes back through the new weights, but with the a and o that the first weights gave.', train(before="a0, o0 = forward(net, I)").replace("        a, o = forward(net, I)\n", "        a, o = a0, o0\n")),
    ('train', "delta accumulates", 'gradients of earlier epochs added up', 'In the second one your change of the weights is its own and that of the first epoch once more: something is added up and never set back to 0.', train(before="s = [0 * w for w in net.w]", change="s = [p + x for p, x in zip(s, g)]; change = [alpha * x for x in s]")),
    ('train', "plus", 'plus instead of minus', 'The step goes uphill: where the derivative is positive the loss grows with the weight.', train(change="change = [-alpha * x for x in g]")),
    ('train', "weight decay each epoch", 'Δw − 0.01 · w for Δw', 'A part of w goes as well (weight decay): a step of the notes has Δw alone.', train(change="change = [alpha * x + 0.01 * np.where(np.arange(w.shape[1]) > 0, w, 0) for x, w in zip(g, net.w)]")),
    ('train', "sum over the batch", 'sum for mean over a batch', 'Their mean is asked for: otherwise a step is as many times too long as there are examples.', train(change="change = [alpha * x * len(I) for x in g]")),
    ('train', "one example per epoch", 'one example of the batch only', 'The gradient is the mean over all of them.', train().replace("forward(net, I)", "forward(net, I[e % len(I)])").replace("(a, o), D)", "(a, o), D[e % len(I)])")),
    ('train', "returns the net before the last update", 'one epoch too few', 'There is one step less than epochs are asked for.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        old = net\n        net = step(net, I, D, alpha)\n    return old\n"),
    ('train', "mini-batches of 2", 'part by part instead of at once', 'A step on a batch is one step, with the mean gradient of all its examples.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        for k in range(0, len(I), 2):\n            net = step(net, I[k:k+2], D[k:k+2], alpha)\n    return net\n"),
    ('train', "epochs from 1", 'one epoch too few', 'There is one step less than epochs are asked for.', "def train(net, I, D, alpha, epochs):\n    for e in range(1, epochs):\n        net = step(net, I, D, alpha)\n    return net\n"),
    ('train', "shuffles I but not D", '∂L̃/∂o with the D of another example for ∂L̃/∂o at the output', 'Row k of D belongs to row k of I: both are read in the same order.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        net = step(net, I[::-1], D, alpha)\n    return net\n"),
    ('train', "return inside loop", 'one epoch only, or always from the first weights', 'Each epoch goes on from the weights that the one before it left.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        net = step(net, I, D, alpha)\n        return net\n"),
    ('train', "half of the examples", None, 'Of a batch of 7, counted from 0, only the examples 0, 1 and 2 come into your step: the gradient is the mean over all of them.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        net = step(net, I[:len(I)//2], D[:len(I)//2], alpha)\n    return net\n"),
    ('train', "learning rate per example α/m with steps per example", 'example by example instead of at once', 'A step on a batch is one step, with the mean gradient.', "def train(net, I, D, alpha, epochs):\n    for e in range(epochs):\n        for x, d in zip(I, D):\n            net = step(net, x, d, alpha / len(I))\n    return net\n"),
]
