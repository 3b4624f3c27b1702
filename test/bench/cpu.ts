// Benchmark: processor time and memory of another process, from the kernel.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds, all threads: in nanoseconds from Linux' scheduler, elsewhere from ps in hundredths of a second. */
export function cpuMillis(pid: number): number {
  if (process.platform !== "linux") return psMillis(pid);
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // The thread has ended since.
    }
  }
  return nanos / 1e6;
}

/** Of memory that a process (of Linux) touched and had no page for, since its start: each costs what `firstTouchMicros` tells at the most. */
export function pageFaults(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[8]);
}

export function rssMegabytes(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}

/** From "[days-]hours:minutes:seconds.hundredths". */
function psMillis(pid: number): number {
  const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const seconds = text.split(/[-:]/).reduce((sum, part, index, parts) => {
    const unit = [1, 60, 3600, 86_400][parts.length - 1 - index] ?? 0;
    return sum + Number(part) * unit;
  }, 0);
  return seconds * 1000;
}
