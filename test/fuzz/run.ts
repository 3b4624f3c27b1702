// npm run fuzz [-- --seed N] [--inputs N] [--traffic FILE] [PART...]: what anybody may send to a session's socket, or
// call a recording. Parts: wire (framing, validators, builder), socket (a real session on its socket), files. The
// frames that are changed are recorded from a real server in each run; a failure keeps them and says how to replay it.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Chance } from "./chance.ts";
import { fuzzInProcess } from "./inProcess.ts";
import { type Outcome, outcomeText } from "./outcome.ts";
import { fuzzRecordings } from "./recordings.ts";
import { fuzzSocket } from "./socket.ts";
import { recordTraffic, type Traffic } from "./traffic.ts";

const PARTS: Readonly<Record<string, { share: number; run: (...args: Arguments) => Promise<Outcome> }>> = {
  wire: { share: 0.7, run: fuzzInProcess },
  socket: { share: 0.2, run: fuzzSocket },
  files: { share: 0.1, run: fuzzRecordings },
};
type Arguments = [traffic: Traffic, chance: Chance, count: number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    inputs: { type: "string", default: "1200000" },
    traffic: { type: "string" },
  },
});
const seed = Number(values.seed);
const inputs = Number(values.inputs);
const parts = positionals.length === 0 ? Object.keys(PARTS) : positionals;
if (!Number.isSafeInteger(seed) || !(inputs > 0) || !parts.every((part) => Object.hasOwn(PARTS, part))) {
  console.error(`Usage: npm run fuzz -- [--seed N] [--inputs N] [${Object.keys(PARTS).join("|")}]...`);
  process.exit(2);
}

async function main(): Promise<void> {
  console.log(`seed ${seed}`);
  const traffic =
    values.traffic === undefined
      ? await recordTraffic(8)
      : (JSON.parse(readFileSync(values.traffic, "utf8")) as Traffic);
  try {
    await fuzz(traffic);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  if (process.exitCode !== 1) return;
  const kept = values.traffic ?? join(mkdtempSync(join(tmpdir(), "darcy-fuzz-")), "traffic.json");
  writeFileSync(kept, JSON.stringify(traffic));
  console.error(
    `Again: npm run fuzz -- --seed ${seed} --inputs ${inputs} --traffic ${kept} ${parts.join(" ")}`,
  );
}

async function fuzz(traffic: Traffic): Promise<void> {
  for (const part of parts) {
    const { share, run } = PARTS[part] as (typeof PARTS)[string];
    const outcome = await run(traffic, new Chance(seed), Math.ceil(inputs * share));
    console.log(outcomeText(part, outcome));
    const { growth } = outcome.memory;
    if (growth === null) continue;
    console.error(`${part}: ${growth}`);
    process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
