// Runtime, symmetric: timers that repeat (clean-ups, polls, schedules) run once in every worker. Worker 1 looks
// for the first one that the user's own code sets, so that this can be said once.

import type { NoticePlace } from "../../protocol/wire.ts";
import { Patches } from "../patch.ts";

const LONG_MILLIS = 1_000;
const FRAMES = 10;
/** A `data:` URL holds the whole script: too long for a sentence. */
const LONGEST_URL = 1_000;

/** `tell` is called once at most. Libraries keep their own house (pools, caches) in each process rightly. */
export function watchRepeatingTimers(tell: (place: NoticePlace, millis: number) => void): void {
  const patches = new Patches();
  patches.replace(globalThis, ["setInterval"], (original) => {
    const replacement = function (this: unknown, _callback: unknown, millis: unknown): unknown {
      if (Number(millis) >= LONG_MILLIS) {
        try {
          const place = userPlace(replacement);
          if (place !== null) {
            patches.restore();
            tell(place, Number(millis));
          }
        } catch {
          patches.restore();
        }
      }
      return Reflect.apply(original, this, arguments);
    };
    return replacement;
  });
}

/** The line that calls `below`, when it is the user's own. */
// biome-ignore lint/complexity/noBannedTypes: any function can be the one below
function userPlace(below: Function): NoticePlace | null {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: unknown } = {};
  let sites: readonly NodeJS.CallSite[];
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_error, structured) => structured;
    Error.captureStackTrace(holder, below as (...args: never[]) => unknown);
    sites = holder.stack as readonly NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepare === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", prepare);
  }
  if (!Array.isArray(sites)) return null;
  const site = (sites as readonly NodeJS.CallSite[])[0];
  const url = site?.getFileName() ?? "";
  if (url === "" || url.startsWith("node:") || /[\\/]node_modules[\\/]/.test(url)) return null;
  if (url.length > LONGEST_URL) return null;
  return { url, line: site?.getLineNumber() ?? 0, column: site?.getColumnNumber() ?? 0 };
}
