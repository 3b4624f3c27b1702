// Launches: a server that pm2 has started joins `darcy attach` by what docs/launching.md says, is measured, and goes on without it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "./launchOnce.ts";
import type { Attached } from "./pm2Ways.ts";
import {
  answerAt,
  DEADLINE_MILLIS,
  environmentOf,
  keepAsking,
  Recorded,
  readReport,
  until,
} from "./recorded.ts";

/** Of `darcy attach` without a server. */
const INTERRUPTED = 130;

/** @throws AssertionError where the server is not measured as it should be, or is another afterwards */
export async function attachOnce(way: Attached, folder: string, node: string, cli: string): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), "darcy attach "));
  const port = await freePort();
  const environment = { ...environmentOf(way, folder, node, place), PORT: String(port) };
  const pm2 = (words: readonly string[], more: NodeJS.ProcessEnv = {}) => {
    const options = { cwd: folder, env: { ...environment, ...more }, timeout: DEADLINE_MILLIS } as const;
    const { status, stderr } = spawnSync("pm2", words, { ...options, encoding: "utf8" });
    assert.equal(status, 0, `pm2 ${words.join(" ")}: ${stderr}`);
  };
  const [out, file] = [join(place, "attached.darcy"), join(place, "variables.env")];
  const words = [cli, "attach", "--workers", "2", "--out", out, "--env", file];
  let recording: Recorded | null = null;
  try {
    pm2(way.start);
    const child = spawn(node, words, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    recording = new Recorded(child, port);
    const told = recording;
    await told.until("it waits", () => told.stderr.includes("Waiting for"));
    pm2(way.command, variablesOf(file));
    if (way.unheard === undefined)
      await told.until("it joins", () => told.stderr.includes("A server has joined"));
    await keepAsking(told, way);
    child.kill("SIGINT");
    assert.equal(await told.closed, way.unheard === undefined ? 0 : INTERRUPTED, told.stderr);
    if (way.unheard === undefined) judge(readReport(node, cli, out, environment), way, told);
    else assert.match(told.stderr, way.unheard);
    assert.notEqual(await answerAt(port), null, "it goes on");
    pm2(way.leave.words, way.leave.environment);
    await until("the variables are gone", async () => (await answerAt(port))?.options === "");
  } catch (error) {
    const texts = `--- stderr\n${recording?.stderr}\n--- stdout\n${recording?.stdout}`;
    throw new Error(`${String(error)}\n${texts}`, { cause: error });
  } finally {
    recording?.child.kill("SIGKILL");
    spawnSync("pm2", ["kill"], { env: environment, timeout: DEADLINE_MILLIS });
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

function variablesOf(file: string): NodeJS.ProcessEnv {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
