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

test("which process took another's place: not one that ran beside it and outlives it", () => {
  assert.equal(hasReplaced(workersOf([0, 0, 5], [0, 5, null]), 101, 100), true);
  assert.equal(hasReplaced(workersOf([0, 0, 5], [0, 0.2, null]), 101, 100), false);
  assert.equal(hasReplaced(workersOf([0, 0, null], [0, 5, null]), 101, 100), false);
});
