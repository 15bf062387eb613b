// Finds the view that a page asks for, mounts it once, and hands it every later change.

/** @type {Record<string, () => Promise<{open: (root: HTMLElement) => View}>>} */
const makers = {
  anomalies: () => import("./views/anomalies.mjs"),
  explore: () => import("./views/explore.mjs"),
  compare: () => import("./views/compare.mjs"),
  interpolate: () => import("./views/interpolate.mjs"),
  reconstruct: () => import("./views/reconstruct.mjs"),
  train: () => import("./views/train.mjs"),
};

/**
 * @typedef {object} View
 * @property {(data: any, report: (state: object) => void) => Promise<void>} update
 * @property {() => void} destroy
 */

/** @type {WeakMap<HTMLElement, Promise<View>>} */
const mounted = new WeakMap();

/**
 * Called by Streamlit when the page is drawn and again after every rerun.
 * @param {{data: any, setStateValue: (name: string, value: object) => void}} component
 * @param {HTMLElement} root
 */
export async function render(component, root) {
  const { data } = component;
  if (!mounted.has(root)) mounted.set(root, makers[data.view]().then((maker) => maker.open(root)));
  const trouble = /** @type {HTMLElement} */ (root.querySelector(".trouble"));
  try {
    const view = await mounted.get(root);
    await view.update(data, (state) => component.setStateValue("state", state));
    trouble.hidden = true;
    root.dataset.ready = "true";
    // Streamlit also calls what an earlier drawing returned, once a later one has begun: not the end of the view.
    return () => {
      if (!root.isConnected) view.destroy();
    };
  } catch (error) {
    trouble.textContent = `This model can't be shown: ${/** @type {Error} */ (error).message}. Reload the page to try again.`;
    trouble.hidden = false;
    root.dataset.ready = "false";
    return () => {};
  }
}
