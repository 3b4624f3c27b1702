// Runtime: looks for hand-offs between requests (see handOffs.ts) in short windows, since hooks on every promise are dear: the
// hook on new promises only while a window is open, the one on settled promises until those of the window have settled.

import { promiseHooks } from "node:v8";
import type { LockBasis } from "../../../../protocol/categories.ts";
import { NOTICES } from "../../../../protocol/notices.ts";
import type { Operation } from "../../../sampling/operations.ts";
import { PoissonSampler } from "../../../sampling/poissonSampler.ts";
import { requestContext } from "../../http/requestContext.ts";
import type { Probe, ProbeContext } from "../../probe.ts";
import { loopWatch } from "../loop/loopWatch.ts";
import { HandOffs, unseen, type Wait } from "./handOffs.ts";
import { StackReader } from "./stackReader.ts";

/** At most, and at least: as long as takes as many promises as may be followed. */
const OPEN_MILLIS = 25;
const LEAST_OPEN_MILLIS = 2;
/** From one window's start to the next, on average; with chance in it, so as not to beat in time with the server. */
const PERIOD_MILLIS = 250;
/** Without requests, or with none that takes long. */
const IDLE_MILLIS = 1_000;
/** Of requests, that take two milliseconds and more. */
const LEAST_LONG = 0.05;
/** What has not settled by then is not followed any longer. */
const LONGEST_TAIL_MILLIS = 5_000;
const TAIL_STEP_MILLIS = 50;
/** Of a window; more are counted and not told. */
const MOST_WAITS = 2_000;

// Our own, before the user's code (or its fake timers) can replace them.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);
const { random } = Math;
const onInit = promiseHooks?.onInit.bind(promiseHooks);
const onSettled = promiseHooks?.onSettled.bind(promiseHooks);

type Basis = Wait["basis"];

export class HandOffProbe implements Probe {
  readonly name = "locks.hand-offs";
  private context: ProbeContext | null = null;
  private handOffs: HandOffs | null = null;
  private operations: Readonly<Record<Basis, Operation>> | null = null;
  private sampler = new PoissonSampler(1);
  private perWindow = 1;
  private timer: NodeJS.Timeout | null = null;
  // biome-ignore lint/complexity/noBannedTypes: as Node's types have it
  private stopInit: Function | null = null;
  // biome-ignore lint/complexity/noBannedTypes: as Node's types have it
  private stopSettled: Function | null = null;
  private openedAt = 0;
  /** Of the last window. */
  private openMillis = OPEN_MILLIS;
  /** Promises of requests in a millisecond, of late. */
  private rate = 0;
  private periodMillis = PERIOD_MILLIS;
  private before = { begun: 0, ended: 0, long: 0 };
  private waits: Wait[] = [];

  unavailable(): string | null {
    return onInit === undefined || onSettled === undefined ? NOTICES.noPromiseHooks : null;
  }

  start(context: ProbeContext): void {
    if (!requestContext.always) {
      const text = NOTICES.promisesBefore24;
      if (context.options.followedShare !== 0)
        context.notice({ code: "probe-unavailable", severity: "info", text });
      return;
    }
    this.context = context;
    const { meter, options } = context;
    const of = (basis: LockBasis) => meter.operation("promise wait", "Promise", basis);
    this.operations = {
      inferred: of("inferred"),
      "shared work": of("shared work"),
      background: of("background"),
    };
    const reader = new StackReader(meter.stacks);
    this.handOffs = new HandOffs({
      now,
      current: () => requestContext.latest(),
      made: () => reader.made(init),
      awaited: (made) => reader.awaited(made, init),
      settled: (answers) => reader.settled(settled, answers),
      found: (wait) => {
        if (wait.basis === "inferred") loopWatch.current?.lockWaited(wait.from, wait.to);
        if (this.waits.length < MOST_WAITS) this.waits.push(wait);
      },
    });
    const probe = this;
    function init(promise: object, parent: object | undefined): void {
      if (meter.quiet === 0) probe.seen(promise, parent);
    }
    function settled(promise: object): void {
      probe.settled(promise);
    }
    this.init = init;
    this.onSettled = settled;
    this.perWindow = Math.max(2, Math.round((options.stacksPerSecond * PERIOD_MILLIS) / 1000));
    this.sampler = new PoissonSampler(2 * this.perWindow);
    this.resume();
  }

  /** What was found in a window that is still open or has waits left. */
  beforeRest(): void {
    if (this.stopInit !== null) this.openMillis = now() - this.openedAt;
    if (this.stopSettled !== null) this.tell();
  }

  rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.unhook();
    this.handOffs?.forget();
  }

  resume(): void {
    if (this.handOffs === null) return;
    this.openedAt = now();
    this.schedule(PERIOD_MILLIS, () => this.open());
  }

  stop(): void {
    this.rest();
  }

  private init: (promise: object, parent: object | undefined) => void = () => {};
  private onSettled: (promise: object) => void = () => {};

  private seen(promise: object, parent: object | undefined): void {
    const { handOffs } = this;
    if (handOffs === null) return;
    try {
      if (parent !== undefined) handOffs.derive(promise, parent);
      else if (requestContext.current() !== null) {
        const weight = this.sampler.take(1);
        if (weight > 0) handOffs.make(promise, weight);
      }
    } catch (error) {
      this.fault(error);
    }
  }

  private settled(promise: object): void {
    try {
      this.handOffs?.settle(promise);
    } catch (error) {
      this.fault(error);
    }
  }

  private schedule(millis: number, action: () => void): void {
    this.timer = setTimeout(() => this.quietly(action), millis);
    this.timer.unref();
  }

  private open(): void {
    const at = now();
    if (!this.mayWait()) {
      this.openedAt = at;
      this.schedule(IDLE_MILLIS, () => this.open());
      return;
    }
    this.periodMillis = at - this.openedAt;
    this.openedAt = at;
    this.waits = [];
    this.stopSettled = (onSettled as NonNullable<typeof onSettled>)(this.onSettled);
    this.stopInit = (onInit as NonNullable<typeof onInit>)(this.init);
    const wanted = this.rate > 0 ? this.perWindow / this.rate : OPEN_MILLIS;
    this.schedule(Math.min(OPEN_MILLIS, Math.max(LEAST_OPEN_MILLIS, wanted)), () => this.close());
  }

  /**
   * Whether requests take long enough to wait for anything. Promise hooks, on once, make V8's promises a quarter dearer for
   * good: servers that answer at once are spared.
   */
  private mayWait(): boolean {
    const { begun, ended, long } = requestContext;
    const before = this.before;
    this.before = { begun, ended, long };
    if (begun === before.begun && ended === before.ended) return false;
    return ended === before.ended || long - before.long >= (ended - before.ended) * LEAST_LONG;
  }

  /** No new ones from here on. */
  private close(): void {
    this.stopInit?.();
    this.stopInit = null;
    this.openMillis = now() - this.openedAt;
    const rate = this.sampler.amount / Math.max(1, this.openMillis);
    this.rate = this.rate === 0 ? rate : (this.rate + rate) / 2;
    // The window's length keeps to the budget; past twice that, by chance.
    this.sampler.endWindow(2 * this.perWindow);
    this.tail();
  }

  private tail(): void {
    const { handOffs } = this;
    const since = now() - this.openedAt;
    if (handOffs?.waiting() === true && since < LONGEST_TAIL_MILLIS) {
      this.schedule(TAIL_STEP_MILLIS, () => this.tail());
      return;
    }
    this.unhook();
    handOffs?.forget();
    this.tell();
    // Hooks are on at most half of the time.
    const pause = Math.max(PERIOD_MILLIS - since, since - this.openMillis);
    this.schedule(pause * (0.5 + random()), () => this.open());
  }

  private unhook(): void {
    this.stopInit?.();
    this.stopSettled?.();
    this.stopInit = null;
    this.stopSettled = null;
  }

  /** A window stands for the time since the one before. */
  private tell(): void {
    const { context, operations, waits } = this;
    this.waits = [];
    if (context === null || operations === null) return;
    const scale = this.periodMillis / Math.max(1, this.openMillis);
    for (const { basis, from, to, waiter, holder, weight, unawaited } of waits) {
      const operation = operations[basis];
      const micros = (to - from) * 1000;
      const count = weight * scale * unseen(this.openMillis, unawaited);
      context.meter.addTotal(operation, count, count * micros);
      context.meter.addSample(operation, micros, waiter, 1, count, count * micros, holder);
    }
  }

  private quietly(action: () => void): void {
    const { context } = this;
    if (context === null) return;
    context.meter.quiet++;
    try {
      context.faults.guard(this.name, undefined, action);
    } finally {
      context.meter.quiet--;
    }
  }

  private fault(error: unknown): void {
    this.context?.faults.add(this.name, error);
  }
}
