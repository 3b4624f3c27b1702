// Truth suite: cases of lock waits.

import { CALM, server, type TruthCase, WAITING } from "./truthCase.ts";

/** Found without knowing the lock, in windows of a tenth of the time; off by default before Node 24. */
const HANDED_OVER = { ...CALM, rate: null, seconds: 15, stacks: 10_000, quick: [26], nodes: [24, 26] };

export const LOCKS: readonly TruthCase[] = [
  { name: "async-mutex", ...WAITING, quick: [], ...server("mutex", "server.cjs") },
  // Node 20 has no hooks for ES modules that run on the same thread, so p-limit goes unseen there.
  {
    name: "p-limit",
    ...CALM,
    connections: 4,
    rate: null,
    quick: [26],
    nodes: [22, 24, 26],
    ...server("limit", "server.mjs"),
  },
  // Before Node 24 it is not known which request runs.
  {
    name: "waits of nobody's",
    ...WAITING,
    quick: [24],
    nodes: [24, 26],
    ...server("background", "server.cjs", ["thread.cjs"]),
  },
  { name: "async-lock", ...WAITING, quick: [], ...server("asyncLock", "server.cjs") },
  { name: "async-sema", ...WAITING, quick: [], ...server("sema", "server.cjs") },
  {
    name: "await-lock",
    ...CALM,
    connections: 3,
    rate: null,
    quick: [],
    ...server("awaitLock", "server.mjs"),
  },
  { name: "p-queue", ...CALM, connections: 6, rate: null, quick: [], ...server("queue", "server.mjs") },
  {
    name: "three locks at once",
    ...CALM,
    connections: 6,
    rate: null,
    quick: [24],
    seconds: 5,
    ...server("manyLocks", "server.cjs"),
  },
  {
    name: "caches and batches, no locks",
    ...WAITING,
    quick: [26],
    connections: 6,
    ...server("caches", "server.cjs"),
  },
  {
    name: "event loop",
    ...CALM,
    connections: 1,
    rate: 1,
    seconds: 12,
    quick: [24],
    ...server("loop", "server.cjs"),
  },
  { name: "own mutex", ...HANDED_OVER, connections: 8, ...server("ownMutex", "server.cjs") },
  { name: "chains of promises", ...HANDED_OVER, connections: 8, ...server("chainLock", "server.cjs") },
  {
    name: "own locks, two at once",
    ...HANDED_OVER,
    quick: [],
    connections: 12,
    ...server("ownLocks", "server.cjs"),
  },
  { name: "shared work", ...HANDED_OVER, quick: [], connections: 8, ...server("singleFlight", "server.cjs") },
  { name: "http.Agent", ...WAITING, quick: [], connections: 6, ...server("agent", "server.cjs") },
  {
    name: "Atomics.wait",
    ...CALM,
    quick: [],
    seconds: 6,
    ...server("atomics", "server.cjs", ["thread.cjs"]),
  },
  {
    name: "Web Locks",
    ...CALM,
    connections: 3,
    rate: null,
    quick: [],
    nodes: [24, 26],
    ...server("webLocks", "server.mjs"),
  },
  {
    name: "blocking calls",
    ...CALM,
    // With two, one request would wait for the event loop while the other blocks it.
    connections: 1,
    rate: 12,
    seconds: 6,
    quick: [26],
    ...server("blocking", "server.cjs"),
  },
  {
    name: "thread pool's queue",
    ...CALM,
    connections: 1,
    rate: null,
    seconds: 6,
    quick: [20, 26],
    ...server("poolWait", "server.cjs"),
  },
];
