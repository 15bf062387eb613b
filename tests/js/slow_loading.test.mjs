// The words of a slow loading, and the count of what has come.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesReceived, fetchBytes } from "../../lens/web/model/formats.mjs";
import { loadingWords } from "../../lens/web/widgets/slow_loading.mjs";

test("a file that is read whole counts with all its bytes, which stay as they are", async () => {
  const content = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  const before = bytesReceived();
  const read = await fetchBytes(`data:application/octet-stream;base64,${Buffer.from(content).toString("base64")}`);
  assert.deepEqual(new Uint8Array(read), content);
  assert.equal(bytesReceived() - before, content.length);
});

test("it names millions of bytes", () => {
  assert.equal(loadingWords(0), "Loading models and images: 0.0 MB so far");
  assert.equal(loadingWords(12_340_000), "Loading models and images: 12.3 MB so far");
});
