// Unit tests: the command line's words, file names and progress lines.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseInvocation } from "../../src/cli/arguments.ts";
import { HELP } from "../../src/cli/help.ts";
import { UsageError } from "../../src/cli/options.ts";
import { hasRequests, loadText, nothingMeasured } from "../../src/cli/outcome.ts";
import { defaultFileName } from "../../src/cli/outputName.ts";
import { Progress, progressText } from "../../src/cli/progress.ts";
import { workersThatFit } from "../../src/collector/processorLimit.ts";
import { DEFAULT_REST } from "../../src/collector/sessionOptions.ts";
import type { Profile } from "../../src/model/profile.ts";

const words = (line: string) => line.split(" ").filter((word) => word !== "");
const parse = (line: string) => parseInvocation(words(line));

test("record with everything", () => {
  const line =
    "record --deep-switches --workers 3 --topology handle --duration 2.5 --warmup 0 --load /orders --connections 50 --rate 100 " +
    "--method post --out a.darcy --only locks,copies --stacks 500 --start-timeout 5 -- node server.js --port 3 --workers 9 -- x";
  assert.deepEqual(parse(line), {
    kind: "record",
    command: ["node", "server.js", "--port", "3", "--workers", "9", "--", "x"],
    workers: 3,
    topology: "handle",
    topologies: ["handle"],
    rounds: 3,
    format: "text",
    durationMs: 2_500,
    warmupMs: 0,
    load: { target: "/orders", connections: 50, ratePerSecond: 100, method: "POST", reconnects: false },
    out: "a.darcy",
    categories: ["copies", "locks"],
    stacksPerSecond: 500,
    rests: false,
    followedShare: null,
    startTimeoutMs: 5_000,
    deepSwitches: true,
  });
});

test("record with nothing but the command waits for a person's requests", () => {
  assert.deepEqual(parse("record -- npm start"), {
    kind: "record",
    command: ["npm", "start"],
    workers: workersThatFit(),
    topology: "auto",
    topologies: ["auto"],
    rounds: 3,
    format: "text",
    durationMs: null,
    warmupMs: 0,
    load: null,
    out: null,
    categories: ["copies", "switches", "allocations", "locks"],
    stacksPerSecond: 50,
    rests: true,
    followedShare: null,
    startTimeoutMs: 30_000,
    deepSwitches: false,
  });
});

test("what is left on is measured by spells; so many seconds of a load, what perf counts and several topologies are not", () => {
  const spells: Readonly<Record<string, boolean>> = {
    "record -- node a.js": true,
    "record --duration 300 -- node a.js": true,
    "record --load / -- node a.js": true,
    "record --load / --duration 300 -- node a.js": false,
    "record --load / --duration 300 --rests -- node a.js": true,
    "record --no-rests -- node a.js": false,
    "record --deep-switches -- node a.js": false,
    "record --workers 2 --topology reuse,rr --load / -- node a.js": false,
    "record --workers 2 --topology reuse,rr --load / --duration 600 -- node a.js": false,
    attach: true,
    "attach --duration 300": true,
    "attach --no-rests": false,
  };
  for (const [line, expected] of Object.entries(spells)) {
    const invocation = parse(line);
    assert.ok(invocation.kind === "record" || invocation.kind === "attach");
    assert.equal(invocation.rests, expected, line);
  }
});

test("a load whose clients come and go", () => {
  const invocation = parse("record --load / --reconnect -- node a.js");
  assert.equal(invocation.kind === "record" && invocation.load?.reconnects, true);
  assert.throws(() => parse("record --reconnect -- node a.js"), /--reconnect needs --load/);
});

test("a load has an end and a warm-up", () => {
  const invocation = parse("record --workers auto --load http://localhost:1/x -- node a.js");
  assert.ok(invocation.kind === "record" && invocation.load !== null);
  assert.deepEqual([invocation.durationMs, invocation.warmupMs], [10_000, 2_000]);
  assert.deepEqual(
    [invocation.load.connections, invocation.load.ratePerSecond, invocation.load.method],
    [20, null, "GET"],
  );
});

test("report", () => {
  assert.deepEqual(parse("report a.darcy"), {
    kind: "report",
    file: "a.darcy",
    format: "text",
    top: null,
    out: null,
  });
  assert.deepEqual(parse("report --format json --top 3 a.darcy"), {
    kind: "report",
    file: "a.darcy",
    format: "json",
    top: 3,
    out: null,
  });
});

test("help and version", () => {
  for (const line of ["--help", "-h", "help", "record --help", "report -h"]) {
    assert.deepEqual(parse(line), { kind: "help" }, line);
  }
  for (const line of ["--version", "-v", "version"]) assert.deepEqual(parse(line), { kind: "version" }, line);
  for (const code of ["0 ", "1 ", "2 ", "3 ", "130"])
    assert.ok(HELP.includes(`\n  ${code}`), `exit code ${code} is documented`);
});

test("help, the setting and the docs say how long spells and rests are", () => {
  const { spellMillis, restMillis } = DEFAULT_REST;
  assert.deepEqual([spellMillis, Math.round((spellMillis + restMillis) / 60_000)], [20_000, 4]);
  const text = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
  const said = /20 s(?:econds)? in about\s+four\s+minutes/;
  for (const each of [HELP, text("package.nls.json"), text("README.md"), text("docs/runtime.md")])
    assert.match(each, said);
  assert.match(text("package.nls.de.json"), /20 Sekunden in etwa vier Minuten/);
});

const WRONG: Readonly<Record<string, RegExp>> = {
  "": /What is to be done/,
  recrod: /no command "recrod"\. Is it record\?/,
  "--verison": /no option --verison\. Is it --version\?/,
  "record --workers 2 node server.js --port 3": /two dashes: -- node server\.js --port 3/,
  "record --deep-switches npm start": /two dashes: -- npm start/,
  compare: /Name two: the baseline/,
  "compare a": /Name two: the baseline/,
  "compare a b c": /Two recordings at a time/,
  "compare a b --format pdf": /--format takes text, json, markdown, html, not "pdf"/,
  "compare a b --top 0": /--top takes a number from 1/,
  check: /Which recording/,
  "check a": /Which budget\?/,
  "check a --budget b --format markdown": /--format takes text, json/,
  "export a": /In which format\? --format takes pprof/,
  "export a --format svg": /--format takes pprof/,
  "export --format pprof": /Which recording/,
  record: /after two dashes/,
  "record node server.js": /-- node server\.js/,
  "record --": /no command after/,
  "record --duration 3 -- ": /no command after/,
  "record --workers 0 -- node": /--workers takes a number from 1/,
  "record --workers 1.5 -- node": /whole number/,
  "record --workers many -- node": /--workers takes/,
  "record --topology star -- node": /--topology takes auto, reuse/,
  "record --duration 0 -- node": /--duration takes/,
  "record --duration 1e3 -- node": /--duration takes/,
  "record --duration -- node": /^--duration needs a value\.$/,
  "record --duration --workers 2 -- node": /^--duration needs a value\.$/,
  "record --duration -2 -- node": /^--duration takes a number of seconds above 0 .*, not "-2"\.$/,
  "record --duration=-2 -- node": /^--duration takes a number of seconds above 0 .*, not "-2"\.$/,
  "record --warmup -1 -- node": /^--warmup takes a number of seconds from 0 to \d+, not "-1"\.$/,
  "report --top -1 a": /^--top takes a number from 1/,
  "record --rests --no-rests -- node": /^--rests or --no-rests, not both\.$/,
  "record --rests --deep-switches -- node": /^--deep-switches counts all the time/,
  "record --rests --workers 2 --topology reuse,rr --load / -- node":
    /^Several topologies are compared without rests/,
  "record --rate 5 -- node": /--rate needs --load/,
  "record --load orders -- node": /--load takes a path/,
  "record --load ftp://x -- node": /--load takes a path/,
  "record --load / --method G3T -- node": /--method/,
  "record --load / --connections 0 -- node": /--connections takes/,
  "record --bogus 3 -- node": /^There is no option --bogus\.$/,
  "record --bogus=3 -- node": /^There is no option --bogus\.$/,
  "record --conections 3 -- node": /^There is no option --conections\. Is it --connections\?$/,
  "record --dur 3 -- node": /^There is no option --dur\. Is it --duration\?$/,
  "record -x -- node": /^There is no option -x\.$/,
  "report a --formats json": /^There is no option --formats\. Is it --format\?$/,
  report: /Which recording/,
  "report a b": /One recording/,
  "report a --format pdf": /--format takes text, json/,
  "report a --top 0": /--top takes/,
};
for (const [line, message] of Object.entries(WRONG)) {
  test(`"${line}" is a mistake`, () => {
    assert.throws(
      () => parse(line),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}

test("an empty --out is a mistake", () => {
  assert.throws(() => parseInvocation(["record", "--out", "", "--", "node"]), UsageError);
});

test("recordings are named after the script and the time", () => {
  const now = new Date(2025, 0, 31, 4, 5, 9);
  const name = (line: string) => defaultFileName(words(line), now);
  assert.equal(name("node --import tsx src/server.ts --port 1"), "darcy-server-20250131-040509.darcy");
  assert.equal(name("npm start"), "darcy-start-20250131-040509.darcy");
  assert.equal(name("/opt/bin/api"), "darcy-api-20250131-040509.darcy");
  assert.equal(defaultFileName(["node", "/a b/sörver x.mjs"], now), "darcy-sörver-x-20250131-040509.darcy");
  assert.equal(defaultFileName(["..."], now), "darcy-server-20250131-040509.darcy");
  assert.ok(name(`node ${"a".repeat(300)}.js`).length < 80);
});

const MEASURING = { requests: 5_000, requestsPerSecond: 4_812.4, p50Micros: 3_120, elapsedMs: 12_000 };

const SESSION = { measuring: MEASURING, resting: false, listeningWorkers: 2 };

test("progress says how long, how much, how fast, on how many", () => {
  const text = progressText(SESSION, "recording", 72_000);
  assert.match(text, /^recording 1:12 {2}4,812 req\/s {2}p50 3\.1.ms {2}2 workers$/);
  const idle = { requests: 0, requestsPerSecond: 0, p50Micros: null, elapsedMs: 0 };
  const alone = { measuring: idle, resting: false, listeningWorkers: 1 };
  assert.equal(progressText(alone, "warm-up", 0), "warm-up 0:00  no request yet  1 worker");
});

test("in a rest progress says so, and no rate that would stand still", () => {
  assert.match(
    progressText({ ...SESSION, resting: true }, "recording", 72_000),
    /^resting 1:12 {2}p50 3\.1.ms {2}2 workers$/,
  );
});

class Stream {
  text = "";
  constructor(readonly isTTY: boolean) {}
  write(text: string): void {
    this.text += text;
  }
}
const ESCAPE = "\u001b";

test("a terminal gets one live line, which makes room for lines that stay", () => {
  const stream = new Stream(true);
  const progress = new Progress(stream, {});
  progress.update(SESSION, "recording", 250);
  progress.update(SESSION, "recording", 500);
  progress.say("Saved.");
  assert.equal(stream.text.split("\n").length, 2);
  assert.equal(stream.text.split(`\r${ESCAPE}[K`).length, 4);
  assert.ok(stream.text.includes(`${ESCAPE}[2m`));
});

test("NO_COLOR has no colours, no terminal has no escapes at all and few lines", () => {
  const plain = new Stream(true);
  new Progress(plain, { NO_COLOR: "1" }).say("Saved.");
  assert.equal(plain.text, "darcy  Saved.\n");
  const file = new Stream(false);
  const progress = new Progress(file, {});
  for (let ms = 0; ms < 20_000; ms += 250) progress.update(SESSION, "recording", ms);
  assert.equal(file.text.split("\n").length - 1, 3);
  assert.ok(!file.text.includes(ESCAPE));
});

test("the load's own figures, as its client saw them", () => {
  const result = {
    type: "result",
    answered: 12_345,
    errors: 0,
    timeouts: 0,
    non2xx: 0,
    requestsPerSecond: 1,
    p50Ms: 0,
    p99Ms: 9,
  } as const;
  assert.equal(
    loadText(result, false),
    "The load's own figures: 12,345 requests answered, 0 failed, 0 not 2xx, p50 under 1 ms, p99 9 ms.",
  );
  assert.match(
    loadText({ ...result, errors: 7, timeouts: 2, non2xx: 3 }, true),
    /^warning: .*\(warm-up included\), 7 failed \(2 by time-out\), 3 not 2xx/,
  );
});

test("why nothing was measured, and what to do about it", () => {
  const failed = { type: "result", answered: 0, errors: 12_345, timeouts: 0, non2xx: 0 } as const;
  const result = { ...failed, requestsPerSecond: 0, p50Ms: 0, p99Ms: 0 };
  assert.match(nothingMeasured(null, null).remedy, /--load \/path/);
  const none = nothingMeasured(null, null, { message: "No connection is open.", remedy: null });
  assert.match(none.message, / report\. No connection is open\.$/);
  assert.match(none.remedy, /--load \/path/);
  const others = nothingMeasured(null, null, { message: "2 came.", remedy: "Send others." });
  assert.equal(others.remedy, "Send others.");
  const byPath = nothingMeasured("/orders", result);
  assert.match(byPath.message, /All 12,345 requests of the load failed/);
  assert.match(byPath.remedy, /whole URL/);
  assert.match(
    nothingMeasured("http://localhost:1/", result).remedy,
    /answers at http:\/\/localhost:1\/, or/,
  );
  const silent = nothingMeasured("/orders", { ...result, errors: 0 });
  assert.match(silent.message, /answered none of the load's requests/);
  assert.match(silent.remedy, /answers \/orders at all .* speaks no HTTP/);
  assert.match(nothingMeasured("/", { ...result, answered: 9 }).remedy, /--duration/);
});

test("requests of the warm-up are not enough", () => {
  const profileOf = (endMicros: number, count: number) =>
    ({
      measureFromMicros: 100,
      windows: [{ endMicros, requests: [[0, count, 1, []]] }],
    }) as unknown as Profile;
  assert.equal(hasRequests(profileOf(100, 5)), false);
  assert.equal(hasRequests(profileOf(101, 0)), false);
  assert.equal(hasRequests(profileOf(101, 1)), true);
});

test("several topologies are compared under one load", () => {
  const invocation = parse(
    "record --workers 2 --topology reuse,rr,reuse --rounds 5 --format json --load / -- node a.js",
  );
  assert.ok(invocation.kind === "record");
  assert.deepEqual(invocation.topologies, ["reuse", "rr"]);
  assert.deepEqual([invocation.rounds, invocation.format], [5, "json"]);
  assert.throws(() => parse("record --topology reuse,rr -- node a.js"), /--load/);
  assert.throws(() => parse("record --workers 1 --topology reuse,rr --load / -- node a.js"), {
    message: "With one worker all topologies are the same: --workers 2",
  });
  assert.throws(() => parse("record --topology reuse,mesh --load / -- node a.js"), /mesh/);
  assert.throws(() => parse("record --rounds 5 --load / -- node a.js"), /several topologies/);
});
