// Saved pictures: grey levels are those that were drawn, files are what their specifications say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";

import { LETTER_HEIGHT, LETTER_WIDTH, rowsOf } from "../../lens/web/sheet/letters.mjs";
import { png } from "../../lens/web/sheet/png.mjs";
import { Sheet, shortened } from "../../lens/web/sheet/sheet.mjs";

test("an image is enlarged pixel by pixel, rounded and clipped", () => {
  const image = Float32Array.from({ length: 784 }, (_, k) => (k - 100) / 500);
  const sheet = new Sheet(100, 70);
  sheet.drawImage(image, 10, 5, 2);
  for (let y = 0; y < 70; y += 1) {
    for (let x = 0; x < 100; x += 1) {
      const [row, column] = [Math.floor((y - 5) / 2), Math.floor((x - 10) / 2)];
      const inside = row >= 0 && row < 28 && column >= 0 && column < 28;
      const level = Math.round(255 * Math.min(1, Math.max(0, image[28 * row + column])));
      assert.equal(sheet.levels[100 * y + x], inside ? level : 255, `${x}, ${y}`);
    }
  }
});

test("a PNG has the pixels, in chunks with the right checksums", async () => {
  const [width, height] = [5, 3];
  const levels = Uint8Array.from({ length: 15 }, (_, k) => 17 * k);
  const file = Buffer.from(await png(levels, width, height));
  assert.deepEqual([...file.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = {};
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    chunks[name] = file.subarray(at + 8, at + 8 + length);
    assert.equal(file.readUInt32BE(at + 8 + length), reference(file.subarray(at + 4, at + 8 + length)), name);
    at += 12 + length;
  }
  assert.deepEqual(Object.keys(chunks), ["IHDR", "IDAT", "IEND"]);
  assert.deepEqual([...chunks.IHDR], [0, 0, 0, 5, 0, 0, 0, 3, 8, 0, 0, 0, 0]);
  const rows = inflateSync(chunks.IDAT);
  assert.equal(rows.length, 18);
  for (let y = 0; y < height; y += 1) {
    assert.equal(rows[6 * y], 0);
    assert.deepEqual([...rows.subarray(6 * y + 1, 6 * y + 6)], [...levels.subarray(5 * y, 5 * y + 5)]);
  }
});

/** zlib's checksum where Node has it; else that of the specification's table. */
function reference(bytes) {
  if (crc32) return crc32(bytes);
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  return (bytes.reduce((crc, byte) => table[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ -1) >>> 0;
}

test("letters differ, have six pixels a row, and an unknown one has a sign of its own", () => {
  const seen = new Set();
  for (const letter of "ABCXYZabcxyz0123456789äßéøβμσЖ−…→,.()") {
    const rows = rowsOf(letter);
    assert.equal(rows.length, LETTER_HEIGHT);
    assert.ok(rows.every((bits) => bits >= 0 && bits < 1 << LETTER_WIDTH));
    seen.add(rows.join());
  }
  assert.equal(seen.size, 37);
  assert.deepEqual(rowsOf(" "), new Array(13).fill(0));
  assert.deepEqual(rowsOf("l").map((bits) => bits.toString(2).padStart(6, "0")).slice(1, 5), ["000000", "011000", "001000", "001000"]);
  assert.deepEqual(rowsOf("漢"), rowsOf("字"));
  assert.ok(rowsOf("漢").some(Boolean));
});

test("words are dark on white and stay in their width", () => {
  const sheet = new Sheet(60, 20);
  sheet.write("my second attempt", 3, 4, 48);
  assert.deepEqual([...new Set(sheet.levels)].sort(), [255, 34]);
  for (let y = 0; y < 20; y += 1) {
    for (let x = 0; x < 60; x += 1) {
      if (sheet.levels[60 * y + x] === 34) assert.ok(x >= 3 && x < 51 && y >= 4 && y < 17, `${x}, ${y}`);
    }
  }
});

test("words are cut where they would touch the next ones", () => {
  assert.equal(shortened("spherical", 54), "spherical");
  assert.equal(shortened("my second attempt", 72), "my second a…");
  assert.equal(shortened("my second attempt", 66), "my second…");
});
