// Truth suite: cases of what wakes the loop: each server's wakes are known by construction.

import type { Report, WakeCause } from "../../../src/protocol/report.ts";
import { ALL, server, type TruthCase } from "./truthCase.ts";

/** Requests are under way at both ends; a cause is a share of what other threads disturb. */
const LARGEST_ERROR = 0.05;
const LARGEST_UNEXPLAINED = 0.1;

/** One request at a time. */
const ALONE = {
  path: "/",
  connections: 1,
  rate: null,
  seconds: 5,
  quick: [] as number[],
  nodes: ALL,
} as const;

type Expected = Partial<Record<WakeCause, number>>;

/** @param each how often a cause wakes the loop, a request; of causes that are not named hardly any */
function wakeCase(name: string, file: string, each: Expected, more: Partial<TruthCase> = {}): TruthCase {
  return {
    name: `wakes: ${name}`,
    ...ALONE,
    ...server("wakes", file),
    ...more,
    check: (report) => checkMain(report, each),
  };
}

function checkMain({ workers, requests }: Report, each: Expected): string[] {
  const wakes = workers.find(({ threadId, role }) => threadId === 0 && role === "peer")?.wakes;
  if (wakes === null || wakes === undefined) return ["the loop's wakes are not known"];
  const complaints: string[] = [];
  const edge = 1 / requests.total;
  for (const { cause, wakes: found } of wakes.causes) {
    const truth = each[cause] ?? 0;
    if (truth > 0 || cause === "within a turn") continue;
    if (found > LARGEST_ERROR * wakes.count)
      complaints.push(`${cause}: ${found.toFixed(0)} wakes, none are true`);
  }
  for (const [cause, truth = 0] of Object.entries(each)) {
    const found = (wakes.causes.find((row) => row.cause === cause)?.wakes ?? 0) / requests.total;
    if (Math.abs(found / truth - 1) > LARGEST_ERROR + edge)
      complaints.push(`${cause}: ${found.toFixed(2)} wakes a request instead of ${truth}`);
  }
  if (wakes.explained === null || wakes.explained < 1 - LARGEST_UNEXPLAINED)
    complaints.push(`${((wakes.explained ?? 0) * 100).toFixed(0)} % of the loop's wakes are explained`);
  return complaints;
}

export const WAKES: readonly TruthCase[] = [
  wakeCase("requests", "requests.cjs", { request: 1 }, { rate: 100, quick: [24] }),
  wakeCase("timers", "timers.cjs", { request: 1, timer: 20 }, { quick: [26] }),
  wakeCase("pool jobs", "jobs.cjs", { request: 1, "pool job": 20 }, { quick: [20] }),
  wakeCase(
    "messages",
    "messages.cjs",
    { request: 1, message: 20 },
    {
      ...server("wakes", "messages.cjs", ["answers.cjs"]),
      quick: [22],
    },
  ),
];
