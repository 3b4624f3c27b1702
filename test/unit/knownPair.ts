// Unit tests: two recordings of one server of which it is known what changed between them.

import type { Profile } from "../../src/model/profile.ts";
import { KnownProfile, times } from "./knownProfile.ts";

export interface PairChange {
  /** Bytes a request that `copyLine` copies. */
  readonly copied: number;
  readonly copyLine?: number;
  /** A request's hand-offs. */
  readonly handOffs: number;
  /** Microseconds a request that each of these lines waits; the keys are lines. */
  readonly waits?: Readonly<Record<number, number>>;
  readonly requestsPerSecond?: number;
  /** Every other second the copies are so many times as large. */
  readonly unsteady?: number;
  readonly samples?: number;
  readonly cwd?: string;
  readonly processorMicros?: number;
}

const SECONDS = 6;

export function knownRun(change: PairChange): Profile {
  const {
    copied,
    copyLine = 10,
    handOffs,
    waits = {},
    requestsPerSecond = 1_000,
    unsteady = 1,
    samples = 200,
    cwd = "/app",
    processorMicros = 400,
  } = change;
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const copy = known.operation("copy", "Buffer.from");
  const steady = known.operation("serialise", "JSON.stringify");
  const trip = known.operation("round trip", "fs.readFile");
  const wait = known.operation("wait", "Mutex.acquire");
  const copier = known.stack(`${cwd}/src/body.js:${copyLine} readBody`);
  const writer = known.stack(`${cwd}/src/answer.js:5 answer`);
  const reader = known.stack(`${cwd}/src/store.js:7 load`);
  const waiters = Object.entries(waits).map(
    ([line, micros]) => [known.stack(`${cwd}/src/stock.js:${line} take`), micros] as const,
  );
  const n = requestsPerSecond;
  const share = Math.round(samples / SECONDS);
  for (let second = 0; second < SECONDS; second++) {
    const bytes = copied * n * (second % 2 === 0 ? 1 : unsteady);
    const waited = waiters.reduce((sum, [, micros]) => sum + micros, 0) * n;
    known.window(0, second, {
      latencies: times(n, 2_000),
      cells: [
        [copy, 12, n, bytes],
        [steady, 10, n, 800 * n],
        [trip, 2, n, handOffs * n],
        [wait, 9, n * waiters.length, waited],
      ],
      samples: [
        [copy, 12, copier, 0, share, n, bytes],
        [steady, 10, writer, 0, share, n, 800 * n],
        [trip, 2, reader, 0, share, n, handOffs * n],
        ...waiters.map(([stack, micros]) => [wait, 9, stack, 0, share, n, micros * n] as const),
      ],
      thread: { voluntary: n, involuntary: 10, loopIterations: n, loopEvents: 2 * n },
      process: {
        cpuMicros: processorMicros * n,
        rssBytes: 1,
        heapUsedBytes: 1,
        openConnections: 4,
        threads: [
          ["loop", 1, n, 10, 100],
          ["pool", 4, handOffs * n, 0, 0],
          ["v8", 4, 10, 0, 0],
          ["other", 1, 10, 0, 0],
        ],
      },
    });
  }
  const profile = known.profile({ cwd });
  // The root's frame is any: no stack shows it. As it stands a file of it can be read again.
  return {
    ...profile,
    stacks: profile.stacks.map((node, at) => (at === 0 ? { parent: 0, frame: 0 } : node)),
  };
}
