// Runtime test: the topology lab as the extension runs it: it can be stopped, with its server, and its reasons come through.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../src/common/errors.ts";
import { type LabOptions, runLab } from "../../src/recording/topologyLab.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { isAlive, until } from "./symmetricRun.ts";

const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy lab é "));
const pidFile = join(folder, "pid");
let built: Built;
before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
  writeFileSync(
    join(folder, "server.js"),
    `require("node:http").createServer((q, s) => s.end()).listen(0, () =>
  require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)));\n`,
  );
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await built.remove();
});

function lab(...command: string[]): LabOptions {
  return {
    command,
    cwd: folder,
    environment: process.env,
    nodePath: process.execPath,
    cli: join(built.folder, "cli.js"),
    topologies: ["rr", "single"],
    rounds: 3,
    workers: 2,
    method: "GET",
    path: "/",
    connections: 2,
    seconds: 600,
  };
}

test("stopped, it ends its server and has no result", posix, async () => {
  const runs: string[] = [];
  const { done, stop } = runLab(lab(process.execPath, "server.js"), (text) => runs.push(text));
  await until("the server runs", () => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "");
  const pid = Number(readFileSync(pidFile, "utf8"));
  stop();
  assert.equal(await done, null);
  assert.deepEqual(runs, ["round 1 of 3: rr"]);
  await until("the server is gone", () => !isAlive(pid));
});

test("a server that fails is told with its reason", posix, async () => {
  const { done } = runLab(lab(process.execPath, "-e", "process.exit(4)"), () => {});
  await assert.rejects(done, (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /^The server ended with code 4 before it listened\.$/);
    assert.match(error.remedy, /What it printed says why/);
    return true;
  });
});
