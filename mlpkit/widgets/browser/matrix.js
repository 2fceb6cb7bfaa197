// The matrix form of a micro-step: a formula on whole arrays, and tables whose cells can be pointed at and opened.
import { element, setAttribute, setHtml, setProperty, setText } from "./controls.js";

/** What a cell is made of: a head's words, a button that opens its number, or a plain text. */
const makeOf = ({ kind, text, symbol, rows }) =>
  symbol ? "button" : kind === "array" ? `array of ${rows}` : kind === "head" && text ? "head" : "text";

function drawCell(spec) {
  const make = makeOf(spec);
  if (make !== "button") {
    const node = make === "head" ? element("th", { scope: "col" })
      : spec.kind === "array" ? element("th", { scope: "rowgroup", class: "array", rowspan: spec.rows })
      : element("td", { class: spec.kind });
    const from = element("span", { class: "way" }); // where there is little room, the number alone is seen
    const words = element("span");
    node.append(from, words);
    return {
      node,
      update({ text }) {
        const cut = text.match(/^(from|to) /)?.[0].length ?? 0;
        setText(from, text.slice(0, cut));
        setText(words, text.slice(cut));
      },
    };
  }
  const number = element("span");
  const mark = element("span", { class: "mark" });
  const button = element("button", { type: "button", tabindex: "-1" }, number, mark);
  const node = element("td", {}, button);
  return {
    node,
    update({ text, state, kind, symbol, spoken }) {
      const different = text.endsWith(" ≠");
      setAttribute(node, "class", `${kind} ${state}`);
      setAttribute(button, "data-symbol", symbol);
      setAttribute(button, "title", spoken);
      setAttribute(button, "aria-label", spoken);
      setText(number, different ? text.slice(0, -2) : text || "·");
      setText(mark, different ? " ≠" : "");
    },
  };
}

/** What tables are made of. With the same make, only their numbers are set; so nothing flickers and the focus is kept. */
const makeOfAll = (grids) => JSON.stringify(
  grids.map(({ rows }) => rows.map((row) => row.map((cell) => [makeOf(cell), cell.kind]))));

function drawGrids(grids) {
  const captions = [];
  const cells = [];
  let most = 1;
  const tables = grids.map(({ rows }) => {
    captions.push(element("caption"));
    most = Math.max(most, rows.length);
    const body = rows.map((row) => {
      const drawn = row.map(drawCell);
      cells.push(...drawn);
      return element("tr", {}, ...drawn.map(({ node }) => node));
    });
    return element("table", {}, captions.at(-1), element("tbody", {}, ...body));
  });
  return {
    make: makeOfAll(grids),
    tables,
    most,
    update(next) {
      next.forEach(({ caption }, k) => {
        setText(captions[k], caption);
        setProperty(captions[k], "hidden", !caption);
      });
      next.flatMap(({ rows }) => rows.flat()).forEach((spec, k) => cells[k].update(spec));
    },
  };
}

/** The cell in the direction of an arrow key, or undefined. */
function neighbour(button, key) {
  const cell = button.closest("td");
  const row = cell.parentElement;
  const fromEnd = row.children.length - [...row.children].indexOf(cell); // in the rows of an array, its name comes first
  const along = (start, next, at) => {
    for (let other = next(start); other; other = next(other)) {
      const found = at(other)?.querySelector("button");
      if (found) return found;
    }
    return undefined;
  };
  const itself = (other) => other;
  if (key === "ArrowLeft") return along(cell, (one) => one.previousElementSibling, itself);
  if (key === "ArrowRight") return along(cell, (one) => one.nextElementSibling, itself);
  if (key === "ArrowUp") return along(row, (one) => one.previousElementSibling, (one) => one.children[one.children.length - fromEnd]);
  if (key === "ArrowDown") return along(row, (one) => one.nextElementSibling, (one) => one.children[one.children.length - fromEnd]);
  return undefined;
}

/** `open(symbol)` is called for a click or Enter on a cell. One cell is a tab stop; the arrow keys lead on from it. */
export function drawMatrix(open) {
  const formula = element("div", { class: "formula" });
  const shapes = element("p", { class: "shapes" });
  const words = element("p", { class: "why" });
  const grids = element("div", { class: "grids" });
  let drawn = drawGrids([]);
  let opened = null;
  const root = element("div", { class: "matrix", role: "group", "aria-label": "Matrix form" },
    element("div", { class: "form" }, formula, shapes, words), grids);

  grids.addEventListener("click", (event) => {
    const symbol = event.target.closest("button")?.dataset.symbol;
    if (symbol) open(symbol);
  });
  grids.addEventListener("keydown", (event) => {
    const next = event.target.tagName === "BUTTON" && neighbour(event.target, event.key);
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      event.stopPropagation(); // the arrows move the player everywhere else
    }
    if (next) {
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });

  return {
    element: root,
    update({ matrix, panel }) {
      setHtml(formula, matrix.formula);
      setText(shapes, matrix.shapes);
      setText(words, matrix.words);
      const focused = grids.contains(document.activeElement) ? document.activeElement.dataset.symbol : null;
      if (drawn.make !== makeOfAll(matrix.grids)) {
        drawn = drawGrids(matrix.grids);
        grids.replaceChildren(...drawn.tables);
        root.style.setProperty("--rows", drawn.most); // the more there are, the closer they stand
      }
      drawn.update(matrix.grids);
      const first = grids.querySelector(".write button") ?? grids.querySelector("button");
      const stop = focused ? grids.querySelector(`[data-symbol="${focused}"]`) ?? first : first;
      for (const cell of grids.querySelectorAll("button")) setProperty(cell, "tabIndex", cell === stop ? 0 : -1);
      if (focused) stop?.focus();
      if (opened !== panel.title) { // another number: its cell is in view where not all have room
        opened = panel.title;
        const cell = grids.querySelector(".write")?.getBoundingClientRect();
        const here = root.getBoundingClientRect();
        if (cell && (cell.bottom > here.bottom || cell.top < here.top)) root.scrollTop += cell.bottom - here.bottom + 8;
        if (cell && (cell.right > here.right || cell.left < here.left)) root.scrollLeft += cell.right - here.right + 8;
      }
    },
  };
}
