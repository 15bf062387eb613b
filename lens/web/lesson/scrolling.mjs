// Scrolls a page so that what is wanted is in the part of the window that is free.

import { reducedMotion } from "../motion.mjs";

/** @typedef {{top: number, bottom: number}} Span  in CSS pixels from the top of the window */

/**
 * How far to scroll so that all boxes are in the free part of the window, or else as many as fit; of one that doesn't
 * fit, the upper end.
 * @param {Span[]} boxes the most important first @param {Span} free @param {number} clear pixels left around them
 * @returns {number} CSS pixels downwards
 */
export function shiftInto(boxes, free, clear) {
  const [low, high] = [free.top + clear, free.bottom - clear];
  let { top, bottom } = boxes[0];
  for (const box of boxes.slice(1)) {
    const [above, below] = [Math.min(top, box.top), Math.max(bottom, box.bottom)];
    if (below - above <= high - low) [top, bottom] = [above, below];
  }
  if (top >= low && bottom <= high) return 0;
  return bottom - top > high - low || top < low ? top - low : bottom - high;
}

/** What scrolls an element, over the borders of shadow roots. @param {Element} element @returns {Element} */
export function scroller(element) {
  for (let at = parentOf(element); at; at = parentOf(at)) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}

/** @param {Element} page what scrolls @param {number} top */
export function scrollTo(page, top) {
  page.scrollTo({ top, behavior: reducedMotion() ? "instant" : "smooth" });
}

/** @param {Element} element @returns {Element | null} */
function parentOf(element) {
  const root = element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}
