// Benchmark: what is compared: the plain server, Darcy, parts of it, and its peers.

import path from "node:path";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import { type PeerName, peerCommand } from "./peers.ts";
import type { Plan } from "./plan.ts";
import { root } from "./root.ts";

/** Of both sides' Node; a peer that starts Node by itself goes without. */
const NODE_ARGS = (process.env.BENCH_NODE_ARGS ?? "").split(" ").filter((word) => word !== "");

export interface Side {
  readonly name: string;
  readonly kind: "plain" | "darcy" | "peer";
  /** Megabytes more on the server's heap: what a plain server costs hangs on its live heap, too. */
  readonly heapMb: string;
  /** The side that it is compared with, by its place. */
  readonly base: number;
  /** The whole command line that starts the server. */
  command(start: Start): string[];
}
export interface Start {
  readonly node: string;
  readonly file: string;
  /** Scripts that are loaded into the server, by NODE_OPTIONS, too. */
  readonly preloads: readonly string[];
  /** An own folder for what is written. */
  readonly scratch: string;
  /** Where Darcy's recording goes. */
  readonly profile: string;
  /** Before Darcy's recording counts. */
  readonly warmupSeconds: number;
}

export function sidesOf({ parts, heapMb, peers, rests: resting }: Plan): Side[] {
  const rests = resting ? [] : ["--no-rests"];
  const light: Side[] = [
    plain("plain", "0", 0),
    darcy("darcy", rests, "0", 0),
    ...(parts ? CATEGORIES : []).map((category) =>
      darcy(`only ${category}`, [...rests, "--only", category], "0", 0),
    ),
    ...peers.map(peer),
  ];
  if (heapMb === "0") return light;
  const base = light.length;
  return [
    ...light,
    plain(`plain, ${heapMb} MB more`, heapMb, base),
    darcy(`darcy, ${heapMb} MB more`, rests, heapMb, base),
  ];
}

function plain(name: string, heapMb: string, base: number): Side {
  return { name, kind: "plain", heapMb, base, command: ({ node, file }) => [node, ...NODE_ARGS, file] };
}

function darcy(name: string, more: readonly string[], heapMb: string, base: number): Side {
  return {
    name,
    kind: "darcy",
    heapMb,
    base,
    command: ({ node, file, profile, warmupSeconds }) => {
      const times = ["--warmup", String(warmupSeconds), "--duration", "7200"];
      const words = ["record", "--workers", "1", ...times, ...more, "--out", profile, "--"];
      return [process.execPath, path.join(root, "dist/cli.js"), ...words, node, ...NODE_ARGS, file];
    },
  };
}

function peer(name: PeerName): Side {
  return {
    name,
    kind: "peer",
    heapMb: "0",
    base: 0,
    command: (start) => peerCommand(name, start),
  };
}
