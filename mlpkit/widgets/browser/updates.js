// The way of every weight from old to new: a hollow mark and a filled one on a scale that all rows share.
import { element, setAttribute, setProperty, setText, svg } from "./controls.js";
import { onOpen } from "./opening.js";

const TRAIL = 6; // marks of earlier states
const LONG = 9; // characters; a longer number is written smaller

function drawHeading() {
  const words = element("th", { colspan: 5, scope: "rowgroup" });
  return { node: element("tr", { class: "heading" }, words), update: (row) => setText(words, row.words) };
}

function drawRow() {
  const name = element("button", { type: "button", class: "name", tabindex: "-1" });
  const [old, dw, now] = ["old", "dw", "now"].map((kind) => element("td", { class: kind }, element("span")));
  const trail = Array.from({ length: TRAIL }, (_, k) => svg("circle", { cy: "50%", r: 2.5, class: "was", opacity: 0.55 - 0.08 * k }));
  const zero = svg("line", { y1: 0, y2: "100%", class: "zero" });
  const way = svg("line", { y1: "50%", y2: "50%", class: "way" });
  const from = svg("circle", { cy: "50%", r: 4, class: "from" });
  const to = svg("circle", { cy: "50%", r: 4.5, class: "to" });
  const marks = svg("svg", { "aria-hidden": "true" }, zero, ...trail, way, from, to);
  const node = element("tr", { class: "way" }, element("th", { scope: "row" }, name), old,
    element("td", { class: "marks" }, marks), dw, now);
  const place = (mark, name_, at) => {
    setAttribute(mark, "visibility", at === null || at === undefined ? "hidden" : null);
    if (at !== null && at !== undefined) setAttribute(mark, name_, `${at}%`);
  };
  return {
    node,
    name,
    update(row, zeroAt) {
      setAttribute(node, "class", ["way", ...row.changed.map((kind) => `changed-${kind}`)].join(" "));
      setAttribute(node, "data-symbol", row.symbol);
      setAttribute(name, "data-symbol", row.symbol);
      setAttribute(name, "aria-label", row.spoken);
      setText(name, row.name);
      setText(old.firstChild, row.old);
      setAttribute(old, "data-symbol", row.opens.old ?? null);
      setAttribute(old, "title", row.opens.old ? "Drag it sideways, or click to open it" : null);
      setText(dw.firstChild, row.dw);
      setAttribute(dw.firstChild, "data-symbol", row.opens.dw ?? null);
      setText(now.firstChild, row.new);
      for (const cell of [old, dw, now]) cell.classList.toggle("long", cell.textContent.length > LONG);
      const [before, after] = row.at;
      place(zero, "x1", zeroAt);
      place(zero, "x2", zeroAt);
      place(from, "cx", before);
      place(to, "cx", after);
      place(way, "x1", after === null ? null : before);
      place(way, "x2", after);
      trail.forEach((mark, k) => place(mark, "cx", row.trail[k]));
    },
  };
}

/** `open(symbol, edge)` is called for what is clicked; `edge` for a weight, old or new. */
export function drawUpdates(open) {
  const title = element("b");
  const legend = element("span", { class: "legend" }, title,
    element("span", { class: "key" }, "○ old  ● new"));
  const ticks = [0, 1, 2].map(() => element("span"));
  const heading = (spoken, ...shown) => element("td", { role: "columnheader", "aria-label": spoken }, ...shown);
  const scale = element("tr", { class: "scale" }, heading("weight"), heading("old w", "old w"),
    heading("from old to new", element("div", {}, ...ticks)), heading("Δw", "Δw"), heading("new w", "new w"));
  const body = element("tbody");
  const table = element("table", {}, element("thead", {}, scale), body);
  const root = element("div", { class: "updates" }, legend, table);
  let make = null;
  let rows = [];
  onOpen(table, "[data-symbol]", (symbol, node) => {
    const old = node.closest(".old"); // the old weight itself; elsewhere in a row it is the new one that opens
    if (node.tagName === "TR") return; // pressed in one cell and let go in another
    if (!old || old.dataset.symbol) open(symbol, symbol.startsWith("w-") && !old);
  });
  body.addEventListener("keydown", (event) => {
    const names = rows.map(({ name }) => name).filter(Boolean);
    const at = names.indexOf(event.target);
    const to = at + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !names[to]) return;
    event.preventDefault();
    event.stopPropagation();
    setProperty(names[at], "tabIndex", -1);
    setProperty(names[to], "tabIndex", 0);
    names[to].focus();
  });
  return {
    element: root,
    update({ updates }) {
      setText(title, updates.title);
      updates.ticks.forEach(({ at, text }, k) => {
        setText(ticks[k], text);
        setProperty(ticks[k].style, "left", `${at}%`);
      });
      const now = updates.rows.map((row) => (row.words ? "h" : "r")).join("");
      if (make !== now) {
        make = now;
        root.classList.toggle("by-layer", now.includes("h"));
        rows = updates.rows.map((row) => (row.words ? drawHeading() : drawRow()));
        body.replaceChildren(...rows.map(({ node }) => node));
        const first = rows.find(({ name }) => name);
        if (first) first.name.tabIndex = 0;
      }
      updates.rows.forEach((row, k) => rows[k].update(row, updates.zero));
    },
  };
}
