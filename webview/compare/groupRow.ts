// Comparison: the head of a group, with its two sums, which are never one; and the row of what has little weight.

import { isWaiting } from "../../src/model/format.ts";
import { GROUPS, withSign } from "../../src/model/formatComparison.ts";
import { t } from "../../src/model/l10n.ts";
import type { HotspotChange, Verdict } from "../../src/protocol/comparison.ts";
import { element, setAttribute, setText } from "../element.ts";
import { impact } from "../figures.ts";
import { icon } from "../icons.ts";

export function makeGroupRow(key: string) {
  const name = element("span", "section-name");
  const sums = element("span", "muted");
  const root = element(
    "div",
    "row fold-row group-row",
    [element("span", "group-cell", [icon("chevron"), name, sums], { role: "gridcell" })],
    { role: "row", "aria-level": "1", tabindex: "-1", "data-key": key },
  );
  return {
    root,
    show(verdict: Verdict, all: readonly HotspotChange[], open: boolean): void {
      setText(name, t(GROUPS.find(([each]) => each === verdict)?.[1] ?? ""));
      setText(
        sums,
        verdict === "unclear" ? t("{0}, no more than two runs differ by", all.length) : sumText(all),
      );
      setAttribute(root, "aria-expanded", `${open}`);
    },
  };
}

export function restText(verdict: Verdict, rest: readonly HotspotChange[]): string {
  return verdict === "unclear"
    ? t("{0} more without a clear change", rest.length)
    : `${sumText(rest, " more")}`;
}

/** `2, +77 µs/req processor`, `4, −234 µs/req waiting, −135 µs/req processor`: the larger first. */
function sumText(changes: readonly HotspotChange[], word = ""): string {
  const sums = { processor: null as number | null, waiting: null as number | null };
  for (const { category, impactMicros } of changes) {
    const kind = isWaiting(category) ? "waiting" : "processor";
    if (impactMicros.difference !== null) sums[kind] = (sums[kind] ?? 0) + impactMicros.difference;
  }
  const parts = (["processor", "waiting"] as const)
    .flatMap((kind) => {
      const sum = sums[kind];
      return sum === null ? [] : [{ kind, sum }];
    })
    .sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum))
    .map(({ kind, sum }) =>
      t("{0} µs/req {1}", withSign(sum, impact), kind === "waiting" ? t("waiting") : t("processor")),
    );
  return [`${changes.length}${word}`, ...parts].join(", ");
}
