// A widget that a cell has just made comes into sight: Shift+Enter alone would leave one at its foot.

/** Scroll the top of `root` to where it is seen, unless all of it is seen already. The focus stays where it is. */
export function bringIntoSight(root) {
  const cell = root.closest(".jp-Cell");
  const page = root.closest(".jp-WindowedPanel-outer");
  if (!cell || !page) return;
  // Run with Shift+Enter or Control+Enter; where all cells run one after the other, nothing jumps.
  const active = page.querySelector(".jp-Cell.jp-mod-active");
  const place = (one) => Number(one?.dataset.windowedListIndex);
  if (![0, 1].includes(place(active) - place(cell))) return;
  const seen = new IntersectionObserver((entries) => {
    const box = entries.at(-1).boundingClientRect;
    if (!box.height) return; // not laid out yet
    seen.disconnect();
    const view = page.getBoundingClientRect();
    if (box.top >= view.top && box.bottom <= view.bottom) return;
    page.scrollTop += box.top - view.top - 6;
  });
  // after JupyterLab's own scrolling to the cell that follows
  requestAnimationFrame(() => requestAnimationFrame(() => seen.observe(root)));
}
