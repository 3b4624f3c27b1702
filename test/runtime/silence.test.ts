// Tests: what both fronts say while nothing comes from a server, of real sessions and servers, sooner than users wait.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { tellSilence } from "../../src/cli/silenceNews.ts";
import { Silence, type SilentServer } from "../../src/collector/diagnosis/silence.ts";
import { launch } from "../../src/collector/launch.ts";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { type Built, buildBundles } from "../unit/built.ts";

const DEADLINE_MS = 60_000;
const SOON = { hello: 20, listen: 20, request: 20 };
const linuxOnly = { skip: process.platform !== "linux" };
const folder = mkdtempSync(join(tmpdir(), "darcy-silence é "));
let built: Built;

before(async () => {
  built = await buildBundles("preload");
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

function opened(command: readonly string[]): Promise<Session> {
  return Session.open({
    command,
    cwd: folder,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: built.folder,
    nodePath: process.execPath,
    baseEnvironment: process.env,
  });
}

/** As a recording follows its session; each of its changes is looked at. */
class Followed {
  readonly silence: Silence;
  private look = () => {};

  constructor(session: Session, server: SilentServer) {
    const changed = () => this.look();
    this.silence = new Silence(session, server, changed, SOON);
    session.on("workers", () => this.follow(false));
    session.on("request", () => this.follow(true));
  }

  private follow(requested: boolean): void {
    this.silence.follow(requested);
    this.look();
  }

  until(what: string, reached: (silence: Silence) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never happened: ${what}`)), DEADLINE_MS);
      this.look = () => {
        if (!reached(this.silence)) return;
        clearTimeout(timer);
        resolve();
      };
      this.look();
    });
  }
}

test("a server on a Unix socket is no problem, be it asked or not", linuxOnly, async () => {
  const socket = join(folder, "s");
  const path = file("socket.js", `require("node:http").createServer((q, s) => s.end()).listen("${socket}")`);
  const command = [process.execPath, path];
  const session = await opened(command);
  const followed = new Followed(session, { title: "shop", command });
  const server = await launch({ command, cwd: folder, environment: session.environment, readErrors: true });
  try {
    followed.silence.begin(server.pid);
    await followed.until("it listens", ({ listened }) => listened);
    assert.equal(followed.silence.problem, null);
    http.get({ socketPath: socket, path: "/" }, (response) => response.resume());
    await followed.until("it is asked", ({ requested }) => requested);
    // Longer than it would take to be said.
    for (let windows = 0; windows < 2; windows++) await once(session, "window");
    assert.deepEqual([followed.silence.problem, followed.silence.hint], [null, null]);
  } finally {
    followed.silence.stop();
    await server.stop("SIGKILL");
    await session.close();
  }
});

test("a watcher whose server has ended after it listened: that is said, and not that it opened no port", async () => {
  const path = file(
    "ends.js",
    `require("node:http").createServer().listen(0, () => process.stdin.once("data", () => process.exit(1)));`,
  );
  const watcher = file(
    "node_modules/nodemon/bin/nodemon.js",
    `const child = require("node:child_process").spawn(process.execPath, [${JSON.stringify(path)}], { stdio: ["pipe", "inherit", "inherit"] });
process.on("SIGUSR2", () => child.stdin.write("end"));
setInterval(() => {}, 1000);`,
  );
  const command = [process.execPath, watcher];
  const session = await opened(command);
  const followed = new Followed(session, { title: "shop", command });
  const server = await launch({ command, cwd: folder, environment: session.environment, readErrors: true });
  try {
    followed.silence.begin(server.pid);
    await followed.until("it listens", ({ listened }) => listened);
    process.kill(server.pid, "SIGUSR2");
    await followed.until("it is said", ({ problem }) => problem !== null);
    const { message = "", remedy } = followed.silence.problem ?? {};
    assert.match(
      message,
      /^shop has listened, and does so no longer\. Of Node, only nodemon runs: a watcher, whose program has ended/,
    );
    assert.match(remedy ?? "", /save a file/);
  } finally {
    followed.silence.stop();
    await server.stop("SIGKILL");
    await session.close();
  }
});

test(
  "a server that something else starts: a reason is said once there is one, and goes when it joins",
  linuxOnly,
  async () => {
    const session = await opened(["attached"]);
    const said: string[] = [];
    const silence = tellSilence(
      session,
      (text) => said.push(text),
      { title: "The server", command: ["attached"], external: true },
      SOON,
    );
    const path = file("server.js", `require("node:http").createServer((q, s) => s.end()).listen(0)`);
    const run = (environment: NodeJS.ProcessEnv) =>
      spawn(process.execPath, [path], { env: { ...process.env, ...environment }, stdio: "ignore" });
    const { DARCY_SESSION, NODE_OPTIONS } = session.environment;
    const deaf = run({ DARCY_SESSION, NODE_OPTIONS: "--stack-trace-limit=20" });
    let joins: ReturnType<typeof run> | null = null;
    try {
      silence.begin(null);
      const deadline = Date.now() + DEADLINE_MS;
      while (said.length === 0 && Date.now() < deadline) await new Promise(setImmediate);
      assert.match(said[0] ?? "", /^NODE_OPTIONS is overwritten for `node .*server\.js`/);
      assert.equal(silence.problem, null);
      deaf.kill("SIGKILL");
      await once(deaf, "exit");
      joins = run({ DARCY_SESSION, NODE_OPTIONS });
      while (!silence.listened && Date.now() < deadline) await new Promise(setImmediate);
      // No request: how many connections there are is known.
      while (silence.hint === null && Date.now() < deadline) await new Promise(setImmediate);
      assert.match(said.at(-1) ?? "", /^No connection is open at port \d+/);
    } finally {
      silence.stop();
      deaf.kill("SIGKILL");
      joins?.kill("SIGKILL");
      await session.close();
    }
  },
);
