// Panel, the bar: the scope, which governs every figure but the clock: chosen while there is a host that can compute
// it anew, else in words. A span that was brushed in the time line stands in the list while it holds.

import { scopeWords } from "../src/model/formatScope.ts";
import { t } from "../src/model/l10n.ts";
import type { PanelState } from "../src/protocol/panel.ts";
import { element, setAttribute, setHidden, setText } from "./element.ts";
import { post } from "./host.ts";
import { charted, type Dispatch, type Part } from "./part.ts";

const BRUSHED = "range";

export function makeScope(dispatch: Dispatch): Part {
  const select = element("select", "select", [], { "aria-label": t("Scope of all figures") });
  select.addEventListener("change", () => {
    const { value } = select;
    if (value === BRUSHED) return;
    post({ type: "scope", seconds: Number(value) });
    dispatch({ type: "range", range: null, known: true });
  });
  const fixed = element("span", "muted");
  const root = element("span", "scope", [select, fixed]);
  return {
    root,
    show({ panel }) {
      const chooses =
        panel !== null && panel.fixed !== true && (panel.phase !== "readOnly" || panel.range !== null);
      setHidden(root, charted(panel) === null);
      setHidden(select, !chooses);
      setHidden(fixed, chooses);
      if (panel === null) return;
      setText(fixed, scopeWords(panel.scope.label));
      const choices = choicesOf(panel);
      if (select.options.length !== choices.length)
        select.replaceChildren(...choices.map(() => element("option")));
      for (const [index, [value, words]] of choices.entries()) {
        const option = select.options[index];
        if (option === undefined) continue;
        setAttribute(option, "value", value);
        setText(option, words);
      }
      const value = panel.range === null ? `${panel.scopeSeconds}` : BRUSHED;
      if (select.value !== value && !select.matches(":focus")) select.value = value;
    },
  };
}

function choicesOf({
  phase,
  scopeSeconds: seconds,
  scope,
  range,
}: PanelState): [value: string, words: string][] {
  const live = phase === "readOnly" ? [0] : seconds > 0 && seconds !== 60 ? [60, seconds, 0] : [60, 0];
  // The host's own words for what is shown: of a server gone quiet they say of when the figures are.
  const words = (choice: number) =>
    range === null && choice === seconds && scope.label !== ""
      ? scopeWords(scope.label)
      : choice === 0
        ? t("Whole session")
        : t("Last {0} s", choice);
  const choices = live.map((choice): [string, string] => [`${choice}`, words(choice)]);
  return range === null ? choices : [[BRUSHED, scope.label], ...choices];
}
