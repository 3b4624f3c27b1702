// Sources: one source map, from its JSON to authored positions. Maps are the user's files: whatever is wrong with
// one, it is as if it were not there.

import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  FlattenMap,
  isIgnored,
  originalPositionFor,
  sourceContentFor,
  type TraceMap,
} from "@jridgewell/trace-mapping";
import { foldersAbove, hideWebpackNames, isWebpackOwn, webpackResource } from "./webpackNames.ts";

export interface AuthoredPosition {
  /** Where the file may be, the likeliest first: webpack names files by a folder that it does not name. Never empty. */
  readonly files: readonly [string, ...string[]];
  /** The file's text, where the map has it. */
  readonly text: string | null;
  readonly line: number;
  readonly column: number;
  /** The map says that the file is not the user's (`ignoreList`). */
  readonly ignored: boolean;
}

export class SourceMap {
  private constructor(
    private readonly map: TraceMap,
    private readonly place: string,
    private readonly root: string,
  ) {}

  /**
   * @param place path of the map, or of the script that holds it
   * @param root the folder that webpack most likely ran in
   */
  static parse(json: string, place: string, root: string): SourceMap | null {
    try {
      // Some servers' maps begin with a line against cross-site inclusion; no other text does.
      const raw: unknown = JSON.parse(json.replace(/^\)\]\}'[^\n]*\n/, ""));
      hideWebpackNames(raw);
      const map = new FlattenMap(raw as ConstructorParameters<typeof TraceMap>[0], pathToFileURL(place).href);
      return map.sources.length === 0 ? null : new SourceMap(map, place, root);
    } catch {
      return null;
    }
  }

  /** Line and column count from 1. Null where the map has nothing: the compiler's own code. */
  authored(line: number, column: number): AuthoredPosition | null {
    try {
      const found = originalPositionFor(this.map, { line, column: Math.max(0, column - 1) });
      if (found.source === null) return null;
      const files = this.filesOf(found.source);
      if (files === null) return null;
      return {
        files,
        text: sourceContentFor(this.map, found.source),
        line: found.line,
        column: found.column + 1,
        ignored: isIgnored(this.map, found.source),
      };
    } catch {
      return null;
    }
  }

  private filesOf(source: string): [string, ...string[]] | null {
    const resource = webpackResource(source);
    if (resource !== null) {
      if (isWebpackOwn(resource)) return null;
      if (isAbsolute(resource)) return [resource];
      const folders = foldersAbove(dirname(this.place), this.root);
      return [resolve(this.root, resource), ...folders.map((folder) => resolve(folder, resource))];
    }
    if (source.startsWith("file:")) return [this.ownOr(fileURLToPath(source))];
    if (/^[a-z][a-z\d+.-]+:/i.test(source)) return null;
    return [this.ownOr(isAbsolute(source) ? source : resolve(dirname(this.place), source))];
  }

  /** tsx compiles `a.mts` under the name `a.ts`, and names it so where the path is not of ASCII alone. */
  private ownOr(path: string): string {
    return /\.[cm]ts$/.test(this.place) && path === this.place.replace(/[cm]ts$/, "ts") ? this.place : path;
  }
}
