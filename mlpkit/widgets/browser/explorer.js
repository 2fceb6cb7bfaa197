// The explorer: draws panels and rows from plain data and reports what the hand does. It computes nothing.
//
// What a panel and a row are is told in mlpkit/explorers/.
import { button, choice, element, keepKeys, pool, setAttribute, setHtml, setText, slider, svg } from "./controls.js";
import { connect } from "./kernel.js";

const MARGIN = { left: 62, right: 18, top: 30, bottom: 50 };
// The usual heights of panels, in pixels. A whole explorer is to be seen on a screen of which 600 pixels are left for it.
const HEIGHT = 300;
const SQUARE = 300; // of one whose axes are equally long
const BESIDE = { left: 50, right: 40, bottom: 28 }; // margins of such a one: the name of x stands beside its numbers
const NARROW = 640; // here panels stand below each other (explorer.css) and are less high
const SPEAK_MS = 400; // a moving slider is not spoken, only where it rests

/** Where a number stands between `near` and `far`, in pixels. Far outside is far enough. */
function scale(axis, near, far) {
  const of = axis.log ? Math.log10 : (value) => value;
  const [from, to] = [of(axis.from), of(axis.to)];
  return (value) => {
    const share = (of(value) - from) / (to - from);
    return Math.min(4000, Math.max(-4000, Math.round(10 * (near + share * (far - near))) / 10));
  };
}

const SHAPES = {
  circle: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  square: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
};
SHAPES.ring = SHAPES.circle;
SHAPES.none = () => "";

const outline = (points, shape, size) =>
  points.map((at) => (at ? SHAPES[shape](at[0], at[1], size) : "")).join("");

/** A line through points; null lifts the pen. */
function route(points) {
  let down = false;
  return points.map((at) => {
    const part = at ? `${down ? "L" : "M"}${at[0]} ${at[1]}` : "";
    down = Boolean(at);
    return part;
  }).join("");
}

const look = (spec) => `${spec.colour} ${spec.dash ?? ""} ${spec.filled === false ? "hollow" : ""}`;

/** A line of the legend: a sample and its name. */
function legendItem() {
  const line = svg("path", { d: "M1 8H33", class: "curve" });
  const shape = svg("path");
  const sample = svg("svg", { width: 34, height: 16, "aria-hidden": "true" }, line, shape);
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  const name = element("span");
  const node = element("span", { class: "item" }, sample, bar, name);
  return {
    node,
    update(spec) {
      setAttribute(node, "class", `item ${spec.kind}`);
      setText(name, spec.name);
      setAttribute(line, "class", `curve ${look(spec)}`);
      setAttribute(line, "stroke-width", Math.min(spec.width ?? 0, 9));
      setAttribute(shape, "class", `mark ${look(spec)}`);
      setAttribute(shape, "d", spec.kind === "marks" ? outline([[17, 8]], spec.shape, 5.5) : "");
    },
  };
}

function tick(isX) {
  const line = svg("line", { class: "grid" });
  const label = svg("text", isX ? { "text-anchor": "middle" } : { "text-anchor": "end", dy: "0.35em" });
  const node = svg("g", {}, line, label);
  return {
    node,
    update({ at, text, box, shown }) {
      const ends = isX ? [at, box.top, at, box.bottom] : [box.left, at, box.right, at];
      ["x1", "y1", "x2", "y2"].forEach((name, k) => setAttribute(line, name, ends[k]));
      setAttribute(label, "x", isX ? at : box.left - 7);
      setAttribute(label, "y", isX ? box.bottom + 20 : at);
      setText(label, shown ? text : "");
    },
  };
}

/** Of labels that would touch each other the later one is left out. */
function withRoom(ticks, width) {
  let end = -Infinity;
  return ticks.map((one) => {
    const half = width(one.text) / 2;
    const shown = one.at - half > end;
    if (shown) end = one.at + half + 4;
    return { ...one, shown };
  });
}

function point() {
  const shape = svg("path");
  const label = svg("text", { class: "label" });
  const node = svg("g", {}, shape, label);
  return {
    node,
    update(spec) {
      const { at, box } = spec;
      setAttribute(shape, "d", at ? outline([at], spec.shape, 6.5) : "");
      setAttribute(shape, "class", `mark ${look(spec)}`);
      setAttribute(label, "class", `label ${spec.colour}`);
      setText(label, at ? spec.label : "");
      if (!at) return;
      const width = 9 * spec.label.length + 14;
      let place = spec.place;
      if (place === "left" && at[0] - width < box.left) place = "right";
      else if (place === "right" && at[0] + width > box.right) place = "left";
      else if (place === "above" && at[1] < box.top + 28) place = "below";
      else if (place === "below" && at[1] > box.bottom - 28) place = "above";
      const aside = place === "left" ? -13 : place === "right" ? 13 : 0;
      const x = aside ? at[0] + aside : Math.min(box.right - width / 2, Math.max(box.left + width / 2, at[0]));
      const y = at[1] + (place === "above" ? -14 : place === "below" ? 24 : 5);
      setAttribute(label, "x", x);
      setAttribute(label, "y", Math.min(box.bottom - 4, Math.max(box.top + 14, y)));
      setAttribute(label, "text-anchor", aside < 0 ? "end" : aside > 0 ? "start" : "middle");
    },
  };
}

function path(className, draw) {
  const node = svg("path", { class: className });
  return {
    node,
    update(spec) {
      setAttribute(node, "d", draw(spec));
      setAttribute(node, "class", `${className} ${look(spec)}`);
      setAttribute(node, "stroke-width", spec.width);
    },
  };
}

let maps = 0;

/** Axes with all that is drawn in them. The heat map is a mask over one colour, which follows the theme by itself. */
function drawAxes() {
  maps += 1;
  const id = `mlpkit-${Date.now().toString(36)}-${maps}`;
  const canvas = document.createElement("canvas");
  const image = svg("image", { preserveAspectRatio: "none" });
  const mask = svg("mask", { id: `${id}-map`, maskUnits: "userSpaceOnUse" }, image);
  const inside = svg("rect");
  const map = svg("rect", { class: "heat", mask: `url(#${id}-map)` });
  const frame = svg("rect", { class: "frame" });
  const xTicks = svg("g", { class: "ticks" });
  const yTicks = svg("g", { class: "ticks" });
  const curves = svg("g");
  const marked = svg("g");
  const xName = svg("text", { class: "axis" });
  const yName = svg("text", { class: "axis", x: 6, y: 16 });
  const drawing = svg("g", { "clip-path": `url(#${id}-box)` }, map, curves, marked);
  const points = svg("g");
  const root = svg("svg", { role: "img", class: "axes" },
    svg("defs", {}, mask, svg("clipPath", { id: `${id}-box` }, inside)),
    xTicks, yTicks, drawing, frame, points, xName, yName);
  const put = {
    x: pool(xTicks, () => tick(true)),
    y: pool(yTicks, () => tick(false)),
    curves: pool(curves, () => path("curve", ({ places }) => route(places))),
    marks: pool(marked, () => path("mark", ({ places, shape, size }) => outline(places, shape, size))),
    points: pool(points, point),
  };
  let drawnMap = null;

  const drawMap = (heat, x, y) => {
    setAttribute(map, "visibility", heat ? "visible" : "hidden");
    if (!heat) return;
    const [left, right, bottom, top] = [x(heat.x[0]), x(heat.x[1]), y(heat.y[0]), y(heat.y[1])];
    for (const node of [mask, map]) {
      const box = { x: left, y: top, width: right - left, height: bottom - top };
      for (const [name, value] of Object.entries(box)) setAttribute(node, name, value);
    }
    // The outermost numbers belong on the border: the image reaches half a cell beyond it.
    const [cellX, cellY] = [(right - left) / (heat.columns - 1), (bottom - top) / (heat.rows - 1)];
    const box = { x: left - cellX / 2, y: top - cellY / 2 };
    box.width = right - left + cellX;
    box.height = bottom - top + cellY;
    for (const [name, value] of Object.entries(box)) setAttribute(image, name, value);
    const same = drawnMap && drawnMap.length === heat.levels.length
      && drawnMap.every((level, k) => level === heat.levels[k]);
    if (same) return;
    drawnMap = heat.levels;
    canvas.width = heat.columns;
    canvas.height = heat.rows;
    const pixels = new ImageData(heat.columns, heat.rows);
    pixels.data.fill(255);
    heat.levels.forEach((level, k) => {
      const row = heat.rows - 1 - Math.floor(k / heat.columns);
      pixels.data[4 * (row * heat.columns + (k % heat.columns)) + 3] = level;
    });
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    setAttribute(image, "href", canvas.toDataURL());
  };

  return {
    element: root,
    update(panel, width, tall, narrow) {
      const margin = { ...MARGIN, ...(panel.square && BESIDE) };
      const edges = MARGIN.top + BESIDE.bottom;
      const side = Math.min((panel.height ?? SQUARE) - edges, width - BESIDE.left - BESIDE.right);
      const squarish = tall && (panel.square || !narrow);
      const height = squarish ? edges + side : (panel.height ?? HEIGHT) - (narrow ? 60 : 0);
      const left = panel.square ? Math.max(margin.left, (width - side) / 2) : margin.left;
      const box = { left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };
      if (panel.square) box.right = box.left + side;
      const x = scale(panel.x, box.left, box.right);
      const y = scale(panel.y, box.bottom, box.top);
      const at = (place) => (place ? [x(place[0]), y(place[1])] : null);
      setAttribute(root, "width", width);
      setAttribute(root, "height", height);
      setAttribute(root, "viewBox", `0 0 ${width} ${height}`);
      setAttribute(root, "aria-label", panel.spoken);
      for (const node of [inside, frame]) {
        const place = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
        for (const [name, value] of Object.entries(place)) setAttribute(node, name, value);
      }
      const xs = panel.x.ticks.map(([value, text]) => ({ at: x(value), text, box }));
      const ys = panel.y.ticks.map(([value, text]) => ({ at: y(value), text, box, shown: true }));
      put.x(withRoom(xs, (text) => 8 * text.length));
      put.y(ys);
      setText(xName, panel.x.label);
      setAttribute(xName, "text-anchor", panel.square ? "start" : "middle");
      setAttribute(xName, "x", panel.square ? box.right + 14 : (box.left + box.right) / 2);
      setAttribute(xName, "y", height - 8);
      setText(yName, panel.y.label);
      setAttribute(yName, "x", Math.max(6, box.left - 44));
      drawMap(panel.heat, x, y);
      put.curves(panel.curves.map((curve) => ({ ...curve, places: curve.points.map(at) })));
      put.marks(panel.marks.map((group) => ({ ...group, places: group.points.map(at), width: 2 })));
      const onTop = panel.points.map((one) => ({ ...one, box, at: one.x === null ? null : at([one.x, one.y]) }));
      put.points(onTop);
      const named = [
        ...(panel.heat?.name ? [{ kind: "map", name: panel.heat.name, colour: "o" }] : []),
        ...panel.curves.map((curve) => ({ kind: "line", ...curve })),
        ...panel.marks.map((group) => ({ kind: "marks", ...group })),
      ];
      return named.filter((one) => one.name);
    },
  };
}

function drawPanel() {
  const title = element("span", { class: "title" });
  const legend = element("span", { class: "legend" });
  const put = pool(legend, legendItem);
  const body = element("div", { class: "body" });
  const node = element("figure", { class: "panel" }, element("figcaption", {}, title, legend), body);
  const drawing = drawAxes();
  body.append(drawing.element);
  let shown = null;
  let tall = false;
  const draw = () => {
    const width = Math.floor(body.clientWidth) || 420;
    const narrow = node.closest(".mlpkit")?.clientWidth <= NARROW;
    put(drawing.update(shown, width, tall, narrow));
  };
  return {
    node,
    draw,
    update(panel) {
      shown = panel;
      tall = panel.tall;
      setText(title, panel.title);
      setAttribute(node, "class", `panel ${panel.wide ? "wide" : ""}`);
      draw();
    },
  };
}

function drawTable() {
  const caption = element("caption");
  const head = element("tr");
  const body = element("tbody");
  const node = element("div", { class: "table", tabindex: "0", role: "group" },
    element("table", {}, caption, element("thead", {}, head), body));
  const cell = (name, attributes) => () => {
    const one = element(name, attributes);
    return { node: one, update: (text) => setHtml(one, text) };
  };
  const putHead = pool(head, cell("th", { scope: "col" }));
  const putRows = pool(body, () => {
    const name = element("th", { scope: "row" });
    const row = element("tr", {}, name);
    const putCells = pool(row, cell("td"));
    return {
      node: row,
      update(cells) {
        setHtml(name, cells[0]);
        putCells(cells.slice(1));
      },
    };
  });
  return {
    node,
    update(spec) {
      setText(caption, spec.caption);
      setAttribute(node, "aria-label", spec.caption);
      putHead(spec.head);
      putRows(spec.body);
    },
  };
}

function drawNumbers() {
  const node = element("div", { class: "numbers" });
  const put = pool(node, () => {
    const name = element("span");
    const value = element("b");
    const pair = element("span", { class: "pair" }, name, value);
    return {
      node: pair,
      update([words, number, width]) {
        value.style.minWidth = `${width}ch`;
        setHtml(name, words);
        setHtml(value, number);
      },
    };
  });
  return { node, update: (spec) => put(spec.pairs) };
}

function drawSentence() {
  const node = element("p", { class: "sentence" });
  return { node, update: (spec) => setHtml(node, spec.text) };
}

/** Rows of any kind; one whose kind stays is updated in place. */
function drawRows() {
  const root = element("div", { class: "rows" });
  const make = { table: drawTable, numbers: drawNumbers, sentence: drawSentence };
  const rows = [];
  return {
    element: root,
    update(specs) {
      specs.forEach((spec, index) => {
        if (rows[index]?.kind !== spec.kind) {
          rows[index]?.node.remove();
          rows[index] = { kind: spec.kind, ...make[spec.kind]() };
          root.insertBefore(rows[index].node, root.children[index] ?? null);
        }
        rows[index].update(spec);
      });
      while (rows.length > specs.length) rows.pop().node.remove();
    },
  };
}

/** All controls: choices and buttons in a bar, and sliders with the buttons, if there are any, or else in their groups. */
function drawControls(specs, report, refuse, press) {
  const bar = element("div", { class: "bar" });
  const sliders = element("div", { class: "sliders" });
  const buttons = specs.some(({ kind }) => kind === "button");
  const groups = new Map();
  const groupOf = (name = "") => {
    if (!groups.has(name)) {
      const list = element("div", { class: "mlpkit-sliders" });
      const group = name
        ? element("fieldset", {}, element("legend", {}, name), list)
        : element("div", {}, list);
      groups.set(name, list);
      sliders.append(group);
    }
    return groups.get(name);
  };
  const drawn = specs.map((spec) => {
    const make = { slider, choice, button }[spec.kind];
    const control = make(spec, spec.kind === "button" ? press : report, refuse);
    (spec.kind !== "slider" || (buttons && !spec.group) ? bar : groupOf(spec.group)).append(control.element);
    return { spec, control };
  });
  const asText = (value) => String(Number(value.toPrecision(6))).replace("-", "−");
  return {
    bar,
    sliders,
    grouped: groups.size > 1,
    update(values) {
      for (const { spec, control } of drawn) {
        const next = { ...spec };
        if (spec.kind !== "button") next.value = values[spec.id];
        if (spec.kind === "slider") next.text = asText(next.value);
        control.update(next);
      }
    },
  };
}

function render({ model, el }) {
  const specs = model.get("controls");
  let note = ""; // what is said of a number that was outside its range, or none
  const report = (id, value) => {
    const { min, max, outside } = specs.find((spec) => spec.id === id);
    const kept = min === undefined ? value : Math.min(max, Math.max(min, value));
    note = kept === value ? "" : outside[value < min ? 0 : 1];
    kernel.ask({ do: "move", values: { [id]: kept } });
    follow();
    tell();
    return kept;
  };
  const refuse = (words) => {
    note = words;
    tell();
  };
  const controls = drawControls(specs, report, refuse, (id) => {
    note = "";
    kernel.ask({ do: "press", id });
  });
  const panels = [];
  const panelBox = element("div", { class: "panels" });
  const put = pool(panelBox, () => {
    panels.push(drawPanel());
    return panels.at(-1);
  });
  const rows = drawRows();
  const aside = drawRows(); // the sentences, where sliders are many and stand beside the panels
  const goesAside = ({ kind }) => controls.grouped && kind === "sentence";
  const status = drawNumbers();
  controls.bar.append(status.node);
  const problem = element("p", { class: "problem", role: "alert" });
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const root = element("section", { class: "mlpkit mlpkit-explorer", "aria-label": model.get("name") },
    controls.bar,
    element("div", { class: controls.grouped ? "main beside" : "main" },
      panelBox, element("div", {}, controls.sliders, problem, ...(controls.grouped ? [aside.element] : [])), rows.element),
    live);
  el.append(root);

  let speaking = null;
  const speak = (words) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => setText(live, words), SPEAK_MS);
  };
  const tell = () => setText(problem, model.get("shown").problem || note);
  const follow = () => controls.update({ ...model.get("values"), ...kernel.moving() });
  const draw = () => {
    const shown = model.get("shown");
    follow();
    setAttribute(panelBox, "data-panels", shown.panels.length);
    setAttribute(panelBox, "data-square", shown.panels.every((panel) => panel.square));
    const tall = shown.panels.some((panel) => panel.square); // panels beside a square one are as high as it is
    put(shown.panels.map((panel) => ({ ...panel, tall })));
    status.update({ pairs: shown.status ?? [] });
    panels.length = shown.panels.length;
    rows.update(shown.rows.filter((spec) => !goesAside(spec)));
    aside.update(shown.rows.filter(goesAside));
    tell();
    speak(shown.spoken);
  };
  // Panels are drawn for the width that they have; only a change of it draws them anew.
  let width = 0;
  let frame = 0;
  const watch = new ResizeObserver(() => {
    if (!root.clientWidth || root.clientWidth === width) return;
    width = root.clientWidth;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => panels.forEach((panel) => panel.draw()));
  });
  watch.observe(root);
  const kernel = connect(root, model, ["shown", "values"], draw);
  const letGo = [keepKeys(root), kernel.letGo];
  draw();

  return () => {
    clearTimeout(speaking);
    cancelAnimationFrame(frame);
    watch.disconnect();
    for (const go of letGo) go();
    el.replaceChildren(); // JupyterLab keeps `el`, not what is in it
  };
}

export default { render };
