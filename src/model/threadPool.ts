// Model: libuv's thread pool over a scope: how busy, how long saturated, and whether its model is right.

import type { ThreadPoolReport } from "../protocol/report.ts";
import type { PoolFigures } from "../protocol/window.ts";
import { measuredMicros } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

export function threadPoolOf(
  profile: Pick<Profile, "workers">,
  windows: readonly ProfileWindow[],
): ThreadPoolReport | null {
  const pools = new Map<number, PoolFigures>();
  const wall = new Map<number, number>();
  for (const window of windows) {
    const { worker, pool } = window;
    wall.set(worker, (wall.get(worker) ?? 0) + measuredMicros(window));
    if (pool !== undefined) pools.set(worker, mergePools(pools.get(worker), pool) as PoolFigures);
  }
  if (pools.size === 0) return null;
  const sum = (place: 1 | 2 | 3 | 4 | 5 | 6) =>
    [...pools.values()].reduce((all, pool) => all + pool[place], 0);
  // Worker threads hand in to the same pool as their process.
  const processes = new Set([...pools.keys()].map((worker) => profile.workers[worker]?.pid));
  const micros = Math.max(...[...pools.keys()].map((worker) => wall.get(worker) ?? 0)) * processes.size;
  const checks = sum(4);
  return {
    size: Math.max(...[...pools.values()].map(([size]) => size)),
    jobs: sum(1),
    busyThreads: micros > 0 ? sum(2) / micros : 0,
    saturated: micros > 0 ? Math.min(1, sum(3) / micros) : 0,
    checks,
    checkedWaitMicros: checks > 0 ? sum(5) / checks : null,
    modelledWaitMicros: checks > 0 ? sum(6) / checks : null,
  };
}

/** Of one thread. */
export function mergePools(a: PoolFigures | undefined, b: PoolFigures | undefined): PoolFigures | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [size, ...rest] = b;
  return [
    Math.max(a[0], size),
    ...rest.map((value, at) => value + (a[at + 1] as number)),
  ] as unknown as PoolFigures;
}
