// Launches: starts a server by one way under `darcy record`, asks it, restarts it where the way does, ends it, and judges.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../src/protocol/report.ts";
import { ask, environmentOf, keepAsking, Recorded, readReport } from "./recorded.ts";
import type { Way } from "./ways.ts";

/** @throws AssertionError where the server is not measured as it should be, or something else was not left alone */
export async function launchOnce(way: Way, folder: string, node: string, cli: string): Promise<void> {
  const cwd = join(folder, way.cwd ?? ".");
  const place = mkdtempSync(join(tmpdir(), "darcy launch "));
  const environment = environmentOf(way, folder, node, place);
  const run = ([program = "", ...words]: readonly string[]) => {
    const { status, stderr } = spawnSync(program, words, { cwd, env: environment, encoding: "utf8" });
    assert.equal(status, 0, `${program} ${words.join(" ")}: ${stderr}`);
  };
  if (way.before !== undefined) run(way.before);
  const out = join(place, "launched.darcy");
  const recording = new Recorded(
    spawn(
      node,
      [cli, "record", "--workers", "2", "--start-timeout", "100", "--out", out, "--", ...way.command],
      {
        cwd,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      },
    ),
  );
  try {
    await recording.until("it invites", () => recording.stderr.includes("Send it requests now"));
    const first = await ask(recording, way);
    judgeAnswer(first, way, node);
    await keepAsking(recording, way);
    if (way.touched !== undefined) await restart(recording, way, folder, first.pid as number);
    recording.child.kill("SIGINT");
    assert.equal(await recording.closed, 0, recording.stderr);
    judge(readReport(node, cli, out, environment), way, recording);
  } catch (error) {
    throw new Error(`${String(error)}\n--- stderr\n${recording.stderr}\n--- stdout\n${recording.stdout}`, {
      cause: error,
    });
  } finally {
    recording.child.kill("SIGKILL");
    if (way.after !== undefined) run(way.after);
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

function judgeAnswer(told: Record<string, unknown>, way: Way, node: string): void {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  assert.equal(told.version, stdout.trim(), "the chosen Node");
  for (const [name, value] of Object.entries(way.told ?? {})) assert.deepEqual(told[name], value, name);
  const own = way.environment?.NODE_OPTIONS;
  if (own !== undefined) assert.ok(String(told.options).startsWith(`${own} `), `composed: ${told.options}`);
}

async function restart(recording: Recorded, way: Way, folder: string, pid: number): Promise<void> {
  appendFileSync(join(folder, way.touched ?? ""), "\n");
  await recording.until("its restart is told", () => recording.stderr.includes("was restarted"));
  await recording.until("another process answers", async () => (await ask(recording, way)).pid !== pid);
  await keepAsking(recording, way);
}

export function judge(report: Report, way: Way, { stderr }: Recorded): void {
  assert.ok(report.requests.total > 0, `${report.requests.total} requests`);
  const peers = report.workers.filter(({ role }) => role === "peer");
  const serving = new Set(peers.map(({ id }) => id));
  assert.equal(serving.size, way.workers, `workers ${JSON.stringify(peers.map(({ id, pid }) => [id, pid]))}`);
  // Package managers, compilers and watchers are no workers of it.
  const others = report.workers.filter(({ role, requests }) => role !== "peer" && requests > 0);
  assert.deepEqual(others, []);
  const restarts = (report.restarts ?? []).filter(({ what }) => what === "server").length;
  assert.equal(restarts > 0, way.touched !== undefined, `${restarts} restarts`);
  assert.ok(!/defect of Darcy/.test(stderr));
}
