// Runtime: how long jobs wait for a thread of libuv's pool, and whose jobs had the threads meanwhile: worked out by a model
// of the pool from the jobs that are seen; a small job of our own, now and then, tells whether there are others.

import { fill } from "../../../../protocol/fill.ts";
import { NOTICES } from "../../../../protocol/notices.ts";
import type { PoolFigures } from "../../../../protocol/window.ts";
import { RestingPatches } from "../../../restingPatches.ts";
import type { Meter } from "../../../sampling/meter.ts";
import type { Operation } from "../../../sampling/operations.ts";
import { PoissonSampler } from "../../../sampling/poissonSampler.ts";
import { BackgroundOperations, isBackground, waiter } from "../../locks/background.ts";
import type { Probe, ProbeContext, WindowDraft } from "../../probe.ts";
import { whenAsked } from "../../whenAsked.ts";
import { watchCrypto, watchLookups, watchZlib } from "./callbackJobs.ts";
import { fileBinding, type JobWatch, watchFileJobs } from "./fileJobs.ts";
import { PoolCheck } from "./poolCheck.ts";
import { type PoolJob, PoolModel } from "./poolModel.ts";

const NAME = "locks.thread-pool";
const DEFAULT_SIZE = 4;
const MAX_SIZE = 1_024;
/** zlib forgets a job when its stream is destroyed; nobody waits that long for a thread. */
const FORGOTTEN_MILLIS = 30_000;

// Our own, taken before the user's code (or its fake timers) can replace it.
const now = performance.now.bind(performance);

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
type AnyFunction = Function;
interface Chosen {
  readonly stack: number;
  readonly weight: number;
}
const NOT_CHOSEN: Chosen = { stack: 0, weight: 0 };

export class PoolWaitsProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new RestingPatches();
  private readonly cancels: (() => void)[] = [];
  private watch: Watch | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const watch = new Watch(context);
    this.watch = watch;
    const { patches } = this;
    const binding = fileBinding();
    if (typeof binding === "string") {
      context.notice({
        code: "probe-unavailable",
        severity: "info",
        text: fill(NOTICES.fileJobs, binding),
      });
    } else watchFileJobs(binding, patches, watch);
    watchLookups(patches, watch.slow);
    this.cancels.push(
      whenAsked(NAME, context, ["crypto"], () => watchCrypto(patches, watch)),
      whenAsked(NAME, context, ["zlib"], () => watchZlib(patches, watch)),
    );
  }

  collect(window: WindowDraft): void {
    const figures = this.watch?.take() ?? null;
    if (figures !== null) window.pool = figures;
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.watch?.stop();
    this.patches.restore();
  }
}

class Watch implements JobWatch<PoolJob> {
  /** Of look-ups, which get half of the threads. */
  readonly slow: JobWatch<PoolJob>;
  private stopped = false;
  private model: PoolModel | null = null;
  private check: PoolCheck | null = null;
  private readonly meter: Meter;
  /** One for each kind of job, made when the first of it waits: lines that hand in different ones are told apart exactly. */
  private readonly operations = new Map<string, Operation>();
  private readonly background: BackgroundOperations;
  private readonly sampler: PoissonSampler;
  private readonly perWindow: number;
  /** Jobs that one call of the user's hands in one after the other share its stack. */
  private readonly owners = new WeakMap<object, Chosen>();

  constructor(private readonly context: ProbeContext) {
    this.meter = context.meter;
    this.background = new BackgroundOperations(context.meter);
    const { stacksPerSecond, windowMillis } = context.options;
    this.perWindow = Math.max(1, Math.round((stacksPerSecond * windowMillis) / 1000));
    this.sampler = new PoissonSampler(this.perWindow);
    const fast = this;
    this.slow = {
      get active() {
        return fast.active;
      },
      submit: (above, owner, name) => this.guarded(() => this.handIn(above, owner, name, true)),
      done: (job) => this.done(job),
    };
  }

  get active(): boolean {
    return !this.stopped && this.meter.quiet === 0;
  }

  submit(above: AnyFunction, owner: object | null, name: string): PoolJob | null {
    return this.guarded(() => this.handIn(above, owner, name, false));
  }

  done(job: PoolJob): void {
    this.guarded(() => {
      if (this.stopped || this.model === null) return;
      for (const waited of this.model.done(job, now())) this.settle(waited, this.model);
    });
  }

  /** Null where nothing was handed in. */
  take(): PoolFigures | null {
    const { model } = this;
    this.sampler.endWindow(this.perWindow);
    if (model === null) return null;
    const old = now() - FORGOTTEN_MILLIS;
    model.forget(old);
    const { jobs, busyMillis, saturatedMillis } = model.take(now());
    const checked = this.check?.take() ?? [0, 0, 0];
    if (jobs === 0 && busyMillis === 0) return null;
    return [model.size, jobs, busyMillis * 1000, saturatedMillis * 1000, ...checked];
  }

  stop(): void {
    this.stopped = true;
    this.check?.stop();
  }

  private handIn(above: AnyFunction, owner: object | null, name: string, slow: boolean): PoolJob {
    const model = this.begin();
    const { stack, weight } = this.choose(above, owner);
    return model.submit(now(), slow, stack, weight, name, false, waiter());
  }

  private begin(): PoolModel {
    if (this.model !== null) return this.model;
    // As libuv reads it when the first job comes.
    const wanted = Number.parseInt(process.env.UV_THREADPOOL_SIZE ?? "", 10);
    const size = Number.isNaN(wanted) ? DEFAULT_SIZE : Math.max(1, Math.min(MAX_SIZE, wanted));
    const model = new PoolModel(size);
    this.model = model;
    this.check = new PoolCheck(model, this.context);
    return model;
  }

  private choose(above: AnyFunction, owner: object | null): Chosen {
    const known = owner === null ? undefined : this.owners.get(owner);
    if (known !== undefined) return known;
    const weight = this.sampler.take(1);
    const chosen = weight === 0 ? NOT_CHOSEN : { stack: this.meter.stacks.capture(above), weight };
    if (owner !== null) this.owners.set(owner, chosen);
    return chosen;
  }

  private settle(job: PoolJob, model: PoolModel): void {
    const micros = (job.started - job.submitted) * 1000;
    if (micros <= 0 || job.own) return;
    const seen = this.operationOf(job.name);
    const operation = isBackground(job.request) ? this.background.of(seen) : seen;
    if (job.weight === 0) {
      this.meter.settle(operation, micros, null);
      return;
    }
    const { stack, weight, queue } = job;
    const detail = { key: "", queue, releaser: 0 };
    this.meter.settle(operation, micros, { stack, weight, detail }, model.holderOf(job));
  }

  private operationOf(name: string): Operation {
    const known = this.operations.get(name);
    if (known !== undefined) return known;
    const operation = this.meter.operation("pool wait", `libuv thread pool (${name})`, "inferred");
    this.operations.set(name, operation);
    return operation;
  }

  private guarded<T>(action: () => T): T | null {
    return this.context.faults.guard<T | null>(NAME, null, action);
  }
}
