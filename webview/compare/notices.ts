// Comparison: what is not the same on both sides, before any figure; and what the two together say, above the list.

import { t } from "../../src/model/l10n.ts";
import type { Finding, Location } from "../../src/protocol/report.ts";
import { element, setChildren, setHidden } from "../element.ts";
import { icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { post } from "./host.ts";
import type { CompareModel, ComparePart } from "./state.ts";

export function makeDifferences(): ComparePart {
  const items = element("ul", "notice-items");
  const root = element("section", "notice-area", [items], { "aria-label": t("What is not the same") });
  let drawn = "";
  return {
    root,
    show({ state }: CompareModel) {
      const words = state?.comparison?.differences ?? [];
      setHidden(root, words.length === 0);
      const now = JSON.stringify([words, state?.comparison?.loadDiffers]);
      if (now === drawn) return;
      drawn = now;
      setChildren(
        items,
        words.map((text, at) => {
          const warns = at === 0 && state?.comparison?.loadDiffers === true;
          return element("li", "notice", [icon("info"), icon("warning"), element("span", "", [text])], {
            "data-severity": warns ? "warning" : "info",
          });
        }),
      );
    },
  };
}

export function makeFindings(): ComparePart {
  const root = element("section", "notice-area compare-findings", [], { "aria-label": t("Warnings") });
  let drawn = "";
  return {
    root,
    show({ state }: CompareModel) {
      const findings = state?.comparison?.findings ?? [];
      setHidden(root, findings.length === 0);
      const now = JSON.stringify(findings);
      if (now === drawn) return;
      drawn = now;
      setChildren(root, findings.map(findingView));
    },
  };
}

function findingView({ title, evidence, advice, locations }: Finding): HTMLElement {
  return element(
    "div",
    "notice",
    [
      icon("warning"),
      element("div", "", [
        element("p", "", [element("strong", "strong", [title]), ` ${evidence}`]),
        element("p", "muted", [advice]),
        locations.length === 0 ? null : element("p", "finding-places", locations.map(placeButton)),
      ]),
    ],
    { "data-severity": "warning" },
  );
}

function placeButton(location: Location): HTMLElement {
  const view = new PlaceView();
  view.show(location, `\n${t("Open, to the side with Alt")}`);
  const { file, line, column } = location;
  view.root.addEventListener("click", (event) =>
    post({ type: "open", location: { file, line, column }, toSide: event.altKey }),
  );
  return element("span", "finding-place", [element("span", "", [location.function]), view.root]);
}
