// Runtime: what is known of one native handle of zlib. A chunk goes through in one job or in several, of which the last
// ones may take in nothing more; together they are one event.

import { performance } from "node:perf_hooks";
import { Given } from "../../given.ts";
import type { Reservation } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import type { Placed } from "../../underway.ts";

export interface Operations {
  readonly compresses: boolean;
  readonly callee: string;
  here: Operation | null;
  pool: Operation | null;
  /** Of the pool's, microseconds a byte by size class. */
  readonly least: Map<number, number>;
}

const POOL_THREADS = Number(process.env.UV_THREADPOOL_SIZE) || 4;
/** Of a job's time, in which the loop had nothing else to do. */
const IDLE_PART = 0.75;
const now = performance.now.bind(performance);
const loop = performance.eventLoopUtilization.bind(performance);
let jobsInPool = 0;

export class Engine implements Placed {
  place = -1;
  operations: Operations | null = null;
  reservation: Reservation | null = null;
  /** Of the chunk so far: on the side that is not compressed. */
  bytes = 0;
  micros = 0;
  /** Of the loop meanwhile, where no job had to wait for a thread of the pool. */
  private idleMicros = 0;
  inPool = false;
  private input = 0;
  private output = 0;
  private startedAt = 0;
  private idleBefore = 0;

  /** @param left bytes that a job leaves: of its output's place, of its input */
  constructor(private readonly left: Uint32Array) {}

  /** The last job had room for all that it put out: what comes next is another chunk. */
  get isDone(): boolean {
    return this.startedAt === 0 && (this.left[0] as number) > 0;
  }

  /** The time until its jobs came back is how long they took: a busy loop would have let them wait. */
  get wasAwaited(): boolean {
    return this.idleMicros >= IDLE_PART * this.micros;
  }

  startJob(input: number, output: number, inPool: boolean): void {
    this.input = input;
    this.output = output;
    this.inPool = inPool;
    this.idleBefore = inPool && jobsInPool < POOL_THREADS ? loop().idle : Number.POSITIVE_INFINITY;
    if (inPool) jobsInPool++;
    this.startedAt = now();
  }

  endJob(): void {
    const { startedAt, idleBefore, inPool, left, input, output } = this;
    if (startedAt === 0) return;
    this.startedAt = 0;
    if (inPool) jobsInPool--;
    this.micros += (now() - startedAt) * 1000;
    if (idleBefore < Number.POSITIVE_INFINITY) this.idleMicros += (loop().idle - idleBefore) * 1000;
    const [outputLeft = 0, inputLeft = 0] = left;
    this.bytes += this.operations?.compresses === true ? input - inputLeft : output - outputLeft;
  }

  clear(): void {
    this.bytes = 0;
    this.micros = 0;
    this.idleMicros = 0;
  }
}

/** Nothing can see it there, not even reflection, and it ends with the handle; a WeakMap costs collections more. */
class Kept extends Given {
  #engine: Engine;
  constructor(handle: object, engine: Engine) {
    super(handle);
    this.#engine = engine;
  }

  static engineOf(handle: object): Engine | null {
    return #engine in handle ? handle.#engine : null;
  }
}

/** Once a handle. @throws TypeError the second time */
export function keepEngine(handle: object, engine: Engine): void {
  new Kept(handle, engine);
}

/** Null for a handle that was made unseen. */
export const engineOf = Kept.engineOf;
