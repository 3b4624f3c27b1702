// Runtime, symmetric: of all processes of a session only one becomes peer 0, the one that listens first. A file
// made exclusively in the session's folder decides; a dead owner's (a watcher restarted the server) is taken over.

import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "first-peer";

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
    const owner = Number(readFileSync(path, "utf8"));
    if (owner === process.pid) return true;
    if (Number.isInteger(owner) && owner > 0 && isAlive(owner)) return false;
    unlinkSync(path);
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
