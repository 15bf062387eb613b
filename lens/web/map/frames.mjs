// The parts of the plane that several maps show, as a state has them.

/** @typedef {import("./latent_map.mjs").LatentMap} LatentMap */

/** @param {LatentMap[]} maps @returns {number[][] | null} of each the part in view, empty at first; null if so on all */
export function visibleFrames(maps) {
  const frames = maps.map((map) => map.visibleFrame ?? []);
  return frames.some(({ length }) => length) ? frames : null;
}

/** @param {LatentMap[]} maps @param {number[][] | null | undefined} frames */
export function showFrames(maps, frames) {
  maps.forEach((map, k) => map.showFrame(frames?.[k]?.length ? frames[k] : null));
}
