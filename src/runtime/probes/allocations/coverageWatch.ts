// Runtime: whether the user collects code coverage on this thread. Precise coverage is one switch of V8 for
// all sessions, and opening a heap window turns it off at the end: then there must be no window.

import { createRequire } from "node:module";
import { Patches } from "../../patch.ts";

export interface CoverageWatch {
  readonly active: boolean;
  stop(): void;
}

export function watchCoverage(): CoverageWatch {
  const words = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  const watch = {
    active: (process.env.NODE_V8_COVERAGE ?? "") !== "" || words.includes("--experimental-test-coverage"),
    stop: () => patches.restore(),
  };
  const patches = new Patches();
  const inspector = createRequire(process.execPath)("node:inspector") as typeof import("node:inspector");
  patches.replace(
    inspector.Session.prototype,
    ["post"],
    (original) =>
      ({
        post(this: unknown, method: unknown) {
          // Never back to false: of several sessions any may still want it.
          if (method === "Profiler.startPreciseCoverage") watch.active = true;
          return Reflect.apply(original, this, arguments);
        },
      }).post,
  );
  return watch;
}
