// Runtime, symmetric: the addresses that a peer knows of peer 0, and which of them answers a listen.

import { existsSync } from "node:fs";
import type { Entry, Wanted } from "./messages.ts";
import { isSame, TriedAddresses } from "./triedAddresses.ts";

const MAX_FORMER = 16;

export class KnownEntries {
  readonly tried: TriedAddresses;
  private readonly entries = new Map<number, Entry>();
  /** Peer 0 has closed them; they may come back as others. */
  private former: Entry[] = [];

  constructor(entries: readonly Entry[], tried: readonly Wanted[]) {
    for (const entry of entries) this.entries.set(entry.index, entry);
    this.tried = new TriedAddresses(tried);
  }

  get(index: number): Entry | undefined {
    return this.entries.get(index);
  }

  open(entry: Entry): void {
    this.entries.set(entry.index, entry);
  }

  /** False when it was closed before. */
  close(index: number): boolean {
    const entry = this.entries.get(index);
    if (entry === undefined) return false;
    this.entries.delete(index);
    this.former = [...this.former.slice(1 - MAX_FORMER), entry];
    return true;
  }

  wasClosed(wanted: Wanted): boolean {
    return this.former.some((entry) => isSame(entry.wanted, wanted));
  }

  hasAddress(address: string | null): boolean {
    return [...this.entries.values()].some((entry) => entry.wanted.address === address);
  }

  /** `anyPort`: also an address that the code asked for under another port, as after a search for a free one. */
  match(wanted: Wanted, claimed: (index: number) => boolean, anyPort: boolean): Entry | null {
    const open = [...this.entries.values()].filter(
      (entry) => entry.wanted.kind === wanted.kind && !claimed(entry.index),
    );
    const samePort = open.filter((entry) => entry.wanted.port === wanted.port);
    const exact = samePort.find((entry) => entry.wanted.address === wanted.address);
    if (wanted.kind === "pipe") {
      const path = wanted.address ?? "";
      return exact !== undefined && (path.startsWith("\0") || existsSync(path)) ? exact : null;
    }
    if (exact !== undefined) return exact;
    if (samePort[0] !== undefined) return samePort[0];
    return anyPort && wanted.kind === "tcp" ? (open.find((entry) => entry.wanted.port !== 0) ?? null) : null;
  }
}
