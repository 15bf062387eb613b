import assert from "node:assert/strict";
import { test } from "node:test";

import { measure, valueOf, written } from "../../lens/web/lesson/measures/measure.mjs";

/** What a lesson hands over, of models that needn't be fetched. */
const context = {
  base: "",
  models: { small: { latent_dim: 3, space: { inactive: [false, true, false] } } },
  detectors: { alarm: { normal: [90, 6, 4], anomalous: [1, 1, 98], auroc: 0.9651 } },
  dataset: {},
};

test("what is nearly all isn't all, and what is nearly nothing isn't nothing", () => {
  assert.equal(written("kept a", 0.62449), "62 %");
  assert.equal(written("kept a", 1), "100 %");
  assert.equal(written("kept a", 0.9997), "99.97 %");
  assert.equal(written("kept a", 0.0025), "0.25 %");
  assert.equal(written("kept a", 0), "0 %");
});

test("numbers have their units", () => {
  assert.equal(written("kl a", 7.5926), "7.6 nats");
  assert.equal(written("angle a b", 1.786), "1.8°");
  assert.equal(written("error a", 43.6449), "43.6");
  assert.equal(written("sigma a", 0.04871), "0.049");
  assert.equal(written("active a", 10), "10");
});

test("a number that isn't known yet is as wide as one that is", () => {
  const usual = { "kept a": 0.646, "error a": 43.64, "kl a": 7.59, "sigma a": 0.0485, "active a": 15, "angle a b": 1.79 };
  for (const [words, value] of Object.entries(usual)) {
    assert.ok(Math.abs(written(words).length - written(words, value).length) <= 1, words);
  }
});

test("a measure is that of its model or detector", async () => {
  assert.equal(await measure("latents small", context), "3");
  assert.equal(await measure("  active   small ", context), "2");
  assert.equal(await measure("auroc alarm", context), "0.965");
});

test("of the thresholds that flag few enough normal images, the lowest finds most", async () => {
  assert.equal(await valueOf("found alarm 0.1", context), 0.99);
  assert.equal(await valueOf("found alarm 0.05", context), 0.98);
  assert.equal(await valueOf("found alarm 0.01", context), 0);
});

test("what there isn't is an error with its reason, also the second time", async () => {
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(measure("guess small", context), /there is no measure called guess/);
    await assert.rejects(measure("latents large", context), /there is no model called large/);
    await assert.rejects(measure("auroc bell", context), /there is no detector called bell/);
    await assert.rejects(measure("constructor small", context), /there is no measure called constructor/);
  }
});
