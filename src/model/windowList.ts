// Model: the windows of one worker, bounded: what is older gets coarser, what is least certain goes first.

import type { SampleRow } from "../protocol/window.ts";
import { coalesce } from "./coalesce.ts";
import type { ProfileWindow } from "./profile.ts";

export interface WindowLimits {
  /** A worker's windows; past it, neighbours are joined. */
  readonly windowsPerWorker: number;
  /** Sample rows of all windows of a worker together; past it, neighbours are joined too. */
  readonly samplesPerWorker: number;
  /** Of all workers together, so that the recording can be written and read again; past it, the largest gives way. */
  readonly windows: number;
  /** Rows of every kind. */
  readonly rows: number;
}

export class WindowList {
  windows: ProfileWindow[] = [];
  samples = 0;
  rows = 0;
  /** How often its windows became others. */
  changes = 0;

  add(window: ProfileWindow): void {
    this.windows.push(window);
    this.samples += samplesOf(window);
    this.rows += rowsOf(window);
  }

  keep(isKept: (window: ProfileWindow) => boolean): void {
    this.replace(this.windows.filter(isKept));
  }

  /** The older half only: what is on the screen keeps its resolution. */
  joinOlder(measureFromMicros: number): void {
    const half = this.windows.length >> 1;
    const older = coalesce(this.windows.slice(0, half), measureFromMicros);
    this.replace([...older, ...this.windows.slice(half)]);
  }

  /**
   * Keeps each window's rows with the most samples: the others would be shown as uncertain anyway.
   * @returns how many samples are gone
   */
  dropSmallest(keep: number): number {
    const each = Math.max(1, Math.floor(keep / this.windows.length));
    let dropped = 0;
    const mostSampled = (rows: readonly SampleRow[]): SampleRow[] => {
      const kept = [...rows].sort((a, b) => b[4] - a[4]);
      for (const row of kept.splice(each)) dropped += row[4];
      return kept;
    };
    const windows = this.windows.map((window) => {
      const { routeSamples = [] } = window;
      if (samplesOf(window) <= each && routeSamples.length <= each) return window;
      // Without sizes objects have no lines; functions' totals are in the samples.
      const { heapSizes: _sizes, heapKept: _kept, ...rest } = window;
      const samples = mostSampled(window.samples);
      return routeSamples.length === 0
        ? { ...rest, samples }
        : { ...rest, samples, routeSamples: mostSampled(routeSamples) };
    });
    this.replace(windows);
    return dropped;
  }

  private replace(windows: ProfileWindow[]): void {
    this.windows = windows;
    this.changes++;
    this.samples = windows.reduce((sum, window) => sum + samplesOf(window), 0);
    this.rows = windows.reduce((sum, window) => sum + rowsOf(window), 0);
  }
}

/**
 * After a window was added to one of all lists.
 * @returns how many samples were dropped
 */
export function bound(
  grown: WindowList,
  all: readonly WindowList[],
  limits: WindowLimits,
  measureFromMicros: number,
): number {
  let dropped = 0;
  if (grown.windows.length > limits.windowsPerWorker || grown.samples > limits.samplesPerWorker) {
    grown.joinOlder(measureFromMicros);
    if (grown.samples > limits.samplesPerWorker) dropped += grown.dropSmallest(limits.samplesPerWorker >> 1);
  }
  if (all.reduce((sum, { windows }) => sum + windows.length, 0) > limits.windows)
    largest(all, ({ windows }) => windows.length).joinOlder(measureFromMicros);
  if (all.reduce((sum, { rows }) => sum + rows, 0) <= limits.rows) return dropped;
  const most = largest(all, ({ rows }) => rows);
  const before = most.rows;
  most.joinOlder(measureFromMicros);
  if (most.rows > 0.9 * before) dropped += most.dropSmallest(most.samples >> 1);
  return dropped;
}

function largest(all: readonly WindowList[], size: (list: WindowList) => number): WindowList {
  return all.reduce((most, each) => (size(each) > size(most) ? each : most));
}

function samplesOf({ samples, heapSizes, heapKept }: ProfileWindow): number {
  return samples.length + (heapSizes?.length ?? 0) + (heapKept?.[1].length ?? 0);
}

function rowsOf(window: ProfileWindow): number {
  const { cells, waits, requests, routeSamples, routeFacts, chains } = window;
  const buckets = requests.reduce((sum, [, , , latencies]) => sum + 1 + latencies.length, 0);
  const stations = chains?.reduce((sum, [, , each]) => sum + 1 + each.length, 0) ?? 0;
  const lists = [cells, waits, routeSamples, routeFacts].reduce((sum, list) => sum + (list?.length ?? 0), 0);
  return samplesOf(window) + lists + buckets + stations;
}
