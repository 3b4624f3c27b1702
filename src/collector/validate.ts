// Collector: narrows the windows that peers send. Whatever passes is finite, bounded and of the right shape; whether its ids
// are known is for the builder, which keeps each connection's tables.

import { isKind, type Kind, LOCK_BASES } from "../protocol/categories.ts";
import { BUCKET_COUNT } from "../protocol/latencyBuckets.ts";
import type { ActiveTopology } from "../protocol/sessionFile.ts";
import {
  type CellRow,
  type ChainRow,
  type ChainStationRow,
  type FrameRow,
  GC_KINDS,
  type GcRow,
  type GlanceMessage,
  type HeapKept,
  type HeapKeptRow,
  type HeapSizeRow,
  type IoFigures,
  type LockKeyRow,
  MAX_HEAP_SIZE_ROWS,
  MAX_KEY_LENGTH,
  MAX_KEYS,
  MAX_SOURCE_MAP_LENGTH,
  MAX_STATIONS,
  type OperationRow,
  type OwnFigures,
  type PlainFigures,
  type PoolFigures,
  type ProcessFigures,
  type RequestRow,
  type RouteFactsRow,
  type RouteRow,
  type RouteSampleRow,
  type SampleRow,
  type ScriptRow,
  type SourceMapRow,
  type StackRow,
  THREAD_CLASSES,
  type ThreadClassRow,
  type ThreadFigures,
  type WaitRow,
  type WindowMessage,
} from "../protocol/window.ts";
import { NOTICE_CODES } from "../protocol/wire.ts";
import {
  amount,
  type Check,
  clipped,
  count,
  difference,
  InvalidInput,
  list,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  tuple,
  whole,
} from "./narrow.ts";

/** No id of a connection's tables may reach it; the runtime stays far below. */
const MAX_ID = 2 ** 20;
const MAX_SIZE_CLASS = 63;
/** Of one row of one window; ours stay far below. */
const MAX_FIGURE = 2 ** 60;
export const NAME = text(512);
export const PATH = text(8_192);

export const kind: Check<Kind> = (value) => {
  if (!isKind(value)) throw new InvalidInput("expected a kind of operation");
  return value;
};
export const ACTIVE_TOPOLOGIES = [
  "reuse",
  "handle",
  "threads",
  "rr",
  "single",
] as const satisfies readonly ActiveTopology[];
export const severity = oneOf(["info", "warning", "error"] as const);
export const noticeCode = oneOf(NOTICE_CODES);
export const noticePlace = { url: PATH, line: whole(), column: whole() };

const id = whole(MAX_ID);
const cellRow = tuple<CellRow>(id, whole(MAX_SIZE_CLASS), amount, amount);
const timedCellRow = tuple<CellRow>(id, whole(MAX_SIZE_CLASS), amount, amount, amount, amount);
export const cellRows = list<CellRow>(
  (value) => (Array.isArray(value) && value.length > 4 ? timedCellRow : cellRow)(value),
  65_536,
);
const equalSamples = [id, whole(MAX_SIZE_CLASS), id, id, amount, amount, amount] as const;
const sampleRow = tuple<SampleRow>(...equalSamples);
const unequalSampleRow = tuple<SampleRow>(...equalSamples, amount);
export const sampleRows = list<SampleRow>(
  (value) => (Array.isArray(value) && value.length > 7 ? unequalSampleRow : sampleRow)(value),
  1_000_000,
);
export const lockBasis = oneOf(LOCK_BASES);
export const lockKey = clipped(MAX_KEY_LENGTH);
const waitRow = tuple<WaitRow>(id, id, id, id, amount, amount, amount, count);
const heldWaitRow = tuple<WaitRow>(id, id, id, id, amount, amount, amount, count, amount, amount);
export const waitRows = list<WaitRow>(
  (value) => (Array.isArray(value) && value.length > 8 ? heldWaitRow : waitRow)(value),
  65_536,
);
const operationRow = tuple<OperationRow>(id, kind, clipped(512));
const basedOperationRow = tuple<OperationRow>(id, kind, clipped(512), lockBasis);
const operationRows = list<OperationRow>(
  (value) => (Array.isArray(value) && value.length > 3 ? basedOperationRow : operationRow)(value),
  4_096,
);
const heapSizeRow = tuple<HeapSizeRow>(id, whole(2 ** 32, 1), whole(), count, text(128));
export const heapSizeRows = (maximum: number) => optional(list(heapSizeRow, maximum));
const heapKeptRow = tuple<HeapKeptRow>(id, count, amount);
export const heapKept = (maximum: number) =>
  optional(tuple<HeapKept>(difference, list(heapKeptRow, maximum)));
const latencies = list(tuple<readonly [number, number]>(whole(BUCKET_COUNT - 1), count), BUCKET_COUNT);
const requestRow = tuple<RequestRow>(id, count, amount, latencies);
const waitingRequestRow = tuple<RequestRow>(id, count, amount, latencies, count, amount);
const restedRequestRow = tuple<RequestRow>(id, count, amount, latencies, count, amount, count);
export const requestRows = list<RequestRow>((value) => {
  const { length } = Array.isArray(value) ? value : [];
  return (length > 6 ? restedRequestRow : length > 4 ? waitingRequestRow : requestRow)(value);
}, 10_000);
export const routeRows = list(tuple<RouteRow>(id, clipped(32), clipped(2_048)), 10_000);
export const routeSampleRows: Check<readonly RouteSampleRow[]> = sampleRows;
export const routeFactsRows = list(tuple<RouteFactsRow>(id, amount, amount, amount, amount), 10_000);
const stationRows = list(tuple<ChainStationRow>(id, id, whole(MAX_STATIONS), amount, amount), MAX_STATIONS);
/** A station's source comes before it. */
const stations: Check<readonly ChainStationRow[]> = (value) => {
  const rows = stationRows(value);
  if (rows.some(([, , from], place) => from > place)) throw new InvalidInput("expected an earlier station");
  return rows;
};
export const chainRows = list(tuple<ChainRow>(id, amount, stations), 10_000);
export const ioFigures = shape<IoFigures>({ received: difference, sent: difference, files: difference });
export const gcRows = list(tuple<GcRow>(oneOf(GC_KINDS), count, difference), 16);

export const threadFigures = shape<ThreadFigures>({
  voluntary: nullable(difference),
  involuntary: nullable(difference),
  runQueueMicros: nullable(difference),
  cpuMicros: nullable(difference),
  loopActiveMicros: difference,
  loopIterations: nullable(difference),
  loopEvents: nullable(difference),
  loopEventsWaiting: optional(nullable(difference)),
  allocatedBytes: nullable(difference),
  uncountedOffHeapBytes: optional(difference),
});

export const processFigures = shape<ProcessFigures>({
  cpuMicros: difference,
  rssBytes: difference,
  heapUsedBytes: difference,
  openConnections: difference,
  accepted: optional(difference),
  threads: list(
    tuple<ThreadClassRow>(oneOf(THREAD_CLASSES), whole(), difference, difference, difference),
    16,
  ),
});

export const poolFigures = tuple<PoolFigures>(whole(1_024), count, amount, amount, count, amount, amount);

const plainFigures = shape<PlainFigures>({
  rests: count,
  requests: count,
  cpuMicros: nullable(difference),
});

export const ownFigures = shape<OwnFigures>({
  stackMicros: difference,
  windowMicros: difference,
  stacks: difference,
  droppedWindows: difference,
  droppedSamples: difference,
  faults: difference,
  heapWindowMicros: difference,
  plain: optional(plainFigures),
});

const windowShape = shape<WindowMessage>({
  type: oneOf(["window"] as const),
  sequence: whole(),
  startMicros: amount,
  endMicros: amount,
  operations: operationRows,
  scripts: list(tuple<ScriptRow>(id, clipped(4_096)), 200_000),
  sourceMaps: optional(list(tuple<SourceMapRow>(id, text(MAX_SOURCE_MAP_LENGTH)), 10_000)),
  frames: list(
    tuple<FrameRow>(id, id, clipped(512), whole(), whole(), whole(), oneOf([0, 1] as const)),
    200_000,
  ),
  stacks: list(tuple<StackRow>(id, id, id), 200_000),
  routes: routeRows,
  cells: cellRows,
  samples: sampleRows,
  lockKeys: optional(list(tuple<LockKeyRow>(whole(MAX_KEYS, 1), lockKey), MAX_KEYS)),
  waits: optional(waitRows),
  heapSizes: heapSizeRows(MAX_HEAP_SIZE_ROWS),
  heapKept: heapKept(MAX_HEAP_SIZE_ROWS),
  requests: requestRows,
  routeSamples: optional(routeSampleRows),
  routeFacts: optional(routeFactsRows),
  chains: optional(chainRows),
  io: optional(ioFigures),
  pool: optional(poolFigures),
  thread: threadFigures,
  process: nullable(processFigures),
  gc: gcRows,
  own: ownFigures,
});

/** @throws InvalidInput */
export function validateWindow(value: unknown): WindowMessage {
  return checked(windowShape(value));
}

/** Also of a window that is not cut yet. @throws InvalidInput */
export function checked<T extends WindowMessage | GlanceMessage>(window: T): T {
  if (window.endMicros < window.startMicros)
    throw new InvalidInput("window: expected to end after it starts");
  checkSizes(window);
  return window;
}

/** Sums of many windows may be larger, and have to fit into the recording. */
function checkSizes(value: unknown): void {
  if (typeof value === "number") {
    if (value > MAX_FIGURE) throw new InvalidInput("window: expected figures of at most 2^60");
  } else if (typeof value === "object" && value !== null) {
    for (const part of Array.isArray(value) ? value : Object.values(value)) checkSizes(part);
  }
}
