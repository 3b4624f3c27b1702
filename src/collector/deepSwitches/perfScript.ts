// Collector, deep mode: what `perf script` prints of context switches, as samples with thread, cause and JavaScript function.
// A sample is a head line, frames from the innermost, and an empty line.

import type { DeepSite } from "../../protocol/deepSwitches.ts";
import type { ThreadClass } from "../../protocol/window.ts";

const HEAD = /^(.{1,15}\S?)\s+(\d+)\/(\d+)\s+(\d+\.\d+):/;
const FRAME = /^\s+([0-9a-f]+) (.+)$/;
/** Addresses of the kernel. */
const KERNEL = /^ffff[0-9a-f]{12}$/;
/** `JS:^name /path/file.js:12:3`: compiled by which tier, where the function begins. */
const JAVASCRIPT =
  /^(?:JS|LazyCompile|Function|Script|Eval):[*~^+]?(.*?)\s?((?:file:|node:|\/|[A-Za-z]:[\\/]).*):(\d+):\d+$/;
/** Sites past that many are one without a place. */
const MAX_SITES = 10_000;

/** Of each sample, in the order of its place in these lists. */
export interface PerfSamples {
  readonly pids: readonly number[];
  /** Microseconds on the clock that perf used. */
  readonly micros: readonly number[];
  /** Indices into `sites`. */
  readonly places: readonly number[];
  readonly sites: readonly Omit<DeepSite, "count">[];
}

interface Sample {
  readonly pid: number;
  readonly micros: number;
  readonly threadClass: ThreadClass;
  cause: DeepSite["cause"] | null;
  place: { function: string; file: string; line: number } | null;
}

export class PerfScript {
  private sample: Sample | null = null;
  private readonly pids: number[] = [];
  private readonly micros: number[] = [];
  private readonly places: number[] = [];
  private readonly sites: Omit<DeepSite, "count">[] = [];
  private readonly indexOf = new Map<string, number>();

  /** @param isUsers whether a script's path is code of the user's */
  constructor(private readonly isUsers: (path: string) => boolean) {}

  line(text: string): void {
    const frame = FRAME.exec(text);
    if (frame !== null) {
      if (this.sample !== null) this.frame(this.sample, frame[1] as string, frame[2] as string);
      return;
    }
    this.settle();
    const head = HEAD.exec(text);
    if (head === null) return;
    const [, name = "", process = "", thread = "", seconds = ""] = head;
    this.sample = {
      pid: Number(process),
      micros: Number(seconds) * 1e6,
      threadClass: classOf(name.trim(), process === thread),
      cause: null,
      place: null,
    };
  }

  samples(): PerfSamples {
    this.settle();
    const { pids, micros, places, sites } = this;
    return { pids, micros, places, sites };
  }

  private frame(sample: Sample, address: string, symbol: string): void {
    if (KERNEL.test(address)) sample.cause ??= causeOf(symbol);
    if (sample.place !== null) return;
    const found = JAVASCRIPT.exec(symbol);
    if (found === null) return;
    const [, name = "", url = "", line = ""] = found;
    const path = url.startsWith("file:") ? decodeURIComponent(new URL(url).pathname) : url;
    if (this.isUsers(path))
      sample.place = { function: name || "(anonymous)", file: path, line: Number(line) };
  }

  private settle(): void {
    const { sample } = this;
    if (sample === null) return;
    this.sample = null;
    const cause = sample.cause ?? "system call";
    const place = this.sites.length < MAX_SITES ? sample.place : null;
    const { function: name, file, line } = place ?? { function: "", file: "", line: 0 };
    const key = `${sample.threadClass}\n${cause}\n${file}\n${line}\n${name}`;
    let index = this.indexOf.get(key);
    if (index === undefined) {
      index = this.sites.push({ class: sample.threadClass, cause, function: name, file, line }) - 1;
      this.indexOf.set(key, index);
    }
    this.pids.push(sample.pid);
    this.micros.push(sample.micros);
    this.places.push(index);
  }
}

/** By the name that Node gives a thread; 20 gives none, 22 only to the pool's. */
function classOf(name: string, main: boolean): ThreadClass {
  if (main) return "loop";
  if (name.startsWith("libuv-worker")) return "pool";
  if (/^(?:V8Worker|DelayedTask)/.test(name)) return "v8";
  return name.startsWith("WorkerThread") ? "worker" : "other";
}

/** By the kernel's functions, innermost first; null when this one does not tell. */
function causeOf(symbol: string): DeepSite["cause"] | null {
  if (/futex/.test(symbol)) return "lock or message";
  if (/epoll|do_(?:sys_)?poll|ppoll/.test(symbol)) return "events";
  if (/irqentry|sysvec|exit_to_user_mode|asm_exc|preempt_schedule/.test(symbol)) return "preempted";
  return null;
}
