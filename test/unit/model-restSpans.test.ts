// Unit tests: what a session knows of its rests stays bounded, and exact in sum.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MeasuredClock } from "../../src/model/measuredTime.ts";
import { MOST_RESTS, RestSpans } from "../../src/model/restSpans.ts";

test("a rest lasts as long as was planned, or until it was ended", () => {
  const rests = new RestSpans();
  rests.begin(100, 200);
  rests.begin(300, 400);
  rests.end(350);
  assert.deepEqual(rests.until(1_000), [
    { fromMicros: 100, toMicros: 200 },
    { fromMicros: 300, toMicros: 350 },
  ]);
  // One that is over stays as it is.
  rests.end(900);
  assert.deepEqual(rests.until(330), [
    { fromMicros: 100, toMicros: 200 },
    { fromMicros: 300, toMicros: 330 },
  ]);
  assert.deepEqual(rests.until(300), [{ fromMicros: 100, toMicros: 200 }]);
});

test("what lies wholly in a rest is of it; who computed far into one can't be told apart", () => {
  const rests = new RestSpans();
  const second = 1e6;
  rests.begin(100 * second, 200 * second);
  rests.begin(300 * second, 400 * second);
  for (const [start, end, place] of [
    [100, 200, "resting"],
    [310, 390, "resting"],
    [99.5, 100.5, "measured"],
    [95, 125, "late"],
    [199.5, 200.5, "measured"],
    [210, 290, "measured"],
    [299, 301.5, "late"],
  ] as const) {
    const window = { startMicros: start * second, endMicros: end * second };
    assert.equal(rests.placeOf(window), place, `${start} to ${end}`);
  }
});

test("of a session of weeks the older rests are joined, and as much time is left out as before", () => {
  const rests = new RestSpans();
  const count = 20_000;
  for (let at = 0; at < count; at++) rests.begin(at * 120 + 20, (at + 1) * 120);
  const end = count * 120;
  const told = rests.until(end);
  assert.ok(told.length <= MOST_RESTS, `${told.length}`);
  const sum = told.reduce((all, { fromMicros, toMicros }) => all + toMicros - fromMicros, 0);
  assert.equal(sum, count * 100);
  told.forEach(({ fromMicros, toMicros }, at) => {
    assert.ok(fromMicros < toMicros && fromMicros >= (told[at - 1]?.toMicros ?? 0));
  });
  // The newest ones stand where they were.
  assert.deepEqual(told.at(-1), { fromMicros: end - 100, toMicros: end });
  const clock = new MeasuredClock([{ worker: 0, startMicros: 0, endMicros: end }], told);
  assert.equal(clock.measuredTo(end), count * 20);
  assert.equal(clock.measuredTo(end - 120), (count - 1) * 20);
});
