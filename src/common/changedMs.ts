// Common: when a script was last changed, it or its source map beside it: two looks that find the same time have seen the same text.

import { statSync } from "node:fs";

/** Milliseconds since 1970; null where there is no such file. */
export function changedMs(path: string): number | null {
  const script = changeOf(path);
  return script === null ? null : Math.max(script, changeOf(`${path}.map`) ?? 0);
}

function changeOf(path: string): number | null {
  try {
    // What is not there is no reason to build an error for.
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
  } catch {
    return null;
  }
}
