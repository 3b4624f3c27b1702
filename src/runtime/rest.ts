// Runtime: a thread's rest: all that costs the server something is taken away, and put back when it ends. What happened
// meanwhile is told by nobody: a spell begins with a clean slate.

import type { Faults } from "./faults.ts";
import type { Probe } from "./probes/probe.ts";
import { RestingPatches } from "./restingPatches.ts";
import type { Meter } from "./sampling/meter.ts";

// Our own, before the user's code (or its fake timers) can replace them.
const { setTimeout, clearTimeout } = globalThis;

/** So long before its end, requests' beginnings are noted: of those that end later it is known how long they took. */
const LEAD_MILLIS = 5_000;
/** Before that it is looked for so long what requests cost. */
const PLAIN_MILLIS = 10_000;

/** What of a thread takes part. */
export interface Sleeper {
  readonly meter: Meter;
  readonly faults: Faults;
  readonly probes: readonly Probe[];
  /** Collects and throws away what was counted since the last window. */
  forget(): void;
  /** What the user's code has replaced in the rest, as `Buffer.concat`: ours does not stand there any more. */
  replaced(names: readonly string[]): void;
  /** The rest is over. `early`: nobody meant it to be. */
  awake(early: boolean): void;
}

/** This thread's, while it lasts. */
let current: Rest | null = null;

/** To be called before something is patched: on top of what is taken away it would stand in its place. */
export function endRest(): void {
  current?.end(true);
}

export class Rest {
  private alarm: NodeJS.Timeout | undefined;
  private lead: NodeJS.Timeout | undefined;
  private plain: NodeJS.Timeout | undefined;

  private constructor(private readonly sleeper: Sleeper) {}

  /** So long from now on. */
  last(millis: number): void {
    this.clearTimers();
    const lead = millis - Math.min(LEAD_MILLIS, millis / 2);
    this.alarm = setTimeout(() => this.end(), millis).unref();
    this.lead = setTimeout(() => this.endsSoon(), lead).unref();
    this.plain = setTimeout(() => this.lookPlainly(), lead - Math.min(PLAIN_MILLIS, lead / 2)).unref();
  }

  /** To be called right after a window was cut. */
  static begin(sleeper: Sleeper, millis: number): Rest {
    const { meter, faults, probes } = sleeper;
    meter.quiet++;
    meter.resting = true;
    for (const probe of [...probes]) faults.guard(probe.name, undefined, () => probe.rest?.());
    faults.guard("rest", undefined, () => RestingPatches.rest());
    current = new Rest(sleeper);
    current.last(millis);
    return current;
  }

  private clearTimers(): void {
    clearTimeout(this.alarm);
    clearTimeout(this.lead);
    clearTimeout(this.plain);
  }

  private lookPlainly(): void {
    const { faults, probes } = this.sleeper;
    for (const probe of [...probes]) faults.guard(probe.name, undefined, () => probe.lookPlainly?.());
  }

  private endsSoon(): void {
    const { faults, probes } = this.sleeper;
    for (const probe of [...probes]) faults.guard(probe.name, undefined, () => probe.beforeResume?.());
  }

  /** By a timer, or within a call of the user's: nothing of it may throw. */
  end(early = false): void {
    if (current !== this) return;
    const { faults, probes } = this.sleeper;
    const names = faults.guard("rest", [], () => RestingPatches.resume());
    if (names.length > 0) faults.guard("rest", undefined, () => this.sleeper.replaced(names));
    faults.guard("rest", undefined, () => this.sleeper.forget());
    for (const probe of [...probes]) faults.guard(probe.name, undefined, () => probe.resume?.());
    this.cancel();
    faults.guard("rest", undefined, () => this.sleeper.awake(early));
  }

  /** Without putting anything back: the thread is measured no more. */
  cancel(): void {
    if (current !== this) return;
    current = null;
    this.clearTimers();
    const { meter } = this.sleeper;
    meter.resting = false;
    meter.quiet--;
  }
}
