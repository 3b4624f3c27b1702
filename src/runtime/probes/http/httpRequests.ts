// Runtime: completed requests: count, latency and route, from Node's own diagnostics channels. The latency runs from
// the parsed head to the response's last byte handed to the socket.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BUCKET_COUNT, bucketOf } from "../../../protocol/latencyBuckets.ts";
import type { RouteRow } from "../../../protocol/wire.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { routeOf } from "./routes.ts";

const START = "http.server.request.start";
const FINISH = "http.server.response.finish";
const MAX_ROUTES = 200;
const OTHER = "(other)";
const now = performance.now.bind(performance);

interface Route {
  readonly id: number;
  count: number;
  micros: number;
  readonly buckets: Uint32Array;
}

/** Returns what it is given, so that a subclass's private field is put on that. */
class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return given;
  }
}

/**
 * When a request started, kept on the request in a private field: nothing can see it there, not even reflection, and
 * other than with a WeakMap collections have nothing to look after.
 */
class Started extends Given {
  #at: number;
  private constructor(request: object, at: number) {
    super(request);
    this.#at = at;
  }
  static mark(request: object): void {
    if (#at in request) request.#at = now();
    else new Started(request, now());
  }
  /** Milliseconds; once. */
  static take(request: object): number | null {
    if (!(#at in request) || request.#at === 0) return null;
    const at = request.#at;
    request.#at = 0;
    return at;
  }
}

export class HttpRequestsProbe implements Probe {
  readonly name = "requests.http";
  private readonly routes = new Map<string, Route>();
  private newRoutes: RouteRow[] = [];
  private context: ProbeContext | null = null;
  private readonly onStart = (message: unknown) => {
    try {
      Started.mark((message as { request: object }).request);
    } catch (error) {
      this.context?.faults.add(this.name, error);
    }
  };
  private readonly onFinish = (message: unknown) => {
    try {
      this.finished((message as { request: IncomingMessage }).request);
    } catch (error) {
      this.context?.faults.add(this.name, error);
    }
  };

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.context = context;
    subscribe(START, this.onStart);
    subscribe(FINISH, this.onFinish);
  }

  collect(window: WindowDraft): void {
    window.routes.push(...this.newRoutes);
    this.newRoutes = [];
    for (const route of this.routes.values()) {
      if (route.count === 0) continue;
      window.requests.push([route.id, route.count, Math.round(route.micros), filled(route.buckets)]);
      route.count = 0;
      route.micros = 0;
      route.buckets.fill(0);
    }
  }

  stop(): void {
    unsubscribe(START, this.onStart);
    unsubscribe(FINISH, this.onFinish);
  }

  private finished(request: IncomingMessage): void {
    const start = Started.take(request);
    if (start === null) return;
    const micros = (now() - start) * 1000;
    const route = this.routeFor(request.method ?? "", routeOf(request));
    route.count++;
    route.micros += micros;
    const bucket = bucketOf(micros);
    route.buckets[bucket] = (route.buckets[bucket] ?? 0) + 1;
  }

  private routeFor(method: string, path: string): Route {
    const key = `${method} ${path}`;
    const known = this.routes.get(key);
    if (known !== undefined) return known;
    if (this.routes.size >= MAX_ROUTES && path !== OTHER) return this.routeFor("", OTHER);
    const route: Route = {
      id: this.routes.size,
      count: 0,
      micros: 0,
      buckets: new Uint32Array(BUCKET_COUNT),
    };
    this.routes.set(key, route);
    this.newRoutes.push([route.id, method, path]);
    return route;
  }
}

function filled(buckets: Uint32Array): [bucket: number, count: number][] {
  const rows: [number, number][] = [];
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket] as number;
    if (count > 0) rows.push([bucket, count]);
  }
  return rows;
}
