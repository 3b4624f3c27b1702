// Benchmark: what a user would pick instead of Darcy. Installed when asked for, beside the project and not into it.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runNpm } from "../../scripts/prepare.mjs";
import { root } from "./root.ts";
import type { Start } from "./sides.ts";

interface Peer {
  /** With its version, so that figures can be had again. */
  readonly package: string;
  readonly version: string;
  /** Of its command, in the package. */
  readonly bin: string;
  /** What stands between its command and the server's. */
  args(scratch: string): readonly string[];
  /** Whether it wants Node's own command after these, or starts Node by itself. */
  readonly startsNode: boolean;
}

const clinic = (tool: string): Peer => ({
  package: "clinic",
  version: "13.0.0",
  bin: "bin.js",
  args: () => [tool, "--collect-only", "--"],
  startsNode: false,
});

const PEERS = {
  flame: {
    package: "@platformatic/flame",
    version: "1.0.0",
    bin: "bin/flame.js",
    args: () => ["run"],
    startsNode: true,
  },
  doctor: clinic("doctor"),
  bubbleprof: clinic("bubbleprof"),
  heapprofiler: clinic("heapprofiler"),
  "0x": {
    package: "0x",
    version: "6.0.0",
    bin: "cmd.js",
    args: (scratch) => ["--collect-only", "--working-dir", scratch, "--"],
    startsNode: false,
  },
} as const satisfies Record<string, Peer>;

export type PeerName = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];

/** Installs it where it is missing. @throws Error when npm fails */
export function ensurePeer(name: PeerName): void {
  const peer: Peer = PEERS[name];
  const installed = path.join(packageFolder(peer), "package.json");
  if (existsSync(installed) && JSON.parse(readFileSync(installed, "utf8")).version === peer.version) return;
  const wanted = `${peer.package}@${peer.version}`;
  console.error(`Fetching ${wanted} for the benchmark ...`);
  mkdirSync(folderOf(peer), { recursive: true });
  writeFileSync(path.join(folderOf(peer), "package.json"), `${JSON.stringify({ private: true })}\n`);
  runNpm(["install", wanted, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folderOf(peer) });
}

/** The command line that runs a server under it. Some put their own NODE_OPTIONS in the place of ours: so the words. */
export function peerCommand(name: PeerName, { node, preloads, file, scratch }: Start): string[] {
  const peer: Peer = PEERS[name];
  const own = [node, path.join(packageFolder(peer), peer.bin), ...peer.args(scratch)];
  const nodeWords = [node, ...preloads.flatMap((preload) => ["--require", preload])];
  return [...own, ...(peer.startsNode ? [] : nodeWords), file];
}

function folderOf({ package: name }: Peer): string {
  return path.join(root, ".cache/bench", name.replace(/[@/]/g, "_"));
}

function packageFolder(peer: Peer): string {
  return path.join(folderOf(peer), "node_modules", peer.package);
}
