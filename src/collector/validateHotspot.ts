// Collector: narrows hotspots and the packed table of them, as the front of a recording's file has them.

import { CATEGORIES, KINDS, LOCK_BASES } from "../protocol/categories.ts";
import { HOTSPOT_COLUMNS, ROUTE_COLUMNS } from "../protocol/hotspotTable.ts";
import type { Confidence, Hotspot, Location } from "../protocol/report.ts";
import { finite, InvalidInput, list, nullable, oneOf, optional, shape, text, whole } from "./narrow.ts";
import { kind } from "./validate.ts";

const MAX_ROWS = 1_000_000;
const MAX_WORKERS = 65_536;
/** Bytes of a table's numbers. */
export const MAX_TABLE_BYTES = 256 * 1024 * 1024;

export const words = text(32_768);
export const category = oneOf(CATEGORIES);
export const confidence = oneOf(["exact", "sampled", "inferred"] as const satisfies readonly Confidence[]);
export const place = { file: words, line: whole(), column: whole(), function: words };
export const location = shape<Location>(place);

export const hotspot = shape<Hotspot>({
  ...place,
  category,
  kind,
  callee: words,
  dependency: optional(nullable(words)),
  count: finite,
  amount: finite,
  unit: oneOf(["bytes", "switches", "micros"] as const),
  perRequest: nullable(finite),
  share: finite,
  impactMicrosPerRequest: nullable(finite),
  samples: finite,
  relativeError: nullable(finite),
  confidence,
  holder: nullable(location),
  basis: nullable(oneOf(LOCK_BASES)),
  releaser: nullable(location),
  key: nullable(words),
  keys: list(shape<Hotspot["keys"][number]>({ key: words, share: finite }), 64),
  queue: nullable(shape<NonNullable<Hotspot["queue"]>>({ mean: finite, max: finite })),
  routes: list(shape<Hotspot["routes"][number]>({ method: words, route: words, share: finite }), 64),
  hold: nullable(shape<NonNullable<Hotspot["hold"]>>({ meanMicros: finite, maxMicros: finite })),
  stack: list(location, 256),
  byWorker: list(finite, MAX_WORKERS),
  lineBasis: optional(oneOf(["exact", "estimated", "function"] as const)),
  sizes: optional(list(shape<{ bytes: number; count: number }>({ bytes: finite, count: finite }), 64)),
  candidates: optional(list(whole(), 64)),
  pauses: optional(
    shape<NonNullable<Hotspot["pauses"]>>({
      youngMicrosPerRequest: nullable(finite),
      fullMicrosPerRequest: nullable(finite),
      fullBasis: oneOf(["bytes", "kept bytes"] as const),
    }),
  ),
  kept: optional(
    nullable(
      shape<NonNullable<Hotspot["kept"]>>({
        share: finite,
        bytesPerRequest: nullable(finite),
        samples: finite,
        relativeError: nullable(finite),
      }),
    ),
  ),
});

/** A table without its numbers: how many there are follows from it. */
export interface TableHead {
  readonly texts: readonly string[];
  readonly rows: number;
  readonly workers: number;
  /** Entries of `routes`. */
  readonly routes: number;
}
const headShape = shape<TableHead>({
  texts: list(words, MAX_ROWS),
  rows: whole(MAX_ROWS),
  workers: whole(MAX_WORKERS),
  routes: whole(64 * MAX_ROWS),
});

/** @throws InvalidInput */
export function validateTableHead(value: unknown): TableHead {
  const head = headShape(value);
  if (numbersOf(head) * Float64Array.BYTES_PER_ELEMENT > MAX_TABLE_BYTES)
    throw new InvalidInput("table: expected fewer rows");
  return head;
}

export function numbersOf({ rows, workers, routes }: TableHead): number {
  return rows * (HOTSPOT_COLUMNS + workers) + routes;
}

/** Whole numbers from -1 (none) to below a length, or any number, NaN where it is not known. */
type Column =
  | "text"
  | "text or none"
  | "place"
  | "kind"
  | "category"
  | "confidence"
  | "basis"
  | "figure"
  | "known";
/** As `packHotspots` has them. */
const COLUMNS: readonly Column[] = [
  "category",
  "kind",
  "text",
  "place",
  "place",
  "text",
  "text",
  "text or none",
  "figure",
  "figure",
  "known",
  "figure",
  "known",
  "figure",
  "known",
  "confidence",
  "basis",
  "text or none",
  "text or none",
  "place",
  "place",
];

/**
 * That every index is within its list.
 * @param columns the table's numbers, column by column
 * @throws InvalidInput
 */
export function checkTable(
  { texts, rows, workers }: TableHead,
  columns: Float64Array,
  routes: Float64Array,
): void {
  const limits: Readonly<
    Record<Exclude<Column, "figure" | "known">, readonly [least: number, most: number]>
  > = {
    text: [0, texts.length - 1],
    "text or none": [-1, texts.length - 1],
    place: [0, Number.MAX_SAFE_INTEGER],
    kind: [0, Object.keys(KINDS).length - 1],
    category: [0, CATEGORIES.length - 1],
    confidence: [0, 2],
    basis: [-1, LOCK_BASES.length - 1],
  };
  for (let column = 0; column < HOTSPOT_COLUMNS + workers; column++) {
    const type = COLUMNS[column] ?? "figure";
    const numbers = columns.subarray(column * rows, (column + 1) * rows);
    if (type === "figure" || type === "known") {
      for (const value of numbers)
        if (!Number.isFinite(value) && !(type === "known" && Number.isNaN(value))) fail("a figure");
    } else {
      const [least, most] = limits[type];
      for (const value of numbers) if (!Number.isInteger(value) || value < least || value > most) fail(type);
    }
  }
  const routeRows = Math.floor(routes.length / ROUTE_COLUMNS);
  const first = columns.subarray((HOTSPOT_COLUMNS - 2) * rows);
  const count = columns.subarray((HOTSPOT_COLUMNS - 1) * rows);
  for (let row = 0; row < rows; row++)
    if ((first[row] as number) + (count[row] as number) > routeRows) fail("a route");
  for (let at = 0; at < routes.length; at++) {
    const value = routes[at] as number;
    const isText = Number.isInteger(value) && value >= 0 && value < texts.length;
    if (at % ROUTE_COLUMNS === 2 ? !Number.isFinite(value) : !isText) fail("a route");
  }
}

function fail(expected: string): never {
  throw new InvalidInput(`table: expected ${expected}`);
}
