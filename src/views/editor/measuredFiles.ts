// Editor: which measured file a document shows: the one of its path, or, of a recording that was made elsewhere, the one that it
// stands for here.

import * as vscode from "vscode";
import { filesIn } from "../../protocol/hotspotTable.ts";
import { type LocalFile, localFile } from "../localFile.ts";
import { fileKey, waysTo } from "../localPlace.ts";
import { documentKey } from "./documentPath.ts";
import type { Shown } from "./shown.ts";

/** Looked for again after it: files come and go. */
const KNOWN_MILLIS = 10_000;
const MOST_KNOWN = 1_000;

type Measured = Pick<Shown, "report" | "others" | "cwd">;

export interface MeasuredFile {
  readonly key: string;
  /** What stands here for where the server ran. */
  readonly cwd: string;
  /** Where it was recorded; null: here. */
  readonly recorded: string | null;
}

interface Known {
  found: LocalFile | null;
  until: number;
}

export class MeasuredFiles {
  readonly #known = new Map<string, Known>();
  #last: { readonly of: Measured; readonly names: ReadonlyMap<string, readonly string[]> } | null = null;

  /** @param found called when a document turns out to be another file than was said */
  constructor(private readonly found: () => void) {}

  /** Null where nothing was measured in it, and as long as that is not known. */
  of({ uri }: Pick<vscode.TextDocument, "uri">, measured: Measured): MeasuredFile | null {
    const { cwd } = measured;
    const own = documentKey(uri);
    const alike = this.#namesIn(measured).get(nameOf(uri.path)) ?? [];
    const here = own !== null && alike.some((file) => fileKey(file) === own);
    if (here) return { key: own, cwd, recorded: null };
    if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return null;
    for (const file of alike) {
      const [shortest] = waysTo(file, cwd);
      if (shortest === undefined || !uri.path.endsWith(`/${shortest.file.join("/")}`)) continue;
      const found = this.#find(file, cwd);
      if (found?.file.toString() === uri.toString())
        return { key: fileKey(file), cwd: found.cwd?.fsPath ?? cwd, recorded: file };
    }
    return null;
  }

  #find(file: string, cwd: string): LocalFile | null {
    const key = [cwd, file].join("\n");
    let known = this.#known.get(key);
    if (known === undefined) {
      if (this.#known.size >= MOST_KNOWN) this.#known.clear();
      known = { found: null, until: 0 };
      this.#known.set(key, known);
    }
    if (known.until < performance.now()) {
      known.until = performance.now() + KNOWN_MILLIS;
      void this.#look(file, cwd, known);
    }
    return known.found;
  }

  async #look(file: string, cwd: string, known: Known): Promise<void> {
    const before = known.found;
    known.found = await localFile(file, cwd);
    if (known.found?.file.toString() !== before?.file.toString()) this.found();
  }

  /** By their last name. */
  #namesIn(measured: Measured): ReadonlyMap<string, readonly string[]> {
    const { report, others } = measured;
    if (this.#last?.of.report === report && this.#last.of.others === others) return this.#last.names;
    const files = new Set(report.hotspots.map(({ file }) => file));
    if (others !== null) for (const file of filesIn(others)) files.add(file);
    const names = new Map<string, string[]>();
    for (const file of files) {
      const name = nameOf(fileKey(file));
      const alike = names.get(name);
      if (alike === undefined) names.set(name, [file]);
      else alike.push(file);
    }
    this.#last = { of: measured, names };
    return names;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
