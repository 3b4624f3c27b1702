// Runtime: Node's own functions call each other through patched names (`concat` calls `allocUnsafe`, `writeFileSync`
// calls `Buffer.from`): inside one copy, further ones are its own and count nothing.

import type { Gate } from "../measuredCall.ts";

export const copiesGate: Gate = { depth: 0 };
