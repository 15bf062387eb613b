import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { fetchFile, fetchOwn, ownAddress, provideFiles } from "../../lens/web/model/files.mjs";
import { fetchGzip } from "../../lens/web/model/formats.mjs";
import { gunzipAnswer, unpack } from "../../lens/web/unpack.mjs";

const asData = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

test("modules import each other by the addresses they get", async () => {
  const load = unpack(
    [
      ["a/one.mjs", "export const one = 1;"],
      ["two.mjs", 'import { one } from "packed:a/one.mjs";\nexport const two = one + one;'],
      ["later.mjs", 'export const three = async () => 1 + (await import("packed:two.mjs")).two;'],
    ],
    asData,
  );
  assert.equal((await load("two.mjs")).two, 2);
  assert.equal(await (await load("later.mjs")).three(), 3);
  await assert.rejects(load("four.mjs"), /four\.mjs isn't packed/);
});

test("a module that comes before what it imports is refused", () => {
  assert.throws(() => unpack([["two.mjs", 'import "packed:one.mjs";'], ["one.mjs", ""]], asData), /one\.mjs isn't packed/);
});

test("a shell provides files by their path, and nothing else is asked", async () => {
  const asked = [];
  provideFiles(async (path) => {
    asked.push(path);
    return path === "/zoo/vae-2/codes.npy" || path === "/lens/paper.css" ? new TextEncoder().encode("found") : null;
  });
  try {
    assert.equal(await (await fetchFile("/zoo/vae-2/codes.npy?v=12")).text(), "found");
    assert.equal((await fetchFile("/zoo/other/codes.npy")).status, 404);
    assert.equal(await (await fetchOwn("paper.css")).text(), "found");
    assert.equal(await (await fetch(await ownAddress("paper.css"))).text(), "found");
    assert.deepEqual(asked, ["/zoo/vae-2/codes.npy", "/zoo/other/codes.npy", "/lens/paper.css", "/lens/paper.css"]);
  } finally {
    provideFiles(null);
  }
  assert.match(await ownAddress("paper.css"), /^file:.*\/lens\/web\/paper\.css$/);
});

test("a gzip file that a server has unpacked is taken as it is", async () => {
  const plain = new TextEncoder().encode("0123456789");
  const packed = new Uint8Array(
    await new Response(new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
  for (const bytes of [plain, packed]) {
    provideFiles(async () => bytes);
    assert.deepEqual(await fetchGzip("/mnist/labels.gz"), plain);
  }
  provideFiles(null);
});

test("an answer is unpacked while it comes, and one that isn't packed stays as it is", async () => {
  const noise = Uint8Array.from({ length: 500_000 }, (_, k) => (k * k * 31) >> 3);
  const packed = new Uint8Array(gzipSync(noise));
  /** @type {() => void} */
  let goOn = () => {};
  const rest = new Promise((resolve) => (goOn = resolve));
  const body = new ReadableStream({
    async start(stream) {
      stream.enqueue(packed.slice(0, packed.length >> 1));
      await rest;
      stream.enqueue(packed.slice(packed.length >> 1));
      stream.close();
    },
  });
  const reader = (await gunzipAnswer(new Response(body))).body.getReader();
  const found = [...(await reader.read()).value];
  assert.ok(found.length > 0);
  goOn();
  for (let one = await reader.read(); !one.done; one = await reader.read()) found.push(...one.value);
  assert.deepEqual(Uint8Array.from(found), noise);
  const plain = await gunzipAnswer(new Response(noise));
  assert.deepEqual(new Uint8Array(await plain.arrayBuffer()), noise);
});
