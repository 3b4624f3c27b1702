// Benchmark: processor time a request with and without Darcy. Both servers of a pair run throughout; rounds of the same
// length go to one and the other in turns, so that what the machine does meanwhile meets both alike.
// Usage: npm run bench:overhead [-- SERVER...]; BENCH_ROUNDS sets the number of pairs of rounds, BENCH_PARTS=1 adds a
// side for each category alone, BENCH_NODE the Node, BENCH_COLLECTIONS=0 leaves out what pidFile.cjs does.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import { cpuMillis, rssMegabytes } from "./cpu.ts";
import { drive, type Running, start } from "./servers.ts";

const SERVERS = [
  { name: "bare JSON", file: "test/fixtures/bench/json.cjs", path: "/" },
  { name: "Buffer proxy", file: "test/fixtures/bench/proxy.cjs", path: "/" },
  { name: "orders example", file: "examples/orders/src/wasteful/server.js", path: "/orders" },
] as const;
type Server = (typeof SERVERS)[number];

const CONNECTIONS = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 48);
/** Of processor time. Short, because what a machine does beside us comes and goes within seconds. */
const ROUND_SECONDS = 0.4;
/** So long that the server has recovered from Darcy's first three windows without inlining (at 1, 7 and 31 s). */
const WARMUP_SECONDS = 60;
const UPSTREAM_BYTES = 64 * 1024;
const NODE = process.env.BENCH_NODE ?? process.execPath;
const SIDES: readonly (readonly [name: string, darcy: readonly string[] | null])[] = [
  ["plain", null],
  ["darcy", ["--duration", "3600"]],
  ...(process.env.BENCH_PARTS === "1" ? CATEGORIES : []).map(
    (category) => [`only ${category}`, ["--duration", "3600", "--only", category]] as const,
  ),
];

interface Side {
  readonly name: string;
  readonly running: Running;
  readonly microsPerRequest: number[];
  readonly p99Ms: number[];
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
      `Node ${version}, ${CONNECTIONS} connections, ${ROUNDS} rounds a side, default settings of Darcy\n`,
    );
    const rows = [["server", "side", "us/req", "ratio", "quartiles", "overall", "p99 ms", "RSS MB"]];
    for (const server of SERVERS) {
      if (wanted.length > 0 && !wanted.some((word) => server.name.includes(word))) continue;
      rows.push(...(await measure(server)));
    }
    printTable(rows);
    console.log(
      "\nus/req: processor time, median over rounds; ratio: median over rounds of a side's to the plain server's in the same\n" +
        "round, with its quartiles; overall: all rounds together. Not in them: windows without inlining, half a second\n" +
        "every five minutes after the first half minute, and the seconds of load until the code is optimised anew.",
    );
  } finally {
    upstream.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(server: Server): Promise<string[][]> {
  const environment = { UPSTREAM_PORT: String((upstream.address() as AddressInfo).port) };
  const sides: Side[] = [];
  try {
    for (const [name, darcy] of SIDES) {
      const running = await start(NODE, server.file, server.path, scratch, darcy, environment);
      sides.push({ name, running, microsPerRequest: [], p99Ms: [] });
    }
    const amount = await warmUp(sides);
    for (let round = 0; round < ROUNDS; round++) {
      // In turns also who is first, for whoever is drives caches and clock up for the others.
      const turn = [...sides.slice(round % sides.length), ...sides.slice(0, round % sides.length)];
      for (const side of turn) await runRound(side, amount);
      process.stderr.write(`\r${server.name}: ${round + 1} of ${ROUNDS} `);
    }
    process.stderr.write("\n");
    return sides.map((side) => rowOf(server, side, sides[0] as Side));
  } finally {
    for (const { running } of sides) await running.stop();
  }
}

/** Returns how many requests make a round. */
async function warmUp(sides: readonly Side[]): Promise<number> {
  const until = Date.now() + WARMUP_SECONDS * 1000;
  let amount = 1_000;
  while (Date.now() < until) {
    for (const { running } of sides) {
      const before = cpuMillis(running.pid);
      await drive(running.url, amount, CONNECTIONS);
      const micros = ((cpuMillis(running.pid) - before) * 1000) / amount;
      amount = Math.max(100, Math.ceil((ROUND_SECONDS * 1e6) / micros));
    }
  }
  return amount;
}

async function runRound({ running, microsPerRequest, p99Ms }: Side, amount: number): Promise<void> {
  const before = cpuMillis(running.pid);
  const round = await drive(running.url, amount, CONNECTIONS);
  microsPerRequest.push(((cpuMillis(running.pid) - before) * 1000) / round.requests);
  p99Ms.push(round.p99Ms);
}

function rowOf(server: Server, side: Side, plain: Side): string[] {
  const ratios = side.microsPerRequest.map(
    (micros, round) => micros / (plain.microsPerRequest[round] as number),
  );
  return [
    side === plain ? server.name : "",
    side.name,
    quantile(side.microsPerRequest, 0.5).toFixed(1),
    quantile(ratios, 0.5).toFixed(3),
    `${quantile(ratios, 0.25).toFixed(3)} - ${quantile(ratios, 0.75).toFixed(3)}`,
    (total(side.microsPerRequest) / total(plain.microsPerRequest)).toFixed(3),
    quantile(side.p99Ms, 0.5).toFixed(0),
    rssMegabytes(side.running.pid).toFixed(0),
  ];
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
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
