// Finds the view that a page asks for, mounts it once, and hands it every later change.

import { part } from "./dom.mjs";
import { taught } from "./taught.mjs";

// Every view needs these: asking for them here saves a round trip before the view names them.
import "./model/dataset.mjs";
import "./view.mjs";

/** @typedef {import("./taught.mjs").AnyView} AnyView */

/** @type {Record<string, import("./taught.mjs").Loading>} */
const views = {
  ...taught,
  glossary: () => import("./views/glossary.mjs"),
  lesson: () => import("./views/lesson.mjs"),
  lessons: () => import("./views/lessons.mjs"),
  train: () => import("./views/train.mjs"),
};

/** @type {WeakMap<HTMLElement, Promise<AnyView>>} */
const mounted = new WeakMap();

/**
 * Called by the shell when the view is first drawn, and again with what else it is to show: by Streamlit after every rerun.
 * @param {{data: import("./contract").Page, setStateValue: (name: string, value: object) => void, remedy?: string}} component `remedy` is what
 *   to do where nothing can be shown
 * @param {HTMLElement} root
 * @returns {Promise<() => void>} what Streamlit calls at the end
 */
export async function mount(component, root) {
  const { data } = component;
  const opening = mounted.get(root) ?? views[data.view]().then(({ default: View }) => new View(root));
  mounted.set(root, opening);
  try {
    const view = await opening;
    await view.update(data, (state) => component.setStateValue("state", state));
    sized(root);
    // Streamlit also calls what an earlier drawing returned, once a later one has begun: not the end of the view.
    return () => {
      if (!root.isConnected) view.destroy();
    };
  } catch (error) {
    const trouble = part(root, ".trouble");
    trouble.textContent = `This page can't be shown: ${/** @type {Error} */ (error).message}. ${component.remedy ?? "Reload it to try again."}`;
    trouble.hidden = false;
    root.dataset.ready = "false";
    sized(root);
    return () => {};
  }
}

/** Let the page show what is below the view, which has its height now. @param {HTMLElement} root */
function sized(root) {
  const around = root.getRootNode();
  if (around instanceof ShadowRoot && around.host instanceof HTMLElement) around.host.dataset.mounted = "true";
}
