// docs/runtime.md says each difference that the suite lets pass, word for word.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { KNOWN_DIFFERENCES } from "./knownDifferences.ts";
import { root } from "./sides.ts";

it("prints the known differences in docs/runtime.md", () => {
  const text = readFileSync(join(root, "docs/runtime.md"), "utf8");
  const told = text.slice(text.indexOf("<!-- known differences -->"), text.indexOf("<!-- end -->"));
  const lines = told.split("\n").filter((line) => line.startsWith("- "));
  assert.deepEqual(
    lines,
    KNOWN_DIFFERENCES.map(({ what, reason }) => `- ${what} _${reason}_`),
  );
});
