// Unit tests: the time line's steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../src/model/coalesce.ts";
import { toSeries } from "../../src/model/series.ts";
import { SeriesSteps } from "../../src/model/seriesSteps.ts";
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
  const { stepMs, atMs, requestsPerSecond } = toSeries(known.profile(), 10);
  assert.ok(stepMs >= 40, `${stepMs} ms`);
  assert.equal(atMs.length, 256_000 / stepMs);
  assert.equal(
    Math.round(requestsPerSecond.reduce<number>((sum, rate) => sum + (rate ?? 0), 0) * stepMs),
    500_000,
  );
  // One of them is no reason to.
  const one = new KnownProfile();
  one.worker();
  one.window(0, 0, { ...whole, cells: [] });
  assert.equal(toSeries(one.profile(), 20).atMs.length, 12_800);
});

/** Two workers, whose windows do not begin at the same time, for so many seconds. */
function uneven(seconds: number) {
  const known = new KnownProfile();
  known.route("GET", "/");
  const wait = known.operation("wait", "Mutex.acquire");
  for (const worker of [known.worker(), known.worker({ peer: 1, pid: 300 })]) {
    for (let at = 0; at < 2 * seconds; at++) {
      const startMicros = START + (at / 2 + worker / 8) * SECOND;
      const spike = at === 37 ? 40 : 1;
      known.window(worker, 0, {
        startMicros,
        endMicros: startMicros + SECOND / 2,
        latencies: times(10 + (at % 7), 1_000),
        cells: [[wait, 9, 10, 500 * spike * (1 + (at % 5))]],
      });
    }
  }
  const profile = known.profile();
  return { ...profile, windows: [...profile.windows].sort((a, b) => a.endMicros - b.endMicros) };
}

test("grown window by window it is as of the whole", () => {
  const profile = uneven(200);
  const steps = new SeriesSteps(profile.startedMicros, 500, 1_000);
  for (let n = 0; n <= profile.windows.length; n += 3)
    steps.follow({ ...profile, windows: profile.windows.slice(0, n) });
  steps.follow(profile);
  assert.deepEqual(steps.read(profile), toSeries(profile, 500));
});

test("steps double where they become too many; sums and rates are kept", () => {
  const profile = uneven(200);
  const steps = new SeriesSteps(profile.startedMicros, 500, 130);
  steps.follow(profile);
  const { stepMs, requestsPerSecond, impact } = steps.read(profile);
  assert.equal(stepMs, 2_000);
  const whole = toSeries(profile, 2_000);
  const near = (a: readonly (number | null)[], b: readonly (number | null)[]) =>
    a.every((value, at) => Math.abs((value ?? -1) - (b[at] ?? -1)) < 1e-9 * Math.abs(value ?? 1));
  assert.ok(near(requestsPerSecond, whole.requestsPerSecond));
  assert.ok(near(impact.locks, whole.impact.locks));
});

test("what was seen stays as fine as it came when the builder joins its windows", () => {
  const profile = uneven(200);
  const steps = new SeriesSteps(profile.startedMicros, 500, 1_000);
  steps.follow(profile);
  const before = steps.read(profile);
  const joined = [0, 1]
    .flatMap((worker) =>
      coalesce(
        profile.windows.filter((window) => window.worker === worker),
        profile.measureFromMicros,
      ),
    )
    .sort((a, b) => a.endMicros - b.endMicros);
  const later = { ...profile, windows: joined };
  steps.follow(later);
  assert.deepEqual(steps.read(later), before);
  assert.notDeepEqual(toSeries(later, 500), before);
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
