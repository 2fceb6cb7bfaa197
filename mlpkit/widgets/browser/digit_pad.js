// The pad: takes a drawing by mouse, finger or keys, and draws pixels and outputs as Python gives them. It computes nothing.
import { button, choice, element, keepKeys, setAttribute, setText, svg } from "./controls.js";
import { connect } from "./kernel.js";
import { bringIntoSight } from "./sight.js";

const SIDE = 8;
const PAD = 272; // pixels of the screen
const KEY_STEP = 1 / 24; // of the pad
const NEAR = 1 / 90; // a point nearer to the last one is left out
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const DIGITS = [...Array(10).keys()];

const within = (x) => Math.round(1e4 * Math.min(1, Math.max(0, x))) / 1e4;

/** An 8 by 8 picture; `paint(square, cell)` colours one. */
function drawGrid(name, cellSize, paint) {
  const squares = [...Array(SIDE * SIDE).keys()].map((k) => {
    const title = svg("title");
    const place = { x: (k % SIDE) * cellSize + 0.5, y: Math.floor(k / SIDE) * cellSize + 0.5 };
    const square = svg("rect", { ...place, width: cellSize, height: cellSize, class: "pixel" }, title);
    const sign = svg("path", { class: "sign" });
    return { square, title, sign, ...place };
  });
  const size = SIDE * cellSize + 1;
  const root = svg("svg", { role: "img", class: name, width: size, height: size, viewBox: `0 0 ${size} ${size}` },
    ...squares.flatMap(({ square, sign }) => [square, sign]));
  return {
    element: root,
    update(cells, words, spoken) {
      cells.forEach((cell, k) => {
        paint(squares[k], cell, cellSize);
        setText(squares[k].title, `${words(k)} = ${cell.text}`);
      });
      setAttribute(root, "aria-label", spoken);
    },
  };
}

const place = (k) => `row ${Math.floor(k / SIDE) + 1}, column ${(k % SIDE) + 1}, ∂L̃/∂I with I`;

function paintInk({ square }, { share }) {
  setAttribute(square, "style", `fill-opacity: ${share.toFixed(3)}`);
}

/** Wanted ink has a plus in it and unwanted ink a minus: the colour alone does not tell. */
function paintWish({ square, sign, x, y }, { share, sign: word }, size) {
  const strength = Math.abs(share);
  setAttribute(square, "class", `pixel ${word}`);
  setAttribute(square, "style", `fill-opacity: ${(0.85 * strength).toFixed(3)}`);
  const [cx, cy, arm] = [x + size / 2, y + size / 2, 4];
  const line = `M${cx - arm} ${cy}h${2 * arm}`;
  setAttribute(sign, "d", strength < 0.25 ? "" : word === "more" ? `${line}M${cx} ${cy - arm}v${2 * arm}` : line);
}

function drawPad(report) {
  const lines = svg("g", { class: "ink" });
  const pen = svg("circle", { class: "pen", r: 7 });
  const root = svg("svg", {
    class: "pad", width: PAD, height: PAD, viewBox: `0 0 ${PAD} ${PAD}`, tabindex: "0", role: "application",
    "aria-label": "The pad: draw a digit with the mouse or a finger. By keyboard, the arrow keys move the pen, " +
      "and the space bar puts it down and lifts it.",
  }, svg("rect", { class: "paper", width: PAD, height: PAD }), lines, pen);
  let strokes = [];
  let way = null; // the stroke that the hand is drawing
  let at = [0.5, 0.2]; // the pen of the keys
  let down = false;

  const draw = () => {
    const ways = way ? [...strokes, way] : strokes;
    while (lines.childNodes.length > ways.length) lines.lastChild.remove();
    ways.forEach((points, k) => {
      if (!lines.childNodes[k]) lines.append(svg("polyline"));
      const shown = points.length > 1 ? points : [points[0], points[0]];
      setAttribute(lines.childNodes[k], "points", shown.map(([x, y]) => `${x * PAD},${y * PAD}`).join(" "));
    });
    setAttribute(pen, "cx", at[0] * PAD);
    setAttribute(pen, "cy", at[1] * PAD);
    setAttribute(pen, "class", down ? "pen down" : "pen");
  };
  const add = (point) => {
    const last = way.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR) return;
    way.push(point);
    draw();
    report([...strokes, way]);
  };
  const lift = () => {
    if (!way) return;
    strokes = [...strokes, way];
    way = null;
    down = false;
    draw();
  };
  const pointAt = (event) => {
    const box = root.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  };
  root.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    root.focus();
    root.setPointerCapture(event.pointerId);
    lift();
    way = [];
    at = pointAt(event);
    add(at);
  });
  root.addEventListener("pointermove", (event) => {
    if (!way || !root.hasPointerCapture(event.pointerId)) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      at = pointAt(one);
      add(at);
    }
  });
  for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, lift);
  root.addEventListener("keydown", (event) => {
    const step = WAYS[event.key];
    if (event.key === " ") {
      if (down) lift();
      else {
        down = true;
        way = [];
        add(at);
      }
    } else if (step) {
      at = at.map((x, k) => within(x + step[k] * KEY_STEP));
      if (down) add(at);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    draw();
  });
  draw();
  return {
    element: root,
    /** Python has taken the strokes away, or others have come from another view. */
    take(given) {
      if (way) return;
      strokes = given;
      draw();
    },
  };
}

function render({ model, el }) {
  const set = (name, value) => kernel.ask({ do: "set", name, value });
  const pad = drawPad((strokes) => set("strokes", strokes));
  const ink = drawGrid("ink-grid", 22, paintInk);
  const wish = drawGrid("wish-grid", 22, paintWish);
  const bars = DIGITS.map((digit) => {
    const bar = element("span", { class: "bar" });
    const text = element("td", { class: "number" });
    const row = element("tr", {}, element("th", { scope: "row" }, String(digit)),
      element("td", { class: "way" }, bar), text);
    return { row, bar, text };
  });
  const read = element("output", { class: "read" });
  const loss = element("span", { class: "loss" });
  const options = DIGITS.map((digit) => ({ value: String(digit), label: String(digit) }));
  const pickSpec = (value) => ({
    id: "wanted", label: "it should be", spoken: "the digit that it should be", options, value: String(value),
  });
  const pick = choice(pickSpec(model.get("wanted")), (_, word) => set("wanted", Number(word)));
  const clear = button({ id: "clear", label: "Clear", spoken: "Clear the pad" }, () => kernel.ask({ do: "clear" }));
  const move = button({ id: "move", label: "Move the pixels", spoken: "Move the pixels one step down the loss" },
    () => kernel.ask({ do: "move_pixels" }));
  const numbersSpec = (open) => ({
    id: "numbers", label: open ? "Close the numbers" : "Open the numbers",
    spoken: open ? "Close the Stepper below" : "Show the numbers of this drawing in a Stepper below",
  });
  const numbers = button(numbersSpec(false), () => kernel.ask({ do: "numbers" }));
  const wished = element("figcaption");
  const moved = element("span", { class: "moved" });
  const problem = element("p", { class: "problem", role: "alert" });
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const figure = (caption, ...parts) => element("figure", {}, element("figcaption", {}, caption), ...parts);
  const root = element("section", { class: "mlpkit mlpkit-digit-pad", "aria-label": "A pad to draw a digit on" },
    element("div", { class: "main" },
      element("div", { class: "column" }, figure("draw a digit, large", pad.element),
        element("div", { class: "bar-row" }, clear.element, numbers.element)),
      element("div", { class: "column grids" },
        figure("what the network gets", ink.element),
        element("figure", {}, wished, wish.element)),
      element("div", { class: "column" }, element("div", { class: "verdict" }, read),
        element("table", { class: "outputs" },
          element("caption", {}, "the ten outputs"), element("tbody", {}, ...bars.map(({ row }) => row))),
        element("div", { class: "bar-row" }, pick.element, loss),
        element("div", { class: "bar-row" }, move.element, moved))),
    problem, live);
  el.append(root);

  const draw = () => {
    const shown = model.get("shown");
    pad.take(kernel.wanted("strokes"));
    ink.update(shown.pixels, (k) => `I${k + 1}`, shown.spoken);
    wish.update(shown.wants, (k) => `${place(k)}${k + 1}`,
      `Plus: more ink here lowers the loss for a ${shown.wanted}. Minus: less ink does.`);
    shown.outputs.forEach(({ share, text }, digit) => {
      const { row, bar, text: cell } = bars[digit];
      setAttribute(bar, "style", `width: ${(100 * share).toFixed(1)}%`);
      setText(cell, text);
      setAttribute(row, "class", [shown.read === digit && "read", shown.wanted === digit && "wanted"]
        .filter(Boolean).join(" "));
    });
    setText(read, shown.read === null ? "nothing drawn yet" : `read as ${shown.read}`);
    setText(wished, `for a ${shown.wanted}: + more ink, − less`);
    setText(loss, `L̃ = ${shown.loss}`);
    setText(moved, shown.moved ? `pixels moved ${shown.moved} ${shown.moved === 1 ? "time" : "times"}` : "");
    pick.update(pickSpec(kernel.wanted("wanted")));
    move.update({ id: "move", label: "Move the pixels", spoken: "Move the pixels one step down the loss" });
    numbers.update(numbersSpec(model.get("opened")));
    setText(problem, model.get("problem"));
    setText(live, shown.spoken);
  };
  const kernel = connect(root, model, ["shown", "strokes", "wanted", "opened", "problem"], draw);
  const letGo = [keepKeys(root), kernel.letGo];
  draw();
  bringIntoSight(root);
  return () => {
    for (const go of letGo) go();
  };
}

export default { render };
