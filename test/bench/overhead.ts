// Benchmark: processor time a request, tail latency and memory with and without Darcy, and under what one would pick
// instead. One server runs at a time, a fresh one of each side in turn, so that what the machine does meanwhile meets all
// alike, and what V8 makes of one and the same server, which differs by some per cent between processes, evens out.
// Under load none is ever idle while it is measured: after some seconds without a request V8 throws code away and
// makes heaps smaller, which costs more than all the rest for long. BENCH_IDLE=5 lets each be idle for so many seconds
// before each turn, to see that.
// `--left-on`: past the first minute of load, over a whole rest and the spell beside it. `--warmup 72 --rests`: in the first rest,
// beside the plain server.
// Usage: npm run bench:overhead [-- SERVER... --loads idle,half,full --nodes 20,24 --peers flame,doctor --all --left-on
// --warmup SECONDS --rests], see CONTRIBUTING.md. BENCH_INSTANCES sets the servers of a side, BENCH_ROUNDS the turns of each, BENCH_PARTS=1 adds a side for
// each category alone, BENCH_HEAP_MB=4 both sides with so much more on the server's heap, BENCH_NODE_ARGS Node's options.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureNodes } from "../../scripts/nodes.mjs";
import { firstTouchMicros } from "./firstTouch.ts";
import { CONNECTIONS, fullRate, type Instance, measureServer } from "./measure.ts";
import { ensurePeer } from "./peers.ts";
import { LEFT_ON, type LoadName, minutesOf, type Plan, planOf } from "./plan.ts";
import { type Side, sidesOf } from "./sides.ts";
import { LEGEND, missingRow, rowOf, spellLines, tableOf } from "./table.ts";
import type { Target } from "./targets.ts";
import { upstream } from "./upstream.ts";

/** A side with what was measured of it; a peer that does not run on this Node says why. */
interface Result {
  readonly side: Side;
  readonly instances: Instance[];
  failure: string | null;
}
interface Place {
  readonly node: string;
  readonly scratch: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function main(): Promise<void> {
  const plan = planOf(process.argv.slice(2), process.env);
  const sides = sidesOf(plan);
  const minutes = Math.ceil(minutesOf(plan, sides.length));
  console.log(
    `${CONNECTIONS} connections, ${plan.instances} servers a side one after the other, ${plan.leftOn ? `a turn of ${LEFT_ON.turnSeconds} s` : `${plan.rounds} turns of a second each`} after ${plan.warmupSeconds} s of load, Darcy's default settings${plan.rests ? "" : ", without rests"}; about ${minutes} minutes. A page of memory that is touched first: ${firstTouchMicros().toFixed(1)} us.`,
  );
  const nodes =
    plan.majors.length === 0 ? [process.env.BENCH_NODE ?? process.execPath] : nodesOf(plan.majors);
  for (const peer of plan.peers) ensurePeer(peer);
  const scratch = mkdtempSync(path.join(tmpdir(), "darcy-bench-"));
  const up = await upstream();
  try {
    for (const node of nodes) {
      const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
      const rows: string[][] = [];
      const lines: string[] = [];
      for (const target of plan.targets) {
        const place = { node, scratch, environment: up.environment };
        const measured = await measureTarget(place, target, plan, sides);
        rows.push(...measured.rows);
        lines.push(...measured.lines);
      }
      console.log(["", `Node ${version}`, "", tableOf(rows), ...lines].join("\n"));
    }
    console.log(`\n${LEGEND}`);
  } finally {
    up.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function nodesOf(majors: readonly number[]): string[] {
  return [...ensureNodes(majors).values()];
}

async function measureTarget(
  place: Place,
  target: Target,
  plan: Plan,
  sides: readonly Side[],
): Promise<{ rows: string[][]; lines: string[] }> {
  const rows: string[][] = [];
  const lines: string[] = [];
  let halfRate = 0;
  if (plan.loads.includes("half")) {
    say(`${target.name}, how many requests it can`);
    halfRate = (await fullRate({ ...place, target, side: sides[0] as Side })) / 2;
  }
  for (const load of plan.loads) {
    const results = sides.map((side): Result => ({ side, instances: [], failure: null }));
    for (let count = 1; count <= plan.instances; count++) {
      await measureOnce(place, target, { ...plan, load, halfRate }, results, count);
    }
    for (const { side, instances, failure } of results) {
      const loadName = load === "half" ? `half (${halfRate.toFixed(0)}/s)` : load;
      const names = [target.name, loadName, side.name] as const;
      const base = results[side.base]?.instances ?? [];
      rows.push(failure === null ? rowOf(names, instances, base) : missingRow(names, failure));
      lines.push(...spellLines(names, instances));
    }
  }
  process.stderr.write("\n");
  return { rows, lines };
}

/** One server of each side; who is first changes. */
async function measureOnce(
  place: Place,
  target: Target,
  conditions: Plan & { load: LoadName; halfRate: number },
  results: readonly Result[],
  number: number,
): Promise<void> {
  const first = number % results.length;
  for (const result of [...results.slice(first), ...results.slice(0, first)]) {
    const { side } = result;
    if (result.failure !== null) continue;
    say(`${target.name}, ${conditions.load}, ${side.name}, ${number} of ${conditions.instances}`);
    try {
      result.instances.push(await measureServer({ ...place, target, side }, conditions));
    } catch (error) {
      if (side.kind !== "peer") throw error;
      result.failure = firstLine(error);
      process.stderr.write(`\n${side.name}: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function say(text: string): void {
  process.stderr.write(`\r${text.padEnd(70)}`);
}

// tsx runs this as CommonJS, which has no top-level await.
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
