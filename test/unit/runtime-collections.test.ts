// Unit tests: collections of a rest are nobody's, also where their entries come after it.

import assert from "node:assert/strict";
import { PerformanceObserver } from "node:perf_hooks";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { collections } from "../../src/runtime/probes/allocations/collections.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

test("a collection right before the end of a rest is not counted, one after it is", async () => {
  // Without an observer of the user's own Node would make no entries then.
  const own = new PerformanceObserver(() => {});
  own.observe({ entryTypes: ["gc"] });
  try {
    gc();
    collections.start(
      (action) => action(),
      () => false,
    );
    await delay(20);
    assert.equal(collections.take().kinds.get("major"), undefined);
    gc();
    await delay(20);
    assert.equal(collections.take().kinds.get("major")?.[0], 1);
  } finally {
    collections.stop();
    own.disconnect();
  }
});
