// Fixtures: panel states as the extension host sends them. Their figures are invented and used by tests only.

import { CATEGORIES } from "../../src/protocol/categories.ts";
import { fill } from "../../src/protocol/fill.ts";
import { NOTICES } from "../../src/protocol/notices.ts";
import type { PanelPhase, PanelState, Series } from "../../src/protocol/panel.ts";
import type { Report } from "../../src/protocol/report.ts";
import { HOTSPOTS, REQUESTS } from "./hotspots.ts";
import { REPORT, worker } from "./report.ts";

const ELAPSED_MS = 168_000;

/** Noise without chance, so that pictures compare. */
function wobble(index: number, seed: number): number {
  return Math.sin(index * 1.7 + seed) * 0.6 + Math.sin(index * 0.61 + 2 * seed) * 0.4;
}

export function series(steps = 168): Series {
  const index = Array.from({ length: steps }, (_, step) => step);
  const early = (step: number) => (step < 12 ? 1.25 - step * 0.02 : 1);
  return {
    stepMs: 1000,
    atMs: index.map((step) => step * 1000),
    requestsPerSecond: index.map((step) =>
      step < 2
        ? null
        : step < 10
          ? 180 * step
          : step < 44
            ? 1400
            : Math.min(2304, 1400 + 150 * (step - 44)) + 12 * wobble(step, 1),
    ),
    impact: {
      copies: index.map((step) => (step < 2 ? null : 171 * early(step) + 5 * wobble(step, 2))),
      switches: index.map((step) =>
        step < 2 ? null : (step < 70 ? 135 : 118) * early(step) + 4 * wobble(step, 3),
      ),
      allocations: index.map((step) => (step < 2 ? null : 246 * early(step) + 14 * wobble(step, 4))),
      locks: index.map((step) =>
        step < 2 ? null : step < 44 ? 62 : step > 66 && step < 76 ? 560 : 388 + 18 * wobble(step, 5),
      ),
    },
    marks: [
      { atMs: 10_000, kind: "warmup", label: "warm-up" },
      { atMs: 70_000, kind: "restart", label: "worker 3 restarted" },
      ...[22, 46, 69, 92, 116, 139, 162].map((second) => ({
        atMs: second * 1000,
        kind: "majorGc" as const,
        label: "major GC",
      })),
    ],
  };
}

export const RECORDING: PanelState = {
  phase: "recording",
  title: "orders",
  url: "http://localhost:3000",
  elapsedMs: ELAPSED_MS,
  scope: { fromMs: ELAPSED_MS - 60_000, toMs: ELAPSED_MS, label: "Last 60 s" },
  scopeSeconds: 60,
  range: null,
  report: REPORT,
  series: series(),
  loadRunning: true,
  error: null,
};

const NO_SERIES: Series = {
  stepMs: 1000,
  atMs: [],
  requestsPerSecond: [],
  impact: { copies: [], switches: [], allocations: [], locks: [] },
  marks: [],
};

const NOTHING: Report = {
  ...REPORT,
  threads: [],
  workers: REPORT.workers.map(({ id }) =>
    worker(id, 0, {
      connections: 0,
      loopUtilization: 0.004,
      voluntary: null,
      involuntary: null,
      runQueueMs: null,
      gcMs: 0,
      wakes: null,
    }),
  ),
  balance: null,
  requests: { total: 0, perSecond: 0, meanMicros: null, p50Micros: null, p99Micros: null, routes: [] },
  processorMicrosPerRequest: null,
  totals: Object.fromEntries(
    CATEGORIES.map((category) => [
      category,
      {
        ...REPORT.totals[category],
        count: null,
        amount: null,
        perRequest: null,
        impactMicrosPerRequest: null,
        explained: null,
      },
    ]),
  ) as Report["totals"],
  hotspots: [],
  findings: [],
  selfOverhead: { share: null, microsPerRequest: null, stacksPerSecond: 0 },
};

function without(phase: PanelPhase, change: Partial<PanelState> = {}): PanelState {
  return {
    ...RECORDING,
    phase,
    elapsedMs: 0,
    scope: { fromMs: 0, toMs: 0, label: "" },
    report: null,
    url: null,
    series: NO_SERIES,
    loadRunning: false,
    ...change,
  };
}

/** The same recording after fewer requests. */
function scaled(total: number): Report {
  const factor = total / REQUESTS;
  const of = (value: number | null) => (value === null ? null : value * factor);
  return {
    ...REPORT,
    durationMs: REPORT.durationMs * factor,
    requests: { ...REPORT.requests, total },
    workers: REPORT.workers.map((each) => ({
      ...each,
      requests: Math.round(each.requests * factor),
      cpuMs: of(each.cpuMs),
      voluntary: of(each.voluntary),
      involuntary: of(each.involuntary),
      runQueueMs: of(each.runQueueMs),
      gcMs: each.gcMs * factor,
    })),
    threads: REPORT.threads.map((each) => ({
      ...each,
      voluntary: each.voluntary * factor,
      involuntary: each.involuntary * factor,
      runQueueMs: each.runQueueMs * factor,
    })),
    totals: Object.fromEntries(
      CATEGORIES.map((category) => {
        const totals = REPORT.totals[category];
        return [category, { ...totals, count: of(totals.count), amount: of(totals.amount) }];
      }),
    ) as Report["totals"],
    hotspots: HOTSPOTS.map((each) => ({ ...each, count: each.count * factor, amount: each.amount * factor })),
  };
}

/** Of a recording that has ended. */
const ENDED = {
  ...RECORDING,
  loadRunning: false,
  scopeSeconds: 0,
  scope: { fromMs: 10_000, toMs: ELAPSED_MS, label: "Whole session" },
} as const satisfies PanelState;

/** Every state that the panel can be in, by name. */
export const STATES = {
  idle: without("idle", { title: "" }),
  interrupted: without("idle", {
    title: "orders",
    error: {
      message: "orders was being recorded when this window closed or reloaded.",
      remedy: "",
      action: "profile",
    },
  }),
  calibrating: without("calibrating"),
  starting: without("starting", { elapsedMs: 2_000, report: { ...NOTHING, workers: [] } }),
  external: without("starting", {
    title: "External server",
    elapsedMs: 19_000,
    external: true,
    hint: 'NODE_OPTIONS is overwritten for `node server.js` (process 4712): it is "--max-old-space-size=4096" there, without Darcy\'s part. Keep what is there: NODE_OPTIONS="$NODE_OPTIONS --max-old-space-size=4096".',
    report: { ...NOTHING, workers: [] },
  }),
  waiting: without("waiting", { elapsedMs: 14_000, url: "http://localhost:3000", report: NOTHING }),
  recording: RECORDING,
  spells: {
    ...RECORDING,
    scope: { fromMs: 28_000, toMs: ELAPSED_MS, label: "Last 60 s measured" },
    report: { ...REPORT, measuredShare: 60 / 140 },
  },
  compared: {
    ...RECORDING,
    scope: { fromMs: 28_000, toMs: ELAPSED_MS, label: "Last 60 s measured" },
    report: {
      ...REPORT,
      measuredShare: 60 / 800,
      selfOverhead: { ...REPORT.selfOverhead, compared: { ratio: 1.132, halfWidth: 0.041, rests: 3 } },
    },
  },
  whole: {
    ...RECORDING,
    scopeSeconds: 0,
    scope: { fromMs: 10_000, toMs: ELAPSED_MS, label: "Whole session" },
  },
  settling: {
    ...RECORDING,
    elapsedMs: 4_000,
    scope: { fromMs: 0, toMs: 4_000, label: "Last 60 s" },
    series: series(4),
    report: scaled(312),
  },
  notBound: {
    ...RECORDING,
    report: {
      ...REPORT,
      workers: REPORT.workers.map((each) => ({ ...each, loopUtilization: 0.12 })),
      notices: [
        {
          code: "topology-fallback",
          severity: "info",
          text: "SO_REUSEPORT is not available here: the workers share peer 0’s listening handle.",
        },
        {
          code: "repeating-timer",
          severity: "warning",
          text: fill(NOTICES.timer, 5, "/srv/orders/src/sweep.ts:12", 4),
        },
        {
          code: "crash-loop",
          severity: "error",
          text: "Worker 2 exited 3 times in 2 s; the recording goes on with 3 workers.",
        },
      ],
    },
  },
  older: {
    ...RECORDING,
    report: {
      ...REPORT,
      node: "v22.18.0",
      requests: {
        ...REPORT.requests,
        routes: REPORT.requests.routes.map((route) => ({ ...route, followed: Math.round(route.count / 10) })),
      },
    },
  },
  unavailable: {
    ...RECORDING,
    series: { ...series(), impact: { ...series().impact, switches: series().atMs.map(() => null) } },
    report: {
      ...REPORT,
      platform: "win32",
      workers: REPORT.workers.map((each) => ({
        ...each,
        voluntary: null,
        involuntary: null,
        runQueueMs: null,
        wakes: null,
      })),
      threads: [],
      totals: {
        ...REPORT.totals,
        switches: {
          ...REPORT.totals.switches,
          amount: null,
          perRequest: null,
          impactMicrosPerRequest: null,
          explained: null,
        },
      },
    },
  },
  stopping: without("stopping", { elapsedMs: 16_000, url: "http://localhost:3000", report: NOTHING }),
  stoppedEmpty: without("stopped", { elapsedMs: 16_000, report: NOTHING }),
  stopped: { ...ENDED, phase: "stopped" },
  readOnly: { ...ENDED, phase: "readOnly", title: "monday.darcy" },
  unsaved: {
    ...ENDED,
    phase: "readOnly",
    title: "orders-2026-11-26-134107.darcy",
    unsaved: true,
    hint: "orders was being recorded when this window closed or reloaded. The server was ended with it; this is what was measured until then. Not saved: Darcy keeps the last 5 such recordings, for 14 days. Save it to keep it longer.",
  },
  error: without("error", {
    error: {
      message: "node server.js ended with code 1 before it listened on a port.",
      remedy: "Its last lines are in the terminal “orders”. Mend the error there and profile again.",
      action: "profile",
    },
  }),
  undiagnosed: without("error", {
    error: {
      message:
        'No Node process of `npm run start` has reported within 15 s. NODE_OPTIONS is overwritten for `node dist/server.js` (process 4712): it is "--max-old-space-size=4096" there, without Darcy\'s part.',
      remedy:
        'Where it is set (a script in package.json, nodeOptions in an .npmrc or pnpm-workspace.yaml, a wrapper), keep what is there: NODE_OPTIONS="$NODE_OPTIONS --max-old-space-size=4096". Or give the options to node itself.',
      action: "stop",
      processes: [
        "npm run start (process 4698, Node.js 24.1.0, a package manager, left alone)",
        "  sh -c NODE_OPTIONS=--max-old-space-size=4096 node dist/server.js (process 4711)",
        '    node dist/server.js (process 4712, Node.js 24.1.0, NODE_OPTIONS overwritten by "--max-old-space-size=4096", listens on port 3000)',
      ],
    },
  }),
} as const satisfies Readonly<Record<string, PanelState>>;
export type StateName = keyof typeof STATES;
