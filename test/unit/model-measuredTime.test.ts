// Unit tests: time in which nothing was measured thins no rate, also where windows on both sides of it were made one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../src/model/coalesce.ts";
import { spreadOf } from "../../src/model/compare/spread.ts";
import { MeasuredClock, measuredMicros } from "../../src/model/measuredTime.ts";
import type { Profile, RestSpan } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import { toSeries } from "../../src/model/series.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";

const SECOND = 1_000_000;

function shareOf(clock: MeasuredClock): number {
  return clock.measuredTo(clock.endMicros) / (clock.endMicros - clock.startMicros);
}

/** Two workers: 10 seconds of 100 requests each, 40 of rest, 10 more; in windows of a second. */
function rested(): Profile {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  const workers = [known.worker(), known.worker()];
  for (const at of [0, 50])
    for (let second = at; second < at + 10; second++)
      for (const worker of workers) known.window(worker, second, { route, latencies: times(100, 1_000) });
  return known.profile();
}

test("rates are of measured time", () => {
  const profile = rested();
  assert.equal(shareOf(new MeasuredClock(profile.windows)), 1 / 3);
  const report = toReport(profile);
  assert.equal(report.measuredShare, 1 / 3);
  assert.ok(Math.abs(report.durationMs - 20_000) < 1, `${report.durationMs}`);
  assert.ok(Math.abs(report.requests.perSecond - 200) < 0.1, `${report.requests.perSecond}`);
});

test("rests stand in the time line as time of which nothing is known", () => {
  const { requestsPerSecond } = toSeries(rested(), 1_000);
  assert.equal(requestsPerSecond[5], 200);
  assert.equal(requestsPerSecond[30], null);
  assert.equal(requestsPerSecond[55], 200);
});

test("windows are made one within a spell first, then over rests, and the rest stays known", () => {
  const one = rested().windows.filter(({ worker }) => worker === 0);
  let joined = coalesce(one, 0);
  assert.equal(joined.length, 10);
  assert.ok(joined.every(({ restMicros }) => restMicros === undefined));
  while (joined.length > 1) joined = coalesce(joined, 0);
  const [whole] = joined;
  assert.equal(whole?.restMicros, 40 * SECOND);
  assert.equal(whole && measuredMicros(whole), 20 * SECOND);
  assert.equal(shareOf(new MeasuredClock(joined)), 1 / 3);
});

test("without rests all time is measured", () => {
  const { windows } = rested();
  assert.equal(shareOf(new MeasuredClock(windows.filter((_, at) => at < 20))), 1);
});

test("threads that come and go between rests do not count as time", () => {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  const main = known.worker();
  for (const begin of [0, 100])
    for (let second = begin; second < begin + 20; second++) {
      known.window(main, second, { route, latencies: times(100, 1_000) });
      if (second % 5 === 0) known.window(known.worker({ threadId: second + 1, role: "thread" }), second);
    }
  const { requests, measuredShare } = toReport(known.profile());
  assert.equal(requests.perSecond, 100);
  assert.equal(measuredShare, 40 / 120);
});

test("a server that was gone for a while before another came has not rested", () => {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  known.window(known.worker(), 0, { route, latencies: times(100, 1_000) });
  known.window(known.worker(), 9, { route, latencies: times(100, 1_000) });
  const { requests, measuredShare } = toReport(known.profile());
  assert.equal(measuredShare, 1);
  assert.equal(requests.perSecond, 20);
});

test("how much a rate varies is of measured time", () => {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  const worker = known.worker();
  for (const begin of [0, 120, 240])
    for (let second = begin; second < begin + 20; second++)
      known.window(worker, second, { route, latencies: times(100, 1_000) });
  const rate = spreadOf(known.profile())?.rate ?? null;
  assert.ok(rate !== null && rate < 0.1, `${rate}`);
});

test("requests that began in a rest count, and are no latency: of none but them there is none", () => {
  const known = new KnownProfile();
  const [timed, untimed] = [known.route("GET", "/timed"), known.route("GET", "/untimed")];
  const worker = known.worker();
  known.window(worker, 0, { requests: [[timed, 4, 4_000, [[160, 4]]]] });
  known.window(worker, 1, {
    requests: [
      [timed, 3, 1_000, [[160, 1]], 0, 0, 2],
      [untimed, 5, 0, [], 0, 0, 5],
    ],
  });
  for (const windows of [known.profile().windows, coalesce(known.profile().windows, 0)]) {
    const { requests } = toReport(known.profile({ windows }));
    assert.deepEqual([requests.total, requests.untimed, requests.meanMicros], [12, 7, 1_000]);
    const [first, second] = requests.routes;
    assert.equal(first?.p50Micros, requests.p50Micros);
    assert.deepEqual([second?.route, second?.p50Micros, second?.p99Micros], ["/untimed", null, null]);
  }
});

const rest = (from: number, to: number): RestSpan => ({
  fromMicros: START + from * SECOND,
  toMicros: START + to * SECOND,
});

/** Seconds of a hundred requests each. */
function serve(known: KnownProfile, worker: number, from: number, to: number): void {
  for (let second = from; second < to; second++)
    known.window(worker, second, { latencies: times(100, 1_000) });
}

test("a server that is started anew in a rest ends it, and what it rested is no measured time", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  serve(known, known.worker({ endedMicros: START + 90 * SECOND }), 0, 60);
  serve(known, known.worker(), 100, 180);
  const profile = known.profile({ rests: [rest(60, 100)] });
  const { requests, durationMs, measuredShare } = toReport(profile);
  assert.deepEqual([requests.perSecond, durationMs, measuredShare], [100, 140_000, 140 / 180]);
  const spread = spreadOf(profile)?.rate ?? null;
  assert.ok(spread !== null && spread < 0.01, `${spread}`);
});

test("a thread that is late to rest or soon awake makes no rest measured time", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  const [server, late] = [known.worker(), known.worker({ role: "thread", threadId: 1 })];
  serve(known, server, 0, 20);
  serve(known, server, 120, 140);
  known.window(late, 19, { endMicros: START + 50 * SECOND });
  known.window(late, 100, { endMicros: START + 130 * SECOND });
  const { requests, measuredShare } = toReport(known.profile({ rests: [rest(20, 120)] }));
  assert.equal(requests.perSecond, 100);
  assert.equal(measuredShare, 40 / 140);
});

test("where one worker's windows were made one over a rest and another's were not, it is left out once", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  const [joined, single] = [known.worker(), known.worker()];
  for (const from of [0, 80, 160])
    for (const worker of [joined, single]) serve(known, worker, from, from + 40);
  const profile = known.profile({ rests: [rest(40, 80), rest(120, 160)] });
  const of = (index: number) => profile.windows.filter(({ worker }) => worker === index);
  let coarse = of(joined);
  while (coarse.length > 1) coarse = coalesce(coarse, 0);
  const { requests, durationMs } = toReport({ ...profile, windows: [...of(single), ...coarse] });
  assert.deepEqual([requests.perSecond, durationMs], [200, 120_000]);
});

test("where rests are known, a gap without one is measured time, and of a part of the recording only its own count", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  const worker = known.worker();
  serve(known, worker, 0, 20);
  serve(known, worker, 30, 50);
  serve(known, worker, 100, 120);
  const profile = known.profile({ rests: [rest(50, 100), rest(120, 200)] });
  assert.equal(toReport(profile).durationMs, 70_000);
  const part = toReport(profile, { fromMicros: START + 35 * SECOND });
  assert.deepEqual([part.durationMs, part.measuredShare], [35_000, 35 / 85]);
});

test("a rest that the recording ends in is part of its time, of a part that ends before it is not", () => {
  const known = new KnownProfile();
  const route = known.route("GET", "/");
  const worker = known.worker();
  for (let second = 0; second < 20; second++)
    known.window(worker, second, { route, latencies: times(100, 1_000) });
  // Decided some milliseconds after the last window's end.
  const ended = { ...known.profile({ rests: [rest(20.1, 60)] }), endedMicros: START + 60 * SECOND };
  const whole = toReport(ended);
  assert.equal(whole.durationMs, 20_000);
  assert.ok(Math.abs((whole.measuredShare ?? 0) - 20 / 59.9) < 1e-9, `${whole.measuredShare}`);
  // The last so many seconds end with the last window; a part that a reader chose ends where it ends.
  const last = toReport(ended, { fromMicros: START + 10 * SECOND, toMicros: START + 20 * SECOND });
  assert.ok(Math.abs((last.measuredShare ?? 0) - 10 / 49.9) < 1e-9, `${last.measuredShare}`);
  const chosen = toReport(ended, { fromMicros: START + 10 * SECOND, toMicros: START + 30 * SECOND });
  assert.ok(Math.abs((chosen.measuredShare ?? 0) - 10 / 19.9) < 1e-9, `${chosen.measuredShare}`);
  assert.equal(toReport(ended, { toMicros: START + 10 * SECOND }).measuredShare, 1);
});
