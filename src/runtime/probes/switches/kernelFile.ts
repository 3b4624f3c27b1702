// Runtime: a file of Linux's /proc, kept open: it stays bound to the thread that opened it, and reading it
// again costs 3 to 15 µs.

import type Fs from "node:fs";
import { builtin } from "../../builtins.ts";

// Our own, before anyone patches them.
const { closeSync, openSync, readSync } = builtin<typeof Fs>("fs");
/** One at a time on a thread: reads are synchronous. */
const page = Buffer.allocUnsafeSlow(8_192);

export class KernelFile {
  private constructor(private descriptor: number) {}

  /** Null where there is no such file, as everywhere but on Linux. */
  static open(path: string): KernelFile | null {
    try {
      return new KernelFile(openSync(path, "r"));
    } catch {
      return null;
    }
  }

  /** Null when the thread is gone. */
  read(): string | null {
    try {
      return page.toString("latin1", 0, readSync(this.descriptor, page, 0, page.length, 0));
    } catch {
      return null;
    }
  }

  close(): void {
    if (this.descriptor < 0) return;
    const { descriptor } = this;
    this.descriptor = -1;
    try {
      closeSync(descriptor);
    } catch {
      // The user's code may have closed every descriptor that it saw.
    }
  }
}

export interface SwitchCounts {
  readonly voluntary: number;
  readonly involuntary: number;
}

/** From the text of a `status` file. */
export function parseSwitches(status: string): SwitchCounts | null {
  const voluntary = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(status);
  const involuntary = /^nonvoluntary_ctxt_switches:\s*(\d+)/m.exec(status);
  if (voluntary === null || involuntary === null) return null;
  return { voluntary: Number(voluntary[1]), involuntary: Number(involuntary[1]) };
}

export interface ScheduleTimes {
  readonly cpuMicros: number;
  readonly runQueueMicros: number;
}

/** From the text of a `schedstat` file: nanoseconds on the processor, nanoseconds ready to run but not running. */
export function parseSchedule(schedstat: string): ScheduleTimes | null {
  const fields = /^(\d+) (\d+) /.exec(schedstat);
  if (fields === null) return null;
  return { cpuMicros: Number(fields[1]) / 1e3, runQueueMicros: Number(fields[2]) / 1e3 };
}
