// What lies still on a map: axes, circles, the points or their images or clouds, and the names of their classes, or a backdrop
// instead.

import { drawAxes, drawCircle } from "./marks.mjs";
import { drawPictures } from "./pictures.mjs";

// Opacities of what lies over a layer that is what is shown.
const FAINT = { axes: 0.4, dots: 0.2, pictures: 0.6 };

/**
 * @param {CanvasRenderingContext2D} context @param {import("./viewport.mjs").Viewport} viewport
 * @param {import("./latent_map.mjs").Props} props @param {import("../theme.mjs").Theme} theme
 * @param {import("./class_names.mjs").ClassNames} names @param {import("./class_names.mjs").Box} taken no name is written there
 * @param {number[]} pictured the points that are drawn as images
 */
export function drawBase(context, viewport, props, theme, names, taken, pictured) {
  const { size } = viewport;
  const { points, classes, visibleClasses, backdrop, circles, clouds, faint } = props;
  context.clearRect(0, 0, size, size);
  if (backdrop) {
    context.imageSmoothingEnabled = true;
    context.drawImage(backdrop, 0, 0, size, size);
    return;
  }
  drawAxes(context, viewport, theme, faint ? FAINT.axes : 0.9);
  clouds?.draw(context, viewport, props, theme);
  for (const radius of circles) drawCircle(context, viewport, radius, theme);
  if (faint) context.globalAlpha = pictured.length ? FAINT.pictures : FAINT.dots;
  if (pictured.length) {
    drawPictures(context, viewport, props, theme, pictured);
    context.globalAlpha = 1;
    return;
  }
  const { u, v, scaleU, scaleV } = viewport.scales;
  const side = Math.max(2, size / 220);
  const [across, down] = [new Float32Array(points.u.length), new Float32Array(points.u.length)];
  for (let i = 0; i < points.u.length; i += 1) {
    const label = classes[i];
    across[i] = (points.u[i] - u) * scaleU;
    down[i] = size - (points.v[i] - v) * scaleV;
    if (!visibleClasses[label] || clouds) continue;
    // The colours of the classes are those of the layer beneath.
    context.fillStyle = faint ? theme.text : theme.digits[label];
    context.fillRect(across[i] - side / 2, down[i] - side / 2, side, side);
  }
  context.globalAlpha = 1;
  names.draw(context, viewport, across, down, props, theme, taken);
}
