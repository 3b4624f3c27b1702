// Runtime: the source maps of scripts that were compiled in memory (tsx): Node keeps them while source map support is
// on, and nobody else can have them. Maps of files on disk are the collector's to find.

import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { MAX_SOURCE_MAP_LENGTH, type ScriptRow, type SourceMapRow } from "../../protocol/window.ts";
import type { NoticePlace } from "../../protocol/wire.ts";

const { stringify } = JSON;

const COMPILED_IN_MEMORY = /\.(?:[cm]?tsx?|jsx)(?:\?|$)/;

/** Rows for those of the new scripts that have a map in memory. Parses each map once, in Node's own cache. */
export function sourceMapsOf(scripts: readonly ScriptRow[]): SourceMapRow[] {
  const rows: SourceMapRow[] = [];
  let room = MAX_SOURCE_MAP_LENGTH;
  for (const [id, url] of scripts) {
    if (!COMPILED_IN_MEMORY.test(url)) continue;
    const payload = findSourceMap(url)?.payload;
    if (payload === undefined) continue;
    const map = stringify({ ...payload, sourcesContent: undefined });
    if (map.length > room) continue;
    room -= map.length;
    rows.push([id, map]);
  }
  return rows;
}

/** Where what was compiled in memory was authored; null where Node does not know. */
export function authoredInMemory({ url, line, column }: NoticePlace): NoticePlace | null {
  if (!COMPILED_IN_MEMORY.test(url)) return null;
  const found = findSourceMap(url)?.findEntry(line - 1, column - 1);
  if (found === undefined || !("originalSource" in found)) return null;
  const { originalSource, originalLine, originalColumn } = found;
  // tsx compiles `a.mts` under the name `a.ts`; of CommonJS the one is a URL and the other a path.
  const own = pathOf(originalSource).replace(/ts$/, "") === pathOf(url).replace(/[cm]ts$/, "");
  return { url: own ? url : originalSource, line: originalLine + 1, column: originalColumn + 1 };
}

function pathOf(name: string): string {
  return name.startsWith("file:") ? fileURLToPath(name) : name;
}
