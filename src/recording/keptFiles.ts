// Recording: the folder of recordings that nobody has saved: in the extension's own storage, few, small in all, and not for ever.

import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recordingName } from "./recordingName.ts";

export const MOST_KEPT = 5;
export const MOST_DAYS = 14;
const MOST_BYTES = 256 * 1024 * 1024;
const DAY_MILLIS = 86_400_000;
/** Without an ending and a stamp; file systems take 255 bytes. */
const MOST_TITLE = 60;
/** Half a file of a process that was killed (see `writeWhole`); a write that goes on is newer. */
const HALF = /^\..*\.part$/;

interface Kept {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

export class KeptFiles {
  constructor(private readonly folder: string) {}

  has(file: string): boolean {
    return dirname(file) === this.folder;
  }

  /** Where a recording that begins now will stand: nothing does yet. */
  place(title: string): string {
    const name = recordingName(title.slice(0, MOST_TITLE), new Date().toISOString(), true);
    let file = join(this.folder, name);
    for (let next = 2; existsSync(file); next++)
      file = join(this.folder, name.replace(/\.darcy$/, `-${next}.darcy`));
    return file;
  }

  /** Newest first; empty where the folder can't be read. */
  async list(): Promise<string[]> {
    return (await this.#all()).map(({ file }) => file);
  }

  /** @throws the system's error */
  async make(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /** Removes what is too old and, the oldest first, what is too much. Never throws. @param newest stays in any case */
  async sweep(newest: string | null = null): Promise<void> {
    const from = Date.now() - MOST_DAYS * DAY_MILLIS;
    const all = await this.#all();
    const [first, others] = [
      all.filter(({ file }) => file === newest),
      all.filter(({ file }) => file !== newest),
    ];
    let bytes = first.reduce((sum, each) => sum + each.bytes, 0);
    for (const [at, each] of others.entries()) {
      bytes += each.bytes;
      const tooMany = first.length + at >= MOST_KEPT;
      if (tooMany || bytes > MOST_BYTES || each.changedAt < from) await this.remove(each.file);
    }
    for (const { file, changedAt } of await this.#found(HALF))
      if (changedAt < Date.now() - DAY_MILLIS) await this.remove(file);
  }

  /** Never throws: what can't be removed is tried again by the next sweep. */
  async remove(file: string): Promise<void> {
    await rm(file, { force: true }).catch(() => undefined);
  }

  async #all(): Promise<Kept[]> {
    const found = await this.#found(/^[^.].*\.darcy$/);
    return found.sort((a, b) => b.changedAt - a.changedAt);
  }

  async #found(pattern: RegExp): Promise<Kept[]> {
    const names = await readdir(this.folder).catch(() => []);
    const files = names.filter((name) => pattern.test(name)).map((name) => join(this.folder, name));
    const looks = files.map(async (file) => {
      const about = await stat(file).catch(() => null);
      return about?.isFile() === true ? [{ file, bytes: about.size, changedAt: about.mtimeMs }] : [];
    });
    return (await Promise.all(looks)).flat();
  }
}
