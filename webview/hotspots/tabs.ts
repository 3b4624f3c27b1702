// Panel, hotspots: the open row's tabs.

import { t } from "../../src/model/l10n.ts";
import type { DetailsView } from "../../src/protocol/siteDetails.ts";
import { element, setAttribute, setHidden } from "../element.ts";
import type { Dispatch } from "../part.ts";

const TABS = [
  ["callers", t("Callers")],
  ["flame", t("Flame graph")],
  ["grid", t("Lock grid")],
] as const satisfies readonly (readonly [DetailsView, string])[];

interface Tab {
  readonly root: HTMLElement;
  /** What stands at the right end of the tabs, such as the unit. */
  readonly note: HTMLElement;
}

export function makeTabs(dispatch: Dispatch, views: Readonly<Record<DetailsView, Tab>>) {
  const buttons = TABS.map(([view, text]) => {
    const button = element("button", "tab", [text], {
      type: "button",
      role: "tab",
      id: `tab-${view}`,
      "aria-controls": "tab-panel",
    });
    button.addEventListener("click", () => dispatch({ type: "tab", tab: view }));
    return { view, button };
  });
  const list = element(
    "div",
    "tab-list",
    buttons.map(({ button }) => button),
    { role: "tablist", "aria-label": t("Views of this hotspot") },
  );
  list.addEventListener("keydown", (event) => {
    const shown = buttons.filter(({ button }) => !button.hidden);
    const at = shown.findIndex(({ button }) => button === document.activeElement);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step === undefined || at < 0 ? undefined : shown[(at + step + shown.length) % shown.length];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    next.button.focus();
    next.button.click();
  });
  const notes = TABS.map(([view]) => views[view].note);
  const panel = element(
    "div",
    "tab-panel",
    TABS.map(([view]) => views[view].root),
    { role: "tabpanel", id: "tab-panel" },
  );
  const root = element("div", "details-left", [element("div", "details-head", [list, ...notes]), panel]);
  return {
    root,
    show(view: DetailsView, locks: boolean, fixed: boolean): void {
      for (const { view: each, button } of buttons) {
        setAttribute(button, "aria-selected", `${each === view}`);
        setAttribute(button, "tabindex", each === view ? "0" : "-1");
        setHidden(button, each !== "callers" && (fixed || (each === "grid" && !locks)));
        setHidden(views[each].note, each !== view);
      }
      setAttribute(panel, "aria-labelledby", `tab-${view}`);
    },
  };
}
