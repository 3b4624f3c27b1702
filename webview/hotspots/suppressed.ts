// Panel, hotspots: how many sites are suppressed, and the way back to them.

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
          ? "1 site is suppressed; totals count it."
          : `${sites} sites are suppressed; totals count them.`,
      );
      setText(toggle, shown ? "Hide" : "Show");
    },
  };
}
