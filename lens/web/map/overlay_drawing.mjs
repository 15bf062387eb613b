// What moves over a map: z's trail, paths, a posterior, the cross-hair, the ring around a point, lettered discs and the
// keyboard's cursor.

import { drawCross, drawCursor, drawDisc, drawPath, drawRing } from "./marks.mjs";
import { drawPosterior } from "./posterior_marks.mjs";
import { drawTrail } from "./trail.mjs";

/**
 * @param {CanvasRenderingContext2D} context @param {import("./viewport.mjs").Viewport} viewport
 * @param {import("./latent_map.mjs").Props} props @param {import("../theme.mjs").Theme} theme
 * @param {import("../maths/plane.mjs").Place | null} cursor where the keyboard's cursor is shown
 */
export function drawOverlay(context, viewport, props, theme, cursor) {
  const { points, paths, cross, highlighted, backdrop, classes, marks, posterior, trail } = props;
  context.clearRect(0, 0, viewport.size, viewport.size);
  if (trail) drawTrail(context, viewport, trail, backdrop ? "#ffffff" : theme.text);
  for (const path of paths) drawPath(context, viewport, path, theme);
  if (posterior) drawPosterior(context, viewport, posterior, theme, Boolean(backdrop), cross);
  if (cross) {
    const [x, y] = viewport.toPixels(...cross);
    drawCross(context, x, y, viewport.size, backdrop ? "#ffffff" : theme.text, theme.accent);
  }
  if (highlighted >= 0 && !backdrop) {
    const [x, y] = viewport.toPixels(points.u[highlighted], points.v[highlighted]);
    drawRing(context, x, y, 7, theme.text, theme.digits[classes[highlighted]]);
  }
  for (const { u, v, text } of marks) drawDisc(context, ...viewport.toPixels(u, v), text, theme);
  if (cursor) drawCursor(context, ...viewport.toPixels(...cursor), theme);
}
