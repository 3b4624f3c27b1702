// Collector, diagnosis: how processes are named in what is said of them. Pure.

import { t } from "../../model/l10n.ts";
import type { Witness } from "./evidence.ts";
import { commandLine } from "./program.ts";

export const MOST_CHARACTERS = 60;

/** Who started it, the nearest first. */
export function ancestors(witness: Witness, all: readonly Witness[]): Witness[] {
  const found: Witness[] = [];
  for (let at: Witness | undefined = witness; at !== undefined && found.length < all.length; ) {
    const { parentPid }: Witness = at;
    at = all.find(({ pid }) => pid === parentPid);
    if (at !== undefined) found.push(at);
  }
  return found;
}

export function quoted({ words, pid }: Witness): string {
  return t("`{0}` (process {1})", commandLine(words, MOST_CHARACTERS), `${pid}`);
}

/** "nodemon", "sudo". */
export function nameOf({ words, program }: Witness): string {
  const [first = "", ...rest] = words;
  if (program !== "node") return commandLine([first]);
  if (rest.some((word) => word.startsWith("--watch"))) return "node --watch";
  const entry = rest.find((word) => !word.startsWith("-")) ?? first;
  const dependency = /[\\/]node_modules[\\/](?:\.bin[\\/])?(@[^\\/]+[\\/][^\\/]+|[^\\/]+)/.exec(entry)?.[1];
  return dependency ?? commandLine([entry]).replace(/\.[cm]?js$/, "");
}

export function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}
