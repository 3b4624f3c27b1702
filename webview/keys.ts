// Panel: the keys that work everywhere in it; lists and fields have their own.

import { CATEGORIES } from "../src/protocol/categories.ts";
import type { Dispatch } from "./part.ts";
import type { Model } from "./state.ts";

export function listenForKeys(dispatch: Dispatch, model: () => Model): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typesText(event.target))
      return;
    const category = CATEGORIES[Number(event.key) - 1];
    if (event.key === "/") document.querySelector<HTMLInputElement>(".search input")?.focus();
    else if (category !== undefined && /^[1-4]$/.test(event.key)) dispatch({ type: "category", category });
    else if (event.key === "Escape") dispatch({ type: "clearFilters" });
    else if (event.key === " " && !pressable(event.target) && model().panel?.phase === "recording")
      dispatch({ type: "pause", paused: !model().paused });
    else return;
    event.preventDefault();
  });
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
