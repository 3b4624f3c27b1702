// Command line: whether a recording that goes on for long is measured by spells, with rests between them.

import { UsageError } from "./options.ts";

interface Values {
  readonly rests?: boolean | undefined;
  readonly "no-rests"?: boolean | undefined;
  readonly "deep-switches"?: boolean | undefined;
  readonly load?: string | undefined;
  readonly duration?: string | undefined;
}

/**
 * Where so many seconds of a load are asked for, all of them are measured: they are held against others, which would rest at
 * other times.
 * @throws UsageError
 */
export function measuresBySpells(values: Values, topologies: number): boolean {
  const { rests: asked = false, load, duration } = values;
  const never = values["no-rests"] === true;
  // perf goes on in a rest.
  const deep = values["deep-switches"] === true;
  const lab = topologies > 1;
  if (asked && never) throw new UsageError("--rests or --no-rests, not both.");
  if (asked && deep)
    throw new UsageError("--deep-switches counts all the time, so --rests does not go with it.");
  if (asked && lab)
    throw new UsageError("Several topologies are compared without rests, so --rests does not go with them.");
  if (asked) return true;
  return !never && !deep && !lab && (load === undefined || duration === undefined);
}
