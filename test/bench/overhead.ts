// Benchmark: processor time a request with and without Darcy, at full load. One server runs at a time, a fresh one of
// each side in turn, so that what the machine does meanwhile meets all alike, and what V8 makes of one and the same server,
// which differs by some per cent between processes, evens out. None is ever idle while it is measured: after some
// seconds without a request V8 throws code away and makes heaps smaller, which costs more than all the rest for long.
// BENCH_IDLE=5 lets each be idle for so many seconds before each turn, to see that.
// Usage: npm run bench:overhead [-- SERVER...]; BENCH_INSTANCES sets the servers of a side, BENCH_ROUNDS the turns of each,
// BENCH_PARTS=1 adds a side for each category alone, BENCH_HEAP_MB=4 both sides with so much more on the server's heap,
// BENCH_NODE the Node, BENCH_NODE_ARGS its options.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import { Load } from "./client.ts";
import { cpuMillis, rssMegabytes } from "./cpu.ts";
import { type Running, start } from "./servers.ts";

const SERVERS = [
  { name: "bare JSON", file: "test/fixtures/bench/json.cjs", path: "/" },
  { name: "Buffer proxy", file: "test/fixtures/bench/proxy.cjs", path: "/" },
  { name: "orders example", file: "examples/orders/src/wasteful/server.js", path: "/orders" },
] as const;
type Server = (typeof SERVERS)[number];

const CONNECTIONS = 10;
const INSTANCES = Number(process.env.BENCH_INSTANCES ?? 6);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 6);
const IDLE_MILLIS = Number(process.env.BENCH_IDLE ?? 0) * 1_000;
/** Of load before a turn that comes after a pause: what is done once when a load sets in is no cost a request. */
const LEAD_MILLIS = 600;
const MEASURED_MILLIS = 1_000;
/** Of load on each server at first: past the first window without inlining, and what V8 does anew after it. */
const WARMUP_MILLIS = 8_000;
const UPSTREAM_BYTES = 64 * 1024;
const NODE = process.env.BENCH_NODE ?? process.execPath;
const ALL = ["--duration", "3600"];
/** What a plain server costs hangs on its live heap, too: below 8 MB V8 does not collect ahead of need. */
const HEAP_MB = process.env.BENCH_HEAP_MB ?? "0";
interface Settings {
  readonly name: string;
  /** Arguments of `darcy record`, null for the plain server. */
  readonly darcy: readonly string[] | null;
  readonly heapMb?: string;
  /** The side that it is compared with, by its place. */
  readonly base?: number;
}
const LIGHT_SIDES: readonly Settings[] = [
  { name: "plain", darcy: null },
  { name: "darcy", darcy: ALL },
  ...(process.env.BENCH_PARTS === "1" ? CATEGORIES : []).map((category) => ({
    name: `only ${category}`,
    darcy: [...ALL, "--only", category],
  })),
];
const HEAVY_SIDES: readonly Settings[] = [
  { name: `plain, ${HEAP_MB} MB more`, darcy: null, heapMb: HEAP_MB },
  { name: `darcy, ${HEAP_MB} MB more`, darcy: ALL, heapMb: HEAP_MB, base: LIGHT_SIDES.length },
];
const SIDES = HEAP_MB === "0" ? LIGHT_SIDES : [...LIGHT_SIDES, ...HEAVY_SIDES];

/** Of one turn. Processor times in microseconds a request. */
interface Turn {
  readonly micros: number;
  readonly collectorMicros: number;
  readonly p99Ms: number;
}
interface Instance {
  readonly turns: readonly Turn[];
  readonly rssMegabytes: number;
}
interface Side {
  readonly settings: Settings;
  readonly instances: Instance[];
}

const wanted = process.argv.slice(2);
const scratch = mkdtempSync(path.join(tmpdir(), "darcy-bench-"));
const upstream = createServer((_request, response) => response.end(Buffer.alloc(UPSTREAM_BYTES, "u"))).listen(
  0,
  "127.0.0.1",
);

async function main(): Promise<void> {
  try {
    await once(upstream, "listening");
    const version = execFileSync(NODE, ["--version"], { encoding: "utf8" }).trim();
    console.log(
      `Node ${version}, ${CONNECTIONS} connections, ${INSTANCES} servers a side one after the other, ${ROUNDS} seconds each, default settings of Darcy\n`,
    );
    const rows = [["server", "side", "us/req", "ratio", "quartiles", "collector", "p99 ms", "RSS MB"]];
    for (const server of SERVERS) {
      if (wanted.length > 0 && !wanted.some((word) => server.name.includes(word))) continue;
      rows.push(...(await measure(server)));
    }
    printTable(rows);
    console.log(
      "\nus/req: processor time of the server's process, median over turns; ratio: of a side's server to the plain one of\n" +
        "the same number and heap in the same round, median and quartiles over both; collector: processor time of `darcy record`.\n" +
        "Windows without inlining (half a second, ever rarer up to once in five minutes) are mostly not in it.",
    );
  } finally {
    upstream.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(server: Server): Promise<string[][]> {
  const sides: Side[] = SIDES.map((settings) => ({ settings, instances: [] }));
  for (let count = 1; count <= INSTANCES; count++) await measureOnce(server, sides, count);
  process.stderr.write("\n");
  return sides.map((side) => rowOf(server, side, sides[side.settings.base ?? 0] as Side));
}

/** One server of each side; who is first changes. */
async function measureOnce(server: Server, sides: readonly Side[], number: number): Promise<void> {
  const first = number % sides.length;
  for (const side of [...sides.slice(first), ...sides.slice(0, first)]) {
    process.stderr.write(`\r${server.name}, ${side.settings.name}, ${number} of ${INSTANCES}        `);
    side.instances.push(await measureServer(server, side.settings));
  }
}

async function measureServer(server: Server, { darcy, heapMb = "0" }: Settings): Promise<Instance> {
  const environment = {
    UPSTREAM_PORT: String((upstream.address() as AddressInfo).port),
    BENCH_HEAP_MB: heapMb,
  };
  const running = await start(NODE, server.file, server.path, scratch, darcy, environment);
  let load = new Load(running.url, CONNECTIONS);
  try {
    await passed(WARMUP_MILLIS);
    const turns: Turn[] = [];
    while (turns.length < ROUNDS) {
      if (IDLE_MILLIS > 0) {
        load.stop();
        await passed(IDLE_MILLIS);
        load = new Load(running.url, CONNECTIONS);
        await passed(LEAD_MILLIS);
      }
      turns.push(await turn(running, load));
    }
    return { turns, rssMegabytes: rssMegabytes(running.pid) };
  } finally {
    load.stop();
    await running.stop();
  }
}

async function turn({ pid, collectorPid }: Running, load: Load): Promise<Turn> {
  const read = () => ({
    cpu: cpuMillis(pid),
    collector: collectorPid === null ? 0 : cpuMillis(collectorPid),
    requests: load.requests,
  });
  load.takeLatencies();
  const before = read();
  await passed(MEASURED_MILLIS);
  const after = read();
  load.check();
  const requests = after.requests - before.requests;
  return {
    micros: ((after.cpu - before.cpu) * 1000) / requests,
    collectorMicros: ((after.collector - before.collector) * 1000) / requests,
    p99Ms: quantile(load.takeLatencies(), 0.99),
  };
}

/** @param base the side that it is compared with */
function rowOf(server: Server, side: Side, base: Side): string[] {
  const turns = side.instances.flatMap((instance) => instance.turns);
  const baseTurns = base.instances.flatMap((instance) => instance.turns);
  const ratios = turns.map(({ micros }, index) => micros / (baseTurns[index]?.micros ?? Number.NaN));
  const median = (of: (turn: Turn) => number) => quantile(turns.map(of), 0.5);
  return [
    side.settings === SIDES[0] ? server.name : "",
    side.settings.name,
    median(({ micros }) => micros).toFixed(1),
    quantile(ratios, 0.5).toFixed(3),
    `${quantile(ratios, 0.25).toFixed(3)} - ${quantile(ratios, 0.75).toFixed(3)}`,
    median(({ collectorMicros }) => collectorMicros).toFixed(2),
    median(({ p99Ms }) => p99Ms).toFixed(2),
    quantile(
      side.instances.map((instance) => instance.rssMegabytes),
      0.5,
    ).toFixed(0),
  ];
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    );
  }
}

// tsx runs this as CommonJS, which has no top-level await.
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
