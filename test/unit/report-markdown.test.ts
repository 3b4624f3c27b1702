// Unit tests: reports and comparisons as Markdown, and comparisons in a terminal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareProfiles } from "../../src/model/compare/compare.ts";
import { toReport } from "../../src/model/report.ts";
import { displayWidth } from "../../src/report/columns.ts";
import { formatComparisonMarkdown } from "../../src/report/compareMarkdown.ts";
import { formatComparison } from "../../src/report/compareText.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { formatText } from "../../src/report/text.ts";
import { knownRun } from "./knownPair.ts";
import { KnownProfile, times } from "./knownProfile.ts";

const before = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });
const after = knownRun({ copied: 400, handOffs: 4, waits: { 20: 500 }, requestsPerSecond: 1_200 });

/** Every row of a table has as many cells as its head. */
function assertTables(text: string): void {
  let cells = 0;
  for (const line of text.split("\n")) {
    const count = line.startsWith("|") ? line.replace(/\\\|/g, "").split("|").length : 0;
    if (cells > 0 && count > 0) assert.equal(count, cells, line);
    cells = count;
  }
}

test("a report in Markdown has the terminal's figures", () => {
  const text = formatMarkdown(toReport(before), { cwd: "/app" });
  assertTables(text);
  assert.match(text, /^# `node server\.js`\n/);
  assert.match(text, /\| Copies \| .* \| processor \| 4\.8 KB \| 100.% \|/);
  assert.match(text, /\| Lock waits \| 500 \| waiting \| 1\.0 wait at 1,000 req\/s \|/);
  assert.match(text, /`readBody` `src\/body\.js:10` → `Buffer\.from`/);
  assert.match(text, /\| `GET \/` \| 6,000 \| 1,000 \|/);
});

test("a report says of what was measured in spells that it was, in the terminal's words", () => {
  const report = toReport(before);
  const words = "6.0 s measured (25 % of the time, in spells)";
  for (const format of [formatMarkdown, formatText]) {
    assert.ok(
      format({ ...report, measuredShare: 0.25 })
        .replace(/\s+/g, " ")
        .includes(words),
      format.name,
    );
    assert.doesNotMatch(format({ ...report, measuredShare: 1 }), /spells/);
  }
});

test("names can't become Markdown or HTML", () => {
  const known = new KnownProfile();
  known.route("GET", "/a|b<img>");
  known.worker();
  const copy = known.operation("copy", "<script>`x`|y");
  const stack = known.stack("a.js:1 f`|<b>_x_");
  known.window(0, 0, {
    latencies: times(100, 1_000),
    cells: [[copy, 10, 100, 64_000]],
    samples: [[copy, 10, stack, 0, 30, 100, 64_000]],
  });
  const profile = known.profile({ command: ["node", "`x`\n# y"] });
  for (const text of [
    formatMarkdown(toReport(profile)),
    formatComparisonMarkdown(compareProfiles(profile, profile)),
  ]) {
    assertTables(text);
    assert.doesNotMatch(text, /^# y/m);
    // Inline code is the only place where a sign may stand as it is.
    assert.doesNotMatch(text.replace(/`[^`\n]*`/g, ""), /<(?:script|img|b)>/);
  }
});

test("a comparison says the load first, then the trade, then what rose", () => {
  const comparison = compareProfiles(before, after);
  for (const width of [60, 100, 140]) {
    const text = formatComparison(comparison, { cwd: "/app", width });
    const order = ["The loads differ", "A copy was traded", "More", "Less"].map((words) =>
      text.indexOf(words),
    );
    assert.ok(
      order.every((at, index) => at >= 0 && at > (order[index - 1] ?? -1)),
      `${order}`,
    );
    const long = text.split("\n").filter((line) => displayWidth(line) > Math.max(width, 100));
    assert.deepEqual(long, []);
    assert.match(text, /round trip {2}2\.0 hand-offs → 4\.0 hand-offs \(\+100.%\)/);
    assert.match(text, /src\/store\.js:7/);
  }
  const markdown = formatComparisonMarkdown(comparison, { cwd: "/app" });
  assertTables(markdown);
  assert.match(markdown, /> \*\*A copy was traded for a hand-off\.\*\*/);
  assert.match(markdown, /\| Copies \| 4\.8 KB \| 1\.2 KB \| −75.% \| clear \|/);
});

test("top limits every group, and says how many are left", () => {
  const text = formatComparison(compareProfiles(before, after), { cwd: "/app", top: 1 });
  assert.match(text, /No clear change .*\n.*\n.*\n\d+ more/);
});
