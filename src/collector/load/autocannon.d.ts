// Load: the part of autocannon that we use; the package has no types of its own.

declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  namespace autocannon {
    interface Options {
      readonly url: string;
      readonly connections: number;
      /** Seconds. */
      readonly duration: number;
      readonly method: string;
      /** Requests a second of all connections together. */
      readonly overallRate?: number;
      /** Seconds until a request without an answer counts as an error. */
      readonly timeout?: number;
    }
    interface Result {
      readonly duration: number;
      readonly errors: number;
      readonly timeouts: number;
      readonly non2xx: number;
      readonly "2xx": number;
      readonly requests: { readonly average: number; readonly total: number };
      /** Milliseconds. */
      readonly latency: { readonly p50: number; readonly p99: number };
    }
    interface Instance extends EventEmitter<{ tick: [{ counter: number; bytes: number }] }> {
      stop(): void;
    }
  }
  function autocannon(
    options: autocannon.Options,
    done: (error: Error | null, result: autocannon.Result) => void,
  ): autocannon.Instance;
  export = autocannon;
}
