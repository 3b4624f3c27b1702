// Runtime: the source maps of scripts that were compiled in memory (tsx): Node keeps them while source map support is
// on, and nobody else can have them. Maps of files on disk are the collector's to find.

import { findSourceMap } from "node:module";
import { MAX_SOURCE_MAP_LENGTH, type ScriptRow, type SourceMapRow } from "../../protocol/window.ts";

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
