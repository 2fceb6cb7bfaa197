// Numbers of a training, epoch by epoch: its losses, or how many examples come out right.
import { element, pool, setAttribute, setText, svg } from "./controls.js";

const EDGE = { left: 46, right: 20, top: 8, bottom: 22 };

/**
 * Returns { element, update(axes, samples), fit() }. samples: `width` numbers for each, one after another; the first is the
 * epoch. curves: [{ name, label, at }], at which of them each line is, the lowest line first.
 */
export function drawCurves({ title, curves, width: stride }) {
  const grid = svg("g", { class: "ticks" });
  const lines = curves.map(({ name }) => svg("path", { class: name }));
  const frame = svg("rect", { class: "frame" });
  const root = svg("svg", { class: "losses", "aria-hidden": "true" }, grid, frame, ...lines);
  const signs = curves.map(({ name, label }) =>
    element("span", { class: "sample", "data-line": name }, element("i", { class: name }), label));
  const legend = element("div", { class: "legend" }, element("b", {}, title), ...signs.toReversed());
  const node = element("div", { class: "history" }, legend, root);
  const put = pool(grid, () => {
    const line = svg("line");
    const label = svg("text");
    const one = svg("g", {}, line, label);
    return {
      node: one,
      update({ ends, at, text, isX }) {
        ["x1", "y1", "x2", "y2"].forEach((name, k) => setAttribute(line, name, ends[k]));
        setAttribute(label, "x", at[0]);
        setAttribute(label, "y", at[1]);
        setAttribute(label, "text-anchor", isX ? "middle" : "end");
        setText(label, text);
      },
    };
  });
  let [width, height] = [0, 0];
  let axes = null;
  let samples = new Float32Array(0);

  const draw = () => {
    if (!axes || !width) return;
    const box = { left: EDGE.left, right: width - EDGE.right, top: EDGE.top, bottom: height - EDGE.bottom };
    const share = (axis, value) => {
      const of = axis.log ? Math.log10 : (number) => number;
      return (of(value) - of(axis.from)) / (of(axis.to) - of(axis.from));
    };
    const x = (epoch) => Math.round(10 * (box.left + share(axes.x, epoch) * (box.right - box.left))) / 10;
    const y = (number) => Math.round(10 * (box.bottom - share(axes.y, number) * (box.bottom - box.top))) / 10;
    setAttribute(root, "width", width);
    setAttribute(root, "height", height);
    setAttribute(root, "viewBox", `0 0 ${width} ${height}`);
    for (const [name, value] of Object.entries({ x: box.left, y: box.top, width: box.right - box.left,
      height: box.bottom - box.top })) setAttribute(frame, name, value);
    const apart = (box.right - box.left) / Math.max(1, axes.x.ticks.length - 1);
    const every = Math.ceil((8 * axes.x.ticks.at(-1)[1].length + 6) / apart); // so that no two touch
    put([
      ...axes.x.ticks.map(([value, text], k) => ({ isX: true, text: k % every ? "" : text, at: [x(value), height - 6],
        ends: [x(value), box.top, x(value), box.bottom] })),
      ...axes.y.ticks.map(([value, text]) => ({ isX: false, text, at: [box.left - 6, y(value) + 4],
        ends: [box.left, y(value), box.right, y(value)] })),
    ]);
    curves.forEach(({ name, at: which }, k) => {
      let path = "";
      for (let at = 0; at < samples.length; at += stride) {
        const number = samples[at + which];
        if (!Number.isNaN(number)) path += `${path ? "L" : "M"}${x(samples[at])} ${y(number)}`;
      }
      setAttribute(lines[k], "d", path);
      signs[k].hidden = name !== "training" && !path;
    });
  };
  return {
    element: node,
    update(next, given) {
      axes = next;
      samples = given;
      draw();
    },
    fit() {
      const box = root.getBoundingClientRect();
      const [across, down] = [Math.floor(node.clientWidth), Math.floor(node.clientHeight - legend.offsetHeight)];
      if (!box || !across || (across === width && down === height)) return;
      [width, height] = [across, down];
      draw();
    },
  };
}
