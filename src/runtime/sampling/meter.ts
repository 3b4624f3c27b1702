// Runtime: exact counters and the weighted sampler behind every probe. A probe registers its operations at
// start and calls `record` on each event; the meter adds to the exact cell and now and then takes a stack.

import { CATEGORIES, type Kind, type LockBasis } from "../../protocol/categories.ts";
import type { CellRow, WindowMessage } from "../../protocol/window.ts";
import { ShortWork } from "../ownCost.ts";
import type { RequestToken } from "../probes/http/requestContext.ts";
import { ActiveTime } from "./activeTime.ts";
import type { CallTimes } from "./callTimes.ts";
import { ExactCells } from "./exactCells.ts";
import { MAX_OPERATIONS, type Operation, Operations } from "./operations.ts";
import { type Origin, Origins } from "./origins.ts";
import { PoissonSampler } from "./poissonSampler.ts";
import { packedCell, type RequestSink } from "./requestSink.ts";
import { SampleRows } from "./sampleRows.ts";
import { sizeClassOf } from "./sizeClasses.ts";
import { SizedEvents } from "./sizedEvents.ts";
import { StackBudget } from "./stackBudget.ts";
import type { StackTable } from "./stackTable.ts";
import { type WaitDetail, WaitDetails } from "./waitDetails.ts";

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;

/** An event whose amount is known only later, chosen for a sample when it began. */
export interface Reservation {
  readonly stack: number;
  readonly weight: number;
  /** Of a wait. */
  readonly detail?: WaitDetail;
  /** The one that it began in. */
  readonly request?: RequestToken | null;
}

/** Operations that share a category's budget before the first window has told. */
const FIRST_SHARES = 8;
/** Samples of one window below which an operation's share of the budget does not fall. */
const LEAST_SHARE = 2;

/** Objects of one window that may get a stack, however dear stacks are. */
const LEAST_ORIGINS = 10;
/** Of a window: a load that set in less long ago is taken to have set in then. */
const LEAST_ELAPSED = 0.002;
const now = performance.now.bind(performance);

export class Meter {
  /** Above 0 while our own code runs on this thread: nothing is recorded. */
  quiet = 0;
  /** The thread is not measured (see `rest.ts`); `quiet` is above 0 then. */
  resting = false;
  /** Our own code runs; a rest's silence apart. */
  get ours(): boolean {
    return this.quiet > (this.resting ? 1 : 0);
  }
  /** What sizing values and following copies cost, microseconds; the owner sets it back. */
  sizingMicros = 0;
  /** Of stacks and sizing, what is not for samples: the traces of copies keep within a budget of their own. */
  tracedMicros = 0;
  requests: RequestSink | null = null;
  private readonly work = new ShortWork();
  private readonly cells = new ExactCells(MAX_OPERATIONS);
  /** One for each operation: a small one keeps its samples beside a large one. */
  private readonly samplers: PoissonSampler[] = [];
  private readonly operations = new Operations();
  private readonly waits = new WaitDetails();
  private readonly rows = new SampleRows();
  private readonly sized = new Map<number, SizedEvents>();
  private readonly budget: StackBudget;
  private windowStart = now();
  private readonly active = new ActiveTime();
  readonly origins: Origins;
  private readonly elapsed = () => Math.max(LEAST_ELAPSED, (now() - this.windowStart) / this.windowMillis);

  /**
   * @param stacksPerWindow budget of a category, shared by those of its operations that are in use
   * @param windowMillis time between two calls of `drain`
   */
  constructor(
    readonly stacks: StackTable,
    stacksPerWindow: number,
    private readonly windowMillis = 500,
  ) {
    this.budget = new StackBudget(stacksPerWindow, windowMillis);
    this.origins = new Origins(stacks, stacksPerWindow, this.elapsed);
  }

  /** `callee` is what users see, as `Buffer.concat`. @throws RangeError past 512 operations. */
  operation(kind: Kind, callee: string, basis: LockBasis = "exact"): Operation {
    const operation = this.operations.register(kind, callee, basis);
    if (operation.id === this.samplers.length)
      this.samplers.push(new PoissonSampler(this.share(FIRST_SHARES, null), undefined, this.elapsed));
    return operation;
  }

  /** The same operation, seen otherwise. @throws RangeError past 512 operations. */
  twin({ id }: Operation, basis: LockBasis): Operation {
    const { kind, callee } = this.operations.of(id);
    return this.operation(kind, callee, basis);
  }

  /**
   * One event of `amount` (bytes, hand-offs, microseconds). Hot: no allocation unless a stack is taken.
   * @param above the patched function; it and what it called are left out of the stack
   * @param holder stack of the lock's holder, 0 for none
   */
  record(operation: Operation, amount: number, above: AnyFunction, holder = 0): void {
    if (this.quiet > 0) return;
    if (this.origins.current !== null) {
      this.recordOf(this.origins.current, operation, amount, holder);
      return;
    }
    const sizeClass = this.cells.add(operation.id, 1, amount);
    const weight = (this.samplers[operation.id] as PoissonSampler).take(amount);
    if (weight === 0) return;
    const stack = this.stacks.capture(above);
    this.keep(operation, sizeClass, stack, holder, weight, weight * amount);
  }

  /**
   * On behalf of an object, by its maker's operation of the same kind: apart, its samples would seem independent. But what is
   * priced by its time stays what it is.
   */
  private recordOf(origin: Origin, measured: Operation, amount: number, holder: number): void {
    const { id } = measured;
    origin.operations[id] ??= this.cells.timed(id)
      ? measured
      : this.operation(this.operations.of(id).kind, origin.maker);
    const operation = origin.operations[id];
    const sizeClass = this.cells.add(operation.id, 1, amount);
    const { stack, weight } = origin;
    if (weight > 0) this.keep(operation, sizeClass, stack, holder, weight, weight * amount);
  }

  /** For an operation that is priced by the time that it takes. */
  timesOf(operation: Operation): CallTimes {
    return this.cells.timesOf(operation.id);
  }

  /** That an event of `amount` took so long. */
  time(operation: Operation, amount: number, micros: number): void {
    if (this.quiet === 0) this.cells.time(operation.id, amount, micros);
  }

  /**
   * One event whose amounts are dear to find: counted exactly, sized only where it is sampled. Each part is an operation's
   * own: its cells are the count times the sampled share and mean. A part of 0 is none.
   */
  recordSized(operations: readonly Operation[], sizes: () => readonly number[], above: AnyFunction): void {
    const first = operations[0] as Operation;
    if (this.quiet > 0) return;
    let sized = this.sized.get(first.id);
    if (sized === undefined) {
      sized = new SizedEvents(operations.map(({ id }) => id));
      this.sized.set(first.id, sized);
    }
    sized.count++;
    const weight = this.take(first, sized.mean);
    if (weight === 0) return;
    this.work.start();
    const amounts = sizes();
    this.sizingMicros += this.work.stop();
    const stack = this.capture(above);
    sized.add(weight, amounts);
    for (const [place, operation] of operations.entries()) {
      const amount = amounts[place] ?? 0;
      if (amount > 0) this.keep(operation, sizeClassOf(amount), stack, 0, weight, weight * amount);
    }
  }

  /** An event that happened where no stack can be taken (a native path): exact, without a site. */
  recordUnplaced(operation: Operation, count: number, amount: number): void {
    if (this.quiet > 0 || count <= 0) return;
    this.cells.add(operation.id, count, amount);
  }

  /** A total that a probe knows when a window is cut (V8's own count): exact, also while we are quiet. */
  addTotal(operation: Operation, count: number, amount: number): void {
    if (count > 0) this.cells.add(operation.id, count, amount);
  }

  /**
   * For events that last: decides at the beginning, by count, whether this one is sampled and takes its
   * stack then. Null: not sampled. Either way the end must be told to `settle`.
   */
  reserve(operation: Operation, above: AnyFunction): Reservation | null {
    if (this.quiet > 0) return null;
    const weight = this.take(operation, 1);
    return weight === 0 ? null : { stack: this.capture(above), weight, request: this.request };
  }

  /** The end of an event: exact always, and a sample where it was reserved. */
  settle(operation: Operation, amount: number, reservation: Reservation | null, holder = 0): void {
    const sizeClass = this.cells.add(operation.id, 1, amount);
    if (reservation === null) return;
    const { stack, weight, detail, request = null } = reservation;
    this.keep(operation, sizeClass, stack, holder, weight, weight * amount, request);
    if (detail !== undefined) this.waits.add(operation.id, stack, weight, amount, detail);
  }

  /**
   * Adds a row whose exact total is kept elsewhere or told by `recordUnplaced` (V8's own samples).
   * `count` and `amount` are estimates.
   */
  addSample(
    operation: Operation,
    amountOfOne: number,
    stack: number,
    samples: number,
    count: number,
    amount: number,
    holder = 0,
  ): void {
    const squares = samples > 0 ? (amount * amount) / samples : 0;
    this.rows.add(operation.id, sizeClassOf(amountOfOne), stack, holder, samples, count, amount, squares);
  }

  /** What is known beside them of waits whose samples were added. @param amount of them all */
  addDetail(operation: Operation, stack: number, amount: number, detail: WaitDetail): void {
    this.waits.add(operation.id, stack, 1, amount, detail);
  }

  /** Takes out what has been gathered since the last call and adapts the samplers. */
  drain(): Pick<WindowMessage, "operations" | "cells" | "samples" | "lockKeys" | "waits"> & {
    readonly droppedSamples: number;
  } {
    const operations = this.operations.announce();
    const cells: CellRow[] = [...this.sized.values()].flatMap((sized) => sized.take());
    cells.push(...this.cells.drain());
    const cutAt = now();
    const micros = Math.max(0, this.stacks.captureMicros + this.sizingMicros - this.tracedMicros);
    this.tracedMicros = 0;
    this.budget.spent(micros, (cutAt - this.windowStart) * 1000, this.active.take());
    this.windowStart = cutAt;
    this.adapt();
    return { operations, cells, ...this.rows.drain(), ...this.waits.drain() };
  }

  /** What was counted since the last call is not told. */
  discard(): void {
    for (const sized of this.sized.values()) sized.take();
    this.cells.drain();
    this.rows.drain();
    this.waits.discard();
    this.active.take();
    this.windowStart = now();
  }

  /** A category's budget goes half to each of its operations alike, half by how much of the amount they have. */
  private adapt(): void {
    this.origins.endWindow(Math.max(LEAST_ORIGINS, Math.round(this.budget.stacks)));
    const busy = CATEGORIES.map(() => ({ operations: 0, amount: 0 }));
    const of = (id: number, category: number) =>
      [
        this.samplers[id] as PoissonSampler,
        busy[category] as { operations: number; amount: number },
      ] as const;
    for (const { operation } of this.operations.all) {
      const { id, category } = operation;
      const [sampler, sums] = of(id, category);
      if (sampler.amount > 0) sums.operations++;
      sums.amount += sampler.amount;
    }
    for (const { operation } of this.operations.all) {
      const { id, category } = operation;
      const [sampler, { operations, amount }] = of(id, category);
      sampler.endWindow(this.share(operations, sampler.amount > 0 ? sampler.amount / amount : null));
    }
  }

  /** @param ofAmount null for an operation that had none, of which nothing is known */
  private share(operations: number, ofAmount: number | null): number {
    const each = 1 / Math.max(1, operations);
    const part = ofAmount ?? each;
    // Where stacks are dear, also of the many operations that have few.
    return Math.max(LEAST_SHARE * this.budget.factor, Math.round((this.budget.stacks * (each + part)) / 2));
  }

  /** The event's weight, 0: it is not sampled. On behalf of an object all are, if it has a stack: that costs nothing more. */
  private take(operation: Operation, amount: number): number {
    const { current } = this.origins;
    return current === null ? (this.samplers[operation.id] as PoissonSampler).take(amount) : current.weight;
  }

  private capture(above: AnyFunction): number {
    return this.origins.current?.stack ?? this.stacks.capture(above);
  }

  /** The one that the running code belongs to; to be kept with a reservation, whose end may come in another's. */
  get request(): RequestToken | null {
    return this.requests === null ? null : this.requests.current();
  }

  private keep(
    operation: Operation,
    sizeClass: number,
    stack: number,
    holder: number,
    count: number,
    amount: number,
    request = this.request,
  ): void {
    if (request !== null)
      this.requests?.add(request, packedCell(operation.id, sizeClass), stack, count, amount);
    const squares = this.origins.squares(operation.id, stack, amount);
    this.rows.add(operation.id, sizeClass, stack, holder, 1, count, amount, squares);
  }
}
