// Runtime: completed requests: count, latency and route, from Node's own diagnostics channels. The latency runs from
// the parsed head to the response's last byte handed to the socket (of HTTP/2: to the stream's close).

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BUCKET_COUNT, bucketOf } from "../../../protocol/latencyBuckets.ts";
import type { RouteRow } from "../../../protocol/window.ts";
import { copyTraces } from "../copies/copyTrace.ts";
import { loopWatch } from "../locks/loop/loopWatch.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { followBodies } from "./bodyContext.ts";
import { countClientBytes } from "./clientBytes.ts";
import { toldRoute, watchFrameworks } from "./frameworks.ts";
import { watchHttp2 } from "./http2Requests.ts";
import { InFlight } from "./inFlight.ts";
import { type RequestToken, requestContext } from "./requestContext.ts";
import { RouteCosts } from "./routeCosts.ts";
import { frameworkRoute, normalise } from "./routes.ts";

const START = "http.server.request.start";
const FINISH = "http.server.response.finish";
const MAX_ROUTES = 200;
const OTHER = "(other)";
/** URLs whose route is remembered: most servers see few again and again, and taking one apart costs 1.3 µs. */
const MAX_REMEMBERED = 500;
const MAX_URL_CHARACTERS = 512;
const MAX_METHODS = 16;
/** Weight of the newest request's latency. */
const CALM_MEMORY = 1 / 16;
const now = performance.now.bind(performance);

type Requested = Pick<IncomingMessage, "method" | "url">;

interface Route {
  readonly id: number;
  count: number;
  micros: number;
  /** Those that the event loop kept waiting, and for how long together. */
  loopWaits: number;
  loopMicros: number;
  /** How long one takes of late that does not wait for the loop. */
  calmMillis: number;
  readonly buckets: Uint32Array;
}

export class HttpRequestsProbe implements Probe {
  readonly name = "requests.http";
  private readonly routes: Route[] = [];
  /** By method and path. */
  private readonly byPath = new Map<string, Map<string, Route>>();
  /** By method and URL. */
  private readonly remembered = new Map<string, Map<string, Route>>();
  /** The last one that was looked up by its URL. */
  private readonly last: { method: string; url: string; route: Route | null } = {
    method: "",
    url: "",
    route: null,
  };
  private newRoutes: RouteRow[] = [];
  private context: ProbeContext | null = null;
  private readonly costs = new RouteCosts(requestContext);
  private tracing = false;
  private readonly undo: (() => void)[] = [];
  /** Null: the first request is still to come. */
  private unfollow: (() => void) | null = null;
  /** Handlers run unseen by the probes: what they read and decode is not the server's. */
  private readonly onStart = (message: unknown) => {
    const { meter } = this.context as ProbeContext;
    meter.quiet++;
    try {
      const { request, socket } = message as { request: object; socket: object };
      if (this.unfollow === null) this.unfollow = followBodiesOf(request);
      this.started(socket);
    } catch (error) {
      this.context?.faults.add(this.name, error);
    } finally {
      meter.quiet--;
    }
  };
  private readonly onFinish = (message: unknown) => {
    const { meter } = this.context as ProbeContext;
    meter.quiet++;
    try {
      const { request, socket } = message as { request: IncomingMessage; socket: object };
      const at = now();
      if (InFlight.isOlder(socket)) this.finishedUnseen(request);
      const token = InFlight.finish(socket, at);
      if (token !== null) this.finished(request, token, InFlight.bytes(socket), at);
    } catch (error) {
      this.context?.faults.add(this.name, error);
    } finally {
      meter.quiet--;
    }
  };

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    this.context = context;
    context.meter.requests = this.costs;
    this.tracing = context.options.categories.includes("copies");
    requestContext.start(context.options.followedShare);
    this.undo.push(
      countClientBytes(context.faults, this.name),
      watchHttp2(requestContext, context, this.name, {
        started: (stream) => this.started(stream),
        // Streams share their connection: whose its bytes are is not known.
        finished: (request, token) => this.finished(request, token, 0, now()),
      }),
      watchFrameworks(context.faults, this.name),
    );
    this.subscribe();
  }

  private subscribe(): void {
    subscribe(START, this.onStart);
    subscribe(FINISH, this.onFinish);
  }

  private unsubscribe(): void {
    unsubscribe(START, this.onStart);
    unsubscribe(FINISH, this.onFinish);
  }

  /** Requests under way are left out: when they end nobody looks. */
  rest(): void {
    this.unsubscribe();
    this.unfollow?.();
    this.unfollow = null;
    InFlight.forget();
    requestContext.rest(now());
    copyTraces.stop();
  }

  resume(): void {
    InFlight.look();
    requestContext.start((this.context as ProbeContext).options.followedShare);
    this.subscribe();
  }

  collect(window: WindowDraft): void {
    requestContext.tick(now());
    this.costs.collect(window);
    copyTraces.collect(window, now());
    window.routes.push(...this.newRoutes);
    this.newRoutes = [];
    for (const route of this.routes) {
      if (route.count === 0) continue;
      const row = [route.id, route.count, Math.round(route.micros), filled(route.buckets)] as const;
      window.requests.push(route.loopWaits > 0 ? [...row, route.loopWaits, route.loopMicros] : row);
      route.count = 0;
      route.micros = 0;
      route.loopWaits = 0;
      route.loopMicros = 0;
      route.buckets.fill(0);
    }
  }

  stop(): void {
    this.unsubscribe();
    for (const undo of this.undo.splice(0)) undo();
    this.unfollow?.();
    requestContext.stop();
    copyTraces.stop();
    if (this.context !== null) this.context.meter.requests = null;
  }

  /** @param connection the socket, or the stream of HTTP/2 */
  private started(connection: object): RequestToken {
    const token = requestContext.begin(now());
    loopWatch.current?.started(token.startedAt, InFlight.lastEnd(connection));
    InFlight.start(connection, token);
    if (this.tracing && requestContext.isFollowed(token)) copyTraces.choose(token);
    return token;
  }

  private finished(request: Requested, token: RequestToken, connectionBytes: number, at: number): void {
    const route = this.routeOf(request, toldRoute(token.route));
    const micros = (at - token.startedAt) * 1000;
    route.count++;
    route.micros += micros;
    const loopMicros = loopWatch.current?.finished(token.startedAt, at, route.calmMillis) ?? 0;
    if (loopMicros > 0) {
      route.loopWaits++;
      route.loopMicros += loopMicros;
    } else
      route.calmMillis += (micros / 1000 - route.calmMillis) * (route.calmMillis === 0 ? 1 : CALM_MEMORY);
    const bucket = bucketOf(micros);
    route.buckets[bucket] = (route.buckets[bucket] ?? 0) + 1;
    this.costs.finished(token, route.id, connectionBytes);
    requestContext.finish(token, at);
  }

  /**
   * It began in a rest. It counts, as what others did that end in the next one counts: so amounts a request are right however
   * long requests take. How long it took is not known; the mean stays what it is.
   */
  private finishedUnseen(request: Requested): void {
    const route = this.routeOf(request, null);
    route.micros += route.count > 0 ? route.micros / route.count : route.calmMillis * 1000;
    route.count++;
  }

  private routeOf(request: Requested, told: string | null): Route {
    const { method = "", url = "/" } = request;
    const path = told ?? frameworkRoute(request);
    if (path !== null) return this.routeFor(method, path);
    const { last } = this;
    if (last.route !== null && last.url === url && last.method === method) return last.route;
    const route = this.routeOfUrl(method, url);
    if (url.length > MAX_URL_CHARACTERS) return route;
    last.method = method;
    last.url = url;
    last.route = route;
    return route;
  }

  private routeOfUrl(method: string, url: string): Route {
    let byUrl = this.remembered.get(method);
    const known = byUrl?.get(url);
    if (known !== undefined) return known;
    const route = this.routeFor(method, normalise(url));
    if (byUrl === undefined) {
      if (this.remembered.size >= MAX_METHODS) return route;
      byUrl = new Map();
      this.remembered.set(method, byUrl);
    }
    // A server of ever new URLs must not pay for keeping them: full, all are forgotten at once.
    if (byUrl.size >= MAX_REMEMBERED) byUrl.clear();
    if (url.length <= MAX_URL_CHARACTERS) byUrl.set(url, route);
    return route;
  }

  private routeFor(method: string, path: string): Route {
    let byPath = this.byPath.get(method);
    const known = byPath?.get(path);
    if (known !== undefined) return known;
    if (this.routes.length >= MAX_ROUTES && path !== OTHER) return this.routeFor("", OTHER);
    if (byPath === undefined) {
      byPath = new Map();
      this.byPath.set(method, byPath);
    }
    const route: Route = {
      id: this.routes.length,
      count: 0,
      micros: 0,
      loopWaits: 0,
      loopMicros: 0,
      calmMillis: 0,
      buckets: new Uint32Array(BUCKET_COUNT),
    };
    byPath.set(path, route);
    this.routes.push(route);
    this.newRoutes.push([route.id, method, path]);
    return route;
  }
}

/** Node's own class, at the first request: `http` is not loaded for our sake. */
function followBodiesOf(request: object): () => void {
  if (!requestContext.active) return () => {};
  let prototype = Object.getPrototypeOf(request) as object;
  const above = () => Object.getPrototypeOf(prototype) as object;
  while (!Object.hasOwn(above(), "push")) prototype = above();
  return followBodies(requestContext, prototype, ({ socket }) => InFlight.reading(socket));
}

function filled(buckets: Uint32Array): [bucket: number, count: number][] {
  const rows: [number, number][] = [];
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket] as number;
    if (count > 0) rows.push([bucket, count]);
  }
  return rows;
}
