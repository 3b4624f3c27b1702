// Runtime: V8's sampling heap profiler of this thread, through an inspector session of our own. In-process
// posts answer synchronously.

import type { Runtime, Session } from "node:inspector";
import { createRequire } from "node:module";
import { ownSessions } from "./inspectorWatch.ts";

/** As the inspector sends it; Node's types lack the ids and the samples. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: Runtime.CallFrame;
  readonly children: readonly ProfileNode[];
}
export interface SamplingProfile {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly size: number; readonly nodeId: number }[];
}

interface Answer {
  readonly error: Error | null;
  readonly result: unknown;
}

// Not Node 26's own `v8.startHeapProfile`, which needs no collection: a process that ends while it samples crashes (in 41 of
// 80 runs of test/fixtures/runtime/workedTimes.mjs, with Node 26.10.0; by the inspector in none).
export class HeapSampler {
  /** Mean bytes between samples while sampling, else 0. */
  intervalBytes = 0;
  private constructor(
    private readonly session: Session,
    // Taken before `InspectorWatch` stands before the one that users see.
    private readonly postOriginal: Session["post"],
  ) {}

  /** @throws where Node has no inspector or it can't be reached */
  static open(): HeapSampler {
    // Not an import: a Node that was built without the inspector throws on it.
    const inspector = createRequire(process.execPath)("node:inspector") as typeof import("node:inspector");
    const post = inspector.Session.prototype.post;
    const session = new inspector.Session();
    session.connect();
    ownSessions.add(session);
    return new HeapSampler(session, post);
  }

  /** Somebody else (an APM, a debugger) samples this heap: V8 has one sampler a thread. */
  get taken(): boolean {
    return this.post("HeapProfiler.getSamplingProfile").error === null;
  }

  /**
   * False when the sampler is taken.
   * @param garbage tells of all objects that are allocated; without it of those that still live when it stops
   */
  start(intervalBytes: number, garbage: boolean): boolean {
    if (this.taken) return false;
    const { error } = this.post("HeapProfiler.startSampling", {
      samplingInterval: intervalBytes,
      includeObjectsCollectedByMajorGC: garbage,
      includeObjectsCollectedByMinorGC: garbage,
    });
    if (error === null) this.intervalBytes = intervalBytes;
    return error === null;
  }

  /**
   * What was sampled since the start; null when not sampling, or somebody else stopped it. Dear: the inspector
   * collects all garbage first (13 ms with a heap of 5 MB, more with more), and each sample costs about 1 µs.
   */
  stop(): SamplingProfile | null {
    if (this.intervalBytes === 0) return null;
    this.intervalBytes = 0;
    const { error, result } = this.post("HeapProfiler.stopSampling");
    return error === null ? (result as { profile: SamplingProfile }).profile : null;
  }

  /**
   * Throws all optimised code of this thread away, so that it is compiled anew under the flags of now:
   * starting precise coverage does it (6 to 12 ms), stopping doesn't.
   */
  deoptimise(): void {
    this.post("Profiler.enable");
    this.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    this.post("Profiler.stopPreciseCoverage");
    this.post("Profiler.disable");
  }

  close(): void {
    if (this.intervalBytes > 0) this.stop();
    this.session.disconnect();
  }

  private post(method: string, params: object = {}): Answer {
    let answer: Answer = { error: new Error("No answer."), result: null };
    const callback = (error: Error | null, result: unknown) => {
      answer = { error, result };
    };
    Reflect.apply(this.postOriginal, this.session, [method, params, callback]);
    return answer;
  }
}
