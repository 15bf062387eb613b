// The posteriors of all test images as clouds on the map: an ellipse each of one standard deviation, in its class's
// colour, so transparent that one sees where they overlap.

import { context2d } from "../dom.mjs";
import { planeCovariance } from "../maths/posterior.mjs";
import { inPieces } from "../pieces.mjs";
import { same } from "../same.mjs";
import { rgb } from "../theme.mjs";

/** @typedef {import("./viewport.mjs").Viewport} Viewport */

/** @typedef {import("./viewport.mjs").Frame} Frame */

const BLOCK = 32; // ellipses, or what takes as long
const USUAL = 0.7; // how opaque it is where as many overlap as usually do
const MOST = 0.35; // how opaque a single one may be
const SOFT = 0.15; // square pixels that widen each, so that none is smaller than a pixel

/**
 * Of each pixel of a square, row by row: how many ellipses hold it, and their red, green and blue added up.
 * @typedef {Float32Array} Sums
 */

export class Clouds {
  /**
   * @param {import("../model/model.mjs").Model} model @param {() => void} painted there is another picture to draw
   * @param {(error: unknown) => void} failed it couldn't be painted
   */
  constructor(model, painted, failed) {
    this.model = model;
    this.painted = painted;
    this.failed = failed;
    /** @type {Float32Array | null} of each test image three numbers, see `planeCovariance`; found once */
    this.covariances = null;
    /** @type {{canvas: HTMLCanvasElement, frame: Frame} | null} */
    this.picture = null;
    /** What was asked for last. @type {object | null} */
    this.wanted = null;
  }

  /**
   * Draw them where the map is now; the picture of another view, moved there, until that of this one is ready.
   * @param {CanvasRenderingContext2D} context @param {Viewport} viewport
   * @param {import("./latent_map.mjs").Props} props @param {import("../theme.mjs").Theme} theme
   */
  draw(context, viewport, { points, classes, visibleClasses }, { digits }) {
    const wanted = { frame: viewport.frame, size: viewport.size, visibleClasses, digits };
    if (!same(wanted, this.wanted)) {
      this.wanted = wanted;
      this.paint(viewport, points, classes, visibleClasses, digits.map(rgb)).catch(this.failed);
    }
    if (!this.picture) return;
    const { canvas, frame } = this.picture;
    const [left, top] = viewport.toPixels(frame.u[0], frame.v[1]);
    const [right, bottom] = viewport.toPixels(frame.u[1], frame.v[0]);
    context.drawImage(canvas, left, top, right - left, bottom - top);
  }

  /** Nothing more is wanted. */
  stop() {
    this.wanted = null;
  }

  /**
   * @param {Viewport} viewport @param {{u: Float32Array, v: Float32Array}} points @param {Uint8Array} classes
   * @param {boolean[]} visible @param {number[][]} colours
   */
  async paint(viewport, points, classes, visible, colours) {
    const { wanted } = this;
    const current = () => wanted === this.wanted;
    const size = Math.round(viewport.size);
    const sums = new Float32Array(4 * size * size);
    const image = new ImageData(size, size);
    const overlap = new Overlap();
    const { u, v, scaleU, scaleV } = viewport.scales;
    const work = [
      () => this.findCovariances(current),
      () =>
        inBlocks(points.u.length, current, (i) => {
          if (!this.covariances || !visible[classes[i]]) return;
          const [x, y] = [(points.u[i] - u) * scaleU, size - (points.v[i] - v) * scaleV];
          const [uu, uv, vv] = this.covariances.subarray(3 * i, 3 * i + 3);
          addEllipse(sums, size, x, y, [uu * scaleU * scaleU, -uv * scaleU * scaleV, vv * scaleV * scaleV], colours[classes[i]]);
        }),
      () =>
        inBlocks(size, current, (row) => {
          gather(sums, size, row);
          overlap.add(sums, size, row);
        }),
      () => inBlocks(size, current, (row) => blend(sums, size, row, overlap.usual, image.data)),
    ];
    for (const part of work) await part();
    if (!current()) return;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    context2d(canvas).putImageData(image, 0, 0);
    this.picture = { canvas, frame: viewport.frame };
    this.painted();
  }

  /** @param {() => boolean} current */
  async findCovariances(current) {
    if (this.covariances) return;
    const { model } = this;
    const found = new Float32Array(3 * model.count);
    const done = await inBlocks(model.count, current, (i) => {
      const logVar = model.logVar(i);
      if (logVar) found.set(planeCovariance(model.entry.space, logVar), 3 * i);
    });
    if (done) this.covariances = found;
  }
}

/** Do something with each of `count` items, in pieces. @param {number} count @param {() => boolean} current @param {(k: number) => void} act */
function inBlocks(count, current, act) {
  const work = async (/** @type {number} */ start, /** @type {number} */ end) => {
    for (let k = start * BLOCK; k < Math.min(count, end * BLOCK); k += 1) act(k);
  };
  return inPieces(Math.ceil(count / BLOCK), work, current);
}

/**
 * Add the pixels of an ellipse, those within one standard deviation of a Gaussian: of each row only the changes at its
 * two ends, so that a large one costs no more than its height; `gather` adds them up.
 * @param {Sums} sums @param {number} size @param {number} x centre in pixels from the top left @param {number} y
 * @param {[number, number, number]} covariance of x, of x and y, of y @param {number[]} colour
 */
export function addEllipse(sums, size, x, y, [xx, xy, yy], colour) {
  const [wide, high] = [xx + SOFT, yy + SOFT];
  const [reachX, reachY] = [Math.sqrt(wide), Math.sqrt(high)];
  if (x + reachX < 0 || x - reachX > size || y + reachY < 0 || y - reachY > size) return;
  const slope = xy / high;
  const narrow = wide - slope * xy;
  const last = Math.min(size - 1, Math.ceil(y + reachY) - 1);
  for (let row = Math.max(0, Math.floor(y - reachY)); row <= last; row += 1) {
    const down = Math.min(reachY, Math.max(-reachY, row + 0.5 - y));
    const half = Math.sqrt(Math.max(0, narrow * (1 - (down * down) / high)));
    const middle = x + slope * down;
    addEdge(sums, size, row, middle - half, 1, colour);
    addEdge(sums, size, row, middle + half, -1, colour);
  }
}

/**
 * From here on a row holds one more, or one less; a pixel that is cut holds its share.
 * @param {Sums} sums @param {number} size @param {number} row @param {number} at @param {number} change
 * @param {number[]} colour
 */
function addEdge(sums, size, row, at, change, [red, green, blue]) {
  if (at >= size) return;
  const held = at > 0 ? at : 0;
  const column = Math.floor(held);
  const place = 4 * (row * size + column);
  const then = change * (held - column);
  const now = change - then;
  sums[place] += now;
  sums[place + 1] += now * red;
  sums[place + 2] += now * green;
  sums[place + 3] += now * blue;
  if (column + 1 >= size) return;
  sums[place + 4] += then;
  sums[place + 5] += then * red;
  sums[place + 6] += then * green;
  sums[place + 7] += then * blue;
}

/** Turn the changes along a row into sums. @param {Sums} sums @param {number} size @param {number} row */
export function gather(sums, size, row) {
  const end = 4 * (row + 1) * size;
  for (let place = 4 * row * size + 4; place < end; place += 1) sums[place] += sums[place - 4];
}

/** How many ellipses lie over one another where there is one. */
export class Overlap {
  constructor() {
    this.total = 0;
    this.squares = 0;
  }

  /** @param {Sums} sums @param {number} size @param {number} row */
  add(sums, size, row) {
    for (let place = 4 * row * size; place < 4 * (row + 1) * size; place += 4) {
      this.total += sums[place];
      this.squares += sums[place] * sums[place];
    }
  }

  /** As one of them has it on average, itself included. */
  get usual() {
    return this.total ? Math.max(1, this.squares / this.total) : 1;
  }
}

/**
 * Each pixel of a row in the mean colour of its ellipses, the more opaque the more there are; their order makes no
 * difference.
 * @param {Sums} sums @param {number} size @param {number} row @param {number} usual how many lie over one another
 * @param {Uint8ClampedArray} out red, green, blue and alpha of each pixel
 */
export function blend(sums, size, row, usual, out) {
  const clear = Math.log(Math.max(1 - MOST, (1 - USUAL) ** (1 / usual)));
  for (let place = 4 * row * size; place < 4 * (row + 1) * size; place += 4) {
    const many = sums[place];
    if (many < 1e-3) continue;
    for (let k = 1; k < 4; k += 1) out[place + k - 1] = sums[place + k] / many;
    out[place + 3] = 255 * (1 - Math.exp(many * clear));
  }
}
