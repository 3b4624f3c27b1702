// Runtime, symmetric: of all processes of a session only one becomes peer 0, the one that listens first. A file
// made exclusively in the session's folder decides; a dead owner's (a watcher restarted the server) is taken over.

import { readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "first-peer";
/** A watcher that runs its servers in a shell (`nest start --watch`) starts the next while the last one still closes. */
const OWNER_MILLIS = 3_000;
export const CLAIM_AGAIN_MILLIS = 100;

interface Owner {
  readonly pid: number;
  readonly parentPid: number;
  /** As they are shown. */
  readonly ports: string;
}

export class FirstPeerClaim {
  private until: number | null = null;

  constructor(
    private readonly folder: string,
    private readonly patienceMillis = OWNER_MILLIS,
  ) {}

  /** "later": another process has it, and may be about to end. */
  make(ports: string): "ours" | "later" | "taken" {
    if (claimFirstPeer(this.folder, ports)) return "ours";
    const now = performance.now();
    this.until ??= now + this.patienceMillis;
    return now < this.until ? "later" : "taken";
  }

  /** Ports of the one that has it; null where it is not known. */
  get ownersPorts(): string | null {
    return this.owner?.ports || null;
  }

  /** Whether a child of this process has it. */
  get isChilds(): boolean {
    return this.owner?.parentPid === process.pid;
  }

  private get owner(): Owner | null {
    return ownerOf(join(this.folder, FILE));
  }
}

/** True when this process is peer 0 now. */
export function claimFirstPeer(folder: string, ports = ""): boolean {
  const path = join(folder, FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, `${process.pid} ${process.ppid} ${ports}`, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
    const owner = ownerOf(path)?.pid ?? Number.NaN;
    if (owner === process.pid) return true;
    if (Number.isInteger(owner) && owner > 0 && isAlive(owner)) return false;
    takeAway(path, owner);
  }
  return false;
}

/** Null where another has just taken it away; process 0 where one is about to write it. */
function ownerOf(path: string): Owner | null {
  try {
    const [, pid, parentPid, ports] = /^(\d+)(?: (\d+) (.*))?$/.exec(readFileSync(path, "utf8")) ?? [];
    return { pid: Number(pid ?? 0), parentPid: Number(parentPid ?? 0), ports: ports ?? "" };
  } catch {
    return null;
  }
}

/** A dead owner's claim. Several may find it: whoever got hold of another's that is newer puts it back. */
function takeAway(path: string, owner: number): void {
  const mine = `${path}-${process.pid}`;
  try {
    renameSync(path, mine);
    const taken = ownerOf(mine)?.pid;
    if (taken === owner || Number.isNaN(owner)) unlinkSync(mine);
    else renameSync(mine, path);
  } catch {
    // Another was first.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return process.platform !== "linux" || !isZombie(pid);
}

/** Ended, and nobody reaps it, as orphans in a container without an init: it would have the workers for good. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
