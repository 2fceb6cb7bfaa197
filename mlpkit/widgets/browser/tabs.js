// Tabs: one of several parts is shown, and the arrow keys lead from one to the next.
import { element, setAttribute, setProperty, setText } from "./controls.js";

let made = 0; // an id of its own for each part on the page

/** parts: {id: its element}. `choose(id)` is called for the tab that is pressed. */
export function drawTabs(parts, spoken, choose) {
  made += 1;
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": spoken });
  const tabs = Object.entries(parts).map(([id, part]) => {
    const tab = element("button", { type: "button", role: "tab", id: `mlpkit-tab-${made}-${id}`, "data-tab": id,
      "aria-controls": `mlpkit-part-${made}-${id}` });
    for (const [name, value] of Object.entries({ id: `mlpkit-part-${made}-${id}`, role: "tabpanel",
      "aria-labelledby": tab.id })) part.setAttribute(name, value);
    tab.addEventListener("click", () => choose(id));
    list.append(tab);
    return { id, tab, part };
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex(({ tab }) => tab === event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows move the player everywhere else
    const { id, tab } = tabs[(to + tabs.length) % tabs.length];
    tab.focus();
    choose(id);
  });
  return {
    element: element("div", { class: "side" }, list, ...Object.values(parts)),
    /** labels: {id: the text of its tab}. */
    update(labels, shown) {
      for (const { id, tab, part } of tabs) {
        setText(tab, labels[id]);
        setAttribute(tab, "aria-selected", String(id === shown));
        setProperty(tab, "tabIndex", id === shown ? 0 : -1);
        setProperty(part, "hidden", id !== shown);
      }
    },
  };
}
