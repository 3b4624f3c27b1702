// Model: when the server (a watcher ran it anew) or one of its workers was started again.

import type { Restart } from "../protocol/report.ts";
import type { Profile, Worker } from "./profile.ts";

/** A watcher may start the next while the last one still closes. */
const SLACK_MICROS = 2_000_000;

/** In order. A restart of the server is one, with all workers that it brings. */
export function restartsOf({
  workers,
  startedMicros,
  topology,
}: Pick<Profile, "workers" | "startedMicros" | "topology">): Restart[] {
  const restarts: Restart[] = [];
  let current = new Map<number, Worker[]>();
  for (const worker of workers) {
    const ofThreads = topology === "threads" && worker.peer > 0;
    if (worker.role !== "peer" || (worker.threadId !== 0 && !ofThreads)) continue;
    const before = current.get(worker.peer) ?? [];
    // A cluster of the server's own has several at index 0 at a time: then nothing is known. Others are ours alone.
    if (before.length > 0 && (worker.peer > 0 || before.every((each) => hadEnded(workers, each, worker)))) {
      const what = worker.peer === 0 ? "server" : "worker";
      if (what === "server") current = new Map();
      restarts.push({
        atMs: (worker.startedMicros - startedMicros) / 1_000,
        what,
        worker: worker.peer,
        pid: worker.pid,
      });
    }
    current.set(worker.peer, [...(current.get(worker.peer) ?? []), worker]);
  }
  return restarts;
}

/** When each run of the server began, microseconds since the epoch: the first one, and one more after each of its restarts. */
export function runStarts(profile: Pick<Profile, "workers" | "startedMicros" | "topology">): number[] {
  const restarts = restartsOf(profile).filter(({ what }) => what === "server");
  return [
    profile.startedMicros,
    ...restarts.map(({ atMs }) => Math.round(profile.startedMicros + atMs * 1_000)),
  ];
}

/** Whether one process of the server took another's place: those of a cluster run beside each other. */
export function hasReplaced(workers: readonly Worker[], pid: number, earlier: number): boolean {
  const mains = workers.filter(({ threadId }) => threadId === 0);
  const [before, now] = [earlier, pid].map((wanted) => mains.findLast((worker) => worker.pid === wanted));
  return before !== undefined && now !== undefined && hadEnded(workers, before, now);
}

/** Of one family (a parent that hands its server to a child, a gateway and its services) they were meant to run together. */
function hadEnded(workers: readonly Worker[], before: Worker, now: Worker): boolean {
  const slack = eldestOf(workers, before) === eldestOf(workers, now) ? 0 : SLACK_MICROS;
  return before.endedMicros !== null && before.endedMicros <= now.startedMicros + slack;
}

/** The first of those that have started each other and listen: who only starts servers may well start one after another. */
function eldestOf(workers: readonly Worker[], worker: Worker): Worker {
  const { startedBy } = worker;
  const parent = startedBy === undefined ? undefined : workers[startedBy];
  // A file may say anything: only those before it, so that this ends.
  if (parent?.role !== "peer" || workers.indexOf(parent) >= workers.indexOf(worker)) return worker;
  return eldestOf(workers, parent);
}
