// Words beside what they are about, over the widget: they take no room, and nothing moves when they come and go.
import { element, setText } from "./controls.js";

/** Put `node` below `anchor`, or above it where that is in the lower half; both are inside `root`. */
export function putBeside(root, node, anchor) {
  const whole = root.getBoundingClientRect();
  const box = anchor.getBoundingClientRect();
  const zoom = whole.width / root.offsetWidth || 1;
  const above = (box.top + box.bottom) / 2 > (whole.top + whole.bottom) / 2;
  node.classList.toggle("above", above);
  const left = Math.min((box.left - whole.left) / zoom, root.offsetWidth - node.offsetWidth - 8);
  node.style.left = `${Math.max(8, left)}px`;
  node.style.top = above ? "" : `${(box.bottom - whole.top) / zoom + 6}px`;
  node.style.bottom = above ? `${(whole.bottom - box.top) / zoom + 6}px` : "";
}

/** What went wrong, said beside the control that asked for it. */
export function drawProblem(root) {
  const node = element("p", { class: "problem", role: "alert" });
  return {
    element: node,
    say(sentence, anchor) {
      if (node.textContent === sentence) return;
      setText(node, sentence);
      if (sentence) putBeside(root, node, anchor?.isConnected && anchor.offsetWidth ? anchor : root);
    },
  };
}
