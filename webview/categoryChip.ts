// Panel and comparison: the one category that a list shows, as a tile chose it; pressed it shows all again.

import { categoryName } from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import type { Category } from "../src/protocol/categories.ts";
import { element, setAttribute, setChildren, setHidden } from "./element.ts";
import { glyph, icon } from "./icons.ts";

export function makeCategoryChip(toggle: (category: Category) => void) {
  const root = element("button", "chip", [], { type: "button" });
  let shown: Category | null = null;
  root.addEventListener("click", () => {
    if (shown !== null) toggle(shown);
  });
  return {
    root,
    show(category: Category | null): void {
      setHidden(root, category === null);
      if (shown === category) return;
      shown = category;
      const name = category === null ? "" : categoryName(category);
      setChildren(
        root,
        category === null ? [] : [glyph(category, 14), document.createTextNode(name), icon("close", 12)],
      );
      setAttribute(root, "aria-label", category === null ? null : t("Only {0}; show all", name));
    },
  };
}
