// Runtime: patches that are taken away while the thread rests (see `rest.ts`), so that the server's code calls Node's own
// functions again.

import { Patches } from "./patch.ts";

const all = new Set<Patches>();

export class RestingPatches extends Patches {
  constructor() {
    super();
    all.add(this);
  }

  override restore(): void {
    super.restore();
    all.delete(this);
  }

  static rest(): void {
    Patches.takeAway(all);
  }

  /** @returns what the user's code has replaced meanwhile */
  static resume(): string[] {
    return Patches.putBack(all);
  }
}
