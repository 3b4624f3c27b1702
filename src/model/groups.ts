// Model: hotspots summed up by line, function, file or dependency. A group is of one category, so that its amounts have one
// unit and processor and waiting time never meet; what is no contention is in no total and stays apart. Pure.

import { isContention, type Kind } from "../protocol/categories.ts";
import type { Confidence, Hotspot } from "../protocol/report.ts";

export const GROUPINGS = ["site", "line", "function", "file", "dependency"] as const;
/** `site`: one row a call site, kind and callee, as the report has them. */
export type Grouping = (typeof GROUPINGS)[number];

/** As estimates have it: 95 %, and the fewest samples that have a ±. */
const Z = 1.96;
const LEAST_SAMPLES = 5;
const MOST_ROUTES = 5;

export interface HotspotGroup {
  readonly key: string;
  readonly by: Exclude<Grouping, "site">;
  /** A function's name, a file, a package; "" for what has none: code of no file, or the user's own code. */
  readonly name: string;
  /** At the line of the member with the most; `stack`, `holder`, keys and the like are its members' alone. */
  readonly sum: Hotspot;
  /** The kinds of its members, the one with the most first. */
  readonly kinds: readonly Kind[];
  /** The one with the most impact first. */
  readonly members: readonly Hotspot[];
  readonly lines: number;
}

/** In the order of their first members. */
export function groupHotspots(
  hotspots: Iterable<Hotspot>,
  by: Exclude<Grouping, "site">,
): readonly HotspotGroup[] {
  const groups = new Map<string, { readonly name: string; readonly members: Hotspot[] }>();
  for (const hotspot of hotspots) {
    const name = nameIn(hotspot, by);
    const key = `${by}|${hotspot.category}|${isContention(hotspot.basis) ? "" : hotspot.basis}|${placeIn(hotspot, by, name)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { name, members: [hotspot] });
    else known.members.push(hotspot);
  }
  return [...groups].map(([key, { name, members }]) => groupOf(key, by, name, members));
}

function nameIn(hotspot: Hotspot, by: Exclude<Grouping, "site">): string {
  switch (by) {
    case "line":
    case "function":
      return hotspot.function;
    case "file":
      return hotspot.file;
    case "dependency":
      return hotspot.dependency ?? "";
  }
}

function placeIn({ file, line }: Hotspot, by: Exclude<Grouping, "site">, name: string): string {
  switch (by) {
    case "line":
      return file === "" ? name : `${file}:${line}`;
    case "function":
      return `${file}\n${name}`;
    default:
      return name;
  }
}

function groupOf(
  key: string,
  by: Exclude<Grouping, "site">,
  name: string,
  unordered: readonly Hotspot[],
): HotspotGroup {
  const members = [...unordered].sort(byImpact);
  return {
    key,
    by,
    name,
    sum: sumOf(members),
    kinds: kindsOf(members),
    members,
    lines: new Set(members.map(({ file, line, function: within }) => `${file}:${line || within}`)).size,
  };
}

function byImpact(a: Hotspot, b: Hotspot): number {
  return (b.impactMicrosPerRequest ?? -1) - (a.impactMicrosPerRequest ?? -1) || b.amount - a.amount;
}

function kindsOf(members: readonly Hotspot[]): Kind[] {
  const amounts = new Map<Kind, number>();
  for (const { kind, amount } of members) amounts.set(kind, (amounts.get(kind) ?? 0) + amount);
  return [...amounts].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
}

/** @param members of one category, the one with the most impact first */
export function sumOf(members: readonly Hotspot[]): Hotspot {
  const [first] = members;
  if (first === undefined) throw new RangeError("A group has a member.");
  const add = (of: (hotspot: Hotspot) => number) => members.reduce((sum, hotspot) => sum + of(hotspot), 0);
  // One part that is not known leaves the sum unknown: half a sum would look like a whole one.
  const addKnown = (of: (hotspot: Hotspot) => number | null) =>
    members.reduce<number | null>((sum, hotspot) => {
      const part = of(hotspot);
      return sum === null || part === null ? null : sum + part;
    }, 0);
  const samples = add((hotspot) => hotspot.samples);
  const amount = add((hotspot) => hotspot.amount);
  const confidence = confidenceOf(members);
  return {
    category: first.category,
    kind: first.kind,
    file: first.file,
    line: first.line,
    column: first.column,
    function: first.function,
    callee: "",
    ...(first.dependency === undefined ? {} : { dependency: first.dependency }),
    count: add((hotspot) => hotspot.count),
    amount,
    unit: first.unit,
    perRequest: addKnown((hotspot) => hotspot.perRequest),
    share: Math.min(
      1,
      add((hotspot) => hotspot.share),
    ),
    impactMicrosPerRequest: addKnown((hotspot) => hotspot.impactMicrosPerRequest),
    samples,
    relativeError: confidence === "exact" ? 0 : errorOf(members, amount, samples),
    confidence,
    holder: null,
    basis: first.basis,
    releaser: null,
    key: null,
    keys: [],
    queue: null,
    routes: routesOf(members),
    hold: null,
    stack: [],
    byWorker: first.byWorker.map((_, index) => add(({ byWorker }) => byWorker[index] ?? 0)),
  };
}

/** Exact only if all parts are; inferred if one is. */
function confidenceOf(members: readonly Hotspot[]): Confidence {
  if (members.some(({ confidence }) => confidence === "inferred")) return "inferred";
  return members.every(({ confidence }) => confidence === "exact") ? "exact" : "sampled";
}

/**
 * Variances add: sites share their samples' total, so that one's chance is at the cost of others, and the sum is not more
 * uncertain than that. A site with too few samples for a ± of its own counts with that of as many equal samples, 1.96 / √n.
 */
function errorOf(members: readonly Hotspot[], amount: number, samples: number): number | null {
  if (samples < LEAST_SAMPLES || amount <= 0) return null;
  const squares = members.reduce((sum, each) => sum + halfWidth(each) ** 2, 0);
  return Math.sqrt(squares) / amount;
}

/** Of the 95 % interval, in the unit of the amount. */
function halfWidth({ amount, relativeError, samples, confidence }: Hotspot): number {
  if (confidence === "exact") return 0;
  return amount * (relativeError ?? (samples > 0 ? Z / Math.sqrt(samples) : 1));
}

/** Of what is known by request. */
function routesOf(members: readonly Hotspot[]): Hotspot["routes"] {
  const sums = new Map<string, { method: string; route: string; amount: number }>();
  let known = 0;
  for (const { routes, amount } of members) {
    if (routes.length > 0) known += amount;
    for (const { method, route, share } of routes) {
      const name = `${method} ${route}`;
      const sum = sums.get(name) ?? { method, route, amount: 0 };
      sum.amount += share * amount;
      sums.set(name, sum);
    }
  }
  return [...sums.values()]
    .sort((a, b) => b.amount - a.amount)
    .slice(0, MOST_ROUTES)
    .map(({ method, route, amount }) => ({ method, route, share: known > 0 ? amount / known : 0 }));
}
