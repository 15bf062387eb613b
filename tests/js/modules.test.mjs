// Every module of the lens can be imported where there is no browser: none does work at import.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const WEB = new URL("../../lens/web/", import.meta.url);
const modules = readdirSync(WEB, { recursive: true }).filter((path) => path.endsWith(".mjs") && !path.includes("vendor"));

for (const path of modules) {
  test(`${path} does nothing at import`, async () => {
    const found = await import(new URL(path.replaceAll("\\", "/"), WEB).href);
    assert.ok(Object.keys(found).length > 0, "it exports nothing");
  });
}
