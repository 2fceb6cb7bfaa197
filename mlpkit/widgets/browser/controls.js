// Labelled controls that every widget of the kit is made of. They draw and report; they compute nothing.
//
// Each function returns { element, update(spec) }. A spec is plain data from Python:
//   slider  {id, label, spoken, min, max, step, value, text, log, brief, start}   label: HTML or MathML; text: the value
//           as shown; log: equal ways are equal factors, and `step` is one of the exponent of ten; brief: the number with
//           the digits that are shown elsewhere, in the field while nobody types there; start: a button brings it back
//   choice  {id, label, spoken, options: [{value, label}], value}
//   button  {id, label, spoken, disabled, pressed}

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/**
 * Bring the HTML inside a node up to date. Where its structure stays, only texts and attributes change, so that nothing
 * flickers, little has to be laid out anew, and the focus inside is kept.
 */
export function setHtml(node, html) {
  if (node.mlpkitHtml === html) return;
  node.mlpkitHtml = html;
  const wanted = node.cloneNode(false);
  wanted.innerHTML = html;
  patchChildren(node, wanted);
}

function patchChildren(node, wanted) {
  const old = [...node.childNodes];
  const next = [...wanted.childNodes];
  next.forEach((child, k) => {
    if (!old[k]) node.append(child);
    else if (old[k].nodeName !== child.nodeName) old[k].replaceWith(child);
    else if (child.nodeType === Node.TEXT_NODE) setText(old[k], child.data);
    else patchElement(old[k], child);
  });
  for (const child of old.slice(next.length)) child.remove();
}

function patchElement(node, wanted) {
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) setAttribute(node, name, value);
  patchChildren(node, wanted);
}

export function setText(node, text) {
  if (node.textContent === text) return;
  const only = node.childNodes.length === 1 ? node.firstChild : null;
  // The text inside stays the same node, so that it is not laid out as a new one.
  if (only?.nodeType === Node.TEXT_NODE && text) only.data = text;
  else node.textContent = text;
}

export function setAttribute(node, name, value) {
  if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Set a property such as `value` or `hidden`. A control is not painted anew when it keeps what it has. */
export function setProperty(node, name, value) {
  if (node[name] !== value) node[name] = value;
}

const THUMB_MS = 30; // about two frames

/** A number as it fits into a field; what is typed is taken to its last digit. */
const short = (value) => String(Number(value.toPrecision(6)));

/** The range's own number for a value, and back: with `log` the range holds exponents of ten. */
const onRange = (spec, value) => (spec.log ? Math.log10(value) : value);
const fromRange = (spec, number) => (spec.log ? Number((10 ** number).toPrecision(3)) : number);

/** The range's step. With `log` it is a little less than asked for, so that whole steps lead to the upper end. */
function stepOf(spec) {
  if (!spec.log) return spec.step;
  const length = onRange(spec, spec.max) - onRange(spec, spec.min);
  return (length / Math.ceil(length / spec.step - 1e-9)) * (1 - 1e-12);
}

/**
 * Arrow keys move the thumb of a range together with what is shown of its number, at the latest after THUMB_MS. (Where
 * `report` brings the control up to date itself, that is at once.)
 *
 * After a rest the browser puts the first change on the screen at once and keeps the next for the frame after it: a thumb
 * that moved alone would take the first place from the picture. `report(number)` is called for each key that moves it.
 * Returns a function that shows the thumb where the keys have brought it.
 */
function moveByKeys(range, report) {
  let hand = null; // a range like this one, but not on the screen: where the keys are
  let late = null;
  const show = () => {
    clearTimeout(late);
    if (hand) range.value = hand.value;
    hand = late = null;
  };
  range.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!steps || event.ctrlKey || event.metaKey || event.altKey) {
      show(); // what other keys do starts from there
      return;
    }
    event.preventDefault();
    hand ??= range.cloneNode();
    const before = hand.value;
    hand.stepUp(steps);
    late ??= setTimeout(show, THUMB_MS);
    if (hand.value !== before) report(hand.valueAsNumber);
  });
  range.addEventListener("pointerdown", show);
  return show;
}

/**
 * A range input with a field beside it for the exact number. `report(id, value, typed)` is called while it moves, and
 * with `typed` for a number from the field, or the start. Where it returns a number, that one was taken in the place of
 * what was typed. `refuse(sentence)` is called where what was typed is no number.
 */
export function slider(spec, report, refuse) {
  const label = element("span", { class: "mlpkit-label" });
  const range = element("input", { type: "range", "data-control": spec.id });
  const field = element("input", { type: "number", class: "mlpkit-field", "data-field": spec.id });
  const node = element("div", { class: "mlpkit-slider" }, label, range, field);
  const back = spec.start === undefined ? null : button({ id: "back", label: "↺", spoken: "" }, () => {
    range.value = onRange(current, current.start);
    report(current.id, current.start, true);
    range.focus(); // the button goes
  });
  if (back) node.append(back.element);
  let current = spec;
  const atRest = () => (current.brief === undefined ? short(current.value) : String(current.brief));

  const moved = (number) => report(current.id, fromRange(current, number));
  const showThumb = moveByKeys(range, moved);
  range.addEventListener("input", () => moved(range.valueAsNumber));
  field.addEventListener("change", () => {
    if (Number.isFinite(field.valueAsNumber)) {
      const taken = report(current.id, field.valueAsNumber, true);
      if (Number.isFinite(taken) && taken !== field.valueAsNumber) field.value = short(taken);
    } else { // an empty field goes back to what it was
      field.value = short(current.value);
      const [name] = current.spoken.split(/[:,]/);
      refuse(`A number is needed, such as 0.25. ${name[0].toUpperCase()}${name.slice(1)} stays ${current.text}.`);
    }
  });
  field.addEventListener("focus", () => {
    field.value = current.brief === undefined ? short(current.value) : String(current.value);
  });
  field.addEventListener("blur", () => {
    field.value = atRest();
  });

  /** `moving`: the hand has moved on since Python computed this spec, so its value is out of date. */
  const update = (next, moving = false) => {
    const same = next.id === current.id;
    current = next;
    setHtml(label, next.label);
    for (const name of ["min", "max"]) {
      setAttribute(range, name, onRange(next, next[name]));
      setAttribute(field, name, next[name]);
    }
    setAttribute(range, "step", stepOf(next));
    setAttribute(field, "step", "any");
    setAttribute(range, "aria-label", next.spoken);
    setAttribute(field, "aria-label", `${next.spoken}, exact value`);
    setAttribute(range, "aria-valuetext", next.text);
    setAttribute(range, "data-control", next.id);
    setAttribute(field, "data-field", next.id);
    if (back) {
      back.update({ label: "↺", spoken: `Back to the start: ${next.spoken}` });
      setProperty(back.element.style, "visibility", next.value === next.start ? "hidden" : "visible");
    }
    showThumb();
    if (moving && same) return;
    if (range.valueAsNumber !== onRange(next, next.value)) range.value = onRange(next, next.value);
    if (document.activeElement !== field) setProperty(field, "value", atRest());
  };
  update(spec);
  return { element: node, update };
}

export function choice(spec, report) {
  const label = element("span", { class: "mlpkit-label" });
  const select = element("select", { "data-control": spec.id });
  const node = element("label", { class: "mlpkit-choice" }, label, select);
  let current = {};

  select.addEventListener("change", () => report(current.id, select.value));
  const update = (next) => {
    if (next.options !== current.options && JSON.stringify(next.options) !== JSON.stringify(current.options)) {
      select.replaceChildren(...next.options.map((option) => element("option", { value: option.value }, option.label)));
    }
    current = next;
    setHtml(label, next.label);
    setAttribute(select, "aria-label", next.spoken);
    setProperty(select, "value", String(next.value));
  };
  update(spec);
  return { element: node, update };
}

export function button(spec, report) {
  const node = element("button", { type: "button", "data-control": spec.id });
  // Not `disabled`: a button that is disabled under the hand drops the keyboard's focus.
  const off = () => node.getAttribute("aria-disabled") === "true";
  node.addEventListener("click", () => {
    if (!off()) report(spec.id, true);
  });
  const update = (next) => {
    setHtml(node, next.label);
    setAttribute(node, "aria-label", next.spoken);
    setAttribute(node, "title", next.spoken);
    setAttribute(node, "aria-pressed", next.pressed === undefined ? null : String(next.pressed));
    setAttribute(node, "aria-disabled", next.disabled ? "true" : null);
  };
  update(spec);
  return { element: node, update };
}

/** Keeps as many children of `parent` as there are specs, made by `make`, each of which is { node, update(spec) }. */
export function pool(parent, make) {
  const items = [];
  return (specs) => {
    while (items.length < specs.length) {
      items.push(make());
      parent.append(items.at(-1).node);
    }
    while (items.length > specs.length) items.pop().node.remove();
    specs.forEach((spec, index) => items[index].update(spec));
  };
}

/** Keys pressed inside a widget are the widget's own: JupyterLab's command mode would take the arrows and letters. */
export function keepKeys(root) {
  const stop = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && !(event.shiftKey && event.key === "Enter")) {
      event.stopPropagation();
    }
  };
  root.addEventListener("keydown", stop);
  return () => root.removeEventListener("keydown", stop);
}
