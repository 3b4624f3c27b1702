// Comparison: what stands in place of the figures while there are none: reading, or why it can't.

import { t } from "../../src/model/l10n.ts";
import type { CompareState } from "../../src/protocol/comparePanel.ts";
import { element, setAttribute, setHidden, setText } from "../element.ts";
import type { CompareModel, ComparePart } from "./state.ts";

const TITLES: Readonly<Record<CompareState["phase"], string>> = {
  reading: t("Comparing"),
  ready: "",
  error: t("This did not work"),
  choosing: t("Which two recordings?"),
};

export function makeMiddle(): ComparePart {
  const title = element("h2", "empty-title");
  const text = element("p", "empty-text");
  const remedy = element("p", "empty-text");
  const root = element("div", "empty", [title, text, remedy]);
  return {
    root,
    show({ state }: CompareModel) {
      setHidden(root, state === null || state.comparison !== null);
      if (state === null) return;
      setAttribute(root, "data-phase", state.phase);
      const reading = state.phase === "reading";
      setText(title, TITLES[state.phase]);
      setText(
        text,
        reading
          ? t("{0} and {1} are read.", state.before.name, state.after.name)
          : (state.error?.message ?? ""),
      );
      setText(remedy, reading ? "" : (state.error?.remedy ?? ""));
      setHidden(remedy, reading || state.error === null || state.error.remedy === "");
    },
  };
}
