// Runtime: how a thread that waits on shared memory learns the line of the thread that wakes it: in memory that all measured
// threads of the process share. Who waits says so; who then notifies the same place writes down, now and then, where it does.
// A place is known by its offset and its memory's length: two memories of one length are told apart only by the time.

import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";

const KEY = "darcy.wakes";
const PLACES = 32;
/** Words of a place: who waits, the writing's number (odd: under way), offset, length, thread, and text. */
const WAITERS = 0;
const EDITION = 1;
const OFFSET = 2;
const LENGTH = 3;
const THREAD = 4;
const TEXT_LENGTH = 5;
const TEXT = 6;
const WORDS = 256;
const MAX_TEXT = (WORDS - TEXT) * 2;
/** Milliseconds since the epoch, one a place, behind all of them. */
const CLOCK_BYTES = 8;
/** Who is woken runs some time after; what was written before that is of another time. */
const FRESH_MILLIS = 20;

// Our own, before anyone patches them.
const { add, load, store } = Atomics;
const now = performance.now.bind(performance);

export class WakeBoard {
  /** Longer ones are cut. UTF-16 units. */
  static readonly mostText = MAX_TEXT;
  private readonly words: Int32Array;
  private readonly units: Uint16Array;
  private readonly clocks: Float64Array;

  private constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory, 0, PLACES * WORDS);
    this.units = new Uint16Array(memory, 0, PLACES * WORDS * 2);
    this.clocks = new Float64Array(memory, PLACES * WORDS * 4, PLACES);
  }

  /** The process's; the first thread that asks makes it. */
  static open(key = KEY): WakeBoard {
    const bytes = PLACES * (WORDS * 4 + CLOCK_BYTES);
    const known: unknown = getEnvironmentData(key);
    if (known instanceof SharedArrayBuffer && known.byteLength === bytes) return new WakeBoard(known);
    const memory = new SharedArrayBuffer(bytes);
    setEnvironmentData(key, memory as unknown as Parameters<typeof setEnvironmentData>[1]);
    return new WakeBoard(memory);
  }

  /** @param offset of the place in its memory, bytes */
  waits(offset: number): void {
    add(this.words, at(offset) + WAITERS, 1);
  }

  ends(offset: number): void {
    add(this.words, at(offset) + WAITERS, -1);
  }

  hasWaiters(offset: number): boolean {
    return load(this.words, at(offset) + WAITERS) > 0;
  }

  /** Before it wakes somebody. @param memory its length, bytes @param text where that is */
  wakes(offset: number, memory: number, text: string): void {
    const { words, units } = this;
    const base = at(offset);
    const edition = load(words, base + EDITION);
    // Another thread is writing.
    if (edition % 2 !== 0) return;
    store(words, base + EDITION, edition + 1);
    const length = Math.min(text.length, MAX_TEXT);
    words[base + OFFSET] = offset;
    words[base + LENGTH] = memory;
    words[base + THREAD] = threadId;
    words[base + TEXT_LENGTH] = length;
    for (let i = 0; i < length; i++) units[(base + TEXT) * 2 + i] = text.charCodeAt(i);
    this.clocks[base / WORDS] = performance.timeOrigin + now();
    store(words, base + EDITION, (edition + 2) | 0);
  }

  /** What another thread wrote that woke this one just now, null when none did. @param freshMillis how old it may be */
  wokenBy(offset: number, memory: number, freshMillis = FRESH_MILLIS): string | null {
    const { words, units } = this;
    const base = at(offset);
    const edition = load(words, base + EDITION);
    if (edition === 0 || edition % 2 !== 0 || words[base + THREAD] === threadId) return null;
    if (words[base + OFFSET] !== offset || words[base + LENGTH] !== memory) return null;
    const age = performance.timeOrigin + now() - (this.clocks[base / WORDS] as number);
    if (age > freshMillis) return null;
    let text = "";
    const length = Math.min(MAX_TEXT, words[base + TEXT_LENGTH] as number);
    for (let i = 0; i < length; i++) text += String.fromCharCode(units[(base + TEXT) * 2 + i] as number);
    return load(words, base + EDITION) === edition ? text : null;
  }
}

function at(offset: number): number {
  return ((offset >> 2) % PLACES) * WORDS;
}
