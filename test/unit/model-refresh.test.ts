// Unit tests: exact figures of a growing session made anew are those of a whole report, whatever the windows are.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Profile } from "../../src/model/profile.ts";
import { type Figures, GrowingFigures } from "../../src/recording/figures.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";
import { exactOf, sameFigures } from "./sameFigures.ts";

const aWindow = fc.record({
  requests: fc.nat(40),
  copied: fc.nat(5_000),
  known: fc.boolean(),
  process: fc.boolean(),
  millis: fc.constantFrom(100, 400, 500, 500, 2_000),
});

interface AWindow {
  readonly requests: number;
  readonly copied: number;
  readonly known: boolean;
  readonly process: boolean;
  readonly millis: number;
}

function sessionOf(windows: readonly AWindow[]): Profile {
  const known = new KnownProfile();
  const copy = known.operation("copy", "Buffer.copy");
  const stack = known.stack("a.js:1 first");
  known.route("GET", "/");
  const workers = [known.worker(), known.worker({ peer: 1, pid: 300 })];
  const ends = workers.map((_, worker) => START + worker * 130_000);
  for (const [at, each] of windows.entries()) {
    const worker = at % 2;
    const startMicros = ends[worker] as number;
    const endMicros = startMicros + each.millis * 1_000;
    ends[worker] = endMicros;
    known.window(workers[worker] as number, 0, {
      startMicros,
      endMicros,
      latencies: times(each.requests, 500 + 10 * at),
      cells: each.copied > 0 ? [[copy, 12, 3, each.copied]] : [],
      samples: each.copied > 0 ? [[copy, 12, stack, 0, 1, 3, each.copied]] : [],
      thread: each.known
        ? { voluntary: 10 + at, involuntary: 1, cpuMicros: 1_000 * at }
        : { voluntary: null },
      process: each.process
        ? {
            cpuMicros: 700 * at,
            rssBytes: 1e8,
            heapUsedBytes: 1e7,
            openConnections: at,
            threads: [["loop", 1 + (at % 3), at, 2, 30]],
          }
        : null,
    });
  }
  return known.profile();
}

test("exact figures made anew are those of a whole report", () => {
  fc.assert(
    fc.property(
      fc.array(aWindow, { minLength: 4, maxLength: 160 }),
      fc.constantFrom(0, 10, 60),
      (windows, scope) => {
        const profile = sessionOf(windows);
        const growing = new GrowingFigures();
        const upTo = (count: number): Profile => ({ ...profile, windows: profile.windows.slice(0, count) });
        let figures = growing.whole(upTo(1), scope);
        for (let count = 2; count <= profile.windows.length; count += 3) {
          const refreshed = growing.refreshed(figures, upTo(count), scope, null);
          // Of a scope of a few seconds a worker may have no window any more.
          if (refreshed === null) {
            assert.ok(scope > 0);
            figures = growing.whole(upTo(count), scope);
            continue;
          }
          figures = refreshed;
          const whole = new GrowingFigures().whole(upTo(count), scope);
          sameFigures(exactOf(figures.report), exactOf(whole.report));
          assert.deepEqual(figures.scope, whole.scope);
          assert.deepEqual(figures.series, whole.series);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("of a span that was brushed, and after the warm-up, too", () => {
  const windows = Array.from({ length: 200 }, (_, at) => ({
    requests: at % 9,
    copied: 100,
    known: true,
    process: true,
    millis: 500,
  }));
  const profile = { ...sessionOf(windows), measureFromMicros: START + 12_345_678 };
  for (const range of [null, { fromMs: 3_000, toMs: 31_000 }, { fromMs: 90_000, toMs: 99_000 }]) {
    const growing = new GrowingFigures();
    const figures = growing.refreshed(growing.whole(profile, 0), profile, 0, range);
    const whole = new GrowingFigures().whole(profile, 0, range);
    // The last span is after the session's end: no worker is in it.
    if (figures === null) assert.equal(whole.report.workers.length, 0);
    else sameFigures(exactOf(figures.report), exactOf(whole.report));
  }
});

test("a worker that comes is added; once one has left, figures are not made anew in part", () => {
  const known = new KnownProfile();
  const copy = known.operation("copy", "Buffer.copy");
  const stack = known.stack("a.js:1 first");
  known.route("GET", "/");
  const [stays, leaves] = [known.worker(), known.worker({ pid: 300 })];
  // Peer 1 is started again at second 20.
  const comes = known.worker({ peer: 1, pid: 301, startedMicros: START + 20_000_000 });
  for (let at = 0; at < 40; at++) {
    for (const worker of [stays, at < 20 ? leaves : comes])
      known.window(worker, at, {
        latencies: times(10, 500),
        cells: [[copy, 12, 3, 3_000]],
        samples: [[copy, 12, stack, 0, 1, 3, 3_000]],
      });
  }
  const profile = known.profile();
  const upTo = (seconds: number): Profile => ({ ...profile, windows: profile.windows.slice(0, 2 * seconds) });
  const pids = (figures: Figures | null) => figures?.report.workers.map(({ pid }) => pid);

  const growing = new GrowingFigures();
  const before = growing.whole(upTo(20), 10);
  assert.deepEqual(pids(before), [100, 300]);
  assert.deepEqual(pids(growing.refreshed(before, upTo(25), 10, null)), [100, 300, 301]);
  assert.equal(growing.refreshed(before, upTo(35), 10, null), null);
  const anew = growing.whole(upTo(35), 10);
  assert.deepEqual(pids(anew), [100, 301]);
  assert.ok(anew.report.hotspots.length > 0);
  for (const { byWorker } of anew.report.hotspots) assert.equal(byWorker.length, 2);
  assert.deepEqual(pids(growing.refreshed(anew, upTo(40), 10, null)), [100, 301]);
});
