// Maps of numbers as bytes, drawn in the theme's two colours: from that of 0, over the ground, to that of 1.

export const CELLS = 60; // of a map of the plane in each direction
const STRONGEST = 0.6; // so much of the colour at 0 and at 1, so that points stand out

/** {name: [r, g, b]} of the theme as it is now. */
function themeColours(root) {
  const style = getComputedStyle(root);
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (name) => {
    probe.fillStyle = style.getPropertyValue(name) || "#888";
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  return { one: read("--mlpkit-o"), zero: read("--mlpkit-zero"), ground: read("--mlpkit-bg"), ink: read("--mlpkit-fg"),
    muted: read("--mlpkit-muted"), plus: read("--mlpkit-plus"), minus: read("--mlpkit-minus") };
}

export const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

/** The colour of each of the 256 levels, as one number each, the way that a Uint32Array of pixels has it. */
function ramp({ one, zero, ground }) {
  const little = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const far = (level - 127.5) / 127.5;
    const share = STRONGEST * Math.abs(far) ** 0.85;
    const mixed = ground.map((part, k) => Math.round(part + share * ((far > 0 ? one : zero)[k] - part)));
    const [r, g, b] = mixed;
    return little ? ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0 : ((r << 24) | (g << 16) | (b << 8) | 255) >>> 0;
  });
}

/**
 * The maps of all neurons in one image, below each other.
 * Returns { colours(), theme(), update(bytes, cells), count(), levels(k), draw(context, k, x, y, width, height) }. cells: of
 * a map in each direction.
 */
export function drawMaps(root) {
  const atlas = document.createElement("canvas");
  const context = atlas.getContext("2d");
  let bytes = new Uint8Array(0);
  let cells = CELLS;
  let image = null;
  let colours = themeColours(root);
  let table = ramp(colours);
  const paint = () => {
    const count = bytes.length / cells ** 2;
    if (!count) return;
    if (image?.width !== cells || image.height !== count * cells) {
      atlas.width = cells;
      atlas.height = count * cells;
      image = new ImageData(cells, count * cells);
    }
    const pixels = new Uint32Array(image.data.buffer);
    for (let k = 0; k < bytes.length; k += 1) pixels[k] = table[bytes[k]];
    context.putImageData(image, 0, 0);
  };
  return {
    colours: () => colours,
    /** The numbers of map k, from 0 to 255. */
    levels: (k) => bytes.subarray(k * cells ** 2, (k + 1) * cells ** 2),
    count: () => bytes.length / cells ** 2,
    theme() {
      colours = themeColours(root);
      table = ramp(colours);
      paint();
    },
    update(view, side) {
      cells = side;
      bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      paint();
    },
    draw(onto, k, x, y, width, height) {
      if (k >= bytes.length / cells ** 2) return;
      onto.imageSmoothingEnabled = cells === CELLS; // pixels stay squares
      onto.drawImage(atlas, 0, k * cells, cells, cells, x, y, width, height);
    },
  };
}

/** A canvas of a size in CSS pixels, sharp on any screen. Returns its context, cleared. */
export function fresh(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Call `changed` when the theme changes. Returns what ends that. */
export function followTheme(changed) {
  const watch = new MutationObserver(changed);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}
