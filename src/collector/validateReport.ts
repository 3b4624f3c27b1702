// Collector: narrows a report and its time line, as the front of a recording's file has them. Whether they agree with the
// recording is not for this file to say (see `front.ts`).

import { CATEGORIES, type Category } from "../protocol/categories.ts";
import { type DeepSite, type DeepSwitchesReport, SWITCH_CAUSES } from "../protocol/deepSwitches.ts";
import { type HopSite, type HopsReport, WAKE_CAUSES, type WakesReport } from "../protocol/loops.ts";
import type { PanelState, Series, SeriesMark } from "../protocol/panel.ts";
import {
  type CategoryTotals,
  type ChainStation,
  type ComparedOverhead,
  type CopyChain,
  type Finding,
  REPORT_SCHEMA,
  type Report,
  type Restart,
  type ThreadReport,
  type WorkerReport,
} from "../protocol/report.ts";
import type { RequestsReport, RouteCost, RouteCosts, RouteReport } from "../protocol/requests.ts";
import { MAX_STATIONS, THREAD_CLASSES } from "../protocol/window.ts";
import { type Check, finite, list, nullable, oneOf, optional, shape, text, whole } from "./narrow.ts";
import { ACTIVE_TOPOLOGIES, kind, noticeCode } from "./validate.ts";
import { calibrationShape } from "./validateCalibration.ts";
import { category, confidence, hotspot, location, place, words } from "./validateHotspot.ts";

const MAX_WORKERS = 65_536;
/** Of the report itself; the others are in the table. */
const MAX_HOTSPOTS = 1_000;
const MAX_ROUTES = 10_000;
const MAX_STEPS = 20_000;
const MAX_MARKS = 50_000;

const byCategory = <T>(check: Check<T>): Check<Readonly<Record<Category, T>>> =>
  shape<Record<Category, T>>(
    Object.fromEntries(CATEGORIES.map((name) => [name, check])) as Record<Category, Check<T>>,
  );

const worker = shape<WorkerReport>({
  id: whole(),
  pid: whole(),
  threadId: whole(),
  role: oneOf(["peer", "thread", "child"] as const),
  port: optional(whole()),
  requests: finite,
  connections: nullable(finite),
  cpuMs: nullable(finite),
  loopUtilization: finite,
  voluntary: nullable(finite),
  involuntary: nullable(finite),
  runQueueMs: nullable(finite),
  gcMs: finite,
  eventsPerWakeup: nullable(finite),
  wakes: optional(
    nullable(
      shape<WakesReport>({
        count: finite,
        perSecond: finite,
        turns: finite,
        events: finite,
        eventsWaiting: finite,
        causes: list(
          shape<WakesReport["causes"][number]>({
            cause: oneOf(WAKE_CAUSES),
            wakes: finite,
            happened: nullable(finite),
          }),
          WAKE_CAUSES.length,
        ),
        explained: nullable(finite),
      }),
    ),
  ),
});

const hops = shape<HopsReport>({
  count: finite,
  perRequest: nullable(finite),
  alone: nullable(finite),
  sites: list(
    shape<HopSite>({
      ...place,
      callee: words,
      count: finite,
      perRequest: nullable(finite),
      impactMicrosPerRequest: nullable(finite),
      samples: finite,
      relativeError: nullable(finite),
      confidence,
    }),
    100_000,
  ),
});

const deepSwitches = shape<DeepSwitchesReport>({
  switches: finite,
  durationMs: finite,
  requests: optional(finite),
  kernel: optional(nullable(finite)),
  ofKernel: nullable(finite),
  sites: list(
    shape<DeepSite>({
      class: oneOf(THREAD_CLASSES),
      cause: oneOf(SWITCH_CAUSES),
      function: words,
      file: words,
      line: whole(),
      count: finite,
    }),
    20_000,
  ),
});

const routeCost = nullable(
  shape<RouteCost>({
    perRequest: finite,
    impactMicrosPerRequest: nullable(finite),
    samples: finite,
    relativeError: nullable(finite),
  }),
);
const requests = shape<RequestsReport>({
  total: finite,
  perSecond: finite,
  untimed: optional(finite),
  meanMicros: nullable(finite),
  p50Micros: nullable(finite),
  p99Micros: nullable(finite),
  routes: list(
    shape<RouteReport>({
      method: words,
      route: words,
      count: finite,
      p50Micros: nullable(finite),
      p99Micros: nullable(finite),
      followed: finite,
      costs: shape<RouteCosts>({
        copies: routeCost,
        switches: routeCost,
        buffers: routeCost,
        locks: routeCost,
      }),
      movedBytes: nullable(finite),
      copyAmplification: nullable(finite),
      loopWaits: nullable(
        shape<NonNullable<RouteReport["loopWaits"]>>({ count: finite, meanMicros: finite }),
      ),
    }),
    MAX_ROUTES,
  ),
});

const chain = shape<CopyChain>({
  method: words,
  route: words,
  traced: finite,
  seen: finite,
  bytesPerRequest: finite,
  impactMicrosPerRequest: nullable(finite),
  stations: list(
    shape<ChainStation>({
      ...place,
      kind,
      callee: words,
      from: nullable(whole(MAX_STATIONS)),
      copies: finite,
      bytesPerRequest: finite,
    }),
    MAX_STATIONS,
  ),
});

const reportShape = shape<Report>({
  schema: oneOf([REPORT_SCHEMA]),
  node: words,
  platform: words,
  arch: words,
  cores: finite,
  availableCores: finite,
  command: list(words, 1_000),
  startedAt: text(64),
  commit: optional(nullable(text(64))),
  topology: oneOf(ACTIVE_TOPOLOGIES),
  durationMs: finite,
  measuredShare: optional(finite),
  warmupMs: finite,
  calibration: nullable(calibrationShape),
  workers: list(worker, MAX_WORKERS),
  restarts: optional(
    list(
      shape<Restart>({
        atMs: finite,
        what: oneOf(["server", "worker"] as const),
        worker: whole(),
        pid: whole(),
      }),
      MAX_WORKERS,
    ),
  ),
  threads: list(
    shape<ThreadReport>({
      class: oneOf(THREAD_CLASSES),
      threads: finite,
      voluntary: finite,
      involuntary: finite,
      runQueueMs: finite,
    }),
    THREAD_CLASSES.length,
  ),
  runnableThreads: nullable(finite),
  threadPool: nullable(
    shape<NonNullable<Report["threadPool"]>>({
      size: finite,
      jobs: finite,
      busyThreads: finite,
      saturated: finite,
      checks: finite,
      checkedWaitMicros: nullable(finite),
      modelledWaitMicros: nullable(finite),
    }),
  ),
  hops: optional(nullable(hops)),
  deepSwitches: nullable(deepSwitches),
  balance: nullable(finite),
  requests,
  io: nullable(
    shape<NonNullable<Report["io"]>>({
      receivedBytes: finite,
      sentBytes: finite,
      fileBytes: finite,
      copyAmplification: nullable(finite),
    }),
  ),
  chains: list(chain, 10_000),
  processorMicrosPerRequest: nullable(finite),
  totals: byCategory(
    shape<CategoryTotals>({
      count: nullable(finite),
      amount: nullable(finite),
      unit: oneOf(["bytes", "switches", "micros"] as const),
      perRequest: nullable(finite),
      impactMicrosPerRequest: nullable(finite),
      explained: nullable(finite),
    }),
  ),
  offHeap: optional(
    nullable(
      shape<NonNullable<NonNullable<Report["offHeap"]>>>({
        countedBytes: finite,
        unexplainedBytes: nullable(finite),
        unexplainedPerRequest: nullable(finite),
      }),
    ),
  ),
  hotspots: list(hotspot, MAX_HOTSPOTS),
  findings: list(
    shape<Finding>({
      id: words,
      claim: words,
      category: nullable(category),
      score: finite,
      title: words,
      evidence: words,
      advice: words,
      locations: list(location, 1_000),
    }),
    1_000,
  ),
  gc: list(shape<Report["gc"][number]>({ kind: text(64), count: finite, micros: finite }), 16),
  selfOverhead: shape<Report["selfOverhead"]>({
    share: nullable(finite),
    microsPerRequest: nullable(finite),
    stacksPerSecond: finite,
    compared: optional(
      nullable(shape<ComparedOverhead>({ ratio: finite, halfWidth: nullable(finite), rests: finite })),
    ),
  }),
  dropped: shape<Report["dropped"]>({ windows: finite, samples: finite, frames: finite }),
  notices: list(
    shape<Report["notices"][number]>({ code: noticeCode, severity: text(64), text: words }),
    10_000,
  ),
});

const column = list(nullable(finite), MAX_STEPS);
const seriesShape = shape<Series>({
  stepMs: finite,
  atMs: list(finite, MAX_STEPS),
  requestsPerSecond: column,
  impact: byCategory(column),
  marks: list(
    shape<SeriesMark>({
      atMs: finite,
      kind: oneOf(["warmup", "restart", "warning", "majorGc"] as const),
      label: words,
    }),
    MAX_MARKS,
  ),
});
const scopeShape = shape<PanelState["scope"]>({ fromMs: finite, toMs: finite, label: text(256) });

/** What the panel shows of a recording. */
export interface CheckedFigures {
  readonly report: Report;
  readonly series: Series;
  readonly scope: PanelState["scope"];
}
/** Each throws InvalidInput. */
export const FIGURES: { readonly [K in keyof CheckedFigures]: Check<CheckedFigures[K]> } = {
  report: reportShape,
  series: seriesShape,
  scope: scopeShape,
};
