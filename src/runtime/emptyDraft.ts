// Runtime: a window before the probes have told anything: what nobody tells is unknown, not 0.

import type { WindowDraft } from "./probes/probe.ts";

export function emptyDraft(wallMicros: number): WindowDraft {
  return {
    wallMicros,
    thread: {
      voluntary: null,
      involuntary: null,
      runQueueMicros: null,
      cpuMicros: null,
      loopActiveMicros: 0,
      loopIterations: null,
      loopEvents: null,
      allocatedBytes: null,
    },
    process: null,
    gc: [],
    heapSizes: [],
    routes: [],
    requests: [],
    own: { heapWindowMicros: 0, windowMicros: 0 },
  };
}
