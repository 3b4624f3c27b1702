// Unit tests: numbers as every surface shows them.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  formatBytes,
  formatCertainty,
  formatChange,
  formatCount,
  formatEvents,
  formatImpact,
  formatNumber,
  formatPerRequest,
  formatPerRequestWords,
  formatShare,
  formatTime,
  isUncertain,
  shownNumber,
} from "../../src/model/format.ts";
import { useLocale } from "../../src/model/l10n.ts";

afterEach(() => useLocale("en-US"));

test("two or three digits below 100, whole from there", () => {
  const shown = [0.4, 9.8, 61.4, 268, 1_354, 99.94, 99.96, 0, 0.04, 0.005, 0.001, 1e9].map((value) =>
    formatNumber(value),
  );
  assert.deepEqual(shown, [
    "0.4",
    "9.8",
    "61.4",
    "268",
    "1,354",
    "99.9",
    "100",
    "0",
    "0.04",
    "0.01",
    "<\u20090.01",
    "1,000,000,000",
  ]);
});
test("no digit that the error makes meaningless", () => {
  assert.equal(formatNumber(61.44, 0.005), "61.4");
  assert.equal(formatNumber(61.44, 0.05), "61");
  assert.equal(formatNumber(61.44, 0.3), "60");
  assert.equal(formatNumber(1_354, 0.04), "1,350");
  assert.equal(formatNumber(268, 0.2), "270");
  assert.equal(formatNumber(3.21, 5), "3");
  assert.equal(formatNumber(61.44, 0), "61.4");
  assert.equal(formatNumber(9.97, 0.3), "10");
});
test("what is shown is known as a number, to order by", () => {
  for (const [value, error] of [
    [2_083, 0.01],
    [2_060, 0.05],
    [61.44, 0.005],
    [61.44, null],
    [0.0449, null],
    [0.25, null],
    [3.21, 5],
    [-3.26, null],
    [0, 0.1],
  ] as const)
    assert.equal(
      Number(formatNumber(value, error).replace(",", "").replace("−", "-")),
      shownNumber(value, error),
      `${value} ± ${error}`,
    );
  assert.ok(shownNumber(2_083, 0.01) < shownNumber(2_060, 0.05));
});
test("unknown is a dash, minus is a minus", () => {
  for (const format of [
    formatNumber,
    formatCount,
    formatImpact,
    formatTime,
    formatBytes,
    formatShare,
    formatChange,
  ])
    assert.deepEqual(
      [format(null), format(Number.NaN), format(Number.POSITIVE_INFINITY)],
      ["–", "–", "–"],
      format.name,
    );
  assert.equal(formatNumber(-3.2), "−3.2");
  assert.equal(formatNumber(-0.001), "0.00");
  assert.equal(formatCount(-1_200), "−1,200");
});
test("units", () => {
  assert.equal(formatImpact(268), "268 µs/req");
  assert.deepEqual([850, 999.9, 2_600, 12_500_000].map(formatTime), ["850 µs", "1.0 ms", "2.6 ms", "12.5 s"]);
  assert.deepEqual(
    [0, 12, 990, 999.7, 61_400, 268_000, 1_500_000, 2e13].map((value) => formatBytes(value)),
    ["0 B", "12 B", "990 B", "1.0 KB", "61.4 KB", "268 KB", "1.5 MB", "20.0 TB"],
  );
  assert.equal(formatBytes(61_400, 0.08), "61 KB");
  assert.deepEqual([0.69, 0, 1, 0.004, 0.0001].map(formatShare), [
    "69\u2009%",
    "0\u2009%",
    "100\u2009%",
    "0.4\u2009%",
    "<\u20090.1\u2009%",
  ]);
  assert.deepEqual([0.02, -0.03, 0.001].map(formatChange), ["+2\u2009%", "−3\u2009%", "0\u2009%"]);
  assert.deepEqual([8.99, 9, 1645.01].map(formatChange), ["+899\u2009%", "×\u200910", "×\u20091,646"]);
});
test("certainty", () => {
  const of = (relativeError: number | null, confidence: "exact" | "sampled" | "inferred" = "sampled") =>
    formatCertainty({ relativeError, confidence });
  assert.deepEqual(
    [
      of(0.04),
      of(0.25),
      of(0.26),
      of(null),
      of(0.001),
      of(0, "exact"),
      of(0.1, "inferred"),
      of(null, "inferred"),
    ],
    [
      "± 4\u2009%",
      "± 25\u2009%",
      "few samples",
      "few samples",
      "± <\u20091\u2009%",
      "exact",
      "inferred",
      "inferred",
    ],
  );
  const many = (samples: number) => formatCertainty({ relativeError: 0.48, confidence: "sampled", samples });
  assert.deepEqual([many(12), many(489)], ["few samples", "uneven samples"]);
  assert.equal(isUncertain({ relativeError: null, confidence: "sampled" }), true);
  assert.equal(isUncertain({ relativeError: 0, confidence: "exact" }), false);
});
test("amounts a request with their words", () => {
  const base = { perRequest: 61_400, amount: 614_000, count: 20, relativeError: 0 };
  const serialise = { ...base, kind: "serialise", category: "copies" } as const;
  assert.deepEqual(
    [formatPerRequest(serialise), formatPerRequestWords(serialise)],
    ["61.4 KB", "61.4 KB serialised"],
  );
  const trip = { ...base, kind: "round trip", category: "switches", perRequest: 2 } as const;
  assert.deepEqual([formatPerRequest(trip), formatPerRequestWords(trip)], ["2.0 hand-offs", "2.0 hand-offs"]);
  // 10 requests: 388 µs each, in 10 waits.
  const wait = {
    ...base,
    kind: "wait",
    category: "locks",
    perRequest: 388,
    amount: 3_880,
    count: 10,
  } as const;
  assert.equal(formatPerRequest(wait), "1.0 wait");
  assert.equal(formatPerRequest({ ...wait, count: 1 }), "0.1 waits");
  const spawn = {
    ...base,
    kind: "process",
    category: "switches",
    perRequest: 4,
    amount: 40,
    count: 20,
  } as const;
  assert.equal(formatPerRequest(spawn), "2.0 processes");
  assert.equal(formatPerRequest({ ...wait, perRequest: null }), "–");
  assert.equal(formatPerRequestWords({ ...serialise, perRequest: null }), "–");
  assert.equal(formatEvents(1, "round trip"), "1.0 hand-off");
});
test("the locale's signs; an unknown one changes nothing", () => {
  useLocale("de-DE");
  assert.equal(formatNumber(1_354), "1.354");
  assert.equal(formatNumber(61.4), "61,4");
  useLocale("no such locale");
  assert.equal(formatNumber(1_354), "1,354");
});
