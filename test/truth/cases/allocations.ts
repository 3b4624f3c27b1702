// Truth suite: cases of allocation.

import { FULL, server, type TruthCase } from "./truthCase.ts";

export const ALLOCATIONS: readonly TruthCase[] = [
  { name: "inlined functions", ...FULL, quick: [20], ...server("inlined", "server.cjs") },
  { name: "methods and async functions", ...FULL, quick: [], ...server("heapClasses", "server.cjs") },
  { name: "allocating lines", ...FULL, quick: [26], ...server("lines", "server.cjs") },
  { name: "off-heap buffers", ...FULL, quick: [26], seconds: 5, ...server("offHeap", "server.cjs") },
];
