// Model: which functions clone values. What one call of theirs copies and makes is sized where it is sampled.

import type { Profile } from "./profile.ts";

export function cloningCallees(operations: Profile["operations"]): ReadonlySet<string> {
  return new Set(operations.filter(({ kind }) => kind === "clone").map(({ callee }) => callee));
}
