// Model: the places of one function as sources of objects, beside what the samples of it may be. A place that may make any size is
// a source only where no other place is known to make that size, unless many objects of sizes near it are seen.

import type { AllocatingPlace } from "./profile.ts";
import type { Group, Source } from "./sizeMixture.ts";

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
): { sources: Source[]; groups: Group[] } {
  const sources: Source[] = [];
  const add = (place: AllocatingPlace | null, prior: number, parts: Iterable<readonly [number, number]>) =>
    sources.push({ line: place?.line ?? null, prior, parts: new Map(parts) });
  const sizes = [...new Set(told.flatMap((group) => group.sizes))];
  const steady = new Set<number>();
  for (const place of places) {
    if (place.seldom) continue;
    for (const size of place.sizes) steady.add(size);
    for (const parts of partsOf(place, unoptimised)) add(place, 1, parts);
  }
  const explained = (bytes: number) => steady.has(bytes);
  const isExplained = (group: Told) => group.sizes.some(explained);
  const openTo = sizes.filter(
    (bytes) => !told.some((group) => group.sizes.includes(bytes) && isExplained(group) && !isUsual(group)),
  );
  // As well as the place that is known to make it, not better: else it would win in the end.
  const part = (bytes: number) => (explained(bytes) ? 1 - unoptimised : 1);
  for (const place of places) {
    const { range, seldom } = place;
    for (const size of openTo) {
      if (seldom && place.sizes.includes(size)) add(place, SELDOM, [[size, part(size)]]);
      const other = range !== null && size >= range[0] && size <= range[1] && !place.sizes.includes(size);
      if (other) add(place, OF_ANY_SIZE / size, [[size, part(size)]]);
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
  return { sources, groups };

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
