// Leaf: what the report says of requests, in all and by route.

export interface RequestsReport {
  readonly total: number;
  readonly perSecond: number;
  /** Of `total`, messages and those that began in a rest: no latency is known of them. Left out where there are none. */
  readonly untimed?: number;
  readonly meanMicros: number | null;
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
  readonly routes: readonly RouteReport[];
}
export interface RouteReport {
  readonly method: string;
  readonly route: string;
  readonly count: number;
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
  /** Requests that were followed from start to finish: the costs are of these, and taken to be all others'. */
  readonly followed: number;
  readonly costs: RouteCosts;
  /** Bytes that a request moved: on its connection, in files and by HTTP requests of its own. */
  readonly movedBytes: number | null;
  /** Bytes copied / bytes moved. Null where what was moved is not known well enough by request. */
  readonly copyAmplification: number | null;
  /** Of these, the requests that the event loop kept waiting, and the mean of their waits; null: not measured. */
  readonly loopWaits: { readonly count: number; readonly meanMicros: number } | null;
}

/** Null: not measured, or no request of the route was followed. What V8 allocates on the heap is not known by request. */
export interface RouteCosts {
  /** Bytes. */
  readonly copies: RouteCost | null;
  /** Hand-offs, not kernel switches. */
  readonly switches: RouteCost | null;
  /** Bytes of Buffers. */
  readonly buffers: RouteCost | null;
  /** Microseconds waited. */
  readonly locks: RouteCost | null;
}
export interface RouteCost {
  readonly perRequest: number;
  readonly impactMicrosPerRequest: number | null;
  readonly samples: number;
  /** As a hotspot's. */
  readonly relativeError: number | null;
}
