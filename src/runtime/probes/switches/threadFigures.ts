// Runtime: this thread's own figures, window by window: the kernel's switch counts and run-queue delay, and the
// loop's activity. Read when a window is cut, never per request.

import { readlinkSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fill } from "../../../protocol/fill.ts";
import { NOTICES } from "../../../protocol/notices.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { KernelFile, parseSchedule, parseSwitches } from "./kernelFile.ts";

// Our own, before fake timers replace them.
const eventLoopUtilization = performance.eventLoopUtilization.bind(performance);
const { nodeTiming } = performance;
/** Node 22.19 and 23.9 on. */
const threadCpuUsage = (
  process as { threadCpuUsage?: () => { user: number; system: number } }
).threadCpuUsage?.bind(process);

interface LoopCounts {
  readonly loopCount: number;
  readonly events: number;
  readonly eventsWaiting: number;
}

/** What only grows on this thread; null where the platform does not tell. */
interface Readings {
  readonly voluntary: number | null;
  readonly involuntary: number | null;
  readonly runQueueMicros: number | null;
  readonly cpuMicros: number | null;
  readonly loopActiveMicros: number;
  readonly loopIterations: number | null;
  readonly loopEvents: number | null;
  readonly loopEventsWaiting: number | null;
}

export class ThreadFiguresProbe implements Probe {
  readonly name = "thread";
  private status: KernelFile | null = null;
  private schedule: KernelFile | null = null;
  private last: Readings | null = null;
  private board: ThreadBoard | null = null;
  private kernelId = 0;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    // "thread-self" is resolved now, on the thread that is measured, and stays bound to it.
    this.status = KernelFile.open("/proc/thread-self/status");
    this.schedule = KernelFile.open("/proc/thread-self/schedstat");
    if (!context.mainThread && this.status !== null) {
      this.kernelId = Number(/\d+$/.exec(readlinkSync("/proc/thread-self"))?.[0] ?? 0);
      this.board = ThreadBoard.open();
      this.board.enterWorker(this.kernelId);
    }
    if (this.status === null) {
      context.notice({
        code: "probe-unavailable",
        severity: "info",
        text: fill(NOTICES.switchesOnLinux, process.platform),
      });
    }
    this.last = this.read();
  }

  collect(window: WindowDraft): void {
    const before = this.last;
    const after = this.read();
    this.last = after;
    if (before === null) return;
    const { thread } = window;
    thread.voluntary = grown(before.voluntary, after.voluntary);
    thread.involuntary = grown(before.involuntary, after.involuntary);
    thread.runQueueMicros = grown(before.runQueueMicros, after.runQueueMicros);
    thread.cpuMicros = grown(before.cpuMicros, after.cpuMicros);
    thread.loopActiveMicros = Math.max(0, after.loopActiveMicros - before.loopActiveMicros);
    thread.loopIterations = grown(before.loopIterations, after.loopIterations);
    thread.loopEvents = grown(before.loopEvents, after.loopEvents);
    thread.loopEventsWaiting = grown(before.loopEventsWaiting, after.loopEventsWaiting);
  }

  stop(): void {
    this.status?.close();
    this.schedule?.close();
    this.status = null;
    this.schedule = null;
    this.board?.leaveWorker(this.kernelId);
    this.board = null;
  }

  private read(): Readings {
    const status = this.status?.read() ?? null;
    const switches = status === null ? null : parseSwitches(status);
    const schedstat = this.schedule?.read() ?? null;
    const times = schedstat === null ? null : parseSchedule(schedstat);
    const cpu = times === null ? threadCpuUsage?.() : undefined;
    const loop = (nodeTiming as { uvMetricsInfo?: LoopCounts }).uvMetricsInfo;
    return {
      voluntary: switches?.voluntary ?? null,
      involuntary: switches?.involuntary ?? null,
      runQueueMicros: times?.runQueueMicros ?? null,
      cpuMicros: times?.cpuMicros ?? (cpu === undefined ? null : cpu.user + cpu.system),
      loopActiveMicros: eventLoopUtilization().active * 1e3,
      loopIterations: loop?.loopCount ?? null,
      loopEvents: loop?.events ?? null,
      loopEventsWaiting: loop?.eventsWaiting ?? null,
    };
  }
}

function grown(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}
