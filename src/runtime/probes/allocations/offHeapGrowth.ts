// Runtime: memory off V8's heap that this thread made and no probe counted: at least so much. What is made is what a figure of
// the isolate's grows by, and what is freed hides it. So it is looked at often, and each time what it grew by beyond what was
// counted since the last look is added: never too much, and all of it where nothing was freed meanwhile.
// Two figures are looked at. `arrayBuffers` is of this thread's allocator: memory that is transferred stays with the thread that
// made it. `external` has further what is no array buffer of Node's (strings of a megabyte, results of `v8.serialize`, memory of
// WebAssembly before Node 26, of add-ons), costs a fifth to read, and V8 tells it for the moment before a collection, too; but
// a transfer moves it from one thread to another, so that it says nothing once one was seen.

import { getHeapStatistics } from "node:v8";

/** `external` before and after a collection. */
export type CollectedOffHeap = readonly [before: number, after: number];

/** Counted bytes between two looks at least, and looks in a window beyond which there are more: a look costs 2 to 3 µs. */
const LEAST_STEP_BYTES = 65_536;
const LOOKS_PER_WINDOW = 100;
/** The same where `arrayBuffers` alone tells: Node reads more with it, 13 to 18 µs. */
const DEAR_LOOKS_PER_WINDOW = 20;
/** Turns of the loop in which what a collection freed is waited for: another thread frees it. */
const TURNS = 3;
/** Of the array buffer that a look makes. */
const OWN_BYTES = 8;

const { setImmediate, clearImmediate, ArrayBuffer: Memory } = globalThis;
const memoryUsage = process.memoryUsage.bind(process);
const now = performance.now.bind(performance);
const external = () => getHeapStatistics().external_memory;

export class OffHeapGrowth {
  private mayMove: () => boolean = () => true;
  private guard: (action: () => void) => void = (action) => action();
  private running = false;
  /** Counted since the start; the bytes at which to look next. */
  private made = 0;
  private nextLook = Number.POSITIVE_INFINITY;
  private step = LEAST_STEP_BYTES;
  private looks = 0;
  private madeAtTake = 0;
  /** At the last look at each, what they were and what had been counted. */
  private external = 0;
  private madeAtExternal = 0;
  private lookedAt = 0;
  private arrayBuffers = 0;
  private madeAtArrayBuffers = 0;
  /** Told by `external` since the last look at `arrayBuffers`. */
  private beyond = 0;
  private uncounted = 0;
  /** Collections that Node told of and that began after the last look. */
  private collections = 0;
  private freeing: NodeJS.Immediate | null = null;

  /**
   * @param mayMove whether memory may come here by a transfer, which is not known to be impossible
   * @param guard runs what Node calls back
   */
  start(mayMove: () => boolean, guard: (action: () => void) => void): void {
    this.mayMove = mayMove;
    this.guard = guard;
    this.running = true;
    this.uncounted = 0;
    this.madeAtTake = this.made;
    this.looks = 0;
    this.nextLook = this.made + this.step;
    this.rebase();
  }

  stop(): void {
    this.running = false;
    this.nextLook = Number.POSITIVE_INFINITY;
    if (this.freeing !== null) clearImmediate(this.freeing);
    this.freeing = null;
  }

  /** Bytes that a probe has seen to be made. Hot. */
  counted(bytes: number): void {
    this.made += bytes;
    if (this.made >= this.nextLook) this.lookBetween();
  }

  /** A collection began then, by `performance.now`. */
  collectedAt(millis: number): void {
    if (millis > this.lookedAt) this.collections++;
  }

  /** @param collected all collections since the last call, in order, as far as they were seen */
  look(collected: readonly CollectedOffHeap[]): void {
    if (!this.running) return;
    if (this.mayMove()) {
      this.lookAtArrayBuffers();
      return;
    }
    // Of an earlier one than the last look it can't be told what belongs to which side of that.
    this.lookAtExternal(collected.length === this.collections ? collected : []);
    const after = collected.at(-1)?.[1] ?? 0;
    if (collected.length > 0 && this.external >= after) this.lookWhenFreed(after, TURNS);
  }

  /** After a look, before work of our own. */
  settle(): void {
    if (this.running && !this.mayMove()) this.lookAtArrayBuffers();
  }

  /** What was made since the last look was our own. */
  rebase(): void {
    if (!this.running) return;
    this.external = external();
    this.madeAtExternal = this.made;
    this.lookedAt = now();
    this.collections = 0;
    this.arrayBuffers = memoryUsage().arrayBuffers;
    this.madeAtArrayBuffers = this.made;
    this.beyond = 0;
  }

  /** Bytes since the last call, as far as they are settled. */
  take(): number {
    const { uncounted, made } = this;
    this.uncounted = 0;
    this.step = Math.max(LEAST_STEP_BYTES, (made - this.madeAtTake) / LOOKS_PER_WINDOW);
    this.madeAtTake = made;
    this.looks = 0;
    if (this.running) this.nextLook = Math.min(this.nextLook, made + this.step);
    return uncounted;
  }

  private lookBetween(): void {
    const dear = this.mayMove();
    if (dear) this.lookAtArrayBuffers();
    else this.lookAtExternal([]);
    if (++this.looks > (dear ? DEAR_LOOKS_PER_WINDOW : LOOKS_PER_WINDOW)) this.step *= 2;
    this.nextLook = this.made + this.step;
  }

  private lookAtExternal(collected: readonly CollectedOffHeap[]): void {
    // V8 takes away what another thread has freed when the next one is made.
    new Memory(OWN_BYTES);
    this.made += OWN_BYTES;
    let grown = 0;
    let from = this.external;
    for (const [before, after] of collected) {
      grown += Math.max(0, before - from);
      from = after;
    }
    this.external = external();
    grown += Math.max(0, this.external - from);
    this.beyond += Math.max(0, grown - (this.made - this.madeAtExternal));
    this.madeAtExternal = this.made;
    this.lookedAt = now();
    this.collections = 0;
  }

  private lookAtArrayBuffers(): void {
    const { arrayBuffers } = memoryUsage();
    const grown = arrayBuffers - this.arrayBuffers - (this.made - this.madeAtArrayBuffers);
    this.uncounted += Math.max(0, grown, this.mayMove() ? 0 : this.beyond);
    this.arrayBuffers = arrayBuffers;
    this.madeAtArrayBuffers = this.made;
    this.beyond = 0;
  }

  private lookWhenFreed(after: number, turns: number): void {
    if (this.freeing !== null) clearImmediate(this.freeing);
    this.freeing = setImmediate(() =>
      this.guard(() => {
        this.freeing = null;
        this.lookAtExternal([]);
        if (this.external >= after && turns > 1) this.lookWhenFreed(after, turns - 1);
      }),
    ).unref();
  }
}

/** One a thread: what is counted and what grows are of the same. */
export const offHeapGrowth = new OffHeapGrowth();
