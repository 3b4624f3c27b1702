// Runtime: when the next window without inlining is due. A large server takes seconds of load to optimise all its code
// anew after one, and runs slower until then: so one soon, and then ever fewer. Its shares hold for the load that it
// saw: when a request allocates otherwise than then, the next one comes sooner. Rests do not count: windows have the same share
// of what is measured with them as without. Pure; times in milliseconds.

const FIRST_MILLIS = 1_500;
const FIRST_PAUSE_MILLIS = 120_000;
const PAUSE_GROWTH = 4;
/** Peers would all be slow in the same second: each stretches its pauses a little differently. */
const PAUSE_SPREAD = 0.2;
/** With another load the pause is a quarter as long, and at first no longer than so. */
const CHANGED = 0.25;
const FIRST_CHANGED_MILLIS = 7_500;
/** Bytes a request of late over those at the last window, or the other way round. */
const CHANGE = 1.5;
/** After a rest, until V8 has compiled anew what had Node's own functions in it. */
const SETTLE_MILLIS = 3_000;
/** Weight of what was seen before. */
const MEMORY = 0.7;
/** Fewer say nothing. */
const LEAST_REQUESTS = 10;
/** So often at most a load that comes after windows without one has its own at once. */
const MOST_IDLE = 3;
/** What was seen so many times after a window is what the window saw: in it, and just after, more is allocated. */
const SETTLED = 4;

export class WindowPlan {
  private dueAt = Number.POSITIVE_INFINITY;
  private closedAt = 0;
  private earliest = 0;
  private pauseMillis = FIRST_PAUSE_MILLIS;
  private changedMillis = FIRST_CHANGED_MILLIS;
  private bytesPerRequest = 0;
  private closings = 0;
  private seen = 0;
  private atWindow = 0;
  /** The last window saw no request. */
  private idle = false;
  private idles = 0;
  /** Since an idle one. */
  private came = 0;

  /** @param longestMillis of the pauses between windows */
  constructor(
    private readonly longestMillis: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Whether a window may open; asked only under load. */
  due(now: number): boolean {
    if (this.dueAt === Number.POSITIVE_INFINITY) this.postpone(now, FIRST_MILLIS);
    if (now < this.earliest) return false;
    const soonest = this.closedAt + Math.min((this.dueAt - this.closedAt) * CHANGED, this.changedMillis);
    return now >= this.dueAt || (now >= soonest && this.changed());
  }

  /** What the server allocated in a while. */
  see(bytes: number, requests: number): void {
    if (requests < LEAST_REQUESTS) return;
    const each = bytes / requests;
    this.bytesPerRequest = this.seen === 0 ? each : this.bytesPerRequest * MEMORY + each * (1 - MEMORY);
    this.seen++;
    if (this.seen === SETTLED) this.atWindow = this.bytesPerRequest;
  }

  /** A window ended. @param underLoad whether requests came when it opened */
  closed(now: number, underLoad = true): void {
    this.seen = 0;
    this.closedAt = now;
    this.idle = !underLoad && this.idles++ < MOST_IDLE;
    this.came = 0;
    this.postpone(now, Math.min(this.pauseMillis, this.longestMillis));
    this.pauseMillis *= PAUSE_GROWTH;
    if (this.closings++ > 0) this.changedMillis *= PAUSE_GROWTH;
  }

  /**
   * Requests came, so many since the last call. What a server does before any (it loads its code) tells nothing of a load: from
   * here on windows are due as from a first one on.
   * @returns whether what the last window told is of no load
   */
  loadCame(now: number, requests: number): boolean {
    this.came += requests;
    if (!this.idle || this.came < LEAST_REQUESTS) return false;
    this.idle = false;
    this.pauseMillis = FIRST_PAUSE_MILLIS;
    this.changedMillis = FIRST_CHANGED_MILLIS;
    this.closings = 0;
    this.postpone(now, FIRST_MILLIS);
    return true;
  }

  /** The next one is due so much later. */
  postpone(now: number, millis: number): void {
    this.dueAt = now + millis * (1 + PAUSE_SPREAD * (2 * this.random() - 1));
  }

  /** None before, whatever the load. */
  notBefore(at: number): void {
    this.earliest = Math.max(this.earliest, at);
  }

  rested(from: number, to: number): void {
    this.dueAt += to - from;
    this.closedAt += to - from;
    this.earliest = Math.max(this.earliest + to - from, to + SETTLE_MILLIS);
  }

  private changed(): boolean {
    if (this.seen <= SETTLED) return false;
    const { bytesPerRequest: now, atWindow: then } = this;
    return now > then * CHANGE || then > now * CHANGE;
  }
}
