// Panel, hotspots: what a row is called: a site by its function, line and callee, a group by what its members share. Pure.

import { kindWord } from "../../src/model/format.ts";
import type { HotspotGroup } from "../../src/model/groups.ts";
import { said, t } from "../../src/model/l10n.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { plural } from "../figures.ts";
import { baseName, functionName, place } from "../words.ts";

export interface RowWords {
  readonly kind: string;
  /** All of them, where `kind` stands for several. */
  readonly kinds: string | null;
  readonly name: string;
  /** Null: the site's own file and line; "": none. */
  readonly place: string | null;
  /** What the line calls; of groups, how much is in it. */
  readonly callee: string;
}

/** For what has no file, and for lines that call no package. */
export const NO_FILE = t("(no file)");
export const NO_DEPENDENCY = t("(own code)");

export function siteWords({ kind, function: name, callee }: Hotspot): RowWords {
  return { kind: kindWord(kind), kinds: null, name: functionName(name), place: null, callee };
}

export function groupWords(group: HotspotGroup): RowWords {
  const { by, name, kinds, members, lines, sum } = group;
  const [first = sum.kind, ...others] = kinds;
  const inside = plural(lines, said("{0} line"), said("{0} lines"));
  const words = {
    kind: others.length === 0 ? kindWord(first) : t("{0} kinds", kinds.length),
    kinds: others.length === 0 ? null : kinds.map(kindWord).join(", "),
  };
  switch (by) {
    case "line":
      return { ...words, name: functionName(name), place: null, callee: calleesOf(members) };
    case "function":
      return { ...words, name: functionName(name), place: linesOf(members), callee: inside };
    case "file":
      return {
        ...words,
        name: name === "" ? NO_FILE : baseName(name),
        place: folderOf(name),
        callee: inside,
      };
    case "dependency":
      return { ...words, name: name === "" ? NO_DEPENDENCY : name, place: "", callee: inside };
  }
}

/** `place.ts:20–26`. */
function linesOf(members: readonly Hotspot[]): string | null {
  const lines = members.map(({ line }) => line);
  const [from, to] = [Math.min(...lines), Math.max(...lines)];
  const [first] = members;
  return first === undefined || from === to || first.file === ""
    ? null
    : `${place({ ...first, line: from })}–${to}`;
}

/** The innermost two folders. */
function folderOf(file: string): string {
  const folders = file.split(/[\\/]/).slice(0, -1);
  return folders.slice(-2).join("/");
}

function calleesOf(members: readonly Hotspot[]): string {
  return [...new Set(members.map(({ callee, kind }) => callee || kindWord(kind)))].join(", ");
}
