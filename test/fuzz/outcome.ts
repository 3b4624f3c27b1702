// Fuzzing: what a run comes to, and what its recordings are made with.

import type { ProfileFacts } from "../../src/model/builder.ts";
import type { Worker } from "../../src/model/profile.ts";
import type { MemoryWatch } from "./memory.ts";

export interface Outcome {
  readonly inputs: number;
  /** Inputs, or messages, that were taken for what they should be. */
  readonly accepted: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly memory: MemoryWatch;
}

export function outcomeText(name: string, { inputs, accepted, seconds, slowestMs, memory }: Outcome): string {
  const rate = Math.round(inputs / seconds);
  return `${name}: ${inputs} inputs in ${seconds.toFixed(1)} s (${rate} a second), ${accepted} let in, slowest ${slowestMs.toFixed(0)} ms, held after each quarter: ${memory}`;
}

export const FACTS: ProfileFacts = {
  darcy: "0",
  command: ["node"],
  cwd: "/",
  cores: 1,
  availableCores: 1,
  platform: process.platform,
  arch: process.arch,
  node: process.version,
};

export const WORKER: Worker = {
  peer: 0,
  pid: 1,
  threadId: 0,
  role: "peer",
  startedMicros: 0,
  endedMicros: null,
  port: 80,
  argv: [],
};

/** Where a number is none, null where all are. */
export function notFinite(value: unknown, place = ""): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : place;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = notFinite(inner, `${place}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
