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
  /** Sources by the built-in that their place calls. */
  const calling = new Map<string, Set<number>>();
  const add = (place: AllocatingPlace | null, prior: number, parts: Iterable<readonly [number, number]>) => {
    if (place !== null && place.builtIn !== "") {
      const known = calling.get(place.builtIn) ?? new Set<number>();
      calling.set(place.builtIn, known.add(sources.length));
    }
    sources.push({ line: place?.line ?? null, prior, parts: new Map(parts) });
  };
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
  for (const place of places) {
    const { range, seldom, builtIn } = place;
    if (seldom) for (const size of place.sizes) if (openTo.includes(size)) add(place, SELDOM, [[size, 1]]);
    if (range === null) continue;
    for (const size of sizes) {
      const called =
        builtIn !== "" && told.some((group) => group.builtIn === builtIn && group.sizes.includes(size));
      if (size < range[0] || size > range[1] || place.sizes.includes(size)) continue;
      if (called || openTo.includes(size)) add(place, OF_ANY_SIZE / size, [[size, 1]]);
    }
  }
  // One of all sizes: one a size would explain everything.
  const each = 1 / Math.max(LEAST_NOISE_SIZES, sizes.length);
  add(
    null,
    NOISE,
    sizes.map((size) => [size, each]),
  );
  const groups = told.map((group) => ({ ...group, only: calling.get(group.builtIn) ?? null }));
  return { sources, groups };

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
