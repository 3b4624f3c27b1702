// Unit tests: what a line's explanation says, for every kind, and that no name of the measured program becomes Markdown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CATEGORIES, KINDS } from "../../src/protocol/categories.ts";
import type { Finding, Hotspot } from "../../src/protocol/report.ts";
import { explainLine } from "../../src/report/explanation.ts";
import { KIND_MEANING } from "../../src/report/kindMeaning.ts";
import { HOTSPOTS } from "../webview/hotspots.ts";
import { REPORT } from "../webview/report.ts";

const OPTIONS = { cwd: "/srv/orders", scopeLabel: "Last 60 s" };
const lock = HOTSPOTS.find(({ category, holder }) => category === "locks" && holder !== null) as Hotspot;

test("figure, kind of time, certainty, share, holder and the heaviest stack", () => {
  const text = explainLine([lock], REPORT, OPTIONS);
  assert.match(text, /^# `/);
  assert.match(text, /Last 60 s: [\d,]+ requests at [\d,]+ req\/s/);
  assert.match(text, /## Lock waits: 268 µs\/req waiting/);
  assert.match(text, /never added to it/);
  assert.match(text, /- Share: 69\s%/);
  assert.match(text, /- Certainty: ± .*samples\)/);
  assert.match(text, /- Held by: `/);
  assert.match(text, /The heaviest stack, innermost first:\n\n1\. `/);
});

test("advice is what the figures show, else there is none", () => {
  const finding: Finding = {
    id: "x",
    claim: "L1",
    category: "locks",
    score: 1,
    title: "Hold this lock for less.",
    evidence: "It is held for 2 ms.",
    advice: "Moving the query out saves up to 240 µs/req of waiting.",
    locations: [lock],
  };
  assert.match(
    explainLine([lock], { ...REPORT, findings: [finding] }, OPTIONS),
    /\*\*Hold this lock for less\.\*\* It is held .* saves up to 240/,
  );
  assert.match(
    explainLine([lock], { ...REPORT, findings: [] }, OPTIONS),
    /Nothing that was measured calls for a change here/,
  );
});

test("every kind is explained", () => {
  assert.deepEqual(Object.keys(KIND_MEANING).sort(), Object.keys(KINDS).sort());
  for (const category of CATEGORIES) {
    const spot = { ...lock, category, holder: null, basis: null, keys: [], queue: null, hold: null };
    assert.match(explainLine([spot], REPORT, OPTIONS), category === "locks" ? /waiting/ : / processor\n/);
  }
});

test("names stay names", () => {
  const evil = "x`](command:evil) <img src=x> | [a](b)\n# head";
  const spot = {
    ...lock,
    function: evil,
    callee: evil,
    key: evil,
    keys: [{ key: evil, share: 1 }],
    routes: [{ method: "GET", route: evil, share: 1 }],
    stack: [{ ...lock, function: evil }],
  };
  const text = explainLine([spot], { ...REPORT, findings: [] }, OPTIONS).replace(/`[^`\n]*`/g, "");
  assert.doesNotMatch(text, /command:evil|<img|\]\(b\)|^# head/m);
});
