// Runtime: what a hand-off is: work that crosses from one thread to another. A job in the thread pool crosses twice,
// there and back.

import type { AmountOf, Gate } from "../measuredCall.ts";

export const HANDOFFS_PER_JOB = 2;

/** Inside one hand-off's own call, further ones are its own (`appendFile` calls `writeFile`). */
export const handoffsGate: Gate = { depth: 0 };

/** Always `jobs` jobs. */
export function jobs(count: number): AmountOf {
  return () => count * HANDOFFS_PER_JOB;
}

/** One job, when the call was asynchronous: its last argument is a callback. */
export const jobWithCallback: AmountOf = (_self, args) =>
  typeof args[args.length - 1] === "function" ? HANDOFFS_PER_JOB : 0;

/** Sends nothing back by itself. */
export const oneHandoff: AmountOf = () => 1;
