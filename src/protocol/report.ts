// Leaf: the report, Darcy's contract with whoever reads its JSON. Change it only by adding.
// Lines and columns count from 1; `file` is the absolute path of the authored source; an unavailable figure
// is null, never 0.

import type { Calibration } from "./calibration.ts";
import type { AmountUnit, Category, Kind, LockBasis } from "./categories.ts";
import type { DeepSwitchesReport } from "./deepSwitches.ts";
import type { HopsReport, WakesReport } from "./loops.ts";
import type { RequestsReport } from "./requests.ts";
import type { ActiveTopology } from "./sessionFile.ts";
import type { ThreadClass } from "./window.ts";
import type { NoticeCode } from "./wire.ts";

export const REPORT_SCHEMA = "darcy-report/1";

export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cores: number;
  /** Processors that the server may use: fewer than `cores` under a quota (a container's), with a fraction. */
  readonly availableCores: number;
  readonly command: readonly string[];
  /** ISO 8601, start of the recording. */
  readonly startedAt: string;
  /** What was checked out where the server ran, as its hash; null where that is not known. Left out by earlier versions. */
  readonly commit?: string | null;
  readonly topology: ActiveTopology;
  /** Measured time, warm-up excluded. */
  readonly durationMs: number;
  /** The part of the time in which the workers were measured, 0 to 1; 1 without rests. Left out by earlier versions. */
  readonly measuredShare?: number;
  readonly warmupMs: number;
  readonly calibration: Calibration | null;
  readonly workers: readonly WorkerReport[];
  /** Of the whole recording, in order. Left out by earlier versions. */
  readonly restarts?: readonly Restart[];
  /** What the kernel counted of all threads of all processes, by class; empty where it does not tell. */
  readonly threads: readonly ThreadReport[];
  /** Threads that ran or were ready to run, mean over the time; null where the kernel does not tell. */
  readonly runnableThreads: number | null;
  /** Libuv's, by the jobs that were seen; null where there were none. */
  readonly threadPool: ThreadPoolReport | null;
  /** Work put off within one thread; null where it was not measured. Left out by earlier versions. */
  readonly hops?: HopsReport | null;
  /** By perf, with `--deep-switches`; null without. */
  readonly deepSwitches: DeepSwitchesReport | null;
  /** Coefficient of variation of the workers' requests; null with fewer than two. */
  readonly balance: number | null;
  readonly requests: RequestsReport;
  /** Null where it was not measured. */
  readonly io: IoReport | null;
  /** The most bytes first. */
  readonly chains: readonly CopyChain[];
  /** Processor time a request, microseconds, all threads of all workers, Darcy's own left out. */
  readonly processorMicrosPerRequest: number | null;
  readonly totals: Readonly<Record<Category, CategoryTotals>>;
  /** Null where it was not measured; left out by earlier versions. */
  readonly offHeap?: OffHeapReport | null;
  readonly hotspots: readonly Hotspot[];
  readonly findings: readonly Finding[];
  readonly gc: readonly { readonly kind: string; readonly count: number; readonly micros: number }[];
  readonly selfOverhead: SelfOverhead;
  readonly dropped: { readonly windows: number; readonly samples: number; readonly frames: number };
  readonly notices: readonly {
    readonly code: NoticeCode;
    readonly severity: string;
    readonly text: string;
  }[];
}

/** The whole server, or one of its workers, was started again while it was recorded. */
export interface Restart {
  /** Since the recording's start. */
  readonly atMs: number;
  readonly what: "server" | "worker";
  /** The symmetric peer's index. */
  readonly worker: number;
  readonly pid: number;
}

export interface WorkerReport {
  /** The symmetric peer's index, which its threads and a successor share; `pid` and `threadId` tell them apart. */
  readonly id: number;
  readonly pid: number;
  readonly threadId: number;
  /** `peer`: listens; `thread`: the user's worker thread; `child`: another process of the user's. */
  readonly role: "peer" | "thread" | "child";
  /** Of a peer that is a server beside the one that has the workers (a gateway's service): where it listens. Else left out. */
  readonly port?: number;
  readonly requests: number;
  readonly connections: number | null;
  readonly cpuMs: number | null;
  /** 0 to 1. */
  readonly loopUtilization: number;
  readonly voluntary: number | null;
  readonly involuntary: number | null;
  readonly runQueueMs: number | null;
  readonly gcMs: number;
  /** Loop events per wake-up: the batching factor. */
  readonly eventsPerWakeup: number | null;
  /** Null where the kernel or libuv does not count. Left out by earlier versions. */
  readonly wakes?: WakesReport | null;
}

/** Threads of one class: event loops, the user's worker threads, libuv's pool, V8's helpers, others. */
export interface ThreadReport {
  readonly class: ThreadClass;
  /** The most at one time, summed over the processes. */
  readonly threads: number;
  readonly voluntary: number;
  readonly involuntary: number;
  /** Ready to run without a processor. */
  readonly runQueueMs: number;
}

/** Libuv's thread pool, the mean of the processes that use it. */
export interface ThreadPoolReport {
  /** Threads of one process. */
  readonly size: number;
  readonly jobs: number;
  /** Threads of one process with a job, mean over the time. */
  readonly busyThreads: number;
  /** 0 to 1: time in which all threads had a job and others waited. */
  readonly saturated: number;
  /** Small jobs of Darcy's own, and what one waited on average, and should have by the jobs that were seen. */
  readonly checks: number;
  readonly checkedWaitMicros: number | null;
  readonly modelledWaitMicros: number | null;
}

/**
 * Copies of the same data one after the other, in requests of one route. Of requests that were traced: all of these's
 * copies were looked at.
 */
export interface CopyChain {
  readonly method: string;
  readonly route: string;
  /** Requests of the route that were traced, and those that had this chain. */
  readonly traced: number;
  readonly seen: number;
  /** Bytes copied by all stations, a request of the route. */
  readonly bytesPerRequest: number;
  /** Processor time of all stations, a request of the whole server, at calibrated prices. */
  readonly impactMicrosPerRequest: number | null;
  readonly stations: readonly ChainStation[];
}
export interface ChainStation extends Location {
  readonly kind: Kind;
  readonly callee: string;
  /** The station (index) whose result it copies; null for the first. */
  readonly from: number | null;
  /** A request of the route. */
  readonly copies: number;
  readonly bytesPerRequest: number;
}

/** What went in and out of the server, all workers; of files as far as calls tell (docs/figures.md). */
export interface IoReport {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly fileBytes: number;
  /** Bytes copied / these bytes; null where nothing was moved or copies were not measured. */
  readonly copyAmplification: number | null;
}

/** Memory off V8's heap, as far as `arrayBuffers` and `external` of the threads tell. */
export interface OffHeapReport {
  /** Counted by what makes it; in the totals of allocations. */
  readonly countedBytes: number;
  /**
   * At least so much more was made, by nobody that was seen; in no total, but held against `explained`. Null in recordings of
   * earlier versions.
   */
  readonly unexplainedBytes: number | null;
  readonly unexplainedPerRequest: number | null;
}

export interface CategoryTotals {
  /** Copies made, hand-offs (a pool job is two), heap and buffer allocations where counted, waits. */
  readonly count: number | null;
  /** Bytes; kernel switches (hand-offs are in `count`); bytes; microseconds waited. */
  readonly amount: number | null;
  readonly unit: AmountUnit;
  readonly perRequest: number | null;
  /** Processor time, for locks waiting time. Never add the two. */
  readonly impactMicrosPerRequest: number | null;
  /** 0 to 1: the share that a user's line or a known cause accounts for; see docs/figures.md. */
  readonly explained: number | null;
}

export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

export type Confidence = "exact" | "sampled" | "inferred";

export interface Hotspot {
  readonly category: Category;
  readonly kind: Kind;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
  /** What the line calls that costs: a dependency's or Node's function, or the operation itself. */
  readonly callee: string;
  /** The package that the line calls or stands in; null: the user's own code or Node's. Left out by earlier versions. */
  readonly dependency?: string | null;
  readonly count: number;
  readonly amount: number;
  readonly unit: AmountUnit;
  /** Amount a request; for locks microseconds. */
  readonly perRequest: number | null;
  /** 0 to 1, of its category. */
  readonly share: number;
  readonly impactMicrosPerRequest: number | null;
  readonly samples: number;
  /** Half the 95 % interval over the value; 0.04 is shown as ± 4 %. Null: fewer than 5 samples. */
  readonly relativeError: number | null;
  readonly confidence: Confidence;
  /** The line that held the lock (the holder with the most waiting); null elsewhere or when unknown. */
  readonly holder: Location | null;
  /** How the wait was seen; null elsewhere. `share` of what is no contention is of all that is none. */
  readonly basis: LockBasis | null;
  /** The line that let the waiter in (the one with the most waiting), where that is not the holder's. */
  readonly releaser: Location | null;
  /** The lock's key with the most waiting: the user's own data. Null where the lock has none. */
  readonly key: string | null;
  /** The keys with the most waiting, and their share of this site's, 0 to 1. */
  readonly keys: readonly { readonly key: string; readonly share: number }[];
  /** How many waited, this one included, when a wait began. Null where it is not known. */
  readonly queue: { readonly mean: number; readonly max: number } | null;
  /** The routes with the most of it, and their shares of what is known by request, 0 to 1; empty where nothing is. */
  readonly routes: readonly { readonly method: string; readonly route: string; readonly share: number }[];
  /** For how long the holder had what they waited for: for a loop wait the length of the block. Null: not known. */
  readonly hold: { readonly meanMicros: number; readonly maxMicros: number } | null;
  /** Innermost first, of the heaviest stack. */
  readonly stack: readonly Location[];
  /** Amount by worker, in the order of `workers`. */
  readonly byWorker: readonly number[];
  /**
   * Of objects (heap allocation) alone: how `line` is known. `exact`: its function allocates on no other line. `estimated`: by
   * the objects' sizes and the function's text. `function`: it is where the function begins, which of `candidates` allocates is not known.
   */
  readonly lineBasis?: "exact" | "estimated" | "function";
  /** The function's objects by size, most bytes first; a sample's sizes, so that counts are estimates. Up to 8. */
  readonly sizes?: readonly { readonly bytes: number; readonly count: number }[];
  /** Lines of the function that may allocate, in order; up to 12. */
  readonly candidates?: readonly number[];
  /** Of allocations: collections' pauses charged to it, microseconds. Left out where it is charged none. */
  readonly pauses?: {
    /** Of the young generation, by bytes. */
    readonly youngMicrosPerRequest: number | null;
    /** Of the whole heap, by what is kept; where that is not known, by bytes. */
    readonly fullMicrosPerRequest: number | null;
    readonly fullBasis: "kept bytes" | "bytes";
  };
  /**
   * Of objects: what was still in use a quarter of a second after it was allocated, at most; the rest was garbage by then. By samples of
   * its own, of the function where several of its lines allocate. Null: not known.
   */
  readonly kept?: {
    /** 0 to 1, of the site's bytes. */
    readonly share: number;
    readonly bytesPerRequest: number | null;
    readonly samples: number;
    /** Half the 95 % interval over the value; null: fewer than 5 samples. */
    readonly relativeError: number | null;
  } | null;
}

export interface Finding {
  readonly id: string;
  readonly claim: string;
  readonly category: Category | null;
  readonly score: number;
  readonly title: string;
  readonly evidence: string;
  readonly advice: string;
  readonly locations: readonly Location[];
}

export interface SelfOverhead {
  /** 0 to 1 of the server's processor time: Darcy's own code. */
  readonly share: number | null;
  readonly microsPerRequest: number | null;
  readonly stacksPerSecond: number;
  /** Null: nothing to compare with; left out by earlier versions. */
  readonly compared?: ComparedOverhead | null;
}

/** All that Darcy costs the server while it measures, as its rests show: also what V8 does otherwise. */
export interface ComparedOverhead {
  /** Processor time a request while it measures, over that in the rests before: 1 is no cost. */
  readonly ratio: number;
  /** Half of the 95 % interval of `ratio`, by how much it differs from rest to rest; null: too few. */
  readonly halfWidth: number | null;
  /** How many rests. */
  readonly rests: number;
}
