// Tests: runs a program to its end under the built preload and a real session; gives its profile and its output.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Session } from "../../src/collector/session.ts";
import type { RestOptions } from "../../src/collector/sessionOptions.ts";
import type { Profile } from "../../src/model/profile.ts";
import { DEFAULT_SAMPLING, type SamplingOptions } from "../../src/protocol/sessionFile.ts";
import { resolveSources } from "../../src/sources/resolve.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/runtime/${name}`, import.meta.url));

/** Node binaries to run on: `DARCY_TEST_NODES="20=/path,24=/path"`, else the one that runs the tests. */
export const NODES: readonly (readonly [name: string, path: string])[] = process.env.DARCY_TEST_NODES
  ? process.env.DARCY_TEST_NODES.split(",").map((word) => word.split("=", 2) as [string, string])
  : [[process.version, process.execPath]];

export interface Run {
  readonly profile: Profile;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export async function recordProgram(
  node: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  sampling: Partial<SamplingOptions> = { heapWindowMillis: 0 },
  rest: RestOptions | null = null,
): Promise<Run> {
  const distFolder = `${root}dist`;
  if (!existsSync(`${distFolder}/preload.js`)) throw new Error("Not built: npm run build");
  const session = await Session.open({
    command: [node, ...args],
    cwd: root,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: { ...DEFAULT_SAMPLING, ...sampling },
    rest,
    distFolder,
    nodePath: node,
    baseEnvironment: { ...process.env, ...environment },
  });
  const child = spawn(node, args, { env: session.environment, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const profile = await resolveSources(await session.close());
  return { profile, stdout, stderr, code };
}

/** Exact amounts by what the user sees of an operation, as `Buffer.concat`; kinds apart, as `encode Buffer.from`. */
export function exactAmounts(
  profile: Profile,
  kinds: readonly string[],
): Record<string, { count: number; amount: number }> {
  const amounts: Record<string, { count: number; amount: number }> = {};
  for (const { cells } of profile.windows) {
    for (const [operation, , count, amount] of cells) {
      const { kind, callee } = profile.operations[operation] ?? { kind: "", callee: "" };
      if (!kinds.includes(kind)) continue;
      const key = `${kind} ${callee}`;
      const sum = amounts[key] ?? { count: 0, amount: 0 };
      amounts[key] = { count: sum.count + count, amount: sum.amount + amount };
    }
  }
  return amounts;
}
