// Panel, hotspots: the order in which rows stand in the page is the order in which they are read out. While the list scrolls, rows
// keep their places there and only show others: to move an element costs as much as to make one. They are put in order after.

import { setChildren } from "../element.ts";

/** Without a further turn of the wheel. */
const STILL_MILLIS = 150;

export interface RowOrder {
  /** Once the list stands still. */
  later(nodes: readonly HTMLElement[]): void;
}

export function makeOrder(body: HTMLElement): RowOrder {
  let waiting = 0;
  return {
    later(nodes) {
      clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        // Others may have come by another way.
        if (nodes.every((node) => node.parentNode === body) && nodes.length === body.childElementCount)
          setChildren(body, nodes);
      }, STILL_MILLIS);
    },
  };
}

/** Makes these all of `parent`'s children, in any order. */
export function holdOnly(parent: HTMLElement, wanted: readonly HTMLElement[]): void {
  const keep = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  for (const node of wanted) if (node.parentNode !== parent) parent.append(node);
}
