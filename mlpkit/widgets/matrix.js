// The matrix form of a micro-step: a formula on whole arrays, and tables whose cells can be pointed at and opened.
import { element, setHtml, setProperty, setText } from "./controls.js";

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function cellHtml({ text, state, kind, symbol, spoken }) {
  if (kind === "head" && text) return `<th scope="col">${escaped(text)}</th>`;
  if (!symbol) return `<td class="${kind}">${escaped(text)}</td>`;
  const label = escaped(spoken);
  return `<td class="${kind} ${state}"><button type="button" tabindex="-1" data-symbol="${symbol}" title="${label}"` +
    ` aria-label="${label}">${escaped(text) || "·"}</button></td>`;
}

function gridHtml({ caption, rows }) {
  const body = rows.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("");
  return `<table><caption>${escaped(caption)}</caption><tbody>${body}</tbody></table>`;
}

/** The cell in the direction of an arrow key, or undefined. */
function neighbour(button, key) {
  const cell = button.closest("td");
  const row = cell.parentElement;
  const place = [...row.children].indexOf(cell);
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
  if (key === "ArrowUp") return along(row, (one) => one.previousElementSibling, (one) => one.children[place]);
  if (key === "ArrowDown") return along(row, (one) => one.nextElementSibling, (one) => one.children[place]);
  return undefined;
}

/** `open(symbol)` is called for a click or Enter on a cell. One cell is a tab stop; the arrow keys lead on from it. */
export function drawMatrix(open) {
  const formula = element("div", { class: "formula" });
  const shapes = element("p", { class: "shapes" });
  const words = element("p", { class: "why" });
  const grids = element("div", { class: "grids" });
  let drawn = null;
  const root = element("div", { class: "matrix", role: "group", "aria-label": "The matrix form" },
    element("div", { class: "form" }, element("b", {}, "Matrix form"), formula, shapes, words), grids);

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
      setHtml(grids, matrix.grids.map(gridHtml).join(""));
      const first = grids.querySelector(".write button") ?? grids.querySelector("button");
      const stop = focused ? grids.querySelector(`[data-symbol="${focused}"]`) ?? first : first;
      for (const cell of grids.querySelectorAll("button")) setProperty(cell, "tabIndex", cell === stop ? 0 : -1);
      if (focused) stop?.focus();
      if (drawn !== panel.title) { // another number: its cell is in view where not all have room
        drawn = panel.title;
        const cell = grids.querySelector(".write")?.getBoundingClientRect();
        const here = root.getBoundingClientRect();
        if (cell && (cell.bottom > here.bottom || cell.top < here.top)) root.scrollTop += cell.bottom - here.bottom + 8;
      }
    },
  };
}
