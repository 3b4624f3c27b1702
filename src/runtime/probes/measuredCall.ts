// Runtime: the stand-in that most probes put before a function: call the original, then record one event of an
// amount that the call's arguments and result tell.

import type { Faults } from "../faults.ts";
import { Patches } from "../patch.ts";
import type { Meter, Operation } from "../sampling/meter.ts";

/** Amount of one call; 0 records nothing. Must not call into user code. */
export type AmountOf = (self: unknown, args: IArguments, result: unknown) => number;

/** Above 0 inside a call that counts what it calls itself. Shared by all wrappers of one category. */
export interface Gate {
  depth: number;
}

export interface Measured {
  readonly operation: Operation;
  readonly amount: AmountOf;
  /** The original calls other measured functions synchronously, which then count nothing. */
  readonly nests?: boolean;
}

export class CallMeter {
  private readonly patches = new Patches();
  private active = true;

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

  /** For objects that come and go: `stop` only turns their wrappers off, so that nothing is kept of them. */
  measurePassing<T extends object>(
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    measured: Measured,
  ): void {
    if (this.active) this.wrap(new Patches(), target, keys, measured);
  }

  private wrap<T extends object>(
    patches: Patches,
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    measured: Measured,
  ): void {
    const { operation, amount, nests } = measured;
    const { gate, meter, faults, name } = this;
    const calls = this;
    patches.replace(target, keys, (original) => {
      // Methods, unlike functions, have no `prototype` and cannot be constructed: as built-ins are.
      const { plain, nesting } = {
        plain(this: unknown): unknown {
          const result = Reflect.apply(original, this, arguments);
          if (calls.active && gate.depth === 0) settle(this, arguments, result);
          return result;
        },
        nesting(this: unknown): unknown {
          if (!calls.active || gate.depth > 0) return Reflect.apply(original, this, arguments);
          gate.depth++;
          let result: unknown;
          try {
            result = Reflect.apply(original, this, arguments);
          } finally {
            gate.depth--;
          }
          settle(this, arguments, result);
          return result;
        },
      };
      const standIn = nests === true ? nesting : plain;
      function settle(self: unknown, args: IArguments, result: unknown): void {
        try {
          const value = amount(self, args, result);
          if (value > 0) meter.record(operation, value, standIn);
        } catch (error) {
          faults.add(name, error);
        }
      }
      return standIn;
    });
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }
}
