// Unit tests: requests of windows that have not come yet are counted as if they had, and come into no profile.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Glance, ProfileBuilder } from "../../src/model/builder.ts";
import type { Profile } from "../../src/model/profile.ts";
import { GrowingFigures } from "../../src/recording/figures.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";
import { emptyWindow } from "./scriptedPeer.ts";

const aWindow = fc.record({ requests: fc.nat(40), micros: fc.integer({ min: 50, max: 90_000 }) });
type AWindow = typeof aWindow extends fc.Arbitrary<infer T> ? T : never;

/** Of two workers, the last so many windows at the same time. */
function sessionOf(windows: readonly AWindow[]): Profile {
  const known = new KnownProfile();
  known.route("GET", "/");
  const workers = [known.worker(), known.worker({ peer: 1, pid: 300 })];
  for (const [at, { requests, micros }] of windows.entries())
    known.window(workers[at % 2] as number, at >> 1, { latencies: times(requests, micros) });
  return known.profile();
}

test("the newest figures of a scope are those of a report that has the windows", () => {
  fc.assert(
    fc.property(
      fc.array(aWindow, { minLength: 4, maxLength: 40 }),
      fc.integer({ min: 1, max: 2 }),
      fc.constantFrom(0, 3, 60),
      (windows, ahead, seconds) => {
        const whole = sessionOf(windows);
        const before = { ...whole, windows: whole.windows.slice(0, -ahead) };
        const glances: Glance[] = whole.windows
          .slice(-ahead)
          .map(({ worker, startMicros, endMicros, requests }) => ({
            worker,
            startMicros,
            endMicros,
            requests,
          }));
        const growing = new GrowingFigures();
        const { report } = growing.whole(before, seconds);
        const newest = growing.newest(report, before, glances, seconds);
        const { requests, workers, durationMs } = new GrowingFigures().whole(whole, seconds).report;
        const quiet = whole.windows.slice(-12).every((window) => window.requests.length === 0);
        if (newest === null) {
          // The scope has stayed at the last request, or the others' windows go as far.
          const last = Math.max(...before.windows.map(({ endMicros }) => endMicros));
          assert.ok(quiet || glances.every(({ endMicros }) => endMicros <= last));
          return;
        }
        const { total, perSecond, p50Micros, p99Micros } = requests;
        assert.deepEqual(newest.requests, { total, perSecond, p50Micros, p99Micros });
        for (const [at, { pid }] of report.workers.entries()) {
          const worker = workers.find((each) => each.pid === pid);
          assert.equal(
            newest.workersPerSecond[at],
            ((worker?.requests ?? 0) * 1e6) / Math.round(durationMs * 1_000),
          );
        }
      },
    ),
  );
});

test("there is nothing newer without a glance beyond the windows", () => {
  const profile = sessionOf(Array.from({ length: 8 }, () => ({ requests: 3, micros: 900 })));
  const growing = new GrowingFigures();
  const { report } = growing.whole(profile, 60);
  assert.equal(growing.newest(report, profile, [], 60), null);
  const old = { worker: 0, startMicros: START, endMicros: START + 100, requests: [] };
  assert.equal(growing.newest(report, profile, [old], 60), null);
});

test("a glance is in no snapshot, and gone with its window or its worker", () => {
  const facts = { darcy: "0", command: [], cwd: "/", cores: 2, platform: "linux", arch: "x64", node: "v24" };
  const builder = new ProfileBuilder(facts, 0);
  const worker = {
    peer: 0,
    pid: 1,
    threadId: 0,
    role: "peer",
    startedMicros: 0,
    endedMicros: null,
    port: 80,
    argv: [],
  } as const;
  for (let n = 0; n < 2; n++) builder.addWorker(worker);
  builder.addWindow(0, emptyWindow(0, { routes: [[0, "GET", "/told"]], endMicros: 1e6 }));
  const before = builder.snapshot(2e6);
  const glance = { type: "glance", startMicros: 1e6, endMicros: 1.2e6 } as const;
  const told = [0, 2, 300, [[5, 2]]] as const;
  const untold = [1, 1, 100, [[4, 1]]] as const;
  builder.glance(0, { ...glance, routes: [[1, "GET", "/new"]], requests: [told, untold] });
  builder.glance(1, { ...glance, routes: [[0, "GET", "/new"]], requests: [[0, 7, 700, [[3, 7]]]] });
  const after = builder.snapshot(2e6);
  assert.deepEqual(after.windows, before.windows);
  const named = builder.glances.map(({ worker: of, requests }) => [
    of,
    ...requests.map(([route, count]) => `${after.routes[route]?.route} ${count}`),
  ]);
  assert.deepEqual(named, [
    [0, "/told 2", "/new 1"],
    [1, "/new 7"],
  ]);
  builder.addWindow(
    0,
    emptyWindow(1, { routes: [[1, "GET", "/new"]], requests: [told, untold], endMicros: 1.5e6 }),
  );
  assert.deepEqual(
    builder.glances.map(({ worker: of }) => of),
    [1],
  );
  builder.updateWorker(1, { endedMicros: 2e6 });
  assert.equal(builder.glances.length, 0);
  assert.equal(builder.snapshot(2e6).routes.length, 2);
});
