// Runtime: every probe, in the order they start. Later ones wrap earlier ones' wrappers where they share a function.

import type { Category } from "../../protocol/categories.ts";
import { BuffersProbe } from "./allocations/buffersProbe.ts";
import { GcProbe } from "./allocations/gcProbe.ts";
import { HeapProbe } from "./allocations/heapProbe.ts";
import { BlobCopiesProbe } from "./copies/blobCopies.ts";
import { BodyOriginsProbe } from "./copies/bodyOrigins.ts";
import { BufferCopiesProbe } from "./copies/bufferCopies.ts";
import { CloneCopiesProbe } from "./copies/cloneCopies.ts";
import { CompressCopiesProbe } from "./copies/compressCopies.ts";
import { CryptoCopiesProbe } from "./copies/cryptoCopies.ts";
import { DecoderCopiesProbe } from "./copies/decoderCopies.ts";
import { FileCopiesProbe } from "./copies/fileCopies.ts";
import { QueuedWritesProbe } from "./copies/queuedWrites.ts";
import { ReadCopiesProbe } from "./copies/readCopies.ts";
import { SerialiserCopiesProbe } from "./copies/serialiserCopies.ts";
import { StringWritesProbe } from "./copies/stringWrites.ts";
import { TypedArrayCopiesProbe } from "./copies/typedArrayCopies.ts";
import { HttpRequestsProbe } from "./http/httpRequests.ts";
import { IoBytesProbe } from "./io/ioBytesProbe.ts";
import { lockProbes } from "./locks/index.ts";
import { StreamOriginsProbe } from "./origins/streamOrigins.ts";
import type { Probe } from "./probe.ts";
import { BlockingCallsProbe } from "./switches/blockingCalls.ts";
import { FsHandoffsProbe } from "./switches/fsHandoffs.ts";
import { HopsProbe } from "./switches/hopsProbe.ts";
import { MessageHandoffsProbe } from "./switches/messageHandoffs.ts";
import { PoolWaitsProbe } from "./switches/pool/poolWaits.ts";
import { PoolHandoffsProbe } from "./switches/poolHandoffs.ts";
import { ProcessFiguresProbe } from "./switches/processFigures.ts";
import { ProcessHandoffsProbe } from "./switches/processHandoffs.ts";
import { ThreadFiguresProbe } from "./switches/threadFigures.ts";

/** @param categories those to measure; requests and the figures of threads and processes are always told */
export function allProbes(categories: readonly Category[]): Probe[] {
  const of = (category: Category, make: () => readonly Probe[]) =>
    categories.includes(category) ? make() : [];
  return [
    new HttpRequestsProbe(),
    new StreamOriginsProbe(),
    ...of("copies", () => [new IoBytesProbe()]),
    ...of("allocations", () => [new BuffersProbe()]),
    ...of("copies", () => [
      new BufferCopiesProbe(),
      new TypedArrayCopiesProbe(),
      new SerialiserCopiesProbe(),
      new CloneCopiesProbe(),
      new StringWritesProbe(),
      new QueuedWritesProbe(),
      new DecoderCopiesProbe(),
      new ReadCopiesProbe(),
      new FileCopiesProbe(),
      new BlobCopiesProbe(),
      new BodyOriginsProbe(),
      new CryptoCopiesProbe(),
      new CompressCopiesProbe(),
    ]),
    ...of("switches", () => [
      new FsHandoffsProbe(),
      new PoolHandoffsProbe(),
      new MessageHandoffsProbe(),
      new ProcessHandoffsProbe(),
      new HopsProbe(),
    ]),
    ...of("locks", () => [...lockProbes(), new BlockingCallsProbe(), new PoolWaitsProbe()]),
    // In this order: collections tell the total that the heap probe places.
    ...of("allocations", () => [new GcProbe(), new HeapProbe()]),
    new ThreadFiguresProbe(),
    new ProcessFiguresProbe(),
  ];
}
