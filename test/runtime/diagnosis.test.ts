// Tests: why there is no data is told from real processes: which ran, what of ours reached them, who has the port.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Diagnosis } from "../../src/collector/diagnosis/diagnose.ts";
import { WhyNoData } from "../../src/collector/diagnosis/whyNoData.ts";
import { type Launched, launch } from "../../src/collector/launch.ts";
import { Session } from "../../src/collector/session.ts";
import { BYSTANDERS_FILE, type Bystander, DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { type Built, buildBundles } from "../unit/built.ts";

const DEADLINE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "darcy-diagnosis é "));
const node = JSON.stringify(process.execPath);
const LISTENS = `require("node:http").createServer((q, s) => s.end()).listen(0)`;
let built: Built;

before(async () => {
  built = await buildBundles("preload");
  file("server.js", LISTENS);
  file("idle.js", "setInterval(() => {}, 1000)");
  file("stops.js", "process.kill(process.pid, 'SIGSTOP')");
  file("busy.js", "for (;;);");
  file(
    "thread.js",
    `const { Worker } = require("node:worker_threads"); new Worker(${JSON.stringify(LISTENS)}, { eval: true })`,
  );
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function opened(command: readonly string[], baseEnvironment = process.env): Promise<Session> {
  return Session.open({
    command,
    cwd: folder,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: built.folder,
    nodePath: process.execPath,
    baseEnvironment,
  });
}

/** Until what is told matches: processes start when they do. */
async function asked(why: WhyNoData, wanted: RegExp, running: boolean): Promise<Diagnosis> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const diagnosis = await why.ask(running);
    if (wanted.test(diagnosis.message)) return diagnosis;
    if (Date.now() > deadline) assert.match([diagnosis.message, ...diagnosis.processes].join("\n"), wanted);
    await delay(50);
  }
}

async function told(command: readonly string[], wanted: RegExp, running = true): Promise<Diagnosis> {
  const session = await opened(command);
  let server: Launched | null = null;
  let why: WhyNoData | null = null;
  try {
    server = await launch({ command, cwd: folder, environment: session.environment, readErrors: true });
    why = new WhyNoData(session, server.pid);
    if (!running) await server.exited;
    return await asked(why, wanted, running);
  } finally {
    why?.stop();
    await server?.stop("SIGKILL");
    await session.close();
  }
}

/** With this preloaded before ours. */
function startedAfter(preloaded: string, session: Session, text: string): ChildProcess {
  const { NODE_OPTIONS: ours = "", ...others } = session.environment;
  const options = `--require "${preloaded.replaceAll("\\", "\\\\")}" ${ours}`;
  const path = file("started.js", text);
  return spawn(process.execPath, [path], {
    cwd: folder,
    env: { ...others, NODE_OPTIONS: options },
    stdio: "ignore",
  });
}

const sh = (line: string) => ["sh", "-c", `${line}; true`];
const linuxOnly = { skip: process.platform !== "linux" };

test("NODE_OPTIONS overwritten by a script: by what, where, and how to keep both", linuxOnly, async () => {
  const { message, remedy, processes } = await told(
    sh(`NODE_OPTIONS=--stack-trace-limit=20 ${node} server.js`),
    /overwritten.*\n?/,
  );
  assert.match(
    message,
    /^NODE_OPTIONS is overwritten for `node server\.js` \(process \d+\): it is "--stack-trace-limit=20"/,
  );
  assert.match(remedy, /NODE_OPTIONS="\$NODE_OPTIONS --stack-trace-limit=20"/);
  assert.match(processes[0] ?? "", /^sh -c NODE_OPTIONS=/);
  assert.match(processes[1] ?? "", /^ {2}node server\.js \(process \d+, Node\.js \d+\.\d+/);
});

test("NODE_OPTIONS that pnpm's configuration puts in the place of ours", linuxOnly, async () => {
  // What pnpm is for the server: the process above it, by its file's name.
  const pnpm = file(
    "node_modules/pnpm/bin/pnpm.cjs",
    `const env = { ...process.env, NODE_OPTIONS: "--stack-trace-limit=20" };
require("node:child_process").spawn(${node}, ["server.js"], { env });`,
  );
  const { remedy } = await told([process.execPath, pnpm, "start"], /overwritten/);
  assert.match(remedy, /in a script NODE_OPTIONS="\$NODE_OPTIONS --stack-trace-limit=20", in pnpm-workspace/);
  assert.match(remedy, /nodeOptions: "\$\{NODE_OPTIONS:- \} --stack-trace-limit=20"/);
});

test("an environment that was cleared", linuxOnly, async () => {
  const line = `BIN=./node_modules/.bin env -i ${node} server.js`;
  const { message, remedy, processes } = await told(sh(line), /environment of its own/);
  assert.match(processes[0] ?? "", /^sh -c BIN=\.\/node_modules\/\.bin env -i /);
  assert.match(
    message,
    /^`node server\.js` \(process \d+\) was started with .* without NODE_OPTIONS and DARCY_SESSION\.$/,
  );
  assert.match(remedy, /pass both on/);
});

test("an environment of which turbo has passed on only what it knows", linuxOnly, async () => {
  // Its program is no Node; what it leaves of the environment is what `turbo run` (2.11) does.
  const turbo = join(folder, "turbo");
  copyFileSync("/bin/sh", turbo);
  const line = `env -u DARCY_SESSION ${node} server.js; true`;
  const { message, remedy } = await told([turbo, "-c", line], /^turbo starts/);
  assert.match(message, /without DARCY_SESSION: it passes on only the variables that turbo\.json names/);
  assert.match(remedy, /"globalPassThroughEnv": \["DARCY_SESSION"\].*--env-mode=loose/);
});

test("pm2's cluster mode, which brings the variables when Node has started", linuxOnly, async () => {
  const session = await opened(["attached"]);
  const environment = { ...process.env, pm2_env: JSON.stringify({ DARCY_SESSION: session.sessionFile }) };
  const server = spawn(process.execPath, ["server.js"], { cwd: folder, env: environment, stdio: "ignore" });
  const why = new WhyNoData(session, null);
  try {
    const { message, remedy } = await asked(why, /pm2/, true);
    assert.match(message, /^pm2 runs `node server\.js` \(process \d+\) in cluster mode/);
    assert.match(remedy, /^`pm2 update` in the shell with the variables/);
  } finally {
    why.stop();
    server.kill("SIGKILL");
    await session.close();
  }
});

test("a port that a worker thread opened", linuxOnly, async () => {
  const { message } = await told([process.execPath, "thread.js"], /worker thread/);
  assert.match(message, /^`node thread\.js` \(process \d+\) listens on port \d+, in a worker thread/);
});

test("one that has reported and opens no port", async () => {
  const { message, mayCome } = await told([process.execPath, "idle.js"], /no TCP port/);
  assert.deepEqual([message, mayCome], ["It has opened no TCP port.", true]);
});

test(
  "one whose loop has not turned, one that waits for a debugger, one that is stopped",
  linuxOnly,
  async () => {
    const busy = await told([process.execPath, "busy.js"], /has not turned/);
    assert.match(busy.message, /^`node busy\.js` \(process \d+\) runs, and has not reported/);
    const debugged = await told([process.execPath, "--inspect-brk=127.0.0.1:0", "server.js"], /debugger/);
    assert.match(debugged.remedy, /Attach one/);
    const stopped = await told([process.execPath, "stops.js"], /stopped by a signal/);
    assert.match(stopped.remedy, /^Let it go on: kill -CONT \d+$/);
  },
);

test("another version of Darcy that was loaded", linuxOnly, async () => {
  const command = [process.execPath, "server.js"];
  const session = await opened(command);
  const written = JSON.parse(readFileSync(session.sessionFile, "utf8")) as object;
  writeFileSync(session.sessionFile, JSON.stringify({ ...written, version: 9_999 }));
  const server = await launch({ command, cwd: folder, environment: session.environment, readErrors: true });
  const why = new WhyNoData(session, server.pid);
  try {
    const { message, processes } = await asked(why, /another version/, true);
    assert.match(message, /^`node server\.js` \(process \d+\) has loaded another version of Darcy/);
    assert.match(processes[0] ?? "", /with another version of Darcy/);
  } finally {
    why.stop();
    await server.stop("SIGKILL");
    await session.close();
  }
});

test("another version of Darcy that is loaded before this one does not keep it away", async () => {
  const other = join(folder, "another darcy");
  cpSync(built.folder, other, { recursive: true });
  const preload = join(other, "preload.js");
  writeFileSync(preload, readFileSync(preload, "utf8").replace(/(WIRE_VERSION = )\d+/, "$19999"));
  const session = await opened(["attached"]);
  const child = startedAfter(join(other, "darcy-preload.js"), session, "setInterval(() => {}, 1000)");
  try {
    const deadline = Date.now() + DEADLINE_MS;
    while (session.greeted.length === 0 && Date.now() < deadline) await delay(50);
    assert.equal(session.greeted.length, 1);
  } finally {
    child.kill("SIGKILL");
    await session.close();
  }
});

test("Deno, Bun and Electron, which load what Node loads, are left alone", async () => {
  for (const name of ["deno", "bun", "electron"]) {
    const session = await opened(["attached"]);
    try {
      const text = `Object.defineProperty(process.versions, "${name}", { value: "1.0.0" })`;
      await once(startedAfter(file(`${name}.js`, text), session, "setTimeout(() => {}, 200)"), "exit");
      const [line = ""] = readFileSync(join(session.folderPath, BYSTANDERS_FILE), "utf8").split("\n");
      assert.equal((JSON.parse(line) as Bystander).why, "foreign", name);
      assert.equal(session.greeted.length, 0, name);
    } finally {
      await session.close();
    }
  }
});

test("a file that node --test runs is left alone as the runner is; a server that it starts is not", async () => {
  const tests = file(
    "own.test.cjs",
    `const { test } = require("node:test");
    test("it answers", (context, done) => {
      require("node:child_process").fork(${JSON.stringify(file("own.cjs", LISTENS))});
    });`,
  );
  const command = [process.execPath, "--test", tests];
  const session = await opened(command);
  let server: Launched | null = null;
  try {
    const { NODE_TEST_CONTEXT: _, ...environment } = session.environment;
    server = await launch({ command, cwd: folder, environment, readErrors: true });
    const deadline = Date.now() + DEADLINE_MS;
    while (session.listening === null && Date.now() < deadline) await delay(50);
    assert.equal(session.greeted.length, 1);
    const lines = readFileSync(join(session.folderPath, BYSTANDERS_FILE), "utf8").split("\n");
    const [runner, file] = lines.filter(Boolean).map((line) => JSON.parse(line) as Bystander);
    assert.deepEqual([runner?.why, file?.why, file?.parentPid], ["tool", "tool", runner?.pid]);
  } finally {
    await server?.stop("SIGKILL");
    await session.close();
  }
});

test("a program that starts the server elsewhere, by its file's name", linuxOnly, async () => {
  const docker = join(folder, "docker");
  copyFileSync("/bin/sleep", docker);
  const { message, remedy } = await told([docker, "60"], /^docker starts/);
  assert.match(message, /outside of this command's processes/);
  assert.match(remedy, /darcy attach/);
});

test("only tools ran: a package manager, a compiler, a watcher", async () => {
  const tool = (name: string, text: string) => file(`node_modules/${name}`, text);
  const wait = "setInterval(() => {}, 1000)";
  const npm = await told([process.execPath, tool("npm/bin/npm-cli.js", wait), "start"], /only npm runs/);
  assert.match(npm.message, /its script has started no Node server/);
  assert.match(npm.processes[0] ?? "", /a package manager, left alone/);
  const tsc = await told(
    [process.execPath, tool("typescript/bin/tsc", ""), "-p", "."],
    /only typescript ran/,
    false,
  );
  assert.match(tsc.message, /a compiler, which starts no server/);
  const pm2 = await told([process.execPath, tool("pm2/bin/pm2", ""), "start", "a.js"], /only pm2 ran/, false);
  assert.match(pm2.message, /a process manager, whose daemon starts the server/);
  assert.match(pm2.remedy, /darcy attach/);
  const watched = await told([process.execPath, "--watch", "gone.js"], /only node --watch runs/);
  assert.match(watched.message, /whose program has ended/);
});

test("a command that starts no Node", async () => {
  assert.equal((await told(["sleep", "60"], /none yet/)).message, "The command has started none yet.");
  assert.match(
    (await told(["true"], /none that/, false)).message,
    /It has started none that can be measured/,
  );
});
