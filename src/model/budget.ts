// Model: holds a report against a budget: limits on what a request may cost, so that a build can fail on a regression.
// What was not measured breaks its limit: a check that can't be made is none that passed.

import { CATEGORIES } from "../protocol/categories.ts";
import type { Report } from "../protocol/report.ts";
import type { RouteReport } from "../protocol/requests.ts";

export type LimitUnit = "bytes" | "micros" | "count" | "perSecond";

/** Limits on the whole server. What is counted is a request's. */
export const MOST_UNITS = {
  copies: "bytes",
  allocations: "bytes",
  switches: "count",
  handOffs: "count",
  waits: "count",
  copiesMicros: "micros",
  switchesMicros: "micros",
  allocationsMicros: "micros",
  locksMicros: "micros",
  processorMicros: "micros",
  meanMicros: "micros",
  p50Micros: "micros",
  p99Micros: "micros",
} as const satisfies Readonly<Record<string, LimitUnit>>;
export const LEAST_UNITS = {
  requests: "count",
  requestsPerSecond: "perSecond",
} as const satisfies Readonly<Record<string, LimitUnit>>;
/** Limits on one route's requests. */
export const ROUTE_UNITS = {
  copies: "bytes",
  buffers: "bytes",
  handOffs: "count",
  locksMicros: "micros",
  p50Micros: "micros",
  p99Micros: "micros",
} as const satisfies Readonly<Record<string, LimitUnit>>;

type Limits<T> = { readonly [K in keyof T]?: number };
export type RouteLimits = Limits<typeof ROUTE_UNITS>;
export interface Budget {
  readonly most: Limits<typeof MOST_UNITS>;
  readonly least: Limits<typeof LEAST_UNITS>;
  /** By `GET /orders`. */
  readonly routes: Readonly<Record<string, RouteLimits>>;
}

export interface CheckedLimit {
  readonly name: string;
  /** Null: of the whole server. */
  readonly route: string | null;
  readonly unit: LimitUnit;
  readonly bound: "most" | "least";
  readonly limit: number;
  /** Null: not measured. */
  readonly actual: number | null;
  readonly ok: boolean;
}

export function checkBudget(report: Report, budget: Budget): CheckedLimit[] {
  const figures = mostFigures(report);
  const { total, perSecond } = report.requests;
  return [
    ...limitsOf(budget.least, LEAST_UNITS, "least", null, { requests: total, requestsPerSecond: perSecond }),
    ...limitsOf(budget.most, MOST_UNITS, "most", null, figures),
    ...Object.entries(budget.routes).flatMap(([route, limits]) => {
      const found = report.requests.routes.find((each) => `${each.method} ${each.route}` === route);
      return limitsOf(limits, ROUTE_UNITS, "most", route, found === undefined ? {} : routeFigures(found));
    }),
  ];
}

function limitsOf<T extends Readonly<Record<string, LimitUnit>>>(
  limits: Limits<T>,
  units: T,
  bound: "most" | "least",
  route: string | null,
  figures: Readonly<Partial<Record<string, number | null>>>,
): CheckedLimit[] {
  return Object.entries<number | undefined>(limits).flatMap(([name, limit]) => {
    const unit = units[name];
    if (limit === undefined || unit === undefined) return [];
    const actual = figures[name] ?? null;
    const ok = actual !== null && (bound === "most" ? actual <= limit : actual >= limit);
    return [{ name, route, unit, bound, limit, actual, ok }];
  });
}

function mostFigures({
  totals,
  requests,
  processorMicrosPerRequest,
}: Report): Record<keyof typeof MOST_UNITS, number | null> {
  const each = (count: number | null) =>
    count === null || requests.total <= 0 ? null : count / requests.total;
  const impact = Object.fromEntries(
    CATEGORIES.map((category) => [`${category}Micros`, totals[category].impactMicrosPerRequest]),
  ) as Record<`${(typeof CATEGORIES)[number]}Micros`, number | null>;
  return {
    copies: totals.copies.perRequest,
    allocations: totals.allocations.perRequest,
    switches: totals.switches.perRequest,
    handOffs: each(totals.switches.count),
    waits: each(totals.locks.count),
    ...impact,
    processorMicros: processorMicrosPerRequest,
    meanMicros: requests.meanMicros,
    p50Micros: requests.p50Micros,
    p99Micros: requests.p99Micros,
  };
}

function routeFigures({
  costs,
  p50Micros,
  p99Micros,
}: RouteReport): Record<keyof typeof ROUTE_UNITS, number | null> {
  return {
    copies: costs.copies?.perRequest ?? null,
    buffers: costs.buffers?.perRequest ?? null,
    handOffs: costs.switches?.perRequest ?? null,
    locksMicros: costs.locks?.perRequest ?? null,
    p50Micros,
    p99Micros,
  };
}
