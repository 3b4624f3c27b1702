// Runtime: the call sites of a stack, with `Error` borrowed for a moment. Whatever the user set there is put back.

import { callers } from "./callers.ts";

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;

const MAX_FRAMES = 64;
/** Where a dependency calls itself so often that no line of the user's is among these. */
const MAX_DEEP_FRAMES = 512;

const keepSites = (_error: Error, sites: NodeJS.CallSite[]) => sites;

const OWN_FILE = typeof __filename === "string" ? __filename : "";

/** Anything but Node's own scripts and ours; of a library that works for a noted caller, the user's alone. */
export function hasUserCode(sites: readonly NodeJS.CallSite[]): boolean {
  if (callers.isAsking) return sites.some(isUsers);
  for (const site of sites) {
    const url = site.getFileName();
    if (typeof url === "string" && !url.startsWith("node:") && url !== OWN_FILE) return true;
  }
  return false;
}

/** As `callSites`; of a stack whose user's line lies deeper, the innermost frames and those around that line. */
export function sitesWithUser(above: AnyFunction): readonly NodeJS.CallSite[] | null {
  const sites = callSites(above);
  if (sites === null || sites.length < MAX_FRAMES || sites.some(isUsers)) return sites;
  const deep = callSites(above, MAX_DEEP_FRAMES) ?? sites;
  const at = deep.findIndex(isUsers) - 1;
  const half = MAX_FRAMES / 2;
  return at < half ? sites : [...deep.slice(0, half), ...deep.slice(at, at + half)];
}

function isUsers(site: NodeJS.CallSite): boolean {
  const url = site.getFileName() ?? "node:";
  return !url.startsWith("node:") && url !== OWN_FILE && !/[\\/]node_modules[\\/]/.test(url);
}

export function callSites(above: AnyFunction, frames = MAX_FRAMES): readonly NodeJS.CallSite[] | null {
  return borrowingError(() => {
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, above);
    return holder.stack;
  }, frames);
}

/**
 * The call sites that `stackOf` reads as a stack. Null where `Error` can't be borrowed (frozen intrinsics). Whatever the
 * user set there is put back.
 */
export function borrowingError(
  stackOf: () => unknown,
  frames = MAX_FRAMES,
): readonly NodeJS.CallSite[] | null {
  const limit = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit");
  const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  try {
    Object.defineProperty(Error, "stackTraceLimit", {
      value: frames,
      configurable: true,
      writable: true,
      enumerable: true,
    });
    Object.defineProperty(Error, "prepareStackTrace", {
      value: keepSites,
      configurable: true,
      writable: true,
      enumerable: false,
    });
    const sites = stackOf();
    return Array.isArray(sites) ? (sites as NodeJS.CallSite[]) : null;
  } catch {
    return null;
  } finally {
    restore("prepareStackTrace", prepare);
    restore("stackTraceLimit", limit);
  }
}

function restore(
  key: "stackTraceLimit" | "prepareStackTrace",
  descriptor: PropertyDescriptor | undefined,
): void {
  try {
    if (descriptor === undefined) delete (Error as unknown as Record<string, unknown>)[key];
    else Object.defineProperty(Error, key, descriptor);
  } catch {
    // Frozen intrinsics: nothing was changed either.
  }
}
