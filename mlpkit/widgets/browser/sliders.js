// The sliders of the stepper: α and a weight first, then what goes in and what should come out.
import { choice, element, setAttribute, setProperty, setText, slider } from "./controls.js";

const HINT = "Drag a slider, or a number that has dots below it.";
const NEAR_PX = 5; // a thumb that is dragged so near to a mark goes to it

/** The numbers that a slider's thumb is drawn to: 0 and the start. */
const marksOf = (spec) => [0, spec.start].filter((x) => x >= spec.min && x <= spec.max);

/** One slider, with small marks at 0 and at the start that can be hit. */
function drawSlider(first, report, refuse) {
  let spec = first;
  let held = false;
  // A range has steps, and the start may lie between two of them.
  const exact = (value) => (Math.abs(value - spec.start) <= spec.step / 2 ? spec.start : value);
  const one = slider(first, (id, value, typed) => report(id, typed ? value : exact(value), typed), refuse);
  const range = one.element.querySelector("input[type=range]");
  const ticks = marksOf({ min: 0, max: 0, start: 0 }).map(() => element("i"));
  one.element.append(element("span", { class: "marks", "aria-hidden": "true" }, ...ticks));
  one.element.addEventListener("pointerdown", (event) => {
    held = event.target === range;
  }, true);
  one.element.addEventListener("keydown", () => {
    held = false;
  }, true);
  one.element.addEventListener("input", (event) => {
    if (!held || event.target !== range) return;
    const near = (NEAR_PX * (spec.max - spec.min)) / range.offsetWidth;
    const mark = marksOf(spec).find((x) => Math.abs(range.valueAsNumber - x) <= near);
    if (mark !== undefined) range.value = mark;
  }, true);
  const update = (next, moving) => {
    spec = next;
    const marks = marksOf(spec);
    ticks.forEach((tick, k) => {
      setProperty(tick, "hidden", marks[k] === undefined);
      if (marks[k] !== undefined) setProperty(tick.style, "left", `${100 * ((marks[k] - spec.min) / (spec.max - spec.min))}%`);
    });
    setAttribute(one.element, "data-kind", spec.id.split("-")[0]);
    one.update(next, moving);
  };
  update(first);
  return { element: one.element, update };
}

export function drawSliders(report, pick, refuse) {
  const root = element("div", { class: "mlpkit-sliders" });
  const sliders = [];
  const weights = choice({ id: "picked", label: "", spoken: "Weight on the slider", options: [] }, pick);
  const mode = element("span", { class: "mode" });
  const words = element("span", { "data-value": "task" });
  const hint = element("p", { class: "hint" }, words, " ", mode);
  root.append(hint);
  return {
    element: root,
    /** choices: the weights that can be put on the slider. task: what is to be done, or "". */
    update(shown, choices, task, moving) {
      shown.sliders.forEach((spec, index) => {
        if (sliders[index]) sliders[index].update(spec, spec.id in moving);
        else {
          sliders.push(drawSlider(spec, report, refuse));
          hint.before(sliders.at(-1).element);
        }
        const holds = sliders[index].element.contains(weights.element);
        if (spec.id.startsWith("w-") && !holds) sliders[index].element.prepend(weights.element);
      });
      while (sliders.length > shown.sliders.length) sliders.pop().element.remove();
      root.classList.toggle("many", sliders.length > 5);
      weights.update({
        id: "picked",
        label: "",
        spoken: "Which weight is on the slider",
        options: choices,
        value: shown.picked,
      });
      setText(words, task || HINT);
      setText(mode, shown.foot.mode);
      hint.classList.toggle("task", task !== "");
    },
  };
}
