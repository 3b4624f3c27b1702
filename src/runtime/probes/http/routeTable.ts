// Runtime: a thread's routes, with what is counted of each in the window that is open.

import type { IncomingMessage } from "node:http";
import { BUCKET_COUNT } from "../../../protocol/latencyBuckets.ts";
import type { RouteRow } from "../../../protocol/window.ts";
import { frameworkRoute, knownRoute, normalise } from "./routes.ts";

const MAX_ROUTES = 200;
const OTHER = "(other)";
/** URLs whose route is remembered: most servers see few again and again, and taking one apart costs 1.3 µs. */
const MAX_REMEMBERED = 500;
const MAX_URL_CHARACTERS = 512;
const MAX_METHODS = 16;

export type Requested = Pick<IncomingMessage, "method" | "url">;

export interface Route {
  readonly id: number;
  count: number;
  micros: number;
  /** Those that the event loop kept waiting, and for how long together. */
  loopWaits: number;
  loopMicros: number;
  /** How long one takes of late that does not wait for the loop. */
  calmMillis: number;
  /** Of `count`, those that began in a rest, and messages: the others know nothing of them. */
  untimed: number;
  /** Counted in earlier windows and no requests: so many of those to come are left out. */
  owed: number;
  readonly buckets: Uint32Array;
}

export class RouteTable {
  readonly all: Route[] = [];
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
  private rows: RouteRow[] = [];
  /** A framework tells of routes while requests are handled, as fastify and koa do. */
  private told = false;

  /** Since `takeNew`. */
  get new(): readonly RouteRow[] {
    return this.rows;
  }

  /** Since the last call. */
  takeNew(): RouteRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  /** Of requests whose route can't be told. */
  get other(): Route {
    return this.routeFor("", OTHER);
  }

  /** @param told by the framework, elsewhere than on the request */
  of(request: Requested, told: string | null): Route {
    const { method = "", url = "/" } = request;
    if (told !== null) this.told = true;
    const path = told ?? frameworkRoute(request);
    if (path !== null) return this.routeFor(method, path);
    const { last } = this;
    if (last.route !== null && last.url === url && last.method === method) return last.route;
    const route = this.ofUrl(method, url);
    if (url.length > MAX_URL_CHARACTERS) return route;
    last.method = method;
    last.url = url;
    last.route = route;
    return route;
  }

  /** It began in a rest, so that a framework's telling was missed: its route is one that is known, or none. */
  ofUnseen(request: Requested): Route {
    const { method = "", url = "/" } = request;
    if (!this.told || frameworkRoute(request) !== null) return this.of(request, null);
    const path = knownRoute(url, this.byPath.get(method)?.keys() ?? []);
    return path === null ? this.other : this.routeFor(method, path);
  }

  private ofUrl(method: string, url: string): Route {
    let byUrl = this.remembered.get(method);
    const known = byUrl?.get(url);
    if (known !== undefined) return known;
    const route = this.routeFor(method, normalise(url));
    // A server of ever new URLs must not pay for keeping them: full, all are forgotten at once (see `underway.ts`).
    if (byUrl === undefined || byUrl.size >= MAX_REMEMBERED) {
      if (byUrl === undefined && this.remembered.size >= MAX_METHODS) return route;
      byUrl = new Map();
      this.remembered.set(method, byUrl);
    }
    if (url.length <= MAX_URL_CHARACTERS) byUrl.set(url, route);
    return route;
  }

  /** Of one that is known by its name. */
  routeFor(method: string, path: string): Route {
    let byPath = this.byPath.get(method);
    const known = byPath?.get(path);
    if (known !== undefined) return known;
    if (this.all.length >= MAX_ROUTES && path !== OTHER) return this.other;
    if (byPath === undefined) {
      byPath = new Map();
      this.byPath.set(method, byPath);
    }
    const route: Route = {
      id: this.all.length,
      count: 0,
      micros: 0,
      loopWaits: 0,
      loopMicros: 0,
      calmMillis: 0,
      untimed: 0,
      owed: 0,
      buckets: new Uint32Array(BUCKET_COUNT),
    };
    byPath.set(path, route);
    this.all.push(route);
    this.rows.push([route.id, method, path]);
    return route;
  }
}
