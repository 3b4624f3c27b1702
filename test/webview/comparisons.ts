// Fixtures: comparison states as the extension host sends them. The figures of `traded` are invented and used by tests only;
// those of `known` come from the model.

import { viewOf } from "../../src/model/compare/view.ts";
import type { Category } from "../../src/protocol/categories.ts";
import type { CompareState } from "../../src/protocol/comparePanel.ts";
import type {
  CategoryChange,
  Change,
  Comparison,
  HotspotChange,
  Verdict,
} from "../../src/protocol/comparison.ts";
import type { Series } from "../../src/protocol/panel.ts";
import type { Hotspot } from "../../src/protocol/report.ts";
import { knownRun } from "../unit/knownPair.ts";
import { at, HOTSPOTS, hotspot, REQUESTS } from "./hotspots.ts";
import { REPORT } from "./report.ts";
import { series } from "./states.ts";

function change(before: number | null, after: number | null, error: number | null, verdict: Verdict): Change {
  const difference = before === null || after === null ? null : after - before;
  const ratio = difference === null || before === null || before === 0 ? null : difference / before;
  return { before, after, difference, ratio, error, verdict };
}

function site(
  before: Hotspot | null,
  after: Hotspot | null,
  error: number | null,
  verdict: Verdict,
): HotspotChange {
  const spot = (after ?? before) as Hotspot;
  const micros = (each: Hotspot | null) => each?.impactMicrosPerRequest ?? 0;
  const amount = (each: Hotspot | null) => each?.perRequest ?? 0;
  return {
    before,
    after,
    category: spot.category,
    perRequest: change(amount(before), amount(after), error, verdict),
    impactMicros: change(micros(before), micros(after), error, verdict),
    verdict,
  };
}

const PACK = at("pack.ts", 18, "packReceipt", 9);
const costing = (spot: Hotspot, micros: number): Hotspot => ({
  ...spot,
  impactMicrosPerRequest: micros,
  perRequest: ((spot.perRequest ?? 0) * micros) / (spot.impactMicrosPerRequest ?? 1),
});
const of = (callee: string, line: number, category?: Category): Hotspot => {
  const found = HOTSPOTS.find(
    (each) =>
      each.callee === callee && each.line === line && (category === undefined || each.category === category),
  );
  if (found === undefined) throw new Error(`There is no ${callee} at ${line}`);
  return found;
};

const CHANGES: readonly HotspotChange[] = [
  site(null, hotspot("switches", "round trip", PACK, "Worker.postMessage", 46, 2, 1, 0.28), 4, "more"),
  site(null, hotspot("allocations", "objects", PACK, "structuredClone", 31, 30_000, 1, 0.14), 3, "more"),
  site(of("Mutex.acquire", 19), costing(of("Mutex.acquire", 19), 34), 6, "less"),
  site(of("structuredClone", 29, "allocations"), null, 5, "less"),
  site(of("structuredClone", 29, "copies"), null, 3, "less"),
  site(of("JSON.stringify", 30), costing(of("JSON.stringify", 30), 41), 3, "less"),
  site(of("Pool.connect", 14), costing(of("Pool.connect", 14), 50), 4, "unclear"),
  ...HOTSPOTS.filter(({ share, line }) => share < 0.02 || line === 28 || line === 31).map((spot) =>
    site(spot, costing(spot, (spot.impactMicrosPerRequest ?? 0) * 1.02), 8, "unclear"),
  ),
];

function total(
  impact: readonly [number, number],
  amount: readonly [number, number],
  events: readonly [number, number] | null,
  verdict: Verdict,
): CategoryChange {
  return {
    perRequest: change(...amount, amount[0] * 0.05, verdict),
    impactMicros: change(...impact, impact[0] * 0.05, verdict),
    events: events === null ? change(null, null, null, "unclear") : change(...events, 0.1, verdict),
  };
}

const session = (perSecond: number, startedAt: string): Comparison["before"] => ({
  command: REPORT.command,
  startedAt,
  node: REPORT.node,
  platform: REPORT.platform,
  arch: REPORT.arch,
  availableCores: REPORT.availableCores,
  topology: REPORT.topology,
  durationMs: REPORT.durationMs,
  workers: 4,
  requests: REQUESTS,
  perSecond,
});

export const TRADED: Comparison = {
  schema: "darcy-comparison/1",
  before: session(2304, "2026-01-12T17:40:00.000Z"),
  after: session(2311, "2026-01-13T09:12:00.000Z"),
  loadDiffers: false,
  differences: [],
  pricedBy: "after",
  requests: {
    perSecond: change(2304, 2311, 14, "unclear"),
    meanMicros: change(3420, 2890, 120, "less"),
    p50Micros: change(2600, 2100, 90, "less"),
    p99Micros: change(18_400, 9_700, null, "unclear"),
  },
  processorMicros: change(1354, 1291, 40, "less"),
  totals: {
    copies: total([171, 96], [187_000, 103_000], [4, 3], "less"),
    switches: total([118, 162], [5.2, 7.2], [4, 6], "more"),
    allocations: total([246, 221], [268_000, 242_000], null, "less"),
    locks: total([388, 157], [388, 157], [3.1, 3.1], "less"),
  },
  hotspots: CHANGES,
  findings: [
    {
      id: "copy-for-switch",
      claim: "D7",
      category: "switches",
      score: 0.06,
      title: "A copy was traded for a hand-off.",
      evidence:
        "Copies fell from 187 KB to 103 KB a request, hand-offs rose from 4.0 to 6.0. At this machine's prices that is 75 µs/req less and 46 µs/req more processor time.",
      advice:
        "Here the copies cost more than what came for them. Look again when the load changes: switches wait for a processor, copies do not.",
      locations: [PACK],
    },
  ],
};

function scaledSeries(by: number): Series {
  const whole = series(60);
  const scaled = (column: readonly (number | null)[]) =>
    column.map((value) => (value === null ? null : value * by));
  return {
    ...whole,
    requestsPerSecond: whole.requestsPerSecond.map((value) => (value === null ? null : 2300 + (value % 20))),
    impact: {
      copies: scaled(whole.impact.copies),
      switches: scaled(whole.impact.switches),
      allocations: scaled(whole.impact.allocations),
      locks: scaled(whole.impact.locks.map((value) => (value === null ? null : 380 + (value % 30)))),
    },
    marks: [],
  };
}

const FILES = ["monday", "tuesday", "wednesday, a rather long name for a recording of it"].map((name) => ({
  path: `/home/ada/orders/${name}.darcy`,
  name,
}));
const [MONDAY, TUESDAY] = FILES as [(typeof FILES)[0], (typeof FILES)[0]];

const READY: CompareState = {
  phase: "ready",
  before: MONDAY,
  after: TUESDAY,
  choices: FILES,
  fixed: false,
  comparison: TRADED,
  series: { before: scaledSeries(1), after: scaledSeries(0.93) },
  omitted: 0,
  error: null,
};

const steady = { copied: 4_000, handOffs: 2, waits: { 20: 500 } };
const known = (after: Parameters<typeof knownRun>[0]): CompareState => ({
  ...READY,
  ...viewOf(knownRun(steady), knownRun(after)),
});

/** Every state that the view can be in, by name. */
export const COMPARE_STATES = {
  reading: { ...READY, phase: "reading", comparison: null, series: null },
  error: {
    ...READY,
    phase: "error",
    comparison: null,
    series: null,
    error: {
      message: "monday.darcy is no recording that can be read: it was cut off.",
      remedy: "Choose another one.",
    },
  },
  choosing: {
    ...READY,
    phase: "choosing",
    before: { path: "", name: "Choose the baseline" },
    after: { path: "", name: "Choose the newer one" },
    comparison: null,
    series: null,
    error: {
      message: "VS Code kept this tab, “monday → tuesday”, but not which files it compared.",
      remedy: "Choose them above: the baseline on the left, the newer one on the right.",
    },
  },
  traded: READY,
  otherLoads: {
    ...READY,
    comparison: {
      ...TRADED,
      after: { ...TRADED.after, perSecond: 3100, node: "v22.18.0", availableCores: 2 },
      loadDiffers: true,
      differences: [
        "The loads differ: 2,304 req/s before, 3,100 now. Switches, waits and latencies depend on it.",
        "Node: v24.21.0 before, v22.18.0 now.",
        "Machine: linux x64, 8 cores before, linux x64, 2 cores now.",
      ],
    },
  },
  grown: {
    ...READY,
    comparison: {
      ...TRADED,
      totals: {
        ...TRADED.totals,
        copies: total([0.3, 466], [270, 340_000], [0.1, 4], "more"),
        switches: total([16, 797], [0.8, 42.2], [0.4, 20], "more"),
        locks: total([0, 43_539], [0, 43_539], [0, 2.7], "more"),
      },
    },
  },
  unavailable: {
    ...READY,
    comparison: {
      ...TRADED,
      totals: {
        ...TRADED.totals,
        switches: {
          perRequest: change(null, null, null, "unclear"),
          impactMicros: change(null, null, null, "unclear"),
          events: change(4, 4, 0.1, "unclear"),
        },
      },
      processorMicros: change(null, null, null, "unclear"),
      requests: { ...TRADED.requests, p99Micros: change(null, null, null, "unclear") },
    },
  },
  same: known(steady),
  known: known({ copied: 8_000, copyLine: 14, handOffs: 4, waits: { 20: 100, 31: 350 } }),
  fixed: { ...READY, choices: [], fixed: true },
} as const satisfies Readonly<Record<string, CompareState>>;
export type CompareStateName = keyof typeof COMPARE_STATES;
