// Sources: one source map, from its JSON to authored positions. Maps are the user's files: whatever is wrong with
// one, it is as if it were not there.

import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { FlattenMap, isIgnored, originalPositionFor, type TraceMap } from "@jridgewell/trace-mapping";

export interface AuthoredPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The map says that the file is not the user's (`ignoreList`). */
  readonly ignored: boolean;
}

export class SourceMap {
  private constructor(
    private readonly map: TraceMap,
    private readonly folder: string,
    private readonly root: string,
  ) {}

  /**
   * @param place path of the map, or of the script that holds it
   * @param root what `webpack://` names are relative to
   */
  static parse(json: string, place: string, root: string): SourceMap | null {
    try {
      // Some servers' maps begin with a line against cross-site inclusion; no other text does.
      const map = new FlattenMap(json.replace(/^\)\]\}'[^\n]*\n/, ""), pathToFileURL(place).href);
      return map.sources.length === 0 ? null : new SourceMap(map, dirname(place), root);
    } catch {
      return null;
    }
  }

  /** Line and column count from 1. Null where the map has nothing: the compiler's own code. */
  authored(line: number, column: number): AuthoredPosition | null {
    try {
      const found = originalPositionFor(this.map, { line, column: Math.max(0, column - 1) });
      if (found.source === null) return null;
      const file = this.pathOf(found.source);
      if (file === null) return null;
      return { file, line: found.line, column: found.column + 1, ignored: isIgnored(this.map, found.source) };
    } catch {
      return null;
    }
  }

  private pathOf(source: string): string | null {
    const packed = /^webpack(?:-internal)?:\/\/(?:[^/]*\/)?(.*)$/.exec(source);
    if (packed !== null) return resolve(this.root, (packed[1] ?? "").replace(/\?.*$/, ""));
    if (source.startsWith("file:")) return fileURLToPath(source);
    if (/^[a-z][a-z\d+.-]+:/i.test(source)) return null;
    return isAbsolute(source) ? source : resolve(this.folder, source);
  }
}
