// Fixtures: panel states as the extension host sends them. Their figures are invented and used by tests only.

import type { Calibration, Cost } from "../../src/protocol/calibration.ts";
import { CATEGORIES, type Category, type Kind } from "../../src/protocol/categories.ts";
import type { PanelPhase, PanelState, Series } from "../../src/protocol/panel.ts";
import type { Hotspot, Location, Report, WorkerReport } from "../../src/protocol/report.ts";

const ROOT = "/home/ada/orders/src/";
const ELAPSED_MS = 168_000;

export function at(file: string, line: number, name: string, column = 3): Location {
  return { file: `${ROOT}${file}`, line, column, function: name };
}

const cost = (median: number, low: number, high: number): Cost => ({ median, low, high });

export const CALIBRATION: Calibration = {
  node: "v24.21.0",
  tookMs: 612,
  partial: false,
  copies: {
    copy: [
      { bytes: 1024, nanosPerByte: cost(0.09, 0.07, 0.12) },
      { bytes: 65_536, nanosPerByte: cost(0.139, 0.113, 0.156) },
      { bytes: 16_777_216, nanosPerByte: cost(0.14, 0.12, 0.2) },
    ],
    encode: [{ bytes: 1024, nanosPerByte: cost(0.5, 0.4, 0.7) }],
    decode: [{ bytes: 1024, nanosPerByte: cost(0.6, 0.5, 0.8) }],
    clone: [{ bytes: 1024, nanosPerByte: cost(4.2, 3.8, 5.9) }],
    serialise: [{ bytes: 1024, nanosPerByte: cost(2.1, 1.9, 2.6) }],
    parse: [{ bytes: 1024, nanosPerByte: cost(3.3, 2.9, 4.1) }],
  },
  poolRoundTripMicros: cost(28, 24, 41),
  messageMicros: cost(39, 33, 52),
  processSpawnMicros: cost(2140, 1880, 3010),
  wakeMicros: cost(4.1, 3.2, 8.8),
  syscallMicros: cost(0.38, 0.31, 0.52),
  switchMicros: cost(1.9, 1.6, 2.8),
  switchesPerPoolRoundTrip: 2.1,
  switchesPerMessage: 2.4,
  allocationNanosPerByte: cost(0.7, 0.5, 1.0),
  bufferNanosPerByte: cost(0.9, 0.6, 1.4),
};

function worker(id: number, requests: number, change: Partial<WorkerReport> = {}): WorkerReport {
  return {
    id,
    pid: 4121 + 18 * id,
    threadId: 0,
    role: "peer",
    requests,
    connections: [4, 6, 5, 5][id] ?? 5,
    cpuMs: 48_000,
    loopUtilization: [0.7, 0.86, 0.75, 0.81][id] ?? 0.8,
    voluntary: requests * 5,
    involuntary: requests * 0.25,
    runQueueMs: (requests * 22) / 1000,
    gcMs: 1800,
    eventsPerWakeup: 3.1,
    wakes: {
      count: requests * 5,
      perSecond: (requests * 5) / 60,
      turns: requests * 5.2,
      events: requests * 5.4,
      eventsWaiting: requests * 0.6,
      causes: [
        { cause: "pool job", wakes: requests * 2.8, happened: requests * 3 },
        { cause: "request", wakes: requests * 0.95, happened: requests },
        { cause: "message", wakes: requests * 0.6, happened: requests * 0.7 },
        { cause: "within a turn", wakes: requests * 0.4, happened: null },
        { cause: "other event", wakes: requests * 0.15, happened: requests * 0.17 },
        { cause: "timer", wakes: requests * 0.06, happened: null },
        { cause: "unknown", wakes: requests * 0.04, happened: null },
      ],
      explained: 0.962,
    },
    ...change,
  };
}

const REQUESTS = 138_240;
const RATE_REQUESTS = 21_000;

function hotspot(
  category: Category,
  kind: Kind,
  site: Location,
  callee: string,
  impact: number,
  perRequest: number,
  each: number,
  share: number,
  change: Partial<Hotspot> = {},
): Hotspot {
  const unit = category === "locks" ? "micros" : category === "switches" ? "switches" : "bytes";
  return {
    category,
    kind,
    ...site,
    callee,
    count: each * REQUESTS,
    amount: perRequest * REQUESTS,
    unit,
    perRequest,
    share,
    impactMicrosPerRequest: impact,
    samples: 1204,
    relativeError: 0.04,
    confidence: "sampled",
    holder: null,
    basis: null,
    releaser: null,
    key: null,
    keys: [],
    queue: null,
    routes: [],
    hold: null,
    stack: [site, at("routes.ts", 12, "handler")],
    byWorker: [30, 36, 31, 33],
    ...change,
  };
}

/** What V8 allocates is not known by request. */
const ORDERS = { routes: [{ method: "POST", route: "/orders", share: 1 }] };
const BOTH = {
  routes: [
    { method: "POST", route: "/orders", share: 0.8 },
    { method: "GET", route: "/rates/:currency", share: 0.2 },
  ],
};
const RATES = { routes: [{ method: "GET", route: "/rates/:currency", share: 1 }] };

const PLACE = at("place.ts", 19, "placeOrder", 25);
const SMALL = Array.from({ length: 22 }, (_, index) =>
  index === 7
    ? hotspot("locks", "wait", at("cache.ts", 40, "refresh"), "Mutex.acquire", 4, 4, 0.02, 0.01)
    : hotspot(
        "copies",
        "concat",
        at("render.ts", 10 + index, "renderPart"),
        "Buffer.concat",
        152 / 21,
        3100,
        1,
        0.015,
        {
          relativeError: 0.2,
          samples: 60,
        },
      ),
);

export const HOTSPOTS: readonly Hotspot[] = [
  hotspot("locks", "wait", PLACE, "Mutex.acquire", 268, 268, 1, 0.69, {
    ...ORDERS,
    relativeError: 0.02,
    samples: 8410,
    holder: at("place.ts", 20, "placeOrder"),
    basis: "exact",
    releaser: at("stock.ts", 77, "giveBack"),
    key: "orders:17",
    keys: [
      { key: "orders:17", share: 0.62 },
      { key: "orders:4", share: 0.2 },
    ],
    queue: { mean: 3.2, max: 9 },
    stack: [PLACE, at("routes.ts", 12, "handler"), at("server.ts", 31, "")],
    byWorker: [60, 62, 76, 70],
  }),
  hotspot("allocations", "objects", at("place.ts", 28, "placeOrder"), "", 84, 91_300, 12, 0.34, {
    relativeError: 0.06,
    samples: 900,
  }),
  hotspot("copies", "serialise", at("place.ts", 30, "placeOrder"), "JSON.stringify", 68, 61_400, 1, 0.4, {
    ...ORDERS,
    relativeError: 0.03,
  }),
  hotspot(
    "allocations",
    "objects",
    at("place.ts", 29, "placeOrder"),
    "structuredClone",
    61,
    66_200,
    4,
    0.25,
    { relativeError: 0.08, samples: 512, byWorker: [30, 41, 31, 33] },
  ),
  hotspot("locks", "pool wait", at("db.ts", 14, "query"), "Pool.connect", 52, 52, 2, 0.13, {
    ...BOTH,
    relativeError: 0.05,
    byWorker: [4, 8, 90, 6],
  }),
  hotspot("copies", "clone", at("place.ts", 29, "placeOrder"), "structuredClone", 47, 61_400, 1, 0.27, {
    ...ORDERS,
    relativeError: 0.03,
  }),
  hotspot("switches", "round trip", at("place.ts", 33, "placeOrder"), "zlib.gzip", 46, 2, 1, 0.39, {
    ...BOTH,
    relativeError: 0.03,
  }),
  hotspot("switches", "round trip", at("payments.ts", 22, "charge"), "dns.lookup", 44, 1.9, 0.95, 0.37, {
    ...ORDERS,
    confidence: "exact",
    relativeError: 0,
  }),
  hotspot("locks", "wait", at("rates.ts", 31, "rateFor"), "Promise", 40, 40, 0.1, 0.1, {
    ...RATES,
    confidence: "inferred",
    basis: "inferred",
    byWorker: [30, 26, 39, 33],
  }),
  hotspot("switches", "process", at("thumbs.ts", 8, "render"), "child_process.spawn", 9.4, 0.02, 0.01, 0.08, {
    relativeError: 0.41,
    samples: 6,
  }),
  ...SMALL,
];

export const REPORT: Report = {
  schema: "darcy-report/1",
  node: "v24.21.0",
  platform: "linux",
  arch: "x64",
  cores: 8,
  availableCores: 8,
  threads: [
    {
      class: "loop",
      threads: 4,
      voluntary: REQUESTS * 5,
      involuntary: REQUESTS * 0.25,
      runQueueMs: (REQUESTS * 22) / 1000,
    },
    {
      class: "pool",
      threads: 16,
      voluntary: REQUESTS * 6.1,
      involuntary: REQUESTS * 0.1,
      runQueueMs: (REQUESTS * 41) / 1000,
    },
    {
      class: "v8",
      threads: 16,
      voluntary: REQUESTS * 0.8,
      involuntary: REQUESTS * 0.02,
      runQueueMs: (REQUESTS * 3) / 1000,
    },
    { class: "other", threads: 4, voluntary: 12, involuntary: 0, runQueueMs: 0.4 },
  ],
  runnableThreads: null,
  threadPool: null,
  deepSwitches: null,
  command: ["node", "server.js"],
  startedAt: "2026-01-12T09:15:00.000Z",
  topology: "reuse",
  durationMs: 60_000,
  warmupMs: 10_000,
  calibration: CALIBRATION,
  workers: [worker(0, 30_720), worker(1, 38_640, { gcMs: 2040 }), worker(2, 32_880), worker(3, 36_000)],
  balance: 0.09,
  chains: [],
  io: { receivedBytes: 4_000_000, sentBytes: 30_000_000, fileBytes: 0, copyAmplification: 7.24 },
  requests: {
    total: REQUESTS,
    perSecond: 2304,
    meanMicros: 3420,
    p50Micros: 2600,
    p99Micros: 18_400,
    routes: [
      {
        method: "POST",
        route: "/orders",
        count: REQUESTS - RATE_REQUESTS,
        p50Micros: 2600,
        p99Micros: 18_400,
        followed: REQUESTS,
        costs: {
          copies: { perRequest: 152_000, impactMicrosPerRequest: 310, samples: 1_200, relativeError: 0.06 },
          switches: null,
          buffers: null,
          locks: null,
        },
        movedBytes: 21_000,
        copyAmplification: 7.24,
        loopWaits: null,
      },
      {
        method: "GET",
        route: "/rates/:currency",
        count: RATE_REQUESTS,
        p50Micros: 900,
        p99Micros: 4_100,
        followed: RATE_REQUESTS,
        costs: { copies: null, switches: null, buffers: null, locks: null },
        movedBytes: null,
        copyAmplification: null,
        loopWaits: null,
      },
    ],
  },
  processorMicrosPerRequest: 1354,
  totals: {
    copies: {
      count: 4 * REQUESTS,
      amount: 187_000 * REQUESTS,
      unit: "bytes",
      perRequest: 187_000,
      impactMicrosPerRequest: 171,
      explained: 0.97,
    },
    switches: {
      count: 4 * REQUESTS,
      amount: 5.2 * REQUESTS,
      unit: "switches",
      perRequest: 5.2,
      impactMicrosPerRequest: 118,
      explained: 0.91,
    },
    allocations: {
      count: null,
      amount: 268_000 * REQUESTS,
      unit: "bytes",
      perRequest: 268_000,
      impactMicrosPerRequest: 246,
      explained: 0.93,
    },
    locks: {
      count: 3.1 * REQUESTS,
      amount: 388 * REQUESTS,
      unit: "micros",
      perRequest: 388,
      impactMicrosPerRequest: 388,
      explained: 0.94,
    },
  },
  hotspots: HOTSPOTS,
  findings: [
    {
      id: "hold-less",
      claim: "L3",
      category: "locks",
      score: 240,
      title: "Hold this lock for less.",
      evidence: "1.7 of its 1.9 ms go to awaiting the queries at :21 and :23.",
      advice: "Moving them out saves up to 240 µs/req of waiting.",
      locations: [PLACE],
    },
  ],
  gc: [{ kind: "minor", count: 210, micros: 1_200_000 }],
  selfOverhead: { share: 0.018, microsPerRequest: 24.4, stacksPerSecond: 96 },
  dropped: { windows: 0, samples: 0, frames: 0 },
  notices: [],
};

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
  waiting: without("waiting", { elapsedMs: 14_000, url: "http://localhost:3000", report: NOTHING }),
  recording: RECORDING,
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
          text: "A timer repeats every 5 s in every worker (src/sweep.ts:12).",
        },
        {
          code: "crash-loop",
          severity: "error",
          text: "Worker 2 exited 3 times in 2 s; the recording goes on with 3 workers.",
        },
      ],
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
  stopped: {
    ...RECORDING,
    phase: "stopped",
    loadRunning: false,
    scopeSeconds: 0,
    scope: { fromMs: 10_000, toMs: ELAPSED_MS, label: "Whole session" },
  },
  readOnly: {
    ...RECORDING,
    phase: "readOnly",
    title: "monday.darcy",
    loadRunning: false,
    scopeSeconds: 0,
    scope: { fromMs: 10_000, toMs: ELAPSED_MS, label: "Whole session" },
  },
  error: without("error", {
    error: {
      message: "node server.js ended with code 1 before it listened on a port.",
      remedy: "Its last lines are in the terminal “orders”. Mend the error there and profile again.",
      action: "profile",
    },
  }),
} as const satisfies Readonly<Record<string, PanelState>>;
export type StateName = keyof typeof STATES;

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
