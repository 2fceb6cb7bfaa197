// A question: takes an answer, sends it, and unfolds what comes back. It knows no answer and compares nothing.
//
// model: asks (what is asked, from mlpkit/widgets/ask.py), draft (what is typed, chosen or marked), shown (what there is
// to see of the answer, or nothing of it).
import { button, element, keepKeys, setAttribute, setHtml, setText } from "./controls.js";
import { connect } from "./kernel.js";

let count = 0;

/** A field for a number or a symbol. */
function field(asks, report, send) {
  const input = element("input", {
    type: "text", class: "mlpkit-field", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    "aria-label": `${asks.spoken} ${asks.spoken_form}`, maxlength: 80,
  });
  input.addEventListener("input", () => report(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) send();
  });
  return {
    element: input,
    value: () => input.value,
    put: (draft) => {
      if (input.value !== (draft ?? "")) input.value = draft ?? "";
    },
    end: () => setAttribute(input, "readonly", ""),
    focus: () => input.focus(),
  };
}

/** One of several options, as radio buttons. `onChoice(option)` is told which is chosen. */
function options(asks, report, send, onChoice = () => {}) {
  count += 1;
  const name = `mlpkit-ask-${Date.now().toString(36)}-${count}`;
  const radios = asks.options.map((option) => {
    const radio = element("input", { type: "radio", name, value: option.value, "aria-label": option.spoken });
    radio.addEventListener("change", () => {
      onChoice(option);
      report(option.value);
    });
    return radio;
  });
  const labels = radios.map((radio, index) => {
    const words = element("span");
    setHtml(words, asks.options[index].label);
    return element("label", { class: "option" }, radio, words);
  });
  const node = element("div", { class: "options", role: "radiogroup", "aria-label": asks.spoken }, ...labels);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter") send();
  });
  return {
    element: node,
    value: () => radios.find((radio) => radio.checked)?.value ?? null,
    put: (draft) => {
      radios.forEach((radio, index) => {
        radio.checked = radio.value === draft;
        if (radio.checked) onChoice(asks.options[index]);
      });
    },
    end: () => {
      for (const radio of radios) radio.disabled = true;
    },
    focus: () => (radios.find((radio) => radio.checked) ?? radios[0]).focus(),
  };
}

/** An equation with a gap, and the terms that may stand in it. */
function term(asks, report, send) {
  const equation = element("div", {
    class: "equation", role: "group", tabindex: "0", "aria-label": `The equation: ${asks.spoken_equation}`,
  });
  setHtml(equation, asks.equation);
  const terms = options(asks, report, send, (option) => setHtml(equation, option.filled));
  return { ...terms, element: element("div", { class: "term" }, equation, terms.element) };
}

/** A table whose cells are marked: the arrow keys walk, Space and Enter mark. */
function cells(asks, report) {
  const marked = new Set(); // "row,column"
  const key = (row, column) => `${row},${column}`;
  const value = () => [...marked].map((place) => place.split(",").map(Number));
  let at = [0, 0]; // the cell that the Tab key comes to
  let ended = false;

  const buttons = asks.cells.map((line, row) => line.map((cell, column) => {
    const one = element("button", { type: "button", tabindex: "-1", "aria-pressed": "false", "aria-label": cell.spoken });
    const inside = element("span");
    setHtml(inside, cell.label);
    one.append(inside);
    one.addEventListener("click", () => {
      go(row, column);
      if (ended) return;
      mark(row, column, !marked.has(key(row, column)));
      report(value());
    });
    return one;
  }));
  const go = (row, column) => {
    setAttribute(buttons[at[0]][at[1]], "tabindex", "-1");
    at = [row, column];
    setAttribute(buttons[row][column], "tabindex", "0");
    buttons[row][column].focus();
  };
  const mark = (row, column, on) => {
    if (on) marked.add(key(row, column));
    else marked.delete(key(row, column));
    setAttribute(buttons[row][column], "aria-pressed", String(on));
  };
  setAttribute(buttons[0][0], "tabindex", "0");

  const heads = asks.columns.map((head) => {
    const cell = element("th", { scope: "col" });
    setHtml(cell, head);
    return cell;
  });
  const lines = buttons.map((line, row) => {
    const head = element("th", { scope: "row" });
    setHtml(head, asks.rows[row]);
    return element("tr", {}, head, ...line.map((one) => element("td", {}, one)));
  });
  const table = element("table", { "aria-label": asks.spoken },
    element("thead", {}, element("tr", {}, element("td"), ...heads)), element("tbody", {}, ...lines));

  const WAYS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  table.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const [row, column] = [at[0] + way[0], at[1] + way[1]];
    if (buttons[row]?.[column]) go(row, column);
  });
  const legend = element("p", { class: "legend", hidden: true }, "✓ rightly marked, ✗ wrongly marked, + missed");
  return {
    element: element("div", { class: "cells", role: "group", "aria-label": asks.spoken }, table, legend),
    value,
    put: (draft) => {
      const wanted = new Set((draft ?? []).map(([row, column]) => key(row, column)));
      buttons.forEach((line, row) => line.forEach((_, column) => mark(row, column, wanted.has(key(row, column)))));
    },
    /** Which were right is said by a sign beside the mark, of which the legend tells, and in the cell's name. */
    end: (right) => {
      ended = true;
      setAttribute(legend, "hidden", null);
      const belongs = new Set(right.map(([row, column]) => key(row, column)));
      buttons.forEach((line, row) => line.forEach((one, column) => {
        const place = key(row, column);
        if (!marked.has(place) && !belongs.has(place)) return;
        const word = belongs.has(place) ? (marked.has(place) ? "rightly marked" : "missed") : "wrongly marked";
        setAttribute(one, "data-verdict", word);
        setAttribute(one, "aria-label", `${asks.cells[row][column].spoken}, ${word}`);
      }));
    },
    focus: () => buttons[at[0]][at[1]].focus(),
  };
}

const KINDS = { number: field, symbol: field, choice: options, term, cells };

/** The right answer beside the learner's own, and why. */
function outcome() {
  const verdict = element("p", { class: "verdict" });
  const pairs = ["said", "was"].map((name) => [name, element("dt"), element("dd")]);
  const list = element("dl", {}, ...pairs.flatMap(([, term, words]) => [term, words]));
  const why = element("p", { class: "why" });
  const node = element("div", { class: "outcome", role: "group", tabindex: "-1", "aria-label": "The answer" }, verdict, list, why);
  return {
    element: node,
    update(spec) {
      setAttribute(node, "hidden", spec ? null : "");
      if (!spec) return;
      setAttribute(node, "data-right", String(spec.right));
      setText(verdict, spec.verdict);
      for (const [name, term, words] of pairs) {
        setText(term, spec[name][0]);
        setHtml(words, spec[name][1]);
      }
      setHtml(why, spec.why);
    },
  };
}

function render({ model, el }) {
  const asks = model.get("asks");
  const report = (draft) => kernel.ask({ do: "set", name: "draft", value: draft });
  let sent = false; // from this view, so that the focus goes to what comes back
  const send = () => {
    if (model.get("shown").outcome) return;
    sent = true;
    kernel.ask({ do: "answer", given: given.value() });
  };
  const given = KINDS[asks.kind](asks, report, send);

  const title = element("span", { class: "title" }, asks.title);
  const prompt = element("p", { class: "prompt" });
  setHtml(prompt, asks.prompt);
  const form = element("p", { class: "form" });
  setHtml(form, asks.form);
  const lock = button({ id: "answer", label: asks.button, spoken: asks.button }, send);
  const reveal = button({ id: "reveal", label: "Show the answer", spoken: "Show the answer" }, () => {
    sent = true;
    kernel.ask({ do: "reveal" });
  });
  const message = element("p", { class: "message" });
  const told = element("p", { class: "told" });
  const result = outcome();
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const question = element("div", { class: "question" }, title, prompt, given.element, form,
    element("div", { class: "buttons" }, lock.element, reveal.element), message);
  // JupyterLab would run the cell again and walk on, past an answer that is not given yet.
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey && !model.get("shown").outcome) event.stopPropagation();
  });
  const root = element("section", { class: `mlpkit mlpkit-ask ${asks.kind}`, "aria-label": `${asks.title}: ${asks.name}` },
    question, result.element, told, live);
  el.append(root);

  const draw = () => {
    const shown = model.get("shown");
    const done = Boolean(shown.outcome);
    setAttribute(message, "class", `message ${shown.message ? shown.state : ""}`);
    setHtml(message, shown.message);
    setText(told, shown.told);
    result.update(shown.outcome);
    if (done && sent) result.element.focus(); // before the button under the hand goes
    sent &&= !done;
    if (done) {
      given.put(model.get("draft"));
      given.end(shown.outcome.cells);
    }
    // Typed in another view of the same question, or set from a cell.
    else if (!root.contains(document.activeElement)) given.put(kernel.wanted("draft"));
    setAttribute(root, "data-done", String(done));
    setAttribute(lock.element, "hidden", done ? "" : null);
    setAttribute(reveal.element, "hidden", shown.may_reveal ? null : "");
    setText(live, shown.spoken);
  };
  const kernel = connect(root, model, ["shown", "draft"], draw);
  const letGo = [keepKeys(root), kernel.letGo];
  given.put(model.get("draft"));
  draw();
  return () => {
    for (const go of letGo) go();
  };
}

export default { render };
