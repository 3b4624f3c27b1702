// Runtime: turns off, for a short window, the optimisations that charge one function's allocations to
// another: inlining, and folding several allocations into one. The flags are the whole process's.
// `npm run bench:recovery` measures how code recovers; docs/cost.md has the figures.

import { setFlagsFromString } from "node:v8";

/** V8 prints an error for a flag that it does not know, so each is set only from the version that turned it on. */
const FLAGS: readonly (readonly [name: string, sinceV8: number])[] = [
  ["turbo-inlining", 0],
  ["turbo-allocation-folding", 0],
  ["maglev-inlining", 12],
];

/** The ones that the user did not set: only of those we know what to set them back to. */
function mine(): readonly string[] {
  const major = Number.parseInt(process.versions.v8, 10);
  const set = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ").replaceAll("_", "-");
  return FLAGS.filter(([name, since]) => major >= since && !set.includes(name)).map(([name]) => name);
}

let changed: readonly string[] = [];

export function inliningOff(): void {
  changed = mine();
  for (const name of changed) setFlagsFromString(`--no-${name}`);
}

export function inliningOn(): void {
  for (const name of changed) setFlagsFromString(`--${name}`);
  changed = [];
}
