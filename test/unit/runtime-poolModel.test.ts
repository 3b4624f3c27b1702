// The model of libuv's pool against schedules that are worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type PoolJob, PoolModel } from "../../src/runtime/probes/switches/pool/poolModel.ts";

test("eight jobs on four threads: the later four wait for the earlier ones, in order", () => {
  const pool = new PoolModel(4);
  const jobs = Array.from({ length: 8 }, (_, i) => pool.submit(0, false, i + 1, 1));
  assert.deepEqual(
    jobs.map(({ queue }) => queue),
    [0, 0, 0, 0, 1, 2, 3, 4],
  );
  const started = [];
  for (const [i, at] of [
    [2, 10],
    [0, 12],
    [1, 13],
    [3, 20],
  ] as const)
    started.push(...pool.done(jobs[i] as PoolJob, at));
  assert.deepEqual(started, jobs.slice(4));
  assert.deepEqual(
    jobs.slice(4).map((job) => job.started),
    [10, 12, 13, 20],
  );
  for (const job of jobs.slice(4)) pool.done(job, 30);
  assert.deepEqual(pool.take(40), {
    jobs: 8,
    busyMillis: 10 + 12 + 13 + 20 + 20 + 18 + 17 + 10,
    saturatedMillis: 20,
  });
});

test("look-ups get half of the threads; others pass them", () => {
  const pool = new PoolModel(4);
  const lookUps = [0, 1, 2].map((at) => pool.submit(at, true, 0, 0));
  const files = [3, 3, 3].map((at) => pool.submit(at, false, 0, 0));
  assert.deepEqual(
    [...lookUps, ...files].map(({ started }) => started),
    [0, 1, -1, 3, 3, -1],
  );
  pool.done(lookUps[0] as PoolJob, 5);
  assert.deepEqual([lookUps[2]?.started, files[2]?.started], [5, -1], "in their order");
  pool.done(lookUps[1] as PoolJob, 6);
  assert.equal(files[2]?.started, 6);
});

test("the holder is who had a thread for long while it waited, not who let go", () => {
  const LONG = 1;
  const SHORT = 2;
  let long = 0;
  for (let round = 0; round < 400; round++) {
    const pool = new PoolModel(2);
    const slow = pool.submit(0, false, LONG, 1);
    const quick = pool.submit(98, false, SHORT, 1);
    const waiter = pool.submit(99, false, 3, 1);
    pool.done(quick, 100);
    assert.equal(waiter.started, 100);
    const holder = pool.holderOf(waiter);
    assert.ok(holder === LONG || holder === SHORT);
    if (holder === LONG) long++;
    pool.done(slow, 200);
  }
  assert.ok(long > 140 && long < 260, `both had a thread for all of the wait: ${long} of 400`);
});

test("jobs whose end nobody told are let go", () => {
  const pool = new PoolModel(1);
  pool.submit(0, false, 0, 0);
  const waiter = pool.submit(1, false, 0, 0);
  pool.take(40_000);
  pool.forget(0.5);
  assert.equal(waiter.started, 40_000);
  assert.deepEqual(pool.done(waiter, 40_001), []);
  assert.deepEqual(pool.done(waiter, 40_002), [], "done once");
});
