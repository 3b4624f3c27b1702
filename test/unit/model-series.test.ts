// Unit tests: the time line's steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toSeries } from "../../src/model/series.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";

const SECOND = 1_000_000;

function session(): KnownProfile {
  const known = new KnownProfile();
  known.route("GET", "/");
  const wait = known.operation("wait", "Mutex.acquire");
  known.worker();
  known.worker();
  for (let at = 0; at < 4; at++) {
    for (const worker of [0, 1])
      known.window(worker, at, {
        latencies: times(100 * (at + 1), 1_000),
        cells: [[wait, 9, 10, 100 * (at + 1) * 50]],
      });
  }
  return known;
}

test("columns of one length; rates add up over workers, impacts do not", () => {
  const series = toSeries(session().profile(), 1_000);
  assert.deepEqual(series.atMs, [0, 1_000, 2_000, 3_000]);
  assert.deepEqual(series.requestsPerSecond, [200, 400, 600, 800]);
  assert.deepEqual(series.impact.locks, [50, 50, 50, 50]);
  // Neither was measured.
  assert.deepEqual(series.impact.copies, [null, null, null, null]);
  assert.deepEqual(series.impact.switches, [null, null, null, null]);
});

test("windows are spread over the steps that they overlap, and sums are kept", () => {
  const series = toSeries(session().profile(), 400);
  assert.equal(series.atMs.length, 10);
  const requests = series.requestsPerSecond.reduce<number>((sum, rate) => sum + (rate ?? 0) * 0.4, 0);
  assert.ok(Math.abs(requests - 2_000) < 1e-6, `${requests}`);
  // 800 to 1,200 ms: half of it at 200, half at 400 requests a second.
  assert.equal(Math.round(series.requestsPerSecond[2] ?? 0), 300);
});

test("a gap is null, not 0", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.window(0, 0, { latencies: times(10, 1_000) });
  known.window(0, 2, {});
  assert.deepEqual(toSeries(known.profile(), 1_000).requestsPerSecond, [10, null, 0]);
});

test("the last steps wait for the slowest worker, up to three seconds", () => {
  const known = session();
  known.window(0, 4, { latencies: times(500, 1_000) });
  assert.equal(toSeries(known.profile(), 1_000).atMs.length, 4);
  for (let at = 5; at < 10; at++) known.window(0, at, { latencies: times(500, 1_000) });
  const series = toSeries(known.profile(), 1_000);
  assert.equal(series.atMs.length, 7);
  assert.deepEqual(series.requestsPerSecond.slice(3), [800, 500, 500, 500]);
});

test("windows that all span the whole recording make the steps longer, and sums are kept", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  const wait = known.operation("wait", "Mutex.acquire");
  const whole = {
    startMicros: START,
    endMicros: START + 256 * SECOND,
    cells: new Array(500).fill([wait, 9, 1, 10]),
    latencies: [1_000],
  };
  for (let window = 0; window < 500; window++) known.window(known.worker(), 0, whole);
  const { stepMs, atMs, requestsPerSecond } = toSeries(known.profile(), 1_000);
  assert.ok(stepMs >= 4_000, `${stepMs} ms`);
  assert.equal(atMs.length, 256_000 / stepMs);
  assert.equal(
    Math.round(requestsPerSecond.reduce<number>((sum, rate) => sum + (rate ?? 0), 0) * stepMs),
    500_000,
  );
  // One of them is no reason to.
  const one = new KnownProfile();
  one.worker();
  one.window(0, 0, { ...whole, cells: [] });
  assert.equal(toSeries(one.profile(), 1_000).atMs.length, 256);
});

test("marks: warm-up, restarts, warnings, major collections", () => {
  const known = session();
  known.worker({ peer: 1, pid: 300, startedMicros: START + 2.5 * SECOND });
  known.window(2, 3, {
    gc: [
      ["major", 2, 900],
      ["minor", 9, 100],
    ],
  });
  const notice = (severity: "info" | "warning", text: string) =>
    ({ code: "peer-exit", severity, text, atMicros: START + 2.4 * SECOND }) as const;
  const { marks } = toSeries(
    known.profile({
      measureFromMicros: START + SECOND,
      notices: [notice("info", "All well."), notice("warning", "Worker 1 left.")],
    }),
    1_000,
  );
  assert.deepEqual(
    marks.map(({ atMs, kind, label }) => [atMs, kind, label]),
    [
      [1_000, "warmup", "warm-up"],
      [2_400, "warning", "Worker 1 left."],
      [2_500, "restart", "worker 1 restarted"],
      [3_000, "majorGc", "2 major GCs"],
    ],
  );
});

test("nothing yet", () => {
  const { atMs, requestsPerSecond, marks } = toSeries(new KnownProfile().profile(), 1_000);
  assert.deepEqual([atMs, requestsPerSecond, marks], [[], [], []]);
});
