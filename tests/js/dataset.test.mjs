import assert from "node:assert/strict";
import { test } from "node:test";

import { withArticle } from "../../lens/web/model/dataset.mjs";

test("classes get the article that is spoken", () => {
  const names = ["0", "7", "8", "Ankle boot", "Sandal"];
  assert.deepEqual(names.map(withArticle), ["a 0", "a 7", "an 8", "an Ankle boot", "a Sandal"]);
});
