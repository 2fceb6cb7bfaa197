// The stepper: draws a network, a micro-step's equation and the controls from plain data, and reports what the hand does.
import {
  button, choice, element, keepKeys, setAttribute, setProperty, setText, slider, svg,
} from "./controls.js";
import { connect } from "./kernel.js";
import { drawMatrix } from "./matrix.js";
import { linkViews } from "./opening.js";
import { drawPanel } from "./panel.js";
import { drawPicture } from "./picture.js";

const SPEEDS = [
  { value: "0.5", label: "½×" },
  { value: "1", label: "1×" },
  { value: "2", label: "2×" },
  { value: "4", label: "4×" },
];
const PLAY_MS = 1000;
const PRESENT = "Present: larger, with the network and its equation alone";
const MATRIX = "The matrix form, in the place of the sliders";
// Pixels that are made to fill the screen: with the sliders, and without them, where the matrix form comes on top.
const PRESENTED = { width: 960, height: 590, withoutSliders: 438 };

/** The bar: three phases that can be jumped to, the counter, and the player's buttons. */
function drawBar({ go, play, present, presentMatrix, toLayerBefore, toNextLayer }) {
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
  const presenter = button({ id: "present", label: "Present", spoken: "" }, present);
  const matrix = button({ id: "present-matrix", label: "Matrix", spoken: MATRIX }, presentMatrix);
  const group = element("div", { class: "player", role: "group", "aria-label": "Player" },
    count, first.element, layerBack.element, back.element, player.element, next.element, layerOn.element,
    speed.element, matrix.element, presenter.element);
  return {
    element: element("div", { class: "bar" }, phases, group),
    speed: () => Number(speed.element.querySelector("select").value),
    showPresenting(on, withMatrix) {
      presenter.update({ label: on ? "Leave" : "Present", pressed: on, spoken: PRESENT });
      matrix.element.hidden = !on;
      matrix.update({ label: "Matrix", pressed: withMatrix, spoken: MATRIX });
    },
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

function drawSliders(report, pick, refuse) {
  const root = element("div", { class: "mlpkit-sliders" });
  const sliders = [];
  const weights = choice({ id: "picked", label: "weight", spoken: "Weight on the slider", options: [] }, pick);
  return {
    element: root,
    update(shown, moving) {
      shown.sliders.forEach((spec, index) => {
        if (sliders[index]) sliders[index].update(spec, spec.id in moving);
        else {
          sliders.push(slider(spec, report, refuse));
          root.append(sliders.at(-1).element);
        }
      });
      while (sliders.length > shown.sliders.length) sliders.pop().element.remove();
      weights.update({
        id: "picked",
        label: "slider for",
        spoken: "Which weight is on the slider",
        options: shown.weights,
        value: shown.picked,
      });
      if (root.lastChild !== weights.element) root.append(weights.element);
    },
  };
}

/** The switches that make a mistake on purpose, and what it does. */
function drawDamage(toggle, open) {
  const words = element("span");
  const first = element("button", { type: "button" });
  const said = element("p", { class: "said", "aria-live": "polite" }, words, " ", first);
  const group = element("div", { class: "switches", role: "group", "aria-label": "Break it" },
    element("span", {}, "Break it"));
  const root = element("div", { class: "damage" }, group, said);
  const switches = [];
  let symbol = null;
  first.addEventListener("click", () => open(symbol));
  return {
    element: root,
    update({ damage }) {
      damage.switches.forEach((spec, index) => {
        if (!switches[index]) {
          switches.push(button(spec, toggle));
          group.append(switches[index].element);
        }
        switches[index].update(spec);
      });
      setProperty(group, "hidden", !damage.switches.length); // the learner's own functions make their own mistakes
      setText(words, damage.words);
      symbol = damage.first?.symbol;
      setProperty(first, "hidden", !damage.first);
      setText(first, damage.first?.text ?? "");
      setAttribute(first, "aria-label", damage.first?.spoken);
    },
  };
}

/** The loss, the examples one after another, and the states that their steps have led through. */
function drawFoot({ ask, choose, refuse }) {
  const loss = element("b", { "data-value": "loss" });
  const example = element("input", { type: "number", min: 1, step: 1, class: "mlpkit-field", "data-control": "example" });
  const examples = element("span", { "data-value": "examples" });
  const which = element("label", { class: "mlpkit-choice" }, "example ", example, examples);
  const epoch = element("span", { "data-value": "epoch" });
  const steps = element("span", { "data-value": "steps" });
  const mode = element("span", { class: "mode" });
  const points = svg("polyline");
  const title = svg("title");
  const line = svg("svg", { class: "losses", role: "img" }, title, points);
  const code = element("input", { type: "text", class: "mlpkit-field code", spellcheck: "false", autocomplete: "off",
    "data-control": "code", "aria-label": "Code of this state: pass it on, or type another one and press Enter" });
  const state = element("input", { type: "range", min: 0, step: 1, "data-control": "state" });
  const history = element("div", { class: "history" }, line, state);
  const problem = element("span", { class: "problem", role: "alert" });
  const next = button({ id: "next", label: "", spoken: "" }, () => ask({ do: "next_example" }));
  const through = button({ id: "epoch", label: "Next epoch", spoken: "" }, () => ask({ do: "next_epoch" }));
  const reset = button({ id: "reset", label: "Reset", spoken: "Reset everything to the start" },
    () => ask({ do: "reset" }));
  example.addEventListener("change", () => {
    if (!Number.isFinite(example.valueAsNumber)) {
      example.value = at;
      refuse(`The number of an example is needed, at most ${example.max}. It stays ${at}.`);
      return;
    }
    example.value = Math.min(Number(example.max), Math.max(1, Math.round(example.valueAsNumber)));
    choose("example", example.valueAsNumber - 1);
  });
  state.addEventListener("input", () => choose("state", state.valueAsNumber));
  let at = "";
  let written = "";
  code.addEventListener("keydown", (event) => {
    if (event.key === "Enter") ask({ do: "go", code: code.value });
    if (event.key === "Escape") code.value = written;
  });
  code.addEventListener("blur", () => {
    code.value = written;
  });
  const root = element("div", { class: "foot" }, element("span", {}, "loss ", loss), which, epoch, steps, history, mode,
    element("label", { class: "mlpkit-choice" }, "code ", code), problem, element("span", { class: "space" }),
    next.element, through.element, reset.element);
  return {
    element: root,
    update({ foot, code: now, code_problem: sentence }, wantedState) {
      written = now;
      at = String(foot.example);
      setText(problem, sentence);
      if (document.activeElement !== code) setProperty(code, "value", now);
      const several = foot.examples > 1;
      setText(loss, foot.loss);
      setAttribute(example, "max", foot.examples);
      if (document.activeElement !== example) setProperty(example, "value", at);
      setText(examples, `of ${foot.examples}`);
      setText(epoch, foot.epoch);
      setText(steps, foot.steps);
      setText(mode, foot.mode);
      setAttribute(line, "viewBox", `0 0 ${foot.line.width} ${foot.line.height}`);
      setAttribute(line, "aria-label", foot.line.text);
      setAttribute(points, "points", foot.line.points);
      setText(title, foot.line.text);
      setAttribute(state, "max", foot.states - 1);
      setAttribute(state, "aria-label", "History: go back to an earlier state");
      setAttribute(state, "title", foot.state_text);
      setAttribute(state, "aria-valuetext", foot.state_text);
      setProperty(state, "disabled", foot.states === 1);
      setProperty(state, "value", String(wantedState));
      next.update({ label: foot.next, spoken: foot.next_spoken });
      setProperty(through.element, "hidden", !several);
      through.update({ label: "Next epoch", spoken: foot.epoch_spoken });
    },
  };
}

/** Presenter mode: what matters, as large as the screen allows. Escape or the same button leaves it. */
function presenting(root, matrix, changed) {
  const fit = () => {
    const on = root.classList.contains("presenting");
    const withMatrix = root.classList.contains("with-matrix");
    const full = document.fullscreenElement === root;
    const { width } = PRESENTED;
    const height = withMatrix
      ? PRESENTED.withoutSliders + Number.parseFloat(getComputedStyle(matrix).height)
      : PRESENTED.height;
    const size = full ? Math.min(innerWidth / width, innerHeight / height) : root.parentElement.clientWidth / width;
    root.style.zoom = on ? Math.max(1, size) : "";
    changed(on, withMatrix);
  };
  const set = (on) => {
    root.classList.toggle("presenting", on);
    fit();
  };
  const toggleMatrix = () => {
    root.classList.toggle("with-matrix");
    fit();
  };
  const follow = () => {
    if (document.fullscreenElement !== root && root.classList.contains("presenting")) set(false);
    else fit();
  };
  root.addEventListener("fullscreenchange", follow);
  window.addEventListener("resize", fit);
  const leave = async () => {
    set(false);
    if (document.fullscreenElement === root) await document.exitFullscreen();
  };
  const enter = async () => {
    set(true);
    await root.requestFullscreen?.().catch(() => {}); // where that is not allowed, it is larger in its place
  };
  return {
    toggle: () => (root.classList.contains("presenting") ? leave() : enter()),
    leave,
    toggleMatrix,
    remove: () => window.removeEventListener("resize", fit),
  };
}

// Requests to Python beside those of all widgets (kernel.js): {do: "open", symbol, edge}, {do: "go", code},
// {do: "next_example"}, {do: "next_epoch"} and {do: "reset"}.

/** The settings that a request is known to change. */
function sets(request) {
  if (request.do === "reset") return { position: 0, state: 0, opened: [], broken: [] };
  return request.do === "set" ? { [request.name]: request.value } : {};
}

function render({ model, el }) {
  let timer = null;
  let shown = JSON.parse(model.get("shown"));

  const ask = (request) => {
    refuse("");
    kernel.ask(request);
  };
  const wanted = (name) => kernel.wanted(name);
  const choose = (name, value) => ask({ do: "set", name, value });

  const last = () => shown.phases[2].last;
  const go = (where) => {
    const position = Math.min(last(), Math.max(0, where(wanted("position"))));
    if (position === wanted("position")) return;
    choose("position", position);
    bar.update(shown, position, timer !== null);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    bar.update(shown, wanted("position"), false);
  };
  const tick = () => {
    // The next step waits until the last one has been drawn, so that a busy kernel is never flooded.
    if (shown.position === wanted("position")) {
      if (shown.position >= last()) {
        stop();
        return;
      }
      go((position) => position + 1);
    }
    timer = setTimeout(tick, PLAY_MS / bar.speed());
  };
  const play = () => {
    if (timer !== null) stop();
    else {
      if (wanted("position") >= last()) go(() => 0);
      timer = setTimeout(tick, 0);
    }
  };
  const open = (symbol, edge = false) => ask({ do: "open", symbol, edge });
  const close = (depth) => {
    choose("opened", wanted("opened").slice(0, depth));
    panel.element.querySelector(".rows").focus();
  };
  const report = (id, value, typed = false) => {
    // Another weight was picked, and its slider still stands where that of the weight before it stood.
    if (id.startsWith("w-") && id !== wanted("picked")) return;
    ask({ do: "move", values: { [id]: value }, typed });
  };
  const pick = (_, value) => choose("picked", value);
  const drag = (symbol, value) => {
    if (wanted("picked") !== symbol) pick(null, symbol);
    report(symbol, value);
  };
  const toggle = (mistake) => {
    const broken = wanted("broken");
    choose("broken", broken.includes(mistake) ? broken.filter((one) => one !== mistake) : [...broken, mistake]);
  };
  let refused = ""; // what is said of a number that is none
  const refuse = (words) => {
    if (words === refused) return;
    refused = words;
    panel.sayProblem(refused || shown.problem);
  };
  const toNextLayer = (k) => shown.layers.find((start) => start > k) ?? last();
  const toLayerBefore = (k) => shown.layers.findLast((start) => start < k) ?? 0;

  const bar = drawBar({ go, play, present: () => stage.toggle(),
    presentMatrix: () => stage.toggleMatrix(), toLayerBefore, toNextLayer });
  const panel = drawPanel(open, close);
  const matrix = drawMatrix(open);
  const sliders = drawSliders(report, pick, refuse);
  const damage = drawDamage(toggle, open);
  const foot = drawFoot({ ask, choose, refuse });
  const net = element("div", { class: "net" });
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const main = element("div", { class: "main" }, net, panel.element);
  const root = element("section", { class: "mlpkit mlpkit-stepper", "aria-label": "Stepper", tabindex: "-1" },
    bar.element, main, sliders.element, matrix.element, damage.element, foot.element, live);
  el.append(root);
  const stage = presenting(root, matrix.element, bar.showPresenting);
  bar.showPresenting(false, false);
  const relight = linkViews(root);

  let picture = null;
  const drawNet = () => {
    picture = drawPicture(model.get("picture"), open, drag);
    net.replaceChildren(picture.element);
    picture.drawn = model.get("picture");
    matrix.element.style.setProperty("--rows", picture.drawn.rows);
  };
  const draw = () => {
    shown = JSON.parse(model.get("shown"));
    if (shown.problem) refused = "";
    if (!picture || picture.drawn !== model.get("picture")) drawNet();
    picture.update(shown);
    panel.update(shown);
    matrix.update(shown);
    panel.sayProblem(refused || shown.problem);
    sliders.update(shown, kernel.moving());
    damage.update(shown);
    foot.update(shown, wanted("state"));
    bar.update(shown, wanted("position"), timer !== null);
    setText(live, shown.spoken);
    root.dataset.position = shown.position;
    root.dataset.turn = kernel.answered();
    relight();
  };
  const onKey = (event) => {
    if (event.target.matches("input, select")) return;
    const moves = {
      ArrowRight: (k) => k + 1,
      ArrowLeft: (k) => k - 1,
      PageDown: toNextLayer,
      PageUp: toLayerBefore,
      Home: () => 0,
      End: () => last(),
    };
    if (event.key === "Escape" && root.classList.contains("presenting")) stage.leave();
    else if (event.key === "Escape" && wanted("opened").length) close(wanted("opened").length - 1);
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    }
  };
  root.addEventListener("keydown", onKey);
  const kernel = connect(root, model, ["shown"], draw, sets);
  const letGo = [keepKeys(root), kernel.letGo, stage.remove];
  draw();

  return () => {
    clearTimeout(timer);
    for (const go of letGo) go();
    el.replaceChildren(); // JupyterLab keeps `el`, not what is in it
  };
}

export default { render };
