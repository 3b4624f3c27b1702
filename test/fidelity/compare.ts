// Tests: where two outcomes of a program differ, by the label that the program gave it.

import type { Outcome } from "./sides.ts";

export interface Difference {
  readonly label: string;
  /** What the program says by itself; null: nothing. */
  readonly plain: string | null;
  readonly measured: string | null;
}

export function differences(plain: Outcome, measured: Outcome): Difference[] {
  const one = labelled(plain);
  const other = labelled(measured);
  const found: Difference[] = [];
  for (const label of new Set([...one.keys(), ...other.keys()])) {
    const [mine, theirs] = [one.get(label) ?? null, other.get(label) ?? null];
    if (mine !== theirs) found.push({ label, plain: mine, measured: theirs });
  }
  return found;
}

/** "label: value" lines by label, its values joined in their order; other lines under "output". */
function labelled({ stdout, stderr, exit }: Outcome): Map<string, string> {
  const values = new Map<string, string>([
    ["exit", exit],
    ["stderr", stderr],
  ]);
  for (const line of stdout.split("\n")) {
    if (line === "") continue;
    const colon = line.indexOf(": ");
    const [label, value] = colon < 0 ? ["output", line] : [line.slice(0, colon), line.slice(colon + 2)];
    const before = values.get(label);
    values.set(label, before === undefined ? value : `${before}\n${value}`);
  }
  return values;
}
