// Panel, time line: the series thinned out to what the width can show. Pure.

import { PROCESSOR_CATEGORIES } from "../../src/model/format.ts";
import { CATEGORIES, type Category } from "../../src/protocol/categories.ts";
import type { PanelState, Series } from "../../src/protocol/panel.ts";

export interface Columns {
  /** Middle of each column, milliseconds since the start. */
  readonly atMs: readonly number[];
  readonly impact: Readonly<Record<Category, readonly (number | null)[]>>;
  readonly requestsPerSecond: readonly (number | null)[];
}

/**
 * At most `limit` columns. Their width is a power of two of the step and they begin at multiples of it, so that
 * a column, once full, stays what it was. Impact is a mean a request, so steps weigh by their requests.
 */
export function columnsOf(series: Series, limit: number): Columns {
  const length = series.atMs.length;
  let width = 1;
  while (length / width > limit) width *= 2;
  const atMs: number[] = [];
  const rates: (number | null)[] = [];
  const impact: Record<Category, (number | null)[]> = {
    copies: [],
    switches: [],
    allocations: [],
    locks: [],
  };
  for (let start = 0; start < length; start += width) {
    const end = Math.min(length, start + width);
    const first = series.atMs[start] ?? 0;
    atMs.push((first + (series.atMs[end - 1] ?? first) + series.stepMs) / 2);
    rates.push(meanOf(series.requestsPerSecond, null, start, end));
    for (const category of CATEGORIES)
      impact[category].push(meanOf(series.impact[category], series.requestsPerSecond, start, end));
  }
  return { atMs, impact, requestsPerSecond: rates };
}

function meanOf(
  values: readonly (number | null)[],
  weights: readonly (number | null)[] | null,
  start: number,
  end: number,
): number | null {
  let sum = 0;
  let weight = 0;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? null;
    const each = weights === null ? 1 : (weights[index] ?? 0);
    if (value === null || each <= 0) continue;
    sum += value * each;
    weight += each;
  }
  return weight > 0 ? sum / weight : null;
}

type Values = readonly (number | null)[];

/** What is drawn: upper edges of the stacked processor categories, and the other two lanes as they are. */
export interface Edges {
  readonly of: Readonly<Record<Category, readonly (number | null)[]>>;
  /** The upper edge of all in each lane: processor, waiting, requests. */
  readonly upper: readonly [Values, Values, Values];
  /** Top of each lane's scale. */
  readonly highest: readonly [number, number, number];
}

/**
 * A category that is hidden or was not measured has no thickness; a gap is only where nothing was measured. Lock
 * waits are waiting time and never part of the stack.
 */
export function edgesOf({ atMs, impact, requestsPerSecond }: Columns, hidden: readonly Category[]): Edges {
  const of: Record<Category, (number | null)[]> = { copies: [], switches: [], allocations: [], locks: [] };
  const shown = (category: Category) => !hidden.includes(category);
  for (const at of atMs.keys()) {
    const measured = PROCESSOR_CATEGORIES.some((category) => (impact[category][at] ?? null) !== null);
    let top = 0;
    for (const category of PROCESSOR_CATEGORIES) {
      if (shown(category)) top += impact[category][at] ?? 0;
      of[category].push(measured ? top : null);
    }
    of.locks.push(shown("locks") ? (impact.locks[at] ?? null) : null);
  }
  const last = PROCESSOR_CATEGORIES.at(-1) ?? "allocations";
  return {
    of,
    upper: [of[last], of.locks, requestsPerSecond],
    highest: [topOf(atMs, of[last]), topOf(atMs, of.locks), highestOf(requestsPerSecond)],
  };
}

/** What the first requests cost is start-up work: it has no say in a scale. */
const START_MS = 2000;
/** So many steps after the start tell what is usual. */
const LEAST_STEPS = 8;
/** Of what is usual: room for what is above it now and then. */
const ROOM = 1.5;

/**
 * The top of a scale for what a request costs: the highest value, unless it stands alone, as start-up work or a lone spike does,
 * and would flatten all the rest. What is higher runs out of the lane, which is torn there; crosshair and table have its figure.
 */
export function topOf(atMs: readonly number[], values: Values): number {
  const first = atMs[values.findIndex((value) => value !== null)] ?? 0;
  const known = (value: number | null) => value !== null;
  const after = values.filter((_, index) => (atMs[index] ?? 0) >= first + START_MS).filter(known);
  const sorted = (after.length < LEAST_STEPS ? values.filter(known) : after).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const highest = highestOf(values);
  return usual > 0 ? Math.min(highest, usual * ROOM) : highest;
}

export function highestOf(values: Values): number {
  return values.reduce((most: number, value) => Math.max(most, value ?? 0), 0);
}

/** The lane's one tick: the largest round number that is not above the highest value. */
export function tickFor(highest: number): number {
  if (!(highest > 0)) return 1;
  const decade = 10 ** Math.floor(Math.log10(highest));
  for (const step of [8, 6, 5, 4, 3, 2.5, 2, 1.5, 1])
    if (step * decade <= highest) return Number((step * decade).toPrecision(3));
  return decade;
}

const LEAST_LIVE_MS = 10_000;

/** Where the clock ends, milliseconds: with the recording once that is over, before that with room to grow. */
export function endOf({ phase, series, elapsedMs }: PanelState): number {
  const last = series.atMs.at(-1);
  const measured = last === undefined ? 0 : last + series.stepMs;
  const over = phase === "readOnly" || phase === "stopped" || phase === "error";
  return over && measured > 0 ? measured : Math.max(LEAST_LIVE_MS, elapsedMs, measured);
}

/** Pixels: labels stand closer there, rather than one alone. */
const NARROW = 240;

/** A step of the clock that leaves each label room. */
export function clockStep(spanMs: number, widthPixels: number): number {
  const apart = widthPixels < NARROW ? 56 : 90;
  const atLeast = (spanMs / Math.max(1, widthPixels)) * apart;
  for (const seconds of [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 300, 600, 900, 1800, 3600])
    if (seconds * 1000 >= atLeast) return seconds * 1000;
  return 7_200_000;
}
