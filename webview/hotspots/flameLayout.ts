// Panel, hotspots: where each frame of the flame graph stands: the root on top, the heaviest child first. Pure.

import type { TreeNode } from "./tree.ts";

/** Narrower frames are left out, share of the width. */
const LEAST_WIDTH = 0.004;
/** Beyond it there is nothing left to tell apart. */
const LEAST_SPAN = 1e-6;

/** What of the graph is shown, as shares of its width. */
export interface FlameSpan {
  readonly from: number;
  readonly span: number;
}
export const WHOLE_GRAPH: FlameSpan = { from: 0, span: 1 };

export interface FlameBox {
  readonly node: TreeNode;
  /** 0 to 1 of the shown width; what reaches past it is cut, so that its name stays in sight. */
  readonly left: number;
  readonly width: number;
}

export function layOutFlame(top: TreeNode, { from, span }: FlameSpan): FlameBox[] {
  const boxes: FlameBox[] = [];
  const open = [{ node: top, left: 0, width: 1 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const left = Math.max(0, (at.left - from) / span);
    const width = Math.min(1, (at.left + at.width - from) / span) - left;
    if (width < LEAST_WIDTH) continue;
    boxes.push({ node: at.node, left, width });
    open.push(...childrenOf(at).reverse());
  }
  return boxes;
}

interface Placed {
  readonly node: TreeNode;
  /** 0 to 1 of the whole graph. */
  readonly left: number;
  readonly width: number;
}

function childrenOf({ node, left, width }: Placed): Placed[] {
  let at = left;
  return node.children.map((child) => {
    const part = node.value > 0 ? (width * child.value) / node.value : 0;
    at += part;
    return { node: child, left: at - part, width: part };
  });
}

/** A frame over the whole width. */
export function spanOf(node: TreeNode): FlameSpan {
  const { left, width } = placeOf(node);
  return width < LEAST_SPAN ? WHOLE_GRAPH : { from: left, span: width };
}

function placeOf(node: TreeNode): Placed {
  const path: TreeNode[] = [];
  for (let at = node; at.parent !== null; at = at.parent) path.unshift(at);
  let [left, width] = [0, 1];
  for (const at of path) {
    const own = at.parent === null ? [] : childrenOf({ node: at.parent, left, width });
    ({ left, width } = own.find((each) => each.node === at) ?? { left, width });
  }
  return { node, left, width };
}

/** The innermost frame in the middle of what is shown. */
export function middleOf(boxes: readonly FlameBox[]): TreeNode | null {
  return boxes.findLast(({ left, width }) => left <= 0.5 && left + width >= 0.5)?.node ?? null;
}

/**
 * What is shown follows a frame when figures change.
 * @param was the frame among the figures before; @param now all frames of those that came
 */
export function following({ from, span }: FlameSpan, was: TreeNode, now: readonly TreeNode[]): FlameSpan {
  const is = now.find(({ key }) => key === was.key);
  // One that is gone leaves its place to what called it.
  if (is === undefined)
    return was.parent === null ? { from, span } : following({ from, span }, was.parent, now);
  const [before, after] = [placeOf(was), placeOf(is)];
  const at = Math.min(before.left + before.width, Math.max(before.left, from + span / 2));
  const moved = after.left + ((at - before.left) / before.width) * after.width - at;
  return shifted({ from: from + moved, span }, 0);
}

/** @param at what stays where it is, 0 to 1 of the shown width */
export function zoomedAt({ from, span }: FlameSpan, at: number, factor: number): FlameSpan {
  const next = Math.min(1, Math.max(LEAST_SPAN, span * factor));
  return shifted({ from: from + at * (span - next), span: next }, 0);
}

/** Never past either end. */
export function shifted({ from, span }: FlameSpan, by: number): FlameSpan {
  return { from: Math.min(1 - span, Math.max(0, from + by * span)), span };
}

/** The frame that a key leads to; null where there is none. */
export function neighbour(boxes: readonly FlameBox[], node: TreeNode, key: string): TreeNode | null {
  const shown = new Set(boxes.map((box) => box.node));
  const siblings = (node.parent?.children ?? [node]).filter((each) => shown.has(each));
  const at = siblings.indexOf(node);
  switch (key) {
    case "ArrowUp":
      return node.parent;
    case "ArrowDown":
      return node.children.find((child) => shown.has(child)) ?? null;
    case "ArrowLeft":
      return siblings[at - 1] ?? null;
    case "ArrowRight":
      return siblings[at + 1] ?? null;
    case "Home":
      return boxes[0]?.node ?? null;
    default:
      return null;
  }
}
