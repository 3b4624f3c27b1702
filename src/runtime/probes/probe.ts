// Runtime: the one contract that every probe keeps. Probes observe, never alter; start() may patch, stop()
// restores. Nothing in here may throw into the user's code: what a probe's own part throws is counted by
// `Faults`, which turns the probe off after three.

import type { SamplingOptions } from "../../protocol/sessionFile.ts";
import type {
  ChainRow,
  GcRow,
  HeapKept,
  HeapSizeRow,
  IoFigures,
  PlainFigures,
  PoolFigures,
  ProcessFigures,
  RequestRow,
  RouteFactsRow,
  RouteRow,
  RouteSampleRow,
  ThreadFigures,
} from "../../protocol/window.ts";
import type { NoticeMessage } from "../../protocol/wire.ts";
import type { Faults } from "../faults.ts";
import type { Meter } from "../sampling/meter.ts";

export interface Probe {
  readonly name: string;
  /** A reason when this Node or platform can't run it, else null. */
  unavailable(): string | null;
  start(context: ProbeContext): void;
  /** Called once a window, on the thread that is measured. */
  collect?(window: WindowDraft): void;
  /** A rest begins with the window that is cut next: what is known so far is told now. */
  beforeRest?(): void;
  /** Requests of this window so far, which stay in it: for somebody who looks on. Cheap, four times a second. */
  glance?(into: GlanceDraft): void;
  /**
   * The thread is not measured for a while (see `rest.ts`): what costs the server something is taken away. Patches that
   * are `RestingPatches` are meanwhile, by themselves.
   */
  rest?(): void;
  /** A stretch of the rest begins, until `beforeResume`, in which it is looked at what requests cost without us. */
  lookPlainly?(): void;
  /** The rest ends soon. Not called where it ends unforeseen. */
  beforeResume?(): void;
  /** It is measured again; what happened meanwhile is not told. */
  resume?(): void;
  stop(): void;
}

export interface ProbeContext {
  readonly meter: Meter;
  readonly faults: Faults;
  readonly options: SamplingOptions;
  readonly mainThread: boolean;
  notice(message: Omit<NoticeMessage, "type">): void;
}

export interface GlanceDraft {
  readonly routes: RouteRow[];
  readonly requests: RequestRow[];
}

/** What probes add to a window beside the meter's cells and samples. */
export interface WindowDraft {
  /** Microseconds of wall time that the window covers. */
  readonly wallMicros: number;
  readonly thread: { -readonly [K in keyof ThreadFigures]: ThreadFigures[K] };
  process: ProcessFigures | null;
  pool?: PoolFigures;
  readonly gc: GcRow[];
  readonly heapSizes: HeapSizeRow[];
  heapKept?: HeapKept;
  readonly routes: RouteRow[];
  readonly requests: RequestRow[];
  routeSamples?: RouteSampleRow[];
  routeFacts?: RouteFactsRow[];
  chains?: ChainRow[];
  io?: IoFigures;
  readonly own: { heapWindowMicros: number; windowMicros: number; plain?: PlainFigures };
}
