// Runtime: what the measured threads of one process tell each other, in shared memory that new workers inherit
// as environment data: who may change V8's process-wide flags, when that last happened, whether memory was transferred, and
// the kernel's ids of the workers.

import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";

const KEY = "darcy.board";
const OWNER = 0;
const OWNED_SINCE = 1;
const EPOCH = 2;
const MOVED = 3;
const KERNEL_IDS = 4;
const SLOTS = 64;
/** A thread that was terminated inside its window can't give the flags back: after this long they are anyone's. */
const ABANDONED_SECONDS = 30;

// Our own, before anyone patches them.
const { add, compareExchange, load, store } = Atomics;

export class ThreadBoard {
  private readonly cells: Int32Array;

  private constructor(memory: SharedArrayBuffer) {
    this.cells = new Int32Array(memory);
  }

  /** The process's board; the first thread that asks makes it. */
  static open(): ThreadBoard {
    const known: unknown = getEnvironmentData(KEY);
    if (known instanceof SharedArrayBuffer && known.byteLength >= (KERNEL_IDS + SLOTS) * 4)
      return new ThreadBoard(known);
    const memory = new SharedArrayBuffer((KERNEL_IDS + SLOTS) * 4);
    setEnvironmentData(KEY, memory as unknown as Parameters<typeof setEnvironmentData>[1]);
    return new ThreadBoard(memory);
  }

  /** Whether this thread may now change V8's flags; if so it must call `giveFlagsBack`. */
  takeFlags(): boolean {
    const { cells } = this;
    const seconds = Math.floor(Date.now() / 1000) | 0;
    const owner = load(cells, OWNER);
    if (owner !== 0 && seconds - load(cells, OWNED_SINCE) < ABANDONED_SECONDS) return false;
    if (compareExchange(cells, OWNER, owner, threadId + 1) !== owner) return false;
    store(cells, OWNED_SINCE, seconds);
    return true;
  }

  giveFlagsBack(): void {
    add(this.cells, EPOCH, 1);
    compareExchange(this.cells, OWNER, threadId + 1, 0);
  }

  /** Changes each time the flags were given back: what other threads compiled meanwhile is not inlined. */
  get epoch(): number {
    return load(this.cells, EPOCH);
  }

  /** Memory of a thread became another's, or was on its way to a port: seen at least once. */
  get memoryMoved(): boolean {
    return load(this.cells, MOVED) !== 0;
  }

  memoryMoves(): void {
    store(this.cells, MOVED, 1);
  }

  /** Tells the kernel's id of this worker's thread. */
  enterWorker(kernelId: number): void {
    for (let slot = KERNEL_IDS; slot < KERNEL_IDS + SLOTS; slot++) {
      if (compareExchange(this.cells, slot, 0, kernelId) === 0) return;
    }
  }

  leaveWorker(kernelId: number): void {
    for (let slot = KERNEL_IDS; slot < KERNEL_IDS + SLOTS; slot++)
      compareExchange(this.cells, slot, kernelId, 0);
  }

  isWorker(kernelId: number): boolean {
    for (let slot = KERNEL_IDS; slot < KERNEL_IDS + SLOTS; slot++) {
      if (load(this.cells, slot) === kernelId) return true;
    }
    return false;
  }
}
