// Runtime, symmetric: which way of sharing an address this machine and Node can do, given what was asked for.

import type Cluster from "node:cluster";
import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { ActiveTopology, SessionFile } from "../../protocol/sessionFile.ts";
import { builtin, isLoaded } from "../builtins.ts";

export interface Choice {
  readonly topology: ActiveTopology;
  /** Why it is not what was asked for; null when it is. */
  readonly fallback: string | null;
}

/** `reusePort` is asked only where it matters: the test opens sockets. `threads`: the program has a file to run. */
export function chooseTopology(session: SessionFile, reusePort: () => boolean, threads: boolean): Choice {
  const asked = session.topology;
  if (session.workers <= 1 || asked === "single") return { topology: "single", fallback: null };
  const windows = process.platform === "win32";
  if (asked === "rr" || (asked === "handle" && !windows)) return { topology: asked, fallback: null };
  const parted = reusePort();
  if (asked === "threads" && parted && threads) return { topology: "threads", fallback: null };
  const topology: ActiveTopology = parted ? "reuse" : windows ? "rr" : "handle";
  if (asked === "auto" || asked === topology) return { topology, fallback: null };
  const reason =
    asked === "handle"
      ? NOTICES.handlesOnWindows
      : asked === "threads" && parted
        ? NOTICES.noFileToRun
        : fill(NOTICES.noReusePort, process.version, process.platform);
  return { topology, fallback: fill(NOTICES.topology, reason, topology) };
}

/** Whether the user's code runs a cluster of its own. */
export function userCluster(): "worker" | "primary" | null {
  // In its worker Node loads it at the start.
  if (!isLoaded("cluster")) return null;
  const cluster = builtin<typeof Cluster>("cluster");
  if (cluster.isWorker) return "worker";
  return Object.keys(cluster.workers ?? {}).length > 0 ? "primary" : null;
}
