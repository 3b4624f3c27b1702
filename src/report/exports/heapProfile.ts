// Report, exports: the allocations as V8's sampling heap profile, which Chrome's developer tools and VS Code open.
// Format: HeapProfiler.SamplingHeapProfile of the Chrome DevTools Protocol; lines and columns there count from 0.

import type { WeightedStacks } from "../../model/weightedStacks.ts";
import type { Location } from "../../protocol/report.ts";

interface HeapNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  selfSize: number;
  readonly id: number;
  readonly children: HeapNode[];
}

export function toHeapProfile({ stacks }: WeightedStacks): string {
  const tree = new Tree();
  for (const { category, frames, amount } of stacks)
    if (category === "allocations") tree.add(frames, Math.round(amount));
  return JSON.stringify({ head: tree.head, samples: tree.samples });
}

class Tree {
  readonly head = node(1, { function: "(root)", file: "", line: 0, column: 0 }, 0);
  readonly samples: { size: number; nodeId: number; ordinal: number }[] = [];
  readonly #children = new Map<HeapNode, Map<string, HeapNode>>();
  readonly #scripts = new Map<string, number>();
  #count = 1;

  /** @param frames innermost first */
  add(frames: readonly Location[], bytes: number): void {
    if (bytes <= 0) return;
    let at = this.head;
    for (const location of [...frames].reverse()) at = this.#child(at, location);
    at.selfSize += bytes;
    this.samples.push({ size: bytes, nodeId: at.id, ordinal: this.samples.length + 1 });
  }

  #child(parent: HeapNode, location: Location): HeapNode {
    const children = this.#children.get(parent) ?? new Map<string, HeapNode>();
    this.#children.set(parent, children);
    const key = `${location.function}\n${location.file}\n${location.line}:${location.column}`;
    const known = children.get(key);
    if (known !== undefined) return known;
    const script = this.#scripts.get(location.file) ?? this.#scripts.size + 1;
    this.#scripts.set(location.file, script);
    this.#count += 1;
    const child = node(this.#count, location, script);
    parent.children.push(child);
    children.set(key, child);
    return child;
  }
}

function node(
  id: number,
  { function: functionName, file, line, column }: Location,
  script: number,
): HeapNode {
  const callFrame = {
    functionName,
    scriptId: String(script),
    url: file,
    lineNumber: Math.max(-1, line - 1),
    columnNumber: Math.max(-1, column - 1),
  };
  return { callFrame, selfSize: 0, id, children: [] };
}
