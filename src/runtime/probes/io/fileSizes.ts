// Runtime: sizes of files that are read again and again: asked at the 1st, 2nd, 4th … read of each, and at each 64th.

import type Fs from "node:fs";
import { types } from "node:util";
import { builtin } from "../../builtins.ts";

// Our own, taken before a probe patches them.
const { fstatSync, statSync } = builtin<typeof Fs>("fs");

const MAX_FILES = 500;
const LONGEST_STEP = 64;

interface Known {
  bytes: number;
  uses: number;
}

export class FileSizes {
  private readonly byPath = new Map<string, Known>();
  private readonly byHandle = new WeakMap<object, Known>();
  /** Of Node's FileHandle; null: nobody has opened one yet. */
  handles: object | null = null;

  /** Bytes of a path, an open file's number, or a file handle; 0 where it is none of these or can't be told. */
  of(file: unknown): number {
    if (typeof file === "number") return ask(() => fstatSync(file));
    if (typeof file === "string") return this.known(this.byPath, file, () => statSync(file, QUIET));
    if (!types.isProxy(file) && file instanceof URL)
      return this.known(this.byPath, file.href, () => statSync(file, QUIET));
    if (!this.isHandle(file)) return 0;
    const { fd } = file;
    return fd >= 0 ? this.known(this.byHandle, file, () => fstatSync(fd)) : 0;
  }

  /** Nothing else is asked for its number: the user's own object would notice. */
  private isHandle(file: unknown): file is { readonly fd: number } {
    if (typeof file !== "object" || file === null || this.handles === null || types.isProxy(file))
      return false;
    return Object.getPrototypeOf(file) === this.handles;
  }

  private known<K>(
    known: { get(key: K): Known | undefined; set(key: K, entry: Known): unknown },
    key: K,
    stat: () => { readonly size: number } | undefined,
  ): number {
    let entry = known.get(key);
    if (entry === undefined) {
      if (this.byPath.size >= MAX_FILES) this.byPath.clear();
      entry = { bytes: 0, uses: 0 };
      known.set(key, entry);
    }
    const { uses } = entry;
    entry.uses++;
    if ((uses & (uses - 1)) === 0 || uses % LONGEST_STEP === 0) entry.bytes = ask(stat);
    return entry.bytes;
  }
}

const QUIET = { throwIfNoEntry: false } as const;

function ask(stat: () => { readonly size: number } | undefined): number {
  try {
    return stat()?.size ?? 0;
  } catch {
    return 0;
  }
}
