// Runtime, symmetric: the addresses that peer 0 asked for and does not have: busy ones, and those that it closed at
// once. Port finders ask for many of them, in every peer again.

import type { Wanted } from "./messages.ts";

const MAX_ADDRESSES = 64;

export class TriedAddresses {
  private readonly known: Wanted[] = [];

  constructor(known: readonly Wanted[] = []) {
    for (const wanted of known) this.add(wanted);
  }

  get list(): readonly Wanted[] {
    return this.known;
  }

  /** False when it is known, or says nothing: any free port can be had. */
  add(wanted: Wanted): boolean {
    if (wanted.kind !== "tcp" || wanted.port === 0 || this.has(wanted)) return false;
    if (this.known.length >= MAX_ADDRESSES) this.known.shift();
    this.known.push(wanted);
    return true;
  }

  has(wanted: Wanted): boolean {
    return this.known.some((other) => isSame(other, wanted));
  }
}

export function isSame(one: Wanted, other: Wanted): boolean {
  return one.kind === other.kind && one.port === other.port && one.address === other.address;
}
