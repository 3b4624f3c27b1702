// Runtime: the lock probes, one a kind of lock. Each measures how long who waited, and who held it meanwhile.

import type { Probe } from "../probe.ts";
import { AsyncLockProbe } from "./asyncLock.ts";
import { AsyncMutexProbe } from "./asyncMutex.ts";
import { AtomicsWaitsProbe } from "./atomicsWaits.ts";
import { FifoLocksProbe } from "./fifoLocks.ts";
import { HttpAgentProbe } from "./httpAgent.ts";
import { PLimitProbe } from "./pLimit.ts";
import { PQueueProbe } from "./pQueue.ts";
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
    new HttpAgentProbe(),
  ];
}
