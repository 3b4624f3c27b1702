// Collector, deep mode: perf's samples within whole windows of their processes. perf begins late and is ended early, and a load
// may come in bursts: only over the very same time do its counts, the kernel's and the requests belong together.

import type { DeepSwitches } from "../../protocol/deepSwitches.ts";
import type { ProcessFigures } from "../../protocol/window.ts";
import type { PerfSamples } from "./perfScript.ts";

/** What is needed of a profile. */
interface Measured {
  readonly workers: readonly { readonly pid: number }[];
  readonly windows: readonly {
    readonly worker: number;
    readonly startMicros: number;
    readonly endMicros: number;
    readonly restMicros?: number;
    readonly requests: readonly (readonly [route: number, count: number, ...rest: unknown[]])[];
    readonly process: Pick<ProcessFigures, "threads"> | null;
  }[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** @param epochMicros what the time of a sample lies before that since 1970 */
export function withinWindows(
  { workers, windows }: Measured,
  { pids, micros, places, sites }: PerfSamples,
  epochMicros = monotonicZero(),
): DeepSwitches {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of micros) {
    first = Math.min(first, at + epochMicros);
    last = Math.max(last, at + epochMicros);
  }
  const spansOf = new Map<number, Span[]>();
  let kernel: number | null = null;
  for (const { worker, process, startMicros, endMicros, restMicros = 0 } of windows) {
    if (process === null || restMicros > 0 || startMicros < first || endMicros > last) continue;
    const pid = workers[worker]?.pid ?? 0;
    const spans = spansOf.get(pid) ?? [];
    spansOf.set(pid, spans);
    spans.push({ from: startMicros, to: endMicros });
    for (const [, , voluntary, involuntary] of process.threads)
      kernel = (kernel ?? 0) + voluntary + involuntary;
  }
  for (const spans of spansOf.values()) spans.sort((a, b) => a.from - b.from);
  const counts = new Array<number>(sites.length).fill(0);
  let switches = 0;
  for (const [index, at] of micros.entries()) {
    if (!isWithin(spansOf.get(pids[index] as number) ?? [], at + epochMicros)) continue;
    const place = places[index] as number;
    counts[place] = (counts[place] ?? 0) + 1;
    switches++;
  }
  let requests = 0;
  for (const window of windows) {
    const spans = spansOf.get(workers[window.worker]?.pid ?? 0) ?? [];
    const part = shareWithin(spans, window.startMicros, window.endMicros);
    if (part > 0) for (const [, count] of window.requests) requests += count * part;
  }
  const lengths = [...spansOf.values()].map((spans) =>
    spans.reduce((sum, { from, to }) => sum + to - from, 0),
  );
  return {
    switches,
    durationMs: Math.max(0, ...lengths) / 1_000,
    requests,
    kernel,
    sites: sites
      .map((site, index) => ({ ...site, count: counts[index] as number }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
  };
}

/**
 * Microseconds since 1970 at which the clock of `process.hrtime` was 0: by the wall's as it was when this process started, as the
 * server's processes count from theirs. Nobody's setting it meanwhile shifts one against the other.
 */
function monotonicZero(): number {
  return (performance.timeOrigin + performance.now()) * 1_000 - Number(process.hrtime.bigint() / 1_000n);
}

function isWithin(spans: readonly Span[], at: number): boolean {
  const span = spans[begunBy(spans, at) - 1];
  return span !== undefined && at < span.to;
}

function shareWithin(spans: readonly Span[], start: number, end: number): number {
  if (end <= start) return 0;
  let common = 0;
  for (let index = begunBy(spans, end) - 1; index >= 0; index--) {
    const { from, to } = spans[index] as Span;
    if (to <= start) break;
    common += Math.min(to, end) - Math.max(from, start);
  }
  return common / (end - start);
}

/** How many begin at that time or before it. @param spans in order, apart from each other */
function begunBy(spans: readonly Span[], at: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).from <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
