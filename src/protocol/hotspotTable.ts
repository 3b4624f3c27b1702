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

export function unpackHotspots({ texts, numbers, routes, rows, workers }: HotspotTable): Hotspot[] {
  const width = HOTSPOT_COLUMNS + workers;
  const hotspots = new Array<Hotspot>(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    const number = (column: number) => numbers[at + column] as number;
    const text = (column: number) => texts[number(column)] ?? "";
    const optional = (column: number) => (number(column) < 0 ? null : text(column));
    const known = (column: number) => (Number.isNaN(number(column)) ? null : number(column));
    const category = CATEGORIES[number(0)] ?? "copies";
    const routesAt = Array.from({ length: number(20) }, (_, index) => ROUTE_COLUMNS * (number(19) + index));
    hotspots[row] = {
      category,
      kind: KIND_NAMES[number(1)] ?? "copy",
      file: text(2),
      line: number(3),
      column: number(4),
      function: text(5),
      callee: text(6),
      dependency: optional(7),
      count: number(8),
      amount: number(9),
      unit: UNIT_OF[category],
      perRequest: known(10),
      share: number(11),
      impactMicrosPerRequest: known(12),
      samples: number(13),
      relativeError: known(14),
      confidence: CONFIDENCES[number(15)] ?? "sampled",
      basis: number(16) < 0 ? null : (LOCK_BASES[number(16)] ?? null),
      holder: placeOf(optional(17)),
      releaser: null,
      key: optional(18),
      keys: [],
      queue: null,
      routes: routesAt.map((from) => ({
        method: texts[routes[from] as number] ?? "",
        route: texts[routes[from + 1] as number] ?? "",
        share: routes[from + 2] as number,
      })),
      hold: null,
      stack: [],
      byWorker: Array.from(numbers.subarray(at + HOTSPOT_COLUMNS, at + width)),
    };
  }
  return hotspots;
}

/** One text, as holders are few and the same for many rows. */
function placeText({ file, line, column, function: name }: Location): string {
  return [line, column, name, file].join("\n");
}
function placeOf(text: string | null): Location | null {
  if (text === null) return null;
  const [line = "", column = "", name = "", ...file] = text.split("\n");
  return { line: Number(line), column: Number(column), function: name, file: file.join("\n") };
}
