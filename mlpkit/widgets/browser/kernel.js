// The way to Python and back. What the hand asks for arrives there in order and once, though the connection may break
// under way, and the widget says when nobody answers. mlpkit/widgets/base.py is the other end, and messages.py beside it
// describes every message and every request.
import { element, setText } from "./controls.js";

const MOST = 12; // messages under way: 30 a second where an answer takes 400 ms
const PACE_MS = 25; // from one message to the next while others are under way
const PATIENCE_MS = 2000; // an answer that is not there by then is asked for, and again after twice the time, ...
const LONGEST_MS = 30_000;

const ASLEEP = "The kernel was restarted or has stopped, and no longer knows this widget. To wake it, click into its cell " +
  "and press Shift+Enter; the cells before it may have to run first.";
const BACK = "What you did last is kept, and this widget goes on by itself once ";
const SAID = {
  connecting: `The connection to the kernel is broken. ${BACK}it is back.`,
  disconnected: `The connection to the kernel is broken: choose “Reconnect to Kernel” in the Kernel menu. ${BACK}it is back.`,
  silent: `No answer from the kernel yet: it is busy, or the connection is broken. ${BACK}there is one.`,
};
const GONE = ["restarting", "autorestarting", "terminating", "dead"];

/** Whether the second of two requests leaves nothing of the first. */
function setsTheSame(one, other) {
  if (one.do !== other.do) return false;
  if (one.do === "set") return one.name === other.name;
  return one.do === "move" && one.typed === other.typed && Object.keys(one.values).every((id) => id in other.values);
}

const setBy = (request) => (request.do === "set" ? { [request.name]: request.value } : {});

/**
 * How long the way is and how long Python takes say how many messages may be under way: as many as keep Python busy, and
 * one where Python is what one waits for. So nothing queues up there.
 */
function trips() {
  let way = 0; // milliseconds to Python and back, without Python's own time
  let alone = 0; // the same for the last message that was alone under way: no other kept it waiting
  let work = 0; // Python's own time
  return {
    note(took, ms, wasAlone) {
      work = ms;
      way = Math.min(took - ms, wasAlone ? alone || Infinity : way);
      if (wasAlone) alone = took - ms;
    },
    pace: () => Math.max(PACE_MS, work),
    most() {
      return Math.min(MOST, Math.max(1, Math.floor(way / this.pace())));
    },
  };
}

/**
 * Connect a view with its model. `changed` is called, once, when one of `traits` has changed and when a message is
 * answered. `sets(request)`: the traits that a request is known to change, {name: value}.
 *
 * Returns { ask, tell, wanted, moving, answered, letGo }.
 */
export function connect(root, model, traits, changed, sets = setBy) {
  const view = Math.random().toString(36).slice(2);
  const kernel = model.widget_manager?.kernel; // elsewhere than in Jupyter there may be none
  const words = element("p", { class: "mlpkit-asleep", role: "alert" });
  root.prepend(words);

  let turn = 0; // of the last message
  let done = 0; // the last one that Python has answered
  let underWay = []; // { turn, asked, sentAt, alone }
  let waiting = []; // requests for the next message
  let seen = null; // the last answer
  let probes = 0;
  let probing = false; // what has arrived is not known: until it is, nothing new is sent
  let patience = PATIENCE_MS;
  let clock = null; // of the patience
  let next = null; // when the pace allows the next message
  const trip = trips();
  const unanswered = () => [...underWay.flatMap(({ asked }) => asked), ...waiting];
  /** Whether what the hand has asked for is on its way or not yet shown: `data-waiting`, on the widget. */
  const mark = () => root.toggleAttribute("data-waiting", probing || unanswered().length > 0);

  let state = "";
  const say = (now) => {
    if (state === "asleep" || state === now) return;
    state = now;
    root.classList.toggle("asleep", now === "asleep");
    setText(words, now === "asleep" ? ASLEEP : SAID[now] ?? "");
  };
  const post = (message) => {
    try {
      model.send({ view, ...message });
    } catch {
      // Jupyter has given up the connection: what is under way is sent again when it is back
    }
  };

  /** Ask what has arrived. The answer comes with all that there is to see. */
  const probe = () => {
    probes += 1;
    probing = true;
    mark();
    post({ probe: probes });
    wait();
  };
  const wait = () => {
    clock ??= setTimeout(() => {
      clock = null;
      patience = Math.min(LONGEST_MS, 2 * patience);
      if (!state) say("silent");
      if (state === "silent") probe();
      else wait();
    }, patience);
  };
  const rest = () => {
    clearTimeout(clock);
    clock = null;
    patience = PATIENCE_MS;
  };
  const send = () => {
    clearTimeout(next);
    next = null;
    if (probing || !waiting.length || underWay.length >= trip.most()) return;
    const now = performance.now();
    const early = underWay.length ? underWay.at(-1).sentAt + trip.pace() - now : 0;
    if (early > 0) {
      next = setTimeout(send, early);
      return;
    }
    turn += 1;
    underWay.push({ turn, asked: waiting, sentAt: now, alone: !underWay.length });
    post({ turn, asked: waiting });
    waiting = [];
    wait();
  };
  const ask = (request) => {
    if (waiting.length && setsTheSame(waiting.at(-1), request)) waiting.pop();
    waiting.push(request);
    mark();
    send();
  };

  const settle = () => {
    const answer = model.get("answered");
    if (answer === seen || answer.view !== view) return;
    seen = answer;
    if (answer.turn < done) { // Jupyter has brought back an older state
      probe();
      return;
    }
    for (const { turn: one, sentAt, alone } of underWay) {
      if (one === answer.turn && answer.probe === undefined) trip.note(performance.now() - sentAt, answer.ms, alone);
    }
    done = answer.turn;
    underWay = underWay.filter((one) => one.turn > done);
    rest();
    if (state === "silent") say("");
    if (answer.probe === probes) { // messages keep their order: what was sent before it has not arrived
      probing = false;
      for (const one of underWay) {
        one.sentAt = performance.now();
        post({ turn: one.turn, asked: one.asked });
      }
    }
    if (probing || underWay.length) wait();
    send();
  };
  let due = false;
  const draw = () => {
    settle();
    if (due) return;
    due = true;
    queueMicrotask(() => { // once for all that a message brings
      due = false;
      if (over) return;
      changed();
      mark();
    });
  };

  let over = false;
  const fallAsleep = () => {
    rest();
    say("asleep");
  };
  const follow = (_, status) => {
    if (status !== "connected") say(status === "disconnected" ? status : "connecting");
    else {
      say("");
      rest();
      probe(); // also for what has changed in Python meanwhile
    }
  };
  const follows = (_, status) => {
    if (GONE.includes(status)) fallAsleep();
  };
  const events = [...traits, "answered"].map((name) => `change:${name}`);
  for (const event of events) model.on(event, draw);
  model.on("comm_live_update", fallAsleep); // Jupyter's own sign that nobody answers any more
  kernel?.connectionStatusChanged?.connect(follow);
  kernel?.statusChanged?.connect(follows);

  return {
    ask,
    /** Send what nobody waits for. */
    tell: (request) => {
      try {
        model.send(request);
      } catch {
        // the connection is gone, and so is what it was about
      }
    },
    /** What a trait will be when all that the hand has asked for is done. */
    wanted: (name) => Object.assign({ [name]: model.get(name) }, ...unanswered().map(sets))[name],
    /** {id of a control: its value} of those that have gone on since Python computed what is shown. */
    moving: () => Object.assign({}, ...unanswered().map(({ values }) => values)),
    /** The last turn that is answered. */
    answered: () => done,
    letGo() {
      over = true;
      rest();
      clearTimeout(next);
      for (const event of events) model.off(event, draw);
      model.off("comm_live_update", fallAsleep);
      kernel?.connectionStatusChanged?.disconnect(follow);
      kernel?.statusChanged?.disconnect(follows);
    },
  };
}
