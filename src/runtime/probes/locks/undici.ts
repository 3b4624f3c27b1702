// Runtime: requests of `undici` (5 to 8, and Node's own behind `fetch`) that wait because all connections that are allowed
// to their host are in use. Told by its diagnostics channels: a request whose connection served another one since it was
// made has waited for that one. Waiting for a connection to be made is no contention. What stands in a pool's own queue
// has not been made yet: of the npm package that queue is followed too.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { NOTICES } from "../../../protocol/notices.ts";
import { type LoadedModule, onModule } from "../../moduleWatch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import type { AnyFunction, Contention, Entry, Wait } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";

const MAX_HOSTS = 1_000;

interface Request {
  readonly origin?: unknown;
}
interface Message {
  readonly request: Request;
  readonly socket?: object;
}
/** Of one host. */
interface Host {
  readonly name: string;
  /** Made, and not sent. */
  waiting: number;
  /** Sent, and not answered. */
  busy: number;
  /** The most at a time: as many places there are. */
  places: number;
  /** Somebody has waited here: from then on stacks are worth their cost. */
  contended: boolean;
}
/** One request, or a call that will make one. */
interface Sent extends Wait {
  readonly host: Host;
  sent: boolean;
  /** NaN until then. */
  endedAt: number;
}
interface Line {
  readonly connectedAt: number;
  last: Sent | null;
}

export class UndiciProbe extends LibraryProbe implements Probe {
  private readonly hosts = new Map<string, Host>();
  private readonly requests = new WeakMap<object, Sent>();
  private readonly lines = new WeakMap<object, Line>();
  /** Calls that stand in a pool's queue, by their handler, which their request will have. */
  private readonly pooled = new WeakMap<object, Wait>();
  private hasPooled = false;
  /** A pool's function is being called: what it does not make at once, it queues. */
  private calling: { made: boolean } | null = null;
  private unwatch: () => void = () => {};
  private channels: readonly (readonly [string, (message: unknown) => void])[] = [];

  constructor() {
    super("locks.undici");
  }

  unavailable(): string | null {
    // Its own subscribers print; it leaves them out where it finds others.
    return /undici|fetch/i.test(process.env.NODE_DEBUG ?? "") ? NOTICES.undiciPrints : null;
  }

  start(context: ProbeContext): void {
    const contention = this.contentionOf(context);
    this.unwatch = onModule("undici", (module) => this.found(context, module, "undici"));
    const operation = context.meter.operation("pool wait", "undici");
    const guarded = (follow: (message: Message, above: AnyFunction) => void) => {
      const follower = (message: unknown) => {
        try {
          if (contention.active) follow(message as Message, follower);
        } catch (error) {
          contention.fault(error);
        }
      };
      return follower;
    };
    const entry: { operation: Entry["operation"]; above: AnyFunction } = { operation, above: subscribe };
    this.channels = [
      [
        "undici:request:create",
        guarded(({ request }, above) => {
          entry.above = above;
          this.made(contention, entry, request);
        }),
      ],
      ["undici:client:connected", guarded(({ socket }) => this.connected(contention, socket))],
      [
        "undici:client:sendHeaders",
        guarded(({ request, socket }) => this.sent(contention, entry, request, socket)),
      ],
      ["undici:request:trailers", guarded(({ request }) => this.ended(contention, request))],
      ["undici:request:error", guarded(({ request }) => this.ended(contention, request))],
    ];
    for (const [name, follower] of this.channels) subscribe(name, follower);
  }

  override stop(): void {
    this.unwatch();
    for (const [name, follower] of this.channels) unsubscribe(name, follower);
    super.stop();
    this.hosts.clear();
  }

  /** The npm package's pool: private functions, by symbols. */
  protected loaded(contention: Contention, { exports: exported }: LoadedModule): void {
    const prototype = this.fresh<Record<symbol, AnyFunction>>(member(exported, "PoolBase"));
    if (prototype === null) return;
    const dispatch = symbolOf(prototype, "dispatch");
    if (dispatch === undefined) return;
    const probe = this;
    const operation = contention.meter.operation("pool wait", "undici");
    this.patches.replace(prototype, [dispatch], (original) => {
      const stand = {
        [dispatch](this: object): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          const outer = probe.calling;
          const calling = { made: false };
          probe.calling = calling;
          const start = contention.now();
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            probe.calling = outer;
          }
          try {
            if (!calling.made) probe.queued(contention, entry, this, arguments, start);
          } catch (error) {
            contention.fault(error);
          }
          return result;
        },
      };
      const entry: Entry = { operation, above: stand[dispatch] as AnyFunction };
      return stand[dispatch] as AnyFunction;
    });
  }

  private queued(contention: Contention, entry: Entry, pool: object, args: IArguments, start: number): void {
    const handler = args[1] as unknown;
    const length = symbolValue(pool, "queued");
    if (typeof handler !== "object" || handler === null || typeof length !== "number" || length === 0) return;
    const origin = member(args[0], "origin") ?? symbolValue(pool, "url");
    const host = this.hostOf(origin);
    if (host === null) return;
    host.contended = true;
    const turn = contention.begin(entry, host, Math.max(1, host.places));
    contention.tell(turn, length, host.name);
    this.pooled.set(handler, contention.wait(turn, start));
    this.hasPooled = true;
  }

  private made(contention: Contention, entry: Entry, request: Request): void {
    if (this.calling !== null) this.calling.made = true;
    if (!contention.watching) return;
    const host = this.hostOf(request.origin);
    if (host === null) return;
    const pooled = this.hasPooled ? this.pooledOf(request) : undefined;
    const call = pooled ?? this.callOf(contention, entry, host);
    host.waiting++;
    this.requests.set(request, { ...call, host, sent: false, endedAt: Number.NaN });
  }

  private callOf(contention: Contention, entry: Entry, host: Host): Wait {
    const turn = host.contended ? contention.begin(entry, host, Math.max(1, host.places)) : null;
    contention.tell(turn, host.waiting + 1, host.name);
    return contention.wait(turn);
  }

  private pooledOf(request: Request): Wait | undefined {
    const handler = symbolValue(request, "handler");
    if (typeof handler !== "object" || handler === null) return undefined;
    const call = this.pooled.get(handler);
    this.pooled.delete(handler);
    return call;
  }

  private connected(contention: Contention, socket: object | undefined): void {
    if (socket !== undefined) this.lines.set(socket, { connectedAt: contention.now(), last: null });
  }

  private sent(contention: Contention, entry: Entry, request: Request, socket: object | undefined): void {
    const own = this.requests.get(request);
    if (own === undefined || own.sent || socket === undefined) return;
    own.sent = true;
    const { host, start } = own;
    host.waiting--;
    host.busy++;
    host.places = Math.max(host.places, host.busy);
    const line = this.lines.get(socket) ?? { connectedAt: 0, last: null };
    this.lines.set(socket, line);
    const { last } = line;
    line.last = own;
    if (last === null || !(last.endedAt >= start)) return;
    host.contended = true;
    const wait = { ...own, start: Math.max(start, line.connectedAt) };
    contention.settle(entry.operation, wait, last.turn?.stack ?? 0);
  }

  private ended(contention: Contention, request: Request): void {
    const own = this.requests.get(request);
    if (own === undefined || !Number.isNaN(own.endedAt)) return;
    own.endedAt = contention.now();
    if (own.sent) own.host.busy--;
    else own.host.waiting--;
  }

  private hostOf(origin: unknown): Host | null {
    const name = typeof origin === "string" ? origin : origin instanceof URL ? origin.origin : "";
    const known = this.hosts.get(name);
    if (known !== undefined) return known;
    if (this.hosts.size >= MAX_HOSTS) return null;
    const host: Host = { name, waiting: 0, busy: 0, places: 0, contended: false };
    this.hosts.set(name, host);
    return host;
  }
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}

function symbolValue(object: object, description: string): unknown {
  const symbol = symbolOf(object, description);
  return symbol === undefined ? undefined : (object as Record<symbol, unknown>)[symbol];
}
