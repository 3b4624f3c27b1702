// Truth suite: a report against what its server states.

import { isContention } from "../../src/protocol/categories.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { type AllocatingLines, allocatingLines } from "./allocatingLines.ts";
import { distanceOf, functionsResults } from "./functions.ts";
import { amountOf, isAt, judge, type LineResult, named, type Place, short } from "./lines.ts";
import { FALSE_SHARE, LARGEST_DISTANCE, LARGEST_LINE_DISTANCE, LEAST_NAMED, RIGHT_HOLDERS } from "./reach.ts";
import type { FunctionOf, Truths } from "./truthComments.ts";

export interface Comparison {
  /** Of all that is charged to lines: everything but objects on V8's heap. */
  readonly lines: readonly LineResult[];
  /** Objects on V8's heap, one for each function that states some. */
  readonly functions: readonly LineResult[];
  /** Total-variation distance of the shares by function: 0 perfect, 1 all wrong. Null without allocations. */
  readonly distance: number | null;
  readonly allocating: AllocatingLines;
  readonly falseHotspots: readonly string[];
  readonly wrongHolders: readonly string[];
  /** Microseconds waited a request: whose holder is known by construction, and those of them with the right one. */
  readonly held: { readonly judged: number; readonly right: number };
  /** In plain words; empty when everything is within reach. */
  readonly complaints: readonly string[];
}

/**
 * @param connections as many requests can be under way when the measuring begins and ends
 * @param functionOf the name of the top-level function around a line
 */
export function compare(report: Report, truths: Truths, functionOf: FunctionOf, connections = 0): Comparison {
  const requests = report.requests.total;
  const place: Place = { report, functionOf, edge: requests > 0 ? connections / requests : 0 };
  const results = truths.lines.map((truth) => judge(place, truth));
  const functions = functionsResults(place, results);
  const lines = results.filter(({ figure }) => figure !== "heap");
  const distance = distanceOf(report, truths, functionOf);
  const allocating = allocatingLines(place, results);
  const falseHotspots = report.hotspots.filter((hotspot) => isFalse(hotspot, truths, functionOf)).map(named);
  const waits = report.hotspots.filter((hotspot) => holdersOf(hotspot, truths).length > 0);
  const wrong = waits.filter((hotspot) => !hasRightHolder(hotspot, truths));
  const judged = amountOf(waits);
  const held = { judged, right: judged - amountOf(wrong) };
  const wrongHolders = wrong.filter(({ share }) => share > FALSE_SHARE).map(nameOfHolder);
  const complaints = [
    ...results.flatMap(({ complaint }) => (complaint === null ? [] : [complaint])),
    ...(distance !== null && distance > LARGEST_DISTANCE
      ? [`allocations by function: distance ${distance.toFixed(3)}`]
      : []),
    ...(allocating.named !== null && allocating.named < LEAST_NAMED
      ? [`objects: lines named for ${(allocating.named * 100).toFixed(0)} %`]
      : []),
    ...[...allocating.distances]
      .filter(([, far]) => far > LARGEST_LINE_DISTANCE)
      .map(([name, far]) => `objects by line of ${name}: distance ${far.toFixed(3)}`),
    ...falseHotspots.map((name) => `false hotspot: ${name}`),
    ...(held.right < RIGHT_HOLDERS * judged
      ? wrong.map((hotspot) => `wrong holder: ${nameOfHolder(hotspot)}`)
      : []),
  ];
  return { lines, functions, distance, allocating, falseHotspots, wrongHolders, held, complaints };
}

/** Switches and locks are counted exactly, so a server that states none must have none. */
function isFalse(hotspot: Hotspot, { lines }: Truths, functionOf: FunctionOf): boolean {
  const { category, kind, share, basis } = hotspot;
  if (!isContention(basis)) return false;
  // Requests of any server at full load wait for its event loop, and their jobs for libuv's pool, in fact: that is held
  // against servers that state how long they wait.
  const loaded = kind === "loop wait" || (kind === "pool wait" && basis === "inferred");
  const counted = category === "switches" || category === "locks";
  const judged = loaded
    ? lines.some((truth) => truth.category === category && truth.amount !== null)
    : counted || lines.some((truth) => truth.category === category);
  return judged && share > FALSE_SHARE && !lines.some((truth) => isAt(hotspot, truth, functionOf));
}

/** Of waits at stated lines. A holder that names waits holds only these: for servers with several locks. */
function holdersOf(hotspot: Hotspot, { lines, holders }: Truths): Truths["holders"] {
  // The same call as a blocking one has no holder.
  if (hotspot.category !== "locks" || hotspot.basis === "blocking") return [];
  const stated = lines.filter(
    ({ category, file, line }) => category === "locks" && file === hotspot.file && line === hotspot.line,
  );
  const names = stated.flatMap(({ measured }) => (measured === null ? [] : [measured]));
  return holders.filter(({ waits }) =>
    waits.length === 0 ? stated.length > 0 : waits.some((name) => names.includes(name)),
  );
}

function hasRightHolder(hotspot: Hotspot, truths: Truths): boolean {
  const { holder } = hotspot;
  if (holder === null) return false;
  return holdersOf(hotspot, truths).some(({ file, line }) => holder.file === file && holder.line === line);
}

function nameOfHolder(hotspot: Hotspot): string {
  const { holder } = hotspot;
  return `${named(hotspot)}: ${holder === null ? "none" : `${short(holder.file)}:${holder.line}`}`;
}
