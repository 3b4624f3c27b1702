// npm run fidelity -- public [--nodes 20,24] [NAME...]: public servers and libraries at their latest versions, asked
// the same without Darcy, with it, and with it on two workers. What they answer, print and end with is compared.

import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { ensureNodes } from "../../../scripts/nodes.mjs";
import { PUBLIC_CASES, type PublicCase } from "./cases.ts";
import { compareSides } from "./compareSides.ts";
import { ensurePackages, unsupported, versionOf } from "./packages.ts";
import { prepareProgram, programs, staticFiles } from "./programFolder.ts";
import { runServer } from "./server.ts";
import { type Found, startPostgres, startRedis } from "./services.ts";
import { startUpstream, type Upstream } from "./upstream.ts";
import { verdictOf } from "./verdict.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { nodes: { type: "string", default: "20,22,24,26" } },
});
const unknown = positionals.filter((word) => !PUBLIC_CASES.some(({ name }) => name === word));
const majors = values.nodes.split(",").map(Number);
if (unknown.length > 0 || !majors.every((major) => major >= 20)) {
  console.error(`Usage: npm run fidelity -- public [--nodes 20,22,24,26] [NAME...]`);
  console.error(`Names: ${PUBLIC_CASES.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const counts = { same: 0, differ: 0, skipped: 0 };
const summary: string[] = [];
const services = new Map<string, Found>();

async function main(): Promise<void> {
  ensurePackages();
  const wanted = PUBLIC_CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const nodes = ensureNodes(majors) as Map<number, string>;
  const upstream = await startUpstream();
  try {
    for (const { needs } of wanted) {
      if (needs === undefined || services.has(needs)) continue;
      services.set(needs, await (needs === "postgres" ? startPostgres() : startRedis()));
    }
    for (const each of wanted) {
      const versions = each.packages.map((name) => `${name} ${versionOf(name)}`).join(", ");
      console.log(`\n${each.name} (${versions})`);
      prepareProgram(each, nodes);
      for (const [major, node] of nodes) await onNode(each, major, node, upstream);
    }
  } finally {
    await stopServices();
    await upstream.stop();
  }
  if (summary.length > 0) console.log(`\n${summary.join("\n")}`);
  const { text, code } = verdictOf(counts);
  console.log(`\n${text}`);
  process.exitCode = code;
}

async function stopServices(): Promise<void> {
  for (const service of services.values()) if (typeof service !== "string") await service.stop();
}

async function onNode(each: PublicCase, major: number, node: string, upstream: Upstream): Promise<void> {
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
  const service = each.needs === undefined ? null : (services.get(each.needs) ?? null);
  const why =
    typeof service === "string"
      ? service
      : (each.packages.map((name) => unsupported(name, version)).find(Boolean) ?? null);
  if (why !== null) {
    counts.skipped++;
    report(`  Node ${major}: skipped: ${why}`, each);
    return;
  }
  const start = performance.now();
  const wrong = await compareSides(async (side) => {
    if (service !== null && typeof service !== "string") await service.empty();
    const environment = { ...upstream.environment, ...environmentOf(service), STATIC: staticFiles };
    return runServer(each, side, { node, folder: programs, environment });
  }).catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  counts[wrong.length === 0 ? "same" : "differ"]++;
  if (wrong.length === 0) console.log(`  Node ${major}: the same (${seconds} s)`);
  else report([`  Node ${major}: ${wrong.length} differences (${seconds} s)`, ...wrong].join("\n    "), each);
}

function environmentOf(service: Found | null): NodeJS.ProcessEnv {
  return service === null || typeof service === "string" ? {} : service.environment;
}

function report(text: string, { name }: PublicCase): void {
  console.log(text);
  summary.push(`${name}${text.split("\n")[0]}`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stopServices().finally(() => process.exit(130)));
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
