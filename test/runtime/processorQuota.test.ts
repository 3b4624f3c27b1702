// Runtime test: a server in a control group with a quota of processor time, as a container's `--cpus` sets it. The group is a
// real one, so the test needs the right to make one (root, and a hierarchy that can be written to).

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Report } from "../../src/protocol/report.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { fixture } from "./symmetricRun.ts";

const PERIOD_MICROS = 100_000;
/** Of both versions of control groups: the parent, and what a quota is written to. */
const HIERARCHIES = [
  {
    parent: "/sys/fs/cgroup/cpu",
    write: (group: string, micros: number) => {
      writeFileSync(join(group, "cpu.cfs_period_us"), String(PERIOD_MICROS));
      writeFileSync(join(group, "cpu.cfs_quota_us"), String(micros));
    },
  },
  {
    parent: "/sys/fs/cgroup",
    write: (group: string, micros: number) =>
      writeFileSync(join(group, "cpu.max"), `${micros} ${PERIOD_MICROS}`),
  },
];

const folder = mkdtempSync(join(tmpdir(), "darcy-quota-"));
const group = limitedGroup(1.5);
let built: Built;
before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (group !== null) rmdirSync(group);
  await built.remove();
});

/** @returns null where this process may not make one */
function limitedGroup(processors: number): string | null {
  for (const { parent, write } of HIERARCHIES) {
    if (!existsSync(join(parent, "cgroup.procs"))) continue;
    const made = join(parent, `darcy-test-${process.pid}`);
    try {
      mkdirSync(made);
    } catch {
      continue;
    }
    try {
      write(made, processors * PERIOD_MICROS);
      return made;
    } catch {
      rmdirSync(made);
    }
  }
  return null;
}

const skip =
  group === null
    ? "no control group can be made here"
    : availableParallelism() < 2 && "a quota above one processor limits nothing here";

test("workers auto takes whole processors of the quota, and the report has the quota", { skip }, async () => {
  const out = join(folder, "limited.darcy");
  const recorded = await inGroup(
    [..."record --duration 2 --warmup 0 --load / --out".split(" "), out].concat(
      "--",
      process.execPath,
      fixture("kinds.cjs"),
    ),
  );
  assert.equal(recorded.code, 0, recorded.stderr);
  assert.match(recorded.stderr, /Listening on .* \(single\)/);
  const printed = await inGroup(["report", out, "--format", "json"]);
  const report = JSON.parse(printed.stdout) as Report;
  assert.equal(report.availableCores, 1.5);
  assert.equal(report.workers.length, 1);
});

async function inGroup(words: readonly string[]) {
  const entered = `echo $$ > '${join(group ?? "", "cgroup.procs")}' && exec "$0" "$@"`;
  const child = spawn("sh", ["-c", entered, process.execPath, join(built.folder, "cli.js"), ...words], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
