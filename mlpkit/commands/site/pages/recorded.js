// A Stepper without Python: its own front end, and in the place of the kernel this, which answers from a recording that
// recording.py has made. The rules of what follows from a request are those of mlpkit/widgets/stepper.py.

const REFUSED = "This page plays a recording, and that is not in it";
const LEAD = "press ↺, or open the lesson live with the link below.";

/** The value at a place of the pool, put together from its parts. */
function taken({ pool, shapes }, place) {
  const part = (one) => (Array.isArray(one) ? one[0] : taken({ pool, shapes }, one));
  const entry = pool[place];
  if (!Array.isArray(entry)) return entry;
  const [shape, ...parts] = entry;
  if (shape < 0) return parts.map(part);
  return Object.fromEntries(shapes[shape].map((name, k) => [name, part(parts[k])]));
}

/** The same without marks of what the last move has changed. */
function unmarked(shown) {
  const plain = (one) => (one.changed === undefined ? one : { ...one, changed: Array.isArray(one.changed) ? [] : false });
  return { ...shown, neurons: shown.neurons.map(plain), edges: shown.edges.map(plain),
    updates: { ...shown.updates, rows: shown.updates.rows.map(plain) } };
}

/**
 * What the front end knows as its model. recording: as recording.py says. start: {position, view, task} of this Stepper,
 * null where Python chooses.
 */
export function recorded(recording, start) {
  const { nodes, groups, grid, names } = recording;
  const listeners = {};
  const firstOf = ({ stops }) => Math.min(start.position ?? stops.length, stops.length);
  const last = groups[0].stops.length;
  const first = firstOf(groups[0]);
  const chosenFirst = first === last ? "updates" : "equation";
  let node = nodes[0];
  let moved = false; // whether the last thing done was to move a slider
  let chosen = start.view !== null;
  let problem = "";
  let codeProblem = "";
  const traits = { position: first, opened: [], picked: recording.choices.at(-1).value, view: start.view ?? chosenFirst,
    task: start.task, new: true, weights: JSON.stringify(recording.choices), answered: {} };

  const group = () => groups[node.group];
  const at = () => group().stops[traits.position - 1] ?? "";
  const positionOf = (symbol) => group().written[symbol][0];
  const reads = (symbol) => group().written[symbol]?.[1] ?? [];
  const numberAt = ({ position, opened }, { opened: numbers, at: steps } = node) =>
    (opened.length ? numbers[`${position}>${opened.at(-1)}`] : steps[position][1]);

  /** A state to go to, where it is recorded; where it is not, nothing changes and that is said. */
  const reach = (next, change) => {
    const before = [node, { ...traits }, moved];
    if (next !== undefined) {
      node = next;
      change();
      if (numberAt(traits) !== undefined) return true;
      [node, moved] = [before[0], before[2]];
      Object.assign(traits, before[1]);
    }
    problem = `${REFUSED}: ${next === undefined ? "" : "numbers open at the end of the step, so press End first, or "}${LEAD}`;
    return false;
  };
  const turn = (view) => {
    if (!chosen) traits.view = view;
  };
  const toEquation = () => {
    if ((traits.opened.length || !chosen) && !["equation", "matrix"].includes(traits.view)) traits.view = "equation";
  };
  const setPosition = (position) => {
    const to = Math.min(Math.max(0, Math.trunc(position)), group().stops.length);
    if (to === traits.position) return;
    reach(nodes[node.go.look] ?? node, () => {
      Object.assign(traits, { position: to, opened: [] });
      moved = false;
      toEquation();
    });
  };
  const setOpened = (symbols) => {
    const opened = [...new Set(symbols)].filter((symbol) => symbol in group().written);
    const there = [node, nodes[node.go.look]].find((one) => one && numberAt({ position: traits.position, opened }, one) !== undefined);
    if (opened.join() !== traits.opened.join()) reach(there ?? node, () => {
      traits.opened = opened;
      toEquation();
    });
  };
  const openNumber = (symbol) => {
    if (recording.choices.some(({ value }) => value === symbol)) traits.picked = symbol;
    const open = traits.opened.at(-1) ?? at();
    if (positionOf(symbol) > traits.position) setPosition(positionOf(symbol));
    else if (symbol !== open) setOpened([...(reads(open).includes(symbol) ? traits.opened : []), symbol]);
  };
  const of = (place) => taken(recording, place);
  const valuesOf = (one) => of(one.sliders).map(({ value }) => value).join();
  const settle = (isMoved) => {
    traits.position = Math.min(traits.position, group().stops.length);
    moved = isMoved;
  };
  const perform = {
    set({ name, value }) {
      if (name === "position") setPosition(value);
      else if (name === "opened") setOpened(value);
      else if (name === "picked") traits.picked = value;
      else if (name === "view") {
        chosen ||= value !== traits.view;
        traits.view = value;
      } else if (name === "state") {
        if (value !== node.state) reach(nodes[node.go[`state=${value}`]], () => settle(false));
      } else if (name === "broken") {
        const before = at();
        reach(nodes[node.go[`broken=${value}`]], () => {
          settle(true);
          const to = before ? positionOf(before) : 0;
          if (to === traits.position) return;
          Object.assign(traits, { position: to, opened: [] });
          moved = false;
          toEquation();
        });
      }
    },
    move({ values, typed }) {
      const [[id, value], ...others] = Object.entries(values);
      const near = grid[id]?.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best));
      const fits = near !== undefined && !others.length && (!typed || Math.abs(near - value) < 1e-9);
      const next = fits ? nodes[node.go[`${id}=${near}`]] : undefined;
      const before = valuesOf(node);
      reach(next, () => settle(valuesOf(node) !== before));
    },
    next_example() {
      reach(nodes[node.go.next], () => {
        settle(false);
        turn("updates");
      });
    },
    reset() {
      reach(nodes[0], () => {
        Object.assign(traits, { position: first, opened: [] });
        moved = false;
        turn(chosenFirst);
      });
    },
    open({ symbol, edge }) {
      const made = symbol.replace(/^w-/, "w_new-");
      if (edge) traits.picked = symbol;
      openNumber(edge && !node.taken && positionOf(made) <= traits.position ? made : symbol);
    },
    go() {
      codeProblem = `${REFUSED}: ${LEAD}`;
    },
  };

  const shown = () => {
    const { position, opened, picked } = traits;
    const seen = { ...of(node.at[position][0]), ...of(numberAt(traits)), ...of(node.around) };
    const way = [...(opened.length && reads(at()).includes(opened[0]) ? [at()] : []), ...opened];
    const sliders = of(node.sliders);
    sliders[1] = of(node.weights).find(({ id }) => id === picked);
    return {
      ...(moved || node.taken ? seen : unmarked(seen)),
      sliders,
      picked,
      trail: opened.length ? way.map((symbol, k) =>
        ({ text: names[symbol][0], spoken: names[symbol][1], depth: k - (way.length - opened.length) + 1 })) : [],
      code: `${node.way}@${[position, ...opened.map((symbol) => names[symbol][2])].join(">")}`,
      start: firstOf(group()),
      problem,
      code_problem: codeProblem,
    };
  };
  const pictures = {};
  const pictureOf = (symbol) => {
    pictures[symbol] ??= taken(recording, recording.pictures[symbol]);
    return pictures[symbol];
  };
  const show = () => {
    traits.shown = JSON.stringify(shown());
    traits.picture = pictureOf(traits.opened.at(-1) ?? at());
    Object.assign(traits, { state: node.state, broken: node.broken });
  };
  show();

  const answer = (message) => {
    const asked = message.asked ?? (message.do ? [message] : []);
    if (asked.length) problem = codeProblem = "";
    for (const request of asked) perform[request.do]?.(request);
    show();
    if (message.do) return;
    traits.answered = { view: message.view, turn: message.turn ?? traits.answered.turn ?? 0, ms: 0,
      ...(message.probe === undefined ? {} : { probe: message.probe }) };
    for (const name of ["shown", "view", "answered"]) {
      for (const listener of listeners[`change:${name}`] ?? []) listener();
    }
  };
  return {
    get: (name) => traits[name],
    on(event, listener) {
      listeners[event] ??= new Set();
      listeners[event].add(listener);
    },
    off: (event, listener) => listeners[event]?.delete(listener),
    send: (message) => queueMicrotask(() => answer(message)),
    answer,
  };
}
