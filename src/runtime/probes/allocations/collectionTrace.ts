// Runtime: the main thread's trace of V8's collections, through Node's trace events: the heap's size before and after
// each, of every thread. Costs nothing while it runs and 0.7 ms whenever what it gathered is taken out (v8.GCProfiler,
// which tells the same, makes each collection 2 to 10 ms longer, for it also sizes every page).

import { readdirSync } from "node:fs";
import { OwnInspector } from "../../ownInspector.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { CollectionLog } from "./collectionLog.ts";

/** MinorGC and MajorGC are of "devtools.timeline,v8"; of "v8" alone there is little else. */
const CATEGORY = "v8";
const NAMES: ReadonlySet<unknown> = new Set(["MinorGC", "MajorGC"]);
const THREADS = "/proc/self/task";

interface TraceEvent {
  readonly name?: unknown;
  readonly ph?: unknown;
  readonly tid?: unknown;
  /** Microseconds of `process.hrtime`. */
  readonly ts?: unknown;
  readonly args?: { readonly usedHeapSizeBefore?: unknown; readonly usedHeapSizeAfter?: unknown };
}

export class CollectionTrace {
  /** By thread: the heap's size before the collection that has not ended yet. */
  private readonly begun = new Map<number, number>();

  private constructor(
    private readonly inspector: OwnInspector,
    private readonly log: CollectionLog,
  ) {}

  /** Null when Node does not trace: it then has a reason of its own (no inspector, permissions). */
  static open(log: CollectionLog, guard: (action: () => void) => void): CollectionTrace | null {
    const inspector = OwnInspector.open();
    const trace = new CollectionTrace(inspector, log);
    inspector.listen("NodeTracing.dataCollected", (params) => guard(() => trace.gather(params)));
    const before = threads();
    if (!trace.start()) {
      inspector.close();
      return null;
    }
    // Node's tracing agent has a thread, which is ours: it would not run without us.
    const board = ThreadBoard.open();
    for (const id of threads()) if (!before.includes(id)) board.addOwn(Number(id));
    return trace;
  }

  /** What was gathered so far is written to the log soon after. */
  flush(): void {
    this.inspector.post("NodeTracing.stop");
    this.start();
  }

  close(): void {
    this.inspector.post("NodeTracing.stop");
    this.inspector.close();
  }

  private start(): boolean {
    const traceConfig = { includedCategories: [CATEGORY] };
    return this.inspector.post("NodeTracing.start", { traceConfig }).error === null;
  }

  private gather(params: unknown): void {
    const events = (params as { value?: unknown }).value;
    if (!Array.isArray(events)) return;
    for (const { name, ph, tid, ts, args } of events as readonly TraceEvent[]) {
      if (!NAMES.has(name) || typeof tid !== "number" || typeof ts !== "number") continue;
      if (ph === "B" && typeof args?.usedHeapSizeBefore === "number") {
        this.begun.set(tid, args.usedHeapSizeBefore);
        continue;
      }
      const before = this.begun.get(tid);
      if (ph !== "E" || before === undefined || typeof args?.usedHeapSizeAfter !== "number") continue;
      this.begun.delete(tid);
      this.log.write(tid, { at: ts / 1000, bytes: before - args.usedHeapSizeAfter });
    }
  }
}

function threads(): readonly string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return [];
  }
}
