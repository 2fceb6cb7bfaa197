// The paths: draws a network, lights what a path goes along and lists the products. It computes nothing.
import { button, choice, element, keepKeys, pool, setAttribute, setHtml, setText, svg } from "./controls.js";
import { connect } from "./kernel.js";

/** A number at an edge, a little before its middle, or at a neuron. */
function drawLabel(place) {
  const box = svg("rect", { height: 20, rx: 6, class: "ground" });
  const words = svg("text", { "text-anchor": "middle" });
  const node = svg("g", {}, box, words);
  return {
    node,
    update({ at, from, to, text, before, after }) {
      const [start, end] = [place[at ?? from], place[at ?? to]];
      let x = start.x + (end.x - start.x) * 0.45;
      let y = start.y + (end.y - start.y) * 0.45 + 5;
      const width = 8.8 * text.length + 10;
      if (at) { // out of the way of the numbers at the edges of the path before it and after it
        const [fromAbove, goesDown] = [place[before]?.y < start.y, place[after]?.y > start.y];
        y += goesDown && !fromAbove ? -32 : 31;
        x -= goesDown && fromAbove ? width / 2 - 8 : 0;
      }
      setAttribute(node, "class", at ? "label" : "label edge");
      setAttribute(box, "x", x - width / 2);
      setAttribute(box, "y", y - 15);
      setAttribute(box, "width", width);
      setAttribute(words, "x", x);
      setAttribute(words, "y", y);
      setText(words, text);
    },
  };
}

/** options: the weights that can be chosen; a click on the edge of one is reported by `choose(its key)`. */
function drawNetwork(picture, edges, options, choose) {
  const place = Object.fromEntries(picture.neurons.map((neuron) => [neuron.id, neuron]));
  const lines = new Map();
  const under = svg("g");
  const hits = svg("g");
  const over = svg("g");
  const labels = svg("g");
  const weights = new Map(options.map((option) => [option.ends.join(" "), option]));
  for (const [from, to] of edges) {
    const ends = { x1: place[from].x, y1: place[from].y, x2: place[to].x, y2: place[to].y };
    const line = svg("line", { ...ends, class: "edge" });
    const name = `${from} ${to}`;
    lines.set(name, line);
    under.append(line);
    const weight = weights.get(name);
    if (!weight) continue;
    // What takes the click is wider than the line. With the keyboard weights are chosen from the list.
    const hit = svg("line", { ...ends, class: "hit", "data-weight": weight.value }, svg("title", {}, weight.label));
    hit.addEventListener("click", () => choose(weight.value));
    hits.append(hit);
  }
  const shapes = new Map();
  for (const neuron of picture.neurons) {
    const { x, y } = neuron;
    const shape = neuron.constant
      ? svg("rect", { x: x - 19, y: y - 19, width: 38, height: 38, class: "neuron" })
      : svg("circle", { cx: x, cy: y, r: 21, class: "neuron" });
    shapes.set(neuron.id, shape);
    over.append(shape, svg("text", { x, y: y + 5, "text-anchor": "middle" }, neuron.name));
  }
  const root = svg("svg", {
    role: "img", class: "network", viewBox: `0 0 ${picture.width} ${picture.height}`, width: 1.15 * picture.width,
  }, under, hits, over, labels);

  const putLabels = pool(labels, () => drawLabel(place));
  return {
    element: root,
    update(shown, weight) {
      const chosen = options.find(({ value }) => value === weight)?.ends.join(" ");
      const lit = new Set(shown.lit.map((ends) => ends.join(" ")));
      const stops = new Set(shown.lit.flat());
      for (const [name, line] of lines) {
        setAttribute(line, "class", `edge ${lit.has(name) ? "lit" : ""} ${name === chosen ? "chosen" : ""}`);
      }
      for (const [name, shape] of shapes) setAttribute(shape, "class", stops.has(name) ? "neuron lit" : "neuron");
      const before = Object.fromEntries(shown.lit.map(([from, to]) => [to, from]));
      const after = Object.fromEntries(shown.lit);
      putLabels(shown.labels.map((one) => ({ ...one, before: before[one.at], after: after[one.at] })));
      setAttribute(root, "aria-label", shown.spoken);
    },
  };
}

function render({ model, el }) {
  const set = (name, value) => kernel.ask({ do: "set", name, value });
  const pickSpec = (weight) => ({
    id: "weight", label: "weight", spoken: "the weight whose paths are shown",
    options: model.get("options"), value: weight,
  });
  const pick = choice(pickSpec(model.get("weight")), (_, word) => set("weight", word));
  const go = (step) => {
    const count = model.get("shown").count;
    set("path", Math.min(count, Math.max(1, kernel.wanted("path") + step)));
  };
  const buttons = {
    back: button({ id: "back", label: "◂", spoken: "Previous path" }, () => go(-1)),
    next: button({ id: "next", label: "▸", spoken: "Next path" }, () => go(1)),
    all: button({ id: "all", label: "All paths", spoken: "Show all paths" }, () => set("path", 0)),
  };
  const status = element("span", { class: "status" });
  const network = drawNetwork(model.get("picture"), model.get("edges"), model.get("options"),
    (word) => set("weight", word));
  const equation = element("div", { class: "equation", tabindex: "0", role: "group", "aria-label": "product" });
  const body = element("tbody");
  const more = element("p", { class: "more" });
  const caption = element("caption");
  const head = element("tr", {}, ...["path", "through", "product"].map((name) => element("th", { scope: "col" }, name)));
  const total = element("td");
  const derivative = element("td");
  const foot = element("tfoot", {},
    element("tr", {}, element("th", { scope: "row", colspan: "2" }, "sum of all products"), total),
    element("tr", {}, element("th", { scope: "row", colspan: "2" }, "the derivative, by nudging the weight"), derivative));
  const table = element("div", { class: "table", tabindex: "0", role: "group", "aria-label": "all paths" },
    element("table", {}, caption, element("thead", {}, head), body, foot), more);
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const root = element("section", { class: "mlpkit mlpkit-paths", "aria-label": "The paths from a weight to the loss" },
    element("div", { class: "bar" }, pick.element, ...Object.values(buttons).map((one) => one.element), status),
    element("div", { class: "main" }, element("div", { class: "drawing", tabindex: "0", role: "group",
      "aria-label": "the network" }, network.element), table), equation, live);
  el.append(root);

  const rows = pool(body, () => {
    let number = 0;
    const take = element("button", { type: "button" });
    take.addEventListener("click", () => set("path", number));
    const [way, product] = [element("td"), element("td")];
    const node = element("tr", {}, element("th", { scope: "row" }, take), way, product);
    return {
      node,
      update(path) {
        number = path.number;
        setText(take, String(number));
        setAttribute(take, "aria-label", `Show path ${number}`);
        setAttribute(take, "aria-pressed", String(path.lit));
        setAttribute(node, "class", path.lit ? "lit" : null);
        setText(way, path.way);
        setText(product, path.product);
      },
    };
  });
  const draw = () => {
    const shown = model.get("shown");
    const path = model.get("path");
    pick.update(pickSpec(kernel.wanted("weight")));
    buttons.back.update({ id: "back", label: "◂", spoken: "Previous path", disabled: path <= 1 });
    buttons.next.update({ id: "next", label: "▸", spoken: "Next path", disabled: path >= shown.count });
    buttons.all.update({ id: "all", label: "All paths", spoken: "Show all paths", pressed: path === 0 });
    setText(status, path ? `path ${path} of ${shown.count}` : `${shown.count} paths`);
    network.update(shown, model.get("weight"));
    setHtml(equation, shown.equation);
    setText(caption, `Paths from ${shown.weight} to the loss`);
    rows(shown.paths.map((one) => ({ ...one, lit: one.number === path })));
    setText(more, shown.more);
    setText(total, shown.sum);
    setText(derivative, shown.derivative);
    setText(live, shown.spoken);
  };
  const kernel = connect(root, model, ["shown", "path"], draw);
  const letGo = [keepKeys(root), kernel.letGo];
  draw();
  return () => {
    for (const go of letGo) go();
  };
}

export default { render };
