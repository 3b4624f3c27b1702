// Runtime: waits for Web Locks (`navigator.locks`, Node 24 and later). An uncontended request runs its function
// before `request` returns; one that has not run by then waits. The holder is the previous runner of the same
// name on this thread, where it let go just before.

import { isPromise } from "node:util/types";
import { Patches } from "../../patch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { type AnyFunction, Contention, type Entry, type Wait } from "./contention.ts";

const NAME = "locks.web";
/** A longer pause between release and start means that somebody else, on another thread, held it between. */
const HAND_OVER_MILLIS = 2;
/** Names in use at a time; requests for further ones are not measured. */
const MAX_NAMES = 10_000;
const { then } = Promise.prototype;

/** What is known of one lock name while somebody of this thread holds it or waits for it. */
interface Named {
  users: number;
  holder: number;
  releasedAt: number;
}
interface Request extends Wait {
  readonly contention: Contention;
  readonly entry: Entry;
  readonly name: string;
  readonly named: Named;
  readonly signal: AbortSignal | undefined;
  /** The call of `request` has returned, so that this is a wait. */
  waits: boolean;
  onAbort?: () => void;
  started: boolean;
  ended: boolean;
}

export class WebLocksProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private contention: Contention | null = null;
  private readonly names = new Map<string, Named>();

  unavailable(): string | null {
    // Where Node has none (before 24.5) there is nothing that could be missed.
    return null;
  }

  start(context: ProbeContext): void {
    const manager = lockManager();
    if (manager === null) return;
    const contention = new Contention(NAME, context);
    this.contention = contention;
    const probe = this;
    const operation = context.meter.operation("wait", "navigator.locks.request");
    this.patches.replace(
      Object.getPrototypeOf(manager) as { request: AnyFunction },
      ["request"],
      (original) => {
        const { request } = {
          request(this: unknown): unknown {
            const last = arguments.length - 1;
            const run = arguments[last] as unknown;
            if (!contention.watching || typeof run !== "function" || last < 1)
              return Reflect.apply(original, this, arguments);
            let made: Request | null = null;
            try {
              made = probe.make(contention, { operation, above: request }, arguments);
            } catch (error) {
              contention.fault(error);
            }
            if (made === null) return Reflect.apply(original, this, arguments);
            const args = Array.from(arguments) as unknown[];
            args[last] = probe.runner(made, run);
            const result: unknown = Reflect.apply(original, this, args);
            probe.called(made, result);
            return result;
          },
        };
        return request;
      },
    );
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
    this.names.clear();
  }

  private make(contention: Contention, entry: Entry, args: IArguments): Request | null {
    const name: unknown = args[0];
    const options = args.length > 2 ? (args[1] as LockOptions | null | undefined) : undefined;
    if (!canWait(name, options)) return null;
    let named = this.names.get(name);
    if (named === undefined) {
      if (this.names.size >= MAX_NAMES) return null;
      named = { users: 0, holder: 0, releasedAt: 0 };
      this.names.set(name, named);
    }
    const turn = contention.begin(entry, named, 1, named.users === 0);
    if (turn !== null) contention.tell(turn, named.users, name);
    named.users++;
    const signal = options?.signal ?? undefined;
    return {
      ...contention.wait(turn),
      contention,
      entry,
      name,
      named,
      signal,
      waits: false,
      started: false,
      ended: false,
    };
  }

  /** Stands in for the user's function. */
  private runner(request: Request, run: AnyFunction): AnyFunction {
    const probe = this;
    return function (this: unknown): unknown {
      probe.began(request);
      let result: unknown;
      try {
        result = Reflect.apply(run, this, arguments);
      } catch (error) {
        probe.end(request);
        throw error;
      }
      probe.follow(request, result);
      return result;
    };
  }

  private began(request: Request): void {
    const { contention, named } = request;
    try {
      request.started = true;
      this.forgetSignal(request);
      if (!request.waits) return;
      const fresh =
        named.releasedAt >= request.start && contention.now() - named.releasedAt < HAND_OVER_MILLIS;
      contention.settle(request.entry.operation, request, fresh ? named.holder : 0);
    } catch (error) {
      contention.fault(error);
    }
  }

  /** `request` has returned. */
  private called(request: Request, result: unknown): void {
    try {
      if (request.started || request.ended) return;
      if (!isPromise(result) || request.signal?.aborted === true) {
        this.end(request);
        return;
      }
      request.waits = true;
      // Looking at the promise would hide its unhandled rejection, so the signal is looked at instead.
      request.onAbort = this.aborting(request);
      request.signal?.addEventListener("abort", request.onAbort, { once: true });
    } catch (error) {
      request.contention.fault(error);
    }
  }

  /** Made here and not where it is put in its place: see `underway.ts`. */
  private aborting(request: Request): () => void {
    return () => this.aborted(request);
  }

  private aborted(request: Request): void {
    try {
      if (request.started || request.ended) return;
      request.contention.settle(request.entry.operation, request, 0);
      this.end(request);
    } catch (error) {
      request.contention.fault(error);
    }
  }

  /** A signal may live as long as the server. */
  private forgetSignal({ signal, onAbort }: Request): void {
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
  }

  /** The lock is held until the function's result has settled. */
  private follow(request: Request, result: unknown): void {
    const end = () => this.end(request);
    // Node itself handles its rejection. A foreign thenable might do its work twice.
    if (isPromise(result)) Reflect.apply(then, result, [end, end]);
    else end();
  }

  private end(request: Request): void {
    if (request.ended) return;
    request.ended = true;
    this.forgetSignal(request);
    const { named } = request;
    if (request.started) {
      named.holder = request.turn?.stack ?? 0;
      named.releasedAt = request.contention.now();
    }
    named.users--;
    if (named.users === 0 && this.names.get(request.name) === named) this.names.delete(request.name);
  }
}

/** False for what never waits, and for what Node rejects or converts: a rejection can't be seen from here. */
function canWait(name: unknown, options: LockOptions | null | undefined): name is string {
  if (typeof name !== "string" || name.startsWith("-")) return false;
  if (options === undefined || options === null) return true;
  const { mode, ifAvailable, steal } = options;
  return (mode === undefined || mode === "exclusive" || mode === "shared") && !ifAvailable && !steal;
}

function lockManager(): object | null {
  const { navigator } = globalThis as { navigator?: { locks?: { request?: unknown } } };
  const locks = navigator?.locks;
  return typeof locks?.request === "function" ? locks : null;
}
