// A modal dialog in the middle of what is on the screen: VS Code shows a part of a frame that is as high as all outputs
// of a notebook together, and the middle of that frame is out of sight.

/** @param {HTMLDialogElement} dialog @returns {Promise<void>} when it is open */
export async function openModal(dialog) {
  if (window !== window.top) await place(dialog);
  if (!dialog.open) dialog.showModal();
}

/** Where it will open, before it takes the focus and the page scrolls there. @param {HTMLDialogElement} dialog */
async function place(dialog) {
  const { top, height } = await visiblePart();
  const whole = !height || height > window.innerHeight - 1;
  dialog.style.top = whole ? "" : `${top}px`;
  dialog.style.bottom = whole ? "" : `${window.innerHeight - top - height}px`;
  dialog.style.maxHeight = whole ? "" : `${Math.round(0.9 * height)}px`;
}

/** What is on the screen of this frame, in CSS pixels from its top. @returns {Promise<DOMRectReadOnly>} */
function visiblePart() {
  // The page's own elements may be of no height.
  const all = document.createElement("div");
  all.style.cssText = "position: fixed; inset: 0; visibility: hidden";
  document.documentElement.append(all);
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(([{ intersectionRect }]) => {
      observer.disconnect();
      all.remove();
      resolve(intersectionRect);
    });
    observer.observe(all);
  });
}
