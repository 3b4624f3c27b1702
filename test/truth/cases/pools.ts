// Truth suite: cases of pools of resources, and of what only looks like waiting for one.

import { CALM, server, type TruthCase } from "./truthCase.ts";

/** More requests than places, as fast as they are served. */
const SIX = { ...CALM, connections: 6, rate: null, seconds: 5 } as const;

export const POOLS: readonly TruthCase[] = [
  { name: "bottleneck", ...SIX, quick: [], ...server("bottleneck", "server.mjs") },
  { name: "generic-pool", ...SIX, quick: [24], ...server("genericPool", "server.cjs") },
  { name: "tarn", ...SIX, quick: [], ...server("tarn", "server.mjs") },
  { name: "knex", ...SIX, quick: [24], ...server("knex", "server.cjs") },
  { name: "pg pool", ...SIX, quick: [], ...server("pgPool", "server.cjs") },
  { name: "mysql2 pool", ...SIX, quick: [], ...server("mysqlPool", "server.cjs") },
  { name: "undici pool", ...SIX, quick: [], ...server("undici", "server.mjs") },
  {
    name: "several pools at once",
    ...SIX,
    connections: 2,
    quick: [],
    seconds: 6,
    ...server("manyPools", "server.cjs"),
  },
  // Node tells which of its modules are asked for from some 22 on (syncHooks.ts).
  {
    name: "SQLite",
    ...CALM,
    // Two would wait for the loop, too, which a wait for the database blocks.
    connections: 1,
    rate: null,
    quick: [24],
    nodes: [22, 24, 26],
    ...server("sqlite", "server.cjs", ["thread.cjs"]),
  },
  { name: "idle consumers, no locks", ...SIX, quick: [], connections: 3, ...server("idle", "server.cjs") },
];
