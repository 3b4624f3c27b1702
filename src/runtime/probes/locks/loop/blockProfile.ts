// Runtime: which code blocks the loop. The blocking thread can't be asked, so V8's CPU profiler looks at it every two
// milliseconds, for some seconds and only while blocks happen: to start it takes 5 to 30 ms.

import type { Session } from "node:inspector";
import { createRequire } from "node:module";
import type { StackTable } from "../../../sampling/stackTable.ts";

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

export interface Span {
  readonly from: number;
  readonly to: number;
}
interface Blocking {
  readonly node: Node;
  /** Most of its time is in its own code. */
  readonly itsOwn: boolean;
  /** Samples of the block by node: in its own code, and below it. */
  readonly own: ReadonlyMap<number, number>;
  readonly all: ReadonlyMap<number, number>;
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

  /** The stack of the function that ran in each of these times, 0 where it can't be told. */
  stacksOf(spans: readonly Span[], stacks: StackTable): number[] {
    const found = spans.map((span) => this.blocking(span));
    return found.map((blocking) => {
      if (blocking === null) return 0;
      const inner = this.inlinedInto(blocking, found) ?? blocking;
      return this.intern(inner.node, inner.itsOwn ? lineOf(inner.node) : null, stacks);
    });
  }

  private blocking({ from, to }: Span): Blocking | null {
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
    if (node === null) return null;
    return { node, itsOwn: (own.get(node.id) ?? 0) >= (all.get(node.id) ?? 0) * ITS_OWN, own, all };
  }

  /**
   * Where V8 has inlined the function that blocks, its time is its caller's, at the line of the call. Right after the start
   * of the profile, when code was compiled anew, it was still seen by itself.
   */
  private inlinedInto({ node, own, all }: Blocking, found: readonly (Blocking | null)[]): Blocking | null {
    const least = (all.get(node.id) ?? 0) * MOST_OF_IT;
    const times = new Map<string, number>();
    let most: Blocking | null = null;
    const name = nameOf(node);
    const inner = new Map<string, number>();
    for (const [id, samples] of all) {
      const known = this.nodes.get(id);
      if (known !== undefined) inner.set(nameOf(known), (inner.get(nameOf(known)) ?? 0) + samples);
    }
    for (const other of found) {
      if (other === null || nameOf(other.node) === name || !this.isWithin(other.node.id, name)) continue;
      const key = nameOf(other.node);
      if ((own.get(node.id) ?? 0) + (inner.get(key) ?? 0) < least) continue;
      const count = (times.get(key) ?? 0) + 1;
      times.set(key, count);
      if (most === null || count > (times.get(nameOf(most.node)) ?? 0)) most = other;
    }
    return most;
  }

  /** Callers are inlined as well, so that one function stands at several places of the tree. */
  private isWithin(id: number, ancestor: string): boolean {
    for (let at = this.parents.get(id); at !== undefined; at = this.parents.get(at)) {
      const node = this.nodes.get(at);
      if (node !== undefined && nameOf(node) === ancestor) return true;
    }
    return false;
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
          ? stacks.frame(url, functionName, line, 1)
          : stacks.frame(url, functionName, lineNumber + 1, columnNumber + 1);
      if (frame !== 0) stack = stacks.push(stack, frame);
    }
    return stack;
  }
}

function nameOf({ callFrame }: Node): string {
  return `${callFrame.url}:${callFrame.lineNumber}:${callFrame.columnNumber}`;
}

/** The line of a function that most of its own samples were in. */
function lineOf({ positionTicks = [] }: Node): number | null {
  let most: { readonly line: number; readonly ticks: number } | null = null;
  for (const tick of positionTicks) if (most === null || tick.ticks > most.ticks) most = tick;
  return most === null || most.line < 1 ? null : most.line;
}
