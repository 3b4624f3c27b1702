// Runtime: follows data from copy to copy through a few chosen requests, all of whose copies get a stack. A copy that reads
// what an earlier one made (the same object, overlapping memory, a string of the same characters) is its next station.
// Nothing is guessed: what is only alike in size or place is not linked, and never over two requests.

import type { ChainRow, ChainStationRow } from "../../../protocol/window.ts";
import { MAX_STATIONS } from "../../../protocol/window.ts";
import { ShortWork } from "../../ownCost.ts";
import { ActiveTime } from "../../sampling/activeTime.ts";
import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { StackBudget } from "../../sampling/stackBudget.ts";
import { type Placed, Underway } from "../../underway.ts";
import { type RequestToken, requestContext } from "../http/requestContext.ts";
import type { WindowDraft } from "../probe.ts";
import { type Flow, productOf, sourcesOf } from "./flow.ts";
import { Products } from "./products.ts";

// biome-ignore lint/complexity/noBannedTypes: any function can be measured
type AnyFunction = Function;

/** Requests to trace in a window, and at one time. */
const PER_WINDOW = 5;
const AT_ONCE = 4;
/** Stacks that traces may take: at first, and more with each window; fewer where they cost more than a part of the thread's time. */
const FIRST_STACKS = 500;
const STACKS_PER_WINDOW = 20;
const WINDOW_MILLIS = 500;
const MOST_OF_TIME = 0.0025;
/** Weight of the newest request in how many copies one has. */
const NEWEST = 0.2;
/** Copies of a request that are looked at: its first ones. */
const MAX_COPIES = 256;
/** Then what a request that hangs holds is let go. */
const LONGEST_MILLIS = 10_000;
const MAX_ROWS = 256;
const { random } = Math;

/** All copies of one line with one source line within a request. */
interface Station {
  readonly operation: number;
  readonly stack: number;
  readonly from: Station | null;
  copies: number;
  bytes: number;
}

/** Of one request. */
export interface Trace extends Placed {
  readonly request: RequestToken;
  readonly products: Products<Station>;
  readonly stations: Map<string, Station>;
  copies: number;
}

class CopyTraces {
  /** Requests under trace: at 0 nothing is asked at a copy. */
  active = 0;
  private readonly work = new ShortWork();
  private readonly open = new Underway<Trace>();
  private started = 0;
  private stacksLeft = FIRST_STACKS;
  private readonly budget = new StackBudget(STACKS_PER_WINDOW, WINDOW_MILLIS, MOST_OF_TIME);
  private readonly activeTime = new ActiveTime();
  private micros = 0;
  private usualCopies = STACKS_PER_WINDOW;
  private seen = 0;
  /** Of the next window's requests. */
  private probability = 1;
  private rows = new Map<string, ChainRow>();

  /** At a request's start. Whether it is traced is chance alone. */
  choose(request: RequestToken): void {
    this.seen++;
    if (this.started >= PER_WINDOW || this.active >= AT_ONCE || this.stacksLeft <= 0) return;
    if (random() >= this.probability) return;
    this.started++;
    this.active++;
    request.trace = {
      request,
      products: new Products(),
      stations: new Map(),
      copies: 0,
      place: -1,
    };
    this.open.add(request.trace);
  }

  /** Whether the running code's request is traced: what a copy's size costs to find is to be spent for it. */
  isTraced(): boolean {
    return this.active > 0 && (requestContext.current()?.trace ?? null) !== null;
  }

  /**
   * A copy of `bytes`. To be called only while some request is traced.
   * @param above the function above which its stack begins; or that stack, where it was taken earlier
   */
  copied(
    meter: Meter,
    operation: Operation,
    bytes: number,
    above: AnyFunction | number,
    flow: Flow,
    self: unknown,
    args: ArrayLike<unknown>,
    result: unknown,
  ): void {
    const request = requestContext.current();
    const trace = request?.trace ?? null;
    if (request === null || trace === null || meter.quiet > 0 || trace.copies >= MAX_COPIES) return;
    trace.copies++;
    this.stacksLeft--;
    const before = meter.stacks.captureMicros + meter.sizingMicros;
    try {
      this.work.start();
      const source = trace.products.find(sourcesOf(flow, self, args));
      meter.sizingMicros += this.work.stop();
      const stack = typeof above === "number" ? above : meter.stacks.capture(above);
      const station = stationOf(trace, operation.id, stack, source);
      station.copies++;
      station.bytes += bytes;
      this.work.start();
      const product = productOf(flow, self, args, result, bytes);
      if (product !== null) trace.products.add(product, station);
      meter.sizingMicros += this.work.stop();
    } catch {
      // A buffer that was transferred, a stack at its end: this request is not traced.
      this.drop(request);
    }
    const micros = meter.stacks.captureMicros + meter.sizingMicros - before;
    this.micros += micros;
    meter.tracedMicros += micros;
  }

  /** @returns whether it was traced */
  finished(request: RequestToken, route: number): boolean {
    const { trace } = request;
    if (trace === null || !this.open.delete(trace)) return false;
    this.active--;
    request.trace = null;
    this.usualCopies += (trace.copies - this.usualCopies) * NEWEST;
    for (const stations of chainsOf(trace)) this.keep(route, stations);
    return true;
  }

  collect(window: WindowDraft, at: number): void {
    for (const { request } of this.open.all())
      if (at - request.startedAt >= LONGEST_MILLIS) this.drop(request);
    this.budget.spent(this.micros, window.wallMicros, this.activeTime.take());
    this.micros = 0;
    this.stacksLeft = Math.min(FIRST_STACKS, this.stacksLeft + this.budget.stacks);
    const requests = Math.min(PER_WINDOW, Math.max(0, this.stacksLeft) / Math.max(1, this.usualCopies));
    this.probability = this.seen > 0 ? Math.min(1, requests / this.seen) : 1;
    this.seen = 0;
    this.started = 0;
    if (this.rows.size === 0) return;
    window.chains = [...this.rows.values()];
    this.rows = new Map();
  }

  stop(): void {
    for (const { request } of this.open.all()) request.trace = null;
    this.open.clear();
    this.active = 0;
    this.probability = 0;
  }

  private drop(request: RequestToken): void {
    const { trace } = request;
    request.trace = null;
    if (trace !== null && this.open.delete(trace)) this.active--;
  }

  private keep(route: number, stations: readonly ChainStationRow[]): void {
    const key = `${route};${stations.map(([operation, stack, from]) => `${operation},${stack},${from}`).join(";")}`;
    const known = this.rows.get(key);
    if (known === undefined) {
      if (this.rows.size < MAX_ROWS) this.rows.set(key, [route, 1, stations]);
      return;
    }
    const both = stations.map(([operation, stack, from, copies, bytes], at): ChainStationRow => {
      const [, , , more = 0, moreBytes = 0] = known[2][at] ?? [];
      return [operation, stack, from, copies + more, bytes + moreBytes];
    });
    this.rows.set(key, [route, known[1] + 1, both]);
  }
}

/** A line that copies what it made itself (a buffer that grows) is one station with many copies. */
function stationOf({ stations }: Trace, operation: number, stack: number, source: Station | null): Station {
  if (source !== null && source.operation === operation && source.stack === stack) return source;
  const from = source === null ? "" : `${[...stations.values()].indexOf(source)}`;
  const key = `${operation},${stack},${from}`;
  const known = stations.get(key);
  if (known !== undefined) return known;
  const station = { operation, stack, from: source, copies: 0, bytes: 0 };
  stations.set(key, station);
  return station;
}

/** Each first station with all that came of it, where something did. */
function chainsOf({ stations }: Trace): ChainStationRow[][] {
  const chains = new Map<Station, Station[]>();
  for (const station of stations.values()) {
    let first = station;
    while (first.from !== null) first = first.from;
    const chain = chains.get(first);
    if (chain === undefined) chains.set(first, [station]);
    else if (chain.length < MAX_STATIONS) chain.push(station);
  }
  return [...chains.values()]
    .filter((chain) => chain.length > 1)
    .map((chain) =>
      chain.map(({ operation, stack, from, copies, bytes }) => [
        operation,
        stack,
        from === null ? 0 : chain.indexOf(from) + 1,
        copies,
        bytes,
      ]),
    );
}

/** Of this thread. */
export const copyTraces = new CopyTraces();
