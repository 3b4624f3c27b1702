// Benchmark: processor time a request with and without Darcy. Both servers of a pair run throughout; rounds of the same
// length go to one and the other in turns, so that what the machine does meanwhile meets both alike.
// Usage: npm run bench:overhead [-- SERVER...]; BENCH_ROUNDS sets the number of pairs of rounds.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { cpuMillis, rssMegabytes } from "./cpu.ts";
import { drive, type Running, start } from "./servers.ts";

const SERVERS = [
  { name: "bare JSON", file: "test/fixtures/bench/json.cjs", path: "/" },
  { name: "Buffer proxy", file: "test/fixtures/bench/proxy.cjs", path: "/" },
  { name: "orders example", file: "examples/orders/src/wasteful/server.js", path: "/orders" },
] as const;
type Server = (typeof SERVERS)[number];

const CONNECTIONS = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 12);
const ROUND_SECONDS = 2;
/** So long that what Darcy does more often at first (its windows without inlining) has settled. */
const WARMUP_SECONDS = 30;
const UPSTREAM_BYTES = 64 * 1024;

interface Side {
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
    console.log(
      `Node ${process.version}, ${CONNECTIONS} connections, ${ROUNDS} pairs of rounds, default settings of Darcy\n`,
    );
    const rows = [
      ["server", "plain us/req", "darcy us/req", "ratio", "quartiles", "overall", "p99 ms", "RSS MB"],
    ];
    for (const server of SERVERS) {
      if (wanted.length > 0 && !wanted.some((word) => server.name.includes(word))) continue;
      rows.push(await measure(server));
    }
    printTable(rows);
    console.log(
      "\nratio: median over pairs of rounds of processor time a request with Darcy to that without; quartiles of the same;\n" +
        "overall: all rounds together, with the windows without inlining in them (half a second a minute). Darcy's rounds are half\n" +
        "of the time here, so that up to twice as much of them is windows as under steady load.",
    );
  } finally {
    upstream.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(server: Server): Promise<string[]> {
  const environment = { UPSTREAM_PORT: String((upstream.address() as AddressInfo).port) };
  const begin = (darcy: readonly string[] | null) =>
    start(server.file, server.path, scratch, darcy, environment);
  const sides: Side[] = [];
  try {
    for (const darcy of [null, ["--duration", "3600"]]) {
      sides.push({ running: await begin(darcy), microsPerRequest: [], p99Ms: [] });
    }
    const [plain, darcy] = sides as [Side, Side];
    for (const { running } of sides) await drive(running.url, WARMUP_SECONDS, CONNECTIONS);
    for (let round = 0; round < ROUNDS; round++) {
      // In turns also who is first: plain, darcy, darcy, plain.
      for (const side of round % 2 === 0 ? [plain, darcy] : [darcy, plain]) await runRound(side);
      process.stderr.write(`\r${server.name}: ${round + 1} of ${ROUNDS} `);
    }
    process.stderr.write("\n");
    return rowOf(server, plain, darcy);
  } finally {
    for (const { running } of sides) await running.stop();
  }
}

async function runRound({ running, microsPerRequest, p99Ms }: Side): Promise<void> {
  const before = cpuMillis(running.pid);
  const round = await drive(running.url, ROUND_SECONDS, CONNECTIONS);
  microsPerRequest.push(((cpuMillis(running.pid) - before) * 1000) / round.requests);
  p99Ms.push(round.p99Ms);
}

function rowOf(server: Server, plain: Side, darcy: Side): string[] {
  const ratios = darcy.microsPerRequest.map(
    (micros, round) => micros / (plain.microsPerRequest[round] as number),
  );
  const pair = (of: (side: Side) => number, digits: number) =>
    [plain, darcy].map((side) => of(side).toFixed(digits)).join(" / ");
  return [
    server.name,
    quantile(plain.microsPerRequest, 0.5).toFixed(1),
    quantile(darcy.microsPerRequest, 0.5).toFixed(1),
    quantile(ratios, 0.5).toFixed(3),
    `${quantile(ratios, 0.25).toFixed(3)} - ${quantile(ratios, 0.75).toFixed(3)}`,
    (total(darcy.microsPerRequest) / total(plain.microsPerRequest)).toFixed(3),
    pair((side) => quantile(side.p99Ms, 0.5), 0),
    pair((side) => rssMegabytes(side.running.pid), 0),
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
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
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
