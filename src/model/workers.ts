// Model: a row a worker, and how evenly the requests fell on them.

import type { WakesReport } from "../protocol/loops.ts";
import type { WorkerReport } from "../protocol/report.ts";
import { isOfServer } from "../protocol/serverWorkers.ts";
import { measuredMicros } from "./measuredTime.ts";
import { ENDING_MICROS, otherServers } from "./otherServers.ts";
import type { Profile, ProfileWindow, Worker } from "./profile.ts";
import type { Scope } from "./scope.ts";
import { wakesOf } from "./wakes.ts";

/**
 * In the order of `scope.workers`.
 * @param wakes by index into the profile's workers
 */
export function workersOf(
  profile: Pick<Profile, "workers" | "topology" | "operations">,
  scope: Scope,
  wakes: ReadonlyMap<number, WakesReport> = wakesOf(profile, scope),
): WorkerReport[] {
  const byWorker = new Map<number, ProfileWindow[]>(scope.workers.map((index) => [index, []]));
  for (const window of scope.windows) byWorker.get(window.worker)?.push(window);
  const others = otherServers(profile.workers);
  const rows: WorkerReport[] = [];
  for (const [index, windows] of byWorker) {
    const worker = profile.workers[index];
    if (worker === undefined) continue;
    const row = { ...rowOf(worker, windows, profile.topology), wakes: wakes.get(index) ?? null };
    rows.push(others.has(index) && worker.port !== null ? { ...row, port: worker.port } : row);
  }
  return profile.topology === "single" ? ownCluster(profile.workers, scope.workers, rows) : rows;
}

/**
 * A server with a cluster of its own: all its processes were started as one peer. Each gets an id of its own, the
 * next that no living one has; the primary, which listens but hands all connections on, is no peer.
 */
function ownCluster(
  workers: readonly Worker[],
  indices: readonly number[],
  rows: readonly WorkerReport[],
): WorkerReport[] {
  const ids = idsOf(workers);
  const numbered = rows.map((row, at) => ({ ...row, id: ids[indices[at] as number] ?? row.id }));
  const peers = numbered.filter(({ role }) => role === "peer");
  const primary = peers.find(({ id, requests }) => id === 0 && requests === 0);
  if (primary === undefined || !peers.some(({ id, requests }) => id > 0 && requests > 0)) return numbered;
  return numbered.map((row) => (row === primary ? { ...row, role: "child" } : row));
}

/** By index into the profile's workers. Threads have their process's; children that do not listen keep the peer's. */
function idsOf(workers: readonly Worker[]): number[] {
  const living: { pid: number; id: number; endedMicros: number }[] = [];
  return workers.map(({ role, pid, threadId, peer, startedMicros, endedMicros }) => {
    const taken = living.filter((other) => other.endedMicros > startedMicros + ENDING_MICROS);
    const own = taken.find((other) => other.pid === pid);
    if (own !== undefined) return own.id;
    if (role !== "peer" || threadId > 0) return peer;
    let id = peer;
    while (taken.some((other) => other.id === id)) id++;
    living.push({ pid, id, endedMicros: endedMicros ?? Number.POSITIVE_INFINITY });
    return id;
  });
}

function rowOf(
  worker: Worker,
  windows: readonly ProfileWindow[],
  topology: Profile["topology"],
): WorkerReport {
  const wall = sum(windows, measuredMicros);
  const iterations = sumKnown(windows, (window) => window.thread.loopIterations);
  const events = sumKnown(windows, (window) => window.thread.loopEvents);
  const cpu =
    worker.threadId === 0 && topology !== "threads"
      ? sumKnown(windows, (window) => window.process?.cpuMicros ?? null)
      : sumKnown(windows, (window) => window.thread.cpuMicros);
  return {
    id: worker.peer,
    pid: worker.pid,
    threadId: worker.threadId,
    role: worker.role,
    requests: sum(windows, (window) => window.requests.reduce((total, [, count]) => total + count, 0)),
    connections: windows.findLast((window) => window.process !== null)?.process?.openConnections ?? null,
    cpuMs: millis(cpu),
    loopUtilization:
      wall > 0 ? Math.min(1, sum(windows, (window) => window.thread.loopActiveMicros) / wall) : 0,
    voluntary: sumKnown(windows, (window) => window.thread.voluntary),
    involuntary: sumKnown(windows, (window) => window.thread.involuntary),
    runQueueMs: millis(sumKnown(windows, (window) => window.thread.runQueueMicros)),
    gcMs: sum(windows, (window) => window.gc.reduce((total, [, , micros]) => total + micros, 0)) / 1000,
    eventsPerWakeup: iterations === null || events === null || iterations <= 0 ? null : events / iterations,
  };
}

/** Standard deviation over mean of the server's peers' requests; a restarted peer is one with its forerunner. */
export function balanceOf(workers: readonly WorkerReport[]): number | null {
  const byPeer = new Map<number, number>();
  for (const worker of workers) {
    if (isOfServer(worker)) byPeer.set(worker.id, (byPeer.get(worker.id) ?? 0) + worker.requests);
  }
  const counts = [...byPeer.values()];
  const mean = sum(counts, (count) => count) / counts.length;
  if (counts.length < 2 || mean <= 0) return null;
  return Math.sqrt(sum(counts, (count) => (count - mean) ** 2) / counts.length) / mean;
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
/** Null where no item knows it. */
function sumKnown<T>(list: readonly T[], of: (item: T) => number | null): number | null {
  let total: number | null = null;
  for (const item of list) {
    const value = of(item);
    if (value !== null) total = (total ?? 0) + value;
  }
  return total;
}
function millis(micros: number | null): number | null {
  return micros === null ? null : micros / 1000;
}
