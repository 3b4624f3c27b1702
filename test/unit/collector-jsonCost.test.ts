// Unit tests: what JSON takes once it is parsed is known before it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonCost } from "../../src/collector/jsonCost.ts";

const NO_LIMIT = {
  bytes: Number.POSITIVE_INFINITY,
  depth: Number.POSITIVE_INFINITY,
  keys: Number.POSITIVE_INFINITY,
};
const costOf = (json: string, limit = NO_LIMIT) => jsonCost(Buffer.from(json), limit);

test("depth, and keys whatever stands around them", () => {
  assert.equal(costOf('{"a":[{"b":[[]]}],"c":[]}').depth, 5);
  assert.equal(costOf('{"a" : 1, "b"\n\t:2, "c":"d"}').keys, 3);
  assert.equal(costOf('[{"a":1},{"a":2},{"a":3}]').keys, 1);
});

test("brackets, commas and quotes within texts are text", () => {
  const { depth, keys } = costOf(JSON.stringify(['[[[{"x":', '\\"', "\\"]));
  assert.deepEqual([depth, keys], [1, 0]);
});

test("never less than what V8 takes", () => {
  const many = (n: number, make: (i: number) => unknown) =>
    JSON.stringify(Array.from({ length: n }, (_, i) => make(i)));
  const cases = [
    many(50_000, () => []),
    many(50_000, () => ({})),
    many(50_000, (i) => [i, i + 0.5, i]),
    many(50_000, (i) => ({ parent: i, frame: i })),
    many(50_000, (i) => `text ${i}`),
    many(50_000, (i) => `téxt ☃ ${i}`),
  ];
  for (const json of cases) {
    const before = process.memoryUsage().heapUsed;
    const parsed: unknown = JSON.parse(json);
    const taken = process.memoryUsage().heapUsed - before;
    assert.ok(Array.isArray(parsed));
    // A collection in between makes it less; twice the list while it grows is V8's own.
    assert.ok(
      taken <= 1.3 * costOf(json).bytes + 1_000_000,
      `${json.slice(0, 40)}: ${taken} of ${costOf(json).bytes}`,
    );
  }
});

test("it stops at its limit, and goes over bytes that are no JSON", () => {
  const limit = { bytes: 10_000, depth: 8, keys: 4 };
  assert.ok(costOf("[".repeat(1_000_000), limit).depth <= 9);
  assert.ok(costOf("[],".repeat(1_000_000), limit).bytes <= 10_100);
  for (const text of ['"', '"\\', '{"', "]]]]", "\u0000", ""]) assert.ok(costOf(text).bytes >= 0);
});
