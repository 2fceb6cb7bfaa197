// The panel: the equation of a micro-step in symbols and with its numbers, and the way from one number to the next.
import { element, setAttribute, setHtml, setText } from "./controls.js";
import { onOpen } from "./opening.js";

/** The equation of the micro-step: its title, one sentence, rows aligned at the equals sign, and the way to it. */
export function drawPanel(open, close) {
  const title = element("h4");
  const why = element("p", { class: "why" });
  const rows = element("div", { class: "rows", tabindex: "0", role: "group", "aria-label": "The equation" });
  const reads = element("div", { class: "reads", role: "group", "aria-label": "Open a number that this one reads" });
  const trail = element("nav", { class: "trail", "aria-label": "Opened from" });
  const root = element("div", { class: "panel" }, title, why, rows, reads, trail);
  onOpen(rows, ".mlpkit-number[data-symbol]", (symbol) => open(symbol));
  onOpen(reads, "[data-symbol]", (symbol) => open(symbol));
  return {
    element: root,
    update({ panel, trail: way }) {
      setHtml(title, panel.title);
      setText(why, panel.why);
      const cells = (row) => row.map((cell, k) => `<mtd>${k === 1 ? `<mo>${cell}</mo>` : cell}</mtd>`).join("");
      const table = panel.rows.map((row) => `<mtr>${cells(row)}</mtr>`).join("");
      setHtml(rows, table && `<math display="block"><mtable displaystyle="true">${table}</mtable></math>`);
      const focused = reads.contains(document.activeElement);
      while (reads.children.length > panel.reads.length) reads.lastChild.remove();
      panel.reads.forEach(({ symbol, text, spoken, colour }, k) => {
        const one = reads.children[k] ?? reads.appendChild(element("button", { type: "button" }));
        setAttribute(one, "data-symbol", symbol);
        setAttribute(one, "class", `mlpkit-${colour}`);
        setAttribute(one, "aria-label", spoken);
        setText(one, text);
      });
      if (focused && !reads.contains(document.activeElement)) rows.focus(); // the button under the hand is gone
      if (trail.way === JSON.stringify(way)) return;
      trail.way = JSON.stringify(way);
      trail.replaceChildren();
      way.forEach(({ text, spoken, depth }, index) => {
        if (index) trail.append(" ▸ ");
        const last = index === way.length - 1;
        const crumb = last ? element("b", {}, text) : element("button", { type: "button", "aria-label": spoken }, text);
        if (!last) crumb.addEventListener("click", () => close(depth));
        trail.append(crumb);
      });
      if (way.length) {
        const back = element("button", { type: "button", class: "close" }, "Close");
        back.addEventListener("click", () => close(0));
        trail.append(" ", back);
      }
    },
  };
}

