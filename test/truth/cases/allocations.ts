// Truth suite: cases of allocation.

import type { Report } from "../../../src/protocol/report.ts";
import { FULL, server, type TruthCase } from "./truthCase.ts";

/** What part each function of test/fixtures/truth/kept keeps. */
const KEPT: Readonly<Record<string, number>> = { keeper: 1, halfKeeper: 0.5, waster: 0 };
/** Of the intervals shown, which hold the truth in 95 of 100 cases; and what a request under way has. */
const WIDER = 1.5;
const UNDER_WAY = 0.02;

function keptShares({ hotspots }: Report): string[] {
  return Object.entries(KEPT).flatMap(([name, truth]) => {
    const { share = Number.NaN, relativeError } = hotspots.find((spot) => spot.function === name)?.kept ?? {};
    const far = Math.abs(share - truth) - UNDER_WAY;
    return far <= WIDER * share * (relativeError ?? 0)
      ? []
      : [`${name}: ${share} (± ${relativeError}) is kept`];
  });
}

/** All pauses are charged to sites, and those of the whole heap to whoever keeps. */
function pauses({ hotspots, gc, requests }: Report): string[] {
  let [charged, fullOfWaster, full] = [0, 0, 0];
  for (const { pauses: own, function: name } of hotspots) {
    charged += (own?.youngMicrosPerRequest ?? 0) + (own?.fullMicrosPerRequest ?? 0);
    full += own?.fullMicrosPerRequest ?? 0;
    if (name === "waster") fullOfWaster += own?.fullMicrosPerRequest ?? 0;
  }
  const all = gc.reduce((sum, { micros }) => sum + micros, 0) / requests.total;
  return [
    ...(all > 0 && Math.abs(charged / all - 1) < 1e-6
      ? []
      : [`${charged} of ${all} µs are charged to sites`]),
    // There may have been none of the whole heap.
    ...(fullOfWaster <= 0.05 * full ? [] : [`${fullOfWaster} of ${full} µs are the waster's`]),
  ];
}

/** Bytes a request that test/fixtures/truth/offHeapUnseen makes unseen, and what Node itself may make of a request at most. */
const UNSEEN = 150_000;
const NODES = 5_000;
/** What is told at least: what is freed meanwhile hides the rest. */
const LEAST_TOLD = 0.8;

function unseenBytes({ offHeap }: Report): string[] {
  const told = offHeap?.unexplainedPerRequest ?? Number.NaN;
  return told >= LEAST_TOLD * UNSEEN && told <= UNSEEN + NODES
    ? []
    : [`${told} bytes a request are unexplained`];
}

export const ALLOCATIONS: readonly TruthCase[] = [
  { name: "inlined functions", ...FULL, quick: [20], ...server("inlined", "server.cjs") },
  { name: "methods and async functions", ...FULL, quick: [], ...server("heapClasses", "server.cjs") },
  { name: "functions hard to tell apart", ...FULL, quick: [], ...server("heapOdd", "server.cjs") },
  { name: "allocating lines", ...FULL, quick: [26], ...server("lines", "server.cjs") },
  {
    name: "objects that stay",
    ...FULL,
    quick: [24],
    ...server("kept", "server.cjs"),
    check: (report) => [...keptShares(report), ...pauses(report)],
  },
  {
    name: "off-heap memory that is not seen",
    ...FULL,
    quick: [24],
    seconds: 5,
    ...server("offHeapUnseen", "server.cjs"),
    check: unseenBytes,
  },
  { name: "off-heap buffers", ...FULL, quick: [26], seconds: 5, ...server("offHeap", "server.cjs") },
];
