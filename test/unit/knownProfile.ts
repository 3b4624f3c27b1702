// Unit tests: builds profiles whose truth is known by construction.

import type { Frame, Profile, ProfileWindow, Worker } from "../../src/model/profile.ts";
import { PROFILE_SCHEMA } from "../../src/model/profile.ts";
import type { Calibration } from "../../src/protocol/calibration.ts";
import type { Kind, LockBasis } from "../../src/protocol/categories.ts";
import { bucketOf } from "../../src/protocol/latencyBuckets.ts";
import type { ThreadFigures } from "../../src/protocol/window.ts";

const SECOND = 1_000_000;
export const START = 1_700_000_000 * SECOND;

export const APP = "/app/src";
/** `place.ts:19 placeOrder`, `node:fs:1 readFile`, `async-mutex/lib/Mutex.js:24 Mutex.acquire`. */
export function frame(text: string): Frame {
  const [place = "", ...name] = text.split(" ");
  const at = place.lastIndexOf(":");
  const file = place.slice(0, at);
  const url = file.startsWith("node:")
    ? file
    : file.includes("/lib/")
      ? `/app/node_modules/${file}`
      : file.startsWith("/") || file === ""
        ? file
        : `${APP}/${file}`;
  return {
    url,
    functionName: name.join(" "),
    line: Number(place.slice(at + 1)),
    column: 3,
    offset: 0,
    async: false,
    source: null,
  };
}

const cost = (median: number) => ({ median, low: median * 0.9, high: median * 1.1 });
const flat = (nanosPerByte: number) => [{ bytes: 1024, nanosPerByte: cost(nanosPerByte) }];

/** Round prices, so that impacts can be worked out by hand. */
export const PRICES: Calibration = {
  node: "v24.0.0",
  tookMs: 600,
  partial: false,
  copies: {
    copy: [
      { bytes: 64, nanosPerByte: cost(1) },
      { bytes: 6400, nanosPerByte: cost(0.01) },
    ],
    encode: flat(1),
    decode: flat(1),
    clone: flat(4),
    serialise: flat(2),
    parse: flat(5),
  },
  poolRoundTripMicros: cost(30),
  messageMicros: cost(20),
  processSpawnMicros: cost(2000),
  wakeMicros: cost(5),
  syscallMicros: cost(0.4),
  switchMicros: cost(3),
  switchesPerPoolRoundTrip: 2,
  switchesPerMessage: 2,
  allocationNanosPerByte: cost(0.5),
  bufferNanosPerByte: cost(0.25),
};

const QUIET_THREAD: ThreadFigures = {
  voluntary: null,
  involuntary: null,
  runQueueMicros: null,
  cpuMicros: null,
  loopActiveMicros: 400_000,
  loopIterations: null,
  loopEvents: null,
  allocatedBytes: null,
};
const FREE = {
  stackMicros: 0,
  windowMicros: 0,
  stacks: 0,
  droppedWindows: 0,
  droppedSamples: 0,
  faults: 0,
  heapWindowMicros: 0,
};

export class KnownProfile {
  private readonly operations: { kind: Kind; callee: string; basis?: LockBasis }[] = [];
  private readonly frames: Frame[] = [];
  private readonly stacks: { parent: number; frame: number }[] = [{ parent: 0, frame: -1 }];
  private readonly routes: { method: string; route: string }[] = [];
  private readonly workers: Worker[] = [];
  private readonly windows: ProfileWindow[] = [];

  operation(kind: Kind, callee: string, basis?: LockBasis): number {
    return this.operations.push({ kind, callee, ...(basis === undefined ? {} : { basis }) }) - 1;
  }

  /** Innermost first. */
  stack(...texts: readonly string[]): number {
    let parent = 0;
    for (const text of [...texts].reverse()) {
      const at = this.frames.push(frame(text)) - 1;
      parent = this.stacks.push({ parent, frame: at }) - 1;
    }
    return parent;
  }

  route(method: string, route: string): number {
    return this.routes.push({ method, route }) - 1;
  }

  worker(change: Partial<Worker> = {}): number {
    const peer = this.workers.length;
    return (
      this.workers.push({
        peer,
        pid: 100 + peer,
        threadId: 0,
        role: "peer",
        startedMicros: START,
        endedMicros: null,
        port: 3000,
        argv: [],
        ...change,
      }) - 1
    );
  }

  /** One second of a worker, the `at`-th. `latencies`: one a request, microseconds. */
  window(
    worker: number,
    at: number,
    change: Partial<Omit<ProfileWindow, "thread" | "own">> & {
      readonly thread?: Partial<ThreadFigures>;
      readonly own?: Partial<ProfileWindow["own"]>;
      readonly latencies?: readonly number[];
      readonly route?: number;
    } = {},
  ): void {
    const { thread, own, latencies = [], route = 0, ...rest } = change;
    const buckets = new Map<number, number>();
    for (const micros of latencies) buckets.set(bucketOf(micros), (buckets.get(bucketOf(micros)) ?? 0) + 1);
    const total = latencies.reduce((sum, micros) => sum + micros, 0);
    this.windows.push({
      worker,
      startMicros: START + at * SECOND,
      endMicros: START + (at + 1) * SECOND,
      cells: [],
      samples: [],
      requests: latencies.length === 0 ? [] : [[route, latencies.length, total, [...buckets]]],
      process: null,
      gc: [],
      ...rest,
      thread: { ...QUIET_THREAD, ...thread },
      own: { ...FREE, ...own },
    });
  }

  profile(change: Partial<Profile> = {}): Profile {
    return {
      schema: PROFILE_SCHEMA,
      darcy: "0.1.0",
      command: ["node", "server.js"],
      cwd: "/app",
      startedAt: "2023-11-14T22:13:20.000Z",
      startedMicros: START,
      endedMicros: Math.max(START, ...this.windows.map((window) => window.endMicros)),
      measureFromMicros: START,
      node: "v24.0.0",
      platform: "linux",
      arch: "x64",
      cores: 2,
      topology: "reuse",
      calibration: PRICES,
      operations: this.operations,
      frames: this.frames,
      stacks: this.stacks,
      routes: this.routes,
      workers: this.workers,
      windows: this.windows,
      notices: [],
      dropped: { windows: 0, samples: 0, frames: 0 },
      ...change,
    };
  }
}

/** `count` times the same. */
export function times(count: number, micros: number): number[] {
  return new Array<number>(count).fill(micros);
}
