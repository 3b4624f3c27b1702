// Runtime: figures of the whole process, told by its main thread.

import type { ThreadClassRow } from "../../../protocol/window.ts";
import { ThreadBoard } from "../../threadBoard.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { OpenConnections } from "./openConnections.ts";
import { ThreadClasses } from "./threadClasses.ts";

// Our own, before anyone replaces them.
const cpuUsage = process.cpuUsage.bind(process);
const memoryUsage = process.memoryUsage.bind(process);

export class ProcessFiguresProbe implements Probe {
  readonly name = "process";
  private readonly connections = new OpenConnections();
  private threads: ThreadClasses | null = null;
  private mainThread = false;
  private cpuMicros = 0;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.mainThread = context.mainThread;
    if (!context.mainThread) return;
    this.connections.start();
    this.threads = ThreadClasses.open(ThreadBoard.open());
    this.cpuMicros = totalCpuMicros();
  }

  collect(window: WindowDraft): void {
    if (!this.mainThread) return;
    const cpuMicros = totalCpuMicros();
    const { rss, heapUsed } = memoryUsage();
    const threads: readonly ThreadClassRow[] = this.threads?.look() ?? [];
    window.process = {
      cpuMicros: Math.max(0, cpuMicros - this.cpuMicros),
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      openConnections: this.connections.count(),
      accepted: this.connections.takeAccepted(),
      threads,
    };
    this.cpuMicros = cpuMicros;
  }

  stop(): void {
    this.connections.stop();
    this.threads = null;
    this.mainThread = false;
  }
}

function totalCpuMicros(): number {
  const { user, system } = cpuUsage();
  return user + system;
}
