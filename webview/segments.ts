// Panel: which kind of time a list shows: a radio group, by arrow keys too.

import { t } from "../src/model/l10n.ts";
import { element, setAttribute } from "./element.ts";
import type { Segment } from "./state.ts";

const SEGMENTS: readonly (readonly [Segment, string])[] = [
  ["all", t("All")],
  ["processor", t("Processor")],
  ["waiting", t("Waiting")],
];

export function makeSegments(choose: (segment: Segment) => void) {
  const buttons = SEGMENTS.map(([segment, text]) => {
    const button = element("button", "segment", [text], {
      type: "button",
      role: "radio",
      "aria-checked": "false",
    });
    button.addEventListener("click", () => choose(segment));
    return button;
  });
  const root = element("div", "segments", buttons, { role: "radiogroup", "aria-label": t("Kind of time") });
  root.addEventListener("keydown", (event) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown"
        ? 1
        : event.key === "ArrowLeft" || event.key === "ArrowUp"
          ? -1
          : 0;
    const at = buttons.findIndex((button) => button.matches(":focus"));
    const next = buttons[(at + step + buttons.length) % buttons.length];
    if (step === 0 || at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
    next.click();
  });
  return {
    root,
    show(chosen: Segment): void {
      for (const [index, [segment]] of SEGMENTS.entries()) {
        const button = buttons[index];
        if (button === undefined) continue;
        setAttribute(button, "aria-checked", `${chosen === segment}`);
        setAttribute(button, "tabindex", chosen === segment ? "0" : "-1");
      }
    },
  };
}
