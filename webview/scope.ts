// Panel, the bar: the scope, which governs every figure but the clock: chosen while there is a host that can compute
// it anew, else in words.

import { element, setAttribute, setHidden, setText } from "./element.ts";
import { post } from "./host.ts";
import { measured, type Part } from "./part.ts";

export function makeScope(): Part {
  const select = element("select", "select", [], { "aria-label": "Scope of all figures" });
  select.addEventListener("change", () => post({ type: "scope", seconds: Number(select.value) }));
  const fixed = element("span", "muted");
  const root = element("span", "scope", [select, fixed]);
  return {
    root,
    show({ panel }) {
      const chooses = panel !== null && panel.phase !== "readOnly";
      setHidden(root, measured(panel) === null);
      setHidden(select, !chooses);
      setHidden(fixed, chooses);
      if (panel === null) return;
      const { scopeSeconds: seconds, scope } = panel;
      setText(fixed, scope.label);
      const choices = seconds > 0 && seconds !== 60 ? [60, seconds, 0] : [60, 0];
      if (select.options.length !== choices.length)
        select.replaceChildren(...choices.map(() => element("option")));
      for (const [index, choice] of choices.entries()) {
        const option = select.options[index];
        if (option === undefined) continue;
        setAttribute(option, "value", `${choice}`);
        // The host's own words for what is shown: of a server gone quiet they say of when the figures are.
        const words = choice === 0 ? "Whole session" : `Last ${choice} s`;
        setText(option, choice === seconds && scope.label !== "" ? scope.label : words);
      }
      if (select.value !== `${seconds}` && !select.matches(":focus")) select.value = `${seconds}`;
    },
  };
}
