// Collector: how many processors a server may use here: those that the scheduler gives it, or fewer where a control
// group (a container's `--cpus`) has a quota of processor time. Linux only; elsewhere nobody sets one.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { posix } from "node:path";

/** A file's text, null where there is none. */
export type ReadText = (path: string) => string | null;

/** Of both versions of control groups: what a mount of theirs is called, and which line is ours. */
interface Hierarchy {
  readonly mount: string;
  /** Where the mount begins within the hierarchy, and where this process is in it. */
  readonly root: string;
  readonly path: string;
  readonly quota: (read: ReadText) => number | null;
}

/** Processors, a fraction where the quota is one; never below what keeps one thread alive. */
export function availableCores(read: ReadText = readText, parallelism = availableParallelism()): number {
  return Math.min(parallelism, processorQuota(read) ?? Number.POSITIVE_INFINITY);
}

/** As many workers as find a processor each: whole ones only, and one at least. */
export function workersThatFit(cores = availableCores()): number {
  return Math.max(1, Math.floor(cores));
}

/** The smallest quota on the way from this process's group up to the root; null where there is none. */
export function processorQuota(read: ReadText): number | null {
  let smallest: number | null = null;
  for (const { mount, root, path, quota } of hierarchies(read)) {
    const inside =
      root !== "/" && (path === root || path.startsWith(`${root}/`)) ? path.slice(root.length) : path;
    for (let at = posix.join("/", inside); ; at = posix.dirname(at)) {
      const found = quota((file) => read(posix.join(mount, at, file)));
      if (found !== null) smallest = Math.min(smallest ?? found, found);
      if (at === "/") break;
    }
  }
  return smallest;
}

function hierarchies(read: ReadText): Hierarchy[] {
  const groups = (read("/proc/self/cgroup") ?? "")
    .split("\n")
    .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line));
  const found: Hierarchy[] = [];
  for (const line of (read("/proc/self/mountinfo") ?? "").split("\n")) {
    // 30 23 0:26 /root /mount options - type source superoptions
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root = "/", mount = ""] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    if (mount === "" || (type !== "cgroup2" && type !== "cgroup")) continue;
    const version2 = type === "cgroup2";
    if (!version2 && !options.split(",").includes("cpu")) continue;
    const group = groups.find((entry) =>
      version2 ? entry?.[1] === "" : entry?.[1]?.split(",").includes("cpu") === true,
    );
    const path = group?.[2];
    if (path !== undefined) found.push({ mount, root, path, quota: version2 ? quota2 : quota1 });
  }
  return found;
}

/** `150000 100000`: microseconds of processor time in a period; `max` is no limit. */
function quota2(read: ReadText): number | null {
  const [quota, period] = (read("cpu.max") ?? "").trim().split(" ");
  return processors(quota, period);
}

/** -1 is no limit. */
function quota1(read: ReadText): number | null {
  return processors(read("cpu.cfs_quota_us")?.trim(), read("cpu.cfs_period_us")?.trim());
}

function processors(quota: string | undefined, period: string | undefined): number | null {
  const share = Number(quota || Number.NaN) / Number(period || Number.NaN);
  return Number.isFinite(share) && share > 0 ? share : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
