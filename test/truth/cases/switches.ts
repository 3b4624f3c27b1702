// Truth suite: cases of switches: pool jobs, messages, processes.

import { CALM, FULL, server, type TruthCase } from "./truthCase.ts";
import { twoWorkers } from "./workers.ts";

export const SWITCHES: readonly TruthCase[] = [
  { name: "thread pool", ...CALM, ...server("pool", "server.cjs") },
  { name: "thread pool, full load", ...FULL, ...server("pool", "server.cjs") },
  { name: "thread pool, two workers", ...FULL, seconds: 5, ...twoWorkers, ...server("pool", "server.cjs") },
  { name: "callbacks and promises", ...CALM, quick: [24], ...server("callbacks", "server.cjs") },
  { name: "file streams", ...CALM, quick: [26], ...server("fileStreams", "server.cjs") },
  { name: "file streams, full load", ...FULL, ...server("fileStreams", "server.cjs") },
  { name: "processes", ...CALM, rate: 20, quick: [], ...server("children", "server.cjs") },
  // At this rate every stream gets a stack, and its lines are exact.
  {
    name: "streams of files and zlib",
    ...CALM,
    rate: 2,
    seconds: 5,
    quick: [20],
    ...server("streamOrigins", "server.cjs"),
  },
  { name: "streams of files and zlib, full load", ...FULL, ...server("streamOrigins", "server.cjs") },
  {
    name: "messages",
    ...CALM,
    ...server("messages", "server.cjs", ["thread.cjs", "child.cjs"]),
  },
];
