// Unit tests: what Darcy costs by what requests cost in the rests before: each process against itself, under any load.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mergeWindows } from "../../src/model/coalesce.ts";
import { comparedOverhead } from "../../src/model/comparedOverhead.ts";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import { ownCost } from "../../src/report/ownCost.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";

const SECOND = 1_000_000;
/** A spell of five seconds every hundred, the rests between them. */
const PERIOD = 100;
const SPELL = 5;

interface Known {
  readonly pid?: number;
  readonly threads?: number;
  /** A second, in the spell of each number. */
  readonly rate?: (spell: number) => number;
  /** Microseconds. */
  readonly plain: number;
  readonly measured: (spell: number) => number;
}

function sessionOf(spells: number, processes: readonly Known[]): Profile {
  const known = new KnownProfile();
  known.route("GET", "/");
  for (const { pid = 100, threads = 1, rate = () => 500, plain, measured } of processes)
    for (let thread = 0; thread < threads; thread++) {
      const worker = known.worker({ pid, threadId: thread });
      for (let spell = 0; spell < spells; spell++)
        for (let second = 0; second < SPELL; second++) {
          const startMicros = START + (spell * PERIOD + second) * SECOND;
          const requests = rate(spell);
          const main = thread === 0;
          known.window(worker, 0, {
            startMicros,
            endMicros: startMicros + SECOND,
            latencies: times(requests, 500),
            process: main
              ? {
                  cpuMicros: requests * threads * measured(spell),
                  rssBytes: 1e8,
                  heapUsedBytes: 1e7,
                  openConnections: 1,
                  threads: [],
                }
              : null,
            own:
              spell > 0 && second === 0
                ? {
                    plain: {
                      rests: 1,
                      requests: 10 * requests,
                      cpuMicros: main ? 10 * requests * threads * plain : null,
                    },
                  }
                : {},
          });
        }
    }
  const rests = Array.from({ length: spells - 1 }, (_, at) => ({
    fromMicros: START + (at * PERIOD + SPELL) * SECOND,
    toMicros: START + (at + 1) * PERIOD * SECOND,
  }));
  return known.profile({ rests });
}
const comparedOf = (profile: Profile) => comparedOverhead(profile, profile.windows);
const near = (value: number | null | undefined, expected: number) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-9, `${value} instead of ${expected}`);

test("the first spell, which no rest is before, is not compared", () => {
  const profile = sessionOf(5, [{ plain: 100, measured: (spell) => (spell === 0 ? 900 : 120) }]);
  const compared = comparedOf(profile);
  near(compared?.ratio, 1.2);
  near(compared?.halfWidth, 0);
  assert.equal(compared?.rests, 4);
  assert.deepEqual(toReport(profile).selfOverhead.compared, compared);
});

test("load and price may change from spell to spell, and processes may differ", () => {
  const compared = comparedOf(
    sessionOf(7, [
      { plain: 100, measured: () => 120, rate: (spell) => 100 * (spell + 1) },
      { pid: 200, threads: 3, plain: 1_000, measured: () => 1_200, rate: (spell) => 900 - 100 * spell },
    ]),
  );
  near(compared?.ratio, 1.2);
  assert.equal(compared?.rests, 6);
});

test("the interval is of spells that differ, from three of them on", () => {
  const measured = (spell: number) => 120 + (spell % 2 === 0 ? 6 : -6);
  assert.equal(comparedOf(sessionOf(3, [{ plain: 100, measured }]))?.halfWidth, null);
  const compared = comparedOf(sessionOf(5, [{ plain: 100, measured }]));
  near(compared?.ratio, 1.2);
  // Student's 3.18 of three degrees of freedom, times 0.06 * sqrt(4 / 3) / sqrt(4).
  near(compared?.halfWidth, (3.18 * 0.06 * Math.sqrt(4 / 3)) / 2);
});

test("windows that were joined over rests give the same", () => {
  const profile = sessionOf(5, [{ plain: 100, measured: () => 120 }]);
  const [first, ...later] = [profile.windows.slice(0, 5), profile.windows.slice(5)].map((windows) =>
    windows.reduce(mergeWindows),
  );
  assert.ok(first !== undefined);
  const compared = comparedOverhead(profile, [first, ...later]);
  near(compared?.ratio, 1.2);
  assert.equal(compared?.rests, 4);
});

test("nothing is told without rests, of a few requests, nor where the process's main thread told nothing", () => {
  assert.equal(comparedOf(sessionOf(1, [{ plain: 100, measured: () => 120 }])), null);
  assert.equal(comparedOf(sessionOf(4, [{ plain: 100, measured: () => 120, rate: () => 9 }])), null);
  const profile = sessionOf(4, [{ threads: 2, plain: 100, measured: () => 120 }]);
  const windows = profile.windows.filter(({ process }) => process === null);
  assert.equal(comparedOverhead(profile, windows), null);
  // Requests of a thread that told nothing would be in the spell alone.
  const untold = profile.windows.map((window) => {
    const { plain: _plain, ...own } = window.own;
    return window.process === null ? { ...window, own } : window;
  });
  assert.equal(comparedOverhead(profile, untold), null);
});

test("in words: what it costs while it measures, and over all", () => {
  const report = toReport(sessionOf(5, [{ plain: 100, measured: () => 120 }]));
  assert.match(
    ownCost({ ...report, measuredShare: 0.1 }),
    /; in all a request takes the server \+20\s% ± 0\s% processor time while it measured, \+2\s% over all, by 4 rests \(docs\/cost\.md\)$/,
  );
  assert.match(
    ownCost({ ...report, selfOverhead: { ...report.selfOverhead, compared: null } }),
    /; the server pays more/,
  );
});
