import assert from "node:assert/strict";
import { test } from "node:test";

import { gif } from "../../lens/web/export.mjs";

/** The blocks of a GIF file, by the letter of its specification (GIF89a, sections 18 to 27). */
function read(bytes) {
  assert.equal(Buffer.from(bytes.subarray(0, 6)).toString(), "GIF89a");
  const word = (at) => bytes[at] + 256 * bytes[at + 1];
  const found = { width: word(6), height: word(8), delays: [], frames: 0, palette: [], end: false };
  let at = 13;
  if (bytes[10] & 0x80) {
    const colours = 2 ** ((bytes[10] & 7) + 1);
    found.palette = [...bytes.subarray(at, at + 3 * colours)];
    at += 3 * colours;
  }
  const skip = () => {
    while (bytes[at]) at += bytes[at] + 1;
    at += 1;
  };
  while (!found.end) {
    const kind = bytes[at];
    if (kind === 0x3b) {
      found.end = true;
    } else if (kind === 0x21) {
      if (bytes[at + 1] === 0xf9) found.delays.push(10 * word(at + 4));
      at += 2;
      skip();
    } else {
      assert.equal(kind, 0x2c);
      found.frames += 1;
      at += 11;
      skip();
    }
  }
  assert.equal(at, bytes.length - 1);
  return found;
}

test("the film runs there and back and rests at both ends", () => {
  const frames = [0, 80, 160, 255].map((level) => new Uint8Array(6).fill(level));
  const found = read(gif(frames, 3, 2));
  assert.deepEqual([found.width, found.height, found.frames], [3, 2, 6]);
  assert.deepEqual(found.delays, [700, 70, 70, 700, 70, 70]);
});

test("every grey level has its own colour", () => {
  const { palette } = read(gif([new Uint8Array(4), new Uint8Array(4).fill(255)], 2, 2));
  assert.deepEqual(palette, Array.from({ length: 768 }, (_, k) => Math.floor(k / 3)));
});
