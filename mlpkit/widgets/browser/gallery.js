// The examples where there is no plane, some at a time; as images where their inputs are pixels. One is chosen by the
// mouse or by keys.
import { button, element, pool, setAttribute, setProperty, setText } from "./controls.js";

const ACROSS = 4; // images in a row
const PAGE = 12;

/** Pixels as an image: ink on paper, in both themes. */
function paint(canvas, levels, side) {
  if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
  const image = new ImageData(side, side);
  levels.forEach((level, k) => {
    image.data.fill(255 - level * 0.9, 4 * k, 4 * k + 3);
    image.data[4 * k + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/**
 * Returns { element, update(shown, pixels) }. choose(row), nextWrong(): what the hand asks for. at(): the row that is chosen,
 * when all that the hand has asked for is done.
 */
export function drawGallery({ choose, nextWrong, at }) {
  let shown = null;
  let pixels = new Uint8Array(0);
  let painted = null;
  const count = () => shown.counts[0] + shown.counts[1];
  /** The first example of the page before this one, or after it; past the end it begins again. */
  const turn = (by) => {
    const end = shown.parts.find((row) => row > at());
    const begin = shown.parts.findLast((row) => row <= at());
    const first = begin + PAGE * Math.floor((at() - begin) / PAGE);
    choose(((by > 0 ? Math.min(first + PAGE, end) : first - 1) + count()) % count());
  };
  const back = button({ id: "page-back", label: "◀", spoken: "The examples before these" }, () => turn(-1));
  const on = button({ id: "page-on", label: "▶", spoken: "The examples after these" }, () => turn(1));
  const wrong = button({ id: "wrong", label: "next wrong", spoken: "The next example that comes out wrong" }, nextWrong);
  const images = element("div", { class: "images", role: "group", "aria-label": "the examples: arrow keys go from one to the next" });
  const put = pool(images, () => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const caption = element("span", {});
    const node = element("button", { type: "button", class: "image" }, canvas, caption);
    let row = 0;
    node.addEventListener("click", () => choose(row));
    return {
      node,
      update(spec) {
        row = spec.row;
        setAttribute(node, "data-row", row);
        setAttribute(node, "aria-label", spec.spoken);
        setAttribute(node, "aria-pressed", String(spec.chosen));
        setProperty(node, "tabIndex", spec.chosen ? 0 : -1); // the arrow keys lead on
        node.classList.toggle("wrong", spec.wrong);
        setProperty(canvas, "hidden", !shown.side);
        setText(caption, spec.text);
        if (spec.levels) paint(canvas, spec.levels, shown.side);
      },
    };
  });
  images.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at() + 1, ArrowLeft: at() - 1, ArrowDown: at() + ACROSS, ArrowUp: at() - ACROSS,
      PageDown: at() + PAGE, PageUp: at() - PAGE, Home: 0, End: count() - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(Math.min(count() - 1, Math.max(0, to)));
  });
  return {
    element: element("div", { class: "gallery" },
      element("div", { class: "bar" }, element("b", {}, "examples"), back.element, on.element, wrong.element), images),
    update(next, given) {
      shown = next;
      pixels = given;
      const size = shown.side ** 2;
      const anew = painted !== given;
      painted = given;
      put(shown.gallery.map((one, k) => ({ ...one, chosen: one.row === shown.example?.row,
        levels: anew && size ? pixels.subarray(size * k, size * (k + 1)) : null })));
      if (images.contains(document.activeElement)) images.querySelector("[aria-pressed=true]")?.focus();
      setProperty(wrong.element, "hidden", !shown.right[0]);
    },
  };
}
