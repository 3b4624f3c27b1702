// Runtime: which HTTP request the running code belongs to, over awaits, timers and callbacks. It is one store of our own
// in Node's AsyncLocalStorage, entered where a request starts and again for each later piece of its body, which comes
// in its connection's context. From Node 24 on that is within noise. Before, any store makes Node hook every promise, up
// to 1.5 times the processor time: so there only some requests are followed, those of a short span now and then.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Trace } from "../copies/copyTrace.ts";

/** Of one request. Holds nothing of the request itself, so that a token that lives long keeps nothing alive. */
export interface RequestToken {
  /** From 1, in the order of starting on this thread. */
  readonly id: number;
  /** `performance.now()` at its start, milliseconds. */
  readonly startedAt: number;
  /** Its response is finished (or its connection was closed); what still runs for it is nobody's latency. */
  finished: boolean;
  /** Whether its code can be known by `current`, and the span in which it began. */
  readonly span: number;
  /** The samples that were taken of it, until its route is known: [cell, stack, count, amount] each (see `routeCosts.ts`). */
  samples: number[] | null;
  /** Bytes that it moved beside its own connection, as far as that is seen by request. */
  otherBytes: number;
  /** What a framework tells of its route (see `frameworks.ts`). */
  route: string | WeakRef<object> | null;
  /** Its copies, where they are traced (see `copyTrace.ts`). */
  trace: Trace | null;
}

/** Of `span`: this request is not followed. */
const NOT_FOLLOWED = -1;
/** Where stores are dear: requests that start within so long are followed, … */
const SPAN_MILLIS = 40;
/** … each until it has finished, but no longer than so. */
const LONGEST_MILLIS = 250;

/** Shorter ones can't have waited for much. */
const LONG_MILLIS = 2;

export class RequestContext {
  private readonly storage = storageOfOurs();
  /** Feature-tested: before async context frames a storage kept a symbol for its stores. */
  private readonly cheap = !Object.hasOwn(this.storage, "kResourceStore");
  /** Requests that have ended so far, and those of them that took long. */
  ended = 0;
  long = 0;
  /** What else has come so far that is to be answered, and which no code is known to work for. */
  messages = 0;
  private lastId = 0;
  private readonly span = { number: 0, open: false, startsUntil: 0, endsAt: 0, unfinished: 0, next: 0 };
  /** Requests that began before it are no more known. */
  private since = 0;
  private pauseMillis = Number.POSITIVE_INFINITY;
  /** Some requests are followed at least. */
  active = false;

  /** Every request is followed. */
  always = false;

  /** @param wanted part of the time in which requests are followed where that is dear, 0 to 1; null: only where it is not */
  start(wanted: number | null): void {
    const share = wanted ?? (this.cheap ? 1 : 0);
    this.active = share > 0;
    this.always = this.active && (this.cheap || share >= 1);
    this.pauseMillis = SPAN_MILLIS / share - SPAN_MILLIS;
  }

  /** After `stop`. Who began before `at` belongs to nobody. */
  resume(at: number, wanted: number | null): void {
    this.since = at;
    this.start(wanted);
  }

  /** A request starts here and now; what this call's caller goes on to do belongs to it. @param at milliseconds */
  begin(at: number): RequestToken {
    const followed = this.always || this.inSpan(at);
    const token = {
      id: ++this.lastId,
      startedAt: at,
      finished: false,
      span: followed ? this.span.number : NOT_FOLLOWED,
      samples: null,
      otherBytes: 0,
      route: null,
      trace: null,
    };
    if (followed) this.storage.enterWith(token);
    // A connection's store is that of its last request: this one must not pass for it.
    else if (this.span.open) this.storage.enterWith(undefined);
    return token;
  }

  finish(token: RequestToken, at: number): void {
    token.finished = true;
    this.ended++;
    if (at - token.startedAt >= LONG_MILLIS) this.long++;
    const { span } = this;
    if (this.always || !span.open || token.span !== span.number) return;
    span.unfinished--;
    if (span.unfinished === 0 && at >= span.startsUntil) this.endSpan(at);
  }

  /** The request that the running code belongs to; null for none, for a finished one, and for one that is not followed. */
  current(): RequestToken | null {
    if (!this.always && !this.span.open) return null;
    const token = this.storage.getStore();
    return token === undefined || token.finished || token.startedAt < this.since ? null : token;
  }

  /** The same, finished or not. */
  latest(): RequestToken | null {
    if (!this.always && !this.span.open) return null;
    const token = this.storage.getStore();
    return token === undefined || token.startedAt < this.since ? null : token;
  }

  /** Requests that have begun so far. */
  get begun(): number {
    return this.lastId;
  }

  /** Whether all that ran for the request so far could be known. */
  isFollowed(token: RequestToken): boolean {
    if (token.startedAt < this.since) return false;
    return this.always || (this.span.open && token.span === this.span.number);
  }

  /** Runs what `token`'s later data brings about; the store that was there is put back. */
  // biome-ignore lint/complexity/noBannedTypes: any function can run within
  within(token: RequestToken, action: Function, self: unknown, args: IArguments): unknown {
    const { storage } = this;
    if (!this.isFollowed(token)) return Reflect.apply(action, self, args) as unknown;
    const before = storage.getStore();
    if (before === token) return Reflect.apply(action, self, args) as unknown;
    storage.enterWith(token);
    try {
      return Reflect.apply(action, self, args) as unknown;
    } finally {
      storage.enterWith(before);
    }
  }

  /** To be called now and then: ends a span whose requests hang. */
  tick(at: number): void {
    if (this.span.open && at >= this.span.endsAt) this.endSpan(at);
  }

  stop(): void {
    this.active = false;
    this.always = false;
    this.span.open = false;
    this.storage.disable();
  }

  private inSpan(at: number): boolean {
    const { span } = this;
    this.tick(at);
    if (!span.open) {
      if (!this.active || at < span.next) return false;
      span.number++;
      span.open = true;
      span.unfinished = 0;
      span.startsUntil = at + SPAN_MILLIS;
      span.endsAt = span.startsUntil + LONGEST_MILLIS;
    }
    if (at >= span.startsUntil) {
      if (span.unfinished === 0) this.endSpan(at);
      return false;
    }
    span.unfinished++;
    return true;
  }

  private endSpan(at: number): void {
    this.span.open = false;
    this.span.next = at + this.pauseMillis;
    this.storage.disable();
  }
}

/** With its methods its own, so that it works on when somebody replaces the class's. */
function storageOfOurs(): AsyncLocalStorage<RequestToken | undefined> {
  const storage = new AsyncLocalStorage<RequestToken | undefined>();
  const { getStore, enterWith, disable } = AsyncLocalStorage.prototype;
  return Object.assign(storage, { getStore, enterWith, disable });
}

/** Of this thread. */
export const requestContext = new RequestContext();
