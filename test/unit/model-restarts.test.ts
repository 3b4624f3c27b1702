// Unit tests: restarts of the server and of its workers, told apart, and from a cluster of the server's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile, Worker } from "../../src/model/profile.ts";
import { hasReplaced, restartsOf } from "../../src/model/restarts.ts";

const SECOND = 1e6;
type Span = readonly [peer: number, from: number, to: number | null, role?: Worker["role"]];
function workersOf(...spans: readonly Span[]): Worker[] {
  return spans.map(
    ([peer, from, to, role = "peer"], index): Worker => ({
      peer,
      pid: 100 + index,
      threadId: 0,
      role,
      startedMicros: from * SECOND,
      endedMicros: to === null ? null : to * SECOND,
      port: 80,
      argv: [],
    }),
  );
}

function found(...spans: readonly Span[]) {
  const restarts = restartsOf({ workers: workersOf(...spans), startedMicros: 0 } as unknown as Profile);
  return restarts.map(({ atMs, what, worker, pid }) => [atMs, what, worker, pid]);
}

test("a restart of the server is one, whatever workers it brings", () => {
  assert.deepEqual(found([0, 0, 5], [1, 0, 5.1], [0, 5, 9], [1, 5.2, 9], [0, 9, null], [1, 9.3, null]), [
    [5_000, "server", 0, 102],
    [9_000, "server", 0, 104],
  ]);
});

test("a worker that is replaced", () => {
  assert.deepEqual(found([0, 0, null], [1, 0, 2], [1, 2.4, null]), [[2_400, "worker", 1, 102]]);
});

test("a cluster of the server's own, children that do not listen, and a first start are none", () => {
  assert.deepEqual(found([0, 0, null], [0, 0, null], [0, 1, null]), []);
  assert.deepEqual(found([0, 0, 1, "child"], [0, 2, null]), []);
  assert.deepEqual(found(), []);
});

test("a family that the end of the recording ends one by one has restarted nothing", () => {
  // A parent, the child that it handed its server to, its second worker, and that one's child.
  const workers = workersOf([0, 0, 1.6], [0, 0.2, 1.7], [1, 0.3, 1.7], [0, 0.5, 1.8]).map((worker, index) => {
    const startedBy = [undefined, 0, 0, 2][index];
    return startedBy === undefined ? worker : { ...worker, startedBy };
  });
  assert.deepEqual(restartsOf({ workers, startedMicros: 0 } as unknown as Profile), []);
  for (const [now, before] of [
    [101, 100],
    [103, 101],
    [100, 101],
  ] as const)
    assert.equal(hasReplaced(workers, now, before), false, `${now} after ${before}`);
});

test("who only starts servers may start the next while the last one still closes", () => {
  const [keeper, first, next] = workersOf([0, 0, null, "child"], [0, 1, 3.5], [0, 3, null]) as Worker[];
  const workers = [keeper, { ...first, startedBy: 0 }, { ...next, startedBy: 0 }] as Worker[];
  assert.equal(restartsOf({ workers, startedMicros: 0 } as unknown as Profile).length, 1);
  assert.equal(hasReplaced(workers, 102, 101), true);
});

test("which process took another's place: not one that ran beside it and outlives it", () => {
  assert.equal(hasReplaced(workersOf([0, 0, 5], [0, 5, null]), 101, 100), true);
  assert.equal(hasReplaced(workersOf([0, 0, 5], [0, 0.2, null]), 101, 100), false);
  assert.equal(hasReplaced(workersOf([0, 0, null], [0, 5, null]), 101, 100), false);
});
