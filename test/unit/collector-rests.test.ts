// Unit tests: a session rests once its load is known, for all threads alike, and never while somebody looks on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Rests } from "../../src/collector/rests.ts";
import { RestSpans } from "../../src/model/restSpans.ts";
import type { RestMessage } from "../../src/protocol/wire.ts";

const OPTIONS = { firstMillis: 60_000, spellMillis: 20_000, restMillis: 100_000 };

function session(options: typeof OPTIONS | null = OPTIONS) {
  const sent: RestMessage[] = [];
  const spans = new RestSpans();
  /** Milliseconds; `due` runs what is to happen by then. */
  const clock = { now: 0, timers: new Map<object, { at: number; act: () => void }>() };
  const due = (to: number) => {
    clock.now = to;
    for (const [key, { at, act }] of clock.timers) if (at <= to && clock.timers.delete(key)) act();
  };
  const rests = new Rests(options, spans, (message) => sent.push(message), {
    nowMicros: () => clock.now * 1_000,
    after(millis, act) {
      const key = {};
      clock.timers.set(key, { at: clock.now + millis, act });
      return () => clock.timers.delete(key);
    },
  });
  const told = () =>
    spans
      .until(Number.POSITIVE_INFINITY)
      .map(({ fromMicros, toMicros }) => [fromMicros / 1_000, toMicros / 1_000]);
  const worker = {};
  /** Windows of half a second, so many seconds of them. */
  const run = (seconds: number, activeShare = 0.5, of: object = worker) => {
    for (let i = 0; i < seconds * 2; i++) {
      clock.now += 500;
      rests.window(of, 500, 500 * activeShare);
    }
  };
  return { rests, sent, clock, run, due, told };
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

test("each is known with when it began and ended", () => {
  const { rests, sent, clock, run, told } = session();
  run(60);
  const first = 60_000 + (sent[0]?.millis ?? 0);
  assert.deepEqual(told(), [[60_000, first]]);
  clock.now = first;
  run(20);
  clock.now += 1_000;
  rests.listens();
  assert.deepEqual(told(), [
    [60_000, first],
    [first + 20_000, first + 21_000],
  ]);
});

test("at its end all are woken: who computed when they were sent to rest would go on resting", () => {
  const { rests, sent, run, due, clock } = session();
  run(60);
  const end = 60_000 + (sent[0]?.millis ?? 0);
  due(end - 1);
  assert.equal(sent.length, 1);
  due(end);
  assert.deepEqual(sent[1], { type: "rest", millis: 0 });
  assert.ok(!rests.resting);
  run(20);
  assert.equal(sent.length, 3);
  // Who is woken before is not woken again.
  rests.listens();
  assert.equal(sent.length, 4);
  due(clock.now + 200_000);
  assert.equal(sent.length, 4);
});

test("a thread that wakes by itself wakes all, but not one that has just come", () => {
  const { rests, sent, clock, run, told } = session();
  const [worker, newcomer] = [{}, {}];
  run(60);
  clock.now += 1_000;
  rests.comes(newcomer, () => undefined);
  rests.woken(newcomer);
  assert.equal(sent.length, 1);
  clock.now += 1_000;
  rests.woken(worker);
  assert.deepEqual(sent[1], { type: "rest", millis: 0 });
  assert.ok(!rests.resting);
  assert.deepEqual(told(), [[60_000, 62_000]]);
  // One wakes all; the others' word of it is none.
  rests.woken({});
  run(20);
  assert.equal(sent.length, 3);
  rests.woken(newcomer);
  assert.equal(sent.length, 4);
});

test("what comes while all rest loads its code first, and is then told the rest of it", () => {
  const { rests, sent, clock, run, due } = session();
  const told: object[] = [];
  rests.comes({}, (message) => told.push(message));
  run(60);
  clock.now += 30_000;
  rests.comes({}, (message) => told.push(message));
  assert.deepEqual(told, []);
  due(clock.now + 10_000);
  assert.deepEqual(told, [{ type: "rest", millis: (sent[0]?.millis ?? 0) - 40_000 }]);
});

test("who listens before that is never told to rest", () => {
  const { rests, clock, run, due } = session();
  const told: object[] = [];
  run(60);
  clock.now += 30_000;
  rests.comes({}, (message) => told.push(message));
  clock.now += 5_000;
  rests.listens();
  due(clock.now + 10_000);
  assert.deepEqual(told, []);
});

test("after the end nothing rests any more", () => {
  const { rests, sent, run } = session();
  rests.stop();
  run(120);
  assert.deepEqual(sent, []);
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
