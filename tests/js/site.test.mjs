import assert from "node:assert/strict";
import { test } from "node:test";

import { drawsFor } from "../../lens/web/site/draws.mjs";
import { Addresses } from "../../lens/web/site/links.mjs";
import { checked, readState, writeState } from "../../lens/web/site/state.mjs";

const links = { explore: "index.html", learn: "learn.html", glossary: "glossary.html" };
const site = new Addresses(links, false, () => "learn");
const single = new Addresses({ explore: "#explore", learn: "#learn", glossary: "#glossary" }, true, () => "learn");

test("the app's addresses lead to the pages of a site", () => {
  assert.equal(site.resolve("explore?model=vae-2&digit=3"), "index.html?model=vae-2&digit=3");
  assert.equal(site.resolve("glossary#kl"), "glossary.html#kl");
  assert.equal(site.resolve("?lesson=holes"), "learn.html?lesson=holes");
  assert.equal(single.resolve("explore?model=vae-2"), "#explore?model=vae-2");
  assert.equal(single.resolve("glossary#kl"), "#glossary#kl");
});

test("other links stay as they are", () => {
  for (const href of ["#content", "https://arxiv.org/abs/1312.6114", "train?run=1", "files/a.gz"]) assert.equal(site.resolve(href), null);
});

test("a single file reads its address behind #", () => {
  const read = (hash) => {
    const { page, query } = single.read({ hash });
    return [page, query.toString()];
  };
  assert.deepEqual(read("#explore?model=pca-2"), ["explore", "model=pca-2"]);
  assert.deepEqual(read("#glossary#kl"), ["glossary", ""]);
  assert.deepEqual(read(""), ["explore", ""]);
  // The page on show.
  assert.deepEqual(read("#content"), ["learn", ""]);
  assert.deepEqual(["#explore?a=1", "#glossary#kl", "", "#content"].map((hash) => single.isPage({ hash })), [true, true, true, false]);
});

test("a state that is written is read again", () => {
  const state = { digit: 7, z: [0.5, -1.25], layer: "clouds", frame: [-1, 1, 0, 2], pins: [[1, 2], [], [3, 4]], classes: null };
  const address = site.of("explore", [["model", "vae-2"], ...writeState("explore", state)]);
  assert.equal(
    address,
    "index.html?model=vae-2&digit=7&z=0.5,-1.25&layer=clouds&frame=-1,1,0,2&pins=1,2;;3,4",
  );
  const found = readState("explore", new URLSearchParams(address.split("?")[1]), 4);
  for (const [name, value] of Object.entries({ ...state, visit: 4 })) assert.deepEqual(found[name], value, name);
});

test("what can't be read is left out", () => {
  const found = readState("explore", new URLSearchParams("digit=seven&z=1,x&pins=1,2;y"), 1);
  assert.deepEqual([found.digit, found.z, found.pins], [null, null, null]);
});

test("what a data set hasn't and no view knows is left out of an address", () => {
  const read = (view, query) => {
    const { visit: _, ...state } = checked(readState(view, new URLSearchParams(query), 1), { count: 10, class_names: ["0", "1"] });
    return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
  };
  assert.deepEqual(read("explore", "digit=9&layer=holes&classes=0,1&samples=2"), { digit: 9, layer: "holes", classes: [0, 1], samples: 2 });
  for (const query of ["digit=10", "digit=-1", "digit=1.5", "layer=foo", "classes=0,2", "samples=-1", "trail=no"]) {
    assert.deepEqual(read("explore", query), {}, query);
  }
  assert.deepEqual(read("compare", "worst=2&digit=3&picture=foo"), { digit: 3 });
  assert.deepEqual(read("interpolate", "a=99999&b=2&t=1.5"), { b: 2 });
});

test("random codes are decoded by the models compared, unless two latents would hide their differences", () => {
  const of = (title, latents) => ({ label: title, sized: `${title} · ${latents} latents`, model: { title, latent_dim: latents } });
  const draws = { view: "draws", base: "", models: [], plural: "digits" };
  const models = { "pca-2": of("PCA", 2), "vae-2": of("VAE", 2), "vae-16": of("VAE", 16) };
  const known = { models, dataset: { plural: "clothes" }, draws };
  assert.equal(drawsFor(known, ["pca-2", "vae-2"]), draws);
  // Where the usual pair isn't on the site.
  assert.deepEqual(drawsFor({ ...known, draws: null }, ["pca-2", "vae-2"]).models.map(({ label }) => label), ["PCA · 2 latents", "VAE · 2 latents"]);
  const found = drawsFor({ ...known, draws: null }, ["vae-16", "pca-2"]);
  assert.deepEqual(found.models.map(({ label }) => label), ["VAE · 16 latents", "PCA · 2 latents"]);
  assert.equal(found.plural, "clothes");
});
