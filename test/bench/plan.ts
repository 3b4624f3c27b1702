// Benchmark: what is measured, by the words of its command line and the environment.

import { parseArgs } from "node:util";
import { PEER_NAMES, type PeerName } from "./peers.ts";
import { TARGETS, type Target } from "./targets.ts";

export const LOADS = ["idle", "half", "full"] as const;
export type LoadName = (typeof LOADS)[number];
const ALL_NODES = [20, 22, 24, 26];
/** Of a server's start and its end. */
const SECONDS_BESIDE = { plain: 1.5, other: 4 };

/** Of load: past the first minute, and then as long as a spell and the longest rest. */
export const LEFT_ON = { warmupSeconds: 64, turnSeconds: 335 };

export interface Plan {
  readonly targets: readonly Target[];
  readonly loads: readonly LoadName[];
  /** Major versions; empty: the Node that BENCH_NODE names, or this one. */
  readonly majors: readonly number[];
  readonly peers: readonly PeerName[];
  /** Servers of each side, one after the other. */
  readonly instances: number;
  /** Turns of a second on each. */
  readonly rounds: number;
  /** A side for each category alone. */
  readonly parts: boolean;
  /** More on both sides' heaps, as sides of their own; "0": none. */
  readonly heapMb: string;
  /** Of pause before each turn. */
  readonly idleSeconds: number;
  /** Past the first minute: one turn over a whole rest and the spell beside it, instead of the first minute's seconds. */
  readonly leftOn: boolean;
  /** Of load before the first turn: by itself past the first window without inlining, and what V8 does anew after it. */
  readonly warmupSeconds: number;
  /** Darcy rests as it does by default, instead of measuring all the time. */
  readonly rests: boolean;
}

/** @throws Error that says what is not known */
export function planOf(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Plan {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      loads: { type: "string" },
      nodes: { type: "string" },
      peers: { type: "string" },
      all: { type: "boolean", default: false },
      "left-on": { type: "boolean", default: false },
      warmup: { type: "string", default: "8" },
      rests: { type: "boolean", default: false },
    },
  });
  const { all } = values;
  const names = TARGETS.map(({ name }) => name);
  const wanted = choice("server", positionals, names);
  return {
    targets: TARGETS.filter(({ name }) => wanted.includes(name)),
    loads: choice("load", listOf(values.loads ?? environment.BENCH_LOADS, all ? [] : ["full"]), LOADS),
    majors: listOf(values.nodes ?? environment.BENCH_NODES, all ? ALL_NODES.map(String) : []).map(majorOf),
    peers:
      values.peers === undefined && environment.BENCH_PEERS === undefined && !all
        ? []
        : choice("peer", listOf(values.peers ?? environment.BENCH_PEERS, []), PEER_NAMES),
    instances: count(environment.BENCH_INSTANCES, 3),
    rounds: count(environment.BENCH_ROUNDS, 6),
    parts: environment.BENCH_PARTS === "1",
    heapMb: environment.BENCH_HEAP_MB ?? "0",
    idleSeconds: Number(environment.BENCH_IDLE ?? 0),
    leftOn: values["left-on"],
    warmupSeconds: values["left-on"] ? LEFT_ON.warmupSeconds : count(values.warmup, 8),
    rests: values.rests || values["left-on"],
  };
}

/** Of the whole plan, roughly. */
export function minutesOf(
  { targets, loads, majors, instances, rounds, idleSeconds, leftOn, warmupSeconds }: Plan,
  sides: number,
): number {
  const each = warmupSeconds + (leftOn ? LEFT_ON.turnSeconds : rounds * (1 + idleSeconds));
  const servers = SECONDS_BESIDE.plain + each + (sides - 1) * (SECONDS_BESIDE.other + each);
  return (Math.max(1, majors.length) * targets.length * loads.length * instances * servers) / 60;
}

/** Nothing or "all" wanted: all of them. */
function choice<T extends string>(
  what: string,
  wanted: readonly string[],
  known: readonly T[],
): readonly T[] {
  const unknown = wanted.filter((word) => word !== "all" && !(known as readonly string[]).includes(word));
  if (unknown.length > 0)
    throw new Error(`No such ${what}: ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  return wanted.length === 0 || wanted.includes("all")
    ? known
    : known.filter((name) => wanted.includes(name));
}

function listOf(text: string | undefined, otherwise: readonly string[]): readonly string[] {
  return text === undefined ? otherwise : text.split(",").filter((word) => word !== "");
}

function majorOf(word: string): number {
  const major = Number(word);
  if (!Number.isInteger(major) || major < 20)
    throw new Error(`No major version of Node, 20 or newer: ${word}`);
  return major;
}

function count(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`Not a number of servers, turns or seconds: ${text}`);
  return value;
}
