// What Streamlit calls when a page is drawn, and again on every rerun: finds the lens's modules, which mount the view.
//
// Streamlit keeps this text as a blob, so it reaches the modules by an absolute address: next to Streamlit's own
// script, whatever a proxy did to the path.

// A module with one vector instruction: the ONNX runtime has many.
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

/**
 * @param {{data: import("./contract").Page, parentElement: HTMLElement, setStateValue: (name: string, value: object) => void}} component
 * @returns {Promise<(() => void) | void>} what Streamlit calls at the end
 */
export default async function boot(component) {
  const root = component.parentElement.querySelector(".lens");
  if (!(root instanceof HTMLElement)) return;
  if (!supported()) {
    root.dataset.unsupported = "true";
    // The page may show what is below.
    const around = root.getRootNode();
    if (around instanceof ShadowRoot && around.host instanceof HTMLElement) around.host.dataset.mounted = "true";
    return;
  }
  const script = document.querySelector('script[type=module][src*="/static/js/"]');
  if (!(script instanceof HTMLScriptElement)) throw new Error("the page lacks Streamlit's script");
  const base = new URL("../..", script.src).href.replace(/\/$/, "");
  const load = (/** @type {string} */ path) => import(`${base}/lens/${path}`);
  const data = { ...component.data, base };
  // At the same time as the module that mounts it.
  load(`views/${data.view}.mjs`).catch(() => {});
  const { mount } = await load("mount.mjs");
  return mount({ ...component, data, remedy: "Reload it to try again; if the app was updated while it ran, restart the app." }, root);
}

/** Whether the browser has what the lens needs. */
function supported() {
  const known = typeof WebAssembly !== "undefined" && typeof DecompressionStream !== "undefined";
  return known && WebAssembly.validate(new Uint8Array(SIMD));
}
