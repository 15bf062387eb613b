// Sentences with terms of the glossary in them.

import assert from "node:assert/strict";
import test from "node:test";
import { parts, plain } from "../../lens/web/widgets/prose.mjs";

test("a term is a part of its own", () => {
  assert.deepEqual(parts("[μ](mu) = 1 (in [nats](nat))"), [
    { words: "μ", key: "mu" },
    { words: " = 1 (in ", key: null },
    { words: "nats", key: "nat" },
    { words: ")", key: null },
  ]);
  assert.deepEqual(parts(""), []);
});

test("brackets alone make no term", () => {
  assert.deepEqual(parts("z in [−3, 3] (all)"), [{ words: "z in [−3, 3] (all)", key: null }]);
});

test("aloud, a sentence has no links", () => {
  assert.equal(plain("[μ](mu) = 1, [σ](sigma) = 2."), "μ = 1, σ = 2.");
});
