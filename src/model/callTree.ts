// Model: stacks with a value each, merged into a tree that is small enough to show.

import type { CallFrame, CallNode, CallTree } from "../protocol/siteDetails.ts";

const MAX_DEPTH = 96;
/** Smaller parts of the whole are not listed. */
const LEAST_SHARE = 0.001;

interface Node {
  readonly frame: number;
  value: number;
  readonly children: Map<number, Node>;
}

export class CallTreeBuilder {
  readonly #frames: CallFrame[] = [];
  readonly #known = new Map<string, number>();
  readonly #root: Node;
  #unplaced = 0;

  /** @param root null: the tree's root stands for everything */
  constructor(root: CallFrame | null) {
    this.#root = emptyNode(root === null ? -1 : this.#frame(root));
  }

  /** @param path from the root's child on */
  add(path: readonly CallFrame[], value: number): void {
    let node = this.#root;
    node.value += value;
    for (const each of path.slice(0, MAX_DEPTH)) {
      const frame = this.#frame(each);
      let child = node.children.get(frame);
      if (child === undefined) {
        child = emptyNode(frame);
        node.children.set(frame, child);
      }
      child.value += value;
      node = child;
    }
  }

  /** A part whose stack is not known. */
  addUnplaced(value: number): void {
    this.#unplaced += value;
  }

  build(unit: CallTree["unit"], mostNodes: number): CallTree {
    const whole = this.#root.value + this.#unplaced;
    const least = Math.max(whole * LEAST_SHARE, this.#smallestOf(mostNodes));
    const nodes: CallNode[] = [];
    const frames: CallFrame[] = [];
    const listed = new Map<number, number>();
    const numberOf = (frame: number): number => {
      const known = listed.get(frame);
      const of = this.#frames[frame];
      if (known !== undefined || of === undefined) return known ?? -1;
      listed.set(frame, frames.length);
      return frames.push(of) - 1;
    };
    let left = this.#unplaced;
    // A stack of its own: recursion would follow the user's.
    const open: (readonly [node: Node, parent: number])[] = [[this.#root, -1]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [node, parent] = next;
      const at = nodes.push([parent, numberOf(node.frame), node.value]) - 1;
      const children = [...node.children.values()].sort((a, b) => a.value - b.value);
      for (const child of children) {
        if (child.value >= least) open.push([child, at]);
        else if (parent === -1) left += child.value;
      }
    }
    return { unit, frames, nodes, rest: left };
  }

  /** The value of the last node that may be listed where there are more. */
  #smallestOf(most: number): number {
    const values: number[] = [];
    const open = [this.#root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      values.push(node.value);
      for (const child of node.children.values()) open.push(child);
    }
    if (values.length <= most) return 0;
    return values.sort((a, b) => b - a)[most - 1] ?? 0;
  }

  #frame(frame: CallFrame): number {
    const { function: name, file, line, role, async } = frame;
    const key = `${name}\n${file}\n${line}\n${role}\n${async}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#frames.push(frame) - 1;
    this.#known.set(key, made);
    return made;
  }
}

function emptyNode(frame: number): Node {
  return { frame, value: 0, children: new Map() };
}
