// The network as an SVG picture: drawn once, then only what changes is set.
import { setAttribute, setText, svg } from "./controls.js";
import { onOpen } from "./opening.js";

/** A number as text. Where it ends with ≠, that sign is a part of its own, placed by `aside`. */
function drawNumber(attributes, aside) {
  const number = document.createTextNode("");
  const node = svg("text", attributes, number);
  const mark = svg("tspan", { ...aside, class: "mark" });
  mark.textContent = " ≠";
  return {
    node,
    mark,
    /** Returns {digits, different}. */
    update(shown) {
      const different = shown.endsWith(" ≠");
      const digits = different ? shown.slice(0, -2) : shown;
      if (number.data !== digits) number.data = digits;
      if (!different) mark.remove();
      else if (!mark.parentNode) node.append(mark);
      return { digits, different };
    },
  };
}

const ROOM = 40; // at the left of a neuron's centre, up to the labels of its weights
const SHORT = 13; // characters; a longer number is written smaller, since the boxes beside it are near

/** About how wide a text of 13 px is, in a wide font: measuring it would lay out the page at every move. */
function widthOf(text) {
  let width = 0;
  for (const letter of text) width += { ".": 4.2, " ": 4.2, "−": 10.9 }[letter] ?? 8.3;
  return width;
}

/**
 * A small box with a number in it, such as δ at a neuron. A ≠ at its end stands raised. `at` gives where the number ends
 * for one that stands in a column of others; else it is centred.
 */
function pill(className, at) {
  const box = svg("rect", { y: -8, height: 16, rx: 6 });
  const number = drawNumber(at === undefined ? { y: 5 } : { x: at, y: 5, "text-anchor": "end" }, { dy: -4 });
  const node = svg("g", { class: className }, box, number.node);
  return {
    node,
    /** Returns how wide it is. */
    update(shown, state, room = 0) {
      setAttribute(node, "visibility", shown === null || shown === undefined ? "hidden" : "visible");
      const { digits, different } = number.update(shown ?? "");
      const long = digits.length > (at === undefined ? SHORT : 10);
      setAttribute(node, "class", `${className} ${state || ""} ${long ? "long" : ""}`);
      const behind = room || 3; // the line goes on behind it
      const bold = className === "delta" || (className === "weight" && state.startsWith("read"));
      const width = (bold ? 1.09 : 1) * (long ? 0.93 : 1) * widthOf(digits)
        + (at === undefined ? 8 : 4 + behind) + (different ? 15 : 0);
      setAttribute(box, "x", at === undefined ? -width / 2 : at + behind - width);
      setAttribute(box, "width", width);
      return width;
    },
  };
}

const TO = 31; // where the number of a weight ends, in its label; the arrow of its change stands behind it

function drawEdge(edge, ghosts, lines, labels) {
  const points = edge.points.join(" ");
  const line = svg("polyline", { points, class: "edge fixed" });
  lines.append(line);
  if (edge.fixed) return { update() {} };
  const ghost = svg("polyline", { points, class: "edge ghost" });
  ghosts.append(ghost);
  const hit = svg("polyline", { points, class: "hit", "data-symbol": edge.key });
  const head = svg("path", { class: "head", d: "M -10 -6 L 1 0 L -10 6 Z" });
  lines.append(hit, head);
  const label = pill("weight", TO);
  const way = svg("path", { class: "direction" });
  const title = svg("title");
  label.node.append(way, title);
  setAttribute(label.node, "transform", `translate(${edge.label})`);
  setAttribute(label.node, "data-symbol", edge.key);
  labels.append(label.node);
  const heads = { forward: edge.heads[0], backward: edge.heads[1] };
  const ways = { "▲": `M ${TO + 2} 4 h 9 l -4.5 -8 Z`, "▼": `M ${TO + 2} -4 h 9 l -4.5 8 Z`, "": "" };
  return {
    update(shown) {
      const sign = shown.negative ? "negative" : "";
      setAttribute(line, "class", `edge ${shown.state} ${sign}`);
      setAttribute(line, "stroke-width", shown.width);
      setAttribute(ghost, "visibility", shown.was ? null : "hidden");
      setAttribute(ghost, "class", `edge ghost ${shown.was?.negative ? "negative" : ""}`);
      setAttribute(ghost, "stroke-width", shown.was ? shown.was.width + 3 : null);
      setAttribute(head, "visibility", shown.arrow ? "visible" : "hidden");
      if (shown.arrow) {
        const [x, y, turn] = heads[shown.arrow];
        setAttribute(head, "transform", `translate(${x} ${y}) rotate(${turn})`);
      }
      const visible = edge.labelled || shown.state;
      const states = [shown.state, shown.moved ? "moved" : "", shown.changed ? "changed" : ""].join(" ");
      label.update(visible ? shown.text : null, states, shown.direction ? 12 : 0);
      setAttribute(way, "d", ways[shown.direction]);
      setText(title, shown.spoken);
      // The weights that the step is about are tab stops; one that has the focus keeps it.
      const stop = shown.state || document.activeElement === label.node;
      setAttribute(label.node, "tabindex", stop ? 0 : null);
      setAttribute(label.node, "role", stop ? "button" : "img"); // by name: a number alone says not whose it is
      setAttribute(label.node, "aria-label", shown.spoken);
    },
  };
}

/** The part of a circle up to a level, from below, or for a level under 0 from above. */
function filled(level, radius) {
  if (!level) return "";
  const full = Math.min(Math.abs(level), 0.999);
  const side = Math.sign(level);
  const y = side * radius * (1 - 2 * full);
  const x = Math.sqrt(radius * radius - y * y);
  return `M ${-x} ${y} A ${radius} ${radius} 0 ${full > 0.5 ? 1 : 0} ${side > 0 ? 0 : 1} ${x} ${y} Z`;
}

function drawNeuron(neuron, radius, neurons) {
  const shape = neuron.constant
    ? svg("rect", { x: -16, y: -16, width: 32, height: 32, rx: 6 })
    : svg("circle", { r: radius });
  const kind = neuron.constant ? "constant" : neuron.l ? "" : "input";
  const level = svg("path", { class: "level" });
  // The ≠ stands beside the neuron, where the number has room enough without it.
  const aside = neuron.constant ? { x: 26, y: -14 } : { x: radius - 2, y: 4 - radius };
  const output = drawNumber({ y: 5, class: "output" }, aside);
  const body = svg("g", { "data-symbol": neuron.key, role: "button", tabindex: "0" }, shape, level, output.node);
  const name = svg("text", { class: "name", y: -radius - 5 });
  name.textContent = neuron.constant ? "" : neuron.name;
  const activation = pill("activation");
  setAttribute(activation.node, "data-symbol", `a-${neuron.l}-${neuron.i}`);
  const delta = pill("delta");
  setAttribute(delta.node, "data-symbol", `delta-${neuron.l}-${neuron.i}`);
  for (const { node } of [{ node: name }, activation, delta]) setAttribute(node, "aria-hidden", "true"); // body says them
  neurons.append(svg("g", { transform: `translate(${neuron.x} ${neuron.y})` }, body, name, activation.node, delta.node));
  return {
    update(shown) {
      const marked = (number) => (shown.changed.includes(number) ? "changed" : "");
      setAttribute(body, "class", `neuron ${kind} ${shown.o_state} ${marked("o")}`);
      setAttribute(level, "d", neuron.constant ? "" : filled(shown.level, radius - 1));
      const { digits } = output.update(shown.o);
      if (neuron.constant) { // computed by mistake, it is longer than 1
        const width = Math.max(32, 7 * digits.length + 12);
        setAttribute(shape, "x", -width / 2);
        setAttribute(shape, "width", width);
        setAttribute(output.mark, "x", width / 2 + 6);
      }
      setAttribute(output.node, "class", `output ${digits.length > 7 ? "longer" : digits.length > 6 ? "long" : ""}`);
      const width = activation.update(shown.a ? `a ${shown.a}` : null, `${shown.a_state} ${marked("a")}`);
      const right = shown.a && !neuron.constant ? 22 : 0; // beside the name
      setAttribute(activation.node, "transform", `translate(${right} ${neuron.constant ? -25 : -radius - 9})`);
      setAttribute(name, "x", right && right - width / 2 - 14);
      const wide = delta.update(shown.delta ? `δ ${shown.delta}` : null, `${shown.delta_state} ${marked("delta")}`);
      // That of a constant neuron stands at its left; a long one of another keeps off the labels of its weights there.
      const [aside, below] = neuron.constant ? [-22 - wide / 2, -8] : [Math.max(0, wide / 2 - ROOM), radius + 9];
      setAttribute(delta.node, "transform", `translate(${aside} ${below})`);
      setAttribute(body, "aria-label", shown.spoken);
    },
  };
}

/** The network as a picture. `open(symbol, edge)` is called for what is clicked. */
export function drawPicture(picture, open) {
  const { width, height, radius } = picture;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "The network" });
  const flow = svg("text", { class: "flow", ...picture.flow });
  const ghosts = svg("g");
  const lines = svg("g");
  const labels = svg("g");
  const neurons = svg("g");
  const edges = picture.edges.map((edge) => drawEdge(edge, ghosts, lines, labels));
  const nodes = picture.neurons.map((neuron) => drawNeuron(neuron, radius, neurons));
  const captions = [...picture.layers, ...picture.more].map(({ x, y, text }) => {
    const caption = svg("text", { x, y, class: "caption" });
    caption.textContent = text;
    return caption;
  });
  root.append(flow, ghosts, lines, labels, neurons, ...captions);

  onOpen(root, "[data-symbol]", (symbol) => open(symbol, symbol.startsWith("w-")));

  return {
    element: root,
    /** whole: the step is looked at as a whole, and no weight is marked as the one that was written last. */
    update(shown, whole) {
      setText(flow, shown.flow);
      setAttribute(flow, "class", `flow ${shown.phases.find((phase) => phase.current)?.name.toLowerCase() ?? ""}`);
      shown.edges.forEach((edge, index) =>
        edges[index].update(whole && edge.state ? { ...edge, state: "", arrow: "" } : edge));
      shown.neurons.forEach((neuron, index) => nodes[index].update(neuron));
    },
  };
}
