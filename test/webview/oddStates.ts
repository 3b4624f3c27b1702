// Fixtures: panel states that are hard to show: too long, too much, hostile.

import type { PanelState } from "../../src/protocol/panel.ts";
import { at, hotspot } from "./hotspots.ts";
import { REPORT } from "./report.ts";
import { RECORDING } from "./states.ts";

const LONG_FILE = "aVeryLongFileNameForAServerThatDoesNotFitAnywhereInTheTable.js";
/** Names and figures longer than there is room for. */
export const LONG_STATE: PanelState = {
  ...RECORDING,
  report: {
    ...REPORT,
    requests: { ...REPORT.requests, meanMicros: 40_884 },
    totals: { ...REPORT.totals, locks: { ...REPORT.totals.locks, impactMicrosPerRequest: 35_661 } },
    hotspots: [
      hotspot("locks", "wait", at(LONG_FILE, 11, ""), "Mutex.acquire", 35_661, 35_661, 1, 1, {
        holder: at(LONG_FILE, 11, ""),
        stack: [at(LONG_FILE, 11, ""), at(LONG_FILE, 1204, "aMiddlewareOfSomeLength")],
      }),
      hotspot(
        "copies",
        "serialise",
        at(LONG_FILE, 6, "aMiddleware"),
        "ServerResponse.json",
        301,
        27_800,
        1,
        0.6,
      ),
      hotspot(
        "copies",
        "encode",
        at(LONG_FILE, 6, "aMiddleware"),
        "ServerResponse.json",
        152,
        28_000,
        1,
        0.3,
      ),
      hotspot(
        "switches",
        "round trip",
        at("orders.ts", 33, "OrderRepository.findAllByCustomerAndDateAndState"),
        "zlib.gzip",
        46,
        2,
        1,
        0.39,
      ),
    ],
  },
};

/** Calibrated prices that add up to more than was measured. */
export const OVER_STATE: PanelState = {
  ...RECORDING,
  report: { ...REPORT, processorMicrosPerRequest: 164 },
};

/** Names that would do harm if they were taken for markup. */
export const HOSTILE = '<img src=x onerror="document.title=`owned`">';
export const HOSTILE_STATE: PanelState = {
  ...RECORDING,
  title: HOSTILE,
  report: {
    ...REPORT,
    hotspots: [
      hotspot(
        "copies",
        "concat",
        { ...at("a.ts", 3, HOSTILE), file: `/x/${HOSTILE}.ts` },
        HOSTILE,
        90,
        1000,
        1,
        0.9,
        { stack: [at("a.ts", 3, HOSTILE)] },
      ),
    ],
    findings: [
      {
        id: "f",
        claim: "D1",
        category: null,
        score: 1,
        title: HOSTILE,
        evidence: HOSTILE,
        advice: HOSTILE,
        locations: [{ file: `/x/${HOSTILE}.ts`, line: 3, column: 3, function: "" }],
      },
    ],
    notices: [{ code: "coverage", severity: "warning", text: HOSTILE }],
  },
};
