// Runtime: what requests cost by route. A framework tells a request's route only when it has routed it, so its samples wait
// on its token until it has finished. Requests that never finish take theirs with them.

import type { RouteFactsRow } from "../../../protocol/window.ts";
import { cellOf, type RequestSink } from "../../sampling/requestSink.ts";
import { copyTraces } from "../copies/copyTrace.ts";
import type { WindowDraft } from "../probe.ts";
import type { RequestContext, RequestToken } from "./requestContext.ts";

/** [cell, stack, count, amount] */
const PER_SAMPLE = 4;
/** Of one request; of one that has more (a stream that lasts for hours) nothing is told. */
const MAX_SAMPLES = 1_000;
/** Distinct (cell, stack, route) kept in one window. */
const MAX_ROWS = 4_096;
/** Above every stack's id and every route's (see `StackTable.capacity` and `httpRequests.ts`). */
const STACK_SPAN = 2 ** 19;
const ROUTE_SPAN = 256;

export class RouteCosts implements RequestSink {
  private rows = new Map<number, [samples: number, count: number, amount: number, squares: number]>();
  /** [connection's bytes, followed requests, other bytes, traced requests] by route. */
  private facts = new Map<number, [number, number, number, number]>();

  constructor(private readonly context: RequestContext) {}

  current(): RequestToken | null {
    return this.context.current();
  }

  add(request: RequestToken, cell: number, stack: number, count: number, amount: number): void {
    request.samples ??= [];
    if (request.samples.length < MAX_SAMPLES * PER_SAMPLE) request.samples.push(cell, stack, count, amount);
  }

  /** To be called before the context learns that it has finished. */
  finished(request: RequestToken, route: number, connectionBytes: number): void {
    let facts = this.facts.get(route);
    if (facts === undefined) {
      facts = [0, 0, 0, 0];
      this.facts.set(route, facts);
    }
    facts[0] += connectionBytes;
    const { samples } = request;
    request.samples = null;
    if (copyTraces.finished(request, route)) facts[3]++;
    if (!this.context.isFollowed(request)) return;
    if (samples !== null && !this.keep(samples, route)) return;
    facts[1]++;
    facts[2] += request.otherBytes;
  }

  collect(window: WindowDraft): void {
    if (this.facts.size === 0) return;
    window.routeFacts = [...this.facts].map(([route, sums]): RouteFactsRow => [route, ...sums]);
    this.facts = new Map();
    if (this.rows.size === 0) return;
    window.routeSamples = [...this.rows].map(([key, [samples, count, amount, squares]]) => {
      const stack = Math.floor(key / ROUTE_SPAN) % STACK_SPAN;
      const [operation, sizeClass] = cellOf(Math.floor(key / ROUTE_SPAN / STACK_SPAN));
      const effective = Number(((amount * amount) / squares).toFixed(2));
      return [operation, sizeClass, stack, key % ROUTE_SPAN, samples, count, amount, effective] as const;
    });
    this.rows = new Map();
  }

  /** False: there are too many, so the request counts as not followed. */
  private keep(samples: readonly number[], route: number): boolean {
    if (samples.length >= MAX_SAMPLES * PER_SAMPLE) return false;
    if (this.rows.size + samples.length / PER_SAMPLE > MAX_ROWS) return false;
    for (let at = 0; at < samples.length; at += PER_SAMPLE) {
      const [cell = 0, stack = 0, count = 0, amount = 0] = samples.slice(at, at + PER_SAMPLE);
      const key = (cell * STACK_SPAN + stack) * ROUTE_SPAN + route;
      const row = this.rows.get(key);
      if (row === undefined) this.rows.set(key, [1, count, amount, amount * amount]);
      else {
        row[0]++;
        row[1] += count;
        row[2] += amount;
        row[3] += amount * amount;
      }
    }
    return true;
  }
}
