// Runtime test: the topology lab as users run it, on a real server.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Lab } from "../../src/model/lab.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { fixture } from "./symmetricRun.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-lab-"));
let built: Built;
before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await built.remove();
});

async function darcy(
  words: string,
  out: string,
  program: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(
    process.execPath,
    [
      join(built.folder, "cli.js"),
      "record",
      ...words.split(" "),
      ...["--rounds", "1", "--load", "/", "--format", "json", "--out", out],
      "--",
      process.execPath,
      ...program,
    ],
    { cwd: folder, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

async function compared(
  words: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Lab & { stderr: string }> {
  const out = join(folder, "lab.json");
  const { code, stderr } = await darcy(words, out, [fixture("kinds.cjs")], environment);
  assert.equal(code, 0, stderr);
  return { ...(JSON.parse(readFileSync(out, "utf8")) as Lab), stderr };
}

test("the same load over two topologies, compared", { skip: process.platform === "win32" }, async () => {
  const words = "--topology handle,rr --workers 2 --warmup 0.5 --duration 1";
  const { stderr, ...lab } = await compared(words, { BUSY: "1" });
  assert.equal(lab.schema, "darcy-lab/1");
  assert.deepEqual(
    lab.rows.map(({ asked, topology }) => [asked, topology]),
    [
      ["handle", "handle"],
      ["rr", "rr"],
    ],
  );
  for (const { figures } of lab.rows) {
    assert.ok((figures.requestsPerCpuSecond?.median ?? 0) > 0, stderr);
    assert.ok((figures.p99Micros?.median ?? 0) >= 1_000, "each answer works for a millisecond");
  }
  // Twenty connections, dealt in turn to two workers.
  assert.ok((lab.rows[1]?.figures.balance?.median ?? 1) < 0.5);
  assert.equal(lab.clear.requestsPerCpuSecond, null, "one round makes nothing clear");
});

test("a herd's wakes are told for each connection", { skip: process.platform !== "linux" }, async () => {
  // One client that comes fifty times a second, when all have long been asleep: with a shared handle its connection wakes the other
  // worker as well, which goes away empty; alone there is nobody else to wake.
  const words =
    "--topology handle,single --workers 2 --reconnect --connections 1 --rate 50 --warmup 0.5 --duration 3";
  const { rows, stderr } = await compared(words);
  const [shared, alone] = rows.map(({ figures }) => figures.idleWakesPerAccept?.median ?? Number.NaN);
  assert.ok(shared !== undefined && Math.abs(shared - 1) < 0.4, `${shared} wakes an accept\n${stderr}`);
  assert.ok(alone !== undefined && alone < 0.4, `${alone} wakes an accept alone\n${stderr}`);
});

test("a comparison whose place was lost meanwhile is printed", {
  skip: process.platform === "win32",
}, async () => {
  const place = join(folder, "lost");
  mkdirSync(place);
  const server = join(folder, "server.js");
  writeFileSync(
    server,
    // It asks itself: the load may come late on a busy machine.
    `const http = require("http");
    const server = http.createServer((q, r) => r.end("x")).listen(0, () => {
      require("fs").rmSync(${JSON.stringify(place)}, { recursive: true, force: true });
      setInterval(() => http.get({ port: server.address().port }, (a) => a.resume()), 20);
    });`,
  );
  const words = "--topology single,handle --workers 2 --warmup 0 --duration 1";
  const { code, stdout, stderr } = await darcy(words, join(place, "lab.json"), [server]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /lost does not exist/);
  assert.equal((JSON.parse(stdout) as Lab).schema, "darcy-lab/1");
});
