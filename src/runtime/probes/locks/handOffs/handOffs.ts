// Runtime: finds waits for locks that no probe knows by name: a promise that one request waits for and another one's code
// resolves is handed over from the one to the other. Sees only promises that are made while a window is open; each of
// these is followed until it settles.

import type { LockBasis } from "../../../../protocol/categories.ts";
import { type Placed, Underway } from "../../../underway.ts";

/** A request, as its context tells. */
export interface Request {
  readonly finished: boolean;
}

/** A place in the user's code. Stacks are ids of the stack table, 0: none. */
export interface Place {
  readonly inner: number;
  /** From the first function on that is not of the innermost one's object. */
  readonly outer: number;
  /** Names the innermost function, and the spot in it. */
  readonly name: string;
  readonly spot: string;
  /** Of its object, "" for none. */
  readonly className: string;
}

/** Where a promise was made. */
export interface Made extends Place {
  /** It is awaited in the function that made it: no function stands between a lock and its user. */
  inPlace: boolean;
}

/** Everything from outside. */
export interface Surroundings {
  /** Milliseconds. */
  now(): number;
  /** The request that the running code belongs to, finished or not. */
  current(): Request | null;
  /** Null: not to be followed. */
  made(): Made | null;
  /** Null: no code of the user's. */
  awaited(made: Made): Place | null;
  /** Null: not to be told. @param answers whether an answer of something outside is to be told */
  settled(answers: boolean): Place | null;
  found(wait: Wait): void;
}

export interface Wait {
  readonly basis: Exclude<LockBasis, "exact" | "blocking">;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly waiter: number;
  readonly holder: number;
  /** How many promises stand for each one that was followed. */
  readonly weight: number;
  /** From the promise's making until it was waited for, milliseconds: both had to be seen. */
  readonly unawaited: number;
}

/** A request that waits for a promise. */
interface Waiter {
  readonly request: Request;
  readonly since: number;
  readonly place: Place | null;
}
interface Tag extends Placed {
  readonly request: Request;
  readonly made: Made;
  /** Milliseconds. */
  readonly at: number;
  readonly weight: number;
  readonly waiters: Waiter[];
}
/** Settled by one request for others, in one go. */
interface Burst {
  readonly by: Request | null;
  /** Nobody waits for what runs there. */
  readonly background: boolean;
  at: number;
  /** Where those were made that it settled as well and waits for itself. */
  readonly own: Set<string>;
  readonly waits: (Omit<Wait, "basis"> & { readonly spot: string; readonly request: Request })[];
}

/** A shorter one is how long it takes until a continuation's turn comes. */
const LEAST_WAIT_MILLIS = 1;
/** Between two promises that one piece of code settles one after the other. */
const BURST_MILLIS = 0.2;
const MOST_WAITERS = 64;
/** Spots where promises are made whose kind is remembered. */
const MOST_SPOTS = 1_000;
/** Waits that one which was seen stands for, at most, because its promise was made long before. */
const MOST_UNSEEN = 5;
/** Followed at once. */
const MOST_FOLLOWED = 2_000;

export class HandOffs {
  private tags = new WeakMap<object, Tag>();
  private readonly followed = new Underway<Tag>();
  private burst: Burst | null = null;
  /** Waits for promises made there, and those of them for shared work: of a batch sometimes only one is followed. */
  private readonly spots = new Map<string, { all: number; shared: number }>();

  constructor(private readonly around: Surroundings) {}

  /** @param weight how many promises this one stands for */
  make(promise: object, weight: number): void {
    if (this.followed.size >= MOST_FOLLOWED) return;
    const request = this.around.current();
    if (request === null || request.finished) return;
    const made = this.around.made();
    if (made !== null)
      this.follow(promise, { request, made, at: this.around.now(), weight, waiters: [], place: -1 });
  }

  private follow(promise: object, tag: Tag): void {
    this.tags.set(promise, tag);
    this.followed.add(tag);
  }

  /** Somebody goes on from `parent`, whose continuation is `promise`: that one may be what others wait for. */
  derive(promise: object, parent: object): void {
    const tag = this.tags.get(parent);
    if (tag === undefined || tag.waiters.length >= MOST_WAITERS) return;
    const request = this.around.current();
    if (request === null || request.finished) return;
    for (const waiter of tag.waiters) if (waiter.request === request) return;
    const place = this.around.awaited(tag.made);
    const at = this.around.now();
    tag.waiters.push({ request, since: at, place });
    if (tag.request !== request || place === null || this.followed.size >= MOST_FOLLOWED) return;
    const made = { ...place, inPlace: true };
    this.follow(promise, { request, made, at, weight: tag.weight, waiters: [], place: -1 });
  }

  settle(promise: object): void {
    const tag = this.tags.get(promise);
    if (tag === undefined) return;
    this.tags.delete(promise);
    this.followed.delete(tag);
    const { made, weight, waiters } = tag;
    const at = this.around.now();
    const by = this.around.current();
    const own = tag.request === by;
    const { burst } = this;
    if (burst !== null && (burst.by !== by || at - burst.at > BURST_MILLIS)) this.flush();
    // Of a chain of promises each one waits for the one before, nobody for its own.
    if (own && waiters.some(({ request }) => request === by)) this.burstOf(by, at).own.add(made.spot);
    const kept = waiters.filter(
      ({ request, since }) => request !== by && !request.finished && at - since >= LEAST_WAIT_MILLIS,
    );
    if (kept.length === 0) return;
    const settler = this.around.settled(own);
    if (settler === null) return;
    const isLock = isLockCode(made, settler);
    const holder = isLock ? settler.outer : settler.inner;
    const { waits } = this.burstOf(by, at);
    for (const { request, since, place } of kept)
      waits.push({
        request,
        spot: made.spot,
        from: since,
        to: at,
        waiter: waiterOf(made, place, isLock),
        holder,
        weight,
        unawaited: since - tag.at,
      });
  }

  /** Whether a request still waits for one that is followed. */
  waiting(): boolean {
    return this.followed.some(({ waiters }) => waiters.some(({ request }) => !request.finished));
  }

  /** Tells what is known by now. */
  flush(): void {
    const { burst } = this;
    this.burst = null;
    if (burst === null || burst.waits.length === 0) return;
    const { background, waits, own } = burst;
    // Two locks that are given back one after the other let in one each.
    const requests = new Map<string, Set<Request>>();
    for (const { request, spot } of waits) {
      const of = requests.get(spot);
      if (of === undefined) requests.set(spot, new Set([request]));
      else of.add(request);
    }
    for (const { request: _request, spot, ...wait } of waits) {
      const shared = this.isShared(spot, (requests.get(spot)?.size ?? 0) > 1 || own.has(spot));
      const basis = shared ? "shared work" : background ? "background" : "inferred";
      this.around.found({ ...wait, basis });
    }
  }

  /** Forgets what has not settled. */
  forget(): void {
    this.flush();
    this.tags = new WeakMap();
    this.followed.clear();
  }

  private isShared(spot: string, seen: boolean): boolean {
    let known = this.spots.get(spot);
    if (known === undefined) {
      if (this.spots.size >= MOST_SPOTS) return seen;
      known = { all: 0, shared: 0 };
      this.spots.set(spot, known);
    }
    known.all++;
    if (seen) known.shared++;
    return seen || known.shared > known.all / 2;
  }

  private burstOf(by: Request | null, at: number): Burst {
    this.burst ??= { by, background: by?.finished !== false, at, own: new Set(), waits: [] };
    this.burst.at = at;
    return this.burst;
  }
}

/**
 * How many waits one stands for whose promise was made some time before: it is seen only where both fall into the window.
 * @param openMillis how long the window was
 */
export function unseen(openMillis: number, unawaited: number): number {
  return Math.min(MOST_UNSEEN, openMillis / Math.max(1, openMillis - unawaited));
}

/** Taking and giving back are two functions of one object, or of none that the waiter's own code is in. */
function isLockCode(made: Made, settler: Place): boolean {
  if (made.name === settler.name) return false;
  return made.className === "" ? !made.inPlace : made.className === settler.className;
}

function waiterOf(made: Made, awaited: Place | null, isLock: boolean): number {
  if (awaited === null) return isLock ? made.outer : made.inner;
  return isLock && awaited.name === made.name ? awaited.outer : awaited.inner;
}
