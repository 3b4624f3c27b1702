// Model: the places of one function as sources of objects, beside what the samples of it may be. A place that may make any size is
// a source only where no other place is known to make that size; where it could have made that, too, it is contested.

import type { AllocatingPlace } from "./profile.ts";
import type { Group, Source } from "./sizeMixture.ts";

/** A place whose range begins here makes objects of all kinds, others one kind and its parts. */
const SMALLEST = 16;
const OF_ANY_SIZE = 0.05;
const SELDOM = 0.1;
const NOISE = 1e-3;
const LEAST_NOISE_SIZES = 64;
const NEIGHBOURHOOD = 64;
const WORD = 8;
/** Of what is told of a size: if places of any size make so much of a usual one near it, they may make this one, too. */
const USUAL = 0.1;

interface Told extends Group {
  readonly builtIn: string;
}

/** @param unoptimised part of what is made while the code is not optimised */
export function sourcesOf(
  places: readonly AllocatingPlace[],
  told: readonly Told[],
  unoptimised: number,
): { sources: Source[]; groups: Group[]; contested: number } {
  const sources: Source[] = [];
  const add = (place: AllocatingPlace | null, prior: number, rows: Iterable<readonly [number, number]>) => {
    const parts = new Map<number, number>();
    for (const [size, part] of rows) parts.set(size, (parts.get(size) ?? 0) + part);
    return sources.push({ line: place?.line ?? null, prior, parts });
  };
  const sizes = [...new Set(told.flatMap((group) => group.sizes))];
  const steady = new Set<number>();
  for (const place of places) {
    if (place.seldom) continue;
    // What V8's functions are known to make, others of them make, too.
    if (place.builtIn === "") for (const size of place.sizes) steady.add(size);
    for (const parts of partsOf(place, unoptimised)) add(place, 1, parts);
  }
  const explained = (bytes: number) => steady.has(bytes);
  const isExplained = (group: Told) => group.sizes.some(explained);
  const open = new Set(
    sizes.filter((bytes) => !told.some((group) => group.sizes.includes(bytes) && isExplained(group))),
  );
  for (const place of places) {
    const { range, seldom } = place;
    for (const size of open) {
      if (seldom && place.sizes.includes(size)) add(place, SELDOM, [[size, 1]]);
      const other = range !== null && size >= range[0] && size <= range[1] && !place.sizes.includes(size);
      if (other) add(place, OF_ANY_SIZE / size, [[size, 1]]);
    }
  }
  // One of all sizes: one a size would explain everything.
  const each = 1 / Math.max(LEAST_NOISE_SIZES, sizes.length);
  add(
    null,
    NOISE,
    sizes.map((size) => [size, each]),
  );
  const anyone = new Set(sources.keys());
  const called = new Map<string, ReadonlySet<number>>();
  for (const builtIn of new Set(told.map((group) => group.builtIn))) {
    const own = callersOf(builtIn);
    if (own.length > 0) called.set(builtIn, new Set(own));
  }
  const groups = told.map((group) => ({ ...group, only: called.get(group.builtIn) ?? anyone }));
  return { sources, groups, contested: contested() };

  /** What a place is known to make, and one of any size on another line may make as well. */
  function contested(): number {
    let amount = 0;
    for (const group of told) {
      if (called.has(group.builtIn) || !isExplained(group)) continue;
      const makers = places.filter(({ builtIn, seldom, sizes: own }) => {
        return builtIn === "" && !seldom && own.some((size) => group.sizes.includes(size));
      });
      const lines = new Set(makers.map(({ line }) => line));
      const known = group.sizes.filter(explained);
      const usual = isUsual(group);
      const rival = places.some(({ line, range }) => {
        if (range === null || (lines.size === 1 && lines.has(line))) return false;
        return (usual || range[0] <= SMALLEST) && known.some((size) => size >= range[0] && size <= range[1]);
      });
      if (rival) amount += group.amount;
    }
    return amount;
  }

  /** Sources of what one of V8's functions makes under its own name: of the lines that call it alone. */
  function callersOf(builtIn: string): number[] {
    if (builtIn === "") return [];
    const made = new Set(told.flatMap((group) => (group.builtIn === builtIn ? group.sizes : [])));
    return places
      .filter((place) => place.builtIn === builtIn)
      .flatMap((place) => [...made].map((size) => add(place, OF_ANY_SIZE / size, [[size, 1]]) - 1));
  }

  /** Objects of sizes near it are seen that no place is known to make. */
  function isUsual(group: Told): boolean {
    const near = (size: number) =>
      group.sizes.some((bytes) => explained(bytes) && Math.abs(size - bytes) <= NEIGHBOURHOOD);
    let amount = 0;
    for (const other of told) if (!isExplained(other) && other.sizes.some(near)) amount += other.amount;
    return amount / ((2 * NEIGHBOURHOOD) / WORD) > USUAL * group.amount;
  }
}

/** One source for what is made together, else one a size. */
function partsOf(place: AllocatingPlace, unoptimised: number): (readonly [number, number])[][] {
  const { sizes, together } = place;
  const of = place.unoptimised.length;
  const part = of === 0 ? 0 : unoptimised;
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const slow = place.unoptimised.map((size) => [size, part / of] as const);
  if (together) return [[...sizes.map((size) => [size, ((1 - part) * size) / all] as const), ...slow]];
  return sizes.map((size) => [[size, 1 - part] as const, ...slow]);
}
