// Panel, hotspots: where each frame of the flame graph stands: the root on top, the heaviest child first. Pure.

import type { TreeNode } from "./tree.ts";

/** Narrower frames are left out, share of the width. */
const LEAST_WIDTH = 0.004;

export interface FlameBox {
  readonly node: TreeNode;
  /** 0 to 1 of the width. */
  readonly left: number;
  readonly width: number;
}

/** With `zoomed` filling the width under its ancestors, which fill it, too. */
export function layOutFlame(zoomed: TreeNode): FlameBox[] {
  const boxes: FlameBox[] = [];
  for (let node = zoomed.parent; node !== null; node = node.parent)
    boxes.unshift({ node, left: 0, width: 1 });
  const open: FlameBox[] = [{ node: zoomed, left: 0, width: 1 }];
  for (let box = open.pop(); box !== undefined; box = open.pop()) {
    boxes.push(box);
    const { node, width } = box;
    let { left } = box;
    const inside: FlameBox[] = [];
    for (const child of node.children) {
      const part = node.value > 0 ? (width * child.value) / node.value : 0;
      if (part >= LEAST_WIDTH) inside.push({ node: child, left, width: part });
      left += part;
    }
    open.push(...inside.reverse());
  }
  return boxes;
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
