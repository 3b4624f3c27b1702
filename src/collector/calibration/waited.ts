// Calibration: how busy the machine was meanwhile. Pure but for its default reader.

import { readFileSync } from "node:fs";

/**
 * Of the time that this process's main thread could run, the part that it waited for a processor, 0 to 1. Source: the
 * kernel's `schedstat`; null where there is none.
 */
export function waitedShare(
  read: () => string = () => readFileSync("/proc/self/schedstat", "latin1"),
): number | null {
  try {
    const [, ran, waited] = /^(\d+) (\d+) /.exec(read()) ?? [];
    if (ran === undefined || waited === undefined) return null;
    const nanos = Number(ran) + Number(waited);
    return nanos > 0 ? Number(waited) / nanos : null;
  } catch {
    return null;
  }
}
