// Unit tests: on which Nodes synchronous hooks for modules change nothing (those up to 25 were tried by hand).

import assert from "node:assert/strict";
import { test } from "node:test";
import { goUnnoticed } from "../../src/runtime/syncHooks.ts";

test("hooks are left out of versions in which a server notices them", () => {
  const noticed = ["22.15.0", "22.22.2", "23.11.0", "24.0.0", "24.9.0", "24.11.0", "25.0.0"];
  const unnoticed = [
    "22.22.3",
    "22.23.3",
    "24.11.1",
    "24.21.0",
    "25.1.0",
    "25.9.0",
    "26.0.0",
    "27.1.0-nightly",
  ];
  assert.deepEqual(
    [...noticed, ...unnoticed].filter((version) => goUnnoticed(version)),
    unnoticed,
  );
});
