// The stepper: draws a network, a micro-step's equation and the controls from plain data, and reports what the hand does.
import { button, choice, element, keepKeys, setAttribute, setHtml, setText, slider } from "./controls.js";
import { drawMatrix } from "./matrix.js";

const SVG = "http://www.w3.org/2000/svg";
const SPEEDS = [
  { value: "0.5", label: "½×" },
  { value: "1", label: "1×" },
  { value: "2", label: "2×" },
  { value: "4", label: "4×" },
];
const PLAY_MS = 1000;

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A small box with a number in it, such as δ at a neuron. */
function pill(className) {
  const box = svg("rect", { y: -10.5, height: 21, rx: 9 });
  const text = svg("text", { y: 5 });
  const node = svg("g", { class: className }, box, text);
  return {
    node,
    update(shown, state) {
      setAttribute(node, "visibility", shown === null || shown === undefined ? "hidden" : "visible");
      setAttribute(node, "class", `${className} ${state || ""}`);
      const width = 8.6 * String(shown ?? "").length + 12;
      setAttribute(box, "x", -width / 2);
      setAttribute(box, "width", width);
      setText(text, shown ?? "");
    },
  };
}

/** Call `open(symbol)` for a click, Enter or the space bar on what `selector` finds below `root`. */
function onOpen(root, selector, open) {
  const found = (event) => event.target.closest(selector)?.dataset.symbol;
  root.addEventListener("click", (event) => {
    if (found(event)) open(found(event));
  });
  root.addEventListener("keydown", (event) => {
    if (event.target.tagName === "BUTTON") return; // a key on a button is a click already
    if (found(event) && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      open(found(event));
    }
  });
}

// A gradient, a change and a new weight stand at the edge of their weight.
const atEdge = (symbol) => symbol.replace(/^(grad|dw|w_new)-/, "w-");

/** Whether a symbol of a formula, such as w-0-j-1, stands for a number's symbol, such as w-0-2-1. */
function standsFor(general, symbol) {
  const parts = atEdge(general).split("-");
  const others = atEdge(symbol).split("-");
  return parts.length === others.length && parts.every((part, k) => part === others[k] || (k && /^[a-z]$/.test(part)));
}

/** What is pointed at, or has the focus, is lit wherever it stands below `root`: in all three views. */
function linkViews(root) {
  let lit = [];
  const light = (symbol) => {
    for (const node of lit) node.classList.remove("pointed");
    lit = symbol ? [...root.querySelectorAll("[data-symbol]")].filter((node) =>
      standsFor(node.dataset.symbol, symbol) || standsFor(symbol, node.dataset.symbol)) : [];
    for (const node of lit) node.classList.add("pointed");
  };
  const at = (event) => event.target.closest?.("[data-symbol]")?.dataset.symbol;
  root.addEventListener("pointerover", (event) => light(at(event)));
  root.addEventListener("pointerleave", () => light(null));
  root.addEventListener("focusin", (event) => light(at(event)));
}

/** The network as a picture. `open(symbol)` is called for what is clicked. */
function drawPicture(picture, open) {
  const { width, height, radius } = picture;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "The network" });
  const flow = svg("text", { class: "flow", x: 8, y: 18 });
  const lines = svg("g");
  const labels = svg("g");
  const neurons = svg("g");

  const edges = picture.edges.map((edge) => {
    const [x1, y1, x2, y2] = edge.ends;
    const place = { x1, y1, x2, y2 };
    const line = svg("line", place);
    lines.append(line);
    if (edge.fixed) {
      setAttribute(line, "class", "edge fixed");
      return { update() {} };
    }
    const hit = svg("line", { ...place, class: "hit", "data-symbol": edge.key });
    lines.append(hit);
    const label = pill("weight");
    setAttribute(label.node, "transform", `translate(${edge.label})`);
    setAttribute(label.node, "data-symbol", edge.key);
    const title = svg("title");
    label.node.append(title);
    labels.append(label.node);
    return {
      update(shown) {
        setAttribute(line, "class", `edge ${shown.state} ${shown.negative ? "negative" : ""}`);
        setAttribute(line, "stroke-width", shown.width);
        const visible = edge.labelled || shown.state;
        label.update(visible ? shown.text : null, `${shown.state} ${shown.moved ? "moved" : ""}`);
        setText(title, shown.spoken);
      },
    };
  });

  const nodes = picture.neurons.map((neuron) => {
    const shape = neuron.constant
      ? svg("rect", { x: -17, y: -17, width: 34, height: 34, rx: 6 })
      : svg("circle", { r: radius });
    const output = svg("text", { y: 5, class: "output" });
    const body = svg("g", { "data-symbol": neuron.key, role: "button", tabindex: "0" }, shape, output);
    const activation = pill("activation");
    setAttribute(activation.node, "transform", `translate(0 ${neuron.constant ? -29 : -radius - 10})`);
    setAttribute(activation.node, "data-symbol", `a-${neuron.l}-${neuron.i}`);
    const delta = pill("delta");
    setAttribute(delta.node, "transform", `translate(0 ${neuron.constant ? 29 : radius + 10})`);
    setAttribute(delta.node, "data-symbol", `delta-${neuron.l}-${neuron.i}`);
    neurons.append(svg("g", { transform: `translate(${neuron.x} ${neuron.y})` }, body, activation.node, delta.node));
    return {
      update(shown) {
        setAttribute(body, "class", `neuron ${neuron.constant ? "constant" : ""} ${shown.o_state}`);
        setText(output, shown.o);
        if (neuron.constant) { // computed by mistake, it is longer than 1
          const width = Math.max(34, 7 * shown.o.length + 12);
          setAttribute(shape, "x", -width / 2);
          setAttribute(shape, "width", width);
        }
        setAttribute(output, "class", shown.o.length > 6 ? "output long" : "output");
        activation.update(shown.a ? `a ${shown.a}` : null, shown.a_state);
        delta.update(shown.delta ? `δ ${shown.delta}` : null, shown.delta_state);
        setAttribute(body, "aria-label", shown.spoken);
      },
    };
  });

  const captions = [...picture.layers, ...picture.more].map(({ x, y, text }) => {
    const caption = svg("text", { x, y, class: "caption" });
    caption.textContent = text;
    return caption;
  });
  root.append(flow, lines, labels, neurons, ...captions);

  onOpen(root, "[data-symbol]", (symbol) => open(symbol, symbol.startsWith("w-")));

  return {
    element: root,
    update(shown) {
      setText(flow, shown.flow);
      setAttribute(flow, "class", `flow ${shown.phases.find((phase) => phase.current)?.name.toLowerCase() ?? ""}`);
      shown.edges.forEach((edge, index) => edges[index].update(edge));
      shown.neurons.forEach((neuron, index) => nodes[index].update(neuron));
    },
  };
}

/** The equation of the micro-step: its title, one sentence, rows aligned at the equals sign, and the way to it. */
function drawPanel(open, close) {
  const title = element("h4");
  const why = element("p", { class: "why" });
  const rows = element("div", { class: "rows", tabindex: "0", role: "group", "aria-label": "The equation" });
  const reads = element("div", { class: "reads", role: "group", "aria-label": "Open a number that this one reads" });
  const trail = element("nav", { class: "trail", "aria-label": "Opened from" });
  const problem = element("p", { class: "problem", role: "alert" });
  const root = element("div", { class: "panel" }, title, why, problem, rows, reads, trail);
  onOpen(rows, ".mlpkit-number[data-symbol]", open);
  onOpen(reads, "[data-symbol]", open);
  return {
    element: root,
    update({ panel, trail: way, problem: sentence }) {
      setHtml(title, panel.title);
      setText(why, panel.why);
      const cells = (row) => row.map((cell, k) => `<mtd>${k === 1 ? `<mo>${cell}</mo>` : cell}</mtd>`).join("");
      const table = panel.rows.map((row) => `<mtr>${cells(row)}</mtr>`).join("");
      setHtml(rows, table && `<math display="block"><mtable displaystyle="true">${table}</mtable></math>`);
      setText(problem, sentence);
      const can = panel.reads.map(({ symbol, text, spoken, colour }) =>
        `<button type="button" data-symbol="${symbol}" class="mlpkit-${colour}" aria-label="${spoken}">${text}</button>`);
      setHtml(reads, can.join(""));
      if (trail.way === JSON.stringify(way)) return;
      trail.way = JSON.stringify(way);
      trail.replaceChildren();
      way.forEach(({ text, spoken, depth }, index) => {
        if (index) trail.append(" ▸ ");
        const last = index === way.length - 1;
        const crumb = last ? element("b", {}, text) : element("button", { type: "button", "aria-label": spoken }, text);
        if (!last) crumb.addEventListener("click", () => close(depth));
        trail.append(crumb);
      });
      if (way.length) {
        const back = element("button", { type: "button", class: "close" }, "Close");
        back.addEventListener("click", () => close(0));
        trail.append(" ", back);
      }
    },
  };
}

/** The bar: three phases that can be jumped to, the counter, and the player's buttons. */
function drawBar({ go, play }) {
  const phases = element("div", { class: "phases", role: "group", "aria-label": "Jump to a phase" });
  const buttons = ["forward", "backward", "step"].map((name) => {
    const share = element("i");
    const text = element("span");
    const node = element("button", { type: "button", class: `phase ${name}` }, text, share);
    phases.append(node);
    let phase;
    // A second press on the phase that is open goes to its end.
    node.addEventListener("click", () => go((position) =>
      position >= phase.first && position < phase.last ? phase.last : phase.first));
    return (next) => {
      phase = next;
      setText(text, next.name);
      share.style.width = `${100 * next.share}%`;
      setAttribute(node, "aria-current", next.current ? "step" : null);
      setAttribute(node, "title", `To the first micro-step of ${next.name}; pressed again, to its last`);
    };
  });
  const count = element("span", { class: "count" });
  const first = button({ id: "first", label: "⇤", spoken: "To the start" }, () => go(() => 0));
  const back = button({ id: "back", label: "◀", spoken: "One micro-step back" }, () => go((k) => k - 1));
  const next = button({ id: "forward", label: "▶", spoken: "One micro-step on" }, () => go((k) => k + 1));
  const player = button({ id: "play", label: "Play", spoken: "Play" }, play);
  const speed = choice({ id: "speed", label: "", spoken: "Speed", options: SPEEDS, value: "1" }, () => {});
  const group = element("div", { class: "player", role: "group", "aria-label": "Player" },
    count, first.element, back.element, player.element, next.element, speed.element);
  return {
    element: element("div", { class: "bar" }, phases, group),
    speed: () => Number(speed.element.querySelector("select").value),
    update(shown, position, playing) {
      shown.phases.forEach((phase, index) => buttons[index](phase));
      setText(count, shown.count);
      const last = shown.phases[2].last;
      first.update({ label: "⇤", spoken: "To the start", disabled: position === 0 });
      back.update({ label: "◀", spoken: "One micro-step back", disabled: position === 0 });
      next.update({ label: "▶", spoken: "One micro-step on", disabled: position === last });
      const label = playing ? "Pause" : "Play";
      player.update({ label, spoken: label });
    },
  };
}

function drawSliders(report, pick) {
  const root = element("div", { class: "mlpkit-sliders" });
  const sliders = [];
  const weights = choice({ id: "picked", label: "weight", spoken: "Weight on the slider", options: [] }, pick);
  return {
    element: root,
    update(shown, unanswered) {
      shown.sliders.forEach((spec, index) => {
        if (sliders[index]) sliders[index].update(spec, spec.id in unanswered);
        else {
          sliders.push(slider(spec, report));
          root.append(sliders.at(-1).element);
        }
      });
      while (sliders.length > shown.sliders.length) sliders.pop().element.remove();
      weights.update({
        id: "picked",
        label: "slider for",
        spoken: "Which weight is on the slider",
        options: shown.weights,
        value: shown.picked,
      });
      if (root.lastChild !== weights.element) root.append(weights.element);
    },
  };
}

/** The switches that make a mistake on purpose, and what it does. */
function drawDamage(report, open) {
  const words = element("span");
  const first = element("button", { type: "button" });
  const said = element("p", { class: "said", "aria-live": "polite" }, words, " ", first);
  const group = element("div", { class: "switches", role: "group", "aria-label": "Break it" },
    element("span", {}, "Break it"));
  const root = element("div", { class: "damage" }, group, said);
  const switches = [];
  let symbol = null;
  first.addEventListener("click", () => open(symbol));
  const toggle = () => report(switches.filter((one) => one.pressed).map((one) => one.id));
  return {
    element: root,
    update({ damage }) {
      damage.switches.forEach((spec, index) => {
        if (!switches[index]) {
          const control = button(spec, () => {
            switches[index].pressed = !switches[index].pressed;
            toggle();
          });
          switches.push({ control });
          group.append(control.element);
        }
        Object.assign(switches[index], { id: spec.id, pressed: spec.pressed });
        switches[index].control.update(spec);
      });
      setText(words, damage.words);
      symbol = damage.first?.symbol;
      first.hidden = !damage.first;
      setText(first, damage.first?.text ?? "");
      setAttribute(first, "aria-label", damage.first?.spoken);
      said.hidden = !damage.words;
    },
  };
}

function drawFoot(send) {
  const loss = element("b", { "data-value": "loss" });
  const example = element("span", { "data-value": "example" });
  const epoch = element("span", { "data-value": "epoch" });
  const steps = element("span", { "data-value": "steps" });
  const points = svg("polyline");
  const title = svg("title");
  const line = svg("svg", { class: "losses", role: "img" }, title, points);
  const next = button({ id: "next", label: "Next example", spoken: "" }, () => send({ do: "next" }));
  const reset = button({ id: "reset", label: "Reset", spoken: "Reset everything to the start" },
    () => send({ do: "reset" }));
  const caption = element("span", {}, "loss ", loss);
  const root = element("div", { class: "foot" }, caption, example, epoch, steps, line,
    element("span", { class: "space" }), next.element, reset.element);
  return {
    element: root,
    update({ foot }) {
      setText(loss, foot.loss);
      setText(example, foot.example);
      setText(epoch, foot.epoch);
      setText(steps, foot.steps);
      setAttribute(line, "viewBox", `0 0 ${foot.line.width} ${foot.line.height}`);
      setAttribute(line, "width", foot.line.width);
      setAttribute(line, "height", foot.line.height);
      setAttribute(line, "aria-label", foot.line.text);
      setAttribute(points, "points", foot.line.points);
      setText(title, foot.line.text);
      next.update({ label: foot.next, spoken: foot.next_spoken });
    },
  };
}

function render({ model, el }) {
  let timer = null;

  const last = () => model.get("shown").phases[2].last;
  const go = (where) => {
    const position = Math.min(last(), Math.max(0, where(model.get("position"))));
    model.set("position", position);
    model.save_changes();
    bar.update(model.get("shown"), position, timer !== null);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    bar.update(model.get("shown"), model.get("position"), false);
  };
  const tick = () => {
    // The next step waits until the last one has been drawn, so that a busy kernel is never flooded.
    if (model.get("shown").position === model.get("position")) {
      if (model.get("position") >= last()) {
        stop();
        return;
      }
      go((position) => position + 1);
    }
    timer = setTimeout(tick, PLAY_MS / bar.speed());
  };
  const play = () => {
    if (timer !== null) stop();
    else {
      if (model.get("position") >= last()) go(() => 0);
      timer = setTimeout(tick, 0);
    }
  };
  const open = (symbol, edge = false) => model.send({ do: "open", symbol, edge });
  const close = (depth) => {
    model.set("opened", model.get("opened").slice(0, depth));
    model.save_changes();
    panel.element.querySelector(".rows").focus();
  };
  // Moves that Python has not answered yet go along with the next one: messages are merged on the way, the last wins.
  let turn = null;
  let unanswered = {};
  const report = (id, value) => {
    turn = (model.get("moved").turn ?? 0) + 1;
    unanswered = { ...unanswered, [id]: value };
    model.set("moved", { turn, values: unanswered });
    model.save_changes();
  };
  const pick = (_, value) => {
    model.set("picked", value);
    model.save_changes();
  };

  const bar = drawBar({ go, play });
  const panel = drawPanel(open, close);
  const matrix = drawMatrix(open);
  const sliders = drawSliders(report, pick);
  const damage = drawDamage((broken) => {
    model.set("broken", broken);
    model.save_changes();
  }, open);
  const foot = drawFoot((message) => model.send(message));
  const net = element("div", { class: "net" });
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const main = element("div", { class: "main" }, net, panel.element);
  const root = element("section", { class: "mlpkit mlpkit-stepper", "aria-label": "Stepper" },
    bar.element, main, matrix.element, sliders.element, damage.element, foot.element, live);
  el.append(root);
  linkViews(root);

  let picture = null;
  const drawNet = () => {
    picture = drawPicture(model.get("picture"), open);
    net.replaceChildren(picture.element);
    picture.drawn = model.get("picture");
    matrix.element.style.setProperty("--rows", picture.drawn.rows);
  };
  const draw = () => {
    const shown = model.get("shown");
    if (shown.turn === turn) unanswered = {};
    if (!picture || picture.drawn !== model.get("picture")) drawNet();
    picture.update(shown);
    panel.update(shown);
    matrix.update(shown);
    sliders.update(shown, unanswered);
    damage.update(shown);
    foot.update(shown);
    bar.update(shown, model.get("position"), timer !== null);
    setText(live, shown.spoken);
    root.dataset.position = shown.position;
  };
  const onKey = (event) => {
    if (event.target.matches("input, select")) return;
    const moves = { ArrowRight: (k) => k + 1, ArrowLeft: (k) => k - 1, Home: () => 0, End: () => last() };
    if (event.key === "Escape" && model.get("opened").length) close(model.get("opened").length - 1);
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    }
  };
  root.addEventListener("keydown", onKey);
  const letGo = keepKeys(root);
  model.on("change:shown", draw);
  draw();

  return () => {
    clearTimeout(timer);
    letGo();
    model.off("change:shown", draw);
  };
}

export default { render };
