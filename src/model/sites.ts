// Model: the line that a stack is charged to. The nearest frame in the user's own code; what it called, a
// dependency's or Node's function, is named beside it. Without such a frame the nearest dependency's line, and
// without that no line at all: file "", line 0. A stack is never charged to a line that is not on it.

import type { Location } from "../protocol/report.ts";
import type { CallFrame } from "../protocol/siteDetails.ts";
import { packageOf, sourceOf } from "./origin.ts";
import type { AllocatingPlace, Frame, Origin, Profile } from "./profile.ts";

const MAX_DEPTH = 256;
const INNERMOST_SHOWN = 32;

export interface Site extends Location {
  /** What the line called, null when it is the measured operation itself. */
  readonly callee: string | null;
  /** The package that the line calls, or stands in; null where the user's own code or Node's does it. */
  readonly dependency: string | null;
  readonly origin: Origin;
  /** Nothing stands below the line: what is allocated is its function's own. */
  readonly own: boolean;
  /** Where its function allocates, null where that is not known. */
  readonly places: readonly AllocatingPlace[] | null;
}

export const UNKNOWN_SITE: Site = {
  file: "",
  line: 0,
  column: 0,
  function: "(unknown)",
  callee: null,
  dependency: null,
  origin: "unknown",
  own: false,
  places: null,
};
const RUNTIME_SITE: Site = { ...UNKNOWN_SITE, function: "(Node)", origin: "runtime" };

/** Whom a stack may be charged to, with what was called there; each stack's follows from its caller's. */
interface Candidates {
  readonly user: Candidate | null;
  readonly dependency: Candidate | null;
  readonly runtime: boolean;
}
interface Candidate {
  readonly frame: Frame;
  readonly below: Frame | null;
}
const NOBODY: Candidates = { user: null, dependency: null, runtime: false };

export class Sites {
  private readonly known = new Map<number, Site>();
  private readonly candidates = new Map<number, Candidates>();
  constructor(private profile: Pick<Profile, "frames" | "stacks">) {}

  /** Of a recording that grows: what is known of `known`'s stacks is kept, where each is what it was. */
  static following(known: Sites | null, profile: Pick<Profile, "frames" | "stacks">): Sites {
    if (known === null || !isStart(known.profile.frames, profile.frames)) return new Sites(profile);
    if (!isStart(known.profile.stacks, profile.stacks)) return new Sites(profile);
    known.profile = profile;
    return known;
  }

  of(stack: number): Site {
    const known = this.known.get(stack);
    if (known !== undefined) return known;
    const site = siteOf(this.candidatesOf(stack));
    this.known.set(stack, site);
    return site;
  }

  private candidatesOf(stack: number): Candidates {
    const open: { stack: number; frame: Frame }[] = [];
    let at = stack;
    let found = NOBODY;
    while (at > 0) {
      const known = this.candidates.get(at);
      const node = this.profile.stacks[at];
      const frame = node === undefined ? undefined : this.profile.frames[node.frame];
      if (known !== undefined) found = known;
      if (known !== undefined || node === undefined || frame === undefined) break;
      open.push({ stack: at, frame });
      // A caller comes before it; else it would go in circles.
      at = node.parent < at ? node.parent : 0;
    }
    for (const { stack, frame } of open.reverse()) {
      found = calling(found, frame);
      this.candidates.set(stack, found);
    }
    return found;
  }

  /** Innermost first, ours left out. */
  locations(stack: number): Location[] {
    const locations: Location[] = [];
    for (const frame of this.walk(stack)) {
      if (locations.length === INNERMOST_SHOWN) break;
      const source = sourceOf(frame);
      if (source.origin !== "darcy") locations.push(locationOf(frame));
    }
    return locations;
  }

  /** Innermost first, ours left out: where each frame's code comes from, and whether it awaits what is within it. */
  callFrames(stack: number): CallFrame[] {
    const frames: CallFrame[] = [];
    for (const frame of this.walk(stack)) {
      const { origin } = sourceOf(frame);
      if (origin === "darcy") continue;
      const role = origin === "unknown" ? "runtime" : origin;
      frames.push({ ...locationOf(frame), role, async: frame.async });
    }
    return frames;
  }

  private *walk(stack: number): Generator<Frame> {
    let at = stack;
    for (let depth = 0; at > 0 && depth < MAX_DEPTH; depth++) {
      const node = this.profile.stacks[at];
      const frame = node === undefined ? undefined : this.profile.frames[node.frame];
      if (node === undefined || frame === undefined) return;
      yield frame;
      at = node.parent;
    }
  }
}

/** Entries are never changed: another one is another object. */
function isStart<T>(before: readonly T[], now: readonly T[]): boolean {
  return before === now || (before.length <= now.length && before.every((entry, n) => entry === now[n]));
}

function siteOf({ user, dependency, runtime }: Candidates): Site {
  if (user !== null) return siteAt(user.frame, user.below, "user");
  if (dependency !== null) return siteAt(dependency.frame, dependency.below, "dependency");
  return runtime ? RUNTIME_SITE : UNKNOWN_SITE;
}

/** Of `frame`, called by what `above` are the candidates of. */
function calling(above: Candidates, frame: Frame): Candidates {
  const { origin } = sourceOf(frame);
  const { user, dependency } = above;
  return {
    user: origin === "user" ? { frame, below: null } : origin === "darcy" ? user : over(user, frame),
    dependency:
      origin === "dependency"
        ? { frame, below: null }
        : origin === "runtime"
          ? over(dependency, frame)
          : dependency,
    runtime: above.runtime || origin === "runtime",
  };
}

/** The first that is called there stays. */
function over(candidate: Candidate | null, below: Frame): Candidate | null {
  return candidate === null || candidate.below !== null ? candidate : { frame: candidate.frame, below };
}

function siteAt(frame: Frame, below: Frame | null, origin: Origin): Site {
  const places = frame.allocates ?? null;
  const dependency = packageOfFrame(origin === "dependency" ? frame : below);
  return { ...locationOf(frame), callee: calleeOf(below), dependency, origin, own: below === null, places };
}

function packageOfFrame(frame: Frame | null): string | null {
  if (frame === null) return null;
  const { origin, file } = sourceOf(frame);
  return origin === "dependency" ? packageOf(file) || null : null;
}

function locationOf(frame: Frame): Location {
  const { file, line, column } = sourceOf(frame);
  return { file, line, column, function: frame.functionName === "" ? "(anonymous)" : frame.functionName };
}

/** What the user's frame called, where it is not the operation itself. */
function calleeOf(below: Frame | null): string | null {
  if (below === null) return null;
  const { origin, file } = sourceOf(below);
  if (origin === "runtime") return publicName(below);
  if (origin !== "dependency") return below.functionName === "" ? null : below.functionName;
  return below.functionName === "" ? packageOf(file) || null : below.functionName;
}

/** Modules of Node's inside whose functions users know by another name. */
const PUBLIC_MODULE: Readonly<Record<string, string>> = {
  "internal/fs/promises": "fs.promises",
  "internal/dns/promises": "dns.promises",
  "internal/child_process": "child_process",
  "internal/fs/read/context": "fs",
  "internal/crypto/pbkdf2": "crypto",
  "internal/crypto/scrypt": "crypto",
  "internal/crypto/random": "crypto",
  "internal/crypto/hash": "crypto",
  "internal/streams/pipeline": "stream",
  "internal/timers": "timers",
};
/** Functions that stand between the user's call and its name. */
const PRIVATE = new Set([
  "asyncBufferWrapper",
  "zlibBuffer",
  "zlibBufferSync",
  "zlibBufferOnEnd",
  "processChunk",
]);
const PUBLIC_CLASS =
  /^(?:new )?(?:Readable|Writable|Duplex|Transform|PassThrough|Socket|TLSSocket|Server|ServerResponse|Http2\w+|IncomingMessage|ClientRequest|OutgoingMessage|EventEmitter|FileHandle|ReadStream|WriteStream|Worker|MessagePort|ChildProcess|Agent|Gzip|Gunzip|Deflate|Inflate|Brotli\w+|Hash|Hmac|TextDecoder|TextEncoder|URL|URLSearchParams|Blob|Response|Request|ReadableStream\w*|WritableStream\w*)(?:\.|$)/;

/** The function of Node's that users call by this frame, null where only Node's inside knows it. */
function publicName({ url, functionName }: Frame): string | null {
  const module = url.slice("node:".length);
  if (functionName === "") return null;
  if (PUBLIC_CLASS.test(functionName)) return functionName;
  // Node assigns Buffer's static functions one by one: they do not know their class.
  if (module === "buffer" && !functionName.includes(".") && !functionName.startsWith("new "))
    return `Buffer.${functionName}`;
  if (PRIVATE.has(functionName)) return null;
  const known = PUBLIC_MODULE[module] ?? (module.startsWith("internal/") ? null : module);
  if (known === null) return null;
  if (functionName.includes(".") || functionName.startsWith("new ") || known.startsWith("_"))
    return functionName;
  return `${known}.${functionName.replace(/(?<=^(?:read|write)File)Handle$/, "")}`;
}
