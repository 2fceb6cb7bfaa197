// The network with a small map inside each neuron, its weights as lines, and what changes its layers above it.
import { button, choice, element, pool, setAttribute, setProperty, setText } from "./controls.js";
import { css, fresh } from "./maps.js";

const TILE = 38; // pixels, the largest
const IMAGE = 96; // and that of the one picture of all inputs
const FEW = 5; // neurons that stand below each other also without lines that lead to them
const BETWEEN = 6; // pixels between two of them
const SIGN = 51; // so far from the middle a weight has its sign written in it
const CONSTANT = 20;
const WIDEST = 7.5; // a line, and the thinnest:
const THINNEST = 0.6;
const HALFWAY = 3; // the size of a weight whose line has gone most of the way

const MANY = 8; // neurons of a layer, and how many more or less there are then at once

const subscript = (number) => String(number).replace(/./g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

/** How wide and how strong the line of a weight is. */
const strength = (w) => 1 - Math.exp(-Math.abs(w) / HALFWAY);

/**
 * Where everything stands, by what is shown: its `tiles` say how many pictures each layer has. lines: the layers whose
 * weights are drawn. Returns { layers: [{ size, at: [[x, y], ...] }], constants: [[x, y] of each layer] }, all middles.
 */
function places({ tiles, sizes }, lines, width, height) {
  const room = width / tiles.length;
  const inColumn = tiles.map((_, l) => lines.has(l) || lines.has(l - 1) || tiles[l] <= FEW);
  const tallest = Math.max(...tiles.map((count, l) => (inColumn[l] ? count + lines.has(l) : 1)));
  const pitch = Math.min(48, height / tallest);
  const layers = tiles.map((count, l) => {
    const middle = room * (l + 0.5);
    if (count === 1 && sizes[l] > 1) return { size: Math.min(IMAGE, 0.8 * room), at: [[middle, height / 2]] };
    const across = inColumn[l] ? 1 : Math.ceil(Math.sqrt((count * room) / height));
    const down = Math.ceil(count / across);
    const step = across === 1 ? pitch : Math.min(48, height / down, (room - 12) / across);
    const left = middle - (step * (across - 1)) / 2;
    const top = (height - step * (down - 1) + (lines.has(l) ? step * 0.82 : 0)) / 2;
    const at = Array.from({ length: count }, (_, k) => [left + step * (k % across), top + step * Math.floor(k / across)]);
    return { size: Math.min(TILE, step - (across === 1 ? BETWEEN : BETWEEN / 2)), at };
  });
  return { layers, constants: layers.map(({ at: [[x, y]] }) => [x, y - pitch * 0.82]) };
}

function column(ask) {
  const less = button({ id: "less", label: "−", spoken: "" }, () => ask({ do: "neurons", layer, by: -stride(-1) }));
  const more = button({ id: "more", label: "+", spoken: "" }, () => ask({ do: "neurons", layer, by: stride(1) }));
  const count = element("span", { class: "count" });
  const name = element("span", { class: "name" });
  const sigma = choice({ id: "sigma", label: "σ", spoken: "", options: [], value: "" },
    (_, value) => ask({ do: "sigma", layer: which, value }));
  const size = element("div", { class: "size" }, less.element, count, more.element);
  const node = element("div", { class: "column" }, name, size, sigma.element);
  let neurons = 1;
  const stride = (way) => (neurons + way > MANY ? MANY : 1); // where there are many, one more or less is hardly seen
  const words = (way) => (stride(way) === 1 ? "one neuron" : `${MANY} neurons`);
  let layer = 0; // of the hidden ones
  let which = 0; // of those with a σ
  return {
    node,
    update(spec) {
      neurons = spec.size;
      layer = spec.l - 1;
      which = spec.l - 1;
      setText(name, spec.name);
      setText(count, spec.hidden ? String(spec.size) : "");
      size.style.visibility = spec.hidden ? "visible" : "hidden";
      sigma.element.style.visibility = spec.l ? "visible" : "hidden";
      if (spec.hidden) {
        less.update({ label: "−", spoken: `${words(-1)} less in layer ${spec.l}`, disabled: spec.size <= 1 });
        more.update({ label: "+", spoken: `${words(1)} more in layer ${spec.l}`, disabled: spec.size >= spec.most });
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
 * Returns { element, update(shown, values, choices, weights, edges), draw(), fit() }. ask(request): what the hand asks for.
 * look(k, name): the map of neuron k is to be seen large; look(null) for that of the output.
 */
export function drawNet(maps, ask, look) {
  const heads = element("div", { class: "heads" });
  const putHeads = pool(heads, () => column(ask));
  const canvas = element("canvas", { "aria-hidden": "true" });
  const tiles = element("div", { class: "tiles", role: "group" });
  const body = element("div", { class: "body" }, canvas, tiles);
  const fewer = button({ id: "layers-less", label: "−", spoken: "one hidden layer less" }, () => ask({ do: "layers", by: -1 }));
  const further = button({ id: "layers-more", label: "+", spoken: "one hidden layer more" }, () => ask({ do: "layers", by: 1 }));
  const layers = element("span", { class: "count" });
  const bar = element("div", { class: "layers" }, fewer.element, layers, further.element);
  const sample = (name, words) => element("span", { class: "sample" }, element("i", { class: name }), words);
  const drawn = [sample("plus", "w > 0"), sample("minus", "w < 0"),
    element("span", { class: "sample" }, element("i", { class: "thin" }), element("i", { class: "thick" }), "size of w")];
  const coloured = ["one", "zero"].map((name, k) =>
    element("span", { class: "sign" }, element("i", { class: name }), ["> 0", "< 0"][k]));
  const key = element("div", { class: "key" }, bar, ...drawn, ...coloured);
  const node = element("div", { class: "network" }, heads, body, key);
  let shown = null;
  let weights = new Float32Array(0);
  let edges = [];
  let [width, height] = [0, 0];
  let held = null; // the neuron that is looked at

  const lines = () => new Set(edges.map(([l]) => l));
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
    const where = places(shown, lines(), width, height);
    const colours = maps.colours();
    const context = fresh(canvas, width, height);
    context.textAlign = "center";
    context.textBaseline = "middle";
    const write = (words, x, y, size) => {
      context.fillStyle = css(colours.ink);
      context.font = `${size}px system-ui, 'DejaVu Sans', sans-serif`;
      context.fillText(words, x, y + 1);
    };
    const begin = (l, i) => {
      const [x, y] = i ? where.layers[l].at[i - 1] : where.constants[l];
      return [x + (i ? where.layers[l].size : CONSTANT) / 2, y];
    };
    edges.forEach(([l, i, j], k) => {
      const w = weights[k];
      const size = strength(w);
      const [x1, y1] = begin(l, i);
      const [x2, y2] = [where.layers[l + 1].at[j - 1][0] - where.layers[l + 1].size / 2, where.layers[l + 1].at[j - 1][1]];
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
    let first = 0; // of its layer
    const drawn = lines();
    const names = shown.names;
    where.layers.forEach(({ size, at }, l) => {
      for (const [x, y] of at) {
        const box = [x - size / 2, y - size / 2, size, size];
        context.save();
        context.beginPath();
        context.roundRect(...box, Math.min(7, size / 5));
        context.fillStyle = css(colours.ground);
        context.fill();
        context.clip();
        maps.draw(context, k, ...box);
        context.restore();
        context.beginPath();
        context.roundRect(...box, Math.min(7, size / 5));
        context.lineWidth = held === k ? 3 : 1.5;
        context.strokeStyle = css(held === k ? colours.ink : colours.muted);
        context.stroke();
        if (l === where.layers.length - 1 && names.length) write(names[k - first], x, y, Math.min(15, 0.6 * size));
        k += 1;
      }
      first += at.length;
      if (!drawn.has(l)) return; // a constant without its lines says nothing
      const [x, y] = where.constants[l];
      context.beginPath();
      context.rect(x - CONSTANT / 2, y - CONSTANT / 2, CONSTANT, CONSTANT);
      context.fillStyle = css(colours.ground);
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = css(colours.muted);
      context.stroke();
      write("1", x, y, 13);
    });
    const [inputs, next] = where.layers;
    if (held > 0 && held <= next.at.length && shown.tiles[0] < shown.sizes[0]) drawLarge(context, inputs, colours);
  }

  /** What is looked at, in the place of the inputs: the weights with their signs, so that not the colour alone tells. */
  function drawLarge(context, { size, at: [[x, y]] }, colours) {
    const [left, top, cell] = [x - size / 2, y - size / 2, size / shown.side];
    context.fillStyle = css(colours.ground);
    context.fillRect(left, top, size, size);
    maps.draw(context, held, left, top, size, size);
    context.strokeStyle = css(colours.ink);
    context.lineWidth = 3;
    context.strokeRect(left, top, size, size);
    context.fillStyle = css(colours.ink);
    context.font = `${cell}px system-ui, 'DejaVu Sans', sans-serif`;
    maps.levels(held).forEach((level, k) => {
      if (Math.abs(level - 127.5) < SIGN) return;
      context.fillText(level > 127.5 ? "+" : "−", left + ((k % shown.side) + 0.5) * cell,
        top + (Math.floor(k / shown.side) + 0.5) * cell);
    });
  }

  let stands = "";
  const place = () => {
    const key = `${shown.sizes}/${edges.length}/${width}/${height}`;
    if (!width || key === stands) return;
    stands = key;
    const specs = [];
    const last = shown.sizes.length - 1;
    const named = (l, i) => {
      if (!l) return shown.tiles[0] < shown.sizes[0] ? "the inputs" : `input I${subscript(i)}`;
      return l < last ? `neuron ${i} of layer ${l}` : shown.sizes[last] > 1 ? `output ${i}` : "the output";
    };
    places(shown, lines(), width, height).layers.forEach(({ size, at }, l) => {
      at.forEach(([x, y], i) => {
        specs.push({ k: specs.length, x, y, tile: size, spoken: named(l, i + 1) });
      });
    });
    putTiles(specs);
  };

  return {
    element: node,
    update(next, values, choices, given, between) {
      shown = next;
      weights = given;
      edges = between;
      const last = next.sizes.length - 1;
      heads.dataset.columns = next.sizes.length;
      setAttribute(tiles, "aria-label", next.plane ? "the neurons: each shows its map in the plane"
        : "the neurons: those of layer 1 show their weights from the pixels, others their output");
      putHeads(next.sizes.map((size, l) => ({
        l, size, sigmas: l === last ? choices.output : choices.sigma, hidden: l > 0 && l < last, most: next.most, sigma: values.sigma[l - 1],
        name: l === 0 ? "inputs" : l === last ? "output" : `layer ${l}`,
      })));
      for (const one of drawn) setProperty(one, "hidden", !edges.length);
      for (const one of coloured) setProperty(one, "hidden", next.plane);
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
