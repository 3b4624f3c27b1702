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
  // switches, hand-offs: a round trip is work sent to another thread and its answer, two hand-offs
  "round trip": "switches",
  "hand-off": "switches",
  process: "switches",
  // allocations, bytes
  objects: "allocations",
  buffers: "allocations",
  // locks, microseconds
  wait: "locks",
  "pool wait": "locks",
} as const satisfies Readonly<Record<string, Category>>;
export type Kind = keyof typeof KINDS;

export function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}
