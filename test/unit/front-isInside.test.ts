// Front: what leads into a folder, by words alone.

import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { isInside } from "../../src/common/isInside.ts";

const shop = resolve("/home/ada/shop");
for (const [path, expected] of [
  [shop, true],
  [join(shop, "src", "a.js"), true],
  [join(shop, "..data", "a.js"), true],
  [`${shop}/src/../../secrets.js`, false],
  [`${shop}-other/a.js`, false],
  [resolve("/etc/passwd"), false],
  ["src/a.js", false],
  ["", false],
  ["\\\\host\\share\\a.js", false],
] as const)
  test(`${path || "nothing"} is ${expected ? "" : "not "}in the folder`, () => {
    assert.equal(isInside(path, shop), expected);
  });
