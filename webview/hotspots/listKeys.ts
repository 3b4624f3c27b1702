// Panel, hotspots: what pointer and keys do in the list of rows; as in a tree grid, one row has the focus.

import { type Entry, FOLD_KEY } from "./entries.ts";

export interface RowActions {
  /** That can have the focus, in order. */
  entries(): readonly Entry[];
  /** Rows that fit into the window. */
  page(): number;
  rove(key: string, focus: boolean): void;
  /** Without `open`: the other way round. */
  toggle(key: string, open?: boolean): void;
  openSource(key: string, toSide: boolean): void;
  copy(key: string): void;
  /** @returns whether it was one that can be */
  suppress(key: string): boolean;
}

export function listenToRows(body: HTMLElement, actions: RowActions): void {
  const keyOfRow = (row: HTMLElement) => row.dataset.key ?? FOLD_KEY;

  body.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>(".row");
    if (target === null || row == null) return;
    const key = keyOfRow(row);
    actions.rove(key, true);
    if (target.closest(".place") !== null) actions.openSource(key, event.altKey);
    else actions.toggle(key);
  });

  body.addEventListener("focusin", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    if (row !== null && row === event.target) actions.rove(keyOfRow(row), false);
  });

  body.addEventListener("keydown", (event) => {
    const row =
      event.target instanceof HTMLElement && event.target.classList.contains("row") ? event.target : null;
    if (row === null || event.ctrlKey || event.metaKey) return;
    if (!act(event, keyOfRow(row))) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function act(event: KeyboardEvent, key: string): boolean {
    const entries = actions.entries();
    const at = entries.findIndex((entry) => entry.key === key);
    const entry = entries[at];
    const go = (index: number) => {
      const next = entries[Math.min(entries.length - 1, Math.max(0, index))];
      if (next !== undefined) actions.rove(next.key, true);
    };
    switch (event.key) {
      case "ArrowDown":
        go(at + 1);
        return true;
      case "ArrowUp":
        go(at - 1);
        return true;
      case "PageDown":
        go(at + actions.page());
        return true;
      case "PageUp":
        go(at - actions.page());
        return true;
      case "Home":
        go(0);
        return true;
      case "End":
        go(entries.length - 1);
        return true;
      case "Enter":
        actions.toggle(key);
        return true;
      case "ArrowRight":
        // Into what is open already.
        if (entry?.type === "row" && entry.item.group !== null && entry.open) go(at + 1);
        else actions.toggle(key, true);
        return true;
      case "ArrowLeft":
        if (entry?.type === "row" && !entry.open && entry.parent !== null) actions.rove(entry.parent, true);
        else actions.toggle(key, false);
        return true;
      case "o":
        actions.openSource(key, event.altKey);
        return true;
      case "c":
        actions.copy(key);
        return true;
      case "s":
        if (actions.suppress(key)) go(at + 1 < entries.length ? at + 1 : at - 1);
        return true;
      default:
        return false;
    }
  }
}
