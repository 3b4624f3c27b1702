// Panel and comparison: the list of their keys, which `?` opens over the page. The browser keeps the focus in it, and Esc closes it.

import { t } from "../src/model/l10n.ts";
import { element } from "./element.ts";
import type { KeyGroup } from "./keyWords.ts";

export interface KeyList {
  readonly root: HTMLElement;
  open(): void;
  /** @returns whether the key is none of the page's: it opens or closes the list, or the list is open */
  take(event: KeyboardEvent): boolean;
}

export function makeKeyList(groups: readonly KeyGroup[]): KeyList {
  const close = element("button", "button secondary", [t("Close")], { type: "button" });
  const root = element(
    "dialog",
    "key-list",
    [
      element("div", "key-list-head", [
        element("h2", "section-name", [t("Keys")], { id: "key-list" }),
        close,
      ]),
      element("div", "key-groups", groups.map(tableOf)),
    ],
    { "aria-labelledby": "key-list" },
  );
  close.addEventListener("click", () => root.close());
  // The ground around it is the dialog itself, too.
  root.addEventListener("click", ({ target }) => {
    if (target === root) root.close();
  });
  return {
    root,
    open: () => root.showModal(),
    take(event) {
      const { open } = root;
      if (event.key !== "?") return open;
      if (open) root.close();
      else root.showModal();
      event.preventDefault();
      return true;
    },
  };
}

function tableOf({ name, rows }: KeyGroup): HTMLElement {
  return element("table", "key-table", [
    element("caption", "", [name]),
    element(
      "tbody",
      "",
      rows.map(([keys, what]) =>
        element("tr", "", [
          element(
            "th",
            "",
            keys.flatMap((key) => [element("kbd", "", [key]), " "]),
            { scope: "row" },
          ),
          element("td", "", [what]),
        ]),
      ),
    ),
  ]);
}
