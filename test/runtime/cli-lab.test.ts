// Runtime test: the topology lab as users run it, on a real server.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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

test("the same load over two topologies, compared", { skip: process.platform === "win32" }, async () => {
  const out = join(folder, "lab.json");
  const words =
    "record --topology handle,rr --workers 2 --rounds 1 --load / --warmup 0.5 --duration 1 --format json";
  const child = spawn(
    process.execPath,
    [
      join(built.folder, "cli.js"),
      ...words.split(" "),
      "--out",
      out,
      "--",
      process.execPath,
      fixture("kinds.cjs"),
    ],
    { cwd: folder, env: { ...process.env, BUSY: "1" }, stdio: ["ignore", "ignore", "pipe"] },
  );
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, stderr);
  const lab = JSON.parse(readFileSync(out, "utf8")) as Lab;
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
