// Unit tests: who looks on asks all threads at the same times, and hears of what they have once all have told it, soon in any
// case.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Looked, Looks } from "../../src/collector/looks.ts";

interface Thread extends Looked {
  /** Whether it was asked for its window, by the time of the look. */
  readonly looks: [at: number, cut: boolean][];
}

function scene() {
  let now = 0;
  let waiting: { readonly at: number; readonly act: () => void }[] = [];
  const clock = {
    now: () => now,
    after: (millis: number, act: () => void) => {
      const entry = { at: now + millis, act };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((each) => each !== entry);
      };
    },
  };
  /** @param late timers run so much later, as on a machine that is busy */
  const run = (until: number, late = 0) => {
    for (;;) {
      const next = [...waiting].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      waiting = waiting.filter((each) => each !== next);
      now = Math.max(now, next.at + late);
      next.act();
    }
    now = until;
  };
  const threads: Thread[] = [];
  const seen: [at: number, windows: boolean][] = [];
  const looks = new Looks(
    () => threads,
    (windows) => seen.push([now, windows]),
    clock,
  );
  /** @param afterMillis it answers each look so much later; null: not at all */
  const add = (afterMillis: number | null): Thread => {
    const thread: Thread = {
      looks: [],
      send({ cut }) {
        thread.looks.push([now, cut]);
        if (afterMillis !== null) clock.after(afterMillis, () => looks.answered(thread, cut));
      },
    };
    threads.push(thread);
    return thread;
  };
  return { looks, add, threads, seen, run, timers: () => waiting.length };
}

test("all are asked together four times a second, each second time for their windows", () => {
  const { looks, add, run } = scene();
  const [a, b] = [add(3), add(5)];
  looks.watch(true);
  run(1_100);
  assert.deepEqual(a.looks, [
    [0, true],
    [250, false],
    [500, true],
    [750, false],
    [1_000, true],
  ]);
  assert.deepEqual(b.looks, a.looks);
});

test("what there is is told once all have answered, and whether windows are among it", () => {
  const { looks, add, seen, run } = scene();
  add(3);
  add(20);
  looks.watch(true);
  run(600);
  assert.deepEqual(seen, [
    [20, true],
    [270, false],
    [520, true],
  ]);
});

test("one that computes keeps the others' figures for 60 ms, and its own are told with the next look", () => {
  const { looks, add, seen, run } = scene();
  add(3);
  const busy = add(150);
  looks.watch(true);
  run(240);
  assert.deepEqual(seen, [[60, true]]);
  assert.equal(busy.looks.length, 1);
  run(320);
  assert.deepEqual(seen, [
    [60, true],
    [310, true],
  ]);
});

test("one that has not answered is not asked again until its answer is lost", () => {
  const { looks, add, run } = scene();
  const other = add(1);
  const stuck = add(null);
  looks.watch(true);
  run(2_100);
  assert.equal(other.looks.length, 9);
  assert.deepEqual(
    stuck.looks.map(([at]) => at),
    [0, 2_000],
  );
});

test("nothing is asked and nothing told while nobody looks on", () => {
  const { looks, add, seen, run, timers } = scene();
  const thread = add(1);
  run(1_000);
  looks.answered(thread, true);
  assert.equal(looks.running, false);
  looks.watch(true);
  run(1_010);
  looks.watch(false);
  assert.equal(timers(), 0);
  looks.answered(thread, true);
  run(5_000);
  assert.deepEqual([thread.looks.length, seen.length], [1, 1]);
});

test("however many are late, all is told once a look", () => {
  const { looks, add, seen, run } = scene();
  for (let n = 0; n < 32; n++) add(100 + n * 3);
  looks.watch(true);
  run(2_000);
  assert.ok(seen.length >= 6 && seen.length <= 8, `${seen.length} times`);
});

test("a window that nobody asked for is told with the next look, also where all others compute", () => {
  const { looks, add, seen, run } = scene();
  const thread = add(null);
  looks.watch(true);
  run(100);
  looks.answered(thread, true);
  run(240);
  assert.deepEqual(seen, [[60, false]]);
  run(320);
  assert.deepEqual(seen, [
    [60, false],
    [310, true],
  ]);
  looks.answered(thread, true);
  run(480);
  looks.watch(false);
});

test("many threads are not asked: their windows come by themselves", () => {
  const { looks, add, threads, run } = scene();
  for (let n = 0; n < 33; n++) add(1);
  looks.watch(true);
  run(1_000);
  assert.equal(looks.running, false);
  assert.ok(threads.every((thread) => (thread as Thread).looks.length === 0));
  threads.pop();
  run(2_000);
  assert.equal(looks.running, true);
  assert.ok(threads.every((thread) => (thread as Thread).looks.length === 4));
});

test("a host that was busy asks no more often afterwards", () => {
  const { looks, add, run } = scene();
  const thread = add(1);
  looks.watch(true);
  run(200);
  run(3_000, 90);
  const at = thread.looks.map(([millis]) => millis);
  for (let n = 1; n < at.length; n++) assert.ok((at[n] as number) - (at[n - 1] as number) >= 125, `${at}`);
  assert.ok(at.length <= 13, `${at.length}`);
});

test("a thread that has left is waited for no more", () => {
  const { looks, add, threads, seen, run } = scene();
  add(1);
  add(null);
  looks.watch(true);
  run(100);
  threads.pop();
  run(300);
  assert.deepEqual(
    seen.map(([at]) => at),
    [60, 251],
  );
});
