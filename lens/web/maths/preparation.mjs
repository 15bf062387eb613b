// MNIST's preparation: any picture of a digit -> 28x28 grey levels like those of the data set. The same as
// `aemodels/data/preparation.py`, which has the sources; a test compares the two.

/** Grey as in television, ITU-R BT.601. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];
const FAINTEST = 0.1; // contrast between paper and ink, below which a picture is blank
const NOISE = 0.1; // share of the strongest ink, below which a pixel is paper
const SIDE = 28;

/** Numbers of a picture, row by row. @typedef {{width: number, height: number, levels: Float64Array | Float32Array}} Plane */

/**
 * How ink is put into a square: the longer side of its box as a share of the square's, and whether its centre of mass
 * comes to the square's middle pixel, or the middle of its box to the middle.
 * @typedef {{longer: number, byMass: boolean}} Fit
 */

/** By data set. @type {Record<string, Fit>} */
export const FITS = { mnist: { longer: 20 / 28, byMass: true }, "fashion-mnist": { longer: 1, byMass: false } };

/** How a picture is put into the square of a data set's: as MNIST's digits where it is one's own. @param {string} dataset @returns {Fit} */
export function fitOf(dataset) {
  return FITS[dataset] ?? FITS.mnist;
}

/** Of 28 pixels: the middle of the one in which the centre of mass of each of MNIST's digits lies. */
const MIDDLE_OF_MASS = 14.5 / 28;

/** @param {{width: number, height: number, data: ArrayLike<number>}} picture RGBA, such as ImageData; on white @returns {Plane} 0 black to 1 white */
export function toGrey({ width, height, data }) {
  const levels = new Float64Array(width * height);
  for (let k = 0, at = 0; k < levels.length; k += 1, at += 4) {
    const grey = RED * (data[at] / 255) + GREEN * (data[at + 1] / 255) + BLUE * (data[at + 2] / 255);
    levels[k] = data[at + 3] === 255 ? grey : 1 + (grey - 1) * (data[at + 3] / 255);
  }
  return { width, height, levels };
}

/** @param {Plane} grey 0 black to 1 white @returns {Plane | null} 0 paper to 1, the strongest ink; null for a blank picture */
export function findInk({ width, height, levels }) {
  const paper = middleOfFrame({ width, height, levels });
  let [darker, lighter] = [0, 0];
  for (const level of levels) {
    if (level < paper) darker += (level - paper) ** 2;
    else lighter += (level - paper) ** 2;
  }
  const sign = lighter > darker ? 1 : -1;
  let strongest = 0;
  for (const level of levels) strongest = Math.max(strongest, sign * (level - paper));
  if (strongest < FAINTEST) return null;
  const ink = levels.map((level) => {
    const share = (sign * (level - paper)) / strongest;
    return share < NOISE ? 0 : share;
  });
  return { width, height, levels: ink };
}

/** The median of the outermost pixels. @param {Plane} grey */
function middleOfFrame({ width, height, levels }) {
  const frame = new Float64Array(2 * (width + height));
  frame.set(levels.subarray(0, width));
  frame.set(levels.subarray(levels.length - width), width);
  for (let y = 0; y < height; y += 1) {
    frame[2 * width + 2 * y] = levels[y * width];
    frame[2 * width + 2 * y + 1] = levels[y * width + width - 1];
  }
  return frame.sort()[width + height];
}

/**
 * Put ink into a square: a pixel of it is the mean of the ink over the area that it covers, and its strongest pixel
 * is 1. Nothing is cut off: where the centre of mass would push ink over the edge, it stops there.
 * @param {Plane} ink @param {Fit} fit @param {number} [side]
 * @returns {Float32Array | null} side · side levels, 0 paper to 1 ink; null where there is no ink
 */
export function fitInk(ink, { longer, byMass }, side = SIDE) {
  const { width, height, levels } = ink;
  const [rows, columns] = [new Float64Array(height), new Float64Array(width)];
  for (let y = 0, k = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, k += 1) {
      const level = levels[k];
      if (level === 0) continue;
      rows[y] += level;
      columns[x] += level;
    }
  }
  const [down, across] = [extent(rows), extent(columns)];
  const longest = Math.max(down.size, across.size);
  if (longest <= 0) return null;
  const scale = longest / (longer * side); // pixels of the picture in one of the square
  const [startDown, startAcross] = [down, across].map((range) => startOf(range, scale, byMass, side));
  // First each row becomes as short as the square is wide, then each column as low.
  const narrow = new Float64Array(down.size * side);
  for (let y = 0; y < down.size; y += 1) {
    const row = levels.subarray((down.first + y) * width + across.first, (down.first + y) * width + across.first + across.size);
    average(row, 1, across.size, startAcross, scale, narrow.subarray(y * side), 1, side);
  }
  const square = new Float64Array(side * side);
  for (let x = 0; x < side; x += 1) average(narrow.subarray(x), side, down.size, startDown, scale, square.subarray(x), side, side);
  const strongest = square.reduce((most, level) => Math.max(most, level), 0);
  return Float32Array.from(square, (level) => level / strongest);
}

/** Where the ink is along one direction, and its centre of mass there. @typedef {{first: number, size: number, centre: number}} Range */

/** @param {Float64Array} mass the ink's sum across the direction @returns {Range} */
function extent(mass) {
  const first = mass.findIndex((each) => each > 0);
  let [total, moment, last] = [0, 0, first - 1];
  mass.forEach((each, k) => {
    if (each > 0) last = k;
    total += each;
    moment += each * (k - first + 0.5);
  });
  return { first, size: last - first + 1, centre: moment / total };
}

/** Where the ink's box begins in the square. @param {Range} range @param {number} scale @param {boolean} byMass @param {number} side */
function startOf({ size, centre }, scale, byMass, side) {
  const room = side - size / scale;
  return byMass ? Math.min(Math.max(MIDDLE_OF_MASS * side - centre / scale, 0), room) : room / 2;
}

/**
 * One row or column of levels, shrunk by area.
 * @param {ArrayLike<number>} from @param {number} step from one level to the next @param {number} count of levels
 * @param {number} start in `to` @param {number} scale levels in one of `to`
 * @param {Float64Array} to @param {number} stride in it @param {number} side how many of it
 */
function average(from, step, count, start, scale, to, stride, side) {
  for (let k = 0; k < side; k += 1) {
    const [lower, upper] = [Math.max(0, (k - start) * scale), Math.min(count, (k + 1 - start) * scale)];
    let sum = 0;
    for (let i = Math.floor(lower); i < upper; i += 1) {
      sum += from[i * step] * (Math.min(upper, i + 1) - Math.max(lower, i));
    }
    to[k * stride] = sum / scale;
  }
}
