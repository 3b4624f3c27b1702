// Runtime: the lock probes, one a kind of lock. Each measures how long who waited, and who held it meanwhile. Those of
// libraries stand in rooms whose code is evaluated when it is needed: `require` of our own files is what esbuild leaves
// for then.

import type { Probe } from "../probe.ts";
import { AtomicsWaitsProbe } from "./atomicsWaits.ts";
import { HandOffProbe } from "./handOffs/handOffProbe.ts";
import { HttpAgentProbe } from "./httpAgent.ts";
import type { LibraryProbe } from "./libraryProbe.ts";
import { LibraryRoom } from "./libraryRoom.ts";
import { LoopProbe } from "./loop/loopProbe.ts";
import { PLimitRoom } from "./pLimitRoom.ts";
import { SqliteRoom } from "./sqliteRoom.ts";
import { UndiciProbe } from "./undici.ts";
import { WebLocksProbe } from "./webLocks.ts";

const asyncMutex = () => require("./asyncMutex.ts") as typeof import("./asyncMutex.ts");
const asyncLock = () => require("./asyncLock.ts") as typeof import("./asyncLock.ts");
const fifoLocks = () => require("./fifoLocks.ts") as typeof import("./fifoLocks.ts");
const pLimit = () => require("./pLimit.ts") as typeof import("./pLimit.ts");
const pQueue = () => require("./pQueue.ts") as typeof import("./pQueue.ts");
const bottleneck = () => require("./bottleneck.ts") as typeof import("./bottleneck.ts");
const genericPool = () => require("./genericPool.ts") as typeof import("./genericPool.ts");
const tarn = () => require("./tarn.ts") as typeof import("./tarn.ts");
const knex = () => require("./knex.ts") as typeof import("./knex.ts");
const pgPool = () => require("./pgPool.ts") as typeof import("./pgPool.ts");
const mysqlPool = () => require("./mysqlPool.ts") as typeof import("./mysqlPool.ts");
const sqlite = () => require("./sqlite.ts") as typeof import("./sqlite.ts");

export function lockProbes(): Probe[] {
  const library = (
    name: string,
    packages: ConstructorParameters<typeof LibraryRoom>[1],
    make: (name: string) => LibraryProbe,
  ) => new LibraryRoom(`locks.${name}`, packages, make);
  return [
    new AtomicsWaitsProbe(),
    new WebLocksProbe(),
    library(
      "async-mutex",
      { "async-mutex": { replaces: ["withTimeout"], pure: true } },
      (name) => new (asyncMutex().AsyncMutexProbe)(name),
    ),
    library("async-lock", { "async-lock": {} }, (name) => new (asyncLock().AsyncLockProbe)(name)),
    library(
      "fifo",
      { "async-sema": { pure: true }, "await-lock": { pure: true } },
      (name) => new (fifoLocks().FifoLocksProbe)(name),
    ),
    new PLimitRoom(
      "locks.p-limit",
      { "p-limit": { replaces: ["default"] } },
      (name) => new (pLimit().PLimitProbe)(name),
    ),
    library("p-queue", { "p-queue": { pure: true } }, (name) => new (pQueue().PQueueProbe)(name)),
    library("bottleneck", { bottleneck: {} }, (name) => new (bottleneck().BottleneckProbe)(name)),
    library("generic-pool", { "generic-pool": {} }, (name) => new (genericPool().GenericPoolProbe)(name)),
    library("tarn", { tarn: {} }, (name) => new (tarn().TarnProbe)(name)),
    library("knex", { knex: {} }, (name) => new (knex().KnexProbe)(name)),
    library("pg-pool", { "pg-pool": {} }, (name) => new (pgPool().PgPoolProbe)(name)),
    library("mysql2", { mysql2: {} }, (name) => new (mysqlPool().MysqlPoolProbe)(name)),
    new SqliteRoom("locks.sqlite", { "better-sqlite3": {} }, (name) => new (sqlite().SqliteProbe)(name)),
    new HttpAgentProbe(),
    new UndiciProbe(),
    new LoopProbe(),
    new HandOffProbe(),
  ];
}
