// A number that can be set looks draggable, and is: to the left or right, wherever it stands.

const NUMBERS = ".net .weight, .net .neuron, .rows .mlpkit-number, .updates .old";
const DRAG_PX = 4; // what moves less is a click
const PER_PX = 0.01;

/** What is set by dragging a symbol's number: the outputs of layer 0 are the inputs. */
export const settable = (symbol) => symbol.replace(/^o-0-(?!0$)/, "I-");

/**
 * Below `root`, a number is dragged: `move(symbol, start + how far)` is called on the way. `numberOf(symbol)` is the whole
 * number that stands there, or undefined for one that is computed.
 */
export function dragNumbers(root, numberOf, move) {
  let start = null;
  let dragged = false;
  root.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(NUMBERS);
    const symbol = node?.dataset.symbol ?? node?.querySelector("[data-symbol]")?.dataset.symbol;
    const id = symbol && settable(symbol);
    const value = id && event.button === 0 ? numberOf(id) : undefined;
    start = value === undefined ? null : { x: event.clientX, id, value };
    dragged = false;
    if (start) node.setPointerCapture(event.pointerId); // the first move may leave the number already
  });
  root.addEventListener("pointermove", (event) => {
    if (!start || !event.buttons) return;
    const way = event.clientX - start.x;
    if (!dragged && Math.abs(way) < DRAG_PX) return;
    dragged = true;
    move(start.id, Number((start.value + PER_PX * way).toFixed(6)));
  });
  root.addEventListener("pointerup", () => {
    start = null;
  });
  root.addEventListener("click", (event) => {
    if (dragged) event.stopPropagation(); // it was no click
    dragged = false;
  }, true);
}
