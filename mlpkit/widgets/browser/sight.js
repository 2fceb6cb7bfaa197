// A widget that a cell has just made comes into sight: Shift+Enter alone would leave one at its foot.

/** Scroll the top of `root` to where it is seen, unless all of it is seen already. The focus stays where it is. */
export function bringIntoSight(root) {
  const seen = new IntersectionObserver((entries) => {
    if (!root.isConnected || !entries.at(-1).boundingClientRect.height) return; // not on the page yet, or not laid out
    seen.disconnect();
    const cell = root.closest(".jp-Cell");
    const page = root.closest(".jp-WindowedPanel-outer");
    // Run with Shift+Enter or Control+Enter, and this or the next cell is active; where all cells run, nothing jumps.
    const active = page?.querySelector(".jp-Cell.jp-mod-active");
    const place = (one) => Number(one?.dataset.windowedListIndex);
    if (!cell || ![0, 1].includes(place(active) - place(cell))) return;
    requestAnimationFrame(() => { // after JupyterLab's own scrolling to the cell that follows
      const box = root.getBoundingClientRect();
      const view = page.getBoundingClientRect();
      if (box.top < view.top || box.bottom > view.bottom) page.scrollTop += box.top - view.top - 6;
    });
  });
  seen.observe(root);
}
