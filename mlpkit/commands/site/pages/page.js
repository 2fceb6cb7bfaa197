
// Each Stepper of the page gets its recording, as soon as it comes near the screen.

const live = document.querySelector("nav a:last-child");

const opened = new Map(); // a recording as it stands in the page: the promise of what it holds
function recordingOf(text) {
  if (!opened.has(text)) {
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    opened.set(text, new Response(stream).json());
  }
  return opened.get(text);
}

/** The recorded values of the sliders in words. */
function grid(recording) {
  const specs = taken(recording, recording.nodes[0].sliders);
  return Object.entries(recording.grid).map(([id, values]) => {
    const name = specs.find((spec) => spec.id === id).name;
    return `${name} at ${values[0]}, ${values[1]}, …, ${values.at(-1)}`.replaceAll("-", "−");
  }).join("; ");
}

async function play(place) {
  const text = document.querySelectorAll("script.recording")[place.dataset.recording].textContent;
  const recording = await recordingOf(text);
  const words = document.createElement("p");
  words.className = "recorded-words";
  const link = document.createElement("a");
  link.href = live.href;
  link.textContent = "Open the lesson live";
  words.append(`Recorded: every micro-step, every number opened, the mistakes one at a time, a step from each of these values, and ${grid(recording)}. For other numbers: `, link, ".");
  place.replaceChildren();
  render({ model: recorded(recording, JSON.parse(place.dataset.start)), el: place });
  place.append(words);
  const number = [...document.querySelectorAll(".recorded")].indexOf(place) + 1;
  place.firstChild.setAttribute("aria-label", `Stepper ${number} of this page`);
}

const near = new IntersectionObserver((entries) => {
  for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
    near.unobserve(target);
    play(target);
  }
}, { rootMargin: "800px" });
for (const place of document.querySelectorAll(".recorded")) near.observe(place);
