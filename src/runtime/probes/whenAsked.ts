// Runtime: patches of Node's modules that wait until the user's code asks for the module.

import { onBuiltin } from "../builtins.ts";
import { endRest } from "../rest.ts";
import type { ProbeContext } from "./probe.ts";

/** `patch` runs once, guarded and unseen by the probes; see `onBuiltin`. Returns the undoing, for before it has run. */
export function whenAsked(
  owner: string,
  { meter, faults }: Pick<ProbeContext, "meter" | "faults">,
  names: readonly string[],
  patch: () => void,
  signs: readonly string[] = names,
): () => void {
  const guarded = () => {
    endRest();
    meter.quiet++;
    try {
      faults.guard(owner, undefined, patch);
    } finally {
      meter.quiet--;
    }
  };
  return onBuiltin(names, guarded, signs);
}
