// Benchmark of the panel: a recording as a large server would make it, grown by the real builder from windows as workers send
// them, resolved and written by the real writer. Seeded: the same each time.

import { writeProfile } from "../../../src/collector/profileFile.ts";
import { ProfileBuilder } from "../../../src/model/builder.ts";
import type { Profile } from "../../../src/model/profile.ts";
import { bucketOf } from "../../../src/protocol/latencyBuckets.ts";
import type { OperationRow, WindowMessage } from "../../../src/protocol/window.ts";
import { frontOf } from "../../../src/recording/front.ts";
import { resolveSources } from "../../../src/sources/resolve.ts";
import { PRICES } from "../../unit/knownProfile.ts";
import { seeded } from "../../unit/seeded.ts";
import { makeProgram, type Program } from "./program.ts";

export interface SessionSize {
  readonly events: number;
  readonly stacks: number;
  readonly seconds: number;
  readonly workers: number;
  /** Of each category and thread, a second, as the sampler's budget (`DEFAULT_SAMPLING`). */
  readonly samplesPerSecond: number;
}
export const LARGE: SessionSize = {
  events: 10_000_000,
  stacks: 100_000,
  seconds: 3_600,
  workers: 4,
  samplesPerSecond: 50,
};

const WINDOWS_A_SECOND = 2;
const START_MICROS = 1_700_000_000e6;
const ROUTES = ["/orders", "/orders/:id", "/stock", "/rates/:currency"] as const;

const OPERATIONS: readonly OperationRow[] = [
  [0, "concat", "Buffer.concat"],
  [1, "serialise", "JSON.stringify"],
  [2, "parse", "JSON.parse"],
  [3, "round trip", "zlib.gzip"],
  [4, "hand-off", "postMessage"],
  [5, "buffers", "Buffer.alloc"],
  [6, "wait", "Mutex.acquire"],
  [7, "pool wait", "Pool.connect"],
];
/** By category, and the typical amount of one event in the category's unit. */
const BY_CATEGORY = [
  { operations: [0, 1, 2], amount: 4_096 },
  { operations: [3, 4], amount: 2 },
  { operations: [5], amount: 16_384 },
  { operations: [6, 7], amount: 900 },
] as const;

/** The windows of one worker: what each stack is known by is introduced once. */
class Peer {
  readonly #known = new Set<number>();
  readonly #ids = new Map<number, number>();
  #sequence = 0;

  constructor(
    private readonly program: Program,
    private readonly size: SessionSize,
    private readonly random: () => number,
  ) {}

  window(at: number): WindowMessage {
    const { size, program, random } = this;
    const first = this.#sequence === 0;
    const frames: WindowMessage["frames"][number][] = [];
    const stacks: WindowMessage["stacks"][number][] = [];
    const cells: WindowMessage["cells"][number][] = [];
    const samples: WindowMessage["samples"][number][] = [];
    const windows = size.seconds * WINDOWS_A_SECOND * size.workers * BY_CATEGORY.length;
    const events = Math.round(size.events / windows);
    const taken = Math.min(events, Math.round(size.samplesPerSecond / WINDOWS_A_SECOND));
    for (const { operations, amount } of BY_CATEGORY) {
      const rows = new Map<number, number>();
      for (let n = 0; n < taken; n++) {
        const stack = program.sample(random);
        rows.set(stack, (rows.get(stack) ?? 0) + 1);
      }
      const sums = new Map<number, number>();
      for (const [stack, n] of rows) {
        const operation = operations[stack % operations.length] as number;
        const each = (n * events) / taken;
        samples.push([operation, 8, this.#stackOf(stack, frames, stacks), 0, n, each, each * amount]);
        sums.set(operation, (sums.get(operation) ?? 0) + each);
      }
      for (const [operation, count] of sums) cells.push([operation, 8, count, count * amount]);
    }
    const requests = ROUTES.map((_, route) => {
      const micros = 2_000 + 3_000 * random();
      return [route, 40, 40 * micros, [[bucketOf(micros), 40]]] as const;
    });
    const startMicros = START_MICROS + (at * 1e6) / WINDOWS_A_SECOND;
    return {
      type: "window",
      sequence: this.#sequence++,
      startMicros,
      endMicros: startMicros + 1e6 / WINDOWS_A_SECOND,
      operations: first ? OPERATIONS : [],
      scripts: first ? program.scripts.map((url, id) => [id + 1, url] as const) : [],
      frames,
      stacks,
      routes: first ? ROUTES.map((route, id) => [id, "GET", route] as const) : [],
      cells,
      samples,
      requests,
      thread: {
        voluntary: 800,
        involuntary: 20,
        runQueueMicros: 9_000,
        cpuMicros: 300_000,
        loopActiveMicros: 320_000,
        loopIterations: 900,
        loopEvents: 1_800,
        allocatedBytes: events * 16_384,
      },
      process: null,
      gc: [["minor", 3, 2_400]],
      own: {
        stackMicros: 1_500,
        windowMicros: 700,
        stacks: 4 * taken,
        droppedWindows: 0,
        droppedSamples: 0,
        faults: 0,
        heapWindowMicros: 0,
      },
    };
  }

  /** The stack's id on this connection; what is new is introduced, callers first. */
  #stackOf(
    node: number,
    frames: WindowMessage["frames"][number][],
    stacks: WindowMessage["stacks"][number][],
  ): number {
    const path: number[] = [];
    for (let at = node; at > 0 && !this.#ids.has(at); at = this.program.parents[at] as number) path.push(at);
    for (const at of path.reverse()) {
      const frame = this.program.frameOf[at] as number;
      if (!this.#known.has(frame)) {
        this.#known.add(frame);
        const { script, name, line } = this.program.frames[frame] as Program["frames"][number];
        // Ids count up: as many as were there before.
        frames.push([this.#known.size, script + 1, name, line, 5, line * 40, 0]);
        this.#frameIds.set(frame, this.#known.size);
      }
      const id = this.#ids.size + 1;
      stacks.push([
        id,
        this.#ids.get(this.program.parents[at] as number) ?? 0,
        this.#frameIds.get(frame) ?? 1,
      ]);
      this.#ids.set(at, id);
    }
    return this.#ids.get(node) ?? 0;
  }
  readonly #frameIds = new Map<number, number>();
}

export function makeSession(size: SessionSize): Profile {
  const random = seeded(20260112);
  const program = makeProgram(size.stacks, random);
  const builder = new ProfileBuilder(
    {
      darcy: "0.1.0",
      command: ["node", "server.js"],
      cwd: "/srv/shop",
      cores: 8,
      platform: "linux",
      arch: "x64",
      node: "v24.0.0",
    },
    START_MICROS,
  );
  builder.calibration = PRICES;
  builder.topology = "reuse";
  const peers = Array.from({ length: size.workers }, (_, peer) => {
    builder.addWorker({
      peer,
      pid: 4_000 + peer,
      threadId: 0,
      role: "peer",
      startedMicros: START_MICROS,
      endedMicros: START_MICROS + size.seconds * 1e6,
      port: 3_000,
      argv: ["server.js"],
    });
    return new Peer(program, size, random);
  });
  for (let at = 0; at < size.seconds * WINDOWS_A_SECOND; at++)
    for (const [index, peer] of peers.entries()) builder.addWindow(index, peer.window(at));
  return builder.snapshot(START_MICROS + size.seconds * 1e6);
}

/** @returns what is in it */
export async function writeSession(file: string, size: SessionSize) {
  const profile = await resolveSources(makeSession(size));
  await writeProfile(file, profile, (packed) => frontOf(profile, packed));
  const sampled = new Set(profile.windows.flatMap(({ samples }) => samples.map(([, , stack]) => stack)));
  return {
    events: profile.windows.reduce(
      (sum, { cells }) => sum + cells.reduce((all, [, , count]) => all + count, 0),
      0,
    ),
    stacks: sampled.size,
    nodes: profile.stacks.length,
    frames: profile.frames.length,
    windows: profile.windows.length,
    rows: profile.windows.reduce((sum, { samples }) => sum + samples.length, 0),
    dropped: profile.dropped,
  };
}
