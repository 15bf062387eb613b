// A QR code as an SVG picture: black on white with the quiet zone that scanners need, whatever the theme.

import { correction, generate } from "../vendor/lean-qr/index.mjs";

const QUIET = 4; // modules of white all around, as ISO/IEC 18004 asks

/**
 * The dark modules of a text's code as the path of an SVG picture, and how wide the picture is.
 * @param {string} text @returns {{path: string, size: number} | null} null if the text is too long for a code
 */
export function qr(text) {
  const code = encode(text);
  if (!code) return null;
  const runs = [];
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      let end = x;
      while (end < code.size && code.get(end, y)) end += 1;
      if (end === x) continue;
      runs.push(`M${x + QUIET} ${y + QUIET}h${end - x}v1h${x - end}z`);
      x = end;
    }
  }
  return { path: runs.join(""), size: code.size + 2 * QUIET };
}

/** @param {string} text */
function encode(text) {
  try {
    return generate(text, { minCorrectionLevel: correction.M });
  } catch {
    return null;
  }
}
