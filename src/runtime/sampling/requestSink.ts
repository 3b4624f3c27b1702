// Runtime: where the meter tells which request a sample belongs to.

import type { RequestToken } from "../probes/http/requestContext.ts";
import { CLASSES } from "./sizeClasses.ts";

/** Who is told which request a sample belongs to. `cell`: operation and size class (see `window.ts`), packed. */
export interface RequestSink {
  current(): RequestToken | null;
  add(request: RequestToken, cell: number, stack: number, count: number, amount: number): void;
}

/** An operation and its size class in one number. */
export function packedCell(operation: number, sizeClass: number): number {
  return operation * CLASSES + sizeClass;
}
export function cellOf(packed: number): readonly [operation: number, sizeClass: number] {
  return [Math.floor(packed / CLASSES), packed % CLASSES];
}
