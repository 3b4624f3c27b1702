// Panel, hotspots: how many sites are suppressed, and the way back to them.

import { t } from "../../src/model/l10n.ts";
import { element, setHidden, setText } from "../element.ts";
import type { Dispatch } from "../part.ts";

export function makeSuppressed(dispatch: Dispatch) {
  const text = element("span");
  const toggle = element("button", "link", [], { type: "button" });
  toggle.addEventListener("click", () => dispatch({ type: "toggleSuppressed" }));
  const root = element("p", "nothing suppressed-note", [text, " ", toggle]);
  return {
    root,
    show(sites: number, shown: boolean): void {
      setHidden(root, sites === 0);
      setText(
        text,
        sites === 1
          ? t("1 site is suppressed; totals count it.")
          : t("{0} sites are suppressed; totals count them.", sites),
      );
      setText(toggle, shown ? t("Hide") : t("Show"));
    },
  };
}
