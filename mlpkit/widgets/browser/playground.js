// The playground: draws what mlpkit/explorers/playground/ has computed, and reports what the hand does.
import { button, choice, element, keepKeys, setAttribute, setProperty, setText, slider } from "./controls.js";
import { drawCurves } from "./curves.js";
import { drawGallery } from "./gallery.js";
import { connect } from "./kernel.js";
import { CELLS, drawMaps, followTheme } from "./maps.js";
import { drawNet } from "./net.js";
import { drawPlane } from "./plane.js";
import { bringIntoSight } from "./sight.js";

const SPEAK_MS = 400; // what moves is not spoken, only where it rests
const CALM_MS = 500; // from picture to picture for who wants little motion

/** The bytes of a trait as an array of this kind. */
const numbersIn = (Kind, view) => new Kind(view?.byteLength
  ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) : 0);
const floats = (view) => numbersIn(Float32Array, view);

// Of each sample: its epoch, then these.
const LOSSES = { title: "mean L\u0303", width: 6, curves: [{ name: "kit", label: "on the kit’s", at: 3 },
  { name: "test", label: "test", at: 2 }, { name: "training", label: "training", at: 1 }] };
const SHARES = { title: "right, in %", width: 6, curves: [{ name: "test", label: "test", at: 5 },
  { name: "training", label: "training", at: 4 }] };

const CLICKS = [["1", "● 1"], ["0", "■ 0"], ["remove", "remove"], ["choose", "choose"]];

/** A named number: its name above it. */
function figure(name, spoken) {
  const value = element("b", { "data-value": name });
  const label = element("span", {}, spoken);
  return { element: element("div", { class: "figure" }, label, value), value, label };
}

/** The state as a text: to copy, and to paste another. */
function drawCode(ask, closed) {
  const field = element("textarea", { rows: 6, spellcheck: "false", "aria-label": "the state of the playground as a text",
    "data-control": "code" });
  const words = element("p", { class: "problem", role: "alert" });
  let going = false;
  const go = button({ id: "go", label: "Go to this state", spoken: "Go to the state in the text" }, () => {
    going = true;
    ask({ do: "go", code: field.value });
  });
  const copy = button({ id: "copy", label: "Copy", spoken: "Copy the text" }, () => {
    field.select();
    navigator.clipboard?.writeText(field.value).catch(() => {});
  });
  const close = button({ id: "close-code", label: "Close", spoken: "Close the text" }, closed);
  const node = element("div", { class: "code", role: "group", "aria-label": "save and restore", hidden: "" },
    element("p", {}, "All of it as a text: weights, points and settings. Keep it or pass it on; another is pasted in its place."),
    field, words, element("div", { class: "buttons" }, copy.element, go.element, close.element));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closed();
  });
  let seen = null;
  return {
    element: node,
    open() {
      seen = null; // what was typed here before goes
      node.hidden = false;
      ask({ do: "code" });
      field.focus();
    },
    update(told) {
      if (told === seen || node.hidden) return;
      seen = told;
      if (told.code !== undefined && !told.problem) field.value = told.code;
      setText(words, told.problem ?? "");
      if (going && told.done) closed();
      going = going && !told.done && !told.problem;
    },
  };
}

function render({ model, el }) {
  const choices = model.get("choices");
  const value = (name) => kernel.wanted(`set ${name}`) ?? model.get("values")[name];
  const ask = (request) => kernel.ask(request);
  const set = (name) => (_, chosen) => {
    note = "";
    ask({ do: "choose", name, value: chosen });
  };
  let note = ""; // what is said of a number that is none
  const refuse = (words) => {
    note = words;
    tell();
  };
  const press = (id) => {
    note = "";
    ask({ do: "press", id });
  };

  // The head.
  const start = button({ id: "start", label: "", spoken: "" }, press);
  const head = {
    step: button({ id: "step", label: "1 step", spoken: "One step, on the next batch" }, press),
    epoch: button({ id: "epoch", label: "1 epoch", spoken: "One epoch" }, press),
    reset: button({ id: "reset", label: "Reset", spoken: "Back to the weights of the start" }, press),
    draw: button({ id: "draw", label: "New draw", spoken: "Draw new weights" }, press),
  };
  const epoch = figure("epoch", "epoch");
  const training = figure("training", "loss, training");
  const test = figure("test", "loss, test");
  const save = button({ id: "save", label: "Save", spoken: "Save and restore: the whole state as a text" }, () => openCode(code.element.hidden));
  const top = element("div", { class: "head" }, start.element, ...Object.values(head).map((one) => one.element),
    element("div", { class: "figures" }, epoch.element, training.element, test.element), save.element);

  // The controls.
  const pick = (id, label, spoken) => choice({ id, label, spoken, options: choices[id], value: "" }, set(id));
  const slide = (id, label, spoken, more) => slider({ id, label, spoken, min: 0, max: 0.5, step: 0.05, value: 0, text: "", ...more },
    (_, number) => {
      const { min, max } = more ?? { min: 0, max: 0.5 };
      const kept = Math.min(max, Math.max(min, number));
      note = kept === number ? "" : `From ${String(min)} to ${String(max)}: ${String(kept)} is taken.`;
      ask({ do: "move", values: { [id]: kept } });
      tell();
      return kept;
    }, refuse);
  const ALPHA = { min: 0.001, max: 30, step: 0.04, log: true };
  const controls = {
    data: pick("data", "points", "the points that are learned"),
    noise: slide("noise", "noise", "noise of the points"),
    test: slide("test", "test share", "share of points for testing"),
    loss: pick("loss", "loss L\u0303", "the loss"),
    alpha: slide("alpha", "α", "learning rate alpha", ALPHA),
    batch: pick("batch", "batch", "examples for each step"),
    pace: pick("pace", "epochs a picture", "from picture to picture, at most so many epochs"),
  };
  const click = choice({ id: "click", label: "a click", spoken: "what a click on the plane does",
    options: CLICKS.map(([name, label]) => ({ value: name, label })), value: "1" }, (_, name) => {
    tool = name;
    plane.use(name);
    follow();
  });
  const clear = button({ id: "clear", label: "Clear", spoken: "Take all points away" }, press);
  const mine = element("div", { class: "mine" }, click.element, clear.element);
  let tool = "1";
  const bar = element("div", { class: "controls" }, controls.data.element, controls.noise.element, mine,
    ...["test", "loss", "alpha", "batch", "pace"].map((id) => controls[id].element));

  // The pictures.
  const root = element("section", { class: "mlpkit mlpkit-playground", "aria-label": "Playground" });
  el.append(root); // the colours are its own
  const maps = drawMaps(root);
  const live = element("div", { class: "mlpkit-spoken", "aria-live": "polite", role: "status" });
  let speaking = null;
  const speak = (words) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => setText(live, words), SPEAK_MS);
  };
  const examples = {
    choose: (row) => ask({ do: "set", name: "example", value: row }),
    at: () => kernel.wanted("example"),
  };
  const gallery = drawGallery({ ...examples, nextWrong: () => press("wrong") });
  const plane = drawPlane(maps, {
    ...examples,
    put: (I, D) => ask({ do: "add", I, D }),
    take: (row) => ask({ do: "remove", row }),
    say: speak,
  });
  const title = element("b");
  const counts = element("span", { class: "counts" });
  const sign = (shape, words) => element("span", { class: "sign" }, element("i", { class: shape }), words);
  const testSign = sign("hollow", "test");
  const about = element("div", { class: "about" }, title, sign("one", "D = 1"), sign("zero", "D = 0"), testSign);
  const net = drawNet(maps, ask, (neuron, name) => {
    plane.show(neuron);
    naming = name;
    entitle();
  });
  let naming = "";
  const losses = drawCurves(LOSSES);
  const shares = drawCurves(SHARES);
  const example = element("span", { class: "which" });
  const output = element("b", { "data-value": "output" });
  const numbers = button({ id: "numbers", label: "", spoken: "" }, press);
  const chosen = element("div", { class: "chosen" }, example, output, numbers.element);
  const flat = model.get("shown").plane; // whether there is a plane, which stays so
  const seen = element("div", { class: "seen" }, ...(flat ? [about, plane.element] : [gallery.element]), counts, chosen,
    losses.element);
  const beside = element("div", { class: "own", role: "note" });
  net.element.append(...(flat ? [] : [shares.element]), beside);
  const problem = element("p", { class: "problem", role: "alert" });
  const openCode = (open) => {
    setAttribute(save.element, "aria-expanded", String(open));
    if (open) code.open();
    else {
      code.element.hidden = true;
      save.element.focus();
    }
  };
  const code = drawCode(ask, () => openCode(false));
  root.classList.toggle("flat", flat);
  save.element.hidden = !flat;
  root.append(top, bar, element("div", { class: "main" }, net.element, seen), problem, code.element, live);

  const tell = () => setText(problem, model.get("shown").problem || note);
  const entitle = () => {
    const shown = model.get("shown");
    setText(title, naming && naming !== "the output" ? naming : `output ${shown.output}`);
  };
  const follow = () => {
    const values = { ...model.get("values"), ...kernel.moving() };
    for (const [id, one] of Object.entries(controls)) setProperty(one.element, "hidden", values[id] === undefined);
    for (const id of ["data", "loss", "batch", "pace"].filter((id) => id in values)) {
      controls[id].update({ ...specs[id], value: String(value(id)) });
    }
    for (const id of ["noise", "test", "alpha"].filter((id) => id in values)) {
      const text = String(Number(values[id].toPrecision(4)));
      controls[id].update({ ...specs[id], value: values[id], text, brief: Number(values[id].toPrecision(4)) });
    }
    const own = value("data") === "own";
    setProperty(mine, "hidden", !own);
    setProperty(controls.noise.element, "hidden", own || !flat);
    click.update({ id: "click", label: "a click", spoken: "what a click on the plane does",
      options: CLICKS.map(([name, label]) => ({ value: name, label })), value: tool });
    plane.use(own ? tool : "choose");
  };
  const specs = {
    data: { id: "data", label: "points", spoken: "the points that are learned", options: choices.data },
    loss: { id: "loss", label: "loss L\u0303", spoken: "the loss", options: choices.loss },
    batch: { id: "batch", label: "batch", spoken: "examples for each step", options: choices.batch },
    pace: { id: "pace", label: "epochs a picture", spoken: "from picture to picture, at most so many epochs", options: choices.pace },
    noise: { id: "noise", label: "noise", spoken: "noise of the points", min: 0, max: 0.5, step: 0.05 },
    test: { id: "test", label: "test share", spoken: "share of points for testing", min: 0, max: 0.5, step: 0.05 },
    alpha: { id: "alpha", label: "α", spoken: "learning rate alpha", ...ALPHA },
  };

  const calm = window.matchMedia?.("(prefers-reduced-motion: reduce)");
  let resting = null;
  const drawn = (picture) => {
    clearTimeout(resting);
    const reply = () => kernel.tell({ do: "drawn", picture });
    if (calm?.matches) resting = setTimeout(reply, CALM_MS);
    else reply();
  };
  let turn = -1;
  let given = { points: null, maps: null };
  let laidOut = false; // the colours are known once it is on the page
  const fit = () => {
    if (!laidOut && root.isConnected && root.clientWidth) {
      laidOut = true;
      maps.theme();
      draw(true);
    }
    plane.fit();
    net.fit();
    losses.fit();
    shares.fit();
  };
  const draw = (themed = false) => {
    const shown = model.get("shown");
    const values = model.get("values");
    follow();
    tell();
    code.update(model.get("told"));
    if (shown.turn === turn && !themed) return;
    root.dataset.state = shown.state;
    root.classList.toggle("opened", shown.opened);
    start.update({ id: "start", ...shown.buttons.start });
    setAttribute(start.element, "class", shown.running ? "pause" : "play");
    head.reset.update({ label: "Reset", spoken: "Back to the weights of the start", ...shown.buttons.reset });
    numbers.update({ ...shown.buttons.numbers });
    setText(epoch.value, shown.epoch);
    setText(epoch.label, shown.part ? `epoch ${shown.part}` : "epoch");
    setText(training.value, shown.losses[0] || "–");
    setText(test.value, shown.losses[1] || "–");
    const [many, tests] = shown.counts;
    const things = flat ? "point" : "example";
    setText(counts, [`${many} ${things}${many === 1 ? "" : "s"}${shown.right[0] ? `, ${shown.right[0]}${flat ? " right" : ""}` : ""}`,
      ...(tests ? [`${tests} test${shown.right[1] ? `, ${shown.right[1]}` : ""}`] : [])].join(" · "));
    testSign.hidden = !tests;
    entitle();
    setText(example, shown.example?.text ?? (many ? "" : "No points yet: click some into the plane."));
    setText(output, shown.example?.output ?? "");
    setText(beside, shown.beside.join(" "));
    beside.hidden = !shown.beside.length;
    if (given.maps !== model.get("maps")) maps.update(model.get("maps"), flat ? CELLS : shown.side || 1);
    const anew = themed || given.points !== model.get("points");
    const read = flat ? floats : (view) => numbersIn(Uint8Array, view);
    given = { points: model.get("points"), maps: model.get("maps"), numbers: anew ? read(model.get("points")) : given.numbers };
    if (flat) plane.update(shown, given.numbers, numbersIn(Uint16Array, model.get("output")), anew);
    else gallery.update(shown, given.numbers);
    net.update(shown, values, choices, floats(model.get("weights")), model.get("edges"));
    const samples = floats(model.get("curve"));
    losses.update(shown.axes, samples);
    shares.element.hidden = !shown.right[0];
    if (!flat) shares.update({ x: shown.axes.x, y: shown.axes.right }, samples);
    fit();
    speak(shown.spoken);
    turn = shown.turn;
    root.dataset.turn = turn;
    drawn(turn);
  };
  const watch = new ResizeObserver(() => requestAnimationFrame(fit));
  for (const node of [plane.square, net.element, losses.element, shares.element, root]) watch.observe(node);
  const kernel = connect(root, model, ["shown", "values", "told"], draw, (request) =>
    (request.do === "choose" ? { [`set ${request.name}`]: request.value } : request.do === "set" ? { [request.name]: request.value } : {}));
  const letGo = [keepKeys(root), kernel.letGo, followTheme(() => {
    maps.theme();
    draw(true);
  })];
  kernel.tell({ do: "opened" });
  draw();
  bringIntoSight(root);

  return () => {
    clearTimeout(speaking);
    clearTimeout(resting);
    watch.disconnect();
    for (const go of letGo) go();
    el.replaceChildren(); // JupyterLab keeps `el`, not what is in it
    kernel.tell({ do: "closed" });
  };
}

export default { render };
