// Runtime: what the user's own code asks of this thread's inspector. Precise coverage and the heap sampler are
// each one switch of V8 for all sessions: where the user wants one, ours makes way before.

import { createRequire } from "node:module";
import { builtin } from "../../builtins.ts";
import { Patches } from "../../patch.ts";

const COVERAGE = "Profiler.startPreciseCoverage";
const SAMPLING = "HeapProfiler.startSampling";

/** Sessions of ours: what they ask for is not the user's. */
export const ownSessions = new WeakSet<object>();

export class InspectorWatch {
  /** The user collects coverage on this thread; once seen it stays so, of several sessions any may want it. */
  coverage: boolean;
  private readonly patches = new Patches();

  /** `makeWay` is called before the user starts coverage or heap sampling. */
  constructor(makeWay: () => void) {
    const words = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
    this.coverage =
      (process.env.NODE_V8_COVERAGE ?? "") !== "" || words.includes("--experimental-test-coverage");
    const watch = this;
    const inspector = createRequire(process.execPath)("node:inspector") as typeof import("node:inspector");
    this.patches.replace(inspector.Session.prototype, ["post"], (original) => {
      const { post } = {
        post(this: unknown, method: unknown): unknown {
          if (ownSessions.has(this as object)) return Reflect.apply(original, this, arguments);
          if (method === COVERAGE) watch.coverage = true;
          if (method === COVERAGE || method === SAMPLING) makeWay();
          return Reflect.apply(original, this, arguments);
        },
      };
      return post;
    });
    // Node 26's own way to the same sampler: it throws while another samples.
    this.patches.replace(builtin<{ startHeapProfile?: unknown }>("v8"), ["startHeapProfile"], (original) => {
      return function startHeapProfile(this: unknown): unknown {
        makeWay();
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  stop(): void {
    this.patches.restore();
  }
}
