// Runtime: what a thread's probes measure, each by a number: registered once, told to the collector once. Bounded.

import { CATEGORIES, type Category, KINDS, type Kind, type LockBasis } from "../../protocol/categories.ts";
import type { OperationRow } from "../../protocol/window.ts";

export const MAX_OPERATIONS = 512;

export interface Operation {
  readonly id: number;
  /** Its place in `CATEGORIES`. */
  readonly category: number;
}

interface Registered {
  readonly operation: Operation;
  readonly kind: Kind;
  readonly callee: string;
  readonly basis: LockBasis;
}

export class Operations {
  private readonly registered: Registered[] = [];
  private announced = 0;

  get all(): readonly Registered[] {
    return this.registered;
  }

  of(id: number): Registered {
    return this.registered[id] as Registered;
  }

  /** The one that is known, or a new one, last. @throws RangeError past 512 operations. */
  register(kind: Kind, callee: string, basis: LockBasis): Operation {
    const known = this.registered.find((o) => o.kind === kind && o.callee === callee && o.basis === basis);
    if (known !== undefined) return known.operation;
    const id = this.registered.length;
    if (id >= MAX_OPERATIONS) throw new RangeError("Too many operations.");
    const operation = { id, category: CATEGORIES.indexOf(KINDS[kind] as Category) };
    this.registered.push({ operation, kind, callee, basis });
    return operation;
  }

  /** Those that are new since the last call. */
  announce(): OperationRow[] {
    const rows = this.registered.slice(this.announced).map(({ operation: { id }, kind, callee, basis }) => {
      const row = [id, kind, callee] as const;
      return basis === "exact" ? row : ([...row, basis] as const);
    });
    this.announced = this.registered.length;
    return rows;
  }
}
