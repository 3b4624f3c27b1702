// Tests: where two outcomes of a program differ, by the label that the program gave it.

import type { Outcome } from "./sides.ts";

export interface Difference {
  readonly label: string;
  /** What the program says by itself; null: nothing. */
  readonly plain: string | null;
  readonly measured: string | null;
}

/** A line of a stack that is ours, and how far one is told (`Error.stackTraceLimit`). */
export const FRAME = /^ +at /;
export const OWN_FRAME = /^ +at .*preload\.js:\d+:\d+\)?$/;

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

/** Whether nothing differs but frames of ours: they stand among the others, and push as many out at the end. */
export function onlyOwnFrames({ plain, measured }: Difference): boolean {
  if (plain === null || measured === null) return false;
  const theirs = plain.split(/\n|\\n/);
  let at = 0;
  let own = 0;
  let stack = 0;
  for (const line of measured.split(/\n|\\n/)) {
    if (OWN_FRAME.test(line)) {
      own++;
      stack++;
      continue;
    }
    if (!FRAME.test(line)) {
      // The end of a stack that was as long as it may be.
      for (let cut = 0; cut < stack && FRAME.test(theirs[at] ?? ""); cut++) at++;
      stack = 0;
    }
    if (called(line) !== called(theirs[at] ?? "")) return false;
    at++;
  }
  while (FRAME.test(theirs[at] ?? "")) at++;
  return own > 0 && at === theirs.length;
}

/** Whether nothing differs but which function of Node's worked off the turn that a stack began in. */
export function onlyOtherTurns({ plain, measured }: Difference): boolean {
  return plain !== null && measured !== null && withoutTurns(plain) === withoutTurns(measured);
}

function withoutTurns(text: string): string {
  const turn =
    /(?:\\n|\n) +at (?:process\.processTicksAndRejections|process\.processTimers|runNextTicks) \(node:[^)]+\)/g;
  return text.replace(turn, "");
}

/** A frame without the name of the property that its function is called by: ours has another. */
export function called(line: string): string {
  const place = /\(([^()]+:\d+:\d+)\)$|at (\/[^ ]+:\d+:\d+|node:[^ ]+:\d+:\d+)$/.exec(line);
  return FRAME.test(line) && place !== null ? (place[1] ?? place[2] ?? line) : line;
}

/** "label: value" lines by label, its values joined in their order; other lines under "output". */
function labelled({ stdout, stderr, exit }: Outcome): Map<string, string> {
  const values = new Map<string, string>([
    ["ends", exit],
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
