// Unit tests: a session rests once its load is known, for all threads alike, and never while somebody looks on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Rests } from "../../src/collector/rests.ts";
import type { RestMessage } from "../../src/protocol/wire.ts";

const OPTIONS = { firstMillis: 60_000, spellMillis: 20_000, restMillis: 100_000 };

function session(options: typeof OPTIONS | null = OPTIONS) {
  const sent: RestMessage[] = [];
  const clock = { now: 0 };
  const rests = new Rests(
    options,
    (message) => sent.push(message),
    () => clock.now,
  );
  const worker = {};
  /** Windows of half a second, so many seconds of them. */
  const run = (seconds: number, activeShare = 0.5, of: object = worker) => {
    for (let i = 0; i < seconds * 2; i++) {
      clock.now += 500;
      rests.window(of, 500, 500 * activeShare);
    }
  };
  return { rests, sent, clock, run };
}

test("the first minute of load is measured, then spells between rests", () => {
  const { rests, sent, clock, run } = session();
  run(59);
  assert.equal(sent.length, 0);
  run(1);
  const millis = sent[0]?.millis ?? 0;
  assert.ok(millis >= 70_000 && millis <= 130_000, `${millis}`);
  assert.ok(rests.resting);
  clock.now += millis;
  assert.ok(!rests.resting);
  run(19);
  assert.equal(sent.length, 1);
  run(1);
  assert.equal(sent.length, 2);
});

test("what comes while all rest is told the rest of it", () => {
  const { rests, sent, clock, run } = session();
  assert.equal(rests.greeting, null);
  run(60);
  clock.now += 30_000;
  assert.deepEqual(rests.greeting, { type: "rest", millis: (sent[0]?.millis ?? 0) - 30_000 });
});

test("a server without load is never put to rest, nor one that is watched", () => {
  const idle = session();
  idle.run(600, 0.001);
  assert.equal(idle.sent.length, 0);
  const watched = session();
  watched.rests.watch(true);
  watched.run(600);
  assert.equal(watched.sent.length, 0);
  const continuous = session(null);
  continuous.run(600);
  assert.equal(continuous.sent.length, 0);
});

test("who begins to look wakes all, and they rest no more until nobody does", () => {
  const { rests, sent, run } = session();
  run(60);
  rests.watch(true);
  assert.deepEqual(sent[1], { type: "rest", millis: 0 });
  assert.ok(!rests.resting);
  run(100);
  assert.equal(sent.length, 2);
  rests.watch(false);
  run(1);
  assert.equal(sent.length, 3);
});

test("a worker that listens anew is measured for a minute, whatever rest there was", () => {
  const { rests, sent, run } = session();
  run(60);
  rests.listens();
  assert.deepEqual(sent[1], { type: "rest", millis: 0 });
  run(59);
  assert.equal(sent.length, 2);
  // Another worker's windows are its own.
  run(30, 0.5, {});
  assert.equal(sent.length, 2);
  run(1);
  assert.equal(sent.length, 3);
});
