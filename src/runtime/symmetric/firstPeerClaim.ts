// Runtime, symmetric: of all processes of a session only one becomes peer 0, the one that listens first. A file
// made exclusively in the session's folder decides; a dead owner's (a watcher restarted the server) is taken over.

import { readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "first-peer";
/** A watcher that runs its servers in a shell (`nest start --watch`) starts the next while the last one still closes. */
const OWNER_MILLIS = 3_000;
export const CLAIM_AGAIN_MILLIS = 100;

export class FirstPeerClaim {
  private until: number | null = null;

  constructor(
    private readonly folder: string,
    private readonly patienceMillis = OWNER_MILLIS,
  ) {}

  /** "later": another process has it, and may be about to end. */
  make(): "ours" | "later" | "taken" {
    if (claimFirstPeer(this.folder)) return "ours";
    const now = performance.now();
    this.until ??= now + this.patienceMillis;
    return now < this.until ? "later" : "taken";
  }
}

/** True when this process is peer 0 now. */
export function claimFirstPeer(folder: string): boolean {
  const path = join(folder, FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
    const owner = ownerOf(path);
    if (owner === process.pid) return true;
    if (Number.isInteger(owner) && owner > 0 && isAlive(owner)) return false;
    takeAway(path, owner);
  }
  return false;
}

/** NaN where another has just taken it away. */
function ownerOf(path: string): number {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return Number.NaN;
  }
}

/** A dead owner's claim. Several may find it: whoever got hold of another's that is newer puts it back. */
function takeAway(path: string, owner: number): void {
  const mine = `${path}-${process.pid}`;
  try {
    renameSync(path, mine);
    const taken = ownerOf(mine);
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
