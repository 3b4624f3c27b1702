// Truth suite: records one case through the built command line, as a user does.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { readProfile } from "../../src/collector/profileFile.ts";
import { isMessage } from "../../src/model/messageWords.ts";
import type { Profile } from "../../src/model/profile.ts";
import { scopeOf } from "../../src/model/scope.ts";
import type { Report } from "../../src/protocol/report.ts";
import { assertSameFront } from "../unit/sameFront.ts";
import { root, type TruthCase } from "./cases/truthCase.ts";
import { PipelinedLoad } from "./pipelinedLoad.ts";
import type { Measured } from "./truthComments.ts";

const CLI = path.join(root, "dist/cli.js");
const WARMUP_SECONDS = 1;
/** Against hanging for ever; far beyond what the slowest machine needs. */
const DEADLINE_MS = 240_000;

export interface Recording {
  readonly report: Report;
  readonly measured: Measured;
}

export async function recordCase(truthCase: TruthCase, node: string, scratch: string): Promise<Recording> {
  const profile = path.join(scratch, "truth.darcy");
  const truthFile = path.join(scratch, "truth.json");
  const rate = truthCase.rate === null ? [] : ["--rate", String(truthCase.rate)];
  const stacks = truthCase.stacks === undefined ? [] : ["--stacks", String(truthCase.stacks)];
  const options = [
    ...stacks,
    ...(truthCase.only === undefined ? [] : ["--only", truthCase.only]),
    ...(truthCase.follow === undefined ? [] : ["--follow", String(truthCase.follow)]),
    "--workers",
    String(truthCase.workers ?? 1),
    "--duration",
    String(truthCase.seconds),
    "--warmup",
    String(WARMUP_SECONDS),
  ];
  const { pipelining = 1, connections } = truthCase;
  const load =
    pipelining === 1 ? ["--load", truthCase.path, "--connections", String(connections), ...rate] : [];
  const command = [node, ...(await truthCase.args(scratch))];
  const environment = { PORT: "0", TRUTH_FILE: truthFile };
  const pipelined: PipelinedLoad[] = [];
  try {
    await cli(["record", ...options, ...load, "--out", profile, "--", ...command], environment, (said) => {
      const url = /Listening on (http:\S+) /.exec(said)?.[1];
      if (pipelining === 1 || url === undefined || pipelined.length > 0) return;
      pipelined.push(new PipelinedLoad(new URL(truthCase.path, url), connections, pipelining));
    });
  } finally {
    for (const running of pipelined) running.stop();
  }
  await assertSameFront(profile);
  const json = await cli(["report", profile, "--format", "json", "--top", "1000"], {});
  const report = byRequestsOverHttp(JSON.parse(json) as Report);
  return { report, measured: ownAccount(truthFile, await readProfile(profile)) };
}

/** What a server's lines cost is told by its requests; some have raw servers of their own that they ask, whose reads count, too. */
function byRequestsOverHttp(report: Report): Report {
  const { total, routes } = report.requests;
  const asked = routes.filter((route) => !isMessage(route)).reduce((sum, { count }) => sum + count, 0);
  const factor = asked > 0 ? total / asked : 1;
  return {
    ...report,
    requests: { ...report.requests, total: asked },
    hotspots: report.hotspots.map((hotspot) => ({
      ...hotspot,
      perRequest: hotspot.perRequest === null ? null : hotspot.perRequest * factor,
    })),
  };
}

/** @param said called with the newest part of what it says beside its output */
async function cli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  said: (text: string) => void = () => undefined,
): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-8_192);
    said(errors);
  });
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new Error(`darcy ${args.join(" ")}\nended with ${code}\n${output.slice(-2_048)}\n${errors}`);
  return output;
}

/** What the server waited a request in the time that is measured: means of its own measurements. */
function ownAccount(file: string, profile: Profile): Measured {
  if (!existsSync(file)) return new Map();
  const { requests, waits } = JSON.parse(readFileSync(file, "utf8")) as {
    requests: number[];
    waits: Record<string, [number, number][]>;
  };
  const { windows } = scopeOf(profile);
  const begin = Math.min(...windows.map(({ startMicros }) => startMicros)) / 1000;
  const end = Math.max(...windows.map(({ endMicros }) => endMicros)) / 1000;
  const isMeasured = (at: number) => at >= begin && at <= end;
  const count = requests.filter(isMeasured).length;
  return new Map(
    Object.entries(waits).map(([name, events]) => {
      const micros = events.reduce((sum, [at, wait]) => (isMeasured(at) ? sum + wait : sum), 0);
      return [name, micros / count];
    }),
  );
}
