// Model: samples post-stratified by operation, size class and role, beside the exact totals they are to be scaled to.
// Pooled over workers of a role and windows: samples' weights already hold how likely each was, and finer strata would only
// lose amounts to strata without a sample. docs/figures.md has the statistics.

import { KINDS, type Kind, type LockBasis } from "../protocol/categories.ts";
import { cloningCallees } from "./clones.ts";
import { completeKey, splitComplete } from "./completeWindows.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Site, Sites } from "./sites.ts";
import { StackTallies } from "./stackTallies.ts";
import { type Cell, cellKey, type Sums } from "./sums.ts";
import { SiteTally, Tally } from "./tally.ts";
import type { SizedTotal } from "./variance.ts";

/** Makes one number of an operation and a stack. */
export const STACK_SPAN = 2 ** 24;

export interface Stratum {
  readonly kind: Kind;
  readonly callee: string;
  /** Of locks, else null. */
  readonly basis: LockBasis | null;
  readonly exact: Cell;
  readonly all: Tally;
  /** By `siteKey`. */
  readonly sites: Map<string, SiteTally>;
  /** Of objects: bytes allocated while it was looked for those that stay in use. 0: it was not. */
  keptOf: number;
  /** Its samples come from another time. */
  readonly inferred: boolean;
  /** Null where every event's amount is known. */
  sized: SizedTotal | null;
}

/**
 * One stratum of all heap samples of a role: their size classes need not match the total's. Between the integers, which are
 * others' keys.
 */
const HEAP: Readonly<Record<Cell["role"], number>> = { peer: -0.25, thread: -0.5, child: -0.75 };

/** Windows to take the heap's shares from when a scope has no heap samples of its own. */
export interface Elsewhere {
  /** They run into the scope, under the same load: the warm-up before the measured time. */
  readonly before: readonly ProfileWindow[];
  /** Of any other time: what they tell is inferred. */
  readonly others: readonly ProfileWindow[];
}

export function stratify(
  profile: Profile,
  windows: readonly ProfileWindow[],
  sums: Sums,
  sites: Sites,
  elsewhere: Elsewhere,
): Stratum[] {
  const strata = exactStrata(profile, sums);
  const complete = splitComplete(profile, windows, strata);
  joinSized(profile, strata);
  addSamples(profile, strata, sites, windows, complete);
  borrowHeap(elsewhere.before, false);
  borrowHeap(elsewhere.others, true);
  return joinWaits([...strata.values()]);

  function borrowHeap(from: readonly ProfileWindow[], inferred: boolean): void {
    for (const role of ["peer", "thread", "child"] as const) {
      const heap = strata.get(HEAP[role]);
      if (heap === undefined || heap.exact.amount <= 0 || heap.all.amount > 0) continue;
      strata.set(HEAP[role], { ...heap, all: new Tally(), sites: new Map(), keptOf: 0, inferred });
      addSamples(profile, strata, sites, from, new Map(), role);
    }
  }
}

/**
 * One line's waits spread over many size classes, where a copy's sizes are its line's own: a class of waits without a
 * sample joins the nearest class of its operation that has some.
 */
function joinWaits(strata: readonly Stratum[]): Stratum[] {
  const joined = strata.map((stratum) => ({ ...stratum, exact: { ...stratum.exact } }));
  const isBare = ({ kind, all }: Stratum) => KINDS[kind] === "locks" && all.amount === 0;
  return joined.filter((stratum) => {
    if (!isBare(stratum)) return true;
    const { operation, sizeClass, role } = stratum.exact;
    const distance = (other: Stratum) => Math.abs(other.exact.sizeClass - sizeClass);
    const [nearest] = joined
      .filter(({ exact }) => exact.operation === operation && exact.role === role)
      .filter((other) => !isBare(other))
      .sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined) return true;
    nearest.exact.count += stratum.exact.count;
    nearest.exact.amount += stratum.exact.amount;
    return false;
  });
}

function exactStrata(profile: Profile, sums: Sums): Map<number, Stratum> {
  const strata = new Map<number, Stratum>();
  for (const [key, cell] of sums.cells) {
    const operation = profile.operations[cell.operation];
    if (operation === undefined) continue;
    const { kind, callee } = operation;
    const heap = kind === "objects";
    const known = heap ? strata.get(HEAP[cell.role]) : undefined;
    if (known !== undefined) {
      known.exact.count += cell.count;
      known.exact.amount += cell.amount;
      continue;
    }
    const stratum = {
      kind,
      callee,
      basis: basisOf(operation),
      exact: { ...cell },
      all: new Tally(),
      sites: new Map(),
      keptOf: 0,
      inferred: false,
      sized: null,
    };
    strata.set(heap ? HEAP[cell.role] : key, stratum);
  }
  return strata;
}

/** Values that are cloned are sized where they are sampled: all classes of such an operation have one total. */
function joinSized(profile: Profile, strata: ReadonlyMap<number, Stratum>): void {
  const cloning = cloningCallees(profile.operations);
  const totals = new Map<number, SizedTotal>();
  for (const [key, stratum] of strata) {
    const { kind, callee, exact } = stratum;
    if (key < 0 || !(kind === "clone" || ((kind === "copy" || kind === "buffers") && cloning.has(callee))))
      continue;
    const id = cellKey(exact.operation, 0, exact.role);
    const total = totals.get(id) ?? { amount: 0, all: new Tally() };
    totals.set(id, total);
    total.amount += exact.amount;
    stratum.sized = total;
  }
}

function addSamples(
  profile: Profile,
  strata: ReadonlyMap<number, Stratum>,
  sites: Sites,
  windows: readonly ProfileWindow[],
  complete: ReadonlyMap<ProfileWindow, ReadonlySet<number>>,
  heapOf?: Cell["role"],
): void {
  const tallies = new StackTallies();
  const sources = new Sources();
  for (const window of windows) {
    const role = profile.workers[window.worker]?.role ?? "peer";
    if (heapOf !== undefined && heapOf !== role) continue;
    addKept(strata.get(HEAP[role]), sites, window);
    addRows(profile, strata, tallies, sources, window, role, complete.get(window), heapOf !== undefined);
  }
  const byStratum = new Map<Stratum, number[]>(sources.list.map(({ stratum }) => [stratum, []]));
  for (let tally = 0; tally < tallies.count; tally++)
    byStratum.get(sources.at(tallies.sourceOf(tally)).stratum)?.push(tally);
  const sum = new Tally();
  for (const ofStratum of byStratum.values())
    for (const tally of ofStratum)
      addToSite(profile, sources.at(tallies.sourceOf(tally)), sites, tallies, tally, sum);
}

/** What a row is of: objects of several operations are one stratum. */
interface Source {
  readonly stratum: Stratum;
  readonly operation: number;
}

class Sources {
  readonly list: Source[] = [];
  private readonly known = new Map<Stratum, Map<number, number>>();

  of(stratum: Stratum, operation: number): number {
    const ofStratum = this.known.get(stratum) ?? new Map<number, number>();
    this.known.set(stratum, ofStratum);
    const known = ofStratum.get(operation) ?? this.list.push({ stratum, operation }) - 1;
    ofStratum.set(operation, known);
    return known;
  }

  at(source: number): Source {
    return this.list[source] as Source;
  }
}
const NO_SOURCE = -1;

function addRows(
  { operations }: Profile,
  strata: ReadonlyMap<number, Stratum>,
  tallies: StackTallies,
  sources: Sources,
  { samples, worker }: ProfileWindow,
  role: Cell["role"],
  complete: ReadonlySet<number> | undefined,
  heapOnly: boolean,
): void {
  // Rows of one cell mostly follow each other.
  let lastKey = Number.NaN;
  let source = NO_SOURCE;
  for (const row of samples) {
    const operation = row[0] | 0;
    const heap = operations[operation]?.kind === "objects";
    if (heapOnly && !heap) continue;
    const key = cellKey(operation, row[1] | 0, role);
    if (key !== lastKey) {
      lastKey = key;
      const stratum = strata.get(heap ? HEAP[role] : complete?.has(key) ? completeKey(key) : key);
      source = stratum === undefined ? NO_SOURCE : sources.of(stratum, operation);
    }
    if (source !== NO_SOURCE) tallies.add(source, row, worker);
  }
}

/** @param sum to read the tally into, each time the same */
function addToSite(
  { operations }: Profile,
  { stratum, operation: id }: Source,
  sites: Sites,
  tallies: StackTallies,
  tally: number,
  sum: Tally,
): void {
  const operation = operations[id];
  if (operation === undefined) return;
  const stack = tallies.stackOf(tally);
  const site = sites.of(stack);
  const callee = site.callee ?? operation.callee;
  const ofSite = tallyOf(stratum, siteKey(operation.kind, site, callee, basisOf(operation)), site);
  tallies.read(tally, sum);
  stratum.all.addAll(sum);
  stratum.sized?.all.addAll(sum);
  ofSite.addAll(sum);
  tallies.addWorkers(tally, ofSite.byWorker);
  ofSite.stacks.add(stack, sum.amount);
  tallies.addHolders(tally, ofSite.holders);
  ofSite.callees.add(callee, sum.amount);
}

function addKept(stratum: Stratum | undefined, sites: Sites, { heapKept }: ProfileWindow): void {
  if (stratum === undefined || heapKept === undefined) return;
  const [allocatedBytes, rows] = heapKept;
  stratum.keptOf += allocatedBytes;
  for (const [stack, samples, bytes] of rows) {
    const site = sites.of(stack);
    const tally = tallyOf(stratum, siteKey("objects", site, "", null), site);
    tally.keptSamples += samples;
    tally.keptBytes += bytes;
  }
}

function tallyOf({ sites }: Stratum, key: string, site: Site): SiteTally {
  const known = sites.get(key);
  if (known !== undefined) return known;
  const tally = new SiteTally(site);
  sites.set(key, tally);
  return tally;
}

export function basisOf({ kind, basis }: Profile["operations"][number]): LockBasis | null {
  return KINDS[kind] === "locks" ? (basis ?? "exact") : null;
}

/** What makes two samples one hotspot. */
export function siteKey(kind: Kind, site: Site, callee: string, basis: LockBasis | null): string {
  const heap = kind === "objects";
  // A heap sample names a function: whatever it calls is one site, and two may begin on one line.
  const name = heap || site.file === "" ? site.function : "";
  return `${kind}\n${site.file}\n${site.line}\n${name}\n${heap ? "" : callee}\n${basis ?? ""}`;
}

export function bump<K>(map: Map<K, number>, key: K, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}
