// Runtime: what all threads of this process did since the last look, by class: loop, workers, libuv's pool,
// V8's helpers. Threads come and go between looks.

import { readdirSync } from "node:fs";
import type { ThreadClass, ThreadClassRow } from "../../../protocol/window.ts";
import { THREAD_CLASSES } from "../../../protocol/window.ts";
import type { ThreadBoard } from "../../threadBoard.ts";
import { KernelFile, parseSchedule, parseSwitches } from "./kernelFile.ts";

const TASKS = "/proc/self/task";
/** A look costs about 40 µs a thread. Past this many, the rest is told by the process's own counts only. */
const MAX_THREADS = 128;
/** Where threads have no names of their own (Node 20): as many as libuv starts. */
const POOL_SIZE = Number(process.env.UV_THREADPOOL_SIZE ?? 4) || 4;

interface Known {
  readonly name: null;
  readonly threadClass: ThreadClass;
  voluntary: number;
  involuntary: number;
  runQueueMicros: number;
}

interface Sum {
  threads: number;
  voluntary: number;
  involuntary: number;
  runQueueMicros: number;
}

export class ThreadClasses {
  private known = new Map<number, Known>();
  /** Threads that stood before the user's code ran: the loop's own and V8's helpers. */
  private readonly founders: ReadonlySet<number>;
  /** Of the pool's threads, those found in this look that have no name of their own. */
  private pool = 0;
  /** Switches of the process that no look has found on a thread yet, below 0 where looks were later. */
  private process: { voluntary: number; involuntary: number };

  private constructor(
    private readonly board: ThreadBoard,
    founders: readonly number[],
  ) {
    this.founders = new Set(founders);
    this.process = processSwitches();
    this.look();
    this.process = processSwitches();
  }

  /** Null where the platform does not list threads. */
  static open(board: ThreadBoard): ThreadClasses | null {
    const threads = listThreads();
    return threads === null ? null : new ThreadClasses(board, threads);
  }

  /** Rows since the last look. */
  look(): ThreadClassRow[] {
    const whole = processSwitches();
    const sums = new Map<ThreadClass, Sum>();
    const sumOf = (threadClass: ThreadClass): Sum => {
      const known = sums.get(threadClass);
      if (known !== undefined) return known;
      const sum = { threads: 0, voluntary: 0, involuntary: 0, runQueueMicros: 0 };
      sums.set(threadClass, sum);
      return sum;
    };
    const seen = new Map<number, Known>();
    this.pool = 0;
    let found = { voluntary: 0, involuntary: 0 };
    for (const id of (listThreads() ?? []).slice(0, MAX_THREADS)) {
      const counts = readCounts(id);
      if (counts === null) continue;
      let before = this.known.get(id);
      // The kernel may give a dead thread's id to a new one.
      if (before !== undefined && counts.voluntary < before.voluntary) before = undefined;
      const threadClass = isFinal(before) ? before.threadClass : this.classOf(id, counts.name);
      // A thread that was not there at the last look has done all of it since.
      const voluntary = counts.voluntary - (before?.voluntary ?? 0);
      const involuntary = Math.max(0, counts.involuntary - (before?.involuntary ?? 0));
      const sum = sumOf(threadClass);
      sum.threads++;
      sum.voluntary += voluntary;
      sum.involuntary += involuntary;
      sum.runQueueMicros += Math.max(0, counts.runQueueMicros - (before?.runQueueMicros ?? 0));
      found = { voluntary: found.voluntary + voluntary, involuntary: found.involuntary + involuntary };
      // Not the name: it would keep the whole text that it was cut from.
      seen.set(id, { ...counts, name: null, threadClass });
    }
    this.addGone(whole, found, seen, sumOf);
    this.known = seen;
    return THREAD_CLASSES.flatMap((threadClass): ThreadClassRow[] => {
      const sum = sums.get(threadClass);
      return sum === undefined
        ? []
        : [[threadClass, sum.threads, sum.voluntary, sum.involuntary, sum.runQueueMicros]];
    });
  }

  /** What ended threads did after the last look: the process's counts still hold it. */
  private addGone(
    whole: SwitchPair,
    found: SwitchPair,
    seen: ReadonlyMap<number, Known>,
    sumOf: (c: ThreadClass) => Sum,
  ) {
    const rest = {
      voluntary: whole.voluntary - this.process.voluntary - found.voluntary,
      involuntary: whole.involuntary - this.process.involuntary - found.involuntary,
    };
    const gone = [...this.known].find(([id]) => !seen.has(id));
    const claimed = gone === undefined ? { voluntary: 0, involuntary: 0 } : rest;
    if (gone !== undefined) {
      const sum = sumOf(gone[1].threadClass);
      sum.voluntary += Math.max(0, rest.voluntary);
      sum.involuntary += Math.max(0, rest.involuntary);
    }
    // What was not claimed is carried on: the counts and the threads are not read in one instant.
    this.process = {
      voluntary: this.process.voluntary + found.voluntary + Math.max(0, claimed.voluntary),
      involuntary: this.process.involuntary + found.involuntary + Math.max(0, claimed.involuntary),
    };
  }

  private classOf(id: number, name: string): ThreadClass {
    if (id === process.pid) return "loop";
    if (this.board.isWorker(id)) return "worker";
    if (name.startsWith("libuv-worker")) return "pool";
    if (name.startsWith("WorkerThread")) return "worker";
    if (/V8Worker|DelayedTask/.test(name)) return "v8";
    if (name.startsWith("SignalInspector")) return "other";
    // No name of its own: Node 20 names none of them, 22 not V8's.
    if (this.founders.has(id)) return "v8";
    const namesPool = Number.parseInt(process.versions.node, 10) >= 22;
    if (!namesPool && this.pool < POOL_SIZE) {
      this.pool++;
      return "pool";
    }
    return "other";
  }
}

/** A worker tells its id some time after its thread is there: until then it may seem to be another. */
function isFinal(known: Known | undefined): known is Known {
  return known !== undefined && known.threadClass !== "pool" && known.threadClass !== "other";
}

interface SwitchPair {
  readonly voluntary: number;
  readonly involuntary: number;
}

function processSwitches(): SwitchPair {
  const { voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
  return { voluntary: voluntaryContextSwitches, involuntary: involuntaryContextSwitches };
}

function listThreads(): number[] | null {
  try {
    return readdirSync(TASKS).map(Number);
  } catch {
    return null;
  }
}

/** Null when the thread has ended meanwhile. */
function readCounts(
  id: number,
): { name: string; voluntary: number; involuntary: number; runQueueMicros: number } | null {
  const status = readOnce(`${TASKS}/${id}/status`);
  const switches = status === null ? null : parseSwitches(status);
  if (status === null || switches === null) return null;
  const schedstat = readOnce(`${TASKS}/${id}/schedstat`);
  const times = schedstat === null ? null : parseSchedule(schedstat);
  const name = /^Name:\t(.*)$/m.exec(status)?.[1] ?? "";
  return { name, ...switches, runQueueMicros: times?.runQueueMicros ?? 0 };
}

function readOnce(path: string): string | null {
  const file = KernelFile.open(path);
  const text = file?.read() ?? null;
  file?.close();
  return text;
}
