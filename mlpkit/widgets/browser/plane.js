// The plane: a map of the output, where it is one half, and the points. A point is chosen, put or taken away by the mouse
// or by keys.
import { element, setAttribute, setText } from "./controls.js";
import { CELLS, css, fresh } from "./maps.js";

const NEAR_PX = 14; // a click so near to a point is one on it
const SIZE = 3.7; // half of a point's width
const FEWER = 120; // so few points are drawn larger
const KEY_STEP = 1 / 24; // of the plane, for the cross

/** Where the map crosses one half: short lines [x, y, x, y] in cells. */
function halfLine(output) {
  const lines = [];
  const half = 32767.5;
  const level = (row, column) => output[row * CELLS + column];
  for (let row = 0; row + 1 < CELLS; row += 1) {
    for (let column = 0; column + 1 < CELLS; column += 1) {
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
      const values = corners.map((corner) => level(...corner));
      const ends = [];
      corners.forEach(([r, c], k) => {
        const [s, d] = corners[(k + 1) % 4];
        const [here, there] = [values[k], values[(k + 1) % 4]];
        if (here > half === there > half) return;
        const share = (half - here) / (there - here);
        ends.push(c + share * (d - c) + 0.5, r + share * (s - r) + 0.5);
      });
      for (let k = 0; k + 3 < ends.length; k += 4) lines.push(ends.slice(k, k + 4));
    }
  }
  return lines;
}

function drawPoint(context, x, y, one, test, size, colours) {
  const colour = css(one ? colours.one : colours.zero);
  const ground = css(colours.ground);
  context.beginPath();
  if (one) context.arc(x, y, size, 0, 2 * Math.PI);
  else context.rect(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size);
  context.fillStyle = test ? ground : colour;
  context.strokeStyle = test ? colour : ground;
  context.lineWidth = test ? 2 : 1.2;
  context.fill();
  context.stroke();
}

/**
 * Returns { element, square, update(shown, points, output, anew), show(neuron), use(tool), fit() }.
 * choose(row), put([I1, I2], D), take(row): what the hand asks for. say(words): what is read aloud. at(): the row that is
 * chosen, when all that the hand has asked for is done.
 */
export function drawPlane(maps, { choose, put, take, say, at }) {
  const below = element("canvas", { "aria-hidden": "true" });
  const above = element("canvas", { "aria-hidden": "true" });
  const square = element("div", { class: "square", tabindex: "0", "data-control": "plane" }, below, above);
  const ends = { left: element("span"), middle: element("span", { class: "axis" }, "I₁"), right: element("span") };
  const sides = { top: element("span"), middle: element("span", { class: "axis" }, "I₂"), bottom: element("span") };
  const node = element("div", { class: "plane" },
    element("div", { class: "up", "aria-hidden": "true" }, ...Object.values(sides)), square,
    element("div", { class: "across", "aria-hidden": "true" }, ...Object.values(ends)));
  let shown = null;
  let points = new Float32Array(0);
  let output = new Uint16Array(0);
  let map = null; // which neuron's is shown
  let tool = "choose"; // or "1", "0", "remove"
  let cross = null; // [I1, I2], where keys put a point
  let width = 0;

  const places = () => points.length / 4;
  const x = (I) => ((I / shown.side + 1) / 2) * width;
  const y = (I) => ((1 - I / shown.side) / 2) * width;
  const back = (px, py) => [px, py].map((p, k) => Number(((k ? -1 : 1) * shown.side * ((2 * p) / width - 1)).toFixed(3)));
  const nearest = (px, py) => {
    let [row, best] = [-1, NEAR_PX];
    for (let k = 0; k < places(); k += 1) {
      const far = Math.hypot(x(points[4 * k]) - px, y(points[4 * k + 1]) - py);
      if (far <= best) [row, best] = [k, far];
    }
    return row;
  };

  const drawBelow = () => {
    if (!width || !shown) return;
    const context = fresh(below, width, width);
    const k = map ?? maps.count() - 1;
    maps.draw(context, k, 0, 0, width, width);
    if (map !== null && map !== maps.count() - 1) return;
    if (output.length !== CELLS ** 2) return;
    context.beginPath();
    const cell = width / CELLS;
    for (const [x1, y1, x2, y2] of halfLine(output)) {
      context.moveTo(x1 * cell, y1 * cell);
      context.lineTo(x2 * cell, y2 * cell);
    }
    context.strokeStyle = css(maps.colours().ink);
    context.lineWidth = 1.6;
    context.stroke();
  };
  let drawnAbove = "";
  const drawAbove = (anew) => {
    if (!width || !shown) return;
    const row = shown.example?.row ?? -1;
    const key = [row, tool, cross, width, shown.side].join();
    if (!anew && key === drawnAbove) return;
    drawnAbove = key;
    const context = fresh(above, width, width);
    const colours = maps.colours();
    const size = places() < FEWER ? SIZE + 1.6 : SIZE;
    for (let k = 0; k < places(); k += 1) {
      drawPoint(context, x(points[4 * k]), y(points[4 * k + 1]), points[4 * k + 2] > 0.5, points[4 * k + 3], size, colours);
    }
    if (row >= 0 && row < places()) {
      for (const [line, colour] of [[5, colours.ground], [2.4, colours.ink]]) {
        context.beginPath();
        context.arc(x(points[4 * row]), y(points[4 * row + 1]), size + 5, 0, 2 * Math.PI);
        context.lineWidth = line;
        context.strokeStyle = css(colour);
        context.stroke();
      }
    }
    if (cross && tool !== "choose") {
      const [at, up] = [x(cross[0]), y(cross[1])];
      context.beginPath();
      context.moveTo(at - 9, up);
      context.lineTo(at + 9, up);
      context.moveTo(at, up - 9);
      context.lineTo(at, up + 9);
      context.lineWidth = 2;
      context.strokeStyle = css(colours.ink);
      context.stroke();
    }
  };

  const act = (px, py) => {
    const row = nearest(px, py);
    if (tool === "choose") {
      if (row >= 0) choose(row);
    } else if (tool === "remove") {
      if (row >= 0) take(row);
    } else put(back(px, py), Number(tool));
  };
  square.addEventListener("click", (event) => {
    const box = square.getBoundingClientRect();
    const zoom = box.width / square.offsetWidth || 1;
    act((event.clientX - box.left) / zoom - square.clientLeft, (event.clientY - box.top) / zoom - square.clientTop);
  });
  const walk = (event) => {
    const last = places() - 1;
    const row = shown.example ? at() : -1;
    const to = { ArrowRight: row + 1, ArrowUp: row + 1, ArrowLeft: row - 1, ArrowDown: row - 1, PageUp: row + 10,
      PageDown: row - 10, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    choose(Math.min(last, Math.max(0, to)));
  };
  const steer = (event) => {
    const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    cross ??= [0, 0];
    if (by) {
      event.preventDefault();
      const far = 2 * shown.side * KEY_STEP * (event.shiftKey ? 0.2 : 1);
      cross = cross.map((I, k) => Number(Math.min(shown.side, Math.max(-shown.side, I + far * by[k])).toFixed(3)));
      say(`${cross[0]}, ${cross[1]}`.replaceAll("-", "minus "));
      drawAbove();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act(x(cross[0]), y(cross[1]));
    }
  };
  square.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !shown) return;
    if (tool === "choose") walk(event);
    else steer(event);
  });

  const describe = () => {
    const chooses = tool === "choose";
    const what = { 1: "puts a point with D = 1 there", 0: "puts a point with D = 0 there", remove: "takes away the point there" };
    setAttribute(square, "role", chooses ? "slider" : "application");
    setAttribute(square, "aria-label", chooses
      ? "the example on the plane: arrow keys go from point to point"
      : `the plane: arrow keys move a cross, and Enter ${what[tool]}`);
    setAttribute(square, "aria-valuemin", chooses ? 1 : null);
    setAttribute(square, "aria-valuemax", chooses ? Math.max(1, places()) : null);
    setAttribute(square, "aria-valuenow", chooses ? (shown.example?.row ?? 0) + 1 : null);
    setAttribute(square, "aria-valuetext", chooses ? shown.example?.spoken ?? "no points yet" : null);
    square.dataset.tool = tool;
  };

  return {
    element: node,
    square,
    /** anew: whether the points or the colours are others. */
    update(next, given, finer, anew) {
      shown = next;
      points = given;
      output = finer;
      setText(ends.left, next.ends[0]);
      setText(ends.right, next.ends[1]);
      setText(sides.bottom, next.ends[0]);
      setText(sides.top, next.ends[1]);
      describe();
      drawBelow();
      drawAbove(anew);
    },
    /** The map of this neuron, or with null that of the output. */
    show(neuron) {
      map = neuron;
      drawBelow();
    },
    use(name) {
      tool = name;
      if (!shown) return;
      describe();
      drawAbove();
    },
    fit() {
      const now = Math.floor(square.clientWidth);
      if (!now || now === width) return;
      width = now;
      drawBelow();
      drawAbove(true);
    },
  };
}
