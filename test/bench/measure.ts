// Benchmark: one server under one load: warmed up, then measured turn by turn.

import { setTimeout as passed } from "node:timers/promises";
import { Load } from "./client.ts";
import { cpuMillis, rssMegabytes } from "./cpu.ts";
import { LEFT_ON, type LoadName, type Plan } from "./plan.ts";
import { type Said, saidBy } from "./selfOverhead.ts";
import { type Running, type StartOptions, start } from "./servers.ts";
import { Seconds, type Spells } from "./spells.ts";
import { median, quantile } from "./statistics.ts";

export const CONNECTIONS = 10;
/** Of load, before Darcy's recording counts. */
const UNCOUNTED_SECONDS = 8;
/** Without load, before it counts as idle. */
const SETTLE_MILLIS = 2_000;
const TURN_MILLIS = 1_000;
/** Of load before a turn that comes after a pause: what is done once when a load sets in is no cost a request. */
const LEAD_MILLIS = 600;

/** Processor times are in microseconds a request; under no load, a second. */
export interface Turn {
  readonly micros: number;
  readonly collectorMicros: number;
  /** NaN under no load. */
  readonly p99Ms: number;
  readonly requestsPerSecond: number;
}
export interface Instance {
  readonly turns: readonly Turn[];
  readonly rssMegabytes: number;
  /** What Darcy says itself to cost; null for the others, and under no load. */
  readonly said: Said | null;
  /** Of Darcy that rests; null for the others. */
  readonly spells: Spells | null;
}

export interface Conditions
  extends Pick<Plan, "rounds" | "idleSeconds" | "leftOn" | "warmupSeconds" | "rests"> {
  readonly load: LoadName;
  /** Requests a second of half a load. */
  readonly halfRate: number;
}

export async function measureServer(
  options: Omit<StartOptions, "warmupSeconds">,
  { load: loadName, halfRate, rounds, idleSeconds, leftOn, warmupSeconds, rests }: Conditions,
): Promise<Instance> {
  const turnMillis = leftOn ? LEFT_ON.turnSeconds * 1_000 : TURN_MILLIS;
  const running = await start({ ...options, warmupSeconds: UNCOUNTED_SECONDS });
  const { requests } = options.target;
  const rate = loadName === "half" ? halfRate : null;
  const opened = () => new Load(running.origin, requests, CONNECTIONS, rate);
  let load = opened();
  const turns: Turn[] = [];
  let seconds: Seconds | null = null;
  let rss = 0;
  try {
    await passed(warmupSeconds * 1_000);
    load.check();
    load.forgetOverdue();
    if (loadName === "idle") {
      load.stop();
      await passed(SETTLE_MILLIS);
    }
    if (rests && loadName !== "idle") seconds = new Seconds(running.pid, load);
    while (turns.length < (leftOn ? 1 : rounds)) {
      if (idleSeconds > 0 && loadName !== "idle") {
        load.stop();
        await passed(idleSeconds * 1_000);
        load = opened();
        await passed(LEAD_MILLIS);
      }
      turns.push(
        await (loadName === "idle" ? idleTurn(running, turnMillis) : turn(running, load, turnMillis)),
      );
    }
    rss = rssMegabytes(running.pid);
  } finally {
    seconds?.stop();
    load.stop();
    await running.stop();
  }
  const isDarcys = options.side.kind === "darcy";
  const said = isDarcys && loadName !== "idle" ? await saidBy(running.profile) : null;
  const spells = isDarcys && seconds !== null ? await seconds.spells(running.profile) : null;
  return { turns, rssMegabytes: rss, said, spells };
}

/** Of the plain server, as many requests a second as it answers. */
export async function fullRate(options: Omit<StartOptions, "warmupSeconds">): Promise<number> {
  const turns = { rounds: 3, idleSeconds: 0, leftOn: false, warmupSeconds: 8, rests: false };
  const conditions = { load: "full", halfRate: 0, ...turns } as const;
  const measured = await measureServer(options, conditions);
  return median(measured.turns.map(({ requestsPerSecond }) => requestsPerSecond));
}

async function turn(running: Running, load: Load, millis: number): Promise<Turn> {
  const answered = load.requests;
  load.takeLatencies();
  const { seconds, cpu, collector } = await spent(running, millis);
  load.check();
  const requests = load.requests - answered;
  return {
    micros: (cpu * 1000) / requests,
    collectorMicros: (collector * 1000) / requests,
    p99Ms: quantile(load.takeLatencies(), 0.99),
    requestsPerSecond: requests / seconds,
  };
}

async function idleTurn(running: Running, millis: number): Promise<Turn> {
  const { seconds, cpu, collector } = await spent(running, millis);
  return {
    micros: (cpu * 1000) / seconds,
    collectorMicros: (collector * 1000) / seconds,
    p99Ms: Number.NaN,
    requestsPerSecond: 0,
  };
}

/** Milliseconds of processor time in the time of a turn. */
async function spent(
  { pid, collectorPid }: Running,
  millis: number,
): Promise<{ seconds: number; cpu: number; collector: number }> {
  const read = () => ({
    at: performance.now(),
    cpu: cpuMillis(pid),
    collector: collectorPid === null ? 0 : cpuMillis(collectorPid),
  });
  const before = read();
  await passed(millis);
  const after = read();
  return {
    seconds: (after.at - before.at) / 1_000,
    cpu: after.cpu - before.cpu,
    collector: after.collector - before.collector,
  };
}
