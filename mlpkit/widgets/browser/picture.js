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

const SHORT = 10; // characters; a longer number is written smaller, since the boxes beside it are near

/** A small box with a number in it, such as δ at a neuron. A ≠ at its end stands raised. */
function pill(className) {
  const box = svg("rect", { y: -10.5, height: 21, rx: 9 });
  const number = drawNumber({ y: 5 }, { dy: -4 });
  const node = svg("g", { class: className }, box, number.node);
  return {
    node,
    update(shown, state) {
      setAttribute(node, "visibility", shown === null || shown === undefined ? "hidden" : "visible");
      const { digits, different } = number.update(shown ?? "");
      const long = digits.length > SHORT;
      setAttribute(node, "class", `${className} ${state || ""} ${long ? "long" : ""}`);
      const width = (long ? 6.6 : 8.6) * digits.length + 12 + (different ? 9 : 0);
      setAttribute(box, "x", -width / 2);
      setAttribute(box, "width", width);
    },
  };
}

const DRAG_PX = 4; // what moves less is a click
const PER_PX = 0.01;

/** A number that is dragged to the left or right changes: `move(start + how far)` is called on the way. */
function onDrag(node, valueNow, move) {
  let start = null;
  let dragged = false;
  node.addEventListener("pointerdown", (event) => {
    start = event.button === 0 ? { x: event.clientX, value: valueNow() } : null;
    dragged = false;
    if (start) node.setPointerCapture(event.pointerId); // the first move may leave the number already
  });
  node.addEventListener("pointermove", (event) => {
    if (!start || !event.buttons) return;
    const way = event.clientX - start.x;
    if (!dragged && Math.abs(way) < DRAG_PX) return;
    dragged = true;
    move(Number((start.value + PER_PX * way).toFixed(6)));
  });
  node.addEventListener("pointerup", () => {
    start = null;
  });
  node.addEventListener("click", (event) => {
    if (dragged) event.stopPropagation(); // it was no click
    dragged = false;
  });
}

/** The network as a picture. `open(symbol)` is called for what is clicked, `move(symbol, value)` for a dragged weight. */
export function drawPicture(picture, open, move) {
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
    const heads = { forward: edge.heads[0], backward: edge.heads[1] };
    const head = svg("path", { class: "head", d: "M -11 -6 L 1 0 L -11 6 Z" });
    lines.append(head);
    let now;
    onDrag(label.node, () => now.value, (value) => move(edge.key, value));
    return {
      update(shown) {
        now = shown;
        setAttribute(line, "class", `edge ${shown.state} ${shown.negative ? "negative" : ""}`);
        setAttribute(head, "visibility", shown.arrow ? "visible" : "hidden");
        if (shown.arrow) {
          const [x, y, turn] = heads[shown.arrow];
          setAttribute(head, "transform", `translate(${x} ${y}) rotate(${turn})`);
        }
        setAttribute(line, "stroke-width", shown.width);
        const visible = edge.labelled || shown.state;
        label.update(visible ? shown.text : null, `${shown.state} ${shown.moved ? "moved" : ""}`);
        setText(title, shown.spoken);
        // The weights that the step is about are tab stops; one that has the focus keeps it.
        const stop = shown.state || document.activeElement === label.node;
        setAttribute(label.node, "tabindex", stop ? 0 : null);
        setAttribute(label.node, "role", stop ? "button" : null);
        setAttribute(label.node, "aria-label", stop ? shown.spoken : null);
      },
    };
  });

  const nodes = picture.neurons.map((neuron) => {
    const shape = neuron.constant
      ? svg("rect", { x: -17, y: -17, width: 34, height: 34, rx: 6 })
      : svg("circle", { r: radius });
    // The ≠ stands beside the neuron, where the number has room enough without it.
    const aside = neuron.constant ? { x: 26, y: -14 } : { x: radius - 2, y: 4 - radius };
    const output = drawNumber({ y: 5, class: "output" }, aside);
    const body = svg("g", { "data-symbol": neuron.key, role: "button", tabindex: "0" }, shape, output.node);
    const activation = pill("activation");
    setAttribute(activation.node, "transform", `translate(0 ${neuron.constant ? -30 : -radius - 13})`);
    setAttribute(activation.node, "data-symbol", `a-${neuron.l}-${neuron.i}`);
    const delta = pill("delta");
    setAttribute(delta.node, "transform", neuron.constant ? "translate(-50 20)" : `translate(0 ${radius + 12})`);
    setAttribute(delta.node, "data-symbol", `delta-${neuron.l}-${neuron.i}`);
    neurons.append(svg("g", { transform: `translate(${neuron.x} ${neuron.y})` }, body, activation.node, delta.node));
    return {
      update(shown) {
        setAttribute(body, "class", `neuron ${neuron.constant ? "constant" : ""} ${shown.o_state}`);
        const { digits } = output.update(shown.o);
        if (neuron.constant) { // computed by mistake, it is longer than 1
          const width = Math.max(34, 7 * digits.length + 12);
          setAttribute(shape, "x", -width / 2);
          setAttribute(shape, "width", width);
          setAttribute(output.mark, "x", width / 2 + 6);
        }
        setAttribute(output.node, "class", digits.length > 6 ? "output long" : "output");
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

