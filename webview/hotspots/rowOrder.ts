// Panel, hotspots: the order in which rows stand in the page is the order in which they are read out. While the list scrolls, rows
// keep their places there and only show others: to move an element costs as much as to make one. They are put in order after.

/** Without a further turn of the wheel. */
const STILL_MILLIS = 150;

export interface RowOrder {
  /** Makes these all of the body's children, in order now or once the list stands still. */
  show(nodes: readonly HTMLElement[], now: boolean): void;
}

export function makeOrder(body: HTMLElement): RowOrder {
  let waiting = 0;
  return {
    show(nodes, now) {
      clearTimeout(waiting);
      holdOnly(body, nodes);
      if (now) putInOrder(body, nodes);
      else waiting = window.setTimeout(() => putInOrder(body, nodes), STILL_MILLIS);
    },
  };
}

function holdOnly(parent: HTMLElement, wanted: readonly HTMLElement[]): void {
  const keep = new Set<Element>(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  for (const node of wanted) if (node.parentNode !== parent) parent.append(node);
}

/** The one that has the focus, or holds it, is not moved: it would lose it. */
function putInOrder(parent: HTMLElement, nodes: readonly HTMLElement[]): void {
  const focused = nodes.find((node) => node.contains(document.activeElement));
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === focused) cursor = node.nextSibling;
    else if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}
