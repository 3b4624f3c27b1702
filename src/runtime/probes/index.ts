// Runtime: every probe, in the order they start. Later ones wrap earlier ones' wrappers where they share a function.

import { BuffersProbe } from "./allocations/buffersProbe.ts";
import { GcProbe } from "./allocations/gcProbe.ts";
import { HeapProbe } from "./allocations/heapProbe.ts";
import { BufferCopiesProbe } from "./copies/bufferCopies.ts";
import { CloneCopiesProbe } from "./copies/cloneCopies.ts";
import { SerialiserCopiesProbe } from "./copies/serialiserCopies.ts";
import { StringWritesProbe } from "./copies/stringWrites.ts";
import { HttpRequestsProbe } from "./http/httpRequests.ts";
import { lockProbes } from "./locks/index.ts";
import type { Probe } from "./probe.ts";
import { FsHandoffsProbe } from "./switches/fsHandoffs.ts";
import { MessageHandoffsProbe } from "./switches/messageHandoffs.ts";
import { PoolHandoffsProbe } from "./switches/poolHandoffs.ts";
import { ProcessFiguresProbe } from "./switches/processFigures.ts";
import { ProcessHandoffsProbe } from "./switches/processHandoffs.ts";
import { ThreadFiguresProbe } from "./switches/threadFigures.ts";

export function allProbes(): Probe[] {
  return [
    new HttpRequestsProbe(),
    new BuffersProbe(),
    new BufferCopiesProbe(),
    new SerialiserCopiesProbe(),
    new CloneCopiesProbe(),
    new StringWritesProbe(),
    new FsHandoffsProbe(),
    new PoolHandoffsProbe(),
    new MessageHandoffsProbe(),
    new ProcessHandoffsProbe(),
    ...lockProbes(),
    // In this order: collections tell the total that the heap probe places.
    new GcProbe(),
    new HeapProbe(),
    new ThreadFiguresProbe(),
    new ProcessFiguresProbe(),
  ];
}
