// Tests: servers that come and go in one recording: a watcher's restarts, and one that Darcy has not started itself.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { systemdLines } from "../../src/collector/externalServer.ts";
import type { Report } from "../../src/protocol/report.ts";
import { type Built, buildBundles } from "../unit/built.ts";

const DEADLINE_MS = 60_000;
const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy joins é "));
const server = join(folder, "server.js");
let built: Built;

before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
  writeFileSync(
    server,
    `require("node:http").createServer((q, s) => s.end(String(process.pid))).listen(0, function () {
  console.log("port " + this.address().port);
});\n`,
  );
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

class Program {
  stdout = "";
  stderr = "";
  readonly closed: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.closed = once(child, "close").then(([code]) => code as number | null);
  }

  /** The newest port that was printed. */
  get port(): number | null {
    const found = [...this.stdout.matchAll(/^port (\d+)$/gm)].at(-1)?.[1];
    return found === undefined ? null : Number(found);
  }
}

function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  return new Program(
    spawn(process.execPath, words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}
const darcy = (...words: string[]) => run([join(built.folder, "cli.js"), ...words]);

async function until(what: string, reached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await delay(30);
  }
}

/** Over several windows: what a server did in its last one is lost when it is killed. */
async function keepAsking(port: number | null): Promise<void> {
  for (let count = 0; count < 20; count++) {
    await answered(port);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function answered(port: number | null): Promise<boolean> {
  return new Promise((resolve) => {
    if (port === null) return resolve(false);
    const request = http.get({ port, agent: false }, (response) => {
      response.resume().on("end", () => resolve(true));
    });
    request.on("error", () => resolve(false));
  });
}

async function reportOf(file: string): Promise<Report> {
  const report = darcy("report", file, "--format", "json");
  assert.equal(await report.closed, 0, report.stderr);
  return JSON.parse(report.stdout) as Report;
}

test("a server under --watch is restarted: the recording goes on and says so", posix, async () => {
  const out = join(folder, "watched.darcy");
  const recording = darcy(
    "record",
    "--workers",
    "2",
    "--out",
    out,
    "--",
    process.execPath,
    "--watch",
    server,
  );
  try {
    await until("it invites", () => recording.stderr.includes("Send it requests now"));
    await until("the first answers", () => answered(recording.port));
    const first = recording.port;
    await keepAsking(first);
    appendFileSync(server, "\n");
    await until("its restart is told", () =>
      /was restarted \(process \d+ after \d+\)/.test(recording.stderr),
    );
    await until(
      "the second answers",
      async () => recording.port !== first && (await answered(recording.port)),
    );
    await keepAsking(recording.port);
    recording.child.kill("SIGINT");
    assert.equal(await recording.closed, 0, recording.stderr);
  } finally {
    recording.child.kill("SIGKILL");
  }
  const { restarts, requests, workers } = await reportOf(out);
  // What one did in the half second before it was killed is lost with it.
  assert.ok(requests.total >= 1, `${requests.total} requests`);
  const servers = workers.filter(({ id, role }) => id === 0 && role === "peer");
  assert.equal(servers.length, (restarts?.length ?? 0) + 1);
  assert.deepEqual(
    restarts?.map(({ what, worker }) => [what, worker]),
    restarts?.map(() => ["server", 0]),
  );
  assert.ok((restarts?.length ?? 0) >= 1);
  assert.match(recording.stdout, /The server was restarted (?:once|\d+ times) while it was recorded/);
});

test(
  "a server that Darcy has not started joins by its environment, and stays when the recording ends",
  posix,
  async () => {
    const out = join(folder, "attached.darcy");
    const file = join(folder, "variables.env");
    const attached = darcy("attach", "--workers", "1", "--out", out, "--env", file);
    let joining: Program | null = null;
    try {
      await until(
        "the variables are there",
        () => existsSync(file) && readFileSync(file, "utf8").endsWith("session.json\n"),
      );
      const lines = readFileSync(file, "utf8").trim().split("\n");
      const variables = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      );
      assert.deepEqual(Object.keys(variables), ["NODE_OPTIONS", "DARCY_SESSION"]);
      joining = run([server], variables);
      await until("it has joined", () => attached.stderr.includes("A server has joined"));
      await until("it answers", () => answered(joining?.port ?? null));
      attached.child.kill("SIGINT");
      assert.equal(await attached.closed, 0, attached.stderr);
      assert.match(attached.stderr, /export DARCY_SESSION=/);
      const { NODE_OPTIONS = "", DARCY_SESSION = "" } = variables;
      assert.ok(
        attached.stderr.includes(
          `\n\n${systemdLines({ options: NODE_OPTIONS, session: DARCY_SESSION, folders: [] })}`,
        ),
        attached.stderr,
      );
      assert.equal(joining.child.exitCode, null);
      assert.equal(await answered(joining.port), true);
    } finally {
      attached.child.kill("SIGKILL");
      joining?.child.kill("SIGKILL");
    }
    assert.ok((await reportOf(out)).requests.total >= 1);
  },
);

test("attach without a server that joins says so; it starts none itself", posix, async () => {
  const attached = darcy("attach", "--out", join(folder, "none.darcy"));
  await until("it waits", () => attached.stderr.includes("Waiting for it"));
  attached.child.kill("SIGINT");
  assert.equal(await attached.closed, 130);
  assert.match(attached.stderr, /No server has joined\./);
  const misused = darcy("attach", "--", "node", "server.js");
  assert.equal(await misused.closed, 2);
  assert.match(misused.stderr, /attach starts nothing/);
});
