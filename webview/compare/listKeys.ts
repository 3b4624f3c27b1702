// Comparison: moving in the list by keys and pointer: one row is focusable at a time.

import { setAttribute } from "../element.ts";

export interface ListActs {
  toggle(key: string, open?: boolean): void;
  open(key: string, toSide: boolean): void;
  copy(key: string): void;
}

const PAGE = 10;

/** Rows are the body's `.row`s; each has its key as `data-key`. */
export function listenInList(body: HTMLElement, acts: ListActs) {
  let standing: readonly string[] = [];
  let active: string | null = null;

  const rowOf = (key: string | null) =>
    key === null ? null : body.querySelector<HTMLElement>(`.row[data-key="${CSS.escape(key)}"]`);
  function rove(key: string | null, focus: boolean): void {
    active = key;
    const row = rowOf(key);
    // Also one that had left the list when another became the focusable one.
    for (const other of body.querySelectorAll('.row[tabindex="0"]'))
      if (other !== row) setAttribute(other, "tabindex", "-1");
    if (row === null) return;
    setAttribute(row, "tabindex", "0");
    if (!focus) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  const keyOf = (row: HTMLElement) => row.dataset.key ?? "";

  body.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>(".row");
    if (target === null || row == null) return;
    rove(keyOf(row), true);
    if (target.closest(".place") !== null) acts.open(keyOf(row), event.altKey);
    else acts.toggle(keyOf(row));
  });
  body.addEventListener("focusin", (event) => {
    const { target } = event;
    if (target instanceof HTMLElement && target.classList.contains("row")) rove(keyOf(target), false);
  });
  body.addEventListener("keydown", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !target.classList.contains("row")) return;
    if (event.ctrlKey || event.metaKey) return;
    const key = keyOf(target);
    const at = standing.indexOf(key);
    const go = (index: number) =>
      rove(standing[Math.min(standing.length - 1, Math.max(0, index))] ?? key, true);
    switch (event.key) {
      case "ArrowDown":
        go(at + 1);
        break;
      case "ArrowUp":
        go(at - 1);
        break;
      case "PageDown":
        go(at + PAGE);
        break;
      case "PageUp":
        go(at - PAGE);
        break;
      case "Home":
        go(0);
        break;
      case "End":
        go(standing.length - 1);
        break;
      case "Enter":
        acts.toggle(key);
        break;
      case "ArrowRight":
        acts.toggle(key, true);
        break;
      case "ArrowLeft":
        acts.toggle(key, false);
        break;
      case "o":
        acts.open(key, event.altKey);
        break;
      case "c":
        acts.copy(key);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    /** The keys of all rows, in their order. */
    stand(keys: readonly string[]): void {
      standing = keys;
      rove(active !== null && keys.includes(active) ? active : (keys[0] ?? null), false);
    },
  };
}
