// Runtime: which requests the event loop kept waiting, and for how long. Looked at only where a request starts or ends: a
// long time between two of these in which the loop did not sleep is a block. What starts in the same turn behind it was
// ready before it and has waited for all of it; what starts in the next turn arrived during it.

/** Of Node's own metrics of this thread's loop, and of our work on it. */
export interface LoopClock {
  /** Milliseconds that the loop has slept for events so far. */
  idleMillis(): number;
  /** Turns so far, and events that were ready before the loop asked for them. */
  turns(): { readonly loopCount: number; readonly eventsWaiting: number };
  /** Milliseconds of our own long work so far. */
  ownMillis(): number;
  /** Milliseconds so far that the thread had a processor, and was ready to run and had none; null where that is not known. */
  schedule(): { readonly cpuMillis: number; readonly runQueueMillis: number } | null;
  /** Milliseconds that one reading of it costs. */
  scheduleCost(): number;
}

/** A time in which the loop did nothing else. Milliseconds of `performance.now()`. */
export interface Block {
  readonly from: number;
  readonly to: number;
  /** Of the loop, before it and after it. */
  readonly fromTurn: number;
  readonly toTurn: number;
  /** The loop slept as well between the two looks: only who waited is known, not when it was. */
  readonly slept: boolean;
  /** Events that had been waiting before whoever waited for this one. */
  readonly waitingBefore: number;
  /** The request whose code it is, where that can be told. */
  owner: Start | null;
}

/** A request is known by when it started: no two do at once. */
type Start = number;

/** Shorter ones are a loop's daily work, and no longer than a busy machine keeps a thread waiting. */
export const LEAST_BLOCK_MILLIS = 10;
/** A shorter wait is none. */
const LEAST_WAIT_MILLIS = 1;
/** The loop's metrics are read at most so often. */
const REFRESH_MILLIS = 0.1;
/** What the thread got of a processor is read at most so often: 3 µs on a calm machine, ten times that on a crowded one. */
const SCHEDULE_MILLIS = 5;
/** Of the time, at most. */
const SCHEDULE_SHARE = 0.002;
const LONGEST_SCHEDULE_MILLIS = 50;
/**
 * A block that does not compute (it waits for a file, a process, a lock) is at least so long: on a crowded machine a
 * collection waits for its helpers.
 */
const LEAST_WAITING_BLOCK_MILLIS = 50;
/** Asking for events takes some microseconds, also when they are there. */
const ASLEEP_MILLIS = 0.1;
/** With more turns between two looks nothing is known of any of them. */
const MOST_TURNS = 8;
/** Blocks one behind the other; with more the older ones are forgotten. */
const MOST_BLOCKS = 16;
/** Kept at once. */
const MOST_LOCKED = 64;
/** Requests whose connection breaks never end. */
const MOST_WAITING = 10_000;

const UNKNOWN = { cpuMillis: 0, runQueueMillis: 0 };

export class LoopWatch {
  /** Since the loop slept last. */
  private stretch: Block[] = [];
  /** Long waits for other locks that ended since: whoever had to wait for these did not wait for the loop. */
  private locked: { readonly from: number; readonly to: number }[] = [];
  /** Of requests in flight, microseconds. */
  private readonly waits = new Map<Start, number>();
  private seenAt = 0;
  /** The request that started last, if none has finished since. */
  private lastStarted: Start | null = null;
  private base = { at: 0, idle: 0, turn: 0, waiting: 0, own: 0 };
  private readAt = 0;
  /** The loop's, then. */
  private readIdle = 0;
  private scheduled = { cpuMillis: 0, runQueueMillis: 0 };

  constructor(
    private readonly clock: LoopClock,
    /** A request waited for a block: by so much, microseconds. */
    private readonly onWait: (block: Block, micros: number) => void,
    private readonly onEnd: (at: number, millis: number) => void = () => {},
  ) {}

  /** @param previousEnd when the connection's last response was finished, 0: it is the first */
  started(at: Start, previousEnd: number): void {
    this.look(at, true);
    if (this.stretch.length > 0) this.late(at, previousEnd);
    this.lastStarted = at;
  }

  /**
   * Microseconds that the request waited for the loop.
   * @param usualMillis how long requests like it take that do not wait, 0 where that is not known
   */
  finished(start: Start, at: number, usualMillis: number): number {
    this.look(at, false);
    this.onEnd(at, at - start);
    if (this.stretch.length > 0) this.lateInFlight(start, usualMillis);
    this.lastStarted = null;
    const micros = this.waits.get(start) ?? 0;
    if (micros > 0) this.waits.delete(start);
    return micros;
  }

  /** A wait for another lock has ended now. Milliseconds. */
  lockWaited(from: number, to: number): void {
    if (to - from < LEAST_BLOCK_MILLIS) return;
    if (this.locked.length >= MOST_LOCKED) this.locked.shift();
    this.locked.push({ from, to });
  }

  private look(at: number, starts: boolean): void {
    const { seenAt, base } = this;
    this.seenAt = at;
    if (at - seenAt >= LEAST_BLOCK_MILLIS && seenAt > 0) this.gap(seenAt, at, starts);
    else if (at - base.at >= REFRESH_MILLIS) this.refresh(at);
  }

  private refresh(at: number): void {
    const { base, clock } = this;
    const idle = clock.idleMillis();
    if (idle - base.idle > ASLEEP_MILLIS) {
      if (this.stretch.length > 0) this.stretch = [];
      if (this.locked.length > 0) this.locked = this.locked.filter(({ to }) => to > base.at);
    }
    const { loopCount, eventsWaiting } = clock.turns();
    base.at = at;
    base.idle = idle;
    base.turn = loopCount;
    base.waiting = eventsWaiting;
    base.own = clock.ownMillis();
    const pause = Math.min(clock.scheduleCost() / SCHEDULE_SHARE, LONGEST_SCHEDULE_MILLIS);
    if (at - this.readAt < Math.max(pause, SCHEDULE_MILLIS)) return;
    this.readAt = at;
    this.readIdle = idle;
    this.scheduled = clock.schedule() ?? UNKNOWN;
  }

  private gap(from: number, at: number, starts: boolean): void {
    const { base } = this;
    const before = { ...base };
    const { scheduled, readAt, readIdle } = this;
    this.readAt = 0;
    this.refresh(at);
    const slept = base.idle - before.idle > ASLEEP_MILLIS;
    if (slept && base.turn - before.turn > MOST_TURNS) return;
    const own = base.own - before.own;
    const millis = at - from - (base.idle - before.idle) - own;
    if (millis < LEAST_BLOCK_MILLIS) return;
    if (this.scheduled !== UNKNOWN) {
      const awake = Math.max(0, from - readAt - (before.idle - readIdle));
      const computed = this.scheduled.cpuMillis - scheduled.cpuMillis - awake - own;
      const notReady = millis - (this.scheduled.runQueueMillis - scheduled.runQueueMillis);
      if (computed < LEAST_BLOCK_MILLIS && notReady < LEAST_WAITING_BLOCK_MILLIS) return;
    }
    const owner = !slept && this.lastStarted === from;
    if (this.stretch.length >= MOST_BLOCKS) this.stretch.shift();
    this.stretch.push({
      from: at - millis,
      to: at,
      fromTurn: before.turn,
      toTurn: base.turn,
      slept,
      waitingBefore: starts ? before.waiting : base.waiting,
      owner: owner ? this.lastStarted : null,
    });
  }

  /** A request that starts now: in the same turn it was ready before, in the next it came meanwhile. */
  private late(start: Start, previousEnd: number): void {
    const { turn, waiting } = this.now(start);
    // A new connection takes a turn by itself before its request can be read.
    const oldest = turn - (previousEnd === 0 ? 2 : 1);
    const arrived = arrivedDuring(this.stretch, turn, oldest);
    for (const block of this.stretch) {
      const { from, to, slept } = block;
      if (slept) {
        if (waiting > block.waitingBefore && block.toTurn >= oldest)
          this.waited(start, block, (to - from) / 2);
      } else if (block.fromTurn === turn) this.waited(start, block, to - Math.max(from, previousEnd));
      else if (block.toTurn >= oldest) {
        // Whoever had an answer meanwhile and asks already asks at once.
        if (previousEnd > arrived.from) this.waited(start, block, to - Math.max(from, previousEnd));
        else this.waited(start, block, expected(block, arrived));
      }
    }
  }

  /** A request in flight that ends now: what let it go on, a timer or an answer, came meanwhile. */
  private lateInFlight(start: Start, usualMillis: number): void {
    const { turn } = this.now(this.seenAt);
    const kept = this.stretch.filter(({ from, toTurn }) => start < from && toTurn >= turn - 1);
    const due = dueAt(start, usualMillis, kept);
    for (const block of kept) {
      // Nearly always it is its own end that is seen first.
      block.owner ??= start;
      if (block.owner === start || this.takeLocked(block)) continue;
      this.waited(start, block, block.to - Math.max(block.from, due));
    }
  }

  /** Whether somebody waited for another lock all the while: that wait is this request's. */
  private takeLocked({ from, to }: Block): boolean {
    const middle = (from + to) / 2;
    const place = this.locked.findIndex((wait) => wait.from < middle && wait.to > middle);
    if (place >= 0) this.locked.splice(place, 1);
    return place >= 0;
  }

  private now(at: number): { turn: number; waiting: number } {
    if (this.base.at !== at) this.refresh(at);
    return this.base;
  }

  private waited(start: Start, block: Block, millis: number): void {
    if (millis < LEAST_WAIT_MILLIS) return;
    if (this.waits.size < MOST_WAITING) this.waits.set(start, (this.waits.get(start) ?? 0) + millis * 1000);
    this.onWait(block, millis * 1000);
  }
}

/** Blocks in which a request arrived that this turn handles: of turns before it. */
interface Arrival {
  readonly from: number;
  readonly millis: number;
  readonly blocks: readonly Block[];
}

/** @param oldest turn of blocks in which it can have arrived */
function arrivedDuring(stretch: readonly Block[], turn: number, oldest: number): Arrival {
  const blocks = stretch.filter((block) => !block.slept && block.fromTurn < turn && block.toTurn >= oldest);
  return {
    from: blocks[0]?.from ?? Number.POSITIVE_INFINITY,
    millis: blocks.reduce((sum, { from, to }) => sum + to - from, 0),
    blocks,
  };
}

/** When a request in flight would have ended without these blocks. */
function dueAt(start: Start, usualMillis: number, blocks: readonly Block[]): number {
  const from = blocks[0]?.from ?? 0;
  const length = (blocks.at(-1)?.to ?? 0) - from;
  if (usualMillis <= 0) return from + length / 2;
  if (start + usualMillis >= from) return start + usualMillis;
  // Longer under way than usual: as if it ended at any moment alike, and before the blocks did.
  return from + usualMillis - length / Math.expm1(length / usualMillis);
}

/** Milliseconds that one waits for a block on average, at whatever moment of them all it arrives. */
function expected(block: Block, { blocks, millis }: Arrival): number {
  const length = block.to - block.from;
  let before = 0;
  for (const other of blocks) {
    if (other === block) break;
    before += other.to - other.from;
  }
  return millis > 0 ? (length * (before + length / 2)) / millis : 0;
}

/** This thread's, while it is watched. Told of requests by their own probe, whose clock it shares. */
export const loopWatch: { current: LoopWatch | null } = { current: null };
