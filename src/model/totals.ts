// Model: a category's totals, exact, and the share of them that is explained.

import type { Calibration } from "../protocol/calibration.ts";
import { CATEGORIES, type Category, isContention, KINDS, UNIT_OF } from "../protocol/categories.ts";
import type { CategoryTotals, WorkerReport } from "../protocol/report.ts";
import { THREAD_CLASSES } from "../protocol/window.ts";
import type { Amounts } from "./amounts.ts";
import { categoryMicros, isMeasured } from "./cost.ts";
import type { SiteEstimate } from "./estimate.ts";
import { categoryOf, perRequest } from "./hotspots.ts";
import { unexplainedOffHeap } from "./offHeap.ts";
import type { Profile } from "./profile.ts";
import type { Sites } from "./sites.ts";
import { kernelSwitches, type Sums } from "./sums.ts";

export function totalsOf(
  profile: Pick<Profile, "operations">,
  sums: Sums,
  estimates: readonly SiteEstimate[],
  calibration: Calibration | null,
  sites: Sites,
  workers: readonly WorkerReport[] = [],
): Record<Category, CategoryTotals> {
  const { operations } = profile;
  const totals = (category: Category): CategoryTotals => {
    const measured = isMeasured(operations, category);
    let count = 0;
    let cells = 0;
    for (const cell of sums.cells.values()) {
      const operation = operations[cell.operation];
      if (operation === undefined || KINDS[operation.kind] !== category || operation.kind === "hop") continue;
      if (!isContention(operation.basis)) continue;
      // A pool job is one call and two hand-offs.
      count += category === "switches" ? cell.amount : cell.count;
      cells += cell.amount;
    }
    const amount = category === "switches" ? kernelSwitches(sums) : measured ? cells : null;
    const own = estimates.filter(
      (estimate) => categoryOf(estimate) === category && isContention(estimate.basis),
    );
    return {
      count: measured ? count : null,
      amount,
      unit: UNIT_OF[category],
      perRequest: perRequest(amount, sums),
      impactMicrosPerRequest: perRequest(categoryMicros(category, sums, operations, calibration), sums),
      explained:
        category === "switches"
          ? measured
            ? explainedSwitches(operations, sums, calibration, workers)
            : null
          : explained(category, own, amount, operations, sums, sites),
    };
  };
  return Object.fromEntries(CATEGORIES.map((category) => [category, totals(category)])) as Record<
    Category,
    CategoryTotals
  >;
}

/** The share with a line of the user's or a dependency's; of lock waits, with a holder's line too. */
function explained(
  category: Category,
  estimates: readonly SiteEstimate[],
  amount: number | null,
  operations: Profile["operations"],
  sums: Sums,
  sites: Sites,
): number | null {
  if (amount === null || amount <= 0) return null;
  let named = 0;
  let buffers = 0;
  for (const { kind, site, amount: part, holders } of estimates) {
    if (kind === "buffers") buffers += part;
    if (site.file === "") continue;
    named += category === "locks" ? held(holders, sites) : part;
  }
  if (category !== "allocations") return Math.min(1, named / amount);
  const unseen = unexplainedOffHeap(operations, sums) ?? 0;
  // With what the probes could not see: V8's own count of the heap's bytes, and what was made off the heap uncounted.
  return Math.min(1, named / (Math.max(amount, (sums.allocatedBytes ?? 0) + buffers) + unseen));
}

function held(holders: Amounts<number>, sites: Sites): number {
  let sum = 0;
  for (const [stack, amount] of holders) {
    if (stack !== 0 && sites.of(stack).file !== "") sum += amount;
  }
  return sum;
}

/**
 * Of a pool's thread: it sleeps until a job comes, and again, woken, for the pool's lock, because libuv wakes it before it lets
 * go of that (1.8 to 2.1 were measured, one to twenty jobs at a time).
 */
const SLEEPS_OF_A_JOB = 2;

/**
 * Kernel switches with a known cause, none counted for more than its class of threads had: loops that went to
 * sleep for events, pool threads that got or finished a job, V8's helper threads, and all that were preempted.
 */
function explainedSwitches(
  operations: Profile["operations"],
  sums: Sums,
  calibration: Calibration | null,
  workers: readonly WorkerReport[],
): number | null {
  const total = kernelSwitches(sums);
  const { switches, loops } = sums;
  const perRoundTrip = calibration?.switchesPerPoolRoundTrip ?? null;
  if (total === null || total <= 0 || switches === null || perRoundTrip === null || !loops.loop.known)
    return null;
  let handOffs = 0;
  for (const cell of sums.cells.values()) {
    if (operations[cell.operation]?.kind === "round trip") handOffs += cell.amount;
  }
  // Of a round trip's switches one half falls on the pool, the other on the loop, where it is a wake-up.
  const pool = Math.min(
    switches.pool.voluntary,
    (handOffs / 2) * Math.max(perRoundTrip / 2, SLEEPS_OF_A_JOB),
  );
  // Recordings of earlier versions do not tell why: there a turn explains one.
  const slept = (of: "loop" | "worker") =>
    knownWakes(workers, of === "worker") ?? Math.min(loops[of].voluntary, loops[of].iterations);
  const loop = Math.min(switches.loop.voluntary, slept("loop"));
  const worker = Math.min(switches.worker.voluntary, slept("worker"));
  const preempted = THREAD_CLASSES.reduce((sum, name) => sum + switches[name].involuntary, 0);
  return Math.min(1, (pool + loop + worker + switches.v8.voluntary + preempted) / total);
}

/** Of all loops of main threads, or of worker threads; null where one that slept does not know. */
function knownWakes(workers: readonly WorkerReport[], ofThreads: boolean): number | null {
  let known: number | null = null;
  for (const { threadId, wakes, voluntary } of workers) {
    if (threadId > 0 !== ofThreads || voluntary === null) continue;
    if (wakes === null || wakes === undefined) return null;
    // Without a wake nothing is to be explained.
    known = (known ?? 0) + wakes.count * (wakes.explained ?? 1);
  }
  return known;
}
