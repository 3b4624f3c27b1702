// Runtime: a collection of the whole heap that V8 did not ask for. After each, V8 sets the limit at which the next begins
// by how fast the old generation has grown of late: after one that came out of turn it finds that it hardly has, and from
// then on may collect without end. A server on Node 24 whose Buffers fill 40 MB between two minor collections made 14 major
// ones a second for good after a single `gc()`, none before. So the limit is given some room.

import { getHeapStatistics, setFlagsFromString } from "node:v8";

const FLAG = "heap-growing-percent";
/** The old generation may grow to so many times its size before the next: V8's own most. */
const MOST_PERCENT = 300;
/** But by no more than this, nor this part of what the heap may be. */
const MOST_BYTES = 64 * 1024 * 1024;
const PART = 1 / 32;
/** The young generation's spaces are small beside it in a heap where it matters. */
const LEAST_BYTES = 1024 * 1024;

/** Runs `collect`, which collects the whole heap. The flag is the whole process's, for as long as it runs. */
export function withRoomToGrow<T>(collect: () => T): T {
  const set = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ").replaceAll("_", "-");
  if (set.includes(FLAG)) return collect();
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const room = Math.min(MOST_BYTES, heap_size_limit * PART);
  const percent = Math.min(MOST_PERCENT, Math.round((100 * room) / Math.max(LEAST_BYTES, used_heap_size)));
  // 0 is V8's own reckoning.
  setFlagsFromString(`--${FLAG}=${percent}`);
  try {
    return collect();
  } finally {
    setFlagsFromString(`--${FLAG}=0`);
  }
}
