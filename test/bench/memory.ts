// Benchmark: what a server's resident memory is made of, with and without Darcy, after a number of requests. It needs no
// quiet machine: fresh servers of each side in turn, medians. Linux only, where the kernel tells files from the rest.
// Usage: npm run bench:memory [-- SERVER... --nodes 20,24]; BENCH_REQUESTS=50000 sets the requests, BENCH_CONNECTIONS=10 the
// connections, BENCH_INSTANCES=5 the servers of a side, BENCH_PARTS=1 adds a side for each category alone. A young generation
// of one size on all sides shows what is not its growth: BENCH_NODE_ARGS="--min-semi-space-size=16 --max-semi-space-size=16".

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { ensureNodes } from "../../scripts/nodes.mjs";
import { Load } from "./client.ts";
import { memoryOf, PARTS, type ResidentMemory } from "./memoryParts.ts";
import { planOf } from "./plan.ts";
import { root } from "./root.ts";
import { start } from "./servers.ts";
import { type Side, sidesOf } from "./sides.ts";
import { median } from "./statistics.ts";
import type { Target } from "./targets.ts";
import { upstream } from "./upstream.ts";

const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 50_000);
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 10);
const SPACES_FILE = path.join(root, "test/fixtures/bench/heapSpaces.cjs");
const POLL_MILLIS = 20;
const LONGEST_POLLS = 500;

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2), { BENCH_INSTANCES: "5", ...process.env });
  const nodes =
    plan.majors.length === 0
      ? [process.env.BENCH_NODE ?? process.execPath]
      : [...ensureNodes(plan.majors).values()];
  const sides = sidesOf(plan);
  const scratch = mkdtempSync(path.join(tmpdir(), "darcy-memory-"));
  const up = await upstream();
  try {
    for (const node of nodes) {
      const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
      for (const target of plan.targets) {
        const measured = new Map<Side, ResidentMemory[]>(sides.map((side) => [side, []]));
        for (let count = 0; count < plan.instances; count++) {
          for (const side of count % 2 === 0 ? sides : [...sides].reverse())
            measured.get(side)?.push(await measure(node, target, side, scratch, up.environment));
        }
        console.log(
          `\n${target.name}, Node ${version}, ${REQUESTS} requests, ${CONNECTIONS} connections\n\n${tableOf(measured)}`,
        );
      }
    }
  } finally {
    up.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(
  node: string,
  target: Target,
  side: Side,
  scratch: string,
  environment: Readonly<Record<string, string>>,
): Promise<ResidentMemory> {
  const file = path.join(scratch, "spaces.json");
  rmSync(file, { force: true });
  const running = await start({
    node,
    target,
    side,
    scratch,
    warmupSeconds: 0.1,
    environment: { ...environment, BENCH_SPACES_FILE: file, BENCH_COLLECTIONS: "0" },
    preloads: [SPACES_FILE],
  });
  const load = new Load(running.origin, target.requests, CONNECTIONS, null);
  try {
    while (load.requests < REQUESTS) {
      await passed(POLL_MILLIS);
      load.check();
    }
    const status = readFileSync(`/proc/${running.pid}/status`, "utf8");
    process.kill(running.pid, "SIGUSR2");
    for (let polls = 0; !existsSync(file); polls++) {
      if (polls > LONGEST_POLLS) throw new Error("It did not tell its heap.");
      await passed(POLL_MILLIS);
    }
    return memoryOf(status, JSON.parse(readFileSync(file, "utf8")) as Record<string, number>);
  } finally {
    load.stop();
    await running.stop();
  }
}

function tableOf(measured: ReadonlyMap<Side, readonly ResidentMemory[]>): string {
  const names = [...measured.keys()].map(({ name }) => name);
  const rows = PARTS.map((part) => [
    part,
    ...[...measured.values()].map((all) => median(all.map((one) => one[part])).toFixed(1)),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(["MB", ...names]), line(["-", ...names.map(() => "-:")]), ...rows.map(line)].join("\n");
}

// tsx runs this as CommonJS, which has no top-level await.
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
