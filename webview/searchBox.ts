// Panel and comparison: the field that filters a list by text; Escape empties it, and from it the keys go down into the list.

import { t } from "../src/model/l10n.ts";
import { element } from "./element.ts";
import { icon } from "./icons.ts";

/** Of the list, the row that has the focus in it or would have. @returns whether there is one */
export function focusRow(): boolean {
  const row = document.querySelector<HTMLElement>(".row[tabindex='0']");
  row?.focus();
  return row !== null;
}

export function makeSearchBox(label: string, search: (text: string) => void) {
  const input = element("input", "", [], {
    type: "text",
    placeholder: t("Filter"),
    "aria-label": label,
    spellcheck: "false",
  });
  input.addEventListener("input", () => search(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      if (focusRow()) event.preventDefault();
    } else if (event.key === "Escape") {
      search("");
      event.stopPropagation();
    }
  });
  return {
    root: element("label", "search", [icon("search"), input]),
    show(text: string): void {
      if (input.value !== text) input.value = text;
    },
  };
}
