// Calibration: what it costs to hand work to another thread or process, as processor time of all threads of
// this process, and how many kernel switches that really made: newer Node spins before it blocks, so a hand-off
// is not a fixed number of switches.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstat, fstatSync, openSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Calibration } from "../../protocol/calibration.ts";
import { SlotClock } from "./slotClock.ts";
import { cost, median } from "./statistics.ts";

const POOL_JOBS = 30;
const MESSAGES = 20;
const HOPS = 60;
const WAKES = 60;
const SYSCALLS = 400;

/** Echoes messages; a number n means: play n rounds of wait and notify on the shared cell. */
const ECHO = `
const { parentPort, workerData } = require("node:worker_threads");
parentPort.on("message", (rounds) => {
  if (rounds === 0) return parentPort.postMessage(0);
  for (let i = 0; i < rounds; i++) {
    Atomics.wait(workerData, 0, 0, 1000);
    Atomics.store(workerData, 0, 0);
    Atomics.store(workerData, 1, 1);
    Atomics.notify(workerData, 1);
  }
  parentPort.postMessage(rounds);
});
parentPort.postMessage("ready");
`;

export class HandOffSlots {
  private readonly worker: Worker;
  private readonly clock = new SlotClock();
  private readonly cells = new Int32Array(new SharedArrayBuffer(8));
  private readonly file = openSync(process.execPath, "r");
  private readonly pool: number[] = [];
  private readonly poolSwitches: number[] = [];
  private readonly message: number[] = [];
  private readonly messageSwitches: number[] = [];
  private readonly hop: number[] = [];
  private readonly wake: number[] = [];
  private readonly switchCost: number[] = [];
  private readonly syscall: number[] = [];
  private readonly spawnParent: number[] = [];

  constructor() {
    this.worker = new Worker(ECHO, { eval: true, workerData: this.cells });
  }

  async ready(): Promise<void> {
    await once(this.worker, "message");
  }

  async round(): Promise<void> {
    await this.poolRound();
    await this.messageRound();
    await this.hopRound();
    await this.wakeRound();
    this.syscallRound();
  }

  /** The price of starting and reaping a process that does nothing. */
  async spawnRound(): Promise<void> {
    const before = process.cpuUsage();
    const [file, words] =
      process.platform === "win32" ? ["cmd.exe", ["/c", "exit"]] : ["/bin/sh", ["-c", ":"]];
    const child = spawn(file as string, words as string[], { stdio: "ignore", windowsHide: true });
    const started = await new Promise<boolean>((resolve) => {
      child.once("error", () => resolve(false));
      child.once("exit", () => resolve(true));
    });
    if (!started) return;
    this.spawnParent.push(cpuMicros(before));
  }

  restart(): void {
    for (const list of [this.pool, this.poolSwitches, this.message, this.messageSwitches]) list.length = 0;
    for (const list of [this.hop, this.wake, this.switchCost, this.syscall]) list.length = 0;
  }

  async close(): Promise<void> {
    closeSync(this.file);
    await this.worker.terminate();
  }

  result(): Omit<
    Calibration,
    "node" | "tookMs" | "partial" | "waitedShare" | "copies" | "allocationNanosPerByte" | "bufferNanosPerByte"
  > {
    const counts = this.poolSwitches.some((switches) => switches > 0);
    return {
      poolRoundTripMicros: cost(this.pool),
      messageMicros: cost(this.message),
      hopMicros: cost(this.hop),
      processSpawnMicros: this.spawnCost(),
      wakeMicros: cost(this.wake),
      syscallMicros: cost(this.syscall),
      // Where the kernel does not count, or the threads only ever met while spinning: a wake-up is one switch.
      switchMicros: cost(this.switchCost.length > 0 ? this.switchCost : this.wake),
      switchesPerPoolRoundTrip: counts ? median(this.poolSwitches) : null,
      switchesPerMessage: counts ? median(this.messageSwitches) : null,
    };
  }

  /** What the server itself spends: a child's own processor time is not in the server's, which prices are held to. */
  private spawnCost(): Calibration["processSpawnMicros"] {
    return cost(this.spawnParent);
  }

  /** `fstat` of an open file is the cheapest job there is: its own work is well under a microsecond. */
  private async poolRound(): Promise<void> {
    const switches = voluntary();
    const before = process.cpuUsage();
    for (let i = 0; i < POOL_JOBS; i++) await new Promise((resolve) => fstat(this.file, resolve));
    this.pool.push(cpuMicros(before) / POOL_JOBS);
    this.poolSwitches.push((voluntary() - switches) / POOL_JOBS);
  }

  /** There and back: two messages. */
  private async messageRound(): Promise<void> {
    const switches = voluntary();
    const before = process.cpuUsage();
    for (let i = 0; i < MESSAGES; i++) await this.ask(0);
    this.message.push(cpuMicros(before) / (2 * MESSAGES));
    this.messageSwitches.push((voluntary() - switches) / (2 * MESSAGES));
  }

  /** One after the other, each in a turn of the loop of its own. */
  private async hopRound(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.clock.start();
    await new Promise<void>((resolve) => {
      let left = HOPS;
      const hop = () => (--left > 0 ? setImmediate(hop) : resolve());
      setImmediate(hop);
    });
    this.hop.push(this.clock.nanos() / 1_000 / HOPS);
  }

  private async wakeRound(): Promise<void> {
    this.cells.fill(0);
    const answer = this.ask(WAKES);
    const switches = voluntary();
    const before = process.cpuUsage();
    for (let i = 0; i < WAKES; i++) {
      Atomics.store(this.cells, 0, 1);
      Atomics.notify(this.cells, 0);
      Atomics.wait(this.cells, 1, 0, 1_000);
      Atomics.store(this.cells, 1, 0);
    }
    const micros = cpuMicros(before);
    const made = voluntary() - switches;
    await answer;
    this.wake.push(micros / (2 * WAKES));
    // Too few: the threads met while spinning, and the quotient would say nothing about a switch.
    if (made >= WAKES / 2) this.switchCost.push(micros / made);
  }

  private syscallRound(): void {
    const { getuid } = process;
    const call = getuid === undefined ? () => fstatSync(this.file) : () => getuid();
    this.clock.start();
    for (let i = 0; i < SYSCALLS; i++) call();
    this.syscall.push(this.clock.nanos() / 1_000 / SYSCALLS);
  }

  private ask(rounds: number): Promise<unknown> {
    const answer = new Promise((resolve) => this.worker.once("message", resolve));
    this.worker.postMessage(rounds);
    return answer;
  }
}

function voluntary(): number {
  return process.resourceUsage().voluntaryContextSwitches;
}

function cpuMicros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
