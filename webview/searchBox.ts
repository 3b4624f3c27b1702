// Panel and comparison: the field that filters a list by text; Escape empties it.

import { t } from "../src/model/l10n.ts";
import { element } from "./element.ts";
import { icon } from "./icons.ts";

export function makeSearchBox(label: string, search: (text: string) => void) {
  const input = element("input", "", [], {
    type: "text",
    placeholder: t("Filter"),
    "aria-label": label,
    spellcheck: "false",
  });
  input.addEventListener("input", () => search(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    search("");
    event.stopPropagation();
  });
  return {
    root: element("label", "search", [icon("search"), input]),
    show(text: string): void {
      if (input.value !== text) input.value = text;
    },
  };
}
