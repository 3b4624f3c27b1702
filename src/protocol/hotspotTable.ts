// Leaf: hotspots by the ten thousand, packed for the way to the panel: columns of numbers, each text once. What only an open
// row shows (stacks, holders' keys, sizes) stays behind and comes with its details.

import { CATEGORIES, KINDS, type Kind, LOCK_BASES, UNIT_OF } from "./categories.ts";
import type { Confidence, Hotspot, Location } from "./report.ts";

export interface HotspotTable {
  readonly texts: readonly string[];
  /** `HOTSPOT_COLUMNS` numbers a row, then one a worker; NaN: not known. */
  readonly numbers: Float64Array;
  /** Method and name (of `texts`) and share of each row's routes, one after the other. */
  readonly routes: Float64Array;
  readonly rows: number;
  readonly workers: number;
}

const KIND_NAMES = Object.keys(KINDS) as Kind[];
const CONFIDENCES = ["exact", "sampled", "inferred"] as const satisfies readonly Confidence[];
export const HOTSPOT_COLUMNS = 21;
export const ROUTE_COLUMNS = 3;
const NONE = -1;
/** One for all rows: of tens of thousands each has no stack. */
const NONE_OF_IT: readonly never[] = [];

/** @param workers as many numbers by worker as each has */
export function packHotspots(hotspots: readonly Hotspot[], workers: number): HotspotTable {
  const texts: string[] = [];
  const known = new Map<string, number>();
  const text = (value: string): number => {
    let at = known.get(value);
    if (at === undefined) {
      at = texts.push(value) - 1;
      known.set(value, at);
    }
    return at;
  };
  const width = HOTSPOT_COLUMNS + workers;
  const numbers = new Float64Array(hotspots.length * width);
  const routes: number[] = [];
  for (const [row, hotspot] of hotspots.entries()) {
    const { holder, dependency = null, basis } = hotspot;
    const firstRoute = routes.length / ROUTE_COLUMNS;
    for (const { method, route, share } of hotspot.routes) routes.push(text(method), text(route), share);
    numbers.set(
      [
        CATEGORIES.indexOf(hotspot.category),
        KIND_NAMES.indexOf(hotspot.kind),
        text(hotspot.file),
        hotspot.line,
        hotspot.column,
        text(hotspot.function),
        text(hotspot.callee),
        dependency === null ? NONE : text(dependency),
        hotspot.count,
        hotspot.amount,
        hotspot.perRequest ?? Number.NaN,
        hotspot.share,
        hotspot.impactMicrosPerRequest ?? Number.NaN,
        hotspot.samples,
        hotspot.relativeError ?? Number.NaN,
        CONFIDENCES.indexOf(hotspot.confidence),
        basis === null ? NONE : LOCK_BASES.indexOf(basis),
        holder === null ? NONE : text(placeText(holder)),
        hotspot.key === null ? NONE : text(hotspot.key),
        firstRoute,
        hotspot.routes.length,
      ],
      row * width,
    );
    for (let worker = 0; worker < workers; worker++)
      numbers[row * width + HOTSPOT_COLUMNS + worker] = hotspot.byWorker[worker] ?? 0;
  }
  return { texts, numbers, routes: Float64Array.from(routes), rows: hotspots.length, workers };
}

/** @param inFile whether a file's rows are wanted; asked once a file. Left out: all are */
export function unpackHotspots(
  { texts, numbers, routes, rows, workers }: HotspotTable,
  inFile?: (file: string) => boolean,
): Hotspot[] {
  const width = HOTSPOT_COLUMNS + workers;
  const text = (at: number) => texts[at] ?? "";
  const optional = (at: number) => (at < 0 ? null : text(at));
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  const places = new Map<number, Location>();
  const holder = (at: number): Location | null => {
    if (at < 0) return null;
    const place = places.get(at) ?? placeOf(text(at));
    places.set(at, place);
    return place;
  };
  const hotspots = new Array<Hotspot>(inFile === undefined ? rows : 0);
  const wanted = new Map<number, boolean>();
  const isWanted = (file: number): boolean => {
    const is = wanted.get(file) ?? inFile?.(text(file)) ?? true;
    wanted.set(file, is);
    return is;
  };
  let next = 0;
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    if (inFile !== undefined && !isWanted(numbers[at + 2] as number)) continue;
    const category = CATEGORIES[numbers[at] as number] ?? "copies";
    const byWorker = new Array<number>(workers);
    for (let worker = 0; worker < workers; worker++)
      byWorker[worker] = numbers[at + HOTSPOT_COLUMNS + worker] as number;
    hotspots[next++] = {
      category,
      kind: KIND_NAMES[numbers[at + 1] as number] ?? "copy",
      file: text(numbers[at + 2] as number),
      line: numbers[at + 3] as number,
      column: numbers[at + 4] as number,
      function: text(numbers[at + 5] as number),
      callee: text(numbers[at + 6] as number),
      dependency: optional(numbers[at + 7] as number),
      count: numbers[at + 8] as number,
      amount: numbers[at + 9] as number,
      unit: UNIT_OF[category],
      perRequest: known(numbers[at + 10] as number),
      share: numbers[at + 11] as number,
      impactMicrosPerRequest: known(numbers[at + 12] as number),
      samples: numbers[at + 13] as number,
      relativeError: known(numbers[at + 14] as number),
      confidence: CONFIDENCES[numbers[at + 15] as number] ?? "sampled",
      basis: LOCK_BASES[numbers[at + 16] as number] ?? null,
      holder: holder(numbers[at + 17] as number),
      releaser: null,
      key: optional(numbers[at + 18] as number),
      keys: NONE_OF_IT,
      queue: null,
      routes: routesIn(numbers[at + 19] as number, numbers[at + 20] as number),
      hold: null,
      stack: NONE_OF_IT,
      byWorker,
    };
  }
  return hotspots;

  function routesIn(first: number, count: number): Hotspot["routes"] {
    if (count === 0) return NONE_OF_IT;
    const found = [];
    for (let from = ROUTE_COLUMNS * first; from < ROUTE_COLUMNS * (first + count); from += ROUTE_COLUMNS)
      found.push({
        method: text(routes[from] as number),
        route: text(routes[from + 1] as number),
        share: routes[from + 2] as number,
      });
    return found;
  }
}

/** Each once. */
export function filesIn({ texts, numbers, rows, workers }: HotspotTable): Set<string> {
  const files = new Set<string>();
  for (let row = 0; row < rows; row++)
    files.add(texts[numbers[row * (HOTSPOT_COLUMNS + workers) + 2] as number] ?? "");
  return files;
}

/** One text, as holders are few and the same for many rows. */
function placeText({ file, line, column, function: name }: Location): string {
  return [line, column, name, file].join("\n");
}
function placeOf(text: string): Location {
  const [line = "", column = "", name = "", ...file] = text.split("\n");
  return { line: Number(line), column: Number(column), function: name, file: file.join("\n") };
}
