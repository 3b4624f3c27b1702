// What `perf script` printed of a Node 24 (9 of its samples) and lines that it might print.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deepEnvironment } from "../../src/collector/deepSwitches/perf.ts";
import { PerfScript } from "../../src/collector/deepSwitches/perfScript.ts";

const users = (file: string) => !file.startsWith("node:");

function read(text: string) {
  const script = new PerfScript(users);
  for (const line of text.split("\n")) script.line(line);
  return script.counts();
}

test("samples of a real recording", () => {
  const text = readFileSync(new URL("../fixtures/perf/contextSwitches.txt", import.meta.url), "utf8");
  const { switches, durationMs, sites } = read(text);
  assert.equal(switches, 9);
  assert.ok(Math.abs(durationMs - (38372.290852 - 38371.561388) * 1000) < 0.01, `${durationMs} ms`);
  const count = (threadClass: string, cause: string, name: string) =>
    sites.find((site) => site.class === threadClass && site.cause === cause && site.function === name)?.count;
  assert.equal(count("loop", "lock or message", "sleepy"), 2);
  assert.equal(count("loop", "events", ""), 2);
  assert.equal(count("pool", "lock or message", ""), 2);
  assert.equal(count("v8", "lock or message", ""), 1);
  const sleepy = sites.find((site) => site.function === "sleepy");
  assert.deepEqual([sleepy?.file, sleepy?.line], ["/app/server.js", 3]);
  assert.equal(
    sites.reduce((sum, site) => sum + site.count, 0),
    9,
  );
  assert.ok(sites.every(({ file }) => !file.startsWith("node:")));
});

test("names and paths of all kinds", () => {
  const sample = (symbol: string) => `node  1/1  5.000001: \n\t    7fd0 ${symbol}\n\n`;
  const place = (symbol: string) => {
    const [site] = read(sample(symbol)).sites;
    return [site?.function, site?.file, site?.line];
  };
  assert.deepEqual(place("JS:*Pool.get free /my app/a b.js:12:3"), ["Pool.get free", "/my app/a b.js", 12]);
  assert.deepEqual(place("JS:~ file:///app/x%20y.mjs:1:1"), ["(anonymous)", "/app/x y.mjs", 1]);
  assert.deepEqual(place("JS:+run node:internal/timers:5:7"), ["", "", 0]);
  assert.deepEqual(place("Builtins_RunMicrotasks"), ["", "", 0]);
});

test("garbage is no sample", () => {
  assert.deepEqual(read("\n\nwarning: 3/4 lost\n\tffff x\n"), { switches: 0, durationMs: 0, sites: [] });
});

test("the server's options stay", () => {
  const { NODE_OPTIONS } = deepEnvironment({ NODE_OPTIONS: "--require /x.js" });
  assert.equal(NODE_OPTIONS, "--require /x.js --perf-basic-prof --interpreted-frames-native-stack");
});
