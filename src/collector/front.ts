// Collector: the front of a recording's file: the figures of the whole session, made when it was saved, so that a panel shows
// them without the minutes of windows that they are made of. It counts only for the very bytes that follow it, and only for the version
// of Darcy that made it; else it is as if there were none. Whoever forges it could as well forge what follows.

import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { DARCY_VERSION } from "../common/version.ts";
import { HOTSPOT_COLUMNS, type HotspotTable } from "../protocol/hotspotTable.ts";
import type { MeasuredTexts } from "../protocol/measuredTexts.ts";
import { extraMembers, partExtra } from "./gzipExtra.ts";
import { jsonCost } from "./jsonCost.ts";
import { amount, InvalidInput, nullable, oneOf, shape, text } from "./narrow.ts";
import {
  checkTable,
  MAX_TABLE_BYTES,
  numbersOf,
  type TableHead,
  validateTableHead,
} from "./validateHotspot.ts";
import { type CheckedFigures, FIGURES } from "./validateReport.ts";
import { measuredTexts } from "./validateTexts.ts";

/** Counts up when figures of the same recording change without a new version of Darcy, or when its own form does. */
const VERSION = 1;
const MAX_FRONT_BYTES = 64 * 1024 * 1024;
const MAX_HEAD_BYTES = 64 * 1024 * 1024;
const MOST_COST = { bytes: 512 * 1024 * 1024, depth: 16, keys: 4_096 };
const LENGTH_BYTES = 4;
/** Of a number. */
const BYTES = Float64Array.BYTES_PER_ELEMENT;

export interface Front extends CheckedFigures {
  /** Of the recording, milliseconds. */
  readonly elapsedMs: number;
  /** Where the server ran. */
  readonly cwd: string;
  /** Null: an earlier version wrote it. */
  readonly texts: MeasuredTexts | null;
}
interface Head extends Front {
  readonly version: number;
  readonly darcy: string;
  /** SHA-256 of all bytes that follow the front. */
  readonly digest: string;
  readonly table: TableHead | null;
}
const headShape = shape<Head>({
  version: oneOf([VERSION]),
  darcy: oneOf([DARCY_VERSION]),
  digest: text(64),
  elapsedMs: amount,
  cwd: text(8_192),
  texts: (value) => (value === undefined ? null : nullable(measuredTexts)(value)),
  table: nullable(validateTableHead),
  ...FIGURES,
});

/** @returns what is to stand before the recording's bytes; empty where it would be too large */
export async function packFront(
  { report, series, scope, texts, elapsedMs, cwd }: Front,
  others: HotspotTable | null,
  recording: Uint8Array,
): Promise<Uint8Array> {
  const head: Head = {
    version: VERSION,
    darcy: DARCY_VERSION,
    digest: digestOf(recording),
    elapsedMs,
    cwd,
    table:
      others === null
        ? null
        : { texts: others.texts, rows: others.rows, workers: others.workers, routes: others.routes.length },
    report,
    series,
    scope,
    texts,
  };
  const packed = await deflate(Buffer.from(JSON.stringify(head)));
  const table = others === null ? new Uint8Array(0) : await deflate(columnsOf(others));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(packed.length);
  const whole = Buffer.concat([length, packed, table]);
  return whole.length > MAX_FRONT_BYTES ? new Uint8Array(0) : extraMembers(whole);
}

export interface OpenedFront extends Front {
  /** The hotspots after the report's; null: there are none. @throws InvalidInput */
  others(): Promise<HotspotTable | null>;
}

/** Null where there is none that counts, whatever the bytes are. */
export async function openFront(packed: Uint8Array): Promise<OpenedFront | null> {
  const { extra, rest } = partExtra(packed, MAX_FRONT_BYTES);
  if (extra.length < LENGTH_BYTES) return null;
  const end = LENGTH_BYTES + extra.readUInt32LE();
  try {
    const json = await inflate(extra.subarray(LENGTH_BYTES, end), MAX_HEAD_BYTES);
    const { bytes, depth, keys } = jsonCost(json, MOST_COST);
    if (bytes > MOST_COST.bytes || depth > MOST_COST.depth || keys > MOST_COST.keys) return null;
    const { digest, table, report, series, scope, texts, elapsedMs, cwd } = headShape(
      JSON.parse(json.toString()),
    );
    if (digest !== digestOf(rest)) return null;
    const others = async () =>
      table === null ? null : tableOf(table, await inflate(extra.subarray(end), MAX_TABLE_BYTES));
    return { report, series, scope, texts, elapsedMs, cwd, others };
  } catch {
    // The recording itself stands behind it.
    return null;
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const deflate = (bytes: Uint8Array) => promisify(deflateRaw)(bytes, { level: 6 });
const inflate = (bytes: Uint8Array, most: number) => promisify(inflateRaw)(bytes, { maxOutputLength: most });

/** Column by column, and of each all numbers' first bytes, then their second ones: alike they pack small. */
function columnsOf({ numbers, routes, rows, workers }: HotspotTable): Uint8Array {
  const width = HOTSPOT_COLUMNS + workers;
  const columns = new Float64Array(numbers.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < width; column++) columns[column * rows + row] = numbers[at++] as number;
  return Buffer.concat([planesOf(columns), planesOf(routes)]);
}

function tableOf(head: TableHead, bytes: Uint8Array): HotspotTable {
  const { texts, rows, workers } = head;
  if (bytes.length !== BYTES * numbersOf(head)) throw new InvalidInput("table: expected all of its numbers");
  const width = HOTSPOT_COLUMNS + workers;
  const columns = numbersIn(bytes.subarray(0, BYTES * rows * width));
  const routes = numbersIn(bytes.subarray(BYTES * rows * width));
  checkTable(head, columns, routes);
  const numbers = new Float64Array(columns.length);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < width; column++) numbers[at++] = columns[column * rows + row] as number;
  return { texts, numbers, routes, rows, workers };
}

/** Of this machine, where a number's first byte in a file, its least, stands. */
const FIRST_BYTE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : BYTES - 1;

function planesOf(numbers: Float64Array): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let plane = 0, at = 0; plane < BYTES; plane++)
    for (let from = plane ^ FIRST_BYTE; from < bytes.length; from += BYTES)
      planes[at++] = bytes[from] as number;
  return planes;
}

function numbersIn(planes: Uint8Array): Float64Array {
  const numbers = new Float64Array(planes.length / BYTES);
  const bytes = new Uint8Array(numbers.buffer);
  for (let plane = 0, at = 0; plane < BYTES; plane++)
    for (let to = plane ^ FIRST_BYTE; to < bytes.length; to += BYTES) bytes[to] = planes[at++] as number;
  return numbers;
}
