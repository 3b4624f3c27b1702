// Report: what two recordings are called beside each other: by their files, with the folders where these are called the same.

import { basename, dirname } from "node:path";

/** @param before absolute, as `after` */
export function pairNames(before: string, after: string): readonly [string, string] {
  const [old, now] = [basename(before, ".darcy"), basename(after, ".darcy")];
  if (old !== now) return [old, now];
  return [`${old} (${basename(dirname(before))})`, `${now} (${basename(dirname(after))})`];
}
