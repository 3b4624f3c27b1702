// Model: which processes of a program are servers beside the one that has the workers, as a gateway's services are.

import type { Worker } from "./profile.ts";

/** Of a process that has ended, what it still had to send: it ends in our book after its successor began. */
export const ENDING_MICROS = 1_000_000;

/**
 * Indices of those that ran beside a worker of the same number on another port, which more workers shared. A server that
 * came back on another port is the same one.
 */
export function otherServers(workers: readonly Worker[]): ReadonlySet<number> {
  const sharing = new Map<number, Set<number>>();
  for (const { role, port, peer } of workers) {
    if (role === "peer" && port !== null) sharing.set(port, (sharing.get(port) ?? new Set()).add(peer));
  }
  const count = (port: number | null) => (port === null ? 0 : (sharing.get(port)?.size ?? 0));
  const isBeside = (one: Worker, other: Worker) =>
    one.pid !== other.pid &&
    one.peer === other.peer &&
    one.startedMicros < endOf(other) &&
    other.startedMicros < endOf(one);
  return new Set(
    workers.flatMap((worker, index) =>
      count(worker.port) > 0 &&
      workers.some(
        (other) => other.role === "peer" && count(other.port) > count(worker.port) && isBeside(worker, other),
      )
        ? [index]
        : [],
    ),
  );
}

const endOf = ({ endedMicros }: Worker) => (endedMicros ?? Number.POSITIVE_INFINITY) - ENDING_MICROS;
