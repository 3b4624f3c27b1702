// Model: the topology lab: the same load over several topologies, in several rounds: what each figure came to, and
// whether topologies differ in it by more than rounds do. Pure.

import type { Report } from "../protocol/report.ts";
import type { ActiveTopology } from "../protocol/sessionFile.ts";

export const LAB_SCHEMA = "darcy-lab/1";

export const LAB_FIGURES = [
  { id: "requestsPerCpuSecond", title: "requests a CPU second", better: "more" },
  { id: "requestsPerSecond", title: "requests a second", better: "more" },
  { id: "p50Micros", title: "latency p50, µs", better: "less" },
  { id: "p99Micros", title: "latency p99, µs", better: "less" },
  { id: "switchesPerRequest", title: "switches a request", better: "less" },
  { id: "idleWakesPerAccept", title: "wakes for nothing an accept", better: "less" },
  { id: "balance", title: "balance, CV of requests", better: "less" },
] as const;
export type LabFigure = (typeof LAB_FIGURES)[number]["id"];

/** Of one recording; null where it is not known. */
export type LabRun = Readonly<Record<LabFigure, number | null>>;

export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly rounds: number;
}

export interface LabRow {
  readonly asked: string;
  /** What it came to. */
  readonly topology: ActiveTopology;
  readonly figures: Readonly<Record<LabFigure, Quartiles | null>>;
}

export interface Lab {
  readonly schema: typeof LAB_SCHEMA;
  readonly rounds: number;
  readonly workers: number;
  readonly rows: readonly LabRow[];
  /** By figure the topology that is better than all others, their quartiles apart; null where that is not clear. */
  readonly clear: Readonly<Record<LabFigure, string | null>>;
}

export function labRun(report: Report): LabRun {
  const { requests, totals, processorMicrosPerRequest: processor, balance } = report;
  const { p50Micros, p99Micros } = latencies(report);
  const { amount } = totals.switches;
  return {
    requestsPerCpuSecond: processor === null || processor <= 0 ? null : 1e6 / processor,
    requestsPerSecond: requests.total === 0 ? null : requests.perSecond,
    p50Micros,
    p99Micros,
    switchesPerRequest: amount === null || requests.total === 0 ? null : amount / requests.total,
    idleWakesPerAccept: idleWakes(report),
    balance,
  };
}

/** Of the route that most requests took: percentiles of several can't be added up. */
function latencies({ requests }: Report): { p50Micros: number | null; p99Micros: number | null } {
  const [most] = [...requests.routes].sort((a, b) => b.count - a.count);
  return { p50Micros: most?.p50Micros ?? null, p99Micros: most?.p99Micros ?? null };
}

/** Wakes of the listening loops that brought nothing we know, for each connection that was accepted. */
function idleWakes({ topology, workers }: Report): number | null {
  // There connections come to peer 0 alone, which gives them away: a peer does not know which of its events they are.
  if (topology === "rr" || topology === "threads") return null;
  let idle = 0;
  let accepted = 0;
  for (const { role, wakes } of workers) {
    if (role !== "peer" || wakes === undefined || wakes === null) continue;
    for (const { cause, wakes: count, happened } of wakes.causes) {
      if (cause === "other event" || cause === "unknown") idle += count;
      if (cause === "connection") accepted += happened ?? 0;
    }
  }
  return accepted === 0 ? null : idle / accepted;
}

export interface LabResult {
  readonly asked: string;
  readonly report: Report;
}

/** @param results of all rounds, in any order */
export function toLab(results: readonly LabResult[], workers: number): Lab {
  const asked = [...new Set(results.map((result) => result.asked))];
  const rows = asked.map((name): LabRow => {
    const own = results.filter((result) => result.asked === name).map(({ report }) => report);
    const runs = own.map(labRun);
    return {
      asked: name,
      topology: own.at(-1)?.topology ?? "single",
      figures: figuresOf((id) => quartiles(runs.map((run) => run[id]))),
    };
  });
  const rounds = Math.min(...asked.map((name) => results.filter((result) => result.asked === name).length));
  return { schema: LAB_SCHEMA, rounds, workers, rows, clear: figuresOf((id) => clearlyBest(rows, id)) };
}

function figuresOf<T>(of: (id: LabFigure) => T): Record<LabFigure, T> {
  return Object.fromEntries(LAB_FIGURES.map(({ id }) => [id, of(id)])) as Record<LabFigure, T>;
}

/** Linear between the values around; null where one of the rounds does not know it. */
export function quartiles(values: readonly (number | null)[]): Quartiles | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0 || known.length < values.length) return null;
  const at = (share: number) => {
    const place = share * (known.length - 1);
    const below = known[Math.floor(place)] as number;
    return below + ((known[Math.ceil(place)] as number) - below) * (place % 1);
  };
  return { lower: at(0.25), median: at(0.5), upper: at(0.75), rounds: known.length };
}

const LEAST_ROUNDS = 3;

function clearlyBest(rows: readonly LabRow[], id: LabFigure): string | null {
  const more = LAB_FIGURES.find((figure) => figure.id === id)?.better === "more";
  const known = rows.flatMap(({ asked, topology, figures }) =>
    figures[id] === null ? [] : [{ asked, topology, at: figures[id] }],
  );
  if (known.length < 2 || known.length < rows.length) return null;
  if (known.some(({ at }) => at.rounds < LEAST_ROUNDS)) return null;
  const [best, ...others] = known.sort((a, b) =>
    more ? b.at.median - a.at.median : a.at.median - b.at.median,
  );
  if (best === undefined) return null;
  // Two that came to the same differ by chance.
  if (others.some(({ topology }) => topology === best.topology)) return null;
  const apart = others.every(({ at }) => (more ? at.upper < best.at.lower : at.lower > best.at.upper));
  return apart ? best.asked : null;
}
