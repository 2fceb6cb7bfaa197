// A short tour: at most five tips, one beside each part. It can be left at any time and does not come back by itself.
import { putBeside } from "./beside.js";
import { element, setText } from "./controls.js";

const TIPS = [
  ["[data-control=alpha]", "Drag α, the learning rate: it says how far the step goes. All weights move with it, and so does the loss after the step."],
  ["[data-control=next]", "Take the step, and the new weights stand in the place of the old ones. Then drag on, or take another."],
  [".net", "Click a number to see how it came about. A number with dots below it can be dragged sideways."],
  [".phases", "Forward, Backward and Step go through it all one number at a time; so do the arrow keys."],
  [".tabs", "Here stand the way of each weight, the equation of a number, the same as matrices, and mistakes to make on purpose."],
];
const SEEN = "mlpkit-stepper-tour";

/** Whether the tour was seen in this browser; where nothing can be kept, it counts as seen. */
function seen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return true;
  }
}

function remember() {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // nothing is kept here: a private window, or a page from a file
  }
}

let running = false; // one tour on the page

export function drawTour(root) {
  const count = element("span", { class: "count" });
  const words = element("p");
  const skip = element("button", { type: "button" }, "Skip");
  const next = element("button", { type: "button" }, "Next");
  const card = element("div", { class: "tip", role: "region", "aria-label": "A tip" }, words,
    element("div", {}, count, skip, next));
  let at = 0;
  let before = null;
  const end = () => {
    const hadFocus = card.contains(document.activeElement);
    card.remove();
    running = false;
    if (hadFocus) (before ?? root).focus();
  };
  const show = () => {
    const [anchor, tip] = TIPS[at];
    setText(words, tip);
    setText(count, `${at + 1} of ${TIPS.length}`);
    setText(next, at + 1 < TIPS.length ? "Next" : "Done");
    putBeside(root, card, root.querySelector(anchor));
  };
  next.addEventListener("click", () => {
    at += 1;
    if (at < TIPS.length) show();
    else end();
  });
  skip.addEventListener("click", end);
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    event.stopPropagation(); // the arrows are no steps here
  });
  const start = () => {
    running = true;
    at = 0;
    remember();
    root.append(card);
    show();
  };
  return {
    /** By hand: the focus goes to it. */
    open() {
      before = document.activeElement;
      start();
      next.focus();
    },
    /** By itself, the first time in this browser; not for a machine that drives the page. */
    offer() {
      if (!running && !navigator.webdriver && !seen()) start();
    },
    end,
  };
}
