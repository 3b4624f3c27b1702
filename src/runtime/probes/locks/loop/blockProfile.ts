// Runtime: which code blocks the loop. The blocking thread can't be asked, so V8's CPU profiler looks at it every two
// milliseconds, for some seconds and only while blocks happen: to start it takes 5 to 30 ms.

import type { Session } from "node:inspector";
import { createRequire } from "node:module";
import type { StackTable } from "../../../sampling/stackTable.ts";
import type { Span } from "../../allocations/collectionPauses.ts";
import { ownSessions } from "../../allocations/inspectorWatch.ts";

const SAMPLING_MICROS = 2_000;
/** Of a block's samples below one function: then that one is what blocks. */
const MOST_OF_IT = 0.8;
/** Of that function's samples in its own code: then its line is known. */
const ITS_OWN = 0.5;
/** Of a block: fewer may be another's. */
const LEAST_SAMPLES = 2;
/** The script that this runs in: the preload's bundle. */
const OWN_URL = typeof __filename === "string" ? __filename : "";

const now = performance.now.bind(performance);

interface Node {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}
interface Profile {
  readonly nodes: readonly Node[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

export class BlockProfiler {
  private profiling = false;
  private constructor(
    private readonly session: Session,
    private readonly postOriginal: Session["post"],
  ) {}

  /** Null where Node has no inspector or it can't be reached. */
  static open(): BlockProfiler | null {
    try {
      // Not an import: a Node that was built without the inspector throws on it.
      const inspector = createRequire(process.execPath)("node:inspector") as typeof import("node:inspector");
      const post = inspector.Session.prototype.post;
      const session = new inspector.Session();
      session.connect();
      ownSessions.add(session);
      return new BlockProfiler(session, post);
    } catch {
      return null;
    }
  }

  /** @param anew compile all code anew (6 to 12 ms): what was compiled before does not know its inlined functions */
  start(anew: boolean): void {
    this.post("Profiler.enable");
    this.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROS });
    this.profiling = this.post("Profiler.start") !== null;
    if (!this.profiling || !anew) return;
    this.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    this.post("Profiler.stopPreciseCoverage");
  }

  /** What was seen since the start; null when nothing was. */
  stop(): BlockProfile | null {
    if (!this.profiling) return null;
    this.profiling = false;
    const endedAt = now();
    const answer = this.post("Profiler.stop") as { profile?: Profile } | null;
    this.post("Profiler.disable");
    return answer?.profile === undefined ? null : new BlockProfile(answer.profile, endedAt);
  }

  close(): void {
    this.stop();
    this.session.disconnect();
  }

  private post(method: string, params: object = {}): unknown {
    let answer: unknown = null;
    const callback = (error: Error | null, result: unknown) => {
      answer = error === null ? (result ?? {}) : null;
    };
    Reflect.apply(this.postOriginal, this.session, [method, params, callback]);
    return answer;
  }
}

export class BlockProfile {
  private readonly nodes = new Map<number, Node>();
  private readonly parents = new Map<number, number>();
  /** When each sample was taken, milliseconds of `performance.now()`. */
  private readonly times: number[] = [];
  private readonly samples: readonly number[];

  constructor(profile: Profile, endedAt: number) {
    for (const node of profile.nodes) {
      this.nodes.set(node.id, node);
      for (const child of node.children ?? []) this.parents.set(child, node.id);
    }
    this.samples = profile.samples ?? [];
    let at = endedAt - (profile.endTime - profile.startTime) / 1000;
    for (const delta of profile.timeDeltas ?? []) {
      at += delta / 1000;
      this.times.push(at);
    }
  }

  /** The stack of the function that ran from then to then, 0 where it can't be told. */
  stackOf({ from, to }: Span, stacks: StackTable): number {
    const own = new Map<number, number>();
    const all = new Map<number, number>();
    let total = 0;
    for (const [place, at] of this.times.entries()) {
      const leaf = this.samples[place];
      if (at < from || at > to || leaf === undefined) continue;
      total++;
      own.set(leaf, (own.get(leaf) ?? 0) + 1);
      for (let id: number | undefined = leaf; id !== undefined; id = this.parents.get(id))
        all.set(id, (all.get(id) ?? 0) + 1);
    }
    const node = total < LEAST_SAMPLES ? null : this.deepest(all, total * MOST_OF_IT);
    if (node === null) return 0;
    const itsOwn = (own.get(node.id) ?? 0) >= (all.get(node.id) ?? 0) * ITS_OWN;
    return this.intern(node, itsOwn ? lineOf(node) : null, stacks);
  }

  /** The innermost function below which so many of the samples are; null when only the root is that, or it is our work. */
  private deepest(samples: ReadonlyMap<number, number>, least: number): Node | null {
    let found: Node | null = null;
    let next = [...this.nodes.values()].find(({ id }) => !this.parents.has(id));
    while (next !== undefined) {
      // Called by Node alone it is our work, else a patched function of the user's caller.
      if (OWN_URL !== "" && next.callFrame.url === OWN_URL)
        return found === null || found.callFrame.url.startsWith("node:") ? null : found;
      if (next.callFrame.url !== "") found = next;
      next = next.children
        ?.map((id) => this.nodes.get(id))
        .find((node) => node !== undefined && (samples.get(node.id) ?? 0) >= least);
    }
    return found;
  }

  private intern(innermost: Node, line: number | null, stacks: StackTable): number {
    const path: Node[] = [];
    for (let id: number | undefined = innermost.id; id !== undefined; id = this.parents.get(id)) {
      const node = this.nodes.get(id);
      if (node !== undefined) path.push(node);
    }
    let stack = 0;
    for (const node of path.reverse()) {
      const { url, functionName, lineNumber, columnNumber } = node.callFrame;
      if (url === "" || url === OWN_URL) continue;
      const frame =
        node === innermost && line !== null
          ? stacks.frame(url, functionName, line, 0)
          : stacks.frame(url, functionName, lineNumber + 1, columnNumber + 1);
      if (frame !== 0) stack = stacks.push(stack, frame);
    }
    return stack;
  }
}

/** The line of a function that most of its own samples were in. V8 tells a line once for each piece of machine code. */
function lineOf({ positionTicks = [] }: Node): number | null {
  const ticksAt = new Map<number, number>();
  let most: number | null = null;
  for (const { line, ticks } of positionTicks) {
    const sum = (ticksAt.get(line) ?? 0) + ticks;
    ticksAt.set(line, sum);
    if (line > 0 && sum > (ticksAt.get(most ?? 0) ?? 0)) most = line;
  }
  return most;
}
