// Leaf: the window, what one thread measured in one interval. Lists of numbers are positional to keep it small: each tuple
// type names its places. Ids are per connection and never reused.

import type { Kind, LockBasis } from "./categories.ts";

/** What of a thread's window that is not cut yet can be told cheaply: it comes with the window again. */
export interface GlanceMessage {
  readonly type: "glance";
  /** Of the window so far, microseconds since the epoch. */
  readonly startMicros: number;
  readonly endMicros: number;
  /** That no window has told yet. */
  readonly routes: readonly RouteRow[];
  readonly requests: readonly RequestRow[];
}

/** One interval of one thread. */
export interface WindowMessage {
  readonly type: "window";
  /** From 0, without gaps unless windows were dropped. */
  readonly sequence: number;
  /** Microseconds since the epoch. */
  readonly startMicros: number;
  readonly endMicros: number;
  /** Interned in this window; a reader must know all earlier windows' rows. */
  readonly operations: readonly OperationRow[];
  readonly scripts: readonly ScriptRow[];
  /** Of scripts that were compiled in memory (tsx, ts-node): their maps are nowhere on disk. */
  readonly sourceMaps?: readonly SourceMapRow[];
  readonly frames: readonly FrameRow[];
  readonly stacks: readonly StackRow[];
  readonly routes: readonly RouteRow[];
  /** Exact. */
  readonly cells: readonly CellRow[];
  /** Estimates; scaled to the exact cells by the model. */
  readonly samples: readonly SampleRow[];
  /** Of sampled waits: the keys of locks, and what is known beside the holder. Left out where there is nothing. */
  readonly lockKeys?: readonly LockKeyRow[];
  readonly waits?: readonly WaitRow[];
  /** Of heap samples alone, which are among `samples`, too: what the inspector told, undecoded. */
  readonly heapSizes?: readonly HeapSizeRow[];
  /** Left out where it was not looked for. */
  readonly heapKept?: HeapKept;
  readonly requests: readonly RequestRow[];
  /** Of requests that finished in this window. Left out where there is nothing. */
  readonly routeSamples?: readonly RouteSampleRow[];
  readonly routeFacts?: readonly RouteFactsRow[];
  readonly chains?: readonly ChainRow[];
  readonly io?: IoFigures;
  readonly thread: ThreadFigures;
  /** On a process's main thread only. */
  readonly process: ProcessFigures | null;
  /** Left out where the pool had nothing to do. */
  readonly pool?: PoolFigures;
  readonly gc: readonly GcRow[];
  readonly own: OwnFigures;
}

/** `callee` is what the user sees, as `Buffer.concat`. */
export type OperationRow = readonly [
  id: number,
  kind: Kind,
  callee: string,
  /** Of locks; left out it is exact. */
  basis?: LockBasis,
];
/** `url` as V8 has it: a path, a `file:` URL, `node:…`. */
export type ScriptRow = readonly [id: number, url: string];
/** The map's JSON, or the `data:` URL that held it; without `sourcesContent` where that is easy. */
export type SourceMapRow = readonly [script: number, map: string];
/** Longer ones are not sent, UTF-16 units; nor more than this in one window together. */
export const MAX_SOURCE_MAP_LENGTH = 1_000_000;
/**
 * Line and column count from 1. A column of 0: the line is known and not where in it. A line of 0: only the offset in the script (UTF-16 units) is known and the
 * collector looks the line up (the first look-up in a large script would stall the user's loop).
 */
export type FrameRow = readonly [
  id: number,
  script: number,
  functionName: string,
  line: number,
  column: number,
  offset: number,
  /** 1 when this frame awaits the frame below it in the row order, 0 for a plain call. */
  async: 0 | 1,
];
/** A node of the stack trie: the leaf (innermost) frame and the stack of its caller; parent 0 is the root. */
export type StackRow = readonly [id: number, parent: number, frame: number];
export type RouteRow = readonly [id: number, method: string, route: string];

/** An operation's exact totals by size class: class c holds amounts of [2^(c-1), 2^c), 0 those under 1. */
export type CellRow = readonly [
  operation: number,
  sizeClass: number,
  count: number,
  amount: number,
  /** Events whose duration was measured, and the microseconds of these; left out where none was. */
  timed?: number,
  timedMicros?: number,
];
/**
 * Sampled events of one operation, size class, stack and holder, summed. `count` and `amount` are the
 * estimates (each event weighted by 1 / its probability), `samples` how many were taken. Stack 0: unknown.
 * `effective`: as many equal samples would be as good as these, (sum of amounts)² / sum of their squares; left out
 * where all were about equal.
 */
export type SampleRow = readonly [
  operation: number,
  sizeClass: number,
  stack: number,
  holder: number,
  samples: number,
  count: number,
  amount: number,
  effective?: number,
];
/** A lock's key, which is the user's data: cut at `MAX_KEY_LENGTH`, at most `MAX_KEYS` of a thread told apart. */
export type LockKeyRow = readonly [id: number, key: string];
export const MAX_KEY_LENGTH = 80;
export const MAX_KEYS = 1_000;
/**
 * Sampled waits of one operation, stack, key and releaser, summed and weighted as `SampleRow`. Key 0: none; releaser 0:
 * not known.
 */
export type WaitRow = readonly [
  operation: number,
  stack: number,
  key: number,
  /** Stack of the call that let it in. */
  releaser: number,
  amount: number,
  /** Waits whose queue is known, the sum of its lengths (itself included) as they began, and the longest. */
  queued: number,
  queueLength: number,
  longestQueue: number,
  /** Of these, where it is known: for how long the holder had what they waited for, summed, and at most. Microseconds. */
  heldMicros?: number,
  longestHeldMicros?: number,
];
/**
 * V8's heap samples of one stack, interval, told size (see objectSizes.ts) and built-in: its name where the innermost frame is
 * one of V8's own functions (`map`, `Map`), else "".
 */
export type HeapSizeRow = readonly [
  stack: number,
  intervalBytes: number,
  told: number,
  samples: number,
  builtIn: string,
];
/** In one window. */
export const MAX_HEAP_SIZE_ROWS = 4_096;
/** A while's sampled heap objects that were still in use at its end, by stack, and all bytes that were allocated in it. */
export type HeapKept = readonly [allocatedBytes: number, rows: readonly HeapKeptRow[]];
export type HeapKeptRow = readonly [stack: number, samples: number, bytes: number];
/** Completed requests of one route, or messages of one port: the histogram is sparse (see latencyBuckets.ts). */
export type RequestRow = readonly [
  route: number,
  count: number,
  /** Of those whose beginning was seen, as the histogram. */
  totalMicros: number,
  buckets: readonly (readonly [bucket: number, count: number])[],
  /** Of these, the ones that the event loop kept waiting, and for how long together; left out where none was. */
  loopWaits?: number,
  loopWaitMicros?: number,
  /** Of these, messages and those that began in a rest: how long they took is not known. Left out where there are none. */
  untimed?: number,
];
/** As `SampleRow`, of followed requests of one route, with the route in the holder's place. */
export type RouteSampleRow = readonly [
  operation: number,
  sizeClass: number,
  stack: number,
  route: number,
  samples: number,
  count: number,
  amount: number,
  effective?: number,
];
/** Of one route's finished requests. */
export type RouteFactsRow = readonly [
  route: number,
  /** Bytes that came and went on the requests' own connections. */
  connectionBytes: number,
  /** Requests that were followed from start to finish: `RouteSampleRow`s and the next are of these only. */
  followed: number,
  /** Bytes that they moved elsewhere, as far as that is known by request: files, and HTTP requests of their own. */
  otherBytes: number,
  /** Requests all of whose copies were looked at: `ChainRow`s are of these only. */
  traced: number,
];
/** Copies of the same data one after the other, within traced requests of one route; equal ones are summed. */
export type ChainRow = readonly [route: number, chains: number, stations: readonly ChainStationRow[]];
/** The copies of one line in a chain. Sums over the row's chains. */
export type ChainStationRow = readonly [
  operation: number,
  stack: number,
  /** The station whose result it copied: its place in the row counted from 1, always an earlier one; 0: the first. */
  from: number,
  copies: number,
  bytes: number,
];
export const MAX_STATIONS = 16;
/** Bytes that this thread moved in this window. */
export interface IoFigures {
  /** By all sockets and pipes but Darcy's own. */
  readonly received: number;
  readonly sent: number;
  /** Read from files and written to them. */
  readonly files: number;
}
export const GC_KINDS = ["minor", "major", "incremental", "weak"] as const;
export type GcKind = (typeof GC_KINDS)[number];
export type GcRow = readonly [kind: GcKind, count: number, micros: number];

/** Of this thread, in this window. Null where the platform does not report it. */
export interface ThreadFigures {
  readonly voluntary: number | null;
  readonly involuntary: number | null;
  readonly runQueueMicros: number | null;
  readonly cpuMicros: number | null;
  /** Time the loop was not waiting for events. */
  readonly loopActiveMicros: number;
  readonly loopIterations: number | null;
  readonly loopEvents: number | null;
  /** Of these, the ones that were there before the loop would have slept. Left out by earlier versions. */
  readonly loopEventsWaiting?: number | null;
  /** Bytes V8 allocated on the heap, from garbage collections' own before and after; null where unknown. */
  readonly allocatedBytes: number | null;
  /** Made off the heap at least, beyond what `buffers` count. Left out where it was not measured, and by earlier versions. */
  readonly uncountedOffHeapBytes?: number;
}

/** Of libuv's thread pool as its jobs of this thread tell, in this window. */
export type PoolFigures = readonly [
  size: number,
  jobs: number,
  /** Summed over the pool's threads. */
  busyMicros: number,
  /** Time in which all of its threads had a job and others waited. */
  saturatedMicros: number,
  /** Small jobs of our own: how many, how long they waited, how long they should have by the model. */
  checks: number,
  checkedMicros: number,
  modelledMicros: number,
];

/** Of the whole process, in this window. */
export interface ProcessFigures {
  readonly cpuMicros: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly openConnections: number;
  /** Connections that came in this window. Left out by earlier versions. */
  readonly accepted?: number;
  readonly threads: readonly ThreadClassRow[];
}
export const THREAD_CLASSES = ["loop", "worker", "pool", "v8", "other"] as const;
export type ThreadClass = (typeof THREAD_CLASSES)[number];
export type ThreadClassRow = readonly [
  threadClass: ThreadClass,
  threads: number,
  voluntary: number,
  involuntary: number,
  runQueueMicros: number,
];

/** What measuring cost this thread in this window, and what it could not keep. */
export interface OwnFigures {
  /** Microseconds spent in capturing stacks, in building and sending windows, and in heap windows. */
  readonly stackMicros: number;
  readonly windowMicros: number;
  readonly stacks: number;
  readonly droppedWindows: number;
  readonly droppedSamples: number;
  readonly faults: number;
  /** Microseconds of this window that ran with inlining off, whose heap samples are exact by function. */
  readonly heapWindowMicros: number;
  /** Of the rest before, in the first window after it; left out where it is not known. */
  readonly plain?: PlainFigures;
}

/** What requests cost in a stretch of a rest, in which nothing but their number is looked at. */
export interface PlainFigures {
  /** How many stretches. */
  readonly rests: number;
  /** This thread's that ended in it, of HTTP/1. */
  readonly requests: number;
  /** Processor time of the whole process; null on threads other than its main one. */
  readonly cpuMicros: number | null;
}
