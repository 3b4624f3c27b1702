// Unit tests: commands that start, that don't, and that won't end; and which Node they run.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { checkCommand } from "../../src/collector/checkCommand.ts";
import { findNode } from "../../src/collector/findNode.ts";
import { type Launched, launch } from "../../src/collector/launch.ts";
import { exitError, missingWorkers, timeoutError, workersDeadline } from "../../src/collector/startup.ts";
import { UserError } from "../../src/common/errors.ts";

const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy with space ü "));
after(() => rmSync(folder, { recursive: true }));

function script(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}
function start(command: readonly string[], cwd = folder): Promise<Launched> {
  return launch({ command, cwd, environment: process.env, readErrors: true });
}
async function refused(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof UserError && message.test(error.message));
}
async function until(reached: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!reached()) {
    assert.ok(Date.now() < deadline, "in time");
    await delay(10);
  }
}
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  // An orphan that nobody reaps is a zombie: it does not run.
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

test("commands that can't be started", async () => {
  await refused(start(["no-such-command-of-ours"]), /"no-such-command-of-ours" was not found/);
  await refused(start([]), /no command/);
  await refused(start([process.execPath], join(folder, "missing")), /folder .* does not exist/);
  if (process.platform !== "win32") await refused(start([script("plain.txt", "x")]), /may not be run/);
});

test("a program or a script that is not there is told without a start", posix, () => {
  script("there.js", "");
  script("plain-file", "x");
  const bin = dirname(process.execPath);
  const check = (line: string, environment: NodeJS.ProcessEnv = {}) =>
    checkCommand(line.split(" "), folder, { PATH: bin, ...environment });
  const wrong: Readonly<Record<string, RegExp>> = {
    "nosuchcmd x": /"nosuchcmd" was not found/,
    "./nosuchcmd": /"\.\/nosuchcmd" was not found/,
    "./plain-file": /may not be run/,
    "there.js --port 3": /script there\.js is no command/,
    "node missing.js": /script missing\.js does not exist/,
    "node --enable-source-maps --max-old-space-size=64 missing.js": /script missing\.js does not exist/,
  };
  for (const [line, message] of Object.entries(wrong)) {
    assert.throws(
      () => check(line),
      (error) => error instanceof UserError && message.test(error.message),
      line,
    );
  }
  assert.throws(
    () => checkCommand(["node there.js"], folder, { PATH: bin }),
    (error) => error instanceof UserError && error.remedy.endsWith("-- node there.js"),
  );
  for (const line of [
    "node there.js",
    "node there",
    "node .",
    "node inspect missing.js",
    "node -e missing",
    "node --import tsx missing.js",
    "node --import=tsx missing.js",
    "node --unknown-option missing.js",
    "node -- missing.js",
    "node -",
  ])
    check(line);
  check("node missing.js", { NODE_OPTIONS: "--enable-source-maps --require ./hook.js" });
  checkCommand(["node", "there.js"], folder, { PATH: "/no" });
});

test("a kill reaches the processes that left the group", posix, async () => {
  const away = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
  const ended = once(away, "exit");
  const command = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
  const others = () => [away.pid as number];
  const launched = await launch({ command, cwd: folder, environment: process.env, others });
  launched.signal("SIGKILL");
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  assert.equal((await launched.stop()).signal, "SIGKILL");
});

test("code and signal of the end, and the end of what was said on stderr", async () => {
  const file = script("fäils here.js", 'console.error("wörse"); process.exit(7)');
  const failed = await start([process.execPath, file]);
  assert.deepEqual(await failed.exited, { code: 7, signal: null });
  assert.deepEqual(failed.exit, { code: 7, signal: null });
  assert.equal(failed.errorTail.trim(), "wörse");
  const waiting = await start([process.execPath, "-e", "setInterval(() => {}, 1000)"]);
  assert.equal(waiting.exit, null);
  assert.equal((await waiting.stop()).signal, process.platform === "win32" ? null : "SIGTERM");
  // Once more does nothing.
  await waiting.stop();
  waiting.signal("SIGTERM");
});

test("stop ends what the command started, also what does not want to", posix, async () => {
  const note = join(folder, "pid");
  const child = script(
    "stubborn.js",
    `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);
     require("fs").writeFileSync(${JSON.stringify(`${note}.part`)}, String(process.pid));
     require("fs").renameSync(${JSON.stringify(`${note}.part`)}, ${JSON.stringify(note)});`,
  );
  // The command itself is gone at the first signal, like a package manager's.
  const parent = script(
    "parent.js",
    `require("child_process").spawn(process.execPath, [${JSON.stringify(child)}], { stdio: "ignore" }); setInterval(() => {}, 1000);`,
  );
  const launched = await start([process.execPath, parent]);
  await until(() => existsSync(note));
  const pid = Number(readFileSync(note, "utf8"));
  assert.ok(runs(pid));
  await launched.stop("SIGTERM", 200);
  await until(() => !runs(pid));
});

test("the other workers may take longer than the first did, and no less than 8 s", () => {
  assert.equal(workersDeadline(300), 8_000);
  assert.equal(workersDeadline(9_999.9), 30_000);
});

test("workers that did not come: what to do is said, once", () => {
  assert.match(missingWorkers(2, 3, false), /^2 of 3 .* Their own output .* is recorded with --workers 1\.$/);
  assert.equal(missingWorkers(1, 2, true), "1 of 2 workers did not come to listen.");
});

test("why the server did not listen", () => {
  const nobody = { workers: [] };
  const exit = { code: 1, signal: null };
  const command = ["node", "server.js"];
  const inUse = "Error: listen EADDRINUSE: address already in use :::3000\n    at Server";
  assert.equal(
    exitError(nobody, exit, inUse, command).message,
    "The server could not listen: port 3000 is in use.",
  );
  const pipe = "Error: listen EADDRINUSE: address already in use /tmp/a.sock";
  assert.match(exitError(nobody, exit, pipe, command).message, /\/tmp\/a\.sock is in use/);
  assert.match(exitError(nobody, exit, "", command).message, /with code 1 before it listened/);
  assert.match(exitError(nobody, { code: null, signal: "SIGSEGV" }, "", command).message, /by SIGSEGV/);
  assert.match(exitError(nobody, { code: 0, signal: null }, "", command).message, /before any Node process/);
  const reported = { workers: [{}] } as unknown as Parameters<typeof exitError>[0];
  assert.match(exitError(reported, { code: 0, signal: null }, "", command).remedy, /the script that listens/);
  const session = (node: string, workers: number, refusals: string) =>
    ({
      workers: new Array(workers).fill({}),
      refused: { count: refusals === "" ? 0 : 1, reason: refusals },
      snapshot: () => ({ node }),
    }) as unknown as Parameters<typeof timeoutError>[0];
  assert.match(timeoutError(session("v24.0.0", 1, ""), 5_000).message, /nothing listened within 5 s/);
  assert.match(timeoutError(session("", 0, ""), 5_000).message, /No Node process .* reported within 5 s/);
  assert.match(timeoutError(session("", 0, "The secret is wrong"), 5_000).message, /secret is wrong/);
});

/** A program that calls itself node and says it is `version`. */
function fakeNode(name: string, version: string): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  writeFileSync(join(bin, "node"), `#!/bin/sh\necho '["${version}",false]'\n`);
  chmodSync(join(bin, "node"), 0o755);
  return bin;
}

test("which Node the command runs", posix, async () => {
  const bin = join(folder, "real bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  const PATH = ["", join(folder, "missing"), bin, "/usr/bin"].join(delimiter);
  const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);
  const found = { path: join(bin, "node"), version: process.version, stripsTypes };
  assert.deepEqual(await findNode(["node", "x.js"], "/", { PATH }, "/fallback"), found);
  assert.deepEqual(await findNode(["npm", "start"], "/", { PATH }, "/fallback"), found);
  assert.deepEqual(await findNode(["./node", "x.js"], bin, { PATH: "" }, "/fallback"), found);
  const fallback = await findNode(["./server"], "/", { PATH: "" }, process.execPath);
  assert.equal(fallback.path, process.execPath);
});

test("no Node, one that is too old, one that is none", posix, async () => {
  await refused(findNode(["node", "x.js"], "/", { PATH: folder }, process.execPath), /"node" was not found/);
  await refused(
    findNode(["/no/node", "x.js"], "/", { PATH: "" }, process.execPath),
    /"\/no\/node" was not found/,
  );
  const old = fakeNode("old", "v18.20.4");
  await refused(
    findNode(["node"], "/", { PATH: old }, process.execPath),
    /Node\.js v18\.20\.4, which is too old/,
  );
  await refused(findNode(["npm"], "/", { PATH: old }, process.execPath), /too old/);
  const strange = fakeNode("strange", "hello");
  await refused(findNode(["node"], "/", { PATH: strange }, process.execPath), /does not run as Node/);
});
