// Tests: whether figures that were made in two ways are the same.

import assert from "node:assert/strict";
import type { Report } from "../../src/protocol/report.ts";

/** But for the order in which they were added up. */
export function sameFigures(actual: unknown, expected: unknown, path = ""): void {
  if (typeof actual === "number" && typeof expected === "number") {
    const near = Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
    assert.ok(near || Object.is(actual, expected), `${path}: ${actual}, not ${expected}`);
  } else if (
    typeof actual === "object" &&
    actual !== null &&
    typeof expected === "object" &&
    expected !== null
  ) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), path);
    for (const [name, value] of Object.entries(actual))
      sameFigures(value, (expected as Record<string, unknown>)[name], `${path}.${name}`);
  } else assert.equal(actual, expected, path);
}

/** Of a report, without what is estimated from samples. */
export function exactOf({ totals, workers, requests, ...report }: Report): unknown {
  const { durationMs, threads, runnableThreads, balance, processorMicrosPerRequest, gc, selfOverhead } =
    report;
  return {
    durationMs,
    threads,
    runnableThreads,
    balance,
    processorMicrosPerRequest,
    gc,
    selfOverhead,
    totals: Object.values(totals).map(({ explained: _, ...exact }) => exact),
    workers: workers.map(({ wakes: _, ...exact }) => exact),
    requests: {
      ...requests,
      routes: requests.routes.map(({ method, route, count, p50Micros, p99Micros }) => [
        method,
        route,
        count,
        p50Micros,
        p99Micros,
      ]),
    },
  };
}
