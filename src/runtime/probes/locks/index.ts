// Runtime: the lock probes, one a kind of lock. Each measures how long who waited, and who held it meanwhile.

import type { Probe } from "../probe.ts";
import { AsyncLockProbe } from "./asyncLock.ts";
import { AsyncMutexProbe } from "./asyncMutex.ts";
import { AtomicsWaitsProbe } from "./atomicsWaits.ts";
import { BottleneckProbe } from "./bottleneck.ts";
import { FifoLocksProbe } from "./fifoLocks.ts";
import { GenericPoolProbe } from "./genericPool.ts";
import { HandOffProbe } from "./handOffs/handOffProbe.ts";
import { HttpAgentProbe } from "./httpAgent.ts";
import { KnexProbe } from "./knex.ts";
import { LoopProbe } from "./loop/loopProbe.ts";
import { MysqlPoolProbe } from "./mysqlPool.ts";
import { PgPoolProbe } from "./pgPool.ts";
import { PLimitProbe } from "./pLimit.ts";
import { PQueueProbe } from "./pQueue.ts";
import { SqliteProbe } from "./sqlite.ts";
import { TarnProbe } from "./tarn.ts";
import { UndiciProbe } from "./undici.ts";
import { WebLocksProbe } from "./webLocks.ts";

export function lockProbes(): Probe[] {
  return [
    new AtomicsWaitsProbe(),
    new WebLocksProbe(),
    new AsyncMutexProbe(),
    new AsyncLockProbe(),
    new FifoLocksProbe(),
    new PLimitProbe(),
    new PQueueProbe(),
    new BottleneckProbe(),
    new GenericPoolProbe(),
    new TarnProbe(),
    new KnexProbe(),
    new PgPoolProbe(),
    new MysqlPoolProbe(),
    new SqliteProbe(),
    new HttpAgentProbe(),
    new UndiciProbe(),
    new LoopProbe(),
    new HandOffProbe(),
  ];
}
