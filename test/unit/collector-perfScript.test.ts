// What `perf script` printed of a Node 24 (9 of its samples) and lines that it might print.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deepEnvironment } from "../../src/collector/deepSwitches/perf.ts";
import { PerfScript } from "../../src/collector/deepSwitches/perfScript.ts";
import { withinWindows } from "../../src/collector/deepSwitches/withinWindows.ts";

const users = (file: string) => !file.startsWith("node:");

function read(text: string) {
  const script = new PerfScript(users);
  for (const line of text.split("\n")) script.line(line);
  return script.samples();
}

test("samples of a real recording", () => {
  const text = readFileSync(new URL("../fixtures/perf/contextSwitches.txt", import.meta.url), "utf8");
  const { pids, micros, places, sites } = read(text);
  assert.deepEqual([pids.length, micros.length, places.length], [9, 9, 9]);
  const span = Math.max(...micros) - Math.min(...micros);
  assert.ok(Math.abs(span - (38372.290852 - 38371.561388) * 1e6) < 1, `${span} µs`);
  const count = (threadClass: string, cause: string, name: string) =>
    places.filter((place) => {
      const site = sites[place];
      return site?.class === threadClass && site.cause === cause && site.function === name;
    }).length;
  assert.equal(count("loop", "lock or message", "sleepy"), 2);
  assert.equal(count("loop", "events", ""), 2);
  assert.equal(count("pool", "lock or message", ""), 2);
  assert.equal(count("v8", "lock or message", ""), 1);
  const sleepy = sites.find((site) => site.function === "sleepy");
  assert.deepEqual([sleepy?.file, sleepy?.line], ["/app/server.js", 3]);
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
  assert.deepEqual(read("\n\nwarning: 3/4 lost\n\tffff x\n"), {
    pids: [],
    micros: [],
    places: [],
    sites: [],
  });
});

test("the server's options stay", () => {
  const { NODE_OPTIONS } = deepEnvironment({ NODE_OPTIONS: "--require /x.js" });
  assert.equal(NODE_OPTIONS, "--require /x.js --perf-basic-prof --interpreted-frames-native-stack");
});

test("what perf saw is held against whole windows of the same process alone", () => {
  const site = { class: "loop", cause: "events", function: "", file: "", line: 0 } as const;
  const window = (
    worker: number,
    second: number,
    requests: number,
    switches: number | null,
    restMicros = 0,
  ) => ({
    worker,
    startMicros: second * 1e6,
    endMicros: (second + 1) * 1e6,
    restMicros,
    requests: [[0, requests]] as const,
    process: switches === null ? null : { threads: [["loop", 1, switches - 1, 1, 0]] as const },
  });
  const profile = {
    workers: [{ pid: 7 }, { pid: 7 }, { pid: 8 }],
    windows: [
      window(0, 9, 100, 1_000),
      window(0, 10, 2, 4),
      window(0, 11, 3, 5),
      window(0, 12, 9, 50, 100_000),
      window(0, 13, 200, 2_000),
      // A thread of it, which another process's window lies beside.
      { ...window(1, 10, 4, null), startMicros: 9.5e6, endMicros: 10.5e6 },
      window(2, 11, 1, 2),
    ],
  };
  // From 9.2 to 13.9 s: of process 7 the seconds 10 and 11 count, of process 8 the second 11.
  const at = [
    [7, 9.2],
    [7, 9.9],
    [7, 10],
    [7, 10.5],
    [7, 11.999],
    [7, 12.1],
    [8, 10.5],
    [8, 11.5],
    [9, 11.5],
    [7, 13.9],
  ] as const;
  const samples = {
    pids: at.map(([pid]) => pid),
    micros: at.map(([, second]) => (second - 5) * 1e6),
    places: at.map(([pid]) => pid - 7),
    sites: [site, { ...site, function: "other" }, { ...site, function: "none" }],
  };
  assert.deepEqual(withinWindows(profile, samples, 5e6), {
    switches: 4,
    durationMs: 2_000,
    requests: 2 + 3 + 2 + 1,
    kernel: 4 + 5 + 2,
    sites: [
      { ...site, count: 3 },
      { ...site, function: "other", count: 1 },
    ],
  });
});
