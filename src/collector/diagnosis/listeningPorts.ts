// Collector, diagnosis: which TCP ports processes listen on, and how many connections are open there, as Linux tells.

import { readdir, readFile, readlink } from "node:fs/promises";

const LISTEN = "0A";
const ESTABLISHED = "01";
const MOST_DESCRIPTORS = 5_000;

interface Row {
  readonly port: number;
  readonly state: string;
  readonly inode: string;
}

/** By process id; processes that listen on none, and all where it can't be told, are left out. Never throws. */
export async function listeningPorts(
  pids: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const ports = new Map<number, readonly number[]>();
  if (process.platform !== "linux") return ports;
  const byInode = new Map(
    (await rows()).filter(({ state }) => state === LISTEN).map((row) => [row.inode, row.port]),
  );
  if (byInode.size === 0) return ports;
  for (const pid of pids) {
    const found = new Set<number>();
    for (const inode of await socketsOf(pid)) {
      const port = byInode.get(inode);
      if (port !== undefined) found.add(port);
    }
    if (found.size > 0)
      ports.set(
        pid,
        [...found].sort((a, b) => a - b),
      );
  }
  return ports;
}

/** Connections that are open at a port of this machine, from the server's side; null where it can't be told. */
export async function openConnections(port: number): Promise<number | null> {
  if (process.platform !== "linux") return null;
  return (await rows()).filter((row) => row.port === port && row.state === ESTABLISHED).length;
}

async function rows(): Promise<Row[]> {
  const texts = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  );
  return texts.flatMap((text) =>
    text
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        // slot: local address:port, remote, state, queues, timer, retransmits, user, timeout, inode
        const [, local = "", , state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
        const port = Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16);
        return Number.isNaN(port) ? [] : [{ port, state, inode }];
      }),
  );
}

async function socketsOf(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    names.slice(0, MOST_DESCRIPTORS).map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
