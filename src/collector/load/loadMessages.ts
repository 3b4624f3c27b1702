// Load: what the load process is told and what it says, one JSON line each.

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly durationSeconds: number;
  readonly method: string;
  /** Requests a second of all connections together; null: as many as the server answers. */
  readonly ratePerSecond: number | null;
  /** Each request on a connection of its own; else they are kept. */
  readonly reconnects?: boolean;
}

export interface LoadResult {
  readonly type: "result";
  /** Answered, whatever the status. */
  readonly answered: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type LoadMessage =
  | LoadResult
  /** From now on requests are sent. */
  | { readonly type: "started" }
  /** Answered in the last second. */
  | { readonly type: "progress"; readonly answered: number }
  | { readonly type: "failure"; readonly reason: string };
