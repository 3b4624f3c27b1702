// Report, exports: one line a stack with its weight, for flamegraph.pl and whatever else reads collapsed stacks. The weight
// is time in microseconds: under one root processor time, under another waiting time, for these are never added.

import { CATEGORY_NAME, isWaiting } from "../../model/format.ts";
import type { WeightedStacks } from "../../model/weightedStacks.ts";
import type { Location } from "../../protocol/report.ts";

export function toCollapsed({ stacks }: WeightedStacks): string {
  const lines = new Map<string, number>();
  for (const { category, frames, callee, micros } of stacks) {
    const weight = Math.round(micros ?? 0);
    if (weight <= 0) continue;
    const names = [
      isWaiting(category) ? "waiting time" : "processor time",
      CATEGORY_NAME[category],
      ...[...frames].reverse().map(frameName),
      callee,
    ];
    const key = names.map(clean).join(";");
    lines.set(key, (lines.get(key) ?? 0) + weight);
  }
  return [...lines].map(([stack, weight]) => `${stack} ${weight}\n`).join("");
}

function frameName({ function: name, file, line }: Location): string {
  return file === "" ? name : `${name} (${file.split(/[\\/]/).at(-1)}:${line})`;
}

/** A semicolon parts frames, a line break stacks. */
function clean(name: string): string {
  return name.replace(/[;\r\n]/g, "_");
}
