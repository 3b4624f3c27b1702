// Truth suite: cases of what wakes the loop: each server's wakes are known by construction.

import type { WakeCause } from "../../../src/protocol/loops.ts";
import type { Report } from "../../../src/protocol/report.ts";
import { ALL, server, type TruthCase } from "./truthCase.ts";

const LARGEST_ERROR = 0.05;
/** Where there are many; of few, as where the load sends its requests in bursts, some twenty in five seconds. */
const LARGEST_UNEXPLAINED = 0.2;
/** Timers of Darcy's own that are not known as such, while a heap window is open. */
const MOST_STRAY_PER_SECOND = 8;
/**
 * An event may be there before the loop gets to sleep, on a busy machine and of requests that the load sends in bursts: how
 * many wake it is not known by construction.
 */
const LEAST_SLEPT_FOR = 0.1;

/** One request at a time. */
const ALONE = {
  path: "/",
  connections: 1,
  rate: null,
  seconds: 5,
  quick: [] as number[],
  nodes: ALL,
} as const;

/** How often something happens a request. A timer wakes the loop each time, for nobody else is there. */
type Expected = Partial<Record<WakeCause, number>>;

function wakeCase(name: string, file: string, each: Expected, more: Partial<TruthCase> = {}): TruthCase {
  return {
    name: `wakes: ${name}`,
    ...ALONE,
    ...server("wakes", file),
    ...more,
    check: (report) => checkMain(report, each),
  };
}

function checkMain({ workers, requests, durationMs }: Report, each: Expected): string[] {
  const wakes = workers.find(({ threadId, role }) => threadId === 0 && role === "peer")?.wakes;
  if (wakes === null || wakes === undefined) return ["the loop's wakes are not known"];
  const complaints: string[] = [];
  const strays = MOST_STRAY_PER_SECOND * (durationMs / 1000);
  for (const { cause, wakes: found } of wakes.causes) {
    const stray = Math.max(LARGEST_ERROR * wakes.count, strays);
    if (each[cause] === undefined && cause !== "within a turn" && found > stray)
      complaints.push(`${cause}: ${found.toFixed(0)} wakes, none are true`);
  }
  for (const [cause, truth] of Object.entries(each)) {
    const row = wakes.causes.find((known) => known.cause === cause);
    const found = (row?.wakes ?? 0) / requests.total;
    const happened = row?.happened ?? null;
    const told = (happened ?? row?.wakes ?? 0) / requests.total;
    // One request may be under way at either end.
    if (Math.abs(told / truth - 1) > (happened === null ? LARGEST_ERROR : 0) + 2 / requests.total)
      complaints.push(`${cause}: told ${told.toFixed(3)} times a request instead of ${truth}`);
    if (found < LEAST_SLEPT_FOR * truth || found > (1 + LARGEST_ERROR) * truth)
      complaints.push(`${cause}: ${found.toFixed(2)} wakes a request of at most ${truth}`);
  }
  const unexplained = (1 - (wakes.explained ?? 0)) * wakes.count;
  if (unexplained > Math.max(LARGEST_UNEXPLAINED * wakes.count, strays))
    complaints.push(`${unexplained.toFixed(0)} of the loop's ${wakes.count} wakes are not explained`);
  return complaints;
}

/** Three a request, all at one line, and nothing to do in between. What wakes such a loop is known less well (docs/figures.md). */
function checkHops(report: Report): string[] {
  const { hops } = report;
  if (hops === null || hops === undefined) return ["immediates are not known"];
  const complaints: string[] = [];
  const [site, ...others] = hops.sites;
  const edge = 1 / report.requests.total;
  if (Math.abs((hops.perRequest ?? 0) / 3 - 1) > edge) complaints.push(`${hops.perRequest} hops a request`);
  if (!["later", "(anonymous)"].includes(site?.function ?? "")) complaints.push(`hops of ${site?.function}`);
  if (site?.line !== HOPS_LINE || others.length > 0)
    complaints.push(`hops at ${hops.sites.map(({ line }) => line)}`);
  // The first runs in the turn that brought the request.
  if (hops.alone === null || Math.abs(hops.alone - 2 / 3) > LARGEST_ERROR)
    complaints.push(`${hops.alone} of them alone`);
  return complaints;
}
const HOPS_LINE = 8;

export const WAKES: readonly TruthCase[] = [
  // No heap window: code that V8 compiles anew after one wakes the loop, too, and of the few wakes here that would be a third.
  wakeCase("requests", "requests.cjs", { request: 1 }, { rate: 100, only: "switches", quick: [24] }),
  {
    name: "wakes: hops",
    ...ALONE,
    ...server("wakes", "hops.cjs"),
    rate: 100,
    quick: [24],
    check: checkHops,
  },
  wakeCase("timers", "timers.cjs", { request: 1, timer: 20 }, { quick: [26] }),
  wakeCase("pool jobs", "jobs.cjs", { request: 1, "pool job": 20 }, { quick: [20] }),
  wakeCase(
    "messages",
    "messages.cjs",
    { request: 1, message: 20 },
    {
      ...server("wakes", "messages.cjs", ["answers.cjs"]),
      quick: [24],
    },
  ),
];
