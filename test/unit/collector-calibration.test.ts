// Unit tests: what the machine charges is measured in a process of its own, and its absence is survived.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, release, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { machineFacts } from "../../src/collector/calibration/machineFacts.ts";
import { runCalibration } from "../../src/collector/calibration/runCalibration.ts";
import { cost } from "../../src/collector/calibration/statistics.ts";
import { calibrationShape } from "../../src/collector/validateCalibration.ts";
import { formatMachine } from "../../src/model/formatMachine.ts";
import type { Cost, MachineFacts } from "../../src/protocol/calibration.ts";
import { type Built, buildBundles } from "./built.ts";

let built: Built;
before(async () => {
  built = await buildBundles("calibrate");
});
after(() => built.remove());

test("every figure is there, positive, and within its own range", async () => {
  const calibration = await runCalibration(process.execPath, built.folder, process.env);
  assert.ok(typeof calibration !== "string", String(calibration));
  assert.equal(calibration.node, process.version);
  for (const [kind, points] of Object.entries(calibration.copies)) {
    assert.ok(points.length >= 3, `${kind} at ${points.length} sizes`);
    for (const { bytes, nanosPerByte } of points) {
      assert.ok(nanosPerByte.median > 0, `${kind} of ${bytes} bytes`);
      assert.ok(nanosPerByte.low <= nanosPerByte.median && nanosPerByte.median <= nanosPerByte.high);
    }
  }
  assert.deepEqual(
    calibration.copies.copy.map(({ bytes }) => bytes),
    [64, 1_024, 16_384, 262_144, 4_194_304],
  );
  for (const name of [
    "poolRoundTripMicros",
    "messageMicros",
    "hopMicros",
    "processSpawnMicros",
    "wakeMicros",
    "syscallMicros",
    "switchMicros",
    "allocationNanosPerByte",
    "bufferNanosPerByte",
  ] as const) {
    const { median, low, high } = calibration[name] as Cost;
    assert.ok(median > 0 && low <= median && median <= high, `${name}: ${JSON.stringify(calibration[name])}`);
  }
  // A small copy costs by the call, a large one by the byte; a parse is no memcpy; a process is no message.
  const [smallest, , middle] = calibration.copies.copy;
  assert.ok((smallest?.nanosPerByte.median ?? 0) > (middle?.nanosPerByte.median ?? 0));
  assert.ok((calibration.copies.parse[1]?.nanosPerByte.median ?? 0) > (middle?.nanosPerByte.median ?? 0));
  assert.ok(calibration.processSpawnMicros.median > calibration.messageMicros.median);
  if (process.platform === "linux") {
    assert.ok((calibration.switchesPerPoolRoundTrip ?? 0) > 0);
    assert.ok((calibration.switchesPerMessage ?? 0) > 0);
  }
});

test("without a calibration there is a reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "darcy-"));
  const run = (code: string) => {
    writeFileSync(join(folder, "calibrate.js"), code);
    return runCalibration(process.execPath, folder, process.env);
  };
  try {
    assert.match(String(await runCalibration("/no/such/node", folder, {})), /was not found/);
    assert.match(String(await runCalibration(process.execPath, folder, {})), /failed/);
    assert.match(String(await run("")), /no result/);
    assert.match(String(await run('console.log("{}")')), /not understood: .*node: expected/);
    assert.match(String(await run("process.exit(3)")), /failed/);
    assert.match(String(await run('console.log("x".repeat(1e6))')), /failed/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("median and range leave out the odd ones", () => {
  const repeats = [...Array.from({ length: 19 }, (_, i) => 100 + i), 9_000, Number.NaN, -5];
  const { median, low, high } = cost(repeats);
  assert.ok(median >= 109 && median <= 110);
  assert.ok(low >= 100 && high < 120);
  assert.deepEqual(cost([]), { median: 0, low: 0, high: 0 });
});

test("what the machine is: what it tells, and null for what it does not", async () => {
  const facts = await machineFacts();
  assert.equal(facts.system, `${type()} ${release()}`);
  assert.equal(facts.cores, availableParallelism());
  assert.equal(facts.memoryBytes, totalmem());
  if (process.platform === "linux")
    assert.equal(facts.pageBytes, Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" })));
  const files: Record<string, string> = {
    index0: "Instruction",
    index1: "Data",
  };
  const read = (path: string) => {
    const [, index = "", name = ""] = /cache\/(index\d)\/(\w+)$/.exec(path) ?? [];
    if (files[index] === undefined) return null;
    return {
      level: "1\n",
      type: `${files[index]}\n`,
      coherency_line_size: index === "index1" ? "128\n" : "32\n",
    }[name] as string;
  };
  if (process.platform === "linux") {
    assert.equal((await machineFacts(read)).cacheLineBytes, 128);
    assert.equal((await machineFacts(() => null)).cacheLineBytes, null);
  }
});

test("it is kept with the calibration, checked, and said in words", async () => {
  const calibration = await runCalibration(process.execPath, built.folder, process.env);
  assert.ok(typeof calibration !== "string", String(calibration));
  const machine: MachineFacts = {
    system: "Linux 6.1.0",
    processor: "AMD EPYC",
    cores: 8,
    coreLimit: 1.5,
    memoryBytes: 32 * 2 ** 30,
    memoryLimitBytes: 4 * 2 ** 30,
    pageBytes: 4096,
    cacheLineBytes: null,
  };
  assert.deepEqual(calibrationShape({ ...calibration, machine }).machine, machine);
  assert.throws(() => calibrationShape({ ...calibration, machine: { ...machine, pageBytes: "4096" } }));
  assert.equal(
    formatMachine(machine, "v24.21.0"),
    "Linux 6.1.0, Node 24.21.0; AMD EPYC, 8 cores, limited to 1.5; memory 32 GiB, limited to 4 GiB; page of memory 4 KiB",
  );
});
