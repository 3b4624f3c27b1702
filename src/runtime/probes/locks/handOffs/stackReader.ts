// Runtime: the stacks of a promise that requests wait for. Where the lock is code of the user's own, who waits for it and who
// holds it are its callers: what stands inside of it would be the same for all.

import { isWatchedFile } from "../../../moduleWatch.ts";
import { ShortWork } from "../../../ownCost.ts";
import { callSites } from "../../../sampling/callSites.ts";
import type { StackTable } from "../../../sampling/stackTable.ts";
import type { Made, Place } from "./handOffs.ts";

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;
type Sites = readonly NodeJS.CallSite[];

/** Node's ways of running the user's code that are no answers of something outside. */
const RUNS_USER_CODE =
  /^node:(?:async_hooks$|internal\/(?:timers$|process\/task_queues$|process\/promises$|async_local_storage|async_context))/;
/** What requests hold by Node's own locks has probes of its own. */
const OWN_PROBE = /^node:internal\/locks/;
/** Receivers that say nothing of who is called. */
const NO_CLASS = new Set([
  "",
  "Object",
  "Function",
  "global",
  "Array",
  "Promise",
  "process",
  "Timeout",
  "Immediate",
]);
/** The script that this runs in: the preload's bundle. */
const OWN_URL = typeof __filename === "string" ? __filename : "";

export class StackReader {
  private readonly work = new ShortWork();

  constructor(private readonly stacks: StackTable) {}

  /** Null where the stack can't be had, or a library has a probe of its own. */
  made(above: AnyFunction): Made | null {
    return this.measured(() => {
      const sites = callSites(above);
      if (sites === null || isMeasuredElsewhere(sites)) return null;
      return { ...this.place(sites), inPlace: true };
    });
  }

  /** Null: no code of the user's. */
  awaited(made: Made, above: AnyFunction): Place | null {
    return this.measured(() => {
      const sites = callSites(above);
      if (sites === null || innermostUser(sites) < 0) return null;
      const place = this.place(sites);
      made.inPlace = place.name === made.name;
      return place;
    });
  }

  /** Null where Node settles it with an answer from outside, or a library has a probe of its own. */
  settled(above: AnyFunction, answers: boolean): Place | null {
    return this.measured(() => {
      const sites = callSites(above) ?? [];
      if (isMeasuredElsewhere(sites)) return null;
      if (!answers && (isAnswer(sites) || sites.every(isNodes))) return null;
      return this.place(sites);
    });
  }

  private measured<T>(action: () => T): T {
    this.work.start();
    try {
      return action();
    } finally {
      this.stacks.captureMicros += this.work.stop();
      this.stacks.captures++;
    }
  }

  private place(sites: Sites): Place {
    const inner = innermostUser(sites);
    const site = sites[inner];
    if (site === undefined) {
      const stack = this.stacks.internSites(sites, 0);
      return { inner: stack, outer: stack, name: "", spot: "", className: "" };
    }
    const className = classOf(site);
    let outer = innermostUser(sites, inner + 1);
    while (outer >= 0 && className !== "" && classOf(sites[outer] as NodeJS.CallSite) === className)
      outer = innermostUser(sites, outer + 1);
    const name = `${urlOf(site)} ${className} ${site.getFunctionName() ?? ""}`;
    return {
      inner: this.stacks.internSites(sites, inner),
      outer: this.stacks.internSites(sites, outer < 0 ? inner : outer),
      name,
      spot: `${name} ${site.getPosition()}`,
      className,
    };
  }
}

/**
 * Whether Node's own code began it: a socket was read, a file, a message of another thread. Timers and continuations are
 * not that. Of the synchronous part of the stack.
 */
function isAnswer(sites: Sites): boolean {
  let root = "";
  for (const site of sites) {
    if ((site as { isAsync?: () => boolean }).isAsync?.() === true) break;
    const url = urlOf(site);
    if (url !== "" && url !== OWN_URL) root = url;
  }
  return root.startsWith("node:") && !RUNS_USER_CODE.test(root);
}

/** Node's own, or ours. */
function isNodes(site: NodeJS.CallSite): boolean {
  const url = urlOf(site);
  return url === "" || url === OWN_URL || url.startsWith("node:");
}

function isMeasuredElsewhere(sites: Sites): boolean {
  return sites.some((site) => {
    const url = urlOf(site);
    return url.includes("node_modules") ? isWatchedFile(url) : OWN_PROBE.test(url);
  });
}

/** Where the innermost function of the user's own code stands in the stack, -1 for none. */
function innermostUser(sites: Sites, from = 0): number {
  for (let place = from; place < sites.length; place++) {
    const url = urlOf(sites[place] as NodeJS.CallSite);
    if (url === "" || url === OWN_URL || url.startsWith("node:")) continue;
    if (!/[\\/]node_modules[\\/]/.test(url)) return place;
  }
  return -1;
}

/** Of the object that the function is called on; "" where that is none of a class of the user's. */
function classOf(site: NodeJS.CallSite): string {
  const name = site.isToplevel() ? "" : (site.getTypeName() ?? "");
  return NO_CLASS.has(name) ? "" : name;
}

function urlOf(site: NodeJS.CallSite): string {
  return site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "";
}
