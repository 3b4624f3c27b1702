// The deep mode end to end: perf names the function that sleeps, its rate is that of the requests, and nothing is left behind.
// Where perf can't be used, the recording says why and goes on.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { whyNoPerf } from "../../src/collector/deepSwitches/perf.ts";
import type { Report } from "../../src/protocol/report.ts";
import { fixture, NODES, root } from "./recordProgram.ts";

const scratch = mkdtempSync(path.join(tmpdir(), "darcy-deep-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

async function cli(words: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [path.join(root, "dist/cli.js"), ...words], {
    env: { ...process.env, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 0, errors);
  return { output, errors };
}

async function record(node: string, environment: NodeJS.ProcessEnv = {}) {
  const file = path.join(scratch, `${path.basename(node)}.darcy`);
  const times = ["--duration", "5", "--warmup", "1", "--workers", "1"];
  const load = ["--load", "/", "--connections", "1", "--rate", "50"];
  const server = [node, fixture("sleepy.cjs")];
  const { errors } = await cli(
    ["record", "--deep-switches", ...times, ...load, "--out", file, "--", ...server],
    environment,
  );
  const { output } = await cli(["report", file, "--format", "json"]);
  return { report: JSON.parse(output) as Report, errors };
}

for (const [name, node] of NODES) {
  test(`switches by function on ${name}`, async (context) => {
    const missing = await whyNoPerf(scratch);
    if (missing !== null) return context.skip(missing);
    const logs = () => readdirSync(process.cwd()).filter((file) => file.startsWith("isolate-"));
    const before = logs();
    const { report } = await record(node);
    assert.deepEqual(logs(), before);
    const deep = report.deepSwitches;
    assert.ok(deep !== null && deep.ofKernel !== null);
    assert.ok(deep.ofKernel > 0.97 && deep.ofKernel < 1.03, `${deep.ofKernel} of the kernel's`);
    // Before 24 a wait on shared memory ends in libc, which cuts the stack: the loop's other sleeps are for events.
    const named = !/^v?2[02]/.test(name);
    const sleeps = deep.sites.filter(
      (site) =>
        site.class === "loop" && site.cause === "lock or message" && (site.function === "sleepy" || !named),
    );
    const [place] = sleeps;
    if (named) assert.deepEqual([place?.file, place?.line], [fixture("sleepy.cjs"), 5]);
    const { requests = 0 } = deep;
    assert.ok(requests > 0);
    const each = sleeps.reduce((sum, { count }) => sum + count, 0) / requests;
    // At least one a request; V8's own mutex around the wait adds some.
    assert.ok(each > 0.9 && each < 1.5, `${each} sleeps a request`);
    for (const { pid } of report.workers) assert.equal(existsSync(`/tmp/perf-${pid}.map`), false);
  });
}

test("without perf the recording says so and goes on", async () => {
  const { report, errors } = await record(process.execPath, { PATH: "/nowhere" });
  assert.match(
    errors,
    /--deep-switches is left out: (?:perf is not installed\. Install it with: apt install|only Linux has perf)/,
  );
  assert.equal(report.deepSwitches, null);
  assert.ok(report.requests.total > 0);
});
