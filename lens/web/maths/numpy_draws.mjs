// The numbers of NumPy's default_rng(0).random(…, float32): with them `aemodels` binarises test images stochastically, so
// that a page shows the very pixels that a bundle's codes belong to.

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n; // of PCG64 (O'Neill 2014, "PCG: A family of simple fast…")
const START = 35399562948360463058890781895381311971n; // the state that seed 0 gives
const STEP = 87136372517582989555478159403783844777n;
const WORD = (1n << 64n) - 1n;
const STATE = (1n << 128n) - 1n;

/**
 * @param {number} start how many numbers to pass over, an even number @param {number} count also even
 * @returns {Float32Array} the next `count` numbers, from [0, 1)
 */
export function numpyDraws(start, count) {
  const out = new Float32Array(count);
  let state = ahead(BigInt(start / 2));
  for (let k = 0; k < count; k += 2) {
    state = (state * MULTIPLIER + STEP) & STATE;
    const mixed = (state >> 64n) ^ (state & WORD);
    const turn = state >> 122n;
    const word = ((mixed >> turn) | (mixed << (64n - turn))) & WORD;
    // Two numbers of 24 bits from each word, its low half first.
    out[k] = Number((word & 0xffffffffn) >> 8n) / 2 ** 24;
    out[k + 1] = Number(word >> 40n) / 2 ** 24;
  }
  return out;
}

/** The state after so many words, in as many doublings as the number has bits (Brown 1994). @param {bigint} words */
function ahead(words) {
  let [multiplier, step] = [MULTIPLIER, STEP];
  let [product, sum] = [1n, 0n];
  for (let left = words; left > 0n; left >>= 1n) {
    if (left & 1n) {
      product = (product * multiplier) & STATE;
      sum = (sum * multiplier + step) & STATE;
    }
    step = ((multiplier + 1n) * step) & STATE;
    multiplier = (multiplier * multiplier) & STATE;
  }
  return (product * START + sum) & STATE;
}
