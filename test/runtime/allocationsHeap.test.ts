// V8's allocations against a program whose ten sites all inline into one function: shares by function from
// the windows, totals from the collections, and that user's coverage and other samplers are left alone.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

interface Result {
  readonly truth: Readonly<Record<string, number>>;
  readonly found: Readonly<Record<string, number>>;
  readonly objects: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly handlerCalls: number;
  readonly calls: number;
  readonly theirs: number;
  readonly exactBytes: number;
  readonly heapWindowMicros: number;
  readonly notices: readonly string[];
  readonly faults: readonly string[];
}

interface Totals {
  readonly known: number;
  readonly exactBytes: number;
  readonly faults: readonly string[];
}

const sum = (values: Readonly<Record<string, number>>) => Object.values(values).reduce((a, b) => a + b, 0);

/** Total-variation distance of the shares: 0 the same, 1 nothing in common. */
function distance(truth: Result["truth"], found: Result["found"]): number {
  const [all, got] = [sum(truth), sum(found)];
  const names = new Set([...Object.keys(truth), ...Object.keys(found)]);
  let difference = 0;
  for (const name of names) difference += Math.abs((truth[name] ?? 0) / all - (found[name] ?? 0) / got);
  return difference / 2;
}

/**
 * What V8 leaves unused at the end of its pages (1.5 % of these programs) counts as allocated, and programs that do nothing
 * but allocate make more collections than are seen.
 */
const TOLERANCE = 0.05;

function assertTotal({ truth, handlerCalls, exactBytes }: Result) {
  const ratio = exactBytes / (handlerCalls * sum(truth));
  if (process.env.SHOW) console.error("ratio", ratio);
  assert.ok(Math.abs(ratio - 1) < TOLERANCE, `total is ${ratio} of the known bytes`);
}

for (const node of testNodes()) {
  test(`allocation by function and in total on ${node.name}`, async () => {
    const result = await run<Result>(node, "inlinedSites.cjs", {
      probes: ["gc", "heap"],
      sampling: { heapWindowPauseMillis: 2_000 },
    });
    assert.deepEqual(result.faults, []);
    assert.deepEqual(result.notices, []);
    assert.ok(result.samples >= 6_000, `${result.samples} samples`);
    assert.ok(result.heapWindowMicros > 0);
    assertTotal(result);
    const tvd = distance(result.truth, result.found);
    assert.ok(tvd <= 0.1, `total-variation distance ${tvd}: ${JSON.stringify(result.found)}`);
    // One size only: 10 properties of 8 bytes and 24 of header, which no interval tells by itself.
    const tenFields = (result.found.tenFields ?? 0) / (result.objects.tenFields ?? 1);
    assert.ok(Math.abs(tenFields - 104) < 26, `tenFields' objects are read as ${tenFields} bytes`);
  });

  test(`no window under the user's coverage session on ${node.name}`, async () => {
    const result = await run<Result>(node, "inlinedSites.cjs", {
      probes: ["gc", "heap"],
      environment: { USER_COVERAGE: "1", WANTED_SAMPLES: "1", LEAST_MILLIS: "2500" },
    });
    assert.deepEqual(result.faults, []);
    assert.equal(result.heapWindowMicros, 0);
    assert.match(result.notices.join("\n"), /^coverage: /);
    assert.equal(result.theirs, result.calls, "the user's coverage misses calls");
  });

  test(`no window under NODE_V8_COVERAGE on ${node.name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "darcy-coverage-"));
    try {
      const result = await run<Result>(node, "inlinedSites.cjs", {
        probes: ["gc", "heap"],
        environment: { NODE_V8_COVERAGE: folder, WANTED_SAMPLES: "1", LEAST_MILLIS: "2500" },
      });
      assert.deepEqual(result.faults, []);
      assert.equal(result.heapWindowMicros, 0);
      assert.match(result.notices.join("\n"), /^coverage: /);
      assert.match(
        readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8"),
        /"functionName":"handler"/,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test(`full-time rows where windows are turned off on ${node.name}`, async () => {
    const result = await run<Result>(node, "inlinedSites.cjs", {
      probes: ["gc", "heap"],
      sampling: { heapWindowMillis: 0 },
      environment: { WANTED_SAMPLES: "100" },
    });
    assert.deepEqual(result.faults, []);
    assert.equal(result.heapWindowMicros, 0);
    assert.ok(result.samples >= 100);
    assert.match(result.notices.join("\n"), /windows without inlining are turned off: /i);
    assertTotal(result);
  });

  test(`another sampler of the heap goes on undisturbed on ${node.name}`, async () => {
    const result = await run<Result>(node, "inlinedSites.cjs", {
      probes: ["gc", "heap"],
      environment: { USER_SAMPLER: "1", MOST_MILLIS: "3000" },
    });
    assert.deepEqual(result.faults, []);
    assert.equal(result.samples, 0);
    assert.match(result.notices.join("\n"), /Another tool samples this heap/);
    assert.ok(
      result.theirs > 0.8 * result.calls * sum(result.truth),
      `their profile holds ${result.theirs} bytes`,
    );
    assertTotal(result);
  });
}

for (const node of testNodes()) {
  // Node's own call for heap profiles came with Node 26.
  if (Number.parseInt(node.name.slice(1), 10) < 26) continue;
  test(`the user's own heap profile goes before a window on ${node.name}`, async () => {
    const result = await run<Record<string, unknown>>(node, "userHeapProfile.cjs", {
      probes: ["gc", "heap"],
    });
    assert.deepEqual(result.errors, []);
    assert.deepEqual(result.faults, []);
    assert.ok(Number(result.heapWindowMicros) > 0, "no window was open");
    assert.ok(Number(result.profiles) >= 2, `${result.profiles} profiles`);
    assert.equal(result.name, "startHeapProfile");
  });
}

// Each is one way in which a sum of what collections freed can go wrong.
for (const node of testNodes()) {
  for (const way of ["bursts", "large", "few", "kept", "ramp"]) {
    test(`the total of allocation by ${way} on ${node.name}`, async () => {
      const result = await run<Totals>(node, "heapTotals.cjs", {
        probes: ["gc", "heap"],
        environment: { WAY: way },
      });
      assert.deepEqual(result.faults, []);
      const ratio = result.exactBytes / result.known;
      if (process.env.SHOW) console.error(way, "ratio", ratio);
      assert.ok(Math.abs(ratio - 1) < TOLERANCE, `${result.exactBytes} of ${result.known} bytes: ${ratio}`);
    });
  }
}
