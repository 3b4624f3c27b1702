// Panel: the keys that work everywhere in it; lists and fields have their own.

import { CATEGORIES } from "../src/protocol/categories.ts";
import type { KeyList } from "./keyList.ts";
import type { Dispatch } from "./part.ts";
import { focusRow } from "./searchBox.ts";
import type { Model } from "./state.ts";

export function listenForKeys(dispatch: Dispatch, model: () => Model, list: KeyList): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typesText(event.target))
      return;
    if (list.take(event)) return;
    const category = CATEGORIES[Number(event.key) - 1];
    if (event.key === "/") document.querySelector<HTMLInputElement>(".search input")?.focus();
    else if (category !== undefined && /^[1-4]$/.test(event.key)) dispatch({ type: "category", category });
    else if (event.key === "ArrowDown" && event.target === document.body) {
      // Nothing has the focus: the page would only scroll.
      if (!focusRow()) return;
    } else if (event.key === "Escape") leave(event.target, dispatch, model());
    else if (event.key === " " && !pressable(event.target) && model().panel?.phase === "recording")
      dispatch({ type: "pause", paused: !model().paused });
    else return;
    event.preventDefault();
  });
}

/** In the time line the brush goes first, elsewhere the filters. */
function leave(target: EventTarget | null, dispatch: Dispatch, { ui, panel }: Model): void {
  const filtered =
    ui.text !== "" || ui.category !== null || ui.route !== null || ui.worker !== null || ui.segment !== "all";
  const inTimeLine = target instanceof Element && target.closest(".time-line") !== null;
  if ((ui.range ?? panel?.range ?? null) !== null && (inTimeLine || !filtered))
    dispatch({ type: "range", range: null });
  else dispatch({ type: "clearFilters" });
}

function typesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
/** Space presses a focused button. */
function pressable(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement;
}
