// Every number opens, and what is pointed at is lit in all views. A number carries its symbol in data-symbol.

/** Call `open(symbol, where)` for a click, Enter or the space bar on what `selector` finds below `root`. */
export function onOpen(root, selector, open) {
  const found = (event) => event.target.closest(selector)?.dataset.symbol;
  root.addEventListener("click", (event) => {
    if (found(event)) open(found(event), event.target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.target.tagName === "BUTTON") return; // a key on a button is a click already
    if (found(event) && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      open(found(event), event.target);
    }
  });
}

// A gradient, a change and a new weight stand at the edge of their weight.
const atEdge = (symbol) => symbol.replace(/^(grad|dw|w_new)-/, "w-");

/** Whether a symbol of a formula, such as w-0-j-1, stands for a number's symbol, such as w-0-2-1. */
function standsFor(general, symbol) {
  const parts = atEdge(general).split("-");
  const others = atEdge(symbol).split("-");
  return parts.length === others.length && parts.every((part, k) => part === others[k] || (k && /^[a-z]$/.test(part)));
}

/**
 * What is pointed at, or has the focus, is lit wherever it stands below `root`: in all three views.
 * Returns a function that lights it again, for when something was drawn anew.
 */
export function linkViews(root) {
  let lit = [];
  const light = (symbol) => {
    for (const node of lit) node.classList.remove("pointed");
    lit = symbol ? [...root.querySelectorAll("[data-symbol]")].filter((node) =>
      standsFor(node.dataset.symbol, symbol) || standsFor(symbol, node.dataset.symbol)) : [];
    for (const node of lit) node.classList.add("pointed");
  };
  const at = (event) => event.target.closest?.("[data-symbol]")?.dataset.symbol;
  let symbol = null;
  const pointAt = (next) => {
    symbol = next;
    light(symbol);
  };
  root.addEventListener("pointerover", (event) => pointAt(at(event)));
  root.addEventListener("pointerleave", () => pointAt(null));
  root.addEventListener("focusin", (event) => pointAt(at(event)));
  return () => light(symbol);
}

