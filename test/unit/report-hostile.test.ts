// Unit tests: names of the server's, or of a stranger's recording, do not steer the terminal that shows them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "../../src/cli/progress.ts";
import { toReport } from "../../src/model/report.ts";
import type { Report } from "../../src/protocol/report.ts";
import { formatText } from "../../src/report/text.ts";
import { KnownProfile } from "./knownProfile.ts";

// Clears the screen, sets the title, goes back, turns the direction of writing, opens a link.
const HOSTILE = "\u001b[2J\u001b]0;owned\u0007\b\r\u202e\u2066\u009b31m\u001b]8;;http://x\u0007";
// biome-ignore lint/suspicious/noControlCharactersInRegex: what it looks for
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

function poisoned(value: unknown, key = ""): unknown {
  // What chooses a way through the report is not a name.
  if (typeof value === "string") return ENUMS.has(key) ? value : `${value}${HOSTILE}`;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => poisoned(inner, key));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poisoned(inner, name)]));
}
const ENUMS = new Set([
  "category",
  "unit",
  "confidence",
  "role",
  "severity",
  "schema",
  "lineBasis",
  "basis",
  "kind",
]);

test("no text of a report, wherever it comes from, reaches the terminal with its control characters", () => {
  const known = new KnownProfile();
  const stack = known.stack("/app/a.js:1 handler", "/app/b.js:2 outer");
  const copy = known.operation("copy", "Buffer.concat");
  const lock = known.operation("wait", "Mutex.acquire");
  const route = known.route("GET", "/x");
  known.window(known.worker(), 0, {
    route,
    latencies: new Array(1_000).fill(1_000),
    cells: [
      [copy, 10, 5_000, 5_000_000],
      [lock, 10, 500, 500_000],
    ],
    samples: [
      [copy, 10, stack, 0, 50, 5_000, 5_000_000],
      [lock, 10, stack, stack, 50, 500, 500_000],
    ],
  });
  const profile = known.profile({ command: ["node", `x${HOSTILE}.js`], cwd: `/app${HOSTILE}` });
  const report = poisoned(toReport(profile)) as Report;
  assert.ok(report.hotspots.length > 0);
  const plain = formatText(report);
  assert.equal(STEERING.exec(plain), null);
  assert.ok(plain.includes("handler"), "the names themselves are there");
  // Styles are ours, and all that is left.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
  assert.equal(STEERING.exec(formatText(report, { color: true }).replace(/\u001b\[\d+m/g, "")), null);
});

test("what a server says of itself is one printable line of the progress", () => {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) };
  new Progress(stream, {}).say(`warning: ${HOSTILE}\nListening on nothing`);
  assert.equal(written.join("").split("\n").length, 2);
  assert.equal(STEERING.exec(written.join("")), null);
});
