// Unit: a delta makes the later value of the earlier one, whatever the two are, also after its way as JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Delta, difference, patched } from "../../src/protocol/delta.ts";

const nameOf = (entry: object) => ("name" in entry ? String(entry.name) : null);
const named = fc.array(
  fc.record({ name: fc.constantFrom("a", "b", "c", "d"), amount: fc.integer(), list: fc.array(fc.nat(3)) }),
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  named,
  fc.record({ rows: named, columns: fc.array(fc.nat(5)) }),
);

function sent(delta: Delta): Delta {
  return JSON.parse(JSON.stringify(delta)) as Delta;
}

/** What is posted is JSON: -0 is 0 there. */
const plain = (of: unknown): unknown => JSON.parse(JSON.stringify(of));

test("the later value is made of the earlier one and the delta", () => {
  fc.assert(
    fc.property(value, value, (from, to) => {
      const [before, after] = [plain(from), plain(to)];
      const delta = difference(before, after, nameOf);
      assert.deepEqual(delta === undefined ? before : patched(before, sent(delta)), after);
    }),
    { numRuns: 2_000 },
  );
});

test("also along a chain of values", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (values) => {
      let [shown, ...rest] = values.map(plain);
      let before = shown;
      for (const after of rest) {
        const delta = difference(before, after, nameOf);
        if (delta !== undefined) shown = patched(shown, sent(delta));
        assert.deepEqual(shown, after);
        before = after;
      }
    }),
  );
});

test("equal values have none, whatever they are made of", () => {
  fc.assert(
    fc.property(value, (one) => {
      assert.equal(difference(plain(one), plain(one), nameOf), undefined);
    }),
  );
});

test("the earlier value stays as it was, and what is the same stays the same object", () => {
  const from = {
    rows: [
      { name: "a", list: [1, 2] },
      { name: "b", list: [3] },
    ],
    still: { all: true },
  };
  const before = structuredClone(from);
  const to = {
    rows: [
      { name: "b", list: [3] },
      { name: "a", list: [1, 2, 4] },
    ],
    still: { all: true },
  };
  const delta = difference(from, to, nameOf) as Delta;
  const made = patched(from, delta) as typeof from;
  assert.deepEqual(from, before);
  assert.deepEqual(made, to);
  assert.equal(made.still, from.still);
  assert.equal(made.rows[0], from.rows[1]);
});

test("a row that moves is not sent again, nor one that is unchanged", () => {
  const row = (name: string) => ({ name, text: "x".repeat(1_000), amount: 1 });
  const from = ["a", "b", "c"].map(row);
  const to = ["c", "a", "new", "b"]
    .map(row)
    .map((each) => (each.name === "a" ? { ...each, amount: 2 } : each));
  const delta = difference(from, to, nameOf) as Delta;
  assert.deepEqual(patched(from, delta), to);
  const text = JSON.stringify(delta);
  assert.equal(text.split("x".repeat(1_000)).length, 2, "only the new one's text");
});

test("a column that grows sends what is new", () => {
  const from = Array.from({ length: 3_000 }, (_, n) => n);
  const delta = difference(from, [...from.slice(0, -1), 7, 8, null]) as Delta;
  assert.ok(JSON.stringify(delta).length < 60, JSON.stringify(delta));
  assert.deepEqual(patched(from, delta), [...from.slice(0, -1), 7, 8, null]);
});

test("numbers of a table are one value", () => {
  const from = { numbers: Float64Array.of(1, Number.NaN), rows: 1 };
  assert.equal(difference(from, { numbers: Float64Array.of(1, Number.NaN), rows: 1 }), undefined);
  const to = { numbers: Float64Array.of(1, 2), rows: 1 };
  const delta = difference(from, to) as Delta;
  assert.deepEqual(delta, ["{", { numbers: ["=", to.numbers] }, []]);
  assert.deepEqual(patched(from, delta), to);
});

test("a property that is undefined is none", () => {
  assert.equal(difference({ a: 1 }, { a: 1, b: undefined }), undefined);
  assert.deepEqual(difference({ a: 1, b: 2 }, { a: 1, b: undefined }), ["{", {}, ["b"]]);
});

test("one that is not of the value is refused", () => {
  assert.throws(() => patched(1, ["{", {}, []]), TypeError);
  assert.throws(() => patched({}, ["[", 0, null, []]), TypeError);
});
