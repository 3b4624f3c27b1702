// Leaf: the four categories that Darcy measures, the kinds within them, and their units.

export const CATEGORIES = ["copies", "switches", "allocations", "locks"] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a category's amount is counted in. Lock waits are waiting time, never processor time. */
export type AmountUnit = "bytes" | "switches" | "micros";
export const UNIT_OF: Readonly<Record<Category, AmountUnit>> = {
  copies: "bytes",
  switches: "switches",
  allocations: "bytes",
  locks: "micros",
};

/** How an operation costs: the key of its calibrated price, and the word shown for it. */
export const KINDS = {
  // copies, bytes
  copy: "copies",
  concat: "copies",
  encode: "copies",
  decode: "copies",
  clone: "copies",
  serialise: "copies",
  parse: "copies",
  // "copying plus": bytes go through, and are worked on meanwhile
  hash: "copies",
  cipher: "copies",
  compress: "copies",
  // switches, hand-offs: a round trip is work sent to another thread and its answer, two hand-offs
  "round trip": "switches",
  "hand-off": "switches",
  process: "switches",
  // put off to the loop's next phase on the same thread: no hand-off, so in no total and no hotspot
  hop: "switches",
  // allocations, bytes
  objects: "allocations",
  buffers: "allocations",
  // locks, microseconds
  wait: "locks",
  "pool wait": "locks",
  // how long a synchronous call held the event loop: computing or waiting, so in no total
  blocked: "locks",
  // for a lock that no probe knows by name, seen in short windows
  "promise wait": "locks",
  // for the event loop, which runs other code
  "loop wait": "locks",
} as const satisfies Readonly<Record<string, Category>>;
export type Kind = keyof typeof KINDS;

/**
 * How a wait was seen: `exact` by a wrapper of the lock, `inferred` by a detector. The others are no contention, and in no
 * total: many wait for one piece of `shared work` (a cache, a batch), or for `background` work of no request; a
 * `blocking` call holds the event loop itself.
 */
export const LOCK_BASES = ["exact", "inferred", "shared work", "background", "blocking"] as const;
export type LockBasis = (typeof LOCK_BASES)[number];

export function isContention(basis: LockBasis | null | undefined): boolean {
  return basis !== "shared work" && basis !== "background" && basis !== "blocking";
}

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}
