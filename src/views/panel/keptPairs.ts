// Comparison: which two recordings a tab compared, by its title: VS Code keeps a tab's title, but what the view itself wants
// kept only once the view has said so.

import type { Memento, Uri } from "vscode";
import { toKeptPaths } from "./compareMessages.ts";

const KEY = "darcy.comparisons";
const MOST_KEPT = 20;

export interface PathPair {
  readonly before: string;
  readonly after: string;
}

export class KeptPairs {
  constructor(private readonly memento: Memento) {}

  keep(title: string, before: Uri, after: Uri): void {
    const pair = { before: before.fsPath, after: after.fsPath };
    const others = this.#all().filter(
      ([other, { before: old, after: newer }]) =>
        other !== title || old !== pair.before || newer !== pair.after,
    );
    void this.memento.update(KEY, [[title, pair], ...others].slice(0, MOST_KEPT));
  }

  /** Null: not known, or of several pairs that are called the same in different folders not known which. */
  find(title: string): PathPair | null {
    const [found, another] = this.#all().filter(([other]) => other === title);
    return another === undefined ? (found?.[1] ?? null) : null;
  }

  #all(): readonly (readonly [string, PathPair])[] {
    const kept: unknown = this.memento.get(KEY);
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((entry: unknown) => {
      const [title, pair] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
      const paths = toKeptPaths(pair);
      return typeof title === "string" && paths !== null ? [[title, paths] as const] : [];
    });
  }
}
