// Runtime: completed requests: count, latency and route, from Node's own diagnostics channels. The latency runs from
// the parsed head to the response's last byte handed to the socket (of HTTP/2: to the stream's close). Messages that come
// otherwise count as requests of which no latency is known: who has been answered is for their protocol to say.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { bucketOf } from "../../../protocol/latencyBuckets.ts";
import type { RequestRow } from "../../../protocol/window.ts";
import { copyTraces } from "../copies/copyTrace.ts";
import { loopWatch } from "../locks/loop/loopWatch.ts";
import { SocketMessages } from "../messages/socketMessages.ts";
import type { GlanceDraft, Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { followBodies } from "./bodyContext.ts";
import { countClientBytes } from "./clientBytes.ts";
import { toldRoute, watchFrameworks } from "./frameworks.ts";
import { Http2Requests } from "./http2Requests.ts";
import { InFlight } from "./inFlight.ts";
import { PlainLook } from "./plainLook.ts";
import { type RequestToken, requestContext } from "./requestContext.ts";
import { RouteCosts } from "./routeCosts.ts";
import { type Requested, type Route, RouteTable } from "./routeTable.ts";

const START = "http.server.request.start";
const FINISH = "http.server.response.finish";
/** Weight of the newest request's latency. */
const CALM_MEMORY = 1 / 16;
const now = performance.now.bind(performance);

export class HttpRequestsProbe implements Probe {
  readonly name = "requests.http";
  private readonly routes = new RouteTable();
  private context: ProbeContext | null = null;
  private readonly costs = new RouteCosts(requestContext);
  private tracing = false;
  private http2: Http2Requests | null = null;
  private messages: SocketMessages | null = null;
  private looks = false;
  private plain: PlainLook | null = null;
  /** Requests that do not end as `PlainLook` sees: of HTTP/2, messages. */
  private beside = 0;
  /** False in a rest: towards its end it is looked at when requests begin, and no more. */
  private counting = true;
  private readonly undo: (() => void)[] = [];
  /** Null: the first request is still to come. */
  private unfollow: (() => void) | null = null;
  /** Handlers run unseen by the probes: what they read and decode is not the server's. */
  private readonly onStart = (message: unknown) => {
    const { meter } = this.context as ProbeContext;
    meter.quiet++;
    try {
      const { request, socket } = message as { request: object; socket: object };
      if (this.counting && this.unfollow === null) this.unfollow = followBodiesOf(request);
      this.messages?.carriesHttp(socket);
      this.started(socket, request);
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
      if (InFlight.isOlder(socket, request)) {
        this.finishedUnseen(request);
        return;
      }
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
    this.undo.push(countClientBytes(context.faults, this.name), watchFrameworks(context.faults, this.name));
    this.http2 = new Http2Requests(requestContext, context, this.name, {
      started: (stream) => {
        this.beside++;
        this.started(stream, null);
      },
      // Streams share their connection: whose its bytes are is not known.
      finished: (request, token) => this.finished(request, token, 0, now()),
      finishedUnseen: (request) => this.finishedUnseen(request),
    });
    this.messages = new SocketMessages(context, this.name, ([protocol, what], count) => {
      requestContext.messages += count;
      this.beside += count;
      if (this.counting) this.came(this.routes.routeFor(protocol, what), count);
    });
    this.plain = new PlainLook(context.mainThread);
    this.look();
  }

  private look(): void {
    if (this.looks) return;
    this.looks = true;
    subscribe(START, this.onStart);
    subscribe(FINISH, this.onFinish);
    this.http2?.look();
  }

  private lookAway(): void {
    this.looks = false;
    unsubscribe(START, this.onStart);
    unsubscribe(FINISH, this.onFinish);
    this.http2?.lookAway();
    this.unfollow?.();
    this.unfollow = null;
  }

  /** Requests under way are left out: when they end nobody looks. */
  rest(): void {
    this.counting = false;
    this.plain?.take();
    this.lookAway();
    InFlight.forget();
    requestContext.stop();
    copyTraces.stop();
  }

  lookPlainly(): void {
    if (!this.looks) this.plain?.begin();
  }

  /** So that of most requests that end in the next spell it is known how long they took. */
  beforeResume(): void {
    this.plain?.end();
    InFlight.look();
    this.look();
  }

  resume(): void {
    this.plain?.cancel();
    this.beforeResume();
    requestContext.resume(now(), (this.context as ProbeContext).options.followedShare);
    this.counting = true;
  }

  collect(window: WindowDraft): void {
    requestContext.tick(now());
    this.costs.collect(window);
    copyTraces.collect(window, now());
    window.routes.push(...this.routes.takeNew());
    // Also called at a rest's end, for what nobody tells.
    const plain = this.counting ? this.plain?.take() : null;
    if (plain && this.beside <= 0) window.own.plain = plain;
    for (const route of this.routes.all) {
      if (route.count === 0) continue;
      window.requests.push(rowOf(route));
      route.count = 0;
      route.untimed = 0;
      route.micros = 0;
      route.loopWaits = 0;
      route.loopMicros = 0;
      route.buckets.fill(0);
    }
  }

  glance({ routes, requests }: GlanceDraft): void {
    routes.push(...this.routes.new);
    for (const route of this.routes.all) if (route.count > 0) requests.push(rowOf(route));
  }

  stop(): void {
    this.lookAway();
    this.plain?.cancel();
    this.messages?.stop();
    for (const undo of this.undo.splice(0)) undo();
    requestContext.stop();
    copyTraces.stop();
    if (this.context !== null) this.context.meter.requests = null;
  }

  /** @param connection the socket, or the stream of HTTP/2, which has no other @param request null: no other can be before it */
  private started(connection: object, request: object | null): RequestToken {
    const token = requestContext.begin(now());
    loopWatch.current?.started(token.startedAt, InFlight.lastEnd(connection));
    InFlight.start(connection, token, request);
    if (this.tracing && requestContext.isFollowed(token)) copyTraces.choose(token);
    return token;
  }

  private finished(request: Requested, token: RequestToken, connectionBytes: number, at: number): void {
    const told = token.route;
    // What a `WeakRef` refers to is kept by minor collections, and the token lives on with its connection.
    token.route = null;
    if (!this.counting) {
      token.finished = true;
      return;
    }
    const route = this.routes.of(request, toldRoute(told));
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
   * long requests take. How long it took is not known.
   */
  private finishedUnseen(request: Requested | null): void {
    this.untimed(request === null ? this.routes.other : this.routes.ofUnseen(request), 1);
  }

  /** @param count below 0: so many that came before were none; of those that a window has told of already, later ones pay */
  private came(route: Route, count: number): void {
    const left = route.untimed + count - route.owed;
    route.owed = Math.max(0, -left);
    this.untimed(route, Math.max(0, left) - route.untimed);
  }

  private untimed(route: Route, count: number): void {
    if (!this.counting) return;
    route.count += count;
    route.untimed += count;
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

function rowOf({ id, count, micros, buckets, loopWaits, loopMicros, untimed }: Route): RequestRow {
  const row = [id, count, Math.round(micros), filled(buckets)] as const;
  if (untimed > 0) return [...row, loopWaits, loopMicros, untimed];
  return loopWaits > 0 ? [...row, loopWaits, loopMicros] : row;
}

function filled(buckets: Uint32Array): [bucket: number, count: number][] {
  const rows: [number, number][] = [];
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket] as number;
    if (count > 0) rows.push([bucket, count]);
  }
  return rows;
}
