// The paths: draws a network, lights what a path goes along and lists the products. It computes nothing.
import { button, choice, element, keepKeys, setAttribute, setHtml, setText, svg } from "./controls.js";
import { connect } from "./kernel.js";

function drawNetwork(picture, edges) {
  const place = Object.fromEntries(picture.neurons.map((neuron) => [neuron.id, neuron]));
  const lines = new Map();
  const under = svg("g");
  const over = svg("g");
  const labels = svg("g");
  for (const [from, to] of edges) {
    const [start, end] = [place[from], place[to]];
    const line = svg("line", { x1: start.x, y1: start.y, x2: end.x, y2: end.y, class: "edge" });
    lines.set(`${from} ${to}`, line);
    under.append(line);
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
    role: "img", class: "network", viewBox: `0 0 ${picture.width} ${picture.height}`, width: picture.width,
  }, under, over, labels);

  const label = ({ at, from, to, text }) => {
    const [start, end] = [place[at ?? from], place[at ?? to]];
    // A number of an edge stands a third along it, that of a neuron below the neuron.
    const x = at ? start.x : start.x + (end.x - start.x) * 0.45;
    const y = at ? start.y + 36 : start.y + (end.y - start.y) * 0.45 + 5;
    const width = 8.2 * text.length + 10;
    const box = svg("rect", { x: x - width / 2, y: y - 15, width, height: 20, rx: 6, class: "ground" });
    return svg("g", { class: at ? "label" : "label edge" }, box, svg("text", { x, y, "text-anchor": "middle" }, text));
  };
  return {
    element: root,
    update(shown) {
      const lit = new Set(shown.lit.map((ends) => ends.join(" ")));
      const stops = new Set(shown.lit.flat());
      for (const [name, line] of lines) setAttribute(line, "class", lit.has(name) ? "edge lit" : "edge");
      for (const [name, shape] of shapes) setAttribute(shape, "class", stops.has(name) ? "neuron lit" : "neuron");
      labels.replaceChildren(...shown.labels.map(label));
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
  const network = drawNetwork(model.get("picture"), model.get("edges"));
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
    element("div", { class: "drawing" }, network.element), equation, table, live);
  el.append(root);

  let drawn = "";
  const rows = (shown) => {
    const signature = JSON.stringify(shown.paths);
    if (signature === drawn) return;
    drawn = signature;
    body.replaceChildren(...shown.paths.map(({ number, way, product }) => {
      const take = element("button", { type: "button", "aria-label": `Show path ${number}` }, String(number));
      take.addEventListener("click", () => set("path", number));
      return element("tr", {}, element("th", { scope: "row" }, take), element("td", {}, way), element("td", {}, product));
    }));
  };
  const draw = () => {
    const shown = model.get("shown");
    const path = model.get("path");
    pick.update(pickSpec(kernel.wanted("weight")));
    buttons.back.update({ id: "back", label: "◂", spoken: "Previous path", disabled: path <= 1 });
    buttons.next.update({ id: "next", label: "▸", spoken: "Next path", disabled: path >= shown.count });
    buttons.all.update({ id: "all", label: "All paths", spoken: "Show all paths", pressed: path === 0 });
    setText(status, path ? `path ${path} of ${shown.count}` : `${shown.count} paths`);
    network.update(shown);
    setHtml(equation, shown.equation);
    setText(caption, `Paths from ${shown.weight} to the loss`);
    rows(shown);
    [...body.rows].forEach((row, k) => {
      setAttribute(row, "class", k + 1 === path ? "lit" : null);
      setAttribute(row.querySelector("button"), "aria-pressed", String(k + 1 === path));
    });
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
