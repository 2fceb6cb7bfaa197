// The network with a small map inside each neuron, its weights as lines, and what changes its layers above it.
import { button, choice, element, pool, setAttribute, setText } from "./controls.js";
import { css, fresh } from "./maps.js";

const TILE = 38; // pixels, the largest
const CONSTANT = 20;
const WIDEST = 7.5; // a line, and the thinnest:
const THINNEST = 0.6;
const HALFWAY = 3; // the size of a weight whose line has gone most of the way

const NAMES = ["I₁", "I₂"];

/** How wide and how strong the line of a weight is. */
const strength = (w) => 1 - Math.exp(-Math.abs(w) / HALFWAY);

/** Where everything stands: the middles of the columns and of the neurons, without the constants, and of the constants. */
function places(sizes, width, height) {
  const columns = sizes.map((_, l) => width * ((l + 0.5) / sizes.length));
  const rows = Math.max(...sizes.slice(0, -1)) + 1;
  const pitch = Math.min(48, height / rows);
  const tile = Math.min(TILE, pitch - 6);
  const neurons = sizes.map((size, l) => {
    const constant = l < sizes.length - 1;
    const top = (height - pitch * (size - 1) + (constant ? pitch * 0.82 : 0)) / 2;
    return Array.from({ length: size }, (_, k) => top + pitch * k);
  });
  const constants = neurons.slice(0, -1).map(([first]) => first - pitch * 0.82);
  return { columns, neurons, constants, tile };
}

function column(ask) {
  const less = button({ id: "less", label: "−", spoken: "" }, () => ask({ do: "neurons", layer, by: -1 }));
  const more = button({ id: "more", label: "+", spoken: "" }, () => ask({ do: "neurons", layer, by: 1 }));
  const count = element("span", { class: "count" });
  const name = element("span", { class: "name" });
  const sigma = choice({ id: "sigma", label: "σ", spoken: "", options: [], value: "" },
    (_, value) => ask({ do: "sigma", layer: which, value }));
  const size = element("div", { class: "size" }, less.element, count, more.element);
  const node = element("div", { class: "column" }, name, size, sigma.element);
  let layer = 0; // of the hidden ones
  let which = 0; // of those with a σ
  return {
    node,
    update(spec) {
      layer = spec.l - 1;
      which = spec.l - 1;
      setText(name, spec.name);
      setText(count, spec.hidden ? String(spec.size) : "");
      size.style.visibility = spec.hidden ? "visible" : "hidden";
      sigma.element.style.visibility = spec.l ? "visible" : "hidden";
      if (spec.hidden) {
        less.update({ label: "−", spoken: `one neuron less in layer ${spec.l}`, disabled: spec.size <= 1 });
        more.update({ label: "+", spoken: `one neuron more in layer ${spec.l}`, disabled: spec.size >= spec.most });
      }
      if (spec.l) {
        sigma.update({ id: `sigma-${spec.l}`, label: "σ", spoken: `sigma of layer ${spec.l}`, options: spec.sigmas,
          value: spec.sigma });
        setAttribute(sigma.element.querySelector("select"), "data-control", `sigma-${spec.l}`);
      }
    },
  };
}

/**
 * Returns { element, update(shown, values, sigmas, weights, edges), draw(), fit() }. ask(request): what the hand asks for.
 * look(k, name): the map of neuron k is to be seen large; look(null) for that of the output.
 */
export function drawNet(maps, ask, look) {
  const heads = element("div", { class: "heads" });
  const putHeads = pool(heads, () => column(ask));
  const canvas = element("canvas", { "aria-hidden": "true" });
  const tiles = element("div", { class: "tiles", role: "group", "aria-label": "the neurons: each shows its map in the plane" });
  const body = element("div", { class: "body" }, canvas, tiles);
  const fewer = button({ id: "layers-less", label: "−", spoken: "one hidden layer less" }, () => ask({ do: "layers", by: -1 }));
  const further = button({ id: "layers-more", label: "+", spoken: "one hidden layer more" }, () => ask({ do: "layers", by: 1 }));
  const layers = element("span", { class: "count" });
  const bar = element("div", { class: "layers" }, fewer.element, layers, further.element);
  const sample = (name, words) => element("span", { class: "sample" }, element("i", { class: name }), words);
  const key = element("div", { class: "key" }, bar, sample("plus", "w > 0"), sample("minus", "w < 0"),
    element("span", { class: "sample" }, element("i", { class: "thin" }), element("i", { class: "thick" }), "size of w"));
  const node = element("div", { class: "network" }, heads, body, key);
  let shown = null;
  let weights = new Float32Array(0);
  let edges = [];
  let [width, height] = [0, 0];
  let held = null; // the neuron that is looked at

  const putTiles = pool(tiles, () => {
    const tile = element("button", { type: "button", class: "tile" });
    let spec = null;
    const see = (on) => () => {
      held = on ? spec.k : null;
      look(on ? spec.k : null, on ? spec.spoken : "");
      draw();
    };
    tile.addEventListener("pointerenter", see(true));
    tile.addEventListener("pointerleave", see(false));
    tile.addEventListener("focus", see(true));
    tile.addEventListener("blur", see(false));
    return {
      node: tile,
      update(next) {
        spec = next;
        setAttribute(tile, "aria-label", next.spoken);
        setAttribute(tile, "title", next.spoken);
        setAttribute(tile, "data-neuron", next.k);
        const box = { left: next.x - next.tile / 2, top: next.y - next.tile / 2, width: next.tile, height: next.tile };
        for (const [name, value] of Object.entries(box)) tile.style[name] = `${Math.round(value * 10) / 10}px`;
        tile.tabIndex = next.k === 0 ? 0 : -1; // the arrow keys lead on
      },
    };
  });
  tiles.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...tiles.children];
    const at = all.indexOf(event.target);
    if (!by || at < 0) return;
    event.preventDefault();
    all[(at + by + all.length) % all.length].focus();
  });

  function draw() {
    if (!shown || !width) return;
    const { sizes } = shown;
    const where = places(sizes, width, height);
    const colours = maps.colours();
    const context = fresh(canvas, width, height);
    const half = where.tile / 2;
    const start = (l, i) => (i ? [where.columns[l] + half, where.neurons[l][i - 1]]
      : [where.columns[l] + CONSTANT / 2, where.constants[l]]);
    edges.forEach(([l, i, j], k) => {
      const w = weights[k];
      const size = strength(w);
      const [x1, y1] = start(l, i);
      const [x2, y2] = [where.columns[l + 1] - half, where.neurons[l + 1][j - 1]];
      const middle = (x1 + x2) / 2;
      context.beginPath();
      context.setLineDash(w < 0 ? [6, 4] : []);
      context.lineWidth = THINNEST + (WIDEST - THINNEST) * size;
      context.globalAlpha = 0.35 + 0.6 * size;
      context.strokeStyle = css(w < 0 ? colours.minus : colours.plus);
      context.moveTo(x1, y1);
      context.bezierCurveTo(middle, y1, middle, y2, x2, y2);
      context.stroke();
    });
    context.globalAlpha = 1;
    context.setLineDash([]);
    let k = 0;
    sizes.forEach((size, l) => {
      for (let i = 0; i < size; i += 1) {
        const [left, top] = [where.columns[l] - half, where.neurons[l][i] - half];
        context.save();
        context.beginPath();
        context.roundRect(left, top, where.tile, where.tile, 7);
        context.fillStyle = css(colours.ground);
        context.fill();
        context.clip();
        maps.draw(context, k, left, top, where.tile, where.tile);
        context.restore();
        context.beginPath();
        context.roundRect(left, top, where.tile, where.tile, 7);
        context.lineWidth = held === k ? 3 : 1.5;
        context.strokeStyle = css(held === k ? colours.ink : colours.muted);
        context.stroke();
        k += 1;
      }
      if (l === sizes.length - 1) return;
      context.beginPath();
      context.rect(where.columns[l] - CONSTANT / 2, where.constants[l] - CONSTANT / 2, CONSTANT, CONSTANT);
      context.fillStyle = css(colours.ground);
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = css(colours.muted);
      context.stroke();
      context.fillStyle = css(colours.ink);
      context.font = "13px system-ui, 'DejaVu Sans', sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText("1", where.columns[l], where.constants[l] + 1);
    });
  }

  let stands = "";
  const place = () => {
    const key = `${shown.sizes}/${width}/${height}`;
    if (!width || key === stands) return;
    stands = key;
    const where = places(shown.sizes, width, height);
    const specs = [];
    shown.sizes.forEach((size, l) => {
      for (let i = 0; i < size; i += 1) {
        const spoken = l ? l === shown.sizes.length - 1 ? "the output" : `neuron ${i + 1} of layer ${l}` : `input ${NAMES[i]}`;
        specs.push({ k: specs.length, x: where.columns[l], y: where.neurons[l][i], tile: where.tile, spoken });
      }
    });
    putTiles(specs);
  };

  return {
    element: node,
    update(next, values, sigmas, given, lines) {
      shown = next;
      weights = given;
      edges = lines;
      const last = next.sizes.length - 1;
      heads.dataset.columns = next.sizes.length;
      putHeads(next.sizes.map((size, l) => ({
        l, size, sigmas, hidden: l > 0 && l < last, most: next.most, sigma: values.sigma[l - 1],
        name: l === 0 ? "inputs" : l === last ? "output" : `layer ${l}`,
      })));
      setText(layers, `${last - 1} hidden layer${last === 2 ? "" : "s"}`);
      fewer.update({ label: "−", spoken: "one hidden layer less", disabled: last === 1 });
      further.update({ label: "+", spoken: "one hidden layer more", disabled: !next.more });
      place();
      draw();
    },
    draw,
    fit() {
      const [across, down] = [Math.floor(body.clientWidth), Math.floor(body.clientHeight)];
      if (!across || (across === width && down === height)) return;
      [width, height] = [across, down];
      if (!shown) return;
      place();
      draw();
    },
  };
}
