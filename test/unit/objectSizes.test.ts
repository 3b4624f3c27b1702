// Sizes of sampled objects, read back from what V8's inspector would tell of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { possibleSizes, sizesOf, type ToldSamples } from "../../src/protocol/objectSizes.ts";
import { intervalFor, intervalsFor } from "../../src/runtime/probes/allocations/heapInterval.ts";

const tell = (bytes: number, interval: number): number =>
  bytes * Math.floor(1 / (1 - Math.exp(-bytes / interval)) + 0.5);

const [first, second] = [0, 1].map((turn) => intervalFor(32 * 1024, 0, 4_000, turn)) as [number, number];

test("the true size is among the possible ones, for any size", () => {
  for (let bytes = 16; bytes < 200_000; bytes += 8) {
    assert.ok(possibleSizes(tell(bytes, first), first).includes(bytes), `${bytes} bytes`);
  }
});

test("one profile reads small sizes, two read most", () => {
  const misread = (before: boolean, upTo: number) => {
    let wrong = 0;
    for (let bytes = 16; bytes <= upTo; bytes += 8) {
      const earlier: ToldSamples = before ? [[second, tell(bytes, second), 50]] : [];
      const [size] = sizesOf([[first, tell(bytes, first), 50]], earlier);
      if (size?.bytes !== bytes) wrong++;
    }
    return wrong;
  };
  assert.equal(misread(false, 80), 0);
  assert.ok(misread(true, 1024) <= 20, `${misread(true, 1024)} of 127 sizes are read wrongly`);
});

test("the halves of a window tell an object of ten fields together, however wide they are; one alone may not", () => {
  const bytes = 104;
  let misread = 0;
  for (let expected = 1e6; expected < 5e9; expected *= 2) {
    const [one, other] = intervalsFor(32 * 1024, expected, 8_000, 0) as [number, number];
    const halves: ToldSamples[] = [one, other].map((interval) => [[interval, tell(bytes, interval), 50]]);
    const [first, second] = halves as [ToldSamples, ToldSamples];
    if (sizesOf(first)[0]?.bytes !== bytes) misread++;
    assert.equal(sizesOf(first, second)[0]?.bytes, bytes, `${one} and ${other}`);
    assert.equal(sizesOf(second, first)[0]?.bytes, bytes, `${other} and ${one}`);
  }
  assert.ok(misread > 0);
});

test("counts and bytes are unbiased estimates", () => {
  const rows = sizesOf([[first, tell(40, first), 100]]);
  assert.equal(rows.length, 1);
  const row = rows[0];
  assert.ok(row !== undefined && Math.abs(row.amount - 100 * first) < 0.01 * 100 * first);
  assert.ok(Math.abs(row.count - row.amount / 40) < 1);
  assert.equal(row.samples, 100);
});

test("the interval widens with the allocation rate, in steps", () => {
  assert.ok(Math.abs(intervalFor(512 * 1024, 0, 5_000, 0) / (512 * 1024) - 1) < 0.05);
  const wide = intervalFor(32 * 1024, 1e9, 4_000, 0);
  assert.ok(1e9 / wide <= 4_000 && 1e9 / wide >= 1_500, `${1e9 / wide} samples`);
  assert.equal(intervalFor(32 * 1024, 1e9, 4_000, 0), intervalFor(32 * 1024, 0.99e9, 4_000, 0));
});
