// Leaf: what this machine charges for a copy, a hand-off, an allocation; part of the report.

/** Median and range of one calibrated cost. */
export interface Cost {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What the machine is. Null, or empty: it does not tell. */
export interface MachineFacts {
  /** As it names itself and its version: `Linux 6.1.0`. */
  readonly system: string;
  readonly processor: string;
  /** That the scheduler gives. */
  readonly cores: number;
  /** Cores' worth of processor time that a control group (a container's) allows; null: no limit. */
  readonly coreLimit: number | null;
  readonly memoryBytes: number;
  /** Of a control group; null: no limit. */
  readonly memoryLimitBytes: number | null;
  /** Of a page of memory, and of a line of the first data cache. */
  readonly pageBytes: number | null;
  readonly cacheLineBytes: number | null;
}

/** What this machine charges, measured at the start of the session by the user's own Node. */
export interface Calibration {
  readonly node: string;
  readonly tookMs: number;
  /** True when the deadline cut the measurement short: ranges are wider. */
  readonly partial: boolean;
  /**
   * Of the time that it could run, the part that it waited for a processor, 0 to 1: on a busy machine code is compiled late
   * and caches are cold, and prices are too high. Null: the kernel does not tell. Left out by earlier versions.
   */
  readonly waitedShare?: number | null;
  /** Nanoseconds a byte of each kind of copy, by the size in bytes that it was measured at. */
  readonly copies: Readonly<
    Record<
      "copy" | "encode" | "decode" | "clone" | "serialise" | "parse",
      readonly { readonly bytes: number; readonly nanosPerByte: Cost }[]
    >
  >;
  /** Microseconds of processor time. */
  readonly poolRoundTripMicros: Cost;
  readonly messageMicros: Cost;
  /** A turn of the loop for one immediate. Left out by earlier versions. */
  readonly hopMicros?: Cost;
  readonly processSpawnMicros: Cost;
  readonly wakeMicros: Cost;
  readonly syscallMicros: Cost;
  /** Microseconds of processor time of one kernel switch. */
  readonly switchMicros: Cost;
  /** Kernel switches that one threadpool round trip causes; null where the kernel does not count. */
  readonly switchesPerPoolRoundTrip: number | null;
  readonly switchesPerMessage: number | null;
  /** Nanoseconds a byte allocated on the heap, garbage collection left out (it is measured by itself). */
  readonly allocationNanosPerByte: Cost;
  readonly bufferNanosPerByte: Cost;
  /** Left out by earlier versions. */
  readonly machine?: MachineFacts;
}
