// Panel, hotspots: keeps only those rows in the page that are in sight, or nearly, however many there are, each at its place;
// and keeps what the reader looks at where it is when rows above it change.

import { setAttribute, setStyle } from "../element.ts";
import type { Entry } from "./entries.ts";
import { Heights } from "./heights.ts";
import { makeOrder } from "./rowOrder.ts";

/** Beyond the window's edges, of its height: a turn of the wheel finds rows there. */
const BEYOND = 0.5;
const LEAST_BEYOND_PIXELS = 400;
/** The header is the first of the grid's rows. */
const HEADER_ROWS = 1;

export interface RowWindow {
  /** Draws the rows in sight anew; the others when they come into sight. */
  show(entries: readonly Entry[], pinned: readonly string[]): void;
  /** Entries that stay in the page out of sight, too. */
  pin(keys: readonly string[]): void;
  /** Moves the page so far that the row is whole in sight, and draws it. */
  reveal(key: string): void;
  /** Rows that fit into the window. */
  page(): number;
}

/**
 * @param draw makes or updates the element of an entry; `fresh`: figures may have changed
 * @param drop the entry's element has left the page
 * @param covered pixels of the window's top that something else stands on
 */
export function makeRowWindow(
  body: HTMLElement,
  draw: (entry: Entry, fresh: boolean) => HTMLElement,
  drop: (key: string) => void,
  covered: () => number,
): RowWindow {
  let entries: readonly Entry[] = [];
  let pinned: readonly string[] = [];
  let index = new Map<string, number>();
  let heights = new Heights(0, 1);
  let rowHeight = 0;
  let detailsHeight = 0;
  let details: HTMLElement | null = null;
  let drawn = new Set<string>();
  /** Rows that stand in the page may have another place now. */
  let moved = true;
  let printing = false;
  /** The first row in sight, and where it is: it stays there. */
  let anchor: { readonly key: string; readonly y: number; readonly scroll: number } | null = null;

  const order = makeOrder(body);
  const rowHeightNow = () => Number.parseFloat(getComputedStyle(body).getPropertyValue("--row-height")) || 22;
  const detailsAt = () => entries.findIndex(({ type }) => type === "details");

  function measure(): void {
    const at = detailsAt();
    heights = new Heights(entries.length, rowHeight, at < 0 ? [] : [[at, detailsHeight]]);
    moved = true;
    setStyle(body, "height", `${heights.total}px`);
  }

  function keepInPlace(): void {
    const at = anchor === null ? undefined : index.get(anchor.key);
    if (anchor === null || at === undefined || anchor.scroll !== window.scrollY) return;
    const moved = body.getBoundingClientRect().top + heights.topOf(at) - anchor.y;
    if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: "instant" });
  }

  function remember(top: number, scroll: number): void {
    anchor = null;
    // Above the list's own beginning the browser itself keeps things in place.
    if (top >= 0 || entries.length === 0) return;
    let at = heights.at(-top);
    if (at + 1 < entries.length && top + heights.topOf(at) < 0) at += 1;
    const entry = entries[at];
    if (entry !== undefined) anchor = { key: entry.key, y: top + heights.topOf(at), scroll };
  }

  function wantedRows(top: number, height: number): number[] {
    const beyond = Math.max(LEAST_BEYOND_PIXELS, BEYOND * height);
    const wanted = new Set<number>();
    if (entries.length > 0) {
      const from = printing ? 0 : heights.at(-top - beyond);
      const to = printing ? entries.length - 1 : heights.at(height - top + beyond);
      for (let at = from; at <= to; at++) wanted.add(at);
    }
    for (const key of pinned) {
      const at = index.get(key);
      if (at !== undefined) wanted.add(at);
    }
    return [...wanted].sort((a, b) => a - b);
  }

  function paint(fresh: boolean): void {
    // All that is read of the page before anything is written: each look in between would lay it out anew.
    const { top } = body.getBoundingClientRect();
    const { innerHeight, scrollY } = window;
    const wanted = wantedRows(top, innerHeight).flatMap((at) => {
      const entry = entries[at];
      return entry === undefined ? [] : [{ at, entry }];
    });
    const now = new Set(wanted.map(({ entry }) => entry.key));
    // Before others are drawn: these take their place in the page.
    for (const key of drawn) if (!now.has(key)) drop(key);
    const nodes = wanted.map(({ at, entry }) => {
      const coming = !drawn.has(entry.key);
      // What is open was drawn when it was measured.
      const node = draw(entry, entry.type !== "details" && (fresh || coming));
      if (fresh || coming || moved) {
        setStyle(node, "top", `${heights.topOf(at)}px`);
        setAttribute(node, "aria-rowindex", `${at + 1 + HEADER_ROWS}`);
        setAttribute(node, "aria-level", `${entry.level}`);
        setAttribute(node, "aria-posinset", `${entry.position}`);
        setAttribute(node, "aria-setsize", `${entry.size}`);
      }
      return node;
    });
    drawn = now;
    moved = false;
    order.show(nodes, fresh || printing);
    remember(top, scrollY);
  }

  /** The open row's is as high as what is in it, which is known once it stands in the page. */
  function measureDetails(): void {
    const at = detailsAt();
    const entry = entries[at];
    if (entry === undefined) {
      if (details !== null) size.unobserve(details);
      details = null;
      return;
    }
    const node = draw(entry, true);
    if (node.parentNode !== body) body.append(node);
    detailsHeight = node.offsetHeight;
    if (details === node) return;
    details = node;
    size.observe(node);
  }

  const size = new ResizeObserver(() => {
    if (body.offsetParent === null) return;
    const [row, open] = [rowHeightNow(), details?.offsetHeight ?? detailsHeight];
    if (row === rowHeight && open === detailsHeight) return;
    [rowHeight, detailsHeight] = [row, open];
    measure();
    keepInPlace();
    paint(false);
  });
  size.observe(body);
  const again = () => {
    if (body.offsetParent !== null) paint(false);
  };
  window.addEventListener("scroll", again, { passive: true });
  window.addEventListener("resize", again, { passive: true });
  const print = (now: boolean) => () => {
    printing = now;
    again();
  };
  window.addEventListener("beforeprint", print(true));
  window.addEventListener("afterprint", print(false));

  return {
    show(next, keep) {
      entries = next;
      pinned = [...keep];
      index = new Map(next.map(({ key }, at) => [key, at]));
      rowHeight = rowHeightNow();
      measureDetails();
      measure();
      keepInPlace();
      paint(true);
    },
    pin(keys) {
      pinned = [...keys];
    },
    reveal(key) {
      const at = index.get(key);
      if (at === undefined) return;
      pinned = [...pinned.filter((each) => each !== key), key];
      const { top } = body.getBoundingClientRect();
      const [from, to] = [top + heights.topOf(at), top + heights.topOf(at + 1)];
      const least = covered();
      if (from < least) window.scrollBy({ top: from - least, behavior: "instant" });
      else if (to > window.innerHeight)
        window.scrollBy({ top: to - window.innerHeight, behavior: "instant" });
      paint(false);
    },
    page: () => Math.max(1, Math.floor((window.innerHeight - covered()) / Math.max(1, rowHeight)) - 1),
  };
}
