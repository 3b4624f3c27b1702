// Builds the harness once and runs a program under it on each Node that DARCY_TEST_NODES names.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { SamplingOptions } from "../../../src/protocol/sessionFile.ts";
import type { ProbeName } from "./harness.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** A run that takes longer is stuck. */
const DEADLINE_MILLIS = 90_000;

export interface TestNode {
  readonly name: string;
  readonly path: string;
}

/** "20=/path,24=/path"; by default the Node that runs the tests. */
export function testNodes(): TestNode[] {
  const wanted = process.env.DARCY_TEST_NODES ?? "";
  if (wanted === "") return [{ name: process.version, path: process.execPath }];
  return wanted.split(",").map((entry) => {
    const [name = "", ...path] = entry.split("=");
    return { name: `v${name}`, path: path.join("=") };
  });
}

const folder = mkdtempSync(join(tmpdir(), "darcy-harness-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
export const harnessPath = join(folder, "harness.js");
const built = build({
  entryPoints: [here("harness.ts")],
  outfile: harnessPath,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "silent",
});

export interface Run {
  readonly probes: readonly ProbeName[];
  readonly sampling?: Partial<SamplingOptions>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
}

/** Runs a program of this folder's `programs`; resolves with the JSON that it prints. */
export async function run<T>(
  node: TestNode,
  program: string,
  { probes, sampling = {}, environment = {}, execArgv = [] }: Run,
): Promise<T> {
  await built;
  // What a test runner sets for itself must not reach the program.
  const {
    NODE_OPTIONS: _options,
    NODE_V8_COVERAGE: _coverage,
    NODE_TEST_CONTEXT: _test,
    ...inherited
  } = process.env;
  const child = spawn(node.path, ["--require", harnessPath, ...execArgv, here(`programs/${program}`)], {
    env: {
      ...inherited,
      PROBE_HARNESS: JSON.stringify({ probes, sampling }),
      HARNESS_PATH: harnessPath,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MILLIS,
  });
  let out = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit, signal) => resolve(exit ?? signal));
  });
  if (code !== 0 || errors !== "")
    throw new Error(`${program} on ${node.name} ended with ${code}: ${errors}${out.slice(-500)}`);
  return JSON.parse(out) as T;
}
