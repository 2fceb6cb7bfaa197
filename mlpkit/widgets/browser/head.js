// The head of the stepper: the phases, the player, the loss before and after the step, and the step itself.
import { button, choice, element, setAttribute, setProperty, setText, svg } from "./controls.js";

const SPEEDS = [
  { value: "0.5", label: "½×" },
  { value: "1", label: "1×" },
  { value: "2", label: "2×" },
  { value: "4", label: "4×" },
];
const LARGE = '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>';
const PRESENT = "Present: the same, as large as the screen";

/** The phases and the player: where one is in the step, and how one goes on. */
export function drawPlayer({ go, play, toLayerBefore, toNextLayer }) {
  const phases = element("div", { class: "phases", role: "group", "aria-label": "Jump to a phase" });
  const buttons = ["forward", "backward", "step"].map((name) => {
    const share = element("i");
    const text = element("span");
    const node = element("button", { type: "button", class: `phase ${name}` }, text, share);
    phases.append(node);
    let phase;
    // A second press on the phase that is open goes to its end.
    node.addEventListener("click", () => go((position) =>
      position >= phase.first && position < phase.last ? phase.last : phase.first));
    return (next) => {
      phase = next;
      setText(text, next.name);
      setProperty(share.style, "width", `${+(100 * next.share).toFixed(3)}%`);
      setAttribute(node, "aria-current", next.current ? "step" : null);
      setAttribute(node, "title", `To the first micro-step of ${next.name}; pressed again, to its last`);
    };
  });
  const count = element("span", { class: "count" });
  const first = button({ id: "first", label: "⇤", spoken: "To the start" }, () => go(() => 0));
  const back = button({ id: "back", label: "◀", spoken: "One micro-step back" }, () => go((k) => k - 1));
  const next = button({ id: "forward", label: "▶", spoken: "One micro-step on" }, () => go((k) => k + 1));
  const layerBack = button({ id: "layer-back", label: "◀◀", spoken: "" }, () => go(toLayerBefore));
  const layerOn = button({ id: "layer-on", label: "▶▶", spoken: "" }, () => go(toNextLayer));
  const player = button({ id: "play", label: "Play", spoken: "Play" }, play);
  const speed = choice({ id: "speed", label: "", spoken: "Speed", options: SPEEDS, value: "1" }, () => {});
  const group = element("div", { class: "player", role: "group", "aria-label": "Player" },
    first.element, layerBack.element, back.element, player.element, next.element, layerOn.element, speed.element, count);
  return {
    parts: [phases, group],
    speed: () => Number(speed.element.querySelector("select").value),
    update(shown, position, playing) {
      shown.phases.forEach((phase, index) => buttons[index](phase));
      setText(count, shown.count);
      const last = shown.phases[2].last;
      first.update({ label: "⇤", spoken: "To the start", disabled: position === 0 });
      layerBack.update({ label: "◀◀", spoken: "To the layer before", disabled: position === 0 });
      layerOn.update({ label: "▶▶", spoken: "To the next layer", disabled: position === last });
      back.update({ label: "◀", spoken: "One micro-step back", disabled: position === 0 });
      next.update({ label: "▶", spoken: "One micro-step on", disabled: position === last });
      const label = playing ? "Pause" : "Play";
      player.update({ label, spoken: label });
    },
  };
}

/** What the step does to the loss, the button that takes it, and the two that stand beside it. */
export function drawStep(ask, present, tips) {
  const loss = element("b", { "data-value": "loss" });
  const after = element("b", { "data-value": "after" });
  const when = element("small", { "data-value": "when" });
  const points = svg("polyline");
  const end = svg("circle", { r: 3 });
  const title = svg("title");
  const line = svg("svg", { class: "losses", role: "img" }, title, points, end);
  const next = button({ id: "next", label: "", spoken: "" }, () => ask({ do: "next_example" }));
  const reset = button({ id: "reset", label: "↺", spoken: "Reset everything to the start" }, 
    () => ask({ do: "reset", position: start }));
  let start = 0;
  const presenter = button({ id: "present", label: LARGE, spoken: PRESENT }, present);
  const help = button({ id: "tips", label: "?", spoken: "Five tips" }, tips);
  const numbers = element("div", { class: "loss" },
    element("span", {}, "loss ", loss, element("span", { class: "to" }, " → "), after), when);
  return {
    element: element("div", { class: "step" }, numbers, line, next.element, reset.element, presenter.element),
    tips: help.element,
    next: next.element,
    showPresenting: (on) => presenter.update({ label: on ? "✕" : LARGE, pressed: on, spoken: PRESENT }),
    update({ foot, start: first }) {
      start = first;
      setText(loss, foot.loss);
      setText(after, foot.after);
      setText(when, foot.when);
      setAttribute(line, "viewBox", `0 0 ${foot.line.width} ${foot.line.height}`);
      const words = `loss from step to step: ${foot.line.text}`;
      setAttribute(line, "aria-label", words);
      setAttribute(points, "points", foot.line.points);
      const [x, y] = foot.line.end;
      setAttribute(end, "cx", x);
      setAttribute(end, "cy", y);
      setText(title, words);
      next.update({ label: foot.next, spoken: foot.next_spoken });
    },
  };
}
