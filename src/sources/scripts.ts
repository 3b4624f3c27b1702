// Sources: scripts as they stand on disk, with their source maps. Bounded in size and number; what can't be read
// is null. Nothing is fetched from anywhere but the disk.

import { open, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { changedMs } from "../common/changedMs.ts";
import { SESSION_VARIABLE } from "../protocol/sessionFile.ts";
import { Lines } from "./lines.ts";
import { SourceMap } from "./sourceMap.ts";

const MAX_SCRIPT_BYTES = 16_000_000;
const MAX_MAP_BYTES = 64_000_000;
const MAX_TOTAL_BYTES = 512_000_000;

export interface Script {
  readonly lines: Lines;
  /** The map that it names, if it can be read. */
  readonly map: SourceMap | null;
  /** It is Darcy's own preload. */
  readonly ours: boolean;
  readonly text: string;
  /** As in `Frame`, now. */
  readonly changedMs: number | null;
}

/** Languages that Node runs only after a change of the text. */
export function isTranspiled(path: string): boolean {
  return /\.(?:[cm]?tsx?|jsx)$/.test(path);
}

/** Whether what stands on disk is known to be another text than ran (`Frame`). */
export function isOther({ changedMs }: Script, ran: number | undefined): boolean {
  return ran !== undefined && changedMs !== ran;
}

/** What one look at a profile reads. */
export class Scripts {
  private readonly chosen = new Map<string, Promise<string | null>>();
  private readonly texts = new Map<string, Promise<string | null>>();
  private bytes = 0;

  /** @param root see `SourceMap.parse` */
  async load(path: string, root: string): Promise<Script | null> {
    const text = await this.read(path, MAX_SCRIPT_BYTES);
    return text === null ? null : this.parse(path, text, root);
  }

  /**
   * The first file that there is; of several the one with this text, where that is known. Null: there is none.
   * @param paths the likeliest first
   */
  async firstWith(paths: readonly string[], text: string | null): Promise<string | null> {
    const key = paths.join("\0");
    const known = this.chosen.get(key) ?? this.choose(paths, text);
    this.chosen.set(key, known);
    return known;
  }

  /** Null where it was changed later (milliseconds since 1970), or can't be read. */
  async textOf(path: string, before: number): Promise<string | null> {
    const known = this.texts.get(path) ?? this.read(path, MAX_SCRIPT_BYTES);
    this.texts.set(path, known);
    const text = await known;
    const changed = changedMs(path);
    return changed !== null && changed <= before ? text : null;
  }

  private async choose(paths: readonly string[], text: string | null): Promise<string | null> {
    const there: string[] = [];
    for (const path of paths) if (await isFile(path)) there.push(path);
    const [first = null, ...others] = there;
    if (text === null || others.length === 0) return first;
    for (const path of there) if (sameText(await this.read(path, MAX_SCRIPT_BYTES), text)) return path;
    return first;
  }

  private async parse(path: string, text: string, root: string): Promise<Script> {
    return {
      lines: new Lines(text),
      map: await this.mapOf(path, text, root),
      ours: basename(path) === "preload.js" && text.includes(SESSION_VARIABLE),
      text,
      // After it was read: what was changed in between does not pass for what it was before.
      changedMs: changedMs(path),
    };
  }

  private async mapOf(path: string, text: string, root: string): Promise<SourceMap | null> {
    const url = mapUrlOf(text);
    if (url === null) return null;
    if (url.startsWith("data:")) {
      const json = decodeDataUrl(url);
      return json === null ? null : SourceMap.parse(json, path, root);
    }
    const place = mapPath(url, path);
    const json = place === null ? null : await this.read(place, MAX_MAP_BYTES);
    return place === null || json === null ? null : SourceMap.parse(json, place, root);
  }

  /** A regular file's text, without a byte order mark (Node takes it off too). */
  private async read(path: string, maximum: number): Promise<string | null> {
    try {
      const found = await stat(path);
      // Before it is opened: opening a pipe would wait for its writer.
      if (!found.isFile()) return null;
      const { size } = found;
      if (size > maximum || this.bytes + size > MAX_TOTAL_BYTES) return null;
      this.bytes += size;
      const file = await open(path, "r");
      try {
        const buffer = Buffer.alloc(size);
        const { bytesRead } = await file.read(buffer, 0, size, 0);
        return buffer.toString("utf8", 0, bytesRead).replace(/^\ufeff/, "");
      } finally {
        await file.close();
      }
    } catch {
      return null;
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Checkouts differ in how they end lines. */
function sameText(a: string | null, b: string): boolean {
  return a !== null && a.replaceAll("\r\n", "\n") === b.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
}

/** The last one counts, as in Node. */
function mapUrlOf(text: string): string | null {
  const at = text.lastIndexOf("sourceMappingURL=");
  if (at < 0 || !/\/[/*][#@]\s*$/.test(text.slice(Math.max(0, at - 8), at))) return null;
  return /^[^\s'"*]+/.exec(text.slice(at + "sourceMappingURL=".length))?.[0] ?? null;
}

export function decodeDataUrl(url: string): string | null {
  const comma = url.indexOf(",");
  if (comma < 0 || url.length > MAX_MAP_BYTES * 1.4) return null;
  const body = url.slice(comma + 1);
  try {
    return /;base64$/i.test(url.slice(0, comma))
      ? Buffer.from(body, "base64").toString()
      : decodeURIComponent(body);
  } catch {
    return null;
  }
}

function mapPath(url: string, script: string): string | null {
  try {
    if (url.startsWith("file:")) return fileURLToPath(url);
    if (/^[a-z][a-z\d+.-]+:/i.test(url)) return null;
    return resolve(dirname(script), decodeURIComponent(url.replace(/[?#].*$/, "")));
  } catch {
    return null;
  }
}
