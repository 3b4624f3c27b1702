// Benchmark: what Darcy says in a recording that it costs, to be held against what the benchmark finds.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Report } from "../../src/protocol/report.ts";
import { root } from "./root.ts";

const run = promisify(execFile);
const MAX_BYTES = 256 * 1024 * 1024;

export interface Said {
  /** Of its own code, microseconds a request; null without a figure. */
  readonly micros: number | null;
  /** Of all it costs in spells, by what requests cost in rests; null without one. */
  readonly ratio: number | null;
}

/** Null without a recording. */
export async function saidBy(profile: string): Promise<Said | null> {
  if (!existsSync(profile)) return null;
  const words = [path.join(root, "dist/cli.js"), "report", profile, "--format", "json"];
  const { stdout } = await run(process.execPath, words, { maxBuffer: MAX_BYTES });
  const { microsPerRequest, compared } = (JSON.parse(stdout) as Report).selfOverhead;
  return { micros: microsPerRequest, ratio: compared?.ratio ?? null };
}
