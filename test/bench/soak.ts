// Benchmark: whether a server grows with Darcy while it runs for long. The plain server and the recorded one run at the
// same time under the same steady load, and say every ten seconds what they hold. Exit code 1 when Darcy's grows.
// Usage: npm run bench:soak [-- SERVER]; SOAK_MINUTES=60 sets the length, SOAK_RATE=200 the requests a second of each,
// SOAK_RESTS=0 leaves out the rests that Darcy takes by default, BENCH_NODE the Node.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { Load } from "./client.ts";
import { rssMegabytes } from "./cpu.ts";
import { CONNECTIONS } from "./measure.ts";
import { planOf } from "./plan.ts";
import { root } from "./root.ts";
import { type Running, start } from "./servers.ts";
import { type Side, sidesOf } from "./sides.ts";
import { type Growth, growthOf, MEASURES, type MemoryPoint } from "./soakVerdict.ts";
import type { Target } from "./targets.ts";
import { upstream } from "./upstream.ts";

const MINUTES = Number(process.env.SOAK_MINUTES ?? 60);
const RESTS = process.env.SOAK_RESTS !== "0";
const RATE = Number(process.env.SOAK_RATE ?? 200);
const EVERY_MILLIS = 10_000;
const NODE = process.env.BENCH_NODE ?? process.execPath;
const MEMORY_FILE = path.join(root, "test/fixtures/bench/memory.cjs");
const SHOWN_ROWS = 12;

interface Soaked {
  readonly side: Side;
  readonly running: Running;
  readonly load: Load;
  readonly file: string;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const plan = planOf(words.length > 0 ? words : ["express"], {});
  const target = plan.targets[0] as Target;
  const scratch = mkdtempSync(path.join(tmpdir(), "darcy-soak-"));
  const up = await upstream();
  const soaked: Soaked[] = [];
  try {
    const version = execFileSync(NODE, ["--version"], { encoding: "utf8" }).trim();
    console.log(
      `${target.name}, Node ${version}, ${RATE} requests a second each, ${MINUTES} minutes${RESTS ? "" : ", without rests"}`,
    );
    for (const side of sidesOf({ ...plan, leftOn: RESTS }))
      soaked.push(await begin(target, side, scratch, up.environment));
    await watch(soaked);
    report(soaked.map(({ file }) => pointsOf(file)));
  } finally {
    for (const { load, running } of soaked) {
      load.stop();
      await running.stop();
    }
    up.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function begin(
  target: Target,
  side: Side,
  scratch: string,
  environment: Readonly<Record<string, string>>,
): Promise<Soaked> {
  const file = path.join(scratch, `${side.name}.jsonl`);
  const running = await start({
    node: NODE,
    target,
    side,
    scratch,
    warmupSeconds: 1,
    environment: {
      ...environment,
      SOAK_FILE: file,
      SOAK_EVERY_MS: String(EVERY_MILLIS),
      BENCH_COLLECTIONS: "0",
    },
    preloads: [MEMORY_FILE],
  });
  return { side, running, file, load: new Load(running.origin, target.requests, CONNECTIONS, RATE) };
}

async function watch(soaked: readonly Soaked[]): Promise<void> {
  const end = performance.now() + MINUTES * 60_000;
  for (;;) {
    const left = end - performance.now();
    if (left <= 0) return;
    await passed(Math.min(left, EVERY_MILLIS));
    for (const { load } of soaked) {
      load.check();
      load.takeLatencies();
    }
    const collector =
      soaked.find(({ running }) => running.collectorPid !== null)?.running.collectorPid ?? null;
    const megabytes = collector === null ? "–" : rssMegabytes(collector).toFixed(0);
    process.stderr.write(
      `\r${(left / 60_000).toFixed(1)} minutes left, the collector holds ${megabytes} MB   `,
    );
  }
}

function report([plain = [], darcy = []]: readonly (readonly MemoryPoint[])[]): void {
  const rows = Math.min(plain.length, darcy.length);
  const step = Math.max(1, Math.floor(rows / SHOWN_ROWS));
  console.log(
    "\n\n| minute | plain RSS | plain heap | darcy RSS | darcy heap | (MB, heap after a collection)",
  );
  console.log("| -----: | --------: | ---------: | --------: | ---------: |");
  for (let at = step - 1; at < rows; at += step) {
    const [one, other] = [plain[at] as MemoryPoint, darcy[at] as MemoryPoint];
    const minute = (other.at - (darcy[0] as MemoryPoint).at) / 60_000;
    const cells = [one.rss, one.heapUsed, other.rss, other.heapUsed].map((bytes) => megabytesOf(bytes));
    console.log(`| ${[minute.toFixed(1), ...cells].join(" | ")} |`);
  }
  for (const measure of MEASURES) {
    const growth = growthOf(plain, darcy, measure);
    console.log(growthText(growth));
    if (growth.grows) process.exitCode = 1;
  }
}

function growthText({ measure, plain, darcy, more, grows }: Growth): string {
  const of = (slope: Growth["more"]) =>
    `${slope.perUnit.toFixed(2)} (${slope.low.toFixed(2)} to ${slope.high.toFixed(2)})`;
  const name = measure === "rss" ? "RSS" : "heap";
  return `${name}, MB an hour: plain ${of(plain)}, darcy ${of(darcy)}, more ${of(more)}: ${grows ? "GROWS" : "does not grow"}`;
}

function pointsOf(file: string): MemoryPoint[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as MemoryPoint);
}

function megabytesOf(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

// tsx runs this as CommonJS, which has no top-level await.
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
