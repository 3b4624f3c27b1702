// Runtime: the stand-in that most probes put before a function: call the original, then record one event of an
// amount that the call's arguments and result tell.

import type { Faults } from "../faults.ts";
import { Patches } from "../patch.ts";
import { RestingPatches } from "../restingPatches.ts";
import type { Meter } from "../sampling/meter.ts";
import type { Operation } from "../sampling/operations.ts";
import { copyTraces } from "./copies/copyTrace.ts";
import type { Flow } from "./copies/flow.ts";
import { copiesGate } from "./copies/gate.ts";
import {
  freshStandIn,
  nestingStandIn,
  plainStandIn,
  type StandInParts,
  sharedStandIn,
  timedStandIn,
} from "./standIn.ts";

/** Amount of one call; 0 records nothing. Must not call into user code. */
export type AmountOf = (self: unknown, args: IArguments, result: unknown) => number;

/** Above 0 inside a call that counts what it calls itself. Shared by all wrappers of one category. */
export interface Gate {
  depth: number;
}

export interface Measured {
  /** Of each call, or told by its arguments. */
  readonly operation: Operation | ((args: IArguments) => Operation);
  readonly amount: AmountOf;
  /** Priced by the time that it takes: the operation of its calls, which is one. */
  readonly timed?: Operation;
  /** The original calls other measured functions synchronously, which then count nothing. */
  readonly nests?: boolean;
  /** Of a copy: where its result is; returned, if it is not said. */
  readonly flow?: Flow;
  /** Further objects that hold the same function by the same key, and are to hold the same stand-in. */
  readonly twins?: readonly object[];
}

export class CallMeter {
  private readonly patches = new RestingPatches();
  /** Constructors: which one an object has must not change with the rests. */
  private readonly kept = new Patches();
  /** False: stand-ins pass straight through. */
  active = true;
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly meter: Meter,
    private readonly faults: Faults,
    private readonly gate: Gate,
  ) {}

  measure<T extends object>(
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    measured: Measured,
  ): void {
    this.wrap(this.patches, target, keys, measured);
  }

  /** @param made called with each object that it has made, and the function above which a stack begins */
  construct(
    holder: object,
    key: string,
    made: (result: object, standIn: Parameters<Meter["record"]>[2]) => void,
  ): void {
    const { faults, name } = this;
    this.kept.construct(holder, key, (result, standIn) => {
      if (this.active && this.gate.depth === 0) faults.guard(name, undefined, () => made(result, standIn));
    });
  }

  /** For objects that come and go: `stop` only turns their wrappers off, so that nothing is kept of them. */
  measurePassing<T extends object>(
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    measured: Measured,
  ): void {
    if (!this.stopped) this.wrap(new Patches(), target, keys, measured);
  }

  isOurs(value: unknown): boolean {
    return this.patches.isOurs(value);
  }

  private wrap<T extends object>(
    patches: Patches,
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    measured: Measured,
  ): void {
    const { amount, timed, nests } = measured;
    const { gate, meter, faults, name } = this;
    const record = this.recorderOf(measured);
    const standIn = (original: StandInParts["original"]) => {
      const failed = (error: unknown) => faults.add(name, error);
      const parts: StandInParts = {
        original,
        apply: Reflect.apply,
        calls: this,
        gate,
        amount,
        record,
        failed,
      };
      if (timed === undefined) return freshStandIn(nests === true ? nestingStandIn : plainStandIn, parts);
      const time = (value: number, micros: number) => meter.time(timed, value, micros);
      return freshStandIn(timedStandIn, {
        ...parts,
        nested: nests === true ? 1 : 0,
        times: meter.timesOf(timed),
        time,
      });
    };
    patches.replace(target, keys, standIn, measured.twins);
  }

  private recorderOf({ operation, flow = "returned" }: Measured): StandInParts["record"] {
    const { meter } = this;
    if (this.gate !== copiesGate)
      return typeof operation === "function"
        ? (value, standIn, args) => meter.record(operation(args), value, standIn)
        : (value, standIn) => meter.record(operation, value, standIn);
    const copied = (
      of: Operation,
      ...[value, standIn, args, self, result]: Parameters<StandInParts["record"]>
    ) => copyTraces.copied(meter, of, value, standIn, flow, self, args, result);
    return typeof operation === "function"
      ? (value, standIn, args, self, result) => {
          const of = operation(args);
          meter.record(of, value, standIn);
          if (copyTraces.active > 0) copied(of, value, standIn, args, self, result);
        }
      : (value, standIn, args, self, result) => {
          meter.record(operation, value, standIn);
          if (copyTraces.active > 0) copied(operation, value, standIn, args, self, result);
        };
  }

  stop(): void {
    this.active = false;
    this.stopped = true;
    this.patches.restore();
    this.kept.restore();
  }
}

// Our own, taken before the user's code (or its fake timers) can replace it.
const now = performance.now.bind(performance);

/** For calls that count also when they throw: long ones, so that one literal does for all. */
export class TimedCalls {
  private readonly patches = new RestingPatches();
  active = true;

  constructor(
    private readonly name: string,
    private readonly meter: Meter,
    private readonly faults: Faults,
    private readonly gate: Gate,
  ) {}

  /** @param amount of one call, that took so many microseconds: these by default */
  measure(
    target: Record<string, unknown>,
    key: string,
    operation: () => Operation,
    amount: (micros: number) => number = (micros) => micros,
  ): void {
    const { gate, meter, faults, name } = this;
    this.patches.replace(target, [key], (original) =>
      sharedStandIn({
        original,
        apply: Reflect.apply,
        calls: this,
        gate,
        now,
        record: (micros, standIn) => {
          if (meter.quiet === 0) meter.record(operation(), amount(micros), standIn);
        },
        failed: (error) => faults.add(name, error),
      }),
    );
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }
}
