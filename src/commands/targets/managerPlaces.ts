// Commands: the folders that a package lies in, as far as they tell which package manager runs its scripts.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ManagerPlace } from "./packageFile.ts";

/** From the folder around `folder` up to `root`, each read when it is come to; none where `root` is not around it. */
export function* placesAround(folder: string, root: string): Generator<ManagerPlace> {
  for (let at = folder; at !== root; ) {
    const next = dirname(at);
    if (next === at || next.length < root.length) return;
    at = next;
    yield { declared: declaredIn(at), has: (lock) => existsSync(join(next, lock)) };
  }
}

function declaredIn(folder: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof value === "object" && value !== null && "packageManager" in value
      ? value.packageManager
      : null;
  } catch {
    // There is none, or it is being written: others may tell.
    return null;
  }
}
