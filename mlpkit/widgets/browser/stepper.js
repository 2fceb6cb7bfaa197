// The stepper: draws a network, a micro-step's equation and the controls from plain data, and reports what the hand does.
import { drawProblem } from "./beside.js";
import { button, element, keepKeys, setAttribute, setProperty, setText } from "./controls.js";
import { dragNumbers } from "./drag.js";
import { drawPlayer, drawStep } from "./head.js";
import { connect } from "./kernel.js";
import { drawMatrix } from "./matrix.js";
import { linkViews } from "./opening.js";
import { drawPanel } from "./panel.js";
import { drawPicture } from "./picture.js";
import { bringIntoSight } from "./sight.js";
import { drawSliders } from "./sliders.js";
import { drawTabs } from "./tabs.js";
import { drawTour } from "./tour.js";
import { drawUpdates } from "./updates.js";

const PLAY_MS = 1000;
const PRESENTED = { width: 976, height: 541, foot: 35 }; // pixels that are made to fill the screen

/** The switches that make a mistake on purpose, and what it does. */
function drawDamage(toggle, open) {
  const words = element("span");
  const first = element("button", { type: "button" });
  const said = element("p", { class: "said", "aria-live": "polite" }, words, " ", first);
  const group = element("div", { class: "switches", role: "group", "aria-label": "Break it" });
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

/** The examples one after another, the states that their steps have led through, and the code of where one is. */
function drawFoot({ ask, choose, refuse }) {
  const example = element("input", { type: "number", min: 1, step: 1, class: "mlpkit-field", "data-control": "example" });
  const examples = element("span", { "data-value": "examples" });
  const which = element("label", { class: "mlpkit-choice" }, "example ", example, examples);
  const epoch = element("span", { "data-value": "epoch" });
  const steps = element("span", { "data-value": "steps" });
  const code = element("input", { type: "text", class: "mlpkit-field code", spellcheck: "false", autocomplete: "off",
    "data-control": "code", "aria-label": "Code of this state: pass it on, or type another one and press Enter" });
  const copy = button({ id: "copy", label: "Copy", spoken: "Copy the code" }, async () => {
    code.focus();
    code.select();
    try {
      await navigator.clipboard.writeText(code.value);
    } catch {
      document.execCommand("copy"); // on a page without https there is no other way
    }
  });
  const state = element("input", { type: "range", min: 0, step: 1, "data-control": "state" });
  const history = element("label", { class: "mlpkit-choice history" }, "history ", state);
  const through = button({ id: "epoch", label: "Next epoch", spoken: "" }, () => ask({ do: "next_epoch" }));
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
  const root = element("div", { class: "foot" }, which, through.element, epoch, steps, history,
    element("label", { class: "mlpkit-choice codes" }, "code ", code), copy.element);
  return {
    element: root,
    update({ foot, code: now }, wantedState) {
      written = now;
      setAttribute(code, "title", now);
      at = String(foot.example);
      if (document.activeElement !== code) setProperty(code, "value", now);
      const several = foot.examples > 1;
      setAttribute(example, "max", foot.examples);
      if (document.activeElement !== example) setProperty(example, "value", at);
      setText(examples, `of ${foot.examples}`);
      setText(epoch, foot.epoch);
      setText(steps, foot.steps);
      setAttribute(state, "max", foot.states - 1);
      setAttribute(state, "aria-label", "History: go back to an earlier state");
      setAttribute(state, "title", foot.state_text);
      setAttribute(state, "aria-valuetext", foot.state_text);
      setProperty(state, "disabled", foot.states === 1);
      setProperty(state, "value", String(wantedState));
      setProperty(through.element, "hidden", !several);
      through.update({ label: "Next epoch", spoken: foot.epoch_spoken });
    },
  };
}

/** Presenter mode: the same, as large as the screen allows. Escape or the same button leaves it. */
function presenting(root, changed) {
  const fit = () => {
    const on = root.classList.contains("presenting");
    const full = document.fullscreenElement === root;
    const { width, foot } = PRESENTED;
    const height = PRESENTED.height + (root.classList.contains("one") ? 0 : foot);
    const size = full ? Math.min(innerWidth / width, innerHeight / height) : root.parentElement.clientWidth / width;
    root.style.zoom = on ? Math.max(1, size) : "";
    root.classList.toggle("large", on && size >= 1);
    changed(on);
  };
  const set = (on) => {
    root.classList.toggle("presenting", on);
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
    remove: () => window.removeEventListener("resize", fit),
  };
}

/** The settings that a request is known to change. */
function sets(request) {
  if (request.do === "reset") return { position: request.position, state: 0, opened: [], broken: [] };
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
    cause = sliders.element.querySelector(`[data-control="${id}"]`) ?? net;
    // Another weight was picked, and its slider still stands where that of the weight before it stood.
    if (id.startsWith("w-") && id !== wanted("picked")) return;
    ask({ do: "move", values: { [id]: value }, typed });
  };
  const pick = (_, value) => choose("picked", value);
  const drag = (symbol, value) => {
    if (symbol.startsWith("w-") && wanted("picked") !== symbol) pick(null, symbol);
    report(symbol, value);
  };
  /** The whole number that stands at a symbol which can be set, or undefined. */
  const numberOf = (symbol) => shown.sliders.find(({ id }) => id === symbol)?.value
    ?? picture.numberOf(symbol, shown) ?? undefined;
  const toggle = (mistake) => {
    const broken = wanted("broken");
    choose("broken", broken.includes(mistake) ? broken.filter((one) => one !== mistake) : [...broken, mistake]);
  };
  let cause = null; // the control that the hand has used last
  const askFrom = (control, request) => {
    cause = control;
    ask(request);
  };
  let refused = ""; // what is said of a number that is none
  const refuse = (words) => {
    if (words === refused) return;
    refused = words;
    cause = document.activeElement;
    problem.say(refused || shown.problem, cause);
  };
  const toNextLayer = (k) => shown.layers.find((start) => start > k) ?? last();
  const toLayerBefore = (k) => shown.layers.findLast((start) => start < k) ?? 0;

  const bar = drawPlayer({ go, play, toLayerBefore, toNextLayer });
  const taking = drawStep((request) => askFrom(taking.next, request), () => stage.toggle(), () => tour.open());
  const panel = drawPanel(open, close);
  const matrix = drawMatrix(open);
  const updates = drawUpdates(open);
  const sliders = drawSliders(report, pick, refuse);
  const damage = drawDamage(toggle, open);
  const foot = drawFoot({ ask: (request) => askFrom(document.activeElement, request), choose, refuse });
  const parts = { equation: panel.element, matrix: matrix.element, updates: updates.element, break: damage.element };
  const tabs = drawTabs(parts, "Beside the picture", (name) => {
    choose("view", name);
    tabs.update(shown.tabs, name);
    updatePicture();
  });
  tabs.element.firstChild.after(taking.tips);
  const net = element("div", { class: "net" });
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  const head = element("div", { class: "head-line" }, ...bar.parts, taking.element);
  const root = element("section", { class: "mlpkit mlpkit-stepper", "aria-label": "Stepper", tabindex: "-1" },
    element("div", { class: "screen" }, head, net, sliders.element, tabs.element, foot.element), live);
  const problem = drawProblem(root);
  root.append(problem.element);
  el.append(root);
  const tour = drawTour(root);
  const stage = presenting(root, taking.showPresenting);
  taking.showPresenting(false);
  const relight = linkViews(root);
  dragNumbers(root, numberOf, drag);

  let listed = null; // the list of weights as the text that Python sent, and as data
  const choices = () => {
    if (listed?.text !== model.get("weights")) listed = { text: model.get("weights"), data: JSON.parse(model.get("weights")) };
    return listed.data;
  };
  let picture = null;
  const drawNet = () => {
    picture = drawPicture(model.get("picture"), open);
    net.replaceChildren(picture.element);
    picture.drawn = model.get("picture");
    const place = new Map(picture.drawn.edges.map(({ key }, index) => [key, index]));
    picture.numberOf = (symbol, { edges }) => edges[place.get(symbol)]?.value;
  };
  const updatePicture = () => {
    const end = shown.position === last() && !shown.trail.length;
    picture.update(shown, end && wanted("view") === "updates");
  };
  const draw = () => {
    shown = JSON.parse(model.get("shown"));
    if (shown.problem) refused = "";
    if (!picture || picture.drawn !== model.get("picture")) drawNet();
    updatePicture();
    panel.update(shown);
    matrix.update(shown);
    updates.update(shown);
    tabs.update(shown.tabs, wanted("view"));
    taking.update(shown);
    problem.say(refused || shown.code_problem || shown.problem, cause ?? taking.next);
    sliders.update(shown, choices(), model.get("task"), kernel.moving());
    damage.update(shown);
    foot.update(shown, wanted("state"));
    root.classList.toggle("one", shown.foot.examples === 1);
    bar.update(shown, wanted("position"), timer !== null);
    setText(live, shown.spoken);
    root.dataset.position = shown.position;
    root.dataset.turn = kernel.answered();
    relight();
  };
  const onKey = (event) => {
    if (event.key === "Escape" && root.classList.contains("presenting")) {
      stage.leave();
      return;
    }
    if (event.target.matches("input, select")) return;
    const moves = {
      ArrowRight: (k) => k + 1,
      ArrowLeft: (k) => k - 1,
      PageDown: toNextLayer,
      PageUp: toLayerBefore,
      Home: () => 0,
      End: () => last(),
    };
    if (event.key === "Escape" && wanted("opened").length) close(wanted("opened").length - 1);
    if (event.key in moves) {
      event.preventDefault();
      go(moves[event.key]);
    }
  };
  root.addEventListener("keydown", onKey);
  const kernel = connect(root, model, ["shown", "view", "task"], draw, sets);
  const letGo = [keepKeys(root), kernel.letGo, stage.remove];
  draw();
  if (model.get("new")) {
    kernel.tell({ do: "set", name: "new", value: false });
    bringIntoSight(root);
    tour.offer();
  }

  return () => {
    clearTimeout(timer);
    for (const go of letGo) go();
    el.replaceChildren(); // JupyterLab keeps `el`, not what is in it
  };
}

export default { render };
