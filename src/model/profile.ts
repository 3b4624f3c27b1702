// Model: what a recording holds, immutable. Windows as they came, in one id space over all workers, so that any
// scope (a time range, a worker) can be summed up from them; sites are found when a report is made.

import type { Calibration } from "../protocol/calibration.ts";
import type { Kind, LockBasis } from "../protocol/categories.ts";
import type { DeepSwitches } from "../protocol/deepSwitches.ts";
import type { FileText } from "../protocol/measuredTexts.ts";
import type { ActiveTopology } from "../protocol/sessionFile.ts";
import type {
  CellRow,
  ChainRow,
  GcRow,
  HeapKept,
  HeapSizeRow,
  IoFigures,
  OwnFigures,
  PoolFigures,
  ProcessFigures,
  RequestRow,
  RouteFactsRow,
  RouteSampleRow,
  SampleRow,
  ThreadFigures,
  WaitRow,
} from "../protocol/window.ts";
import type { NoticeMessage, NoticePlace } from "../protocol/wire.ts";

export const PROFILE_SCHEMA = "darcy-profile/1";

/** Where a frame's code stands. `runtime` is Node itself, `darcy` our own preload. */
export type Origin = "user" | "dependency" | "runtime" | "darcy" | "unknown";

export interface Profile {
  readonly schema: typeof PROFILE_SCHEMA;
  readonly darcy: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly startedMicros: number;
  readonly endedMicros: number;
  /** Windows that end before it are warm-up. Microseconds since the epoch. */
  readonly measureFromMicros: number;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cores: number;
  /** What a quota (a container's) leaves of them, with a fraction. Left out by earlier versions. */
  readonly availableCores?: number;
  /** The commit that `cwd` was checked out at. Left out where it is not known, and by earlier versions. */
  readonly commit?: string;
  readonly topology: ActiveTopology;
  readonly calibration: Calibration | null;
  /** `basis` of locks, left out where it is exact. */
  /** By perf, where it was asked for. */
  readonly deepSwitches?: DeepSwitches;
  readonly operations: readonly {
    readonly kind: Kind;
    readonly callee: string;
    readonly basis?: LockBasis;
  }[];
  /** Of locks, from index 1: 0 is none. */
  readonly lockKeys?: readonly string[];
  readonly frames: readonly Frame[];
  /** The texts of the user's code that its frames are of, set by `sources/`. Left out by earlier versions. */
  readonly texts?: readonly MeasuredText[];
  /** Maps of scripts that were compiled in memory, until `sources/` has used them. */
  readonly sourceMaps?: readonly (Pick<Frame, "url" | "changedMs"> & { readonly map: string })[];
  /** Index 0 is the root (unknown). `parent` is an index into this list, `frame` into `frames`. */
  readonly stacks: readonly { readonly parent: number; readonly frame: number }[];
  readonly routes: readonly { readonly method: string; readonly route: string }[];
  readonly workers: readonly Worker[];
  readonly windows: readonly ProfileWindow[];
  /** In order. Left out by earlier versions: then a gap in the windows of all workers is taken for one. */
  readonly rests?: readonly RestSpan[];
  readonly notices: readonly ProfileNotice[];
  readonly dropped: { readonly windows: number; readonly samples: number; readonly frames: number };
}

export interface ProfileNotice extends Omit<NoticeMessage, "type" | "place"> {
  readonly atMicros: number;
  /** Until `sources/` has placed it; `changedMs` as of a frame. */
  readonly place?: NoticePlace & { readonly changedMs?: number };
}

export interface Frame {
  readonly url: string;
  readonly functionName: string;
  /** As V8 ran it; 0 when only `offset` is known. */
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly async: boolean;
  /**
   * When the script (or its map beside it) was last changed, milliseconds since 1970, before its process was started: a server
   * that is started anew runs other texts under the same names. Left out where it is not known which text ran, for what is not
   * the user's, and by earlier versions.
   */
  readonly changedMs?: number;
  /** The authored place, set by `sources/` when the recording is finished or shown. */
  readonly source: FrameSource | null;
  /** Where the function itself allocates, by its text; set by `sources/` for functions that heap samples name. */
  readonly allocates?: readonly AllocatingPlace[];
}
/** A place of a function that may make objects of `sizes`, or of any size within `range`, bytes. */
export interface AllocatingPlace {
  /** Authored. */
  readonly line: number;
  readonly column: number;
  readonly sizes: readonly number[];
  readonly range: readonly [from: number, to: number] | null;
  /** The function of V8's that it calls, "" for none. */
  readonly builtIn: string;
  /** It makes all of `sizes` each time; else one of them. */
  readonly together: boolean;
  /** What it makes instead until its code is optimised. */
  readonly unoptimised: readonly number[];
  /** It may allocate, and seldom does. */
  readonly seldom: boolean;
}
export interface FrameSource {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly origin: Origin;
}

/** One of the texts that a file had. */
export interface MeasuredText extends FileText {
  /** Of the script that was made of it (`Frame`). */
  readonly changedMs?: number;
}

export interface Worker {
  readonly peer: number;
  readonly pid: number;
  readonly threadId: number;
  readonly role: "peer" | "thread" | "child";
  readonly startedMicros: number;
  readonly endedMicros: number | null;
  readonly port: number | null;
  readonly argv: readonly string[];
  /** The worker, before it in the list, whose process had started its own and still ran. Left out where none is known. */
  readonly startedBy?: number;
}

/** Time in which all threads of the session rested: of what was measured in it there is no window. */
export interface RestSpan {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** A window of one worker; ids are indices into the profile's lists. */
export interface ProfileWindow {
  readonly worker: number;
  readonly startMicros: number;
  readonly endMicros: number;
  /** Of these, not measured: where windows on both sides of a rest were made one. Left out where it is 0. */
  readonly restMicros?: number;
  readonly cells: readonly CellRow[];
  readonly samples: readonly SampleRow[];
  readonly waits?: readonly WaitRow[];
  readonly heapSizes?: readonly HeapSizeRow[];
  readonly heapKept?: HeapKept;
  readonly requests: readonly RequestRow[];
  readonly routeSamples?: readonly RouteSampleRow[];
  readonly routeFacts?: readonly RouteFactsRow[];
  readonly chains?: readonly ChainRow[];
  readonly io?: IoFigures;
  readonly pool?: PoolFigures;
  readonly thread: ThreadFigures;
  readonly process: ProcessFigures | null;
  readonly gc: readonly GcRow[];
  readonly own: OwnFigures;
}
