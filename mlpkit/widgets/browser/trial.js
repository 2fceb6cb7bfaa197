// The trial: shows a line of the notes and what is typed in its place, and reports what is asked. It computes nothing.
import { button, choice, element, keepKeys, setAttribute, setHtml, setText } from "./controls.js";
import { connect } from "./kernel.js";

let count = 0;

/** A verdict: a word first, then the sentences; the line at its edge differs in style as well as in colour. */
function verdict(what) {
  const kind = element("strong");
  const words = element("span");
  const node = element("p", { "data-verdict": what }, kind, " ", words);
  return {
    node,
    update(spec) {
      setAttribute(node, "class", spec ? `verdict ${spec.state}` : "verdict none");
      setText(kind, spec?.kind ?? "");
      setText(words, spec?.message ?? "");
    },
  };
}

function part(title, ...children) {
  return element("section", { "aria-label": title }, element("h4", {}, title), ...children);
}

function render({ model, el }) {
  count += 1;
  const id = `mlpkit-trial-${Date.now().toString(36)}-${count}`;
  const options = () => model.get("names").map((name) => {
    const mark = model.get("shown").marks?.[name];
    return { value: name, label: mark ? `${name} ✓ ${mark}` : name };
  });
  const pickSpec = (picked) => ({
    id: "line", label: "line", spoken: "the line of the notes", options: options(), value: picked,
  });
  const pick = choice(pickSpec(model.get("line")), (_, name) => {
    keep();
    kernel.ask({ do: "set", name: "line", value: name });
    follow(); // at once: what is typed before Python has answered belongs to the new line
  });
  const where = element("span", { class: "where" });
  const status = element("span", { class: "status" });
  const line = element("div", { class: "line", tabindex: "0", role: "group" });
  const scope = element("p", { class: "scope" });
  const asPrinted = verdict("printed");
  const tryPrinted = button(
    { id: "printed", label: "Try it as printed", spoken: "Try the line as printed" },
    () => kernel.ask({ do: "printed" }),
  );

  const field = element("textarea", {
    id, rows: 2, class: "mlpkit-field", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
    maxlength: model.get("longest"), placeholder: model.get("hint"),
  });
  const label = element("label", { for: id });
  const mine = element("div", { class: "line", tabindex: "0", role: "group", "aria-label": "your line as it was read" });
  const mineScope = element("p", { class: "scope" });
  const onMine = verdict("mine");
  const send = () => kernel.ask({ do: "mine", text: field.value });
  const tryMine = button({ id: "mine", label: "Try mine", spoken: "Try my line" }, send);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  // What is typed but not tried yet is kept too, when another line is picked and when the widget is shown again.
  let known = ""; // what the field held when it last agreed with the model
  const put = (text) => {
    known = text;
    if (field.value !== text) field.value = text;
  };
  const keep = () => {
    if (field.value === known) return;
    known = field.value;
    kernel.ask({ do: "keep", values: { [inField]: known } });
  };
  field.addEventListener("change", keep);
  let inField = null; // the line whose text is in the field
  /** The field takes what the model has, unless something else has been typed for this line meanwhile. */
  const follow = () => {
    const line = kernel.wanted("line");
    if (inField !== line || field.value === known) put({ ...model.get("typed"), ...kernel.moving() }[line] ?? "");
    inField = line;
  };

  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const root = element("section", { class: "mlpkit mlpkit-trial", "aria-label": "The notes on trial" },
    element("div", { class: "bar" }, pick.element, where, status),
    element("div", { class: "parts" },
      part("as printed", line, scope, tryPrinted.element, asPrinted.node),
      part("yours", label, field, tryMine.element, mine, mineScope, onMine.node)),
    live);
  el.append(root);

  const draw = () => {
    const shown = model.get("shown");
    pick.update(pickSpec(kernel.wanted("line")));
    setText(where, shown.where);
    setText(status, shown.status);
    setHtml(line, shown.line);
    setAttribute(line, "aria-label", shown.speech);
    setHtml(scope, `for ${shown.scope}`);
    asPrinted.update(shown.printed);
    setHtml(label, `What should stand on the right of <math>${shown.left}</math> <math><mo>=</mo></math>`);
    setHtml(mine, shown.mine);
    setAttribute(mine, "hidden", shown.mine ? null : "");
    setHtml(mineScope, `tried for ${shown.mine_scope}`);
    onMine.update(shown.mine_verdict);
    follow();
    setText(live, shown.spoken);
  };
  const kernel = connect(root, model, ["shown", "typed"], draw);
  const letGo = [keepKeys(root), kernel.letGo];
  draw();
  return () => {
    for (const go of letGo) go();
  };
}

export default { render };
