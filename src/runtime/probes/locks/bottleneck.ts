// Runtime: waits for a place of a `bottleneck` limiter (2.x) with `maxConcurrent`. A job's own steps are followed:
// received, run (it has its place, by which the rate counts), executed, done or dropped.

import type { LoadedModule } from "../../moduleWatch.ts";
import { type Waiter, waiter } from "./background.ts";
import type { AnyFunction, Contention, Entry, Turn } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";
import { PlaceClock } from "./placeClock.ts";

interface Limiter {
  readonly id?: unknown;
  readonly _store?: {
    /** Nobody starts before, milliseconds since the epoch. */
    readonly _nextRequest?: number;
    readonly storeOptions?: { readonly maxConcurrent?: number | null; readonly reservoir?: number | null };
  };
  queued(): number;
}
interface Job {
  readonly options: { readonly weight: number };
  readonly Events: { readonly instance: Limiter };
  readonly retryCount: number;
}
/** Of one limiter. */
interface State {
  most: number;
  clock: PlaceClock;
  /** Jobs that were received and have not ended: all of them take part in who has to wait. */
  open: number;
  /** Stack of who let the next in, 0 when unknown. */
  holder: number;
}
/** Of one job of a limiter with `maxConcurrent`. */
interface Place {
  readonly state: State;
  readonly turn: Turn | null;
  readonly request: Waiter;
  readonly weight: number;
  /** The limiter's clock when it began to wait; below 0: it does not. */
  since: number;
  executes: boolean;
}

const STEPS = ["doReceive", "doExecute", "doDone", "doDrop"] as const;
type JobMethods = Record<(typeof STEPS)[number], AnyFunction>;
type LimiterMethods = Record<"_run" | "queued", AnyFunction>;

/** What a `Bottleneck.Group` puts before its keys when it has no id of its own, and a limiter's own default. */
const NO_NAME = /^(?:group-key-|<no-id>$)/;

export class BottleneckProbe extends LibraryProbe {
  private readonly states = new WeakMap<object, State>();
  private readonly places = new WeakMap<object, Place>();
  private understood = false;

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule, library: string): void {
    if (file === "lib/Job.js") {
      const job = this.fresh<JobMethods>(exported);
      if (job === null) return;
      this.understood = STEPS.every((step) => typeof job[step] === "function");
      if (this.understood) this.patchJob(contention, job);
    } else if (file === "lib/Bottleneck.js") {
      const limiter = this.fresh<LimiterMethods>(exported);
      if (limiter === null) return;
      this.understood &&= typeof limiter._run === "function" && typeof limiter.queued === "function";
      if (this.understood) this.patchRun(contention, limiter);
    } else if (file !== "lib/index.js" || member(exported, "prototype") === undefined) return;
    else if (!this.understood) this.notUnderstood(contention, library);
  }

  private patchJob(contention: Contention, job: JobMethods): void {
    const entry: { operation: Entry["operation"]; above: AnyFunction } = {
      operation: contention.meter.operation("wait", "Bottleneck.schedule"),
      above: job.doReceive,
    };
    this.step(contention, job, "doReceive", (one, above) => {
      entry.above = above;
      this.received(contention, entry, one);
    });
    this.step(contention, job, "doExecute", (one) => {
      const place = this.places.get(one);
      if (place === undefined || place.executes) return;
      this.started(contention, entry, place);
      place.executes = true;
    });
    this.step(contention, job, "doDone", (one) => this.ended(one));
    this.step(contention, job, "doDrop", (one) => {
      const place = this.places.get(one);
      if (place !== undefined) this.started(contention, entry, place, false);
      this.ended(one);
    });
  }

  private step(
    contention: Contention,
    job: JobMethods,
    name: (typeof STEPS)[number],
    follow: (job: Job, above: AnyFunction) => void,
  ): void {
    this.patches.replace(job, [name], (original) => {
      const { step } = {
        step(this: Job): unknown {
          if (contention.active) {
            try {
              follow(this, step);
            } catch (error) {
              contention.fault(error);
            }
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return step;
    });
  }

  /** A job has its place, and may have to wait for its rate. */
  private patchRun(contention: Contention, limiter: LimiterMethods): void {
    const probe = this;
    this.patches.replace(limiter, ["_run"], (original) => {
      const { _run } = {
        _run(this: Limiter): unknown {
          try {
            const place = contention.active ? probe.places.get(arguments[1] as object) : undefined;
            if (place !== undefined && !place.executes) probe.placed(contention, this, place);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return _run;
    });
  }

  private received(contention: Contention, entry: Entry, job: Job): void {
    const limiter = job.Events.instance;
    const most = limiter._store?.storeOptions?.maxConcurrent;
    if (!contention.watching || typeof most !== "number") return;
    const state = this.stateOf(limiter, most);
    const { weight } = job.options;
    const turn = contention.begin(entry, state, most);
    const waits = state.open + weight > most;
    const now = contention.now();
    if (waits && turn !== null) {
      const id = typeof limiter.id === "string" ? limiter.id.replace(NO_NAME, "") : "";
      contention.tell(turn, limiter.queued() + 1, id);
    }
    this.places.set(job, {
      state,
      turn,
      request: waits ? waiter() : undefined,
      weight,
      since: waits ? state.clock.read(now) : -1,
      executes: false,
    });
    state.open += weight;
  }

  private stateOf(limiter: object, most: number): State {
    const known = this.states.get(limiter);
    if (known !== undefined && known.most === most) return known;
    const state: State = { most, clock: new PlaceClock(), open: 0, holder: 0 };
    this.states.set(limiter, state);
    return state;
  }

  private placed(contention: Contention, { _store }: Limiter, { state }: Place): void {
    const reservoir = _store?.storeOptions?.reservoir;
    const now = contention.now();
    // The library's own clock is `Date.now`.
    const rest = typeof _store?._nextRequest === "number" ? _store._nextRequest - Date.now() : 0;
    state.clock.taken(now, now + rest, typeof reservoir === "number" && reservoir < 1);
  }

  /** Its wait is over: it has a place, or was dropped. */
  private started(contention: Contention, { operation }: Entry, place: Place, letIn = true): void {
    const { state, since } = place;
    if (since < 0) return;
    place.since = -1;
    const waited = state.clock.read(contention.now()) - since;
    // Each end lets one in.
    const holder = letIn ? state.holder : 0;
    if (letIn) state.holder = 0;
    if (waited <= 0) return;
    contention.settle(operation, { ...place, start: contention.now() - waited }, holder, {
      waitedMillis: waited,
    });
  }

  private ended(job: object): void {
    const place = this.places.get(job);
    if (place === undefined) return;
    this.places.delete(job);
    const { state, turn, weight, executes } = place;
    state.open -= weight;
    if (!executes) return;
    state.holder = turn?.stack ?? 0;
  }
}
