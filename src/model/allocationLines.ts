// Model: the lines of a function that its objects come from. V8 samples functions, not lines; the sampled objects' sizes and
// the function's text tell lines apart where few of them share a size. Where they don't, no line is named.

import { possibleSizes } from "../protocol/objectSizes.ts";
import { sourcesOf } from "./allocatingSources.ts";
import type { AllocatingPlace, Profile } from "./profile.ts";
import type { Sites } from "./sites.ts";
import { type Group, type Source, solve } from "./sizeMixture.ts";
import { siteKey } from "./strata.ts";

/** How lines are known; `function`: they are not, and the amount is the function's. */
export type LineBasis = "exact" | "estimated" | "function";

export interface FunctionLines {
  readonly basis: LineBasis;
  /** Of the function's bytes, what it calls included; they add up to 1 with what is no line's. Empty: none is named. */
  readonly lines: readonly LineShare[];
  /** Objects by size where no line is named, as parts of the function's bytes and most first. */
  readonly sizes: readonly { readonly bytes: number; readonly part: number }[];
  /** Lines that may allocate. */
  readonly candidates: readonly number[];
}
export interface LineShare {
  readonly line: number;
  readonly column: number;
  readonly share: number;
  /** As parts of the line's bytes. */
  readonly sizes: FunctionLines["sizes"];
}

/** More of a function's bytes that point to no line, or to one as well as to another, could make its lines so wrong. */
const MOST_ASTRAY = 0.1;
const MOST_ASTRAY_OF_EXACT = 0.02;
const LEAST_SAMPLES = 30;
/** Of several lines: fewer would be as far off by chance as lines may be. */
const LEAST_SAMPLES_OF_LINES = 100;
const MAX_SIZES = 8;
const LEAST_SIZE_SHARE = 0.005;
const MAX_CANDIDATES = 12;
/** More would make the search long: a function of so many sizes and places is told apart by nobody. */
const MAX_GROUPS = 400;
const MAX_SOURCES = 600;

interface Samples {
  readonly places: readonly AllocatingPlace[];
  bytes: number;
  ownBytes: number;
  samples: number;
  /** By built-in: interval, told size, samples. */
  readonly own: Map<string, [interval: number, told: number, samples: number][]>;
}

/** By `siteKey`. */
export function allocationLines(profile: Profile, sites: Sites): ReadonlyMap<string, FunctionLines> {
  const functions = new Map<string, Samples>();
  for (const { heapSizes = [] } of profile.windows) {
    for (const [stack, interval, told, samples, builtIn] of heapSizes) {
      const site = sites.of(stack);
      if (site.places === null) continue;
      const key = siteKey("objects", site, "", null);
      const sum = functions.get(key) ?? {
        places: site.places,
        bytes: 0,
        ownBytes: 0,
        samples: 0,
        own: new Map(),
      };
      functions.set(key, sum);
      sum.bytes += told * samples;
      if (!site.own) continue;
      sum.ownBytes += told * samples;
      sum.samples += samples;
      const rows: [number, number, number][] = sum.own.get(builtIn) ?? [];
      sum.own.set(builtIn, rows);
      const known = rows.find((row) => row[0] === interval && row[1] === told);
      if (known === undefined) rows.push([interval, told, samples]);
      else known[2] += samples;
    }
  }
  return new Map([...functions].map(([key, samples]) => [key, remembered(samples)]));
}

/** By the function's places: a live recording asks again and again, and has new samples twice a minute at most. */
const known = new WeakMap<
  readonly AllocatingPlace[],
  { bytes: number; samples: number; lines: FunctionLines }
>();

function remembered(function_: Samples): FunctionLines {
  const { places, bytes, samples } = function_;
  const before = known.get(places);
  if (before !== undefined && before.bytes === bytes && before.samples === samples) return before.lines;
  const lines = linesOf(function_);
  known.set(places, { bytes, samples, lines });
  return lines;
}

interface Sized {
  readonly bytes: number;
  readonly amount: number;
}

function linesOf({ places, bytes, ownBytes, samples, own }: Samples): FunctionLines {
  const groups = groupsOf(own);
  const total = amountOf(groups);
  const part = total === 0 ? 0 : ownBytes / bytes;
  const steady = places.filter(({ seldom }) => !seldom);
  const candidates = [...new Set(steady.map(({ line }) => line))]
    .sort((a, b) => a - b)
    .slice(0, MAX_CANDIDATES);
  const found = groups.length > MAX_GROUPS ? null : apportion(places, groups);
  const unnamed: FunctionLines = {
    basis: "function",
    lines: [],
    sizes: histogram(found === null ? [] : [...found.sizes.values()].flat(), total, part),
    candidates,
  };
  if (found === null || samples < LEAST_SAMPLES || candidates.length === 0) return unnamed;
  const [only, ...others] = candidates;
  if (
    only !== undefined &&
    others.length === 0 &&
    Math.max(found.astray, total - (found.lines.get(only) ?? 0)) <= MOST_ASTRAY_OF_EXACT * total
  )
    return { ...unnamed, basis: "exact", lines: [shareOf(only, part)] };
  if (samples < LEAST_SAMPLES_OF_LINES || found.astray > MOST_ASTRAY * total) return unnamed;
  const named = [...found.lines.values()].reduce((sum, amount) => sum + amount, 0);
  const lines = [...found.lines].map(([line, amount]) => shareOf(line, (part * amount) / named));
  return { ...unnamed, basis: "estimated", lines: lines.sort((a, b) => b.share - a.share) };

  function shareOf(line: number, share: number): LineShare {
    const column = Math.min(...places.filter((place) => place.line === line).map((place) => place.column));
    const sizes = found?.sizes.get(line) ?? [];
    return { line, column, share, sizes: histogram(sizes, amountOf(sizes), 1) };
  }
}

interface Apportioned {
  /** Bytes by line. */
  readonly lines: ReadonlyMap<number, number>;
  /** Objects by line; 0: of no line. */
  readonly sizes: ReadonlyMap<number, readonly Sized[]>;
  /** Bytes that are no line's, or as well another's. */
  readonly astray: number;
}

type ToldGroup = Group & { readonly builtIn: string; readonly samples: number };

function groupsOf(own: Samples["own"]): ToldGroup[] {
  return [...own].flatMap(([builtIn, rows]) =>
    rows.map(([interval, told, samples]) => ({
      builtIn,
      sizes: possibleSizes(told, interval),
      amount: told * samples,
      samples,
      only: null,
    })),
  );
}

/** Logarithm of how much better one answer explains the samples than another that may be as right. */
const AS_LIKELY = 3;
/** How much of what may be marked is, tried one after the other. */
const UNOPTIMISED = [0, 0.02, 0.15, 0.5];

function apportion(places: readonly AllocatingPlace[], told: readonly ToldGroup[]): Apportioned | null {
  const tries = UNOPTIMISED.map((part) => {
    const { sources, groups, contested } = sourcesOf(places, told, part);
    if (sources.length > MAX_SOURCES) return null;
    return { sources, groups, contested, mixture: solve(groups, sources, 0) };
  });
  const best = tries.reduce((a, b) =>
    a === null || (b !== null && b.mixture.likelihood > a.mixture.likelihood) ? b : a,
  );
  if (best === null) return null;
  const { sources, groups, contested, mixture } = best;
  const byLine = (amounts: readonly Float64Array[]) => {
    const lines = new Map<number, number>();
    for (const row of amounts) {
      row.forEach((amount, at) => {
        const line = sources[at]?.line ?? 0;
        if (amount > 0) lines.set(line, (lines.get(line) ?? 0) + amount);
      });
    }
    return lines;
  };
  const lines = byLine(mixture.amounts);
  const each = amountOf(told) / told.reduce((sum, { samples }) => sum + samples, 0);
  const ends = ([-1, 1] as const)
    .map((order) => solve(groups, sources, order))
    .filter(({ likelihood }) => mixture.likelihood - likelihood < AS_LIKELY * each)
    .map(({ amounts }) => byLine(amounts));
  const [first = lines, last = lines] = ends;
  const astray =
    contested + (lines.get(0) ?? 0) + Math.max(apart(first, last), apart(first, lines), apart(last, lines));
  const sizes = new Map<number, Sized[]>();
  mixture.amounts.forEach((row, g) => {
    for (const [line, objects] of objectsOf(groups[g]?.sizes ?? [], sources, row))
      sizes.set(line, [...(sizes.get(line) ?? []), ...objects]);
  });
  lines.delete(0);
  return { lines, sizes, astray };
}

/** One group's objects by line. Where a place may make any size, of those that are told alike the likeliest one. */
function objectsOf(
  possible: readonly number[],
  sources: readonly Source[],
  amounts: Float64Array,
): Map<number, Sized[]> {
  const objects = new Map<number, Sized[]>();
  const likeliest = new Map<number, { bytes: number; most: number; amount: number }>();
  amounts.forEach((amount, at) => {
    const source = sources[at];
    if (amount <= 0 || source === undefined) return;
    const line = source.line ?? 0;
    const sizes = possible.filter((bytes) => source.parts.has(bytes));
    const [bytes = 0] = sizes;
    if (sizes.length === 1) {
      const known = likeliest.get(line) ?? { bytes, most: 0, amount: 0 };
      known.amount += amount;
      if (amount > known.most) Object.assign(known, { bytes, most: amount });
      likeliest.set(line, known);
      return;
    }
    const all = sizes.reduce((sum, size) => sum + (source.parts.get(size) ?? 0), 0);
    const rows = sizes.map((size) => ({
      bytes: size,
      amount: (amount * (source.parts.get(size) ?? 0)) / all,
    }));
    objects.set(line, [...(objects.get(line) ?? []), ...rows]);
  });
  for (const [line, row] of likeliest) objects.set(line, [...(objects.get(line) ?? []), row]);
  return objects;
}

/** Bytes that one has on other lines than the other. */
function apart(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const line of new Set([...a.keys(), ...b.keys()]))
    sum += Math.abs((a.get(line) ?? 0) - (b.get(line) ?? 0));
  return sum / 2;
}

function amountOf(rows: readonly { readonly amount: number }[]): number {
  return rows.reduce((sum, { amount }) => sum + amount, 0);
}

function histogram(sized: readonly Sized[], total: number, part: number): FunctionLines["sizes"] {
  const sums = new Map<number, number>();
  for (const { bytes, amount } of sized) sums.set(bytes, (sums.get(bytes) ?? 0) + amount);
  return [...sums]
    .map(([bytes, amount]) => ({ bytes, part: total === 0 ? 0 : (part * amount) / total }))
    .filter(({ part: share }) => share > LEAST_SIZE_SHARE)
    .sort((a, b) => b.part - a.part)
    .slice(0, MAX_SIZES);
}
